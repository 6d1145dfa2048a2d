/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.c - from a JSON value to a kind's struct, by the kind's schema.
 * Two walks over the value: the first counts bytes, the second fills one block of exactly that size
 * (structs grow from its start, strings behind them). Every refusal names the field.
 */
#include "config.h"

#include "rutter/model.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/err.h"
#include "rutter/intern.h"
#include "rutter/mem.h"
#include "rutter/str.h"
#include "rutter/tree.h"
#include "schema.h"

/* Applied by kubectl apply, as large as the object itself, and of no use here. */
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* ------------------------------------------------------------------ shared by both walks */

static bool pair_wanted(const struct rt_field *f, const char *key)
{
	if (f->only)
		return rt_str_has_word(f->only, key);
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

static void measure_struct(struct sizes *z, const struct rt_schema *s, const struct rt_tree *o);

static void measure_pairs(struct sizes *z, const struct rt_field *f, const struct rt_tree *o)
{
	size_t n = 0;
	for (const struct rt_tree *v = rt_tree_members(o); v; v = v->next) {
		if (v->type != RT_TREE_STRING || !pair_wanted(f, v->key))
			continue;
		n++;
		if (pair_values_copied(f))
			z->strings += rt_tree_str_len(v) + 1;
	}
	z->structs += aligned(n * sizeof(struct rt_pair));
}

static void measure_list(struct sizes *z, const struct rt_field *f, const struct rt_tree *a)
{
	size_t n = rt_tree_count(a);
	z->structs += aligned(n * f->sub->size);
	for (const struct rt_tree *e = rt_tree_elements(a); e; e = e->next)
		measure_struct(z, f->sub, e);
}

static void measure_strings(struct sizes *z, const struct rt_field *f, const struct rt_tree *a)
{
	size_t n = rt_tree_count(a);
	z->structs += aligned(n * sizeof(char *));
	if (f->type != RT_F_STRS)
		return;
	for (const struct rt_tree *e = rt_tree_elements(a); e; e = e->next)
		z->strings += rt_tree_str_len(e) + 1;
}

static void measure_field(struct sizes *z, const struct rt_field *f, const struct rt_tree *v)
{
	switch (f->type) {
	case RT_F_STR:
	case RT_F_INT_OR_STRING:
		z->strings += rt_tree_str_len(v) + 1;
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
		z->structs += aligned(rt_tree_count(v) * sizeof(int64_t));
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

static void measure_struct(struct sizes *z, const struct rt_schema *s, const struct rt_tree *o)
{
	for (const struct rt_tree *v = rt_tree_members(o); v; v = v->next) {
		const struct rt_field *f = field_of(s, v->key);
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
	const struct rt_tree *value; /* the whole object */
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

static const char *type_name(const struct rt_tree *v)
{
	switch (v->type) {
	case RT_TREE_OBJECT:
		return "an object";
	case RT_TREE_ARRAY:
		return "a list";
	case RT_TREE_STRING:
		return "a string";
	case RT_TREE_INTEGER:
	case RT_TREE_REAL:
		return "a number";
	case RT_TREE_TRUE:
	case RT_TREE_FALSE:
		return "a boolean";
	case RT_TREE_NULL:
		return "null";
	}
	return "unknown";
}

static bool refuse(
    struct filler *w, const struct frame *at, const struct rt_tree *v, const char *wanted)
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

static const char *take_string(struct filler *w, const struct rt_tree *v)
{
	size_t len = rt_tree_str_len(v);
	char *p = w->strings;
	memcpy(p, rt_tree_str(v), len + 1);
	w->strings += len + 1;
	return p;
}

static bool fill_struct(struct filler *w, const struct rt_schema *s, void *base,
    const struct rt_tree *o, const struct frame *at);

static bool fill_string(struct filler *w, const struct rt_field *f, void *p,
    const struct rt_tree *v, const struct frame *at)
{
	if (v->type != RT_TREE_STRING)
		return refuse(w, at, v, "a string");
	if (f->type == RT_F_SYM)
		*(const char **)p = rt_intern(w->intern, rt_tree_str(v));
	else
		*(const char **)p = take_string(w, v);
	return true;
}

static bool fill_int(struct filler *w, int64_t *p, const struct rt_tree *v, const struct frame *at)
{
	if (v->type == RT_TREE_REAL) {
		w->field = frame_text(w->scratch, at);
		(void)rt_fail(w->err, RT_INPUT, "%s is not a whole number in range", w->field);
		return false;
	}
	if (v->type != RT_TREE_INTEGER)
		return refuse(w, at, v, "a number");
	*p = v->u.integer;
	return true;
}

static bool fill_flag(
    struct filler *w, enum rt_flag *p, const struct rt_tree *v, const struct frame *at)
{
	if (v->type != RT_TREE_TRUE && v->type != RT_TREE_FALSE)
		return refuse(w, at, v, "a boolean");
	*p = v->type == RT_TREE_TRUE ? RT_FLAG_TRUE : RT_FLAG_FALSE;
	return true;
}

static bool fill_int_or_string(
    struct filler *w, struct rt_int_or_string *p, const struct rt_tree *v, const struct frame *at)
{
	if (v->type == RT_TREE_INTEGER) {
		p->number = v->u.integer;
		return true;
	}
	if (v->type != RT_TREE_STRING)
		return refuse(w, at, v, "a number or a string");
	p->text = take_string(w, v);
	return true;
}

static int pair_cmp(const void *a, const void *b)
{
	return strcmp(((const struct rt_pair *)a)->key, ((const struct rt_pair *)b)->key);
}

/* Servers write maps sorted, so there is seldom anything to do. Of equal keys one stays. */
static size_t sort_pairs(struct rt_pair *pairs, size_t n)
{
	bool sorted = true;
	for (size_t i = 1; i < n; i++)
		sorted = sorted && strcmp(pairs[i - 1].key, pairs[i].key) < 0;
	if (sorted)
		return n;
	qsort(pairs, n, sizeof(*pairs), pair_cmp);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(pairs[kept - 1].key, pairs[i].key) != 0)
			pairs[kept++] = pairs[i];
	return kept;
}

static bool fill_pairs(struct filler *w, const struct rt_field *f, struct rt_pairs *p,
    const struct rt_tree *o, const struct frame *at)
{
	if (o->type != RT_TREE_OBJECT)
		return refuse(w, at, o, "an object");
	struct rt_pair *pairs = (struct rt_pair *)(void *)w->structs;
	size_t n = 0;
	for (const struct rt_tree *v = rt_tree_members(o); v; v = v->next) {
		struct frame here = {at, v->key, 0};
		if (v->type == RT_TREE_NULL || !pair_wanted(f, v->key))
			continue;
		if (v->type != RT_TREE_STRING)
			return refuse(w, &here, v, "a string");
		pairs[n].key = rt_intern(w->intern, v->key);
		pairs[n++].value = pair_values_copied(f) ? take_string(w, v)
							 : rt_intern(w->intern, rt_tree_str(v));
	}
	(void)take_struct(w, n * sizeof(*pairs));
	p->v = pairs;
	p->len = sort_pairs(pairs, n);
	return true;
}

/* {name: …} stands for the name (supportedFeatures from Gateway API v1.2 on). */
static const struct rt_tree *name_or_self(const struct rt_field *f, const struct rt_tree *v)
{
	if (f->type == RT_F_NAMES && v->type == RT_TREE_OBJECT)
		return rt_tree_get(v, "name");
	return v;
}

static bool fill_strings(struct filler *w, const struct rt_field *f, rt_strings *p,
    const struct rt_tree *a, const struct frame *at)
{
	if (a->type != RT_TREE_ARRAY)
		return refuse(w, at, a, "a list");
	size_t n = rt_tree_count(a);
	const char **v = take_struct(w, n * sizeof(char *));
	const struct rt_tree *e = rt_tree_elements(a);
	for (size_t i = 0; e; e = e->next, i++) {
		struct frame here = {at, NULL, i};
		const struct rt_tree *s = name_or_self(f, e);
		if (!s || s->type != RT_TREE_STRING)
			return refuse(w, &here, e, "a string");
		v[i] =
		    f->type == RT_F_STRS ? take_string(w, s) : rt_intern(w->intern, rt_tree_str(s));
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

static bool fill_ints(struct filler *w, void *p, const struct rt_tree *a, const struct frame *at)
{
	if (a->type != RT_TREE_ARRAY)
		return refuse(w, at, a, "a list");
	size_t n = rt_tree_count(a);
	int64_t *v = take_struct(w, n * sizeof(int64_t));
	const struct rt_tree *e = rt_tree_elements(a);
	for (size_t i = 0; e; e = e->next, i++) {
		struct frame here = {at, NULL, i};
		if (!fill_int(w, &v[i], e, &here))
			return false;
	}
	put_list(p, v, n);
	return true;
}

static bool fill_list(struct filler *w, const struct rt_field *f, void *p, const struct rt_tree *a,
    const struct frame *at)
{
	if (a->type != RT_TREE_ARRAY)
		return refuse(w, at, a, "a list");
	size_t n = rt_tree_count(a);
	char *v = take_struct(w, n * f->sub->size);
	const struct rt_tree *e = rt_tree_elements(a);
	for (size_t i = 0; e; e = e->next, i++) {
		struct frame here = {at, NULL, i};
		put_defaults(f->sub, v + i * f->sub->size);
		if (!fill_struct(w, f->sub, v + i * f->sub->size, e, &here))
			return false;
	}
	put_list(p, v, n);
	return true;
}

static bool fill_ptr(struct filler *w, const struct rt_field *f, void *p, const struct rt_tree *v,
    const struct frame *at)
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

static bool fill_field(struct filler *w, const struct rt_field *f, char *base,
    const struct rt_tree *v, const struct frame *at)
{
	void *p = base + f->offset;
	if (v->type == RT_TREE_NULL)
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
		if (v->type != RT_TREE_STRING)
			return refuse(w, at, v, "a string");
		if (!rt_time_parse(rt_tree_str(v), p))
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

static void forgive(struct filler *w)
{
	w->field = NULL;
	if (w->err)
		*w->err = (struct rt_error){0};
}

static bool fill_members(struct filler *w, const struct rt_schema *s, char *base,
    const struct rt_tree *o, const struct frame *at)
{
	for (const struct rt_tree *v = rt_tree_members(o); v; v = v->next) {
		const struct rt_field *f = field_of(s, v->key);
		struct frame here = {at, v->key, 0};
		if (!f || fill_field(w, f, base, v, &here))
			continue;
		if (!f->lenient)
			return false;
		forgive(w);
	}
	return true;
}

static bool fill_struct(struct filler *w, const struct rt_schema *s, void *base,
    const struct rt_tree *o, const struct frame *at)
{
	if (o->type != RT_TREE_OBJECT && o->type != RT_TREE_NULL)
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
	const char *version = rt_tree_str(rt_tree_get(w->value, "apiVersion"));
	const char *kind = rt_tree_str(rt_tree_get(w->value, "kind"));
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
static void read_managed_fields(struct filler *w, const struct rt_tree *value, struct rt_obj *o)
{
	const struct rt_tree *list = rt_tree_get(rt_tree_get(value, "metadata"), "managedFields");
	int64_t status_time = RT_TIME_UNSET;
	for (const struct rt_tree *e = rt_tree_elements(list); e; e = e->next) {
		const char *sub = rt_tree_str(rt_tree_get(e, "subresource"));
		const char *manager = rt_tree_str(rt_tree_get(e, "manager"));
		const char *when = rt_tree_str(rt_tree_get(e, "time"));
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
	read_managed_fields(w, w->value, o);
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
	struct filler w = {.intern = intern, .scratch = scratch, .err = err, .value = in->tree};
	struct identity id = {0};
	struct sizes z = {0, 0};
	char *block = NULL;
	enum rt_status st = RT_INPUT;

	if (!w.value)
		w.value = rt_tree_of(scratch, in->value);
	if (w.value->type != RT_TREE_OBJECT) {
		st = rt_fail(err, RT_INPUT, "not an object but %s", type_name(w.value));
		goto out;
	}
	st = identify(&w, in, &id);
	if (st != RT_OK)
		goto out;
	const struct rt_schema *schema = rt_kind_schema(id.kind);
	measure_struct(&z, schema, w.value);
	size_t head = aligned(schema->size);
	block = rt_xcalloc(1, head + z.structs + z.strings);
	w.structs = block + head;
	w.strings = w.structs + z.structs;
	put_defaults(schema, block);
	st = RT_INPUT;
	if (!fill_struct(&w, schema, block, w.value, NULL))
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
