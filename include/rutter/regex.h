/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.h - PCRE2 under limits, so that a hostile pattern costs bounded time.
 */
#ifndef RUTTER_REGEX_H
#define RUTTER_REGEX_H

#include "rutter/err.h"

struct rt_regex;

enum rt_regex_flags { RT_REGEX_ICASE = 1, RT_REGEX_ANCHOR_START = 2, RT_REGEX_FULL = 4 };

/* RT_USAGE with PCRE2's reason and offset. Caller frees. */
RT_NODISCARD enum rt_status rt_regex_new(
    const char *pattern, unsigned flags, struct rt_regex **ret, struct rt_error *err);
/* RT_UNKNOWN when a match limit was reached. groups, when not NULL, gets up to count (start, end)
 * byte offsets, the whole match first; unset groups are SIZE_MAX. */
enum rt_tri rt_regex_match(
    const struct rt_regex *r, const char *subject, size_t (*groups)[2], size_t count);
void rt_regex_free(struct rt_regex *r); /* NULL-safe */

/* The version of PCRE2 that this runs with. Caller frees. */
char *rt_regex_library(void);

#endif
