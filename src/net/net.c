/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.c - the client: its life, its requests, and the turn of the loop.
 * curl delivers bytes inside curl_multi_perform. Nothing of curl is called from inside its
 * callbacks: what a callback asks for (a new request, a cancellation) is done when curl returned.
 */
#include "config.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "net_int.h"
#include "rutter/log.h"
#include "rutter/mem.h"

/* --- a request -------------------------------------------------------------------------------- */

static void unlink_call(struct rt_net_call *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		c->net->calls = c->next;
	if (c->next)
		c->next->prev = c->prev;
}

static void free_call(struct rt_net_call *c)
{
	struct rt_net *n = c->net;
	rt_timer_stop(&c->watchdog);
	if (c->easy) {
		if (c->state == CALL_ACTIVE)
			curl_multi_remove_handle(n->multi, c->easy);
		curl_easy_cleanup(c->easy);
	}
	n->queued -= c->queue.len - c->queue_done;
	unlink_call(c);
	net_slist_wipe(c->headers);
	curl_slist_free_all(c->connect_to);
	rt_buf_done(&c->queue);
	rt_buf_done(&c->error_body);
	free(c->path);
	free(c);
}

void rt_net_cancel(struct rt_net_call *c)
{
	c->dead = true;
	if (!c->net->in_curl && !c->net->delivering)
		free_call(c);
}

static void walk_queues(struct rt_net *n);

static void abandon(struct rt_net_call *c, CURLcode code)
{
	if (c->state == CALL_ACTIVE)
		curl_multi_remove_handle(c->net->multi, c->easy);
	c->code = code;
	c->state = CALL_COMPLETE;
}

static void on_watchdog(void *ctx)
{
	struct rt_net_call *c = ctx;
	struct rt_net *n = c->net;
	if (c->outdated && c->state != CALL_COMPLETE) {
		rt_fail(&c->err, RT_UNREACHABLE,
		    "connection to the server %s given up: the client certificate is another",
		    n->server);
		abandon(c, CURLE_RECV_ERROR);
	}
	if (c->state == CALL_COMPLETE) {
		walk_queues(n);
		return;
	}
	int64_t now = rt_loop_clock_ms(), total = INT64_MAX, silent = INT64_MAX;
	if (c->timeout_ms > 0 && !(c->stream && c->http != 0))
		total = c->started_ms + c->timeout_ms - now;
	if (c->stall_ms > 0)
		silent = c->last_byte_ms + c->stall_ms - now;
	int64_t left = total < silent ? total : silent;
	if (left == INT64_MAX)
		return;
	if (left > 0) {
		rt_timer_start(n->loop, &c->watchdog, left, on_watchdog, c);
		return;
	}
	net_describe_timeout(c, total > 0);
	abandon(c, CURLE_OPERATION_TIMEDOUT);
	walk_queues(n); /* the loop may have nothing else to wake up for */
}

static void give_to_curl(struct rt_net_call *c)
{
	CURLMcode code = curl_multi_add_handle(c->net->multi, c->easy);
	c->state = code == CURLM_OK ? CALL_ACTIVE : CALL_COMPLETE;
	if (code != CURLM_OK)
		rt_fail(
		    &c->err, RT_PROTOCOL, "cannot start a request: %s", curl_multi_strerror(code));
}

/* The user's limit counts where it is the shorter one. */
static int64_t total_ms(const struct rt_net *n, const struct rt_net_request *req)
{
	int64_t limit = req->timeout_ms ? req->timeout_ms
			: req->stream   ? NET_STREAM_HEAD_MS
					: NET_TOTAL_MS;
	if (n->timeout_ms && (!req->timeout_ms || n->timeout_ms < limit))
		limit = n->timeout_ms;
	return limit;
}

