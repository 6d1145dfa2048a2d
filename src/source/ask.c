/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.c - single questions beyond the lists: one object by name, Pods by selector.
 * The answer (there, not there, refused, failed) goes into the store beside the objects, so that
 * nobody has to ask twice.
 */
#include "config.h"

#include <string.h>

#include "cluster_int.h"
#include "rutter/log.h"
#include "rutter/mem.h"

static void add_ask(struct rt_cluster *c, const struct rt_want *w, bool again);

/* Asks start in order, so that those that end stand near the head. */
static void unlink_ask(struct ask *a)
{
	struct rt_cluster *c = a->cluster;
	struct ask *before = NULL;
	for (struct ask *i = c->asks; i != a; i = i->next)
		before = i;
	*(before ? &before->next : &c->asks) = a->next;
	if (c->last_ask == a)
		c->last_ask = before;
	rt_map_remove(&c->asked, a->key);
}

void ask_free(struct ask *a)
{
	if (a->started)
		a->cluster->asks_running--;
	if (a->call)
		rt_kube_cancel(a->call);
	unlink_ask(a);
	rt_split_free(a->split);
	rt_arena_done(&a->arena);
	free(a);
}

/* --- a live source asks again ----------------------------------------------------------------- */

static void on_again(void *ctx)
{
	asks_again(ctx);
}

void asks_again(struct rt_cluster *c)
{
	if (c->kept.live == 0)
		return;
	RT_MAP_EACH (&c->kept, e)
		add_ask(c, e->value, true);
	asks_run(c);
	rt_timer_start(c->loop, &c->again, AGAIN_MS, on_again, c);
}

static struct rt_want copy_want(struct rt_arena *a, const struct rt_want *w)
{
	struct rt_want copy = {
	    .type = w->type,
	    .ref = {.group = rt_arena_strdup(a, w->ref.group),
		.kind = rt_arena_strdup(a, w->ref.kind),
		.ns = rt_arena_strdup(a, w->ref.ns),
		.name = rt_arena_strdup(a, w->ref.name)},
	    .ns = rt_arena_strdup(a, w->ns),
	    .selector = rt_arena_strdup(a, w->selector),
	};
	return copy;
}

/* Single objects are not watched: a few GETs a minute tell as much. */
static void keep(const struct ask *a)
{
	struct rt_cluster *c = a->cluster;
	if (c->kept.live >= KEPT_MAX || rt_map_get(&c->kept, a->key))
		return;
	struct rt_want *w = rt_arena_new(&c->arena, struct rt_want);
	*w = copy_want(&c->arena, &a->want);
	rt_map_set(&c->kept, a->key, w);
	if (!c->again.loop)
		rt_timer_start(c->loop, &c->again, AGAIN_MS, on_again, c);
}

static void answer(struct ask *a, enum rt_scope_state state, const char *why)
{
	struct rt_cluster *c = a->cluster;
	bool news = !a->again || rt_store_answer(c->store, a->key, NULL) != state;
	if (news) {
		rt_log(5, "source", "%s: %s%s%s", a->key, rt_scope_state_name(state),
		    why ? ": " : "", why ? why : "");
		rt_store_set_answer(c->store, a->key, state, why);
	}
	if (state == RT_SCOPE_ABSENT && a->again && a->want.type == RT_WANT_OBJECT)
		news = rt_store_remove(c->store, a->want.ref) || news;
	if (c->watch)
		keep(a);
	ask_free(a);
	if (!news)
		return;
	cluster_changed(c);
}

/* --- the answer's objects --------------------------------------------------------------------- */

static const struct rt_keep *on_keep(void *ctx, const char *api_version, const char *kind)
{
	const struct ask *a = ctx;
	(void)api_version;
	return decoder_keep(&a->decoder, kind);
}

static bool on_item(void *ctx, const struct rt_split_item *item)
{
	struct ask *a = ctx;
	struct rt_obj *o = decoder_object(&a->decoder, item);
	a->items++;
	struct rt_store *s = a->cluster->store;
	if (o && a->again && reader_is_unchanged(rt_store_get_ref(s, rt_obj_ref(o)), o)) {
		free(o);
	} else if (o) {
		rt_store_put(s, o);
		cluster_changed(a->cluster);
	}
	return true;
}

static const struct rt_split_ops split_ops = {.keep = on_keep, .item = on_item};

