/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_int.h - shared by the sources that read text.
 */
#ifndef RUTTER_SOURCE_SOURCE_INT_H
#define RUTTER_SOURCE_SOURCE_INT_H

#include "rutter/source.h"

/* A path as messages name it. */
static inline const char *rt_source_shown(const char *path)
{
	return path[0] == '-' && !path[1] ? "standard input" : path;
}

/* All documents of a YAML text into the store. name NULL: objects carry no file (the demo). */
RT_NODISCARD enum rt_status rt_source_text_read(struct rt_store *s, const char *name, bool overlay,
    const char *text, size_t len, struct rt_error *err);

/* JSON documents into the store while they are read, in portions of any size. */
struct rt_json_stream;
/* fd: where a broken item can be read again to tell the place, or -1. */
struct rt_json_stream *rt_json_stream_new(
    struct rt_store *s, const char *name, bool overlay, int fd);
RT_NODISCARD enum rt_status rt_json_stream_feed(
    struct rt_json_stream *r, const char *bytes, size_t len, struct rt_error *err);
RT_NODISCARD enum rt_status rt_json_stream_end(struct rt_json_stream *r, struct rt_error *err);
void rt_json_stream_free(struct rt_json_stream *r); /* NULL-safe */
/* Does a file that starts so hold JSON? YAML may begin with a brace, too, but not with {". */
bool rt_source_is_json(const char *text, size_t len);

/* The JSON value at an offset of a file that can be read at any place. False: cannot be read. */
bool rt_source_value_at(int fd, uint64_t offset, struct rt_buf *ret);

#endif
