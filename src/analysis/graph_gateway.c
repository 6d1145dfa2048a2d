/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_gateway.c - GatewayClass → Gateway → listener → Route → rule → backend.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "graph_int.h"
#include "rutter/buf.h"

/* ------------------------------------------------------------------ rules and backends */

static const char *backend_why(struct graph_builder *b, const struct rt_backend_fact *f)
{
	const char *open = f->ok == RT_UNKNOWN ? "unknown whether " : "";
	switch (f->fault) {
	case RT_BACKEND_OK:
		return NULL;
	case RT_BACKEND_KIND:
		return graph_printf(b, "%s is %s", f->ref_to.kind,
		    *open ? "not known to be served" : "no kind of backend");
	case RT_BACKEND_GRANT:
		return graph_printf(b, "%s ReferenceGrant in %s admits it",
		    *open ? "unknown whether a" : "no", f->ref_to.ns);
	case RT_BACKEND_ABSENT:
		return *open ? "not read" : graph_printf(b, "%s does not exist", f->ref_to.kind);
	case RT_BACKEND_NO_PORT:
		return "names no port";
	case RT_BACKEND_PORT:
		return graph_printf(b, "%sthe Service has %s port %lld", open, *open ? "a" : "no",
		    (long long)f->spec->port);
	case RT_BACKEND_PROTOCOL:
		return "the Service port has the wrong protocol";
	case RT_BACKEND_APP_PROTOCOL:
		return "the controller does not support its appProtocol";
	}
	return NULL;
}

static const char *backend_label(struct graph_builder *b, const struct rt_backend_fact *f)
{
	char port[24] = "";
	if (f->spec->port != RT_INT_UNSET)
		snprintf(port, sizeof(port), ":%lld", (long long)f->spec->port);
	if (f->place == RT_PLACE_MIRROR)
		return graph_printf(b, "mirror %s", port);
	if (f->place == RT_PLACE_EXTERNAL_AUTH)
		return graph_printf(b, "auth %s", port);
	return graph_printf(b, "%.3g%% %s", rt_backend_share(f) * 100, port);
}

static void add_backend(
    struct graph_builder *b, struct rt_node *rule, const struct rt_backend_fact *f)
{
	struct rt_node *to =
	    f->service ? graph_service(b, f->service) : graph_object(b, f->ref_to, f->obj);
	if (!to->obj && f->ok != RT_YES && f->fault != RT_BACKEND_GRANT)
		to->state = f->ok == RT_NO ? RT_STATE_ERROR : RT_STATE_UNKNOWN;
	struct rt_edge *e = graph_edge(b, rule, to, "backend");
	e->label = backend_label(b, f);
	e->field = rt_backend_field(&b->g->arena, f);
	graph_judge(e, f->ok, backend_why(b, f));
	if (f->fault == RT_BACKEND_GRANT && f->ok == RT_NO)
		e->state = RT_LINK_NOT_PERMITTED;
	if (f->policy) {
		const struct rt_obj *p = &f->policy->policy->obj;
		graph_edge(b, to, graph_object(b, rt_obj_ref(p), p), "policy");
	}
}

static const char *match_text(struct graph_builder *b, const struct rt_route_match *m)
{
	struct rt_buf t = {0};
	if (m->method)
		rt_buf_printf(&t, "%s ", m->method);
	if (m->grpc)
		rt_buf_printf(&t, "/%s/%s", m->grpc->service ? m->grpc->service : "*",
		    m->grpc->method ? m->grpc->method : "*");
	else if (m->path.value && strcmp(m->path.type, "PathPrefix") == 0)
		rt_buf_printf(&t, "%s%s", m->path.value, strlen(m->path.value) > 1 ? "*" : "");
	else if (m->path.value)
		rt_buf_printf(&t, "%s%s", m->path.type[0] == 'R' ? "~" : "=", m->path.value);
	for (size_t i = 0; i < m->headers.len; i++)
		rt_buf_printf(&t, " %s:%s", m->headers.v[i].name, m->headers.v[i].value);
	for (size_t i = 0; i < m->query_params.len; i++)
		rt_buf_printf(&t, " ?%s=%s", m->query_params.v[i].name, m->query_params.v[i].value);
	const char *s = rt_arena_strdup(&b->g->arena, rt_buf_str(&t));
	rt_buf_done(&t);
	return s;
}

