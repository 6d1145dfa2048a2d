/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base64.c - RFC 4648 section 4, as kubeconfigs and Secrets carry it.
 * Padding is required, as Go requires it; white space is ignored.
 */
#include "config.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/mem.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int digit_value(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/* Fills out and *ret_len; false at the first byte that has no place there. */
static bool decode_into(const char *text, size_t len, char *out, size_t *ret_len)
{
	unsigned bits = 0, digits = 0, padding = 0;
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		int value = digit_value(c);

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			continue;
		if (c == '=' && digits % 4 >= 2 && padding < 2) {
			padding++;
			bits <<= 6;
		} else if (value >= 0 && padding == 0) {
			bits = bits << 6 | (unsigned)value;
		} else {
			return false;
		}
		digits++;
		if (digits % 4 != 0)
			continue;
		out[used] = (char)(bits >> 16);
		out[used + 1] = (char)(bits >> 8);
		out[used + 2] = (char)bits;
		used += 3 - padding;
	}
	*ret_len = used;
	return digits % 4 == 0;
}

bool rt_base64_decode(const char *text, size_t len, char **ret, size_t *ret_len)
{
	size_t room = len / 4 * 3 + 4, used = 0;
	char *out = rt_xmalloc(room);

	if (!decode_into(text, len, out, &used)) {
		explicit_bzero(out, room);
		free(out);
		return false;
	}
	out[used] = '\0';
	*ret = out;
	*ret_len = used;
	return true;
}

void rt_base64_encode(struct rt_buf *out, const void *bytes, size_t len)
{
	const unsigned char *s = bytes;

	for (size_t i = 0; i < len; i += 3) {
		unsigned bits = (unsigned)s[i] << 16;

		bits |= i + 1 < len ? (unsigned)s[i + 1] << 8 : 0;
		bits |= i + 2 < len ? s[i + 2] : 0;
		rt_buf_putc(out, alphabet[bits >> 18]);
		rt_buf_putc(out, alphabet[bits >> 12 & 63]);
		rt_buf_putc(out, i + 1 < len ? alphabet[bits >> 6 & 63] : '=');
		rt_buf_putc(out, i + 2 < len ? alphabet[bits & 63] : '=');
	}
}
