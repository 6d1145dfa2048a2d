/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingress.c - rules about Ingresses: class, backends, certificates (controllers §2, §5). Paths that
 * compete are in ingress_path.c.
 */
#include "config.h"

#include "../annotations.h"
#include "../rules.h"

#include <string.h>

#include "rutter/hostname.h"

typedef void (*ingress_fn)(struct rt_check *c, const struct rt_ingress_fact *f);

static void each_ingress(struct rt_check *c, ingress_fn fn)
{
	for (size_t end = rt_rule_slice(c, c->an->ingresses.len, RT_SOME); c->at < end; c->at++)
		fn(c, c->an->ingresses.v[c->at]);
}

static const char *ingress_name(struct rt_check *c, const struct rt_ingress_fact *f)
{
	return rt_name(c, &f->ingress->obj);
}

static struct rt_finding *raise_ingress(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_ingress_fact *in, const char *field)
{
	struct rt_finding *f = rt_raise(c, code, holds, &in->ingress->obj, "%s", field);

	if (!f)
		return NULL;
	rt_tie(f, RT_TIE_INGRESS, ingress_name(c, in));
	if (in->class_fact)
		rt_relate_obj(f, &in->class_fact->ic->obj);
	return f;
}

/* ---------------------------------------------------------------- class */

/* Contour and NGINX Inc. compare class names: with one of them running, no IngressClass is needed.
 */
static enum rt_tri goes_by_name(struct rt_check *c, const char *name)
{
	const struct rt_controller *table;
	size_t n = rt_controllers(&table);
	enum rt_tri ret = RT_NO;

	for (size_t i = 0; i < n; i++) {
		const struct rt_control_plane *plane;

		if (!table[i].matches_class_name ||
		    !rt_controller_lists(table[i].annotation_values, name))
			continue;
		plane = rt_plane_of(c, &table[i]);
		if (plane->pods.len)
			return RT_YES;
		if (plane->known != RT_YES)
			ret = RT_UNKNOWN;
	}
	return ret;
}

static void class_exists(struct rt_check *c, const struct rt_ingress_fact *in)
{
	const char *name = in->ingress->ingress_class_name;
	struct rt_ref missing = {RT_GROUP_NETWORKING, "IngressClass", NULL, name};
	enum rt_tri holds;
	struct rt_finding *f;

	if (!name || in->field_present == RT_YES)
		return;
	holds = rt_tri_and(rt_tri_not(in->field_present), rt_tri_not(goes_by_name(c, name)));
	f = raise_ingress(c, RT_F_IN01, holds, in, "spec.ingressClassName");
	if (f)
		rt_say(f, "%s names %s, which %s%s", ingress_name(c, in), rt_ref_name(c, missing),
		    rt_missing(c, missing, holds), holds == RT_YES ? rt_suggest(c, missing) : "");
}

void rt_check_IN01(struct rt_check *c)
{
	each_ingress(c, class_exists);
}

static bool unclassed(const struct rt_ingress_fact *in)
{
	return !in->ingress->ingress_class_name && !in->annotation;
}

static const struct rt_ingress_class_fact *default_class(const struct rt_check *c)
{
	for (size_t i = 0; i < c->an->ingress_classes.len; i++)
		if (c->an->ingress_classes.v[i]->is_default)
			return c->an->ingress_classes.v[i];
	return NULL;
}

static void no_class(struct rt_check *c, const struct rt_ingress_fact *in)
{
	const struct rt_ingress_class_fact *def = default_class(c);
	struct rt_finding *f;

	if (!unclassed(in) || !rt_observed(c, &in->ingress->obj))
		return;
	f = raise_ingress(c, RT_F_IN02, rt_tri_not(in->claimed), in, "spec.ingressClassName");
	if (!f)
		return;
	if (f->certain)
		rt_say(f, "%s has no class and no running controller takes it%s%s%s",
		    ingress_name(c, in), def ? "; default class " : "",
		    def ? def->ic->obj.name : "", def ? " applies at creation only" : "");
	else
		rt_say(f, "%s has no class; whether a running controller takes it is not known",
		    ingress_name(c, in));
	if (def)
		rt_relate_obj(f, &def->ic->obj);
}

void rt_check_IN02(struct rt_check *c)
{
	each_ingress(c, no_class);
}

