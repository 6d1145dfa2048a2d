/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonscan.c - finding the end of a JSON value, 64 bytes at a time.
 * Each block becomes bit masks, one bit a byte. Quotes that no backslash escapes, summed up by
 * exclusive or, tell which bytes are inside strings; counting the brackets outside tells whether
 * the value can end in this block at all. Only the block where it may is looked at bit by bit.
 */
#include "config.h"

#include "jsonscan.h"

#include <string.h>

#include "rutter/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64
#define NONE UINT64_C(0)
#define ALL (~UINT64_C(0))

struct masks {
	uint64_t quote, backslash, open, close;
};

#ifdef __SSE2__

static inline uint64_t equal_16(__m128i bytes, char c)
{
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

static inline void classify_16(const char *p, unsigned shift, struct masks *m)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
	/* '[' and '{' differ in one bit, as do ']' and '}'; no other byte joins them. */
	__m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));

	m->quote |= equal_16(bytes, '"') << shift;
	m->backslash |= equal_16(bytes, '\\') << shift;
	m->open |= equal_16(folded, '{') << shift;
	m->close |= equal_16(folded, '}') << shift;
}

static inline struct masks classify(const char *p)
{
	struct masks m = {0};

	for (unsigned shift = 0; shift < BLOCK; shift += 16)
		classify_16(p + shift, shift, &m);
	return m;
}

static inline uint64_t equal_64(const char *p, char c)
{
	uint64_t mask = 0;

	for (unsigned shift = 0; shift < BLOCK; shift += 16)
		mask |= equal_16(_mm_loadu_si128((const __m128i *)(const void *)(p + shift)), c)
			<< shift;
	return mask;
}

#else

static inline uint64_t equal_64(const char *p, char c)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < BLOCK; i++)
		mask |= (uint64_t)(p[i] == c) << i;
	return mask;
}

static inline struct masks classify(const char *p)
{
	return (struct masks){
	    .quote = equal_64(p, '"'),
	    .backslash = equal_64(p, '\\'),
	    .open = equal_64(p, '{') | equal_64(p, '['),
	    .close = equal_64(p, '}') | equal_64(p, ']'),
	};
}

#endif

/* Bytes that are the second of an escape. Rare enough for a loop over the backslashes. */
static uint64_t escaped_bytes(uint64_t backslash, bool *carry)
{
	uint64_t escaped = *carry ? 1 : 0;

	backslash &= ~escaped;
	*carry = false;
	while (backslash) {
		uint64_t first = backslash & -backslash;

		escaped |= first << 1;
		*carry = first >> (BLOCK - 1) != 0;
		backslash &= ~(first | first << 1);
	}
	return escaped;
}

/* Bit i of the result: the exclusive or of bits 0 to i. */
static inline uint64_t running_xor(uint64_t bits)
{
	for (unsigned shift = 1; shift < BLOCK; shift *= 2)
		bits ^= bits << shift;
	return bits;
}

static inline void note_depth(struct rt_scan *s, uint64_t depth)
{
	if (depth > s->deepest)
		s->deepest = depth;
}

/* Walks the brackets of a block; the offset behind the last one, or 0 when the value goes on. */
static unsigned close_in_block(struct rt_scan *s, uint64_t open, uint64_t close)
{
	uint64_t both = open | close;

	while (both) {
		unsigned at = (unsigned)__builtin_ctzll(both);

		if (close >> at & 1) {
			s->depth--;
			if (s->depth == 0)
				return at + 1;
		} else {
			s->depth++;
			note_depth(s, s->depth);
		}
		both &= both - 1;
	}
	return 0;
}

static inline unsigned scan_block(struct rt_scan *s, const char *p)
{
	struct masks m = classify(p);
	uint64_t strings, opened, closed;

	if (m.backslash || s->escaped)
		m.quote &= ~escaped_bytes(m.backslash, &s->escaped);
	strings = running_xor(m.quote) ^ (s->in_string ? ALL : NONE);
	s->in_string = strings >> (BLOCK - 1) != 0;
	m.open &= ~strings;
	m.close &= ~strings;
	opened = (uint64_t)__builtin_popcountll(m.open);
	closed = (uint64_t)__builtin_popcountll(m.close);
	if (closed >= s->depth || s->depth + opened > s->limit)
		return close_in_block(s, m.open, m.close);
	s->depth += opened - closed;
	return 0;
}

