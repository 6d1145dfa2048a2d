/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_ingress_hops.c - the hops that every controller of Ingresses has: entry, certificate,
 * backends.
 */
#include "config.h"

#include "rutter/arena.h"
#include "rutter/hostname.h"
#include "rutter/vec.h"
#include "trace_ingress.h"

/* ------------------------------------------------------------------ backends */

static const struct {
	const char *why, *finding, *mend;
} faults[] = {
    [RT_INGRESS_BACKEND_OK] = {NULL, NULL, NULL},
    [RT_INGRESS_BACKEND_EMPTY] = {"the path names no backend", "IN05", "Name a Service"},
    [RT_INGRESS_BACKEND_ABSENT] = {"it does not exist", "IN05", "Correct the name, or create it"},
    [RT_INGRESS_BACKEND_PORT] = {"it has no such port", "IN06",
	"Name a Service port, not the targetPort"},
};

static int64_t port_of(const struct rt_ingress_backend_fact *f)
{
	if (f->port)
		return f->port->port;
	return f->spec->service ? f->spec->service->port.number : RT_INT_UNSET;
}

void rt_ingress_backend_add(struct rt_tracer *t, struct rt_trace_result *r,
    const struct rt_ingress_backend_fact *f, const struct rt_ingress_sending *how)
{
	struct rt_trace_backend b = {.ref = f->ref_to,
	    .port = port_of(f),
	    .weight = how->weight,
	    .share = how->share,
	    .tls = how->tls ? RT_UPSTREAM_ORIGINATE : RT_UPSTREAM_PLAIN,
	    .sni = how->sni,
	    .client_certificate = how->client_certificate};
	if (f->service && f->ok != RT_NO)
		rt_endpoints_of(t->an, f->service, f->port, t->a, &b.endpoints);
	const struct rt_endpoints *e = &b.endpoints;
	bool drained = e->known == RT_YES && e->ready == 0 && e->draining == 0;
	if (f->ok == RT_NO || drained) {
		b.status = 503;
		b.why = f->ok == RT_NO ? faults[f->fault].why : "it has no ready endpoint";
	}
	const char *name = f->ref_to.name ? rt_ref_text(t->a, f->ref_to) : "no backend";
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_BACKEND, b.why ? RT_NO : f->ok,
	    "%s%s gets %.4g %%%s%s%s%s%s%s%s", name,
	    b.port == RT_INT_UNSET ? "" : rt_arena_printf(t->a, ":%lld", (long long)b.port),
	    b.share * 100, how->tls ? ", TLS to it" : "", b.sni ? " as " : "", b.sni ? b.sni : "",
	    b.why ? ": " : "", b.why ? b.why : "",
	    f->fault == RT_INGRESS_BACKEND_PORT ? rt_ports_text(t->a, f->obj) : "",
	    b.status ? ", answers 503" : "");
	s->object = f->ref_to;
	if (f->ok == RT_NO)
		rt_step_mend(s, faults[f->fault].finding, faults[f->fault].mend);
	else if (drained)
		rt_step_drained(t, s, f->service, "IN07");
	if (b.status && b.share > 0)
		rt_depends(t, r, "what it answers for a backend that fails is the controller's");
	if (f->ok == RT_UNKNOWN)
		rt_depends(t, r, "%s could not be read in full", name);
	if (b.share > 0 && f->ok != RT_NO)
		rt_step_endpoints(t, r, &b, f->service);
	rt_vec_push(&r->backends, t->a, b);
}

void rt_ingress_forward(struct rt_tracer *t, struct rt_trace_result *r, const struct rt_effect *e)
{
	struct rt_forwarded *f = rt_arena_new(t->a, struct rt_forwarded);
	*f = (struct rt_forwarded){e->host, e->path, t->req->query, rt_net_result(&e->request)};
	r->forwarded = f;
	r->response_headers = rt_net_result(&e->response);
	rt_trace_settle(t, r);
}