struct rt_net_call *rt_net_get(struct rt_net *n, const struct rt_net_request *req)
{
	struct rt_net_call *c = rt_xcalloc(1, sizeof(*c));
	c->net = n;
	c->ops = req->ops;
	c->ctx = req->ctx;
	c->path = rt_xstrdup(req->path);
	c->stream = req->stream;
	c->retry_after_ms = -1;
	c->max_bytes = req->max_bytes ? req->max_bytes : NET_BODY_MAX;
	c->error_body.max = NET_ERROR_BODY_MAX;
	c->timeout_ms = total_ms(n, req);
	c->stall_ms = req->stall_ms ? req->stall_ms : req->stream ? 0 : NET_STALL_MS;
	c->started_ms = c->last_byte_ms = rt_loop_clock_ms();
	c->next = n->calls;
	if (n->calls)
		n->calls->prev = c;
	n->calls = c;
	/* A failure here is told by done, as any other: the state says that curl never had it. */
	c->state = net_easy_setup(c, req) == RT_OK ? CALL_NEW : CALL_COMPLETE;
	/* Given to curl at once, so that the loop's next wait knows of it. */
	if (c->state == CALL_NEW && !n->in_curl)
		give_to_curl(c);
	int64_t first = c->state == CALL_COMPLETE ? 0 : c->timeout_ms;
	if (c->stall_ms > 0 && c->stall_ms < first)
		first = c->stall_ms;
	rt_timer_start(n->loop, &c->watchdog, first, on_watchdog, c);
	n->fresh_work = true;
	return c;
}

/* --- the end of a request --------------------------------------------------------------------- */

static void log_call(const struct rt_net_call *c)
{
	if (!rt_log_on(6))
		return;
	long version = 0;
	curl_easy_getinfo(c->easy, CURLINFO_HTTP_VERSION, &version);
	rt_log(6, "net", "GET %s %d in %lld ms, %llu bytes%s%s%s", c->path, c->http,
	    (long long)(rt_loop_clock_ms() - c->started_ms), (unsigned long long)c->bytes,
	    version == CURL_HTTP_VERSION_2_0 ? ", h2" : "", c->err.msg[0] ? ": " : "", c->err.msg);
	double resolved = 0, connected = 0, secured = 0, first = 0;
	curl_easy_getinfo(c->easy, CURLINFO_NAMELOOKUP_TIME, &resolved);
	curl_easy_getinfo(c->easy, CURLINFO_CONNECT_TIME, &connected);
	curl_easy_getinfo(c->easy, CURLINFO_APPCONNECT_TIME, &secured);
	curl_easy_getinfo(c->easy, CURLINFO_STARTTRANSFER_TIME, &first);
	rt_log(9, "net", "times of %s: dns %.3f connect %.3f tls %.3f first byte %.3f", c->path,
	    resolved, connected, secured, first);
}

static void finish(struct rt_net_call *c)
{
	net_describe_failure(c);
	if (c->easy)
		log_call(c);
	if (!c->dead) {
		struct rt_net_result r = {
		    .status = c->err.status,
		    .err = &c->err,
		    .http = c->http,
		    .content_type = c->content_type,
		    .retry_after_ms = c->retry_after_ms,
		    .lost = net_is_lost(c->code),
		    .body = rt_buf_str(&c->error_body),
		    .body_len = c->error_body.len,
		    .bytes = c->bytes,
		};
		c->ops->done(c->ctx, &r);
	}
	c->dead = true;
}

/* --- the turn --------------------------------------------------------------------------------- */

static void net_wait(void *ctx, struct pollfd *fds, unsigned count, int timeout_ms)
{
	struct rt_net *n = ctx;
	struct curl_waitfd small[16], *extra = small;
	RT_AUTO_FREE struct curl_waitfd *large = NULL;
	if (count > RT_ARRAY_LEN(small))
		extra = large = rt_xcalloc(count, sizeof(*large));
	for (unsigned i = 0; i < count; i++) {
		short events = (short)((fds[i].events & POLLIN ? CURL_WAIT_POLLIN : 0) |
				       (fds[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0));
		extra[i] = (struct curl_waitfd){.fd = fds[i].fd, .events = events};
	}
	/* curl wakes itself earlier where one of its own timers is due. */
	curl_multi_poll(n->multi, extra, count, timeout_ms < 0 ? 3600 * 1000 : timeout_ms, NULL);
	/* curl maps what it reports to its three bits and drops a lone hang-up: ask once more. */
	(void)poll(fds, count, 0);
}

static void add_new_calls(struct rt_net *n)
{
	for (struct rt_net_call *c = n->calls; c; c = c->next)
		if (c->state == CALL_NEW && !c->dead)
			give_to_curl(c);
}

static void reap(struct rt_net *n)
{
	int left;
	for (CURLMsg *m; (m = curl_multi_info_read(n->multi, &left)) != NULL;) {
		struct rt_net_call *c = NULL;
		if (m->msg != CURLMSG_DONE)
			continue;
		CURL *easy = m->easy_handle;
		CURLcode code = m->data.result;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &c);
		curl_multi_remove_handle(n->multi, easy);
		c->code = code;
		c->state = CALL_COMPLETE;
	}
}

