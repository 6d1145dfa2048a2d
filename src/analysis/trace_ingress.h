/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_ingress.h - shared by the Ingress half of the trace.
 */
#ifndef RT_ANALYSIS_TRACE_INGRESS_H
#define RT_ANALYSIS_TRACE_INGRESS_H

#include "ingress_match.h"
#include "trace_int.h"

struct rt_ingress_sending {
	double share;
	int64_t weight;
	bool tls;                         /* the controller speaks TLS to it */
	const char *sni;                  /* NULL: none is sent */
	struct rt_ref client_certificate; /* name NULL: none */
};
void rt_ingress_backend_add(struct rt_tracer *t, struct rt_trace_result *r,
    const struct rt_ingress_backend_fact *f, const struct rt_ingress_sending *how);
struct rt_effect rt_ingress_effect(const struct rt_tracer *t);
/* After the backends: what they see, and the outcome. */
void rt_ingress_forward(struct rt_tracer *t, struct rt_trace_result *r, const struct rt_effect *e);

/* The first step: the Ingress that wins and its class. */
void rt_ingress_entry(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_fact *f, struct rt_trace_result *r);
/* The spec.tls entry for a host; rule_host: of the rule that won, for entries without hosts. */
bool rt_ingress_tls_for(const struct rt_ingress_group *g, const char *host, const char *rule_host,
    const struct rt_ingress_fact **ret, size_t *ret_index);
/* Which certificate an https client sees; host and rule_host as above. */
void rt_ingress_certificate(struct rt_tracer *t, const struct rt_ingress_group *g, const char *host,
    const char *rule_host, struct rt_trace_result *r);
/* The nearest other Ingresses of the class, and those that lost (trace_ingress_near.c). */
struct rt_ingress_near_in {
	const struct rt_ingress_place *winner; /* NULL: none */
	const char *host, *path;               /* as they are compared */
	bool expressions;                      /* every path of the host is one (ingress-nginx) */
};
void rt_ingress_near(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_ingress_near_in *in, struct rt_trace_result *r);

/* False: no server of the group is for the host (and it was not forced). */
bool rt_trace_nginx(
    struct rt_tracer *t, const struct rt_ingress_group *g, bool forced, struct rt_trace_result *r);

#endif
