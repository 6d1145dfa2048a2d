/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - diagnostics to a file, never to the terminal the program draws on.
 * Level 0 is silent; the kubectl scale applies (6 requests, 8 headers, 9 timings). Lines are
 * escaped. Callers never pass a credential: rt_log_secret tells a value that is masked wherever it
 * would still turn up.
 */
#ifndef RUTTER_LOG_H
#define RUTTER_LOG_H

#include "rutter/err.h"

/* path NULL: stderr. Opened 0600, appended to; no link is followed. */
RT_NODISCARD enum rt_status rt_log_open(const char *path, int level, struct rt_error *err);
void rt_log_close(void);
bool rt_log_on(int level);
void rt_log(int level, const char *component, const char *fmt, ...) RT_PRINTF(3, 4);
/* Copied, wiped by rt_log_close; shorter than 6 bytes: ignored. Of more than 64 values the one told
 * longest ago is forgotten. */
void rt_log_secret(const char *value);

#endif
