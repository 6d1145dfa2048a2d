/* SPDX-License-Identifier: Apache-2.0 */
/*
 * private.h - what the files of the analysis share and nobody else sees.
 * The passes run in the order of their declarations; each fills the facts of its own concern and
 * may rely on those before it.
 */
#ifndef ANALYSIS_PRIVATE_H
#define ANALYSIS_PRIVATE_H

#include "rutter/analysis_ingress.h"
#include "rutter/map.h"
#include "rutter/str.h"

struct rt_grant_list {
	RT_VEC(struct rt_grant_fact *) v;
};

struct rt_analysis_private {
	size_t pass, at; /* where the analysis stands */
	/* What the sliced pass under way goes through, as it stood when the pass began: the store
	 * may change between two slices. */
	const struct rt_obj **list;
	size_t list_len;
	struct rt_map grants;  /* namespace -> struct rt_grant_list */
	struct rt_map broken;  /* (group, kind, ns, name) of objects that could not be decoded */
	struct rt_map secrets; /* Secret object -> struct rt_secret_content, parsed once */
	RT_VEC(struct rt_gateway_fact *) default_gateways; /* defaultScope All */
	struct rt_map pods_by_label; /* (ns, key, value) -> Pods; built on demand */
	struct rt_map pods_selected; /* (ns, labels) -> Pods, once asked for */
	struct rt_map pods_in_table; /* selectors of the table of controllers -> Pods, the same */
	struct rt_map services_by;   /* see service_index.c */
	struct rt_arena lazy;        /* of what is built on demand */
	bool pods_indexed, services_indexed;
	struct rt_unclassed_takers *takers; /* computed once, when an Ingress has no class */
};

/* Services found by an index; sorted by namespace and name. */
#define RT_BY_LABEL "label"
#define RT_BY_OWNER "owner"       /* key: uid */
#define RT_BY_ADDRESS "address"   /* key: cluster IP, external IP, load balancer's */
#define RT_BY_SELECTOR "selector" /* the first label of the selector */
struct rt_service_list {
	RT_VEC(const struct rt_service *) v;
};
const struct rt_service_list *rt_services_by(
    const struct rt_analysis *an, const char *how, const char *key, const char *value);

/* Running controllers that take an Ingress without class. */
struct rt_unclassed_takers {
	RT_VEC(const struct rt_controller *) v;
	bool unread;  /* Pods could not be read */
	bool by_flag; /* a running controller does so if a flag says so; by default it does not */
};
const struct rt_unclassed_takers *rt_unclassed_takers_get(struct rt_analysis *an);

/* Room for exactly count elements in an empty arena vector: most routes have one parentRef and one
 * backendRef, and there are thousands of them. */
#define RT_VEC_RESERVE(vec, arena, count)                                                          \
	do {                                                                                       \
		(vec)->cap = (count);                                                              \
		(vec)->v = rt_arena_calloc((arena), (vec)->cap, sizeof(*(vec)->v));                \
	} while (0)

/* ---------------------------------------------------------------- passes */

/* A pass does a slice of its work from *at on and says whether it is done. */
enum { RT_SLICE = 256 }; /* objects */
/* Takes the objects of the kinds first to last for the pass, when it begins (at is 0). */
void rt_slice_begin(struct rt_analysis *an, size_t at, enum rt_kind first, enum rt_kind last);
/* Where the slice from at ends. */
size_t rt_slice_end(const struct rt_analysis *an, size_t at);

void rt_grants_init(struct rt_analysis *an);
void rt_services_init(struct rt_analysis *an);
void rt_classes_init(struct rt_analysis *an);
void rt_gateways_init(struct rt_analysis *an);
void rt_listener_sets_init(struct rt_analysis *an);
void rt_conflicts_find(struct rt_analysis *an);
void rt_listeners_judge(struct rt_analysis *an);
void rt_gateways_judge(struct rt_analysis *an);
void rt_listener_sets_judge(struct rt_analysis *an);
void rt_policies_init(struct rt_analysis *an);
bool rt_slices_join(struct rt_analysis *an, size_t *at); /* EndpointSlices to Services */
bool rt_routes_attach(struct rt_analysis *an, size_t *at);
void rt_attached_open(struct rt_analysis *an);
bool rt_backends_resolve(struct rt_analysis *an, size_t *at);
void rt_rivals_find(struct rt_analysis *an);
void rt_mesh_rivals_find(struct rt_analysis *an);
/* Is it the missing grant that a condition on this certificate speaks of (§6.3)? */
bool rt_ref_not_permitted(const struct rt_ref_fact *r);
void rt_policies_reach(struct rt_analysis *an);
void rt_ingress_classes_init(struct rt_analysis *an);
bool rt_ingresses_resolve(struct rt_analysis *an, size_t *at);

