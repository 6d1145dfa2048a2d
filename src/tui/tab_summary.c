/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tab_summary.c - an object at a glance: what is wrong first, then what it is, then where it hangs.
 */
#include "config.h"

#include <string.h>

#include "app.h"
#include "rutter/buf.h"

#define VALUE_COLUMN 14
#define RELATED_SHOWN 8 /* of a finding */

/* ---------------------------------------------------------------- findings */

void rt_doc_finding(struct rt_doc *d, const struct rt_finding *f, bool ascii, bool hint)
{
	const struct rt_finding_info *info = rt_finding_info(f->code);
	enum rt_node_state s = rt_finding_state(f);

	rt_doc_line(d, 2);
	rt_doc_glyph(d, rt_state_role(s), rt_state_glyph(s), ascii);
	rt_doc_putf(d, rt_state_role(s), " %s %s", info->code, info->name);
	if (!f->certain)
		rt_doc_put(d, RT_ROLE_UNKNOWN, "  not certain");
	if (f->field)
		rt_doc_putf(d, RT_ROLE_DIM, "  %s", f->field);
	rt_doc_line(d, 2);
	rt_doc_putf(d, RT_ROLE_TEXT, "  %s", f->message);
	rt_doc_copy(d, f->message);
	for (size_t i = 0; i < f->because.len; i++) {
		rt_doc_line(d, 4);
		rt_doc_put(d, RT_ROLE_DIM, "  ");
		rt_doc_glyph(d, RT_ROLE_DIM, RT_GLYPH_DOT, ascii);
		rt_doc_putf(d, RT_ROLE_DIM, " %s", f->because.v[i]);
	}
	if (f->fix) {
		rt_doc_line(d, 8);
		rt_doc_put(d, RT_ROLE_STRONG, "  Mend: ");
		rt_doc_put(d, RT_ROLE_TEXT, f->fix);
		if (f->fix_manifest && hint)
			rt_doc_put(d, RT_ROLE_DIM, " (g shows the manifest)");
		if (f->fix_manifest)
			rt_doc_copy_manifest(d, f->fix_manifest);
		else
			rt_doc_copy(d, f->fix);
	}
	for (size_t i = 0; i < f->related.len && i < RELATED_SHOWN; i++) {
		rt_doc_line(d, 4);
		rt_doc_put(d, RT_ROLE_DIM, "  ");
		rt_doc_glyph(d, RT_ROLE_DIM, RT_GLYPH_ARROW, ascii);
		rt_doc_put(d, RT_ROLE_DIM, " ");
		rt_doc_ref(d, &f->related.v[i]);
	}
	if (f->related.len > RELATED_SHOWN) {
		rt_doc_line(d, 4);
		rt_doc_putf(
		    d, RT_ROLE_DIM, "    and %zu more", (size_t)f->related.len - RELATED_SHOWN);
	}
}

/* The one that was come from first, then the worst. */
static void own_findings(const struct rt_tab_in *in, struct rt_doc *d)
{
	const struct rt_finding *const *found;
	size_t count = rt_tui_findings_of(in->tui, &in->ref, &found);

	for (size_t i = 0; i < count + 1; i++) {
		const struct rt_finding *f = i ? found[i - 1] : in->chosen;
		if (!f || (i && f == in->chosen))
			continue;
		rt_detail_about(in->detail, f);
		rt_doc_finding(d, f, in->ascii, true);
		rt_doc_line(d, 0);
	}
	rt_detail_about(in->detail, NULL);
}

/* ---------------------------------------------------------------- facts */

static void key(struct rt_doc *d, const char *name)
{
	rt_doc_line(d, VALUE_COLUMN);
	rt_doc_put(d, RT_ROLE_DIM, name);
	rt_doc_pad(d, VALUE_COLUMN);
}

static void fact(struct rt_doc *d, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	key(d, name);
	rt_doc_put(d, RT_ROLE_TEXT, value);
}

static void fact_ref(struct rt_doc *d, const char *name, struct rt_ref ref)
{
	if (!ref.name)
		return;
	key(d, name);
	rt_doc_ref(d, &ref);
}

