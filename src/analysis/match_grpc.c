/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match_grpc.c - GRPCRoute matches: service, method, headers (gateway-api §9.3).
 */
#include "config.h"

#include <string.h>

#include "match.h"

/* An empty or absent part takes anything. */
static enum rt_tri match_part(const char *type, const char *want, const char *have, bool *regex)
{
	if (!want || !want[0])
		return RT_YES;
	if (!have)
		return RT_NO;
	if (!type || strcmp(type, "Exact") == 0)
		return strcmp(want, have) == 0 ? RT_YES : RT_NO;
	if (strcmp(type, "RegularExpression") != 0)
		return RT_NO;
	*regex = true;
	return rt_match_regex(want, have);
}

enum rt_tri rt_match_grpc(
    const struct rt_view *v, const struct rt_route_match *m, struct rt_miss *ret)
{
	*ret = (struct rt_miss){0};
	enum rt_tri service = RT_YES, rpc = RT_YES;
	if (!rt_view_is_grpc(v) || !v->service) {
		rt_miss_add(ret, RT_MISS_SERVICE, 0);
		return RT_NO;
	}
	if (m->grpc) {
		service = match_part(m->grpc->type, m->grpc->service, v->service, &ret->regex);
		rpc = match_part(m->grpc->type, m->grpc->method, v->rpc, &ret->regex);
	}
	if (service != RT_YES)
		rt_miss_add(ret, RT_MISS_SERVICE, 0);
	if (rpc != RT_YES)
		rt_miss_add(ret, RT_MISS_RPC, 0);
	return rt_tri_and(rt_tri_and(service, rpc), rt_match_names(v, m, ret));
}
