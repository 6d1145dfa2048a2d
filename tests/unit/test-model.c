/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-model.c - decoding by schema: defaults, older forms, refusals that name their field; the
 * way back; and what the splitter is told to keep.
 */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/json.h"
#include "rutter/jsonsplit.h"
#include "rutter/kind_core.h"
#include "rutter/kind_route.h"
#include "rutter/manifest.h"
#include "rutter/yaml.h"
#include "tests/lib/tap.h"

static enum rt_status take(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	(void)err;
	rt_manifest_put(ctx, doc->value, (struct rt_origin){.file = "t", .line = doc->line});
	return RT_OK;
}

static struct rt_store *read_yaml(const char *yaml)
{
	struct rt_error err = {0};
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	if (rt_yaml_parse(yaml, strlen(yaml), "t", take, s, &err) != RT_OK)
		tap_diag("%s", err.msg);
	return s;
}

#define GW "gateway.networking.k8s.io/v1"
#define ROUTE "apiVersion: " GW "\nkind: HTTPRoute\nmetadata: {name: r, namespace: a}\n"

static void test_route_defaults(void)
{
	struct rt_store *s =
	    read_yaml(ROUTE "spec:\n"
			    "  parentRefs: [{name: g}]\n"
			    "  rules:\n"
			    "  - backendRefs: [{name: b, port: 80}]\n"
			    "    matches: [{headers: [{name: x, value: one}]}]\n"
			    "    filters:\n"
			    "    - {type: RequestRedirect, requestRedirect: {scheme: https}}\n");
	const struct rt_route *r =
	    (const struct rt_route *)rt_store_get(s, RT_KIND_HTTP_ROUTE, "a", "r");
	tap_ok(r != NULL, "an HTTPRoute is decoded");
	const struct rt_parent_ref *p = &r->parent_refs.v[0];
	tap_is_str(p->group, RT_GROUP_GATEWAY, "parentRef group defaults to Gateway API");
	tap_is_str(p->kind, "Gateway", "parentRef kind defaults to Gateway");
	tap_ok(!p->ns && p->port == RT_INT_UNSET, "namespace and port stay absent");
	const struct rt_rule *rule = &r->rules.v[0];
	tap_is_int(rule->backend_refs.v[0].weight, 1, "weight defaults to 1");
	tap_is_str(rule->backend_refs.v[0].kind, "Service", "backendRef kind defaults to Service");
	tap_is_str(rule->matches.v[0].path.type, "PathPrefix", "an absent path is a prefix");
	tap_is_str(rule->matches.v[0].path.value, "/", "… of /");
	tap_is_str(rule->matches.v[0].headers.v[0].type, "Exact", "header matches are exact");
	tap_is_int(rule->filters.v[0].redirect->status_code, 302, "redirects default to 302");
	rt_store_free(s);
}

static void test_route_without_rules(void)
{
	struct rt_store *s = read_yaml(ROUTE "spec: {parentRefs: [{name: g}]}\n");
	const struct rt_route *r =
	    (const struct rt_route *)rt_store_get(s, RT_KIND_HTTP_ROUTE, "a", "r");
	tap_is_int((long)r->rules.len, 1, "an HTTPRoute without rules has the default rule");
	tap_is_str(r->rules.v[0].matches.v[0].path.value, "/", "… which matches everything");
	rt_store_free(s);
	s = read_yaml("apiVersion: " GW "\nkind: GRPCRoute\nmetadata: {name: r}\nspec: {}\n");
	r = (const struct rt_route *)rt_store_get(s, RT_KIND_GRPC_ROUTE, "default", "r");
	tap_is_int((long)r->rules.len, 0, "a GRPCRoute without rules has none");
	rt_store_free(s);
}

