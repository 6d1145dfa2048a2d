/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h - what the rules of the catalogue are written with.
 *
 * A rule is one function, registered in its row of the table. It walks the facts and raises one
 * finding for each fault; which of them are shown is decided afterwards (suppress.c), from the
 *ties: a tie says which Gateway, route, Service, … a finding is about, and "GW02@gateway" in a
 *row's hides means: a GW02 tied to the same Gateway.
 *
 *	struct rt_finding *f = rt_raise(c, RT_F_RT16, RT_YES, &route->obj, "spec.rules[%zu]", i);
 *	rt_say(f, "Rule %zu of %s has no backend with weight", i, rt_name(c, &route->obj));
 *	rt_tie(f, RT_TIE_ROUTE, rt_name(c, &route->obj));
 *
 * rt_raise gives NULL where nothing holds; everything below takes NULL and does nothing. What
 * a finding is given is copied; other strings end with the rule. The strings of references are an
 * object's.
 */
#ifndef ANALYSIS_RULES_H
#define ANALYSIS_RULES_H

#include "private.h"
#include "rutter/findings.h"

/*  enum, name in a row's hides, what the key is */
#define RT_TIES(X)                                                                                 \
	X(ALL, "all")               /* one key: the world */                                       \
	X(OBJECT, "object")         /* the finding's object; set by rt_raise */                    \
	X(FIELD, "field")           /* object and field; set by rt_raise */                        \
	X(CLASS, "class")           /* GatewayClass */                                             \
	X(CONTROLLER, "controller") /* controllerName */                                           \
	X(PODS, "pods")             /* the controller whose pods they are */                       \
	X(GATEWAY, "gateway")                                                                      \
	X(LISTENER, "listener") /* owner and listener name */                                      \
	X(SET, "set")           /* ListenerSet */                                                  \
	X(ROUTE, "route")                                                                          \
	X(PARENT, "parent") /* route and index of the parentRef */                                 \
	X(REF, "ref")       /* referrer and target */                                              \
	X(SERVICE, "service")                                                                      \
	X(PORT, "port") /* Service and port */                                                     \
	X(SECRET, "secret")                                                                        \
	X(INGRESS, "ingress")                                                                      \
	X(POLICY, "policy")                                                                        \
	X(GRANT, "grant")

enum rt_tie {
#define X(id, name) RT_TIE_##id,
	RT_TIES(X)
#undef X
	    RT_TIE_COUNT
};

struct rt_finding_note;

/* One function for each row. */
#define X(code) void rt_check_##code(struct rt_check *c);
RT_CODES(X)
#undef X

struct rt_check {
	struct rt_check_in in;
	const struct rt_analysis *an;
	const struct rt_store *store;
	struct rt_arena arena; /* findings, and what several rules ask for */
	struct rt_arena work;  /* what a rule makes for itself; ends with it */
	RT_VEC(struct rt_finding *) raised;
	size_t next; /* code of the next rule to run */
	size_t at;   /* where it goes on, see rt_rule_slice */
	bool more;
	bool done;
	struct rt_findings result;
	struct rt_map control_planes, data_planes; /* by controller id, by Gateway */
	RT_VEC(struct rt_finding_note *) mapped;   /* those with a map to free */
	struct rt_map names[RT_KIND_COUNT];        /* objects by name alone, once asked for */
	struct rt_map certificates; /* of cert-manager, by the Secret they make, once asked for */
	RT_VEC(const struct rt_other *) pod_makers; /* other kinds with a template of Pods */
	bool others_looked_at;
};

struct rt_tied {
	enum rt_tie what;
	const char *key;
};
struct rt_finding_note {
	struct rt_check *check;
	RT_VEC(struct rt_tied) ties;
	const struct rt_condition *echo; /* class E: the condition that is repeated */
	const char *reported;            /* and the line that quotes it */
	const char *group;               /* same code, object and group: one finding */
	rt_lines consequences;           /* of what it hides */
	bool tells_consequences;         /* its own evidence says what stops working */
	rt_refs affected;
	struct rt_map related; /* the finding's related ones, once they are many */
	struct rt_map said;    /* its lines of evidence, the same */
	int state;             /* suppress.c */
};

/* ---------------------------------------------------------------- raising */

struct rt_finding *rt_raise(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_obj *obj, const char *field, ...) RT_PRINTF(5, 6);
/* For an object that is not in the store: the cluster, or one that could not be decoded. */
struct rt_finding *rt_raise_ref(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    struct rt_ref object, const char *field);
struct rt_ref rt_cluster_ref(const struct rt_check *c);

void rt_say(struct rt_finding *f, const char *fmt, ...) RT_PRINTF(2, 3);
void rt_because(struct rt_finding *f, const char *fmt, ...) RT_PRINTF(2, 3);
void rt_relate(struct rt_finding *f, struct rt_ref ref);
void rt_relate_obj(struct rt_finding *f, const struct rt_obj *obj); /* NULL: nothing */
void rt_relate_pods(struct rt_finding *f, const rt_pods *pods);     /* the first of many */
void rt_advise(struct rt_finding *f, const char *fmt, ...) RT_PRINTF(2, 3);
void rt_tie(struct rt_finding *f, enum rt_tie what, const char *key); /* key NULL: none */
/* The same fault at several places that name the same target is one finding. */
void rt_group(struct rt_finding *f, const char *fmt, ...) RT_PRINTF(2, 3);
/* Everything a finding about these is tied to, upward to the class and its controller. */
void rt_tie_class(struct rt_finding *f, const struct rt_gateway_class *gc);
void rt_tie_gateway(struct rt_finding *f, const struct rt_gateway_fact *gw);
void rt_tie_set(struct rt_finding *f, const struct rt_listener_set_fact *set);
void rt_tie_listener(struct rt_finding *f, const struct rt_listener_fact *l);
void rt_tie_parent(struct rt_finding *f, const struct rt_parent_fact *p);
void rt_tie_backend(struct rt_finding *f, const struct rt_backend_fact *b);
/* The reported condition that a class-E finding repeats. by: controllerName or NULL. */
void rt_echo(struct rt_finding *f, const struct rt_condition *cond, const char *by);
/* Offers the ReferenceGrant that admits the reference, and relates the near miss. */
void rt_offer_grant(struct rt_finding *f, const struct rt_obj *from, struct rt_ref to,
    const struct rt_permission *permission);

