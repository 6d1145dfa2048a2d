/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes_report.h - the routing table as aligned columns, JSON and CSV.
 * Rows are named by an array of indexes, so that narrowing and sorting copy nothing.
 *
 *	rt_routes_table(out, &(struct rt_routes_view){&routes, indexes, count}, &style);
 */
#ifndef RUTTER_ROUTES_REPORT_H
#define RUTTER_ROUTES_REPORT_H

#include "rutter/jsonout.h"
#include "rutter/routes.h"
#include "rutter/text.h"

struct rt_routes_view {
	const struct rt_routes *routes;
	const size_t *index;
	size_t count;
};

void rt_routes_table(
    struct rt_buf *out, const struct rt_routes_view *v, const struct rt_text_style *style);
void rt_routes_json(
    struct rt_buf *out, const struct rt_routes_view *v, const struct rt_store *store);
void rt_routes_csv(struct rt_buf *out, const struct rt_routes_view *v);

/* The cells, shared with the terminal UI; appended as they are, not cleaned. */
enum rt_route_cell {
	RT_CELL_HOST,
	RT_CELL_PATH,
	RT_CELL_MATCH, /* method, headers, query parameters */
	RT_CELL_ENTRY, /* Gateway:port or class */
	RT_CELL_ROUTE, /* route and rule */
	RT_CELL_BACKEND,
	RT_CELL_READY,
	RT_CELL_STATE,
	RT_CELL_COUNT
};
void rt_route_cell_text(
    struct rt_buf *out, const struct rt_routes *routes, size_t row, enum rt_route_cell c);

#endif
