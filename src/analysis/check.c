/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - one run of the catalogue: every rule in turn, then suppression, grouping and order.
 */
#include "config.h"

#include "rules.h"

#include <string.h>

#include "rutter/mem.h"

struct rt_check *rt_check_new(const struct rt_check_in *in)
{
	struct rt_check *c = rt_xcalloc(1, sizeof(*c));

	c->in = *in;
	c->an = in->an;
	c->store = in->an->store;
	return c;
}

void rt_check_free(struct rt_check *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->mapped.len; i++) {
		rt_map_done(&c->mapped.v[i]->related);
		rt_map_done(&c->mapped.v[i]->said);
	}
	for (size_t k = 0; k < RT_KIND_COUNT; k++)
		rt_map_done(&c->names[k]);
	rt_map_done(&c->certificates);
	rt_map_done(&c->control_planes);
	rt_map_done(&c->data_planes);
	rt_arena_done(&c->work);
	rt_arena_done(&c->arena);
	free(c);
}

/* The order of the report: severity, certain first, object, field in document order, code. */
static int finding_cmp(const struct rt_finding *a, const struct rt_finding *b)
{
	const struct rt_finding_info *ia = rt_finding_info(a->code), *ib = rt_finding_info(b->code);
	int d;

	if (ia->severity != ib->severity)
		return ia->severity < ib->severity ? -1 : 1;
	if (a->certain != b->certain)
		return a->certain ? -1 : 1;
	d = rt_ref_cmp(&a->object, &b->object);
	if (d == 0)
		d = rt_field_cmp(a->field, b->field);
	if (d == 0)
		d = strcmp(ia->code, ib->code);
	return d ? d : strcmp(a->message, b->message);
}

static int cmp_findings(const void *a, const void *b)
{
	return finding_cmp(*(struct rt_finding *const *)a, *(struct rt_finding *const *)b);
}

/* Same code, object and target: the first place stays, the others become evidence. Expects the
 * findings in order. */
static void merge_groups(struct rt_check *c)
{
	struct rt_map first = {0};
	size_t kept = 0;

	for (size_t i = 0; i < c->raised.len; i++) {
		struct rt_finding *f = c->raised.v[i], *head = NULL;
		const char *key = NULL;

		if (f->note->group) {
			key = rt_fmt(c, "%u\x1f%d\x1f%s\x1f%s", (unsigned)f->code, f->certain,
			    rt_ref_name(c, f->object), f->note->group);
			head = rt_map_get(&first, key);
		}
		if (!head) {
			if (key)
				rt_map_set(&first, key, f);
			c->raised.v[kept++] = f;
			continue;
		}
		if (rt_field_cmp(f->field, head->field) != 0)
			rt_because(head, "also %s", f->field ? f->field : f->message);
		for (size_t k = 0; k < f->because.len; k++)
			rt_because(head, "%s", f->because.v[k]);
		for (size_t k = 0; k < f->related.len; k++)
			rt_relate(head, f->related.v[k]);
	}
	c->raised.len = kept;
	rt_map_done(&first);
}

void rt_tally_count(struct rt_tally *t, const struct rt_finding *f)
{
	if (f->certain)
		t->by_severity[rt_finding_info(f->code)->severity]++;
	else
		t->unknown++;
}

static void tally(struct rt_findings *all)
{
	all->tally = (struct rt_tally){0};
	for (size_t i = 0; i < all->len; i++)
		rt_tally_count(&all->tally, all->v[i]);
}

static void sort(struct rt_check *c)
{
	rt_vec_sort(&c->raised, cmp_findings);
}

static void conclude(struct rt_check *c)
{
	c->result.v = (const struct rt_finding *const *)c->raised.v;
	c->result.len = c->raised.len;
	tally(&c->result);
	c->done = true;
}

/* What comes after the last rule, each in a step of its own. */
static void (*const endings[])(struct rt_check *c) = {sort, rt_suppress, merge_groups, conclude};

size_t rt_rule_slice(struct rt_check *c, size_t count, size_t some)
{
	c->more = count - c->at > some;
	return c->more ? c->at + some : count;
}