/* Callbacks may add requests (at the head of the list) and mark others dead; nothing is freed while
 * this walks the list. */
static void walk_queues(struct rt_net *n)
{
	n->delivering = true;
	for (struct rt_net_call *c = n->calls; c; c = c->next) {
		if (c->queue.len > c->queue_done && rt_loop_clock_ms() < n->until_ms)
			net_drain_queue(c, n->until_ms);
		if (c->state == CALL_COMPLETE && !c->dead && c->queue.len == c->queue_done)
			finish(c);
	}
	n->delivering = false;
	for (struct rt_net_call *c = n->calls, *next; c; c = next) {
		next = c->next;
		if (c->dead)
			free_call(c);
	}
}

static bool net_run(void *ctx, int64_t until_ms)
{
	struct rt_net *n = ctx;
	int running;
	n->until_ms = until_ms;
	n->fresh_work = false;
	walk_queues(n);
	add_new_calls(n);
	/* With the budget spent, what waits is enough for the next turn. */
	if (n->queued == 0 || (n->queued < NET_QUEUE_HIGH && rt_loop_clock_ms() < until_ms)) {
		n->in_curl = true;
		curl_multi_perform(n->multi, &running);
		n->in_curl = false;
		reap(n);
	}
	walk_queues(n);
	return n->queued > 0 || n->fresh_work;
}

static bool net_busy(void *ctx)
{
	const struct rt_net *n = ctx;
	return n->calls != NULL;
}

/* --- the client ------------------------------------------------------------------------------- */

static enum rt_status check_endpoint(const struct rt_net_endpoint *e, struct rt_error *err)
{
	const char *const values[] = {
	    e->host, e->prefix, e->tls_server_name, e->proxy, e->proxy_shown};
	for (size_t i = 0; i < RT_ARRAY_LEN(values); i++)
		if (values[i] && !net_value_ok(values[i]))
			return rt_fail(err, RT_CONFIG,
			    "the server address or the proxy holds a control character");
	if (e->ca && e->ca_len == 0)
		return rt_fail(err, RT_CONFIG, "certificate authority %s is empty",
		    e->ca_source ? e->ca_source : "");
	return RT_OK;
}

static char *copy(const char *s)
{
	return s ? rt_xstrdup(s) : NULL;
}

static char *host_and_port(const char *host, int port)
{
	const char *open = strchr(host, ':') ? "[" : "", *close = *open ? "]" : "";
	return port ? rt_xprintf("%s%s%s:%d", open, host, close, port)
		    : rt_xprintf("%s%s%s", open, host, close);
}

/* A socks5 proxy gets the host name, as from kubectl; libcurl's socks5:// would resolve it here. */
static char *proxy_for_curl(const char *proxy)
{
	if (proxy && strncmp(proxy, "socks5://", 9) == 0)
		return rt_xprintf("socks5h://%s", proxy + 9);
	return copy(proxy);
}

