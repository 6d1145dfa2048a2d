/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ingress_path.c - rules about paths of several Ingresses that compete for one host
 * (controllers §3, §4).
 */
#include "config.h"

#include "../predicate.h"
#include "../rules.h"

#include "rutter/map.h"

#define NGINX "nginx.ingress.kubernetes.io/"

struct claim {
	const struct rt_ingress_fact *in;
	size_t rule, path;
};

static const char *host_of(const struct rt_ingress_rule *r)
{
	return r->host ? r->host : "";
}

/* What counts as one table of hosts: the class, or an ALB group of Ingresses. */
static const char *table_of(struct rt_check *c, const struct rt_ingress_fact *in)
{
	const char *join = in->controller ? in->controller->group_annotation : NULL;
	const char *group = join ? rt_pairs_get(in->ingress->obj.annotations, join) : NULL;

	if (group)
		return rt_fmt(c, "group %s", group);
	if (in->class_fact)
		return rt_fmt(c, "class %s", in->class_fact->ic->obj.name);
	return in->class_name ? rt_fmt(c, "class %s", in->class_name) : NULL;
}

/* Controllers of which it is known that the oldest Ingress wins (controllers §3, §4). */
static bool oldest_wins(const struct rt_controller *row)
{
	return row && rt_controller_lists("ingress-nginx nginx-ingress", row->id);
}

/* ---------------------------------------------------------------- IN11 */

static void duplicate(struct rt_check *c, const struct claim *win, const struct claim *lose)
{
	const struct rt_obj *w = &win->in->ingress->obj, *l = &lose->in->ingress->obj;
	const struct rt_ingress_rule *rule = &lose->in->ingress->rules.v[lose->rule];
	const struct rt_ingress_path *path = &rule->paths.v[lose->path];
	bool aged = w->created != RT_TIME_UNSET && l->created != RT_TIME_UNSET;
	struct rt_finding *f = rt_raise(
	    c, RT_F_IN11, RT_YES, l, "spec.rules[%zu].http.paths[%zu]", lose->rule, lose->path);
	const char *which = "; which wins is up to the controller";

	if (oldest_wins(lose->in->controller))
		which = !aged                      ? "; the older of them wins"
			: w->created != l->created ? ", which is older and wins"
						   : ", which sorts first and wins";
	rt_tie(f, RT_TIE_INGRESS, rt_name(c, l));
	rt_relate_obj(f, w);
	rt_group(f, "%s", rt_name(c, w));
	rt_say(f, "%s%s (%s) is also in %s%s", *host_of(rule) ? host_of(rule) : "*",
	    rt_ingress_path_value(path), rt_ingress_path_type(path), rt_name(c, w), which);
}

static void claim_paths(struct rt_check *c, struct rt_map *seen, const struct rt_ingress_fact *in)
{
	const char *table = table_of(c, in);

	for (size_t i = 0; table && i < in->ingress->rules.len; i++) {
		const struct rt_ingress_rule *r = &in->ingress->rules.v[i];

		for (size_t k = 0; k < r->paths.len; k++) {
			const char *key = rt_fmt(c, "%s\x1f%s\x1f%s", table, host_of(r),
			    rt_ingress_predicate_key(&c->work, &r->paths.v[k]));
			struct claim *first = rt_map_get(seen, key);
			struct claim mine = {in, i, k};

			if (first) {
				if (first->in != in)
					duplicate(c, first, &mine);
				continue;
			}
			first = rt_arena_new(&c->work, struct claim);
			*first = mine;
			rt_map_set(seen, key, first);
		}
	}
}

static int by_age(const void *a, const void *b)
{
	const struct rt_ingress_fact *const *x = a, *const *y = b;

	return rt_obj_age_cmp(&(*x)->ingress->obj, &(*y)->ingress->obj);
}

typedef RT_VEC(const struct rt_ingress_fact *) ingress_list;

/* Those that stand for themselves, oldest first. */
static ingress_list standing(struct rt_check *c)
{
	ingress_list ret = {0};

	for (size_t i = 0; i < c->an->ingresses.len; i++)
		if (!c->an->ingresses.v[i]->canary && !c->an->ingresses.v[i]->acme_solver)
			rt_vec_push(&ret, &c->work, c->an->ingresses.v[i]);
	rt_vec_sort(&ret, by_age);
	return ret;
}

