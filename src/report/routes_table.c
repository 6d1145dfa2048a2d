/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes_table.c - the routing table in columns, or, on a terminal too narrow for them, as
 * paragraphs below their hosts; and the text of its cells.
 */
#include "config.h"

#include "rutter/routes_report.h"

#include <string.h>

#include "rutter/glyph.h"

static const char *title(enum rt_route_cell c)
{
	static const char *const titles[] = {
	    [RT_CELL_HOST] = "HOST",
	    [RT_CELL_PATH] = "PATH",
	    [RT_CELL_MATCH] = "MATCH",
	    [RT_CELL_ENTRY] = "ENTRY",
	    [RT_CELL_ROUTE] = "ROUTE",
	    [RT_CELL_BACKEND] = "BACKEND",
	    [RT_CELL_READY] = "READY",
	    [RT_CELL_STATE] = "STATE",
	};
	_Static_assert(RT_ARRAY_LEN(titles) == RT_CELL_COUNT, "one title a cell");
	return titles[c];
}

/* Exact paths as they are, prefixes with a star, expressions with a tilde. */
static void put_path(struct rt_buf *out, const struct rt_route_row *row)
{
	if (!row->path) {
		rt_buf_puts(out, row->rule < 0 ? "(default)" : "-");
		return;
	}
	const char *type = row->path_type;
	bool regex = strcmp(type, "RegularExpression") == 0;
	bool prefix = strcmp(type, "PathPrefix") == 0 || strcmp(type, "Prefix") == 0;
	bool slash = row->path[0] && row->path[strlen(row->path) - 1] == '/';
	rt_buf_printf(out, "%s%s%s", regex ? "~" : "", row->path, prefix ? slash ? "*" : "/*" : "");
	if (strcmp(type, "ImplementationSpecific") == 0)
		rt_buf_puts(out, " (impl)");
}

static void put_match(struct rt_buf *out, const struct rt_route_row *row)
{
	rt_buf_printf(out, "%s%s%s", row->method ? row->method : "",
	    row->method && row->headers ? " " : "", row->headers ? row->headers : "");
	if (!row->method && !row->headers)
		rt_buf_putc(out, '-');
}

static void put_entry(struct rt_buf *out, const struct rt_route_row *row)
{
	const struct rt_listener_fact *l = row->listener;
	if (!l) {
		rt_buf_printf(out, "class %s", row->class_name ? row->class_name : "(none)");
		return;
	}
	rt_buf_printf(out, "%s/%s:%lld %s", row->entry.ns ? row->entry.ns : "", row->entry.name,
	    (long long)l->spec->port, l->spec->name ? l->spec->name : "?");
}

static void put_route(struct rt_buf *out, const struct rt_obj *route, int rule, int match)
{
	rt_buf_printf(out, "%s %s/%s", route->kind_name, route->ns ? route->ns : "", route->name);
	if (rule >= 0)
		rt_buf_printf(out, "[%d", rule);
	if (rule >= 0 && match > 0)
		rt_buf_printf(out, ".%d", match);
	if (rule >= 0)
		rt_buf_putc(out, ']');
}

static void put_backends(struct rt_buf *out, const struct rt_route_row *row)
{
	const struct rt_row_target *t = row->target;
	if (t->redirect) {
		rt_buf_printf(out, "redirect %s", t->redirect);
		return;
	}
	if (t->backends.len == 0)
		rt_buf_puts(out, "none");
	for (size_t i = 0; i < t->backends.len; i++) {
		const struct rt_row_backend *b = &t->backends.v[i];
		bool service = b->ref.kind && strcmp(b->ref.kind, "Service") == 0;
		rt_buf_printf(out, "%s%s%s%s%s%s", i ? ", " : "",
		    service || !b->ref.kind ? "" : b->ref.kind, service || !b->ref.kind ? "" : " ",
		    b->ref.ns ? b->ref.ns : "", b->ref.ns ? "/" : "",
		    b->ref.name ? b->ref.name : "?");
		if (b->port != RT_INT_UNSET)
			rt_buf_printf(out, ":%lld", (long long)b->port);
		if (b->share != 1)
			rt_buf_printf(out, " %.3g%%", b->share * 100);
	}
}

static void put_ready(struct rt_buf *out, const struct rt_route_row *row)
{
	const struct rt_row_target *t = row->target;
	size_t ready = 0, total = 0;
	bool known = t->backends.len > 0;
	for (size_t i = 0; i < t->backends.len; i++) {
		known &= t->backends.v[i].ready_known;
		ready += t->backends.v[i].ready;
		total += t->backends.v[i].total;
	}
	if (t->redirect || t->backends.len == 0)
		rt_buf_putc(out, '-');
	else if (known)
		rt_buf_printf(out, "%zu/%zu", ready, total);
	else
		rt_buf_putc(out, '?');
}

static void put_state(
    struct rt_buf *out, const struct rt_routes *routes, const struct rt_route_row *row)
{
	rt_buf_puts(out, rt_row_state_name(row->state));
	if (row->shadowed_by != SIZE_MAX) {
		const struct rt_route_row *w = &routes->rows.v[row->shadowed_by];
		rt_buf_puts(out, " by ");
		put_route(out, w->route, w->rule, w->match);
	} else if (row->why) {
		rt_buf_printf(out, ": %s", row->why);
	}
}

