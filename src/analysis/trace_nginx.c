/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_nginx.c - a request at ingress-nginx: server, location, redirects, rewrite, canary
 * (controllers §4). All of it is the controller's own, and is marked so where it differs from
 * what the Ingress API defines.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/hostname.h"
#include "rutter/url.h"
#include "trace_ingress.h"

static bool on(const struct rt_ingress *ing, const char *name)
{
	const char *v = rt_nginx_annotation(ing, name);
	return v && strcasecmp(v, "true") == 0;
}

static const char *scheme(const struct rt_tracer *t)
{
	return rt_scheme_is_tls(t->req->scheme) ? "https" : "http";
}

/* ------------------------------------------------------------------ redirects */

/* A Location taken apart again for the answer; a broken URL stays in one piece. */
static bool redirect_to(
    struct rt_tracer *t, int status, const char *location, struct rt_trace_result *r)
{
	struct rt_trace_redirect *to = rt_arena_new(t->a, struct rt_trace_redirect);
	struct rt_url url = {0};
	*to =
	    (struct rt_trace_redirect){scheme(t), t->req->host, t->req->path, location, 0, status};
	if (rt_url_parse(t->a, location, &url, NULL) == RT_OK) {
		to->scheme = url.scheme;
		to->host = url.host;
		to->path = url.path[0] ? url.path : "/";
		to->port = url.port;
	}
	rt_step(t, r, RT_HOP_FILTER, RT_YES, "redirect %d to %s", status, location);
	r->outcome = RT_OUTCOME_REDIRECT;
	r->redirect = to;
	r->by_controller = true;
	return false;
}

static const char *same_uri(struct rt_tracer *t, const char *to_scheme, const char *host)
{
	return rt_arena_printf(t->a, "%s://%s%s%s%s", to_scheme, host, t->req->path,
	    t->req->query ? "?" : "", t->req->query ? t->req->query : "");
}

/* The nginx variables that people put into redirect annotations. */
static const char *expand(struct rt_tracer *t, const char *text)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	const char *query = t->req->query ? t->req->query : "";
	const char *uri = rt_arena_printf(t->a, "%s%s%s", t->req->path, query[0] ? "?" : "", query);
	const struct {
		const char *name, *value;
	} vars[] = {
	    {"$request_uri", uri},
	    {"$scheme", scheme(t)},
	    {"$host", t->req->host},
	    {"$http_host", t->req->host},
	    {"$uri", t->req->path},
	    {"$args", query},
	};
	while (*text) {
		size_t i = 0;
		while (i < RT_ARRAY_LEN(vars) &&
		       strncmp(text, vars[i].name, strlen(vars[i].name)) != 0)
			i++;
		if (*text == '$' && i < RT_ARRAY_LEN(vars)) {
			rt_buf_puts(&out, vars[i].value);
			text += strlen(vars[i].name);
		} else {
			rt_buf_putc(&out, *text++);
		}
	}
	return rt_arena_strdup(t->a, rt_buf_str(&out));
}

static bool url_redirects(
    struct rt_tracer *t, const struct rt_ingress *ing, struct rt_trace_result *r)
{
	int status = 0;
	const char *target = NULL;
	return !rt_nginx_redirect(ing, &status, &target) ||
	       redirect_to(t, status, expand(t, target), r);
}

/* app-root acts on "/" of the whole server, wherever the paths of its Ingress are. */
static bool app_root(struct rt_tracer *t, const struct rt_nginx_server *s, const char *path,
    struct rt_trace_result *r)
{
	for (size_t i = 0; strcmp(path, "/") == 0 && i < s->locations.len; i++) {
		const struct rt_ingress_place *p = &s->locations.v[i].place;
		const char *root = p->ing ? rt_nginx_annotation(p->ing->ingress, "app-root") : NULL;
		if (!root || root[0] != '/')
			continue;
		struct rt_trace_step *st = rt_step(t, r, RT_HOP_ROUTE, RT_YES, "app-root of %s",
		    rt_obj_text(t->a, &p->ing->ingress->obj));
		rt_step_object(st, &p->ing->ingress->obj);
		r->entry = rt_obj_ref(&p->ing->ingress->obj);
		r->ingress = p->ing;
		r->matched = true;
		r->rule = p->rule;
		r->match = p->path;
		return redirect_to(
		    t, 302, rt_arena_printf(t->a, "%s://%s%s", scheme(t), t->req->host, root), r);
	}
	return true;
}