static bool on_body(void *ctx, const char *bytes, size_t len)
{
	struct ask *a = ctx;
	return rt_split_feed(a->split, bytes, len, &a->parse_err) == RT_OK;
}

static enum rt_scope_state state_of(enum rt_kube_failure f)
{
	switch (f) {
	case RT_KUBE_OK:
		return RT_SCOPE_READ;
	case RT_KUBE_NOT_FOUND:
		return RT_SCOPE_ABSENT;
	case RT_KUBE_FORBIDDEN:
	case RT_KUBE_UNAUTHORIZED:
		return RT_SCOPE_FORBIDDEN;
	case RT_KUBE_GONE:
	case RT_KUBE_TOO_LARGE_RV:
	case RT_KUBE_TOO_MANY:
	case RT_KUBE_NOT_ACCEPTABLE:
	case RT_KUBE_REFUSED:
	case RT_KUBE_SERVER:
	case RT_KUBE_LOST:
	case RT_KUBE_TIMEOUT:
	case RT_KUBE_UNREACHABLE:
	case RT_KUBE_BAD_ANSWER:
	case RT_KUBE_CANCELLED:
		break;
	}
	return RT_SCOPE_FAILED;
}

static void on_done(void *ctx, const struct rt_kube_result *r)
{
	struct ask *a = ctx;
	struct rt_cluster *c = a->cluster;
	enum rt_scope_state state = state_of(r->failure);
	const char *why = r->failure == RT_KUBE_OK ? NULL : r->err->msg;
	a->call = NULL;
	if (a->parse_err.status != RT_OK) {
		state = RT_SCOPE_FAILED;
		why = a->parse_err.msg;
	} else if (state == RT_SCOPE_READ && rt_split_end(a->split, &a->parse_err) != RT_OK) {
		state = RT_SCOPE_FAILED;
		why = "the answer was cut off";
	} else if (state == RT_SCOPE_READ && a->want.type == RT_WANT_OBJECT && a->items == 0) {
		state = RT_SCOPE_FAILED;
		why = "the answer is empty";
	}
	answer(a, state, why);
	asks_run(c);
	cluster_check_settled(c);
}

static const struct rt_kube_ops kube_ops = {.body = on_body, .done = on_done};

/* --- asking ----------------------------------------------------------------------------------- */

static void identity_of(const struct ask *a, const char **ret_group, const char **ret_kind)
{
	bool pods = a->want.type == RT_WANT_PODS;
	*ret_group = pods ? "" : a->want.ref.group;
	*ret_kind = pods ? "Pod" : a->want.ref.kind;
}

static void send(struct ask *a, const struct rt_api_resource *res)
{
	struct rt_cluster *c = a->cluster;
	bool pods = a->want.type == RT_WANT_PODS;
	decoder_init(&a->decoder, c, rt_kind_of(res->group, res->kind), res);
	struct rt_kube_query q = {
	    .group = res->group,
	    .version = res->version,
	    .plural = res->plural,
	    .ns = !res->namespaced ? NULL
		  : pods           ? a->want.ns
				   : a->want.ref.ns,
	    .name = pods ? NULL : a->want.ref.name,
	    .label_selector =
		pods && a->want.selector && *a->want.selector ? a->want.selector : NULL,
	    .resource_version = pods ? "0" : NULL,
	};
	struct rt_kube_request req = {
	    .query = &q,
	    .form = a->decoder.meta ? RT_KUBE_META : RT_KUBE_WHOLE,
	    .patient = true,
	    .max_bytes = pods ? LIST_BYTES_MAX : ITEM_MAX,
	    .ops = &kube_ops,
	    .ctx = a,
	};
	a->split =
	    rt_split_new(pods ? RT_SPLIT_LIST : RT_SPLIT_DOCS, &split_ops, a, ITEM_MAX, DEPTH_MAX);
	a->started = true;
	c->asks_running++;
	a->call = rt_kube_get(c->kube, &req);
}

/* Kinds that this program decodes are asked in a version it understands. */
static const char *understood(const char *group, const char *kind)
{
	enum rt_kind k = rt_kind_of(group, kind);
	return k == RT_KIND_OTHER ? NULL : rt_kind_info(k)->versions;
}

