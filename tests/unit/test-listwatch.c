/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-listwatch.c - the list and watch machine: one story a table, one row an event with what has
 * to come of it.
 */
#include "config.h"

#include "rutter/listwatch.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

/* What a step must answer, as text: "list", "watch", "wait", then flags, then the report. */
static void describe(const struct rt_lw *lw, const struct rt_lw_do *todo, struct rt_buf *out)
{
	static const char *const requests[] = {"", "list", "watch"};
	static const char *const reports[] = {
	    "", "loading", "synced", "stale", "live", "forbidden", "absent", "failed"};
	const struct {
		bool set;
		const char *name;
	} flags[] = {
	    {todo->wait_ms > 0, "wait"},
	    {todo->begin, "begin"},
	    {todo->sweep, "sweep"},
	    {todo->put, "put"},
	    {todo->remove, "remove"},
	    {lw->state == RT_LW_STOPPED, "stopped"},
	};
	rt_buf_puts(out, requests[todo->request]);
	for (size_t i = 0; i < RT_ARRAY_LEN(flags); i++)
		if (flags[i].set)
			rt_buf_printf(out, "%s%s", out->len ? " " : "", flags[i].name);
	if (todo->report)
		rt_buf_printf(out, "%s%s", out->len ? " " : "", reports[todo->report]);
}

struct row {
	struct rt_lw_event event;
	const char *want;  /* as describe writes it */
	const char *query; /* the next request's path query, NULL: not looked at */
};

#define START                                                                                      \
	{                                                                                          \
		.type = RT_LW_START                                                                \
	}
#define LISTED(v, token)                                                                           \
	{                                                                                          \
		.type = RT_LW_LIST_END, .rv = (v), .continue_token = (token)                       \
	}
#define FAILED(f)                                                                                  \
	{                                                                                          \
		.type = RT_LW_FAILED_REQUEST, .failure = RT_KUBE_##f, .retry_after_ms = -1         \
	}
#define ITEM(e, v)                                                                                 \
	{                                                                                          \
		.type = RT_LW_ITEM, .event = (e), .rv = (v)                                        \
	}
#define ENDED(at)                                                                                  \
	{                                                                                          \
		.type = RT_LW_WATCH_END, .now_ms = (at)                                            \
	}
#define TIMER                                                                                      \
	{                                                                                          \
		.type = RT_LW_TIMER                                                                \
	}
#define REACHED                                                                                    \
	{                                                                                          \
		.type = RT_LW_REACHED                                                              \
	}
#define CACHED "resourceVersion=0"
#define PAGED "limit=500"

static void play(const char *story, bool watch, const struct row *rows, size_t count)
{
	struct rt_lw lw;
	rt_lw_init(&lw, watch, 42);
	for (size_t i = 0; i < count; i++) {
		RT_AUTO_BUF struct rt_buf got = {0};
		RT_AUTO_BUF struct rt_buf path = {0};
		struct rt_kube_query q = {.version = "v1", .plural = "x"};
		struct rt_lw_do todo = rt_lw_step(&lw, &rows[i].event);
		describe(&lw, &todo, &got);
		tap_is_str(rt_buf_str(&got), rows[i].want, "%s: step %zu", story, i + 1);
		if (!rows[i].query)
			continue;
		rt_lw_query(&lw, &q);
		q.timeout_seconds = 0; /* random, and tested apart */
		rt_kube_path(&path, &q);
		const char *query = strchr(rt_buf_str(&path), '?');
		tap_is_str(
		    query ? query + 1 : "", rows[i].query, "%s: query of step %zu", story, i + 1);
	}
	rt_lw_done(&lw);
}

#define PLAY(story, watch, ...)                                                                    \
	do {                                                                                       \
		static const struct row rows_[] = {__VA_ARGS__};                                   \
		play((story), (watch), rows_, RT_ARRAY_LEN(rows_));                                \
	} while (0)

#define WATCH_FROM(v) "watch=1&resourceVersion=" v "&allowWatchBookmarks=true"

