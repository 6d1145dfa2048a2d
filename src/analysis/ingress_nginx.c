/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingress_nginx.c - how ingress-nginx turns Ingresses into servers and locations, and which of
 * them takes a request (controllers §4, 1 to 10).
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingress_match.h"
#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/hostname.h"
#include "rutter/regex.h"
#include "rutter/url.h"
#include "rutter/vec.h"

#define CATCH_ALL "_"

static const char *server_name(const struct rt_ingress_rule *rule)
{
	return rule->host && rule->host[0] ? rule->host : CATCH_ALL;
}

static bool is_exact(const struct rt_ingress_path *p)
{
	return strcmp(rt_ingress_path_type(p), "Exact") == 0;
}

static bool is_prefix(const struct rt_ingress_path *p)
{
	return strcmp(rt_ingress_path_type(p), "Prefix") == 0;
}

/* ------------------------------------------------------------------ which server */

static bool has_server(const struct rt_ingress_group *g, const char *name)
{
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		for (size_t j = 0; !g->members.v[i]->canary && j < ing->rules.len; j++)
			if (strcasecmp(server_name(&ing->rules.v[j]), name) == 0)
				return true;
	}
	return false;
}

/* "*.x" of a server name spans labels, other than the Ingress API says. The longest wins. */
static const char *wildcard_server(const struct rt_ingress_group *g, const char *host)
{
	const char *best = NULL;
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		for (size_t j = 0; !g->members.v[i]->canary && j < ing->rules.len; j++) {
			const char *name = server_name(&ing->rules.v[j]);
			if (rt_hostname_is_wildcard(name) && rt_hostname_matches(name, host) &&
			    (!best || strlen(name) > strlen(best)))
				best = name;
		}
	}
	return best;
}

/* One word of a server-alias: a name, a wildcard, or "~" and an expression. */
static bool alias_takes(const char *word, const char *host)
{
	if (word[0] != '~')
		return strcasecmp(word, host) == 0 ||
		       (rt_hostname_is_wildcard(word) && rt_hostname_matches(word, host));
	struct rt_regex *re = NULL;
	if (rt_regex_new(word + 1, RT_REGEX_ICASE, &re, NULL) != RT_OK)
		return false;
	bool hit = rt_regex_match(re, host, NULL, 0) == RT_YES;
	rt_regex_free(re);
	return hit;
}

const char *rt_nginx_next_alias(struct rt_arena *a, const char **list)
{
	static const char between[] = ", \t\n";
	const char *word = *list ? *list + strspn(*list, between) : "";
	size_t len = strcspn(word, between);
	*list = word + len;
	return len > 0 ? rt_arena_strndup(a, word, len) : NULL;
}

/* nginx tries names first, then wildcards, expressions last. */
static const char *alias_in(
    struct rt_arena *a, const char *list, const char *host, bool expressions)
{
	for (const char *alias; (alias = rt_nginx_next_alias(a, &list));)
		if ((alias[0] == '~') == expressions && alias_takes(alias, host))
			return alias;
	return NULL;
}

static const char *alias_server(struct rt_arena *a, const struct rt_ingress_group *g,
    const char *host, bool expressions, const char **ret_alias)
{
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		if (g->members.v[i]->canary || ing->rules.len == 0)
			continue;
		const char *alias =
		    alias_in(a, rt_nginx_annotation(ing, "server-alias"), host, expressions);
		if (!alias)
			continue;
		*ret_alias = alias;
		return server_name(&ing->rules.v[0]);
	}
	return NULL;
}

