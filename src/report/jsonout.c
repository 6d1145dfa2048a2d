/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonout.c - JSON documents, one member after the other.
 */
#include "config.h"

#include "rutter/jsonout.h"

#include <stdio.h>
#include <stdlib.h>

#include "rutter/analysis_gateway.h"
#include "rutter/json.h"
#include "rutter/mem.h"

enum { DEEPEST = 63 }; /* our documents nest less than ten levels */

static void put_key(struct rt_json_out *j, const char *key)
{
	bool in_array = j->depth > 0 && (j->is_array >> (j->depth - 1) & 1);
	rt_assert(j->depth == 0 || in_array == (key == NULL));
	if (j->comma)
		rt_buf_putc(j->out, ',');
	if (key) {
		rt_json_quote(j->out, key);
		rt_buf_putc(j->out, ':');
	}
	j->comma = true;
}

static void open_level(struct rt_json_out *j, const char *key, bool array)
{
	put_key(j, key);
	rt_assert(j->depth < DEEPEST);
	uint64_t bit = (uint64_t)1 << j->depth;
	j->is_array = array ? j->is_array | bit : j->is_array & ~bit;
	j->depth++;
	rt_buf_putc(j->out, array ? '[' : '{');
	j->comma = false;
}

void rt_json_object(struct rt_json_out *j, const char *key)
{
	open_level(j, key, false);
}

void rt_json_array(struct rt_json_out *j, const char *key)
{
	open_level(j, key, true);
}

void rt_json_close(struct rt_json_out *j)
{
	rt_assert(j->depth > 0);
	j->depth--;
	rt_buf_putc(j->out, j->is_array >> j->depth & 1 ? ']' : '}');
	j->comma = true;
}

void rt_json_string(struct rt_json_out *j, const char *key, const char *s)
{
	put_key(j, key);
	if (s)
		rt_json_quote(j->out, s);
	else
		rt_buf_puts(j->out, "null");
}

void rt_json_int(struct rt_json_out *j, const char *key, int64_t n)
{
	put_key(j, key);
	if (n == RT_INT_UNSET)
		rt_buf_puts(j->out, "null");
	else
		rt_buf_printf(j->out, "%lld", (long long)n);
}

void rt_json_number(struct rt_json_out *j, const char *key, double n)
{
	char text[32];
	put_key(j, key);
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, n);
		if (strtod(text, NULL) == n)
			break;
	}
	rt_buf_puts(j->out, text);
}

void rt_json_bool(struct rt_json_out *j, const char *key, bool b)
{
	put_key(j, key);
	rt_buf_puts(j->out, b ? "true" : "false");
}

void rt_json_null(struct rt_json_out *j, const char *key)
{
	put_key(j, key);
	rt_buf_puts(j->out, "null");
}

void rt_json_tri(struct rt_json_out *j, const char *key, enum rt_tri t)
{
	if (t == RT_UNKNOWN)
		rt_json_null(j, key);
	else
		rt_json_bool(j, key, t == RT_YES);
}

void rt_json_index(struct rt_json_out *j, const char *key, int i)
{
	rt_json_int(j, key, i < 0 ? RT_INT_UNSET : i);
}

void rt_json_strings(struct rt_json_out *j, const char *key, rt_strings list)
{
	rt_json_array(j, key);
	for (size_t i = 0; i < list.len; i++)
		rt_json_string(j, NULL, list.v[i]);
	rt_json_close(j);
}

void rt_json_ref_members(struct rt_json_out *j, struct rt_ref r)
{
	rt_json_string(j, "group", r.group ? r.group : "");
	rt_json_string(j, "kind", r.kind);
	rt_json_string(j, "namespace", r.ns);
	rt_json_string(j, "name", r.name);
}

void rt_json_ref(struct rt_json_out *j, const char *key, struct rt_ref r)
{
	if (!r.name) {
		rt_json_null(j, key);
		return;
	}
	rt_json_object(j, key);
	rt_json_ref_members(j, r);
	rt_json_close(j);
}

void rt_json_listener(struct rt_json_out *j, const char *key, const struct rt_listener_fact *l)
{
	if (!l) {
		rt_json_null(j, key);
		return;
	}
	rt_json_object(j, key);
	rt_json_string(j, "name", l->spec->name);
	rt_json_int(j, "port", l->spec->port);
	rt_json_string(j, "protocol", l->spec->protocol);
	rt_json_string(j, "hostname", l->spec->hostname);
	rt_json_ref(j, "listenerSet", l->set ? rt_obj_ref(l->owner) : (struct rt_ref){0});
	rt_json_close(j);
}

struct rt_json_out rt_json_document(struct rt_buf *out, const char *kind)
{
	struct rt_json_out j = {.out = out};
	rt_json_object(&j, NULL);
	rt_json_string(&j, "apiVersion", "rutter/v1");
	rt_json_string(&j, "kind", kind);
	return j;
}

void rt_json_document_end(struct rt_json_out *j, const struct rt_store *store)
{
	const struct rt_scope *scopes = NULL;
	size_t n = store ? rt_store_scopes(store, &scopes) : 0;
	rt_json_array(j, "unread");
	for (size_t i = 0; i < n; i++) {
		const struct rt_scope *s = &scopes[i];
		if (!rt_scope_in_vain(s->state))
			continue;
		rt_json_object(j, NULL);
		rt_json_string(j, "group", s->group);
		rt_json_string(j, "kind", s->kind);
		rt_json_string(j, "namespace", s->ns);
		rt_json_string(j, "why", s->why ? s->why : rt_scope_state_name(s->state));
		rt_json_close(j);
	}
	rt_json_close(j);
	rt_json_close(j);
	rt_buf_putc(j->out, '\n');
}