static void take_endpoint(struct rt_net *n, const struct rt_net_endpoint *e)
{
	RT_AUTO_FREE char *real = host_and_port(e->host, e->port);
	n->https = strcmp(e->scheme, "https") == 0;
	n->insecure = e->insecure;
	n->disable_compression = e->disable_compression;
	n->server = rt_xstrdup(real);
	n->tls_name = rt_xstrdup(e->tls_server_name ? e->tls_server_name : e->host);
	n->proxy = proxy_for_curl(e->proxy);
	n->proxy_shown = copy(e->proxy ? (e->proxy_shown ? e->proxy_shown : "") : NULL);
	n->origin = copy(e->origin);
	n->ca_source = copy(e->ca_source);
	if (e->ca) {
		n->ca = rt_xstrndup(e->ca, e->ca_len);
		n->ca_len = e->ca_len;
	}
	if (!n->https || !e->tls_server_name || strcmp(e->tls_server_name, e->host) == 0) {
		n->base = rt_xprintf("%s://%s%s", e->scheme, real, e->prefix ? e->prefix : "");
		return;
	}
	/* libcurl takes the name for SNI and verification from the URL: the URL names it, the
	 * connection goes to the real host, and Host stays the real one's. */
	RT_AUTO_FREE char *named = host_and_port(e->tls_server_name, e->port);
	n->base = rt_xprintf("%s://%s%s", e->scheme, named, e->prefix ? e->prefix : "");
	n->connect_to = rt_xprintf("%s:%s", named, real);
	n->host_header = host_and_port(e->host, e->port_given ? e->port : 0);
}

static enum rt_status start_curl(struct rt_error *err)
{
	unsetenv("SSLKEYLOGFILE"); /* libcurl would write the session keys there */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return rt_fail(err, RT_PROTOCOL, "libcurl cannot be started");
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
	if (!(v->features & CURL_VERSION_SSL) || !v->ssl_version ||
	    strncmp(v->ssl_version, "OpenSSL", 7) != 0) {
		enum rt_status status = rt_fail(err, RT_PROTOCOL,
		    "this libcurl (%s) cannot use keys from memory: it needs OpenSSL",
		    v->ssl_version ? v->ssl_version : "no TLS");
		curl_global_cleanup();
		return status;
	}
	return RT_OK;
}

