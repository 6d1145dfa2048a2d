/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonscan.h - finding the end of a JSON value fast, across any chunk boundary.
 * Looks at brackets, quotes and backslashes only; what stands between them is the parser's matter.
 */
#ifndef RUTTER_CODEC_JSONSCAN_H
#define RUTTER_CODEC_JSONSCAN_H

#include "rutter/fwd.h"

/* Where the scan stands inside a value; all zero before its first byte. */
struct rt_scan {
	uint64_t depth;   /* open brackets */
	uint64_t deepest; /* at least as large as any depth so far once it is over limit */
	uint64_t limit;   /* depths up to this need not be told exactly */
	bool in_string;
	bool escaped; /* the next byte is the second of an escape */
};

/* p is inside a string (behind its opening quote). Returns the byte behind the closing quote, or
 * NULL when all was consumed. */
const char *rt_scan_string(struct rt_scan *s, const char *p, const char *end);
/* p is inside a container of s->depth levels. Returns the byte behind the bracket that closes the
 * outermost, or NULL when all was consumed. */
const char *rt_scan_container(struct rt_scan *s, const char *p, const char *end);
/* The first byte that is not JSON white space, or end. */
static inline const char *rt_scan_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}
size_t rt_scan_lines(const char *p, const char *end);
/* Resolves the escapes of a string's inside in place; returns the new length. */
size_t rt_scan_unescape(char *s, size_t len);

#endif
