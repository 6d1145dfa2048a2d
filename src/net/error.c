/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.c - what went wrong, in words that a user of kubectl has seen before.
 * The message is "cannot reach the server HOST:PORT: why"; the hint says what to look at.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "net_int.h"

/* Results of OpenSSL's certificate verification (x509_vfy.h), as libcurl hands them on. */
enum {
	VERIFY_NO_ISSUER = 2,
	VERIFY_NOT_YET_VALID = 9,
	VERIFY_EXPIRED = 10,
	VERIFY_SELF_SIGNED = 18,
	VERIFY_SELF_SIGNED_CHAIN = 19,
	VERIFY_NO_LOCAL_ISSUER = 20,
	VERIFY_NO_LEAF_SIGNATURE = 21,
	VERIFY_NAME = 62,
	VERIFY_IP = 64,
};

static void hint_origin(struct rt_net_call *c, const char *what)
{
	if (c->net->origin)
		rt_error_hint(&c->err, "%s of %s", what, c->net->origin);
	else
		rt_error_hint(&c->err, "%s", what);
}

static void fail(struct rt_net_call *c, enum rt_status status, const char *why)
{
	rt_fail(&c->err, status, "cannot reach the server %s: %s", c->net->server, why);
}

/* --- by cause --------------------------------------------------------------------------------- */

static void no_host(struct rt_net_call *c)
{
	rt_fail(
	    &c->err, RT_UNREACHABLE, "cannot reach the server %s: no such host", c->net->server);
	hint_origin(c, "check the network, the VPN and the server address");
}

static void no_proxy_host(struct rt_net_call *c)
{
	rt_fail(&c->err, RT_UNREACHABLE, "cannot reach the server %s: proxy %s: no such host",
	    c->net->server, c->net->proxy_shown ? c->net->proxy_shown : "");
	hint_origin(c, "check the proxy-url or the HTTPS_PROXY variable");
}

static void no_connection(struct rt_net_call *c)
{
	long os_errno = 0;
	curl_easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &os_errno);
	const char *via = c->net->proxy_shown;
	const char *why = os_errno           ? strerror((int)os_errno)
			  : c->curl_error[0] ? c->curl_error
					     : "no connection";
	if (os_errno == ECONNREFUSED)
		why = "connection refused";
	rt_fail(&c->err, RT_UNREACHABLE, "cannot reach the server %s%s%s: %s", c->net->server,
	    via ? " through proxy " : "", via ? via : "", why);
	if (os_errno == ECONNREFUSED && !via)
		hint_origin(
		    c, "is the cluster or the tunnel to it running? See the server address");
	else
		hint_origin(c, "check the network, the VPN and the server address");
}

/* "DNS:localhost, IP Address:127.0.0.1" of the certificate that the server showed, or NULL. */
static const char *certificate_names(struct rt_net_call *c)
{
	static const char field[] = "X509v3 Subject Alternative Name:";
	struct curl_certinfo *chain = NULL;
	if (curl_easy_getinfo(c->easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
	    chain->num_of_certs < 1)
		return NULL;
	for (const struct curl_slist *s = chain->certinfo[0]; s; s = s->next)
		if (strncmp(s->data, field, sizeof(field) - 1) == 0)
			return s->data + sizeof(field) - 1;
	return NULL;
}

static void wrong_certificate(struct rt_net_call *c)
{
	const struct rt_net *n = c->net;
	const char *name = n->tls_name;
	long result = 0;
	curl_easy_getinfo(c->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	bool by_name =
	    strstr(c->curl_error, "subject name") || result == VERIFY_NAME || result == VERIFY_IP;
	if (result == VERIFY_EXPIRED || result == VERIFY_NOT_YET_VALID) {
		fail(c, RT_TLS,
		    result == VERIFY_EXPIRED ? "its certificate has expired"
					     : "its certificate is not valid yet");
		rt_error_hint(&c->err,
		    "renew the server's certificate, or set this machine's clock if it is wrong");
	} else if (by_name) {
		const char *names = certificate_names(c);
		rt_fail(&c->err, RT_TLS,
		    "cannot reach the server %s: its certificate is for %s, not %s", n->server,
		    names ? names : "other names", name);
		rt_error_hint(&c->err,
		    "use a name that the certificate holds as the server address or as "
		    "tls-server-name");
	} else if (result == VERIFY_NO_ISSUER ||
		   (result >= VERIFY_SELF_SIGNED && result <= VERIFY_NO_LEAF_SIGNATURE)) {
		fail(c, RT_TLS, "its certificate is signed by an unknown authority");
		rt_error_hint(&c->err, "trusted is %s%s%s%s",
		    n->ca ? (n->ca_source ? n->ca_source : "the configured certificate authority")
			  : "what this system trusts",
		    n->origin ? " (" : "", n->origin ? n->origin : "", n->origin ? ")" : "");
	} else {
		fail(c, RT_TLS, c->curl_error[0] ? c->curl_error : "its certificate is not valid");
	}
}

static const struct {
	const char *text; /* part of OpenSSL's words */
	enum rt_status status;
	const char *why, *hint;
} handshake_texts[] = {
    {"wrong version number", RT_TLS, "it speaks plain HTTP, not TLS",
	"if that is meant, write http:// in the server address"},
    {"certificate required", RT_CREDENTIALS, "it demands a client certificate",
	"set client-certificate and client-key for the user"},
    {"certificate expired", RT_CREDENTIALS, "it refuses the client certificate: expired",
	"renew the client certificate"},
    {"bad certificate", RT_CREDENTIALS, "it refuses the client certificate",
	"check client-certificate and client-key of the user"},
    {"unknown ca", RT_CREDENTIALS, "it does not know who signed the client certificate",
	"check client-certificate and client-key of the user"},
    {"certificate unknown", RT_CREDENTIALS, "it refuses the client certificate",
	"check client-certificate and client-key of the user"},
};

static bool explain_handshake(struct rt_net_call *c)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(handshake_texts); i++)
		if (strstr(c->curl_error, handshake_texts[i].text)) {
			fail(c, handshake_texts[i].status, handshake_texts[i].why);
			hint_origin(c, handshake_texts[i].hint);
			return true;
		}
	return false;
}