static const char *titles(struct rt_check *c, const struct rt_ingress_fact *in)
{
	rt_lines words = {0};

	for (size_t i = 0; i < in->claimants.len; i++)
		rt_vec_push(&words, &c->work, in->claimants.v[i]->title);
	return words.len == 2 ? rt_fmt(c, "%s and %s", words.v[0], words.v[1])
			      : rt_listed(c, &words, 4);
}

/* Traefik can serve the class of ingress-nginx; that it writes the status shows that it does. */
static bool traefik_joins_in(struct rt_check *c, const struct rt_ingress_fact *in)
{
	const char *writer = in->ingress->obj.status_manager;

	return in->controller && in->controller->retired && writer && strstr(writer, "traefik") &&
	       rt_plane_of(c, in->controller)->pods.len &&
	       rt_plane_of(c, rt_controller_by_id("traefik"))->pods.len;
}

static void claimed_twice(struct rt_check *c, const struct rt_ingress_fact *in)
{
	bool both = traefik_joins_in(c, in);
	struct rt_finding *f;

	if (!both && !(unclassed(in) && in->claimants.len > 1))
		return;
	f = raise_ingress(c, RT_F_IN03, RT_YES, in, "spec.ingressClassName");
	rt_say(f, "%s is taken by %s; %s write its status", ingress_name(c, in),
	    both ? "ingress-nginx and Traefik" : titles(c, in),
	    both || in->claimants.len == 2 ? "both" : "all");
}

void rt_check_IN03(struct rt_check *c)
{
	each_ingress(c, claimed_twice);
}

static enum rt_tri classes_differ(const struct rt_ingress_fact *in)
{
	if (!in->conflict)
		return RT_NO;
	/* A class that could not be read may belong to the same controller. */
	return !in->by_field && in->field_present == RT_UNKNOWN ? RT_UNKNOWN : RT_YES;
}

static void class_conflict(struct rt_check *c, const struct rt_ingress_fact *in)
{
	enum rt_tri holds = classes_differ(in);
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	f = raise_ingress(
	    c, RT_F_IN04, holds, in, rt_fmt(c, "metadata.annotations['%s']", in->annotation_key));
	rt_say(f,
	    "%s: annotation says %s, field says %s; ingress-nginx and Traefik follow the field, "
	    "others the annotation",
	    ingress_name(c, in), in->annotation, in->ingress->ingress_class_name);
	rt_because(f, "NGINX Inc., Contour, Istio and haproxy-ingress follow the annotation");
	if (in->claimed == RT_NO)
		rt_because(f, "the controller of each follows the other, so that neither takes it");
	else if (in->controller)
		rt_because(f, "%s takes it by the %s", in->controller->title,
		    in->source == RT_CLASS_BY_ANNOTATION ? "annotation" : "field");
	if (in->second)
		rt_because(f, "%s takes it by the annotation, too", in->second->title);
}

void rt_check_IN04(struct rt_check *c)
{
	each_ingress(c, class_conflict);
}

static void class_implicit(struct rt_check *c, const struct rt_ingress_fact *in)
{
	bool observed = rt_observed(c, &in->ingress->obj);
	enum rt_tri holds = in->claimed;
	struct rt_finding *f;

	/* Where no controller is seen to take it, IN02 speaks. */
	if (!unclassed(in) || (observed && holds != RT_YES) ||
	    (!observed && rt_analysis_known(c->an, RT_GROUP_NETWORKING, "IngressClass", NULL) &&
		in->source == RT_CLASS_BY_NONE))
		return;
	f = raise_ingress(c, RT_F_IN19, holds, in, "spec.ingressClassName");
	if (holds == RT_UNKNOWN)
		rt_say(f,
		    "%s names no class; whether a default class will be filled in is not known",
		    ingress_name(c, in));
	else if (in->source == RT_CLASS_BY_DEFAULT)
		rt_say(f, "%s names no class; the default class %s is filled in when it is created",
		    ingress_name(c, in), in->class_name);
	else if (f)
		rt_say(f, "%s names no class; %s takes it today, a second controller would too",
		    ingress_name(c, in), titles(c, in));
}

void rt_check_IN19(struct rt_check *c)
{
	each_ingress(c, class_implicit);
}

static const struct rt_ingress_class_fact *class_of_controller(
    const struct rt_check *c, const struct rt_controller *row)
{
	for (size_t i = 0; row && i < c->an->ingress_classes.len; i++)
		if (c->an->ingress_classes.v[i]->controller == row)
			return c->an->ingress_classes.v[i];
	return NULL;
}

