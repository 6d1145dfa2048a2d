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
void rt_manifest_put(struct rt_store *s, struct json_t *doc, struct rt_origin origin);
/* One object as rt_decode takes it. */
void rt_manifest_put_object(struct rt_store *s, const struct rt_decode_in *in);
/* The same from JSON text, as the item splitter hands it out; in->value is set from it. */
void rt_manifest_put_text(
    struct rt_store *s, const char *json, size_t len, const struct rt_decode_in *in);

#endif
