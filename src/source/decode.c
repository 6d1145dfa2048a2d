/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.c - from an item's text to an object of the store's world.
 * An object that cannot be decoded becomes a problem of the store and stops nothing else.
 */
#include "config.h"

#include <string.h>

#include "cluster_int.h"
#include "rutter/intern.h"
#include "rutter/log.h"
#include "rutter/tree.h"

/* Of the whole kind's members only metadata: what PartialObjectMetadata has. */
static void init_meta_keep(struct decoder *d)
{
	const struct rt_keep *all = rt_store_keep(d->cluster->store, d->kind);
	d->meta_keep[0] = (struct rt_keep){.key = "metadata"};
	for (; all && all->key; all++)
		if (strcmp(all->key, "metadata") == 0)
			d->meta_keep[0].sub = all->sub;
	d->meta_keep[1] = (struct rt_keep){.key = NULL};
}

void decoder_init(
    struct decoder *d, struct rt_cluster *c, enum rt_kind kind, const struct rt_api_resource *res)
{
	/* A live source makes decoders for ever, of a bounded number of kinds. */
	struct rt_intern *intern = rt_store_intern(c->store);
	*d = (struct decoder){
	    .cluster = c,
	    .kind = kind,
	    .group = rt_intern(intern, res->group),
	    .version = rt_intern(intern, res->version),
	    .kind_name = rt_intern(intern, res->kind),
	    /* Private keys never leave the cluster; of foreign kinds existence is enough. */
	    .meta = kind == RT_KIND_SECRET || kind == RT_KIND_OTHER || kind == RT_KIND_CRD,
	};
	init_meta_keep(d);
}

const struct rt_keep *decoder_keep(const struct decoder *d, const char *kind)
{
	if (kind && strcmp(kind, "Status") == 0)
		return NULL;
	return d->meta ? d->meta_keep : rt_store_keep(d->cluster->store, d->kind);
}

/* More problems tell nobody more, and of a nameless object one is all that can be said. */
static bool is_enough(const struct rt_store *s, const struct rt_input_problem *p)
{
	const struct rt_input_problem *known;
	size_t count = rt_store_problems(s, &known);
	if (count >= PROBLEMS_MAX)
		return true;
	for (size_t i = 0; !p->ref.name && i < count; i++)
		if (!known[i].ref.name && known[i].ref.kind &&
		    strcmp(known[i].ref.kind, p->ref.kind) == 0)
			return true;
	return false;
}

static void add_problem(
    struct decoder *d, const struct rt_tree *tree, const char *field, const struct rt_error *err)
{
	const struct rt_tree *meta = rt_tree_get(tree, "metadata");
	struct rt_input_problem p = {
	    .ref = {.group = d->group,
		.kind = d->kind_name,
		.ns = rt_tree_get_str(meta, "namespace"),
		.name = rt_tree_get_str(meta, "name")},
	    .field = field,
	    .message = err->msg,
	    .origin = {.item = -1},
	};
	rt_log(2, "source", "%s %s cannot be decoded: %s", d->kind_name,
	    p.ref.name ? p.ref.name : "?", err->msg);
	rt_store_forget_problem(d->cluster->store, p.ref);
	/* A watch may bring the same again and again. */
	if (!is_enough(d->cluster->store, &p))
		rt_store_add_problem(d->cluster->store, &p);
}

static void tell_item(const struct decoder *d, const struct rt_split_item *item)
{
	struct rt_cluster *c = d->cluster;
	if (c->note_namespaces)
		narrow_note_text(c, item->json, item->len);
	if (!c->ops->item)
		return;
	struct rt_cluster_item told = {.group = d->group,
	    .version = d->version,
	    .kind = d->kind_name,
	    .json = item->json,
	    .len = item->len};
	c->ops->item(c->ctx, &told);
}

/* Of another kind it would escape the limits of its own, and what a new list sweeps away. */
static bool is_asked_for(const struct decoder *d, const struct rt_obj *o, struct rt_error *err)
{
	if (o->kind == d->kind && strcmp(o->kind_name, d->kind_name) == 0)
		return true;
	rt_fail(err, RT_PROTOCOL, "the server sent a %s", o->kind_name);
	return false;
}

static struct rt_obj *decode(
    struct decoder *d, const struct rt_split_item *item, const struct rt_tree *tree)
{
	struct rt_cluster *c = d->cluster;
	struct rt_error err = {0};
	struct rt_obj *o = NULL;
	const char *field = NULL;
	struct rt_decode_in in = {
	    .tree = tree,
	    .default_group = d->group,
	    .default_version = d->version,
	    .default_kind = d->kind_name,
	    .status_manager = item->status_manager,
	    .spec_time = item->spec_time,
	    .origin = {.item = -1},
	};
	if (rt_decode(rt_store_intern(c->store), &in, &c->scratch, &o, &field, &err) == RT_OK &&
	    is_asked_for(d, o, &err))
		return o;
	add_problem(d, tree, field, &err);
	free(o);
	return NULL;
}

struct rt_obj *decoder_object(struct decoder *d, const struct rt_split_item *item)
{
	struct rt_error err = {0};
	const struct rt_tree *tree = NULL;
	struct rt_arena *scratch = &d->cluster->scratch;
	struct rt_obj *o = NULL;
	enum rt_status status =
	    item->oversized ? rt_fail(&err, RT_LIMIT, "it is larger than %u MiB", ITEM_MAX >> 20)
			    : rt_tree_parse(scratch, item->json, item->len, "object", &tree, &err);
	if (status == RT_OK && rt_store_count(d->cluster->store, d->kind) >= OBJECTS_MAX)
		status = rt_fail(&err, RT_LIMIT, "there are more than %u of its kind", OBJECTS_MAX);
	if (status == RT_OK)
		o = decode(d, item, tree);
	else
		add_problem(d, NULL, NULL, &err);
	rt_arena_reset(scratch);
	if (o) {
		d->cluster->objects++;
		rt_store_forget_problem(d->cluster->store, rt_obj_ref(o));
		tell_item(d, item);
	}
	return o;
}
