/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingress_match.h - which path of which Ingress takes a request: by the Ingress API, and by the
 * rules of ingress-nginx (controllers §4). Pure; the trace tells it, the routing table lists it.
 */
#ifndef RT_ANALYSIS_INGRESS_MATCH_H
#define RT_ANALYSIS_INGRESS_MATCH_H

#include "match.h"
#include "predicate.h"

/* The Ingresses of one class, or of one controller that takes unclassed ones; oldest first. */
struct rt_ingress_group {
	const char *class_name; /* NULL: no class */
	const struct rt_controller *controller;
	bool assumed; /* the controller is guessed from the class's name */
	RT_VEC(const struct rt_ingress_fact *) members;
};
typedef RT_VEC(struct rt_ingress_group *) rt_ingress_groups;
/* Every class with Ingresses, by name; those that nobody takes are in it too. */
void rt_ingress_groups_of(const struct rt_analysis *an, struct rt_arena *a, rt_ingress_groups *ret);
bool rt_group_is_nginx(const struct rt_ingress_group *g);
/* Is it served, as far as is known? Classes that manifests do not hold count as there. */
enum rt_tri rt_ingress_claimed(const struct rt_analysis *an, const struct rt_ingress_fact *f);

/* ---------------------------------------------------------------- the Ingress API */

bool rt_path_glob(const char *pattern, const char *path);
/* As the group's controller reads the path, ingress-nginx without expressions. */
enum rt_tri rt_ingress_path_match(
    const struct rt_ingress_group *g, const struct rt_ingress_path *p, const char *path);

/* A path of an Ingress; rule -1: its default backend. */
struct rt_ingress_place {
	const struct rt_ingress_fact *ing;
	int rule, path;
};
const struct rt_ingress_path *rt_ingress_place_path(const struct rt_ingress_place *p);
const struct rt_ingress_backend_fact *rt_ingress_place_backend(const struct rt_ingress_place *p);

struct rt_ingress_pick {
	bool found;
	struct rt_ingress_place place;
	const char *host; /* of the rule that won, NULL: rules for every host */
	bool host_known;  /* some rule is for the host, or a default backend takes everything */
	bool depends;     /* on ImplementationSpecific or a regular expression */
	const struct rt_ingress_path
	    *maybe;                    /* ImplementationSpecific, ahead of what was found: might
					  take it, as some controllers read it; or NULL */
	struct rt_ingress_place rival; /* equal host, path and type, younger; ing NULL: none */
	bool wider; /* a rule for less specific hosts would take it, where none of these does */
};
struct rt_ingress_pick rt_ingress_choose(
    const struct rt_ingress_group *g, const char *host, const char *path);

/* ---------------------------------------------------------------- ingress-nginx */

struct rt_nginx_location {
	struct rt_ingress_place place; /* ing NULL: the 404 of the default server */
	const char *path;              /* as nginx compares it */
	bool exact;                    /* "= path" */
	bool fallback;                 /* the "/" that every server has */
};
struct rt_nginx_server {
	const char *name;                    /* "_": rules without host */
	const char *alias;                   /* the alias that led here, or NULL */
	const struct rt_ingress_fact *owner; /* the oldest Ingress of the host */
	bool regex; /* every location is a case-insensitive prefix expression */
	const struct rt_ingress_fact *regex_by;     /* the Ingress that makes it so */
	RT_VEC(struct rt_nginx_location) locations; /* in the order nginx has them */
};
/* False: not even a catch-all server with a backend of the group. */
bool rt_nginx_server_of(struct rt_arena *a, const struct rt_ingress_group *g, const char *host,
    struct rt_nginx_server *ret);
/* One host after the other of a server-alias annotation, an expression where it begins with '~';
 * *list moves on. NULL: no more. */
const char *rt_nginx_next_alias(struct rt_arena *a, const char **list);
/* The host that the www redirect of this host leads to, or NULL. */
const char *rt_nginx_www(struct rt_arena *a, const struct rt_ingress_group *g, const char *host,
    const struct rt_ingress_fact **ret_by);
/* The location for a normalised path. *ret_slash: nginx redirects to path + "/". */
const struct rt_nginx_location *rt_nginx_locate(
    const struct rt_nginx_server *s, const char *path, bool *ret_slash, bool *ret_depends);
/* Does a path that is an expression take it; RT_UNKNOWN: it cannot be judged here. */
enum rt_tri rt_nginx_expression(const char *pattern, const char *path);
/* The path after rewrite-target; *ret_location is set where the target is an absolute URL. */
const char *rt_nginx_rewrite(struct rt_arena *a, const struct rt_nginx_location *l,
    const char *path, const char **ret_location);
/* temporal-redirect, else permanent-redirect: where every request of the Ingress is sent, with the
 * variables of nginx in it. False: neither. */
bool rt_nginx_redirect(const struct rt_ingress *ing, int *ret_status, const char **ret_target);
/* Canaries that merge into a location; the oldest alone acts. NULL: none. */
const struct rt_ingress_fact *rt_nginx_canary(const struct rt_ingress_group *g,
    const struct rt_nginx_server *s, const struct rt_nginx_location *l,
    struct rt_ingress_place *ret);

enum rt_canary_why { RT_CANARY_WEIGHT, RT_CANARY_HEADER, RT_CANARY_COOKIE };
struct rt_canary_share {
	double share; /* of the canary */
	int64_t weight, total;
	enum rt_canary_why why;
};
struct rt_canary_share rt_nginx_canary_share(
    const struct rt_view *v, const struct rt_ingress_fact *canary);

#endif
