/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.h - what one request would meet, hop by hop, on Gateway API and on Ingress.
 * A pure function of the facts and the request. Everything of a trace lives in the caller's arena
 * and points at facts and objects of the store; it ends with whichever goes first.
 *
 *	struct rt_request req;
 *	struct rt_trace t;
 *	if (rt_request_parse(&arena, &(struct rt_request_args){.url = url}, &req, err) == RT_OK)
 *		rt_trace_run(an, &arena, &req, &(struct rt_trace_opts){0}, &t);
 *	rt_trace_text(&out, &t, &style);
 */
#ifndef RUTTER_TRACE_H
#define RUTTER_TRACE_H

#include "rutter/analysis_ingress.h"

/* ---------------------------------------------------------------- the request */

struct rt_request_args {
	const char *method; /* NULL: GET, for gRPC POST */
	const char *url;
	const char *const *headers; /* "Name: value" */
	size_t header_count;
	int port;         /* --port, 0: the URL's */
	const char *sni;  /* --sni, NULL: the URL's host */
	const char *cert; /* --cert NS/NAME, NULL: none */
};

enum rt_scheme {
	RT_SCHEME_HTTP,
	RT_SCHEME_HTTPS,
	RT_SCHEME_GRPC,
	RT_SCHEME_GRPCS,
	RT_SCHEME_TLS,
	RT_SCHEME_TCP,
	RT_SCHEME_UDP,
};

typedef RT_LIST(struct rt_header) rt_headers;
struct rt_request {
	enum rt_scheme scheme;
	const char *method; /* NULL for tls, tcp and udp */
	const char *host;   /* lower case, no port, no brackets; a Host header wins over the URL */
	bool ip_literal;
	int port;           /* of the URL, or its scheme's */
	int connect;        /* the port connected to */
	const char *path;   /* raw, starts with '/'; NULL for tls, tcp and udp */
	const char *query;  /* raw, NULL without */
	rt_headers headers; /* as given, in order, without Host */
	const char *sni;    /* what the client's TLS names; NULL: no TLS, or an address */
	const char *cert_ns, *cert_name; /* the Secret of the client's certificate; NULL: none */
};

const char *rt_scheme_name(enum rt_scheme s);
bool rt_scheme_is_http(enum rt_scheme s); /* http, https, grpc, grpcs */
bool rt_scheme_is_grpc(enum rt_scheme s);
bool rt_scheme_is_tls(enum rt_scheme s); /* https, grpcs, tls */
/* RT_USAGE: what is wrong with the URL, a header, the port or the certificate's name. */
RT_NODISCARD enum rt_status rt_request_parse(struct rt_arena *a, const struct rt_request_args *args,
    struct rt_request *ret, struct rt_error *err);
/* "GET https://shop.example.com/cart", with the port where it is not the scheme's. In arena. */
const char *rt_request_text(struct rt_arena *a, const struct rt_request *req);

/* ---------------------------------------------------------------- the answer */

enum rt_hop {
	RT_HOP_ENTRY,    /* Gateway or class */
	RT_HOP_LISTENER, /* port, protocol, hostname */
	RT_HOP_TLS,      /* SNI, certificates, client certificate */
	RT_HOP_ROUTE,    /* route or Ingress, rule and match */
	RT_HOP_NEAR_MISS,
	RT_HOP_FILTER, /* filters, annotations, time-outs */
	RT_HOP_BACKEND,
	RT_HOP_ENDPOINT,
	RT_HOP_NOTE, /* what the answer depends on */
	RT_HOP_COUNT
};
const char *rt_hop_name(enum rt_hop h);

struct rt_trace_step {
	enum rt_hop hop;
	enum rt_tri ok;       /* RT_UNKNOWN also where there is nothing to pass or fail */
	const char *text;     /* one line: what was compared with what */
	const char *finding;  /* code of `rutter explain`, or NULL */
	const char *mend;     /* one imperative sentence, or NULL */
	struct rt_ref object; /* what to open; name NULL: nothing */
};
typedef RT_VEC(struct rt_trace_step) rt_trace_steps;

enum rt_outcome {
	RT_OUTCOME_FORWARD,
	RT_OUTCOME_REDIRECT,
	RT_OUTCOME_RESPOND,
	RT_OUTCOME_REFUSE,
	RT_OUTCOME_TLS_ERROR,
};
const char *rt_outcome_name(enum rt_outcome o);

struct rt_forwarded {
	const char *host, *path, *query; /* NULL: nothing of HTTP is looked at */
	struct rt_header_change headers; /* net: remove, then set, then add */
};
enum rt_upstream_tls { RT_UPSTREAM_PLAIN, RT_UPSTREAM_ORIGINATE, RT_UPSTREAM_PASSTHROUGH };

struct rt_trace_redirect {
	const char *scheme, *host, *path, *location;
	int port; /* 0: location carries none */
	int status;
};
struct rt_trace_backend {
	struct rt_ref ref;
	int64_t port, weight; /* RT_INT_UNSET: none */
	double share;
	int status;      /* 500 or 503 where it would fail, else 0 */
	const char *why; /* with a status: one clause */
	struct rt_endpoints endpoints;
	enum rt_upstream_tls tls;
	const char *sni;
	struct rt_ref client_certificate;                /* name NULL: none */
	const struct rt_forwarded *forwarded;            /* NULL: as the result's */
	const struct rt_header_change *response_headers; /* NULL: as the result's */
	const struct rt_trace_redirect *redirect;        /* what its share gets instead, or NULL */
};
struct rt_trace_mirror {
	struct rt_ref ref;
	int64_t port;
	double percent;
};

struct rt_trace_result {
	struct rt_ref entry;                     /* Gateway or Ingress; kind NULL: nobody listens */
	const struct rt_listener_fact *listener; /* NULL for Ingress */
	const struct rt_route *route;            /* NULL for Ingress */
	const struct rt_ingress_fact *ingress;   /* NULL for Gateway API */
	bool matched;                            /* route or ingress, rule and match are set */
	int rule, match; /* match -1: none; Ingress: rule -1 is the default backend */
	enum rt_outcome outcome;
	int status; /* RT_OUTCOME_RESPOND, else 0 */
	const struct rt_trace_redirect *redirect;
	RT_VEC(struct rt_trace_backend) backends;
	const struct rt_forwarded *forwarded; /* NULL unless something is forwarded */
	struct rt_header_change response_headers;
	RT_VEC(struct rt_trace_mirror) mirrors;
	bool by_controller; /* certainty */
	rt_trace_steps steps;
};

struct rt_trace {
	struct rt_request request;
	RT_VEC(struct rt_trace_result) results;
};

struct rt_trace_opts {
	const char *gateway_ns, *gateway; /* --gateway: this one alone, whether it listens or not */
	const char *ingress_ns, *ingress; /* --ingress: its class alone */
};

void rt_trace_run(const struct rt_analysis *an, struct rt_arena *a, const struct rt_request *req,
    const struct rt_trace_opts *opts, struct rt_trace *ret);
/* Does some result serve the request (contract: exit status 0)? */
bool rt_trace_served(const struct rt_trace *t);

#endif
