/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.c - editing one line.
 */
#include "config.h"

#include "input.h"

#include <string.h>

#include "rutter/mem.h"
#include "rutter/term.h"
#include "rutter/utf8.h"

void rt_input_set(struct rt_input *in, const char *text)
{
	size_t len = strnlen(text, RT_INPUT_MAX);

	rt_buf_clear(&in->text);
	rt_buf_add(&in->text, text, len);
	in->cursor = in->text.len;
	in->offered = false;
}

void rt_input_done(struct rt_input *in)
{
	rt_buf_done(&in->text);
	in->cursor = 0;
}

const char *rt_input_text(const struct rt_input *in)
{
	return rt_buf_str(&in->text);
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t before(const struct rt_input *in, size_t at)
{
	while (at > 0 && continues(in->text.data[--at]))
		continue;
	return at;
}

static size_t after(const struct rt_input *in, size_t at)
{
	if (at < in->text.len)
		at++;
	while (at < in->text.len && continues(in->text.data[at]))
		at++;
	return at;
}

static size_t word_before(const struct rt_input *in, size_t at)
{
	while (at > 0 && in->text.data[at - 1] == ' ')
		at--;
	while (at > 0 && in->text.data[at - 1] != ' ')
		at--;
	return at;
}

static enum rt_input_result erase(struct rt_input *in, size_t from, size_t to)
{
	if (from >= to)
		return RT_INPUT_MOVED;
	memmove(in->text.data + from, in->text.data + to, in->text.len - to + 1);
	in->text.len -= to - from;
	in->cursor = from;
	return RT_INPUT_CHANGED;
}

static enum rt_input_result insert(struct rt_input *in, uint32_t cp)
{
	char bytes[4];
	size_t n = rt_utf8_encode(cp, bytes);

	if (in->text.len + n > RT_INPUT_MAX)
		return RT_INPUT_MOVED;
	rt_buf_add(&in->text, bytes, n);
	memmove(in->text.data + in->cursor + n, in->text.data + in->cursor,
	    in->text.len - in->cursor - n);
	memcpy(in->text.data + in->cursor, bytes, n);
	in->cursor += n;
	return RT_INPUT_CHANGED;
}

static enum rt_input_result move(struct rt_input *in, size_t to)
{
	in->cursor = to;
	return RT_INPUT_MOVED;
}

enum rt_input_result rt_input_key(struct rt_input *in, uint32_t key)
{
	bool offered = in->offered;

	in->offered = false;
	if (offered && key > ' ' && key < RT_KEY_FIRST && !rt_cp_unsafe(key))
		(void)erase(in, 0, in->text.len);
	switch (key) {
	case RT_KEY_LEFT:
	case RT_CTRL('b'):
		return move(in, before(in, in->cursor));
	case RT_KEY_RIGHT:
	case RT_CTRL('f'):
		return move(in, after(in, in->cursor));
	case RT_KEY_HOME:
	case RT_CTRL('a'):
		return move(in, 0);
	case RT_KEY_END:
	case RT_CTRL('e'):
		return move(in, in->text.len);
	case RT_KEY_BACKSPACE:
		return erase(in, before(in, in->cursor), in->cursor);
	case RT_KEY_DELETE:
	case RT_CTRL('d'):
		return erase(in, in->cursor, after(in, in->cursor));
	case RT_CTRL('u'):
		return erase(in, 0, in->cursor);
	case RT_CTRL('k'):
		return erase(in, in->cursor, in->text.len);
	case RT_CTRL('w'):
		return erase(in, word_before(in, in->cursor), in->cursor);
	case RT_KEY_SPACE:
		return insert(in, ' ');
	default:
		if (key < ' ' || key >= RT_KEY_FIRST || rt_cp_unsafe(key))
			return RT_INPUT_IGNORED;
		return insert(in, key);
	}
}

void rt_input_draw(const struct rt_input *in, struct rt_canvas c)
{
	char *head = rt_xstrndup(rt_buf_str(&in->text), in->cursor);
	int at = (int)rt_str_width(head);
	int shift = at >= c.w ? at - c.w + 1 : 0;

	free(head);
	rt_put(c, -shift, 0, RT_ROLE_INPUT, rt_buf_str(&in->text));
	rt_set_cursor(c, at - shift, 0);
}

void rt_history_add(rt_history *h, const char *text)
{
	if (!*text)
		return;
	for (size_t i = 0; i < h->len; i++) {
		if (!strcmp(h->v[i], text)) {
			char *same = h->v[i];
			memmove(&h->v[i], &h->v[i + 1], (h->len - i - 1) * sizeof(*h->v));
			h->v[h->len - 1] = same;
			return;
		}
	}
	if (h->len == RT_INPUT_HISTORY) {
		free(h->v[0]);
		memmove(&h->v[0], &h->v[1], (--h->len) * sizeof(*h->v));
	}
	rt_vec_push(h, NULL, rt_xstrdup(text));
}

void rt_history_done(rt_history *h)
{
	for (size_t i = 0; i < h->len; i++)
		free(h->v[i]);
	rt_vec_free(h);
}