static const char *rule_summary(
    struct graph_builder *b, const struct rt_route *route, const struct rt_rule *rule)
{
	const struct rt_route_match *m;
	size_t n = rt_rule_matches(rule, &m);
	bool matches =
	    route->obj.kind == RT_KIND_HTTP_ROUTE || route->obj.kind == RT_KIND_GRPC_ROUTE;
	if (!matches)
		return "";
	if (route->obj.kind == RT_KIND_GRPC_ROUTE && rule->matches.len == 0)
		return "every method";
	const char *first = match_text(b, &m[0]);
	return n == 1 ? first : graph_printf(b, "%s, +%zu", first, n - 1);
}

static const char *filter_text(struct graph_builder *b, const struct rt_rule *rule)
{
	for (size_t i = 0; i < rule->filters.len; i++) {
		const struct rt_redirect *r = rule->filters.v[i].redirect;
		if (r)
			return graph_printf(b, "redirect %lld%s%s%s%s", (long long)r->status_code,
			    r->scheme || r->hostname ? " to " : "", r->scheme ? r->scheme : "",
			    r->scheme ? "://" : "", r->hostname ? r->hostname : "");
	}
	return NULL;
}

static void add_rule(struct graph_builder *b, struct rt_node *route_node,
    const struct rt_route_fact *r, size_t index)
{
	const struct rt_rule *rule = &r->route->rules.v[index];
	const struct rt_backend_fact *f;
	size_t n = rt_route_rule_backends(r, (int)index, &f);
	struct rt_node *node =
	    graph_part(b, RT_NODE_RULE, route_node, graph_printf(b, "rule/%zu", index), (int)index);
	node->label = rule->name ? graph_printf(b, "rule %zu %s", index, rule->name)
				 : graph_printf(b, "rule %zu", index);
	node->summary = rule_summary(b, r->route, rule);
	const char *filter = filter_text(b, rule);
	if (filter)
		node->summary = graph_printf(b, "%s  %s", node->summary, filter);
	struct rt_edge *e = graph_edge(b, route_node, node, "rule");
	e->field = graph_printf(b, "spec.rules[%zu]", index);
	for (size_t i = 0; i < n; i++)
		add_backend(b, node, &f[i]);
}

static struct rt_node *add_route(struct graph_builder *b, const struct rt_route_fact *r)
{
	const struct rt_obj *o = &r->route->obj;
	struct rt_node *node = graph_object(b, rt_obj_ref(o), o);
	if (!graph_is_new(node))
		return node;
	node->summary = graph_names(b, r->route->hostnames.v, r->route->hostnames.len);
	for (size_t i = 0; i < r->route->rules.len; i++)
		add_rule(b, node, r, i);
	return node;
}

/* ------------------------------------------------------------------ listeners */

static const char *certificate_why(struct graph_builder *b, const struct rt_ref_fact *c)
{
	switch (c->fault) {
	case RT_REF_OK:
		return NULL;
	case RT_REF_KIND:
		return "not a Secret";
	case RT_REF_GRANT:
		return graph_printf(b, "no ReferenceGrant in %s admits it", c->ref.ns);
	case RT_REF_ABSENT:
		return c->ok == RT_NO ? "does not exist" : "not read";
	case RT_REF_CONTENT:
		return c->why;
	case RT_REF_SCOPE:
		return "wrong scope";
	}
	return NULL;
}

static void add_certificates(
    struct graph_builder *b, struct rt_node *node, const struct rt_listener_fact *l)
{
	for (size_t i = 0; i < l->certificates.len; i++) {
		const struct rt_ref_fact *c = &l->certificates.v[i];
		struct rt_edge *e =
		    graph_edge(b, node, graph_object(b, c->ref, c->obj), "certificate");
		e->field = graph_printf(
		    b, "spec.listeners[%zu].tls.certificateRefs[%zu]", l->index, c->index);
		graph_judge(e, c->ok, certificate_why(b, c));
		if (c->fault == RT_REF_GRANT && c->ok == RT_NO)
			e->state = RT_LINK_NOT_PERMITTED;
		if (!c->obj && c->ok != RT_YES)
			e->to->state = c->ok == RT_NO ? RT_STATE_ERROR : RT_STATE_UNKNOWN;
	}
}