bool rt_check_step(struct rt_check *c)
{
	if (c->done)
		return false;
	c->more = false;
	if (c->next < RT_CODE_COUNT)
		rt_finding_info((enum rt_code)c->next)->check(c);
	else
		endings[c->next - RT_CODE_COUNT](c);
	rt_arena_reset(&c->work);
	if (!c->more) {
		c->next++;
		c->at = 0;
	}
	return !c->done;
}

const struct rt_findings *rt_check_result(const struct rt_check *c)
{
	return &c->result;
}

/* ---------------------------------------------------------------- order */

/* Members as the API documents list them; what is not here comes after, by name. */
static const char *const member_order[] = {"apiVersion", "kind", "metadata", "name", "namespace",
    "labels", "annotations", "spec", "status", "gatewayClassName", "controllerName",
    "ingressClassName", "parentRef", "parentRefs", "targetRefs", "group", "sectionName", "hostname",
    "host", "hostnames", "hosts", "port", "ports", "protocol", "defaultBackend", "tls", "rules",
    "matches", "path", "headers", "queryParams", "method", "filters", "backendRefs", "listeners",
    "addresses", "infrastructure"};

static int member_rank(const char *s, size_t len)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(member_order); i++)
		if (strlen(member_order[i]) == len && memcmp(member_order[i], s, len) == 0)
			return (int)i;
	return (int)RT_ARRAY_LEN(member_order);
}

static int cmp_index(const char **a, const char **b)
{
	char *ea, *eb;
	long na = strtol(*a + 1, &ea, 10), nb = strtol(*b + 1, &eb, 10);

	if (na != nb)
		return na < nb ? -1 : 1;
	*a = ea + (*ea == ']');
	*b = eb + (*eb == ']');
	return 0;
}

static int cmp_member(const char **a, const char **b)
{
	size_t la = strcspn(*a, ".["), lb = strcspn(*b, ".["), n = la < lb ? la : lb;
	int ra = member_rank(*a, la), rb = member_rank(*b, lb);
	int d = ra != rb ? ra - rb : memcmp(*a, *b, n);

	if (d == 0 && la != lb)
		d = la < lb ? -1 : 1;
	*a += la;
	*b += lb;
	return d;
}

static bool at_index(const char *s)
{
	return s[0] == '[' && s[1] >= '0' && s[1] <= '9';
}

int rt_field_cmp(const char *a, const char *b)
{
	int d = 0;

	if (!a || !b)
		return (a != NULL) - (b != NULL);
	while (d == 0 && *a && *b) {
		if (at_index(a) && at_index(b))
			d = cmp_index(&a, &b);
		else if (*a == '.' && *b == '.')
			a++, b++;
		else if (*a == '[' || *b == '[')
			return strcmp(a, b);
		else
			d = cmp_member(&a, &b);
	}
	return d ? d : (*a != '\0') - (*b != '\0');
}

/* ---------------------------------------------------------------- what is shown */

static bool in_namespaces(const struct rt_finding_filter *by, const char *ns)
{
	for (size_t i = 0; ns && i < by->namespace_count; i++)
		if (strcmp(by->namespaces[i], ns) == 0)
			return true;
	return false;
}

static bool passes(const struct rt_finding *f, const struct rt_finding_filter *by)
{
	bool here = by->namespace_count == 0 || in_namespaces(by, f->object.ns);

	for (size_t i = 0; !here && i < f->related.len; i++)
		here = in_namespaces(by, f->related.v[i].ns);
	if (!here || !by->labels)
		return here;
	return f->obj && rt_selector_match(by->labels, f->obj->labels);
}

typedef RT_VEC(const struct rt_finding *) picked;

static struct rt_findings as_findings(const picked *p)
{
	struct rt_findings ret = {.v = p->v, .len = p->len};

	tally(&ret);
	return ret;
}

struct rt_findings rt_findings_filter(
    struct rt_arena *a, const struct rt_findings *all, const struct rt_finding_filter *by)
{
	picked p = {0};

	for (size_t i = 0; i < all->len; i++)
		if (passes(all->v[i], by))
			rt_vec_push(&p, a, all->v[i]);
	return as_findings(&p);
}

