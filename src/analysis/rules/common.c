/* SPDX-License-Identifier: Apache-2.0 */
/*
 * common.c - what rules have in common: names in messages, settled and current (findings §1), and
 * the planes behind a class, which several rules ask for.
 */
#include "config.h"

#include "../rules.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/map.h"
#include "rutter/nearest.h"
#include "rutter/utf8.h"
#include "rutter/want.h"

#define SETTLE_S 60

const char *rt_fmt(struct rt_check *c, const char *fmt, ...)
{
	const char *ret;
	va_list ap;

	va_start(ap, fmt);
	ret = rt_arena_vprintf(&c->work, fmt, ap);
	va_end(ap);
	return ret;
}

const char *rt_ref_name(struct rt_check *c, struct rt_ref ref)
{
	return rt_ref_text(&c->work, ref);
}

const char *rt_name(struct rt_check *c, const struct rt_obj *obj)
{
	return rt_obj_text(&c->work, obj);
}

const char *rt_path_name(struct rt_check *c, const struct rt_obj *obj)
{
	return obj->ns ? rt_fmt(c, "%s/%s", obj->ns, obj->name) : obj->name;
}

const char *rt_quote_condition(struct rt_check *c, const struct rt_condition *cond)
{
	struct rt_buf b = {0};
	const char *ret;

	rt_buf_puts(&b, "(");
	rt_clean_cut(&b, cond->reason ? cond->reason : "no reason", 60, false);
	if (cond->message && *cond->message) {
		rt_buf_puts(&b, ": \"");
		rt_clean_cut(&b, cond->message, 70, false);
		rt_buf_puts(&b, "\"");
	}
	rt_buf_puts(&b, ")");
	ret = rt_arena_strdup(&c->work, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

const char *rt_listed(struct rt_check *c, const rt_lines *words, size_t max)
{
	struct rt_buf b = {0};
	const char *ret;

	for (size_t i = 0; i < words->len && i < max; i++)
		rt_buf_printf(&b, "%s%s", i ? ", " : "", words->v[i]);
	if (words->len > max)
		rt_buf_printf(&b, " and %zu more", words->len - max);
	ret = rt_arena_strdup(&c->work, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

const char *rt_port_numbers(struct rt_check *c, const struct rt_service *s, int64_t wanted)
{
	rt_lines words = {0};

	for (size_t i = 0; i < s->ports.len; i++) {
		const struct rt_service_port *p = &s->ports.v[i];
		bool led_to = wanted != RT_INT_UNSET && p->target_port.number == wanted;

		rt_vec_push(&words, &c->work,
		    led_to ? rt_fmt(c, "%lld \xe2\x86\x92 targetPort %lld", (long long)p->port,
				 (long long)wanted)
			   : rt_fmt(c, "%lld", (long long)p->port));
	}
	return words.len ? rt_listed(c, &words, 5) : "it has none";
}

const char *rt_missing(const struct rt_check *c, struct rt_ref ref, enum rt_tri holds)
{
	if (holds == RT_YES)
		return "does not exist";
	return rt_store_mode(c->store) == RT_STORE_FILES && !rt_store_is_broken(c->store, ref)
		   ? "is not in the input"
		   : "could not be read";
}

/* The first object of each name, in the store's order: a cluster full of missing Services asks
 * often. */
static struct rt_map *names_of(struct rt_check *c, enum rt_kind k)
{
	const struct rt_obj *const *v;
	size_t n;

	if (c->names[k].len > 0)
		return &c->names[k];
	n = rt_store_list(c->store, k, &v);
	for (size_t i = 0; i < n; i++)
		if (!rt_map_get(&c->names[k], v[i]->name))
			rt_map_set(&c->names[k], v[i]->name, (void *)(uintptr_t)v[i]);
	return &c->names[k];
}

/* Where the objects of a namespace begin in a list sorted by namespace. */
static size_t first_in(const struct rt_obj *const *v, size_t n, const char *ns)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(v[middle]->ns ? v[middle]->ns : "", ns ? ns : "") < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same name in another namespace, else the nearest name in the same one. */
const char *rt_suggest(struct rt_check *c, struct rt_ref missing)
{
	enum rt_kind k = rt_kind_of(missing.group, missing.kind);
	struct rt_nearest near = {.wrong = missing.name};
	const struct rt_obj *const *v, *same;
	size_t n;

	if (k == RT_KIND_OTHER)
		return "";
	same = rt_map_get(names_of(c, k), missing.name);
	if (same)
		return rt_fmt(c, " (%s does)", rt_path_name(c, same));
	n = rt_store_list(c->store, k, &v);
	for (size_t i = first_in(v, n, missing.ns); i < n && rt_streq(v[i]->ns, missing.ns); i++)
		rt_nearest_offer(&near, v[i]->name);
	return near.word ? rt_fmt(c, " (%s does)", near.word) : "";
}

const char *rt_ago(struct rt_check *c, int64_t since)
{
	int64_t s;

	if (since == RT_TIME_UNSET || since > c->in.now)
		return "";
	s = c->in.now - since;
	if (s < 120)
		return rt_fmt(c, "%lld s", (long long)s);
	if (s < 2 * 3600)
		return rt_fmt(c, "%lld min", (long long)(s / 60));
	if (s < 48 * 3600)
		return rt_fmt(c, "%lld h", (long long)(s / 3600));
	return rt_fmt(c, "%lld days", (long long)(s / 86400));
}

/* ---------------------------------------------------------------- settled and current */

int64_t rt_last_change(const struct rt_check *c, const struct rt_obj *obj)
{
	int64_t seen = c->in.first_seen ? c->in.first_seen(c->in.ctx, obj) : RT_TIME_UNSET;
	int64_t ret = obj->created > obj->spec_time ? obj->created : obj->spec_time;

	/* The write time of the spec is exact where there is one; else the first sight bounds it.
	 */
	return obj->spec_time == RT_TIME_UNSET && seen > ret ? seen : ret;
}

int64_t rt_last_edit(const struct rt_check *c, const struct rt_obj *obj)
{
	if (obj->spec_time != RT_TIME_UNSET)
		return obj->spec_time;
	if (obj->generation <= 1)
		return rt_last_change(c, obj);
	return c->in.first_seen ? c->in.first_seen(c->in.ctx, obj) : RT_TIME_UNSET;
}

bool rt_settled(const struct rt_check *c, const struct rt_obj *obj)
{
	int64_t t = rt_last_change(c, obj);

	return t == RT_TIME_UNSET || c->in.now - t >= SETTLE_S;
}

bool rt_current(const struct rt_obj *obj, const struct rt_condition *cond)
{
	return cond->observed_generation == obj->generation;
}

const struct rt_condition *rt_current_condition(
    const struct rt_obj *obj, rt_conditions conds, const char *type)
{
	const struct rt_condition *cond = rt_condition_find(conds, type);

	return cond && rt_current(obj, cond) ? cond : NULL;
}

bool rt_condition_is(const struct rt_condition *cond, const char *status)
{
	return cond && cond->status && strcmp(cond->status, status) == 0;
}

/* A manifest says what is wanted; that it carries no status means nothing. One with a uid was
 * printed from a server. */
bool rt_observed(const struct rt_check *c, const struct rt_obj *obj)
{
	return !obj->origin.overlay &&
	       (rt_store_mode(c->store) != RT_STORE_FILES || obj->uid != NULL);
}

bool rt_unapplied(const struct rt_check *c, const struct rt_obj *obj)
{
	return obj->origin.overlay ||
	       (rt_store_mode(c->store) == RT_STORE_FILES && obj->origin.file && !obj->uid);
}

bool rt_pods_refused(struct rt_check *c, const char *ns, const char *selectors)
{
	struct rt_want want = {.type = RT_WANT_PODS, .ns = ns};

	if (rt_scope_in_vain(rt_store_scope(c->store, "", "Pod", ns, NULL)))
		return true;
	for (const char *bar; selectors; selectors = bar ? bar + 3 : NULL) {
		bar = strstr(selectors, " | ");
		want.selector =
		    bar ? rt_arena_strndup(&c->work, selectors, (size_t)(bar - selectors))
			: selectors;
		if (rt_scope_in_vain(rt_store_answer(c->store, rt_want_key(&c->work, &want), NULL)))
			return true;
	}
	return false;
}

bool rt_endpoints_told(const struct rt_check *c, const struct rt_service_fact *sf)
{
	return rt_store_mode(c->store) != RT_STORE_FILES || sf->slices.len ||
	       !sf->service->selector.len;
}

/* ---------------------------------------------------------------- Secrets still to be made */

static const char *secret_key(struct rt_check *c, const char *ns, const char *name)
{
	return rt_fmt(c, "%s/%s", ns ? ns : "", name);
}

static void look_at_others(struct rt_check *c)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(c->store, RT_KIND_OTHER, &v);

	for (size_t i = 0; !c->others_looked_at && i < n; i++) {
		const struct rt_other *o = (const struct rt_other *)v[i];

		if (o->template_labels.len)
			rt_vec_push(&c->pod_makers, &c->arena, o);
		if (!rt_streq(v[i]->group, "cert-manager.io") ||
		    !rt_streq(v[i]->kind_name, "Certificate"))
			continue;
		/* By name alone where no more than the metadata was read. */
		rt_map_set(&c->certificates,
		    secret_key(c, v[i]->ns, o->secret_name ? o->secret_name : v[i]->name),
		    (void *)(uintptr_t)v[i]);
	}
	c->others_looked_at = true;
}

bool rt_other_makes_pods(struct rt_check *c, const char *ns, struct rt_pairs labels)
{
	look_at_others(c);
	for (size_t i = 0; i < c->pod_makers.len; i++)
		if (rt_streq(c->pod_makers.v[i]->obj.ns, ns) &&
		    rt_labels_hold(labels, c->pod_makers.v[i]->template_labels))
			return true;
	return false;
}

struct rt_secret_maker rt_secret_maker_of(
    struct rt_check *c, const struct rt_obj *user, struct rt_ref secret)
{
	static const char *const keys[] = {
	    "cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme"};
	struct rt_secret_maker ret = {0};

	look_at_others(c);
	ret.certificate = rt_map_get(&c->certificates, secret_key(c, secret.ns, secret.name));
	for (size_t i = 0; !ret.annotation && i < RT_ARRAY_LEN(keys); i++)
		if (rt_pairs_get(user->annotations, keys[i]))
			ret.annotation = keys[i];
	return ret;
}

enum rt_tri rt_secret_missing(struct rt_check *c, const struct rt_obj *user,
    const struct rt_secret_maker *maker, enum rt_tri absent)
{
	bool to_be_made = maker->annotation || maker->certificate;

	return absent == RT_YES && to_be_made && rt_unapplied(c, user) ? RT_UNKNOWN : absent;
}

void rt_relate_maker(struct rt_finding *f, const struct rt_secret_maker *maker)
{
	struct rt_check *c;

	if (!f)
		return;
	c = f->note->check;
	if (maker->annotation)
		rt_because(f, "annotation %s asks cert-manager for it", maker->annotation);
	if (!maker->certificate)
		return;
	rt_because(f, "%s makes it", rt_name(c, maker->certificate));
	rt_relate_obj(f, maker->certificate);
	rt_advise(f, "Look why %s has not issued the Secret", rt_name(c, maker->certificate));
}

enum rt_tri rt_tri_not(enum rt_tri t)
{
	return t == RT_UNKNOWN ? RT_UNKNOWN : t == RT_YES ? RT_NO : RT_YES;
}

/* ---------------------------------------------------------------- planes, each looked up once */

const struct rt_control_plane *rt_plane_of(struct rt_check *c, const struct rt_controller *ctl)
{
	struct rt_control_plane *ret = rt_map_get(&c->control_planes, ctl ? ctl->id : "");

	if (!ret) {
		ret = rt_arena_new(&c->arena, struct rt_control_plane);
		rt_control_plane_of(c->an, ctl, ret);
		rt_map_set(&c->control_planes, ctl ? ctl->id : "", ret);
	}
	return ret;
}

const struct rt_data_plane *rt_plane_of_gateway(
    struct rt_check *c, const struct rt_gateway_fact *gw)
{
	const char *key = rt_path_name(c, &gw->gateway->obj);
	struct rt_data_plane *ret = rt_map_get(&c->data_planes, key);

	if (!ret) {
		ret = rt_arena_new(&c->arena, struct rt_data_plane);
		rt_data_plane_of_gateway(c->an, gw, &c->arena, ret);
		rt_map_set(&c->data_planes, key, ret);
	}
	return ret;
}

/* Ingresses of one class and address share a data plane. */
const struct rt_data_plane *rt_plane_of_ingress(
    struct rt_check *c, const struct rt_ingress_fact *in)
{
	const struct rt_lb_ingress *lb =
	    in->ingress->load_balancer.len ? in->ingress->load_balancer.v : NULL;
	const char *key = rt_fmt(c, "\x1f%s\x1f%s\x1f%s", in->class_name ? in->class_name : "",
	    lb && lb->ip ? lb->ip : "", lb && lb->hostname ? lb->hostname : "");
	struct rt_data_plane *ret = rt_map_get(&c->data_planes, key);

	if (!ret) {
		ret = rt_arena_new(&c->arena, struct rt_data_plane);
		rt_data_plane_of_ingress(c->an, in, &c->arena, ret);
		rt_map_set(&c->data_planes, key, ret);
	}
	return ret;
}

/* ---------------------------------------------------------------- ties */

void rt_tie_class(struct rt_finding *f, const struct rt_gateway_class *gc)
{
	if (!f || !gc)
		return;
	rt_tie(f, RT_TIE_CLASS, gc->obj.name);
	rt_tie(f, RT_TIE_CONTROLLER, gc->controller_name);
}

void rt_tie_gateway(struct rt_finding *f, const struct rt_gateway_fact *gw)
{
	if (!f || !gw)
		return;
	rt_tie(f, RT_TIE_GATEWAY, rt_path_name(f->note->check, &gw->gateway->obj));
	if (gw->class_fact)
		rt_tie_class(f, gw->class_fact->gc);
	else
		rt_tie(f, RT_TIE_CLASS, gw->gateway->gateway_class_name);
}

void rt_tie_set(struct rt_finding *f, const struct rt_listener_set_fact *set)
{
	if (!f || !set)
		return;
	rt_tie(f, RT_TIE_SET, rt_path_name(f->note->check, &set->set->obj));
	rt_tie_gateway(f, set->gateway);
}

void rt_tie_listener(struct rt_finding *f, const struct rt_listener_fact *l)
{
	struct rt_check *c;

	if (!f)
		return;
	c = f->note->check;
	rt_tie(f, RT_TIE_LISTENER,
	    rt_fmt(c, "%s %s", rt_name(c, l->owner), l->spec->name ? l->spec->name : ""));
	if (l->set)
		rt_tie_set(f, l->set);
	else
		rt_tie_gateway(f, l->gateway);
}

void rt_tie_parent(struct rt_finding *f, const struct rt_parent_fact *p)
{
	struct rt_check *c;
	const char *route;

	if (!f)
		return;
	c = f->note->check;
	route = rt_name(c, &p->route->route->obj);
	rt_tie(f, RT_TIE_ROUTE, route);
	rt_tie(f, RT_TIE_PARENT, rt_fmt(c, "%s %zu", route, p->index));
	if (p->set)
		rt_tie_set(f, p->set);
	else
		rt_tie_gateway(f, p->gateway);
}

void rt_tie_backend(struct rt_finding *f, const struct rt_backend_fact *b)
{
	struct rt_check *c;
	const char *route;

	if (!f)
		return;
	c = f->note->check;
	route = rt_name(c, &b->route->route->obj);
	rt_tie(f, RT_TIE_ROUTE, route);
	rt_tie(f, RT_TIE_REF, rt_fmt(c, "%s > %s", route, rt_ref_name(c, b->ref_to)));
	if (!b->service)
		return;
	rt_tie(f, RT_TIE_SERVICE, rt_path_name(c, &b->service->service->obj));
	rt_tie(f, RT_TIE_PORT,
	    rt_fmt(c, "%s %lld", rt_path_name(c, &b->service->service->obj),
		(long long)b->spec->port));
}
