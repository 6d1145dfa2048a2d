/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-trace-random.c - properties of routing on random tables: the trace agrees with a plain, slow
 * matcher written here from the specification; the order of objects does not matter; a rule that
 * cannot match changes nothing. The seed is fixed; RT_TEST_SEED sets another.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/routes.h"
#include "rutter/trace.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

enum {
	TABLES = 120,
	REQUESTS = 40,
	ROUTES_MAX = 6,
	RULES_MAX = 3,
	MATCHES_MAX = 2,
	LISTENERS_MAX = 3
};

/* ------------------------------------------------------------------ random tables */

/* Names of headers and parameters are bits: 1 x-one or q, 2 x-two or r; their value is "1". */
struct match {
	const char *type, *path, *method; /* method NULL: any */
	unsigned headers, queries;
};
struct rule {
	struct match m[MATCHES_MAX];
	int matches;
};
struct route {
	const char *host[2]; /* NULL host with hosts 0: none given */
	int hosts, rules;
	int created; /* day; 0: none */
	struct rule rule[RULES_MAX];
};
struct table {
	struct route route[ROUTES_MAX];
	int routes;
	const char *listener[LISTENERS_MAX]; /* hostnames, "" unset, all different */
	int listeners;
};

static uint64_t state;

static int pick(int n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (int)((state >> 33) % (uint64_t)n);
}

static const char *const hosts[] = {"a.test", "b.a.test", "*.test", "*.a.test", "c.test"};
static const char *const paths[] = {"/", "/a", "/a/", "/a/b", "/ab", "/a/b/c"};
static const char *const listener_hosts[] = {"", "*.test", "a.test", "*.a.test"};
static const char *const asked_hosts[] = {"a.test", "b.a.test", "c.test", "x.y.test", "other.org"};
static const char *const asked_paths[] = {
    "/", "/a", "/a/", "/a/b", "/ab", "/a/bc", "/a/b/c/d", "/A"};

static struct match random_match(void)
{
	struct match m = {.type = pick(3) ? "PathPrefix" : "Exact"};
	m.path = paths[pick(RT_ARRAY_LEN(paths))];
	if (pick(3) == 0)
		m.method = pick(2) ? "GET" : "POST";
	if (pick(2) == 0)
		m.headers = (unsigned)pick(4);
	if (pick(3) == 0)
		m.queries = (unsigned)pick(4);
	return m;
}

static void random_route(struct route *r)
{
	memset(r, 0, sizeof(*r));
	r->hosts = pick(3);
	for (int i = 0; i < r->hosts; i++)
		r->host[i] = hosts[pick(RT_ARRAY_LEN(hosts))];
	r->created = pick(4);
	r->rules = 1 + pick(RULES_MAX);
	for (int i = 0; i < r->rules; i++) {
		r->rule[i].matches = 1 + pick(MATCHES_MAX);
		for (int j = 0; j < r->rule[i].matches; j++)
			r->rule[i].m[j] = random_match();
	}
}

static void random_table(struct table *t)
{
	memset(t, 0, sizeof(*t));
	t->routes = 1 + pick(ROUTES_MAX);
	for (int i = 0; i < t->routes; i++)
		random_route(&t->route[i]);
	int first = pick(RT_ARRAY_LEN(listener_hosts));
	t->listeners = 1 + pick(LISTENERS_MAX);
	for (int i = 0; i < t->listeners; i++)
		t->listener[i] = listener_hosts[(first + i) % (int)RT_ARRAY_LEN(listener_hosts)];
}

/* ------------------------------------------------------------------ as manifests */

static void put_names(struct rt_buf *out, const char *field, const char *one, const char *two)
{
	rt_buf_printf(out, ", %s: [", field);
	if (two)
		rt_buf_printf(out, "{name: %s, value: \"1\"}", two);
	if (one)
		rt_buf_printf(out, "%s{name: %s, value: \"1\"}", two ? ", " : "", one);
	rt_buf_puts(out, "]");
}

static void put_match(struct rt_buf *out, const struct match *m)
{
	rt_buf_printf(out, "{path: {type: %s, value: \"%s\"}", m->type, m->path);
	if (m->method)
		rt_buf_printf(out, ", method: %s", m->method);
	if (m->headers)
		put_names(out, "headers", m->headers & 1 ? "x-one" : NULL,
		    m->headers & 2 ? "X-Two" : NULL);
	if (m->queries)
		put_names(
		    out, "queryParams", m->queries & 1 ? "q" : NULL, m->queries & 2 ? "r" : NULL);
	rt_buf_puts(out, "}");
}

