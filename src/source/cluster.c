/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster.c - a cluster from discovery to settled, and what the program shows of that.
 */
#include "config.h"

#include "rutter/cluster.h"

#include <string.h>

#include "cluster_int.h"
#include "rutter/kubeconfig.h"
#include "rutter/log.h"
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

/* --- telling ---------------------------------------------------------------------------------- */

void cluster_changed(struct rt_cluster *c)
{
	if (c->ops->changed)
		c->ops->changed(c->ctx);
}

void cluster_check_settled(struct rt_cluster *c)
{
	if (c->settled || c->phase != PHASE_READING || c->asks || c->groups_loading)
		return;
	for (const struct reader *r = c->readers; r; r = r->next)
		if (!r->over)
			return;
	if (narrow_go_on(c))
		return;
	c->settled = true;
	if (c->ops->settled)
		c->ops->settled(c->ctx);
}

bool rt_cluster_is_settled(const struct rt_cluster *c)
{
	return c->settled;
}

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

static struct reader *find_reader(const struct rt_cluster *c, enum rt_kind k)
{
	for (struct reader *r = c->readers; r; r = r->next)
		if (r->decoder.kind == k && !r->ns)
			return r;
	return NULL;
}

static void prepare_kind(struct rt_cluster *c, enum rt_kind k)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	const struct rt_api_resource *res = NULL;
	const char *why = NULL;
	enum rt_served served =
	    rt_discovery_find(c->discovery, info->group, info->kind, info->versions, &res, &why);
	note_versions(c, k);
	switch (served) {
	case RT_SERVED:
		if (!res->can_list)
			set_scope(c, k, RT_SCOPE_FAILED, "the server does not list this kind");
		else if (!find_reader(c, k))
			reader_new(c, k, res, NULL);
		break;
	case RT_SERVED_OTHERS:
		not_understood(c, k);
		break;
	case RT_SERVED_NOT:
		set_scope(c, k, RT_SCOPE_ABSENT, NULL);
		break;
	case RT_SERVED_UNKNOWN:
		set_scope(c, k, RT_SCOPE_FAILED, why);
		break;
	}
}

/* The CRDs of the Gateway API kinds that are served: they tell release and channel. */
static void ask_crds(struct rt_cluster *c)
{
	const struct rt_kind_info *crd = rt_kind_info(RT_KIND_CRD);
	for (const struct reader *r = c->readers; r; r = r->next) {
		if (r->ns || strcmp(r->decoder.group, RT_GROUP_GATEWAY) != 0)
			continue;
		RT_AUTO_FREE char *name = rt_xprintf("%s.%s", r->plural, r->decoder.group);
		struct rt_want w = {.type = RT_WANT_OBJECT,
		    .ref = {.group = crd->group, .kind = crd->kind, .name = name}};
		rt_cluster_ask(c, &w, 1);
	}
}

static void start_reading(struct rt_cluster *c)
{
	const struct reader *before = c->last_reader;
	for (size_t i = 0; i < RT_ARRAY_LEN(listed); i++)
		prepare_kind(c, listed[i]);
	c->phase = PHASE_READING;
	heart_start(c);
	ask_crds(c);
	for (struct reader *r = before ? before->next : c->readers; r; r = r->next)
		reader_start(r);
	asks_run(c);
	cluster_changed(c);
	cluster_check_settled(c);
}

static void on_discovery(void *ctx, enum rt_status status, const struct rt_error *err);

static void load_discovery(void *ctx)
{
	struct rt_cluster *c = ctx;
	c->phase = PHASE_DISCOVERY;
	rt_discovery_forget(c->discovery);
	rt_discovery_load(c->discovery, groups, RT_ARRAY_LEN(groups), on_discovery, c);
}

static void on_discovery(void *ctx, enum rt_status status, const struct rt_error *err)
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
	rt_timer_start(c->loop, &c->retry, c->retry_ms, load_discovery, c);
}

/* --- life ------------------------------------------------------------------------------------- */

static const struct rt_cluster_ops no_ops = {0};

