/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml_scalar.c - resolution of plain scalars by the rules of go-yaml v2: YAML 1.1 words, integers
 * with Go's prefixes and underscores, no base 60, timestamps and not-a-numbers as text.
 */
#include "config.h"

#include "yaml_scalar.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX_BYTES 400

enum word { WORD_NULL, WORD_TRUE, WORD_FALSE };

static const struct {
	const char *text;
	enum word word;
} words[] = {
    {"~", WORD_NULL},
    {"null", WORD_NULL},
    {"Null", WORD_NULL},
    {"NULL", WORD_NULL},
    {"y", WORD_TRUE},
    {"Y", WORD_TRUE},
    {"yes", WORD_TRUE},
    {"Yes", WORD_TRUE},
    {"YES", WORD_TRUE},
    {"true", WORD_TRUE},
    {"True", WORD_TRUE},
    {"TRUE", WORD_TRUE},
    {"on", WORD_TRUE},
    {"On", WORD_TRUE},
    {"ON", WORD_TRUE},
    {"n", WORD_FALSE},
    {"N", WORD_FALSE},
    {"no", WORD_FALSE},
    {"No", WORD_FALSE},
    {"NO", WORD_FALSE},
    {"false", WORD_FALSE},
    {"False", WORD_FALSE},
    {"FALSE", WORD_FALSE},
    {"off", WORD_FALSE},
    {"Off", WORD_FALSE},
    {"OFF", WORD_FALSE},
};

static json_t *resolve_word(const char *s)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(words); i++) {
		if (strcmp(s, words[i].text) != 0)
			continue;
		return words[i].word == WORD_NULL ? json_null()
						  : json_boolean(words[i].word == WORD_TRUE);
	}
	return NULL;
}

/* The base by Go's rules for base 0; moves *digits behind the prefix. */
static int number_base(const char **digits)
{
	const char *s = *digits;

	if (s[0] != '0' || !s[1])
		return 10;
	*digits += 2;
	switch (s[1]) {
	case 'x':
	case 'X':
		return 16;
	case 'o':
	case 'O':
		return 8;
	case 'b':
	case 'B':
		return 2;
	default:
		(*digits)--;
		return 8;
	}
}

static bool all_digits(const char *s, int base)
{
	const char *digits = "0123456789abcdefABCDEF";
	size_t count = base <= 10 ? (size_t)base : strlen(digits);

	if (!*s)
		return false;
	for (; *s; s++)
		if (!memchr(digits, *s, count))
			return false;
	return true;
}

static json_t *resolve_int(const char *s)
{
	const char *digits = s + (*s == '-' || *s == '+');
	int base = number_base(&digits);
	unsigned long long magnitude;

	if (!all_digits(digits, base))
		return NULL;
	errno = 0;
	magnitude = strtoull(digits, NULL, base);
	if (errno == ERANGE)
		return NULL;
	if (magnitude <= INT64_MAX)
		return json_integer(*s == '-' ? -(json_int_t)magnitude : (json_int_t)magnitude);
	/* Go keeps an unsigned 64-bit number; JSON trees here do not. */
	return json_real(*s == '-' ? -(double)magnitude : (double)magnitude);
}

/* [-+]? (.digits | digits (. digits?)?) ([eE] [-+]? digits)? */
static bool is_float(const char *s)
{
	size_t whole, fraction = 0;

	s += *s == '-' || *s == '+';
	whole = strspn(s, "0123456789");
	s += whole;
	if (*s == '.') {
		fraction = strspn(s + 1, "0123456789");
		s += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		return all_digits(s, 10);
	}
	return *s == '\0';
}

static json_t *resolve_float(const char *s)
{
	double value;

	if (!is_float(s))
		return NULL;
	value = strtod(s, NULL);
	if (!isfinite(value))
		return NULL;
	/* kubectl turns YAML into JSON with %g, which writes these as integers: 80.0 is a port. */
	if (fabs(value) < 1e6 && value == trunc(value))
		return json_integer((json_int_t)value);
	return json_real(value);
}

static json_t *resolve_number(const char *s, size_t len)
{
	char plain[NUMBER_MAX_BYTES];
	size_t used = 0;
	json_t *value;

	if (len >= sizeof(plain))
		return NULL;
	if (*s == '.')
		return resolve_float(s);
	for (size_t i = 0; i < len; i++)
		if (s[i] != '_')
			plain[used++] = s[i];
	plain[used] = '\0';
	value = resolve_int(plain);
	return value ? value : resolve_float(plain);
}

json_t *rt_yaml_resolve(const char *s, size_t len)
{
	json_t *value = NULL;

	if (len == 0)
		return json_null();
	if (strlen(s) == len) {
		if (isdigit((unsigned char)*s) || strchr("+-.", *s))
			value = resolve_number(s, len);
		else if (len <= 5)
			value = resolve_word(s);
	}
	return value ? value : json_stringn_nocheck(s, len);
}