/* ---------------------------------------------------------------- copies */

static struct rt_ref copy_ref(struct rt_arena *a, struct rt_ref r)
{
	return (struct rt_ref){rt_arena_strdup(a, r.group), rt_arena_strdup(a, r.kind),
	    rt_arena_strdup(a, r.ns), rt_arena_strdup(a, r.name)};
}

static const struct rt_finding *copy(struct rt_arena *a, const struct rt_finding *f)
{
	struct rt_finding *c = rt_arena_new(a, struct rt_finding);

	*c = (struct rt_finding){.code = f->code, .certain = f->certain, .origin = f->origin};
	c->object = copy_ref(a, f->object);
	c->field = rt_arena_strdup(a, f->field);
	c->message = rt_arena_strdup(a, f->message);
	c->fix = rt_arena_strdup(a, f->fix);
	c->fix_manifest = rt_arena_strdup(a, f->fix_manifest);
	c->origin.file = rt_arena_strdup(a, f->origin.file);
	for (size_t i = 0; i < f->because.len; i++)
		rt_vec_push(&c->because, a, rt_arena_strdup(a, f->because.v[i]));
	for (size_t i = 0; i < f->related.len; i++)
		rt_vec_push(&c->related, a, copy_ref(a, f->related.v[i]));
	return c;
}

struct rt_findings rt_findings_copy(struct rt_arena *a, const struct rt_findings *all)
{
	picked p = {0};

	for (size_t i = 0; i < all->len; i++)
		rt_vec_push(&p, a, copy(a, all->v[i]));
	return as_findings(&p);
}

/* ---------------------------------------------------------------- overlay */

static const char *identity(struct rt_arena *a, const struct rt_finding *f, bool by_field)
{
	return rt_arena_printf(a, "%u\x1f%d\x1f%s\x1f%s", (unsigned)f->code, f->certain,
	    rt_ref_text(a, f->object), by_field ? (f->field ? f->field : "") : f->message);
}

/* First by place, then, since rules may have moved, by what is said. */
static bool new_echo(const struct rt_findings *before, const struct rt_finding *f)
{
	if (rt_finding_info(f->code)->evidence != RT_EV_ECHO || (f->obj && f->origin.overlay))
		return false;
	for (size_t i = 0; i < before->len; i++)
		if (before->v[i]->code == f->code &&
		    rt_ref_cmp(&before->v[i]->object, &f->object) == 0)
			return false;
	return true;
}

struct rt_findings rt_findings_without_new_echoes(
    struct rt_arena *a, const struct rt_findings *before, const struct rt_findings *after)
{
	picked left = {0};

	for (size_t i = 0; i < after->len; i++)
		if (!new_echo(before, after->v[i]))
			rt_vec_push(&left, a, after->v[i]);
	return as_findings(&left);
}

struct rt_findings_change rt_findings_compare(
    struct rt_arena *a, const struct rt_findings *before, const struct rt_findings *after)
{
	picked introduced = {0}, mended = {0}, unchanged = {0};
	bool *gone = rt_arena_calloc(a, before->len + 1, sizeof(*gone));
	bool *known = rt_arena_calloc(a, after->len + 1, sizeof(*known));

	for (int by_field = 1; by_field >= 0; by_field--) {
		struct rt_map m = {0};

		for (size_t i = before->len; i-- > 0;)
			if (!gone[i])
				rt_map_set(&m, identity(a, before->v[i], by_field), &gone[i]);
		for (size_t i = 0; i < after->len; i++) {
			bool *was =
			    known[i] ? NULL : rt_map_remove(&m, identity(a, after->v[i], by_field));

			if (was)
				*was = known[i] = true;
		}
		rt_map_done(&m);
	}
	for (size_t i = 0; i < before->len; i++)
		if (!gone[i])
			rt_vec_push(&mended, a, before->v[i]);
	for (size_t i = 0; i < after->len; i++)
		if (known[i])
			rt_vec_push(&unchanged, a, after->v[i]);
		else
			rt_vec_push(&introduced, a, after->v[i]);
	return (struct rt_findings_change){
	    as_findings(&introduced), as_findings(&mended), as_findings(&unchanged)};
}
