/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster.c - a cluster from discovery to settled, and what the program shows of that.
 */
#include "config.h"

#include "rutter/cluster.h"

#include "cluster_int.h"
#include "rutter/kubeconfig.h"
#include "rutter/mem.h"

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
	c->look_again_ms = p->look_again_ms ? p->look_again_ms : LOOK_AGAIN_MS;
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
	discover_stop(c);
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
	rt_map_done(&c->asked);
	rt_arena_done(&c->arena);
	rt_arena_done(&c->scratch);
	free(c);
}

void rt_cluster_start(struct rt_cluster *c)
{
	if (c->phase == PHASE_IDLE)
		discover_start(c);
}

void rt_cluster_refresh(struct rt_cluster *c)
{
	c->settled = false;
	for (struct reader *r = c->readers; r; r = r->next)
		reader_refresh(r);
	asks_again(c);
	if (c->phase != PHASE_DISCOVERY && !c->groups_loading)
		discover_start(c);
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
