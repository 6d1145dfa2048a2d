/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes_csv.c - the routing table as CSV (RFC 4180), a heading first.
 */
#include "config.h"

#include "rutter/routes_report.h"

#include <string.h>

#include "rutter/utf8.h"

static const char heading[] =
    "host,path,pathType,method,headers,entryKind,entryNamespace,entryName,"
    "listener,port,protocol,ingressClass,routeKind,routeNamespace,"
    "routeName,rule,match,backends,ready,state\r\n";

/* A field that a spreadsheet would run as a formula gets an apostrophe before it. */
static void put(struct rt_buf *out, const char *text)
{
	RT_AUTO_BUF struct rt_buf clean = {0};
	rt_clean(&clean, text ? text : "", false);
	const char *s = rt_buf_str(&clean);
	bool formula = s[0] && strchr("=+-@", s[0]);
	bool quote = formula || strpbrk(s, ",\"\r\n") != NULL;
	if (quote)
		rt_buf_putc(out, '"');
	if (formula)
		rt_buf_putc(out, '\'');
	for (; *s; s++) {
		if (*s == '"')
			rt_buf_putc(out, '"');
		rt_buf_putc(out, *s);
	}
	if (quote)
		rt_buf_putc(out, '"');
}

static void next(struct rt_buf *out, const char *text)
{
	rt_buf_putc(out, ',');
	put(out, text);
}

static void next_int(struct rt_buf *out, int64_t n)
{
	rt_buf_putc(out, ',');
	if (n >= 0)
		rt_buf_printf(out, "%lld", (long long)n);
}

static void next_cell(
    struct rt_buf *out, const struct rt_routes *routes, size_t row, enum rt_route_cell c)
{
	RT_AUTO_BUF struct rt_buf cell = {0};
	rt_route_cell_text(&cell, routes, row, c);
	next(out, strcmp(rt_buf_str(&cell), "-") == 0 ? "" : rt_buf_str(&cell));
}

static void put_row(struct rt_buf *out, const struct rt_routes *routes, size_t i)
{
	const struct rt_route_row *row = &routes->rows.v[i];
	const struct rt_listener *l = row->listener ? row->listener->spec : NULL;
	bool entry = row->entry.name != NULL;
	put(out, row->host ? row->host : "*");
	next(out, row->path);
	next(out, row->path_type);
	next(out, row->method);
	next(out, row->headers);
	next(out, entry ? row->entry.kind : NULL);
	next(out, entry ? row->entry.ns : NULL);
	next(out, row->entry.name);
	next(out, l ? l->name : NULL);
	next_int(out, l ? l->port : -1);
	next(out, l ? l->protocol : NULL);
	next(out, row->class_name);
	next(out, row->route->kind_name);
	next(out, row->route->ns);
	next(out, row->route->name);
	next_int(out, row->rule);
	next_int(out, row->match);
	next_cell(out, routes, i, RT_CELL_BACKEND);
	next_cell(out, routes, i, RT_CELL_READY);
	next_cell(out, routes, i, RT_CELL_STATE);
	rt_buf_puts(out, "\r\n");
}

void rt_routes_csv(struct rt_buf *out, const struct rt_routes_view *v)
{
	rt_buf_puts(out, heading);
	for (size_t i = 0; i < v->count; i++)
		put_row(out, v->routes, v->index[i]);
}
