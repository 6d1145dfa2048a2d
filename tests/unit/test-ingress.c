/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-ingress.c - of which class an Ingress is, who takes it, and where its backends lead.
 */
#include "config.h"

#include <string.h>

#include "rutter/analysis_ingress.h"
#include "rutter/buf.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

#define CLASS(name, controller)                                                                    \
	"apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: " name "}\n"       \
	"spec: {controller: " controller "}\n---\n"
#define CLASSES                                                                                    \
	CLASS("nginx", "k8s.io/ingress-nginx")                                                     \
	CLASS("inc", "nginx.org/ingress-controller")                                               \
	CLASS("traefik", "traefik.io/ingress-controller")                                          \
	CLASS("own", "example.com/mine")
#define DEFAULT(name, created)                                                                     \
	"apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: " name             \
	", creationTimestamp: \"" created "\", annotations: "                                      \
	"{ingressclass.kubernetes.io/is-default-class: \"true\"}}\n"                               \
	"spec: {controller: k8s.io/ingress-nginx}\n---\n"
#define INGRESS(annotation, spec)                                                                  \
	"apiVersion: networking.k8s.io/v1\nkind: Ingress\n"                                        \
	"metadata: {name: i, namespace: shop, annotations: {" annotation "}}\nspec: {" spec "}\n"
#define BY(value) "kubernetes.io/ingress.class: " value
#define FIELD(value) "ingressClassName: " value
#define TRAEFIK_POD                                                                                \
	"---\napiVersion: v1\nkind: Pod\nmetadata: {name: t, namespace: kube-system, labels: "     \
	"{app.kubernetes.io/name: traefik}}\n"

static const struct {
	const char *name, *yaml;
	bool cluster;
	enum rt_class_source source;
	const char *class_name, *controller;
	enum rt_tri claimed;
	bool conflict;
} cases[] = {
    {"the field", CLASSES INGRESS("", FIELD("nginx")), false, RT_CLASS_BY_FIELD, "nginx",
	"ingress-nginx", RT_YES, false},
    {"a class of an unknown controller", CLASSES INGRESS("", FIELD("own")), false,
	RT_CLASS_BY_FIELD, "own", NULL, RT_YES, false},
    {"no such class", CLASSES INGRESS("", FIELD("ngnix")), false, RT_CLASS_BY_FIELD, "ngnix", NULL,
	RT_NO, false},
    {"a class, but no classes known", INGRESS("", FIELD("nginx")), false, RT_CLASS_BY_FIELD,
	"nginx", NULL, RT_UNKNOWN, false},
    {"a name that Contour takes without class", CLASSES INGRESS("", FIELD("contour")), false,
	RT_CLASS_BY_FIELD, "contour", NULL, RT_UNKNOWN, false},
    {"the annotation", CLASSES INGRESS(BY("traefik"), ""), false, RT_CLASS_BY_ANNOTATION, "traefik",
	"traefik", RT_YES, false},
    {"the annotation of a cloud without classes", CLASSES INGRESS(BY("gce"), ""), false,
	RT_CLASS_BY_ANNOTATION, "gce", "gke-ingress", RT_YES, false},
    {"an annotation nobody knows", CLASSES INGRESS(BY("mine"), ""), false, RT_CLASS_BY_ANNOTATION,
	"mine", NULL, RT_UNKNOWN, false},
    {"both the same", CLASSES INGRESS(BY("nginx"), FIELD("nginx")), false, RT_CLASS_BY_FIELD,
	"nginx", "ingress-nginx", RT_YES, false},
    {"both, ingress-nginx puts the field first", CLASSES INGRESS(BY("traefik"), FIELD("nginx")),
	false, RT_CLASS_BY_FIELD, "nginx", "ingress-nginx", RT_YES, true},
    {"both, and each controller follows what leads to the other",
	CLASSES INGRESS(BY("traefik"), FIELD("inc")), false, RT_CLASS_BY_ANNOTATION, "traefik",
	"traefik", RT_NO, true},
    {"both, and either suffices to the controller of the annotation",
	CLASSES INGRESS(BY("alb"), FIELD("inc")), false, RT_CLASS_BY_ANNOTATION, "alb",
	"aws-load-balancer-controller", RT_YES, true},
    {"both, a cloud that looks at the annotation alone", CLASSES INGRESS(BY("gce"), FIELD("inc")),
	false, RT_CLASS_BY_ANNOTATION, "gce", "gke-ingress", RT_NO, true},
    {"Contour's own annotation", CLASSES INGRESS("projectcontour.io/ingress.class: contour", ""),
	false, RT_CLASS_BY_ANNOTATION, "contour", "contour", RT_YES, false},
    {"the annotation of all before Contour's own",
	CLASSES INGRESS("projectcontour.io/ingress.class: contour, " BY("nginx"), ""), false,
	RT_CLASS_BY_ANNOTATION, "nginx", "ingress-nginx", RT_YES, false},
    {"an annotation in another case", CLASSES INGRESS(BY("Ambassador"), ""), false,
	RT_CLASS_BY_ANNOTATION, "Ambassador", "emissary", RT_YES, false},
    {"case counts for the others", CLASSES INGRESS(BY("Traefik"), ""), false,
	RT_CLASS_BY_ANNOTATION, "Traefik", NULL, RT_UNKNOWN, false},
    {"HAProxy Technologies reads no annotation", CLASSES INGRESS(BY("haproxy"), ""), false,
	RT_CLASS_BY_ANNOTATION, "haproxy", "haproxy-ingress", RT_YES, false},
    {"the default class of manifests", DEFAULT("first", "2026-01-01T00:00:00Z") INGRESS("", ""),
	false, RT_CLASS_BY_DEFAULT, "first", "ingress-nginx", RT_YES, false},
    {"of two defaults the newest",
	DEFAULT("a", "2026-01-02T00:00:00Z") DEFAULT("b", "2026-01-01T00:00:00Z") INGRESS("", ""),
	false, RT_CLASS_BY_DEFAULT, "a", "ingress-nginx", RT_YES, false},
    {"in a cluster a default comes too late",
	DEFAULT("first", "2026-01-01T00:00:00Z") INGRESS("", ""), true, RT_CLASS_BY_NONE, NULL,
	NULL, RT_NO, false},
    {"in a cluster a running controller takes it", INGRESS("", "") TRAEFIK_POD, true,
	RT_CLASS_BY_CONTROLLER, NULL, "traefik", RT_YES, false},
    {"manifests without class and default", INGRESS("", ""), false, RT_CLASS_BY_NONE, NULL, NULL,
	RT_UNKNOWN, false},
};

