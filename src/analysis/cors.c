/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cors.c - the CORS filter: which origins match and which headers the answer carries.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "filters.h"
#include "rutter/arena.h"
#include "rutter/buf.h"

static bool lists(rt_strings list, const char *what)
{
	for (size_t i = 0; i < list.len; i++)
		if (strcasecmp(list.v[i], what) == 0)
			return true;
	return false;
}

bool rt_cors_preflight(const struct rt_view *v)
{
	return v->req->method && strcmp(v->req->method, "OPTIONS") == 0 &&
	       rt_view_header(v, "origin") && rt_view_header(v, "access-control-request-method");
}

/* Scheme, host and port must agree; a star stands for one or more labels on the left, or alone for
 * any host. */
bool rt_cors_origin_matches(const char *pattern, const char *origin)
{
	if (strcmp(pattern, "*") == 0)
		return true;
	const char *star = strstr(pattern, "://*");
	if (!star)
		return strcasecmp(pattern, origin) == 0;
	size_t scheme = (size_t)(star - pattern) + strlen("://");
	const char *suffix = star + strlen("://*");
	size_t len = strlen(origin), tail = strlen(suffix);
	if (len <= scheme + tail || strncasecmp(pattern, origin, scheme) != 0 ||
	    strcasecmp(origin + len - tail, suffix) != 0)
		return false;
	/* What the star stands for is no port. */
	return origin[scheme] == '[' ? suffix[0] != '.' && origin[len - tail - 1] == ']'
				     : !memchr(origin + scheme, ':', len - tail - scheme);
}

static bool origin_allowed(rt_strings origins, const char *origin)
{
	for (size_t i = 0; i < origins.len; i++)
		if (rt_cors_origin_matches(origins.v[i], origin))
			return true;
	return false;
}

static const char *join(struct rt_arena *a, rt_strings list)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	for (size_t i = 0; i < list.len; i++)
		rt_buf_printf(&out, "%s%s", i ? ", " : "", list.v[i]);
	return rt_arena_strdup(a, rt_buf_str(&out));
}

/* A star may not be answered together with credentials: then what was asked for is echoed. */
static void put_list(
    struct rt_net *net, const char *name, rt_strings list, const char *asked, bool credentials)
{
	if (!asked)
		return;
	bool star = lists(list, "*");
	if (star && credentials)
		rt_net_set(net, name, asked);
	else if (star)
		rt_net_set(net, name, "*");
	else if (list.len > 0)
		rt_net_set(net, name, join(net->arena, list));
}

enum rt_cors_result rt_cors_apply(
    const struct rt_view *v, const struct rt_cors *cors, struct rt_net *net)
{
	const char *origin = rt_view_header(v, "origin");
	if (!origin)
		return RT_CORS_NONE;
	if (!origin_allowed(cors->allow_origins, origin))
		return RT_CORS_REFUSED;
	bool credentials = cors->allow_credentials == RT_FLAG_TRUE;
	bool any = lists(cors->allow_origins, "*") && !credentials;
	rt_net_set(net, "Access-Control-Allow-Origin", any ? "*" : origin);
	if (credentials)
		rt_net_set(net, "Access-Control-Allow-Credentials", "true");
	/* With credentials a star would be taken for a name. */
	if (cors->expose_headers.len > 0 && !(credentials && lists(cors->expose_headers, "*")))
		rt_net_set(
		    net, "Access-Control-Expose-Headers", join(net->arena, cors->expose_headers));
	if (!rt_cors_preflight(v))
		return RT_CORS_ALLOWED;
	put_list(net, "Access-Control-Allow-Methods", cors->allow_methods,
	    rt_view_header(v, "access-control-request-method"), credentials);
	put_list(net, "Access-Control-Allow-Headers", cors->allow_headers,
	    rt_view_header(v, "access-control-request-headers"), credentials);
	int64_t age = cors->max_age == RT_INT_UNSET ? 5 : cors->max_age;
	rt_net_set(
	    net, "Access-Control-Max-Age", rt_arena_printf(net->arena, "%lld", (long long)age));
	return RT_CORS_ALLOWED;
}