/* One byte; true when it closes the outermost bracket. */
static bool scan_byte(struct rt_scan *s, char c)
{
	if (s->escaped) {
		s->escaped = false;
	} else if (c == '"') {
		s->in_string = !s->in_string;
	} else if (c == '\\') {
		s->escaped = true;
	} else if (!s->in_string && (c == '{' || c == '[')) {
		s->depth++;
		note_depth(s, s->depth);
	} else if (!s->in_string && (c == '}' || c == ']')) {
		s->depth--;
		return s->depth == 0;
	}
	return false;
}

const char *rt_scan_container(struct rt_scan *s, const char *p, const char *end)
{
	while (end - p >= BLOCK) {
		unsigned behind = scan_block(s, p);

		if (behind > 0) {
			/* What the block holds behind the value is not this scan's matter. */
			s->in_string = s->escaped = false;
			return p + behind;
		}
		p += BLOCK;
	}
	while (p < end)
		if (scan_byte(s, *p++))
			return p;
	return NULL;
}

/* The first quote or backslash, or end. */
static const char *find_special(const char *p, const char *end)
{
#ifdef __SSE2__
	while (end - p >= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		uint64_t hits = equal_16(bytes, '"') | equal_16(bytes, '\\');

		if (hits)
			return p + __builtin_ctzll(hits);
		p += 16;
	}
#endif
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

const char *rt_scan_string(struct rt_scan *s, const char *p, const char *end)
{
	while (p < end) {
		if (s->escaped) {
			s->escaped = false;
			p++;
			continue;
		}
		p = find_special(p, end);
		if (p == end)
			return NULL;
		if (*p++ == '"')
			return p;
		s->escaped = true;
	}
	return NULL;
}

size_t rt_scan_lines(const char *p, const char *end)
{
	size_t lines = 0;

	for (; end - p >= BLOCK; p += BLOCK)
		lines += (size_t)__builtin_popcountll(equal_64(p, '\n'));
	for (; p < end; p++)
		lines += *p == '\n';
	return lines;
}

static bool take_hex4(const char *s, size_t len, uint32_t *ret)
{
	uint32_t value = 0;

	if (len < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdefABCDEF";
		const char *at = s[i] ? strchr(digits, s[i]) : NULL;
		uint32_t digit = at ? (uint32_t)(at - digits) : 0;

		if (!at)
			return false;
		value = value << 4 | (digit > 15 ? digit - 6 : digit);
	}
	*ret = value;
	return true;
}

/* The code point of an escape whose text behind "\u" is s, and how much of that it takes. */
static uint32_t take_unicode(const char *s, size_t len, size_t *ret_used)
{
	uint32_t cp = 0xfffd, low;

	*ret_used = 0;
	if (!take_hex4(s, len, &cp))
		return cp;
	*ret_used = 4;
	if (cp >= 0xd800 && cp < 0xdc00 && len >= 10 && s[4] == '\\' && s[5] == 'u' &&
	    take_hex4(s + 6, len - 6, &low) && low >= 0xdc00 && low < 0xe000) {
		*ret_used = 10;
		return 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
	}
	return cp;
}

size_t rt_scan_unescape(char *s, size_t len)
{
	static const char from[] = "bfnrt";
	static const char to[] = "\b\f\n\r\t";
	size_t out = 0;

	for (size_t i = 0; i < len; i++) {
		const char *at;

		if (s[i] != '\\' || i + 1 == len) {
			s[out++] = s[i];
			continue;
		}
		i++;
		at = strchr(from, s[i]);
		if (s[i] == 'u') {
			size_t used;
			char bytes[4];
			uint32_t cp = take_unicode(s + i + 1, len - i - 1, &used);
			size_t count = rt_utf8_encode(cp, bytes);

			/* "\uXXXX" is never shorter than what it stands for. */
			memcpy(s + out, bytes, count < used + 2 ? count : used + 2);
			out += count < used + 2 ? count : used + 2;
			i += used;
		} else {
			s[out++] = at && *at ? to[at - from] : s[i];
		}
	}
	return out;
}
