/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listwatch.c - the rules of keeping a collection true.
 * A request fails for one of the reasons of enum rt_kube_failure; two tables, one for lists and one
 * for watches, say what each means.
 */
#include "config.h"

#include "rutter/listwatch.h"

#include <string.h>

#include "rutter/mem.h"

#define BACKOFF_FIRST_MS 800
#define BACKOFF_MAX_MS 30000
#define HEALTHY_MS 120000  /* a watch this old has proved that all is well */
#define VERY_SHORT_MS 1000 /* a watch that ends sooner without an event counts as a failure */
#define RETRY_AFTER_MAX_MS 120000
#define RETRY_AFTER_MAX_ONCE_MS 15000 /* where a command waits for it */
#define LIST_PATIENCE 3               /* attempts of a list that nobody watches */
#define WATCH_SAME_RV 3               /* attempts to watch from one version after a server error */
#define DENIALS_BELIEVED 5            /* of what was read before */
#define DENIALS_CONFIRMED 3           /* … where discovery says so, too */

void rt_lw_init(struct rt_lw *lw, bool watch, uint64_t seed)
{
	*lw = (struct rt_lw){
	    .watch = watch, .patience = LIST_PATIENCE, .random = seed | 1, .next = RT_LW_GET_LIST};
}

void rt_lw_done(struct rt_lw *lw)
{
	free(lw->rv);
	free(lw->first_rv);
	free(lw->continue_token);
	free(lw->token_before);
	*lw = (struct rt_lw){0};
}

static void set_string(char **at, const char *value)
{
	char *copy = value ? rt_xstrdup(value) : NULL;
	free(*at);
	*at = copy;
}

/* 0 … 1023, xorshift: jitter needs no quality, tests need repeatability. */
static int64_t next_random(struct rt_lw *lw)
{
	lw->random ^= lw->random << 13;
	lw->random ^= lw->random >> 7;
	lw->random ^= lw->random << 17;
	return (int64_t)(lw->random >> 20 & 1023);
}

void rt_lw_query(struct rt_lw *lw, struct rt_kube_query *q)
{
	if (lw->state == RT_LW_WATCHING) {
		q->watch = true;
		q->resource_version = lw->rv;
		q->timeout_seconds = 300 + (int)(next_random(lw) * 300 / 1024);
		return;
	}
	/* A continued page carries neither a resourceVersion nor another limit's worth of doubt. */
	q->continue_token = lw->continue_token;
	q->resource_version = lw->mode == RT_LW_CACHED ? "0" : NULL;
	q->limit = lw->mode == RT_LW_PAGED ? RT_LW_PAGE : 0;
	if (lw->continue_token) {
		q->resource_version = NULL;
		q->limit = RT_LW_PAGE;
	}
}

/* --- what to do next -------------------------------------------------------------------------- */

static struct rt_lw_do begin_list(struct rt_lw *lw)
{
	bool tell = lw->state == RT_LW_IDLE || (lw->state == RT_LW_STOPPED && !lw->synced);
	lw->state = RT_LW_LISTING;
	set_string(&lw->continue_token, NULL);
	set_string(&lw->token_before, NULL);
	set_string(&lw->first_rv, NULL);
	lw->pages = 0;
	return (struct rt_lw_do){.request = RT_LW_GET_LIST,
	    .begin = true,
	    .report = tell ? RT_LW_LOADING : RT_LW_NO_NEWS};
}

static struct rt_lw_do begin_watch(struct rt_lw *lw, int64_t now_ms)
{
	lw->state = RT_LW_WATCHING;
	lw->began_ms = now_ms;
	lw->events = 0;
	return (struct rt_lw_do){.request = RT_LW_GET_WATCH};
}

static struct rt_lw_do stop(struct rt_lw *lw, enum rt_lw_report report)
{
	lw->state = RT_LW_STOPPED;
	return (struct rt_lw_do){.report = report};
}

static enum rt_lw_report now_stale(struct rt_lw *lw)
{
	if (!lw->synced || lw->stale)
		return RT_LW_NO_NEWS;
	lw->stale = true;
	return RT_LW_STALE;
}