/* Of a live source Pods are watched as long as there are not too many questions about them. */
static bool follows_pods(struct ask *a, const struct rt_api_resource *res)
{
	struct rt_cluster *c = a->cluster;
	if (a->want.type != RT_WANT_PODS || !c->watch || !res->can_watch ||
	    c->pod_watches >= POD_WATCHES_MAX || a->again)
		return false;
	reader_start_pods(c, res, &a->want, a->key);
	ask_free(a);
	return true;
}

static void start_ask(struct ask *a)
{
	const struct rt_api_resource *res = NULL;
	const char *group, *kind, *why = NULL;
	identity_of(a, &group, &kind);
	if (!a->want.ref.name && a->want.type == RT_WANT_OBJECT) {
		answer(a, RT_SCOPE_ABSENT, "no name");
		return;
	}
	switch (rt_discovery_find(
	    a->cluster->discovery, group, kind, understood(group, kind), &res, &why)) {
	case RT_SERVED:
		if (follows_pods(a, res))
			break;
		send(a, res);
		break;
	case RT_SERVED_NOT:
		rt_store_set_scope(a->cluster->store,
		    (struct rt_scope){.group = group, .kind = kind, .state = RT_SCOPE_ABSENT});
		answer(a, RT_SCOPE_ABSENT, "the server does not serve this kind");
		break;
	case RT_SERVED_OTHERS:
		answer(a, RT_SCOPE_FAILED, "the server serves this kind in other versions only");
		break;
	case RT_SERVED_UNKNOWN:
		answer(a, RT_SCOPE_FAILED, why);
		break;
	}
}

static void on_groups(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct rt_cluster *c = ctx;
	(void)status;
	(void)err; /* each ask is answered by what discovery knows now */
	c->groups_loading = false;
	asks_run(c);
	cluster_check_settled(c);
}

/* On a server without aggregated discovery a group is read when somebody asks for it. */
static bool load_groups(struct rt_cluster *c)
{
	RT_VEC(const char *) groups = {0};
	if (c->groups_loading || !c->groups_unseen)
		return c->groups_loading;
	c->groups_unseen = false;
	for (const struct ask *a = c->asks; a; a = a->next) {
		const char *group, *kind;
		identity_of(a, &group, &kind);
		if (!a->started && !rt_discovery_knows(c->discovery, group) &&
		    !rt_discovery_was_asked(c->discovery, group))
			rt_vec_push(&groups, NULL, group);
	}
	c->groups_loading = groups.len > 0;
	if (groups.len > 0)
		rt_discovery_load(c->discovery, groups.v, groups.len, on_groups, c);
	rt_vec_free(&groups);
	return c->groups_loading;
}

void asks_run(struct rt_cluster *c)
{
	if (c->phase != PHASE_READING || load_groups(c))
		return;
	for (struct ask *a = c->asks, *next; a && c->asks_running < ASKS_AT_ONCE; a = next) {
		next = a->next;
		if (!a->started)
			start_ask(a);
	}
}

static bool is_asked(const struct rt_cluster *c, const char *key)
{
	if (rt_map_get(&c->asked, key))
		return true;
	for (const struct reader *r = c->readers; r; r = r->next)
		if (r->answer_key && strcmp(r->answer_key, key) == 0)
			return true;
	return false;
}

static void add_ask(struct rt_cluster *c, const struct rt_want *w, bool again)
{
	struct ask *a = rt_xcalloc(1, sizeof(*a));
	rt_arena_init(&a->arena);
	a->cluster = c;
	a->again = again;
	a->want = copy_want(&a->arena, w);
	a->key = rt_want_key(&a->arena, &a->want);
	if (is_asked(c, a->key)) {
		rt_arena_done(&a->arena);
		free(a);
		return;
	}
	*(c->last_ask ? &c->last_ask->next : &c->asks) = a;
	c->last_ask = a;
	rt_map_set(&c->asked, a->key, a);
	c->groups_unseen = true;
}

static void check_settled(void *ctx)
{
	cluster_check_settled(ctx);
}

void rt_cluster_ask(struct rt_cluster *c, const struct rt_want *wants, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_ask(c, &wants[i], false);
	if (count > 0)
		c->settled = false;
	asks_run(c);
	/* Some were answered at once, and no request will come back to say that all is done. */
	rt_timer_start(c->loop, &c->check, 0, check_settled, c);
}
