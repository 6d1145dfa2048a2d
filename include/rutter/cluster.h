/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster.h - a live cluster as a source: fills a store, and keeps it true.
 * Lists every kind that the graph needs (Secrets as metadata), follows with a watch where asked to,
 * and answers the wants of the analysis. What could not be read is a scope or an answer of the
 * store with the reason; where a list over all namespaces is refused, namespaces are read one by
 * one. The loop drives it; callbacks come from the loop.
 *
 *	rt_cluster_new(&params, &c, &err);
 *	rt_cluster_start(c);
 *	rt_cluster_settle(c, &err);		one-shot: turns the loop until all is read
 *	while (rt_wants_collect(store, &a, &wants), wants.len > 0) {
 *		rt_cluster_ask(c, wants.v, wants.len);
 *		rt_cluster_settle(c, &err);
 *	}
 *
 * The store belongs to the caller and changes only inside the loop's turns.
 */
#ifndef RUTTER_CLUSTER_H
#define RUTTER_CLUSTER_H

#include "rutter/kube.h"
#include "rutter/store.h"
#include "rutter/want.h"

struct rt_cluster;

/* One object as the server sent it, less the members that nobody reads: for snapshots. */
struct rt_cluster_item {
	const char *group, *version, *kind; /* where the text lacks them */
	const char *json;
	size_t len;
};

struct rt_cluster_ops {
	/* Each may be NULL. */
	void (*changed)(void *ctx); /* the store or the state changed; called often */
	void (*settled)(void *ctx); /* all that was asked has been answered */
	void (*item)(void *ctx, const struct rt_cluster_item *item);
	void (*warning)(void *ctx, const char *text); /* of the server, each once */
};

struct rt_cluster_params {
	struct rt_kube_params kube; /* loop, configuration, credentials, limits */
	struct rt_store *store;
	bool watch;
	int64_t heartbeat_ms;          /* silence after which the connection is tried; 0: 45 s */
	int64_t look_again_ms;         /* how often it looks for new kinds; 0: 5 minutes */
	const char *const *namespaces; /* of -n; read first where lists are refused */
	size_t namespace_count;
	const struct rt_cluster_ops *ops;
	void *ctx;
};

/* RT_CONFIG and the like at once; everything else is told by settle and by the state. */
RT_NODISCARD enum rt_status rt_cluster_new(
    const struct rt_cluster_params *params, struct rt_cluster **ret, struct rt_error *err);
void rt_cluster_free(struct rt_cluster *c); /* NULL-safe */
void rt_cluster_start(struct rt_cluster *c);
/* Asks anew for everything; also for what was refused. */
void rt_cluster_refresh(struct rt_cluster *c);

/* Questions beyond the lists; those already asked and not yet answered are left out. Copied. */
void rt_cluster_ask(struct rt_cluster *c, const struct rt_want *wants, size_t count);

/* Turns the loop until nothing is under way but watches. An error (exit status 3) when nothing of
 * the cluster could be read; RT_OK when single lists were refused: the store's scopes tell. */
RT_NODISCARD enum rt_status rt_cluster_settle(struct rt_cluster *c, struct rt_error *err);
bool rt_cluster_is_settled(const struct rt_cluster *c);

struct rt_cluster_state {
	bool connected;       /* discovery succeeded */
	bool live;            /* every watch is open */
	unsigned kinds, done; /* lists that were started, and that are over (read or refused) */
	unsigned stale;       /* collections whose changes do not arrive at present */
	int64_t stale_since;  /* of the oldest of them, seconds since 1970; 0 none */
	uint64_t objects;     /* decoded so far */
	struct rt_error
	    err; /* the last thing that went wrong with the connection; RT_OK: nothing */
};
void rt_cluster_state(const struct rt_cluster *c, struct rt_cluster_state *ret);
/* For requests of other kinds (logs, events, one object's text). */
struct rt_kube *rt_cluster_kube(struct rt_cluster *c);

#endif
