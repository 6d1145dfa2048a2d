/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-utf8.c - decoding, widths, and what rt_clean lets through.
 */
#include "config.h"

#include "rutter/utf8.h"

#include <locale.h>
#include <string.h>

#include "rutter/buf.h"
#include "tests/lib/tap.h"

static void check_roundtrip(void)
{
	size_t bad = 0;

	for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
		char bytes[4];
		size_t len;
		uint32_t back;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		len = rt_utf8_encode(cp, bytes);
		bad += rt_utf8_decode(bytes, len, &back) != len || back != cp;
		bad += !rt_utf8_valid(bytes, len);
		bad += len > 1 && rt_utf8_valid(bytes, len - 1);
	}
	tap_is_int((long long)bad, 0, "every scalar value survives encode and decode");
}

static void check_invalid(void)
{
	static const char *const invalid[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf",
	    "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
	    "\xf5\x80\x80\x80", "\xff", "\xfe", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(",
	    "\xe2(\xa1"};
	char bytes[4];
	uint32_t cp;

	for (size_t i = 0; i < RT_ARRAY_LEN(invalid); i++) {
		size_t used = rt_utf8_decode(invalid[i], strlen(invalid[i]), &cp);

		tap_ok(used == 1 && cp == 0xfffd && !rt_utf8_valid(invalid[i], strlen(invalid[i])),
		    "invalid sequence %zu", i);
	}
	tap_ok(rt_utf8_valid("\xef\xbf\xbd", 3), "U+FFFD as such is valid");
	tap_is_int((long long)rt_utf8_encode(0xd800, bytes), 3, "a surrogate is encoded as U+FFFD");
	tap_ok(memcmp(bytes, "\xef\xbf\xbd", 3) == 0, "by its bytes");
	tap_is_int((long long)rt_utf8_encode(0x110000, bytes), 3, "so is what is too large");
}

static void check_widths(void)
{
	static const struct {
		uint32_t cp;
		int width;
	} widths[] = {{'a', 1}, {0x07, 1}, {0x1b, 1}, {0x7f, 1}, {0x9b, 1}, {0xe9, 1}, {0x301, 0},
	    {0x4e00, 2}, {0xac00, 2}, {0x1f600, 2}, {0x202e, 1}, {0x200b, 1}, {0xfffd, 1},
	    {0xffff, 1}, {0x2500, 1}, {0xe0041, 1}};

	for (size_t i = 0; i < RT_ARRAY_LEN(widths); i++)
		tap_is_int(rt_cp_width(widths[i].cp), widths[i].width, "width of U+%04X",
		    (unsigned)widths[i].cp);
	tap_is_int(
	    (long long)rt_str_width("a\xe4\xb8\x80\x1b\xff\n\xcc\x81"), 6, "width of a string");
}

static void check_unsafe(void)
{
	static const uint32_t unsafe[] = {0, 7, 8, 9, 10, 13, 27, 0x7f, 0x80, 0x9b, 0x9f, 0x61c,
	    0x200b, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069,
	    0xfeff, 0xfffe, 0xffff, 0xe0001, 0xe0020, 0xe007f};
	static const uint32_t safe[] = {
	    ' ', '~', 0xa0, 0xe9, 0x2010, 0x2026, 0x202f, 0x4e00, 0xfffd, 0x1f600};

	for (size_t i = 0; i < RT_ARRAY_LEN(unsafe); i++)
		tap_ok(rt_cp_unsafe(unsafe[i]), "U+%04X is unsafe", (unsigned)unsafe[i]);
	for (size_t i = 0; i < RT_ARRAY_LEN(safe); i++)
		tap_ok(!rt_cp_unsafe(safe[i]), "U+%04X is safe", (unsigned)safe[i]);
}

#define R "\xef\xbf\xbd"

static void check_clean(void)
{
	static const struct {
		const char *text, *clean, *ascii;
	} cases[] = {
	    {"plain", "plain", "plain"}, {"", "", ""},
	    {"\x1b[31mred\x07", R "[31mred" R, "?[31mred?"},
	    {"a\nb\tc\r\nd\re", "a b c d" R "e", "a b c d?e"},
	    {"\xc2\x9b"
	     "31m",
		R "31m", "?31m"},
	    {"evil\xe2\x80\xaegpj", "evil" R "gpj", "evil?gpj"},
	    {"caf\xc3\xa9 \xe4\xb8\x80", "caf\xc3\xa9 \xe4\xb8\x80", "caf? ?"},
	    {"\xe2\x80\x9c"
	     "a\xe2\x80\x99s\xe2\x80\x9d 1 \xe2\x86\x92 2",
		"\xe2\x80\x9c"
		"a\xe2\x80\x99s\xe2\x80\x9d 1 \xe2\x86\x92 2",
		"\"a's\" 1 > 2"},
	    {"\xff\xfe", R R, "??"}, {"\xe2\x82", R R, "??"}, {"e\xcc\x81", "e\xcc\x81", "e?"},
	    {"\xef\xb7\x90", R, "?"}, /* a noncharacter: no width is agreed on */
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		struct rt_buf b = {0};

		rt_clean(&b, cases[i].text, false);
		tap_is_str(rt_buf_str(&b), cases[i].clean, "clean %zu", i);
		rt_buf_clear(&b);
		rt_clean(&b, cases[i].text, true);
		tap_is_str(rt_buf_str(&b), cases[i].ascii, "clean %zu in ASCII", i);
		rt_buf_done(&b);
	}
}

static void check_cut(void)
{
	static const struct {
		const char *text;
		size_t cols;
		bool ascii;
		const char *want;
		size_t used;
	} cases[] = {
	    {"hello", 5, false, "hello", 5},
	    {"hello", 9, false, "hello", 5},
	    {"hello", 4, false, "hel\xe2\x80\xa6", 4},
	    {"hello", 4, true, "hel~", 4},
	    {"hello", 1, false, "\xe2\x80\xa6", 1},
	    {"hello", 0, false, "", 0},
	    {"", 3, false, "", 0},
	    {"\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80", 5, false,
		"\xe4\xb8\x80\xe4\xb8\x80\xe2\x80\xa6", 5},
	    {"\xe4\xb8\x80\xe4\xb8\x80\xe4\xb8\x80", 4, false, "\xe4\xb8\x80\xe2\x80\xa6", 3},
	    {"e\xcc\x81z", 2, false, "e\xcc\x81z", 2},
	    {"e\xcc\x81zz", 2, false, "e\xcc\x81\xe2\x80\xa6", 2},
	    {"\x1b\x1b\x1b", 2, false, R "\xe2\x80\xa6", 2},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		struct rt_buf b = {0};
		size_t used = rt_clean_cut(&b, cases[i].text, cases[i].cols, cases[i].ascii);

		tap_is_str(rt_buf_str(&b), cases[i].want, "cut %zu", i);
		tap_is_int((long long)used, (long long)cases[i].used, "columns of cut %zu", i);
		rt_buf_done(&b);
	}
}

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		tap_skip("no C.UTF-8 locale: widths and cleaning of non-ASCII");
	else {
		check_widths();
		check_clean();
		check_cut();
	}
	check_roundtrip();
	check_invalid();
	check_unsafe();
	return tap_done();
}
