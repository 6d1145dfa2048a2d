/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate.c - rules about certificates of listeners and about CAs for their clients
 * (gateway-api §6.3, §6.4). Content is looked at only where the input itself holds it.
 */
#include "config.h"

#include "../rules.h"

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/map.h"

#define DAY_S ((int64_t)86400)
#define EXPIRES_SOON_S (14 * DAY_S)

typedef void (*certificate_fn)(
    struct rt_check *c, const struct rt_listener_fact *l, const struct rt_ref_fact *r);

static void each_certificate(struct rt_check *c, certificate_fn fn)
{
	for (size_t i = 0; i < c->an->listeners.len; i++)
		for (size_t k = 0; k < c->an->listeners.v[i]->certificates.len; k++)
			fn(c, c->an->listeners.v[i], &c->an->listeners.v[i]->certificates.v[k]);
}

static const char *listener_name(struct rt_check *c, const struct rt_listener_fact *l)
{
	return rt_fmt(
	    c, "listener %s of %s", l->spec->name ? l->spec->name : "", rt_name(c, l->owner));
}

static struct rt_finding *raise_certificate(struct rt_check *c, enum rt_code code,
    enum rt_tri holds, const struct rt_listener_fact *l, const struct rt_ref_fact *r)
{
	struct rt_finding *f = rt_raise(c, code, holds, l->owner,
	    "spec.listeners[%zu].tls.certificateRefs[%zu]", l->index, r->index);

	rt_tie_listener(f, l);
	if (f && r->fault != RT_REF_GRANT)
		rt_tie(f, RT_TIE_SECRET, rt_ref_name(c, r->ref));
	return f;
}

/* ---------------------------------------------------------------- references */

void rt_check_LS03(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->listeners.len; i++) {
		const struct rt_listener_fact *l = c->an->listeners.v[i];
		struct rt_finding *f;

		if (!l->terminates || l->certificates.len || l->certificates_elsewhere)
			continue;
		f = rt_raise(c, RT_F_LS03, RT_YES, l->owner, "spec.listeners[%zu].tls", l->index);
		rt_tie_listener(f, l);
		rt_say(f, "Listener %s of %s terminates TLS without a certificate; handshakes fail",
		    l->spec->name, rt_name(c, l->owner));
	}
}

/* Annotations make Secrets beside the listener only; ListenerSets go by those of their Gateway,
 * too. */
static struct rt_secret_maker maker_of(
    struct rt_check *c, const struct rt_listener_fact *l, struct rt_ref secret)
{
	struct rt_secret_maker maker = rt_secret_maker_of(c, l->owner, secret);

	if (!maker.annotation && l->set && l->gateway)
		maker = rt_secret_maker_of(c, &l->gateway->gateway->obj, secret);
	if (!rt_streq(secret.ns, l->owner->ns))
		maker.annotation = NULL;
	return maker;
}

static void secret_exists(
    struct rt_check *c, const struct rt_listener_fact *l, const struct rt_ref_fact *r)
{
	struct rt_secret_maker maker = maker_of(c, l, r->ref);
	enum rt_tri holds = rt_tri_not(r->ok);
	struct rt_finding *f;

	if (holds == RT_NO || (r->fault != RT_REF_KIND && r->fault != RT_REF_ABSENT))
		return;
	if (r->fault == RT_REF_ABSENT)
		holds = rt_secret_missing(c, l->owner, &maker, holds);
	f = raise_certificate(c, RT_F_LS04, holds, l, r);
	if (r->fault == RT_REF_KIND) {
		rt_say(f,
		    "L%s names %s%s%s%s as certificate; only a Secret (group \"\") can be one",
		    listener_name(c, l) + 1, rt_ref_name(c, r->ref), *r->ref.group ? " (" : "",
		    r->ref.group, *r->ref.group ? ")" : "");
		return;
	}
	rt_say(f, "L%s names %s, which %s%s", listener_name(c, l) + 1, rt_ref_name(c, r->ref),
	    rt_missing(c, r->ref, holds),
	    holds == RT_YES ? "; the listener is not programmed" : "");
	rt_relate_maker(f, &maker);
}

void rt_check_LS04(struct rt_check *c)
{
	each_certificate(c, secret_exists);
}

static void secret_permitted(
    struct rt_check *c, const struct rt_listener_fact *l, const struct rt_ref_fact *r)
{
	enum rt_tri holds = rt_tri_not(r->ok);
	struct rt_finding *f;

