/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request.c - one easy handle as this program wants it.
 * Everything libcurl would take from elsewhere (CA folder, proxy variables, redirects, other
 * protocols) is set here, so that the endpoint alone decides. The method is fixed here too: GET.
 */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "net_int.h"
#include "rutter/mem.h"

bool net_value_ok(const char *value)
{
	for (const unsigned char *p = (const unsigned char *)value; *p; p++)
		if ((*p < 0x20 && *p != '\t') || *p == 0x7f)
			return false;
	return true;
}

struct curl_slist *net_slist_add(struct curl_slist *list, const char *name, const char *value)
{
	RT_AUTO_BUF struct rt_buf line = {0};
	/* "Name;" is libcurl's way to send a header without a value; "Name:" would remove it. */
	if (*value)
		rt_buf_printf(&line, "%s: %s", name, value);
	else
		rt_buf_printf(&line, "%s;", name);
	struct curl_slist *grown = curl_slist_append(list, rt_buf_str(&line));
	rt_assert(grown);
	rt_buf_wipe(&line);
	return grown;
}

void net_slist_wipe(struct curl_slist *list)
{
	for (struct curl_slist *s = list; s; s = s->next)
		explicit_bzero(s->data, strlen(s->data));
	curl_slist_free_all(list);
}

/* --- callbacks of curl ------------------------------------------------------------------------ */

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct rt_net_call *c = ctx;
	size_t len = size * count;
	if (c->dead || c->stopped || c->err.status != RT_OK)
		return CURL_WRITEFUNC_ERROR;
	net_body_arrived(c, bytes, len);
	return c->dead || c->stopped || c->err.status != RT_OK ? CURL_WRITEFUNC_ERROR : len;
}

static curl_socket_t on_open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct rt_net *n = ctx;
	(void)purpose;
	n->last_socket = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	return n->last_socket;
}

/* A peer that vanished without a word is noticed by the kernel: probes on a silent connection, and
 * a limit on how long anything may stay unacknowledged. */
static int on_socket_made(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	(void)ctx;
	(void)purpose;
#ifdef TCP_KEEPCNT
	int probes = 2;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
#endif
#ifdef TCP_USER_TIMEOUT
	unsigned limit = NET_DEAD_PEER_MS;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit));
#endif
	return CURL_SOCKOPT_OK;
}

/* --- options ---------------------------------------------------------------------------------- */

#define SET(easy, option, value)                                                                   \
	do {                                                                                       \
		if (code == CURLE_OK)                                                              \
			code = curl_easy_setopt((easy), (option), (value));                        \
	} while (0)

/* The one place that sets a method. */
static CURLcode set_method(CURL *e)
{
	return curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
}

static CURLcode set_blob(CURL *e, CURLoption option, const char *bytes, size_t len)
{
	/* curl only reads it; the cast through a union keeps const honest everywhere else. */
	union {
		const char *in;
		void *out;
	} data = {.in = bytes};
	struct curl_blob blob = {.data = data.out, .len = len, .flags = CURL_BLOB_COPY};
	return curl_easy_setopt(e, option, &blob);
}

