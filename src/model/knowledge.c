/* SPDX-License-Identifier: Apache-2.0 */
/*
 * knowledge.c - what was asked, what came of it, and whether absence can be concluded.
 */
#include "config.h"

#include <string.h>

#include "rutter/store.h"
#include "store_int.h"

static const char *const state_names[] = {
    [RT_SCOPE_UNASKED] = "unasked",
    [RT_SCOPE_READ] = "read",
    [RT_SCOPE_FORBIDDEN] = "forbidden",
    [RT_SCOPE_ABSENT] = "absent",
    [RT_SCOPE_FAILED] = "failed",
    [RT_SCOPE_LOADING] = "loading",
};

const char *rt_scope_state_name(enum rt_scope_state st)
{
	return state_names[st];
}

bool rt_scope_in_vain(enum rt_scope_state st)
{
	return st == RT_SCOPE_FORBIDDEN || st == RT_SCOPE_FAILED;
}

enum rt_scope_state rt_scope_state_of(const char *name)
{
	for (size_t i = 0; name && i < RT_ARRAY_LEN(state_names); i++)
		if (strcmp(state_names[i], name) == 0)
			return (enum rt_scope_state)i;
	return RT_SCOPE_UNASKED;
}

void rt_knowledge_done(struct knowledge *k)
{
	rt_map_done(&k->scopes);
	rt_vec_free(&k->scope_view);
	rt_map_done(&k->answers);
	rt_vec_free(&k->answer_list);
	rt_map_done(&k->served);
	rt_map_done(&k->broken);
	rt_vec_free(&k->problems);
}

/* ------------------------------------------------------------------ scopes */

static struct rt_scope *scope_at(
    const struct rt_store *s, const char *group, const char *kind, const char *ns)
{
	return rt_map_get_parts(
	    &s->know->scopes, 3, (const char *const[]){group, kind, ns ? ns : ""});
}

void rt_store_set_scope(struct rt_store *s, struct rt_scope in)
{
	struct rt_scope *scope = scope_at(s, in.group, in.kind, in.ns);
	if (!scope) {
		scope = rt_arena_new(&s->arena, struct rt_scope);
		scope->group = rt_arena_strdup(&s->arena, in.group);
		scope->kind = rt_arena_strdup(&s->arena, in.kind);
		scope->ns = rt_arena_strdup(&s->arena, in.ns);
		rt_map_set_parts(&s->know->scopes, 3,
		    (const char *const[]){in.group, in.kind, in.ns ? in.ns : ""}, scope);
	}
	scope->state = in.state;
	if (in.why && (!scope->why || strcmp(in.why, scope->why) != 0))
		scope->why = rt_arena_strdup(&s->arena, in.why);
	else if (!in.why)
		scope->why = NULL;
	s->know->scopes_stale = true;
	s->version++;
}

enum rt_scope_state rt_store_scope(
    const struct rt_store *s, const char *group, const char *kind, const char *ns, const char **why)
{
	const struct rt_scope *scope = ns ? scope_at(s, group, kind, ns) : NULL;
	if (!scope)
		scope = scope_at(s, group, kind, NULL);
	if (why)
		*why = scope ? scope->why : NULL;
	return scope ? scope->state : RT_SCOPE_UNASKED;
}

static int scope_cmp(const void *a, const void *b)
{
	const struct rt_scope *x = a, *y = b;
	struct rt_ref rx = {x->group, x->kind, x->ns, NULL}, ry = {y->group, y->kind, y->ns, NULL};
	return rt_ref_cmp(&rx, &ry);
}

size_t rt_store_scopes(const struct rt_store *s, const struct rt_scope **ret)
{
	struct knowledge *k = s->know;
	if (k->scopes_stale) {
		k->scope_view.len = 0;
		RT_MAP_EACH (&k->scopes, e)
			rt_vec_push(&k->scope_view, NULL, *(const struct rt_scope *)e->value);
		rt_vec_sort(&k->scope_view, scope_cmp);
		k->scopes_stale = false;
	}
	*ret = k->scope_view.v;
	return k->scope_view.len;
}

static enum rt_reach reach_of(const struct rt_scope *v, size_t n)
{
	size_t read = 0, vain = 0;
	for (size_t i = 0; i < n; i++) {
		if (v[i].state == RT_SCOPE_READ && !v[i].ns)
			return RT_REACH_ALL;
		read += v[i].state == RT_SCOPE_READ;
		vain += rt_scope_in_vain(v[i].state);
	}
	if (vain > 0 && vain == n)
		return RT_REACH_NOWHERE;
	return vain > 0 && read > 0 ? RT_REACH_SOME : RT_REACH_ALL;
}

bool rt_store_next_kind(const struct rt_store *s, struct rt_kind_scopes *k)
{
	const struct rt_scope *all;
	size_t n = rt_store_scopes(s, &all), first = k->next, end = first;
	if (first >= n)
		return false;
	while (end < n && strcmp(all[end].kind, all[first].kind) == 0 &&
	       strcmp(all[end].group, all[first].group) == 0)
		end++;
	k->v = all + first;
	k->len = end - first;
	k->next = end;
	k->reach = reach_of(k->v, k->len);
	return true;
}

