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
#include "rutter/utf8.h"

#define SETTLE_S 60

const char *rt_fmt(struct rt_check *c, const char *fmt, ...)
{
	const char *ret;
	va_list ap;

	va_start(ap, fmt);
	ret = rt_arena_vprintf(&c->arena, fmt, ap);
	va_end(ap);
	return ret;
}

const char *rt_ref_name(struct rt_check *c, struct rt_ref ref)
{
	return rt_ref_text(&c->arena, ref);
}

const char *rt_name(struct rt_check *c, const struct rt_obj *obj)
{
	return rt_obj_text(&c->arena, obj);
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
	ret = rt_arena_strdup(&c->arena, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

const char *rt_nearest(const char *wrong, const char *const *names, size_t count)
{
	size_t best = strlen(wrong) / 3 + 1;
	const char *ret = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t d = rt_edit_distance(wrong, names[i]);

		if (d < best || (d == best && !ret)) {
			best = d;
			ret = names[i];
		}
	}
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
	ret = rt_arena_strdup(&c->arena, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
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

/* Manifests say what is wanted; that they carry no status means nothing. */
bool rt_has_status(const struct rt_check *c, const struct rt_obj *obj)
{
	return rt_store_mode(c->store) == RT_STORE_CLUSTER && !obj->origin.overlay;
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
		rt_control_plane_of(c->an, ctl, &c->arena, ret);
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
