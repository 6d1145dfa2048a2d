/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_ingress.c - IngressClass → Ingress → path → Service.
 */
#include "config.h"

#include <string.h>

#include "graph_int.h"

static const char *path_label(struct graph_builder *b, const struct rt_ingress_backend_fact *f)
{
	if (f->rule < 0)
		return "default backend";
	const struct rt_ingress_rule *r = &f->ingress->ingress->rules.v[f->rule];
	const struct rt_ingress_path *p = &r->paths.v[f->path];
	return graph_printf(
	    b, "%s%s", r->host && *r->host ? r->host : "*", p->path ? p->path : "/");
}

static const char *path_type(const struct rt_ingress_backend_fact *f)
{
	if (f->rule < 0)
		return "";
	const char *t = f->ingress->ingress->rules.v[f->rule].paths.v[f->path].path_type;
	return t && strcmp(t, "Prefix") != 0 ? t : "";
}

static const char *backend_why(const struct rt_ingress_backend_fact *f)
{
	switch (f->fault) {
	case RT_INGRESS_BACKEND_OK:
		return NULL;
	case RT_INGRESS_BACKEND_EMPTY:
		return "names neither Service nor resource";
	case RT_INGRESS_BACKEND_ABSENT:
		return f->ok == RT_NO ? "does not exist" : "not read";
	case RT_INGRESS_BACKEND_PORT:
		return "the Service has no such port";
	}
	return NULL;
}

static const char *port_label(struct graph_builder *b, const struct rt_ingress_backend_fact *f)
{
	const struct rt_ingress_service *s = f->spec ? f->spec->service : NULL;
	if (s && s->port.name)
		return graph_printf(b, ":%s", s->port.name);
	if (s && s->port.number != RT_INT_UNSET)
		return graph_printf(b, ":%lld", (long long)s->port.number);
	return NULL;
}

static void add_path(
    struct graph_builder *b, struct rt_node *ingress, const struct rt_ingress_backend_fact *f)
{
	struct rt_node *node = graph_part(
	    b, RT_NODE_PATH, ingress, graph_printf(b, "path/%d/%d", f->rule, f->path), f->rule);
	node->label = path_label(b, f);
	node->summary = path_type(f);
	const char *field = rt_ingress_backend_field(&b->g->arena, f);
	graph_edge(b, ingress, node, "path")->field = field;
	if (!f->ref_to.name)
		return;
	struct rt_node *to =
	    f->service ? graph_service(b, f->service) : graph_object(b, f->ref_to, f->obj);
	if (!to->obj && f->ok != RT_YES)
		to->state = f->ok == RT_NO ? RT_STATE_ERROR : RT_STATE_UNKNOWN;
	struct rt_edge *e = graph_edge(b, node, to, "backend");
	e->label = port_label(b, f);
	e->field = field;
	graph_judge(e, f->ok, backend_why(f));
}

static const char *ingress_summary(struct graph_builder *b, const struct rt_ingress *ing)
{
	const char *hosts[2] = {NULL, NULL};
	size_t n = 0;
	for (size_t i = 0; i < ing->rules.len; i++) {
		if (n < 2)
			hosts[n] = ing->rules.v[i].host;
		n++;
	}
	return n ? graph_names(b, hosts, n) : "";
}

static struct rt_node *add_ingress(struct graph_builder *b, const struct rt_ingress_fact *f)
{
	const struct rt_obj *o = &f->ingress->obj;
	struct rt_node *node = graph_object(b, rt_obj_ref(o), o);
	node->summary = ingress_summary(b, f->ingress);
	for (size_t i = 0; i < f->secrets.len; i++) {
		const struct rt_ref_fact *c = &f->secrets.v[i];
		struct rt_edge *e =
		    graph_edge(b, node, graph_object(b, c->ref, c->obj), "certificate");
		e->field = graph_printf(b, "spec.tls[%zu].secretName", c->index);
		if (!c->obj && c->ok == RT_NO && !f->certificates_elsewhere)
			e->to->state = RT_STATE_ERROR;
		graph_judge(e, f->certificates_elsewhere ? RT_YES : c->ok,
		    c->ok == RT_NO ? "does not exist" : "not read");
	}
	for (size_t i = 0; i < f->backends.len; i++)
		add_path(b, node, &f->backends.v[i]);
	return node;
}

/* Where an Ingress hangs: its class, the absent class it names, or "no class". */
static struct rt_node *class_node(struct graph_builder *b, const struct rt_ingress_fact *f)
{
	if (f->class_fact) {
		const struct rt_obj *o = &f->class_fact->ic->obj;
		return graph_object(b, rt_obj_ref(o), o);
	}
	if (f->class_name) {
		struct rt_ref ref = {RT_GROUP_NETWORKING, "IngressClass", NULL, f->class_name};
		struct rt_node *n = graph_object(b, ref, NULL);
		if (f->claimed != RT_YES) {
			bool absent = f->field_present == RT_NO;
			n->state = absent ? RT_STATE_ERROR : RT_STATE_UNKNOWN;
			n->summary = absent ? "does not exist" : "not read";
		}
		return n;
	}
	struct rt_ref none = {RT_GROUP_NETWORKING, "IngressClass", NULL, ""};
	struct rt_node *n = graph_object(b, none, NULL);
	n->type = RT_NODE_NO_CLASS;
	n->label = "Ingresses without a class";
	return n;
}

static void add_class(struct graph_builder *b, const struct rt_ingress_class_fact *c)
{
	struct rt_node *node = graph_object(b, rt_obj_ref(&c->ic->obj), &c->ic->obj);
	node->summary = graph_printf(b, "%s%s", c->ic->controller ? c->ic->controller : "",
	    c->is_default ? "  default" : "");
	graph_root(b, node);
	graph_controller(b, node, c->controller);
}

void graph_ingress_classes(struct graph_builder *b)
{
	for (size_t i = 0; i < b->an->ingress_classes.len; i++)
		add_class(b, b->an->ingress_classes.v[i]);
}

bool graph_ingresses(struct graph_builder *b)
{
	if (b->at == b->an->ingresses.len)
		return false;
	const struct rt_ingress_fact *f = b->an->ingresses.v[b->at++];
	struct rt_node *parent = class_node(b, f);
	graph_root(b, parent);
	struct rt_edge *e = graph_edge(b, parent, add_ingress(b, f), "ingress");
	e->field = f->source == RT_CLASS_BY_ANNOTATION
		       ? "metadata.annotations['kubernetes.io/ingress.class']"
		       : "spec.ingressClassName";
	if (!f->class_fact)
		graph_judge(e, f->claimed, "no controller takes it");
	return true;
}
