/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig_endpoint.c - where: server URL, certificate authorities, proxy, with the flags on top.
 * The rules are those of client-go's getCluster, DefaultServerURL and TLSConfigFor.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "kubeconfig_internal.h"
#include "readfile.h"
#include "rutter/cert.h"
#include "rutter/url.h"

static bool is_set(const char *s)
{
	return s && s[0];
}

/* "kubeconfig FILE: cluster "x"", or what stands in for it. */
static const char *subject(struct kc *kc, const struct kc_cluster *c)
{
	if (!c->e.name)
		return "the cluster";
	return rt_arena_printf(kc->a, "kubeconfig %s: cluster \"%s\"", c->e.file, c->e.name);
}

/* The host part of a server as written, for comparing; NULL when there is none. */
static const char *host_of(struct kc *kc, const char *server)
{
	struct rt_url url;
	if (!is_set(server))
		return NULL;
	if (!strstr(server, "://"))
		server = rt_arena_printf(kc->a, "https://%s", server);
	return rt_url_parse(kc->a, server, &url, NULL) == RT_OK ? url.host : NULL;
}

/* kubectl sends the kubeconfig's credentials wherever --server points, and so must we. */
static void note_foreign_host(struct kc *kc, const struct kc_cluster *c)
{
	const char *before = host_of(kc, c->server), *after = host_of(kc, kc->opts->server);
	if (before && after && strcmp(before, after) != 0)
		kc->foreign = before;
}

static void apply_flags(struct kc *kc, struct kc_cluster *c)
{
	const struct rt_kubeconfig_opts *o = kc->opts;
	if (is_set(o->server)) {
		note_foreign_host(kc, c);
		c->server = o->server;
		c->tls_server_name = NULL;
	}
	if (is_set(o->tls_server_name))
		c->tls_server_name = o->tls_server_name;
	/* Either flag replaces everything the file says about trust. */
	if (is_set(o->ca_file) || o->insecure) {
		c->ca_file = is_set(o->ca_file) ? o->ca_file : NULL;
		c->ca_data = (struct kc_bytes){0};
		c->insecure = o->insecure;
	}
	c->disable_compression = c->disable_compression || o->disable_compression;
}

static enum rt_status check(struct kc *kc, const struct kc_cluster *c, struct rt_error *err)
{
	if (c->ca_data.data && is_set(c->ca_file))
		return rt_fail(err, RT_CONFIG,
		    "%s has both certificate-authority and certificate-authority-data: remove one",
		    subject(kc, c));
	if (c->insecure && (c->ca_data.data || is_set(c->ca_file)))
		return rt_fail(err, RT_CONFIG,
		    "%s: insecure-skip-tls-verify and a certificate authority exclude each other",
		    subject(kc, c));
	return RT_OK;
}

/* --- the server URL ------------------------------------------------------------------------ */

static const char *default_scheme(const struct kc *kc, const struct kc_cluster *c)
{
	bool tls =
	    c->insecure || is_set(c->ca_file) || c->ca_data.data || is_set(kc->opts->cert_file);
	return tls ? "https" : "http";
}

static enum rt_status bad_server(
    struct kc *kc, const struct kc_cluster *c, const char *why, struct rt_error *err)
{
	(void)rt_fail(err, RT_CONFIG, "%s: server \"%s\" %s", subject(kc, c),
	    kc_without_userinfo(kc->a, c->server), why);
	rt_error_hint(err, "a server is https://HOST[:PORT][/PREFIX]");
	return RT_CONFIG;
}

static const char *url_text(struct kc *kc, const struct rt_server *e)
{
	const char *host = strchr(e->host, ':') ? rt_arena_printf(kc->a, "[%s]", e->host) : e->host;
	if (e->port_given)
		return rt_arena_printf(kc->a, "%s://%s:%d%s", e->scheme, host, e->port, e->prefix);
	return rt_arena_printf(kc->a, "%s://%s%s", e->scheme, host, e->prefix);
}

static const char *without_query(struct kc *kc, const char *server)
{
	return rt_arena_strndup(kc->a, server, strcspn(server, "?#"));
}

/* Without a scheme the server is host or host:port, and how it is spoken to depends on whether
 * anything about TLS is configured. */
static enum rt_status resolve_server(
    struct kc *kc, const struct kc_cluster *c, struct rt_server *e, struct rt_error *err)
{
	struct rt_url url;
	struct rt_error why = {0};
	const char *text = c->server;
	bool schemeless = !strstr(text, "://");

