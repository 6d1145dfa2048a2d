/* SPDX-License-Identifier: Apache-2.0 */
/*
 * manifest.c - documents into a store: Lists, snapshots, and what cannot be decoded.
 */
#include "config.h"

#include "rutter/manifest.h"

#include <jansson.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/json.h"
#include "rutter/kind_core.h"

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

static void put_snapshot(struct rt_store *s, const struct rt_snapshot_info *info)
{
	rt_store_set_mode(s, RT_STORE_SNAPSHOT);
	if (info->context)
		rt_store_set_context(s, info->context);
	for (size_t i = 0; i < info->kinds.len; i++)
		put_snapshot_kind(s, &info->kinds.v[i]);
	for (size_t i = 0; i < info->answers.len; i++) {
		const struct rt_snapshot_answer *a = &info->answers.v[i];
		if (a->key)
			rt_store_set_answer(s, a->key, rt_scope_state_of(a->state), a->why);
	}
}

/* ------------------------------------------------------------------ one object */

static const char *text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* What can be told of an object that cannot be decoded. */
static void put_problem(struct rt_store *s, const struct rt_decode_in *in, const char *field,
    const struct rt_error *err, struct rt_arena *a)
{
	const json_t *meta = json_object_get(in->value, "metadata");
	const char *version = text_of(in->value, "apiVersion");
	const char *slash = version ? strchr(version, '/') : NULL;
	struct rt_input_problem p = {.field = field, .message = err->msg, .origin = in->origin};
	p.ref.kind = text_of(in->value, "kind");
	if (!p.ref.kind)
		p.ref.kind = in->default_kind;
	p.ref.group = slash ? rt_arena_strndup(a, version, (size_t)(slash - version)) : "";
	if (!version && in->default_group)
		p.ref.group = in->default_group;
	p.ref.ns = text_of(meta, "namespace");
	p.ref.name = text_of(meta, "name");
	if (p.ref.kind && !p.ref.ns) {
		const struct rt_kind_info *info = rt_kind_info(rt_kind_of(p.ref.group, p.ref.kind));
		p.ref.ns = info->namespaced ? "default" : NULL;
	}
	rt_store_add_problem(s, &p);
}

void rt_manifest_put_object(struct rt_store *s, const struct rt_decode_in *in)
{
	struct rt_arena scratch = {0};
	struct rt_error err = {0};
	struct rt_obj *obj = NULL;
	const char *field = NULL;
	if (rt_decode(rt_store_intern(s), in, &scratch, &obj, &field, &err) != RT_OK) {
		put_problem(s, in, field, &err, &scratch);
	} else if (obj->kind == RT_KIND_SNAPSHOT_INFO) {
		put_snapshot(s, (const struct rt_snapshot_info *)obj);
		free(obj);
	} else {
		rt_store_put(s, obj);
	}
	rt_arena_done(&scratch);
}

void rt_manifest_put_text(
    struct rt_store *s, const char *json, size_t len, const struct rt_decode_in *in)
{
	struct rt_decode_in item = *in;
	struct rt_error err = {0};
	item.value = NULL;
	if (rt_json_parse(json, len, "object", &item.value, &err) == RT_OK) {
		rt_manifest_put_object(s, &item);
	} else {
		struct rt_input_problem p = {.message = err.msg, .origin = in->origin};
		p.ref.group = in->default_group;
		p.ref.kind = in->default_kind;
		rt_store_add_problem(s, &p);
	}
	json_decref(item.value);
}

/* ------------------------------------------------------------------ documents */

/* "v1 List" and every typed list: its items lack apiVersion and kind where the server left them
 * out, and then take them from the list's own ("PodList" holds Pods). */
static void put_list(struct rt_store *s, const json_t *list, struct rt_origin origin)
{
	struct rt_arena a = {0};
	const json_t *items = json_object_get(list, "items");
	const char *kind = text_of(list, "kind");
	const char *version = text_of(list, "apiVersion");
	size_t len = kind ? strlen(kind) : 0;
	struct rt_decode_in in = {.origin = origin};
	if (version && len > 4 && strcmp(kind + len - 4, "List") == 0) {
		const char *slash = strchr(version, '/');
		in.default_kind = rt_arena_strndup(&a, kind, len - 4);
		in.default_group =
		    slash ? rt_arena_strndup(&a, version, (size_t)(slash - version)) : "";
		in.default_version = slash ? slash + 1 : version;
	}
	for (size_t i = 0; i < json_array_size(items); i++) {
		json_t *item = json_array_get(items, i);
		in.value = item;
		in.origin.item = (int)i;
		if (json_is_array(json_object_get(item, "items")))
			put_list(s, item, in.origin); /* a List of Lists: kubectl makes them */
		else
			rt_manifest_put_object(s, &in);
	}
	rt_arena_done(&a);
}

void rt_manifest_put(struct rt_store *s, struct json_t *doc, struct rt_origin origin)
{
	origin.item = -1;
	if (json_is_null(doc))
		return;
	if (json_is_array(json_object_get(doc, "items"))) {
		put_list(s, doc, origin);
		return;
	}
	struct rt_decode_in in = {.value = doc, .origin = origin};
	rt_manifest_put_object(s, &in);
}
