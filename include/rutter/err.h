/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - status codes and error texts.
 * Functions that can fail return enum rt_status and fill a caller-supplied struct rt_error (last
 * argument, may be NULL). The inner function writes the fact; each layer prefixes what it was
 * doing. Out-parameters (ret_x) are left untouched on failure.
 * A message is one line: what failed: why. hint, when set, is one line that says what to do.
 */
#ifndef RUTTER_ERR_H
#define RUTTER_ERR_H

#include "rutter/fwd.h"

/*      name            text                          exit status */
#define RT_STATUSES(X)                                                                             \
	X(OK, "ok", 0)                                                                             \
	X(FOUND, "findings or differences", 1)                                                     \
	X(USAGE, "wrong usage", 2)                                                                 \
	X(INPUT, "unreadable input", 2)                                                            \
	X(CONFIG, "bad kubeconfig", 2)                                                             \
	X(IO, "input or output failed", 2)                                                         \
	X(LIMIT, "a limit was exceeded", 2)                                                        \
	X(UNREACHABLE, "cluster unreachable", 3)                                                   \
	X(TLS, "TLS failed", 3)                                                                    \
	X(CREDENTIALS, "credentials refused", 3)                                                   \
	X(FORBIDDEN, "forbidden", 3)                                                               \
	X(NOT_FOUND, "not found", 3)                                                               \
	X(SERVER, "the server failed", 3)                                                          \
	X(PROTOCOL, "unexpected answer", 3)                                                        \
	X(TIMEOUT, "timed out", 3)                                                                 \
	X(CANCELLED, "cancelled", 3)

enum rt_status {
#define X(name, text, exit_status) RT_##name,
	RT_STATUSES(X)
#undef X
	    RT_STATUS_COUNT
};

struct rt_error {
	enum rt_status status;
	int http;       /* the HTTP status behind it, 0 if none */
	char msg[1024]; /* one line, cleaned when printed, never a secret */
	char hint[512]; /* what to do, or "" */
};

const char *rt_status_text(enum rt_status s);
int rt_status_exit(enum rt_status s);

/* Writes the fact and returns status, so that callers can: return rt_fail(err, RT_INPUT, ...). */
enum rt_status rt_fail(struct rt_error *err, enum rt_status status, const char *fmt, ...)
    RT_PRINTF(3, 4);
/* Puts "context: " before the message; returns err->status (RT_IO when err is NULL). */
enum rt_status rt_fail_prefix(struct rt_error *err, const char *fmt, ...) RT_PRINTF(2, 3);
void rt_error_hint(struct rt_error *err, const char *fmt, ...) RT_PRINTF(2, 3);

#endif
