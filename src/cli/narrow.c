/* SPDX-License-Identifier: Apache-2.0 */
/*
 * narrow.c - reading -n and -l, and asking them about an object.
 */
#include "config.h"

#include "narrow.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/str.h"

/* -n A,B; -A wins over it, as with kubectl. */
static void read_namespaces(struct rt_arena *a, const struct rt_options *o, rt_args *ret)
{
	const char *p = o->all_namespaces ? NULL : o->namespace_;
	while (p && *p) {
		size_t n = strcspn(p, ",");
		const char *name = rt_arena_strndup(a, p, n);
		if (n > 0)
			rt_vec_push(ret, a, name);
		p += n + (p[n] == ',');
	}
}

enum rt_status rt_narrow_read(
    struct rt_arena *a, const struct rt_options *o, struct rt_narrow *ret, struct rt_error *err)
{
	*ret = (struct rt_narrow){.by_labels = o->selector != NULL};
	read_namespaces(a, o, &ret->namespaces);
	if (!o->selector || rt_selector_parse(a, o->selector, &ret->labels, err) == RT_OK)
		return RT_OK;
	return rt_fail_prefix(err, "-l %s", o->selector);
}

bool rt_narrow_is_all(const struct rt_narrow *n)
{
	return n->namespaces.len == 0 && !n->by_labels;
}

bool rt_narrow_shows(const struct rt_narrow *n, const struct rt_obj *o)
{
	const rt_args *names = &n->namespaces;
	bool shown = names->len == 0 || (o->ns && rt_str_listed(names->v, names->len, o->ns));
	return shown && (!n->by_labels || rt_selector_match(&n->labels, o->labels));
}

struct rt_finding_filter rt_narrow_filter(const struct rt_narrow *n)
{
	return (struct rt_finding_filter){
	    n->namespaces.v, n->namespaces.len, n->by_labels ? &n->labels : NULL};
}
