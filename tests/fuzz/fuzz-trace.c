/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-trace.c - a request, a match and what is done with them, from lines of text: URL, header,
 * path type and pattern, header pattern, query pattern, replacement. Whatever they hold, the
 * answer comes in bounded time and its parts are what they have to be.
 */
#include "config.h"

#include <string.h>

#include "../../src/analysis/filters.h"
#include "../../src/analysis/ingress_match.h"
#include "rutter/arena.h"
#include "tests/lib/fuzz.h"

enum { URL, HEADER, PATH, HEADER_VALUE, QUERY, REPLACEMENT, LINES };

static void split(struct rt_arena *a, const char *text, const char *lines[LINES])
{
	for (int i = 0; i < LINES; i++) {
		size_t len = strcspn(text, "\n");
		lines[i] = rt_arena_strndup(a, text, len);
		text += len + (text[len] == '\n');
	}
}

static void check_nginx(struct rt_arena *a, const char *const *lines, const char *path)
{
	struct rt_pair annotation = {
	    "nginx.ingress.kubernetes.io/rewrite-target", lines[REPLACEMENT]};
	struct rt_ingress ing = {.obj = {.annotations = {&annotation, 1}}};
	struct rt_ingress_fact f = {.ingress = &ing};
	struct rt_nginx_location l = {.place = {&f, -1, -1}, .path = lines[PATH] + 1};
	const char *plain = rt_path_normalise(a, path), *location = NULL;
	if (!plain)
		return;
	FUZZ_CHECK(plain[0] == '/' && !strstr(plain, "//") && !strstr(plain, "/../"));
	FUZZ_CHECK(rt_nginx_rewrite(a, &l, plain, &location)[0] != '\0');
}

static void check_match(struct rt_arena *a, const char *const *lines, const struct rt_request *req)
{
	static const char *const types[] = {"Exact", "PathPrefix", "RegularExpression"};
	unsigned which = (unsigned char)lines[PATH][0];
	struct rt_name_match header = {
	    which & 4 ? "Exact" : "RegularExpression", "a", lines[HEADER_VALUE]};
	struct rt_name_match query = {which & 8 ? "Exact" : "RegularExpression", "q", lines[QUERY]};
	struct rt_route_match m = {.path = {types[which % 3], lines[PATH] + 1},
	    .headers = {&header, which & 16 ? 1 : 0},
	    .query_params = {&query, which & 32 ? 1 : 0}};
	struct rt_path_modifier change = {
	    .type = "ReplacePrefixMatch", .replace_prefix_match = lines[REPLACEMENT]};
	struct rt_redirect to = {
	    .path = &change, .port = RT_INT_UNSET, .status_code = RT_INT_UNSET};
	struct rt_redirect_in in = {req, &m.path, 80, req->path};
	struct rt_view v;
	struct rt_miss miss;
	rt_view_init(&v, a, req);
	enum rt_tri hit = rt_match_http(&v, &m, &miss);
	FUZZ_CHECK((hit == RT_YES) == (miss.part == RT_MISS_NONE));
	FUZZ_CHECK(rt_miss_text(a, &v, &m, &miss)[0]);
	FUZZ_CHECK(rt_predicate_key(a, RT_KIND_HTTP_ROUTE, &m)[0]);
	const struct rt_trace_redirect *r = rt_redirect_of(a, &to, &in);
	FUZZ_CHECK(r->location && strstr(r->location, "://"));
	(void)rt_path_glob(m.path.value, req->path);
	(void)rt_view_repeats(&v, &m);
	(void)rt_cors_origin_matches(lines[HEADER_VALUE], lines[QUERY]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_arena a = {0};
	struct rt_error err = {0};
	struct rt_request req = {0};
	const char *lines[LINES];
	if (size > 16 * 1024)
		return 0;
	split(&a, rt_arena_strndup(&a, (const char *)data, size), lines);
	struct rt_request_args args = {
	    .url = lines[URL], .headers = &lines[HEADER], .header_count = lines[HEADER][0] != '\0'};
	enum rt_status st = rt_request_parse(&a, &args, &req, &err);
	if (st != RT_OK) {
		FUZZ_CHECK(st == RT_USAGE && err.msg[0]);
	} else if (lines[PATH][0] && req.path) {
		FUZZ_CHECK(req.path[0] == '/' && req.host[0]);
		check_match(&a, lines, &req);
		check_nginx(&a, lines, req.path);
	}
	rt_arena_done(&a);
	return 0;
}
