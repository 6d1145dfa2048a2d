/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.h - UTF-8 decoding, display width, and the one place that cleans foreign text.
 * Whatever comes from a cluster, a file or a child process passes rt_clean before it can reach a
 * terminal: no control byte, escape sequence, bidi override or invalid sequence survives.
 */
#ifndef RUTTER_UTF8_H
#define RUTTER_UTF8_H

#include "rutter/fwd.h"

/* Decodes one code point from at most len bytes (len > 0); returns bytes used, at least 1.
 * Invalid input gives U+FFFD and one byte. */
size_t rt_utf8_decode(const char *s, size_t len, uint32_t *ret_cp);
size_t rt_utf8_encode(uint32_t cp, char out[4]); /* bytes written */
bool rt_utf8_valid(const char *s, size_t len);
/* Columns: 0 combining, 1, 2 wide; control characters and unassigned count 1 (they are shown
 * replaced). */
int rt_cp_width(uint32_t cp);
/* True for C0, DEL, C1, bidi controls, zero-width and tag characters, line separators and what is
 * no character at all. */
bool rt_cp_unsafe(uint32_t cp);
/* What rt_clean shows of a code point: itself, a space, U+FFFD or '?'. */
uint32_t rt_cp_clean(uint32_t cp, bool ascii);
/* Columns of s as rt_clean would show it. */
size_t rt_str_width(const char *s);

/* Appends s with every unsafe or invalid code point replaced by U+FFFD ('?' when ascii), and a
 * newline or tab by one space. ascii also replaces what is not ASCII: signs of prose
 * (quotes, dashes, an arrow) by their stand-ins, anything else by '?'. */
void rt_clean(struct rt_buf *out, const char *s, bool ascii);
/* The same, cut to at most cols columns with an ellipsis ("…", ascii "~"), not padded. */
size_t rt_clean_cut(struct rt_buf *out, const char *s, size_t cols, bool ascii); /* columns used */

#endif