static void test_lists(void)
{
	PLAY("one list", false, {START, "list begin loading", CACHED},
	    {LISTED("7", NULL), "sweep stopped synced", NULL}, {TIMER, "stopped", NULL},
	    {LISTED("8", NULL), "stopped", NULL});
	PLAY("three pages", false, {START, "list begin loading", CACHED},
	    {FAILED(REFUSED), "list begin", PAGED},
	    {LISTED("7", "p2"), "list", PAGED "&continue=p2"},
	    {LISTED("9", "p3"), "list", PAGED "&continue=p3"},
	    {LISTED("9", ""), "sweep stopped synced", NULL});
	PLAY("a page token that expired", false, {START, "list begin loading", NULL},
	    {FAILED(GONE), "list begin", PAGED}, {LISTED("7", "p2"), "list", PAGED "&continue=p2"},
	    {FAILED(GONE), "list begin", ""}, {LISTED("9", NULL), "sweep stopped synced", NULL});
	PLAY("the same token for ever", false, {START, "list begin loading", CACHED},
	    {LISTED("7", "p2"), "list", PAGED "&continue=p2"},
	    {LISTED("7", "p2"), "stopped failed", NULL});
	PLAY("tokens in a circle", false, {START, "list begin loading", CACHED},
	    {LISTED("7", "p2"), "list", PAGED "&continue=p2"},
	    {LISTED("7", "p3"), "list", PAGED "&continue=p3"},
	    {LISTED("7", "p4"), "list", PAGED "&continue=p4"},
	    {LISTED("7", "p2"), "list", PAGED "&continue=p2"},
	    {LISTED("7", "p3"), "list", PAGED "&continue=p3"},
	    {LISTED("7", "p4"), "list", PAGED "&continue=p4"},
	    {LISTED("7", "p2"), "stopped failed", NULL});
	PLAY("a second page that never comes", false, {START, "list begin loading", CACHED},
	    {LISTED("7", "p2"), "list", PAGED "&continue=p2"}, {FAILED(LOST), "list begin", CACHED},
	    {LISTED("7", "p2"), "list", PAGED "&continue=p2"}, {FAILED(LOST), "wait", NULL},
	    {TIMER, "list begin", CACHED}, {LISTED("7", "p2"), "list", PAGED "&continue=p2"},
	    {FAILED(LOST), "stopped failed", NULL});
	PLAY("a replica that is behind", false, {START, "list begin loading", CACHED},
	    {FAILED(TOO_LARGE_RV), "wait", NULL}, {TIMER, "list begin", PAGED});
	PLAY("forbidden", false, {START, "list begin loading", NULL},
	    {FAILED(FORBIDDEN), "stopped forbidden", NULL});
	PLAY("no credentials", false, {START, "list begin loading", NULL},
	    {FAILED(UNAUTHORIZED), "stopped forbidden", NULL});
	PLAY("not served", false, {START, "list begin loading", NULL},
	    {FAILED(NOT_FOUND), "stopped absent", NULL});
	PLAY("refused in any form", false, {START, "list begin loading", CACHED},
	    {FAILED(REFUSED), "list begin", PAGED}, {FAILED(REFUSED), "stopped failed", NULL});
	PLAY("cut once", false, {START, "list begin loading", NULL},
	    {FAILED(LOST), "list begin", CACHED},
	    {LISTED("7", NULL), "sweep stopped synced", NULL});
	PLAY("cut for ever", false, {START, "list begin loading", NULL},
	    {FAILED(LOST), "list begin", NULL}, {FAILED(LOST), "wait", NULL},
	    {TIMER, "list begin", NULL}, {FAILED(LOST), "stopped failed", NULL});
	PLAY("a server error", false, {START, "list begin loading", NULL},
	    {FAILED(SERVER), "wait", NULL}, {TIMER, "list begin", NULL},
	    {FAILED(SERVER), "wait", NULL}, {TIMER, "list begin", NULL},
	    {FAILED(SERVER), "stopped failed", NULL});
	PLAY("no server", false, {START, "list begin loading", NULL},
	    {FAILED(UNREACHABLE), "stopped failed", NULL});
	PLAY("a silent server", false, {START, "list begin loading", NULL},
	    {FAILED(TIMEOUT), "stopped failed", NULL});
}

