/* SPDX-License-Identifier: Apache-2.0 */
/*
 * manifest.h - decoded documents on their way into a store.
 * Lists are opened, a SnapshotInfo sets what the store knows, and what cannot be decoded becomes a
 * problem of the store: nothing that was read is lost, nothing stops the rest.
 */
#ifndef RUTTER_MANIFEST_H
#define RUTTER_MANIFEST_H

#include "rutter/store.h"

/* A whole document: an object, any kind of List, or null (an empty document). origin.item is set
 * for the elements of a List. */
void rt_manifest_put(struct rt_store *s, const struct json_t *doc, struct rt_origin origin);
/* One object as rt_decode takes it, by in->tree, or a List of them. lines: where the elements of
 * the List begin, or NULL. Leaves its garbage in scratch. */
void rt_manifest_put_item(struct rt_store *s, struct rt_arena *scratch,
    const struct rt_decode_in *in, const unsigned *lines);

/* "List", "ServiceList", … */
bool rt_manifest_is_list(const char *kind);
/* What the elements of a list of one kind are that do not say it: "ServiceList" holds Services.
 * Sets the defaults of in, with strings in arena; leaves them when it is no such list. */
void rt_manifest_list_of(
    struct rt_arena *a, const char *version, const char *kind, struct rt_decode_in *in);

#endif
