/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-hostname.c - hostname patterns of listeners and routes as tables.
 */
#include "config.h"

#include <string.h>

#include "rutter/hostname.h"
#include "tests/lib/tap.h"

static const char *shown(const char *s)
{
	return s ? s : "unset";
}

static void test_matches(void)
{
	static const struct {
		const char *pattern, *host;
		bool want, ingress;
	} t[] = {
	    {NULL, "a.example", true, true},
	    {NULL, "192.0.2.1", true, true},
	    {"a.example", "a.example", true, true},
	    {"a.example", "A.EXAMPLE", true, true},
	    {"a.example", "b.example", false, false},
	    {"*.example", "a.example", true, true},
	    {"*.example", "b.a.example", true, false},
	    {"*.example", "example", false, false},
	    {"*.example", ".example", false, false},
	    {"*.wildcard.io", "foo.nonmatchingwildcard.io", false, false},
	    {"*.wildcard.io", "foo.Wildcard.IO", true, true},
	    {"a.example", NULL, false, false},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++) {
		tap_is_int(rt_hostname_matches(t[i].pattern, t[i].host), t[i].want, "%s takes %s",
		    shown(t[i].pattern), shown(t[i].host));
		tap_is_int(rt_hostname_matches_ingress(t[i].pattern, t[i].host), t[i].ingress,
		    "ingress %s takes %s", shown(t[i].pattern), shown(t[i].host));
	}
	tap_ok(rt_hostname_matches_ingress("", "a.example"), "an empty Ingress host is every host");
}

static void test_intersect(void)
{
	static const struct {
		const char *listener, *route;
		bool want;
		const char *result;
	} t[] = {
	    {NULL, NULL, true, NULL},
	    {NULL, "a.example", true, "a.example"},
	    {NULL, "*.example", true, "*.example"},
	    {"a.example", NULL, true, "a.example"},
	    {"*.example", NULL, true, "*.example"},
	    {"a.example", "a.example", true, "a.example"},
	    {"a.example", "b.example", false, NULL},
	    {"*.example", "a.example", true, "a.example"},
	    {"*.example", "b.a.example", true, "b.a.example"},
	    {"*.example", "example", false, NULL},
	    {"very.specific.com", "*.specific.com", true, "very.specific.com"},
	    {"specific.com", "*.specific.com", false, NULL},
	    {"*.example.com", "*.example.com", true, "*.example.com"},
	    {"*.example.com", "*.a.example.com", true, "*.a.example.com"},
	    {"*.a.example.com", "*.example.com", true, "*.a.example.com"},
	    {"*.example.com", "*.anexample.com", false, NULL},
	    {"*.a.com", "*.b.com", false, NULL},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++) {
		const char *got = NULL;
		bool met = rt_hostname_intersect(t[i].listener, t[i].route, &got);
		tap_is_int(met, t[i].want, "%s meets %s", shown(t[i].listener), shown(t[i].route));
		if (met)
			tap_is_str(got, t[i].result, "%s with %s", shown(t[i].listener),
			    shown(t[i].route));
	}
}

static void test_order(void)
{
	static const char *const by_listener[] = {
	    "a.example", "*.foo.example.com", "*.example.com", "*.com", NULL};
	static const char *const by_route[] = {
	    "abc.example", "a.example", "*.example.com", "*.example", NULL};

	for (size_t i = 0; i + 1 < RT_ARRAY_LEN(by_listener); i++)
		tap_ok(rt_hostname_specificity(by_listener[i]) >
			   rt_hostname_specificity(by_listener[i + 1]),
		    "listener %s before %s", by_listener[i], shown(by_listener[i + 1]));
	for (size_t i = 0; i + 1 < RT_ARRAY_LEN(by_route); i++) {
		tap_ok(rt_hostname_route_cmp(by_route[i], by_route[i + 1]) < 0,
		    "route %s before %s", by_route[i], shown(by_route[i + 1]));
		tap_ok(rt_hostname_route_cmp(by_route[i + 1], by_route[i]) > 0, "and not after");
	}
	tap_is_int(rt_hostname_route_cmp("*.a.io", "*.b.io"), 0, "equal lengths tie");
}

static void test_authority(void)
{
	static const struct {
		const char *authority, *host;
	} t[] = {
	    {"very.specific.com:1234", "very.specific.com"},
	    {"a.example", "a.example"},
	    {"[2001:db8::1]:80", "2001:db8::1"},
	    {"2001:db8::1", "2001:db8::1"},
	    {"", ""},
	};
	char buf[64];

	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++)
		if (tap_ok(rt_hostname_of_authority(t[i].authority, buf, sizeof(buf)),
			"%s has a host", t[i].authority))
			tap_is_str(buf, t[i].host, "host of %s", t[i].authority);
	tap_ok(!rt_hostname_of_authority("abcd", buf, 4), "a host that does not fit is refused");
}

int main(void)
{
	test_matches();
	test_intersect();
	test_order();
	test_authority();
	return tap_done();
}
