/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status_json.c - `status -o json`.
 */
#include "config.h"

#include "rutter/status_report.h"

#include "rutter/jsonout.h"

static void parent(struct rt_json_out *j, const struct rt_condition_row *row)
{
	if (!row->parent) {
		rt_json_null(j, "parent");
		return;
	}
	rt_json_object(j, "parent");
	rt_json_ref_members(j, *row->parent);
	rt_json_string(j, "sectionName", row->parent_section);
	rt_json_int(j, "port", row->parent_port);
	rt_json_close(j);
}

static void expected(struct rt_json_out *j, const struct rt_expected *e)
{
	if (!e->status) {
		rt_json_null(j, "expected");
		return;
	}
	rt_json_object(j, "expected");
	rt_json_string(j, "status", e->status);
	rt_json_string(j, "reason", rt_reason_name(e->reason));
	rt_json_string(j, "message", e->message);
	rt_json_close(j);
}

static void reported(struct rt_json_out *j, const struct rt_condition_row *row)
{
	const struct rt_condition *c = row->reported;

	if (!c) {
		rt_json_null(j, "reported");
		return;
	}
	rt_json_object(j, "reported");
	rt_json_string(j, "status", c->status);
	rt_json_string(j, "reason", c->reason);
	rt_json_string(j, "message", c->message);
	rt_json_int(j, "observedGeneration",
	    c->observed_generation > 0 ? c->observed_generation : RT_INT_UNSET);
	rt_json_bool(j, "stale", row->stale);
	rt_json_string(j, "controllerName", row->controller);
	rt_json_close(j);
}

static void condition(struct rt_json_out *j, const struct rt_condition_row *row)
{
	rt_json_object(j, NULL);
	rt_json_ref(j, "object", rt_obj_ref(row->obj));
	parent(j, row);
	rt_json_string(j, "listener", row->listener);
	rt_json_string(j, "type", row->type);
	expected(j, &row->expected);
	reported(j, row);
	rt_json_string(j, "verdict", rt_verdict_name(row->verdict));
	rt_json_string(j, "foreignController", row->foreign);
	rt_json_string(j, "why", row->expected.status ? NULL : row->expected.message);
	rt_json_close(j);
}

static void kind(struct rt_json_out *j, const char *group, const char *name)
{
	rt_json_object(j, NULL);
	rt_json_string(j, "group", group);
	rt_json_string(j, "kind", name);
	rt_json_close(j);
}

static void kinds_of_bits(struct rt_json_out *j, const char *key, unsigned bits)
{
	rt_json_array(j, key);
	for (int k = RT_KIND_HTTP_ROUTE; k <= RT_KIND_UDP_ROUTE; k++)
		if (bits & RT_ROUTE_BIT(k))
			kind(j, RT_GROUP_GATEWAY, rt_kind_info((enum rt_kind)k)->kind);
	rt_json_close(j);
}

static void kinds_reported(
    struct rt_json_out *j, const char *key, const struct rt_listener_status *st)
{
	if (!st || !st->supported_kinds.v) {
		rt_json_null(j, key);
		return;
	}
	rt_json_array(j, key);
	for (size_t i = 0; i < st->supported_kinds.len; i++) {
		const struct rt_route_group_kind *k = &st->supported_kinds.v[i];
		kind(j, k->group ? k->group : RT_GROUP_GATEWAY, k->kind);
	}
	rt_json_close(j);
}

static void listener(struct rt_json_out *j, const struct rt_listener_row *row)
{
	const struct rt_listener_fact *l = row->listener;

	rt_json_object(j, NULL);
	rt_json_ref(j, "object", rt_obj_ref(l->owner));
	rt_json_string(j, "listener", l->spec->name ? l->spec->name : "");
	rt_json_object(j, "attachedRoutes");
	rt_json_int(j, "expected", row->attached_expected);
	rt_json_int(j, "reported", l->status ? l->status->attached_routes : RT_INT_UNSET);
	rt_json_close(j);
	rt_json_object(j, "supportedKinds");
	if (row->kinds_expected)
		kinds_of_bits(j, "expected", l->supported_kinds);
	else
		rt_json_null(j, "expected");
	kinds_reported(j, "reported", l->status);
	rt_json_close(j);
	rt_json_close(j);
}

static void gateway(struct rt_json_out *j, const struct rt_gateway_row *row)
{
	const struct rt_gateway *g = row->gateway->gateway;

	rt_json_object(j, NULL);
	rt_json_ref(j, "object", rt_obj_ref(&g->obj));
	rt_json_object(j, "attachedListenerSets");
	rt_json_int(j, "expected", row->sets_expected);
	rt_json_int(j, "reported", g->attached_listener_sets);
	rt_json_close(j);
	rt_json_close(j);
}

void rt_status_report_json(
    struct rt_buf *out, const struct rt_status_report *r, const struct rt_store *store)
{
	struct rt_json_out j = rt_json_document(out, "StatusReport");

	rt_json_array(&j, "conditions");
	for (size_t i = 0; i < r->conditions.len; i++)
		condition(&j, &r->conditions.v[i]);
	rt_json_close(&j);
	rt_json_array(&j, "listeners");
	for (size_t i = 0; i < r->listeners.len; i++)
		listener(&j, &r->listeners.v[i]);
	rt_json_close(&j);
	rt_json_array(&j, "gateways");
	for (size_t i = 0; i < r->gateways.len; i++)
		gateway(&j, &r->gateways.v[i]);
	rt_json_close(&j);
	rt_json_document_end(&j, store);
}
