/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listeners.c - one listener at a time: protocol, route kinds, certificates, conditions
 * (gateway-api §4.1, §6.2 to §6.5). What listeners do to each other is in conflicts.c.
 */
#include "config.h"

#include <string.h>

#include "private.h"

#define BIT(k) RT_ROUTE_BIT(RT_KIND_##k)
/* Route kinds that a protocol serves; needs: the one feature without which the protocol is not
 * supported (§6.2 UnsupportedProtocol). */
static const struct protocol {
	const char *name;
	unsigned kinds;
	enum rt_feature needs;
} protocols[] = {
    [RT_PROTOCOL_HTTP] = {"HTTP", BIT(HTTP_ROUTE) | BIT(GRPC_ROUTE), RT_FEATURE_COUNT},
    [RT_PROTOCOL_HTTPS] = {"HTTPS", BIT(HTTP_ROUTE) | BIT(GRPC_ROUTE), RT_FEATURE_COUNT},
    [RT_PROTOCOL_TLS] = {"TLS", BIT(TLS_ROUTE), RT_FEATURE_TLSRoute},
    [RT_PROTOCOL_TCP] = {"TCP", BIT(TCP_ROUTE), RT_FEATURE_TCPRoute},
    [RT_PROTOCOL_UDP] = {"UDP", BIT(UDP_ROUTE), RT_FEATURE_UDPRoute},
    [RT_PROTOCOL_OTHER] = {NULL, 0, RT_FEATURE_COUNT},
};

static const struct {
	unsigned bit;
	enum rt_feature feature;
} kind_features[] = {
    {BIT(HTTP_ROUTE), RT_FEATURE_HTTPRoute},
    {BIT(GRPC_ROUTE), RT_FEATURE_GRPCRoute},
    {BIT(TLS_ROUTE), RT_FEATURE_TLSRoute},
    {BIT(TCP_ROUTE), RT_FEATURE_TCPRoute},
    {BIT(UDP_ROUTE), RT_FEATURE_UDPRoute},
};

static enum rt_protocol protocol_of(const char *name)
{
	for (int i = 0; name && i < RT_PROTOCOL_OTHER; i++)
		if (strcmp(protocols[i].name, name) == 0)
			return (enum rt_protocol)i;
	return RT_PROTOCOL_OTHER;
}

static const struct rt_features *features_of(const struct rt_listener_fact *l)
{
	return l->gateway ? &l->gateway->features : NULL;
}

static bool has_feature(const struct rt_listener_fact *l, enum rt_feature f)
{
	const struct rt_features *have = features_of(l);

	return f == RT_FEATURE_COUNT || !have || rt_features_on(have, f);
}

/* ---------------------------------------------------------------- route kinds (§4.1) */

static unsigned kinds_supported(const struct rt_listener_fact *l)
{
	unsigned kinds = protocols[l->protocol].kinds;

	for (size_t i = 0; i < RT_ARRAY_LEN(kind_features); i++)
		if (!has_feature(l, kind_features[i].feature))
			kinds &= ~kind_features[i].bit;
	return kinds;
}

static unsigned kind_bit(const struct rt_route_group_kind *k)
{
	enum rt_kind kind = rt_kind_of(k->group ? k->group : RT_GROUP_GATEWAY, k->kind);

	return rt_kind_is_route(kind) ? RT_ROUTE_BIT(kind) : 0;
}

bool rt_listeners_have(rt_listeners l, const char *name)
{
	for (size_t i = 0; i < l.len; i++)
		if (rt_streq(l.v[i].name, name))
			return true;
	return false;
}

const char *rt_route_kind_text(struct rt_arena *a, const struct rt_route_group_kind *k)
{
	const char *kind = k->kind ? k->kind : "";

	if (!k->group || strcmp(k->group, RT_GROUP_GATEWAY) == 0)
		return kind;
	return rt_arena_printf(a, "%s of group \"%.64s\"", kind, k->group);
}

/* Explicit kinds are intersected with what the protocol can serve; entries outside are invalid but
 * leave the valid ones in force. */
static void kinds_resolve(struct rt_listener_fact *l)
{
	const struct rt_allowed_routes *allowed = l->spec->allowed_routes;
	unsigned supported = kinds_supported(l);

	l->invalid_kind = -1;
	l->kinds = supported;
	if (!allowed || allowed->kinds.len == 0)
		return;
	l->kinds = 0;
	for (size_t i = 0; i < allowed->kinds.len; i++) {
		unsigned bit = kind_bit(&allowed->kinds.v[i]) & supported;
		l->kinds |= bit;
		if (!bit && l->invalid_kind < 0)
			l->invalid_kind = (int)i;
	}
}

static const struct rt_controller *controller_of(const struct rt_listener_fact *l)
{
	return l->gateway && l->gateway->class_fact ? l->gateway->class_fact->controller : NULL;
}

static bool is_known_protocol(const struct rt_listener_fact *l)
{
	const struct rt_controller *row = controller_of(l);

	return l->protocol != RT_PROTOCOL_OTHER ||
	       (row && l->spec->protocol && rt_controller_lists(row->protocols, l->spec->protocol));
}

