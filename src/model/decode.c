/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.c - from a JSON value to a kind's struct, by the kind's schema.
 * Two walks over the value: the first counts bytes, the second fills one block of exactly that size
 * (structs grow from its start, strings behind them). Every refusal names the field.
 */
#include "config.h"

#include "rutter/model.h"

#include <jansson.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/err.h"
#include "rutter/intern.h"
#include "rutter/mem.h"
#include "schema.h"

/* Applied by kubectl apply, as large as the object itself, and of no use here. */
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* ------------------------------------------------------------------ shared by both walks */

static bool key_listed(const char *only, const char *key)
{
	size_t len = strlen(key);
	while (*only) {
		size_t n = strcspn(only, " ");
		if (n == len && memcmp(only, key, n) == 0)
			return true;
		only += n + (only[n] == ' ');
	}
	return false;
}

static bool pair_wanted(const struct rt_field *f, const char *key)
{
	if (f->only)
		return key_listed(f->only, key);
	return strcmp(key, LAST_APPLIED) != 0;
}

static const struct rt_field *field_of(const struct rt_schema *s, const char *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i].key[0] == key[0] && strcmp(s->fields[i].key, key) == 0)
			return &s->fields[i];
	return NULL;
}

/* Values of a payload, an annotation or a map are copied; those of labels repeat and are shared. */
static bool pair_values_copied(const struct rt_field *f)
{
	return f->only || strcmp(f->key, "annotations") == 0;
}

/* ------------------------------------------------------------------ first walk: sizes */

struct sizes {
	size_t structs, strings;
};

static size_t aligned(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static void measure_struct(struct sizes *z, const struct rt_schema *s, const json_t *o);

static void measure_pairs(struct sizes *z, const struct rt_field *f, const json_t *o)
{
	const char *key;
	json_t *v;
	size_t n = 0;
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		if (!json_is_string(v) || !pair_wanted(f, key))
			continue;
		n++;
		if (pair_values_copied(f))
			z->strings += json_string_length(v) + 1;
	}
	z->structs += aligned((n + 1) * sizeof(struct rt_pair));
}

static void measure_list(struct sizes *z, const struct rt_field *f, const json_t *a)
{
	size_t n = json_array_size(a);
	z->structs += aligned((n + 1) * f->sub->size);
	for (size_t i = 0; i < n; i++)
		measure_struct(z, f->sub, json_array_get(a, i));
}

static void measure_strings(struct sizes *z, const struct rt_field *f, const json_t *a)
{
	size_t n = json_array_size(a);
	z->structs += aligned((n + 1) * sizeof(char *));
	for (size_t i = 0; f->type == RT_F_STRS && i < n; i++)
		z->strings += json_string_length(json_array_get(a, i)) + 1;
}

static void measure_field(struct sizes *z, const struct rt_field *f, const json_t *v)
{
	switch (f->type) {
	case RT_F_STR:
	case RT_F_INT_OR_STRING:
		z->strings += json_string_length(v) + 1;
		break;
	case RT_F_PAIRS:
		measure_pairs(z, f, v);
		break;
	case RT_F_SYMS:
	case RT_F_STRS:
	case RT_F_NAMES:
		measure_strings(z, f, v);
		break;
	case RT_F_INTS:
		z->structs += aligned((json_array_size(v) + 1) * sizeof(int64_t));
		break;
	case RT_F_INLINE:
	case RT_F_STRUCT:
		measure_struct(z, f->sub, v);
		break;
	case RT_F_PTR:
	case RT_F_ONE:
		z->structs += aligned(f->sub->size);
		measure_struct(z, f->sub, v);
		break;
	case RT_F_LIST:
		measure_list(z, f, v);
		break;
	case RT_F_SYM:
	case RT_F_INT:
	case RT_F_FLAG:
	case RT_F_TIME:
	case RT_F_PRESENT:
		break;
	}
}