static void test_older_forms(void)
{
	struct rt_store *s = read_yaml(
	    "apiVersion: extensions/v1beta1\n"
	    "kind: Ingress\n"
	    "metadata: {name: i}\n"
	    "spec:\n"
	    "  backend: {serviceName: d, servicePort: http}\n"
	    "  rules: [{http: {paths: [{backend: {serviceName: a, servicePort: 80}}]}}]\n");
	const struct rt_ingress *i =
	    (const struct rt_ingress *)rt_store_get(s, RT_KIND_INGRESS, "default", "i");
	tap_ok(i != NULL, "extensions/v1beta1 Ingress is networking.k8s.io's");
	tap_is_str(i->default_backend->service->port.name, "http", "spec.backend by port name");
	tap_is_int(i->rules.v[0].paths.v[0].backend.service->port.number, 80, "servicePort number");
	rt_store_free(s);
	s = read_yaml(
	    "apiVersion: gateway.networking.k8s.io/v1alpha2\n"
	    "kind: BackendTLSPolicy\n"
	    "metadata: {name: p}\n"
	    "spec:\n"
	    "  targetRef: {group: '', kind: Service, name: s}\n"
	    "  tls: {hostname: h, caCertRefs: [{group: '', kind: ConfigMap, name: ca}]}\n");
	const struct rt_backend_tls_policy *p = (const struct rt_backend_tls_policy *)rt_store_get(
	    s, RT_KIND_BACKEND_TLS_POLICY, "default", "p");
	tap_is_str(p->target_refs.v[0].name, "s", "v1alpha2 targetRef is a list of one");
	tap_is_str(p->validation->ca_certificate_refs.v[0].name, "ca", "v1alpha2 caCertRefs");
	rt_store_free(s);
}

/* Refusals: input, field, message. */
static const struct refusal {
	const char *yaml, *field, *message;
} refusals[] = {
    {ROUTE "spec: {rules: x}\n", "spec.rules", "spec.rules is a string, not a list"},
    {ROUTE "spec: {rules: [{backendRefs: [{name: b}, {name: 7}]}]}\n",
	"spec.rules[0].backendRefs[1].name",
	"spec.rules[0].backendRefs[1].name is a number, not a string"},
    {"apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 1.5}]}\n",
	"spec.ports[0].port", "spec.ports[0].port is not a whole number in range"},
    {"apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {a.b/c: [1]}}\n",
	"metadata.labels['a.b/c']", "metadata.labels['a.b/c'] is a list, not a string"},
    {"apiVersion: v1\nkind: Service\nmetadata: {}\n", "metadata.name", "metadata.name is missing"},
    {"kind: Service\nmetadata: {name: s}\n", "apiVersion", "apiVersion is missing"},
    {"apiVersion: v1\nmetadata: {name: s}\n", "kind", "kind is missing"},
    {"- 1\n", NULL, "not an object but a list"},
};

static void test_refusals(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(refusals); i++) {
		const struct refusal *r = &refusals[i];
		struct rt_store *s = read_yaml(r->yaml);
		const struct rt_input_problem *p;
		size_t n = rt_store_problems(s, &p);
		tap_is_int((long)n, 1, "refused: %s", r->message);
		if (n == 1) {
			tap_is_str(p->message, r->message, "… with its reason");
			tap_is_str(p->field, r->field, "… and its field");
		}
		rt_store_free(s);
	}
}

static void test_null_is_absent(void)
{
	struct rt_store *s = read_yaml(ROUTE "spec: {hostnames: null, rules: null}\n---\n"
					     "apiVersion: v1\nkind: Service\n"
					     "metadata: {name: s, labels: null}\nspec: null\n");
	const struct rt_input_problem *p;
	tap_is_int((long)rt_store_problems(s, &p), 0, "null counts as absent");
	tap_ok(rt_store_get(s, RT_KIND_SERVICE, "default", "s") != NULL, "… for whole specs too");
	rt_store_free(s);
}

