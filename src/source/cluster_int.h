/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster_int.h - the cluster source's own state, shared by its files.
 * cluster.c starts and ends it, discover.c finds out what there is to read, reader.c keeps one
 * collection, ask.c answers single questions, narrow.c finds the namespaces to read where a list
 * over all of them is refused, heart.c notices a connection that died without a word.
 */
#ifndef RUTTER_CLUSTER_INT_H
#define RUTTER_CLUSTER_INT_H

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/cluster.h"
#include "rutter/discovery.h"
#include "rutter/jsonsplit.h"
#include "rutter/listwatch.h"
#include "rutter/loop.h"
#include "rutter/map.h"
#include "rutter/vec.h"

#define LISTS_AT_ONCE 8
#define ASKS_AT_ONCE 16
#define ITEM_MAX (8u << 20)
#define DEPTH_MAX 200
#define OBJECTS_MAX 500000u /* of one kind: a server that sends more is not to be believed */
#define PROBLEMS_MAX 1000
#define LIST_BYTES_MAX (1ull << 30)
#define NAMESPACES_LISTED_MAX 50 /* the contract's limit where namespaces can be listed */
#define POD_WATCHES_MAX 64 /* beyond them Pods are asked once and then again from time to time */
#define KEPT_MAX 300       /* single questions that a live source asks again */
#define AGAIN_MS 60000
#define HEARTBEAT_MS 45000 /* of silence, before the connection is tried */
#define HEARTBEAT_ANSWER_MS 15000
#define LOOK_AGAIN_MS 300000
#define LOOK_SOON_MS 30000 /* where something suggests that there is news */
#define NAMESPACES_MAX 200 /* together with those that objects refer to */

enum phase { PHASE_IDLE, PHASE_DISCOVERY, PHASE_READING };

/* How items of one resource become objects: shared by lists, watches and single questions. */
struct decoder {
	struct rt_cluster *cluster;
	enum rt_kind kind;
	const char *group, *version, *kind_name;
	struct rt_keep meta_keep[2]; /* where only metadata is wanted */
	bool meta;
};

struct reader {
	struct reader *next;
	struct rt_cluster *cluster;
	struct decoder decoder;
	const char *plural, *ns; /* ns NULL: all namespaces, or cluster scope */
	/* Pods that the analysis asked for by selector: the result is an answer, not a scope. */
	const char *selector, *answer_key;
	struct rt_selector match;
	bool namespaced;
	struct rt_lw lw;
	struct rt_kube_call *call;
	struct rt_split *split;
	struct rt_timer timer;
	bool watching;    /* what the call is */
	bool queued;      /* waits for its turn among the lists */
	bool over;        /* the first list has come to an end, good or bad */
	bool garbled;     /* the answer under way is no JSON */
	bool has_pending; /* what must not be done inside the splitter's callback */
	struct rt_lw_do pending;
	unsigned begun;      /* lists so far */
	struct rt_map seen;  /* of a list that is not the first: namespace/name */
	struct rt_error err; /* of the last failure */
	int64_t stale_since;
};

struct ask {
	struct ask *next;
	struct rt_cluster *cluster;
	struct decoder decoder;
	struct rt_want want; /* strings in arena */
	struct rt_arena arena;
	const char *key;
	bool again; /* answered before: only news is told */
	struct rt_kube_call *call;
	struct rt_split *split;
	bool started;
	size_t items;
	struct rt_error parse_err;
};

struct rt_cluster {
	struct rt_loop *loop;
	struct rt_kube *kube;
	struct rt_discovery *discovery;
	struct rt_store *store;
	struct rt_kube_params kube_params;
	const struct rt_cluster_ops *ops;
	void *ctx;
	bool watch;
	struct rt_arena arena;   /* names that live as long as the source */
	struct rt_arena scratch; /* one decode */
	enum phase phase;
	bool connected, settled;
	/* discover.c */
	struct rt_timer look;       /* for the next try, or the next look */
	struct rt_discovery *newer; /* under way, to replace discovery */
	int64_t look_again_ms, looked_ms, retry_ms;
	bool some_unknown; /* a group did not answer */
	/* the connection's life (heart.c) */
	struct rt_timer heartbeat;
	int64_t heartbeat_ms;
	struct rt_kube_call *beat;
	struct rt_timer check; /* whether all is settled */
	struct rt_error err;
	struct reader *readers, *last_reader;
	size_t lists_running;
	struct ask *asks, *last_ask; /* in the order in which they are to be sent */
	struct rt_map asked;         /* key to struct ask */
	size_t asks_running;
	size_t pod_watches;
	struct rt_map kept; /* answered questions of a live source: key to struct rt_want */
	struct rt_timer again;
	bool groups_loading; /* discovery of groups that asks need */
	bool groups_unseen;  /* some asks were not yet looked through for their groups */
	uint64_t objects;
	uint64_t seed;
	/* narrow.c */
	struct rt_map namespaces; /* to read one by one, in the order found */
	bool note_namespaces;     /* something was refused: look for namespaces in what is read */
};

/* cluster.c */
void cluster_changed(struct rt_cluster *c);
void cluster_check_settled(struct rt_cluster *c);

/* discover.c */
void discover_start(struct rt_cluster *c);
void discover_soon(struct rt_cluster *c); /* a kind that was served is not found any more */
void discover_stop(struct rt_cluster *c);

/* decode.c */
void decoder_init(
    struct decoder *d, struct rt_cluster *c, enum rt_kind kind, const struct rt_api_resource *res);
/* What the splitter's keep callback answers. */
const struct rt_keep *decoder_keep(const struct decoder *d, const char *kind);
/* NULL: not decodable, which has become a problem of the store. */
struct rt_obj *decoder_object(struct decoder *d, const struct rt_split_item *item);

/* reader.c */
struct reader *reader_new(
    struct rt_cluster *c, enum rt_kind kind, const struct rt_api_resource *res, const char *ns);
void reader_free(struct reader *r);
/* Pods by selector, followed; the answer under key. Strings in the cluster's arena. */
void reader_start_pods(struct rt_cluster *c, const struct rt_api_resource *res,
    const struct rt_want *want, const char *key);
bool reader_is_unchanged(const struct rt_obj *old, const struct rt_obj *o);
/* The connections are gone: ask anew, now. */
void reader_awake(struct reader *r);
void reader_reached(struct reader *r); /* another did: no need to wait for the server */
void reader_start(struct reader *r);
void reader_refresh(struct reader *r);
void reader_look_again(struct reader *r); /* whether what stopped it has passed */
void reader_not_served(struct reader *r); /* says discovery; counts where lists say so, too */
void reader_change_version(struct reader *r, const struct rt_api_resource *res);

/* ask.c */
void asks_run(struct rt_cluster *c);
void ask_free(struct ask *a);
void asks_again(struct rt_cluster *c); /* of a live source: what was answered before */

/* heart.c */
void heart_start(struct rt_cluster *c);
void heart_stop(struct rt_cluster *c);
void heart_felt(struct rt_cluster *c); /* a request got through to the server */

/* narrow.c */
void narrow_init(struct rt_cluster *c, const struct rt_cluster_params *p);
void narrow_note_text(struct rt_cluster *c, const char *json, size_t len);
/* Starts readers of refused kinds in namespaces not tried yet; true when there were any. */
bool narrow_go_on(struct rt_cluster *c);
void narrow_done(struct rt_cluster *c);

#endif