static const char *rule_host(const struct rt_nginx_location *l)
{
	return l->place.rule < 0 ? NULL : l->place.ing->ingress->rules.v[l->place.rule].host;
}

/* What is asked of the server is asked by its own name, whichever alias leads there. */
static const char *server_host(const struct rt_tracer *t, const struct rt_nginx_server *s)
{
	return strcmp(s->name, "_") == 0 ? t->req->host : s->name;
}

/* TLS for the host sends plain HTTP to https with 308, unless ssl-redirect says no. */
static bool ssl_redirect(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_nginx_server *s, const struct rt_nginx_location *l, struct rt_trace_result *r)
{
	const struct rt_ingress *ing = l->place.ing->ingress;
	const struct rt_ingress_fact *f = NULL;
	size_t index = 0;
	if (rt_scheme_is_tls(t->req->scheme))
		return true;
	const char *plain = rt_nginx_annotation(ing, "ssl-redirect");
	bool off = plain && strcasecmp(plain, "false") == 0;
	bool tls = rt_ingress_tls_for(g, server_host(t, s), rule_host(l), &f, &index);
	if (!on(ing, "force-ssl-redirect") && (off || !tls))
		return true;
	return redirect_to(t, 308, same_uri(t, "https", t->req->host), r);
}

/* ------------------------------------------------------------------ what is not modelled */

static const char *const unmodelled[] = {"auth-url", "auth-type", "auth-tls-secret",
    "whitelist-source-range", "denylist-source-range", "limit-rps", "limit-rpm",
    "limit-connections", "configuration-snippet", "server-snippet", "enable-modsecurity",
    "custom-http-errors", "default-backend", "mirror-target", "ssl-passthrough", "affinity",
    "custom-headers"};

static void say_unmodelled(
    struct rt_tracer *t, const struct rt_ingress *ing, struct rt_trace_result *r)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	size_t count = 0;
	for (size_t i = 0; i < RT_ARRAY_LEN(unmodelled); i++)
		if (rt_nginx_annotation(ing, unmodelled[i]))
			rt_buf_printf(&out, "%s%s", count++ ? ", " : "", unmodelled[i]);
	if (count > 0)
		rt_depends(t, r, "annotation%s %s may change the answer", count == 1 ? "" : "s",
		    rt_buf_str(&out));
}

/* ------------------------------------------------------------------ CORS */

static rt_strings words(struct rt_tracer *t, const char *text)
{
	RT_VEC(const char *) v = {0};
	while (*text) {
		text += strspn(text, ", ");
		size_t len = strcspn(text, ", ");
		if (len > 0)
			rt_vec_push(&v, t->a, rt_arena_strndup(t->a, text, len));
		text += len;
	}
	return (rt_strings){v.v, v.len};
}

static const char *or_default(const struct rt_ingress *ing, const char *name, const char *otherwise)
{
	const char *v = rt_nginx_annotation(ing, name);
	return v && v[0] ? v : otherwise;
}

static bool cors(struct rt_tracer *t, const struct rt_ingress *ing, struct rt_effect *e,
    struct rt_trace_result *r)
{
	if (!on(ing, "enable-cors"))
		return true;
	const char *credentials = or_default(ing, "cors-allow-credentials", "true");
	struct rt_cors c = {.allow_origins = words(t, or_default(ing, "cors-allow-origin", "*")),
	    .allow_methods = words(
		t, or_default(ing, "cors-allow-methods", "GET, PUT, POST, DELETE, PATCH, OPTIONS")),
	    .allow_headers = words(
		t, or_default(ing, "cors-allow-headers",
		       "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,"
		       "Content-Type,Range,Authorization")),
	    .expose_headers = words(t, or_default(ing, "cors-expose-headers", "")),
	    .allow_credentials =
		strcasecmp(credentials, "true") == 0 ? RT_FLAG_TRUE : RT_FLAG_FALSE,
	    .max_age = strtol(or_default(ing, "cors-max-age", "1728000"), NULL, 10)};
	bool any = rt_cors_apply(&t->view, &c, &e->response) == RT_CORS_ALLOWED &&
		   c.allow_origins.len == 1 && strcmp(c.allow_origins.v[0], "*") == 0;
	if (any) /* even beside credentials */
		rt_net_set(&e->response, "Access-Control-Allow-Origin", "*");
	r->by_controller = true;
	if (strcmp(t->req->method, "OPTIONS") != 0)
		return true;
	rt_step(t, r, RT_HOP_FILTER, RT_YES, "enable-cors answers OPTIONS itself");
	r->response_headers = rt_net_result(&e->response);
	return rt_respond(r, 204);
}