static enum rt_lw_report now_live(struct rt_lw *lw)
{
	if (!lw->stale)
		return RT_LW_NO_NEWS;
	lw->stale = false;
	return RT_LW_LIVE;
}

/* Waits before `next`: what the server asks for, else twice as long as the last time, and up to
 * as much again by chance, so that clients of a restarted server do not come back all at once. */
static struct rt_lw_do wait_for(struct rt_lw *lw, enum rt_lw_request next, int64_t retry_after_ms)
{
	lw->backoff_ms = lw->backoff_ms ? lw->backoff_ms * 2 : BACKOFF_FIRST_MS;
	if (lw->backoff_ms > BACKOFF_MAX_MS)
		lw->backoff_ms = BACKOFF_MAX_MS;
	int64_t wait_ms = lw->backoff_ms;
	int64_t most_ms = lw->watch ? RETRY_AFTER_MAX_MS : RETRY_AFTER_MAX_ONCE_MS;
	if (retry_after_ms > wait_ms)
		wait_ms = retry_after_ms < most_ms ? retry_after_ms : most_ms;
	wait_ms += wait_ms * next_random(lw) / 1024;
	lw->state = RT_LW_WAITING;
	lw->next = next;
	return (struct rt_lw_do){.wait_ms = wait_ms};
}

static void calm(struct rt_lw *lw)
{
	lw->failures = 0;
	lw->backoff_ms = 0;
	lw->woken = false;
}

/* --- lists ------------------------------------------------------------------------------------ */

enum on_list_failure {
	LIST_FORBIDDEN,
	LIST_UNAUTHORIZED, /* stop, but try again later where we watch: a token may be renewed */
	LIST_ABSENT,
	LIST_OTHER_MODE,    /* ask more plainly, then give up */
	LIST_RETRY_AT_ONCE, /* once, then with growing pauses */
	LIST_RETRY,
	LIST_NO_RETRY, /* pauses where we watch, else the end */
	LIST_IGNORE,
};

static enum on_list_failure on_list_failure(enum rt_kube_failure f)
{
	switch (f) {
	case RT_KUBE_FORBIDDEN:
		return LIST_FORBIDDEN;
	case RT_KUBE_UNAUTHORIZED:
		return LIST_UNAUTHORIZED;
	case RT_KUBE_NOT_FOUND:
		return LIST_ABSENT;
	case RT_KUBE_GONE:
	case RT_KUBE_TOO_LARGE_RV:
	case RT_KUBE_REFUSED:
	case RT_KUBE_NOT_ACCEPTABLE:
		return LIST_OTHER_MODE;
	case RT_KUBE_LOST:
		return LIST_RETRY_AT_ONCE;
	case RT_KUBE_TOO_MANY:
	case RT_KUBE_SERVER:
	case RT_KUBE_BAD_ANSWER:
		return LIST_RETRY;
	case RT_KUBE_TIMEOUT:
	case RT_KUBE_UNREACHABLE:
		return LIST_NO_RETRY;
	case RT_KUBE_OK:
	case RT_KUBE_CANCELLED:
		break;
	}
	return LIST_IGNORE;
}

static struct rt_lw_do list_in_other_mode(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	bool paging = lw->continue_token != NULL;
	if (lw->mode == RT_LW_CACHED)
		lw->mode = RT_LW_PAGED;
	else if (lw->mode == RT_LW_PAGED && paging && ev->failure == RT_KUBE_GONE)
		lw->mode = RT_LW_WHOLE; /* the collection changes faster than pages are read */
	else if (ev->failure == RT_KUBE_GONE || ev->failure == RT_KUBE_TOO_LARGE_RV)
		return ++lw->failures < lw->patience || lw->watch
			   ? wait_for(lw, RT_LW_GET_LIST, ev->retry_after_ms)
			   : stop(lw, RT_LW_FAILED);
	else
		return stop(lw, RT_LW_FAILED);
	if (ev->failure == RT_KUBE_TOO_LARGE_RV)
		return wait_for(lw, RT_LW_GET_LIST, ev->retry_after_ms);
	return begin_list(lw);
}