	if (holds == RT_NO || r->fault != RT_REF_GRANT)
		return;
	f = raise_certificate(c, RT_F_LS05, holds, l, r);
	rt_offer_grant(f, l->owner, r->ref, &r->permission);
	if (holds == RT_YES)
		rt_say(f, "%s may not use %s: no ReferenceGrant in namespace %s admits it",
		    rt_name(c, l->owner), rt_ref_name(c, r->ref), r->ref.ns);
	else
		rt_say(f,
		    "Whether %s may use %s is not known: ReferenceGrants of namespace %s were not "
		    "read",
		    rt_name(c, l->owner), rt_ref_name(c, r->ref), r->ref.ns);
}

void rt_check_LS05(struct rt_check *c)
{
	each_certificate(c, secret_permitted);
}

static void secret_content(
    struct rt_check *c, const struct rt_listener_fact *l, const struct rt_ref_fact *r)
{
	enum rt_tri holds = rt_tri_not(r->ok);
	struct rt_finding *f;

	if (holds == RT_NO || r->fault != RT_REF_CONTENT)
		return;
	f = raise_certificate(c, RT_F_LS06, holds, l, r);
	rt_relate(f, r->ref);
	if (holds == RT_YES)
		rt_say(f, "%s: %s; %s is not programmed", rt_ref_name(c, r->ref),
		    r->why ? r->why : "its content is unusable", listener_name(c, l));
	else
		rt_say(f, "Whether %s holds a usable certificate is not known: %s",
		    rt_ref_name(c, r->ref), r->why);
}

void rt_check_LS06(struct rt_check *c)
{
	each_certificate(c, secret_content);
}

/* ---------------------------------------------------------------- names and dates */

static bool some_covers(const struct rt_listener_fact *l, const char *host, bool *ret_unread)
{
	*ret_unread = false;
	for (size_t i = 0; i < l->certificates.len; i++) {
		const struct rt_cert *cert = l->certificates.v[i].cert;

		if (cert && rt_cert_covers(cert, host))
			return true;
		if (!cert)
			*ret_unread = true;
	}
	return false;
}

static const char *covered_names(struct rt_check *c, const struct rt_listener_fact *l)
{
	rt_lines words = {0};

	for (size_t i = 0; i < l->certificates.len; i++) {
		const struct rt_cert *cert = l->certificates.v[i].cert;

		for (size_t k = 0; cert && k < cert->dns_count; k++)
			rt_vec_push(&words, &c->work, cert->dns_names[k]);
	}
	return words.len ? rt_listed(c, &words, 3) : "no DNS name";
}

static void names_fit(struct rt_check *c, const struct rt_listener_fact *l, const char *host,
    const struct rt_obj *route)
{
	struct rt_finding *f;
	bool unread;

	if (!host || some_covers(l, host, &unread))
		return;
	f = rt_raise(c, RT_F_LS07, unread ? RT_UNKNOWN : RT_YES, l->owner,
	    "spec.listeners[%zu].hostname", l->index);
	rt_tie_listener(f, l);
	rt_relate_obj(f, route);
	rt_group(f, "%zu %s", l->index, host);
	rt_say(f, "Certificate of %s is for %s, not for %s; clients refuse it", listener_name(c, l),
	    covered_names(c, l), host);
	if (unread)
		rt_because(f, "the content of another certificate of the listener is not known");
	for (size_t i = 0; i < l->certificates.len; i++)
		rt_relate(f, l->certificates.v[i].ref);
}

static bool has_readable(const struct rt_listener_fact *l)
{
	for (size_t i = 0; i < l->certificates.len; i++)
		if (l->certificates.v[i].cert)
			return true;
	return false;
}

void rt_check_LS07(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->listeners.len; i++) {
		const struct rt_listener_fact *l = c->an->listeners.v[i];

		if (!has_readable(l))
			continue;
		if (l->spec->hostname) {
			names_fit(c, l, l->spec->hostname, NULL);
			continue;
		}
		for (size_t k = 0; k < l->attached.len; k++)
			for (size_t h = 0; h < l->attached.v[k]->hostnames.len; h++)
				names_fit(c, l, l->attached.v[k]->hostnames.v[h],
				    &l->attached.v[k]->route->route->obj);
	}
}

static const char *date(struct rt_check *c, int64_t t)
{
	struct rt_buf b = {0};
	const char *ret;

	rt_time_write(&b, t);
	ret = rt_arena_strndup(&c->work, rt_buf_str(&b), 10);
	rt_buf_done(&b);
	return ret;
}

/* One finding for each Secret: the first listener holds it, the others are named. */
struct per_secret {
	struct rt_map findings; /* Secret -> finding */
	struct rt_map counts;   /* Secret -> size_t */
};

static size_t count_use(struct rt_check *c, struct per_secret *ps, const char *secret)
{
	size_t *n = rt_map_get(&ps->counts, secret);

	if (!n) {
		n = rt_arena_new(&c->work, size_t);
		rt_map_set(&ps->counts, secret, n);
	}
	return ++*n;
}

