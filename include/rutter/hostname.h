/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostname.h - hostnames of listeners, routes and requests (gateway-api §3).
 * A pattern is NULL (unset: every host), a precise name, or "*.suffix" where the star spans one or
 * more labels. Comparison ignores case. Nothing is allocated: results are one of the arguments.
 */
#ifndef RUTTER_HOSTNAME_H
#define RUTTER_HOSTNAME_H

#include "rutter/fwd.h"

bool rt_hostname_is_wildcard(const char *pattern);
bool rt_hostname_equal(const char *a, const char *b); /* NULL equals NULL only */
/* Does the pattern match a host (precise name or address, without port)? */
bool rt_hostname_matches(const char *pattern, const char *host);
/* The intersection of a listener's and a route's pattern: *ret is one of the two (NULL when both
 * are unset). False when no host can match both. */
bool rt_hostname_intersect(const char *listener, const char *route, const char **ret);
/* Order of choice among listeners: exact > longer wildcard (by labels) > shorter > unset. The
 * higher value wins. */
int rt_hostname_specificity(const char *pattern);
/* Order of choice among routes: characters of a precise name first, then characters at all. < 0: a
 * is more specific. */
int rt_hostname_route_cmp(const char *a, const char *b);
/* The Ingress form: "*.x" spans exactly one label (controllers §4). */
bool rt_hostname_matches_ingress(const char *pattern, const char *host);
/* The host without ":port" and brackets; copies into buf, false when it does not fit. */
bool rt_hostname_of_authority(const char *authority, char *buf, size_t size);

#endif