static struct rt_lw_do list_after_pause(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	if (!lw->watch && lw->failures >= lw->patience)
		return stop(lw, RT_LW_FAILED);
	struct rt_lw_do todo = wait_for(lw, RT_LW_GET_LIST, ev->retry_after_ms);
	todo.report = lw->synced ? now_stale(lw) : RT_LW_FAILED;
	/* Not yet the end of a list that nobody watches: it has nothing to report so far. */
	if (!lw->watch)
		todo.report = RT_LW_NO_NEWS;
	return todo;
}

/* What was never read stays refused until somebody looks again. What was read before may be refused
 * for a moment, as by a server that starts and knows neither its roles nor its CRDs. */
static struct rt_lw_do list_denied(
    struct rt_lw *lw, const struct rt_lw_event *ev, enum rt_lw_report report)
{
	if (!lw->watch || !lw->synced)
		return stop(lw, report);
	if (++lw->denials == 1)
		lw->backoff_ms =
		    0; /* how often the watch was refused before says nothing of this */
	if (lw->denials >= DENIALS_BELIEVED)
		lw->backoff_ms = BACKOFF_MAX_MS;
	struct rt_lw_do todo = wait_for(lw, RT_LW_GET_LIST, ev->retry_after_ms);
	if (lw->denials < DENIALS_BELIEVED) {
		todo.report = now_stale(lw);
	} else if (lw->denials == DENIALS_BELIEVED) {
		lw->stale = false;
		todo.report = report;
	}
	return todo;
}

static struct rt_lw_do list_failed(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	enum on_list_failure what = on_list_failure(ev->failure);
	switch (what) {
	case LIST_FORBIDDEN:
		return list_denied(lw, ev, RT_LW_FORBIDDEN);
	case LIST_UNAUTHORIZED: {
		if (!lw->watch)
			return stop(lw, RT_LW_FORBIDDEN);
		lw->backoff_ms = BACKOFF_MAX_MS;
		struct rt_lw_do todo = wait_for(lw, RT_LW_GET_LIST, ev->retry_after_ms);
		todo.report = lw->synced ? now_stale(lw) : RT_LW_FORBIDDEN;
		return todo;
	}
	case LIST_ABSENT:
		return list_denied(lw, ev, RT_LW_ABSENT);
	case LIST_OTHER_MODE:
		return list_in_other_mode(lw, ev);
	case LIST_RETRY_AT_ONCE:
		if (lw->failures++ == 0)
			return begin_list(lw);
		return list_after_pause(lw, ev);
	case LIST_RETRY:
		lw->failures++;
		return list_after_pause(lw, ev);
	case LIST_NO_RETRY:
		lw->failures = lw->patience;
		return list_after_pause(lw, ev);
	case LIST_IGNORE:
		break;
	}
	return (struct rt_lw_do){0};
}

/* Every token is compared with one that is put forward after 1, 2, 4, 8 … pages (Brent): that finds
 * a circle of any length. */
static bool pages_go_in_circles(struct rt_lw *lw, const char *token)
{
	if (lw->token_before && strcmp(lw->token_before, token) == 0)
		return true;
	lw->pages++;
	if ((lw->pages & (lw->pages - 1)) == 0)
		set_string(&lw->token_before, token);
	return false;
}

static struct rt_lw_do list_without_end(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	lw->failures = lw->patience;
	struct rt_lw_do todo = list_after_pause(lw, ev);
	todo.why = "its pages have no end: the server sends a continue token again";
	return todo;
}

static struct rt_lw_do list_ended(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	if (!lw->first_rv)
		set_string(&lw->first_rv, ev->rv);
	if (ev->continue_token && *ev->continue_token) {
		if (pages_go_in_circles(lw, ev->continue_token))
			return list_without_end(lw, ev);
		set_string(&lw->continue_token, ev->continue_token);
		return (struct rt_lw_do){.request = RT_LW_GET_LIST};
	}
	set_string(&lw->continue_token, NULL);
	set_string(&lw->rv, lw->first_rv);
	calm(lw);
	bool was_stale = lw->stale;
	lw->denials = 0;
	lw->synced = true;
	lw->stale = false;
	struct rt_lw_do todo = {0};
	if (lw->watch && lw->rv && *lw->rv)
		todo = begin_watch(lw, ev->now_ms);
	else if (lw->watch)
		todo = wait_for(lw, RT_LW_GET_LIST, BACKOFF_MAX_MS); /* nothing to watch from */
	else
		lw->state = RT_LW_STOPPED;
	todo.sweep = true;
	todo.report = was_stale ? RT_LW_LIVE : RT_LW_SYNCED;
	return todo;
}

