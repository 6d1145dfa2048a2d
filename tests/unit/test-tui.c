/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-tui.c - plays tests/tui/NAME.script on the demo cluster (or on the manifest that the script
 * names) and compares what it dumps with tests/tui/golden/NAME.txt. UPDATE_GOLDEN=1 writes those.
 * First lines of a script may say: #size 120x40, #ascii, #files PATH, #open KEY, #trace URL,
 * #cluster (logs, events, contexts)
 */
#include "config.h"

#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/findings.h"
#include "rutter/mem.h"
#include "rutter/object_text.h"
#include "rutter/source.h"
#include "rutter/tui.h"
#include "tests/lib/tap.h"

#define NOW 1795000000 /* ages in the dumps are of this time */

struct play {
	struct rt_tui *tui;
	struct rt_term *term;
	struct rt_store *store;
	struct rt_analysis *an;
	struct rt_check *check;
	struct rt_graph *graph;
	struct rt_buf script, out;
	int w, h;
	bool ascii, quit, cluster;
	unsigned unasked, asked;
	char files[256], open[256], trace[256];
	struct rt_buf written;
};

static bool read_file(const char *path, struct rt_buf *out)
{
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	if (!f)
		return false;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		rt_buf_add(out, chunk, n);
	fclose(f);
	return true;
}

/* ---------------------------------------------------------------- what the UI may do */

static int64_t fixed_ms; /* a clock that stands, 0: the real one */