/* A rule that no request of this test meets. */
static void put_impossible(struct rt_buf *out)
{
	rt_buf_puts(out, "  - matches: [{path: {type: Exact, value: /never-asked}, method: PATCH}, "
			 "{headers: [{name: x-one, value: \"2\"}, {name: absent, value: x}]}]\n"
			 "    backendRefs: [{name: svc, port: 80}]\n");
}

/* before: of which rule an impossible one is put, -1 none. */
static void put_route(struct rt_buf *out, const struct route *r, int index, int before)
{
	rt_buf_printf(out,
	    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n"
	    "  name: r%d\n  namespace: default\n",
	    index);
	if (r->created)
		rt_buf_printf(out, "  creationTimestamp: \"2026-01-%02dT00:00:00Z\"\n", r->created);
	rt_buf_puts(out, "spec:\n  parentRefs: [{name: gw}]\n");
	if (r->hosts > 0)
		rt_buf_printf(out, "  hostnames: [\"%s\"%s%s%s]\n", r->host[0],
		    r->hosts > 1 ? ", \"" : "", r->hosts > 1 ? r->host[1] : "",
		    r->hosts > 1 ? "\"" : "");
	rt_buf_puts(out, "  rules:\n");
	for (int i = 0; i < r->rules; i++) {
		if (i == before)
			put_impossible(out);
		rt_buf_puts(out, "  - matches:\n");
		for (int j = 0; j < r->rule[i].matches; j++) {
			rt_buf_puts(out, "    - ");
			put_match(out, &r->rule[i].m[j]);
			rt_buf_putc(out, '\n');
		}
		rt_buf_puts(out, "    backendRefs: [{name: svc, port: 80}]\n");
	}
}

static void put_rest(struct rt_buf *out, const struct table *t)
{
	rt_buf_puts(out,
	    "---\napiVersion: v1\nkind: Service\nmetadata: {name: svc, namespace: default}\n"
	    "spec: {ports: [{port: 80}]}\n"
	    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
	    "metadata: {name: c}\nspec: {controllerName: example.com/c}\n"
	    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
	    "metadata: {name: gw, namespace: default}\nspec:\n  gatewayClassName: c\n  "
	    "listeners:\n");
	for (int i = 0; i < t->listeners; i++) {
		rt_buf_printf(out, "  - {name: l%d, port: 80, protocol: HTTP", i);
		if (t->listener[i][0])
			rt_buf_printf(out, ", hostname: \"%s\"", t->listener[i]);
		rt_buf_puts(out, "}\n");
	}
}

/* A whole route of it, older than all, so that it would win if it could. */
static void put_never(struct rt_buf *out)
{
	rt_buf_puts(out, "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
			 "metadata: {name: a-never, namespace: default, creationTimestamp: "
			 "\"2020-01-01T00:00:00Z\"}\n"
			 "spec:\n  parentRefs: [{name: gw}]\n  rules:\n");
	put_impossible(out);
}

/* ------------------------------------------------------------------ the slow matcher */

struct asked {
	const char *host, *path, *method;
	bool one, two, q, r;
};
struct winner {
	int listener, route, rule, match;
};

static bool takes(const char *pattern, const char *host)
{
	size_t p = strlen(pattern), h = strlen(host);
	if (p == 0)
		return true;
	if (pattern[0] != '*')
		return strcmp(pattern, host) == 0;
	return h > p - 1 && strcmp(host + h - (p - 1), pattern + 1) == 0;
}

static int labels(const char *pattern)
{
	int n = 1;
	for (; *pattern; pattern++)
		n += *pattern == '.';
	return n;
}

static int choose_listener(const struct table *t, const char *host)
{
	int best = -1, best_score = -1;
	for (int i = 0; i < t->listeners; i++) {
		const char *l = t->listener[i];
		int score = !l[0] ? 0 : l[0] == '*' ? labels(l) : 1000;
		if (takes(l, host) && score > best_score) {
			best = i;
			best_score = score;
		}
	}
	return best;
}