static void class_annotation(struct rt_check *c, const struct rt_ingress_fact *in)
{
	const struct rt_ingress_class_fact *cf = in->by_annotation;
	enum rt_tri holds = RT_YES;
	struct rt_finding *f;

	if (!in->annotation || in->ingress->ingress_class_name || in->acme_solver ||
	    !rt_streq(in->annotation_key, RT_ANNOTATION_INGRESS_CLASS) ||
	    (in->controller && in->controller->order == RT_CLASS_ANNOTATION_ONLY))
		return;
	cf = cf ? cf : class_of_controller(c, in->controller);
	if (!cf) {
		if (rt_store_mode(c->store) == RT_STORE_FILES ||
		    rt_analysis_known(c->an, RT_GROUP_NETWORKING, "IngressClass", NULL))
			return;
		holds = RT_UNKNOWN;
	}
	f = raise_ingress(
	    c, RT_F_IN20, holds, in, "metadata.annotations['" RT_ANNOTATION_INGRESS_CLASS "']");
	rt_say(f, "%s uses %s; the field is ingressClassName", ingress_name(c, in),
	    RT_ANNOTATION_INGRESS_CLASS);
	if (cf) {
		rt_relate_obj(f, &cf->ic->obj);
		rt_advise(
		    f, "Set spec.ingressClassName: %s and drop the annotation", cf->ic->obj.name);
	}
}

void rt_check_IN20(struct rt_check *c)
{
	each_ingress(c, class_annotation);
}

/* ---------------------------------------------------------------- backends */

typedef void (*backend_fn)(struct rt_check *c, const struct rt_ingress_backend_fact *b);

static void each_backend(struct rt_check *c, backend_fn fn)
{
	for (size_t end = rt_rule_slice(c, c->an->ingresses.len, RT_SOME); c->at < end; c->at++) {
		const struct rt_ingress_fact *in = c->an->ingresses.v[c->at];

		for (size_t k = 0; k < in->backends.len; k++)
			if (!in->backends.v[k].by_annotation)
				fn(c, &in->backends.v[k]);
	}
}

/* "shop.example.com/cart", "every other request" for the default backend. */
static const char *place(struct rt_check *c, const struct rt_ingress_backend_fact *b)
{
	const struct rt_ingress_rule *rule;
	const struct rt_ingress_path *path;

	if (b->rule < 0)
		return "requests that no rule takes";
	rule = &b->ingress->ingress->rules.v[b->rule];
	path = &rule->paths.v[b->path];
	return rt_fmt(c, "%s%s", rule->host && *rule->host ? rule->host : "*",
	    path->path && *path->path ? path->path : "/");
}

static struct rt_finding *raise_backend(struct rt_check *c, enum rt_code code, enum rt_tri holds,
    const struct rt_ingress_backend_fact *b, const char *member)
{
	struct rt_finding *f = raise_ingress(c, code, holds, b->ingress,
	    rt_fmt(c, "%s%s", rt_ingress_backend_field(&c->work, b), member));
	const char *service;

	if (!f)
		return NULL;
	rt_tie(f, RT_TIE_REF,
	    rt_fmt(c, "%s > %s", ingress_name(c, b->ingress), rt_ref_name(c, b->ref_to)));
	if (!b->service)
		return f;
	service = rt_path_name(c, &b->service->service->obj);
	rt_tie(f, RT_TIE_SERVICE, service);
	if (b->port)
		rt_tie(f, RT_TIE_PORT, rt_fmt(c, "%s %lld", service, (long long)b->port->port));
	rt_relate_obj(f, &b->service->service->obj);
	return f;
}

static void backend_exists(struct rt_check *c, const struct rt_ingress_backend_fact *b)
{
	enum rt_tri holds = b->fault == RT_INGRESS_BACKEND_ABSENT ? rt_tri_not(b->ok) : RT_NO;
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	f = raise_backend(c, RT_F_IN05, holds, b, "");
	rt_group(f, "%s", rt_ref_name(c, b->ref_to));
	if (holds == RT_YES)
		rt_say(f, "%s %s%s; %s answers 503 for %s", rt_ref_name(c, b->ref_to),
		    rt_missing(c, b->ref_to, holds), rt_suggest(c, b->ref_to),
		    ingress_name(c, b->ingress), place(c, b));
	else
		rt_say(f, "%s, where %s sends %s, %s", rt_ref_name(c, b->ref_to),
		    ingress_name(c, b->ingress), place(c, b), rt_missing(c, b->ref_to, holds));
}

