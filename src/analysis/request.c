/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request.c - the request of a trace, from what a person types.
 * Nothing is decoded or normalised here: what gateways do with an odd path is part of the answer.
 */
#include "config.h"

#include "rutter/trace.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/hostname.h"
#include "rutter/obj_pattern.h"
#include "rutter/str.h"
#include "rutter/url.h"
#include "rutter/vec.h"

#define HEADERS_MAX (256 * 1024)
#define NO_HOST " */@?#\"<>\\^`{|}%" /* what no host name has */

typedef RT_VEC(struct rt_header) header_list;

static const struct {
	const char *name, *method;
	int port; /* 0: must be given */
	bool http, grpc, tls;
} schemes[] = {
    [RT_SCHEME_HTTP] = {"http", "GET", 80, true, false, false},
    [RT_SCHEME_HTTPS] = {"https", "GET", 443, true, false, true},
    [RT_SCHEME_GRPC] = {"grpc", "POST", 80, true, true, false},
    [RT_SCHEME_GRPCS] = {"grpcs", "POST", 443, true, true, true},
    [RT_SCHEME_TLS] = {"tls", NULL, 0, false, false, true},
    [RT_SCHEME_TCP] = {"tcp", NULL, 0, false, false, false},
    [RT_SCHEME_UDP] = {"udp", NULL, 0, false, false, false},
};

const char *rt_scheme_name(enum rt_scheme s)
{
	return schemes[s].name;
}

bool rt_scheme_is_http(enum rt_scheme s)
{
	return schemes[s].http;
}

bool rt_scheme_is_grpc(enum rt_scheme s)
{
	return schemes[s].grpc;
}

bool rt_scheme_is_tls(enum rt_scheme s)
{
	return schemes[s].tls;
}

/* RFC 9110 token: what methods and header names are made of. */
static bool is_token(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("!#$%&'*+-.^_`|~", s[i]))
			return false;
	return len > 0;
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 && *s != '\t')
			return true;
	return false;
}

static bool is_address(const char *host)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static enum rt_status parse_scheme(const char *name, enum rt_scheme *ret, struct rt_error *err)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(schemes); i++)
		if (strcmp(schemes[i].name, name) == 0) {
			*ret = (enum rt_scheme)i;
			return RT_OK;
		}
	enum rt_status st = rt_fail(err, RT_USAGE, "scheme \"%s\" is not known", name);
	rt_error_hint(err, "use http, https, grpc, grpcs, tls, tcp or udp");
	return st;
}

static enum rt_status check_ascii(const char *host, struct rt_error *err)
{
	for (const char *p = host; *p; p++)
		if ((unsigned char)*p >= 0x80) {
			enum rt_status st = rt_fail(
			    err, RT_USAGE, "host \"%s\" is not in the form that DNS uses", host);
			rt_error_hint(err, "write it in its xn-- form");
			return st;
		}
	return RT_OK;
}

/* One "Name: value"; Host replaces the host instead of being kept. */
static enum rt_status add_header(struct rt_arena *a, const char *text, struct rt_request *req,
    header_list *list, struct rt_error *err)
{
	const char *colon = strchr(text, ':');
	if (!colon || !is_token(text, (size_t)(colon - text)))
		return rt_fail(
		    err, RT_USAGE, "header \"%s\" is not of the form 'Name: value'", text);
	if (has_control(text))
		return rt_fail(err, RT_USAGE, "header \"%.*s\" holds a control character",
		    (int)(colon - text), text);
	const char *value = colon + 1 + strspn(colon + 1, " \t");
	size_t len = strlen(value);
	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	struct rt_header h = {
	    rt_arena_strndup(a, text, (size_t)(colon - text)), rt_arena_strndup(a, value, len)};
	if (strcasecmp(h.name, "host") != 0) {
		rt_vec_push(list, a, h);
		return RT_OK;
	}
	char host[256];
	if (!rt_hostname_of_authority(h.value, host, sizeof(host)) || !host[0] ||
	    strpbrk(host, NO_HOST))
		return rt_fail(err, RT_USAGE, "Host header \"%s\" is not a host", h.value);
	req->host = rt_str_lowered(a, host);
	req->ip_literal = is_address(req->host);
	return check_ascii(req->host, err);
}

static enum rt_status parse_headers(struct rt_arena *a, const struct rt_request_args *args,
    struct rt_request *ret, struct rt_error *err)
{
	header_list list = {0};
	size_t total = 0;
	for (size_t i = 0; i < args->header_count; i++) {
		total += strlen(args->headers[i]);
		if (total > HEADERS_MAX)
			return rt_fail(err, RT_USAGE, "the headers are longer than 256 KiB");
		enum rt_status st = add_header(a, args->headers[i], ret, &list, err);
		if (st != RT_OK)
			return st;
	}
	ret->headers.v = list.v;
	ret->headers.len = list.len;
	return RT_OK;
}

static enum rt_status parse_cert(
    struct rt_arena *a, const char *text, struct rt_request *ret, struct rt_error *err)
{
	if (!text || rt_ns_name_parse(a, text, &ret->cert_ns, &ret->cert_name))
		return RT_OK;
	return rt_fail(err, RT_USAGE, "--cert %s: it takes NAMESPACE/NAME", text);
}