static int64_t clock_ms(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	if (fixed_ms)
		return fixed_ms;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void quit(void *ctx)
{
	((struct play *)ctx)->quit = true;
}

static char *yaml(void *ctx, const struct rt_obj *obj)
{
	(void)ctx;
	return rt_object_yaml(obj);
}

static enum rt_status write_file(
    void *ctx, const char *path, const char *text, size_t len, struct rt_error *err)
{
	struct play *p = ctx;

	if (!strcmp(path, "/nowhere"))
		return rt_fail(err, RT_IO, "%s: permission denied", path);
	rt_buf_clear(&p->written);
	rt_buf_add(&p->written, text, len);
	return RT_OK;
}

static void answer(struct play *p, const struct rt_question *q, const char *text, bool last)
{
	rt_tui_answer(p->tui, q->ticket, text, strlen(text), last, NULL);
}

/* A cluster that has a log of six lines for every Pod and two events for every object. */
static void ask(void *ctx, const struct rt_question *q)
{
	struct rt_buf b = {0};

	((struct play *)ctx)->asked++;
	rt_buf_printf(&b,
	    "1 I start of %s %s%s\n2 I reconciled HTTPRoute shop/cart\n3 W warn: "
	    "slow\n4 E error: cart has no backend \033[31m\n5 I done\n6 I again\n",
	    q->obj->name, q->container ? q->container : "-", q->previous ? " before" : "");
	if (q->ask == RT_ASK_LOGS)
		answer(ctx, q, rt_buf_str(&b), q->previous);
	else
		answer(ctx, q,
		    "3m    Warning  Unhealthy (4 times): probe failed\n5m    Normal   Sync: ok\n",
		    true);
	rt_buf_done(&b);
}

static void unask(void *ctx, unsigned ticket)
{
	((struct play *)ctx)->unasked = ticket;
}

static const char *const *contexts(void *ctx, const char **ret_current)
{
	static const char *const names[] = {"demo", "prod-eu", "staging", NULL};

	(void)ctx;
	*ret_current = names[0];
	return names;
}

static void use_context(void *ctx, const char *name)
{
	rt_tui_say(((struct play *)ctx)->tui, false, "context %s", name);
}

static void reload(void *ctx)
{
	rt_tui_say(((struct play *)ctx)->tui, false, "reading again");
}

static const struct rt_tui_ops still_ops = {
    .clock_ms = clock_ms, .quit = quit, .yaml = yaml, .write = write_file};
static const struct rt_tui_ops cluster_ops = {
    .clock_ms = clock_ms,
    .quit = quit,
    .yaml = yaml,
    .write = write_file,
    .ask = ask,
    .unask = unask,
    .asks = 1u << RT_ASK_EVENTS | 1u << RT_ASK_LOGS,
    .contexts = contexts,
    .use_context = use_context,
    .reload = reload,
};

/* ---------------------------------------------------------------- one play */

static void read_head(struct play *p)
{
	p->w = 80;
	p->h = 24;
	for (const char *s = rt_buf_str(&p->script); *s == '#'; s += strcspn(s, "\n") + 1) {
		sscanf(s, "#size %dx%d", &p->w, &p->h);
		sscanf(s, "#files %255s", p->files);
		sscanf(s, "#open %255s", p->open);
		sscanf(s, "#trace %255s", p->trace);
		p->cluster = p->cluster || !strncmp(s, "#cluster", 8);
		p->ascii = p->ascii || !strncmp(s, "#ascii", 6);
	}
}

static bool load(struct play *p, struct rt_error *err)
{
	const char *paths[1] = {p->files};
	struct rt_files_opts files = {.paths = paths, .count = 1};
	enum rt_status st;

	p->store = rt_store_new(*p->files ? RT_STORE_FILES : RT_STORE_SNAPSHOT);
	rt_store_set_context(p->store, "demo");
	st =
	    *p->files ? rt_source_files(p->store, &files, err) : rt_source_demo(p->store, NOW, err);
	if (st != RT_OK)
		return false;
	p->an = rt_analyze(p->store, &(struct rt_analysis_opts){.now = NOW});
	p->check = rt_check_new(&(struct rt_check_in){.an = p->an, .now = NOW});
	while (rt_check_step(p->check))
		continue;
	p->graph = rt_graph_build(p->an, rt_check_result(p->check));
	return true;
}

static bool open_tui(struct play *p, struct rt_error *err)
{
	struct rt_tui_opts opts = {.theme_dirs = {NULL, "themes"}};
	struct rt_tui_head head = {.name = "demo", .store = p->store};
	struct rt_world world = {p->an, rt_check_result(p->check), p->graph, NOW};

	p->term = rt_term_memory(p->w, p->h, RT_DEPTH_NONE, p->ascii);
	opts.term = p->term;
	opts.open = *p->open ? p->open : NULL;
	opts.trace = *p->trace ? p->trace : NULL;
	if (rt_tui_new(&opts, p->cluster ? &cluster_ops : &still_ops, p, &p->tui, err) != RT_OK)
		return false;
	head.feed = p->cluster ? RT_FEED_LIVE : RT_FEED_STILL;
	rt_tui_set_head(p->tui, &head);
	rt_tui_set_world(p->tui, &world);
	return true;
}

static bool play(struct play *p, const char *source, struct rt_error *err)
{
	enum rt_script_state st = RT_SCRIPT_GOES_ON;
	struct rt_script *script = NULL;

	if (rt_script_new(rt_buf_str(&p->script), p->script.len, source, &script, err) != RT_OK)
		return false;
	while (!p->quit && (st == RT_SCRIPT_GOES_ON || st == RT_SCRIPT_WAITS)) {
		while (rt_tui_has_work(p->tui))
			rt_tui_work(p->tui, clock_ms(NULL) + 8);
		st = rt_script_step(script, p->tui, p->term, true, &p->out, err);
	}
	if (p->quit)
		rt_buf_puts(&p->out, "--- quit\n");
	rt_script_free(script);
	return st != RT_SCRIPT_FAILED;
}

static void done(struct play *p)
{
	rt_tui_free(p->tui);
	rt_graph_free(p->graph);
	rt_check_free(p->check);
	rt_analysis_free(p->an);
	rt_store_free(p->store);
	rt_buf_done(&p->script);
	rt_buf_done(&p->out);
	rt_buf_done(&p->written);
}

static void compare(const struct play *p, const char *name)
{
	struct rt_buf want = {0};
	char path[1024];
	FILE *f;

	snprintf(path, sizeof(path), "tests/tui/golden/%s.txt", name);
	if (getenv("UPDATE_GOLDEN")) {
		f = fopen(path, "w");
		if (f) {
			fputs(rt_buf_str(&p->out), f);
			fclose(f);
		}
	}
	if (!read_file(path, &want))
		tap_ok(false, "%s has a golden file", name);
	else
		tap_is_str(rt_buf_str(&p->out), rt_buf_str(&want), "%s draws what it drew", name);
	rt_buf_done(&want);
}

static void run(const char *name)
{
	struct play p = {0};
	struct rt_error err = {0};
	char path[1024];

	snprintf(path, sizeof(path), "tests/tui/%s.script", name);
	if (!tap_ok(read_file(path, &p.script), "%s can be read", name))
		return;
	read_head(&p);
	if (!load(&p, &err) || !open_tui(&p, &err) || !play(&p, name, &err)) {
		tap_ok(false, "%s: %s", name, err.msg);
		tap_diag("%s", rt_buf_str(&p.out));
	} else {
		tap_ok(true, "%s plays to its end", name);
		compare(&p, name);
	}
	done(&p);
}

static void press(struct play *p, uint32_t key)
{
	rt_term_memory_feed(p->term, &(struct rt_event){.type = RT_EVENT_KEY, .key = key});
	rt_tui_handle_input(p->tui);
	rt_tui_draw(p->tui);
}

/* A cursor that is held down over a list asks the server for where it comes to rest. */
static void test_passing_by(void)
{
	struct play p = {.w = 120, .h = 40, .cluster = true};
	struct rt_error err = {0};

	fixed_ms = 1000;
	if (!load(&p, &err) || !open_tui(&p, &err)) {
		tap_ok(false, "%s", err.msg);
		done(&p);
		return;
	}
	while (rt_tui_has_work(p.tui))
		rt_tui_work(p.tui, INT64_MAX);
	press(&p, 'e');
	tap_is_int((int)p.asked, 1, "who opens the events asks for them at once");
	press(&p, 'q');
	for (int i = 0; i < 8; i++)
		press(&p, 'j');
	tap_is_int((int)p.asked, 1, "a cursor that passes by asks nothing");
	tap_ok(rt_tui_next_ms(p.tui) > 0, "and says when it will");
	fixed_ms += rt_tui_next_ms(p.tui);
	tap_ok(rt_tui_wants_frame(p.tui), "then a frame is wanted");
	rt_tui_draw(p.tui);
	tap_is_int((int)p.asked, 2, "which asks for the row it rests on");
	tap_ok(!rt_tui_wants_frame(p.tui), "once");
	fixed_ms = 0;
	done(&p);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_script(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && !strcmp(dot, ".script");
}

int main(int argc, char **argv)
{
	const char *top = getenv("TOP_SRCDIR");
	struct dirent **list = NULL;
	int n;

	setlocale(LC_ALL, "");
	if (top && chdir(top) != 0)
		tap_diag("cannot go to %s", top);
	if (argc > 1) {
		run(argv[1]);
		return tap_done();
	}
	test_passing_by();
	n = scandir("tests/tui", &list, is_script, by_name);
	tap_ok(n > 0, "there are scripts");
	for (int i = 0; i < n; i++) {
		char name[256];
		snprintf(name, sizeof(name), "%.*s", (int)(strlen(list[i]->d_name) - 7),
		    list[i]->d_name);
		run(name);
		free(list[i]);
	}
	free(list);
	return tap_done();
}
