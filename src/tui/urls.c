/* SPDX-License-Identifier: Apache-2.0 */
/*
 * urls.c - a request that a listener, route, rule or path would serve, to start a trace with.
 * A wildcard becomes a name below it, a route without hostnames takes its listener's.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "rutter/buf.h"

#define STEPS_MAX 3 /* from a Pod over slice and Service to a rule */

struct url {
	const char *method, *scheme, *host, *path;
	int64_t port;
};

static void put_host(struct rt_buf *out, const char *host)
{
	if (host && !strncmp(host, "*.", 2))
		rt_buf_printf(out, "www%s", host + 1);
	else
		rt_buf_puts(out, host && *host && strcmp(host, "*") != 0 ? host : "example.com");
}

static bool usual_port(const struct url *u)
{
	bool secure = !strcmp(u->scheme, "https") || !strcmp(u->scheme, "grpcs");
	bool plain = !strcmp(u->scheme, "http") || !strcmp(u->scheme, "grpc");

	return (secure && u->port == 443) || (plain && u->port == 80);
}

static void put_url(const struct url *u, struct rt_buf *out)
{
	if (u->method)
		rt_buf_printf(out, "%s ", u->method);
	rt_buf_printf(out, "%s://", u->scheme);
	put_host(out, u->host);
	if (u->port != RT_INT_UNSET && !usual_port(u))
		rt_buf_printf(out, ":%lld", (long long)u->port);
	rt_buf_puts(out, u->path ? u->path : "");
}

static const char *scheme_of(const struct rt_listener_fact *l, bool grpc)
{
	switch (l->protocol) {
	case RT_PROTOCOL_HTTP:
		return grpc ? "grpc" : "http";
	case RT_PROTOCOL_HTTPS:
		return grpc ? "grpcs" : "https";
	case RT_PROTOCOL_TLS:
		return "tls";
	case RT_PROTOCOL_TCP:
		return "tcp";
	case RT_PROTOCOL_UDP:
		return "udp";
	case RT_PROTOCOL_OTHER:
		break;
	}
	return grpc ? "grpc" : "http";
}

static void from_listener(struct url *u, const struct rt_listener_fact *l, bool grpc)
{
	u->scheme = scheme_of(l, grpc);
	u->port = l->spec->port;
	if (!u->host)
		u->host = l->spec->hostname;
}

static void first_match(const struct rt_route *r, int rule, struct url *u, struct rt_buf *path)
{
	const struct rt_route_match *m;

	if ((size_t)rule >= r->rules.len || !rt_rule_matches(&r->rules.v[rule], &m))
		return;
	if (m->grpc && (m->grpc->service || m->grpc->method))
		rt_buf_printf(path, "/%s/%s", m->grpc->service ? m->grpc->service : "Service",
		    m->grpc->method ? m->grpc->method : "Method");
	else if (m->path.value && strcmp(m->path.type, "RegularExpression") != 0)
		rt_buf_puts(path, m->path.value);
	if (m->method && strcmp(m->method, "GET") != 0)
		u->method = m->method;
}

static bool of_route(const struct rt_route_fact *r, int rule, struct rt_buf *out)
{
	struct url u = {.scheme = "http", .port = RT_INT_UNSET};
	enum rt_kind kind = r->route->obj.kind;
	struct rt_buf path = RT_BUF_MAX(4096);

	if (r->attachments.len) {
		const struct rt_attachment *at = r->attachments.v[0];
		u.host = at->hostnames.len ? at->hostnames.v[0] : NULL;
		from_listener(&u, at->listener, kind == RT_KIND_GRPC_ROUTE);
	}
	if (!u.host && r->route->hostnames.len)
		u.host = r->route->hostnames.v[0];
	if (kind == RT_KIND_HTTP_ROUTE || kind == RT_KIND_GRPC_ROUTE)
		first_match(r->route, rule, &u, &path);
	u.path = rt_buf_str(&path);
	put_url(&u, out);
	rt_buf_done(&path);
	return true;
}

