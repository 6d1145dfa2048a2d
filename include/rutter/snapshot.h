/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot.h - a store as one v1 List that rt_source_files reads back to the same answers.
 */
#ifndef RUTTER_SNAPSHOT_H
#define RUTTER_SNAPSHOT_H

#include "rutter/buf.h"
#include "rutter/store.h"

/* The first item is the SnapshotInfo: context, time, and what was asked for and what came of it;
 * then every object, by kind, namespace and name. */
void rt_snapshot_write(struct rt_buf *out, const struct rt_store *s, int64_t now);

#endif
