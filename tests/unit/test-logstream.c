/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-logstream.c - a followed log that is cut and goes on: every line once, whatever comes twice.
 */
#include "config.h"

#include "rutter/logstream.h"

#include <string.h>

#include "rutter/mem.h"
#include "tests/lib/tap.h"

#define T "2026-11-28T08:00:0"

static const struct {
	const char *about;
	const char *parts[4]; /* between them the stream is cut */
	const char *want, *since;
} rows[] = {
    {"times are taken off", {T "0.5Z one\n" T "1Z two\n"}, "one\ntwo\n", T "1Z"},
    {"blanks are the line's own", {T "0Z   in\n" T "1Z\n" T "2Z \n"}, "  in\n\n\n", T "2Z"},
    {"lines without a time", {"plain\n" T "1Z x\nrest of it\n"}, "plain\nx\nrest of it\n", T "1Z"},
    {"nothing yet", {"", ""}, "", ""},
    {"the same second comes again",
	{T "0.25Z a\n" T "0.5Z b\n", T "0.25Z a\n" T "0.5Z b\n" T "0.75Z c\n"}, "a\nb\nc\n",
	T "0.75Z"},
    {"fractions of different lengths", {T "0.5Z a\n", T "0.45Z old\n" T "0.500000001Z b\n"},
	"a\nb\n", T "0.500000001Z"},
    {"two lines of one time, both there", {T "0.5Z a\n" T "0.5Z b\n", T "0.5Z a\n" T "0.5Z b\n"},
	"a\nb\n", T "0.5Z"},
    {"two of one time, one not sent before", {T "0.5Z a\n", T "0.5Z a\n" T "0.5Z b\n"}, "a\nb\n",
	T "0.5Z"},
    {"cut in the middle of a line", {T "0Z a\n" T "1Z hal", T "0Z a\n" T "1Z half\n"}, "a\nhalf\n",
	T "1Z"},
    {"cut in the middle of a time", {T "0Z a\n2026-11", T "0Z a\n" T "1Z b\n"}, "a\nb\n", T "1Z"},
    {"cut twice", {T "0Z a\n", "", T "0Z a\n" T "1Z b\n", T "1Z b\n"}, "a\nb\n", T "1Z"},
    {"the same text at another time stays", {T "0Z a\n", T "1Z a\n" T "2Z a\n"}, "a\na\na\n",
	T "2Z"},
};

/* Fed as one piece and byte by byte. */
static void play(size_t row, size_t step)
{
	struct rt_log_stream s = {0};
	struct rt_buf out = {0};
	for (size_t i = 0; i < RT_ARRAY_LEN(rows[row].parts) && rows[row].parts[i]; i++) {
		const char *text = rows[row].parts[i];
		size_t len = strlen(text);
		if (i > 0)
			rt_log_stream_cut(&s);
		for (size_t at = 0; at < len; at += step)
			rt_log_stream_feed(&s, text + at, len - at < step ? len - at : step, &out);
	}
	tap_is_str(rt_buf_str(&out), rows[row].want, "%s", rows[row].about);
	tap_is_str(s.since, rows[row].since, "and where to go on");
	rt_log_stream_done(&s);
	rt_buf_done(&out);
}

static void test_long_line(void)
{
	struct rt_log_stream s = {0};
	struct rt_buf out = {0};
	char block[4096];
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 1000; i++)
		rt_log_stream_feed(&s, block, sizeof(block), &out);
	tap_ok(s.line.len <= 1 << 17 && out.len >= 3 << 20, "a line without an end is broken");
	rt_log_stream_done(&s);
	rt_buf_done(&out);
}

int main(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		play(i, 1 << 20);
		play(i, 1);
	}
	test_long_line();
	return tap_done();
}