/* ---------------------------------------------------------------- three-valued logic */

static inline enum rt_tri rt_tri_of(bool b)
{
	return b ? RT_YES : RT_NO;
}
/* No wins over unknown wins over yes. */
static inline enum rt_tri rt_tri_and(enum rt_tri a, enum rt_tri b)
{
	if (a == RT_NO || b == RT_NO)
		return RT_NO;
	return a == RT_UNKNOWN || b == RT_UNKNOWN ? RT_UNKNOWN : RT_YES;
}
static inline enum rt_tri rt_tri_or(enum rt_tri a, enum rt_tri b)
{
	if (a == RT_YES || b == RT_YES)
		return RT_YES;
	return a == RT_UNKNOWN || b == RT_UNKNOWN ? RT_UNKNOWN : RT_NO;
}

/* ---------------------------------------------------------------- references */

struct rt_referrer { /* who refers, for grants */
	const char *group, *kind, *ns;
	const struct rt_features *features; /* of who serves it; NULL: not known */
};
/* May the referrer use the object that ref names (ReferenceGrant, §5.1)? */
struct rt_permission rt_grant_ask(
    struct rt_analysis *an, const struct rt_referrer *from, const struct rt_ref *to);

struct rt_ref rt_ref_resolve(const struct rt_object_ref *r, const char *own_ns);
/* A TLS Secret reference (§6.3): certificateRefs and clientCertificateRef. */
void rt_ref_secret(struct rt_analysis *an, const struct rt_referrer *from,
    const struct rt_object_ref *spec, struct rt_ref_fact *ret);
/* A CA reference (§6.4, §8); from NULL: a local reference that needs no grant. */
void rt_ref_ca(struct rt_analysis *an, const struct rt_referrer *from,
    const struct rt_object_ref *spec, const char *own_ns, struct rt_ref_fact *ret);
/* Presence alone: parametersRef and the like. ns NULL: cluster scope. */
void rt_ref_plain(struct rt_analysis *an, struct rt_ref ref, struct rt_ref_fact *ret);

/* ---------------------------------------------------------------- shared pieces */

/* Is the namespace admitted by allowedRoutes or allowedListeners (§4.2, §7.2)? */
enum rt_tri rt_namespaces_admit(struct rt_analysis *an, const struct rt_route_namespaces *n,
    const char *fallback, const char *own_ns, const char *ns);
void rt_listeners_init(struct rt_analysis *an, struct rt_gateway_fact *gw,
    struct rt_listener_set_fact *set, const struct rt_obj *owner);
void rt_rules_judge(struct rt_analysis *an, struct rt_route_fact *r); /* values, §4.4 */
/* What a parentRef selects (§4): both have to hold. */
bool rt_section_matches(const struct rt_parent_ref *p, const char *name);
bool rt_port_matches(const struct rt_parent_ref *p, int64_t port);
void rt_parent_reject(struct rt_parent_fact *p, enum rt_stage stage, enum rt_reason reason);
/* Does the route make use of an extended feature that the parent's class lacks? The first one. */
bool rt_parent_beyond(const struct rt_parent_fact *p, enum rt_feature *ret);
void rt_mesh_parent_judge(struct rt_parent_fact *p); /* a Service as parent, §10 */
/* Is the reference's kind one that the server serves? Its name may be NULL: the kind alone. In
 * manifests a kind is served when the input holds one of it. */
enum rt_tri rt_kind_served(const struct rt_analysis *an, const struct rt_ref *ref);
/* Is (group, kind) a kind of the API machinery or of Gateway API, so that what is not a backend
 * there is certainly none? */
bool rt_group_is_known(const char *group);
/* Were the Pods of that question read? selector in kubectl's form. */
bool rt_pods_known(const struct rt_analysis *an, const char *ns, const char *selector);
/* The objects of a kind in one namespace: a part of the store's list. */
size_t rt_list_of_namespace(
    const struct rt_analysis *an, enum rt_kind k, const char *ns, const struct rt_obj *const **ret);
bool rt_netpol_restricts_ingress(const struct rt_network_policy *p);
bool rt_listeners_have(rt_listeners l, const char *name);
bool rt_service_has_port(const struct rt_service *s, const char *name);
/* HTTPRoute; with its group where that is not the usual one. */
const char *rt_route_kind_text(struct rt_arena *a, const struct rt_route_group_kind *k);
const char *rt_labels_text(struct rt_arena *a, struct rt_pairs labels); /* a=b,c=d */

#endif
