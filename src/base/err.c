/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.c - status codes and error texts.
 */
#include "config.h"

#include "rutter/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rutter/mem.h"

static const struct {
	const char *text;
	int exit_status;
} statuses[] = {
#define X(name, text, exit_status) [RT_##name] = {text, exit_status},
    RT_STATUSES(X)
#undef X
};

const char *rt_status_text(enum rt_status s)
{
	rt_assert((size_t)s < RT_ARRAY_LEN(statuses));
	return statuses[s].text;
}

int rt_status_exit(enum rt_status s)
{
	rt_assert((size_t)s < RT_ARRAY_LEN(statuses));
	return statuses[s].exit_status;
}

enum rt_status rt_fail(struct rt_error *err, enum rt_status status, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return status;
	err->status = status;
	err->http = 0;
	err->hint[0] = '\0';
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return status;
}

enum rt_status rt_fail_prefix(struct rt_error *err, const char *fmt, ...)
{
	char inner[sizeof(err->msg)];
	size_t used;
	va_list ap;

	if (!err)
		return RT_IO;
	memcpy(inner, err->msg, sizeof(inner));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	used = strlen(err->msg);
	snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", inner);
	return err->status;
}

void rt_error_hint(struct rt_error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return;
	va_start(ap, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
}