static void test_watches(void)
{
	PLAY("a watch that lives", true, {START, "list begin loading", CACHED},
	    {LISTED("7", NULL), "watch sweep synced", WATCH_FROM("7")},
	    {{.type = RT_LW_WATCH_OPEN}, "", NULL}, {ITEM("ADDED", "8"), "put", NULL},
	    {ITEM("MODIFIED", "9"), "put", NULL}, {ITEM("DELETED", "10"), "remove", NULL},
	    {ITEM("BOOKMARK", "20"), "", NULL}, {ENDED(300000), "watch", WATCH_FROM("20")});
	PLAY("pages: the watch begins at the first one's version", true,
	    {START, "list begin loading", NULL}, {FAILED(REFUSED), "list begin", NULL},
	    {LISTED("7", "p"), "list", NULL},
	    {LISTED("9", NULL), "watch sweep synced", WATCH_FROM("7")});
	PLAY("410 in the stream", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {ITEM("ADDED", "8"), "put", NULL},
	    {FAILED(GONE), "list begin", PAGED},
	    {LISTED("30", NULL), "watch sweep synced", WATCH_FROM("30")});
	PLAY("an unknown kind of event", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL},
	    {ITEM("REPLACED", "8"), "list begin", PAGED},
	    {LISTED("9", NULL), "watch sweep synced", NULL},
	    {ITEM("REPLACED", "10"), "wait stale", NULL}, {TIMER, "list begin", PAGED});
	PLAY("cut: once is no news, then stale, then live", true,
	    {START, "list begin loading", NULL}, {LISTED("7", NULL), "watch sweep synced", NULL},
	    {FAILED(LOST), "watch", WATCH_FROM("7")}, {FAILED(UNREACHABLE), "wait stale", NULL},
	    {TIMER, "watch", WATCH_FROM("7")}, {FAILED(UNREACHABLE), "wait", NULL},
	    {TIMER, "watch", NULL}, {{.type = RT_LW_WATCH_OPEN}, "live", NULL},
	    {ITEM("ADDED", "8"), "put", NULL});
	PLAY("it ends at once, again and again", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {ENDED(10), "wait", NULL},
	    {TIMER, "watch", NULL}, {ENDED(10), "wait stale", NULL},
	    {TIMER, "watch", WATCH_FROM("7")});
	PLAY("server errors: the same version, then a new list", true,
	    {START, "list begin loading", NULL}, {LISTED("7", NULL), "watch sweep synced", NULL},
	    {FAILED(SERVER), "wait", NULL}, {TIMER, "watch", WATCH_FROM("7")},
	    {FAILED(SERVER), "wait stale", NULL}, {TIMER, "watch", NULL},
	    {FAILED(SERVER), "wait", NULL}, {TIMER, "watch", NULL}, {FAILED(SERVER), "wait", NULL},
	    {TIMER, "list begin", NULL}, {LISTED("9", NULL), "watch sweep live", NULL});
	PLAY("too many requests: the version is kept", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {FAILED(TOO_MANY), "wait", NULL},
	    {TIMER, "watch", WATCH_FROM("7")});
	PLAY("a right is taken away", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL},
	    {FAILED(FORBIDDEN), "list begin", NULL}, {FAILED(FORBIDDEN), "wait stale", NULL},
	    {TIMER, "list begin", PAGED}, {FAILED(FORBIDDEN), "wait", NULL},
	    {TIMER, "list begin", NULL}, {FAILED(FORBIDDEN), "wait", NULL},
	    {TIMER, "list begin", NULL}, {FAILED(FORBIDDEN), "wait", NULL},
	    {TIMER, "list begin", NULL}, {FAILED(FORBIDDEN), "wait forbidden", NULL},
	    {TIMER, "list begin", NULL}, {FAILED(FORBIDDEN), "wait", NULL},
	    {TIMER, "list begin", NULL}, {LISTED("9", NULL), "watch sweep synced", NULL});
	PLAY("a server that starts refuses for a moment", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {FAILED(GONE), "list begin", NULL},
	    {FAILED(FORBIDDEN), "wait stale", NULL}, {TIMER, "list begin", NULL},
	    {FAILED(NOT_FOUND), "wait", NULL}, {TIMER, "list begin", NULL},
	    {LISTED("9", NULL), "watch sweep live", NULL});
	PLAY("what was never read is looked for quietly", true, {START, "list begin loading", NULL},
	    {FAILED(FORBIDDEN), "stopped forbidden", NULL},
	    {{.type = RT_LW_AGAIN}, "list begin", NULL},
	    {FAILED(FORBIDDEN), "stopped forbidden", NULL},
	    {{.type = RT_LW_AGAIN}, "list begin", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {{.type = RT_LW_AGAIN}, "", NULL});
	PLAY("a kind that goes", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {{.type = RT_LW_NOT_SERVED}, "", NULL},
	    {FAILED(NOT_FOUND), "list begin", NULL}, {FAILED(NOT_FOUND), "wait stale", NULL},
	    {{.type = RT_LW_NOT_SERVED}, "", NULL}, {TIMER, "list begin", NULL},
	    {FAILED(NOT_FOUND), "wait", NULL}, {TIMER, "list begin", NULL},
	    {FAILED(NOT_FOUND), "wait", NULL}, {{.type = RT_LW_NOT_SERVED}, "stopped absent", NULL},
	    {{.type = RT_LW_AGAIN}, "list begin", NULL},
	    {LISTED("9", NULL), "watch sweep synced", NULL});
	PLAY("list is allowed, watch is not: no tight circle", true,
	    {START, "list begin loading", NULL}, {LISTED("7", NULL), "watch sweep synced", NULL},
	    {FAILED(FORBIDDEN), "list begin", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL},
	    {FAILED(FORBIDDEN), "wait stale", NULL}, {TIMER, "list begin", NULL},
	    {LISTED("7", NULL), "watch sweep live", NULL});
	PLAY("a token expires", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {FAILED(UNAUTHORIZED), "wait", NULL},
	    {TIMER, "watch", WATCH_FROM("7")}, {FAILED(UNAUTHORIZED), "wait stale", NULL},
	    {TIMER, "watch", NULL}, {{.type = RT_LW_WATCH_OPEN}, "live", NULL});
	PLAY("the first list fails and comes later", true, {START, "list begin loading", NULL},
	    {FAILED(UNREACHABLE), "wait failed", NULL}, {TIMER, "list begin", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL});
	PLAY("the same token, where it is watched", true, {START, "list begin loading", NULL},
	    {LISTED("7", "p2"), "list", NULL}, {LISTED("7", "p2"), "wait failed", NULL},
	    {TIMER, "list begin", CACHED}, {LISTED("7", NULL), "watch sweep synced", NULL});
	PLAY("the user asks anew", true, {START, "list begin loading", NULL},
	    {FAILED(FORBIDDEN), "stopped forbidden", NULL},
	    {{.type = RT_LW_REFRESH}, "list begin loading", PAGED},
	    {LISTED("7", NULL), "watch sweep synced", NULL},
	    {{.type = RT_LW_REFRESH}, "list begin", PAGED});
	PLAY("the machine slept", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL},
	    {{.type = RT_LW_AWOKE}, "watch", WATCH_FROM("7")});
	PLAY("late answers of a dropped request change nothing", true,
	    {START, "list begin loading", NULL}, {ITEM("ADDED", "8"), "", NULL},
	    {ENDED(9), "", NULL}, {LISTED("7", NULL), "watch sweep synced", NULL},
	    {LISTED("9", NULL), "", NULL});
}