static void all_read(struct rt_store *s)
{
	for (int k = 0; k < RT_KIND_OTHER; k++)
		rt_store_set_scope(
		    s, (struct rt_scope){.group = rt_kind_info((enum rt_kind)k)->group,
			   .kind = rt_kind_info((enum rt_kind)k)->kind,
			   .state = RT_SCOPE_READ});
	rt_store_set_mode(s, RT_STORE_CLUSTER);
}

static void test_class(size_t i)
{
	struct world w;
	struct rt_analysis_opts opts = {.closed_world = true};

	world_init(&w);
	if (tap_ok(world_yaml(&w, cases[i].yaml), "%s: read", cases[i].name)) {
		if (cases[i].cluster)
			all_read(w.store);
		struct rt_analysis *an = rt_analyze(w.store, &opts);
		const struct rt_ingress_fact *f = rt_ingress_fact_of(an, "shop", "i");
		tap_is_int(f->source, cases[i].source, "%s: source", cases[i].name);
		tap_is_str(f->class_name, cases[i].class_name, "%s: class", cases[i].name);
		tap_is_str(f->controller ? f->controller->id : NULL, cases[i].controller,
		    "%s: controller", cases[i].name);
		tap_is_int(f->claimed, cases[i].claimed, "%s: claimed", cases[i].name);
		tap_is_int(f->conflict, cases[i].conflict, "%s: conflict", cases[i].name);
		rt_analysis_free(an);
	}
	world_done(&w);
}

static const char backends[] = CLASSES INGRESS("alb.ingress.kubernetes.io/actions.go: '{}'",
    "ingressClassName: nginx, defaultBackend: {resource: {apiGroup: example.com, kind: Bucket, "
    "name: b}}, "
    "tls: [{hosts: [a.example], secretName: there}, {hosts: [b.example], secretName: gone}, "
    "{hosts: [c]}], "
    "rules: [{http: {paths: ["
    "{path: /0, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}, "
    "{path: /1, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}, "
    "{path: /2, pathType: Prefix, backend: {service: {name: web, port: {number: 8080}}}}, "
    "{path: /3, pathType: Prefix, backend: {service: {name: web, port: {name: web}}}}, "
    "{path: /4, pathType: Prefix, backend: {service: {name: gone, port: {number: 80}}}}, "
    "{path: /5, pathType: Prefix, backend: {service: {name: go, port: {name: use-annotation}}}}, "
    "{path: /6, pathType: Prefix, backend: {}}]}}]") "---\napiVersion: v1\nkind: "
						     "Service\nmetadata: {name: web, namespace: "
						     "shop}\n"
						     "spec: {ports: [{name: http, port: 80}]}\n"
						     "---\napiVersion: v1\nkind: Secret\nmetadata: "
						     "{name: there, namespace: shop}\n"
						     "type: kubernetes.io/tls\n";

