/* SPDX-License-Identifier: Apache-2.0 */
/*
 * features.c - effective features of a GatewayClass.
 */
#include "config.h"

#include "rutter/features.h"

#include <string.h>

static const char *const names[] = {
#define X(name) [RT_FEATURE_##name] = #name,
    RT_FEATURES(X)
#undef X
};
_Static_assert(RT_ARRAY_LEN(names) == RT_FEATURE_COUNT, "every feature has a name");

const char *rt_feature_name(enum rt_feature f)
{
	return names[f];
}

static bool parse_n(const char *name, size_t len, enum rt_feature *ret)
{
	for (size_t i = 0; i < RT_FEATURE_COUNT; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
			*ret = (enum rt_feature)i;
			return true;
		}
	return false;
}

bool rt_feature_parse(const char *name, enum rt_feature *ret)
{
	return parse_n(name, strlen(name), ret);
}

static void set(uint64_t *words, enum rt_feature f, bool on)
{
	uint64_t bit = UINT64_C(1) << (f % 64);

	if (on)
		words[f / 64] |= bit;
	else
		words[f / 64] &= ~bit;
}

static bool get(const uint64_t *words, enum rt_feature f)
{
	return words[f / 64] >> (f % 64) & 1;
}

bool rt_features_on(const struct rt_features *f, enum rt_feature which)
{
	return get(f->on, which);
}

bool rt_features_declared(const struct rt_features *f, enum rt_feature which)
{
	return get(f->declared, which);
}

/* One entry of --features: from p up to the next comma. */
struct entry {
	char sign;
	const char *name;
	size_t len;
};

static const char *next_entry(const char *p, struct entry *e)
{
	p += strspn(p, ", ");
	if (!*p)
		return NULL;
	size_t len = strcspn(p, ", ");
	*e = (struct entry){.sign = *p, .name = p + 1, .len = len - 1};
	return p + len;
}

void rt_features_init(
    struct rt_features *f, const struct rt_gateway_class *class_obj, const char *switches)
{
	struct entry e;
	enum rt_feature which;

	*f = (struct rt_features){.listed = class_obj && class_obj->supported_features.len > 0};
	for (size_t i = 0; f->listed && i < class_obj->supported_features.len; i++)
		if (rt_feature_parse(class_obj->supported_features.v[i], &which)) {
			set(f->on, which, true);
			set(f->declared, which, true);
		}
	if (!f->listed)
		memset(f->on, 0xff, sizeof(f->on));
	/* Core: every implementation has them, whether or not it lists them. */
	set(f->on, RT_FEATURE_HTTPRoute, true);
	set(f->on, RT_FEATURE_ReferenceGrant, true);
	for (const char *p = switches; p && (p = next_entry(p, &e));)
		if (parse_n(e.name, e.len, &which)) {
			set(f->on, which, e.sign == '+');
			set(f->declared, which, e.sign == '+');
		}
}

enum rt_status rt_features_check(const char *switches, struct rt_error *err)
{
	struct entry e;
	enum rt_feature which;

	for (const char *p = switches; p && (p = next_entry(p, &e));) {
		if (e.sign != '+' && e.sign != '-') {
			rt_fail(err, RT_USAGE, "--features: \"%.*s\" has no sign", (int)(e.len + 1),
			    e.name - 1);
			rt_error_hint(err, "write +NAME or -NAME, separated by commas");
			return RT_USAGE;
		}
		if (!parse_n(e.name, e.len, &which)) {
			rt_fail(err, RT_USAGE,
			    "--features: \"%.*s\" is not a feature of Gateway API", (int)e.len,
			    e.name);
			rt_error_hint(
			    err, "names are those of GatewayClass.status.supportedFeatures");
			return RT_USAGE;
		}
	}
	return RT_OK;
}
