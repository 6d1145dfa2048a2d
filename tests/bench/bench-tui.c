/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-tui.c FILE - from key to frame with a large cluster: 120x40 on a terminal in memory.
 * A key's time is what the UI does for it until the frame is drawn; work that goes on in slices
 * counts by its longest slice. Prints one JSON object of milliseconds; tests/bench/run.py shows it.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rutter/buf.h"
#include "rutter/source.h"
#include "rutter/tui.h"

enum { KEYS_MAX = 4096, SLICE_MS = 8 };

struct bench {
	struct rt_tui *tui;
	struct rt_term *term;
	double key_ms[KEYS_MAX];
	size_t keys;
	double longest_slice;
};

/* CPU time: what else the machine does is none of ours. */
static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int64_t clock_ms(void *ctx)
{
	(void)ctx;
	return (int64_t)now_ms();
}

static void quit(void *ctx)
{
	(void)ctx;
}

static const struct rt_tui_ops ops = {.clock_ms = clock_ms, .quit = quit};

static void work(struct bench *b)
{
	while (rt_tui_has_work(b->tui)) {
		double began = now_ms();
		rt_tui_work(b->tui, (int64_t)began + SLICE_MS);
		if (now_ms() - began > b->longest_slice)
			b->longest_slice = now_ms() - began;
	}
	if (rt_tui_wants_frame(b->tui))
		rt_tui_draw(b->tui);
}

static void press(struct bench *b, const char *name)
{
	struct rt_event e = {.type = RT_EVENT_KEY};
	double began;

	if (!rt_key_parse(name, &e.key) || b->keys == KEYS_MAX)
		return;
	rt_term_memory_feed(b->term, &e);
	began = now_ms();
	rt_tui_handle_input(b->tui);
	if (rt_tui_wants_frame(b->tui))
		rt_tui_draw(b->tui);
	b->key_ms[b->keys++] = now_ms() - began;
	work(b);
}

static void press_all(struct bench *b, const char *const *names, size_t count, int times)
{
	for (int i = 0; i < times; i++)
		for (size_t j = 0; j < count; j++)
			press(b, names[j]);
}

static void type(struct bench *b, const char *text)
{
	char name[2] = "";

	for (; *text; text++) {
		name[0] = *text;
		press(b, name);
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(struct bench *b, const char *what)
{
	qsort(b->key_ms, b->keys, sizeof(*b->key_ms), by_size);
	printf("\"%s_p50_ms\": %.2f, \"%s_p99_ms\": %.2f, \"%s_slice_ms\": %.1f, ", what,
	    b->key_ms[b->keys / 2], what, b->key_ms[b->keys * 99 / 100], what, b->longest_slice);
	b->keys = 0;
	b->longest_slice = 0;
}

static void play(struct bench *b)
{
	static const char *const moves[] = {
	    "j", "j", "C-d", "Right", "j", "k", "Space", "C-f", "Left", "C-u"};
	static const char *const ends[] = {"G", "Home"};

	work(b);
	report(b, "open");
	press_all(b, moves, RT_ARRAY_LEN(moves), 60);
	press_all(b, ends, RT_ARRAY_LEN(ends), 20);
	report(b, "topology");
	press(b, "2");
	report(b, "routes_open");
	press_all(b, moves, RT_ARRAY_LEN(moves), 60);
	press_all(b, ends, RT_ARRAY_LEN(ends), 20);
	report(b, "routes");
	press(b, "/");
	type(b, "shop-1");
	report(b, "filter");
}

int main(int argc, char **argv)
{
	const char *paths[1] = {argc > 1 ? argv[1] : "-"};
	struct rt_files_opts files = {.paths = paths, .count = 1};
	struct rt_store *store = rt_store_new(RT_STORE_FILES);
	struct rt_tui_opts opts = {0};
	struct rt_error err = {0};
	static struct bench b;
	struct rt_world world = {0};
	struct rt_check *check;
	double began;

	setlocale(LC_ALL, "");
	if (rt_source_files(store, &files, &err) != RT_OK) {
		fprintf(stderr, "%s\n", err.msg);
		return EXIT_FAILURE;
	}
	world.an = rt_analyze(store, &(struct rt_analysis_opts){0});
	check = rt_check_new(&(struct rt_check_in){.an = world.an});
	while (rt_check_step(check))
		continue;
	world.findings = rt_check_result(check);
	world.graph = rt_graph_build(world.an, world.findings);
	b.term = opts.term = rt_term_memory(120, 40, RT_DEPTH_NONE, false);
	if (rt_tui_new(&opts, &ops, NULL, &b.tui, &err) != RT_OK)
		return EXIT_FAILURE;
	began = now_ms();
	rt_tui_draw(b.tui);
	printf("{\"first_frame_ms\": %.2f, ", now_ms() - began);
	began = now_ms();
	rt_tui_set_world(b.tui, &world);
	printf("\"set_world_ms\": %.2f, ", now_ms() - began);
	play(&b);
	printf("\"nodes\": %zu}\n", world.graph->nodes.len);
	rt_tui_free(b.tui);
	rt_graph_free(world.graph);
	rt_check_free(check);
	rt_analysis_free((struct rt_analysis *)(uintptr_t)world.an);
	rt_store_free(store);
	return EXIT_SUCCESS;
}