static void measure_struct(struct sizes *z, const struct rt_schema *s, const json_t *o)
{
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		const struct rt_field *f = field_of(s, key);
		if (f)
			measure_field(z, f, v);
	}
}

/* ------------------------------------------------------------------ second walk: the block */

struct frame { /* where we are, for messages */
	const struct frame *up;
	const char *key; /* NULL: an index */
	size_t index;
};

struct filler {
	struct rt_intern *intern;
	struct rt_arena *scratch;
	struct rt_error *err;
	const char *field; /* of the refusal */
	char *structs, *strings;
};

static const char *frame_text(struct rt_arena *a, const struct frame *f)
{
	if (!f->up)
		return f->key;
	const char *up = frame_text(a, f->up);
	if (!f->key)
		return rt_arena_printf(a, "%s[%zu]", up, f->index);
	if (strpbrk(f->key, "./[]'"))
		return rt_arena_printf(a, "%s['%s']", up, f->key);
	return rt_arena_printf(a, "%s.%s", up, f->key);
}

static const char *type_name(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		return "null";
	}
	return "unknown";
}

static bool refuse(struct filler *w, const struct frame *at, const json_t *v, const char *wanted)
{
	w->field = frame_text(w->scratch, at);
	(void)rt_fail(w->err, RT_INPUT, "%s is %s, not %s", w->field, type_name(v), wanted);
	return false;
}

static void *take_struct(struct filler *w, size_t size)
{
	void *p = w->structs;
	w->structs += aligned(size);
	return p;
}

static const char *take_string(struct filler *w, const json_t *v)
{
	size_t len = json_string_length(v);
	char *p = w->strings;
	memcpy(p, json_string_value(v), len + 1);
	w->strings += len + 1;
	return p;
}

static bool fill_struct(struct filler *w, const struct rt_schema *s, void *base, const json_t *o,
    const struct frame *at);

static bool fill_string(
    struct filler *w, const struct rt_field *f, void *p, const json_t *v, const struct frame *at)
{
	if (!json_is_string(v))
		return refuse(w, at, v, "a string");
	if (f->type == RT_F_SYM)
		*(const char **)p = rt_intern(w->intern, json_string_value(v));
	else
		*(const char **)p = take_string(w, v);
	return true;
}

static bool fill_int(struct filler *w, int64_t *p, const json_t *v, const struct frame *at)
{
	if (json_is_real(v)) {
		w->field = frame_text(w->scratch, at);
		(void)rt_fail(w->err, RT_INPUT, "%s is not a whole number in range", w->field);
		return false;
	}
	if (!json_is_integer(v))
		return refuse(w, at, v, "a number");
	*p = json_integer_value(v);
	return true;
}

static bool fill_flag(struct filler *w, enum rt_flag *p, const json_t *v, const struct frame *at)
{
	if (!json_is_boolean(v))
		return refuse(w, at, v, "a boolean");
	*p = json_is_true(v) ? RT_FLAG_TRUE : RT_FLAG_FALSE;
	return true;
}

static bool fill_int_or_string(
    struct filler *w, struct rt_int_or_string *p, const json_t *v, const struct frame *at)
{
	if (json_is_integer(v)) {
		p->number = json_integer_value(v);
		return true;
	}
	if (!json_is_string(v))
		return refuse(w, at, v, "a number or a string");
	p->text = take_string(w, v);
	return true;
}

static int pair_cmp(const void *a, const void *b)
{
	return strcmp(((const struct rt_pair *)a)->key, ((const struct rt_pair *)b)->key);
}