static void test_encode_is_inverse(void)
{
	const char *yaml =
	    ROUTE "spec:\n"
		  "  hostnames: [a.example]\n"
		  "  rules:\n"
		  "  - matches: [{method: GET, queryParams: [{name: q, value: '1'}]}]\n"
		  "    backendRefs: [{name: b, port: 80, weight: 3}]\n"
		  "    timeouts: {request: 10s}\n"
		  "status: {parents: [{parentRef: {name: g}, controllerName: c}]}\n";
	struct rt_store *s = read_yaml(yaml);
	const struct rt_obj *o = rt_store_get(s, RT_KIND_HTTP_ROUTE, "a", "r");
	json_t *once = rt_encode(o);
	struct rt_store *again = rt_store_new(RT_STORE_FILES);
	rt_manifest_put(again, once, (struct rt_origin){0});
	json_t *twice = rt_encode(rt_store_get(again, RT_KIND_HTTP_ROUTE, "a", "r"));
	tap_ok(json_equal(once, twice), "what was encoded decodes to the same");
	tap_is_int(
	    json_integer_value(json_object_get(
		json_array_get(
		    json_object_get(
			json_array_get(json_object_get(json_object_get(once, "spec"), "rules"), 0),
			"backendRefs"),
		    0),
		"weight")),
	    3, "values survive");
	json_decref(once);
	json_decref(twice);
	rt_store_free(again);
	rt_store_free(s);
}

static void test_secret_payload_is_not_written(void)
{
	struct rt_store *s = read_yaml("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
				       "type: kubernetes.io/tls\n"
				       "data: {tls.crt: QQ==, tls.key: Qg==, other: Qw==}\n");
	const struct rt_secret *sec =
	    (const struct rt_secret *)rt_store_get(s, RT_KIND_SECRET, "default", "s");
	tap_is_int((long)sec->data.len, 2, "of a Secret only what TLS needs is read");
	json_t *v = rt_encode(&sec->obj);
	tap_ok(!json_object_get(v, "data"), "its payload is never written");
	json_decref(v);
	rt_store_free(s);
}

static void test_kinds(void)
{
	static const struct {
		const char *text;
		enum rt_kind kind;
	} names[] = {{"gtw", RT_KIND_GATEWAY}, {"svc", RT_KIND_SERVICE},
	    {"Ingresses", RT_KIND_INGRESS}, {"httproute", RT_KIND_HTTP_ROUTE},
	    {"gateways.gateway.networking.k8s.io", RT_KIND_GATEWAY},
	    {"ingress.v1.networking.k8s.io", RT_KIND_INGRESS}};
	for (size_t i = 0; i < RT_ARRAY_LEN(names); i++) {
		enum rt_kind k = RT_KIND_OTHER;
		tap_ok(rt_kind_parse(names[i].text, &k) && k == names[i].kind, "kind %s",
		    names[i].text);
	}
	enum rt_kind k;
	tap_ok(!rt_kind_parse("gateways.networking.istio.io", &k), "another group is another kind");
	tap_ok(!rt_kind_parse("", &k), "no name is no kind");
}

static const struct rt_keep *member(const struct rt_keep *k, const char *key)
{
	for (; k && k->key; k++)
		if (strcmp(k->key, key) == 0)
			return k;
	return NULL;
}

static void test_keep(void)
{
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	const struct rt_keep *k = rt_store_keep(s, RT_KIND_POD);
	tap_ok(member(k, "apiVersion") && member(k, "kind"), "identity is kept");
	const struct rt_keep *spec = member(k, "spec");
	tap_ok(spec && member(spec->sub, "containers"), "what a decoder reads is kept");
	tap_ok(spec && !member(spec->sub, "volumes"), "what none reads is not");
	rt_store_free(s);
}

int main(void)
{
	test_route_defaults();
	test_route_without_rules();
	test_older_forms();
	test_refusals();
	test_null_is_absent();
	test_encode_is_inverse();
	test_secret_payload_is_not_written();
	test_kinds();
	test_keep();
	return tap_done();
}
