/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kinds.c - look-ups in the table of kinds.
 */
#include "config.h"

#include "rutter/kinds.h"

#include <string.h>
#include <strings.h>

#include "rutter/mem.h"
#include "schema.h"

static const struct rt_kind_info infos[RT_KIND_COUNT] = {
#define X(id, group, kind, plural, shorts, namespaced, versions)                                   \
	[RT_KIND_##id] = {RT_KIND_##id, group, kind, plural, shorts, namespaced, versions},
    RT_KINDS(X)
#undef X
	[RT_KIND_OTHER] = {RT_KIND_OTHER, "", "Object", "objects", "", true, ""},
};

static const struct rt_schema *const schemas[RT_KIND_COUNT] = {
#define X(id, group, kind, plural, shorts, namespaced, versions) [RT_KIND_##id] = &rt_schema_##id,
    RT_KINDS(X)
#undef X
	[RT_KIND_OTHER] = &rt_schema_OTHER,
};

const struct rt_kind_info *rt_kind_info(enum rt_kind k)
{
	rt_assert(k < RT_KIND_COUNT);
	return &infos[k];
}

const struct rt_schema *rt_kind_schema(enum rt_kind k)
{
	rt_assert(k < RT_KIND_COUNT);
	return schemas[k];
}

enum rt_kind rt_kind_of(const char *group, const char *kind)
{
	/* extensions/v1beta1 was the first home of Ingress and NetworkPolicy. */
	if (strcmp(group, "extensions") == 0)
		group = RT_GROUP_NETWORKING;
	for (size_t k = 0; k < RT_KIND_OTHER; k++)
		if (strcmp(infos[k].kind, kind) == 0 && strcmp(infos[k].group, group) == 0)
			return infos[k].id;
	return RT_KIND_OTHER;
}

/* Is word, of len bytes, one of the names in a space-separated list? Any case. */
static bool listed(const char *names, const char *word, size_t len)
{
	while (*names) {
		size_t n = strcspn(names, " ");
		if (n == len && strncasecmp(names, word, n) == 0)
			return true;
		names += n + (names[n] == ' ');
	}
	return false;
}

/* "group" or "version.group", as kubectl takes both. */
static bool suffix_names_group(const char *suffix, const struct rt_kind_info *info)
{
	if (strcasecmp(suffix, info->group) == 0)
		return true;
	const char *dot = strchr(suffix, '.');
	return dot && listed(info->versions, suffix, (size_t)(dot - suffix)) &&
	       strcasecmp(dot + 1, info->group) == 0;
}

bool rt_kind_parse(const char *text, enum rt_kind *ret)
{
	size_t len = strcspn(text, ".");
	for (size_t k = 0; k < RT_KIND_OTHER; k++) {
		const struct rt_kind_info *info = &infos[k];
		if (k == RT_KIND_SNAPSHOT_INFO || len == 0)
			continue;
		if (!listed(info->kind, text, len) && !listed(info->plural, text, len) &&
		    !listed(info->shorts, text, len))
			continue;
		if (text[len] && !suffix_names_group(text + len + 1, info))
			continue;
		*ret = info->id;
		return true;
	}
	return false;
}

bool rt_kind_is_route(enum rt_kind k)
{
	return k >= RT_KIND_HTTP_ROUTE && k <= RT_KIND_UDP_ROUTE;
}
