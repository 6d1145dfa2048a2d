/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-order.c - conditions do not depend on the order in which objects arrive: every case of
 * tests/semantics gives the same bytes under 100 seeds.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/status_report.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

enum { SEEDS = 100 };

static char *judged(const char *yaml)
{
	struct world w;
	struct rt_analysis_opts opts = {.closed_world = true};
	struct rt_arena a = {0};
	struct rt_status_report r = {0};
	struct rt_buf out = {0};

	world_init(&w);
	if (world_yaml(&w, yaml)) {
		struct rt_analysis *an = rt_analyze(w.store, &opts);
		rt_status_judge(an, &a, &r);
		rt_status_report_json(&out, &r, w.store);
		rt_analysis_free(an);
	}
	rt_arena_done(&a);
	world_done(&w);
	return rt_buf_take(&out);
}

/* A generator of its own: rand() differs between systems. */
static unsigned next(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* The documents of the text in another order. */
static char *shuffled(const char *yaml, unsigned seed)
{
	enum { MAX = 256 };
	struct {
		const char *at;
		size_t len;
	} docs[MAX];
	size_t n = 0;
	struct rt_buf out = {0};

	for (const char *p = yaml; p && n < MAX; n++) {
		const char *end = strstr(p, "\n---\n");
		docs[n].at = p;
		docs[n].len = end ? (size_t)(end - p) : strlen(p);
		p = end ? end + 5 : NULL;
	}
	for (size_t left = n; left > 0; left--) {
		size_t k = next(&seed) % left;
		rt_buf_add(&out, docs[k].at, docs[k].len);
		rt_buf_puts(&out, "\n---\n");
		docs[k] = docs[left - 1];
	}
	return rt_buf_take(&out);
}

static bool read_all(const char *path, struct rt_buf *ret)
{
	char part[4096];
	FILE *f = fopen(path, "r");

	if (!f)
		return false;
	for (size_t n; (n = fread(part, 1, sizeof(part), f)) > 0;)
		rt_buf_add(ret, part, n);
	fclose(f);
	return true;
}

static void test_case(const char *dir, const char *name)
{
	RT_AUTO_FREE char *path = rt_xprintf("%s/%s", dir, name);
	struct rt_buf text = {0};

	if (!tap_ok(read_all(path, &text), "%s can be read", name))
		return;
	char *want = judged(rt_buf_str(&text));
	unsigned differs = 0;
	for (unsigned seed = 1; seed <= SEEDS && !differs; seed++) {
		char *other = shuffled(rt_buf_str(&text), seed), *got = judged(other);
		if (strcmp(got, want) != 0)
			differs = seed;
		free(other);
		free(got);
	}
	tap_ok(strlen(want) > 200, "%s is judged", name);
	tap_is_int(differs, 0, "%s in any order (the seed that differs)", name);
	free(want);
	rt_buf_done(&text);
}

int main(void)
{
	const char *top = getenv("TOP_SRCDIR");
	RT_AUTO_FREE char *dir = rt_xprintf("%s/tests/semantics", top ? top : ".");
	struct dirent **names;

	int n = scandir(dir, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (strstr(names[i]->d_name, ".yaml"))
			test_case(dir, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	tap_ok(n > 0, "there are cases in %s", dir);
	return tap_done();
}
