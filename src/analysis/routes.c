/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes.c - the flat routing table.
 * Rules are judged once, however many listeners, hostnames and matches lead to them; rows are
 * sorted by precedence, and of equal predicates on one host the first wins.
 */
#include "config.h"

#include "rutter/routes.h"

#include <string.h>

#include "filters.h"
#include "ingress_match.h"
#include "predicate.h"
#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/hostname.h"
#include "rutter/map.h"
#include "rutter/mem.h"
#include "rutter/obj_pattern.h"
#include "rutter/vec.h"
#include "trace_int.h"

/* What a row is sorted and compared by; thrown away afterwards. */
struct draft {
	struct rt_route_row row;
	struct rt_rank rank;
	const void *scope;     /* the listener, or the group of Ingresses */
	size_t scope_index;    /* its place in the order of entries */
	const char *predicate; /* NULL: never equal to another */
};
typedef RT_VEC(struct draft) drafts;

enum stage { GATEWAYS, INGRESSES, SORT, SHADOWS, DONE };

struct rt_routes_build {
	const struct rt_analysis *an;
	struct rt_arena *a;
	struct rt_map targets; /* by address of the rule */
	size_t scope_index;
	drafts rows;
	enum stage stage;
	size_t i, j, k; /* how far the stage is */
	rt_ingress_groups groups;
	bool canaries;       /* some Ingress is one */
	struct rt_map first; /* predicate to row, of one host and scope */
};

const char *rt_row_state_name(enum rt_row_state s)
{
	static const char *const names[] = {
	    [RT_ROW_OK] = "ok",
	    [RT_ROW_REDIRECT] = "redirect",
	    [RT_ROW_PARTIAL] = "partial",
	    [RT_ROW_BROKEN] = "broken",
	    [RT_ROW_UNKNOWN] = "unknown",
	    [RT_ROW_SHADOWED] = "shadowed",
	};
	_Static_assert(RT_ARRAY_LEN(names) == RT_ROW_STATE_COUNT, "one name a state");
	return names[s];
}

/* ------------------------------------------------------------------ targets */

static void count_endpoints(struct rt_routes_build *b, const struct rt_service_fact *svc,
    const struct rt_service_port *port, struct rt_row_backend *ret)
{
	if (!svc)
		return;
	const struct rt_endpoint_count *e = rt_endpoints_count(b->an, svc, port);
	ret->ready_known = e->known == RT_YES;
	ret->ready = e->ready;
	ret->total = e->total;
	if (!ret->ready_known || e->ready > 0 || e->draining > 0)
		return;
	ret->ok = RT_NO;
	ret->fault = "no ready endpoint";
}

/* The state that the shares add up to. */
static void judge(struct rt_routes_build *run, struct rt_row_target *t)
{
	double good = 0, bad = 0;
	bool unknown = false;
	for (size_t i = 0; i < t->backends.len; i++) {
		const struct rt_row_backend *b = &t->backends.v[i];
		*(b->ok == RT_NO ? &bad : &good) += b->share;
		unknown |= b->ok == RT_UNKNOWN && b->share > 0;
		if (b->ok == RT_NO && b->share > 0 && !t->why)
			t->why = rt_arena_printf(
			    run->a, "%s: %s", b->ref.name ? b->ref.name : "backend", b->fault);
	}
	if (t->redirect)
		t->state = RT_ROW_REDIRECT;
	else if (good <= 0)
		t->state = RT_ROW_BROKEN;
	else if (bad > 0)
		t->state = RT_ROW_PARTIAL;
	else
		t->state = unknown ? RT_ROW_UNKNOWN : RT_ROW_OK;
	if (good <= 0 && bad <= 0 && !t->redirect)
		t->why = "no backend";
}

static const char *redirect_text(struct rt_routes_build *b, const struct rt_redirect *r)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	rt_buf_printf(&out, "%d %s%s%s", r->status_code == RT_INT_UNSET ? 302 : (int)r->status_code,
	    r->scheme ? r->scheme : "", r->scheme && r->hostname ? "://" : "",
	    r->hostname ? r->hostname : "");
	if (r->port != RT_INT_UNSET)
		rt_buf_printf(&out, ":%lld", (long long)r->port);
	if (r->path && r->path->replace_full_path)
		rt_buf_printf(&out, " path %s", r->path->replace_full_path);
	if (r->path && r->path->replace_prefix_match)
		rt_buf_printf(&out, " prefix %s", r->path->replace_prefix_match);
	return rt_arena_strdup(b->a, rt_buf_str(&out));
}

