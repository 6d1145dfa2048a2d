/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suppress.c - one cause, one finding.
 *
 * Two kinds of edges lead from a finding to one that it makes superfluous:
 *  - hides, in the rows of the catalogue: "CODE@tie" hides a finding of that code which shares a
 *    value of that tie. CODE may be an area ("LS*") or "*"; "-CODE" takes one out again;
 *    "/Reason" asks for that reason in the reported condition, "/=" for the same reason on both
 *    sides; "!" before it marks a disproof, which may hide a more severe finding.
 *  - explains, the table below: a reported condition is repeated only when nothing explains it.
 * Only what is shown, certain and at least as severe hides. The hiding finding takes over what the
 * hidden one was about: its object and its message.
 */
#include "config.h"

#include "rules.h"

#include <string.h>

#include "rutter/mem.h"

#define MAX_CONSEQUENCES 12

struct explain {
	enum rt_code echo;
	enum rt_tie tie;
	const char *type;    /* of the reported condition */
	const char *reasons; /* separated by spaces */
	const char *codes;   /* what explains it */
};

#define LISTENER_FAULTS "LS02 LS03 LS04 LS05 LS06 LS10 LS15 LS17 LS21 LS22 LS23 LS24"

/* The listener's Programmed=False carries the reason of the conflict. */
static const struct explain explains[] = {
    {RT_F_GC01, RT_TIE_CLASS, "Accepted", "InvalidParameters", "GC03"},
    {RT_F_GW02, RT_TIE_GATEWAY, "Accepted", "ListenersNotValid",
	"LS01 LS02 LS15 LS17 LS21 LS22 LS23 LS24"},
    {RT_F_GW02, RT_TIE_GATEWAY, "Accepted", "InvalidParameters", "GW10"},
    {RT_F_GW12, RT_TIE_GATEWAY, "Programmed", "AddressNotAssigned", "GW05"},
    {RT_F_GW12, RT_TIE_GATEWAY, "Programmed", "ListenersNotValid", "LS01"},
    {RT_F_GW12, RT_TIE_GATEWAY, "Programmed", "Invalid", LISTENER_FAULTS " LS01 LS26"},
    {RT_F_LS01, RT_TIE_LISTENER, "Accepted", "HostnameConflict ProtocolConflict", "LS02 LS15"},
    {RT_F_LS01, RT_TIE_LISTENER, "Conflicted", "HostnameConflict ProtocolConflict", "LS02 LS15"},
    {RT_F_LS01, RT_TIE_LISTENER, "Accepted", "UnsupportedProtocol UnsupportedValue", "LS17 LS21"},
    {RT_F_LS01, RT_TIE_LISTENER, "Accepted", "NoValidCACertificate", "LS22 LS23 LS24"},
    {RT_F_LS25, RT_TIE_LISTENER, "Programmed", "HostnameConflict ProtocolConflict", "LS02 LS15"},
    {RT_F_LS25, RT_TIE_LISTENER, "Programmed", "Invalid", LISTENER_FAULTS},
    {RT_F_LS26, RT_TIE_LISTENER, "ResolvedRefs", "InvalidCertificateRef", "LS04 LS06"},
    {RT_F_LS26, RT_TIE_LISTENER, "ResolvedRefs", "RefNotPermitted", "LS05 LS24"},
    {RT_F_LS26, RT_TIE_LISTENER, "ResolvedRefs", "InvalidRouteKinds", "LS10"},
    {RT_F_LS26, RT_TIE_LISTENER, "ResolvedRefs", "InvalidCACertificateRef InvalidCACertificateKind",
	"LS22 LS23 LS24"},
    {RT_F_LS27, RT_TIE_SET, "Accepted", "NotAllowed", "LS12"},
    {RT_F_LS27, RT_TIE_SET, "Programmed", "NotAllowed", "LS12"},
    {RT_F_LS27, RT_TIE_SET, "Accepted", "ListenersNotValid", "LS01 LS02 LS05 LS15 LS17 LS21"},
    {RT_F_LS27, RT_TIE_SET, "Programmed", "ListenersNotValid", "LS01 LS02 LS05 LS15 LS17 LS21"},
    {RT_F_LS27, RT_TIE_GATEWAY, "Accepted", "ParentNotAccepted", "GW01 GW02"},
    {RT_F_RT08, RT_TIE_PARENT, "Accepted", "NoMatchingParent", "RT02 RT03"},
    {RT_F_RT08, RT_TIE_PARENT, "Accepted", "NotAllowedByListeners", "RT04 RT05"},
    {RT_F_RT08, RT_TIE_PARENT, "Accepted", "NoMatchingListenerHostname", "RT06"},
    {RT_F_RT08, RT_TIE_ROUTE, "Accepted", "UnsupportedValue IncompatibleFilters", "RT22 RT25"},
    {RT_F_RT28, RT_TIE_ROUTE, "ResolvedRefs", "RefNotPermitted", "RT15"},
    {RT_F_RT28, RT_TIE_ROUTE, "ResolvedRefs", "InvalidKind", "RT13 RT21"},
    {RT_F_RT28, RT_TIE_ROUTE, "ResolvedRefs", "BackendNotFound", "RT12 RT14 RT21"},
    {RT_F_RT28, RT_TIE_ROUTE, "ResolvedRefs", "UnsupportedProtocol", "RT26"},
    {RT_F_RT29, RT_TIE_ROUTE, "PartiallyInvalid", "UnsupportedValue IncompatibleFilters",
	"RT22 RT25"},
    {RT_F_PL06, RT_TIE_POLICY, "Accepted", "TargetNotFound NoValidCACertificate", "PL01 PL03"},
    {RT_F_PL06, RT_TIE_POLICY, "Accepted", "Conflicted", "PL02"},
    {RT_F_PL06, RT_TIE_POLICY, "ResolvedRefs", "InvalidCACertificateRef InvalidKind", "PL03 PL05"},
};

