/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-vocabulary.c - features of a class, reasons and polarity of conditions.
 */
#include "config.h"

#include <string.h>

#include "rutter/features.h"
#include "rutter/reasons.h"
#include "tests/lib/tap.h"

static void test_features(void)
{
	static const char *listed[] = {"Gateway", "HTTPRoute", "NotKnown"};
	const struct rt_gateway_class none = {.controller_name = "a"};
	struct rt_gateway_class some = {.controller_name = "a"};
	struct rt_features f;

	some.supported_features.v = listed;
	some.supported_features.len = RT_ARRAY_LEN(listed);
	rt_features_init(&f, NULL, NULL);
	tap_ok(rt_features_on(&f, RT_FEATURE_TCPRoute), "without class everything counts");
	tap_ok(!rt_features_declared(&f, RT_FEATURE_TCPRoute), "though nobody declares it");
	rt_features_init(&f, &none, "-TCPRoute, +UDPRoute,,");
	tap_ok(!rt_features_on(&f, RT_FEATURE_TCPRoute), "switched off");
	tap_ok(rt_features_on(&f, RT_FEATURE_TLSRoute), "the others stay");
	tap_ok(rt_features_declared(&f, RT_FEATURE_UDPRoute), "switched on is declared");
	tap_ok(!f.listed, "an empty list is none");
	rt_features_init(&f, &some, "+TCPRoute,-HTTPRoute");
	tap_ok(f.listed && rt_features_on(&f, RT_FEATURE_Gateway), "listed");
	tap_ok(!rt_features_on(&f, RT_FEATURE_UDPRoute), "not listed");
	tap_ok(rt_features_on(&f, RT_FEATURE_TCPRoute), "added");
	tap_ok(!rt_features_on(&f, RT_FEATURE_HTTPRoute), "taken away");
}

static void test_switches(void)
{
	static const struct {
		const char *text;
		enum rt_status want;
	} t[] = {
	    {NULL, RT_OK},
	    {"", RT_OK},
	    {"+TCPRoute,-UDPRoute", RT_OK},
	    {"TCPRoute", RT_USAGE},
	    {"+TCPRout", RT_USAGE},
	    {"+", RT_USAGE},
	};
	enum rt_feature f;

	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++) {
		struct rt_error err = {0};
		tap_is_int(rt_features_check(t[i].text, &err), t[i].want, "switches %s",
		    t[i].text ? t[i].text : "none");
		if (t[i].want != RT_OK)
			tap_ok(err.msg[0] && err.hint[0], "says what and what to do");
	}
	for (int i = 0; i < RT_FEATURE_COUNT; i++) {
		const char *name = rt_feature_name((enum rt_feature)i);
		tap_ok(rt_feature_parse(name, &f) && (int)f == i, "feature %s", name);
	}
}

static void test_reasons(void)
{
	enum rt_reason r;

	tap_is_str(rt_reason_name(RT_REASON_NONE), NULL, "no reason has no name");
	for (int i = 1; i < RT_REASON_COUNT; i++) {
		const struct rt_reason_info *info = rt_reason_info((enum rt_reason)i);
		tap_ok(rt_reason_parse(info->name, &r) && (int)r == i, "reason %s", info->name);
		tap_ok(info->meaning && info->conditions, "%s is explained", info->name);
	}
	tap_ok(!rt_reason_parse("Accept", &r) && !rt_reason_parse(NULL, &r), "no such reason");
}

static void test_polarity(void)
{
	static const struct {
		const char *type, *status;
		bool bad;
	} t[] = {
	    {"Accepted", "True", false},
	    {"Accepted", "False", true},
	    {"Accepted", "Unknown", true},
	    {"Conflicted", "True", true},
	    {"Conflicted", "False", false},
	    {"Conflicted", "Unknown", true},
	    {"PartiallyInvalid", "True", true},
	    {"OverlappingTLSConfig", "True", true},
	    {"InsecureFrontendValidationMode", "True", true},
	    {"SupportedVersion", "False", true},
	    {"vendor.example/Type", "False", false},
	    {NULL, "True", false},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(t); i++)
		tap_is_int(rt_condition_is_bad(t[i].type, t[i].status), t[i].bad, "%s=%s",
		    t[i].type ? t[i].type : "no type", t[i].status);
}

int main(void)
{
	test_features();
	test_switches();
	test_reasons();
	test_polarity();
	return tap_done();
}
