/* SPDX-License-Identifier: Apache-2.0 */
/*
 * encode.c - from a kind's struct back to a JSON value, by the same schema.
 */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/model.h"
#include "schema.h"

static json_t *encode_struct(const struct rt_schema *s, const char *base);

static void set_new(json_t *o, const char *key, json_t *v)
{
	if (v && json_object_set_new(o, key, v) != 0)
		rt_assert(!"a JSON member of our own making was refused");
}

/* Strings were valid UTF-8 when they were decoded. */
static json_t *text_value(const char *s)
{
	return s ? json_string(s) : NULL;
}

static json_t *time_value(int64_t t)
{
	if (t == RT_TIME_UNSET)
		return NULL;
	struct rt_buf b = {0};
	rt_time_write(&b, t);
	json_t *v = json_string(rt_buf_str(&b));
	rt_buf_done(&b);
	return v;
}

static json_t *pairs_value(const struct rt_pairs *p)
{
	if (!p->v)
		return NULL;
	json_t *o = json_object();
	for (size_t i = 0; i < p->len; i++)
		set_new(o, p->v[i].key, json_string(p->v[i].value));
	return o;
}

static json_t *strings_value(const rt_strings *p)
{
	if (!p->v)
		return NULL;
	json_t *a = json_array();
	for (size_t i = 0; i < p->len; i++)
		json_array_append_new(a, json_string(p->v[i]));
	return a;
}

static struct rt_any_list any_list(const char *p)
{
	struct rt_any_list list;
	memcpy(&list, p, sizeof(list));
	return list;
}

static json_t *ints_value(const char *p)
{
	struct rt_any_list list = any_list(p);
	if (!list.v)
		return NULL;
	json_t *a = json_array();
	for (size_t i = 0; i < list.len; i++)
		json_array_append_new(a, json_integer(((const int64_t *)list.v)[i]));
	return a;
}

static json_t *list_value(const struct rt_field *f, const char *p)
{
	struct rt_any_list list = any_list(p);
	if (!list.v)
		return NULL;
	json_t *a = json_array();
	for (size_t i = 0; i < list.len; i++)
		json_array_append_new(
		    a, encode_struct(f->sub, (const char *)list.v + i * f->sub->size));
	return a;
}

static json_t *ptr_value(const struct rt_field *f, const char *p)
{
	const char *s;
	memcpy(&s, p, sizeof(s));
	return s ? encode_struct(f->sub, s) : NULL;
}

static json_t *int_or_string_value(const struct rt_int_or_string *v)
{
	if (v->text)
		return json_string(v->text);
	return v->number == RT_INT_UNSET ? NULL : json_integer(v->number);
}

static json_t *int_value(const struct rt_field *f, int64_t n)
{
	if (n == RT_INT_UNSET || (f->zero && n == 0))
		return NULL;
	return json_integer(n);
}

static json_t *flag_value(enum rt_flag flag)
{
	return flag == RT_FLAG_UNSET ? NULL : json_boolean(flag == RT_FLAG_TRUE);
}

/* An inlined or embedded struct appears only when it holds something. */
static json_t *nested_value(const struct rt_field *f, const char *p)
{
	json_t *o = encode_struct(f->sub, p);
	if (json_object_size(o) > 0)
		return o;
	json_decref(o);
	return NULL;
}

static json_t *field_value(const struct rt_field *f, const char *p)
{
	switch (f->type) {
	case RT_F_STR:
	case RT_F_SYM:
		return text_value(*(const char *const *)(const void *)p);
	case RT_F_INT:
		return int_value(f, *(const int64_t *)(const void *)p);
	case RT_F_FLAG:
		return flag_value(*(const enum rt_flag *)(const void *)p);
	case RT_F_TIME:
		return time_value(*(const int64_t *)(const void *)p);
	case RT_F_INT_OR_STRING:
		return int_or_string_value((const struct rt_int_or_string *)(const void *)p);
	case RT_F_PAIRS:
		return pairs_value((const struct rt_pairs *)(const void *)p);
	case RT_F_SYMS:
	case RT_F_STRS:
	case RT_F_NAMES:
		return strings_value((const rt_strings *)(const void *)p);
	case RT_F_INTS:
		return ints_value(p);
	case RT_F_INLINE:
	case RT_F_STRUCT:
		return nested_value(f, p);
	case RT_F_PTR:
		return ptr_value(f, p);
	case RT_F_LIST:
		return list_value(f, p);
	case RT_F_ONE:
	case RT_F_PRESENT:
		return NULL;
	}
	return NULL;
}

static json_t *encode_struct(const struct rt_schema *s, const char *base)
{
	json_t *o = json_object();
	for (size_t i = 0; i < s->count; i++) {
		const struct rt_field *f = &s->fields[i];
		if (!f->older && !f->secret)
			set_new(o, f->key, field_value(f, base + f->offset));
	}
	return o;
}

/* What managedFields told, in the form it is read from. */
static void put_managed_fields(json_t *value, const struct rt_obj *o)
{
	json_t *list = json_array();
	if (o->spec_time != RT_TIME_UNSET) {
		json_t *e = json_object();
		set_new(e, "time", time_value(o->spec_time));
		json_array_append_new(list, e);
	}
	if (o->status_manager) {
		json_t *e = json_object();
		set_new(e, "manager", json_string(o->status_manager));
		set_new(e, "subresource", json_string("status"));
		json_array_append_new(list, e);
	}
	if (json_array_size(list) > 0)
		set_new(json_object_get(value, "metadata"), "managedFields", json_incref(list));
	json_decref(list);
}

json_t *rt_encode(const struct rt_obj *o)
{
	json_t *v = json_object();
	set_new(v, "apiVersion", json_string(o->api_version));
	set_new(v, "kind", json_string(o->kind_name));
	json_t *body = encode_struct(rt_kind_schema(o->kind), (const char *)o);
	json_object_update(v, body);
	json_decref(body);
	put_managed_fields(v, o);
	return v;
}