const char *rt_nginx_www(struct rt_arena *a, const struct rt_ingress_group *g, const char *host,
    const struct rt_ingress_fact **ret_by)
{
	const char *other =
	    strncmp(host, "www.", 4) == 0 ? host + 4 : rt_arena_printf(a, "www.%s", host);
	if (has_server(g, host))
		return NULL;
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		const char *on = rt_nginx_annotation(ing, "from-to-www-redirect");
		if (!on || strcasecmp(on, "true") != 0 || g->members.v[i]->canary)
			continue;
		for (size_t j = 0; j < ing->rules.len; j++)
			if (strcasecmp(server_name(&ing->rules.v[j]), other) == 0) {
				*ret_by = g->members.v[i];
				return other;
			}
	}
	return NULL;
}

/* ------------------------------------------------------------------ locations */

static bool spreads(const struct rt_ingress_place *p)
{
	return p->ing && p->rule >= 0 &&
	       rt_nginx_path_spreads(p->ing->ingress, rt_ingress_place_path(p));
}

static bool defined(const struct rt_nginx_server *s, const struct rt_ingress_path *p)
{
	for (size_t i = 0; i < s->locations.len; i++) {
		const struct rt_nginx_location *l = &s->locations.v[i];
		if (l->fallback)
			continue;
		const struct rt_ingress_path *q = rt_ingress_place_path(&l->place);
		if (rt_ingress_path_equal(q, p))
			return true;
	}
	return false;
}

/* First comer wins: an older Ingress has put its path there already. */
static void collect(struct rt_arena *a, const struct rt_ingress_group *g, struct rt_nginx_server *s)
{
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress_fact *f = g->members.v[i];
		for (size_t j = 0; !f->canary && j < f->ingress->rules.len; j++) {
			const struct rt_ingress_rule *rule = &f->ingress->rules.v[j];
			if (strcasecmp(server_name(rule), s->name) != 0)
				continue;
			if (!s->owner)
				s->owner = f;
			for (size_t k = 0; k < rule->paths.len; k++) {
				struct rt_nginx_location l = {.place = {f, (int)j, (int)k},
				    .path = rt_ingress_path_value(&rule->paths.v[k]),
				    .exact = is_exact(&rule->paths.v[k])};
				if (!defined(s, &rule->paths.v[k]))
					rt_vec_push(&s->locations, a, l);
			}
		}
	}
}

static bool has_exact(const struct rt_nginx_server *s, const char *path, size_t len)
{
	for (size_t i = 0; i < s->locations.len; i++) {
		const struct rt_nginx_location *l = &s->locations.v[i];
		if (l->exact && strlen(l->path) == len && strncmp(l->path, path, len) == 0)
			return true;
	}
	return false;
}

static bool has_plain(const struct rt_nginx_server *s, size_t before, const char *path)
{
	for (size_t i = 0; i < before; i++)
		if (!s->locations.v[i].exact && strcmp(s->locations.v[i].path, path) == 0)
			return true;
	return false;
}

static bool splits(const struct rt_nginx_location *l)
{
	return !l->fallback && is_prefix(rt_ingress_place_path(&l->place)) && !spreads(&l->place) &&
	       l->path[strspn(l->path, "/")] != '\0';
}

/* Prefix "/foo" is "/foo/" and "= /foo", unless that location rewrites or is an expression. "/foo"
 * and "/foo/" are one and the same then: the older one stays. */
static void split_prefixes(struct rt_arena *a, struct rt_nginx_server *s)
{
	size_t count = s->locations.len, kept = 0;
	struct rt_nginx_server twins = {0};
	for (size_t i = 0; i < count; i++) {
		struct rt_nginx_location l = s->locations.v[i];
		if (splits(&l)) {
			size_t len = strlen(l.path);
			while (l.path[len - 1] == '/')
				len--;
			struct rt_nginx_location twin = l;
			twin.exact = true;
			twin.path = rt_arena_strndup(a, l.path, len);
			l.path = rt_arena_printf(a, "%s/", twin.path);
			if (!has_exact(s, twin.path, len) && !has_exact(&twins, twin.path, len))
				rt_vec_push(&twins.locations, a, twin);
			if (has_plain(s, kept, l.path))
				continue;
		}
		s->locations.v[kept++] = l;
	}
	s->locations.len = kept;
	for (size_t i = 0; i < twins.locations.len; i++)
		rt_vec_push(&s->locations, a, twins.locations.v[i]);
}

