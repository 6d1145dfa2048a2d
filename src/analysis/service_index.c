/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service_index.c - Services by label, owner, address and selector, built when first asked for: a
 * data plane is found among thousands of Services without looking at each.
 */
#include "config.h"

#include <string.h>

#include "private.h"

static const struct rt_service_list nothing;

static void add(
    struct rt_analysis_private *p, const char *how, struct rt_pair key, const struct rt_service *s)
{
	const char *parts[] = {how, key.key, key.value ? key.value : ""};
	struct rt_service_list *l;

	if (!key.key || !key.key[0])
		return;
	l = rt_map_get_parts(&p->services_by, RT_ARRAY_LEN(parts), parts);
	if (!l) {
		l = rt_arena_new(&p->lazy, struct rt_service_list);
		rt_map_set_parts(&p->services_by, RT_ARRAY_LEN(parts), parts, l);
	}
	if (!l->v.len || l->v.v[l->v.len - 1] != s)
		rt_vec_push(&l->v, &p->lazy, s);
}

static void add_address(
    struct rt_analysis_private *p, const char *address, const struct rt_service *s)
{
	if (address && strcmp(address, "None") != 0)
		add(p, RT_BY_ADDRESS, (struct rt_pair){address, NULL}, s);
}

static void service_add(struct rt_analysis_private *p, const struct rt_service *s)
{
	for (size_t i = 0; i < s->obj.labels.len; i++)
		add(p, RT_BY_LABEL, s->obj.labels.v[i], s);
	for (size_t i = 0; i < s->obj.owners.len; i++)
		add(p, RT_BY_OWNER, (struct rt_pair){s->obj.owners.v[i].uid, NULL}, s);
	/* One label of the selector suffices to find those that may select a Pod. */
	if (s->selector.len)
		add(p, RT_BY_SELECTOR, s->selector.v[0], s);
	add_address(p, s->cluster_ip, s);
	for (size_t i = 0; i < s->external_ips.len; i++)
		add_address(p, s->external_ips.v[i], s);
	for (size_t i = 0; i < s->load_balancer.len; i++) {
		add_address(p, s->load_balancer.v[i].ip, s);
		add_address(p, s->load_balancer.v[i].hostname, s);
	}
}

const struct rt_service_list *rt_services_by(
    const struct rt_analysis *an, const char *how, const char *key, const char *value)
{
	struct rt_analysis_private *p = an->priv;
	const char *parts[] = {how, key ? key : "", value ? value : ""};

	if (!p->services_indexed) {
		p->services_indexed = true;
		for (size_t i = 0; i < an->services.len; i++)
			service_add(p, an->services.v[i]->service);
	}
	const struct rt_service_list *l =
	    rt_map_get_parts(&p->services_by, RT_ARRAY_LEN(parts), parts);
	return l ? l : &nothing;
}
