/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tap.h - Test Anything Protocol for the unit tests.
 * Each check prints one line and returns whether it held, so that a test can stop early. The plan
 * comes last, from tap_done(): a test that dies half way has no plan and fails.
 *
 *	int main(void)
 *	{
 *		tap_is_int(rt_add(1, 2), 3, "adds");
 *		return tap_done();
 *	}
 */
#ifndef TESTS_LIB_TAP_H
#define TESTS_LIB_TAP_H

#include <stdbool.h>

#define TAP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

bool tap_ok(bool held, const char *fmt, ...) TAP_PRINTF(2, 3);
bool tap_is_int(long long got, long long want, const char *fmt, ...) TAP_PRINTF(3, 4);
/* NULL equals NULL only. On failure both strings are shown, and where they part. */
bool tap_is_str(const char *got, const char *want, const char *fmt, ...) TAP_PRINTF(3, 4);
void tap_skip(const char *reason, ...) TAP_PRINTF(1, 2);
/* A note for the reader of the log; may hold several lines. */
void tap_diag(const char *fmt, ...) TAP_PRINTF(1, 2);
/* "FOLDER/NAME-XXXXXX" for mkstemp and mkdtemp, below the build folder. Caller frees. */
char *tap_temporary(const char *name);
/* Prints the plan; returns the exit status for main(). */
int tap_done(void);

#endif
