/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discover.c - which kinds the server has, and a reader for each: at the start, when the user asks
 * anew, and of a live source from time to time, for CRDs come, go and change their versions.
 */
#include "config.h"

#include <string.h>

#include "cluster_int.h"
#include "rutter/buf.h"
#include "rutter/mem.h"

#define RETRY_FIRST_MS 1000
#define RETRY_MAX_MS 30000

/* What is listed and watched; in this order, so that the tree fills from its root. */
static const enum rt_kind listed[] = {
    RT_KIND_NAMESPACE,
    RT_KIND_GATEWAY_CLASS,
    RT_KIND_GATEWAY,
    RT_KIND_LISTENER_SET,
    RT_KIND_INGRESS_CLASS,
    RT_KIND_HTTP_ROUTE,
    RT_KIND_INGRESS,
    RT_KIND_SERVICE,
    RT_KIND_ENDPOINT_SLICE,
    RT_KIND_GRPC_ROUTE,
    RT_KIND_TLS_ROUTE,
    RT_KIND_TCP_ROUTE,
    RT_KIND_UDP_ROUTE,
    RT_KIND_REFERENCE_GRANT,
    RT_KIND_BACKEND_TLS_POLICY,
    RT_KIND_NETWORK_POLICY,
    RT_KIND_SECRET,
};

static const char *const groups[] = {
    "", RT_GROUP_GATEWAY, RT_GROUP_NETWORKING, RT_GROUP_DISCOVERY, "apiextensions.k8s.io"};

/* --- from discovery to readers ---------------------------------------------------------------- */

static void set_scope(
    struct rt_cluster *c, enum rt_kind k, enum rt_scope_state state, const char *why)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	rt_store_set_scope(
	    c->store, (struct rt_scope){
			  .group = info->group, .kind = info->kind, .state = state, .why = why});
}

static void note_versions(struct rt_cluster *c, enum rt_kind k)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	RT_AUTO_BUF struct rt_buf versions = {0};
	rt_discovery_versions(c->discovery, info->group, info->kind, &versions);
	if (versions.len)
		rt_store_set_served(c->store, info->group, info->kind, rt_buf_str(&versions));
}

static void not_understood(struct rt_cluster *c, enum rt_kind k)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	RT_AUTO_BUF struct rt_buf why = {0};
	const char *served = rt_store_served(c->store, info->group, info->kind);
	rt_buf_printf(&why, "the server serves %s in %s only; understood are %s", info->plural,
	    served ? served : "other versions", info->versions);
	set_scope(c, k, RT_SCOPE_FAILED, rt_buf_str(&why));
}

/* What became of a kind that has readers. They know best how it is; only where the server refuses
 * them does discovery count. */
static void renew_readers(
    struct rt_cluster *c, enum rt_kind k, enum rt_served served, const struct rt_api_resource *res)
{
	for (struct reader *r = c->readers; r; r = r->next) {
		if (r->decoder.kind != k || r->selector)
			continue;
		if (served == RT_SERVED_NOT || served == RT_SERVED_OTHERS)
			reader_not_served(r);
		else if (served == RT_SERVED && strcmp(r->decoder.version, res->version) != 0)
			reader_change_version(r, res);
		else if (served == RT_SERVED && !r->ns)
			reader_look_again(r);
	}
}

static bool has_reader(const struct rt_cluster *c, enum rt_kind k)
{
	for (const struct reader *r = c->readers; r; r = r->next)
		if (r->decoder.kind == k && !r->selector)
			return true;
	return false;
}

static void prepare_kind(struct rt_cluster *c, enum rt_kind k)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	const struct rt_api_resource *res = NULL;
	const char *why = NULL;
	enum rt_served served =
	    rt_discovery_find(c->discovery, info->group, info->kind, info->versions, &res, &why);
	note_versions(c, k);
	if (has_reader(c, k)) {
		renew_readers(c, k, served, res);
		return;
	}
	switch (served) {
	case RT_SERVED:
		if (res->can_list)
			reader_new(c, k, res, NULL);
		else
			set_scope(c, k, RT_SCOPE_FAILED, "the server does not list this kind");
		break;
	case RT_SERVED_OTHERS:
		not_understood(c, k);
		break;
	case RT_SERVED_NOT:
		set_scope(c, k, RT_SCOPE_ABSENT, NULL);
		break;
	case RT_SERVED_UNKNOWN:
		set_scope(c, k, RT_SCOPE_FAILED, why);
		c->some_unknown = true;
		break;
	}
}