static void test_backends(void)
{
	static const struct {
		enum rt_tri ok;
		enum rt_ingress_backend_fault fault;
	} want[] = {
	    {RT_YES, RT_INGRESS_BACKEND_OK},
	    {RT_YES, RT_INGRESS_BACKEND_OK},
	    {RT_NO, RT_INGRESS_BACKEND_PORT},
	    {RT_NO, RT_INGRESS_BACKEND_PORT},
	    {RT_NO, RT_INGRESS_BACKEND_ABSENT},
	    {RT_YES, RT_INGRESS_BACKEND_OK},
	    {RT_NO, RT_INGRESS_BACKEND_EMPTY},
	    {RT_UNKNOWN, RT_INGRESS_BACKEND_ABSENT},
	};
	struct world w;
	struct rt_arena a = {0};
	struct rt_analysis_opts opts = {0};

	world_init(&w);
	if (!tap_ok(world_yaml(&w, backends), "backends: read"))
		return;
	struct rt_analysis *an = rt_analyze(w.store, &opts);
	const struct rt_ingress_fact *f = rt_ingress_fact_of(an, "shop", "i");
	tap_is_int((long long)f->backends.len, RT_ARRAY_LEN(want), "every path and the default");
	for (size_t i = 0; i < f->backends.len && i < RT_ARRAY_LEN(want); i++) {
		const struct rt_ingress_backend_fact *b = &f->backends.v[i];
		tap_is_int(b->ok, want[i].ok, "backend %zu", i);
		tap_is_int(b->fault, want[i].fault, "backend %zu: fault", i);
	}
	tap_is_str(rt_ingress_backend_field(&a, &f->backends.v[2]),
	    "spec.rules[0].http.paths[2].backend", "field of a path");
	tap_is_str(rt_ingress_backend_field(&a, &f->backends.v[7]), "spec.defaultBackend",
	    "field of the default");
	tap_is_int((long long)f->secrets.len, 2, "entries with a Secret");
	tap_is_int(f->secrets.v[1].ok, RT_NO, "one is not there");
	tap_is_int((long long)f->secrets.v[1].index, 1, "its entry");
	const struct rt_service_fact *web = rt_service_fact_of(an, "shop", "web");
	tap_is_int((long long)web->ingress_backends.len, 4, "the Service knows who names it");
	tap_ok(web->routed, "and that it is routed");
	rt_arena_done(&a);
	rt_analysis_free(an);
	world_done(&w);
}

static void test_table(void)
{
	static const struct {
		const char *name, *id;
		bool gateway;
	} t[] = {
	    {"k8s.io/ingress-nginx", "ingress-nginx", false},
	    {"haproxy.org/ingress-controller/edge", "haproxy", false},
	    {"projectcontour.io/ns/contour", "contour", false},
	    {"k8s.io/ingress-nginx-fork", NULL, false},
	    {"gateway.envoyproxy.io/gatewayclass-controller", "envoy-gateway", true},
	    {"networking.gke.io/gateway", "gke-gateway", true},
	    {"istio.io/mesh-controller", "istio", true},
	    {"example.com/ctl", NULL, true},
	};
	const struct rt_controller *rows;
	size_t n = rt_controllers(&rows);

	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++) {
		const struct rt_controller *c = t[i].gateway ? rt_controller_of_gateway(t[i].name)
							     : rt_controller_of_ingress(t[i].name);
		tap_is_str(c ? c->id : NULL, t[i].id, "controller %s", t[i].name);
	}
	for (size_t i = 0; i < n; i++)
		tap_ok(rt_controller_by_id(rows[i].id) == &rows[i], "id %s is its own", rows[i].id);
}

int main(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
		test_class(i);
	test_backends();
	test_table();
	return tap_done();
}
