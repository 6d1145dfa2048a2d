/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_backends.c - the backends of a rule: shares, what would fail, endpoints, TLS, mirrors
 * (gateway-api §5, §8, §9.5). A broken backend keeps its share; nothing is redistributed.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/vec.h"
#include "trace_int.h"

#define ENDPOINTS_SAID 8

static const struct {
	const char *why, *finding, *mend;
} faults[] = {
    [RT_BACKEND_OK] = {NULL, NULL, NULL},
    [RT_BACKEND_KIND] = {"its kind cannot be a backend", "RT13", "Refer to a Service"},
    [RT_BACKEND_GRANT] = {"no ReferenceGrant in its namespace admits the route", "RT15",
	"Create a ReferenceGrant there"},
    [RT_BACKEND_ABSENT] = {"it does not exist", "RT12", "Correct the name, or create it"},
    [RT_BACKEND_NO_PORT] = {"the reference has no port", "RT14", "Name the Service port"},
    [RT_BACKEND_PORT] = {"it has no such port", "RT14",
	"Name the Service port, not the targetPort"},
    [RT_BACKEND_PROTOCOL] = {"its port has another protocol", "RT26",
	"Use a port of the route's protocol"},
    [RT_BACKEND_APP_PROTOCOL] = {"its appProtocol is not supported", "RT26",
	"Change the appProtocol of the port"},
};

const char *rt_backend_fault_text(enum rt_backend_fault f)
{
	return faults[f].why;
}

/* What all backends of one rule share. */
struct rule_run {
	struct rt_tracer *t;
	const struct rt_listener_fact *l;
	const struct rt_pick *pick;
	const struct rt_effect *effect;
	struct rt_trace_result *r;
};

static bool is_http(const struct rt_pick *pick)
{
	enum rt_kind k = pick->attachment->route->route->obj.kind;
	return k == RT_KIND_HTTP_ROUTE || k == RT_KIND_GRPC_ROUTE;
}

static const char *backend_text(struct rt_arena *a, const struct rt_backend_fact *f)
{
	if (f->spec->port == RT_INT_UNSET)
		return rt_ref_text(a, f->ref_to);
	return rt_arena_printf(a, "%s:%lld", rt_ref_text(a, f->ref_to), (long long)f->spec->port);
}

/* ------------------------------------------------------------------ one backend */

static bool drained(const struct rt_endpoints *e)
{
	return e->known == RT_YES && e->ready == 0 && e->draining == 0;
}

/* Sets b->status (HTTP) and b->why where the backend would fail. */
static void judge(
    const struct rule_run *run, const struct rt_backend_fact *f, struct rt_trace_backend *b)
{
	struct rt_tracer *t = run->t;
	const struct rt_gateway_fact *gw = run->l->gateway;
	const struct rt_controller *controller =
	    gw && gw->class_fact ? gw->class_fact->controller : NULL;
	int broken = rt_broken_status(t);
	if (f->ok == RT_NO) {
		b->why = faults[f->fault].why;
		b->status = broken;
	} else if (f->policy && f->policy->usable == RT_NO) {
		b->why = rt_arena_printf(t->a,
		    "%s cannot be honoured, and plain text is never sent instead",
		    rt_obj_text(t->a, &f->policy->policy->obj));
		b->status = broken;
	} else if (drained(&b->endpoints)) {
		b->why = "it has no ready endpoint";
		b->status = broken == 503 ? 503 : rt_no_endpoint_status(controller);
		if (b->status != 503 && b->share > 0)
			rt_depends(t, run->r,
			    "%s answers %d where no endpoint is ready, others 503",
			    controller->title, b->status);
	}
}

static void originate(
    const struct rt_listener_fact *l, const struct rt_backend_fact *f, struct rt_trace_backend *b)
{
	const struct rt_gateway_fact *gw = l->gateway;
	if (!f->policy || l->passthrough)
		return;
	b->tls = RT_UPSTREAM_ORIGINATE;
	b->sni = f->policy->policy->validation ? f->policy->policy->validation->hostname : NULL;
	if (!gw || !gw->client_certificate || gw->client_certificate->ok == RT_NO)
		return;
	if (rt_features_on(&gw->features, RT_FEATURE_GatewayBackendClientCertificate))
		b->client_certificate = gw->client_certificate->ref;
}