/* What ends every request of the rule before a backend is asked; NULL: nothing. */
static const char *rule_fault(struct rt_routes_build *b, const struct rt_route_fact *f, int rule)
{
	for (size_t i = 0; i < f->faults.len; i++)
		if (f->faults.v[i].rule == rule)
			return rt_arena_printf(
			    b->a, "the rule is not served: %s", f->faults.v[i].why);
	for (size_t i = 0; i < f->extensions.len; i++) {
		const struct rt_extension_fact *x = &f->extensions.v[i];
		if (x->rule == rule && x->ref < 0 && x->present == RT_NO)
			return rt_arena_printf(
			    b->a, "filter %s does not exist", rt_ref_text(b->a, x->ref_to));
	}
	return NULL;
}

static const struct rt_row_target *rule_target(
    struct rt_routes_build *b, const struct rt_route_fact *f, int rule)
{
	const struct rt_rule *spec = &f->route->rules.v[rule];
	struct rt_row_target *t = rt_map_get_n(&b->targets, (const char *)&spec, sizeof(spec));
	const struct rt_backend_fact *v = NULL;
	if (t)
		return t;
	t = rt_arena_new(b->a, struct rt_row_target);
	rt_map_set_n(&b->targets, (const char *)&spec, sizeof(spec), t);
	for (size_t i = 0; i < spec->filters.len; i++)
		if (spec->filters.v[i].redirect && !t->redirect)
			t->redirect = redirect_text(b, spec->filters.v[i].redirect);
	size_t count = rt_route_rule_backends(f, rule, &v);
	for (size_t i = 0; i < count; i++) {
		if (v[i].place != RT_PLACE_BACKEND)
			continue;
		struct rt_row_backend r = {.ref = v[i].ref_to,
		    .port = v[i].spec->port,
		    .weight = v[i].spec->weight,
		    .share = rt_backend_share(&v[i]),
		    .ok = v[i].ok};
		if (v[i].ok == RT_NO)
			r.fault = rt_backend_fault_text(v[i].fault);
		else
			count_endpoints(b, v[i].service, v[i].port, &r);
		if (v[i].policy && v[i].policy->usable == RT_NO) {
			r.ok = RT_NO;
			r.fault = "its BackendTLSPolicy is not usable";
		}
		rt_vec_push(&t->backends, b->a, r);
	}
	judge(b, t);
	const char *fault = rule_fault(b, f, rule);
	if (fault) {
		t->state = RT_ROW_BROKEN;
		t->why = fault;
	}
	return t;
}

static void add_backend(struct rt_routes_build *b, struct rt_row_target *t,
    const struct rt_ingress_backend_fact *f, double share, int64_t weight)
{
	if (!f)
		return;
	struct rt_row_backend r = {.ref = f->ref_to, .weight = weight, .share = share, .ok = f->ok};
	r.port = f->port            ? f->port->port
		 : f->spec->service ? f->spec->service->port.number
				    : RT_INT_UNSET;
	if (f->ok == RT_NO)
		r.fault = f->fault == RT_INGRESS_BACKEND_PORT ? "no such port" : "not found";
	else
		count_endpoints(b, f->service, f->port, &r);
	rt_vec_push(&t->backends, b->a, r);
}

/* Has another Ingress the host and the path of a canary? */
static bool joins(const struct rt_ingress_group *g, const struct rt_ingress_place *canary)
{
	const struct rt_ingress_path *p = rt_ingress_place_path(canary);
	const char *host = p ? canary->ing->ingress->rules.v[canary->rule].host : NULL;
	for (size_t i = 0; p && i < g->members.len; i++) {
		const struct rt_ingress *ing = g->members.v[i]->ingress;
		for (size_t j = 0; !g->members.v[i]->canary && j < ing->rules.len; j++) {
			if (!rt_hostname_equal(ing->rules.v[j].host, host))
				continue;
			for (size_t k = 0; k < ing->rules.v[j].paths.len; k++)
				if (rt_ingress_path_equal(&ing->rules.v[j].paths.v[k], p))
					return true;
		}
	}
	return false;
}

