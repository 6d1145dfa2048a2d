/* SPDX-License-Identifier: Apache-2.0 */
/*
 * url.h - request URLs as a person types them.
 * Own code because libcurl (which could split a URL) is confined to net, and because the trace
 * needs the raw path: nothing is decoded or normalised here.
 */
#ifndef RUTTER_URL_H
#define RUTTER_URL_H

#include "rutter/err.h"

struct rt_url {
	char *scheme; /* lower case */
	char *host;   /* lower case, IPv6 without brackets, IDN as given in UTF-8 */
	int port;     /* 0 when the URL has none */
	char *path;   /* raw, "" when absent */
	char *query;  /* raw without '?', NULL when absent */
	bool ipv6, ip_literal;
	bool userinfo; /* there was one; it is not kept */
};

/* Strings live in arena. RT_USAGE with the reason: no scheme or host, bad port, control
 * characters, over 64 KiB. A fragment is dropped. */
RT_NODISCARD enum rt_status rt_url_parse(
    struct rt_arena *a, const char *text, struct rt_url *ret, struct rt_error *err);
/* Percent-decodes into arena; malformed escapes stay as they are. plus_space: '+' means ' '. */
char *rt_url_decode(struct rt_arena *a, const char *s, size_t len, bool plus_space);
/* Percent-encodes one path segment or query value. */
void rt_url_encode(struct rt_buf *out, const char *s);

#endif