static bool fill_pairs(struct filler *w, const struct rt_field *f, struct rt_pairs *p,
    const json_t *o, const struct frame *at)
{
	if (!json_is_object(o))
		return refuse(w, at, o, "an object");
	struct rt_pair *pairs = (struct rt_pair *)(void *)w->structs;
	size_t n = 0;
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		struct frame here = {at, key, 0};
		if (json_is_null(v) || !pair_wanted(f, key))
			continue;
		if (!json_is_string(v))
			return refuse(w, &here, v, "a string");
		pairs[n].key = rt_intern(w->intern, key);
		pairs[n++].value = pair_values_copied(f)
				       ? take_string(w, v)
				       : rt_intern(w->intern, json_string_value(v));
	}
	(void)take_struct(w, (n + 1) * sizeof(*pairs));
	qsort(pairs, n, sizeof(*pairs), pair_cmp);
	p->v = pairs;
	p->len = n;
	return true;
}

/* {name: …} stands for the name (supportedFeatures from Gateway API v1.2 on). */
static const json_t *name_or_self(const struct rt_field *f, const json_t *v)
{
	if (f->type == RT_F_NAMES && json_is_object(v))
		return json_object_get(v, "name");
	return v;
}

static bool fill_strings(struct filler *w, const struct rt_field *f, rt_strings *p, const json_t *a,
    const struct frame *at)
{
	if (!json_is_array(a))
		return refuse(w, at, a, "a list");
	size_t n = json_array_size(a);
	const char **v = take_struct(w, (n + 1) * sizeof(char *));
	for (size_t i = 0; i < n; i++) {
		struct frame here = {at, NULL, i};
		const json_t *e = json_array_get(a, i);
		const json_t *s = name_or_self(f, e);
		if (!s || !json_is_string(s))
			return refuse(w, &here, e, "a string");
		v[i] = f->type == RT_F_STRS ? take_string(w, s)
					    : rt_intern(w->intern, json_string_value(s));
	}
	p->v = v;
	p->len = n;
	return true;
}

static void put_default(const struct rt_field *f, char *base)
{
	void *p = base + f->offset;
	if ((f->type == RT_F_STR || f->type == RT_F_SYM) && f->text)
		*(const char **)p = f->text;
	else if (f->type == RT_F_INT && !f->zero)
		*(int64_t *)p = f->number ? f->number : RT_INT_UNSET;
	else if (f->type == RT_F_TIME)
		*(int64_t *)p = RT_TIME_UNSET;
	else if (f->type == RT_F_INT_OR_STRING)
		((struct rt_int_or_string *)p)->number = RT_INT_UNSET;
}

/* Defaults of a struct, of what is embedded in it and of what is inlined into it: they hold also
 * where the member that would carry them is absent. */
static void put_defaults(const struct rt_schema *s, char *base)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct rt_field *f = &s->fields[i];
		if (f->type == RT_F_INLINE || f->type == RT_F_STRUCT)
			put_defaults(f->sub, base + f->offset);
		else
			put_default(f, base);
	}
}

/* Every RT_LIST is a pointer and a length; written as bytes since their types differ. */
static void put_list(void *p, const void *v, size_t len)
{
	struct rt_any_list list = {v, len};
	memcpy(p, &list, sizeof(list));
}

static bool fill_ints(struct filler *w, void *p, const json_t *a, const struct frame *at)
{
	if (!json_is_array(a))
		return refuse(w, at, a, "a list");
	size_t n = json_array_size(a);
	int64_t *v = take_struct(w, (n + 1) * sizeof(int64_t));
	for (size_t i = 0; i < n; i++) {
		struct frame here = {at, NULL, i};
		if (!fill_int(w, &v[i], json_array_get(a, i), &here))
			return false;
	}
	put_list(p, v, n);
	return true;
}

static bool fill_list(
    struct filler *w, const struct rt_field *f, void *p, const json_t *a, const struct frame *at)
{
	if (!json_is_array(a))
		return refuse(w, at, a, "a list");
	size_t n = json_array_size(a);
	char *v = take_struct(w, (n + 1) * f->sub->size);
	for (size_t i = 0; i < n; i++) {
		struct frame here = {at, NULL, i};
		put_defaults(f->sub, v + i * f->sub->size);
		if (!fill_struct(w, f->sub, v + i * f->sub->size, json_array_get(a, i), &here))
			return false;
	}
	put_list(p, v, n);
	return true;
}