/* A warning that an error takes into its evidence: the error stays. */
static const struct inform {
	enum rt_code from;
	enum rt_tie tie;
	const char *codes;
} informs[] = {
    {RT_F_GC04, RT_TIE_CONTROLLER, "GC01 GW02 GW05 GW07 GW12 LS01 LS25 LS26 LS27 RT08 RT28"},
};

struct edge {
	enum rt_code hider;
	enum rt_tie tie;
	bool disproves, same_reason;
	const char *reason; /* NULL: any */
	size_t reason_len;
	const struct explain *explain; /* NULL: an edge of the catalogue */
};
typedef RT_VEC(struct edge) edges;
typedef RT_VEC(struct rt_finding *) finding_list;

struct suppression {
	struct rt_check *c;
	edges to[RT_CODE_COUNT]; /* by the code that is hidden */
	struct rt_map index;     /* (code, tie, key) of certain findings -> finding_list */
};

enum { FRESH, VISITING, SHOWN, HIDDEN };

/* ---------------------------------------------------------------- edges */

static enum rt_tie tie_named(const char *name, size_t len)
{
	static const char *const names[] = {
#define X(id, name) name,
	    RT_TIES(X)
#undef X
	};

	for (size_t i = 0; i < RT_TIE_COUNT; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return (enum rt_tie)i;
	return RT_TIE_COUNT;
}

/* Is code what the pattern means: "RT09", "LS*" or "*", and not taken out by "-CODE"? */
static bool pattern_has(const char *pattern, size_t len, const char *all, const char *code)
{
	char minus[8] = {'-'};

	memcpy(minus + 1, code, strlen(code) + 1);
	if (rt_str_has_word(all, minus))
		return false;
	if (len && pattern[len - 1] == '*')
		return strncmp(pattern, code, len - 1) == 0;
	return strlen(code) == len && memcmp(pattern, code, len) == 0;
}

static void add_edges(struct suppression *s, enum rt_code hider, const char *word, const char *all)
{
	struct edge e = {.hider = hider, .disproves = *word == '!'};
	const char *at = strchr(word, '@'), *end = word + strcspn(word, " "), *slash;
	const char *code = word + (e.disproves ? 1 : 0);

	if (*word == '-')
		return;
	rt_assert(at && at < end);
	slash = memchr(at, '/', (size_t)(end - at));
	e.tie = tie_named(at + 1, (size_t)((slash ? slash : end) - at - 1));
	rt_assert(e.tie < RT_TIE_COUNT);
	if (slash) {
		e.same_reason = slash[1] == '=';
		e.reason = slash + 1;
		e.reason_len = (size_t)(end - slash - 1);
	}
	for (size_t i = 0; i < RT_CODE_COUNT; i++)
		if (i != hider &&
		    pattern_has(code, (size_t)(at - code), all, rt_finding_info(i)->code))
			rt_vec_push(&s->to[i], &s->c->work, e);
}

static void read_edges(struct suppression *s)
{
	for (size_t i = 0; i < RT_CODE_COUNT; i++) {
		const char *all = rt_finding_info(i)->hides;

		for (const char *p = all ? all : ""; *p; p += strcspn(p, " "), p += strspn(p, " "))
			add_edges(s, (enum rt_code)i, p, all);
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(explains); i++)
		for (size_t k = 0; k < RT_CODE_COUNT; k++)
			if (rt_str_has_word(explains[i].codes, rt_finding_info(k)->code)) {
				struct edge e = {.hider = (enum rt_code)k,
				    .tie = explains[i].tie,
				    .explain = &explains[i]};

				rt_vec_push(&s->to[explains[i].echo], &s->c->work, e);
			}
}

/* ---------------------------------------------------------------- who hides whom */

static const char *index_key(
    struct suppression *s, enum rt_code code, enum rt_tie tie, const char *key)
{
	return rt_fmt(s->c, "%u\x1f%u\x1f%s", (unsigned)code, (unsigned)tie, key);
}

static void index_findings(struct suppression *s)
{
	for (size_t i = 0; i < s->c->raised.len; i++) {
		struct rt_finding *f = s->c->raised.v[i];

		for (size_t k = 0; f->certain && k < f->note->ties.len; k++) {
			const struct rt_tied *t = &f->note->ties.v[k];
			const char *key = index_key(s, f->code, t->what, t->key);
			finding_list *l = rt_map_get(&s->index, key);

			if (!l) {
				l = rt_arena_alloc(&s->c->work, sizeof(*l));
				rt_map_set(&s->index, key, l);
			}
			rt_vec_push(l, &s->c->work, f);
		}
	}
}

static bool reasons_agree(
    const struct edge *e, const struct rt_condition *hider, const struct rt_condition *hidden)
{
	const char *reason = hidden && hidden->reason ? hidden->reason : "";

	if (e->explain)
		return hidden && strcmp(hidden->type, e->explain->type) == 0 && *reason &&
		       rt_str_has_word(e->explain->reasons, reason);
	if (!e->reason)
		return true;
	if (e->same_reason)
		return hider && hider->reason && *reason && strcmp(hider->reason, reason) == 0;
	return strlen(reason) == e->reason_len && memcmp(reason, e->reason, e->reason_len) == 0;
}

static bool shown(struct suppression *s, struct rt_finding *f);

static bool hides(
    struct suppression *s, const struct edge *e, struct rt_finding *by, const struct rt_finding *f)
{
	enum rt_severity worse = rt_finding_info(by->code)->severity;
	enum rt_severity severity = rt_finding_info(f->code)->severity;