static void no_handshake(struct rt_net_call *c)
{
	if (explain_handshake(c))
		return;
	rt_fail(&c->err, RT_TLS, "cannot reach the server %s: TLS handshake failed: %s",
	    c->net->server, c->curl_error[0] ? c->curl_error : "connection closed");
}

static void bad_client_certificate(struct rt_net_call *c)
{
	rt_fail(&c->err, RT_CONFIG, "client certificate and key cannot be used: %s",
	    strstr(c->curl_error, "(memory blob)") ? "unreadable, or they do not belong together"
						   : c->curl_error);
	hint_origin(c, "check client-certificate and client-key");
}

static void bad_ca(struct rt_net_call *c)
{
	rt_fail(&c->err, RT_CONFIG, "certificate authority %s holds no readable certificate",
	    c->net->ca_source ? c->net->ca_source : "");
	hint_origin(c, "check certificate-authority");
}

static void proxy_failed(struct rt_net_call *c)
{
	rt_fail(&c->err, RT_UNREACHABLE, "cannot reach the server %s: proxy %s: %s", c->net->server,
	    c->net->proxy_shown ? c->net->proxy_shown : "",
	    c->curl_error[0] ? c->curl_error : "refused");
	hint_origin(c, "check the proxy-url or the HTTPS_PROXY variable");
}

static void connection_lost(struct rt_net_call *c)
{
	if (strstr(c->curl_error, "CONNECT") || strstr(c->curl_error, "from proxy")) {
		proxy_failed(c);
		return;
	}
	if (explain_handshake(c))
		return;
	/* libcurl asks a socket that is gone for its address. */
	const char *why = strstr(c->curl_error, "getpeername") ? "closed by it" : c->curl_error;
	rt_fail(&c->err, RT_UNREACHABLE, "connection to the server %s lost%s%s", c->net->server,
	    why[0] ? ": " : "", why);
	/* With TLS 1.3 the refusal of a certificate comes late, and a reset may overtake it. */
	if (c->net->cert.len && c->http == 0)
		hint_origin(c, "the server may have refused the client certificate");
	else if (c->http == 0 && !c->net->https)
		hint_origin(c, "if it speaks TLS, write https:// in the server address");
}

static void bad_encoding(struct rt_net_call *c)
{
	rt_fail(&c->err, RT_PROTOCOL, "answer of the server %s is damaged: %s", c->net->server,
	    c->curl_error[0] ? c->curl_error : "compression");
	rt_error_hint(&c->err, "--disable-compression avoids compressed answers");
}

/* libcurl tells its times only once a connection is complete; the socket knows sooner. */
static bool has_peer(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	return fd >= 0 && getpeername(fd, (struct sockaddr *)&peer, &len) == 0;
}

static const char *phase_of(const struct rt_net_call *c)
{
	double resolved = 0, sent = 0;
	curl_easy_getinfo(c->easy, CURLINFO_NAMELOOKUP_TIME, &resolved);
	curl_easy_getinfo(c->easy, CURLINFO_PRETRANSFER_TIME, &sent);
	/* An address needs no look-up: that request waited for another one's connection. */
	bool literal = !c->net->server[strspn(c->net->server, "0123456789abcdef.:[]")];
	bool there = has_peer(c->net->last_socket);
	return c->http != 0               ? "reading the answer"
	       : sent > 0                 ? "waiting for an answer"
	       : there && c->net->https   ? "in the TLS handshake"
	       : there                    ? "waiting for an answer"
	       : resolved <= 0 && literal ? "waiting for a connection"
	       : resolved <= 0            ? "looking up the host name"
					  : "connecting";
}