static struct rt_finding *raise_for_secret(struct rt_check *c, enum rt_code code,
    struct per_secret *ps, const struct rt_listener_fact *l, const struct rt_ref_fact *r)
{
	const char *secret = rt_ref_name(c, r->ref);
	struct rt_finding *f = rt_map_get(&ps->findings, secret);

	if (!f) {
		f = raise_certificate(c, code, RT_YES, l, r);
		rt_relate(f, r->ref);
		rt_map_set(&ps->findings, secret, f);
	} else {
		rt_tie_listener(f, l);
		rt_because(f, "also used by %s", listener_name(c, l));
		rt_relate_obj(f, l->owner);
	}
	return f;
}

static void expiring(struct rt_check *c, struct per_secret *ps, const struct rt_listener_fact *l,
    const struct rt_ref_fact *r)
{
	int64_t left = r->cert->not_after - c->in.now;
	struct rt_finding *f;
	size_t uses;

	if (left < 0 || left >= EXPIRES_SOON_S)
		return;
	f = raise_for_secret(c, RT_F_LS08, ps, l, r);
	uses = count_use(c, ps, rt_ref_name(c, r->ref));
	rt_say(f, "Certificate in %s expires %s (in %lld days); used by %zu listener%s",
	    rt_ref_name(c, r->ref), date(c, r->cert->not_after), (long long)(left / DAY_S), uses,
	    uses == 1 ? "" : "s");
}

static void expired(struct rt_check *c, struct per_secret *ps, const struct rt_listener_fact *l,
    const struct rt_ref_fact *r)
{
	bool ahead = r->cert->not_before > c->in.now;
	struct rt_finding *f;

	if (!ahead && r->cert->not_after >= c->in.now)
		return;
	f = raise_for_secret(c, RT_F_LS19, ps, l, r);
	if (count_use(c, ps, rt_ref_name(c, r->ref)) > 1)
		return;
	rt_say(f, "Certificate in %s %s %s; clients refuse %s", rt_ref_name(c, r->ref),
	    ahead ? "is not valid before" : "expired on",
	    date(c, ahead ? r->cert->not_before : r->cert->not_after), listener_name(c, l));
}

static void each_readable(
    struct rt_check *c, void (*fn)(struct rt_check *c, struct per_secret *ps,
			    const struct rt_listener_fact *l, const struct rt_ref_fact *r))
{
	struct per_secret ps = {0};

	for (size_t i = 0; i < c->an->listeners.len; i++) {
		const struct rt_listener_fact *l = c->an->listeners.v[i];

		for (size_t k = 0; k < l->certificates.len; k++)
			if (l->certificates.v[k].cert)
				fn(c, &ps, l, &l->certificates.v[k]);
	}
	rt_map_done(&ps.findings);
	rt_map_done(&ps.counts);
}

void rt_check_LS08(struct rt_check *c)
{
	each_readable(c, expiring);
}

void rt_check_LS19(struct rt_check *c)
{
	each_readable(c, expired);
}

/* ---------------------------------------------------------------- CAs for clients */

static const char *frontend_field(
    struct rt_check *c, const struct rt_gateway *g, const struct rt_frontend_fact *fr, size_t ca)
{
	const struct rt_gateway_frontend *front = g->tls ? g->tls->frontend : NULL;

	if (fr->listener)
		return rt_fmt(c,
		    "spec.listeners[%zu].tls.frontendValidation.caCertificateRefs[%zu]",
		    (size_t)(fr->listener - g->listeners.v), ca);
	for (size_t i = 0; front && i < front->per_port.len; i++)
		if (front->per_port.v[i].tls &&
		    front->per_port.v[i].tls->validation == fr->validation)
			return rt_fmt(c,
			    "spec.tls.frontend.perPort[%zu].tls.validation.caCertificateRefs[%zu]",
			    i, ca);
	return rt_fmt(c, "spec.tls.frontend.default.validation.caCertificateRefs[%zu]", ca);
}

/* The listeners that a frontend validation is in force for. */
typedef RT_VEC(const struct rt_listener_fact *) listener_list;

static listener_list in_force(
    struct rt_check *c, const struct rt_gateway_fact *gw, const struct rt_frontend_fact *fr)
{
	listener_list ret = {0};

	for (size_t i = 0; i < gw->merged.len; i++)
		if (gw->merged.v[i]->frontend == fr)
			rt_vec_push(&ret, &c->work, gw->merged.v[i]);
	return ret;
}

