/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingress.c - Ingress: of which class it is, who takes it, where its paths and Secrets lead
 * (controllers §2, §4).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "private.h"

#define ALB_ACTIONS "alb.ingress.kubernetes.io/actions."
#define ANNOTATION_CANARY "nginx.ingress.kubernetes.io/canary"

/* ---------------------------------------------------------------- classes */

static struct rt_ref_fact *class_parameters(struct rt_analysis *an,
    const struct rt_class_parameters *p, const struct rt_controller *controller)
{
	if (!p)
		return NULL;
	struct rt_ref_fact *r = rt_arena_new(&an->arena, struct rt_ref_fact);
	struct rt_ref ref = {p->group ? p->group : "", p->kind ? p->kind : "",
	    rt_streq(p->scope, "Namespace") ? p->ns : NULL, p->name ? p->name : ""};
	if (!ref.ns && controller)
		ref.ns = controller->parameters_namespace;
	rt_ref_plain(an, ref, r);
	return r;
}

void rt_ingress_classes_init(struct rt_analysis *an)
{
	const struct rt_obj *const *objs;
	size_t n = rt_store_list(an->store, RT_KIND_INGRESS_CLASS, &objs);

	for (size_t i = 0; i < n; i++) {
		struct rt_ingress_class_fact *c =
		    rt_arena_new(&an->arena, struct rt_ingress_class_fact);
		c->ic = (const struct rt_ingress_class *)objs[i];
		c->controller = rt_controller_of_ingress(c->ic->controller);
		c->is_default = rt_streq(
		    rt_pairs_get(objs[i]->annotations, RT_ANNOTATION_DEFAULT_CLASS), "true");
		c->parameters = class_parameters(an, c->ic->parameters, c->controller);
		rt_vec_push(&an->ingress_classes, &an->arena, c);
	}
}

/* The class that the API server fills in at creation: of several the newest (controllers §2). */
static struct rt_ingress_class_fact *default_class(const struct rt_analysis *an)
{
	struct rt_ingress_class_fact *found = NULL;

	for (size_t i = 0; i < an->ingress_classes.len; i++) {
		struct rt_ingress_class_fact *c = an->ingress_classes.v[i];
		if (!c->is_default)
			continue;
		if (!found || c->ic->obj.created > found->ic->obj.created)
			found = c;
	}
	return found;
}

/* ---------------------------------------------------------------- the decision */

static const char *ingress_annotation(const struct rt_ingress *i, const char *key)
{
	return rt_pairs_get(i->obj.annotations, key);
}

static void take_field(struct rt_ingress_fact *f)
{
	f->source = RT_CLASS_BY_FIELD;
	f->class_name = f->ingress->ingress_class_name;
	f->class_fact = f->by_field;
	f->controller = f->by_field ? f->by_field->controller : NULL;
	f->claimed = f->field_present;
	/* Contour and NGINX Inc. compare class names: the IngressClass need not exist. */
	const struct rt_controller *named = rt_controller_of_annotation(f->class_name);
	if (f->claimed == RT_NO && named && named->matches_class_name)
		f->claimed = RT_UNKNOWN;
}

static const struct rt_controller *annotation_controller(const struct rt_ingress_fact *f)
{
	return f->by_annotation ? f->by_annotation->controller
				: rt_controller_of_annotation(f->annotation);
}

static void take_annotation(struct rt_ingress_fact *f)
{
	f->source = RT_CLASS_BY_ANNOTATION;
	f->class_name = f->annotation;
	f->class_fact = f->by_annotation;
	f->controller = annotation_controller(f);
	f->claimed = f->by_annotation || f->controller ? RT_YES : RT_UNKNOWN;
}

static const struct rt_controller *field_controller(const struct rt_ingress_fact *f)
{
	return f->by_field ? f->by_field->controller : NULL;
}

/* Beside an annotation that leads elsewhere: is the field followed, beside a field the annotation?
 * To who is not known the field is the API. */
static bool follows_field(const struct rt_controller *c)
{
	return !c || c->order != RT_CLASS_ANNOTATION_FIRST;
}

static bool follows_annotation(const struct rt_controller *c)
{
	return !c || c->order == RT_CLASS_ANNOTATION_FIRST || c->order == RT_CLASS_EITHER;
}

/* Both are set: who is asked decides. Where each of the two controllers follows what leads to the
 * other, nobody takes it. */
static void take_either(struct rt_ingress_fact *f)
{
	const struct rt_controller *by_field = field_controller(f);
	const struct rt_controller *by_annotation = annotation_controller(f);
	bool same = rt_streq(f->annotation, f->ingress->ingress_class_name) ||
		    (by_field && by_field == by_annotation);

	f->conflict = !same;
	if (same || follows_field(by_field)) {
		take_field(f);
		if (!same && by_field && follows_annotation(by_annotation))
			f->second = by_annotation;
		return;
	}
	take_annotation(f);
	if (!follows_annotation(by_annotation))
		f->claimed = RT_NO;
}