void rt_route_cell_text(
    struct rt_buf *out, const struct rt_routes *routes, size_t i, enum rt_route_cell c)
{
	const struct rt_route_row *row = &routes->rows.v[i];
	switch (c) {
	case RT_CELL_HOST:
		rt_buf_puts(out, row->host ? row->host : "*");
		break;
	case RT_CELL_PATH:
		put_path(out, row);
		break;
	case RT_CELL_MATCH:
		put_match(out, row);
		break;
	case RT_CELL_ENTRY:
		put_entry(out, row);
		break;
	case RT_CELL_ROUTE:
		put_route(out, row->route, row->rule, row->match);
		break;
	case RT_CELL_BACKEND:
		put_backends(out, row);
		break;
	case RT_CELL_READY:
		put_ready(out, row);
		break;
	case RT_CELL_STATE:
		put_state(out, routes, row);
		break;
	case RT_CELL_COUNT:
		break;
	}
}

static const struct {
	enum rt_tone tone;
	enum rt_glyph glyph;
} looks[RT_ROW_STATE_COUNT] = {
    [RT_ROW_OK] = {RT_TONE_OK, RT_GLYPH_OK},
    [RT_ROW_REDIRECT] = {RT_TONE_OK, RT_GLYPH_OK},
    [RT_ROW_PARTIAL] = {RT_TONE_WARNING, RT_GLYPH_WARNING},
    [RT_ROW_BROKEN] = {RT_TONE_ERROR, RT_GLYPH_ERROR},
    [RT_ROW_UNKNOWN] = {RT_TONE_UNKNOWN, RT_GLYPH_UNKNOWN},
    [RT_ROW_SHADOWED] = {RT_TONE_DIM, RT_GLYPH_DOT},
};

/* ------------------------------------------------------------------ blocks */

static void put_line(struct rt_buf *out, unsigned indent, enum rt_tone tone, const char *text,
    const struct rt_text_style *style)
{
	rt_buf_pad(out, ' ', indent);
	rt_tone_begin(out, style, tone);
	rt_text_wrap(out, style, indent, text);
	rt_tone_end(out, style);
	rt_buf_putc(out, '\n');
}

/* A row as a paragraph: what is asked and where it goes; what says so; its trouble. */
static void put_block(
    struct rt_buf *out, const struct rt_routes *routes, size_t i, const struct rt_text_style *style)
{
	const struct rt_route_row *row = &routes->rows.v[i];
	RT_AUTO_BUF struct rt_buf line = {0};
	enum rt_tone tone = looks[row->state].tone;
	if (row->path || row->rule < 0)
		put_path(&line, row);
	if (row->method || row->headers) {
		rt_buf_putc(&line, ' ');
		put_match(&line, row);
	}
	rt_buf_printf(
	    &line, "%s%s ", line.len ? " " : "", rt_glyph_str(RT_GLYPH_ARROW, style->ascii));
	put_backends(&line, row);
	RT_AUTO_BUF struct rt_buf ready = {0};
	put_ready(&ready, row);
	if (strchr(rt_buf_str(&ready), '/'))
		rt_buf_printf(&line, ", ready %s", rt_buf_str(&ready));
	rt_buf_puts(out, "  ");
	rt_tone_text(out, style, tone, rt_glyph_str(looks[row->state].glyph, style->ascii));
	rt_buf_putc(out, ' ');
	rt_tone_begin(out, style, row->state == RT_ROW_SHADOWED ? RT_TONE_DIM : RT_TONE_PLAIN);
	rt_text_wrap(out, style, 4, rt_buf_str(&line));
	rt_tone_end(out, style);
	rt_buf_putc(out, '\n');
	rt_buf_clear(&line);
	put_route(&line, row->route, row->rule, row->match);
	rt_buf_puts(&line, row->listener ? " on " : " of ");
	put_entry(&line, row);
	put_line(out, 6, RT_TONE_DIM, rt_buf_str(&line), style);
	if (row->state == RT_ROW_OK || row->state == RT_ROW_REDIRECT)
		return;
	rt_buf_clear(&line);
	put_state(&line, routes, row);
	put_line(out, 6, tone, rt_buf_str(&line), style);
}

static void put_blocks(
    struct rt_buf *out, const struct rt_routes_view *v, const struct rt_text_style *style)
{
	const char *before = NULL;
	for (size_t i = 0; i < v->count; i++) {
		const char *host = v->routes->rows.v[v->index[i]].host;
		host = host ? host : "*";
		if (!before || strcmp(host, before) != 0) {
			if (before)
				rt_buf_putc(out, '\n');
			put_line(out, 0, RT_TONE_STRONG, host, style);
		}
		before = host;
		put_block(out, v->routes, v->index[i], style);
	}
}

void rt_routes_table(
    struct rt_buf *out, const struct rt_routes_view *v, const struct rt_text_style *style)
{
	if (v->count == 0) {
		rt_buf_puts(out, "Nothing to show.\n");
		return;
	}
	struct rt_table *t = rt_table_new(RT_CELL_COUNT);
	RT_AUTO_BUF struct rt_buf cell = {0};
	for (unsigned c = 0; c < RT_CELL_COUNT; c++)
		rt_table_cell(t, RT_TONE_STRONG, title((enum rt_route_cell)c));
	for (size_t i = 0; i < v->count; i++) {
		const struct rt_route_row *row = &v->routes->rows.v[v->index[i]];
		bool dim = row->state == RT_ROW_SHADOWED;
		for (unsigned c = 0; c < RT_CELL_COUNT; c++) {
			rt_buf_clear(&cell);
			rt_route_cell_text(&cell, v->routes, v->index[i], (enum rt_route_cell)c);
			enum rt_tone tone = c == RT_CELL_STATE ? looks[row->state].tone
					    : dim              ? RT_TONE_DIM
							       : RT_TONE_PLAIN;
			rt_table_cell(t, tone, rt_buf_str(&cell));
		}
	}
	/* Cut to the terminal it would hide hosts and backends, folded it cannot be read. */
	if (style->terminal && rt_table_width(t) > style->width)
		put_blocks(out, v, style);
	else
		rt_table_write(out, t, style);
	rt_table_free(t);
}