/* The narrower of two patterns that share a host, "" being every host; NULL: they share none. */
static const char *narrower(const char *a, const char *b)
{
	if (!a[0])
		return b;
	if (!b[0])
		return a;
	if (a[0] != '*' && b[0] != '*')
		return strcmp(a, b) == 0 ? a : NULL;
	if (a[0] != '*')
		return takes(b, a) ? a : NULL;
	if (b[0] != '*')
		return takes(a, b) ? b : NULL;
	const char *longer = strlen(a) >= strlen(b) ? a : b, *other = longer == a ? b : a;
	size_t n = strlen(longer), m = strlen(other);
	return strcmp(longer + n - (m - 1), other + 1) == 0 ? longer : NULL;
}

/* Is a the more specific of two patterns that take one host? */
static bool narrower_host(const char *a, const char *b)
{
	bool exact_a = a[0] && a[0] != '*', exact_b = b[0] && b[0] != '*';
	return exact_a != exact_b ? exact_a : strlen(a) > strlen(b);
}

static bool prefix_takes(const char *prefix, const char *path)
{
	char p[64];
	snprintf(p, sizeof(p), "%s", prefix);
	while (p[0] && p[strlen(p) - 1] == '/')
		p[strlen(p) - 1] = '\0';
	size_t n = strlen(p);
	return strncmp(p, path, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

static bool satisfied(const struct match *m, const struct asked *a)
{
	bool exact = strcmp(m->type, "Exact") == 0;
	if (exact ? strcmp(m->path, a->path) != 0 : !prefix_takes(m->path, a->path))
		return false;
	if (m->method && strcmp(m->method, a->method) != 0)
		return false;
	unsigned have_headers = (a->one ? 1 : 0) | (a->two ? 2 : 0);
	unsigned have_queries = (a->q ? 1 : 0) | (a->r ? 2 : 0);
	return (m->headers & ~have_headers) == 0 && (m->queries & ~have_queries) == 0;
}

static int bits(unsigned n)
{
	return (int)(n & 1) + (int)(n >> 1 & 1);
}

/* Ten numbers, compared one after the other, larger first. */
static void score_of(const struct table *t, struct winner w, const char *host, long *s)
{
	const struct route *r = &t->route[w.route];
	const struct match *m = &r->rule[w.rule].m[w.match];
	s[0] = host[0] && host[0] != '*' ? (long)strlen(host) : 0;
	s[1] = (long)strlen(host);
	s[2] = strcmp(m->type, "Exact") == 0;
	s[3] = (long)strlen(m->path);
	s[4] = m->method != NULL;
	s[5] = bits(m->headers);
	s[6] = bits(m->queries);
	s[7] = r->created ? -r->created : -1000; /* without one: the youngest */
	s[8] = -w.route;                         /* names are r0, r1, … */
	s[9] = -(w.rule * 10 + w.match);
}

static struct winner slow(const struct table *t, const struct asked *a)
{
	struct winner best = {choose_listener(t, a->host), -1, -1, -1};
	long best_score[10], score[10];
	if (best.listener < 0)
		return best;
	for (int i = 0; i < t->routes; i++) {
		const struct route *r = &t->route[i];
		for (int h = 0; h < (r->hosts ? r->hosts : 1); h++) {
			const char *host =
			    narrower(t->listener[best.listener], r->hosts ? r->host[h] : "");
			if (!host || !takes(host, a->host))
				continue;
			for (int j = 0; j < r->rules; j++)
				for (int k = 0; k < r->rule[j].matches; k++) {
					struct winner w = {best.listener, i, j, k};
					if (!satisfied(&r->rule[j].m[k], a))
						continue;
					score_of(t, w, host, score);
					int c = 0;
					for (int n = 0; best.route >= 0 && c == 0 && n < 10; n++)
						c = (score[n] > best_score[n]) -
						    (score[n] < best_score[n]);
					if (best.route >= 0 && c <= 0)
						continue;
					best = w;
					memcpy(best_score, score, sizeof(score));
				}
		}
	}
	return best;
}

/* ------------------------------------------------------------------ the trace */

static void trace_text(struct rt_arena *a, const struct rt_analysis *an, const struct asked *q,
    bool steps, struct rt_buf *out)
{
	struct rt_request req;
	struct rt_error err;
	struct rt_trace t;
	const char *headers[2];
	size_t count = 0;
	if (q->one)
		headers[count++] = "X-One: 1";
	if (q->two)
		headers[count++] = "x-two: 1";
	const char *url = rt_arena_printf(
	    a, "http://%s%s?%s%s", q->host, q->path, q->q ? "q=1&" : "", q->r ? "r=1" : "");
	struct rt_request_args args = {
	    .method = q->method, .url = url, .headers = headers, .header_count = count};
	if (rt_request_parse(a, &args, &req, &err) != RT_OK) {
		rt_buf_printf(out, "error %s", err.msg);
		return;
	}
	rt_trace_run(
	    an, a, &req, &(struct rt_trace_opts){.gateway_ns = "default", .gateway = "gw"}, &t);
	const struct rt_trace_result *r = &t.results.v[0];
	rt_buf_printf(out, "%s %d", rt_outcome_name(r->outcome), r->status);
	if (r->matched)
		rt_buf_printf(out, " %s %s %d %d", r->listener->spec->name, r->route->obj.name,
		    r->rule, r->match);
	for (size_t i = 0; steps && i < r->steps.len; i++)
		rt_buf_printf(out, "\n%s", r->steps.v[i].text);
}

/* Where an impossible rule is put before rule "before" of a route, the numbers behind it shift. */
struct inserted {
	int route, before;
};

static void slow_text(
    const struct table *t, const struct asked *q, struct inserted in, struct rt_buf *out)
{
	struct winner w = slow(t, q);
	if (w.route < 0) {
		rt_buf_puts(out, "respond 404");
		return;
	}
	int shift = w.route == in.route && w.rule >= in.before;
	rt_buf_printf(out, "forward 0 l%d r%d %d %d", w.listener, w.route, w.rule + shift, w.match);
}

/* The routes in a random order, or as they are. */
static void shuffle(const struct table *t, bool random, int *order)
{
	for (int i = 0; i < t->routes; i++)
		order[i] = i;
	for (int i = t->routes - 1; random && i > 0; i--) {
		int j = pick(i + 1), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

struct variant {
	bool shuffled, never;
	struct inserted in; /* route -1: nowhere */
};

static struct rt_analysis *analyse(struct world *w, const struct table *t, const struct variant *v)
{
	struct rt_buf text = {0};
	int order[ROUTES_MAX];
	bool rest_first = v->shuffled && pick(2);
	world_init(w);
	shuffle(t, v->shuffled, order);
	if (rest_first)
		put_rest(&text, t);
	for (int i = 0; i < t->routes; i++)
		put_route(&text, &t->route[order[i]], order[i],
		    order[i] == v->in.route ? v->in.before : -1);
	if (!rest_first)
		put_rest(&text, t);
	if (v->never)
		put_never(&text);
	bool ok = world_yaml(w, rt_buf_str(&text));
	rt_buf_done(&text);
	return ok ? rt_analyze(w->store, &(struct rt_analysis_opts){.closed_world = true}) : NULL;
}

static struct asked random_request(void)
{
	return (struct asked){.host = asked_hosts[pick(RT_ARRAY_LEN(asked_hosts))],
	    .path = asked_paths[pick(RT_ARRAY_LEN(asked_paths))],
	    .method = pick(2) ? "GET" : "POST",
	    .one = pick(2),
	    .two = pick(2),
	    .q = pick(2),
	    .r = pick(2)};
}

enum { PLAIN, SHUFFLED, NEVER, INSERTED, VARIANTS };

struct tally {
	int asked, forwarded, agree, ordered, unmoved, shifted, first;
};

/* "r7" is 7. */
static int number(const char *name)
{
	return (int)strtol(name + 1, NULL, 10);
}

/* Of the rows that take the request on the winner's listener, the most specific host's first. */
static bool row_is_first(
    const struct table *t, const struct rt_routes *rows, struct winner w, const struct asked *q)
{
	const struct rt_route_row *first = NULL;
	for (size_t i = 0; i < rows->rows.len; i++) {
		const struct rt_route_row *row = &rows->rows.v[i];
		const char *host = row->host ? row->host : "";
		int listener = number(row->listener->spec->name);
		int route = number(row->route->name);
		if (listener != w.listener || !takes(host, q->host) ||
		    !satisfied(&t->route[route].rule[row->rule].m[row->match], q))
			continue;
		if (!first || narrower_host(host, first->host ? first->host : ""))
			first = row;
	}
	if (!first || w.route < 0)
		return !first && w.route < 0;
	return number(first->route->name) == w.route && first->rule == w.rule &&
	       first->match == w.match && first->shadowed_by == SIZE_MAX;
}

static bool same(const struct rt_buf *a, const struct rt_buf *b)
{
	return strcmp(rt_buf_str(a), rt_buf_str(b)) == 0;
}

static void one_request(struct rt_analysis *const an[VARIANTS], const struct table *t,
    const struct rt_routes *rows, struct inserted in, struct tally *sum)
{
	struct rt_arena a = {0};
	struct rt_buf got[VARIANTS] = {0}, steps[2] = {0}, want = {0}, shifted = {0};
	struct asked q = random_request();
	for (int i = 0; i < VARIANTS; i++)
		trace_text(&a, an[i], &q, false, &got[i]);
	for (int i = 0; i < 2; i++)
		trace_text(&a, an[i], &q, true, &steps[i]);
	slow_text(t, &q, (struct inserted){-1, -1}, &want);
	slow_text(t, &q, in, &shifted);
	bool agree = same(&got[PLAIN], &want);
	sum->asked++;
	sum->forwarded += strncmp(rt_buf_str(&got[PLAIN]), "forward", 7) == 0;
	sum->agree += agree;
	sum->ordered += same(&steps[PLAIN], &steps[SHUFFLED]);
	sum->unmoved += same(&got[PLAIN], &got[NEVER]);
	sum->shifted += same(&got[INSERTED], &shifted);
	sum->first += row_is_first(t, rows, slow(t, &q), &q);
	if (!agree && sum->asked - sum->agree < 5)
		tap_diag("%s http://%s%s one %d two %d q %d r %d: got %s, want %s", q.method,
		    q.host, q.path, q.one, q.two, q.q, q.r, rt_buf_str(&got[PLAIN]),
		    rt_buf_str(&want));
	for (int i = 0; i < VARIANTS; i++)
		rt_buf_done(&got[i]);
	rt_buf_done(&steps[0]);
	rt_buf_done(&steps[1]);
	rt_buf_done(&want);
	rt_buf_done(&shifted);
	rt_arena_done(&a);
}

static bool one_table(struct tally *sum)
{
	struct table t;
	struct world w[VARIANTS];
	struct rt_analysis *an[VARIANTS];
	bool ok = true;
	random_table(&t);
	struct inserted in = {.route = pick(t.routes)};
	in.before = pick(t.route[in.route].rules);
	const struct variant variants[VARIANTS] = {
	    [PLAIN] = {.in = {-1, -1}},
	    [SHUFFLED] = {.shuffled = true, .in = {-1, -1}},
	    [NEVER] = {.never = true, .in = {-1, -1}},
	    [INSERTED] = {.in = in},
	};
	for (int i = 0; i < VARIANTS; i++) {
		an[i] = analyse(&w[i], &t, &variants[i]);
		ok &= an[i] != NULL;
	}
	struct rt_arena a = {0};
	struct rt_routes rows = {0};
	if (ok)
		rt_routes_of(an[PLAIN], &a, &rows);
	for (int i = 0; ok && i < REQUESTS; i++)
		one_request(an, &t, &rows, in, sum);
	rt_arena_done(&a);
	for (int i = 0; i < VARIANTS; i++) {
		rt_analysis_free(an[i]);
		world_done(&w[i]);
	}
	return ok;
}

int main(void)
{
	struct tally sum = {0};
	const char *seed = getenv("RT_TEST_SEED");
	bool read = true;
	state = seed ? strtoull(seed, NULL, 10) : 20261123;
	for (int i = 0; i < TABLES; i++)
		read &= one_table(&sum);
	tap_ok(read, "every random table is read");
	tap_ok(sum.forwarded > sum.asked / 4, "%d of %d requests are forwarded", sum.forwarded,
	    sum.asked);
	tap_is_int(sum.agree, sum.asked, "the trace agrees with the slow matcher");
	tap_is_int(sum.ordered, sum.asked, "the order of objects changes nothing");
	tap_is_int(sum.unmoved, sum.asked, "a route that cannot match changes nothing");
	tap_is_int(sum.shifted, sum.asked, "a rule that cannot match shifts those behind it");
	tap_is_int(sum.first, sum.asked, "the routing table has the winner first");
	return tap_done();
}