static struct rt_node *add_listener(
    struct graph_builder *b, struct rt_node *owner, const struct rt_listener_fact *l)
{
	struct rt_node *node = graph_part(
	    b, RT_NODE_LISTENER, owner, graph_printf(b, "listener/%zu", l->index), (int)l->index);
	node->label = graph_printf(
	    b, "%s :%lld %s", l->spec->name, (long long)l->spec->port, l->spec->protocol);
	node->summary = graph_printf(b, "%s%s", l->spec->hostname ? l->spec->hostname : "",
	    l->passthrough ? " passthrough" : "");
	struct rt_edge *e = graph_edge(b, owner, node, "listener");
	e->field = graph_printf(b, "spec.listeners[%zu]", l->index);
	if (l->conflict != RT_REASON_NONE) {
		e->state = RT_LINK_BROKEN;
		e->why = rt_reason_name(l->conflict);
	}
	add_certificates(b, node, l);
	struct graph_pending routes = {node, l};
	rt_vec_push(&b->pending, NULL, routes);
	return node;
}

/* One route below the listener that is next. */
bool graph_attached(struct graph_builder *b)
{
	if (b->at == b->pending.len)
		return false;
	const struct graph_pending *p = &b->pending.v[b->at];
	if (b->route == p->listener->attached.len) {
		b->at++;
		b->route = 0;
		return true;
	}
	const struct rt_attachment *at = p->listener->attached.v[b->route++];
	struct rt_edge *to = graph_edge(b, p->node, add_route(b, at->route), "route");
	to->field = graph_printf(b, "spec.parentRefs[%zu]", at->parent->index);
	return true;
}

/* ------------------------------------------------------------------ Gateways and classes */

static const char *address_text(struct graph_builder *b, const struct rt_gateway *gw)
{
	const char *values[2] = {NULL, NULL};
	size_t n = gw->status_addresses.len;
	for (size_t i = 0; i < n && i < 2; i++)
		values[i] = gw->status_addresses.v[i].value;
	return n ? graph_names(b, values, n) : "";
}

static struct rt_node *add_set(struct graph_builder *b, const struct rt_listener_set_fact *s)
{
	struct rt_node *node = graph_object(b, rt_obj_ref(&s->set->obj), &s->set->obj);
	for (size_t i = 0; i < s->listeners.len; i++)
		add_listener(b, node, s->listeners.v[i]);
	return node;
}

static void add_data_plane(
    struct graph_builder *b, struct rt_node *node, const struct rt_gateway_fact *gw)
{
	struct rt_arena scratch = {0};
	struct rt_data_plane plane = {0};
	rt_data_plane_of_gateway(b->an, gw, &scratch, &plane);
	for (size_t i = 0; i < plane.services.len; i++) {
		const struct rt_obj *o = &plane.services.v[i]->obj;
		const struct rt_service_fact *svc = rt_service_fact_of(b->an, o->ns, o->name);
		if (svc)
			graph_edge(b, node, graph_service(b, svc), "dataPlane");
	}
	rt_arena_done(&scratch);
}

static struct rt_node *add_gateway(struct graph_builder *b, const struct rt_gateway_fact *gw)
{
	struct rt_node *node = graph_object(b, rt_obj_ref(&gw->gateway->obj), &gw->gateway->obj);
	if (!graph_is_new(node))
		return node;
	node->summary = address_text(b, gw->gateway);
	add_data_plane(b, node, gw);
	for (size_t i = 0; i < gw->listeners.len; i++)
		add_listener(b, node, gw->listeners.v[i]);
	for (size_t i = 0; i < gw->sets.len; i++) {
		const struct rt_listener_set_fact *s = gw->sets.v[i];
		struct rt_edge *e = graph_edge(b, node, add_set(b, s), "listenerSet");
		e->field = "spec.parentRef";
		graph_judge(e, s->allowed,
		    s->allowed == RT_NO ? "allowedListeners does not admit it"
					: "allowedListeners cannot be judged");
		if (s->allowed == RT_NO)
			e->state = RT_LINK_NOT_PERMITTED;
	}
	return node;
}

static void add_class(struct graph_builder *b, const struct rt_class_fact *c)
{
	struct rt_node *node = graph_object(b, rt_obj_ref(&c->gc->obj), &c->gc->obj);
	node->summary = c->gc->controller_name ? c->gc->controller_name : "";
	graph_root(b, node);
	graph_controller(b, node, c->controller);
	for (size_t i = 0; i < c->gateways.len; i++) {
		struct rt_edge *e =
		    graph_edge(b, node, add_gateway(b, c->gateways.v[i]), "gateway");
		e->field = "spec.gatewayClassName";
	}
}

