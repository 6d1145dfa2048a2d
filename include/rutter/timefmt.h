/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timefmt.h - RFC 3339 times and durations.
 * Times are seconds since 1970 UTC; RT_TIME_UNSET where there is none. The program's clock is read
 * in cli (RT_NOW overrides it for tests) and passed down as a value.
 */
#ifndef RUTTER_TIMEFMT_H
#define RUTTER_TIMEFMT_H

#include "rutter/fwd.h"

#define RT_TIME_UNSET INT64_MIN

bool rt_time_parse(const char *s, int64_t *ret);        /* RFC 3339, fraction cut off */
void rt_time_write(struct rt_buf *out, int64_t t);      /* 2026-11-23T03:04:05Z */
void rt_age_write(struct rt_buf *out, int64_t seconds); /* 12s, 4m, 3h, 5d as kubectl prints ages */
/* Go durations (1h30m, 500ms) and, with plain_seconds, bare integers. */
bool rt_duration_parse(const char *s, bool plain_seconds, int64_t *ret_ms);

#endif