/* When one gets through to a server that was away, the others follow; who waits for another reason,
 * or has followed in vain, does not. */
static void test_reached(void)
{
	PLAY("cut off, and another gets through", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {REACHED, "", NULL},
	    {FAILED(LOST), "watch", NULL}, {FAILED(UNREACHABLE), "wait stale", NULL},
	    {REACHED, "watch", WATCH_FROM("7")}, {REACHED, "", NULL},
	    {FAILED(UNREACHABLE), "wait", NULL}, {REACHED, "", NULL}, {TIMER, "watch", NULL},
	    {{.type = RT_LW_WATCH_OPEN}, "live", NULL}, {ITEM("ADDED", "8"), "put", NULL},
	    {FAILED(LOST), "watch", NULL}, {FAILED(TIMEOUT), "wait stale", NULL},
	    {REACHED, "watch", WATCH_FROM("8")});
	PLAY("a first list follows, too", true, {START, "list begin loading", NULL},
	    {FAILED(UNREACHABLE), "wait failed", NULL}, {REACHED, "list begin", CACHED});
	PLAY("what the server asked to wait for", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL}, {FAILED(TOO_MANY), "wait", NULL},
	    {REACHED, "", NULL}, {TIMER, "watch", NULL}, {FAILED(UNAUTHORIZED), "wait stale", NULL},
	    {REACHED, "", NULL}, {TIMER, "watch", NULL}, {FAILED(SERVER), "wait", NULL},
	    {REACHED, "", NULL});
	PLAY("a right that may come back", true, {START, "list begin loading", NULL},
	    {LISTED("7", NULL), "watch sweep synced", NULL},
	    {FAILED(FORBIDDEN), "list begin", NULL}, {FAILED(FORBIDDEN), "wait stale", NULL},
	    {REACHED, "", NULL});
}

