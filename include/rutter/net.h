/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.h - HTTP GET to one server as one identity: the whole of what leaves the program.
 * There is no way to name a method, so nothing but GET can be sent. HTTP/2 with many streams on
 * one connection where the server has it, HTTP/1.1 otherwise. The client makes itself the poller of
 * its loop: one client a loop at a time. Callbacks run from the loop, never inside rt_net_get, and
 * may start and cancel requests, but not free the client.
 *
 *	struct rt_net_call *call = rt_net_get(net, &(struct rt_net_request){
 *	    .path = "/api/v1/services?resourceVersion=0", .ops = &ops, .ctx = me});
 *	ops.head once, ops.body any number of times, ops.done once (also without the others)
 *
 * A body is delivered as it arrives, in slices of the loop's budget; what does not fit waits in a
 * bounded queue, and behind that in the sockets. RT_OK does not prove completeness (a reset HTTP/2
 * stream looks like an end on libcurl 7.88): whoever reads a document checks that it ended.
 */
#ifndef RUTTER_NET_H
#define RUTTER_NET_H

#include "rutter/err.h"

struct rt_loop;
struct rt_net;
struct rt_net_call;

struct rt_net_header {
	const char *name, *value;
};

/* Where. Everything is copied. */
struct rt_net_endpoint {
	const char *scheme; /* "https" or "http" */
	const char *host;   /* IPv6 without brackets */
	int port;
	bool port_given;    /* it stands in the URL, so in Host too */
	const char *prefix; /* "" or "/k8s/clusters/c-x" */
	const char *ca;     /* PEM: only these are trusted; NULL: the system's */
	size_t ca_len;
	const char *ca_source;       /* for messages, may be NULL */
	bool insecure;               /* verify nothing */
	const char *tls_server_name; /* NULL: host */
	const char *proxy;           /* NULL: direct, whatever the environment says */
	const char *proxy_shown;     /* the same without credentials */
	bool disable_compression;
	const char *origin; /* for hints: 'context "prod" of /home/me/.kube/config', or NULL */
};

struct rt_net_params {
	struct rt_loop *loop;
	struct rt_net_endpoint endpoint;
	const char *user_agent;
	int64_t timeout_ms; /* the user's limit for any request but streams; 0: none given */
	bool http1;         /* never HTTP/2 */
};

/* RT_CONFIG for what can be told from the endpoint alone (header injection, empty CA). */
RT_NODISCARD enum rt_status rt_net_new(
    const struct rt_net_params *params, struct rt_net **ret, struct rt_error *err);
void rt_net_free(struct rt_net *n); /* NULL-safe; requests under way end without a callback */

/* What connections made from now on trust. Copied. */
void rt_net_set_ca(struct rt_net *n, const char *ca, size_t len);

/* As whom: headers (Authorization, Impersonate-…) and client certificate of all requests from now
 * on. Copied; what was before is wiped. Streams that run as another client certificate end as lost.
 * RT_CREDENTIALS: a value holds a line break or control character, which could forge a header, or
 * all of them are too long for a request; nothing is changed then. */
struct rt_net_identity {
	const struct rt_net_header *headers;
	size_t header_count;
	const char *cert, *key; /* PEM, NULL: none */
	size_t cert_len, key_len;
};
RT_NODISCARD enum rt_status rt_net_set_identity(
    struct rt_net *n, const struct rt_net_identity *id, struct rt_error *err);

struct rt_net_head {
	int http;                 /* 200 … */
	const char *content_type; /* as sent, "" when absent */
};

struct rt_net_result {
	enum rt_status status;      /* RT_OK: a 2xx that ended as far as the transport can tell */
	const struct rt_error *err; /* what failed and why, a generic text for a non-2xx answer */
	int http;                   /* 0: no answer */
	const char *content_type;   /* "" when absent */
	int64_t retry_after_ms;     /* Retry-After of the answer, -1 when absent */
	bool lost;                  /* the connection broke under it: asking again may help */
	const char *body;           /* of a non-2xx answer, its first 64 KiB; never NULL */
	size_t body_len;
	uint64_t bytes; /* of the body after decompression */
};

struct rt_net_ops {
	void (*head)(void *ctx, const struct rt_net_head *head); /* may be NULL */
	/* Of 2xx answers only. False: stop; done follows with RT_CANCELLED. */
	bool (*body)(void *ctx, const char *bytes, size_t len);
	void (*done)(void *ctx, const struct rt_net_result *result);
};

struct rt_net_request {
	const char *path;   /* "/api/v1/…?…", escaped; put after the endpoint's prefix */
	const char *accept; /* NULL: application/json */
	bool stream;        /* a watch or a log: no total time limit, not compressed */
	int64_t timeout_ms; /* total; 0: the user's or five minutes; streams: until the head came */
	int64_t stall_ms;   /* longest silence; 0: 30 s, for streams none */
	uint64_t max_bytes; /* of the decompressed body; 0: 64 MiB */
	const struct rt_net_ops *ops;
	void *ctx;
};
struct rt_net_call *rt_net_get(struct rt_net *n, const struct rt_net_request *req);
/* No callback of this request runs any more. c is gone. */
void rt_net_cancel(struct rt_net_call *c);

/* Gives the connections up: requests under way end as lost. Not from a callback of a request. */
void rt_net_reset(struct rt_net *n);
/* rt_loop_clock_ms() when a byte last came, 0 before the first. */
int64_t rt_net_last_byte_ms(const struct rt_net *n);

/* Warning headers of the server ("299 - text"), each distinct text once. NULL removes. */
void rt_net_on_warning(struct rt_net *n, void (*fn)(void *ctx, const char *text), void *ctx);

/* Does a Content-Type value name this type ("application/json"), whatever its parameters? */
bool rt_net_type_is(const char *content_type, const char *type);
/* Has it the parameter name=value? Case-insensitive, any order, quotes allowed. */
bool rt_net_type_has(const char *content_type, const char *name, const char *value);

/* What libcurl can do here, for `version -o json`. Static strings, NULL where absent. */
struct rt_net_library {
	const char *curl, *tls, *http2, *zlib;
	bool async_dns;
};
struct rt_net_library rt_net_library(void);

#endif
