/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header.c - the few response headers that matter.
 * Also the reader of Content-Type parameters, which decide what an answer is: servers may write
 * them in any order and case.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net_int.h"
#include "rutter/log.h"

/* --- Content-Type ----------------------------------------------------------------------------- */

bool rt_net_type_is(const char *content_type, const char *type)
{
	size_t len = strcspn(content_type, "; \t");
	return len == strlen(type) && strncasecmp(content_type, type, len) == 0;
}

/* One "name=value" at s; *ret_next is behind it. Quotes around the value are not part of it. */
static bool parameter_is(const char *s, size_t len, const char *name, const char *value)
{
	size_t name_len = strlen(name), value_len = strlen(value);
	if (len <= name_len || strncasecmp(s, name, name_len) != 0 || s[name_len] != '=')
		return false;
	s += name_len + 1;
	len -= name_len + 1;
	if (len >= 2 && s[0] == '"' && s[len - 1] == '"') {
		s++;
		len -= 2;
	}
	return len == value_len && strncasecmp(s, value, len) == 0;
}

bool rt_net_type_has(const char *content_type, const char *name, const char *value)
{
	for (const char *s = strchr(content_type, ';'); s; s = strchr(s, ';')) {
		s += 1 + strspn(s + 1, " \t");
		size_t len = strcspn(s, ";");
		while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
			len--;
		if (parameter_is(s, len, name, value))
			return true;
	}
	return false;
}

/* --- headers ---------------------------------------------------------------------------------- */

static void copy_value(char *to, size_t size, const char *value, size_t len)
{
	if (len >= size)
		len = size - 1;
	memcpy(to, value, len);
	to[len] = '\0';
}

static void take_retry_after(struct rt_net_call *c, const char *value, size_t len)
{
	int64_t seconds = 0;
	if (len == 0 || len > 6)
		return; /* absurd, or the date form, which no API server sends */
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)value[i]))
			return;
		seconds = seconds * 10 + (value[i] - '0');
	}
	c->retry_after_ms = seconds * 1000;
}

/* 299 - "text" (RFC 7234 5.5); kubectl prints the text, each once. */
static void take_warning(struct rt_net_call *c, const char *value, size_t len)
{
	struct rt_net *n = c->net;
	const char *open = memchr(value, '"', len);
	if (len < 3 || memcmp(value, "299", 3) != 0 || !open || !n->on_warning)
		return;
	char text[512];
	size_t used = 0;
	for (const char *p = open + 1; p < value + len && *p != '"' && used + 1 < sizeof(text);
	     p++) {
		if (*p == '\\' && p + 1 < value + len)
			p++;
		text[used++] = *p;
	}
	text[used] = '\0';
	if (!used || n->warned.live >= NET_WARNINGS_MAX || rt_map_get(&n->warned, text))
		return;
	rt_map_set(&n->warned, text, n);
	n->on_warning(n->on_warning_ctx, text);
}

static void take_type(struct rt_net_call *c, const char *value, size_t len)
{
	copy_value(c->content_type, sizeof(c->content_type), value, len);
}

static void take_location(struct rt_net_call *c, const char *value, size_t len)
{
	copy_value(c->location, sizeof(c->location), value, len);
}

static const struct {
	const char *name;
	void (*take)(struct rt_net_call *c, const char *value, size_t len);
} readers[] = {
    {"content-type", take_type},
    {"location", take_location},
    {"retry-after", take_retry_after},
    {"warning", take_warning},
};

static void take_header(struct rt_net_call *c, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	if (!colon)
		return;
	size_t name_len = (size_t)(colon - line);
	const char *value = colon + 1;
	size_t value_len = len - name_len - 1;
	while (value_len > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		value_len--;
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(readers); i++)
		if (strlen(readers[i].name) == name_len &&
		    strncasecmp(line, readers[i].name, name_len) == 0)
			readers[i].take(c, value, value_len);
}

/* "HTTP/2 200", "HTTP/1.1 200 OK". An interim answer (1xx) may come before: the last one counts. */
static void begin_answer(struct rt_net_call *c, const char *line, size_t len)
{
	const char *space = memchr(line, ' ', len);
	int http = space ? (int)strtol(space + 1, NULL, 10) : 0;
	c->http = http >= 200 && http <= 999 ? http : 0;
	c->content_type[0] = c->location[0] = '\0';
	c->retry_after_ms = -1;
}

/* A cookie is a credential, also on its way to us. */
static void log_header(const char *line, size_t len)
{
	static const char secret[] = "set-cookie:";
	size_t name = sizeof(secret) - 1;
	if (len >= name && strncasecmp(line, secret, name) == 0)
		rt_log(8, "net", "< %.*s <masked>", (int)name, line);
	else
		rt_log(8, "net", "< %.*s", (int)(len > 512 ? 512 : len), line);
}

size_t net_on_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct rt_net_call *c = ctx;
	size_t len = size * count, all = len;
	c->last_byte_ms = c->net->last_byte_ms = rt_loop_clock_ms();
	c->header_bytes += len;
	if (++c->header_count > NET_HEADERS_MAX || c->header_bytes > NET_HEADER_MAX) {
		rt_fail(&c->err, RT_LIMIT, "%s answers with too many headers", c->net->server);
		return 0;
	}
	if (c->dead)
		return 0;
	while (
	    len > 0 && (bytes[len - 1] == '\r' || bytes[len - 1] == '\n' || bytes[len - 1] == ' '))
		len--;
	if (len >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
		begin_answer(c, bytes, len);
	else if (len > 0)
		take_header(c, bytes, len);
	else if (c->http >= 200 && c->http <= 299)
		net_head_arrived(c); /* now, not with the first byte: a quiet watch has none */
	if (len > 0)
		log_header(bytes, len);
	return all;
}