static bool has_tls(const struct rt_ingress *ing, const char *host)
{
	for (size_t i = 0; i < ing->tls.len; i++) {
		if (!ing->tls.v[i].hosts.len)
			return true;
		for (size_t j = 0; host && j < ing->tls.v[i].hosts.len; j++)
			if (!strcmp(ing->tls.v[i].hosts.v[j], host))
				return true;
	}
	return false;
}

static bool of_ingress(const struct rt_ingress *ing, int rule, int path, struct rt_buf *out)
{
	struct url u = {.scheme = "http", .port = RT_INT_UNSET, .path = "/"};

	if (rule >= 0 && (size_t)rule < ing->rules.len) {
		const struct rt_ingress_rule *r = &ing->rules.v[rule];
		u.host = r->host;
		if (path >= 0 && (size_t)path < r->paths.len && r->paths.v[path].path)
			u.path = r->paths.v[path].path;
	}
	if (has_tls(ing, u.host))
		u.scheme = "https";
	put_url(&u, out);
	return true;
}

static bool of_listener(
    const struct rt_analysis *an, const struct rt_obj *owner, int index, struct rt_buf *out)
{
	for (size_t i = 0; i < an->listeners.len; i++) {
		const struct rt_listener_fact *l = an->listeners.v[i];
		struct url u = {.path = "/"};
		if (l->owner != owner || (int)l->index != index)
			continue;
		from_listener(&u, l, false);
		if (l->protocol != RT_PROTOCOL_HTTP && l->protocol != RT_PROTOCOL_HTTPS)
			u.path = NULL;
		put_url(&u, out);
		return true;
	}
	return false;
}

/* The path number of an Ingress path's node: its id ends in path/RULE/PATH. */
static int path_index(const struct rt_node *n)
{
	const char *slash = strrchr(n->id, '/');
	int path = -1;

	return slash && sscanf(slash, "/%d", &path) == 1 ? path : -1;
}

static bool own_url(const struct rt_analysis *an, const struct rt_node *n, struct rt_buf *out)
{
	const struct rt_route_fact *route;

	if (!an || !n->obj)
		return false;
	if (n->type == RT_NODE_LISTENER)
		return of_listener(an, n->obj, n->part, out);
	if (n->obj->kind == RT_KIND_GATEWAY && n->type == RT_NODE_OBJECT)
		return of_listener(an, n->obj, 0, out);
	if (rt_kind_is_route(n->obj->kind)) {
		route = rt_route_fact_of(an, n->obj);
		return route && of_route(route, n->type == RT_NODE_RULE ? n->part : 0, out);
	}
	if (n->obj->kind == RT_KIND_INGRESS)
		return of_ingress((const void *)n->obj, n->type == RT_NODE_PATH ? n->part : 0,
		    n->type == RT_NODE_PATH ? path_index(n) : 0, out);
	return false;
}

static bool url_above(
    const struct rt_analysis *an, const struct rt_node *n, int steps, struct rt_buf *out)
{
	if (own_url(an, n, out))
		return true;
	for (size_t i = 0; steps > 0 && i < n->in.len; i++)
		if (url_above(an, n->in.v[i]->from, steps - 1, out))
			return true;
	return false;
}

/* Services and Pods have no host: that of a route which leads there is taken. */
bool rt_url_of_node(const struct rt_analysis *an, const struct rt_node *n, struct rt_buf *out)
{
	return url_above(an, n, STEPS_MAX, out);
}

bool rt_url_of_row(const struct rt_route_row *row, struct rt_buf *out)
{
	struct url u = {.scheme = "http", .host = row->host, .port = RT_INT_UNSET};
	bool regex = row->path_type && strcmp(row->path_type, "RegularExpression") == 0;

	if (row->route->kind == RT_KIND_INGRESS)
		return of_ingress((const void *)row->route, row->rule, row->match, out);
	if (row->listener)
		from_listener(&u, row->listener, row->route->kind == RT_KIND_GRPC_ROUTE);
	if (row->method && strcmp(row->method, "GET") != 0)
		u.method = row->method;
	u.path = regex ? "/" : row->path;
	put_url(&u, out);
	return true;
}
