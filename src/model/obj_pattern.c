/* SPDX-License-Identifier: Apache-2.0 */
/*
 * obj_pattern.c - reading names of objects that people typed.
 */
#include "config.h"

#include "rutter/obj_pattern.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/nearest.h"
#include "rutter/str.h"

void rt_kinds_offer(struct rt_nearest *n)
{
	for (int k = 0; k < RT_KIND_SNAPSHOT_INFO; k++) {
		const struct rt_kind_info *info = rt_kind_info((enum rt_kind)k);
		rt_nearest_offer(n, info->plural);
		rt_nearest_offer(n, info->kind);
		if (!strchr(info->shorts, ' '))
			rt_nearest_offer(n, info->shorts);
	}
}

static enum rt_status unknown_kind(const char *kind, struct rt_error *err)
{
	struct rt_nearest near = {.wrong = kind};
	struct rt_buf all = {0};
	rt_kinds_offer(&near);
	(void)rt_fail(err, RT_USAGE, "\"%s\" is no kind that rutter reads", kind);
	if (near.word) {
		rt_error_hint(err, "did you mean %s?", near.word);
		return RT_USAGE;
	}
	for (int k = 0; k < RT_KIND_SNAPSHOT_INFO; k++)
		rt_buf_printf(&all, " %s", rt_kind_info((enum rt_kind)k)->plural);
	rt_error_hint(err, "it reads%s", rt_buf_str(&all));
	rt_buf_done(&all);
	return RT_USAGE;
}

bool rt_ns_name_parse(
    struct rt_arena *a, const char *text, const char **ret_ns, const char **ret_name)
{
	size_t len = strcspn(text, "/");
	const char *name = text + len + (text[len] == '/');
	if (len == 0 || !*name || strchr(name, '/'))
		return false;
	*ret_ns = rt_arena_strndup(a, text, len);
	*ret_name = rt_arena_strdup(a, name);
	return true;
}

enum rt_status rt_obj_pattern_parse(
    struct rt_arena *a, const char *text, struct rt_obj_pattern *ret, struct rt_error *err)
{
	size_t len = strcspn(text, "/");
	const char *kind = rt_arena_strndup(a, text, len), *rest = text + len + 1;
	struct rt_obj_pattern found = {RT_KIND_OTHER, NULL, NULL};
	if (!rt_kind_parse(kind, &found.kind))
		return unknown_kind(kind, err);
	bool named = !text[len] || rt_ns_name_parse(a, rest, &found.ns, &found.name);
	if (!named && *rest && !strchr(rest, '/')) {
		found.name = rt_arena_strdup(a, rest);
		named = true;
	}
	if (!named)
		return rt_fail(
		    err, RT_USAGE, "\"%s\" is not KIND/NAME or KIND/NAMESPACE/NAME", text);
	*ret = found;
	return RT_OK;
}

bool rt_obj_pattern_takes(const struct rt_obj_pattern *p, struct rt_ref ref)
{
	if (!ref.kind || rt_kind_of(ref.group ? ref.group : "", ref.kind) != p->kind)
		return false;
	return (!p->ns || rt_streq(p->ns, ref.ns)) && (!p->name || rt_streq(p->name, ref.name));
}