/* The backend of "/" where no path is "/": the default backend of the Ingress that made the
 * server, for the catch-all one of the oldest Ingress without rules. */
static void add_fallback(
    struct rt_arena *a, const struct rt_ingress_group *g, struct rt_nginx_server *s)
{
	struct rt_nginx_location l = {.path = "/", .fallback = true};
	for (size_t i = 0; i < s->locations.len; i++)
		if (strcmp(s->locations.v[i].path, "/") == 0 && !s->locations.v[i].exact)
			return;
	if (s->owner && s->owner->ingress->default_backend)
		l.place = (struct rt_ingress_place){s->owner, -1, -1};
	for (size_t i = 0; !l.place.ing && i < g->members.len; i++) {
		const struct rt_ingress_fact *f = g->members.v[i];
		if (f->ingress->default_backend && f->ingress->rules.len == 0 &&
		    strcmp(s->name, CATCH_ALL) == 0)
			l.place = (struct rt_ingress_place){f, -1, -1};
	}
	if (!s->owner)
		s->owner = l.place.ing;
	rt_vec_push(&s->locations, a, l);
}

/* Descending length, then descending by bytes. */
static int location_cmp(const void *pa, const void *pb)
{
	const struct rt_nginx_location *a = pa, *b = pb;
	size_t la = strlen(a->path), lb = strlen(b->path);
	if (la != lb)
		return la > lb ? -1 : 1;
	int c = strcmp(b->path, a->path);
	return c ? c : (int)b->exact - (int)a->exact;
}

bool rt_nginx_server_of(struct rt_arena *a, const struct rt_ingress_group *g, const char *host,
    struct rt_nginx_server *ret)
{
	const char *name = has_server(g, host) ? host : NULL;
	*ret = (struct rt_nginx_server){0};
	if (!name)
		name = alias_server(a, g, host, false, &ret->alias);
	if (!name)
		name = wildcard_server(g, host);
	if (!name)
		name = alias_server(a, g, host, true, &ret->alias);
	ret->name = name ? name : CATCH_ALL;
	collect(a, g, ret);
	for (size_t i = 0; i < ret->locations.len && !ret->regex; i++)
		if (spreads(&ret->locations.v[i].place)) {
			ret->regex = true;
			ret->regex_by = ret->locations.v[i].place.ing;
		}
	add_fallback(a, g, ret);
	split_prefixes(a, ret);
	rt_vec_sort(&ret->locations, location_cmp);
	return ret->owner != NULL;
}

/* ------------------------------------------------------------------ the path */

enum rt_tri rt_nginx_expression(const char *pattern, const char *path)
{
	struct rt_regex *re = NULL;
	if (rt_regex_new(pattern, RT_REGEX_ICASE | RT_REGEX_ANCHOR_START, &re, NULL) != RT_OK)
		return RT_UNKNOWN; /* nginx would refuse its whole configuration */
	enum rt_tri hit = rt_regex_match(re, path, NULL, 0);
	rt_regex_free(re);
	return hit;
}

const struct rt_nginx_location *rt_nginx_locate(
    const struct rt_nginx_server *s, const char *path, bool *ret_slash, bool *ret_depends)
{
	const struct rt_nginx_location *best = NULL;
	size_t len = strlen(path);
	*ret_slash = *ret_depends = false;
	for (size_t i = 0; i < s->locations.len; i++) {
		const struct rt_nginx_location *l = &s->locations.v[i];
		if (s->regex) {
			enum rt_tri hit = rt_nginx_expression(l->path, path);
			*ret_depends |= hit == RT_UNKNOWN;
			if (hit == RT_YES)
				return l; /* the first that matches, not the best */
			continue;
		}
		if (l->exact && strcmp(l->path, path) == 0) {
			*ret_slash = false;
			return l;
		}
		size_t n = strlen(l->path);
		if (n == len + 1 && l->path[n - 1] == '/' && strncmp(l->path, path, len) == 0)
			*ret_slash = true; /* nginx sends the client to the path with the slash */
		/* Locations come longest first. */
		if (!best && !l->exact && strncmp(l->path, path, n) == 0)
			best = l;
	}
	if (best && strlen(best->path) == len)
		*ret_slash = false; /* the path itself is there */
	return best;
}