void rt_check_IN05(struct rt_check *c)
{
	each_backend(c, backend_exists);
}

static const char *port_names(struct rt_check *c, const struct rt_service *s)
{
	rt_lines words = {0};

	for (size_t i = 0; i < s->ports.len; i++) {
		const char *name = s->ports.v[i].name;
		rt_vec_push(&words, &c->work, name && *name ? name : "unnamed");
	}
	return words.len ? rt_listed(c, &words, 5) : "it has none";
}

static void backend_port(struct rt_check *c, const struct rt_ingress_backend_fact *b)
{
	const struct rt_service_port_ref *want;
	const struct rt_service *s;
	struct rt_finding *f;

	if (b->fault != RT_INGRESS_BACKEND_PORT || !b->service || b->ok == RT_YES)
		return;
	want = &b->spec->service->port;
	if (want->number == RT_INT_UNSET && !(want->name && *want->name))
		return; /* neither: the API server refuses it */
	s = b->service->service;
	f = raise_backend(c, RT_F_IN06, rt_tri_not(b->ok), b, ".service.port");
	if (want->number != RT_INT_UNSET) {
		rt_group(f, "%s %lld", s->obj.name, (long long)want->number);
		rt_say(f, "%s has no port %lld (%s); %s fails for %s", rt_name(c, &s->obj),
		    (long long)want->number, rt_port_numbers(c, s, want->number),
		    ingress_name(c, b->ingress), place(c, b));
	} else {
		rt_group(f, "%s %s", s->obj.name, want->name);
		rt_say(f, "%s has no port named \"%s\" (%s); %s fails for %s", rt_name(c, &s->obj),
		    want->name, port_names(c, s), ingress_name(c, b->ingress), place(c, b));
	}
}

void rt_check_IN06(struct rt_check *c)
{
	each_backend(c, backend_port);
}

/* What was not asked for or is not in the manifests says nothing (findings §1). */
static enum rt_tri endpoints(
    struct rt_check *c, const struct rt_ingress_backend_fact *b, struct rt_endpoint_count *ret)
{
	enum rt_scope_state st;

	if (b->ok != RT_YES || b->ingress->claimed != RT_YES || !b->service || !b->port ||
	    rt_streq(b->service->service->type, "ExternalName"))
		return RT_NO;
	if (!rt_endpoints_told(c, b->service))
		return RT_NO;
	*ret = *rt_endpoints_count(c->an, b->service, b->port);
	if (ret->known == RT_YES)
		return RT_YES;
	st = rt_store_scope(c->store, RT_GROUP_DISCOVERY, "EndpointSlice", b->ref_to.ns, NULL);
	return rt_scope_in_vain(st) ? RT_UNKNOWN : RT_NO;
}

static void backend_ready(struct rt_check *c, const struct rt_ingress_backend_fact *b)
{
	struct rt_endpoint_count e = {0};
	enum rt_tri holds = endpoints(c, b, &e);
	struct rt_finding *f;

	if (holds == RT_NO || e.ready || e.draining)
		return;
	f = raise_backend(c, RT_F_IN07, holds, b, "");
	rt_group(f, "%s %lld", rt_ref_name(c, b->ref_to), (long long)b->port->port);
	if (holds == RT_YES)
		rt_say(f, "%s has no ready endpoint for port %lld; %s gets 503",
		    rt_ref_name(c, b->ref_to), (long long)b->port->port, place(c, b));
	else
		rt_say(f,
		    "Whether %s has a ready endpoint for port %lld is not known: EndpointSlices "
		    "were "
		    "not read",
		    rt_ref_name(c, b->ref_to), (long long)b->port->port);
	if (e.port_missing)
		rt_because(f, "its EndpointSlices have no port named \"%s\"",
		    b->port->name ? b->port->name : "");
}

void rt_check_IN07(struct rt_check *c)
{
	each_backend(c, backend_ready);
}

/* ---------------------------------------------------------------- certificates */

static const char *tls_hosts(struct rt_check *c, const struct rt_ingress_tls *tls)
{
	rt_lines words = {0};

	for (size_t i = 0; i < tls->hosts.len; i++)
		rt_vec_push(&words, &c->work, tls->hosts.v[i]);
	return words.len ? rt_listed(c, &words, 3) : "every host";
}