/* ingress-nginx: a canary shares the path of another Ingress, a redirect needs no backend. */
static const struct rt_row_target *path_target(struct rt_routes_build *b,
    const struct rt_ingress_group *g, const struct rt_ingress_place *place, const char *host)
{
	static const struct rt_view none; /* of no request: by weight */
	struct rt_row_target *t = rt_arena_new(b->a, struct rt_row_target);
	const struct rt_ingress_backend_fact *f = rt_ingress_place_backend(place);
	const struct rt_ingress *ing = place->ing->ingress;
	struct rt_nginx_location l = {.place = *place};
	struct rt_nginx_server s = {.name = host ? host : "_"};
	struct rt_ingress_place other;
	const struct rt_ingress_fact *canary = NULL;
	int status = 0;
	const char *target = NULL;
	bool nginx = rt_group_is_nginx(g);
	if (nginx && place->ing->canary)
		canary = place->ing;
	else if (nginx && b->canaries)
		canary = rt_nginx_canary(g, &s, &l, &other);
	struct rt_canary_share c = {.weight = 0, .total = 1};
	if (canary)
		c = rt_nginx_canary_share(&none, canary);
	bool some = canary && c.share > 0; /* else by header or cookie alone */
	if (canary == place->ing) {
		add_backend(b, t, f, some ? c.share : 1, some ? c.weight : 1);
	} else {
		add_backend(b, t, f, 1 - c.share, c.total - c.weight);
		if (some)
			add_backend(b, t, rt_ingress_place_backend(&other), c.share, c.weight);
	}
	if (nginx && rt_nginx_redirect(ing, &status, &target))
		t->redirect = rt_arena_printf(b->a, "%d %s", status, target);
	judge(b, t);
	if (nginx && place->ing->canary && !joins(g, place)) {
		t->state = RT_ROW_BROKEN;
		t->why = "no other Ingress has the path of the canary";
	}
	return t;
}

/* "canary 10% header x-canary": which requests go there. */
static const char *canary_text(struct rt_routes_build *b, const struct rt_ingress_fact *f)
{
	static const char *const by[] = {"header", "cookie"};
	RT_AUTO_BUF struct rt_buf out = {0};
	static const struct rt_view none;
	double share = rt_nginx_canary_share(&none, f).share;
	rt_buf_puts(&out, "canary");
	if (share > 0)
		rt_buf_printf(&out, " %.3g%%", share * 100);
	for (size_t i = 0; i < RT_ARRAY_LEN(by); i++) {
		const char *name =
		    rt_nginx_annotation(f->ingress, rt_arena_printf(b->a, "canary-by-%s", by[i]));
		if (name)
			rt_buf_printf(&out, " %s %s", by[i], name);
	}
	return rt_arena_strdup(b->a, rt_buf_str(&out));
}

/* ------------------------------------------------------------------ Gateway API */

static void set_state(struct rt_route_row *row, const char *dead)
{
	row->state = dead ? RT_ROW_BROKEN : row->target->state;
	row->why = dead ? dead : row->target->why;
	row->shadowed_by = SIZE_MAX;
}

static const char *dead_listener(const struct rt_analysis *an, const struct rt_listener_fact *l)
{
	const struct rt_gateway_fact *gw = l->gateway;
	if (gw && rt_gateway_claimed(an, gw) == RT_NO)
		return "the GatewayClass does not exist";
	if (gw && gw->accepted == RT_NO)
		return "the Gateway is not accepted";
	return rt_listener_serves(l) ? NULL : "the listener is not served";
}