enum rt_status rt_cluster_new(
    const struct rt_cluster_params *p, struct rt_cluster **ret, struct rt_error *err)
{
	struct rt_kube *kube = NULL;
	enum rt_status status = rt_kube_new(&p->kube, &kube, err);
	if (status != RT_OK)
		return status;
	struct rt_cluster *c = rt_xcalloc(1, sizeof(*c));
	c->loop = p->kube.loop;
	c->kube = kube;
	c->kube_params = p->kube;
	c->store = p->store;
	c->watch = p->watch;
	c->heartbeat_ms = p->heartbeat_ms ? p->heartbeat_ms : HEARTBEAT_MS;
	c->ops = p->ops ? p->ops : &no_ops;
	c->ctx = p->ctx;
	c->seed = (uint64_t)rt_loop_clock_ms();
	rt_arena_init(&c->arena);
	rt_arena_init(&c->scratch);
	c->discovery = rt_discovery_new(kube);
	narrow_init(c, p);
	rt_kube_on_warning(kube, c->ops->warning, c->ctx);
	rt_store_set_mode(c->store, RT_STORE_CLUSTER);
	rt_store_set_context(c->store, p->kube.config->context ? p->kube.config->context
				       : p->kube.config->in_cluster
					   ? "in-cluster"
					   : p->kube.config->endpoint.host);
	*ret = c;
	return RT_OK;
}

void rt_cluster_free(struct rt_cluster *c)
{
	if (!c)
		return;
	rt_timer_stop(&c->retry);
	rt_timer_stop(&c->check);
	rt_timer_stop(&c->again);
	heart_stop(c);
	while (c->asks)
		ask_free(c->asks);
	for (struct reader *r = c->readers, *next; r; r = next) {
		next = r->next;
		reader_free(r);
	}
	rt_discovery_free(c->discovery);
	rt_kube_free(c->kube);
	narrow_done(c);
	rt_map_done(&c->kept);
	rt_arena_done(&c->arena);
	rt_arena_done(&c->scratch);
	free(c);
}

void rt_cluster_start(struct rt_cluster *c)
{
	if (c->phase == PHASE_IDLE)
		load_discovery(c);
}

void rt_cluster_refresh(struct rt_cluster *c)
{
	c->settled = false;
	for (struct reader *r = c->readers; r; r = r->next)
		reader_refresh(r);
	asks_again(c);
	rt_timer_stop(&c->retry);
	if (c->phase != PHASE_DISCOVERY && !c->groups_loading)
		load_discovery(c);
}

/* --- one-shot --------------------------------------------------------------------------------- */

/* Nothing at all was readable: the first refusal tells why. */
static enum rt_status check_any_read(const struct rt_cluster *c, struct rt_error *err)
{
	const struct reader *refused = NULL;
	for (const struct reader *r = c->readers; r; r = r->next) {
		if (r->lw.synced)
			return RT_OK;
		if (!refused && r->err.status != RT_OK)
			refused = r;
	}
	if (!refused)
		return RT_OK;
	struct rt_error why = refused->err;
	rt_fail_prefix(&why, "nothing of the cluster can be read");
	if (err)
		*err = why;
	return why.status;
}

enum rt_status rt_cluster_settle(struct rt_cluster *c, struct rt_error *err)
{
	while (!c->settled && c->phase != PHASE_IDLE && rt_loop_turn(c->loop, -1))
		;
	if (!c->settled) {
		if (err)
			*err = c->err;
		return c->err.status != RT_OK ? c->err.status
					      : rt_fail(err, RT_CANCELLED, "cancelled");
	}
	return check_any_read(c, err);
}

void rt_cluster_state(const struct rt_cluster *c, struct rt_cluster_state *ret)
{
	*ret = (struct rt_cluster_state){.connected = c->connected, .objects = c->objects};
	ret->live = c->connected && c->watch;
	for (const struct reader *r = c->readers; r; r = r->next) {
		ret->kinds += !r->selector;
		ret->done += !r->selector && r->over;
		if (r->lw.stale) {
			ret->stale++;
			if (!ret->stale_since || r->stale_since < ret->stale_since)
				ret->stale_since = r->stale_since;
		}
		if (r->lw.stale || !r->over)
			ret->live = false;
	}
	ret->err = c->err;
}

struct rt_kube *rt_cluster_kube(struct rt_cluster *c)
{
	return c->kube;
}