/* ------------------------------------------------------------------ rewrite-target */

static void put_group(
    struct rt_buf *out, const char *path, size_t (*groups)[2], size_t count, size_t which)
{
	if (which < count && groups[which][0] != SIZE_MAX)
		rt_buf_add(out, path + groups[which][0], groups[which][1] - groups[which][0]);
}

const char *rt_nginx_rewrite(struct rt_arena *a, const struct rt_nginx_location *l,
    const char *path, const char **ret_location)
{
	const struct rt_ingress *ing = l->place.ing ? l->place.ing->ingress : NULL;
	const char *target = ing ? rt_nginx_annotation(ing, "rewrite-target") : NULL;
	size_t groups[10][2];
	for (size_t i = 0; i < 10; i++)
		groups[i][0] = groups[i][1] = SIZE_MAX;
	if (!target || !target[0] || strcmp(target, l->path) == 0)
		return path;
	struct rt_regex *re = NULL;
	if (rt_regex_new(l->path, RT_REGEX_ICASE, &re, NULL) != RT_OK)
		return path;
	enum rt_tri hit = rt_regex_match(re, path, groups, 10);
	rt_regex_free(re);
	if (hit != RT_YES)
		return path;
	RT_AUTO_BUF struct rt_buf out = {0};
	for (const char *p = target; *p; p++) {
		if (p[0] == '$' && isdigit((unsigned char)p[1])) {
			put_group(&out, path, groups, 10, (size_t)(p[1] - '0'));
			p++;
		} else {
			rt_buf_putc(&out, *p);
		}
	}
	const char *result = rt_arena_strdup(a, rt_buf_str(&out));
	if (strncmp(target, "http://", 7) == 0 || strncmp(target, "https://", 8) == 0 ||
	    strncmp(target, "$scheme", 7) == 0)
		*ret_location = result;
	return result[0] ? result : "/";
}

/* ------------------------------------------------------------------ redirects */

static int redirect_code(const struct rt_ingress *ing, const char *name, int otherwise)
{
	const char *v = rt_nginx_annotation(ing, name);
	long n = v ? strtol(v, NULL, 10) : 0;
	return n >= 300 && n <= 308 ? (int)n : otherwise;
}

bool rt_nginx_redirect(const struct rt_ingress *ing, int *ret_status, const char **ret_target)
{
	const char *temporal = rt_nginx_annotation(ing, "temporal-redirect");
	const char *permanent = rt_nginx_annotation(ing, "permanent-redirect");
	bool brief = temporal && temporal[0];
	*ret_target = brief ? temporal : permanent;
	*ret_status = brief ? redirect_code(ing, "temporal-redirect-code", 302)
			    : redirect_code(ing, "permanent-redirect-code", 301);
	return *ret_target && (*ret_target)[0];
}

/* ------------------------------------------------------------------ canaries */

