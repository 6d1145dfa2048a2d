/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot.c - writes a store down.
 */
#include "config.h"

#include "rutter/snapshot.h"

#include <jansson.h>

#include "rutter/json.h"
#include "rutter/jsonout.h"

static void put_kind(struct rt_json_out *j, const struct rt_store *s, const struct rt_scope *scope)
{
	rt_json_object(j, NULL);
	rt_json_string(j, "group", scope->group);
	rt_json_string(j, "kind", scope->kind);
	if (scope->ns) {
		rt_json_array(j, "namespaces");
		rt_json_string(j, NULL, scope->ns);
		rt_json_close(j);
	} else {
		rt_json_null(j, "namespaces");
	}
	rt_json_string(j, "state", rt_scope_state_name(scope->state));
	rt_json_string(j, "why", scope->why);
	rt_json_string(j, "versions", rt_store_served(s, scope->group, scope->kind));
	rt_json_close(j);
}

/* Files know a kind when they hold one of it; a snapshot of them says so kind by kind. */
static void put_file_kinds(struct rt_json_out *j, const struct rt_store *s)
{
	for (size_t k = 0; k < RT_KIND_SNAPSHOT_INFO; k++) {
		const struct rt_kind_info *info = rt_kind_info((enum rt_kind)k);
		if (!rt_store_known(s, info->group, info->kind, NULL))
			continue;
		struct rt_scope scope = {info->group, info->kind, NULL, RT_SCOPE_READ, NULL};
		put_kind(j, s, &scope);
	}
}

static void put_answers(struct rt_json_out *j, const struct rt_store *s)
{
	const struct rt_answer *a;
	size_t n = rt_store_answers(s, &a);
	rt_json_array(j, "answers");
	for (size_t i = 0; i < n; i++) {
		rt_json_object(j, NULL);
		rt_json_string(j, "key", a[i].key);
		rt_json_string(j, "state", rt_scope_state_name(a[i].state));
		rt_json_string(j, "why", a[i].why);
		rt_json_close(j);
	}
	rt_json_close(j);
}

/* That an object was given twice is a fault of the files, which are not written down. */
static void put_problems(struct rt_json_out *j, const struct rt_store *s)
{
	const struct rt_input_problem *p;
	size_t n = rt_store_problems(s, &p);
	rt_json_array(j, "problems");
	for (size_t i = 0; i < n; i++) {
		if (p[i].duplicate)
			continue;
		rt_json_object(j, NULL);
		rt_json_string(j, "group", p[i].ref.group);
		rt_json_string(j, "kind", p[i].ref.kind);
		rt_json_string(j, "namespace", p[i].ref.ns);
		rt_json_string(j, "name", p[i].ref.name);
		rt_json_string(j, "field", p[i].field);
		rt_json_string(j, "message", p[i].message);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_info(struct rt_json_out *j, const struct rt_store *s, int64_t now)
{
	struct rt_buf time = {0};
	const struct rt_scope *scopes;
	size_t n = rt_store_scopes(s, &scopes);
	rt_time_write(&time, now);
	rt_json_object(j, NULL);
	rt_json_string(j, "apiVersion", "rutter/v1");
	rt_json_string(j, "kind", "SnapshotInfo");
	rt_json_object(j, "metadata");
	rt_json_string(j, "name", "snapshot");
	rt_json_close(j);
	rt_json_string(j, "context", rt_store_context(s));
	rt_json_string(j, "time", rt_buf_str(&time));
	rt_json_string(j, "source", rt_store_mode(s) == RT_STORE_FILES ? "files" : NULL);
	rt_json_array(j, "kinds");
	if (rt_store_mode(s) == RT_STORE_FILES)
		put_file_kinds(j, s);
	for (size_t i = 0; i < n; i++)
		put_kind(j, s, &scopes[i]);
	rt_json_close(j);
	put_answers(j, s);
	put_problems(j, s);
	rt_json_close(j);
	rt_buf_done(&time);
}

void rt_snapshot_write(struct rt_buf *out, const struct rt_store *s, int64_t now)
{
	struct rt_json_out j = {.out = out};
	rt_json_object(&j, NULL);
	rt_json_string(&j, "apiVersion", "v1");
	rt_json_string(&j, "kind", "List");
	rt_json_array(&j, "items");
	put_info(&j, s, now);
	for (size_t k = 0; k < RT_KIND_COUNT; k++) {
		const struct rt_obj *const *objs;
		size_t n = rt_store_list(s, (enum rt_kind)k, &objs);
		for (size_t i = 0; k != RT_KIND_SNAPSHOT_INFO && i < n; i++) {
			json_t *value = rt_encode(objs[i]);
			rt_buf_puts(out, ",\n");
			rt_json_write(out, value, true);
			json_decref(value);
		}
	}
	rt_json_close(&j);
	rt_json_close(&j);
	rt_buf_putc(out, '\n');
}