/* ------------------------------------------------------------------ may absence be concluded */

static bool known_in_files(const struct rt_store *s, const char *group, const char *kind)
{
	enum rt_kind k = rt_kind_of(group, kind);
	if (k == RT_KIND_OTHER)
		return rt_map_get_parts(&s->others, 2, (const char *const[]){group, kind}) != NULL;
	/* Grants are part of the same delivery as the objects that need them (findings §1). */
	if (k == RT_KIND_REFERENCE_GRANT && s->gateway_api)
		return true;
	return s->tables[k].in_base;
}

bool rt_store_known(const struct rt_store *s, const char *group, const char *kind, const char *ns)
{
	if (s->mode == RT_STORE_FILES)
		return known_in_files(s, group, kind);
	enum rt_scope_state st = rt_store_scope(s, group, kind, ns, NULL);
	return st == RT_SCOPE_READ || st == RT_SCOPE_ABSENT;
}

/* ------------------------------------------------------------------ answers, served versions */

static struct rt_answer *answer_at(const struct rt_store *s, const char *key)
{
	uintptr_t i = (uintptr_t)rt_map_get(&s->know->answers, key);
	return i ? &s->know->answer_list.v[i - 1] : NULL;
}

void rt_store_set_answer(
    struct rt_store *s, const char *key, enum rt_scope_state state, const char *why)
{
	struct rt_answer *known = answer_at(s, key);
	struct rt_answer a = {NULL, rt_arena_strdup(&s->arena, why), state};
	s->version++;
	if (known) {
		a.key = known->key;
		*known = a;
		return;
	}
	a.key = rt_arena_strdup(&s->arena, key);
	rt_vec_push(&s->know->answer_list, NULL, a);
	rt_map_set(&s->know->answers, key, (void *)(uintptr_t)s->know->answer_list.len);
}

enum rt_scope_state rt_store_answer(const struct rt_store *s, const char *key, const char **why)
{
	const struct rt_answer *a = answer_at(s, key);
	if (why)
		*why = a ? a->why : NULL;
	return a ? a->state : RT_SCOPE_UNASKED;
}

size_t rt_store_answers(const struct rt_store *s, const struct rt_answer **ret)
{
	*ret = s->know->answer_list.v;
	return s->know->answer_list.len;
}

void rt_store_set_served(
    struct rt_store *s, const char *group, const char *kind, const char *versions)
{
	const char *had = rt_store_served(s, group, kind);
	if (had && strcmp(had, versions) == 0)
		return; /* a live source tells it again and again */
	rt_map_set_parts(&s->know->served, 2, (const char *const[]){group, kind},
	    rt_arena_strdup(&s->arena, versions));
	s->version++;
}

const char *rt_store_served(const struct rt_store *s, const char *group, const char *kind)
{
	return rt_map_get_parts(&s->know->served, 2, (const char *const[]){group, kind});
}

/* ------------------------------------------------------------------ problems of the input */

void rt_store_add_problem(struct rt_store *s, const struct rt_input_problem *in)
{
	struct rt_input_problem p = *in;
	p.ref.group = rt_arena_strdup(&s->arena, in->ref.group);
	p.ref.kind = rt_arena_strdup(&s->arena, in->ref.kind);
	p.ref.ns = rt_arena_strdup(&s->arena, in->ref.ns);
	p.ref.name = rt_arena_strdup(&s->arena, in->ref.name);
	p.field = rt_arena_strdup(&s->arena, in->field);
	p.message = rt_arena_strdup(&s->arena, in->message);
	rt_vec_push(&s->know->problems, NULL, p);
	s->version++;
	if (p.duplicate || !p.ref.group || !p.ref.kind || !p.ref.name)
		return;
	const char *parts[] = {p.ref.group, p.ref.kind, p.ref.ns ? p.ref.ns : "", p.ref.name};
	rt_map_set_parts(&s->know->broken, 4, parts, s);
}

static bool is_problem_of(const struct rt_input_problem *p, const struct rt_ref *ref)
{
	return !p->duplicate && p->ref.group && p->ref.kind && p->ref.name && ref->name &&
	       rt_ref_cmp(&p->ref, ref) == 0;
}

void rt_store_forget_problem(struct rt_store *s, struct rt_ref ref)
{
	struct knowledge *k = s->know;
	if (!ref.name || k->broken.live == 0)
		return;
	const char *parts[] = {ref.group, ref.kind, ref.ns ? ref.ns : "", ref.name};
	if (!rt_map_remove_parts(&k->broken, 4, parts))
		return;
	size_t kept = 0;
	for (size_t i = 0; i < k->problems.len; i++)
		if (!is_problem_of(&k->problems.v[i], &ref))
			k->problems.v[kept++] = k->problems.v[i];
	k->problems.len = kept;
	s->version++;
}

size_t rt_store_problems(const struct rt_store *s, const struct rt_input_problem **ret)
{
	*ret = s->know->problems.v;
	return s->know->problems.len;
}