void net_describe_timeout(struct rt_net_call *c, bool stalled)
{
	const char *via = c->net->proxy_shown;
	int64_t since = stalled ? c->last_byte_ms : c->started_ms;
	int seconds = (int)((rt_loop_clock_ms() - since + 500) / 1000);
	rt_fail(&c->err, RT_TIMEOUT, "cannot reach the server %s: %s %d s %s%s%s", c->net->server,
	    stalled ? "no byte for" : "timed out after", seconds, phase_of(c),
	    via ? " through proxy " : "", via ? via : "");
	if (c->http == 0)
		hint_origin(c, "check the network, the VPN and the server address");
	else
		rt_error_hint(&c->err, "a slow link may need a longer --request-timeout");
}

static void connect_timed_out(struct rt_net_call *c)
{
	net_describe_timeout(c, false);
}

static const struct {
	CURLcode code;
	bool lost; /* asking again may help */
	void (*describe)(struct rt_net_call *c);
} causes[] = {
    {CURLE_COULDNT_RESOLVE_HOST, false, no_host},
    {CURLE_COULDNT_RESOLVE_PROXY, false, no_proxy_host},
    {CURLE_COULDNT_CONNECT, false, no_connection},
    {CURLE_OPERATION_TIMEDOUT, false, connect_timed_out},
    {CURLE_PEER_FAILED_VERIFICATION, false, wrong_certificate},
    {CURLE_SSL_CONNECT_ERROR, false, no_handshake},
    {CURLE_SSL_CERTPROBLEM, false, bad_client_certificate},
    {CURLE_SSL_CACERT_BADFILE, false, bad_ca},
    {CURLE_PROXY, false, proxy_failed},
    {CURLE_BAD_CONTENT_ENCODING, false, bad_encoding},
    {CURLE_HTTP2, true, connection_lost},
    {CURLE_PARTIAL_FILE, true, connection_lost},
    {CURLE_GOT_NOTHING, true, connection_lost},
    {CURLE_SEND_ERROR, true, connection_lost},
    {CURLE_RECV_ERROR, true, connection_lost},
    {CURLE_HTTP2_STREAM, true, connection_lost},
};

bool net_is_lost(CURLcode code)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(causes); i++)
		if (causes[i].code == code)
			return causes[i].lost;
	return false;
}

/* --- by HTTP status --------------------------------------------------------------------------- */

/* Generic texts: kube/status.c replaces them where the answer says more. */
static void refused_by_status(struct rt_net_call *c)
{
	static const struct {
		int low, high;
		enum rt_status status;
		const char *text;
	} classes[] = {
	    {401, 401, RT_CREDENTIALS, "the credentials are not accepted"},
	    {403, 403, RT_FORBIDDEN, "forbidden"},
	    {404, 404, RT_NOT_FOUND, "not found"},
	    {408, 408, RT_TIMEOUT, "timed out"},
	    {429, 429, RT_SERVER, "too many requests"},
	    {500, 599, RT_SERVER, "the server failed"},
	    {100, 999, RT_PROTOCOL, "unexpected answer"},
	};
	if (c->http >= 300 && c->http < 400 && c->location[0]) {
		rt_fail(&c->err, RT_PROTOCOL,
		    "the server %s redirects to %s, which is not followed", c->net->server,
		    c->location);
		hint_origin(c, "a proxy or a login page answers; check the server address");
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(classes) && c->err.status == RT_OK; i++)
		if (c->http >= classes[i].low && c->http <= classes[i].high)
			rt_fail(&c->err, classes[i].status, "%s: HTTP %d from the server %s",
			    classes[i].text, c->http, c->net->server);
	c->err.http = c->http;
}

void net_describe_failure(struct rt_net_call *c)
{
	if (c->err.status != RT_OK)
		return; /* we ended it and said why */
	if (c->stopped) {
		rt_fail(&c->err, RT_CANCELLED, "cancelled");
		return;
	}
	for (size_t i = 0; c->code != CURLE_OK && i < RT_ARRAY_LEN(causes); i++)
		if (causes[i].code == c->code) {
			causes[i].describe(c);
			return;
		}
	if (c->code != CURLE_OK)
		fail(
		    c, RT_PROTOCOL, c->curl_error[0] ? c->curl_error : curl_easy_strerror(c->code));
	else if (c->http == 0)
		fail(c, RT_PROTOCOL, "no HTTP answer");
	else if (c->http < 200 || c->http > 299)
		refused_by_status(c);
}
