/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.c - UTF-8 decoding, display width, and the cleaning of foreign text.
 * Widths are the C library's, because curses accounts with them too; a table of our own would
 * disagree with what is drawn.
 */
#include "config.h"

#include "rutter/utf8.h"

#include <string.h>
#include <wchar.h>

#include "rutter/buf.h"

#define REPLACEMENT 0xfffd
#define ELLIPSIS 0x2026
#define CP_MAX 0x10ffff

struct range {
	uint32_t first, last;
};

/* Continuation bytes that follow a lead byte, or 0 when it cannot lead. The bounds on the first
 * of them exclude overlong forms, surrogates and what is above U+10FFFF (Unicode, table 3-7). */
static size_t sequence_len(unsigned char lead, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef) {
		if (lead == 0xe0)
			*low = 0xa0;
		if (lead == 0xed)
			*high = 0x9f;
		return 3;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		if (lead == 0xf0)
			*low = 0x90;
		if (lead == 0xf4)
			*high = 0x8f;
		return 4;
	}
	return 0;
}

size_t rt_utf8_decode(const char *s, size_t len, uint32_t *ret_cp)
{
	unsigned char lead = (unsigned char)s[0], low, high;
	size_t need;
	uint32_t cp;

	if (lead < 0x80) {
		*ret_cp = lead;
		return 1;
	}
	*ret_cp = REPLACEMENT;
	need = sequence_len(lead, &low, &high);
	if (need == 0 || need > len)
		return 1;
	cp = lead & (0x7fU >> need);
	for (size_t i = 1; i < need; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < low || c > high)
			return 1;
		cp = cp << 6 | (c & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	*ret_cp = cp;
	return need;
}

size_t rt_utf8_encode(uint32_t cp, char out[4])
{
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t len;

	if (cp > CP_MAX || (cp >= 0xd800 && cp <= 0xdfff))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (cp & 0x3f));
		cp >>= 6;
	}
	out[0] = (char)(leads[len] | cp);
	return len;
}

bool rt_utf8_valid(const char *s, size_t len)
{
	while (len > 0) {
		uint32_t cp;
		size_t used = rt_utf8_decode(s, len, &cp);

		/* A U+FFFD that was really written takes three bytes. */
		if (cp == REPLACEMENT && used == 1)
			return false;
		s += used;
		len -= used;
	}
	return true;
}

bool rt_cp_unsafe(uint32_t cp)
{
	static const struct range unsafe[] = {
	    {0x00, 0x1f},       /* C0 */
	    {0x7f, 0x9f},       /* DEL, C1 */
	    {0x61c, 0x61c},     /* Arabic letter mark */
	    {0x180e, 0x180e},   /* Mongolian vowel separator */
	    {0x200b, 0x200f},   /* zero width, directional marks */
	    {0x2028, 0x202e},   /* line separators, bidi embeddings and overrides */
	    {0x2060, 0x206f},   /* word joiner, invisible operators, bidi isolates */
	    {0xfeff, 0xfeff},   /* byte order mark */
	    {0xfff9, 0xfffb},   /* interlinear annotation */
	    {0xfffe, 0xffff},   /* no characters, which XML refuses */
	    {0xe0000, 0xe007f}, /* tags */
	};

	if (cp >= 0x20 && cp < 0x7f)
		return false;
	for (size_t i = 0; i < RT_ARRAY_LEN(unsafe); i++)
		if (cp >= unsafe[i].first && cp <= unsafe[i].last)
			return true;
	return false;
}

int rt_cp_width(uint32_t cp)
{
	int width;

	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	if (rt_cp_unsafe(cp))
		return 1;
	width = wcwidth((wchar_t)cp);
	return width < 0 ? 1 : width;
}

/* Unassigned: the library knows wide characters (so the locale is a UTF-8 one) but not this. A
 * terminal may give it any width, so it is not let through. */
static bool is_unassigned(uint32_t cp)
{
	return cp >= 0x80 && wcwidth((wchar_t)cp) < 0 && wcwidth(L'\x4e00') == 2;
}

/* Signs of prose that ASCII has a stand-in for. */
static char in_ascii(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		char ascii;
	} signs[] = {{0x00a0, ' '}, {0x00b7, '-'}, {0x00d7, 'x'}, {0x2010, '-'}, {0x2011, '-'},
	    {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'},
	    {0x201d, '"'}, {ELLIPSIS, '.'}, {0x2192, '>'}};
	if (cp >= 0x20 && cp < 0x7f)
		return (char)cp;
	for (size_t i = 0; i < RT_ARRAY_LEN(signs); i++)
		if (signs[i].cp == cp)
			return signs[i].ascii;
	return '?';
}

uint32_t rt_cp_clean(uint32_t cp, bool ascii)
{
	if (cp == '\n' || cp == '\t')
		return ' ';
	if (ascii)
		return (uint32_t)in_ascii(cp);
	return rt_cp_unsafe(cp) || is_unassigned(cp) ? REPLACEMENT : cp;
}

/* The next character of *s (not at its end) as it will be shown. Moves *s on. */
static uint32_t next_shown(const char **s, bool ascii)
{
	uint32_t cp;

	*s += rt_utf8_decode(*s, strnlen(*s, 4), &cp);
	if (cp == '\r' && **s == '\n') {
		(*s)++;
		cp = '\n';
	}
	return rt_cp_clean(cp, ascii);
}

static void add_cp(struct rt_buf *out, uint32_t cp)
{
	char bytes[4];

	rt_buf_add(out, bytes, rt_utf8_encode(cp, bytes));
}

size_t rt_str_width(const char *s)
{
	size_t cols = 0;

	while (*s)
		cols += (size_t)rt_cp_width(next_shown(&s, false));
	return cols;
}

void rt_clean(struct rt_buf *out, const char *s, bool ascii)
{
	while (*s)
		add_cp(out, next_shown(&s, ascii));
}

/* What of s fits in cols columns: *ret_end is where the rest starts; returns the columns used. */
static size_t fit(const char *s, size_t cols, bool ascii, const char **ret_end)
{
	size_t used = 0;

	while (*s) {
		const char *next = s;
		size_t width = (size_t)rt_cp_width(next_shown(&next, ascii));

		if (used + width > cols)
			break;
		used += width;
		s = next;
	}
	*ret_end = s;
	return used;
}

size_t rt_clean_cut(struct rt_buf *out, const char *s, size_t cols, bool ascii)
{
	const char *end;
	size_t used = fit(s, cols, ascii, &end);
	bool cut = *end != '\0';

	if (cut && cols > 0)
		used = fit(s, cols - 1, ascii, &end);
	while (s < end)
		add_cp(out, next_shown(&s, ascii));
	if (!cut || cols == 0)
		return used;
	add_cp(out, ascii ? '~' : ELLIPSIS);
	return used + 1;
}
