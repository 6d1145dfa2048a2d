/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listwatch.h - list one collection and keep it true, as a pure state machine.
 * Knows no socket, no clock and no object: its driver tells it what happened and when, and does
 * what it answers. So every fault of a server is a table row in a test.
 *
 *	struct rt_lw lw = {0};
 *	rt_lw_init(&lw, watch, seed);
 *	struct rt_lw_do todo = rt_lw_step(&lw, &(struct rt_lw_event){.type = RT_LW_START});
 *	if (todo.begin) ...; if (todo.request == RT_LW_GET_LIST) ask(lw.rv, lw.continue_token, ...);
 *
 * The rules are those of client-go's reflector: first list with resourceVersion=0, watch from what
 * it returned, resume from the last version seen, list anew after 410.
 */
#ifndef RUTTER_LISTWATCH_H
#define RUTTER_LISTWATCH_H

#include "rutter/kube.h"

enum rt_lw_state {
	RT_LW_IDLE,
	RT_LW_LISTING,
	RT_LW_WATCHING,
	RT_LW_WAITING, /* for the timer, then lw.next */
	RT_LW_STOPPED, /* nothing more happens until RT_LW_REFRESH or RT_LW_AGAIN */
};

/* How the next list is asked: from fast and possibly old to plain and certain. */
enum rt_lw_mode {
	RT_LW_CACHED, /* resourceVersion=0: one answer from the server's cache */
	RT_LW_PAGED,  /* consistent, in pages */
	RT_LW_WHOLE,  /* consistent, one answer: after a page token expired */
};

enum rt_lw_request { RT_LW_GET_NOTHING, RT_LW_GET_LIST, RT_LW_GET_WATCH };

/* What is now true of the collection, when it changed. */
enum rt_lw_report {
	RT_LW_NO_NEWS,
	RT_LW_LOADING,
	RT_LW_SYNCED,    /* complete */
	RT_LW_STALE,     /* was complete; changes do not arrive at present */
	RT_LW_LIVE,      /* no longer stale */
	RT_LW_FORBIDDEN, /* 401, 403 */
	RT_LW_ABSENT,    /* 404: not served (any more) */
	RT_LW_FAILED,
};

struct rt_lw {
	enum rt_lw_state state;
	enum rt_lw_mode mode;
	enum rt_lw_request next; /* after the wait */
	bool watch;              /* go on watching after the list */
	bool synced, stale;
	char *rv;       /* to watch from; NULL before the first list */
	char *first_rv; /* of the list's first page */
	char *continue_token;
	char *token_before; /* of an earlier page: a server that goes in circles comes back to it */
	size_t pages;       /* of this list so far */
	int failures;       /* in a row */
	int denials;        /* lists in a row that were forbidden or not served */
	int refusals;       /* of watches in a row, whatever the lists between said */
	int patience;       /* a list that is not watched gives up after so many */
	bool cut_off;       /* waits as the server could not be reached */
	bool woken;         /* before its time, since it was well */
	int64_t backoff_ms;
	int64_t began_ms; /* of the watch */
	size_t events;    /* that it brought */
	uint64_t random;
};

enum rt_lw_event_type {
	RT_LW_START,
	RT_LW_LIST_END,       /* one answer, whole: rv and continue_token as its metadata says */
	RT_LW_WATCH_OPEN,     /* its head came: 200 */
	RT_LW_ITEM,           /* one event of a watch: event, rv */
	RT_LW_FAILED_REQUEST, /* list, watch or an ERROR event: failure, retry_after_ms */
	RT_LW_WATCH_END,      /* the server ended it cleanly */
	RT_LW_TIMER,
	RT_LW_REFRESH,    /* the user wants it anew; also the way out of RT_LW_STOPPED */
	RT_LW_AGAIN,      /* a quiet look whether what stopped it has passed */
	RT_LW_NOT_SERVED, /* discovery says so, too: a list that is not found need not wait */
	RT_LW_REACHED,    /* another request reached the server: who was cut off need not wait */
	RT_LW_AWOKE,      /* the machine slept: connections are dead though nobody said so */
};

struct rt_lw_event {
	enum rt_lw_event_type type;
	int64_t now_ms;
	const char *rv, *continue_token;
	const char *event; /* ADDED, MODIFIED, DELETED, BOOKMARK, … */
	enum rt_kube_failure failure;
	int64_t retry_after_ms; /* -1 or 0: not said */
};

struct rt_lw_do {
	/* Send it. Whatever is under way is dropped first; so it is when the state is RT_LW_WAITING
	 * or RT_LW_STOPPED afterwards. */
	enum rt_lw_request request;
	int64_t wait_ms;  /* > 0: start the timer */
	bool begin;       /* a list from its start: note from now on what is seen */
	bool sweep;       /* the list is complete: what was not seen does not exist */
	bool put, remove; /* the item: there, or gone */
	enum rt_lw_report report;
	const char *why; /* what the machine itself finds wrong with an answer, or NULL */
};

void rt_lw_init(struct rt_lw *lw, bool watch, uint64_t seed);
void rt_lw_done(struct rt_lw *lw);
struct rt_lw_do rt_lw_step(struct rt_lw *lw, const struct rt_lw_event *ev);
/* The query members that the machine decides: resourceVersion, continue, limit, watch, timeout.
 * Borrowed from lw until its next step. */
void rt_lw_query(struct rt_lw *lw, struct rt_kube_query *q);

#define RT_LW_PAGE 500
#define RT_LW_STALL_MS 150000 /* silence that ends a watch: bookmarks come every minute */

#endif