static bool fill_ptr(
    struct filler *w, const struct rt_field *f, void *p, const json_t *v, const struct frame *at)
{
	void *s = take_struct(w, f->sub->size);
	put_defaults(f->sub, s);
	if (!fill_struct(w, f->sub, s, v, at))
		return false;
	if (f->type == RT_F_ONE)
		put_list(p, s, 1);
	else
		memcpy(p, &s, sizeof(s));
	return true;
}

static bool fill_field(
    struct filler *w, const struct rt_field *f, char *base, const json_t *v, const struct frame *at)
{
	void *p = base + f->offset;
	if (json_is_null(v))
		return true; /* as absent */
	switch (f->type) {
	case RT_F_STR:
	case RT_F_SYM:
		return fill_string(w, f, p, v, at);
	case RT_F_INT:
		return fill_int(w, p, v, at);
	case RT_F_FLAG:
		return fill_flag(w, p, v, at);
	case RT_F_TIME:
		if (!json_is_string(v))
			return refuse(w, at, v, "a string");
		if (!rt_time_parse(json_string_value(v), p))
			*(int64_t *)p = RT_TIME_UNSET;
		return true;
	case RT_F_INT_OR_STRING:
		return fill_int_or_string(w, p, v, at);
	case RT_F_PAIRS:
		return fill_pairs(w, f, p, v, at);
	case RT_F_SYMS:
	case RT_F_STRS:
	case RT_F_NAMES:
		return fill_strings(w, f, p, v, at);
	case RT_F_INTS:
		return fill_ints(w, p, v, at);
	case RT_F_INLINE:
	case RT_F_STRUCT:
		return fill_struct(w, f->sub, p, v, at);
	case RT_F_PTR:
	case RT_F_ONE:
		return fill_ptr(w, f, p, v, at);
	case RT_F_LIST:
		return fill_list(w, f, p, v, at);
	case RT_F_PRESENT:
		*(bool *)p = true;
		return true;
	}
	return true;
}

static bool fill_members(struct filler *w, const struct rt_schema *s, char *base, const json_t *o,
    const struct frame *at)
{
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		const struct rt_field *f = field_of(s, key);
		struct frame here = {at, key, 0};
		if (f && !fill_field(w, f, base, v, &here))
			return false;
	}
	return true;
}

static bool fill_struct(struct filler *w, const struct rt_schema *s, void *base, const json_t *o,
    const struct frame *at)
{
	if (!json_is_object(o) && !json_is_null(o))
		return refuse(w, at, o, "an object");
	if (!fill_members(w, s, base, o, at))
		return false;
	if (s->finish)
		s->finish(base);
	return true;
}

/* ------------------------------------------------------------------ the object around it */

struct identity {
	const char *api_version, *group, *kind_name;
	enum rt_kind kind;
};

static const char *group_of(struct rt_intern *t, const char *api_version)
{
	const char *slash = strchr(api_version, '/');
	return slash ? rt_intern_n(t, api_version, (size_t)(slash - api_version))
		     : rt_intern(t, "");
}

static enum rt_status no_field(struct filler *w, const char *field, const char *why)
{
	w->field = field;
	return rt_fail(w->err, RT_INPUT, "%s %s", field, why);
}

/* apiVersion and kind of the object itself, or of the list it is an element of. Metadata-only
 * answers name PartialObjectMetadata instead of what was asked for. */
