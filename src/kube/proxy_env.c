/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proxy_env.c - which proxy the environment asks for, by the rules of Go's httpproxy package, which
 * kubectl follows. libcurl's own rules differ (ALL_PROXY, no loopback exception, no ports in
 * NO_PROXY), so it gets the answer and never looks itself.
 */
#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rutter/kubeconfig.h"

#include "rutter/str.h"

/* An address in 16 bytes, IPv4 mapped into IPv6. */
struct address {
	unsigned char bytes[16];
	bool v4;
};

struct target {
	const char *host; /* lower case by contract of rt_url_parse */
	char port[8];
	struct address ip;
	bool is_ip;
};

/* One element of NO_PROXY. */
struct rule {
	char host[256];
	char port[8];
};

static const char *get(const char *const *env, const char *name)
{
	size_t len = strlen(name);
	for (; env && *env; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=' && (*env)[len + 1])
			return *env + len + 1;
	return NULL;
}

static bool parse_ip(const char *text, struct address *ret)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	if (inet_pton(AF_INET, text, ret->bytes + 12) == 1) {
		memcpy(ret->bytes, mapped, sizeof(mapped));
		ret->v4 = true;
		return true;
	}
	if (inet_pton(AF_INET6, text, ret->bytes) != 1)
		return false;
	ret->v4 = memcmp(ret->bytes, mapped, sizeof(mapped)) == 0;
	return true;
}

static bool is_loopback(const struct address *ip)
{
	static const unsigned char one[16] = {[15] = 1};
	return ip->v4 ? ip->bytes[12] == 127 : memcmp(ip->bytes, one, sizeof(one)) == 0;
}

static bool same_prefix(const struct address *a, const struct address *b, unsigned bits)
{
	if (memcmp(a->bytes, b->bytes, bits / 8) != 0)
		return false;
	unsigned rest = bits % 8;
	if (!rest)
		return true;
	unsigned mask = 0xffu << (8 - rest) & 0xffu;
	return (a->bytes[bits / 8] & mask) == (b->bytes[bits / 8] & mask);
}

/* False also when text is no CIDR block; *ret_cidr tells which. */
static bool in_cidr(const char *text, const struct target *t, bool *ret_cidr)
{
	struct address net;
	char host[64], *end = NULL;
	const char *slash = strchr(text, '/');

	*ret_cidr = false;
	if (!slash || (size_t)(slash - text) >= sizeof(host) || !isdigit((unsigned char)slash[1]))
		return false;
	memcpy(host, text, (size_t)(slash - text));
	host[slash - text] = '\0';
	unsigned long bits = strtoul(slash + 1, &end, 10);
	if (*end || !parse_ip(host, &net) || bits > (strchr(host, ':') ? 128u : 32u))
		return false;
	*ret_cidr = true;
	if (!t->is_ip || net.v4 != t->ip.v4)
		return false;
	return same_prefix(&net, &t->ip, (unsigned)bits + (strchr(host, ':') ? 0 : 96));
}

/* Splits "host:port", "[v6]:port", "host"; a bare IPv6 address has colons but no port. */
static bool split_rule(const char *text, struct rule *r)
{
	const char *colon = strrchr(text, ':'), *host = text;
	size_t len = strlen(text);

	r->port[0] = '\0';
	if (colon && (strchr(text, ':') == colon || (text[0] == '[' && colon[-1] == ']'))) {
		len = (size_t)(colon - text);
		snprintf(r->port, sizeof(r->port), "%s", colon + 1);
	}
	if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (!len || len >= sizeof(r->host))
		return false;
	memcpy(r->host, host, len);
	r->host[len] = '\0';
	return true;
}

/* example.com: it and what is below; .example.com and *.example.com: only what is below. */
static bool domain_matches(const char *domain, const char *host)
{
	if (strncmp(domain, "*.", 2) == 0)
		domain++;
	size_t dlen = strlen(domain), hlen = strlen(host);
	if (domain[0] != '.' && strcmp(domain, host) == 0)
		return true;
	if (hlen <= dlen || strcmp(host + hlen - dlen, domain) != 0)
		return false;
	return domain[0] == '.' || host[hlen - dlen - 1] == '.';
}

static bool rule_matches(const char *text, const struct target *t)
{
	struct rule r;
	struct address ip;
	bool cidr;

	if (strcmp(text, "*") == 0 || in_cidr(text, t, &cidr))
		return true;
	if (cidr || !split_rule(text, &r) || (r.port[0] && strcmp(r.port, t->port) != 0))
		return false;
	if (parse_ip(r.host, &ip))
		return t->is_ip && memcmp(ip.bytes, t->ip.bytes, sizeof(ip.bytes)) == 0;
	return domain_matches(r.host, t->host);
}

static bool bypassed(const char *list, const struct target *t)
{
	while (list && *list) {
		char text[300];
		size_t len = strcspn(list, ","), n = 0;
		for (size_t i = 0; i < len && n < sizeof(text) - 1; i++)
			if (n || !isspace((unsigned char)list[i]))
				text[n++] = rt_char_lower(list[i]);
		while (n && isspace((unsigned char)text[n - 1]))
			n--;
		text[n] = '\0';
		if (n && rule_matches(text, t))
			return true;
		list += len + (list[len] == ',');
	}
	return false;
}

static const char *get_any(const char *const *env, const char *upper, const char *lower)
{
	const char *value = get(env, upper);
	return value ? value : get(env, lower);
}

const char *rt_proxy_from_env(
    const char *const *env, const char *scheme, const char *host, int port)
{
	struct target t = {.host = host};
	const char *proxy = strcmp(scheme, "https") == 0
				? get_any(env, "HTTPS_PROXY", "https_proxy")
				: get_any(env, "HTTP_PROXY", "http_proxy");

	if (!proxy || strcasecmp(host, "localhost") == 0)
		return NULL;
	snprintf(t.port, sizeof(t.port), "%d", port);
	t.is_ip = parse_ip(host, &t.ip);
	if (t.is_ip && is_loopback(&t.ip))
		return NULL;
	return bypassed(get_any(env, "NO_PROXY", "no_proxy"), &t) ? NULL : proxy;
}