static enum rt_status parse_method(
    struct rt_arena *a, const char *method, struct rt_request *ret, struct rt_error *err)
{
	if (!rt_scheme_is_http(ret->scheme))
		return method ? rt_fail(err, RT_USAGE, "%s:// has no method",
				    rt_scheme_name(ret->scheme))
			      : RT_OK;
	if (!method)
		method = schemes[ret->scheme].method;
	if (!is_token(method, strlen(method)) || strlen(method) > 64)
		return rt_fail(err, RT_USAGE, "\"%s\" is not a method", method);
	char *up = rt_arena_strdup(a, method);
	for (char *p = up; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	ret->method = up;
	return RT_OK;
}

static enum rt_status parse_path(
    const struct rt_url *url, struct rt_request *ret, struct rt_error *err)
{
	const char *name = rt_scheme_name(ret->scheme);
	if (!rt_scheme_is_http(ret->scheme)) {
		bool none = (!url->path[0] || strcmp(url->path, "/") == 0) && !url->query;
		return none ? RT_OK : rt_fail(err, RT_USAGE, "%s:// has no path", name);
	}
	ret->path = url->path[0] ? url->path : "/";
	ret->query = url->query;
	if (strchr(ret->path, ' ') || (ret->query && strchr(ret->query, ' ')))
		return rt_fail(err, RT_USAGE, "the URL has a space, which is written %%20");
	if (!rt_scheme_is_grpc(ret->scheme))
		return RT_OK;
	const char *slash = strchr(ret->path + 1, '/');
	if (slash && slash != ret->path + 1 && slash[1] && !strchr(slash + 1, '/') && !ret->query)
		return RT_OK;
	return rt_fail(err, RT_USAGE, "\"%s\" is not a gRPC path: it needs /package.Service/Method",
	    ret->path);
}

static enum rt_status parse_port(
    const struct rt_url *url, int connect, struct rt_request *ret, struct rt_error *err)
{
	ret->port = url->port ? url->port : schemes[ret->scheme].port;
	if (ret->port == 0)
		ret->port = connect;
	if (ret->port == 0)
		return rt_fail(err, RT_USAGE, "%s:// needs a port", rt_scheme_name(ret->scheme));
	if (connect < 0 || connect > 65535)
		return rt_fail(err, RT_USAGE, "port %d is out of range", connect);
	ret->connect = connect ? connect : ret->port;
	return RT_OK;
}

static enum rt_status parse_sni(struct rt_arena *a, const char *sni, const struct rt_url *url,
    struct rt_request *ret, struct rt_error *err)
{
	if (!rt_scheme_is_tls(ret->scheme))
		return sni ? rt_fail(err, RT_USAGE, "--sni needs https, grpcs or tls") : RT_OK;
	ret->sni = sni ? rt_str_lowered(a, sni) : url->host;
	if (!ret->sni[0] || is_address(ret->sni))
		ret->sni = NULL; /* RFC 6066: an address is never sent as a server name */
	if (!ret->sni)
		return RT_OK;
	if (has_control(ret->sni) || strpbrk(ret->sni, NO_HOST) || strlen(ret->sni) > 253)
		return rt_fail(err, RT_USAGE, "\"%s\" is not a server name", ret->sni);
	return check_ascii(ret->sni, err);
}

enum rt_status rt_request_parse(struct rt_arena *a, const struct rt_request_args *args,
    struct rt_request *ret, struct rt_error *err)
{
	struct rt_url url = {0};
	struct rt_request req = {0};
	enum rt_status st = rt_url_parse(a, args->url, &url, err);
	if (st == RT_OK)
		st = parse_scheme(url.scheme, &req.scheme, err);
	if (st == RT_OK)
		st = check_ascii(url.host, err);
	if (st != RT_OK)
		return st;
	req.host = url.host;
	req.ip_literal = url.ip_literal;
	st = parse_method(a, args->method, &req, err);
	if (st == RT_OK)
		st = parse_path(&url, &req, err);
	if (st == RT_OK)
		st = parse_port(&url, args->port, &req, err);
	if (st == RT_OK)
		st = parse_sni(a, args->sni, &url, &req, err);
	if (st == RT_OK)
		st = parse_headers(a, args, &req, err);
	if (st == RT_OK)
		st = parse_cert(a, args->cert, &req, err);
	if (st == RT_OK)
		*ret = req;
	return st;
}

const char *rt_request_text(struct rt_arena *a, const struct rt_request *req)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	bool ipv6 = strchr(req->host, ':') != NULL;
	if (req->method)
		rt_buf_printf(&out, "%s ", req->method);
	rt_buf_printf(&out, "%s://%s%s%s", rt_scheme_name(req->scheme), ipv6 ? "[" : "", req->host,
	    ipv6 ? "]" : "");
	if (req->port != schemes[req->scheme].port)
		rt_buf_printf(&out, ":%d", req->port);
	if (req->path)
		rt_buf_puts(&out, req->path);
	if (req->query)
		rt_buf_printf(&out, "?%s", req->query);
	return rt_arena_strdup(a, rt_buf_str(&out));
}
