/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h - where objects come from: files, a snapshot, the compiled-in demo, an overlay.
 * Each source fills a store; a cluster is in cluster.h. To everything above they are the same.
 */
#ifndef RUTTER_SOURCE_H
#define RUTTER_SOURCE_H

#include "rutter/store.h"

struct rt_files_opts {
	const char *const
	    *paths; /* files, directories (*.yaml *.yml *.json), "-" for standard input */
	size_t count;
	bool recursive;
	bool overlay; /* objects are put on top of what is there */
	/* NULL, or gets the text of standard input for a line finder; nothing when that is large.
	 */
	struct rt_buf *keep_stdin;
	/* NULL, or is told of each path that held no object. */
	void (*held_nothing)(void *ctx, const char *shown, bool directory);
	void *ctx;
};

/* Reads manifests, Lists and snapshots (a leading SnapshotInfo turns the store into a cluster's and
 * sets its scopes). Objects that cannot be decoded become problems of the store. RT_INPUT with
 * file, line and column when a document is broken; RT_IO when a path cannot be read. */
RT_NODISCARD enum rt_status rt_source_files(
    struct rt_store *s, const struct rt_files_opts *opts, struct rt_error *err);
/* The cluster compiled into the program; now makes its timestamps recent. */
RT_NODISCARD enum rt_status rt_source_demo(struct rt_store *s, int64_t now, struct rt_error *err);

/* Looks things up in the files that objects came from, which are read again. One finder for one
 * report. stdin_text: what rt_source_files kept, or NULL; borrowed. */
struct rt_line_finder;
struct rt_line_finder *rt_line_finder_new(const struct rt_buf *stdin_text);
/* The line of a field (see yaml.h for the path); the origin's own when it cannot be found. */
unsigned rt_line_find(struct rt_line_finder *f, const struct rt_origin *origin, const char *field);
/* The object as it stands in its file, as terminal-safe YAML (a Secret: what was decoded of it), or
 * NULL when it cannot be read again. Caller frees. */
char *rt_source_text(struct rt_line_finder *f, const struct rt_obj *obj);
void rt_line_finder_free(struct rt_line_finder *f); /* NULL-safe */

#endif
