/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingressclass.c - rules about IngressClasses. Whether their controllers run is in controller.c.
 */
#include "config.h"

#include "../rules.h"

static int by_age(const void *a, const void *b)
{
	const struct rt_ingress_class_fact *const *x = a, *const *y = b;

	return rt_obj_age_cmp(&(*x)->ic->obj, &(*y)->ic->obj);
}

void rt_check_IC01(struct rt_check *c)
{
	RT_VEC(const struct rt_ingress_class_fact *) defaults = {0};
	const struct rt_obj *newest;
	rt_lines names = {0};
	struct rt_finding *f;

	for (size_t i = 0; i < c->an->ingress_classes.len; i++)
		if (c->an->ingress_classes.v[i]->is_default)
			rt_vec_push(&defaults, &c->work, c->an->ingress_classes.v[i]);
	if (defaults.len < 2)
		return;
	rt_vec_sort(&defaults, by_age);
	f = rt_raise(c, RT_F_IC01, RT_YES, &defaults.v[0]->ic->obj, "metadata.annotations['%s']",
	    RT_ANNOTATION_DEFAULT_CLASS);
	for (size_t i = 0; i < defaults.len; i++) {
		rt_vec_push(&names, &c->work, defaults.v[i]->ic->obj.name);
		rt_relate_obj(f, &defaults.v[i]->ic->obj);
	}
	newest = &defaults.v[defaults.len - 1]->ic->obj;
	rt_say(f, "IngressClasses %s are %s default; unclassed Ingresses are refused or go to %s",
	    names.len == 2 ? rt_fmt(c, "%s and %s", names.v[0], names.v[1])
			   : rt_listed(c, &names, 4),
	    defaults.len == 2 ? "both" : "all",
	    newest->created == RT_TIME_UNSET ? "the newest of them"
					     : rt_fmt(c, "%s, the newest", newest->name));
}

void rt_check_IC03(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->ingress_classes.len; i++) {
		const struct rt_ingress_class_fact *cf = c->an->ingress_classes.v[i];
		enum rt_tri holds = cf->parameters ? rt_tri_not(cf->parameters->ok) : RT_NO;
		struct rt_finding *f =
		    rt_raise(c, RT_F_IC03, holds, &cf->ic->obj, "spec.parameters");

		if (f)
			rt_say(f, "%s names %s, which %s", rt_name(c, &cf->ic->obj),
			    rt_ref_name(c, cf->parameters->ref),
			    rt_missing(c, cf->parameters->ref, holds));
	}
}

/* Traefik serves the classes of ingress-nginx too, so the class alone does not tell. */
bool rt_traefik_may_serve(struct rt_check *c, const struct rt_controller *row)
{
	const struct rt_controller *traefik = rt_controller_by_id("traefik");
	const struct rt_control_plane *own = rt_plane_of(c, row);

	return row->retired && own->known == RT_YES && !own->pods.len && traefik &&
	       rt_plane_of(c, traefik)->pods.len > 0;
}

void rt_check_IC07(struct rt_check *c)
{
	for (size_t i = 0; i < c->an->ingress_classes.len; i++) {
		const struct rt_ingress_class_fact *cf = c->an->ingress_classes.v[i];
		size_t n = cf->ingresses.len;
		struct rt_finding *f;

		if (!cf->controller || !cf->controller->retired || !n ||
		    rt_traefik_may_serve(c, cf->controller))
			continue;
		f = rt_raise(c, RT_F_IC07, RT_YES, &cf->ic->obj, "spec.controller");
		rt_say(f,
		    "%s belongs to ingress-nginx, retired in March 2026; %zu Ingress%s no further "
		    "fixes",
		    rt_name(c, &cf->ic->obj), n, n == 1 ? " gets" : "es get");
		for (size_t k = 0; k < n; k++)
			rt_relate_obj(f, &cf->ingresses.v[k]->ingress->obj);
	}
}