/* The client's own TLS goes on: a passthrough listener, or TLS bytes through a TCP one. */
static void pass_through(
    struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_backend *b)
{
	bool bytes = l->protocol == RT_PROTOCOL_TCP && rt_scheme_is_tls(t->req->scheme);
	if (!l->passthrough && !bytes)
		return;
	b->tls = RT_UPSTREAM_PASSTHROUGH;
	b->sni = t->req->sni;
	b->client_certificate = (struct rt_ref){0};
}

static bool pairs_same(const struct rt_header *a, const struct rt_header *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(a[i].name, b[i].name) != 0 || strcmp(a[i].value, b[i].value) != 0)
			return false;
	return true;
}

static bool change_same(const struct rt_header_change *a, const struct rt_header_change *b)
{
	if (a->set.len != b->set.len || a->add.len != b->add.len || a->remove.len != b->remove.len)
		return false;
	for (size_t i = 0; i < a->remove.len; i++)
		if (strcmp(a->remove.v[i], b->remove.v[i]) != 0)
			return false;
	return pairs_same(a->set.v, b->set.v, a->set.len) &&
	       pairs_same(a->add.v, b->add.v, a->add.len);
}

static bool forwarded_same(const struct rt_forwarded *a, const struct rt_forwarded *b)
{
	return strcmp(a->host, b->host) == 0 && strcmp(a->path, b->path) == 0 &&
	       change_same(&a->headers, &b->headers);
}

static void see(struct rt_tracer *t, const struct rt_effect *e, struct rt_trace_backend *b)
{
	struct rt_forwarded *f = rt_arena_new(t->a, struct rt_forwarded);
	struct rt_header_change *c = rt_arena_new(t->a, struct rt_header_change);
	*f = (struct rt_forwarded){e->host, e->path, t->req->query, rt_net_result(&e->request)};
	*c = rt_net_result(&e->response);
	b->forwarded = f;
	b->response_headers = c;
}

/* Filters of the backendRef run for it alone. A redirect there answers its share, whatever the
 * backend is. */
static void backend_filters(
    const struct rule_run *run, const struct rt_backend_fact *f, struct rt_trace_backend *b)
{
	struct rt_effect e = *run->effect;
	e.request = rt_net_copy(&run->effect->request);
	e.response = rt_net_copy(&run->effect->response);
	rt_filters_run(
	    &run->t->view, f->spec->filters, &run->pick->spec->path, (int)run->l->spec->port, &e);
	see(run->t, &e, b);
	if (e.answered_cors && b->share > 0)
		run->r->status = 204; /* the preflight is answered, nothing is forwarded */
	b->redirect = e.redirect;
}

const char *rt_ports_text(struct rt_arena *a, const struct rt_obj *service)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	if (!service || service->kind != RT_KIND_SERVICE)
		return "";
	const struct rt_service *svc = (const struct rt_service *)service;
	for (size_t i = 0; i < svc->ports.len; i++)
		rt_buf_printf(
		    &out, "%s%lld", i ? ", " : ", only ", (long long)svc->ports.v[i].port);
	return rt_arena_strdup(a, rt_buf_str(&out));
}

static const char *backend_mend(struct rt_arena *a, const struct rt_backend_fact *f)
{
	const struct rt_obj *o = &f->route->route->obj;
	if (f->fault == RT_BACKEND_GRANT && f->ref_to.ns)
		return rt_arena_printf(a,
		    "Create a ReferenceGrant in namespace %s that admits %ss of namespace %s",
		    f->ref_to.ns, o->kind_name, o->ns);
	return faults[f->fault].mend;
}

