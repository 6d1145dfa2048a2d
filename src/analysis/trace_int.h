/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_int.h - shared by the files of the trace (trace*.c, ingress_*.c).
 * A tracer is one run; each entry fills one result. A function that ends the request sets the
 * outcome and returns false, so that callers read as a ladder.
 */
#ifndef RT_ANALYSIS_TRACE_INT_H
#define RT_ANALYSIS_TRACE_INT_H

#include "filters.h"
#include "predicate.h"

struct rt_tracer {
	const struct rt_analysis *an;
	struct rt_arena *a;
	const struct rt_request *req;
	struct rt_view view;
};

/* ---------------------------------------------------------------- steps (trace_step.c) */

/* The new step may be adorned until the next one is added. */
struct rt_trace_step *rt_step(struct rt_tracer *t, struct rt_trace_result *r, enum rt_hop hop,
    enum rt_tri ok, const char *fmt, ...) RT_PRINTF(5, 6);
void rt_step_object(struct rt_trace_step *s, const struct rt_obj *o);
/* mend NULL: what the catalogue says of the finding. */
void rt_step_mend(struct rt_trace_step *s, const char *finding, const char *mend);
/* Ends the request; always false. */
bool rt_respond(struct rt_trace_result *r, int status);
bool rt_refuse(struct rt_trace_result *r);
bool rt_tls_error(struct rt_trace_result *r);
/* "it depends": certainty controller, and a note that says on what. */
void rt_depends(struct rt_tracer *t, struct rt_trace_result *r, const char *fmt, ...)
    RT_PRINTF(3, 4);
/* The status that stands for "this backend cannot be used": 500, gRPC 503. */
int rt_broken_status(const struct rt_tracer *t);
/* The controller's own words about a condition that is not good, as a note. */
void rt_step_reported(struct rt_tracer *t, struct rt_trace_result *r, const struct rt_obj *o,
    rt_conditions conditions, const char *type);

/* ---------------------------------------------------------------- Gateway API */

/* Does a class claim it? One that manifests merely do not hold counts as there: RT_UNKNOWN. */
enum rt_tri rt_gateway_claimed(const struct rt_analysis *an, const struct rt_gateway_fact *gw);
/* False: this Gateway has no listener for the host on that port; r then says why. */
bool rt_trace_gateway(
    struct rt_tracer *t, const struct rt_gateway_fact *gw, struct rt_trace_result *r);

/* The listener that takes the connection and the request (trace_listener.c). */
struct rt_listener_choice {
	const struct rt_listener_fact *listener; /* NULL: r holds the outcome */
	bool relevant;                           /* some listener of the port is for this host */
};
struct rt_listener_choice rt_trace_listener(
    struct rt_tracer *t, const struct rt_gateway_fact *gw, struct rt_trace_result *r);
/* Is it there for traffic, as far as is known? */
bool rt_listener_serves(const struct rt_listener_fact *l);
const char *rt_listener_text(struct rt_arena *a, const struct rt_listener_fact *l);

/* Certificates of both sides (trace_tls.c). */
bool rt_trace_tls(struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r);

/* The rule that takes the request (trace_rules.c). */
struct rt_pick {
	const struct rt_attachment *attachment; /* NULL: none */
	const char *hostname;                   /* the intersected one that matched */
	int rule, match;
	const struct rt_route_match *spec;
	struct rt_rank rank;
};
bool rt_trace_rule(struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r,
    struct rt_pick *ret);
/* The best hostname of the attachment that takes host; false: none does. */
bool rt_attachment_host(const struct rt_attachment *at, const char *host, const char **ret);

/* TLSRoute, TCPRoute, UDPRoute (trace_stream.c). */
void rt_trace_stream(
    struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r);

/* Backends with share, status, endpoints, TLS; used by all kinds of routes. */
void rt_trace_backends(struct rt_tracer *t, const struct rt_listener_fact *l,
    const struct rt_pick *pick, const struct rt_effect *effect, struct rt_trace_result *r);
/* "it does not exist": one clause about the reference's target; NULL for RT_BACKEND_OK. */
const char *rt_backend_fault_text(enum rt_backend_fault f);
/* After the backends are in: forward, or respond when every share fails alike. */
void rt_trace_settle(struct rt_tracer *t, struct rt_trace_result *r);
/* ", only 80, 443": the ports of a Service, behind a clause that says which one is not there. */
const char *rt_ports_text(struct rt_arena *a, const struct rt_obj *service);
/* Under the step of a backend without endpoints: the finding that says why, else the one given. */
void rt_step_drained(struct rt_tracer *t, struct rt_trace_step *s,
    const struct rt_service_fact *svc, const char *finding);
/* Endpoint steps of a backend. */
void rt_step_endpoints(struct rt_tracer *t, struct rt_trace_result *r,
    const struct rt_trace_backend *b, const struct rt_service_fact *svc);

/* A result that says that what was asked for does not exist. */
void rt_trace_absent(struct rt_tracer *t, struct rt_ref ref, struct rt_trace *ret);

/* ---------------------------------------------------------------- Ingress */

#define RT_OFF_PORT "Ingress serves http on 80 and https on 443, not %s on %d"
/* An Ingress with a rule for the host, where nobody listens; NULL: none, or it would listen. */
const struct rt_ingress_fact *rt_trace_off_port(const struct rt_tracer *t);
/* One result for each class with a rule for the host, appended to ret. */
void rt_trace_ingresses(
    struct rt_tracer *t, const struct rt_trace_opts *opts, struct rt_trace *ret);

#endif
