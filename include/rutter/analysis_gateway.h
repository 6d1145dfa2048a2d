/* SPDX-License-Identifier: Apache-2.0 */
/*
 * analysis_gateway.h - facts about GatewayClasses, Gateways, ListenerSets and listeners.
 * Part of an rt_analysis (analysis.h): same arena, same lifetime.
 */
#ifndef RUTTER_ANALYSIS_GATEWAY_H
#define RUTTER_ANALYSIS_GATEWAY_H

#include "rutter/analysis_refs.h"
#include "rutter/features.h"

struct rt_controller;

/* ---------------------------------------------------------------- classes, Gateways */

struct rt_class_fact {
	const struct rt_gateway_class *gc;
	const struct rt_controller *controller; /* row of the table, or NULL: not known */
	struct rt_features features;
	struct rt_ref_fact *parameters; /* NULL: none given */
	enum rt_tri accepted;           /* by parametersRef alone */
	RT_VEC(struct rt_gateway_fact *) gateways;
};

struct rt_gateway_fact {
	const struct rt_gateway *gateway;
	struct rt_class_fact *class_fact; /* NULL: class_present says why */
	enum rt_tri class_present;
	struct rt_features features;                 /* the class's, after --features */
	RT_VEC(struct rt_listener_fact *) listeners; /* its own, document order */
	RT_VEC(struct rt_listener_set_fact *) sets;  /* all that name it, by precedence */
	RT_VEC(struct rt_listener_fact *) merged;    /* own and of allowed sets, by precedence */
	struct rt_ref_fact *parameters;              /* infrastructure.parametersRef or NULL */
	struct rt_ref_fact *client_certificate;      /* tls.backend.clientCertificateRef or NULL */
	RT_VEC(struct rt_frontend_fact *) frontends; /* default first, then perPort */
	bool insecure_frontend;                      /* some mode is AllowInsecureFallback */
	bool programmed_open;    /* left to the implementation: addresses, no listener programmed */
	int unsupported_address; /* index in spec.addresses, -1 none */
	bool merge_open;         /* ListenerSets unread: a conflict may exist that is not seen */
	enum rt_tri accepted, programmed, resolved;
	enum rt_reason accepted_reason, programmed_reason, resolved_reason;
};

/* One frontend validation of spec.tls.frontend (§6.4). */
struct rt_frontend_fact {
	int64_t port; /* RT_INT_UNSET: the default */
	const struct rt_listener
	    *listener; /* whose own it is, as before v1.4; NULL: the Gateway's */
	const struct rt_frontend_validation *validation; /* NULL: none */
	RT_VEC(struct rt_ref_fact) cas;
	enum rt_tri resolved, any_valid; /* all refs good; at least one good */
	enum rt_reason reason;           /* of the first bad one */
};

struct rt_listener_set_fact {
	const struct rt_listener_set *set;
	struct rt_ref parent_ref;
	bool parent_kind_ok; /* (Gateway API, Gateway) */
	enum rt_tri parent_present;
	struct rt_gateway_fact *gateway; /* NULL unless present */
	enum rt_tri allowed;             /* by allowedListeners (§7.2) */
	bool unsupported; /* the class does not list ListenerSet: nobody looks at it */
	RT_VEC(struct rt_listener_fact *) listeners;
	enum rt_tri accepted, programmed;
	enum rt_reason accepted_reason, programmed_reason;
};

/* ---------------------------------------------------------------- listeners (§6) */

enum rt_protocol {
	RT_PROTOCOL_HTTP,
	RT_PROTOCOL_HTTPS,
	RT_PROTOCOL_TLS,
	RT_PROTOCOL_TCP,
	RT_PROTOCOL_UDP,
	RT_PROTOCOL_OTHER,
};

struct rt_attachment {
	struct rt_route_fact *route;
	struct rt_listener_fact *listener;
	struct rt_parent_fact *parent; /* the first parentRef that leads here */
	/* The intersected patterns, in the order of the route's hostnames, without repeats; NULL is
	 * the unset pattern. Kinds without hostnames: one NULL. */
	RT_LIST(char *) hostnames;
	/* The older route of the other HTTP kind that claims one of them here, so that this one is
	 * not to be accepted (§4.3); NULL: none. It stays attached: few implementations refuse it.
	 */
	const struct rt_route_fact *rival;
};

struct rt_listener_fact {
	const struct rt_obj *owner;       /* the Gateway or ListenerSet that holds it */
	struct rt_gateway_fact *gateway;  /* NULL: a set without Gateway */
	struct rt_listener_set_fact *set; /* NULL: the Gateway's own */
	const struct rt_listener *spec;
	size_t index;
	enum rt_protocol protocol;
	bool terminates, passthrough; /* TLS: HTTPS and TLS Terminate; TLS Passthrough */
	bool known_protocol; /* the API's own, or one that the class's controller has beside them */
	const struct rt_listener_status *status; /* the reported entry, or NULL */
	unsigned kinds;           /* RT_ROUTE_BIT of each kind that may attach (§4.1) */
	unsigned supported_kinds; /* as status lists them; fewer on a conflict of modes (§6.5) */
	int invalid_kind; /* index in allowedRoutes.kinds of the first invalid one, -1 none */

	enum rt_reason conflict; /* HostnameConflict, ProtocolConflict; NONE: no conflict */
	const struct rt_listener_fact
	    *conflict_with; /* the winner, or a fellow loser of one object */

	RT_VEC(struct rt_ref_fact) certificates; /* empty for Passthrough and plain protocols */
	bool certificates_elsewhere; /* none by reference: options, an annotation or the controller
				      * say where they are */
	const struct rt_frontend_fact *frontend; /* effective client validation, HTTPS only */
	const struct rt_listener_fact
	    *overlaps; /* another TLS listener of the port that overlaps */

	/* What a controller should say. RT_UNKNOWN: something could not be read; where the
	 * specification is silent the *_open flag is set and the tri is the likely answer. */
	enum rt_tri accepted, programmed, resolved;
	enum rt_reason accepted_reason, programmed_reason, resolved_reason;
	bool accepted_open, resolved_open, programmed_open;
	RT_VEC(struct rt_attachment *) attached; /* distinct routes, sorted by kind, ns, name */
	size_t ousted;                           /* of these, those with a rival */
	bool attached_open;                      /* the number may be higher: something is unread */
};
#define RT_ROUTE_BIT(kind) (1u << ((kind)-RT_KIND_HTTP_ROUTE))

/* Do its listeners take part: allowed, and supported by the class? */
enum rt_tri rt_listener_set_admitted(const struct rt_listener_set_fact *s);
/* Does a controller answer for the Gateway: is its class there and accepted (§2.2)? RT_NO: nobody
 * writes a status for it, its ListenerSets and routes. */
enum rt_tri rt_gateway_managed(const struct rt_gateway_fact *g);

#endif
