/* SPDX-License-Identifier: Apache-2.0 */
/*
 * manifest.c - documents into a store: Lists, snapshots, and what cannot be decoded.
 */
#include "config.h"

#include "rutter/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/kind_core.h"
#include "rutter/tree.h"

/* ------------------------------------------------------------------ snapshots */

static void put_snapshot_kind(struct rt_store *s, const struct rt_snapshot_kind *k)
{
	struct rt_scope scope = {k->group, k->kind, NULL, rt_scope_state_of(k->state), k->why};
	if (k->versions)
		rt_store_set_served(s, k->group, k->kind, k->versions);
	if (!k->namespaces.v)
		rt_store_set_scope(s, scope);
	for (size_t i = 0; i < k->namespaces.len; i++) {
		scope.ns = k->namespaces.v[i];
		rt_store_set_scope(s, scope);
	}
}

/* What could not be read when the snapshot was taken is no more known to be absent now. */
static void put_snapshot_problems(struct rt_store *s, const struct rt_snapshot_info *info)
{
	for (size_t i = 0; i < info->problems.len; i++) {
		const struct rt_snapshot_problem *p = &info->problems.v[i];
		struct rt_input_problem problem = {.ref = {p->group, p->kind, p->ns, p->name},
		    .field = p->field,
		    .message = p->message,
		    .origin = info->obj.origin};
		rt_store_add_problem(s, &problem);
	}
}

static void put_snapshot(struct rt_store *s, const struct rt_snapshot_info *info)
{
	put_snapshot_problems(s, info);
	if (info->context)
		rt_store_set_context(s, info->context);
	if (info->source && strcmp(info->source, "files") == 0) {
		/* Manifests once more, but for the payloads of Secrets. */
		rt_store_set_stripped(s);
		return;
	}
	rt_store_set_mode(s, RT_STORE_SNAPSHOT);
	for (size_t i = 0; i < info->kinds.len; i++)
		put_snapshot_kind(s, &info->kinds.v[i]);
	for (size_t i = 0; i < info->answers.len; i++) {
		const struct rt_snapshot_answer *a = &info->answers.v[i];
		if (a->key)
			rt_store_set_answer(s, a->key, rt_scope_state_of(a->state), a->why);
	}
}

/* ------------------------------------------------------------------ one object */

/* Settings of other tools lie beside manifests and have no name: a Kustomization is no broken
 * object of a cluster. */
static bool is_foreign(const struct rt_ref *ref)
{
	size_t len = ref->kind ? strlen(ref->kind) : 0;

	return len && !(ref->name && ref->name[0]) &&
	       rt_kind_of(ref->group, ref->kind) == RT_KIND_OTHER &&
	       !(len >= 4 && strcmp(ref->kind + len - 4, "List") == 0);
}

/* What can be told of an object that cannot be decoded. */
static void put_problem(struct rt_store *s, const struct rt_decode_in *in, const char *field,
    const struct rt_error *err, struct rt_arena *a)
{
	const struct rt_tree *meta = rt_tree_get(in->tree, "metadata");
	const char *version = rt_tree_get_str(in->tree, "apiVersion");
	const char *slash = version ? strchr(version, '/') : NULL;
	struct rt_input_problem p = {.field = field, .message = err->msg, .origin = in->origin};
	p.ref.kind = rt_tree_get_str(in->tree, "kind");
	if (!p.ref.kind)
		p.ref.kind = in->default_kind;
	p.ref.group = slash ? rt_arena_strndup(a, version, (size_t)(slash - version)) : "";
	if (!version && in->default_group)
		p.ref.group = in->default_group;
	p.ref.ns = rt_tree_get_str(meta, "namespace");
	p.ref.name = rt_tree_get_str(meta, "name");
	if (p.ref.kind && !p.ref.ns) {
		const struct rt_kind_info *info = rt_kind_info(rt_kind_of(p.ref.group, p.ref.kind));
		p.ref.ns = info->namespaced ? "default" : NULL;
	}
	if (!version || !is_foreign(&p.ref))
		rt_store_add_problem(s, &p);
}

static void put_object(struct rt_store *s, struct rt_arena *scratch, const struct rt_decode_in *in)
{
	struct rt_error err = {0};
	struct rt_obj *obj = NULL;
	const char *field = NULL;
	if (rt_decode(rt_store_intern(s), in, scratch, &obj, &field, &err) != RT_OK) {
		put_problem(s, in, field, &err, scratch);
	} else if (obj->kind == RT_KIND_SNAPSHOT_INFO) {
		put_snapshot(s, (const struct rt_snapshot_info *)obj);
		free(obj);
	} else {
		rt_store_put(s, obj);
	}
}

/* ------------------------------------------------------------------ documents */

bool rt_manifest_is_list(const char *kind)
{
	size_t len = kind ? strlen(kind) : 0;
	return len >= 4 && strcmp(kind + len - 4, "List") == 0;
}

void rt_manifest_list_of(
    struct rt_arena *a, const char *version, const char *kind, struct rt_decode_in *in)
{
	const char *slash = version ? strchr(version, '/') : NULL;
	if (!version || !rt_manifest_is_list(kind) || strlen(kind) == 4)
		return;
	in->default_kind = rt_arena_strndup(a, kind, strlen(kind) - 4);
	in->default_group = slash ? rt_arena_strndup(a, version, (size_t)(slash - version)) : "";
	in->default_version = rt_arena_strdup(a, slash ? slash + 1 : version);
}

/* "items" of another kind than a list's is its own affair. */
static bool holds_items(const struct rt_tree *items, const char *kind)
{
	if (!items || (kind && !rt_manifest_is_list(kind)))
		return false;
	return items->type == RT_TREE_ARRAY || (kind && items->type == RT_TREE_NULL);
}

void rt_manifest_put_item(struct rt_store *s, struct rt_arena *scratch,
    const struct rt_decode_in *in, const unsigned *lines)
{
	const char *kind = rt_tree_get_str(in->tree, "kind");
	const struct rt_tree *items = rt_tree_get(in->tree, "items");
	struct rt_decode_in element = {.origin = in->origin};
	if (!holds_items(items, kind)) {
		put_object(s, scratch, in);
		return;
	}
	rt_manifest_list_of(scratch, rt_tree_get_str(in->tree, "apiVersion"), kind, &element);
	element.tree = rt_tree_elements(items);
	for (int i = 0; element.tree; element.tree = element.tree->next, i++) {
		/* Of Lists in Lists (kubectl makes them) the outermost counts its items. */
		if (in->origin.item < 0) {
			element.origin.item = i;
			element.origin.line = lines ? lines[i] : in->origin.line;
		}
		rt_manifest_put_item(s, scratch, &element, NULL);
	}
}

void rt_manifest_put(struct rt_store *s, const struct json_t *doc, struct rt_origin origin)
{
	struct rt_arena scratch = {0};
	struct rt_decode_in in = {.tree = rt_tree_of(&scratch, doc), .origin = origin};
	in.origin.item = -1;
	if (in.tree->type != RT_TREE_NULL)
		rt_manifest_put_item(s, &scratch, &in, NULL);
	rt_arena_done(&scratch);
}
