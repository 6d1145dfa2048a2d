/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema.h - how JSON members map to struct members.
 * A kind's file describes its struct once; decoding, encoding and the list of members worth keeping
 * all follow from that description, so a kind is one file and one row of the kind table.
 */
#ifndef RUTTER_MODEL_SCHEMA_H
#define RUTTER_MODEL_SCHEMA_H

#include "rutter/model.h"

enum rt_field_type {
	RT_F_STR,           /* const char *, copied into the block */
	RT_F_SYM,           /* const char *, interned */
	RT_F_INT,           /* int64_t */
	RT_F_FLAG,          /* enum rt_flag */
	RT_F_TIME,          /* int64_t seconds from RFC 3339; unparsable counts as absent */
	RT_F_INT_OR_STRING, /* struct rt_int_or_string */
	RT_F_PAIRS,         /* struct rt_pairs from an object of strings, sorted by key */
	RT_F_SYMS,          /* rt_strings, interned */
	RT_F_STRS,          /* rt_strings, copied */
	RT_F_NAMES,         /* rt_strings from strings or {name} objects, interned */
	RT_F_INTS,          /* list of int64_t */
	RT_F_INLINE,        /* object whose members land in the same struct, at offset */
	RT_F_STRUCT,        /* embedded struct */
	RT_F_PTR,           /* pointer to struct, NULL when absent */
	RT_F_LIST,          /* list of structs */
	RT_F_ONE,           /* object read as a list of one (older, singular forms) */
	RT_F_PRESENT,       /* bool: the member is there; the value itself is not read */
};

struct rt_field {
	const char *key;
	enum rt_field_type type;
	size_t offset;
	const struct rt_schema *sub;
	const char *text; /* default of RT_F_STR and RT_F_SYM */
	int64_t number;   /* default of RT_F_INT; 0 means RT_INT_UNSET */
	const char *only; /* RT_F_PAIRS: the keys to take, separated by spaces; NULL all */
	bool older;       /* an older form: read, never written */
	bool secret;      /* a payload: read from files, never written */
	bool zero;        /* RT_F_INT: absent is 0, not RT_INT_UNSET */
	bool lenient;     /* a value of another type counts as absent and refuses nothing */
};

struct rt_schema {
	size_t size; /* of the struct */
	const struct rt_field *fields;
	size_t count;
	/* Last touch once all members are in place; may be NULL. Only pointers to static data or
	 * into the object itself may be stored. */
	void (*finish)(void *base);
};

#define RT_SCHEMA_BODY(type, name, last)                                                           \
	{                                                                                          \
		sizeof(type), name##_fields, RT_ARRAY_LEN(name##_fields), last                     \
	}
/* A part used in one file, a part shared between files, a kind. */
#define RT_PART(name, type, ...)                                                                   \
	static const struct rt_field name##_fields[] = {__VA_ARGS__};                              \
	static const struct rt_schema name = RT_SCHEMA_BODY(type, name, NULL)
#define RT_SHARED_PART(name, type, ...)                                                            \
	static const struct rt_field name##_fields[] = {__VA_ARGS__};                              \
	const struct rt_schema name = RT_SCHEMA_BODY(type, name, NULL)
#define RT_KIND(id, type, last, ...)                                                               \
	static const struct rt_field rt_schema_##id##_fields[] = {RT_METADATA, __VA_ARGS__};       \
	const struct rt_schema rt_schema_##id = RT_SCHEMA_BODY(type, rt_schema_##id, last)

#define AT(type, member) .offset = offsetof(type, member)
#define RT_METADATA                                                                                \
	{                                                                                          \
		"metadata", RT_F_INLINE, .sub = &rt_metadata_schema                                \
	}

#define X(id, group, kind, plural, shorts, namespaced, versions)                                   \
	extern const struct rt_schema rt_schema_##id;
RT_KINDS(X)
#undef X
extern const struct rt_schema rt_schema_OTHER;
const struct rt_schema *rt_kind_schema(enum rt_kind k);

/* Parts that several kinds share. */
extern const struct rt_schema rt_metadata_schema; /* inline into struct rt_obj */
extern const struct rt_schema rt_condition_schema;
extern const struct rt_schema rt_label_selector_schema;
extern const struct rt_schema rt_object_ref_schema; /* no defaults */
extern const struct rt_schema rt_secret_ref_schema; /* default ("", Secret) */
extern const struct rt_schema rt_parent_ref_schema; /* default (Gateway API, Gateway) */
extern const struct rt_schema rt_address_schema;
extern const struct rt_schema rt_listener_schema;
extern const struct rt_schema rt_listener_status_schema;
extern const struct rt_schema rt_route_namespaces_schema;
extern const struct rt_schema rt_lb_ingress_schema;
extern const struct rt_schema rt_pod_spec_schema; /* inline into struct rt_pod_spec */

/* The layout that every RT_LIST shares. */
struct rt_any_list {
	const void *v;
	size_t len;
};

#endif