/* What is to be said behind "Service a/b:80 gets 100 %". */
static const char *fate_text(
    struct rt_arena *a, const struct rt_backend_fact *f, const struct rt_trace_backend *b)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	if (b->tls == RT_UPSTREAM_ORIGINATE)
		rt_buf_printf(&out, ", TLS to it%s%s", b->sni ? " as " : "", b->sni ? b->sni : "");
	if (b->tls == RT_UPSTREAM_PASSTHROUGH)
		rt_buf_puts(&out, ", the client's TLS goes through");
	if (f->port && f->port->app_protocol)
		rt_buf_printf(&out, ", %s", f->port->app_protocol);
	if (b->why)
		rt_buf_printf(&out, ": %s%s", b->why,
		    f->fault == RT_BACKEND_PORT ? rt_ports_text(a, f->obj) : "");
	if (b->status)
		rt_buf_printf(&out, ", answers %d", b->status);
	if (b->redirect)
		rt_buf_printf(
		    &out, ", redirected %d to %s", b->redirect->status, b->redirect->location);
	return rt_arena_strdup(a, rt_buf_str(&out));
}

static void say_backend(struct rt_tracer *t, const struct rt_backend_fact *f,
    const struct rt_trace_backend *b, struct rt_trace_result *r)
{
	enum rt_tri ok = b->why ? RT_NO : f->ok;
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_BACKEND, b->share > 0 ? ok : RT_UNKNOWN,
	    "%s gets %.4g %%%s", backend_text(t->a, f), b->share * 100, fate_text(t->a, f, b));
	s->object = f->ref_to;
	if (f->ok == RT_NO)
		rt_step_mend(s, faults[f->fault].finding, backend_mend(t->a, f));
	else if (b->why && f->policy && f->policy->usable == RT_NO)
		rt_step_mend(s, "PL03", "Give the policy a usable CA certificate");
	else if (b->why)
		rt_step_drained(t, s, f->service, "RT17");
	if (f->ok == RT_UNKNOWN)
		rt_depends(t, r, "%s could not be read in full", rt_ref_text(t->a, f->ref_to));
	else if (f->external_name && b->share > 0)
		rt_depends(t, r, "%s is an ExternalName, which implementations may refuse",
		    rt_ref_text(t->a, f->ref_to));
}

void rt_step_drained(struct rt_tracer *t, struct rt_trace_step *s,
    const struct rt_service_fact *svc, const char *finding)
{
	rt_pods pods = {0};
	bool ready = false;
	if (svc->service->selector.len > 0 &&
	    rt_service_pods(t->an, svc->service, &pods) == RT_YES) {
		for (size_t i = 0; i < pods.len; i++)
			ready |= rt_pod_ready(pods.v[i]) == RT_YES;
		if (pods.len == 0)
			finding = "SV01";
		else if (!ready)
			finding = "SV02";
	}
	rt_step_mend(
	    s, finding, pods.len || finding[0] != 'S' ? "Look at the Pods of the Service" : NULL);
	if (pods.len == 0 && finding[0] == 'S')
		s->text =
		    rt_arena_printf(t->a, "%s; no Pod has the labels of its selector", s->text);
}

/* " Pod x", and why it is not ready where that is known. */
static const char *pod_text(struct rt_tracer *t, const char *ns, const struct rt_endpoint_view *v)
{
	const struct rt_obj *o =
	    v->pod ? rt_store_get(t->an->store, RT_KIND_POD, ns, v->pod) : NULL;
	const struct rt_pod *pod = (const struct rt_pod *)o;
	const char *why = pod && !v->ready ? rt_pod_trouble(t->a, pod) : NULL;
	int64_t restarts = why ? rt_pod_restarts(pod) : 0;
	const char *state = v->ready                       ? "ready"
			    : v->serving && v->terminating ? "terminating, still serving"
							   : "not ready";
	return rt_arena_printf(t->a, "%s%s %s%s%s%s", v->pod ? " Pod " : "", v->pod ? v->pod : "",
	    state, why ? ": " : "", why ? why : "",
	    restarts > 0 ? rt_arena_printf(t->a, ", %lld restart%s", (long long)restarts,
			       restarts == 1 ? "" : "s")
			 : "");
}