/* ------------------------------------------------------------------ to the backend */

static void headers(struct rt_tracer *t, const struct rt_ingress *ing, struct rt_effect *e,
    struct rt_trace_result *r)
{
	const char *vhost = rt_nginx_annotation(ing, "upstream-vhost");
	const char *prefix = rt_nginx_annotation(ing, "x-forwarded-prefix");
	if (vhost && vhost[0]) {
		e->host = vhost;
		rt_step(t, r, RT_HOP_FILTER, RT_YES, "host becomes %s", vhost);
		r->by_controller = true;
	}
	if (prefix && prefix[0]) {
		rt_net_set(&e->request, "X-Forwarded-Prefix", prefix);
		r->by_controller = true;
	}
}

static bool rewrite(struct rt_tracer *t, const struct rt_nginx_location *l, const char *path,
    struct rt_effect *e, struct rt_trace_result *r)
{
	const char *location = NULL;
	const char *result = rt_nginx_rewrite(t->a, l, path, &location);
	if (location)
		return redirect_to(t, 302, expand(t, location), r);
	if (result == path)
		return true;
	rt_step(t, r, RT_HOP_FILTER, RT_YES, "rewrite-target: path becomes %s", result);
	e->path = result;
	r->by_controller = true;
	return true;
}

/* "NAMESPACE/NAME" of proxy-ssl-secret. */
static struct rt_ref client_certificate(struct rt_tracer *t, const struct rt_ingress *ing)
{
	const char *text = rt_nginx_annotation(ing, "proxy-ssl-secret");
	const char *slash = text ? strchr(text, '/') : NULL;
	if (!slash || slash == text || !slash[1])
		return (struct rt_ref){0};
	return (struct rt_ref){
	    "", "Secret", rt_arena_strndup(t->a, text, (size_t)(slash - text)), slash + 1};
}

static struct rt_ingress_sending sending(struct rt_tracer *t, const struct rt_ingress *ing)
{
	struct rt_ingress_sending s = {.share = 1, .weight = 1};
	const char *protocol = rt_nginx_annotation(ing, "backend-protocol");
	const char *names = rt_nginx_annotation(ing, "proxy-ssl-server-name");
	s.tls =
	    protocol && (strcasecmp(protocol, "HTTPS") == 0 || strcasecmp(protocol, "GRPCS") == 0);
	if (s.tls && names && strcasecmp(names, "on") == 0)
		s.sni = rt_nginx_annotation(ing, "proxy-ssl-name");
	if (s.tls)
		s.client_certificate = client_certificate(t, ing);
	return s;
}

static void backends(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_nginx_server *s, const struct rt_nginx_location *l, struct rt_trace_result *r)
{
	static const char *const whys[] = {
	    [RT_CANARY_WEIGHT] = "by weight",
	    [RT_CANARY_HEADER] = "by header",
	    [RT_CANARY_COOKIE] = "by cookie",
	};
	struct rt_ingress_sending how = sending(t, l->place.ing->ingress);
	const struct rt_ingress_backend_fact *b = rt_ingress_place_backend(&l->place), *cb = NULL;
	struct rt_ingress_place place;
	const struct rt_ingress_fact *canary = rt_nginx_canary(g, s, l, &place);
	struct rt_canary_share c = {0};
	if (canary) {
		c = rt_nginx_canary_share(&t->view, canary);
		cb = rt_ingress_place_backend(&place);
		struct rt_trace_step *st =
		    rt_step(t, r, RT_HOP_FILTER, RT_YES, "canary %s takes %.4g %% %s",
			rt_obj_text(t->a, &canary->ingress->obj), c.share * 100, whys[c.why]);
		rt_step_object(st, &canary->ingress->obj);
		r->by_controller = true;
	}
	how.share = 1 - c.share;
	how.weight = canary ? c.total - c.weight : 1;
	if (b)
		rt_ingress_backend_add(t, r, b, &how);
	if (cb) {
		how.share = c.share;
		how.weight = c.weight;
		rt_ingress_backend_add(t, r, cb, &how);
	}
}

