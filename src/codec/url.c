/* SPDX-License-Identifier: Apache-2.0 */
/*
 * url.c - request URLs as a person types them (RFC 3986 section 3, without normalisation).
 */
#include "config.h"

#include "rutter/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/str.h"
#include "rutter/utf8.h"

#define URL_MAX_BYTES 65536
#define HINT "write it as http://host/path or https://host:port/path?query"

/* A part of the text; s NULL when the part is absent. */
struct span {
	const char *s;
	size_t len;
};

static char *lower(struct rt_arena *a, struct span part)
{
	return rt_str_lower(rt_arena_strndup(a, part.s, part.len));
}

static enum rt_status refuse(struct rt_error *err, const char *why)
{
	rt_fail(err, RT_USAGE, "not a request URL: %s", why);
	rt_error_hint(err, HINT);
	return RT_USAGE;
}

static const char *check_text(struct span text)
{
	if (text.len > URL_MAX_BYTES)
		return "it is longer than 64 KiB";
	if (!rt_utf8_valid(text.s, text.len))
		return "it is not UTF-8";
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.s[i] < 0x20 || text.s[i] == 0x7f)
			return "it has a control character";
	return NULL;
}

static struct span trim(const char *text)
{
	struct span t = {text, strlen(text)};

	while (t.len > 0 && (*t.s == ' ' || *t.s == '\t' || *t.s == '\n'))
		t.s++, t.len--;
	while (t.len > 0 && strchr(" \t\r\n", t.s[t.len - 1]))
		t.len--;
	return t;
}

/* Cuts *rest at the first of the bytes in stops: returns what is before; *rest starts at it. */
static struct span cut(struct span *rest, const char *stops)
{
	size_t len = 0;
	struct span before;

	while (len < rest->len && !strchr(stops, rest->s[len]))
		len++;
	before = (struct span){rest->s, len};
	*rest = (struct span){rest->s + len, rest->len - len};
	return before;
}

static bool is_scheme(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!isalnum((unsigned char)s.s[i]) && (i == 0 || !strchr("+-.", s.s[i])))
			return false;
	return s.len > 0 && isalpha((unsigned char)s.s[0]);
}

static const char *set_port(struct rt_url *url, struct span digits)
{
	long port = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.s[i] < '0' || digits.s[i] > '9')
			return "the port is not a number";
		port = port * 10 + (digits.s[i] - '0');
		if (port > 65535)
			return "the port is above 65535";
	}
	if (digits.len > 0 && port == 0)
		return "port 0 is not a port";
	url->port = (int)port;
	return NULL;
}

/* [v6], or [v6%25zone]: the zone means nothing outside one machine, so it is dropped. */
static const char *set_ipv6(struct rt_arena *a, struct rt_url *url, struct span *rest)
{
	struct span inside, zone;
	struct in6_addr address;

	*rest = (struct span){rest->s + 1, rest->len - 1};
	inside = cut(rest, "]");
	if (rest->len == 0)
		return "the bracket of the IPv6 address is not closed";
	*rest = (struct span){rest->s + 1, rest->len - 1};
	zone = inside;
	url->host = lower(a, cut(&zone, "%"));
	url->ipv6 = url->ip_literal = true;
	return inet_pton(AF_INET6, url->host, &address) == 1 ? NULL : "bad IPv6 address";
}

static const char *set_name(struct rt_arena *a, struct rt_url *url, struct span *rest)
{
	struct span name = cut(rest, ":");
	struct in_addr address;

	for (size_t i = 0; i < name.len; i++)
		if (strchr(" *\"<>\\^`{|}%[]", name.s[i]))
			return "a character that no host name has";
	url->host = lower(a, name);
	url->ip_literal = inet_pton(AF_INET, url->host, &address) == 1;
	return name.len > 0 ? NULL : "it has no host";
}

static const char *set_authority(struct rt_arena *a, struct rt_url *url, struct span authority)
{
	const char *at = memrchr(authority.s, '@', authority.len), *why;

	if (at) {
		url->userinfo = true;
		authority.len -= (size_t)(at + 1 - authority.s);
		authority.s = at + 1;
	}
	if (authority.len > 0 && authority.s[0] == '[')
		why = set_ipv6(a, url, &authority);
	else
		why = set_name(a, url, &authority);
	if (why || authority.len == 0)
		return why;
	if (authority.s[0] != ':')
		return "text between the IPv6 address and the port";
	return set_port(url, (struct span){authority.s + 1, authority.len - 1});
}

enum rt_status rt_url_parse(
    struct rt_arena *a, const char *text, struct rt_url *ret, struct rt_error *err)
{
	struct span rest = trim(text), scheme, path;
	struct rt_url url = {0};
	const char *why = check_text(rest);

	if (why)
		return refuse(err, why);
	scheme = cut(&rest, ":/?#");
	if (!is_scheme(scheme) || rest.len < 3 || memcmp(rest.s, "://", 3) != 0)
		return refuse(err, "it has no scheme");
	url.scheme = lower(a, scheme);
	rest = (struct span){rest.s + 3, rest.len - 3};
	why = set_authority(a, &url, cut(&rest, "/?#"));
	if (why)
		return refuse(err, why);
	path = cut(&rest, "?#");
	url.path = rt_arena_strndup(a, path.s, path.len);
	if (rest.len > 0 && rest.s[0] == '?') {
		struct span query;

		rest = (struct span){rest.s + 1, rest.len - 1};
		query = cut(&rest, "#");
		url.query = rt_arena_strndup(a, query.s, query.len);
	}
	*ret = url;
	return RT_OK;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = rt_char_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *rt_url_decode(struct rt_arena *a, const char *s, size_t len, bool plus_space)
{
	char *out = rt_arena_alloc(a, len + 1), *o = out;

	for (size_t i = 0; i < len; i++) {
		int high = s[i] == '%' && i + 2 < len ? hex_value(s[i + 1]) : -1;
		int low = high >= 0 ? hex_value(s[i + 2]) : -1;

		/* %00 would end the string early. */
		if (low >= 0 && (high > 0 || low > 0)) {
			*o++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*o++ = plus_space && s[i] == '+' ? ' ' : s[i];
		}
	}
	*o = '\0';
	return out;
}

void rt_url_encode(struct rt_buf *out, const char *s)
{
	for (; *s; s++) {
		if (isalnum((unsigned char)*s) || strchr("-._~", *s))
			rt_buf_putc(out, *s);
		else
			rt_buf_printf(out, "%%%02X", (unsigned char)*s);
	}
}