void rt_step_endpoints(struct rt_tracer *t, struct rt_trace_result *r,
    const struct rt_trace_backend *b, const struct rt_service_fact *svc)
{
	const struct rt_endpoints *e = &b->endpoints;
	if (!svc)
		return;
	const char *ns = svc->service->obj.ns;
	if (e->known != RT_YES) {
		bool files = rt_store_mode(t->an->store) == RT_STORE_FILES;
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_ENDPOINT, RT_UNKNOWN,
		    "endpoints are not known: EndpointSlices %s",
		    files ? "are not in the input" : "were not read");
		rt_step_object(s, &svc->service->obj);
		return;
	}
	for (size_t i = 0; i < e->v.len && i < ENDPOINTS_SAID; i++) {
		const struct rt_endpoint_view *v = &e->v.v[i];
		enum rt_tri ok = v->ready                       ? RT_YES
				 : v->serving && v->terminating ? RT_UNKNOWN
								: RT_NO;
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_ENDPOINT, ok,
		    strchr(v->address ? v->address : "", ':') ? "[%s]:%lld%s" : "%s:%lld%s",
		    v->address ? v->address : "?", (long long)v->port, pod_text(t, ns, v));
		if (v->pod)
			s->object = (struct rt_ref){"", "Pod", ns, v->pod};
	}
	if (e->v.len > ENDPOINTS_SAID)
		rt_step(t, r, RT_HOP_ENDPOINT, RT_UNKNOWN, "and %zu more, %zu ready in all",
		    e->v.len - ENDPOINTS_SAID, e->ready);
	if (e->port_missing)
		rt_step(t, r, RT_HOP_ENDPOINT, RT_NO, "no EndpointSlice has a port of that name");
}

static void add_backend(const struct rule_run *run, const struct rt_backend_fact *f)
{
	struct rt_tracer *t = run->t;
	struct rt_trace_backend b = {.ref = f->ref_to,
	    .port = f->spec->port,
	    .weight = f->spec->weight,
	    .share = rt_backend_share(f)};
	if (f->service && f->ok != RT_NO)
		rt_endpoints_of(t->an, f->service, f->port, t->a, &b.endpoints);
	originate(run->l, f, &b);
	if (f->service && f->policy_known == RT_NO && !run->l->passthrough)
		rt_depends(t, run->r,
		    "BackendTLSPolicies of namespace %s could not be read: whether %s gets TLS is "
		    "not known",
		    f->ref_to.ns, rt_ref_text(t->a, f->ref_to));
	if (b.share > 0 && f->ok == RT_YES && !f->service)
		rt_depends(t, run->r, "endpoints of %s, and whether it gets TLS, are not looked at",
		    rt_ref_text(t->a, f->ref_to));
	pass_through(t, run->l, &b);
	if (is_http(run->pick))
		backend_filters(run, f, &b);
	if (!b.redirect)
		judge(run, f, &b);
	if (!is_http(run->pick))
		b.status = 0; /* nothing of HTTP is spoken there: why says it */
	say_backend(t, f, &b, run->r);
	if (b.share > 0 && f->ok != RT_NO && !b.redirect)
		rt_step_endpoints(t, run->r, &b, f->service);
	rt_vec_push(&run->r->backends, t->a, b);
}

/* ------------------------------------------------------------------ mirrors */

static const struct rt_mirror *mirror_of(
    const struct rt_rule *rule, const struct rt_backend_fact *f)
{
	rt_filters list = rule->filters;
	if (f->ref >= 0)
		list = rule->backend_refs.v[f->ref].filters;
	return f->filter >= 0 && (size_t)f->filter < list.len ? list.v[f->filter].mirror : NULL;
}