/* ---------------------------------------------------------------- certificates (§6.3) */

/* A certificate of VPC Lattice; the Secret named beside it is a placeholder. */
#define CERTIFICATE_ARN "application-networking.k8s.aws/certificate-arn"
/* A certificate map of GKE serves every listener of the Gateway. */
#define CERTIFICATE_MAP "networking.gke.io/certmap"

static void certificates_resolve(struct rt_analysis *an, struct rt_listener_fact *l)
{
	const struct rt_listener_tls *tls = l->spec->tls;
	struct rt_referrer from = {
	    l->owner->group, l->owner->kind_name, l->owner->ns, features_of(l)};

	if (!tls || !l->terminates || rt_pairs_get(tls->options, CERTIFICATE_ARN))
		return;
	for (size_t i = 0; i < tls->certificate_refs.len; i++) {
		struct rt_ref_fact r;
		rt_ref_secret(an, &from, &tls->certificate_refs.v[i], &r);
		r.index = i;
		rt_vec_push(&l->certificates, &an->arena, r);
	}
}

/* A terminating listener names its certificates by reference, or in the implementation's own way:
 * by options, or for some clouds not at all. */
static bool certificates_are_elsewhere(const struct rt_listener_fact *l)
{
	const struct rt_listener_tls *tls = l->spec->tls;
	const struct rt_controller *row = controller_of(l);

	if (!l->terminates || l->certificates.len)
		return false;
	return (tls && tls->options.len) || (row && row->listener_certificates_elsewhere) ||
	       (l->gateway && rt_pairs_get(l->gateway->gateway->obj.annotations, CERTIFICATE_MAP));
}

/* ---------------------------------------------------------------- facts from the specification */

static const struct rt_listener_status *find_status(rt_listener_statuses st, const char *name)
{
	for (size_t i = 0; name && i < st.len; i++)
		if (rt_streq(st.v[i].name, name))
			return &st.v[i];
	return NULL;
}

static void listener_init(struct rt_analysis *an, struct rt_listener_fact *l)
{
	const struct rt_listener_tls *tls = l->spec->tls;
	bool passthrough = tls && rt_streq(tls->mode, "Passthrough");

	l->protocol = protocol_of(l->spec->protocol);
	l->passthrough = l->protocol == RT_PROTOCOL_TLS && passthrough;
	l->terminates =
	    l->protocol == RT_PROTOCOL_HTTPS || (l->protocol == RT_PROTOCOL_TLS && !passthrough);
	l->known_protocol = is_known_protocol(l);
	kinds_resolve(l);
	certificates_resolve(an, l);
	l->certificates_elsewhere = certificates_are_elsewhere(l);
}

void rt_listeners_init(struct rt_analysis *an, struct rt_gateway_fact *gw,
    struct rt_listener_set_fact *set, const struct rt_obj *owner)
{
	rt_listeners specs = set ? set->set->listeners : gw->gateway->listeners;
	rt_listener_statuses st = set ? set->set->status_listeners : gw->gateway->status_listeners;

	for (size_t i = 0; i < specs.len; i++) {
		struct rt_listener_fact *l = rt_arena_new(&an->arena, struct rt_listener_fact);
		l->owner = owner;
		l->gateway = gw;
		l->set = set;
		l->spec = &specs.v[i];
		l->index = i;
		l->status = find_status(st, l->spec->name);
		listener_init(an, l);
		if (set)
			rt_vec_push(&set->listeners, &an->arena, l);
		else
			rt_vec_push(&gw->listeners, &an->arena, l);
		rt_vec_push(&an->listeners, &an->arena, l);
	}
}

/* ---------------------------------------------------------------- Accepted (§6.2) */

static void refuse(struct rt_listener_fact *l, enum rt_reason reason)
{
	l->accepted = RT_NO;
	l->accepted_reason = reason;
}

/* UnsupportedProtocol: an unknown protocol, or one whose route kind the class does not support. */
static bool protocol_unsupported(const struct rt_listener_fact *l)
{
	return !l->known_protocol || !has_feature(l, protocols[l->protocol].needs);
}

/* UnsupportedValue: TLS Terminate without TLSRouteModeTerminate. */
static bool mode_unsupported(const struct rt_listener_fact *l)
{
	return l->protocol == RT_PROTOCOL_TLS && l->terminates &&
	       !has_feature(l, RT_FEATURE_TLSRouteModeTerminate);
}

static enum rt_tri certificates_usable(const struct rt_listener_fact *l)
{
	enum rt_tri all = RT_YES;

	for (size_t i = 0; i < l->certificates.len; i++)
		all = rt_tri_and(all, l->certificates.v[i].ok);
	return all;
}

/* NoValidCACertificate: not one CA of the effective frontend validation is usable (§6.4). */
static enum rt_tri frontend_usable(const struct rt_listener_fact *l)
{
	return l->frontend && l->frontend->cas.len ? l->frontend->any_valid : RT_YES;
}

