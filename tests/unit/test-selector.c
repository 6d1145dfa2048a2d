/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-selector.c - label queries: parsing, matching, writing.
 */
#include "config.h"

#include "rutter/selector.h"

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "tests/lib/tap.h"

static const struct rt_pair labels[] = {{"a", "1"}, {"app", "web"}, {"empty", ""}, {"x.y/z", "v"}};
static const struct rt_pairs some = {labels, RT_ARRAY_LEN(labels)};

static const struct {
	const char *text, *written;
	bool matches, matches_none; /* the labels above, no labels */
} good[] = {
    {"", "", true, true},
    {"  ", "", true, true},
    {"a=1", "a=1", true, false},
    {"a==1", "a=1", true, false},
    {" a = 1 , app = web ", "a=1,app=web", true, false},
    {"a=2", "a=2", false, false},
    {"a!=1", "a!=1", false, true},
    {"b!=1", "b!=1", true, true},
    {"a", "a", true, false},
    {"!a", "!a", false, true},
    {"! b", "!b", true, true},
    {"app in (web,api)", "app in (api,web)", true, false},
    {"app in(api)", "app=api", false, false},
    {"app notin (web,api)", "app notin (api,web)", false, true},
    {"app notin (api),a", "app!=api,a", true, false},
    {"empty=", "empty=", true, false},
    {"empty in (,x)", "empty in (,x)", true, false},
    {"x.y/z=v", "x.y/z=v", true, false},
    {"in=1", "in=1", false, false},
    {"notin", "notin", false, false},
};

static void check_good(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(good); i++) {
		struct rt_arena a = {0};
		struct rt_buf b = {0};
		struct rt_selector s = {0};

		tap_is_int(
		    rt_selector_parse(&a, good[i].text, &s, NULL), RT_OK, "'%s'", good[i].text);
		rt_selector_write(&b, &s);
		tap_is_str(rt_buf_str(&b), good[i].written, "'%s' written", good[i].text);
		tap_is_int(rt_selector_match(&s, some), good[i].matches, "match");
		tap_is_int(rt_selector_match(&s, (struct rt_pairs){0}), good[i].matches_none,
		    "match without labels");
		rt_buf_done(&b);
		rt_arena_done(&a);
	}
}

static void check_bad(void)
{
	static const char *const bad[][2] = {
	    {"=x", "bad label selector '=x': expected a label key at column 1"},
	    {"a=1,", "bad label selector 'a=1,': expected a label key at column 5"},
	    {"a in b", "bad label selector 'a in b': expected '(' at column 6"},
	    {"a in (b", "bad label selector 'a in (b': expected ',' or ')' at column 8"},
	    {"a b", "bad label selector 'a b': expected =, ==, !=, in, notin or ',' at column 3"},
	    {"a=1 b", "bad label selector 'a=1 b': expected ',' at column 5"},
	    {"a>1", "bad label selector 'a>1': '<' and '>' are not supported at column 2"},
	    {"a=\"1\"", "bad label selector 'a=\"1\"': a character that no label has at column 3"},
	    {"!a=1", "bad label selector '!a=1': expected ',' at column 3"},
	};
	struct rt_selector s;
	struct rt_error err;

	for (size_t i = 0; i < RT_ARRAY_LEN(bad); i++) {
		struct rt_arena a = {0};

		tap_is_int(rt_selector_parse(&a, bad[i][0], &s, &err), RT_USAGE, "'%s'", bad[i][0]);
		tap_is_str(err.msg, bad[i][1], "says why");
		rt_arena_done(&a);
	}
}

static void check_invalid(void)
{
	static const struct rt_requirement never = {.key = "k", .op = RT_SEL_INVALID};
	static const struct rt_selector s = {&never, 1};
	struct rt_buf b = {0};

	tap_ok(!rt_selector_match(&s, some), "an invalid requirement matches nothing");
	rt_selector_write(&b, &s);
	tap_is_str(rt_buf_str(&b), "k,!k", "and is written so that a server agrees");
	rt_buf_done(&b);
}

static void check_pairs(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(labels); i++)
		tap_is_str(rt_pairs_get(some, labels[i].key), labels[i].value, "%s", labels[i].key);
	tap_is_str(rt_pairs_get(some, "nope"), NULL, "absent");
	tap_is_str(rt_pairs_get((struct rt_pairs){0}, "a"), NULL, "absent from nothing");
}

int main(void)
{
	check_good();
	check_bad();
	check_invalid();
	check_pairs();
	return tap_done();
}
