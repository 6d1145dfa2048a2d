/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-ingress-random.c - random tables of Ingresses: the trace agrees with a plain matcher written
 * from the Ingress API, for a controller that is not known and for ingress-nginx alike, as far as
 * its own rules allow (controllers §4, 6); the order of objects does not matter.
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

enum { TABLES = 150, REQUESTS = 30, INGRESSES_MAX = 5, PATHS_MAX = 3 };

struct path {
	const char *host, *path; /* host "": every host */
	bool exact;
};
struct table {
	struct path path[INGRESSES_MAX][PATHS_MAX];
	int paths[INGRESSES_MAX], created[INGRESSES_MAX];
	int ingresses;
};
struct place {
	int ingress, path;
};

static uint64_t state;

static int pick(int n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (int)((state >> 33) % (uint64_t)n);
}

static const char *const hosts[] = {"a.test", "b.test", "*.test", "*.org", ""};
static const char *const paths[] = {"/", "/a", "/a/", "/a/b", "/ab", "/a/b/c"};
static const char *const asked_hosts[] = {"a.test", "b.test", "c.test", "x.other", "other.org"};
static const char *const asked_paths[] = {
    "/", "/a", "/a/", "/a/b", "/ab", "/a/bc", "/a/b/c/d", "/A"};

static void random_table(struct table *t)
{
	memset(t, 0, sizeof(*t));
	t->ingresses = 1 + pick(INGRESSES_MAX);
	for (int i = 0; i < t->ingresses; i++) {
		t->paths[i] = 1 + pick(PATHS_MAX);
		t->created[i] = 1 + pick(3);
		for (int j = 0; j < t->paths[i]; j++)
			t->path[i][j] = (struct path){hosts[pick(RT_ARRAY_LEN(hosts))],
			    paths[pick(RT_ARRAY_LEN(paths))], pick(3) == 0};
	}
}

static void put_ingress(struct rt_buf *out, const struct table *t, int i)
{
	rt_buf_printf(out,
	    "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n"
	    "metadata: {name: i%d, namespace: default, creationTimestamp: "
	    "\"2026-01-%02dT00:00:00Z\"}\n"
	    "spec:\n  ingressClassName: c\n  rules:\n",
	    i, t->created[i]);
	for (int j = 0; j < t->paths[i]; j++) {
		const struct path *p = &t->path[i][j];
		rt_buf_puts(out, "  - {");
		if (p->host[0])
			rt_buf_printf(out, "host: \"%s\", ", p->host);
		rt_buf_printf(out,
		    "http: {paths: [{path: \"%s\", pathType: %s, backend: {service: {name: svc, "
		    "port: {number: 80}}}}]}}\n",
		    p->path, p->exact ? "Exact" : "Prefix");
	}
}

static bool has_host(const struct table *t, const char *host)
{
	for (int i = 0; i < t->ingresses; i++)
		for (int j = 0; j < t->paths[i]; j++)
			if (strcmp(t->path[i][j].host, host) == 0)
				return true;
	return false;
}

/* An Ingress older than all, for the hosts of the others, whose paths no request here meets. */
static void put_never(struct rt_buf *out, const struct table *t)
{
	rt_buf_puts(out, "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n"
			 "metadata: {name: a-never, namespace: default, creationTimestamp: "
			 "\"2020-01-01T00:00:00Z\"}\n"
			 "spec:\n  ingressClassName: c\n  rules:\n");
	for (size_t i = 0; i < RT_ARRAY_LEN(hosts); i++)
		if (has_host(t, hosts[i]))
			rt_buf_printf(out,
			    "  - {host: \"%s\", http: {paths: [{path: /never-asked, pathType: "
			    "Prefix, backend: {service: {name: svc, port: {number: 80}}}}]}}\n",
			    hosts[i]);
}