static void fill_match(struct rt_routes_build *b, struct rt_route_row *row, enum rt_kind kind,
    const struct rt_route_match *m)
{
	const struct rt_grpc_method *g = m->grpc;
	row->match_spec = m;
	if (m->headers.len + m->query_params.len > 0)
		row->headers = rt_predicate_headers_text(b->a, m);
	if (kind != RT_KIND_GRPC_ROUTE) {
		row->path = m->path.value ? m->path.value : "/";
		row->path_type = m->path.type ? m->path.type : "PathPrefix";
		row->method = m->method;
		return;
	}
	bool service = g && g->service && g->service[0], method = g && g->method && g->method[0];
	row->path =
	    rt_arena_printf(b->a, "/%s/%s", service ? g->service : "*", method ? g->method : "*");
	row->path_type = g && g->type ? g->type : "Exact";
}

static struct draft route_draft(struct rt_routes_build *b, const struct rt_attachment *at,
    const char *host, int rule, int match)
{
	const struct rt_route *route = at->route->route;
	struct draft d = {.scope = at->listener, .scope_index = b->scope_index};
	d.row = (struct rt_route_row){.host = host,
	    .entry = rt_obj_ref(&at->listener->gateway->gateway->obj),
	    .listener = at->listener,
	    .route = &route->obj,
	    .rule_name = route->rules.v[rule].name,
	    .rule = rule,
	    .match = match,
	    .target = rule_target(b, at->route, rule)};
	set_state(&d.row, dead_listener(b->an, at->listener));
	d.rank = rt_rank_of(route, (size_t)rule, match < 0 ? 0 : (size_t)match, host);
	return d;
}

static void add_matches(
    struct rt_routes_build *b, const struct rt_attachment *at, const char *host, int rule)
{
	const struct rt_route *route = at->route->route;
	const struct rt_route_match *m = NULL;
	size_t count = rt_rule_matches(&route->rules.v[rule], &m);
	bool http = route->obj.kind == RT_KIND_HTTP_ROUTE || route->obj.kind == RT_KIND_GRPC_ROUTE;
	if (!http) {
		struct draft d = route_draft(b, at, host, rule, -1);
		d.predicate = "";
		rt_vec_push(&b->rows, b->a, d);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct draft d = route_draft(b, at, host, rule, (int)i);
		fill_match(b, &d.row, route->obj.kind, &m[i]);
		d.predicate = rt_predicate_key(b->a, route->obj.kind, &m[i]);
		rt_vec_push(&b->rows, b->a, d);
	}
}

static void add_attachment(struct rt_routes_build *b, const struct rt_attachment *at)
{
	for (size_t h = 0; h < at->hostnames.len; h++)
		for (size_t r = 0; r < at->route->route->rules.len; r++)
			add_matches(b, at, at->hostnames.v[h], (int)r);
}

/* One route on one listener of one Gateway, or on to the next of them. */
static bool step_gateways(struct rt_routes_build *b)
{
	if (b->i == b->an->gateways.len)
		return false;
	const struct rt_gateway_fact *g = b->an->gateways.v[b->i];
	if (b->j == g->merged.len) {
		b->i++;
		b->j = 0;
		return true;
	}
	const struct rt_listener_fact *l = g->merged.v[b->j];
	if (b->k < l->attached.len) {
		add_attachment(b, l->attached.v[b->k++]);
		return true;
	}
	b->j++;
	b->k = 0;
	b->scope_index++;
	return true;
}

/* ------------------------------------------------------------------ Ingress */

static struct draft ingress_draft(struct rt_routes_build *b, const struct rt_ingress_group *g,
    const struct rt_ingress_place *place, const char *host)
{
	const struct rt_ingress_fact *f = place->ing;
	struct draft d = {.scope = g, .scope_index = b->scope_index};
	struct rt_ref class_ref = {
	    RT_GROUP_NETWORKING, "IngressClass", NULL, f->class_fact ? g->class_name : NULL};
	d.row = (struct rt_route_row){.entry = class_ref,
	    .class_name = g->class_name,
	    .route = &f->ingress->obj,
	    .rule = place->rule,
	    .match = place->path,
	    .host = host,
	    .target = path_target(b, g, place, host)};
	bool dead = rt_ingress_claimed(b->an, f) == RT_NO;
	set_state(&d.row, dead ? "no controller takes the class" : NULL);
	return d;
}