/* ---------------------------------------------------------------- text, until the rule ends */

const char *rt_fmt(struct rt_check *c, const char *fmt, ...) RT_PRINTF(2, 3);
const char *rt_name(struct rt_check *c, const struct rt_obj *obj);      /* Kind ns/name */
const char *rt_ref_name(struct rt_check *c, struct rt_ref ref);         /* the same */
const char *rt_path_name(struct rt_check *c, const struct rt_obj *obj); /* ns/name or name */
/* "(reason: "message")" of a condition, both cleaned and cut. */
const char *rt_quote_condition(struct rt_check *c, const struct rt_condition *cond);
/* "a, b, c", at most max of them, then "and N more". */
const char *rt_listed(struct rt_check *c, const rt_lines *words, size_t max);
/* "80, 81 → targetPort 8080": of the port that leads to wanted it says so. */
const char *rt_port_numbers(struct rt_check *c, const struct rt_service *s, int64_t wanted);
const char *rt_ago(struct rt_check *c, int64_t since); /* "12 min"; "" when not known */
/* "does not exist", or that this could not be told. */
const char *rt_missing(const struct rt_check *c, struct rt_ref ref, enum rt_tri holds);
/* " (infra/public does)": what the writer probably meant; "" when nothing is near. */
const char *rt_suggest(struct rt_check *c, struct rt_ref missing);

/* ---------------------------------------------------------------- judging */

/* Nothing about the object changed for 60 s. Without any time to go by: settled. */
bool rt_settled(const struct rt_check *c, const struct rt_obj *obj);
int64_t rt_last_change(const struct rt_check *c, const struct rt_obj *obj); /* or RT_TIME_UNSET */
/* When the present generation was written: RT_TIME_UNSET where only the creation is known. */
int64_t rt_last_edit(const struct rt_check *c, const struct rt_obj *obj);
bool rt_current(const struct rt_obj *obj, const struct rt_condition *cond); /* GA 7.4 */
/* The condition of that type if it is there and current. */
const struct rt_condition *rt_current_condition(
    const struct rt_obj *obj, rt_conditions conds, const char *type);
bool rt_condition_is(const struct rt_condition *cond, const char *status); /* NULL cond: false */
/* Was the object read from a server, so that a missing status means something? */
bool rt_observed(const struct rt_check *c, const struct rt_obj *obj);
/* Does the object come from a file that no API server has seen? */
bool rt_unapplied(const struct rt_check *c, const struct rt_obj *obj);
enum rt_tri rt_tri_not(enum rt_tri t);

const struct rt_control_plane *rt_plane_of(struct rt_check *c, const struct rt_controller *ctl);
/* What may make a Secret that is not there: cert-manager, asked by an annotation of what names the
 * Secret (NULL: none), or by a Certificate (NULL: none). */
struct rt_secret_maker {
	const char *annotation;
	const struct rt_obj *certificate;
};
struct rt_secret_maker rt_secret_maker_of(
    struct rt_check *c, const struct rt_obj *user, struct rt_ref secret);
/* Whether the Secret is missing, given that it is not there: what will be made cannot be among the
 * manifests. */
enum rt_tri rt_secret_missing(struct rt_check *c, const struct rt_obj *user,
    const struct rt_secret_maker *maker, enum rt_tri absent);
/* Does an object of another kind (Rollout, DeploymentConfig, …) make Pods with these labels? */
bool rt_other_makes_pods(struct rt_check *c, const char *ns, struct rt_pairs labels);
void rt_relate_maker(struct rt_finding *f, const struct rt_secret_maker *maker);
/* What a backend without endpoint does to its share: "gets 503", "has its connections rejected". */
const char *rt_no_endpoint_words(const struct rt_backend_fact *b);
/* Is row's controller, which Traefik can stand in for, gone while Traefik runs? */
bool rt_traefik_may_serve(struct rt_check *c, const struct rt_controller *row);
const struct rt_data_plane *rt_plane_of_gateway(
    struct rt_check *c, const struct rt_gateway_fact *gw);

const struct rt_data_plane *rt_plane_of_ingress(
    struct rt_check *c, const struct rt_ingress_fact *in);

/* Were Pods with these labels asked for in vain? ns NULL: everywhere; selectors as in the table of
 * controllers, separated by " | ". What nobody asked for is neither known nor open. */
bool rt_pods_refused(struct rt_check *c, const char *ns, const char *selectors);
/* May missing endpoints be concluded from? Manifests do not hold what a cluster makes of selectors.
 */
bool rt_endpoints_told(const struct rt_check *c, const struct rt_service_fact *sf);

/* A rule that looks at each of count objects by itself does some of them in each step: from c->at
 * to what this returns. Such a rule walks one list only, and keeps nothing from step to step. */
size_t rt_rule_slice(struct rt_check *c, size_t count, size_t some);
enum { RT_SOME = 1024 };

/* Over everything that was raised, in order: what is shown, with the consequences of the rest. */
void rt_suppress(struct rt_check *c);

#endif
