/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_int.h - the client's and a request's own state, shared by the files of this folder.
 * curl is included here and nowhere above.
 */
#ifndef RUTTER_NET_INT_H
#define RUTTER_NET_INT_H

#include <curl/curl.h>

#include "rutter/buf.h"
#include "rutter/loop.h"
#include "rutter/map.h"
#include "rutter/net.h"

#define NET_CONNECT_MS 30000
#define NET_TOTAL_MS 300000
#define NET_STALL_MS 30000
#define NET_STREAM_HEAD_MS 60000
#define NET_BODY_MAX (64ull << 20)
#define NET_ERROR_BODY_MAX (64u << 10)
#define NET_HEADER_MAX (256u << 10) /* all headers of one answer */
#define NET_HEADERS_MAX 1000
#define NET_QUEUE_HIGH (1u << 20) /* above it the sockets are left alone */
/* curl reads up to a hundred of these from a socket before it looks at the next one. */
#define NET_READ_BYTES 4096
#define NET_SLICE (64u << 10) /* what one call of body gets at most from the queue */
#define NET_DEAD_PEER_MS 45000
#define NET_WARNINGS_MAX 200

enum call_state {
	CALL_NEW,      /* to be given to curl */
	CALL_ACTIVE,   /* with curl */
	CALL_COMPLETE, /* curl is done with it; the queue may still hold bytes */
};

struct rt_net_call {
	struct rt_net_call *next, *prev;
	struct rt_net *net;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	const struct rt_net_ops *ops;
	void *ctx;
	char *path;
	enum call_state state;
	bool dead;     /* cancelled while curl had it: no callback runs any more */
	bool stopped;  /* body said no */
	bool outdated; /* a stream as a client certificate that is no longer ours */
	bool stream;
	bool head_told;
	CURLcode code;
	struct rt_error err; /* set by us; goes before what curl says */
	/* the answer */
	int http;
	char content_type[256];
	char location[512];
	int64_t retry_after_ms;
	size_t header_count, header_bytes;
	uint64_t bytes, max_bytes;
	struct rt_buf queue;      /* of a 2xx body */
	size_t queue_done;        /* bytes of it already delivered */
	struct rt_buf error_body; /* of any other */
	/* watchdogs */
	int64_t started_ms, last_byte_ms, timeout_ms, stall_ms;
	struct rt_timer watchdog;
	char curl_error[CURL_ERROR_SIZE];
};

struct rt_net {
	struct rt_loop *loop;
	CURLM *multi;
	struct rt_net_call *calls;
	size_t queued;   /* bytes in all queues */
	bool in_curl;    /* curl must not be called back from its own callbacks */
	bool delivering; /* callbacks run: nothing is freed under them */
	bool fresh_work; /* a request was added: do not sleep on it */
	int64_t until_ms;
	int64_t last_byte_ms;
	int last_socket; /* opened by curl; to tell how far a connection got */
	/* the endpoint; strings are ours */
	bool https, insecure, disable_compression, http1;
	char *base; /* scheme://host:port/prefix as curl gets it */
	char *host_header, *connect_to, *proxy, *proxy_shown, *server, *tls_name, *origin;
	char *ca, *ca_source, *user_agent;
	size_t ca_len;
	int64_t timeout_ms;
	/* the identity */
	struct curl_slist *identity;
	struct rt_buf cert, key;
	/* warnings */
	void (*on_warning)(void *ctx, const char *text);
	void *on_warning_ctx;
	struct rt_map warned;
};

/* request.c */
enum rt_status net_easy_setup(struct rt_net_call *c, const struct rt_net_request *req);
void net_slist_wipe(struct curl_slist *list);
bool net_value_ok(const char *value); /* fit for a header: no line break, no control character */
struct curl_slist *net_slist_add(struct curl_slist *list, const char *name, const char *value);

/* header.c */
size_t net_on_header(char *bytes, size_t size, size_t count, void *ctx);

/* body.c */
void net_head_arrived(struct rt_net_call *c);
void net_body_arrived(struct rt_net_call *c, const char *bytes, size_t len);
/* Delivers from one queue until it is empty or the budget is used up. */
void net_drain_queue(struct rt_net_call *c, int64_t until_ms);

/* error.c */
void net_describe_failure(struct rt_net_call *c);
bool net_is_lost(CURLcode code);
void net_describe_timeout(struct rt_net_call *c, bool stalled);

#endif
