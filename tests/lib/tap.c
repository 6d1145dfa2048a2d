/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tap.c - Test Anything Protocol for the unit tests.
 * The counters are this program's only globals: a test program is one run of one protocol.
 */
#include "config.h"

#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int tests_run;
static int tests_failed;

/* Line breaks would end the TAP line, and '#' would begin a directive. */
static void print_description(const char *fmt, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	for (const char *p = text; *p != '\0'; p++)
		putchar(*p == '\n' || *p == '#' ? ' ' : *p);
	putchar('\n');
}

static bool result(bool held, const char *fmt, va_list ap)
{
	tests_run++;
	if (!held)
		tests_failed++;
	printf("%s %d - ", held ? "ok" : "not ok", tests_run);
	print_description(fmt, ap);
	/* Flushed line by line: what ran before a crash must be in the log. */
	fflush(stdout);
	return held;
}

bool tap_ok(bool held, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(held, fmt, ap);
	va_end(ap);
	return held;
}

bool tap_is_int(long long got, long long want, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		tap_diag("got:  %lld\nwant: %lld", got, want);
	return got == want;
}

static size_t common_prefix(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

static void diag_strings(const char *got, const char *want)
{
	if (got == NULL || want == NULL) {
		tap_diag("got:  %s\nwant: %s", got ? got : "(null)", want ? want : "(null)");
		return;
	}
	size_t n = common_prefix(got, want);
	int line = 1;

	for (size_t i = 0; i < n; i++)
		line += got[i] == '\n';
	tap_diag("got (%zu bytes):", strlen(got));
	tap_diag("%s", got);
	tap_diag("want (%zu bytes):", strlen(want));
	tap_diag("%s", want);
	tap_diag("they part at byte %zu, line %d: got \"%.40s\", want \"%.40s\"", n, line, got + n,
	    want + n);
}

bool tap_is_str(const char *got, const char *want, const char *fmt, ...)
{
	bool same = got == want || (got != NULL && want != NULL && strcmp(got, want) == 0);
	va_list ap;

	va_start(ap, fmt);
	result(same, fmt, ap);
	va_end(ap);
	if (!same)
		diag_strings(got, want);
	return same;
}

void tap_skip(const char *reason, ...)
{
	va_list ap;

	va_start(ap, reason);
	tests_run++;
	printf("ok %d # SKIP ", tests_run);
	print_description(reason, ap);
	va_end(ap);
}

/* Prints the text with "# " before each of its lines. */
static void print_commented(const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		printf("# %.*s\n", (int)len, text);
		text += len;
		if (*text == '\n')
			text++;
	}
}

void tap_diag(const char *fmt, ...)
{
	char text[8192];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	print_commented(text);
}

char *tap_temporary(const char *name)
{
	const char *build = getenv("TOP_BUILDDIR");
	char folder[4096] = "/tmp", *path;

	if (build) {
		snprintf(folder, sizeof(folder), "%s/tests/tmp", build);
		mkdir(folder, 0700);
	}
	if (asprintf(&path, "%s/%s-XXXXXX", folder, name) < 0)
		abort();
	return path;
}

int tap_done(void)
{
	printf("1..%d\n", tests_run);
	fflush(stdout);
	return tests_failed == 0 ? 0 : 1;
}