/* The flag that makes a controller take unclassed Ingresses is not seen, its work is: an address or
 * another trace of a writer in the status. */
static bool shows_a_writer(const struct rt_ingress *i)
{
	return i->load_balancer.len > 0 || i->obj.status_manager;
}

/* Which running controllers take an Ingress without class? */
static void take_unclassed(struct rt_analysis *an, struct rt_ingress_fact *f)
{
	const struct rt_unclassed_takers *t = rt_unclassed_takers_get(an);

	f->claimed = t->unread || (t->by_flag && shows_a_writer(f->ingress)) ? RT_UNKNOWN : RT_NO;
	if (t->v.len == 0)
		return;
	f->source = RT_CLASS_BY_CONTROLLER;
	f->controller = t->v.v[0];
	f->claimed = RT_YES;
	for (size_t i = 0; i < t->v.len; i++)
		rt_vec_push(&f->claimants, &an->arena, t->v.v[i]);
}

static void take_default(struct rt_analysis *an, struct rt_ingress_fact *f)
{
	struct rt_ingress_class_fact *d = default_class(an);

	/* In a cluster the default was applied at creation or never will be. */
	if (rt_store_mode(an->store) != RT_STORE_FILES && !f->ingress->obj.origin.overlay) {
		take_unclassed(an, f);
		return;
	}
	f->claimed = d ? RT_YES : RT_UNKNOWN;
	if (!d)
		return;
	f->source = RT_CLASS_BY_DEFAULT;
	f->class_name = d->ic->obj.name;
	f->class_fact = d;
	f->controller = d->controller;
}

/* The annotation of all, else one that a controller has for itself. */
static void annotation_init(struct rt_ingress_fact *f)
{
	const struct rt_controller *table;
	size_t n = rt_controllers(&table);

	f->annotation_key = RT_ANNOTATION_INGRESS_CLASS;
	f->annotation = ingress_annotation(f->ingress, f->annotation_key);
	for (size_t i = 0; !f->annotation && i < n; i++) {
		if (!table[i].class_annotation)
			continue;
		f->annotation_key = table[i].class_annotation;
		f->annotation = ingress_annotation(f->ingress, f->annotation_key);
	}
}

static void decide(struct rt_analysis *an, struct rt_ingress_fact *f)
{
	const char *field = f->ingress->ingress_class_name;
	struct rt_ref ref = {RT_GROUP_NETWORKING, "IngressClass", NULL, field};

	annotation_init(f);
	f->by_field = rt_ingress_class_fact_of(an, field);
	f->by_annotation = rt_ingress_class_fact_of(an, f->annotation);
	/* Classes come with the cluster, not with the manifests of an application: their absence
	 * from manifests says nothing even where the world is closed. */
	f->field_present = field ? rt_store_find(an->store, ref, NULL) : RT_NO;
	if (field && f->annotation)
		take_either(f);
	else if (field)
		take_field(f);
	else if (f->annotation)
		take_annotation(f);
	else
		take_default(an, f);
	if (f->class_fact)
		rt_vec_push(&f->class_fact->ingresses, &an->arena, f);
}

/* ---------------------------------------------------------------- backends */

static bool uses_annotation(const struct rt_ingress_backend_fact *b)
{
	const struct rt_ingress_service *s = b->spec->service;
	char key[320];

	if (!s || !rt_streq(s->port.name, "use-annotation") || !s->name)
		return false;
	snprintf(key, sizeof(key), "%s%s", ALB_ACTIONS, s->name);
	return ingress_annotation(b->ingress->ingress, key) != NULL;
}

static const struct rt_service_port *port_find(
    const struct rt_service *s, const struct rt_service_port_ref *want)
{
	for (size_t i = 0; i < s->ports.len; i++) {
		const struct rt_service_port *p = &s->ports.v[i];
		bool numbered = want->number != RT_INT_UNSET;
		if (numbered ? p->port == want->number
			     : want->name && want->name[0] && rt_streq(p->name, want->name))
			return p;
	}
	return NULL;
}

static void backend_fail(
    struct rt_ingress_backend_fact *b, enum rt_tri ok, enum rt_ingress_backend_fault fault)
{
	b->ok = ok;
	b->fault = ok == RT_YES ? RT_INGRESS_BACKEND_OK : fault;
}

/* ingress-nginx takes the number of the Ingress where an ExternalName has no such port. */
static bool needs_no_port(const struct rt_ingress_backend_fact *b)
{
	return rt_streq(b->service->service->type, "ExternalName") &&
	       b->spec->service->port.number != RT_INT_UNSET &&
	       rt_controller_is_nginx(b->ingress->controller);
}