static void is_not_there(struct rt_node *n, enum rt_tri present)
{
	n->state = present == RT_NO ? RT_STATE_ERROR : RT_STATE_UNKNOWN;
	n->summary = present == RT_NO ? "does not exist" : "not read";
}

static void add_classless(struct graph_builder *b, const struct rt_gateway_fact *gw)
{
	const char *name = gw->gateway->gateway_class_name;
	struct rt_ref ref = {RT_GROUP_GATEWAY, "GatewayClass", NULL, name ? name : ""};
	struct rt_node *class_node = graph_object(b, ref, NULL);
	is_not_there(class_node, gw->class_present);
	graph_root(b, class_node);
	struct rt_edge *e = graph_edge(b, class_node, add_gateway(b, gw), "gateway");
	e->field = "spec.gatewayClassName";
	graph_judge(e, gw->class_present,
	    gw->class_present == RT_NO ? "GatewayClass does not exist" : "GatewayClass not read");
}

/* ------------------------------------------------------------------ parents that refuse or lack */

static const char *parent_why(struct graph_builder *b, const struct rt_parent_fact *p)
{
	if (p->present != RT_YES)
		return p->present == RT_NO ? "does not exist" : "not read";
	const char *reason = rt_reason_name(p->reason);
	if (p->accepted == RT_UNKNOWN)
		return graph_printf(
		    b, "may not attach%s%s", reason ? ": " : "", reason ? reason : "");
	return reason ? reason : "not accepted";
}

static struct rt_node *parent_node(struct graph_builder *b, const struct rt_parent_fact *p)
{
	if (p->service && p->kind == RT_PARENT_SERVICE)
		return graph_service(b, p->service);
	const struct rt_obj *o = p->set ? &p->set->set->obj : NULL;
	if (!o && p->gateway)
		o = &p->gateway->gateway->obj;
	return graph_object(b, p->ref, o);
}

/* Every parentRef shows: an attachment under its listener, any other straight under the parent. */
static void add_parents(struct graph_builder *b, const struct rt_route_fact *r)
{
	struct rt_node *node = add_route(b, r);
	for (size_t i = 0; i < r->parents.len; i++) {
		const struct rt_parent_fact *p = &r->parents.v[i];
		bool mesh = p->kind == RT_PARENT_SERVICE || p->kind == RT_PARENT_SERVICE_IMPORT;
		if (p->accepted == RT_YES && !mesh)
			continue;
		struct rt_node *parent = parent_node(b, p);
		if (!parent->obj && p->present != RT_YES)
			is_not_there(parent, p->present);
		if (parent->in.len == 0)
			graph_root(b, parent);
		struct rt_edge *e = graph_edge(b, parent, node, "route");
		e->field = graph_printf(b, "spec.parentRefs[%zu]", p->index);
		graph_judge(e, p->present == RT_YES ? p->accepted : p->present, parent_why(b, p));
	}
	if (node->in.len == 0)
		graph_root(b, node);
}

void graph_heads(struct graph_builder *b)
{
	const struct rt_analysis *an = b->an;
	for (size_t i = 0; i < an->classes.len; i++)
		add_class(b, an->classes.v[i]);
	for (size_t i = 0; i < an->gateways.len; i++)
		if (!an->gateways.v[i]->class_fact)
			add_classless(b, an->gateways.v[i]);
	for (size_t i = 0; i < an->listener_sets.len; i++) {
		const struct rt_listener_set_fact *s = an->listener_sets.v[i];
		if (s->gateway)
			continue;
		struct rt_node *parent = graph_object(b, s->parent_ref, NULL);
		is_not_there(parent, s->parent_present);
		graph_root(b, parent);
		struct rt_edge *e = graph_edge(b, parent, add_set(b, s), "listenerSet");
		e->field = "spec.parentRef";
		graph_judge(e, s->parent_present == RT_YES ? RT_NO : s->parent_present,
		    "the parent Gateway does not exist");
	}
}

bool graph_parents(struct graph_builder *b)
{
	if (b->at == b->an->routes.len)
		return false;
	add_parents(b, b->an->routes.v[b->at++]);
	return true;
}
