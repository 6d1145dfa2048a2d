/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-grants.c - ReferenceGrants: what admits, what nearly does, and what stays open.
 */
#include "config.h"

#include <string.h>

#include "rutter/analysis.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

#define GW "gateway.networking.k8s.io"
#define ROUTE(kind)                                                                                \
	"apiVersion: gateway.networking.k8s.io/v1\n"                                               \
	"kind: " kind "\n"                                                                         \
	"metadata: {name: r, namespace: shop}\n"                                                   \
	"spec:\n"                                                                                  \
	"  parentRefs: [{name: g}]\n"                                                              \
	"  rules: [{backendRefs: [{name: web, namespace: backend, port: 80}]}]\n"
#define GRANT(from, to)                                                                            \
	"---\n"                                                                                    \
	"apiVersion: gateway.networking.k8s.io/v1beta1\n"                                          \
	"kind: ReferenceGrant\n"                                                                   \
	"metadata: {name: a, namespace: backend}\n"                                                \
	"spec: {from: [" from "], to: [" to "]}\n"
#define FROM "{group: " GW ", kind: HTTPRoute, namespace: shop}"
#define TO "{group: \"\", kind: Service}"

static const struct {
	const char *name, *yaml;
	enum rt_tri granted;
	const char *lacks; /* of the near miss, NULL: none */
} cases[] = {
    {"no grant", ROUTE("HTTPRoute"), RT_NO, NULL},
    {"every Service", ROUTE("HTTPRoute") GRANT(FROM, TO), RT_YES, NULL},
    {"by name", ROUTE("HTTPRoute") GRANT(FROM, "{group: \"\", kind: Service, name: web}"), RT_YES,
	NULL},
    {"an empty name is none",
	ROUTE("HTTPRoute") GRANT(FROM, "{group: \"\", kind: Service, name: \"\"}"), RT_YES, NULL},
    {"another name", ROUTE("HTTPRoute") GRANT(FROM, "{group: \"\", kind: Service, name: api}"),
	RT_NO, "opens Service api, not web"},
    {"another kind of route", ROUTE("TLSRoute") GRANT(FROM, TO), RT_NO,
	"admits kind HTTPRoute, not TLSRoute"},
    {"another namespace",
	ROUTE("HTTPRoute") GRANT("{group: " GW ", kind: HTTPRoute, namespace: s}", TO), RT_NO,
	"admits namespace s, not shop"},
    {"the wrong core group", ROUTE("HTTPRoute") GRANT(FROM, "{group: core, kind: Service}"), RT_NO,
	"opens group core, not \"\""},
    {"two things wrong are no near miss",
	ROUTE("HTTPRoute") GRANT("{group: \"\", kind: TCPRoute, namespace: shop}", TO), RT_NO,
	NULL},
    {"lists are alternatives",
	ROUTE("HTTPRoute") GRANT(
	    "{group: x, kind: Other, namespace: z}, " FROM, "{group: \"\", kind: Secret}, " TO),
	RT_YES, NULL},
};

static void test_case(size_t i)
{
	struct world w;
	struct rt_analysis_opts opts = {0};

	world_init(&w);
	if (tap_ok(world_yaml(&w, cases[i].yaml), "%s: read", cases[i].name)) {
		struct rt_analysis *an = rt_analyze(w.store, &opts);
		const struct rt_backend_fact *b = &an->routes.v[0]->backends.v[0];
		tap_is_int(b->permission.granted, cases[i].granted, "%s", cases[i].name);
		tap_is_str(
		    b->permission.near_misses.len ? b->permission.near_misses.v[0].lacks : NULL,
		    cases[i].lacks, "%s: what it lacks", cases[i].name);
		tap_ok(b->permission.crosses, "%s: crosses", cases[i].name);
		if (an->grants.len)
			tap_is_int((long long)an->grants.v[0]->uses, cases[i].granted == RT_YES,
			    "%s: used", cases[i].name);
		rt_analysis_free(an);
	}
	world_done(&w);
}

/* A cluster that refuses the grants of a namespace leaves the question open; what follows is open.
 */
static void test_open(void)
{
	struct world w;
	struct rt_analysis_opts opts = {0};

	world_init(&w);
	world_yaml(&w, ROUTE("HTTPRoute"));
	rt_store_set_mode(w.store, RT_STORE_CLUSTER);
	rt_store_set_scope(
	    w.store, (struct rt_scope){.group = "", .kind = "Service", .state = RT_SCOPE_READ});
	for (int closed = 0; closed <= 1; closed++) {
		opts.closed_world = closed;
		struct rt_analysis *an = rt_analyze(w.store, &opts);
		const struct rt_route_fact *r = an->routes.v[0];
		tap_is_int(r->backends.v[0].ok, RT_UNKNOWN, "open");
		tap_is_int(r->backends.v[0].fault, RT_BACKEND_GRANT, "for want of the grants");
		tap_is_int(r->resolved, RT_UNKNOWN, "the route is open");
		rt_analysis_free(an);
	}
	world_done(&w);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(i);
	test_open();
	return tap_done();
}
