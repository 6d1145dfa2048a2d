/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logs.c - sources and lines of logs.
 */
#include "config.h"

#include "logs.h"

#include <string.h>

#include "app.h"

#define TEXT_MAX (2 * 1024 * 1024)
#define SOURCES_MAX 500

void rt_logs_done(struct rt_logs *l)
{
	rt_arena_done(&l->arena);
	rt_vec_free(&l->sources);
	rt_buf_done(&l->text);
}

/* ---------------------------------------------------------------- sources */

static void add_source(
    struct rt_logs *l, const char *ns, const char *pod, const char *container, bool shared)
{
	struct rt_log_source s = {
	    .ns = rt_arena_strdup(&l->arena, ns),
	    .pod = rt_arena_strdup(&l->arena, pod),
	    .container = rt_arena_strdup(&l->arena, container),
	    .shared = shared,
	};

	for (size_t i = 0; i < l->sources.len; i++) {
		const struct rt_log_source *have = &l->sources.v[i];
		if (!strcmp(have->pod, pod) && !strcmp(have->ns, ns) &&
		    (!have->container || !container || !strcmp(have->container, container)))
			return;
	}
	if (l->sources.len < SOURCES_MAX)
		rt_vec_push(&l->sources, NULL, s);
}

static void add_pod(struct rt_logs *l, const struct rt_pod *p, bool shared)
{
	for (size_t i = 0; i < p->spec.containers.len; i++)
		add_source(l, p->obj.ns, p->obj.name, p->spec.containers.v[i].name, shared);
	for (size_t i = 0; i < p->spec.init_containers.len; i++)
		add_source(l, p->obj.ns, p->obj.name, p->spec.init_containers.v[i].name, shared);
	if (!p->spec.containers.len)
		add_source(l, p->obj.ns, p->obj.name, NULL, shared);
}

static void add_pods(struct rt_logs *l, const rt_pods *pods, bool shared)
{
	for (size_t i = 0; i < pods->len; i++)
		add_pod(l, pods->v[i], shared);
}

static void add_controller(
    struct rt_logs *l, const struct rt_analysis *an, const struct rt_controller *c, bool shared)
{
	struct rt_control_plane plane = {0};

	if (!c)
		return;
	rt_control_plane_of(an, c, &plane);
	add_pods(l, &plane.pods, shared);
}

static void add_gateway(
    struct rt_logs *l, const struct rt_analysis *an, const struct rt_gateway_fact *g, bool planes)
{
	struct rt_data_plane plane = {0};

	if (!g)
		return;
	if (planes) {
		rt_data_plane_of_gateway(an, g, &l->arena, &plane);
		add_pods(l, &plane.pods, false);
	}
	if (g->class_fact)
		add_controller(l, an, g->class_fact->controller, true);
}

/* Pods behind a Service are known by its endpoints, whether they were read or not. */
static void add_service(struct rt_logs *l, const struct rt_analysis *an, const struct rt_obj *o)
{
	const struct rt_service_fact *f = rt_service_fact_of(an, o->ns, o->name);
	struct rt_endpoints e = {0};

	if (!f)
		return;
	rt_endpoints_of(an, f, NULL, &l->arena, &e);
	for (size_t i = 0; i < e.v.len; i++) {
		const char *name = e.v.v[i].pod;
		const struct rt_obj *pod =
		    name ? rt_store_get(an->store, RT_KIND_POD, o->ns, name) : NULL;
		if (pod)
			add_pod(l, (const void *)pod, false);
		else if (name)
			add_source(l, o->ns, name, NULL, false);
	}
}

static void add_route(struct rt_logs *l, const struct rt_analysis *an, const struct rt_obj *o)
{
	const struct rt_route_fact *r = rt_route_fact_of(an, o);

	for (size_t i = 0; r && i < r->parents.len; i++)
		add_gateway(l, an, r->parents.v[i].gateway, false);
}

static void add_classes(struct rt_logs *l, const struct rt_analysis *an, const struct rt_obj *o)
{
	for (size_t i = 0; i < an->classes.len; i++)
		if (&an->classes.v[i]->gc->obj == o)
			add_controller(l, an, an->classes.v[i]->controller, false);
	for (size_t i = 0; i < an->ingress_classes.len; i++)
		if (&an->ingress_classes.v[i]->ic->obj == o)
			add_controller(l, an, an->ingress_classes.v[i]->controller, false);
}

