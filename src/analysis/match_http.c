/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match_http.c - HTTPRoute matches: path, method, headers, query parameters (gateway-api §9.2).
 * The raw path is compared, case-sensitively, nothing decoded or normalised.
 */
#include "config.h"

#include <string.h>

#include "match.h"

static enum rt_tri match_path(const struct rt_path_match *p, const char *path, bool *regex)
{
	const char *type = p->type ? p->type : "PathPrefix", *value = p->value ? p->value : "/";
	if (strcmp(type, "Exact") == 0)
		return strcmp(path, value) == 0 ? RT_YES : RT_NO;
	if (strcmp(type, "PathPrefix") == 0)
		return rt_path_prefix(value, path) ? RT_YES : RT_NO;
	if (strcmp(type, "RegularExpression") != 0)
		return RT_NO;
	*regex = true;
	return rt_match_regex(value, path);
}

static unsigned common(const char *a, const char *b)
{
	unsigned n = 0;
	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

enum rt_tri rt_match_http(
    const struct rt_view *v, const struct rt_route_match *m, struct rt_miss *ret)
{
	*ret = (struct rt_miss){0};
	if (!v->req->path)
		return RT_NO;
	enum rt_tri all = match_path(&m->path, v->req->path, &ret->regex);
	ret->close = common(m->path.value ? m->path.value : "/", v->req->path);
	if (all != RT_YES)
		rt_miss_add(ret, RT_MISS_PATH, 0);
	if (m->method && strcmp(m->method, v->req->method) != 0) {
		rt_miss_add(ret, RT_MISS_METHOD, 0);
		all = RT_NO;
	}
	return rt_tri_and(all, rt_match_names(v, m, ret));
}
