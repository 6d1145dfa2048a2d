/* SPDX-License-Identifier: Apache-2.0 */
/*
 * narrow.c - for users with rights in some namespaces: where a list over all of them is refused,
 * namespaces are read one by one. Those of -n, the context's, those that objects already read are
 * in or refer to, and, where namespaces can be listed, the first fifty of these.
 */
#include "config.h"

#include <string.h>

#include "cluster_int.h"
#include "rutter/json.h"
#include "rutter/kubeconfig.h"
#include "rutter/log.h"
#include "rutter/value.h"

static void add_namespace(struct rt_cluster *c, const char *ns, size_t len)
{
	if (len == 0 || len > 253 || c->namespaces.live >= NAMESPACES_MAX ||
	    rt_map_get_n(&c->namespaces, ns, len))
		return;
	rt_map_set_n(&c->namespaces, ns, len, c);
}

void narrow_init(struct rt_cluster *c, const struct rt_cluster_params *p)
{
	const struct rt_kubeconfig *config = p->kube.config;
	for (size_t i = 0; i < p->namespace_count; i++)
		add_namespace(c, p->namespaces[i], strlen(p->namespaces[i]));
	if (config->namespace_)
		add_namespace(c, config->namespace_, strlen(config->namespace_));
}

/* Every "namespace":"x" of an item: where it is, and what it refers to. The text is one that the
 * splitter wrote: members have no blanks around their colon. */
void narrow_note_text(struct rt_cluster *c, const char *json, size_t len)
{
	static const char member[] = "\"namespace\":\"";
	const char *end = json + len;
	while (json < end) {
		const char *at = memmem(json, (size_t)(end - json), member, sizeof(member) - 1);
		if (!at)
			return;
		at += sizeof(member) - 1;
		size_t n = 0;
		while (at + n < end && at[n] != '"' && at[n] != '\\')
			n++;
		add_namespace(c, at, n);
		json = at + n;
	}
}

/* --- what was read before the first refusal --------------------------------------------------- */

static void note_value(struct rt_cluster *c, const struct rt_value *v)
{
	const char *ns = rt_value_get_str(v, "namespace");
	if (ns)
		add_namespace(c, ns, strlen(ns));
	for (struct rt_value_iter it = {.object = v}; rt_value_next(&it);)
		note_value(c, it.value);
	if (rt_value_type(v) == RT_VALUE_ARRAY)
		for (size_t i = 0; i < rt_value_len(v); i++)
			note_value(c, rt_value_at(v, i));
}

static void note_object(struct rt_cluster *c, const struct rt_obj *o)
{
	struct json_t *json = rt_encode(o);
	note_value(c, rt_value_of(json));
	rt_json_free(json);
}

static void note_listed(struct rt_cluster *c)
{
	const struct rt_obj *const *list;
	size_t count = rt_store_list(c->store, RT_KIND_NAMESPACE, &list);
	for (size_t i = 0; i < count && i < NAMESPACES_LISTED_MAX; i++)
		add_namespace(c, list[i]->name, strlen(list[i]->name));
}

static void note_store(struct rt_cluster *c)
{
	for (enum rt_kind k = 0; k < RT_KIND_OTHER; k++) {
		const struct rt_obj *const *list;
		size_t count = rt_store_list(c->store, k, &list);
		/* The commonest kinds refer to no other namespace; their own is all they tell. */
		bool plain = k == RT_KIND_SERVICE || k == RT_KIND_ENDPOINT_SLICE ||
			     k == RT_KIND_SECRET || k == RT_KIND_POD || k == RT_KIND_NAMESPACE;
		for (size_t i = 0; i < count && c->namespaces.live < NAMESPACES_MAX; i++) {
			if (list[i]->ns)
				add_namespace(c, list[i]->ns, strlen(list[i]->ns));
			if (!plain)
				note_object(c, list[i]);
		}
	}
}

/* --- reading them ----------------------------------------------------------------------------- */

static bool is_refused(const struct reader *r)
{
	return r->namespaced && !r->ns && !r->selector && r->over &&
	       r->err.status == RT_FORBIDDEN && (r->lw.state == RT_LW_STOPPED || r->lw.denials > 0);
}

static bool has_reader(const struct rt_cluster *c, const struct reader *of, const char *ns)
{
	for (const struct reader *r = c->readers; r; r = r->next)
		if (r->ns && !r->selector && r->decoder.kind == of->decoder.kind &&
		    strcmp(r->ns, ns) == 0)
			return true;
	return false;
}

static bool read_in(struct rt_cluster *c, const struct reader *of, const char *ns)
{
	if (has_reader(c, of, ns))
		return false;
	struct rt_api_resource res = {.group = of->decoder.group,
	    .version = of->decoder.version,
	    .kind = of->decoder.kind_name,
	    .plural = of->plural,
	    .namespaced = true,
	    .can_list = true,
	    .can_watch = of->lw.watch};
	reader_start(reader_new(c, of->decoder.kind, &res, ns));
	return true;
}

bool narrow_go_on(struct rt_cluster *c)
{
	bool started = false;
	if (!c->note_namespaces)
		return false;
	note_listed(c);
	note_store(c);
	const struct reader *last = c->last_reader; /* new ones come behind it */
	for (const struct reader *r = c->readers; r; r = r->next) {
		if (is_refused(r))
			RT_MAP_EACH (&c->namespaces, e)
				started = read_in(c, r, e->key) || started;
		if (r == last)
			break;
	}
	if (started)
		rt_log(4, "source", "reading %zu namespaces one by one", c->namespaces.live);
	return started;
}

void narrow_done(struct rt_cluster *c)
{
	rt_map_done(&c->namespaces);
}