static enum rt_status identify(
    struct filler *w, const struct rt_decode_in *in, struct identity *ret)
{
	const char *version = json_string_value(json_object_get(in->value, "apiVersion"));
	const char *kind = json_string_value(json_object_get(in->value, "kind"));
	bool partial = kind && strcmp(kind, "PartialObjectMetadata") == 0;
	if (in->default_kind && (partial || !kind || !version)) {
		kind = in->default_kind;
		version = *in->default_group ? rt_arena_printf(w->scratch, "%s/%s",
						   in->default_group, in->default_version)
					     : in->default_version;
	}
	if (!version || !*version)
		return no_field(w, "apiVersion", "is missing");
	if (!kind || !*kind)
		return no_field(w, "kind", "is missing");
	ret->api_version = rt_intern(w->intern, version);
	ret->group = group_of(w->intern, version);
	ret->kind = rt_kind_of(ret->group, kind);
	ret->kind_name = rt_intern(w->intern, kind);
	if (ret->kind != RT_KIND_OTHER) /* extensions/v1beta1 Ingress is networking.k8s.io's */
		ret->group = rt_kind_info(ret->kind)->group;
	return RT_OK;
}

/* Two facts of managedFields (design §3): who writes status, and when the spec was last written. */
static void read_managed_fields(struct filler *w, const json_t *value, struct rt_obj *o)
{
	const json_t *list = json_object_get(json_object_get(value, "metadata"), "managedFields");
	int64_t status_time = RT_TIME_UNSET;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i);
		const char *sub = json_string_value(json_object_get(e, "subresource"));
		const char *manager = json_string_value(json_object_get(e, "manager"));
		const char *when = json_string_value(json_object_get(e, "time"));
		int64_t t = RT_TIME_UNSET;
		if (when && !rt_time_parse(when, &t))
			t = RT_TIME_UNSET;
		if (!sub || !*sub) {
			if (t > o->spec_time)
				o->spec_time = t;
		} else if (strcmp(sub, "status") == 0 && manager && t >= status_time) {
			status_time = t;
			o->status_manager = rt_intern(w->intern, manager);
		}
	}
}

static void put_identity(
    struct filler *w, struct rt_obj *o, const struct identity *id, const struct rt_decode_in *in)
{
	o->kind = id->kind;
	o->group = id->group;
	o->kind_name = id->kind_name;
	o->api_version = id->api_version;
	o->origin = in->origin;
	o->spec_time = RT_TIME_UNSET;
	read_managed_fields(w, in->value, o);
	if (in->status_manager)
		o->status_manager = rt_intern(w->intern, in->status_manager);
	if (in->spec_time && !rt_time_parse(in->spec_time, &o->spec_time))
		o->spec_time = RT_TIME_UNSET;
	if (!rt_kind_info(id->kind)->namespaced)
		o->ns = NULL;
	else if (!o->ns || !*o->ns)
		o->ns = rt_intern(w->intern, "default");
}

enum rt_status rt_decode(struct rt_intern *intern, const struct rt_decode_in *in,
    struct rt_arena *scratch, struct rt_obj **ret, const char **ret_field, struct rt_error *err)
{
	struct filler w = {.intern = intern, .scratch = scratch, .err = err};
	struct identity id = {0};
	struct sizes z = {0, 0};
	char *block = NULL;
	enum rt_status st = RT_INPUT;

	if (!json_is_object(in->value)) {
		st = rt_fail(err, RT_INPUT, "not an object but %s", type_name(in->value));
		goto out;
	}
	st = identify(&w, in, &id);
	if (st != RT_OK)
		goto out;
	const struct rt_schema *schema = rt_kind_schema(id.kind);
	measure_struct(&z, schema, in->value);
	size_t head = aligned(schema->size);
	block = rt_xcalloc(1, head + z.structs + z.strings);
	w.structs = block + head;
	w.strings = w.structs + z.structs;
	put_defaults(schema, block);
	st = RT_INPUT;
	if (!fill_struct(&w, schema, block, in->value, NULL))
		goto out;
	struct rt_obj *o = (struct rt_obj *)(void *)block;
	if (!o->name || !*o->name) {
		st = no_field(&w, "metadata.name", "is missing");
		goto out;
	}
	put_identity(&w, o, &id, in);
	*ret = o;
	block = NULL;
	st = RT_OK;
out:
	free(block);
	if (st != RT_OK && ret_field)
		*ret_field = w.field;
	return st;
}