static void add_mirror(struct rt_tracer *t, const struct rt_rule *rule,
    const struct rt_backend_fact *f, struct rt_trace_result *r)
{
	const struct rt_mirror *m = mirror_of(rule, f);
	double percent = m ? rt_mirror_percent(m) : 100.0;
	if (f->ref >= 0 && rule->backend_refs.v[f->ref].weight == 0)
		return;
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_FILTER, f->ok,
	    "%.4g %% are mirrored to %s%s%s", percent, backend_text(t->a, f),
	    f->ok == RT_NO ? ": not sent, " : "", f->ok == RT_NO ? faults[f->fault].why : "");
	s->object = f->ref_to;
	if (f->ok == RT_NO)
		rt_step_mend(s, faults[f->fault].finding, faults[f->fault].mend);
	else
		rt_vec_push(
		    &r->mirrors, t->a, (struct rt_trace_mirror){f->ref_to, f->spec->port, percent});
}

/* ------------------------------------------------------------------ all of them */

/* The result carries what the first backend with a share sees; the others only what differs. */
static void hoist(struct rt_trace_result *r)
{
	struct rt_trace_backend *first = NULL;
	for (size_t i = 0; i < r->backends.len && !first; i++)
		if (r->backends.v[i].share > 0)
			first = &r->backends.v[i];
	if (!first || !first->forwarded)
		return;
	r->forwarded = first->forwarded;
	r->response_headers = *first->response_headers;
	for (size_t i = 0; i < r->backends.len; i++) {
		struct rt_trace_backend *b = &r->backends.v[i];
		if (forwarded_same(b->forwarded, r->forwarded))
			b->forwarded = NULL;
		if (change_same(b->response_headers, &r->response_headers))
			b->response_headers = NULL;
	}
}

/* What every backend with a share answers; of several the first. */
static const struct rt_trace_redirect *common_redirect(const struct rt_trace_result *r)
{
	const struct rt_trace_redirect *first = NULL;
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_trace_backend *b = &r->backends.v[i];
		if (b->share > 0 && !b->redirect)
			return NULL;
		if (b->share > 0 && !first)
			first = b->redirect;
	}
	return first;
}

static bool some_forwarded(const struct rt_trace_result *r)
{
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_trace_backend *b = &r->backends.v[i];
		if (b->share > 0 && !b->why && !b->redirect)
			return true;
	}
	return false;
}

void rt_trace_backends(struct rt_tracer *t, const struct rt_listener_fact *l,
    const struct rt_pick *pick, const struct rt_effect *effect, struct rt_trace_result *r)
{
	const struct rt_route_fact *route = pick->attachment->route;
	const struct rt_rule *rule = &route->route->rules.v[pick->rule];
	const struct rt_backend_fact *f = NULL;
	size_t count = rt_route_rule_backends(route, pick->rule, &f);
	const struct rule_run run = {t, l, pick, effect, r};
	for (size_t i = 0; i < count; i++)
		if (f[i].place == RT_PLACE_BACKEND)
			add_backend(&run, &f[i]);
	if (is_http(pick)) {
		hoist(r);
		r->redirect = common_redirect(r);
	}
	/* What is answered before it reaches a backend is not mirrored either. */
	for (size_t i = 0; some_forwarded(r) && i < count; i++)
		if (f[i].place == RT_PLACE_MIRROR)
			add_mirror(t, rule, &f[i], r);
}

void rt_trace_settle(struct rt_tracer *t, struct rt_trace_result *r)
{
	int status = 0;
	bool any = false, live = false, alike = true;
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_trace_backend *b = &r->backends.v[i];
		if (b->share <= 0)
			continue;
		live |= b->status == 0;
		alike &= !any || b->status == status;
		status = b->status;
		any = true;
	}
	if (!any) {
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_BACKEND, RT_NO, "%s",
		    r->backends.len ? "every backend has weight 0" : "the rule has no backend");
		rt_step_mend(s, "RT16", "Give the rule a backend with a weight");
		rt_respond(r, rt_broken_status(t));
	} else if (!live && alike) {
		rt_respond(r, status);
	} else {
		r->outcome = RT_OUTCOME_FORWARD;
	}
	if (r->outcome != RT_OUTCOME_FORWARD)
		r->forwarded = NULL;
}
