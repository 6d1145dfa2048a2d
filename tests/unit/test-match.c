/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-match.c - the small pure pieces of the trace as tables: paths, modifiers, redirects, net
 * header changes, CORS, predicates, precedence, nginx paths.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/analysis/filters.h"
#include "../../src/analysis/ingress_match.h"
#include "rutter/arena.h"
#include "rutter/buf.h"
#include "tests/lib/tap.h"

static struct rt_arena arena;

static struct rt_request request(
    const char *method, const char *url, const char *const *headers, size_t n)
{
	struct rt_request req = {0};
	struct rt_error err = {0};
	struct rt_request_args args = {
	    .method = method, .url = url, .headers = headers, .header_count = n};
	if (rt_request_parse(&arena, &args, &req, &err) != RT_OK)
		tap_ok(false, "%s: %s", url, err.msg);
	return req;
}

static void test_prefix(void)
{
	static const struct {
		const char *prefix, *path;
		bool want;
	} t[] = {{"/", "/", true}, {"/", "/x", true}, {"/v2", "/v2", true}, {"/v2", "/v2/", true},
	    {"/v2", "/v2/a", true}, {"/v2", "/v2example", false}, {"/v2/", "/v2", true},
	    {"/v2/", "/v2example", false}, {"/v2", "/V2", false}, {"/v2", "/", false},
	    {"/a//", "/a", true}, {"/a", "//a", false}};
	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++)
		tap_is_int(rt_path_prefix(t[i].prefix, t[i].path), t[i].want, "prefix %s takes %s",
		    t[i].prefix, t[i].path);
}

/* The examples of gateway-api §9.6. */
static void test_modify(void)
{
	static const struct {
		const char *path, *prefix, *with, *want;
	} t[] = {{"/foo/bar", "/foo", "/xyz", "/xyz/bar"},
	    {"/foo/bar", "/foo", "/xyz/", "/xyz/bar"}, {"/foo/bar", "/foo/", "/xyz", "/xyz/bar"},
	    {"/foo/bar", "/foo/", "/xyz/", "/xyz/bar"}, {"/foo", "/foo", "/xyz", "/xyz"},
	    {"/foo/", "/foo", "/xyz", "/xyz/"}, {"/foo/bar", "/foo", "", "/bar"},
	    {"/foo/", "/foo", "", "/"}, {"/foo", "/foo", "", "/"}, {"/foo/", "/foo", "/", "/"},
	    {"/foo", "/foo", "/", "/"}, {"/a/b", "/", "/x", "/x/a/b"}, {"/", "/", "/x", "/x/"},
	    {"/other", "/foo", "/x", "/other"}};
	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++) {
		struct rt_path_modifier m = {
		    .type = "ReplacePrefixMatch", .replace_prefix_match = t[i].with};
		struct rt_path_match match = {"PathPrefix", t[i].prefix};
		tap_is_str(rt_path_modify(&arena, &m, &match, t[i].path), t[i].want,
		    "%s, %s to \"%s\"", t[i].path, t[i].prefix, t[i].with);
	}
	struct rt_path_modifier full = {.type = "ReplaceFullPath", .replace_full_path = ""};
	tap_is_str(rt_path_modify(&arena, &full, NULL, "/x"), "/", "an empty full path is /");
	tap_is_str(rt_path_modify(&arena, NULL, NULL, "/x"), "/x", "no modifier, no change");
}

static void test_redirect(void)
{
	static const struct {
		const char *url, *scheme, *host;
		int listener;
		int64_t port;
		const char *want;
	} t[] = {
	    {"http://a.test/p", NULL, NULL, 80, RT_INT_UNSET, "http://a.test/p"},
	    {"http://a.test/p", NULL, NULL, 8080, RT_INT_UNSET, "http://a.test:8080/p"},
	    {"http://a.test/p", NULL, NULL, 8080, 80, "http://a.test/p"},
	    {"http://a.test:8080/p", "https", NULL, 8080, RT_INT_UNSET, "https://a.test/p"},
	    {"http://a.test/p", "https", NULL, 80, 8443, "https://a.test:8443/p"},
	    {"https://a.test/p?q=1", NULL, "b.test", 443, RT_INT_UNSET, "https://b.test/p?q=1"},
	    {"https://a.test/p", "http", NULL, 443, RT_INT_UNSET, "http://a.test/p"},
	    {"https://a.test/p", "http", NULL, 443, 443, "http://a.test:443/p"},
	    {"http://[2001:db8::1]/", NULL, NULL, 8080, RT_INT_UNSET, "http://[2001:db8::1]:8080/"},
	};
	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++) {
		struct rt_request req = request(NULL, t[i].url, NULL, 0);
		struct rt_redirect r = {.scheme = t[i].scheme,
		    .hostname = t[i].host,
		    .port = t[i].port,
		    .status_code = RT_INT_UNSET};
		struct rt_redirect_in in = {&req, NULL, t[i].listener, req.path};
		const struct rt_trace_redirect *to = rt_redirect_of(&arena, &r, &in);
		tap_is_str(to->location, t[i].want, "%s on %d", t[i].url, t[i].listener);
		tap_is_int(to->status, 302, "… with 302");
	}
}