	if (schemeless)
		text = rt_arena_printf(kc->a, "%s://%s", default_scheme(kc, c), text);
	if (rt_url_parse(kc->a, text, &url, &why) != RT_OK)
		return bad_server(kc, c, "is not a URL", err);
	if (strcmp(url.scheme, "https") != 0 && strcmp(url.scheme, "http") != 0)
		return bad_server(kc, c, "is neither https nor http", err);
	if (url.userinfo)
		return bad_server(kc, c, "had a user name in it, which is not supported", err);
	if (schemeless && url.path[0] && strcmp(url.path, "/") != 0)
		return bad_server(kc, c, "has a path but no scheme", err);
	size_t len = strlen(url.path);
	while (len && url.path[len - 1] == '/')
		len--;
	e->scheme = url.scheme;
	e->host = url.host;
	e->port_given = url.port != 0;
	e->port = url.port ? url.port : strcmp(url.scheme, "https") == 0 ? 443 : 80;
	e->prefix = rt_arena_strndup(kc->a, url.path, len);
	e->url = url_text(kc, e);
	e->server = without_query(kc, c->server);
	return RT_OK;
}

/* --- certificate authorities ---------------------------------------------------------------- */

static enum rt_status check_ca(
    struct kc *kc, const struct kc_cluster *c, const struct rt_server *e, struct rt_error *err)
{
	struct rt_cert cert;
	if (rt_cert_bundle_ok(e->ca, e->ca_len) ||
	    rt_cert_parse(kc->a, e->ca, e->ca_len, &cert, NULL) == RT_OK)
		return RT_OK;
	return rt_fail(
	    err, RT_CONFIG, "%s: %s holds no PEM certificate", subject(kc, c), e->ca_source);
}

static enum rt_status resolve_ca(
    struct kc *kc, const struct kc_cluster *c, struct rt_server *e, struct rt_error *err)
{
	struct rt_buf text = {0};
	struct rt_error why = {0};

	if (c->ca_data.data) {
		e->ca = c->ca_data.data;
		e->ca_len = c->ca_data.len;
		e->ca_source = "certificate-authority-data";
		return check_ca(kc, c, e, err);
	}
	if (!is_set(c->ca_file))
		return RT_OK;
	enum rt_status status = rt_kube_read_file(c->ca_file, RT_KUBE_PART_MAX, &text, &why);
	if (status == RT_OK) {
		e->ca = rt_arena_strndup(kc->a, rt_buf_str(&text), text.len);
		e->ca_len = strlen(e->ca);
		e->ca_source = e->ca_file = rt_arena_strdup(kc->a, c->ca_file);
		status = check_ca(kc, c, e, err);
	} else {
		status = rt_fail(err, RT_CONFIG, "%s: certificate-authority %s: %s", subject(kc, c),
		    c->ca_file, why.msg);
	}
	rt_buf_done(&text);
	return status;
}

/* --- proxy ---------------------------------------------------------------------------------- */

static bool proxy_scheme_ok(const char *url)
{
	/* socks5h says what kubectl's socks5 does: the proxy resolves the name. */
	static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://"};
	for (size_t i = 0; i < RT_ARRAY_LEN(schemes); i++) {
		size_t len = strlen(schemes[i]);
		if (strncasecmp(url, schemes[i], len) == 0 && url[len] && url[len] != '/')
			return true;
	}
	return false;
}

static enum rt_status resolve_proxy(
    struct kc *kc, const struct kc_cluster *c, struct rt_server *e, struct rt_error *err)
{
	const char *proxy = is_set(c->proxy_url) ? c->proxy_url : NULL;

	if (proxy && (!proxy_scheme_ok(proxy) || kc_has_control(proxy)))
		return rt_fail(err, RT_CONFIG,
		    "%s: proxy-url \"%s\" is not a URL with one of http, https, socks5",
		    subject(kc, c), kc_without_userinfo(kc->a, proxy));
	if (!proxy) {
		proxy = rt_proxy_from_env(kc->opts->env, e->scheme, e->host, e->port);
		if (proxy && !strstr(proxy, "://"))
			proxy = rt_arena_printf(kc->a, "http://%s", proxy);
		/* Go ignores a variable that is no URL. */
		if (proxy && (!proxy_scheme_ok(proxy) || kc_has_control(proxy))) {
			kc_warn(kc, "the proxy that the environment names is not a URL: ignored");
			proxy = NULL;
		}
	}
	e->proxy = rt_arena_strdup(kc->a, proxy);
	e->proxy_shown = proxy ? kc_without_userinfo(kc->a, proxy) : NULL;
	return RT_OK;
}

enum rt_status kc_resolve_endpoint(struct kc *kc, struct kc_cluster *c, struct rt_error *err)
{
	struct rt_server *e = &kc->cfg->endpoint;
	enum rt_status status;

	apply_flags(kc, c);
	status = check(kc, c, err);
	if (status == RT_OK)
		status = resolve_server(kc, c, e, err);
	if (status == RT_OK)
		status = resolve_ca(kc, c, e, err);
	if (status == RT_OK)
		status = resolve_proxy(kc, c, e, err);
	e->insecure = c->insecure;
	e->tls_server_name =
	    is_set(c->tls_server_name) ? rt_arena_strdup(kc->a, c->tls_server_name) : NULL;
	e->disable_compression = c->disable_compression;
	e->exec_config = c->exec_config;
	return status;
}
