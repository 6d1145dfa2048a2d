/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h - what all objects have in common.
 * One object is one allocation: the kind's struct with its strings and arrays in the tail. All
 * members are const after decoding; whoever holds the store may borrow pointers until the store
 * replaces the object. Absent: NULL strings and pointers, RT_INT_UNSET, RT_FLAG_UNSET, lists with
 * v NULL (an empty list that was given has v set and len 0). Defaults that the API server would
 * have applied to references, weights and match types are already filled in (gateway-api §1.2).
 * Repeated strings (namespaces, label keys and values, kinds, reasons) are interned.
 */
#ifndef RUTTER_MODEL_H
#define RUTTER_MODEL_H

#include "rutter/kinds.h"
#include "rutter/selector.h"
#include "rutter/timefmt.h"

#define RT_INT_UNSET INT64_MIN
enum rt_flag { RT_FLAG_UNSET, RT_FLAG_FALSE, RT_FLAG_TRUE };

#define RT_LIST(type)                                                                              \
	struct {                                                                                   \
		const type *v;                                                                     \
		size_t len;                                                                        \
	}
typedef RT_LIST(char *) rt_strings; /* v[i] is a const string by contract */

/* Where an object was read. file NULL: a cluster. */
struct rt_origin {
	const char *file; /* interned; "-" is standard input */
	int64_t offset;   /* of its first byte in a JSON file; -1 in a YAML file */
	unsigned line;    /* of its first line, from 1 */
	unsigned doc;     /* document number in the file, from 0 */
	int item;         /* index in the document's items, -1 when the document is the object */
	bool overlay;     /* came with --overlay */
};

struct rt_owner {
	const char *api_version, *kind, *name, *uid;
};

struct rt_obj {
	enum rt_kind kind;
	const char *group, *kind_name; /* never NULL, interned */
	const char *api_version;       /* as read */
	const char *ns;                /* NULL for cluster scope */
	const char *name;
	const char *uid;
	int64_t created;    /* creationTimestamp or RT_TIME_UNSET */
	int64_t generation; /* 0 when absent */
	int64_t deleted;    /* deletionTimestamp */
	const char *resource_version;
	struct rt_pairs labels, annotations;
	RT_LIST(struct rt_owner) owners;
	const char *status_manager; /* who writes status, by managedFields; NULL unknown */
	int64_t spec_time;          /* last write of the spec by managedFields */
	struct rt_origin origin;
};

/* A reference with every default applied; ns NULL for cluster scope. */
struct rt_ref {
	const char *group, *kind, *ns, *name;
};
struct rt_ref rt_obj_ref(const struct rt_obj *o);
int rt_ref_cmp(const struct rt_ref *a, const struct rt_ref *b); /* group, kind, ns, name */
/* "Kind ns/name" or "Kind name", as messages write objects. In arena. */
const char *rt_ref_text(struct rt_arena *a, struct rt_ref r);
const char *rt_obj_text(struct rt_arena *a, const struct rt_obj *o);

struct rt_condition {
	const char *type, *status, *reason, *message;
	int64_t observed_generation; /* 0 when absent (gateway-api §7.4) */
	int64_t last_transition;
};
typedef RT_LIST(struct rt_condition) rt_conditions;
const struct rt_condition *rt_condition_find(rt_conditions c, const char *type);

/* Label selector as objects hold it; present tells an empty one ({}: everything) from none. */
struct rt_label_selector {
	struct rt_pairs match_labels;
	RT_LIST(struct rt_requirement_spec) match_expressions;
};
struct rt_requirement_spec {
	const char *key, *op; /* op: In NotIn Exists DoesNotExist */
	rt_strings values;
};
bool rt_label_selector_match(const struct rt_label_selector *s, struct rt_pairs labels);

struct rt_int_or_string {
	int64_t number;   /* RT_INT_UNSET when it is a string or absent */
	const char *text; /* NULL when it is a number or absent */
};

/* ------------------------------------------------------------------ decoding */

struct json_t;
struct rt_keep;
struct rt_tree;

struct rt_decode_in {
	const struct rt_tree *tree; /* the object; NULL: it is value */
	struct json_t *value;
	const char *default_group; /* for list elements without apiVersion and kind, else NULL */
	const char *default_version, *default_kind;
	const char *status_manager, *spec_time; /* from managedFields; NULL: look into the value */
	struct rt_origin origin;
};

/* Decodes any object; kinds of the table fully, others by their metadata (RT_KIND_OTHER).
 * A namespaced object without namespace goes to "default". On failure RT_INPUT: err says
 * "field: why" and *ret_field (may be NULL) gets the field path, in arena. The block belongs to the
 * caller: free(). */
RT_NODISCARD enum rt_status rt_decode(struct rt_intern *intern, const struct rt_decode_in *in,
    struct rt_arena *scratch, struct rt_obj **ret, const char **ret_field, struct rt_error *err);
/* Builds the members that a kind's decoder reads, for the item splitter, in arena. Sources take it
 * from rt_store_keep, which remembers it. */
const struct rt_keep *rt_keep_build(struct rt_arena *a, enum rt_kind k);
/* The object as the API writes it, as far as rutter reads it. Caller owns the value. Payloads of
 * Secrets are never in it. */
struct json_t *rt_encode(const struct rt_obj *o);

#endif
