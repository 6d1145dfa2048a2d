/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-discovery.c - all forms of discovery documents, groups whose API is down, and the choice of
 * a version for each resource.
 */
#include "config.h"

#include "rutter/discovery.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

#define GROUP "gateway.networking.k8s.io"
#define UNDERSTOOD "v1 v1beta1 v1alpha2"

static const char v2_type[] =
    "application/json;as=APIGroupDiscoveryList;charset=utf-8;V=v2;g=apidiscovery.k8s.io";

static const char aggregated[] =
    "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"items\":["
    "{\"metadata\":{\"name\":\"" GROUP "\"},\"versions\":["
    "{\"version\":\"v1\",\"freshness\":\"Current\",\"resources\":["
    "{\"resource\":\"httproutes\",\"responseKind\":{\"group\":\"" GROUP
    "\",\"version\":\"v1\",\"kind\":\"HTTPRoute\"},\"scope\":\"Namespaced\",\"verbs\":[\"get\","
    "\"list\",\"watch\"]},"
    "{\"resource\":\"parents\",\"subresources\":[]}]},"
    "{\"version\":\"v1alpha2\",\"resources\":["
    "{\"resource\":\"tcproutes\",\"responseKind\":{\"kind\":\"TCPRoute\"},\"scope\":\"Namespaced\","
    "\"verbs\":[\"list\"]},"
    "{\"resource\":\"httproutes\",\"responseKind\":{\"kind\":\"HTTPRoute\"},\"scope\":"
    "\"Namespaced\",\"verbs\":[\"list\"]}]},"
    "{\"version\":\"v9\",\"resources\":[{\"resource\":\"newroutes\",\"responseKind\":{\"kind\":"
    "\"NewRoute\"},\"scope\":\"Cluster\",\"verbs\":[\"list\"]}]}]},"
    "{\"metadata\":{\"name\":\"metrics.k8s.io\"},\"versions\":[{\"version\":\"v1beta1\","
    "\"freshness\":\"Stale\"}]}]}";

static void take(struct rt_discovery *d, const char *path, const char *type, const char *body)
{
	struct rt_error err = {0};
	enum rt_status status = rt_discovery_take(d, path, type, body, strlen(body), &err);
	tap_ok(status == RT_OK, "%s is read (%s)", path, err.msg);
}

static void served_is(const struct rt_discovery *d, const char *group, const char *kind,
    enum rt_served want, const char *want_version)
{
	const struct rt_api_resource *r = NULL;
	enum rt_served got = rt_discovery_find(d, group, kind, UNDERSTOOD, &r, NULL);
	tap_is_int(got, want, "is %s served?", kind);
	tap_is_str(r ? r->version : NULL, want_version, "%s in which version", kind);
}

static void test_aggregated(void)
{
	struct rt_discovery *d = rt_discovery_new(NULL);
	const char *why = NULL;
	served_is(d, GROUP, "HTTPRoute", RT_SERVED_UNKNOWN, NULL);
	take(d, "/apis", v2_type, aggregated);
	served_is(d, GROUP, "HTTPRoute", RT_SERVED, "v1");
	served_is(d, GROUP, "TCPRoute", RT_SERVED, "v1alpha2");
	served_is(d, GROUP, "UDPRoute", RT_SERVED_NOT, NULL);
	served_is(d, GROUP, "NewRoute", RT_SERVED_OTHERS, NULL);
	served_is(d, "nobody.example", "Thing", RT_SERVED_NOT, NULL);
	tap_is_int(rt_discovery_find(d, "metrics.k8s.io", "PodMetrics", NULL, NULL, &why),
	    RT_SERVED_UNKNOWN, "a stale group is unknown, not absent");
	tap_is_str(why, "the API behind this group does not answer", "and says why");
	RT_AUTO_BUF struct rt_buf versions = {0};
	rt_discovery_versions(d, GROUP, "HTTPRoute", &versions);
	tap_is_str(rt_buf_str(&versions), "v1 v1alpha2", "all versions in the server's order");
	const struct rt_api_resource *r = NULL;
	rt_discovery_find(d, GROUP, "TCPRoute", UNDERSTOOD, &r, NULL);
	tap_ok(r && r->namespaced && r->can_list && !r->can_watch && !r->can_get,
	    "scope and verbs are known");
	tap_ok(!rt_discovery_knows(d, "") && rt_discovery_knows(d, GROUP),
	    "the core API has a document of its own");
	rt_discovery_free(d);
}

