/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-net-header.c - Content-Type in the spellings that servers and proxies use.
 */
#include "config.h"

#include "rutter/net.h"

#include "tests/lib/tap.h"

static const char aggregated[] =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

static void test_types(void)
{
	tap_ok(rt_net_type_is("application/json", "application/json"), "plain");
	tap_ok(rt_net_type_is("Application/JSON; charset=utf-8", "application/json"),
	    "any case, with parameters");
	tap_ok(!rt_net_type_is("application/json-seq", "application/json"),
	    "a longer name is another");
	tap_ok(!rt_net_type_is("", "application/json"), "an absent one is none");
}

static void test_parameters(void)
{
	tap_ok(rt_net_type_has(aggregated, "as", "APIGroupDiscoveryList"), "the last parameter");
	tap_ok(rt_net_type_has(aggregated, "v", "v2"), "one in the middle");
	tap_ok(!rt_net_type_has(aggregated, "v", "v2beta1"), "the whole value counts");
	tap_ok(rt_net_type_has("a/b; AS=\"x\" ;v=1", "as", "x"), "quotes, case and blanks");
	tap_ok(!rt_net_type_has("a/b;bas=x", "as", "x"), "the whole name counts");
	tap_ok(!rt_net_type_has("a/b;as", "as", ""), "no value is no parameter");
	tap_ok(!rt_net_type_has("a/b;;;", "as", "x"), "empty parameters end");
}

int main(void)
{
	test_types();
	test_parameters();
	return tap_done();
}