static void judge_accepted(struct rt_listener_fact *l)
{
	l->accepted = RT_YES;
	l->accepted_reason = RT_REASON_ACCEPTED;
	if (l->conflict)
		refuse(l, l->conflict);
	else if (protocol_unsupported(l))
		refuse(l, RT_REASON_UNSUPPORTED_PROTOCOL);
	else if (mode_unsupported(l))
		refuse(l, RT_REASON_UNSUPPORTED_VALUE);
	else if (frontend_usable(l) == RT_NO)
		refuse(l, RT_REASON_NO_VALID_CA_CERTIFICATE);
	else if (frontend_usable(l) == RT_UNKNOWN)
		l->accepted = RT_UNKNOWN;
	/* Dead certificates and bad kinds leave Accepted to the implementation (§6.2, §12.4); CAs
	 * do not, as long as one is left (§6.4). */
	if (l->accepted == RT_YES &&
	    (certificates_usable(l) != RT_YES || l->invalid_kind >= 0 || l->resolved_open))
		l->accepted_open = true;
}

/* ---------------------------------------------------------------- ResolvedRefs (§6.3, §6.4) */

static enum rt_reason certificate_reason(const struct rt_ref_fact *r)
{
	return rt_ref_not_permitted(r) ? RT_REASON_REF_NOT_PERMITTED
				       : RT_REASON_INVALID_CERTIFICATE_REF;
}

static void unresolved(struct rt_listener_fact *l, enum rt_tri ok, enum rt_reason reason)
{
	if (ok == RT_YES || l->resolved == RT_NO)
		return;
	l->resolved = ok;
	l->resolved_reason = reason;
}

static bool certificates_missing(const struct rt_listener_fact *l)
{
	return l->terminates && l->certificates.len == 0 && !l->certificates_elsewhere;
}

static void judge_resolved(struct rt_listener_fact *l)
{
	l->resolved = RT_YES;
	l->resolved_reason = RT_REASON_RESOLVED_REFS;
	for (size_t i = 0; i < l->certificates.len; i++) {
		const struct rt_ref_fact *r = &l->certificates.v[i];
		unresolved(l, r->ok, certificate_reason(r));
		if (r->ok == RT_YES && r->tls_type == RT_NO)
			l->resolved_open = true;
	}
	if (l->frontend)
		unresolved(l, l->frontend->resolved, l->frontend->reason);
	if (l->invalid_kind >= 0 && l->protocol != RT_PROTOCOL_OTHER)
		unresolved(l, RT_NO, RT_REASON_INVALID_ROUTE_KINDS);
	if (certificates_missing(l))
		l->resolved_open = true;
	if (l->resolved != RT_YES)
		l->resolved_open = false;
}

/* ---------------------------------------------------------------- Programmed (§6.2) */

static void judge_programmed(struct rt_listener_fact *l)
{
	enum rt_tri certificates = certificates_usable(l);

	l->programmed = RT_YES;
	l->programmed_reason = RT_REASON_PROGRAMMED;
	if (l->accepted != RT_YES) {
		l->programmed = l->accepted;
		/* Only the reason of a conflict carries over. */
		l->programmed_reason = l->conflict;
	} else if (certificates != RT_YES) {
		/* One dead certificate suffices, whether or not there are others (§12.4). */
		l->programmed = certificates;
		l->programmed_reason = RT_REASON_NONE;
	} else if (l->resolved_open || l->kinds == 0 || l->certificates_elsewhere) {
		l->programmed_open = true;
	}
}

/* TLS listeners in conflict and unsupported configurations support no kind at all (§6.1, §6.2). */
static unsigned judge_supported_kinds(struct rt_listener_fact *l)
{
	return l->protocol == RT_PROTOCOL_TLS && l->conflict ? 0 : l->kinds;
}

/* A listener's own comes first; an entry for the port replaces the default wholly, even one without
 * validation. */
static struct rt_frontend_fact *frontend_for(
    const struct rt_gateway_fact *gw, const struct rt_listener *l)
{
	struct rt_frontend_fact *fallback = NULL, *by_port = NULL;

	for (size_t i = 0; i < gw->frontends.len; i++) {
		struct rt_frontend_fact *f = gw->frontends.v[i];
		if (f->listener == l)
			return f;
		if (f->listener)
			continue;
		if (f->port == l->port && !by_port)
			by_port = f;
		else if (f->port == RT_INT_UNSET)
			fallback = f;
	}
	return by_port ? by_port : fallback;
}

void rt_listeners_judge(struct rt_analysis *an)
{
	for (size_t i = 0; i < an->listeners.len; i++) {
		struct rt_listener_fact *l = an->listeners.v[i];
		if (l->protocol == RT_PROTOCOL_HTTPS && l->gateway &&
		    has_feature(l, RT_FEATURE_GatewayFrontendClientCertificateValidation))
			l->frontend = frontend_for(l->gateway, l->spec);
		if (protocol_unsupported(l) || mode_unsupported(l))
			l->kinds = 0;
		judge_resolved(l);
		judge_accepted(l);
		judge_programmed(l);
		l->supported_kinds = judge_supported_kinds(l);
	}
}