static void add_path(struct rt_routes_build *b, const struct rt_ingress_group *g,
    struct rt_ingress_place place, const char *host)
{
	const struct rt_ingress_path *p = rt_ingress_place_path(&place);
	struct draft d = ingress_draft(b, g, &place, host && host[0] ? host : NULL);
	if (place.ing->canary)
		d.row.headers = canary_text(b, place.ing);
	d.row.path = rt_ingress_path_value(p);
	d.row.path_type = rt_ingress_path_type(p);
	d.predicate = rt_ingress_predicate_key(b->a, p);
	if (place.ing->canary || place.ing->acme_solver)
		d.predicate = NULL; /* they merge with the path of another */
	d.rank.key[RT_RANK_HOST] = d.row.host ? (int64_t)strlen(d.row.host) : 0;
	d.rank.key[RT_RANK_PATH] = (int64_t)rt_prefix_len(d.row.path);
	d.rank.key[RT_RANK_METHOD] = strcmp(d.row.path_type, "Exact") == 0;
	d.rank.route = d.row.route;
	d.rank.rule = (size_t)place.rule;
	d.rank.match = (size_t)place.path;
	rt_vec_push(&b->rows, b->a, d);
}

/* ingress-nginx: the names of server-alias lead to the server of the first rule. */
static void add_aliases(
    struct rt_routes_build *b, const struct rt_ingress_group *g, struct rt_ingress_place place)
{
	const struct rt_ingress *ing = place.ing->ingress;
	const char *list = rt_nginx_annotation(ing, "server-alias");
	if (!list || place.ing->canary || !rt_group_is_nginx(g) ||
	    !rt_hostname_equal(ing->rules.v[place.rule].host, ing->rules.v[0].host))
		return;
	for (const char *alias; (alias = rt_nginx_next_alias(b->a, &list));)
		if (alias[0] != '~')
			add_path(b, g, place, alias);
}

static void add_ingress(
    struct rt_routes_build *b, const struct rt_ingress_group *g, const struct rt_ingress_fact *f)
{
	for (size_t i = 0; i < f->ingress->rules.len; i++)
		for (size_t j = 0; j < f->ingress->rules.v[i].paths.len; j++) {
			struct rt_ingress_place place = {f, (int)i, (int)j};
			add_path(b, g, place, f->ingress->rules.v[i].host);
			add_aliases(b, g, place);
		}
	if (!f->ingress->default_backend)
		return;
	struct rt_ingress_place place = {f, -1, -1};
	struct draft d = ingress_draft(b, g, &place, NULL);
	d.rank.key[RT_RANK_HOST] = -1; /* after everything else */
	d.rank.route = d.row.route;
	rt_vec_push(&b->rows, b->a, d);
}

/* ------------------------------------------------------------------ order and shadows */

/* Names first, then wildcards, every host last; each alphabetically. */
static int host_cmp(const char *a, const char *b)
{
	int ca = !a ? 2 : rt_hostname_is_wildcard(a), cb = !b ? 2 : rt_hostname_is_wildcard(b);
	if (ca != cb)
		return ca - cb;
	return a && b ? strcmp(a, b) : 0;
}

static int draft_cmp(const void *pa, const void *pb)
{
	const struct draft *a = pa, *b = pb;
	int c = host_cmp(a->row.host, b->row.host);
	if (c == 0 && a->scope_index != b->scope_index)
		c = a->scope_index < b->scope_index ? -1 : 1;
	return c ? c : rt_rank_cmp(&a->rank, &b->rank, NULL);
}

static bool step_ingresses(struct rt_routes_build *b)
{
	if (b->i == 0 && b->j == 0) {
		rt_ingress_groups_of(b->an, b->a, &b->groups);
		for (size_t i = 0; i < b->an->ingresses.len; i++)
			b->canaries |= b->an->ingresses.v[i]->canary;
	}
	if (b->i == b->groups.len)
		return false;
	if (b->j < b->groups.v[b->i]->members.len) {
		add_ingress(b, b->groups.v[b->i], b->groups.v[b->i]->members.v[b->j]);
		b->j++;
		return true;
	}
	b->i++;
	b->j = 0;
	b->scope_index++;
	return b->i < b->groups.len;
}