static void secret_exists(
    struct rt_check *c, const struct rt_ingress_fact *in, const struct rt_ref_fact *r)
{
	const struct rt_ingress_tls *tls = &in->ingress->tls.v[r->index];
	enum rt_tri holds = r->fault == RT_REF_ABSENT ? rt_tri_not(r->ok) : RT_NO;
	struct rt_secret_maker maker;
	struct rt_finding *f;

	if (holds == RT_NO)
		return;
	maker = rt_secret_maker_of(c, &in->ingress->obj, r->ref);
	holds = rt_secret_missing(c, &in->ingress->obj, &maker, holds);
	f = raise_ingress(c, RT_F_IN08, holds, in, rt_fmt(c, "spec.tls[%zu].secretName", r->index));
	rt_group(f, "%s", rt_ref_name(c, r->ref));
	rt_tie(f, RT_TIE_SECRET, rt_ref_name(c, r->ref));
	if (holds == RT_YES)
		rt_say(f, "%s %s; the controller serves its default certificate for %s",
		    rt_ref_name(c, r->ref), rt_missing(c, r->ref, holds), tls_hosts(c, tls));
	else
		rt_say(f, "%s, which %s names for %s, %s", rt_ref_name(c, r->ref),
		    ingress_name(c, in), tls_hosts(c, tls), rt_missing(c, r->ref, holds));
	rt_relate_maker(f, &maker);
}

static void secrets_exist(struct rt_check *c, const struct rt_ingress_fact *in)
{
	for (size_t i = 0; !in->certificates_elsewhere && i < in->secrets.len; i++)
		secret_exists(c, in, &in->secrets.v[i]);
}

void rt_check_IN08(struct rt_check *c)
{
	each_ingress(c, secrets_exist);
}

/* Is host the pattern, or under its wildcard of one label? */
static bool covers(const char *pattern, const char *host)
{
	return rt_hostname_equal(pattern, host) || rt_hostname_matches_ingress(pattern, host);
}

/* Comma-separated hosts of ingress-nginx's server-alias. */
static bool in_alias(const char *list, const char *host)
{
	for (size_t len; list && *list; list += len) {
		list += strspn(list, ", ");
		len = strcspn(list, ", ");
		if (len == strlen(host) && strncmp(list, host, len) == 0)
			return true;
	}
	return false;
}

static bool www_twin(const char *a, const char *b)
{
	return strncmp(a, "www.", 4) == 0 && strcmp(a + 4, b) == 0;
}

static bool rule_serves(const struct rt_ingress *in, const char *host)
{
	bool www = rt_streq(
	    rt_pairs_get(in->obj.annotations, "nginx.ingress.kubernetes.io/from-to-www-redirect"),
	    "true");

	if (in_alias(rt_pairs_get(in->obj.annotations, "nginx.ingress.kubernetes.io/server-alias"),
		host))
		return true;
	for (size_t i = 0; i < in->rules.len; i++) {
		const char *rule = in->rules.v[i].host;

		if (!rule || !*rule || covers(rule, host) || covers(host, rule) ||
		    (www && (www_twin(rule, host) || www_twin(host, rule))))
			return true;
	}
	/* Without rules the default backend serves every host. */
	return in->rules.len == 0;
}

static bool tls_serves(const struct rt_ingress *in, const char *host)
{
	for (size_t i = 0; i < in->tls.len; i++) {
		for (size_t k = 0; k < in->tls.v[i].hosts.len; k++)
			if (covers(in->tls.v[i].hosts.v[k], host))
				return true;
		if (!in->tls.v[i].hosts.len)
			return true;
	}
	return false;
}

static bool some_rule_has_tls(const struct rt_ingress *in)
{
	for (size_t i = 0; i < in->rules.len; i++)
		if (in->rules.v[i].host && tls_serves(in, in->rules.v[i].host))
			return true;
	return false;
}

static void tls_host(struct rt_check *c, const struct rt_ingress_fact *in, size_t i, size_t k)
{
	const char *host = in->ingress->tls.v[i].hosts.v[k];
	struct rt_finding *f;

	if (rule_serves(in->ingress, host))
		return;
	f = raise_ingress(c, RT_F_IN09, RT_YES, in, rt_fmt(c, "spec.tls[%zu].hosts[%zu]", i, k));
	rt_group(f, "tls %s", host);
	rt_say(f, "%s: tls host %s is among no rule host; its certificate is never used",
	    ingress_name(c, in), host);
}