/* Pauses grow, are bounded, differ by chance, and obey the server. */
static void test_backoff(void)
{
	static const struct rt_lw_event start = START, timer = TIMER, down = FAILED(UNREACHABLE);
	struct rt_lw lw;
	int64_t low = 800;
	bool grows = true;
	rt_lw_init(&lw, true, 7);
	(void)rt_lw_step(&lw, &start);
	for (int i = 0; i < 10; i++) {
		struct rt_lw_do todo = rt_lw_step(&lw, &down);
		grows = grows && todo.wait_ms >= low && todo.wait_ms <= 2 * low;
		low = low * 2 < 30000 ? low * 2 : 30000;
		(void)rt_lw_step(&lw, &timer);
	}
	tap_ok(grows, "pauses double from 0.8 s to 30 s, plus up to as much by chance");
	struct rt_lw_event busy = FAILED(TOO_MANY);
	busy.retry_after_ms = 100000;
	struct rt_lw_do todo = rt_lw_step(&lw, &busy);
	tap_ok(todo.wait_ms >= 100000 && todo.wait_ms <= 200000, "Retry-After is obeyed");
	rt_lw_done(&lw);

	int64_t waits[2];
	for (int i = 0; i < 2; i++) {
		rt_lw_init(&lw, true, (uint64_t)(1000003 * (i + 1)));
		(void)rt_lw_step(&lw, &start);
		waits[i] = rt_lw_step(&lw, &down).wait_ms;
		rt_lw_done(&lw);
	}
	tap_ok(waits[0] != waits[1], "two clients do not come back together");

	static const struct rt_lw_event listed = LISTED("1", NULL);
	struct rt_kube_query q = {0};
	rt_lw_init(&lw, true, 99);
	(void)rt_lw_step(&lw, &start);
	(void)rt_lw_step(&lw, &listed);
	rt_lw_query(&lw, &q);
	tap_ok(
	    q.timeout_seconds >= 300 && q.timeout_seconds <= 600, "a watch lasts 5 to 10 minutes");
	rt_lw_done(&lw);
}

/* A right that goes is believed soon, also where the watch was refused before. */
static void test_denials(void)
{
	static const struct rt_lw_event events[] = {
	    START, LISTED("7", NULL), FAILED(GONE), LISTED("8", NULL), FAILED(FORBIDDEN)};
	static const struct rt_lw_event timer = TIMER, denied = FAILED(FORBIDDEN);
	struct rt_lw lw;
	struct rt_lw_do todo = {0};
	int64_t waited_ms = 0;
	rt_lw_init(&lw, true, 7);
	for (size_t i = 0; i < RT_ARRAY_LEN(events); i++)
		todo = rt_lw_step(&lw, &events[i]);
	waited_ms = todo.wait_ms;
	for (int i = 0; i < 8 && todo.report != RT_LW_FORBIDDEN; i++) {
		(void)rt_lw_step(&lw, &timer);
		todo = rt_lw_step(&lw, &denied);
		waited_ms += todo.report == RT_LW_FORBIDDEN ? 0 : todo.wait_ms;
	}
	tap_ok(todo.report == RT_LW_FORBIDDEN && waited_ms <= 40000,
	    "a right that goes is believed after 40 s at most");
	rt_lw_done(&lw);
}

int main(void)
{
	test_lists();
	test_watches();
	test_reached();
	test_backoff();
	test_denials();
	return tap_done();
}