/* ------------------------------------------------------------------ the ladder */

static void say_server(
    struct rt_tracer *t, const struct rt_nginx_server *s, struct rt_trace_result *r)
{
	bool deep =
	    rt_hostname_is_wildcard(s->name) && !rt_hostname_matches_ingress(s->name, t->req->host);
	rt_step(t, r, RT_HOP_LISTENER, RT_YES, "server %s%s%s%s",
	    strcmp(s->name, "_") == 0 ? "for every other host" : s->name,
	    s->alias ? " by its alias " : "", s->alias ? s->alias : "",
	    deep ? ", whose star spans labels in nginx" : "");
	if (s->alias || deep)
		r->by_controller = true;
	if (s->regex) {
		struct rt_trace_step *st = rt_step(t, r, RT_HOP_NOTE, RT_UNKNOWN,
		    "%s makes every path of the host a case-insensitive expression, the longest "
		    "first",
		    rt_obj_text(t->a, &s->regex_by->ingress->obj));
		rt_step_object(st, &s->regex_by->ingress->obj);
		rt_step_mend(st, "IN12", NULL);
		r->by_controller = true;
	}
}

static void say_location(struct rt_tracer *t, const struct rt_nginx_server *s,
    const struct rt_nginx_location *l, struct rt_trace_result *r)
{
	const struct rt_ingress *ing = l->place.ing->ingress;
	const struct rt_ingress_path *p = rt_ingress_place_path(&l->place);
	struct rt_trace_step *st =
	    p ? rt_step(t, r, RT_HOP_ROUTE, RT_YES, "%s rule %d path %d: %s, location %s%s",
		    rt_obj_text(t->a, &ing->obj), l->place.rule, l->place.path,
		    rt_ingress_predicate_text(t->a, p),
		    s->regex   ? "~* ^"
		    : l->exact ? "= "
			       : "",
		    l->path)
	      : rt_step(t, r, RT_HOP_ROUTE, RT_YES, "no path takes it: default backend of %s",
		    rt_obj_text(t->a, &ing->obj));
	rt_step_object(st, &ing->obj);
	if (p && strcmp(rt_ingress_path_type(p), "ImplementationSpecific") == 0)
		r->by_controller = true;
	if (!p && ing->rules.len > 0)
		r->by_controller = true;
	const char *value = p ? rt_ingress_path_value(p) : "";
	if (!s->regex && l->exact && strlen(value) > strlen(l->path))
		rt_depends(t, r, "ingress-nginx may send %s to %s first, the path as it is written",
		    l->path, value);
}

/* winner NULL: none. */
static void near(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_nginx_server *s, const struct rt_ingress_place *winner,
    struct rt_trace_result *r)
{
	const char *path = rt_path_normalise(t->a, t->req->path);
	struct rt_ingress_near_in in = {
	    winner, server_host(t, s), path ? path : t->req->path, s->regex};
	rt_ingress_near(t, g, &in, r);
}

static bool no_location(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_nginx_server *s, struct rt_trace_result *r)
{
	rt_step(t, r, RT_HOP_ROUTE, RT_NO,
	    "no path of the host takes %s: the controller's default backend", t->req->path);
	near(t, g, s, NULL, r);
	r->by_controller = true;
	return rt_respond(r, 404);
}

