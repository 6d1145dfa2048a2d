/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kube.h - one API server as one user: requests with credentials, refusals in kubectl's words.
 * Joins the network client with the credentials: a request waits for a credential plugin, is sent
 * again once when a 401 can be mended, and its failure is told with the server's own Status. Paths
 * are built here and nowhere else. Callbacks run from the loop, never inside rt_kube_get.
 *
 *	struct rt_kube_query q = {.version = "v1", .plural = "services", .resource_version = "0"};
 *	call = rt_kube_get(kube, &(struct rt_kube_request){.query = &q, .ops = &ops, .ctx = me});
 */
#ifndef RUTTER_KUBE_H
#define RUTTER_KUBE_H

#include "rutter/credentials.h"
#include "rutter/net.h"

struct rt_kube;
struct rt_kube_call;

struct rt_kube_params {
	struct rt_loop *loop;
	const struct rt_kubeconfig *config; /* outlives the client */
	const struct rt_credentials_ops *credential_ops;
	void *credential_ctx;
	const char *user_agent;
	int64_t timeout_ms; /* --request-timeout, 0: none */
	bool http1;
	int64_t (*now)(void *ctx); /* seconds since 1970, for the expiry of credentials */
	void *now_ctx;
};
RT_NODISCARD enum rt_status rt_kube_new(
    const struct rt_kube_params *params, struct rt_kube **ret, struct rt_error *err);
void rt_kube_free(struct rt_kube *k); /* NULL-safe */
struct rt_loop *rt_kube_loop(const struct rt_kube *k);
struct rt_credentials *rt_kube_credentials(struct rt_kube *k);
/* The connection is taken for dead: requests under way end as lost, the next ones connect anew. */
void rt_kube_reset(struct rt_kube *k);
/* rt_loop_clock_ms() when a byte last came from the server. */
int64_t rt_kube_last_byte_ms(const struct rt_kube *k);
void rt_kube_on_warning(struct rt_kube *k, void (*fn)(void *ctx, const char *text), void *ctx);

/* --- paths ------------------------------------------------------------------------------------ */

struct rt_kube_query {
	const char *group, *version, *plural; /* group NULL or "": the core API */
	const char *ns;                       /* NULL: cluster scope or all namespaces */
	const char *name;                     /* NULL: the collection */
	const char *subresource;
	const char *label_selector, *field_selector;
	const char *resource_version, *continue_token;
	int limit; /* 0: none */
	bool watch;
	int timeout_seconds; /* of a watch */
	const char *extra;   /* more of the query, escaped: "container=c&follow=true" */
};
void rt_kube_path(struct rt_buf *out, const struct rt_kube_query *q);

/* --- requests --------------------------------------------------------------------------------- */

/* What came of a request, as far as it decides what to do next. */
enum rt_kube_failure {
	RT_KUBE_OK,
	RT_KUBE_FORBIDDEN,      /* 403 */
	RT_KUBE_UNAUTHORIZED,   /* 401, or no credentials to be had */
	RT_KUBE_NOT_FOUND,      /* 404 */
	RT_KUBE_GONE,           /* 410: the resourceVersion or the page token is too old */
	RT_KUBE_TOO_LARGE_RV,   /* the replica has not caught up with that resourceVersion */
	RT_KUBE_TOO_MANY,       /* 429 */
	RT_KUBE_NOT_ACCEPTABLE, /* 406: not in that form */
	RT_KUBE_REFUSED,        /* other 4xx */
	RT_KUBE_SERVER,         /* 5xx */
	RT_KUBE_LOST,           /* the connection broke */
	RT_KUBE_TIMEOUT,
	RT_KUBE_UNREACHABLE, /* no connection, TLS, proxy, configuration */
	RT_KUBE_BAD_ANSWER,  /* no API server's answer, or it does not parse */
	RT_KUBE_CANCELLED,   /* the body callback said no */
};

struct rt_kube_result {
	enum rt_kube_failure failure;
	enum rt_status status;
	const struct rt_error *err;
	int http;
	const char *content_type;
	int64_t retry_after_ms;     /* -1: not said */
	const char *continue_token; /* of a 410 on a page, or NULL */
};

struct rt_kube_ops {
	void (*head)(void *ctx, const struct rt_net_head *head); /* may be NULL */
	bool (*body)(void *ctx, const char *bytes, size_t len);
	void (*done)(void *ctx, const struct rt_kube_result *result);
};

enum rt_kube_form {
	RT_KUBE_WHOLE,     /* application/json */
	RT_KUBE_META_LIST, /* PartialObjectMetadataList, and nothing else */
	RT_KUBE_META,      /* PartialObjectMetadata: single objects and the items of a watch */
	RT_KUBE_TEXT,      /* a log */
	RT_KUBE_DISCOVERY,
};

struct rt_kube_request {
	const struct rt_kube_query *query; /* NULL: path is given */
	const char *path;                  /* "/apis" */
	enum rt_kube_form form;
	bool stream;
	/* Ask again after Retry-After or a lost connection, a few times, before giving up. For
	 * callers without a machine of their own; never once the body has begun. */
	bool patient;
	int64_t timeout_ms, stall_ms;
	uint64_t max_bytes;
	const struct rt_kube_ops *ops;
	void *ctx;
};
struct rt_kube_call *rt_kube_get(struct rt_kube *k, const struct rt_kube_request *req);
void rt_kube_cancel(struct rt_kube_call *c);

/* --- Status bodies ---------------------------------------------------------------------------- */

struct rt_kube_status {
	int code;
	char reason[64], message[768];
	char kind[128], name[256]; /* details: the resource asked for */
	int64_t retry_after_ms;    /* -1 */
	bool too_large_rv;
	char continue_token[2048];
	bool failure; /* status: Failure */
};
#define RT_KUBE_NO_API_HINT                                                                        \
	"is this the address of an API server? A proxy or a login page may answer"

/* False: not a Status. */
bool rt_kube_status_parse(const char *body, size_t len, struct rt_kube_status *ret);
enum rt_kube_failure rt_kube_status_failure(const struct rt_kube_status *s);
/* Writes the error that stands for a non-2xx answer: the Status' own words, or what the body looks
 * like when it is none. Returns what kind of failure it is. */
enum rt_kube_failure rt_kube_explain(
    const struct rt_net_result *r, struct rt_kube_status *ret, struct rt_error *err);

#endif