struct rt_effect rt_ingress_effect(const struct rt_tracer *t)
{
	return (struct rt_effect){.host = t->req->host,
	    .path = t->req->path,
	    .request = {.arena = t->a},
	    .response = {.arena = t->a}};
}

/* ------------------------------------------------------------------ TLS */

static bool tls_covers(const struct rt_ingress_tls *tls, const char *host)
{
	for (size_t i = 0; i < tls->hosts.len; i++)
		if (rt_hostname_matches_ingress(tls->hosts.v[i], host))
			return true;
	return tls->hosts.len == 0;
}

bool rt_ingress_tls_for(const struct rt_ingress_group *g, const char *host, const char *rule_host,
    const struct rt_ingress_fact **ret, size_t *ret_index)
{
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		for (size_t j = 0; j < ing->tls.len; j++) {
			if (!tls_covers(&ing->tls.v[j], host))
				continue;
			/* An entry without hosts speaks for the Ingress's own rules alone. */
			bool own = ing->tls.v[j].hosts.len > 0;
			for (size_t k = 0; !own && k < ing->rules.len; k++)
				own = rt_hostname_equal(ing->rules.v[k].host, rule_host);
			if (!own)
				continue;
			*ret = g->members.v[i];
			*ret_index = j;
			return true;
		}
	}
	return false;
}

void rt_ingress_certificate(struct rt_tracer *t, const struct rt_ingress_group *g, const char *host,
    const char *rule_host, struct rt_trace_result *r)
{
	const struct rt_ingress_fact *f = NULL;
	size_t index = 0;
	if (!rt_ingress_tls_for(g, host, rule_host, &f, &index)) {
		rt_step(t, r, RT_HOP_TLS, RT_UNKNOWN,
		    "no spec.tls is for %s: the controller's default certificate, if it answers at "
		    "all",
		    host);
		r->by_controller = true;
		return;
	}
	const char *secret = f->ingress->tls.v[index].secret_name;
	const struct rt_ref_fact *ref = NULL;
	for (size_t i = 0; i < f->secrets.len; i++)
		if (f->secrets.v[i].index == index)
			ref = &f->secrets.v[i];
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_TLS, ref ? ref->ok : RT_UNKNOWN,
	    "spec.tls[%zu] of %s: %s%s%s", index, rt_obj_text(t->a, &f->ingress->obj),
	    secret ? "Secret " : "no Secret, the controller's certificate", secret ? secret : "",
	    ref && ref->ok == RT_NO ? " is missing or unusable, the default certificate is shown"
				    : "");
	rt_step_object(s, ref && ref->obj ? ref->obj : &f->ingress->obj);
	if (ref && ref->ok == RT_NO && !f->certificates_elsewhere)
		rt_step_mend(s, "IN08", "Create the Secret");
	else if (ref && ref->ok == RT_NO)
		s->ok = RT_UNKNOWN;
}

/* ------------------------------------------------------------------ the entry */

/* "class nginx (ingress-nginx)". */
static const char *group_text(struct rt_arena *a, const struct rt_ingress_group *g)
{
	const char *title = g->controller ? g->controller->title : "unknown controller";
	if (!g->class_name)
		return rt_arena_printf(a, "no class (%s)", title);
	return rt_arena_printf(a, "class %s (%s%s)", g->class_name, title,
	    g->assumed && g->controller ? ", by its name" : "");
}

void rt_ingress_entry(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_fact *f, struct rt_trace_result *r)
{
	r->entry = rt_obj_ref(&f->ingress->obj);
	r->ingress = f;
	enum rt_tri claimed = rt_ingress_claimed(t->an, f);
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_ENTRY, claimed, "%s of %s, port %d",
	    rt_obj_text(t->a, &f->ingress->obj), group_text(t->a, g), t->req->connect);
	rt_step_object(s, &f->ingress->obj);
	if (claimed == RT_UNKNOWN)
		rt_depends(
		    t, r, "whether a controller takes the class is not known from the input");
}