/* The CRDs of the Gateway API kinds that are served: they tell release and channel. */
static void ask_crds(struct rt_cluster *c, const struct reader *r)
{
	const struct rt_kind_info *crd = rt_kind_info(RT_KIND_CRD);
	for (; r; r = r->next) {
		if (r->ns || strcmp(r->decoder.group, RT_GROUP_GATEWAY) != 0)
			continue;
		RT_AUTO_FREE char *name = rt_xprintf("%s.%s", r->plural, r->decoder.group);
		struct rt_want w = {.type = RT_WANT_OBJECT,
		    .ref = {.group = crd->group, .kind = crd->kind, .name = name}};
		rt_cluster_ask(c, &w, 1);
	}
}

static void wait_to_look(struct rt_cluster *c);

static void start_reading(struct rt_cluster *c)
{
	const struct reader *before = c->last_reader;
	c->some_unknown = false;
	c->groups_unseen = true;
	for (size_t i = 0; i < RT_ARRAY_LEN(listed); i++)
		prepare_kind(c, listed[i]);
	struct reader *fresh = before ? before->next : c->readers;
	if (fresh)
		c->settled = false;
	c->phase = PHASE_READING;
	heart_start(c);
	ask_crds(c, fresh);
	for (struct reader *r = fresh; r; r = r->next)
		reader_start(r);
	asks_run(c);
	wait_to_look(c);
	cluster_changed(c);
	cluster_check_settled(c);
}

/* --- the first load, and what the user asks anew ---------------------------------------------- */

static void on_loaded(void *ctx, enum rt_status status, const struct rt_error *err);

static void load(void *ctx)
{
	struct rt_cluster *c = ctx;
	discover_stop(c);
	c->phase = PHASE_DISCOVERY;
	rt_discovery_forget(c->discovery);
	rt_discovery_load(c->discovery, groups, RT_ARRAY_LEN(groups), on_loaded, c);
}

void discover_start(struct rt_cluster *c)
{
	load(c);
}

static void on_loaded(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct rt_cluster *c = ctx;
	c->connected = status == RT_OK;
	if (status == RT_OK) {
		c->err = (struct rt_error){0};
		c->retry_ms = 0;
		start_reading(c);
		return;
	}
	c->phase = PHASE_IDLE;
	c->err = *err;
	cluster_changed(c);
	if (!c->watch)
		return;
	c->retry_ms = c->retry_ms ? c->retry_ms * 2 : RETRY_FIRST_MS;
	if (c->retry_ms > RETRY_MAX_MS)
		c->retry_ms = RETRY_MAX_MS;
	rt_timer_start(c->loop, &c->look, c->retry_ms, load, c);
}

/* --- a live source looks again ---------------------------------------------------------------- */

/* What was known goes only when something newer has come. */
static void on_looked(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct rt_cluster *c = ctx;
	struct rt_discovery *newer = c->newer;
	(void)err; /* the watches tell what is wrong with the connection */
	c->newer = NULL;
	if (status != RT_OK || c->groups_loading) {
		rt_discovery_free(newer);
		wait_to_look(c);
		return;
	}
	rt_discovery_free(c->discovery);
	c->discovery = newer;
	start_reading(c);
}

static void look(void *ctx)
{
	struct rt_cluster *c = ctx;
	c->looked_ms = rt_loop_now_ms(c->loop);
	c->newer = rt_discovery_new(c->kube);
	rt_discovery_load(c->newer, groups, RT_ARRAY_LEN(groups), on_looked, c);
}

static int64_t look_soon_ms(const struct rt_cluster *c)
{
	return c->look_again_ms < LOOK_SOON_MS ? c->look_again_ms : LOOK_SOON_MS;
}

static void wait_to_look(struct rt_cluster *c)
{
	int64_t wait_ms = c->some_unknown ? look_soon_ms(c) : c->look_again_ms;
	if (c->watch)
		rt_timer_start(c->loop, &c->look, wait_ms, look, c);
}

void discover_soon(struct rt_cluster *c)
{
	if (!c->watch || c->phase != PHASE_READING || c->newer)
		return;
	int64_t left_ms = c->looked_ms + look_soon_ms(c) - rt_loop_now_ms(c->loop);
	rt_timer_start(c->loop, &c->look, left_ms > 0 ? left_ms : 0, look, c);
}

void discover_stop(struct rt_cluster *c)
{
	rt_timer_stop(&c->look);
	rt_discovery_free(c->newer);
	c->newer = NULL;
}