static void test_legacy(void)
{
	struct rt_discovery *d = rt_discovery_new(NULL);
	take(d, "/api", "application/json", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
	take(d, "/apis", "application/json",
	    "{\"kind\":\"APIGroupList\",\"groups\":[{\"name\":\"" GROUP
	    "\",\"versions\":[{\"groupVersion\":\"" GROUP "/v1beta1\",\"version\":\"v1beta1\"},"
	    "{\"version\":\"v1alpha2\"}]}]}");
	tap_ok(!rt_discovery_knows(d, GROUP), "a group that is only listed is not known yet");
	served_is(d, GROUP, "HTTPRoute", RT_SERVED_UNKNOWN, NULL);
	take(d, "/apis/" GROUP "/v1alpha2", "application/json",
	    "{\"kind\":\"APIResourceList\",\"groupVersion\":\"" GROUP "/v1alpha2\",\"resources\":["
	    "{\"name\":\"httproutes\",\"kind\":\"HTTPRoute\",\"namespaced\":true,\"verbs\":["
	    "\"list\"]},"
	    "{\"name\":\"httproutes/status\",\"kind\":\"HTTPRoute\",\"verbs\":[\"get\"]},"
	    "{\"name\":\"tcproutes\",\"kind\":\"TCPRoute\",\"namespaced\":true,\"verbs\":[\"list\"]"
	    "}]}");
	rt_discovery_failed(d, GROUP, "v1beta1", "503 for v1beta1");
	tap_ok(rt_discovery_knows(d, GROUP), "a version that failed is known to have failed");
	served_is(d, GROUP, "HTTPRoute", RT_SERVED, "v1alpha2");
	served_is(d, GROUP, "UDPRoute", RT_SERVED_UNKNOWN, NULL);
	served_is(d, "nobody.example", "Thing", RT_SERVED_NOT, NULL);
	take(d, "/api/v1", "application/json",
	    "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[{\"name\":"
	    "\"services\",\"kind\":\"Service\",\"namespaced\":true,\"verbs\":[\"list\",\"watch\"]}]"
	    "}");
	served_is(d, "", "Service", RT_SERVED, "v1");
	served_is(d, "", "Pod", RT_SERVED_NOT, NULL);
	rt_discovery_free(d);
}

static const struct {
	const char *about, *body;
} bad[] = {
    {"a page", "<html></html>"},
    {"nothing", ""},
    {"half a document", "{\"kind\":\"APIGroupList\",\"groups\":[{"},
    {"another kind", "{\"kind\":\"Pod\"}"},
    {"no kind", "{}"},
    {"a list", "[]"},
};
static const char *const odd[] = {
    "{\"kind\":\"APIGroupDiscoveryList\",\"items\":[null,{},{\"versions\":[null,{\"version\":"
    "\"v1\","
    "\"resources\":[null,{},{\"responseKind\":7,\"verbs\":{}}]}]}]}",
    "{\"kind\":\"APIGroupList\",\"groups\":[null,{},{\"name\":7,\"versions\":[{}]}]}",
    "{\"kind\":\"APIVersions\",\"versions\":[null,7]}",
    "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[null,{},{\"name\":7}]}",
};

static void test_hostile(void)
{
	struct rt_discovery *d = rt_discovery_new(NULL);
	for (size_t i = 0; i < RT_ARRAY_LEN(bad); i++)
		tap_is_int(rt_discovery_take(
			       d, "/apis", "text/html", bad[i].body, strlen(bad[i].body), NULL),
		    RT_PROTOCOL, "%s is no discovery", bad[i].about);
	served_is(d, GROUP, "HTTPRoute", RT_SERVED_UNKNOWN, NULL);
	for (size_t i = 0; i < RT_ARRAY_LEN(odd); i++)
		take(d, "/apis", "application/json", odd[i]);
	served_is(d, GROUP, "HTTPRoute", RT_SERVED_NOT, NULL);
	rt_discovery_free(d);
}

/* As many groups as fit into an answer, each of them looked up while it is read. */
static void test_many(void)
{
	struct rt_discovery *d = rt_discovery_new(NULL);
	struct rt_buf body = {0};

	rt_buf_puts(&body, "{\"kind\":\"APIGroupList\",\"groups\":[");
	for (int i = 0; i < 200000; i++)
		rt_buf_printf(&body, "{\"name\":\"g%d\",\"versions\":[{\"version\":\"v1\"}]},", i);
	rt_buf_puts(&body, "{\"name\":\"" GROUP "\",\"versions\":[{\"version\":\"v1\"}]}]}");
	take(d, "/apis", "application/json", rt_buf_str(&body));
	tap_ok(!rt_discovery_knows(d, GROUP), "its versions are known by name only");
	tap_ok(rt_discovery_knows(d, "nobody.example"), "and that there is no other group");
	rt_buf_done(&body);
	rt_discovery_free(d);
}

int main(void)
{
	test_aggregated();
	test_legacy();
	test_hostile();
	test_many();
	return tap_done();
}