static bool reported_resolved(const listener_list *ls)
{
	for (size_t i = 0; i < ls->len; i++) {
		const struct rt_listener_status *st = ls->v[i]->status;

		if (st && rt_condition_is(rt_current_condition(ls->v[i]->owner, st->conditions,
					      RT_COND_RESOLVED_REFS),
			      "True"))
			return true;
	}
	return false;
}

struct ca {
	const struct rt_gateway_fact *gw;
	const struct rt_frontend_fact *frontend;
	const struct rt_ref_fact *ref;
	listener_list listeners;
};
typedef void (*ca_fn)(struct rt_check *c, const struct ca *ca);

static void each_ca(struct rt_check *c, ca_fn fn)
{
	for (size_t i = 0; i < c->an->gateways.len; i++) {
		const struct rt_gateway_fact *gw = c->an->gateways.v[i];

		for (size_t k = 0; k < gw->frontends.len; k++) {
			struct ca ca = {
			    gw, gw->frontends.v[k], NULL, in_force(c, gw, gw->frontends.v[k])};

			for (size_t j = 0; ca.listeners.len && j < ca.frontend->cas.len; j++) {
				ca.ref = &ca.frontend->cas.v[j];
				fn(c, &ca);
			}
		}
	}
}

static struct rt_finding *raise_ca(
    struct rt_check *c, enum rt_code code, enum rt_tri holds, const struct ca *ca)
{
	struct rt_finding *f = rt_raise(c, code, holds, &ca->gw->gateway->obj, "%s",
	    frontend_field(c, ca->gw->gateway, ca->frontend, ca->ref->index));

	rt_tie_gateway(f, ca->gw);
	for (size_t i = 0; f && i < ca->listeners.len; i++)
		rt_tie_listener(f, ca->listeners.v[i]);
	return f;
}

static void ca_usable(struct rt_check *c, const struct ca *ca)
{
	const struct rt_ref_fact *r = ca->ref;
	enum rt_tri holds = rt_tri_not(r->ok);
	const char *gateway = rt_name(c, &ca->gw->gateway->obj);
	long long port = (long long)ca->listeners.v[0]->spec->port;
	const char *why, *then;
	struct rt_finding *f;

	if (holds == RT_NO || (r->fault != RT_REF_ABSENT && r->fault != RT_REF_CONTENT))
		return;
	f = raise_ca(c, RT_F_LS22, holds, ca);
	why = r->fault == RT_REF_ABSENT ? rt_missing(c, r->ref, holds)
	      : r->why                  ? r->why
					: "has no usable ca.crt";
	if (holds != RT_YES)
		then = "";
	else if (ca->frontend->any_valid == RT_NO)
		then = rt_fmt(c, "; connections on port %lld fail", port);
	else
		then = rt_fmt(c, "; client certificates on port %lld cannot be verified", port);
	rt_say(f, "%s: %s %s%s", gateway, rt_ref_name(c, r->ref), why, then);
	rt_relate(f, r->ref);
}

void rt_check_LS22(struct rt_check *c)
{
	each_ca(c, ca_usable);
}

/* Controllers may support other kinds; one that reports the reference resolved does. */
static void ca_kind(struct rt_check *c, const struct ca *ca)
{
	const struct rt_ref_fact *r = ca->ref;
	struct rt_finding *f;

	if (r->ok != RT_NO || r->fault != RT_REF_KIND || reported_resolved(&ca->listeners))
		return;
	f = raise_ca(c, RT_F_LS23, RT_YES, ca);
	rt_say(f, "%s: caCertificateRefs[%zu] is a %s; only ConfigMap is portable",
	    rt_name(c, &ca->gw->gateway->obj), r->index, r->ref.kind);
}

void rt_check_LS23(struct rt_check *c)
{
	each_ca(c, ca_kind);
}

static void ca_permitted(struct rt_check *c, const struct ca *ca)
{
	const struct rt_ref_fact *r = ca->ref;
	const char *gateway = rt_name(c, &ca->gw->gateway->obj);
	enum rt_tri holds = rt_tri_not(r->ok);
	struct rt_finding *f;

	if (holds == RT_NO || r->fault != RT_REF_GRANT)
		return;
	f = raise_ca(c, RT_F_LS24, holds, ca);
	rt_offer_grant(f, &ca->gw->gateway->obj, r->ref, &r->permission);
	if (holds == RT_YES)
		rt_say(f, "%s may not use %s: no ReferenceGrant in namespace %s admits it", gateway,
		    rt_ref_name(c, r->ref), r->ref.ns);
	else
		rt_say(f,
		    "Whether %s may use %s is not known: ReferenceGrants of namespace %s were not "
		    "read",
		    gateway, rt_ref_name(c, r->ref), r->ref.ns);
}

void rt_check_LS24(struct rt_check *c)
{
	each_ca(c, ca_permitted);
}