/* The strings joined by blanks, the rest counted where there are many. */
static void fact_list(struct rt_doc *d, const char *name, rt_strings list, const char *none)
{
	key(d, name);
	if (!list.len)
		rt_doc_put(d, RT_ROLE_DIM, none);
	for (size_t i = 0; i < list.len && i < 20; i++)
		rt_doc_putf(d, RT_ROLE_TEXT, "%s%s", i ? " " : "", list.v[i]);
	if (list.len > 20)
		rt_doc_putf(d, RT_ROLE_DIM, " and %zu more", (size_t)list.len - 20);
}

static void fact_pairs(struct rt_doc *d, const char *name, struct rt_pairs pairs)
{
	for (size_t i = 0; i < pairs.len && i < 30; i++) {
		key(d, i ? "" : name);
		rt_doc_putf(d, RT_ROLE_TEXT, "%s", pairs.v[i].key);
		if (pairs.v[i].value && *pairs.v[i].value)
			rt_doc_putf(d, RT_ROLE_TEXT, "=%s", pairs.v[i].value);
	}
}

static void node_line(const struct rt_tab_in *in, struct rt_doc *d, const char *name,
    const struct rt_node *n, const struct rt_edge *e)
{
	enum rt_node_state s = rt_node_worst(n);

	if (e && e->state == RT_LINK_UNKNOWN && s < RT_STATE_UNKNOWN)
		s = RT_STATE_UNKNOWN;
	if (e && e->state > RT_LINK_UNKNOWN)
		s = RT_STATE_ERROR;
	key(d, name);
	rt_doc_glyph(d, rt_state_role(s), rt_state_glyph(s), in->ascii);
	rt_doc_put(d, RT_ROLE_TEXT, " ");
	if (n->type == RT_NODE_OBJECT)
		rt_doc_ref(d, &n->ref);
	else
		rt_doc_put(d, RT_ROLE_TEXT, n->label);
	if (e && *rt_edge_text(e))
		rt_doc_putf(d, RT_ROLE_TEXT, " %s", rt_edge_text(e));
	if (n->summary && *n->summary)
		rt_doc_putf(d, RT_ROLE_DIM, "  %s", n->summary);
	if (e && e->why)
		rt_doc_putf(d, rt_state_role(s), "  %s", e->why);
}

/* The nodes that an object's parts or edges of one kind lead to. */
static void edge_lines(const struct rt_tab_in *in, struct rt_doc *d, const char *name,
    const struct rt_node *n, const char *kind)
{
	bool first = true;

	for (size_t i = 0; n && i < n->out.len; i++) {
		const struct rt_edge *e = n->out.v[i];
		if (strcmp(e->kind, kind) != 0)
			continue;
		node_line(in, d, first ? name : "", e->to, e);
		first = false;
	}
}

static void gateway_class(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	const struct rt_gateway_class *gc = (const void *)in->obj;

	fact(d, "controller", gc->controller_name);
	fact(d, "description", gc->description);
	edge_lines(in, d, "runs as", n, "controller");
	edge_lines(in, d, "Gateways", n, "gateway");
	if (gc->has_supported_features)
		fact_list(d, "features", gc->supported_features, "none reported");
}

static void gateway(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	const struct rt_gateway *g = (const void *)in->obj;

	fact_ref(d, "class",
	    (struct rt_ref){RT_GROUP_GATEWAY, "GatewayClass", NULL, g->gateway_class_name});
	for (size_t i = 0; i < g->status_addresses.len; i++)
		fact(d, i ? "" : "address", g->status_addresses.v[i].value);
	edge_lines(in, d, "listeners", n, "listener");
	edge_lines(in, d, "ListenerSets", n, "listenerSet");
	edge_lines(in, d, "refused", n, "route");
	edge_lines(in, d, "data plane", n, "dataPlane");
}

static void listener_set(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	edge_lines(in, d, "listeners", n, "listener");
}