static CURLM *new_multi(void)
{
	CURLM *m = curl_multi_init();
	rt_assert(m);
	curl_multi_setopt(m, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	return m;
}

enum rt_status rt_net_new(const struct rt_net_params *p, struct rt_net **ret, struct rt_error *err)
{
	enum rt_status status = check_endpoint(&p->endpoint, err);
	if (status == RT_OK)
		status = start_curl(err);
	if (status != RT_OK)
		return status;
	struct rt_net *n = rt_xcalloc(1, sizeof(*n));
	n->loop = p->loop;
	n->last_socket = -1;
	n->timeout_ms = p->timeout_ms;
	n->http1 = p->http1;
	n->user_agent = rt_xstrdup(p->user_agent ? p->user_agent : "rutter");
	take_endpoint(n, &p->endpoint);
	n->multi = new_multi();
	rt_loop_set_poller(p->loop, &(struct rt_poller){net_wait, net_run, net_busy, n});
	*ret = n;
	return RT_OK;
}

static void wipe_identity(struct rt_net *n)
{
	net_slist_wipe(n->identity);
	n->identity = NULL;
	rt_buf_wipe(&n->cert);
	rt_buf_wipe(&n->key);
}

void rt_net_free(struct rt_net *n)
{
	if (!n)
		return;
	rt_loop_set_poller(n->loop, NULL);
	while (n->calls)
		free_call(n->calls);
	curl_multi_cleanup(n->multi);
	wipe_identity(n);
	rt_map_done(&n->warned);
	char *const strings[] = {n->base, n->host_header, n->connect_to, n->proxy_shown, n->server,
	    n->tls_name, n->origin, n->ca, n->ca_source, n->user_agent};
	for (size_t i = 0; i < RT_ARRAY_LEN(strings); i++)
		free(strings[i]);
	if (n->proxy)
		explicit_bzero(n->proxy, strlen(n->proxy));
	free(n->proxy);
	free(n);
	curl_global_cleanup();
}

void rt_net_set_ca(struct rt_net *n, const char *ca, size_t len)
{
	free(n->ca);
	n->ca = rt_xstrndup(ca, len);
	n->ca_len = len;
	/* libcurl compares it before it reuses a connection: new requests get a new one. */
	rt_log(3, "net", "%s holds another certificate authority", n->ca_source);
}

static bool is_same_cert(const struct rt_net *n, const struct rt_net_identity *id)
{
	size_t len = id->cert && id->key ? id->cert_len : 0;
	return len == n->cert.len && (!len || memcmp(id->cert, n->cert.data, len) == 0);
}

/* Short requests may end as they began; what lasts must not. */
static void end_streams(struct rt_net *n)
{
	for (struct rt_net_call *c = n->calls; c; c = c->next) {
		if (!c->stream || c->state == CALL_COMPLETE)
			continue;
		c->outdated = true;
		rt_timer_start(n->loop, &c->watchdog, 0, on_watchdog, c);
	}
}

/* libcurl calls a longer request out of memory. No API server reads one either. */
static enum rt_status check_length(const struct rt_net_identity *id, struct rt_error *err)
{
	enum { MOST_HEADER_BYTES = 1000 << 10 };
	size_t len = 0;
	for (size_t i = 0; i < id->header_count; i++)
		len += strlen(id->headers[i].name) + strlen(id->headers[i].value) + 4;
	if (len <= MOST_HEADER_BYTES)
		return RT_OK;
	(void)rt_fail(err, RT_CREDENTIALS,
	    "the credentials are %zu bytes long, which is more than a request can carry", len);
	rt_error_hint(err, "a long token, or many groups to impersonate?");
	return RT_CREDENTIALS;
}

enum rt_status rt_net_set_identity(
    struct rt_net *n, const struct rt_net_identity *id, struct rt_error *err)
{
	for (size_t i = 0; i < id->header_count; i++)
		if (!net_value_ok(id->headers[i].name) || !net_value_ok(id->headers[i].value))
			return rt_fail(err, RT_CREDENTIALS,
			    "header %s holds a line break or a control character",
			    net_value_ok(id->headers[i].name) ? id->headers[i].name
							      : "of the user");
	enum rt_status status = check_length(id, err);
	if (status != RT_OK)
		return status;
	if (!is_same_cert(n, id))
		end_streams(n);
	wipe_identity(n);
	for (size_t i = 0; i < id->header_count; i++)
		n->identity = net_slist_add(n->identity, id->headers[i].name, id->headers[i].value);
	if (id->cert && id->key) {
		rt_buf_add(&n->cert, id->cert, id->cert_len);
		rt_buf_add(&n->key, id->key, id->key_len);
	}
	return RT_OK;
}

int64_t rt_net_last_byte_ms(const struct rt_net *n)
{
	return n->last_byte_ms;
}

void rt_net_reset(struct rt_net *n)
{
	rt_assert(!n->in_curl && !n->delivering);
	for (struct rt_net_call *c = n->calls; c; c = c->next) {
		if (c->state != CALL_ACTIVE)
			continue;
		abandon(c, CURLE_RECV_ERROR);
		rt_fail(&c->err, RT_UNREACHABLE,
		    "connection to the server %s given up: no sign of life", n->server);
		rt_timer_start(n->loop, &c->watchdog, 0, on_watchdog, c);
	}
	/* The connections live in the multi handle, and nowhere else. */
	curl_multi_cleanup(n->multi);
	n->multi = new_multi();
	rt_log(4, "net", "connections to %s are made anew", n->server);
}

void rt_net_on_warning(struct rt_net *n, void (*fn)(void *ctx, const char *text), void *ctx)
{
	n->on_warning = fn;
	n->on_warning_ctx = ctx;
}

struct rt_net_library rt_net_library(void)
{
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
	return (struct rt_net_library){
	    .curl = v->version,
	    .tls = v->ssl_version,
	    .http2 = v->features & CURL_VERSION_HTTP2 ? v->nghttp2_version : NULL,
	    .zlib = v->libz_version,
	    .async_dns = (v->features & CURL_VERSION_ASYNCHDNS) != 0,
	};
}
