/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discovery.h - which kinds a server has, in which versions, and which it could not tell.
 * Reads the aggregated documents (v2, v2beta1) where the server has them, else the legacy ones:
 * of these only the groups that somebody asked for. A group whose API is down is remembered as
 * such and hurts no other: its kinds are unknown, not absent.
 *
 *	rt_discovery_load(d, groups, count, on_loaded, me);
 *	switch (rt_discovery_find(d, "gateway.networking.k8s.io", "HTTPRoute", "v1 v1beta1", &res))
 */
#ifndef RUTTER_DISCOVERY_H
#define RUTTER_DISCOVERY_H

#include "rutter/kube.h"

struct rt_discovery;

struct rt_api_resource {
	const char *group, *version, *kind, *plural;
	bool namespaced;
	bool can_list, can_watch, can_get;
};

enum rt_served {
	RT_SERVED,         /* in a version that we understand */
	RT_SERVED_OTHERS,  /* only in other versions */
	RT_SERVED_NOT,     /* fresh discovery says no: known and empty */
	RT_SERVED_UNKNOWN, /* the group could not be read */
};

struct rt_discovery *rt_discovery_new(struct rt_kube *k);
void rt_discovery_free(struct rt_discovery *d); /* NULL-safe; ends what is under way */

/* RT_OK also when single groups could not be read; an error means that nothing is known. */
typedef void (*rt_discovery_fn)(void *ctx, enum rt_status status, const struct rt_error *err);
/* Reads what is not known yet about these groups ("" is the core API). done runs once, from the
 * loop. One load at a time. */
void rt_discovery_load(struct rt_discovery *d, const char *const *groups, size_t count,
    rt_discovery_fn done, void *ctx);
/* Forgets everything: the next load reads anew. */
void rt_discovery_forget(struct rt_discovery *d);

/* Is what this group serves known (or known not to exist)? */
bool rt_discovery_knows(const struct rt_discovery *d, const char *group);
/* Was it part of a load? Then asking again brings nothing new. */
bool rt_discovery_was_asked(const struct rt_discovery *d, const char *group);
/* The kind in the first version, in the server's order, that understood names (separated by spaces;
 * NULL: any). *ret and *ret_why (both may be NULL) are borrowed until the next load or forget; why
 * says which versions are served, or what failed. */
enum rt_served rt_discovery_find(const struct rt_discovery *d, const char *group, const char *kind,
    const char *understood, const struct rt_api_resource **ret, const char **ret_why);
/* All versions that serve the kind, in the server's order, separated by spaces. "" for none. */
void rt_discovery_versions(
    const struct rt_discovery *d, const char *group, const char *kind, struct rt_buf *out);

/* --- the documents, for tests and for the loader ---------------------------------------------- */

/* One answer: /api, /apis (aggregated or not, by content_type) or /apis/GROUP/VERSION. RT_PROTOCOL
 * when it is none of these. */
RT_NODISCARD enum rt_status rt_discovery_take(struct rt_discovery *d, const char *path,
    const char *content_type, const char *body, size_t len, struct rt_error *err);
/* One group-version could not be read. */
void rt_discovery_failed(
    struct rt_discovery *d, const char *group, const char *version, const char *why);

#endif
