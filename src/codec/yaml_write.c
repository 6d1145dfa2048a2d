/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml_write.c - JSON values as block-style YAML, laid out as kubectl prints it.
 * Own code because libyaml's emitter lets bidi controls through, which a terminal would obey.
 */
#include "config.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "quote.h"
#include "rutter/buf.h"
#include "rutter/utf8.h"
#include "rutter/yaml.h"
#include "yaml_scalar.h"

struct text {
	const char *s;
	size_t len;
};

/* Every character may be shown as it is; newlines too when lines are allowed. */
static bool is_printable(struct text t, bool lines)
{
	while (t.len > 0) {
		uint32_t cp;
		size_t used = rt_utf8_decode(t.s, t.len, &cp);

		if ((cp == 0xfffd && used == 1) || (rt_cp_unsafe(cp) && !(lines && cp == '\n')))
			return false;
		t.s += used;
		t.len -= used;
	}
	return true;
}

/* Would another reader than ours take this for a number or a time? Base 60, YAML 1.2 octal and
 * dates are text to us. */
static bool looks_numeric(struct text t)
{
	bool first = isdigit((unsigned char)*t.s) || strchr("+-.", *t.s);

	return first && (memchr(t.s, ':', t.len) || strspn(t.s, "0123456789-_") >= t.len ||
			    (t.len > 5 && isdigit((unsigned char)t.s[0]) && t.s[4] == '-'));
}

static bool resolves_to_text(struct text t)
{
	json_t *value = rt_yaml_resolve(t.s, t.len);
	bool is_text = json_is_string(value);

	json_decref(value);
	return is_text;
}

static bool is_plain(struct text t)
{
	if (t.len == 0 || strchr("-?:,[]{}#&*!|>'\"%@`=<~ ", t.s[0]) || t.s[t.len - 1] == ' ' ||
	    t.s[t.len - 1] == ':')
		return false;
	if (!is_printable(t, false) || strstr(t.s, ": ") || strstr(t.s, " #"))
		return false;
	/* Special numbers of YAML; and a line of dots ends a document. */
	if (t.s[0] == '.' && (t.len < 2 || !isalnum((unsigned char)t.s[1]) || t.len <= 4))
		return false;
	return !looks_numeric(t) && resolves_to_text(t);
}

/* A literal block keeps its lines readable; its first line sets the indentation. */
static bool is_literal(struct text t)
{
	return memchr(t.s, '\n', t.len) && t.s[0] != '\n' && t.s[0] != ' ' &&
	       is_printable(t, true) && !strstr(t.s, " \n") && t.s[t.len - 1] != ' ';
}

static void write_literal(struct rt_buf *out, struct text t, int indent)
{
	const char *s = t.s, *end = t.s + t.len;

	rt_buf_putc(out, '|');
	if (end[-1] != '\n')
		rt_buf_putc(out, '-');
	else if (t.len >= 2 && end[-2] == '\n')
		rt_buf_putc(out, '+');
	while (s < end) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((eol ? eol : end) - s);

		rt_buf_putc(out, '\n');
		if (len > 0)
			rt_buf_pad(out, ' ', (size_t)indent);
		rt_buf_add(out, s, len);
		s += len + 1;
	}
}

static void write_string(struct rt_buf *out, struct text t, int indent)
{
	if (is_plain(t))
		rt_buf_add(out, t.s, t.len);
	else if (t.len > 0 && is_literal(t))
		write_literal(out, t, indent);
	else
		rt_quote(out, t.s, t.len, RT_QUOTE_YAML);
}

static bool is_block(const json_t *value)
{
	return (json_is_object(value) && json_object_size(value) > 0) ||
	       (json_is_array(value) && json_array_size(value) > 0);
}

static void write_scalar(struct rt_buf *out, const json_t *value, int indent)
{
	struct text t = {json_string_value(value), json_string_length(value)};

	if (json_is_string(value))
		write_string(out, t, indent);
	else
		rt_json_write(out, value, true); /* also {} and [] */
	rt_buf_putc(out, '\n');
}

/* pad: whether the first line still needs its indentation. */
static void write_node(struct rt_buf *out, const json_t *value, int indent, bool pad);

static void write_mapping(struct rt_buf *out, const json_t *value, int indent, bool pad)
{
	json_t *object = (json_t *)(uintptr_t)value; /* the iterators take no const */

	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
		const json_t *member = json_object_iter_value(it);
		const char *key = json_object_iter_key(it);
		struct text t = {key, strlen(key)};

		if (pad)
			rt_buf_pad(out, ' ', (size_t)indent);
		pad = true;
		if (is_plain(t))
			rt_buf_puts(out, key);
		else
			rt_quote(out, t.s, t.len, RT_QUOTE_YAML);
		rt_buf_putc(out, ':');
		if (is_block(member)) {
			rt_buf_putc(out, '\n');
			write_node(out, member, json_is_array(member) ? indent : indent + 2, true);
		} else {
			rt_buf_putc(out, ' ');
			write_scalar(out, member, indent + 2);
		}
	}
}

static void write_sequence(struct rt_buf *out, const json_t *value, int indent, bool pad)
{
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (pad)
			rt_buf_pad(out, ' ', (size_t)indent);
		pad = true;
		rt_buf_puts(out, "- ");
		write_node(out, json_array_get(value, i), indent + 2, false);
	}
}

static void write_node(struct rt_buf *out, const json_t *value, int indent, bool pad)
{
	if (is_block(value) && json_is_object(value)) {
		write_mapping(out, value, indent, pad);
	} else if (is_block(value)) {
		write_sequence(out, value, indent, pad);
	} else {
		if (pad)
			rt_buf_pad(out, ' ', (size_t)indent);
		write_scalar(out, value, indent + (pad ? 2 : 0));
	}
}

void rt_yaml_write(struct rt_buf *out, const struct json_t *value, int indent)
{
	write_node(out, value, indent, true);
}