static void forget_first(struct rt_routes_build *b)
{
	rt_map_done(&b->first);
	b->first = (struct rt_map){0};
}

/* The next row gets its place, and the row that wins over it if there is one. */
static bool step_shadows(struct rt_routes_build *b, struct rt_routes *ret)
{
	if (b->i == b->rows.len)
		return false;
	struct draft *d = &b->rows.v[b->i];
	const struct draft *before = b->i ? &b->rows.v[b->i - 1] : NULL;
	if (before && (before->scope != d->scope || host_cmp(before->row.host, d->row.host) != 0))
		forget_first(b);
	if (d->predicate) {
		const char *key =
		    rt_arena_printf(b->a, "%d %s", (int)d->row.route->kind, d->predicate);
		struct rt_route_row *winner = rt_map_get(&b->first, key);
		if (winner) {
			d->row.shadowed_by = (size_t)(winner - ret->rows.v);
			d->row.state = RT_ROW_SHADOWED;
			d->row.why = NULL;
		} else {
			rt_map_set(&b->first, key, &ret->rows.v[b->i]);
		}
	}
	ret->rows.v[b->i++] = d->row;
	return true;
}

static bool sort_rows(struct rt_routes_build *b, struct rt_routes *ret)
{
	rt_vec_sort(&b->rows, draft_cmp);
	*ret = (struct rt_routes){0};
	ret->rows.v = rt_arena_calloc(b->a, b->rows.len + 1, sizeof(*ret->rows.v));
	ret->rows.len = ret->rows.cap = b->rows.len;
	return false;
}

static bool step_stage(struct rt_routes_build *b, struct rt_routes *ret)
{
	switch (b->stage) {
	case GATEWAYS:
		return step_gateways(b);
	case INGRESSES:
		return step_ingresses(b);
	case SORT:
		return sort_rows(b, ret);
	case SHADOWS:
		return step_shadows(b, ret);
	case DONE:
		break;
	}
	return false;
}

struct rt_routes_build *rt_routes_begin(const struct rt_analysis *an, struct rt_arena *a)
{
	struct rt_routes_build *b = rt_xcalloc(1, sizeof(*b));
	b->an = an;
	b->a = a;
	return b;
}

bool rt_routes_step(struct rt_routes_build *b, struct rt_routes *ret)
{
	if (b->stage == DONE)
		return false;
	if (step_stage(b, ret))
		return true;
	b->stage++;
	b->i = b->j = b->k = 0;
	return b->stage != DONE;
}

void rt_routes_end(struct rt_routes_build *b)
{
	if (!b)
		return;
	rt_map_done(&b->targets);
	rt_map_done(&b->first);
	free(b);
}

void rt_routes_of(const struct rt_analysis *an, struct rt_arena *a, struct rt_routes *ret)
{
	struct rt_routes_build *b = rt_routes_begin(an, a);
	while (rt_routes_step(b, ret))
		continue;
	rt_routes_end(b);
}

/* ------------------------------------------------------------------ narrowing */

bool rt_row_takes_host(const struct rt_route_row *row, const char *host)
{
	if (row->host && strcmp(row->host, host) == 0)
		return true;
	if (row->route->kind == RT_KIND_TCP_ROUTE || row->route->kind == RT_KIND_UDP_ROUTE)
		return false; /* they look at no name */
	return row->listener ? rt_hostname_matches(row->host, host)
			     : rt_hostname_matches_ingress(row->host, host);
}

bool rt_row_names(const struct rt_route_row *row, const struct rt_obj_pattern *p)
{
	if (rt_obj_pattern_takes(p, row->entry) || rt_obj_pattern_takes(p, rt_obj_ref(row->route)))
		return true;
	if (row->listener && rt_obj_pattern_takes(p, rt_obj_ref(row->listener->owner)))
		return true;
	const struct rt_gateway_fact *gw = row->listener ? row->listener->gateway : NULL;
	if (gw && gw->class_fact && rt_obj_pattern_takes(p, rt_obj_ref(&gw->class_fact->gc->obj)))
		return true;
	for (size_t i = 0; i < row->target->backends.len; i++)
		if (rt_obj_pattern_takes(p, row->target->backends.v[i].ref))
			return true;
	return false;
}
