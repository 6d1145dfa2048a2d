/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - all objects of one world, and what is known about what is not there.
 *
 * Sources put and remove objects; everything above reads. Lists come sorted by namespace and name,
 * so no answer depends on the order of arrival. The store owns its objects: a borrowed pointer ends
 * when that object is replaced or removed.
 *
 * Absence has three values (findings §1). A scope is (group, kind, namespace or all): what was
 * asked for and what came of it. In RT_STORE_FILES a kind is known when the input holds one of it;
 * ReferenceGrant as soon as it holds any Gateway API object.
 */
#ifndef RUTTER_STORE_H
#define RUTTER_STORE_H

#include "rutter/err.h"
#include "rutter/model.h"

enum rt_store_mode {
	RT_STORE_FILES,    /* manifests: desired state */
	RT_STORE_CLUSTER,  /* a live cluster: Secrets are known by name only */
	RT_STORE_SNAPSHOT, /* a cluster as it was written down: what it lists is all there was */
};

struct rt_store *rt_store_new(enum rt_store_mode mode);
void rt_store_free(struct rt_store *s); /* NULL-safe */
enum rt_store_mode rt_store_mode(const struct rt_store *s);
void rt_store_set_mode(struct rt_store *s, enum rt_store_mode mode);
/* Manifests that went through a snapshot: what Secrets hold was left out there. */
void rt_store_set_stripped(struct rt_store *s);
bool rt_store_stripped(const struct rt_store *s);
struct rt_intern *rt_store_intern(struct rt_store *s);
/* Which members of a kind are read (see jsonsplit.h); borrowed from the store. */
const struct rt_keep *rt_store_keep(struct rt_store *s, enum rt_kind k);
/* Counts changes: equal versions mean an equal world. */
uint64_t rt_store_version(const struct rt_store *s);
/* The context's name for messages about the cluster as a whole; "files" or "demo" else. Copied. */
void rt_store_set_context(struct rt_store *s, const char *context);
const char *rt_store_context(const struct rt_store *s);

/* Consumes obj (a block of rt_decode). An object of the same identity is replaced; two from files
 * in one run are also recorded as a duplicate (RD03) unless the later one is an overlay. */
void rt_store_put(struct rt_store *s, struct rt_obj *obj);
bool rt_store_remove(struct rt_store *s, struct rt_ref ref);
/* For readers that outlive changes (a screen): from now on replaced and removed objects stay
 * readable until swept. Sweeping frees those that went before the store had this version. */
void rt_store_keep_old(struct rt_store *s);
void rt_store_sweep(struct rt_store *s, uint64_t version);

/* Objects of a kind sorted by namespace, name (RT_KIND_OTHER: by group, kind first). Valid until
 * the next change of the store. */
size_t rt_store_list(const struct rt_store *s, enum rt_kind k, const struct rt_obj *const **ret);
size_t rt_store_count(const struct rt_store *s, enum rt_kind k);
/* ns NULL for cluster scope. NULL when not there. */
const struct rt_obj *rt_store_get(
    const struct rt_store *s, enum rt_kind k, const char *ns, const char *name);
const struct rt_obj *rt_store_get_ref(const struct rt_store *s, struct rt_ref ref);

/* ------------------------------------------------------------- what is known */

enum rt_scope_state {
	RT_SCOPE_UNASKED,
	RT_SCOPE_READ,      /* complete: absence can be concluded */
	RT_SCOPE_FORBIDDEN, /* 401, 403 */
	RT_SCOPE_ABSENT,    /* the kind is not served: known and empty */
	RT_SCOPE_FAILED,    /* 5xx, timeout, stale discovery, cut */
	RT_SCOPE_LOADING,   /* asked, not yet answered (terminal UI) */
};
struct rt_scope {
	const char *group, *kind, *ns; /* ns NULL: all namespaces, or cluster scope */
	enum rt_scope_state state;
	const char *why; /* one line, or NULL */
};
const char *rt_scope_state_name(enum rt_scope_state st); /* read forbidden absent failed … */
bool rt_scope_in_vain(enum rt_scope_state st);           /* forbidden or failed */
enum rt_scope_state rt_scope_state_of(const char *name); /* RT_SCOPE_UNASKED for any other word */
void rt_store_set_scope(struct rt_store *s, struct rt_scope scope); /* strings are copied */
/* The namespace's own scope where there is one, else that of all namespaces. why may be NULL. */
enum rt_scope_state rt_store_scope(const struct rt_store *s, const char *group, const char *kind,
    const char *ns, const char **why);
/* Every scope, sorted; valid until the next change. */
size_t rt_store_scopes(const struct rt_store *s, const struct rt_scope **ret);

/* How much of a kind could be read. */
enum rt_reach {
	RT_REACH_ALL,     /* or it is still to be seen, or it is not served */
	RT_REACH_SOME,    /* in namespaces only */
	RT_REACH_NOWHERE, /* in vain wherever it was tried */
};
/* One kind's scopes, those of single namespaces last. Start with a zero one; false: no more. */
struct rt_kind_scopes {
	const struct rt_scope *v;
	size_t len, next;
	enum rt_reach reach;
};
bool rt_store_next_kind(const struct rt_store *s, struct rt_kind_scopes *k);

/* Can the absence of an object of this kind in this namespace (NULL: anywhere) be concluded? */
bool rt_store_known(const struct rt_store *s, const char *group, const char *kind, const char *ns);
/* Present: RT_YES and *ret (may be NULL). Not there: RT_NO when that can be concluded (known kind,
 * or a by-name answer), else RT_UNKNOWN. An object that could not be decoded is RT_UNKNOWN. */
enum rt_tri rt_store_find(const struct rt_store *s, struct rt_ref ref, const struct rt_obj **ret);

/* What a by-name or by-selector question came to (READ: there, or a complete answer; ABSENT: not
 * there); key as rt_want_key writes it, see want.h. Without an answer: RT_SCOPE_UNASKED. */
void rt_store_set_answer(
    struct rt_store *s, const char *key, enum rt_scope_state state, const char *why);
enum rt_scope_state rt_store_answer(const struct rt_store *s, const char *key, const char **why);
struct rt_answer {
	const char *key, *why;
	enum rt_scope_state state;
};
size_t rt_store_answers(const struct rt_store *s, const struct rt_answer **ret); /* as given */

/* -------------------------------------------------------------- what was wrong with the input */

struct rt_input_problem {
	bool duplicate;    /* RD03, else RD01: could not be decoded */
	struct rt_ref ref; /* as far as it could be read; strings may be NULL */
	const char *field; /* path, or NULL */
	const char *message;
	struct rt_origin origin, other; /* other: the earlier place of a duplicate */
};
void rt_store_add_problem(struct rt_store *s, const struct rt_input_problem *p); /* copied */
/* The object was decoded after all, or is gone: a live cluster mends itself. */
void rt_store_forget_problem(struct rt_store *s, struct rt_ref ref);
/* Is it there, but could not be decoded? */
bool rt_store_is_broken(const struct rt_store *s, struct rt_ref ref);
size_t rt_store_problems(const struct rt_store *s, const struct rt_input_problem **ret);

/* Which API versions the server serves of a kind, best first, separated by spaces; NULL unknown. */
void rt_store_set_served(
    struct rt_store *s, const char *group, const char *kind, const char *versions);
const char *rt_store_served(const struct rt_store *s, const char *group, const char *kind);

#endif