static void hosts_agree(struct rt_check *c, const struct rt_ingress_fact *in)
{
	const struct rt_ingress *ing = in->ingress;

	if (in->certificates_elsewhere || !ing->tls.len)
		return;
	for (size_t i = 0; i < ing->tls.len; i++)
		for (size_t k = 0; k < ing->tls.v[i].hosts.len; k++)
			tls_host(c, in, i, k);
	for (size_t i = 0; i < ing->rules.len && some_rule_has_tls(ing); i++) {
		const char *host = ing->rules.v[i].host;
		struct rt_finding *f;

		if (!host || !*host || tls_serves(ing, host))
			continue;
		f = raise_ingress(c, RT_F_IN09, RT_YES, in, rt_fmt(c, "spec.rules[%zu].host", i));
		rt_group(f, "rule %s", host);
		rt_say(f,
		    "%s: rule host %s is not in spec.tls; it is served without its certificate",
		    ingress_name(c, in), host);
	}
}

void rt_check_IN09(struct rt_check *c)
{
	each_ingress(c, hosts_agree);
}

/* ---------------------------------------------------------------- IN24: inventory */

static const char *const counterpart_names[] = {
    [RT_COUNTERPART_FIELD] = "Gateway API field",
    [RT_COUNTERPART_POLICY] = "policy",
    [RT_COUNTERPART_NONE] = "no counterpart",
    [RT_COUNTERPART_UNKNOWN] = "not in rutter's list",
};

static const char *inventory_text(struct rt_check *c, const size_t *n, const rt_lines *none)
{
	rt_lines words = {0};

	if (n[RT_COUNTERPART_FIELD])
		rt_vec_push(&words, &c->work,
		    rt_fmt(c, "%zu %s a Gateway API field", n[RT_COUNTERPART_FIELD],
			n[RT_COUNTERPART_FIELD] == 1 ? "has" : "have"));
	if (n[RT_COUNTERPART_POLICY])
		rt_vec_push(&words, &c->work,
		    rt_fmt(c, "%zu need%s a policy", n[RT_COUNTERPART_POLICY],
			n[RT_COUNTERPART_POLICY] == 1 ? "s" : ""));
	if (n[RT_COUNTERPART_NONE])
		rt_vec_push(&words, &c->work,
		    rt_fmt(c, "%zu %s none (%s)", n[RT_COUNTERPART_NONE],
			n[RT_COUNTERPART_NONE] == 1 ? "has" : "have", rt_listed(c, none, 3)));
	if (n[RT_COUNTERPART_UNKNOWN])
		rt_vec_push(&words, &c->work, rt_fmt(c, "%zu unlisted", n[RT_COUNTERPART_UNKNOWN]));
	return rt_listed(c, &words, 4);
}

static void inventory(struct rt_check *c, const struct rt_ingress_fact *in)
{
	struct rt_pairs all = in->ingress->obj.annotations;
	size_t n[RT_ARRAY_LEN(counterpart_names)] = {0}, total = 0;
	rt_lines none = {0}, lines = {0};
	struct rt_finding *f;

	if (!in->controller || in->acme_solver)
		return;
	for (size_t i = 0; i < all.len; i++) {
		const char *name;
		struct rt_annotation_info info;

		if (!rt_annotation_is_of(in->controller, all.v[i].key, &name))
			continue;
		info = rt_annotation_info(all.v[i].key);
		n[info.counterpart]++;
		total++;
		if (info.counterpart == RT_COUNTERPART_NONE)
			rt_vec_push(&none, &c->work, name);
		rt_vec_push(&lines, &c->work,
		    rt_fmt(c, "%s: %s", name,
			info.text ? info.text : counterpart_names[info.counterpart]));
	}
	if (!total)
		return;
	f = raise_ingress(c, RT_F_IN24, RT_YES, in, "metadata.annotations");
	rt_say(f, "%s: %zu %s annotation%s, %s", ingress_name(c, in), total, in->controller->title,
	    total == 1 ? "" : "s", inventory_text(c, n, &none));
	for (size_t i = 0; i < lines.len; i++)
		rt_because(f, "%s", lines.v[i]);
}

void rt_check_IN24(struct rt_check *c)
{
	each_ingress(c, inventory);
}