static CURLcode set_tls(CURL *e, const struct rt_net *n)
{
	CURLcode code = CURLE_OK;
	SET(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(e, CURLOPT_SSL_VERIFYPEER, n->insecure ? 0L : 1L);
	SET(e, CURLOPT_SSL_VERIFYHOST, n->insecure ? 0L : 2L);
	SET(e, CURLOPT_CERTINFO, 1L); /* for saying which names a wrong certificate has */
	if (n->ca) {
		/* The built-in CA file and folder would be trusted in addition to the given CA. */
		SET(e, CURLOPT_CAINFO, NULL);
		SET(e, CURLOPT_CAPATH, NULL);
		if (code == CURLE_OK)
			code = set_blob(e, CURLOPT_CAINFO_BLOB, n->ca, n->ca_len);
	}
	/* libcurl 7.88 crashes on an encrypted key without a password; with "" it fails cleanly. */
	SET(e, CURLOPT_KEYPASSWD, "");
	if (n->cert.len && n->key.len) {
		SET(e, CURLOPT_SSLCERTTYPE, "PEM");
		SET(e, CURLOPT_SSLKEYTYPE, "PEM");
		if (code == CURLE_OK)
			code = set_blob(e, CURLOPT_SSLCERT_BLOB, n->cert.data, n->cert.len);
		if (code == CURLE_OK)
			code = set_blob(e, CURLOPT_SSLKEY_BLOB, n->key.data, n->key.len);
	}
	return code;
}

static CURLcode set_route(CURL *e, struct rt_net_call *c)
{
	const struct rt_net *n = c->net;
	CURLcode code = CURLE_OK;
	/* The empty strings keep libcurl from looking at the environment. */
	SET(e, CURLOPT_PROXY, n->proxy ? n->proxy : "");
	SET(e, CURLOPT_NOPROXY, "");
	SET(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (n->connect_to) {
		c->connect_to = curl_slist_append(NULL, n->connect_to);
		SET(e, CURLOPT_CONNECT_TO, c->connect_to);
	}
	SET(e, CURLOPT_FOLLOWLOCATION, 0L);
	SET(e, CURLOPT_PROTOCOLS_STR, "http,https");
	SET(e, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	SET(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	return code;
}

static CURLcode set_connection(CURL *e, struct rt_net *n)
{
	CURLcode code = CURLE_OK;
	SET(e, CURLOPT_NOSIGNAL, 1L);
	SET(e, CURLOPT_QUICK_EXIT, 1L);
	SET(e, CURLOPT_HTTP_VERSION,
	    n->http1 ? (long)CURL_HTTP_VERSION_1_1 : (long)CURL_HTTP_VERSION_2TLS);
	SET(e, CURLOPT_PIPEWAIT, n->http1 ? 0L : 1L);
	SET(e, CURLOPT_CONNECTTIMEOUT_MS,
	    n->timeout_ms > 0 && n->timeout_ms < NET_CONNECT_MS ? (long)n->timeout_ms
								: (long)NET_CONNECT_MS);
	SET(e, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(e, CURLOPT_TCP_KEEPIDLE, 30L);
	SET(e, CURLOPT_TCP_KEEPINTVL, 10L);
	SET(e, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	SET(e, CURLOPT_OPENSOCKETDATA, n);
	SET(e, CURLOPT_SOCKOPTFUNCTION, on_socket_made);
	return code;
}

static CURLcode set_transfer(CURL *e, struct rt_net_call *c, const struct rt_net_request *req)
{
	const struct rt_net *n = c->net;
	CURLcode code = CURLE_OK;
	RT_AUTO_BUF struct rt_buf url = {0};
	rt_buf_printf(&url, "%s%s", n->base, c->path);
	SET(e, CURLOPT_URL, rt_buf_str(&url));
	SET(e, CURLOPT_PATH_AS_IS, 1L);
	SET(e, CURLOPT_USERAGENT, n->user_agent);
	SET(e, CURLOPT_ACCEPT_ENCODING, n->disable_compression || req->stream ? NULL : "gzip");
	/* Copies: an identity may change while requests with the old one are under way. */
	for (const struct curl_slist *s = n->identity; s; s = s->next)
		c->headers = curl_slist_append(c->headers, s->data);
	c->headers =
	    net_slist_add(c->headers, "Accept", req->accept ? req->accept : "application/json");
	if (n->host_header)
		c->headers = net_slist_add(c->headers, "Host", n->host_header);
	SET(e, CURLOPT_HTTPHEADER, c->headers);
	SET(e, CURLOPT_BUFFERSIZE, (long)NET_READ_BYTES);
	SET(e, CURLOPT_WRITEFUNCTION, on_body);
	SET(e, CURLOPT_WRITEDATA, c);
	SET(e, CURLOPT_HEADERFUNCTION, net_on_header);
	SET(e, CURLOPT_HEADERDATA, c);
	SET(e, CURLOPT_ERRORBUFFER, c->curl_error);
	SET(e, CURLOPT_PRIVATE, c);
	return code;
}

enum rt_status net_easy_setup(struct rt_net_call *c, const struct rt_net_request *req)
{
	CURL *e = curl_easy_init();
	rt_assert(e);
	c->easy = e;
	CURLcode code = set_method(e);
	if (code == CURLE_OK)
		code = set_tls(e, c->net);
	if (code == CURLE_OK)
		code = set_route(e, c);
	if (code == CURLE_OK)
		code = set_connection(e, c->net);
	if (code == CURLE_OK)
		code = set_transfer(e, c, req);
	if (code == CURLE_OK)
		return RT_OK;
	return rt_fail(&c->err, RT_PROTOCOL, "cannot prepare a request to %s: %s", c->net->server,
	    curl_easy_strerror(code));
}