/* NULL: r holds the outcome. */
static const struct rt_nginx_location *find_location(struct rt_tracer *t,
    const struct rt_ingress_group *g, const struct rt_nginx_server *s, const char *path,
    struct rt_trace_result *r)
{
	bool slash = false, depends = false;
	const struct rt_nginx_location *l = rt_nginx_locate(s, path, &slash, &depends);
	if (depends)
		rt_depends(t, r, "a path of the host is no expression that can be judged here");
	if (slash) {
		const char *query = t->req->query;
		redirect_to(t, 301,
		    rt_arena_printf(t->a, "%s://%s%s/%s%s", scheme(t), t->req->host, path,
			query ? "?" : "", query ? query : ""),
		    r);
		return NULL;
	}
	if (l && l->place.ing)
		return l;
	no_location(t, g, s, r);
	return NULL;
}

static void serve(struct rt_tracer *t, const struct rt_ingress_group *g,
    const struct rt_nginx_server *s, const char *path, struct rt_trace_result *r)
{
	const struct rt_nginx_location *l = find_location(t, g, s, path, r);
	struct rt_effect e = rt_ingress_effect(t);
	if (!l)
		return;
	const struct rt_ingress *ing = l->place.ing->ingress;
	say_location(t, s, l, r);
	near(t, g, s, &l->place, r);
	r->matched = true;
	r->rule = l->place.rule;
	r->match = l->place.path;
	say_unmodelled(t, ing, r);
	if (!url_redirects(t, ing, r) || !ssl_redirect(t, g, s, l, r) ||
	    !rewrite(t, l, path, &e, r) || !cors(t, ing, &e, r))
		return;
	headers(t, ing, &e, r);
	backends(t, g, s, l, r);
	rt_ingress_forward(t, r, &e);
}

/* The Ingress that wins, or the one that stands for the server. */
static const struct rt_ingress_fact *speaker(
    const struct rt_ingress_group *g, const struct rt_nginx_server *s, const char *path)
{
	bool slash, depends;
	const struct rt_nginx_location *l =
	    path ? rt_nginx_locate(s, path, &slash, &depends) : NULL;
	if (l && l->place.ing)
		return l->place.ing;
	return s->owner ? s->owner : g->members.v[0];
}

static bool trace(
    struct rt_tracer *t, const struct rt_ingress_group *g, bool forced, struct rt_trace_result *r)
{
	struct rt_nginx_server s;
	const struct rt_ingress_fact *by = NULL;
	const char *www = rt_nginx_www(t->a, g, t->req->host, &by);
	bool found = rt_nginx_server_of(t->a, g, t->req->host, &s);
	if (!found && !www && !forced)
		return false;
	const char *path = rt_path_normalise(t->a, t->req->path);
	rt_ingress_entry(t, g, www ? by : speaker(g, &s, path), r);
	if (www) {
		if (rt_scheme_is_tls(t->req->scheme))
			rt_ingress_certificate(t, g, www, www, r);
		redirect_to(t, 308, same_uri(t, scheme(t), www), r);
		return true;
	}
	if (!found) {
		no_location(t, g, &s, r);
		return true;
	}
	say_server(t, &s, r);
	if (rt_scheme_is_tls(t->req->scheme))
		rt_ingress_certificate(t, g, server_host(t, &s), s.name, r);
	if (!path) {
		rt_step(t, r, RT_HOP_ROUTE, RT_NO, "nginx refuses the path %s", t->req->path);
		r->by_controller = true;
		rt_respond(r, 400);
		return true;
	}
	if (strcmp(path, t->req->path) != 0)
		rt_depends(t, r, "nginx compares the path as %s", path);
	if (app_root(t, &s, path, r))
		serve(t, g, &s, path, r);
	return true;
}

/* Where the answer is ingress-nginx's own and no step has said so yet. */
static void say_own(struct rt_tracer *t, struct rt_trace_result *r)
{
	bool said = false;
	for (size_t i = 0; i < r->steps.len; i++)
		said |= r->steps.v[i].hop == RT_HOP_NOTE;
	if (r->by_controller && !said)
		rt_depends(t, r, "ingress-nginx does so; the Ingress API does not define it");
}

bool rt_trace_nginx(
    struct rt_tracer *t, const struct rt_ingress_group *g, bool forced, struct rt_trace_result *r)
{
	bool found = trace(t, g, forced, r);
	say_own(t, r);
	return found;
}
