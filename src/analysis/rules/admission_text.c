/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admission_text.c - hostnames, paths and durations by the letter of the CRDs.
 */
#include "config.h"

#include "../admission.h"

#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define PATH_CHARS LOWER UPPER DIGITS "-/._~!$&'()*+,;=:@"

static bool is_address(const char *host)
{
	return strspn(host, DIGITS ".") == strlen(host) || strchr(host, ':');
}

/* Labels of lower-case letters, digits and inner dashes. */
static bool labels_ok(const char *s)
{
	for (;;) {
		size_t len = strcspn(s, ".");

		if (len == 0 || len > 63 || s[0] == '-' || s[len - 1] == '-' ||
		    strspn(s, LOWER DIGITS "-") < len)
			return false;
		if (s[len] == '\0')
			return true;
		s += len + 1;
	}
}

const char *rt_hostname_fault(const char *host)
{
	const char *name = strncmp(host, "*.", 2) == 0 ? host + 2 : host;

	if (!*host)
		return "is empty";
	if (strlen(host) > 253)
		return "is longer than 253 characters";
	if (strchr(name, '*'))
		return "has a wildcard that is not the whole first label";
	if (is_address(name))
		return "is an address";
	if (!labels_ok(name))
		return "is no lower-case DNS name";
	return NULL;
}

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && strcmp(s + n - t, tail) == 0;
}

static bool characters_ok(const char *s)
{
	static const char hex[] = DIGITS "abcdefABCDEF";

	for (; *s; s++) {
		if (*s != '%') {
			if (!strchr(PATH_CHARS, *s))
				return false;
			continue;
		}
		if (!s[1] || !s[2] || !strchr(hex, s[1]) || !strchr(hex, s[2]))
			return false;
		s += 2;
	}
	return true;
}

const char *rt_path_fault(const char *path)
{
	static const struct {
		const char *part, *why;
	} parts[] = {
	    {"//", "contains \"//\""},
	    {"/./", "contains \"/./\""},
	    {"/../", "contains \"/../\""},
	    {"%2f", "contains %2f"},
	    {"%2F", "contains %2F"},
	    {"#", "contains #"},
	};

	if (path[0] != '/')
		return "does not start with /";
	for (size_t i = 0; i < RT_ARRAY_LEN(parts); i++)
		if (strstr(path, parts[i].part))
			return parts[i].why;
	if (ends_with(path, "/..") || ends_with(path, "/."))
		return "ends in /. or /..";
	if (!characters_ok(path))
		return "has a character that a path must not have";
	return strlen(path) > 1024 ? "is longer than 1024 characters" : NULL;
}

static bool unit(const char **s, int64_t *ret_ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"h", 3600000}, {"m", 60000}, {"s", 1000}};

	for (size_t i = 0; i < RT_ARRAY_LEN(units); i++)
		if (strncmp(*s, units[i].name, strlen(units[i].name)) == 0) {
			*s += strlen(units[i].name);
			*ret_ms = units[i].ms;
			return true;
		}
	return false;
}

bool rt_gateway_duration(const char *text, int64_t *ret_ms)
{
	int64_t sum = 0, scale;
	size_t parts = 0;

	while (*text) {
		int64_t n = 0;
		size_t digits = strspn(text, DIGITS);

		if (digits < 1 || digits > 5 || ++parts > 4)
			return false;
		for (size_t i = 0; i < digits; i++)
			n = n * 10 + (*text++ - '0');
		if (!unit(&text, &scale))
			return false;
		sum += n * scale;
	}
	if (!parts)
		return false;
	*ret_ms = sum;
	return true;
}