/* The Ingresses in a random order, or as they are. */
static void shuffle(const struct table *t, bool random, int *order)
{
	for (int i = 0; i < t->ingresses; i++)
		order[i] = i;
	for (int i = t->ingresses - 1; random && i > 0; i--) {
		int j = pick(i + 1), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

struct variant {
	const char *controller;
	bool shuffled, never;
};

static struct rt_analysis *analyse(struct world *w, const struct table *t, const struct variant *v)
{
	struct rt_buf text = {0};
	world_init(w);
	rt_buf_printf(&text,
	    "apiVersion: v1\nkind: Service\nmetadata: {name: svc, namespace: default}\n"
	    "spec: {ports: [{port: 80}]}\n---\napiVersion: networking.k8s.io/v1\n"
	    "kind: IngressClass\nmetadata: {name: c}\nspec: {controller: %s}\n",
	    v->controller);
	int order[INGRESSES_MAX];
	shuffle(t, v->shuffled, order);
	for (int i = 0; i < t->ingresses; i++)
		put_ingress(&text, t, order[i]);
	if (v->never)
		put_never(&text, t);
	bool ok = world_yaml(w, rt_buf_str(&text));
	rt_buf_done(&text);
	return ok ? rt_analyze(w->store, &(struct rt_analysis_opts){.closed_world = true}) : NULL;
}

/* ------------------------------------------------------------------ the plain matcher */

/* 3 the name, 2 a wildcard of one label, 1 every host, 0 no. */
static int host_fits(const char *pattern, const char *host)
{
	if (!pattern[0])
		return 1;
	if (pattern[0] != '*')
		return strcmp(pattern, host) == 0 ? 3 : 0;
	const char *dot = strchr(host, '.');
	return dot && dot != host && strcmp(dot, pattern + 1) == 0 ? 2 : 0;
}

static size_t elements(const char *path)
{
	size_t n = strlen(path);
	while (n > 0 && path[n - 1] == '/')
		n--;
	return n;
}

static bool path_fits(const struct path *p, const char *path)
{
	size_t n = elements(p->path);
	if (p->exact)
		return strcmp(p->path, path) == 0;
	return strncmp(p->path, path, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

static struct place slow(const struct table *t, const char *host, const char *path)
{
	struct place best = {-1, -1};
	int rank = 0;
	long best_score = -1;
	for (int i = 0; i < t->ingresses; i++)
		for (int j = 0; j < t->paths[i]; j++)
			if (host_fits(t->path[i][j].host, host) > rank)
				rank = host_fits(t->path[i][j].host, host);
	for (int i = 0; i < t->ingresses; i++)
		for (int j = 0; j < t->paths[i]; j++) {
			const struct path *p = &t->path[i][j];
			if (host_fits(p->host, host) != rank || rank == 0 || !path_fits(p, path))
				continue;
			/* Longest, then Exact, then oldest, then by name and place. */
			long score = (long)elements(p->path) * 100000 + p->exact * 10000 +
				     (9 - t->created[i]) * 1000 + (9 - i) * 100 + (9 - j);
			if (score > best_score) {
				best = (struct place){i, j};
				best_score = score;
			}
		}
	return best;
}

/* ------------------------------------------------------------------ comparing */

static void trace_text(const struct rt_analysis *an, const char *host, const char *path, bool steps,
    struct rt_buf *out)
{
	struct rt_arena a = {0};
	struct rt_request req;
	struct rt_trace t;
	struct rt_request_args args = {.url = rt_arena_printf(&a, "http://%s%s", host, path)};
	if (rt_request_parse(&a, &args, &req, NULL) == RT_OK) {
		rt_trace_run(an, &a, &req, &(struct rt_trace_opts){0}, &t);
		const struct rt_trace_result *r = &t.results.v[0];
		rt_buf_puts(out, rt_outcome_name(r->outcome));
		if (r->matched)
			rt_buf_printf(out, " %s %d", r->ingress->ingress->obj.name, r->rule);
		for (size_t i = 0; steps && i < r->steps.len; i++)
			rt_buf_printf(out, "\n%s", r->steps.v[i].text);
	}
	rt_arena_done(&a);
}

/* nginx sends "/a" to "/a/" where only that is defined for the host. */
static bool slash_redirect(const struct table *t, const char *host, const char *path)
{
	char longer[64];
	snprintf(longer, sizeof(longer), "%s/", path);
	for (int i = 0; i < t->ingresses; i++)
		for (int j = 0; j < t->paths[i]; j++)
			if (t->path[i][j].exact && host_fits(t->path[i][j].host, host) &&
			    strcmp(t->path[i][j].path, longer) == 0)
				return true;
	return false;
}

enum { API, NGINX, API_SHUFFLED, NGINX_SHUFFLED, API_NEVER, NGINX_NEVER, VARIANTS };

static const struct variant variants[VARIANTS] = {
    [API] = {"example.com/plain", false, false},
    [NGINX] = {"k8s.io/ingress-nginx", false, false},
    [API_SHUFFLED] = {"example.com/plain", true, false},
    [NGINX_SHUFFLED] = {"k8s.io/ingress-nginx", true, false},
    [API_NEVER] = {"example.com/plain", false, true},
    [NGINX_NEVER] = {"k8s.io/ingress-nginx", false, true},
};

struct tally {
	int asked, forwarded, agree, nginx, ordered, unmoved, first;
};

/* "r7" is 7. */
static int number(const char *name)
{
	return (int)strtol(name + 1, NULL, 10);
}

/* Of the rows that take the request, the most specific host's first is the winner's. */
static bool row_is_first(const struct table *t, const struct rt_routes *rows, struct place p,
    const char *host, const char *path)
{
	int rank = 0;
	for (size_t i = 0; i < rows->rows.len; i++) {
		int fits = host_fits(rows->rows.v[i].host ? rows->rows.v[i].host : "", host);
		rank = fits > rank ? fits : rank;
	}
	for (size_t i = 0; rank > 0 && i < rows->rows.len; i++) {
		const struct rt_route_row *row = &rows->rows.v[i];
		int ingress = number(row->route->name);
		if (host_fits(row->host ? row->host : "", host) != rank ||
		    !path_fits(&t->path[ingress][row->rule], path))
			continue;
		return ingress == p.ingress && row->rule == p.path;
	}
	return p.ingress < 0;
}

static bool same(const struct rt_buf *a, const struct rt_buf *b)
{
	return strcmp(rt_buf_str(a), rt_buf_str(b)) == 0;
}

static void one_request(struct rt_analysis *const an[VARIANTS], const struct table *t,
    const struct rt_routes *rows, struct tally *sum)
{
	struct rt_buf got[VARIANTS] = {0}, steps[VARIANTS] = {0};
	char want[64];
	const char *host = asked_hosts[pick(RT_ARRAY_LEN(asked_hosts))];
	const char *path = asked_paths[pick(RT_ARRAY_LEN(asked_paths))];
	struct place p = slow(t, host, path);
	snprintf(want, sizeof(want), "forward i%d %d", p.ingress, p.path);
	for (int i = 0; i < VARIANTS; i++) {
		trace_text(an[i], host, path, false, &got[i]);
		trace_text(an[i], host, path, true, &steps[i]);
	}
	bool missed = p.ingress < 0;
	bool agree = missed ? strncmp(rt_buf_str(&got[API]), "forward", 7) != 0
			    : strcmp(rt_buf_str(&got[API]), want) == 0;
	bool alike = same(&got[NGINX], &got[API]);
	if (!alike && strcmp(rt_buf_str(&got[NGINX]), "redirect") == 0)
		alike = slash_redirect(t, host, path);
	sum->asked++;
	sum->forwarded += !missed;
	sum->agree += agree;
	sum->nginx += alike;
	sum->ordered +=
	    same(&steps[API], &steps[API_SHUFFLED]) && same(&steps[NGINX], &steps[NGINX_SHUFFLED]);
	sum->unmoved += same(&got[API], &got[API_NEVER]) && same(&got[NGINX], &got[NGINX_NEVER]);
	sum->first += row_is_first(t, rows, p, host, path);
	if ((!agree || !alike) && sum->asked - sum->agree + sum->asked - sum->nginx < 6)
		tap_diag("http://%s%s: plain %s, nginx %s, want %s", host, path,
		    rt_buf_str(&got[API]), rt_buf_str(&got[NGINX]), missed ? "none" : want);
	for (int i = 0; i < VARIANTS; i++) {
		rt_buf_done(&got[i]);
		rt_buf_done(&steps[i]);
	}
}

static bool one_table(struct tally *sum)
{
	struct table t;
	struct world w[VARIANTS];
	struct rt_analysis *an[VARIANTS];
	bool ok = true;
	random_table(&t);
	for (int i = 0; i < VARIANTS; i++) {
		an[i] = analyse(&w[i], &t, &variants[i]);
		ok &= an[i] != NULL;
	}
	struct rt_arena a = {0};
	struct rt_routes rows = {0};
	if (ok)
		rt_routes_of(an[API], &a, &rows);
	for (int i = 0; ok && i < REQUESTS; i++)
		one_request(an, &t, &rows, sum);
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
	state = seed ? strtoull(seed, NULL, 10) : 4711;
	for (int n = 0; n < TABLES; n++)
		read &= one_table(&sum);
	tap_ok(read, "every random table is read");
	tap_ok(sum.forwarded > sum.asked / 4, "%d of %d requests are forwarded", sum.forwarded,
	    sum.asked);
	tap_is_int(sum.agree, sum.asked, "the trace agrees with the plain matcher");
	tap_is_int(
	    sum.nginx, sum.asked, "ingress-nginx does the same but for its trailing slashes");
	tap_is_int(sum.ordered, sum.asked, "the order of objects changes nothing");
	tap_is_int(sum.unmoved, sum.asked, "an Ingress that cannot match changes nothing");
	tap_is_int(sum.first, sum.asked, "the routing table has the winner first");
	return tap_done();
}