/* Listeners a route is attached to, and parents that refuse it. */
static void route_parents(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	for (size_t i = 0; n && i < n->in.len; i++) {
		const struct rt_edge *e = n->in.v[i];
		key(d, i ? "" : "parents");
		rt_doc_glyph(d, e->state == RT_LINK_FINE ? RT_ROLE_OK : RT_ROLE_ERROR,
		    e->state == RT_LINK_FINE ? RT_GLYPH_OK : RT_GLYPH_ERROR, in->ascii);
		rt_doc_put(d, RT_ROLE_TEXT, " ");
		rt_doc_ref(d, &e->from->ref);
		if (e->from->type == RT_NODE_LISTENER)
			rt_doc_putf(d, RT_ROLE_TEXT, "  %s", e->from->label);
		if (e->why)
			rt_doc_putf(d, RT_ROLE_ERROR, "  %s", e->why);
	}
}

static void rules(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	for (size_t i = 0; n && i < n->out.len; i++) {
		const struct rt_edge *e = n->out.v[i];
		if (strcmp(e->kind, "rule") != 0 && strcmp(e->kind, "path") != 0)
			continue;
		key(d, e->to->label);
		if (strlen(e->to->label) >= VALUE_COLUMN)
			rt_doc_line(d, VALUE_COLUMN), rt_doc_pad(d, VALUE_COLUMN);
		rt_doc_put(d, RT_ROLE_TEXT, e->to->summary);
		edge_lines(in, d, "", e->to, "backend");
	}
}

static void route(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	const struct rt_route *r = (const void *)in->obj;

	if (rt_route_has_hostnames(r->obj.kind))
		fact_list(d, "hostnames", r->hostnames, "every hostname of its listeners");
	route_parents(in, d, n);
	rules(in, d, n);
}

static void ingress(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	const struct rt_ingress *i = (const void *)in->obj;

	if (i->ingress_class_name)
		fact_ref(d, "class",
		    (struct rt_ref){
			RT_GROUP_NETWORKING, "IngressClass", NULL, i->ingress_class_name});
	for (size_t k = 0; k < i->load_balancer.len; k++)
		fact(d, k ? "" : "address",
		    i->load_balancer.v[k].ip ? i->load_balancer.v[k].ip
					     : i->load_balancer.v[k].hostname);
	edge_lines(in, d, "certificate", n, "certificate");
	rules(in, d, n);
}

static void ingress_class(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	const struct rt_ingress_class *ic = (const void *)in->obj;

	fact(d, "controller", ic->controller);
	edge_lines(in, d, "runs as", n, "controller");
	edge_lines(in, d, "Ingresses", n, "ingress");
}

static const char *target_port(struct rt_doc *d, const struct rt_service_port *p)
{
	if (p->target_port.text)
		return p->target_port.text;
	return rt_arena_printf(&d->arena, "%lld",
	    (long long)(p->target_port.number == RT_INT_UNSET ? p->port : p->target_port.number));
}

static void service(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	const struct rt_service *s = (const void *)in->obj;

	fact(d, "type", s->type);
	fact(d, "cluster IP", s->cluster_ip);
	fact(d, "external", s->external_name);
	for (size_t i = 0; i < s->ports.len; i++) {
		const struct rt_service_port *p = &s->ports.v[i];
		key(d, i ? "" : "ports");
		rt_doc_putf(d, RT_ROLE_TEXT, "%lld/%s", (long long)p->port, p->protocol);
		if (p->name && *p->name)
			rt_doc_putf(d, RT_ROLE_TEXT, " %s", p->name);
		rt_doc_put(d, RT_ROLE_TEXT, " ");
		rt_doc_glyph(d, RT_ROLE_DIM, RT_GLYPH_ARROW, in->ascii);
		rt_doc_putf(d, RT_ROLE_TEXT, " %s", target_port(d, p));
		if (p->app_protocol)
			rt_doc_putf(d, RT_ROLE_DIM, "  %s", p->app_protocol);
	}
	fact_pairs(d, "selector", s->selector);
	if (n && n->summary)
		fact(d, "endpoints", n->summary);
	for (size_t i = 0; n && i < n->out.len; i++)
		if (!strcmp(n->out.v[i]->kind, "slice"))
			edge_lines(in, d, i ? "" : "Pods", n->out.v[i]->to, "pod");
	edge_lines(in, d, "policy", n, "policy");
}