/* --- watches ---------------------------------------------------------------------------------- */

static struct rt_lw_do relist(struct rt_lw *lw)
{
	set_string(&lw->rv, NULL);
	/* The cache that served the version which is now too old may serve it again. */
	lw->mode = RT_LW_PAGED;
	return begin_list(lw);
}

static struct rt_lw_do rewatch_later(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	struct rt_lw_do todo = wait_for(lw, RT_LW_GET_WATCH, ev->retry_after_ms);
	/* One hiccup is not worth a word; the second in a row is. */
	if (lw->failures > 1)
		todo.report = now_stale(lw);
	return todo;
}

static struct rt_lw_do watch_broke(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	bool healthy = ev->now_ms - lw->began_ms >= HEALTHY_MS;
	if (healthy || lw->events > 0)
		calm(lw);
	if (lw->failures++ == 0)
		return begin_watch(lw, ev->now_ms);
	return rewatch_later(lw, ev);
}

/* A new list straight away, but not in a circle where watching is what does not work. */
static struct rt_lw_do watch_refused(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	if (lw->refusals++ == 0)
		return relist(lw);
	int doublings = lw->refusals < 6 ? lw->refusals : 6;
	lw->backoff_ms = BACKOFF_FIRST_MS << doublings;
	set_string(&lw->rv, NULL);
	lw->mode = RT_LW_PAGED;
	struct rt_lw_do todo = wait_for(lw, RT_LW_GET_LIST, ev->retry_after_ms);
	todo.report = now_stale(lw);
	return todo;
}

static struct rt_lw_do watch_failed(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	switch (ev->failure) {
	case RT_KUBE_GONE:
	case RT_KUBE_REFUSED:
	case RT_KUBE_NOT_ACCEPTABLE:
	case RT_KUBE_FORBIDDEN: /* the list says what is refused now */
	case RT_KUBE_NOT_FOUND:
		return watch_refused(lw, ev);
	case RT_KUBE_LOST:
	case RT_KUBE_TIMEOUT:
		return watch_broke(lw, ev);
	case RT_KUBE_SERVER:
	case RT_KUBE_BAD_ANSWER:
		if (++lw->failures > WATCH_SAME_RV) {
			set_string(&lw->rv, NULL);
			struct rt_lw_do todo = wait_for(lw, RT_LW_GET_LIST, ev->retry_after_ms);
			todo.report = now_stale(lw);
			return todo;
		}
		return rewatch_later(lw, ev);
	case RT_KUBE_TOO_MANY:
	case RT_KUBE_TOO_LARGE_RV:
	case RT_KUBE_UNREACHABLE:
	case RT_KUBE_UNAUTHORIZED:
		lw->failures++;
		return rewatch_later(lw, ev);
	case RT_KUBE_OK:
	case RT_KUBE_CANCELLED:
		break;
	}
	return (struct rt_lw_do){0};
}

static struct rt_lw_do watch_ended(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	bool very_short = ev->now_ms - lw->began_ms < VERY_SHORT_MS && lw->events == 0;
	if (very_short) {
		lw->failures++;
		return rewatch_later(lw, ev);
	}
	calm(lw);
	return begin_watch(lw, ev->now_ms);
}

