/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-regex.c - matching, groups, anchoring, and hostile patterns in bounded time.
 */
#include "config.h"

#include "rutter/regex.h"

#include <string.h>
#include <time.h>

#include "rutter/buf.h"
#include "tests/lib/tap.h"

static void check_match(void)
{
	static const struct {
		const char *pattern;
		unsigned flags;
		const char *subject;
		enum rt_tri want;
	} cases[] = {
	    {"b+", 0, "abbc", RT_YES},
	    {"b+", 0, "ac", RT_NO},
	    {"B+", 0, "abbc", RT_NO},
	    {"B+", RT_REGEX_ICASE, "abbc", RT_YES},
	    {"b", RT_REGEX_ANCHOR_START, "ab", RT_NO},
	    {"a", RT_REGEX_ANCHOR_START, "ab", RT_YES},
	    {"a|ab", RT_REGEX_FULL, "ab", RT_YES},
	    {"a|ab", RT_REGEX_FULL, "abc", RT_NO},
	    {"/api/v[0-9]+(/|$)", RT_REGEX_ANCHOR_START, "/api/v2/x", RT_YES},
	    {"/api/v[0-9]+(/|$)", RT_REGEX_ANCHOR_START, "/api/v2x", RT_NO},
	    {"", RT_REGEX_FULL, "", RT_YES},
	    {"", RT_REGEX_FULL, "x", RT_NO},
	    {"^a.c$", 0, "a\nc", RT_NO},
	};
	struct rt_regex *r;

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		if (rt_regex_new(cases[i].pattern, cases[i].flags, &r, NULL) != RT_OK) {
			tap_ok(false, "%s does not compile", cases[i].pattern);
			continue;
		}
		tap_is_int(rt_regex_match(r, cases[i].subject, NULL, 0), cases[i].want,
		    "'%s' and '%s' (%u)", cases[i].pattern, cases[i].subject, cases[i].flags);
		rt_regex_free(r);
	}
}

static void check_groups(void)
{
	size_t at[4][2];
	struct rt_regex *r;

	if (rt_regex_new("/(a+)(/b)?(.*)", RT_REGEX_ANCHOR_START, &r, NULL) != RT_OK)
		return;
	tap_is_int(rt_regex_match(r, "/aa/c", at, 4), RT_YES, "a match with an unset group");
	tap_ok(at[0][0] == 0 && at[0][1] == 5, "the whole match");
	tap_ok(at[1][0] == 1 && at[1][1] == 3, "the first group");
	tap_ok(at[2][0] == SIZE_MAX && at[2][1] == SIZE_MAX, "the unset one");
	tap_ok(at[3][0] == 3 && at[3][1] == 5, "the last");
	tap_is_int(rt_regex_match(r, "/a/b", at, 1), RT_YES, "fewer places than groups");
	rt_regex_free(r);
	rt_regex_free(NULL);
}

static void check_bad(void)
{
	static const char *const bad[][2] = {{"a(b", "at offset 3"}, {"[z-a]", "at offset 3"},
	    {"*a", "at offset 0"}, {"a\\", "at offset 2"}, {"\\C", "at offset 2"}};
	struct rt_error err;
	struct rt_regex *r;
	struct rt_buf big = {0};

	for (size_t i = 0; i < RT_ARRAY_LEN(bad); i++) {
		tap_is_int(
		    rt_regex_new(bad[i][0], 0, &r, &err), RT_USAGE, "'%s' is refused", bad[i][0]);
		tap_ok(strstr(err.msg, bad[i][1]) != NULL, "with the place: %s", err.msg);
	}
	rt_buf_pad(&big, 'a', 100000);
	tap_is_int(rt_regex_new(rt_buf_str(&big), 0, &r, &err), RT_USAGE, "a very long pattern");
	rt_buf_clear(&big);
	rt_buf_pad(&big, '(', 5000);
	tap_is_int(rt_regex_new(rt_buf_str(&big), 0, &r, &err), RT_USAGE, "very deep parentheses");
	rt_buf_done(&big);
}

/* Patterns that take exponential time where nothing limits them. */
static void check_hostile(void)
{
	static const char *const patterns[] = {"(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){25}$",
	    "^(([a-z])+.)+[A-Z]([a-z])+$", "(?R)?a", "((a{0,200}){0,200}){0,200}$", "(x+x+)+y"};
	struct rt_buf subject = {0};
	clock_t before = clock();

	rt_buf_pad(&subject, 'a', 3000);
	rt_buf_pad(&subject, 'x', 3000);
	rt_buf_putc(&subject, '!');
	for (size_t i = 0; i < RT_ARRAY_LEN(patterns); i++) {
		struct rt_regex *r;
		struct rt_error err;

		if (rt_regex_new(patterns[i], 0, &r, &err) != RT_OK) {
			tap_ok(err.status == RT_USAGE, "'%s' is refused: %s", patterns[i], err.msg);
			continue;
		}
		/* Whatever the answer: it comes. */
		tap_ok(rt_regex_match(r, rt_buf_str(&subject), NULL, 0) <= RT_UNKNOWN, "'%s' ends",
		    patterns[i]);
		rt_regex_free(r);
	}
	tap_ok((clock() - before) / CLOCKS_PER_SEC < 20, "within seconds");
	rt_buf_done(&subject);
}

static void check_limit(void)
{
	struct rt_regex *r;

	if (rt_regex_new("(a|a|b)*$", RT_REGEX_FULL, &r, NULL) != RT_OK)
		return;
	tap_is_int(rt_regex_match(r, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", NULL, 0),
	    RT_UNKNOWN, "a limit that is reached is no answer");
	tap_is_int(rt_regex_match(r, "ab", NULL, 0), RT_YES, "and the next match is one again");
	rt_regex_free(r);
}

int main(void)
{
	check_match();
	check_groups();
	check_bad();
	check_hostile();
	check_limit();
	return tap_done();
}