const struct rt_ingress_fact *rt_nginx_canary(const struct rt_ingress_group *g,
    const struct rt_nginx_server *s, const struct rt_nginx_location *l,
    struct rt_ingress_place *ret)
{
	if (!l->place.ing || l->place.rule < 0)
		return NULL;
	const struct rt_ingress_path *primary = rt_ingress_place_path(&l->place);
	for (size_t i = 0; i < g->members.len; i++) {
		const struct rt_ingress_fact *f = g->members.v[i];
		for (size_t j = 0; f->canary && j < f->ingress->rules.len; j++) {
			const struct rt_ingress_rule *rule = &f->ingress->rules.v[j];
			if (strcasecmp(server_name(rule), s->name) != 0)
				continue;
			for (size_t k = 0; k < rule->paths.len; k++) {
				const struct rt_ingress_path *p = &rule->paths.v[k];
				if (!rt_ingress_path_equal(p, primary))
					continue;
				*ret = (struct rt_ingress_place){f, (int)j, (int)k};
				return f;
			}
		}
	}
	return NULL;
}

static const char *cookie_value(const struct rt_view *v, const char *name, char *buf, size_t size)
{
	const char *p = rt_view_header(v, "cookie");
	size_t want = strlen(name);
	while (p && *p) {
		p += strspn(p, "; ,");
		size_t len = strcspn(p, ";,");
		if (len > want && strncmp(p, name, want) == 0 && p[want] == '=') {
			size_t n = len - want - 1;
			if (n >= size)
				return NULL;
			memcpy(buf, p + want + 1, n);
			buf[n] = '\0';
			return buf;
		}
		p += len;
	}
	return NULL;
}

static int64_t number(const char *s, int64_t otherwise)
{
	if (!s || !isdigit((unsigned char)s[0]))
		return otherwise;
	int64_t n = 0;
	for (; isdigit((unsigned char)*s) && n < 1000000000; s++)
		n = n * 10 + (*s - '0');
	return n;
}

/* 1 to the canary, 0 to the primary, -1 the header does not decide. */
static int by_header(const struct rt_view *v, const struct rt_ingress *ing)
{
	const char *name = rt_nginx_annotation(ing, "canary-by-header");
	const char *have = name ? rt_view_header(v, name) : NULL;
	if (!have)
		return -1;
	const char *value = rt_nginx_annotation(ing, "canary-by-header-value");
	const char *pattern = rt_nginx_annotation(ing, "canary-by-header-pattern");
	if (value && value[0])
		return strcmp(have, value) == 0 ? 1 : -1;
	if (pattern && pattern[0]) {
		bool depends = false;
		struct rt_regex *re = NULL;
		if (rt_regex_new(pattern, 0, &re, NULL) != RT_OK)
			return -1;
		depends = rt_regex_match(re, have, NULL, 0) == RT_YES;
		rt_regex_free(re);
		return depends ? 1 : -1;
	}
	if (strcmp(have, "always") == 0)
		return 1;
	return strcmp(have, "never") == 0 ? 0 : -1;
}

static int by_cookie(const struct rt_view *v, const struct rt_ingress *ing)
{
	char buf[64];
	const char *name = rt_nginx_annotation(ing, "canary-by-cookie");
	const char *have = name ? cookie_value(v, name, buf, sizeof(buf)) : NULL;
	if (have && strcmp(have, "always") == 0)
		return 1;
	return have && strcmp(have, "never") == 0 ? 0 : -1;
}

struct rt_canary_share rt_nginx_canary_share(
    const struct rt_view *v, const struct rt_ingress_fact *canary)
{
	const struct rt_ingress *ing = canary->ingress;
	struct rt_canary_share s = {.weight = number(rt_nginx_annotation(ing, "canary-weight"), 0),
	    .total = number(rt_nginx_annotation(ing, "canary-weight-total"), 100)};
	if (s.total <= 0)
		s.total = 100;
	if (s.weight > s.total)
		s.weight = s.total;
	int decided = by_header(v, ing);
	s.why = RT_CANARY_HEADER;
	if (decided < 0) {
		decided = by_cookie(v, ing);
		s.why = RT_CANARY_COOKIE;
	}
	if (decided < 0) {
		s.why = RT_CANARY_WEIGHT;
		s.share = (double)s.weight / (double)s.total;
	} else {
		s.share = decided;
	}
	return s;
}
