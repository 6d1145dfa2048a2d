/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raise.c - raising findings: the sink that rules write to.
 * Every text is cleaned here, once, because names and messages come from files and clusters.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>
#include <strings.h>

#include "rutter/buf.h"
#include "rutter/json.h"
#include "rutter/map.h"
#include "rutter/utf8.h"

#define MESSAGE_COLS 160
#define BECAUSE_COLS 400

static const char *cleaned(struct rt_arena *a, const char *text, size_t cols)
{
	struct rt_buf b = {0};
	const char *ret;

	rt_clean_cut(&b, text, cols, false);
	ret = rt_arena_strdup(a, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

static const char *cleaned_vprintf(struct rt_arena *a, size_t cols, const char *fmt, va_list ap)
    RT_PRINTF(3, 0);
static const char *cleaned_vprintf(struct rt_arena *a, size_t cols, const char *fmt, va_list ap)
{
	struct rt_buf b = {0};
	const char *ret;

	rt_buf_vprintf(&b, fmt, ap);
	ret = cleaned(a, rt_buf_str(&b), cols);
	rt_buf_done(&b);
	return ret;
}

static struct rt_finding *raise(
    struct rt_check *c, enum rt_code code, bool certain, struct rt_ref object, const char *field)
{
	struct rt_finding *f = rt_arena_new(&c->arena, struct rt_finding);
	const char *name = rt_ref_name(c, object);

	f->note = rt_arena_new(&c->arena, struct rt_finding_note);
	f->note->check = c;
	f->code = code;
	f->certain = certain;
	f->object = object;
	f->field = field;
	f->message = rt_finding_info(code)->means;
	f->fix = rt_finding_info(code)->fix;
	rt_vec_push(&c->raised, &c->arena, f);
	rt_tie(f, RT_TIE_ALL, "");
	rt_tie(f, RT_TIE_OBJECT, name);
	rt_tie(f, RT_TIE_FIELD, rt_fmt(c, "%s %s", name, field ? field : ""));
	return f;
}

struct rt_finding *rt_raise(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_obj *obj, const char *field, ...)
{
	struct rt_finding *f;
	const char *path = NULL;
	va_list ap;

	if (holds == RT_NO)
		return NULL;
	if (field) {
		va_start(ap, field);
		path = cleaned_vprintf(&c->arena, BECAUSE_COLS, field, ap);
		va_end(ap);
	}
	f = raise(c, code, holds == RT_YES, rt_obj_ref(obj), path);
	f->obj = obj;
	f->origin = obj->origin;
	return f;
}

struct rt_finding *rt_raise_ref(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    struct rt_ref object, const char *field)
{
	if (holds == RT_NO)
		return NULL;
	return raise(c, code, holds == RT_YES, object,
	    field ? cleaned(&c->arena, field, BECAUSE_COLS) : NULL);
}

struct rt_ref rt_cluster_ref(const struct rt_check *c)
{
	return (struct rt_ref){"", "Cluster", NULL, rt_store_context(c->store)};
}

/* The longest head that ends before a "; " and fits; the consequence is what may go. */
static const char *fitting(struct rt_arena *a, const char *text)
{
	const char *ret = text;

	while (rt_str_width(ret) > MESSAGE_COLS) {
		const char *last = NULL;

		for (const char *q = strstr(ret, "; "); q; q = strstr(q + 1, "; "))
			last = q;
		if (!last)
			break;
		ret = rt_arena_strndup(a, ret, (size_t)(last - ret));
	}
	return ret;
}

/* Without the namespace of the finding's own object, which stands beside the message. */
static const char *without_namespace(struct rt_arena *a, const char *text, const char *ns)
{
	const char *prefix = rt_arena_printf(a, " %s/", ns ? ns : "");
	struct rt_buf b = {0};
	const char *ret;

	for (const char *p; ns && (p = strstr(text, prefix)) != NULL; text = p + strlen(prefix))
		rt_buf_printf(&b, "%.*s ", (int)(p - text), text);
	rt_buf_puts(&b, text);
	ret = rt_arena_strdup(a, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

void rt_say(struct rt_finding *f, const char *fmt, ...)
{
	struct rt_check *c;
	const char *text;
	va_list ap;

	if (!f)
		return;
	c = f->note->check;
	va_start(ap, fmt);
	text = rt_arena_vprintf(&c->work, fmt, ap);
	va_end(ap);
	if (rt_str_width(text) > MESSAGE_COLS)
		text = without_namespace(&c->work, text, f->object.ns);
	f->message = cleaned(&c->arena, fitting(&c->work, text), MESSAGE_COLS);
}

/* Up to here a look at each is cheaper than a map. */
#define FEW 16

/* A finding may concern every object of a cluster; what its maps hold is freed with the run. */
static void keep_map(struct rt_finding *f)
{
	if (!f->note->related.live && !f->note->said.live)
		rt_vec_push(&f->note->check->mapped, &f->note->check->arena, f->note);
}

static bool is_said(struct rt_finding *f, const char *line)
{
	struct rt_map *said = &f->note->said;

	if (f->because.len < FEW) {
		for (size_t i = 0; i < f->because.len; i++)
			if (strcmp(f->because.v[i], line) == 0)
				return true;
		return false;
	}
	keep_map(f);
	for (size_t i = 0; said->live == 0 && i < f->because.len; i++)
		rt_map_set(said, f->because.v[i], f);
	return rt_map_set(said, line, f) != NULL;
}

void rt_because(struct rt_finding *f, const char *fmt, ...)
{
	struct rt_arena *a;
	const char *line;
	va_list ap;

	if (!f)
		return;
	a = &f->note->check->arena;
	va_start(ap, fmt);
	line = cleaned_vprintf(a, BECAUSE_COLS, fmt, ap);
	va_end(ap);
	if (!is_said(f, line))
		rt_vec_push(&f->because, a, line);
}

void rt_advise(struct rt_finding *f, const char *fmt, ...)
{
	struct rt_check *c;
	const char *text;
	va_list ap;

	if (!f)
		return;
	c = f->note->check;
	va_start(ap, fmt);
	text = rt_arena_vprintf(&c->work, fmt, ap);
	va_end(ap);
	/* A sentence, unless it ends in a snippet to copy. */
	if (*text && !strchr("}.", text[strlen(text) - 1]))
		text = rt_fmt(c, "%s.", text);
	f->fix = cleaned(&c->arena, text, BECAUSE_COLS);
}

static bool note_related(struct rt_finding *f, const struct rt_ref *ref)
{
	const char *const parts[] = {ref->group, ref->kind, ref->ns, ref->name};

	return rt_map_set_parts(&f->note->related, RT_ARRAY_LEN(parts), parts, f) == NULL;
}

static bool is_unrelated(struct rt_finding *f, const struct rt_ref *ref)
{
	if (f->related.len < FEW) {
		for (size_t i = 0; i < f->related.len; i++)
			if (rt_ref_cmp(&f->related.v[i], ref) == 0)
				return false;
		return true;
	}
	keep_map(f);
	if (f->note->related.live == 0) {
		for (size_t i = 0; i < f->related.len; i++)
			(void)note_related(f, &f->related.v[i]);
	}
	return note_related(f, ref);
}

void rt_relate(struct rt_finding *f, struct rt_ref ref)
{
	if (f && rt_ref_cmp(&f->object, &ref) != 0 && is_unrelated(f, &ref))
		rt_vec_push(&f->related, &f->note->check->arena, ref);
}

void rt_relate_obj(struct rt_finding *f, const struct rt_obj *obj)
{
	if (f && obj)
		rt_relate(f, rt_obj_ref(obj));
}

/* More of one kind and namespace tell nothing more, and thousands of Services may share them. */
#define RELATED_PODS_MAX 100

void rt_relate_pods(struct rt_finding *f, const rt_pods *pods)
{
	for (size_t i = 0; i < pods->len && i < RELATED_PODS_MAX; i++)
		rt_relate_obj(f, &pods->v[i]->obj);
}

void rt_tie(struct rt_finding *f, enum rt_tie what, const char *key)
{
	struct rt_arena *a;

	if (!f || !key)
		return;
	a = &f->note->check->arena;
	rt_vec_push(&f->note->ties, a, (struct rt_tied){what, rt_arena_strdup(a, key)});
}

void rt_group(struct rt_finding *f, const char *fmt, ...)
{
	va_list ap;

	if (!f)
		return;
	va_start(ap, fmt);
	f->note->group = rt_arena_vprintf(&f->note->check->arena, fmt, ap);
	va_end(ap);
}

void rt_echo(struct rt_finding *f, const struct rt_condition *cond, const char *by)
{
	struct rt_check *c;

	if (!f)
		return;
	c = f->note->check;
	f->note->echo = cond;
	f->note->reported = rt_arena_printf(&c->arena, "reported: %s=%s%s%s%s%s", cond->type,
	    cond->status, cond->reason ? "/" : "", cond->reason ? cond->reason : "",
	    by ? " by " : "", by ? by : "");
	rt_because(f, "%s", f->note->reported);
}

/* ---------------------------------------------------------------- the ReferenceGrant to apply */

/* Plain where YAML cannot take it for anything else, quoted otherwise. */
static void put_scalar(struct rt_buf *b, const char *s)
{
	static const char *const words[] = {
	    "true", "false", "yes", "no", "on", "off", "null", "y", "n"};
	bool plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
	struct rt_buf q = {0};

	for (size_t i = 0; plain && s[i]; i++)
		plain = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.",
			    s[i]) != NULL;
	for (size_t i = 0; plain && i < RT_ARRAY_LEN(words); i++)
		plain = strcasecmp(s, words[i]) != 0;
	if (plain) {
		rt_buf_puts(b, s);
		return;
	}
	rt_json_quote(&q, s);
	rt_buf_puts(b, rt_buf_str(&q));
	rt_buf_done(&q);
}

/* A name for the grant: what refers to what, within the 63 characters of a label. */
static void put_grant_name(struct rt_buf *b, const struct rt_obj *from, struct rt_ref to)
{
	struct rt_buf name = {0};

	rt_buf_printf(&name, "%s-%s-to-%s", from->kind_name, from->ns ? from->ns : "", to.name);
	rt_str_lower(name.data);
	if (name.len > 63) {
		uint64_t h = rt_hash(name.data, name.len);

		name.len = 54;
		name.data[54] = '\0';
		rt_buf_printf(&name, "-%08x", (unsigned)(h & 0xffffffffu));
	}
	put_scalar(b, rt_buf_str(&name));
	rt_buf_done(&name);
}

static const char *grant_version(const struct rt_check *c)
{
	const char *served = rt_store_served(c->store, RT_GROUP_GATEWAY, "ReferenceGrant");

	return served && (strcmp(served, "v1") == 0 || strncmp(served, "v1 ", 3) == 0) ? "v1"
										       : "v1beta1";
}

static const char *grant_manifest(struct rt_check *c, const struct rt_obj *from, struct rt_ref to)
{
	struct rt_buf b = {0};
	const char *ret;

	rt_buf_printf(&b,
	    "apiVersion: %s/%s\nkind: ReferenceGrant\nmetadata:\n  name: ", RT_GROUP_GATEWAY,
	    grant_version(c));
	put_grant_name(&b, from, to);
	rt_buf_puts(&b, "\n  namespace: ");
	put_scalar(&b, to.ns ? to.ns : "");
	rt_buf_puts(&b, "\nspec:\n  from:\n  - group: ");
	put_scalar(&b, from->group);
	rt_buf_puts(&b, "\n    kind: ");
	put_scalar(&b, from->kind_name);
	rt_buf_puts(&b, "\n    namespace: ");
	put_scalar(&b, from->ns ? from->ns : "");
	rt_buf_puts(&b, "\n  to:\n  - group: ");
	put_scalar(&b, to.group);
	rt_buf_puts(&b, "\n    kind: ");
	put_scalar(&b, to.kind);
	rt_buf_puts(&b, "\n    name: ");
	put_scalar(&b, to.name);
	rt_buf_puts(&b, "\n");
	ret = rt_arena_strdup(&c->arena, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

void rt_offer_grant(struct rt_finding *f, const struct rt_obj *from, struct rt_ref to,
    const struct rt_permission *permission)
{
	struct rt_check *c;

	if (!f)
		return;
	c = f->note->check;
	f->note->tells_consequences = true; /* the near misses, below */
	f->fix_manifest = grant_manifest(c, from, to);
	rt_advise(f, "Apply the ReferenceGrant in namespace %s", to.ns ? to.ns : "");
	rt_relate(f, to);
	for (size_t i = 0; i < permission->near_misses.len; i++) {
		const struct rt_near_miss *m = &permission->near_misses.v[i];

		rt_because(f, "%s %s", rt_name(c, &m->grant->grant->obj), m->lacks);
		rt_relate_obj(f, &m->grant->grant->obj);
		rt_tie(f, RT_TIE_GRANT, rt_name(c, &m->grant->grant->obj));
	}
}