static struct rt_lw_do watch_item(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	struct rt_lw_do todo = {0};
	const char *type = ev->event ? ev->event : "";
	todo.put = strcmp(type, "ADDED") == 0 || strcmp(type, "MODIFIED") == 0;
	todo.remove = strcmp(type, "DELETED") == 0;
	if (!todo.put && !todo.remove && strcmp(type, "BOOKMARK") != 0) {
		/* Something this client does not know may have changed anything. */
		return watch_refused(lw, ev);
	}
	if (ev->rv && *ev->rv)
		set_string(&lw->rv, ev->rv);
	lw->events++;
	lw->refusals = 0;
	calm(lw);
	todo.report = now_live(lw);
	return todo;
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct rt_lw_do do_next(struct rt_lw *lw, int64_t now_ms)
{
	if (lw->next == RT_LW_GET_WATCH && lw->rv)
		return begin_watch(lw, now_ms);
	return begin_list(lw);
}

static struct rt_lw_do refresh(struct rt_lw *lw)
{
	lw->mode = RT_LW_PAGED; /* what the user asks for is what is there now */
	calm(lw);
	return begin_list(lw);
}

static struct rt_lw_do again(struct rt_lw *lw)
{
	if (lw->state != RT_LW_STOPPED)
		return (struct rt_lw_do){0};
	calm(lw);
	struct rt_lw_do todo = begin_list(lw);
	todo.report = RT_LW_NO_NEWS;
	return todo;
}

/* A server that starts serves no CRD for a moment, and its discovery says the same. */
static struct rt_lw_do not_served(struct rt_lw *lw)
{
	if (lw->denials < DENIALS_CONFIRMED)
		return (struct rt_lw_do){0};
	lw->stale = false;
	return stop(lw, RT_LW_ABSENT);
}

static struct rt_lw_do awoke(struct rt_lw *lw, int64_t now_ms)
{
	calm(lw);
	if (lw->state == RT_LW_WATCHING)
		return begin_watch(lw, now_ms);
	if (lw->state == RT_LW_LISTING)
		return begin_list(lw);
	if (lw->state == RT_LW_WAITING)
		return do_next(lw, now_ms);
	return (struct rt_lw_do){0};
}

/* Once: two requests that come through and break at once must not wake each other for ever. */
static struct rt_lw_do reached(struct rt_lw *lw, int64_t now_ms)
{
	if (lw->state != RT_LW_WAITING || !lw->cut_off || lw->woken)
		return (struct rt_lw_do){0};
	lw->woken = true;
	return do_next(lw, now_ms);
}

static bool is_cut_off(const struct rt_lw_event *ev)
{
	return ev->type == RT_LW_FAILED_REQUEST && ev->retry_after_ms <= 0 &&
	       (ev->failure == RT_KUBE_UNREACHABLE || ev->failure == RT_KUBE_LOST ||
		   ev->failure == RT_KUBE_TIMEOUT);
}

static struct rt_lw_do take(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	bool listing = lw->state == RT_LW_LISTING, watching = lw->state == RT_LW_WATCHING;
	switch (ev->type) {
	case RT_LW_START:
		if (lw->state == RT_LW_IDLE)
			return begin_list(lw);
		break;
	case RT_LW_LIST_END:
		if (listing)
			return list_ended(lw, ev);
		break;
	case RT_LW_WATCH_OPEN:
		if (watching && lw->stale)
			return (struct rt_lw_do){.report = now_live(lw)};
		break;
	case RT_LW_ITEM:
		if (watching)
			return watch_item(lw, ev);
		break;
	case RT_LW_FAILED_REQUEST:
		if (listing)
			return list_failed(lw, ev);
		if (watching)
			return watch_failed(lw, ev);
		break;
	case RT_LW_WATCH_END:
		if (watching)
			return watch_ended(lw, ev);
		break;
	case RT_LW_TIMER:
		if (lw->state == RT_LW_WAITING)
			return do_next(lw, ev->now_ms);
		break;
	case RT_LW_REFRESH:
		return refresh(lw);
	case RT_LW_AGAIN:
		return again(lw);
	case RT_LW_NOT_SERVED:
		return not_served(lw);
	case RT_LW_REACHED:
		return reached(lw, ev->now_ms);
	case RT_LW_AWOKE:
		return awoke(lw, ev->now_ms);
	}
	return (struct rt_lw_do){0};
}

struct rt_lw_do rt_lw_step(struct rt_lw *lw, const struct rt_lw_event *ev)
{
	struct rt_lw_do todo = take(lw, ev);
	if (todo.wait_ms > 0)
		lw->cut_off = is_cut_off(ev);
	return todo;
}