static void test_net(void)
{
	struct rt_net n = {.arena = &arena};
	rt_net_add(&n, "A", "1");
	rt_net_set(&n, "a", "2");
	rt_net_add(&n, "A", "3");
	rt_net_remove(&n, "B");
	rt_net_add(&n, "b", "4");
	rt_net_set(&n, "C", "5");
	rt_net_remove(&n, "c");
	rt_net_add(&n, "D", "6");
	struct rt_net copy = rt_net_copy(&n);
	rt_net_add(&copy, "D", "7");
	struct rt_header_change c = rt_net_result(&n);
	tap_is_int((long long)c.set.len, 2, "two names are set");
	tap_ok(strcmp(c.set.v[0].value, "2") == 0 && strcmp(c.set.v[1].value, "4") == 0,
	    "set wins over what was added before; removed and added is set");
	tap_ok(c.add.len == 2 && strcmp(c.add.v[0].value, "3") == 0 &&
		   strcmp(c.add.v[1].value, "6") == 0,
	    "added after set stays added, a copy is its own");
	tap_ok(c.remove.len == 1 && strcmp(c.remove.v[0], "c") == 0, "one name is removed");
}

static void test_origin(void)
{
	static const struct {
		const char *pattern, *origin;
		bool want;
	} t[] = {{"*", "https://any", true}, {"https://a.test", "https://a.test", true},
	    {"https://a.test", "http://a.test", false},
	    {"https://a.test", "https://a.test:8443", false},
	    {"https://*.a.test", "https://x.a.test", true},
	    {"https://*.a.test", "https://x.y.a.test", true},
	    {"https://*.a.test", "https://a.test", false},
	    {"https://*.a.test", "https://xa.test", false},
	    {"https://*.a.test", "http://x.a.test", false},
	    {"https://*.a.test", "https://.a.test", false},
	    {"https://*.a.test:8443", "https://x.a.test:8443", true}};
	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++)
		tap_is_int(rt_cors_origin_matches(t[i].pattern, t[i].origin), t[i].want,
		    "%s takes %s", t[i].pattern, t[i].origin);
}

static void test_cors(void)
{
	const char *const asked[] = {
	    "Origin: https://a.test", "Access-Control-Request-Method: PUT"};
	const char *origins[] = {"*"}, *methods[] = {"*"};
	struct rt_cors c = {.allow_origins = {origins, 1},
	    .allow_methods = {methods, 1},
	    .allow_credentials = RT_FLAG_TRUE,
	    .max_age = RT_INT_UNSET};
	struct rt_request req = request("OPTIONS", "http://x.test/", asked, 2);
	struct rt_view v;
	rt_view_init(&v, &arena, &req);
	for (int credentials = 0; credentials < 2; credentials++) {
		struct rt_net n = {.arena = &arena};
		c.allow_credentials = credentials ? RT_FLAG_TRUE : RT_FLAG_FALSE;
		tap_is_int(rt_cors_apply(&v, &c, &n), RT_CORS_ALLOWED, "the origin is allowed");
		struct rt_header_change h = rt_net_result(&n);
		tap_is_str(h.set.v[0].value, credentials ? "https://a.test" : "*",
		    "a star is not answered with credentials");
		tap_is_str(h.set.v[credentials ? 2 : 1].value, credentials ? "PUT" : "*",
		    "nor for the methods");
		tap_is_str(h.set.v[h.set.len - 1].value, "5", "the default age");
	}
	tap_ok(rt_cors_preflight(&v), "it is a preflight");
	req = request("OPTIONS", "http://x.test/", asked, 1);
	rt_view_init(&v, &arena, &req);
	tap_ok(!rt_cors_preflight(&v), "without the asked method it is none");
}

static void test_regex(void)
{
	static const struct {
		const char *pattern, *text;
		enum rt_tri want;
	} t[] = {{"/a/[0-9]+", "/a/12", RT_YES}, {"/a/[0-9]+", "/a/12/b", RT_UNKNOWN},
	    {"/a/[0-9]+", "/b", RT_NO}, {"/A", "/a", RT_NO}, {"(", "/a", RT_UNKNOWN},
	    {"((a+)+)+b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", RT_UNKNOWN}};
	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++) {
		enum rt_tri got = rt_match_regex(t[i].pattern, t[i].text);
		/* A clever engine may see at once that there is no match. */
		tap_ok(got == t[i].want || (i == 5 && got == RT_NO), "%s on %s: %d", t[i].pattern,
		    t[i].text, got);
	}
}

