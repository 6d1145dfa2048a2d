/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes_json.c - RouteTable: one object a row, streamed.
 */
#include "config.h"

#include "rutter/routes_report.h"

static void put_names(
    struct rt_json_out *j, const char *key, const struct rt_name_match *v, size_t len)
{
	rt_json_array(j, key);
	for (size_t i = 0; i < len; i++) {
		rt_json_object(j, NULL);
		rt_json_string(j, "type", v[i].type ? v[i].type : "Exact");
		rt_json_string(j, "name", v[i].name);
		rt_json_string(j, "value", v[i].value);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_route(struct rt_json_out *j, const char *key, const struct rt_route_row *row)
{
	rt_json_object(j, key);
	rt_json_ref_members(j, rt_obj_ref(row->route));
	rt_json_int(j, "rule", row->rule);
	rt_json_string(j, "ruleName", row->rule_name);
	rt_json_index(j, "match", row->match);
	rt_json_close(j);
}

static void put_backends(struct rt_json_out *j, const struct rt_row_target *t)
{
	rt_json_array(j, "backends");
	for (size_t i = 0; i < t->backends.len; i++) {
		const struct rt_row_backend *b = &t->backends.v[i];
		rt_json_object(j, NULL);
		rt_json_ref_members(j, b->ref);
		rt_json_int(j, "port", b->port);
		rt_json_int(j, "weight", b->weight);
		rt_json_number(j, "share", b->share);
		rt_json_int(j, "readyEndpoints", b->ready_known ? (int64_t)b->ready : RT_INT_UNSET);
		rt_json_int(j, "endpoints", b->ready_known ? (int64_t)b->total : RT_INT_UNSET);
		rt_json_tri(j, "ok", b->ok);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_row(
    struct rt_json_out *j, const struct rt_routes *routes, const struct rt_route_row *row)
{
	const struct rt_route_match *m = row->match_spec;
	rt_json_object(j, NULL);
	rt_json_string(j, "host", row->host);
	rt_json_string(j, "path", row->path);
	rt_json_string(j, "pathType", row->path_type);
	rt_json_string(j, "method", row->method);
	put_names(j, "headers", m ? m->headers.v : NULL, m ? m->headers.len : 0);
	put_names(j, "queryParams", m ? m->query_params.v : NULL, m ? m->query_params.len : 0);
	rt_json_string(j, "canary", m ? NULL : row->headers);
	rt_json_ref(j, "entry", row->entry);
	rt_json_listener(j, "listener", row->listener);
	rt_json_string(j, "ingressClass", row->class_name);
	put_route(j, "route", row);
	put_backends(j, row->target);
	rt_json_string(j, "redirect", row->target->redirect);
	rt_json_string(j, "state", rt_row_state_name(row->state));
	rt_json_string(j, "why", row->why);
	if (row->shadowed_by == SIZE_MAX)
		rt_json_null(j, "shadowedBy");
	else
		put_route(j, "shadowedBy", &routes->rows.v[row->shadowed_by]);
	rt_json_close(j);
}

void rt_routes_json(
    struct rt_buf *out, const struct rt_routes_view *v, const struct rt_store *store)
{
	struct rt_json_out j = rt_json_document(out, "RouteTable");
	rt_json_array(&j, "rows");
	for (size_t i = 0; i < v->count; i++)
		put_row(&j, v->routes, &v->routes->rows.v[v->index[i]]);
	rt_json_close(&j);
	rt_json_document_end(&j, store);
}
