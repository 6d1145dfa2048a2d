/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostname.c - hostname patterns: match, intersection, specificity (gateway-api §3).
 * The star of a pattern stands for one or more whole labels, so every suffix test includes the dot.
 */
#include "config.h"

#include "rutter/hostname.h"

#include <string.h>
#include <strings.h>

bool rt_hostname_is_wildcard(const char *pattern)
{
	return pattern && pattern[0] == '*' && pattern[1] == '.';
}

bool rt_hostname_equal(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcasecmp(a, b) == 0;
}

/* Does host end with suffix (which starts with a dot) and have something before it? */
static bool has_suffix(const char *host, const char *suffix)
{
	size_t len = strlen(host), tail = strlen(suffix);

	return len > tail && strcasecmp(host + len - tail, suffix) == 0;
}

bool rt_hostname_matches(const char *pattern, const char *host)
{
	if (!pattern)
		return true;
	if (!host)
		return false;
	if (rt_hostname_is_wildcard(pattern))
		return has_suffix(host, pattern + 1);
	return strcasecmp(pattern, host) == 0;
}

bool rt_hostname_matches_ingress(const char *pattern, const char *host)
{
	if (!pattern || !pattern[0])
		return true;
	if (!host)
		return false;
	if (!rt_hostname_is_wildcard(pattern))
		return strcasecmp(pattern, host) == 0;
	const char *dot = strchr(host, '.');
	return dot && dot != host && strcasecmp(dot, pattern + 1) == 0;
}

/* Two wildcards: the longer one, if it lies under the shorter. */
static bool intersect_wildcards(const char *listener, const char *route, const char **ret)
{
	if (strcasecmp(listener, route) == 0 || has_suffix(route + 1, listener + 1))
		*ret = route;
	else if (has_suffix(listener + 1, route + 1))
		*ret = listener;
	else
		return false;
	return true;
}

bool rt_hostname_intersect(const char *listener, const char *route, const char **ret)
{
	if (!listener || !route) {
		*ret = listener ? listener : route;
		return true;
	}
	bool wild_listener = rt_hostname_is_wildcard(listener);
	bool wild_route = rt_hostname_is_wildcard(route);
	if (wild_listener && wild_route)
		return intersect_wildcards(listener, route, ret);
	if (wild_route) {
		*ret = listener;
		return rt_hostname_matches(route, listener);
	}
	*ret = route;
	return rt_hostname_matches(listener, route);
}

int rt_hostname_specificity(const char *pattern)
{
	int labels = 1;

	if (!pattern)
		return 0;
	if (!rt_hostname_is_wildcard(pattern))
		return INT32_MAX;
	for (const char *p = pattern + 2; *p; p++)
		labels += *p == '.';
	return labels;
}

int rt_hostname_route_cmp(const char *a, const char *b)
{
	size_t all_a = a ? strlen(a) : 0, all_b = b ? strlen(b) : 0;
	size_t precise_a = rt_hostname_is_wildcard(a) ? 0 : all_a;
	size_t precise_b = rt_hostname_is_wildcard(b) ? 0 : all_b;

	if (precise_a != precise_b)
		return precise_a > precise_b ? -1 : 1;
	if (all_a != all_b)
		return all_a > all_b ? -1 : 1;
	return 0;
}

bool rt_hostname_of_authority(const char *authority, char *buf, size_t size)
{
	const char *start = authority, *end;

	if (authority[0] == '[') {
		start++;
		end = strchr(start, ']');
	} else {
		end = strchr(start, ':');
		/* More than one colon without brackets: a bare IPv6 address has no port. */
		if (end && strchr(end + 1, ':'))
			end = NULL;
	}
	size_t len = end ? (size_t)(end - start) : strlen(start);
	if (len >= size)
		return false;
	memcpy(buf, start, len);
	buf[len] = '\0';
	return true;
}