static void test_predicates(void)
{
	struct rt_name_match h1[] = {
	    {"Exact", "X-A", "1"}, {"Exact", "b", "2"}, {"Exact", "x-a", "9"}};
	struct rt_name_match h2[] = {{"Exact", "B", "2"}, {"Exact", "x-a", "1"}};
	struct rt_route_match a = {.path = {"PathPrefix", "/x/"}, .headers = {h1, 3}};
	struct rt_route_match b = {.path = {"PathPrefix", "/x"}, .headers = {h2, 2}};
	struct rt_route_match c = {.path = {"Exact", "/x/"}, .headers = {h2, 2}};
	const char *ka = rt_predicate_key(&arena, RT_KIND_HTTP_ROUTE, &a);
	tap_is_str(rt_predicate_key(&arena, RT_KIND_HTTP_ROUTE, &b), ka,
	    "order, case, repeats and the trailing slash of a prefix make no difference");
	tap_ok(strcmp(rt_predicate_key(&arena, RT_KIND_HTTP_ROUTE, &c), ka) != 0,
	    "the path type does");
	b.method = "GET";
	tap_ok(
	    strcmp(rt_predicate_key(&arena, RT_KIND_HTTP_ROUTE, &b), ka) != 0, "the method does");
	b.method = NULL;
	h2[0].name = "q";
	b.headers.len = 0;
	b.query_params.v = h2;
	b.query_params.len = 1;
	a.headers.v = h2;
	a.headers.len = 1;
	tap_ok(strcmp(rt_predicate_key(&arena, RT_KIND_HTTP_ROUTE, &b),
		   rt_predicate_key(&arena, RT_KIND_HTTP_ROUTE, &a)) != 0,
	    "a header is no query parameter");
	tap_is_str(
	    rt_predicate_text(&arena, RT_KIND_HTTP_ROUTE, &b), "PathPrefix /x, query q=2", "text");
}

static void test_nginx_paths(void)
{
	static const struct {
		const char *path, *want;
	} t[] = {{"/", "/"}, {"//", "/"}, {"/a//b", "/a/b"}, {"/a/./b", "/a/b"}, {"/a/../b", "/b"},
	    {"/a/..", "/"}, {"/a/b/..", "/a/"}, {"/a/.", "/a/"}, {"/..", NULL}, {"/a/../..", NULL},
	    {"/%61", "/a"}, {"/a%2fb", "/a/b"}, {"/%2e%2e", NULL}, {"/%", NULL}, {"/%0g", NULL},
	    {"/%00", NULL}, {"/...", "/..."}, {"/.a", "/.a"}, {"/a/", "/a/"}};
	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++)
		tap_is_str(
		    rt_path_normalise(&arena, t[i].path), t[i].want, "nginx reads %s", t[i].path);
}

static void test_glob(void)
{
	static const struct {
		const char *pattern, *path;
		bool want;
	} t[] = {{"/*", "/a/b", true}, {"/a/*", "/a", false}, {"/a/*", "/a/", true},
	    {"/a?c", "/abc", true}, {"/a?c", "/ac", false}, {"/*.js", "/x/y.js", true},
	    {"/*.js", "/x/y.css", false}, {"/a*b*c", "/aXbYbZc", true}, {"/a", "/a/", false}};
	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++)
		tap_is_int(rt_path_glob(t[i].pattern, t[i].path), t[i].want, "glob %s takes %s",
		    t[i].pattern, t[i].path);
}

/* What data files cannot hold: length and control characters. */
static void test_hostile(void)
{
	struct rt_request req;
	struct rt_error err;
	size_t len = 60 * 1024;
	char *path = rt_arena_alloc(&arena, len + 64);
	snprintf(path, 64, "http://x.test/");
	memset(path + strlen("http://x.test/"), 'a', len);
	req = request(NULL, path, NULL, 0);
	tap_is_int((long long)strlen(req.path), (long long)len + 1, "a path of 60 KiB is taken");
	tap_is_int(
	    rt_match_regex("(/?(a|aa)+)+$", req.path) != RT_NO, 1, "and matched within limits");
	char *longer = rt_arena_alloc(&arena, 70 * 1024);
	memset(longer, 'a', 70 * 1024 - 1);
	memcpy(longer, "http://x/", 9);
	struct rt_request_args args = {.url = longer};
	tap_is_int(
	    rt_request_parse(&arena, &args, &req, &err), RT_USAGE, "one of 70 KiB is refused");
	static const char *const bad[] = {"http://x.test/\x01", "http://x\n.test/",
	    "http://x.test/a\r\nb", "http://x.test/\x7f", ""};
	for (size_t i = 0; i < RT_ARRAY_LEN(bad); i++) {
		args.url = bad[i];
		tap_is_int(rt_request_parse(&arena, &args, &req, &err), RT_USAGE, "bad URL %zu", i);
	}
}

int main(void)
{
	test_prefix();
	test_modify();
	test_redirect();
	test_net();
	test_origin();
	test_cors();
	test_regex();
	test_predicates();
	test_nginx_paths();
	test_glob();
	test_hostile();
	rt_arena_done(&arena);
	return tap_done();
}