void rt_check_IN11(struct rt_check *c)
{
	ingress_list all = standing(c);
	struct rt_map seen = {0};

	for (size_t i = 0; i < all.len; i++)
		claim_paths(c, &seen, all.v[i]);
	rt_map_done(&seen);
}

/* ---------------------------------------------------------------- IN12 */

/* All paths of one host, by the Ingresses that spread expressions over it and those that do not. */
struct host {
	const char *name;
	ingress_list spreading, victims;
	size_t paths;
	const struct rt_ingress_path *example; /* of the first victim */
};
typedef RT_VEC(struct host *) host_list;

static struct host *host_named(struct rt_check *c, struct rt_map *m, host_list *l, const char *name)
{
	struct host *h = rt_map_get(m, name);

	if (!h) {
		h = rt_arena_new(&c->work, struct host);
		h->name = name;
		rt_map_set(m, name, h);
		rt_vec_push(l, &c->work, h);
	}
	return h;
}

static void list_once(struct rt_check *c, ingress_list *l, const struct rt_ingress_fact *in)
{
	if (!l->len || l->v[l->len - 1] != in)
		rt_vec_push(l, &c->work, in);
}

/* A rewrite-target may differ from the paths of one host and be the path of another. */
static bool spreads_on(const struct rt_ingress *ing, const char *host)
{
	for (size_t i = 0; i < ing->rules.len; i++)
		for (size_t k = 0; k < ing->rules.v[i].paths.len; k++)
			if (rt_streq(host_of(&ing->rules.v[i]), host) &&
			    rt_nginx_path_spreads(ing, &ing->rules.v[i].paths.v[k]))
				return true;
	return false;
}

static void sort_into_hosts(
    struct rt_check *c, struct rt_map *m, host_list *l, const struct rt_ingress_fact *in)
{
	for (size_t i = 0; i < in->ingress->rules.len; i++) {
		const struct rt_ingress_rule *r = &in->ingress->rules.v[i];
		struct host *h = host_named(c, m, l, host_of(r));
		bool spreads = spreads_on(in->ingress, h->name);

		h->paths += r->paths.len;
		if (!spreads && !h->example && r->paths.len)
			h->example = &r->paths.v[0];
		if (r->paths.len)
			list_once(c, spreads ? &h->spreading : &h->victims, in);
	}
}

static const char *spreading_annotation(const struct rt_ingress_fact *in)
{
	return rt_streq(rt_nginx_annotation(in->ingress, "use-regex"), "true") ? "use-regex"
									       : "rewrite-target";
}

static void spreads_over(struct rt_check *c, const struct host *h, const struct rt_ingress_fact *in)
{
	const char *annotation = spreading_annotation(in);
	struct rt_finding *f = rt_raise(c, RT_F_IN12, RT_YES, &in->ingress->obj,
	    "metadata.annotations['" NGINX "%s']", annotation);

	rt_tie(f, RT_TIE_INGRESS, rt_name(c, &in->ingress->obj));
	rt_group(f, "%s", h->name);
	for (size_t i = 0; i < h->victims.len; i++)
		rt_relate_obj(f, &h->victims.v[i]->ingress->obj);
	rt_say(f,
	    "%s on %s makes all %zu paths of %s case-insensitive prefix expressions, also %s %s of "
	    "%s",
	    annotation, rt_name(c, &in->ingress->obj), h->paths, *h->name ? h->name : "every host",
	    rt_ingress_path_type(h->example), rt_ingress_path_value(h->example),
	    rt_name(c, &h->victims.v[0]->ingress->obj));
}

void rt_check_IN12(struct rt_check *c)
{
	struct rt_map by_name = {0};
	host_list hosts = {0};

	for (size_t i = 0; i < c->an->ingresses.len; i++) {
		const struct rt_ingress_fact *in = c->an->ingresses.v[i];

		if (rt_controller_is_nginx(in->controller) && !in->canary && !in->acme_solver)
			sort_into_hosts(c, &by_name, &hosts, in);
	}
	for (size_t i = 0; i < hosts.len; i++)
		for (size_t k = 0; hosts.v[i]->victims.len && k < hosts.v[i]->spreading.len; k++)
			spreads_over(c, hosts.v[i], hosts.v[i]->spreading.v[k]);
	rt_map_done(&by_name);
}
