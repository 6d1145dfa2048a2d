/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-unknown.c - what a cluster refuses to list leaves exactly what depends on it unknown.
 */
#include "config.h"

#include <string.h>

#include "rutter/status.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

static const char yaml[] =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: c}\n"
    "spec: {controllerName: example.com/ctl}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
    "metadata: {name: g, namespace: infra}\n"
    "spec:\n"
    "  gatewayClassName: c\n"
    "  allowedListeners: {namespaces: {from: Same}}\n"
    "  listeners:\n"
    "  - {name: http, port: 80, protocol: HTTP}\n"
    "  - {name: tcp, port: 81, protocol: TCP}\n"
    "  - {name: team, port: 82, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector,"
    " selector: {matchLabels: {team: a}}}}}\n"
    "  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: tls}]}}\n"
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
    "metadata: {name: r, namespace: infra}\n"
    "spec: {parentRefs: [{name: g, sectionName: http}, {name: g, sectionName: team}, {name: gone}],"
    " rules: [{backendRefs: [{name: web, port: 80}]}]}\n";

/* What is refused, which row is looked at, and what becomes of it; expected NULL: nothing. */
static const struct {
	const char *name;
	enum rt_kind refused; /* RT_KIND_OTHER: nothing */
	const char *listener, *section, *type;
	const char *expected;
	enum rt_verdict verdict;
} cases[] = {
    {"everything read: a missing Service", RT_KIND_OTHER, NULL, "http", "ResolvedRefs", "False",
	RT_VERDICT_MISSING},
    {"Services refused", RT_KIND_SERVICE, NULL, "http", "ResolvedRefs", NULL, RT_VERDICT_UNKNOWN},
    {"Services refused: attachment stands", RT_KIND_SERVICE, NULL, "http", "Accepted", "True",
	RT_VERDICT_MISSING},
    {"Namespaces refused: a selector", RT_KIND_NAMESPACE, NULL, "team", "Accepted", NULL,
	RT_VERDICT_UNKNOWN},
    {"Namespaces refused: Same needs none", RT_KIND_NAMESPACE, NULL, "http", "Accepted", "True",
	RT_VERDICT_MISSING},
    {"Namespaces read: no label", RT_KIND_OTHER, NULL, "team", "Accepted", "False",
	RT_VERDICT_MISSING},
    {"Secrets refused", RT_KIND_SECRET, "https", NULL, "ResolvedRefs", NULL, RT_VERDICT_UNKNOWN},
    {"Secrets refused: other listeners", RT_KIND_SECRET, "http", NULL, "ResolvedRefs", "True",
	RT_VERDICT_MISSING},
    {"Secrets refused: not programmed or so", RT_KIND_SECRET, "https", NULL, "Programmed", NULL,
	RT_VERDICT_UNKNOWN},
};

static void prepare(struct world *w, enum rt_kind refused)
{
	world_init(w);
	tap_ok(world_yaml(w, yaml), "read");
	rt_store_set_mode(w->store, RT_STORE_CLUSTER);
	for (int k = 0; k < RT_KIND_OTHER; k++)
		rt_store_set_scope(
		    w->store, (struct rt_scope){.group = rt_kind_info((enum rt_kind)k)->group,
				  .kind = rt_kind_info((enum rt_kind)k)->kind,
				  .state = k == (int)refused ? RT_SCOPE_FORBIDDEN : RT_SCOPE_READ});
}

static const struct rt_condition_row *row_of(const struct rt_status_report *r, size_t i)
{
	for (size_t k = 0; k < r->conditions.len; k++) {
		const struct rt_condition_row *row = &r->conditions.v[k];
		bool listener = cases[i].listener && row->listener &&
				strcmp(cases[i].listener, row->listener) == 0;
		bool section = cases[i].section && row->parent_section &&
			       strcmp(cases[i].section, row->parent_section) == 0;
		if ((listener || section) && strcmp(row->type, cases[i].type) == 0)
			return row;
	}
	return NULL;
}

static void test_case(size_t i)
{
	struct world w;
	struct rt_arena a = {0};
	struct rt_status_report r = {0};
	struct rt_analysis_opts opts = {.closed_world = true};

	prepare(&w, cases[i].refused);
	struct rt_analysis *an = rt_analyze(w.store, &opts);
	rt_status_judge(an, &a, &r);
	const struct rt_condition_row *row = row_of(&r, i);
	if (tap_ok(row != NULL, "%s: a row", cases[i].name)) {
		tap_is_str(row->expected.status, cases[i].expected, "%s", cases[i].name);
		tap_is_int(row->verdict, cases[i].verdict, "%s: verdict", cases[i].name);
	}
	rt_arena_done(&a);
	rt_analysis_free(an);
	world_done(&w);
}

static void test_counts(void)
{
	struct world w;
	struct rt_arena a = {0};
	struct rt_status_report r = {0};
	struct rt_analysis_opts opts = {.closed_world = true};

	prepare(&w, RT_KIND_TCP_ROUTE);
	rt_store_set_scope(w.store,
	    (struct rt_scope){
		.group = RT_GROUP_GATEWAY, .kind = "ListenerSet", .state = RT_SCOPE_FAILED});
	struct rt_analysis *an = rt_analyze(w.store, &opts);
	rt_status_judge(an, &a, &r);
	tap_is_int(r.listeners.v[0].attached_expected, 1, "routes of a kind that was read");
	tap_is_int(r.listeners.v[1].attached_expected, RT_INT_UNSET, "TCPRoutes were not");
	tap_is_int(r.gateways.v[0].sets_expected, RT_INT_UNSET, "nor ListenerSets");
	rt_arena_done(&a);
	rt_analysis_free(an);
	world_done(&w);
}

/* Without GatewayClasses nobody can say who reports. */
static void test_class(void)
{
	struct world w;
	struct rt_arena a = {0};
	struct rt_status_report r = {0};
	struct rt_analysis_opts opts = {.closed_world = true};
	size_t judged = 0;

	prepare(&w, RT_KIND_GATEWAY_CLASS);
	rt_store_remove(w.store, (struct rt_ref){RT_GROUP_GATEWAY, "GatewayClass", NULL, "c"});
	struct rt_analysis *an = rt_analyze(w.store, &opts);
	rt_status_judge(an, &a, &r);
	for (size_t i = 0; i < r.conditions.len; i++)
		judged += r.conditions.v[i].expected.status != NULL;
	tap_is_int((long long)judged, 0, "nothing is expected");
	tap_is_int(r.conditions.v[0].verdict, RT_VERDICT_UNKNOWN, "all is unknown");
	rt_arena_done(&a);
	rt_analysis_free(an);
	world_done(&w);
}

int main(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
		test_case(i);
	test_counts();
	test_class();
	return tap_done();
}