static void backend_resolve(struct rt_analysis *an, struct rt_ingress_backend_fact *b)
{
	const struct rt_ingress_backend *s = b->spec;
	const char *ns = b->ingress->ingress->obj.ns;

	b->ok = RT_YES;
	b->by_annotation = uses_annotation(b);
	if (b->by_annotation)
		return;
	if (!s->service && !s->resource) {
		backend_fail(b, RT_NO, RT_INGRESS_BACKEND_EMPTY);
		return;
	}
	if (s->service)
		b->ref_to =
		    (struct rt_ref){"", "Service", ns, s->service->name ? s->service->name : ""};
	else
		b->ref_to = rt_ref_resolve(s->resource, ns);
	b->ref_to.ns = ns;
	backend_fail(b, rt_analysis_find(an, b->ref_to, &b->obj), RT_INGRESS_BACKEND_ABSENT);
	if (!s->service || b->ok != RT_YES)
		return;
	b->service = rt_service_fact_of(an, ns, b->ref_to.name);
	if (b->service)
		b->port = port_find(b->service->service, &s->service->port);
	if (b->service && !b->port && !needs_no_port(b))
		backend_fail(b, RT_NO, RT_INGRESS_BACKEND_PORT);
}

static void backend_add(struct rt_analysis *an, struct rt_ingress_fact *f, int rule, int path,
    const struct rt_ingress_backend *spec)
{
	struct rt_ingress_backend_fact b = {.ingress = f, .rule = rule, .path = path, .spec = spec};

	backend_resolve(an, &b);
	rt_vec_push(&f->backends, &an->arena, b);
}

static size_t count_paths(const struct rt_ingress *ing)
{
	size_t n = ing->default_backend ? 1 : 0;

	for (size_t i = 0; i < ing->rules.len; i++)
		n += ing->rules.v[i].paths.len;
	return n;
}

static void backends_init(struct rt_analysis *an, struct rt_ingress_fact *f)
{
	const struct rt_ingress *ing = f->ingress;

	RT_VEC_RESERVE(&f->backends, &an->arena, count_paths(ing));
	for (size_t i = 0; i < ing->rules.len; i++)
		for (size_t k = 0; k < ing->rules.v[i].paths.len; k++)
			backend_add(an, f, (int)i, (int)k, &ing->rules.v[i].paths.v[k].backend);
	if (ing->default_backend)
		backend_add(an, f, -1, -1, ing->default_backend);
	for (size_t i = 0; i < f->backends.len; i++) {
		struct rt_ingress_backend_fact *b = &f->backends.v[i];
		if (!b->service)
			continue;
		rt_vec_push(&b->service->ingress_backends, &an->arena, b);
		b->service->routed = b->service->routed || f->claimed != RT_NO;
	}
}

const char *rt_ingress_backend_field(struct rt_arena *a, const struct rt_ingress_backend_fact *b)
{
	if (b->rule < 0)
		return "spec.defaultBackend";
	return rt_arena_printf(a, "spec.rules[%d].http.paths[%d].backend", b->rule, b->path);
}

/* ---------------------------------------------------------------- Secrets */

/* Annotations that name a certificate outside the cluster (controllers §5). */
static bool certificate_by_annotation(const struct rt_ingress *ing)
{
	static const char *const keys[] = {
	    "alb.ingress.kubernetes.io/certificate-arn",
	    "ingress.gcp.kubernetes.io/pre-shared-cert",
	    "networking.gke.io/managed-certificates",
	    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(keys); i++)
		if (ingress_annotation(ing, keys[i]))
			return true;
	return false;
}

static void secrets_init(struct rt_analysis *an, struct rt_ingress_fact *f)
{
	const struct rt_obj *o = &f->ingress->obj;
	struct rt_referrer from = {o->group, o->kind_name, o->ns, NULL};

	for (size_t i = 0; i < f->ingress->tls.len; i++) {
		const char *name = f->ingress->tls.v[i].secret_name;
		if (!name || !name[0])
			continue;
		struct rt_object_ref spec = {"", "Secret", NULL, name};
		struct rt_ref_fact r;
		rt_ref_secret(an, &from, &spec, &r);
		r.index = i;
		rt_vec_push(&f->secrets, &an->arena, r);
	}
}

/* ---------------------------------------------------------------- pass */

static void ingress_init(struct rt_analysis *an, const struct rt_obj *o)
{
	struct rt_ingress_fact *f = rt_arena_new(&an->arena, struct rt_ingress_fact);

	f->ingress = (const struct rt_ingress *)o;
	decide(an, f);
	f->certificates_elsewhere = (f->controller && f->controller->certificates_elsewhere) ||
				    certificate_by_annotation(f->ingress);
	f->acme_solver = strncmp(o->name, "cm-acme-http-solver-", 20) == 0;
	f->canary = rt_streq(ingress_annotation(f->ingress, ANNOTATION_CANARY), "true");
	backends_init(an, f);
	secrets_init(an, f);
	rt_vec_push(&an->ingresses, &an->arena, f);
}

bool rt_ingresses_resolve(struct rt_analysis *an, size_t *at)
{
	rt_slice_begin(an, *at, RT_KIND_INGRESS, RT_KIND_INGRESS);
	for (size_t end = rt_slice_end(an, *at); *at < end; ++*at)
		ingress_init(an, an->priv->list[*at]);
	return *at == an->priv->list_len;
}