static void pod(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n)
{
	const struct rt_pod *p = (const void *)in->obj;
	const char *trouble = rt_pod_trouble(&d->arena, p);

	(void)n;
	if (!p->has_status)
		return;
	fact(d, "phase", p->phase);
	fact(d, "ready", trouble ? trouble : "yes");
	fact(d, "address", p->pod_ip);
	fact(d, "node", p->spec.node_name);
	for (size_t i = 0; i < p->container_statuses.len; i++) {
		const struct rt_container_status *c = &p->container_statuses.v[i];
		key(d, i ? "" : "containers");
		rt_doc_glyph(d, c->ready == RT_FLAG_TRUE ? RT_ROLE_OK : RT_ROLE_WARNING,
		    c->ready == RT_FLAG_TRUE ? RT_GLYPH_OK : RT_GLYPH_WARNING, in->ascii);
		rt_doc_putf(d, RT_ROLE_TEXT, " %s", c->name);
		if (c->waiting && c->waiting->reason)
			rt_doc_putf(d, RT_ROLE_WARNING, "  %s", c->waiting->reason);
		if (c->restart_count > 0)
			rt_doc_putf(d, RT_ROLE_DIM, "  %lld restarts", (long long)c->restart_count);
	}
}

struct kind_summary {
	enum rt_kind kind;
	void (*put)(const struct rt_tab_in *in, struct rt_doc *d, const struct rt_node *n);
};

static const struct kind_summary kinds[] = {
    {RT_KIND_GATEWAY_CLASS, gateway_class},
    {RT_KIND_GATEWAY, gateway},
    {RT_KIND_LISTENER_SET, listener_set},
    {RT_KIND_HTTP_ROUTE, route},
    {RT_KIND_GRPC_ROUTE, route},
    {RT_KIND_TLS_ROUTE, route},
    {RT_KIND_TCP_ROUTE, route},
    {RT_KIND_UDP_ROUTE, route},
    {RT_KIND_INGRESS, ingress},
    {RT_KIND_INGRESS_CLASS, ingress_class},
    {RT_KIND_SERVICE, service},
    {RT_KIND_POD, pod},
};

/* ---------------------------------------------------------------- where it comes from */

static void provenance(const struct rt_tab_in *in, struct rt_doc *d)
{
	const struct rt_obj *o = in->obj;
	struct rt_buf age = {0};

	if (o->created != RT_TIME_UNSET && in->tui->world.now) {
		rt_age_write(&age, in->tui->world.now - o->created);
		fact(d, "age", rt_buf_str(&age));
	}
	rt_buf_done(&age);
	if (o->origin.file) {
		key(d, "read from");
		rt_doc_putf(d, RT_ROLE_TEXT, "%s:%u%s", o->origin.file, o->origin.line,
		    o->origin.overlay ? " (overlay)" : "");
	}
	for (size_t i = 0; i < o->owners.len; i++)
		fact_ref(d, i ? "" : "owner",
		    (struct rt_ref){"", o->owners.v[i].kind, o->ns, o->owners.v[i].name});
	fact_pairs(d, "labels", o->labels);
}

static void absent(const struct rt_tab_in *in, struct rt_doc *d)
{
	const char *why = NULL;

	if (!strcmp(in->ref.kind, "Cluster") && !*in->ref.group)
		return; /* findings about all of it hang off no object */
	rt_doc_line(d, 2);
	if (rt_analysis_find(in->tui->world.an, in->ref, NULL) == RT_NO) {
		rt_doc_put(d, RT_ROLE_ERROR, "does not exist");
		return;
	}
	rt_doc_put(d, RT_ROLE_UNKNOWN, "not read: whether it exists is not known");
	rt_store_scope(in->tui->world.an->store, in->ref.group, in->ref.kind, in->ref.ns, &why);
	if (why)
		rt_doc_putf(d, RT_ROLE_TEXT, " (%s)", why);
}