void rt_logs_find(struct rt_logs *l, const struct rt_tui *t, const struct rt_obj *obj)
{
	const struct rt_analysis *an = t->world.an;
	const struct rt_ingress_fact *ing;

	rt_arena_reset(&l->arena);
	l->sources.len = 0;
	l->chosen = 0;
	l->previous = l->all_lines = l->still = false;
	if (obj->kind == RT_KIND_POD)
		add_pod(l, (const void *)obj, false);
	else if (obj->kind == RT_KIND_SERVICE)
		add_service(l, an, obj);
	else if (obj->kind == RT_KIND_GATEWAY)
		add_gateway(l, an, rt_gateway_fact_of(an, obj->ns, obj->name), true);
	else if (rt_kind_is_route(obj->kind))
		add_route(l, an, obj);
	else if (obj->kind == RT_KIND_INGRESS) {
		ing = rt_ingress_fact_of(an, obj->ns, obj->name);
		add_controller(l, an, ing ? ing->controller : NULL, true);
	} else {
		add_classes(l, an, obj);
	}
}

bool rt_logs_source(const struct rt_logs *l, struct rt_log_source *ret)
{
	if (l->chosen >= l->sources.len)
		return false;
	*ret = l->sources.v[l->chosen];
	return true;
}

/* ---------------------------------------------------------------- lines */

void rt_logs_add(struct rt_logs *l, const char *text, size_t len)
{
	const char *cut;

	if (l->text.len + len > TEXT_MAX) {
		/* Half goes at once, so that a fast log does not move memory with every line. */
		cut = memchr(l->text.data + l->text.len / 2, '\n', l->text.len - l->text.len / 2);
		size_t from = cut ? (size_t)(cut - l->text.data) + 1 : l->text.len;
		memmove(l->text.data, l->text.data + from, l->text.len - from);
		l->text.len -= from;
	}
	rt_buf_add(&l->text, text, len < TEXT_MAX / 2 ? len : TEXT_MAX / 2);
}

static bool narrowed(const struct rt_logs *l)
{
	struct rt_log_source s;

	return rt_logs_source(l, &s) && s.shared && !l->all_lines;
}

static uint16_t line_role(const char *line, size_t len)
{
	static const struct {
		const char *word;
		enum rt_role role;
	} words[] = {
	    {"error", RT_ROLE_ERROR},
	    {"ERROR", RT_ROLE_ERROR},
	    {"fatal", RT_ROLE_ERROR},
	    {"warn", RT_ROLE_WARNING},
	    {"WARN", RT_ROLE_WARNING},
	};

	for (size_t i = 0; i < RT_ARRAY_LEN(words); i++)
		if (memmem(line, len < 200 ? len : 200, words[i].word, strlen(words[i].word)))
			return (uint16_t)words[i].role;
	return RT_ROLE_TEXT;
}

void rt_logs_build(const struct rt_logs *l, const char *name, struct rt_doc *d)
{
	const char *p = l->text.len ? l->text.data : "", *end = p + l->text.len;
	bool narrow = narrowed(l);

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t len = eol ? (size_t)(eol - p) : (size_t)(end - p);
		if (!narrow || memmem(p, len, name, strlen(name))) {
			char *line = rt_arena_strndup(&d->arena, p, len);
			rt_doc_line(d, 2);
			rt_doc_put(d, line_role(line, len), line);
		}
		p += len + 1;
	}
}

void rt_logs_title(const struct rt_logs *l, const char *name, struct rt_buf *out)
{
	struct rt_log_source s;

	if (!rt_logs_source(l, &s)) {
		rt_buf_puts(out, "no Pods whose logs tell about it");
		return;
	}
	rt_buf_puts(out, l->previous ? "previous run" : l->still ? "held" : "following");
	if (narrowed(l))
		rt_buf_printf(out, ", lines that name %s", name);
	if (l->sources.len > 1)
		rt_buf_printf(out, ", %zu of %zu", l->chosen + 1, l->sources.len);
	rt_buf_printf(out, ": %s/%s", s.ns, s.pod);
	if (s.container)
		rt_buf_printf(out, " %s", s.container);
}
