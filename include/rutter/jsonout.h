/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonout.h - writing the JSON documents of the contract, member by member.
 * Streams into a buffer, so that a table of 50,000 rows needs no tree. Absent values become null,
 * never left out: NULL strings, RT_INT_UNSET, a reference without name.
 *
 *	struct rt_json_out j = rt_json_document(out, "StatusReport");
 *	rt_json_array(&j, "conditions");
 *	rt_json_object(&j, NULL); ... rt_json_close(&j);
 *	rt_json_close(&j);
 *	rt_json_document_end(&j, store);	adds "unread" and closes
 */
#ifndef RUTTER_JSONOUT_H
#define RUTTER_JSONOUT_H

#include "rutter/buf.h"
#include "rutter/store.h"

struct rt_listener_fact;

struct rt_json_out {
	struct rt_buf *out;
	bool comma; /* something stands before in this object or array */
	unsigned depth;
	uint64_t is_array; /* a bit for each open level */
};

struct rt_json_out rt_json_document(struct rt_buf *out, const char *kind);
/* "unread": what was asked for and could not be read (store NULL: nothing was); closes. */
void rt_json_document_end(struct rt_json_out *j, const struct rt_store *store);

/* key is NULL inside an array. */
void rt_json_object(struct rt_json_out *j, const char *key);
void rt_json_array(struct rt_json_out *j, const char *key);
void rt_json_close(struct rt_json_out *j); /* the innermost object or array */
void rt_json_string(struct rt_json_out *j, const char *key, const char *s);
void rt_json_int(struct rt_json_out *j, const char *key, int64_t n);
void rt_json_number(struct rt_json_out *j, const char *key, double n); /* shortest exact form */
void rt_json_bool(struct rt_json_out *j, const char *key, bool b);
void rt_json_tri(struct rt_json_out *j, const char *key, enum rt_tri t); /* unknown is null */
void rt_json_index(struct rt_json_out *j, const char *key, int i);       /* below 0 is null */
void rt_json_null(struct rt_json_out *j, const char *key);
void rt_json_strings(struct rt_json_out *j, const char *key, rt_strings list); /* [] when empty */
/* {"group","kind","namespace","name"}; null when r.name is NULL. */
void rt_json_ref(struct rt_json_out *j, const char *key, struct rt_ref r);
/* The members of a reference, into the object that is open. */
void rt_json_ref_members(struct rt_json_out *j, struct rt_ref r);
/* What a route is attached to; NULL is null. */
void rt_json_listener(struct rt_json_out *j, const char *key, const struct rt_listener_fact *l);

#endif