static void part_line(const struct rt_tab_in *in, struct rt_doc *d)
{
	const struct rt_node *n = in->node;
	enum rt_node_state s;

	if (!n || n->type == RT_NODE_OBJECT)
		return;
	s = rt_node_worst(n);
	rt_doc_line(d, 2);
	rt_doc_glyph(d, rt_state_role(s), rt_state_glyph(s), in->ascii);
	rt_doc_putf(d, RT_ROLE_STRONG, " %s", n->label);
	if (n->summary && *n->summary)
		rt_doc_putf(d, RT_ROLE_TEXT, "  %s", n->summary);
	rt_doc_line(d, 0);
}

/* ---------------------------------------------------------------- what is wrong below */

#define BELOW_NODES 4000 /* looked at */
#define BELOW_SHOWN 12

struct below {
	const struct rt_tab_in *in;
	struct rt_arena arena;
	bool *seen; /* by node index */
	size_t nodes;
	RT_VEC(const struct rt_finding *) v;
};

static bool is_well(const struct rt_node *n)
{
	return !n->total.by_severity[RT_SEV_ERROR] && !n->total.by_severity[RT_SEV_WARNING] &&
	       !n->total.unknown;
}

static void gather(struct below *b, const struct rt_node *n)
{
	const struct rt_finding *const *found;
	size_t count;

	if (is_well(n) || b->seen[n->index] || b->nodes++ >= BELOW_NODES)
		return;
	b->seen[n->index] = true;
	count = n->type == RT_NODE_OBJECT && n->ref.name && rt_ref_cmp(&n->ref, &b->in->ref) != 0
		    ? rt_tui_findings_of(b->in->tui, &n->ref, &found)
		    : 0;
	for (size_t i = 0; i < count; i++)
		if (rt_finding_state(found[i]) > RT_STATE_INFO)
			rt_vec_push(&b->v, &b->arena, found[i]);
	for (size_t i = 0; i < n->out.len; i++)
		gather(b, n->out.v[i]->to);
}

static int worse_first(const void *a, const void *b)
{
	const struct rt_finding *const *x = a, *const *y = b;
	int order = (int)rt_finding_state(*y) - (int)rt_finding_state(*x);

	return order ? order : rt_ref_cmp(&(*x)->object, &(*y)->object);
}

/* A class or Gateway that is well itself need not look so: what hangs off it is not. */
static void below(const struct rt_tab_in *in, struct rt_doc *d)
{
	struct below b = {.in = in};

	if (!in->node)
		return;
	b.seen = rt_arena_alloc(&b.arena, in->tui->world.graph->nodes.len * sizeof(*b.seen));
	gather(&b, in->node);
	if (b.v.len)
		qsort(b.v.v, b.v.len, sizeof(*b.v.v), worse_first);
	for (size_t i = 0; i < b.v.len && i < BELOW_SHOWN; i++) {
		const struct rt_finding *f = b.v.v[i];
		enum rt_node_state s = rt_finding_state(f);
		key(d, i ? "" : "below");
		rt_doc_glyph(d, rt_state_role(s), rt_state_glyph(s), in->ascii);
		rt_doc_put(d, RT_ROLE_TEXT, " ");
		rt_doc_ref(d, &f->object);
		rt_doc_putf(d, rt_state_role(s), "  %s", rt_finding_info(f->code)->name);
	}
	if (b.v.len > BELOW_SHOWN) {
		key(d, "");
		rt_doc_putf(d, RT_ROLE_DIM, "and %zu more: 3 lists them", b.v.len - BELOW_SHOWN);
	}
	if (b.v.len)
		rt_doc_line(d, 0);
	rt_arena_done(&b.arena);
}

void rt_tab_summary(const struct rt_tab_in *in, struct rt_doc *d)
{
	const struct rt_node *n;

	part_line(in, d);
	own_findings(in, d);
	below(in, d);
	if (!in->ref.name)
		return;
	n = in->tui->world.graph ? rt_graph_find(in->tui->world.graph, in->ref) : NULL;
	if (!in->obj) {
		absent(in, d);
		return;
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(kinds); i++)
		if (kinds[i].kind == in->obj->kind)
			kinds[i].put(in, d, n);
	provenance(in, d);
}