	if (by == f || !reasons_agree(e, by->note->echo, f->note->echo))
		return false;
	if (e->explain)
		return true;
	return (worse <= severity || e->disproves) && shown(s, by);
}

/* The hidden finding's object and message go to the one that hides it. */
static void take_over(struct rt_finding *by, const struct rt_finding *f)
{
	struct rt_arena *a = &by->note->check->arena;
	const char *line = f->note->reported ? f->note->reported : f->message;

	if (f->note->reported || !by->note->tells_consequences)
		rt_vec_push(&by->note->consequences, a, line);
	rt_vec_push(&by->note->affected, a, f->object);
	for (size_t i = 0; i < f->related.len; i++)
		rt_vec_push(&by->note->affected, a, f->related.v[i]);
}

static bool hidden_by_edge(struct suppression *s, const struct edge *e, struct rt_finding *f)
{
	bool ret = false;

	for (size_t k = 0; k < f->note->ties.len; k++) {
		const struct rt_tied *t = &f->note->ties.v[k];
		const finding_list *l = NULL;

		if (t->what == e->tie)
			l = rt_map_get(&s->index, index_key(s, e->hider, t->what, t->key));
		for (size_t i = 0; l && i < l->len; i++)
			if (hides(s, e, l->v[i], f)) {
				take_over(l->v[i], f);
				ret = true;
			}
	}
	return ret;
}

/* The graph of codes has no cycle (a test looks); a finding in hand counts as shown. */
static bool shown(struct suppression *s, struct rt_finding *f)
{
	bool hidden = false;

	if (f->note->state != FRESH)
		return f->note->state != HIDDEN;
	f->note->state = VISITING;
	for (size_t i = 0; i < s->to[f->code].len; i++)
		if (hidden_by_edge(s, &s->to[f->code].v[i], f))
			hidden = true;
	f->note->state = hidden ? HIDDEN : SHOWN;
	return !hidden;
}

/* ---------------------------------------------------------------- afterwards */

static int cmp_refs(const void *a, const void *b)
{
	return rt_ref_cmp(a, b);
}

/* Sorted and each once, so that the order of the rules does not show. */
static void settle_consequences(struct rt_finding *f)
{
	struct rt_finding_note *n = f->note;
	size_t count = 0, more = 0;

	rt_vec_sort(&n->consequences, rt_str_order);
	for (size_t i = 0; i < n->consequences.len; i++) {
		if (i && strcmp(n->consequences.v[i - 1], n->consequences.v[i]) == 0)
			continue;
		if (count++ < MAX_CONSEQUENCES)
			rt_because(f, "%s", n->consequences.v[i]);
		else
			more++;
	}
	if (more)
		rt_because(f, "and %zu more", more);
}

static void settle_affected(struct rt_finding *f)
{
	struct rt_finding_note *n = f->note;

	rt_vec_sort(&n->affected, cmp_refs);
	for (size_t i = 0; i < n->affected.len; i++)
		rt_relate(f, n->affected.v[i]);
}

static bool ties(const struct rt_finding *f, enum rt_tie what, const char *key)
{
	for (size_t i = 0; i < f->note->ties.len; i++)
		if (f->note->ties.v[i].what == what && strcmp(f->note->ties.v[i].key, key) == 0)
			return true;
	return false;
}

static void inform(struct suppression *s, const struct inform *in, const struct rt_finding *from)
{
	for (size_t i = 0; i < s->c->raised.len; i++) {
		struct rt_finding *f = s->c->raised.v[i];

		if (!rt_str_has_word(in->codes, rt_finding_info(f->code)->code))
			continue;
		for (size_t k = 0; k < from->note->ties.len; k++)
			if (from->note->ties.v[k].what == in->tie &&
			    ties(f, in->tie, from->note->ties.v[k].key))
				rt_because(f, "%s", from->message);
	}
}

static void inform_errors(struct suppression *s)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(informs); i++)
		for (size_t k = 0; k < s->c->raised.len; k++)
			if (s->c->raised.v[k]->code == informs[i].from &&
			    s->c->raised.v[k]->certain)
				inform(s, &informs[i], s->c->raised.v[k]);
}

void rt_suppress(struct rt_check *c)
{
	struct suppression s = {.c = c};
	size_t kept = 0;

	read_edges(&s);
	index_findings(&s);
	for (size_t i = 0; i < c->raised.len; i++)
		shown(&s, c->raised.v[i]);
	for (size_t i = 0; i < c->raised.len; i++)
		if (c->raised.v[i]->note->state == SHOWN) {
			settle_consequences(c->raised.v[i]);
			settle_affected(c->raised.v[i]);
			c->raised.v[kept++] = c->raised.v[i];
		}
	c->raised.len = kept;
	inform_errors(&s);
	rt_map_done(&s.index);
}
