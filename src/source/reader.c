/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.c - keeps one collection of the store as the server has it.
 * The driver of one list and watch machine: sends what the machine asks for, feeds answers through
 * the item splitter into the store, and tells the machine what came of it.
 */
#include "config.h"

#include <string.h>

#include "cluster_int.h"
#include "rutter/kind_core.h"
#include "rutter/log.h"
#include "rutter/mem.h"
#include "rutter/value.h"

static void apply(struct reader *r, struct rt_lw_do todo);

static void step(struct reader *r, struct rt_lw_event ev)
{
	ev.now_ms = rt_loop_now_ms(r->cluster->loop);
	apply(r, rt_lw_step(&r->lw, &ev));
}

/* --- what is known about the collection ------------------------------------------------------- */

/* An answer that says the same again is no change of the world. */
static void set_answer(struct reader *r, enum rt_scope_state state, const char *why)
{
	struct rt_store *s = r->cluster->store;
	const char *had = NULL;
	bool same = rt_store_answer(s, r->answer_key, &had) == state;
	if (!same || (why && (!had || strcmp(had, why) != 0)))
		rt_store_set_answer(s, r->answer_key, state, why);
}

static void set_scope(struct reader *r, enum rt_scope_state state, const char *why)
{
	if (r->answer_key) {
		if (state != RT_SCOPE_LOADING)
			set_answer(r, state, why);
		return;
	}
	rt_store_set_scope(r->cluster->store, (struct rt_scope){.group = r->decoder.group,
						  .kind = r->decoder.kind_name,
						  .ns = r->ns,
						  .state = state,
						  .why = why});
}

static void went_forbidden(struct reader *r)
{
	struct rt_cluster *c = r->cluster;
	set_scope(r, RT_SCOPE_FORBIDDEN, r->err.msg);
	/* 401 is refused everywhere; a 403 may be about this scope alone. */
	if (r->namespaced && !r->ns && !r->selector && r->err.status == RT_FORBIDDEN)
		c->note_namespaces = true;
}

static const char *const report_names[] = {
    [RT_LW_NO_NEWS] = "",
    [RT_LW_LOADING] = "loading",
    [RT_LW_SYNCED] = "read",
    [RT_LW_STALE] = "stale",
    [RT_LW_LIVE] = "live again",
    [RT_LW_FORBIDDEN] = "forbidden",
    [RT_LW_ABSENT] = "absent",
    [RT_LW_FAILED] = "failed",
};

static void report(struct reader *r, enum rt_lw_report what)
{
	struct rt_cluster *c = r->cluster;
	switch (what) {
	case RT_LW_NO_NEWS:
		return;
	case RT_LW_LOADING:
		set_scope(r, RT_SCOPE_LOADING, NULL);
		break;
	case RT_LW_SYNCED:
	case RT_LW_LIVE:
		set_scope(r, RT_SCOPE_READ, NULL);
		r->stale_since = 0;
		r->err = (struct rt_error){0};
		c->err = (struct rt_error){0};
		break;
	case RT_LW_STALE: /* what was read stays known; the state tells since when it is old */
		r->stale_since = c->kube_params.now(c->kube_params.now_ctx);
		c->err = r->err;
		break;
	case RT_LW_FORBIDDEN:
		went_forbidden(r);
		break;
	case RT_LW_ABSENT:
		set_scope(r, RT_SCOPE_ABSENT, NULL);
		break;
	case RT_LW_FAILED:
		set_scope(r, RT_SCOPE_FAILED, r->err.msg);
		c->err = r->err;
		break;
	}
	if (what != RT_LW_LOADING)
		r->over = true;
	rt_log(5, "source", "%s%s%s: %s%s%s", r->plural, r->ns ? " in " : "", r->ns ? r->ns : "",
	    report_names[what], r->err.msg[0] ? ": " : "", r->err.msg);
	cluster_changed(c);
}

/* --- a list that replaces an older one -------------------------------------------------------- */

static const char *seen_key(struct rt_arena *a, const char *ns, const char *name)
{
	return rt_arena_printf(a, "%s/%s", ns ? ns : "", name);
}

static void note_seen(struct reader *r, const struct rt_obj *o)
{
	if (r->begun < 2)
		return;
	rt_map_set(&r->seen, seen_key(&r->cluster->scratch, o->ns, o->name), r);
	rt_arena_reset(&r->cluster->scratch);
}

static bool is_mine(const struct reader *r, const struct rt_obj *o)
{
	if (r->ns && (!o->ns || strcmp(o->ns, r->ns) != 0))
		return false;
	if (r->selector && !rt_selector_match(&r->match, o->labels))
		return false;
	/* A Secret that was asked for by name is not of the list's type. */
	return o->kind != RT_KIND_SECRET || ((const struct rt_secret *)o)->tls_type_listed;
}

/* Removes what the list did not hold. */
static void sweep(struct reader *r)
{
	struct rt_cluster *c = r->cluster;
	const struct rt_obj *const *list;
	RT_VEC(struct rt_ref) gone = {0};
	struct rt_arena a = {0};
	if (r->begun < 2)
		return;
	size_t count = rt_store_list(c->store, r->decoder.kind, &list);
	for (size_t i = 0; i < count; i++) {
		const struct rt_obj *o = list[i];
		if (!is_mine(r, o) || rt_map_get(&r->seen, seen_key(&a, o->ns, o->name)))
			continue;
		struct rt_ref ref = rt_obj_ref(o);
		ref.ns = rt_arena_strdup(&a, ref.ns); /* the object's strings end with it */
		ref.name = rt_arena_strdup(&a, ref.name);
		rt_vec_push(&gone, NULL, ref);
	}
	for (size_t i = 0; i < gone.len; i++)
		rt_store_remove(c->store, gone.v[i]);
	rt_vec_free(&gone);
	rt_arena_done(&a);
	rt_map_done(&r->seen);
	r->seen = (struct rt_map){0};
}

static void begin_list(struct reader *r)
{
	r->begun++;
	rt_map_done(&r->seen);
	r->seen = (struct rt_map){0};
}

/* --- items ------------------------------------------------------------------------------------ */

bool reader_is_unchanged(const struct rt_obj *old, const struct rt_obj *o)
{
	return old && old->resource_version && o->resource_version && old->uid && o->uid &&
	       strcmp(old->resource_version, o->resource_version) == 0 &&
	       strcmp(old->uid, o->uid) == 0;
}

static void put(struct reader *r, struct rt_obj *o)
{
	struct rt_store *s = r->cluster->store;
	if (o->kind == RT_KIND_SECRET)
		((struct rt_secret *)o)->tls_type_listed = true;
	note_seen(r, o);
	/* A second list mostly repeats the first: what is the same must not look like a change. */
	if (r->begun > 1 && reader_is_unchanged(rt_store_get_ref(s, rt_obj_ref(o)), o)) {
		free(o);
		return;
	}
	rt_store_put(s, o);
}

static const struct rt_keep *on_keep(void *ctx, const char *api_version, const char *kind)
{
	const struct reader *r = ctx;
	(void)api_version;
	return decoder_keep(&r->decoder, kind);
}

static bool on_list_item(void *ctx, const struct rt_split_item *item)
{
	struct reader *r = ctx;
	struct rt_obj *o = decoder_object(&r->decoder, item);
	if (o)
		put(r, o);
	return true;
}

/* The resourceVersion of a bookmark, which is no whole object. In scratch. */
static const char *version_of(struct reader *r, const struct rt_split_item *item)
{
	struct rt_value *doc = NULL;
	char *rv = NULL;
	if (rt_value_from_json(item->json, item->len, "bookmark", &doc, NULL) != RT_OK)
		return NULL;
	rv = rt_arena_strdup(&r->cluster->scratch,
	    rt_value_get_str(rt_value_get(doc, "metadata"), "resourceVersion"));
	rt_value_free(doc);
	return rv;
}

static struct rt_lw_event error_event(struct reader *r, const struct rt_split_item *item)
{
	struct rt_kube_status s;
	struct rt_lw_event ev = {
	    .type = RT_LW_FAILED_REQUEST, .failure = RT_KUBE_BAD_ANSWER, .retry_after_ms = -1};
	if (rt_kube_status_parse(item->json, item->len, &s)) {
		ev.failure = rt_kube_status_failure(&s);
		ev.retry_after_ms = s.retry_after_ms;
		rt_fail(&r->err, RT_SERVER, "%s", s.message[0] ? s.message : s.reason);
	} else {
		rt_fail(&r->err, RT_PROTOCOL, "watch of %s: an error event without a Status",
		    r->plural);
	}
	return ev;
}

static bool ends_request(const struct reader *r, const struct rt_lw_do *todo)
{
	return todo->request != RT_LW_GET_NOTHING || todo->wait_ms > 0 ||
	       r->lw.state == RT_LW_STOPPED;
}

static void take_change(struct reader *r, const struct rt_lw_do *todo, struct rt_obj *o)
{
	struct rt_cluster *c = r->cluster;
	if (todo->put)
		put(r, o);
	else if (todo->remove)
		rt_store_remove(c->store, rt_obj_ref(o));
	if (!todo->put)
		free(o);
	cluster_changed(c);
}

static bool on_watch_item(void *ctx, const struct rt_split_item *item)
{
	struct reader *r = ctx;
	struct rt_lw_event ev = {.type = RT_LW_ITEM, .event = item->event};
	struct rt_obj *o = NULL;
	ev.now_ms = rt_loop_now_ms(r->cluster->loop);
	const char *type = item->event ? item->event : "";
	if (strcmp(type, "ERROR") == 0) {
		ev = error_event(r, item);
		ev.now_ms = rt_loop_now_ms(r->cluster->loop);
	} else if (strcmp(type, "BOOKMARK") == 0) {
		ev.rv = version_of(r, item);
	} else {
		o = decoder_object(&r->decoder, item);
		if (!o)
			return true; /* a problem of the store by now */
		ev.rv = o->resource_version;
	}
	struct rt_lw_do todo = rt_lw_step(&r->lw, &ev);
	if (o)
		take_change(r, &todo, o);
	rt_arena_reset(&r->cluster->scratch);
	if (!ends_request(r, &todo)) {
		report(r, todo.report);
		return true;
	}
	/* The splitter that calls this must not be freed under its own feet. */
	r->pending = todo;
	r->has_pending = true;
	return false;
}

static const struct rt_split_ops list_ops = {.keep = on_keep, .item = on_list_item};
static const struct rt_split_ops watch_ops = {.keep = on_keep, .item = on_watch_item};

/* --- requests --------------------------------------------------------------------------------- */

static void drop_call(struct reader *r)
{
	struct rt_cluster *c = r->cluster;
	if (r->call) {
		if (!r->watching)
			c->lists_running--;
		rt_kube_cancel(r->call);
		r->call = NULL;
	}
	rt_split_free(r->split);
	r->split = NULL;
}

static void on_head(void *ctx, const struct rt_net_head *head)
{
	struct reader *r = ctx;
	(void)head;
	if (!r->watching)
		return;
	step(r, (struct rt_lw_event){.type = RT_LW_WATCH_OPEN});
	heart_felt(r->cluster);
}

static bool on_body(void *ctx, const char *bytes, size_t len)
{
	struct reader *r = ctx;
	enum rt_status status = rt_split_feed(r->split, bytes, len, &r->err);
	if (r->has_pending) {
		struct rt_lw_do todo = r->pending;
		r->has_pending = false;
		apply(r, todo);
		return false;
	}
	if (status != RT_OK) {
		rt_fail_prefix(&r->err, "%s of %s", r->watching ? "watch" : "list", r->plural);
		r->garbled = true;
	}
	return status == RT_OK;
}

/* What a list says it is: of the kind asked for, and whole. */
static bool is_list_of(const struct reader *r, const struct rt_split_header *h)
{
	if (!h->kind)
		return false;
	size_t len = strlen(r->decoder.kind_name);
	if (r->decoder.meta && strcmp(h->kind, "PartialObjectMetadataList") == 0)
		return true;
	return strncmp(h->kind, r->decoder.kind_name, len) == 0 &&
	       strcmp(h->kind + len, "List") == 0;
}

static struct rt_lw_event end_of_list(struct reader *r)
{
	const struct rt_split_header *h = rt_split_header(r->split);
	struct rt_lw_event ev = {.type = RT_LW_FAILED_REQUEST, .retry_after_ms = -1};
	/* A reset HTTP/2 stream looks like a good end: only the document tells. */
	if (rt_split_end(r->split, &r->err) != RT_OK) {
		rt_fail(&r->err, RT_UNREACHABLE, "list of %s was cut off", r->plural);
		ev.failure = RT_KUBE_LOST;
	} else if (!is_list_of(r, h)) {
		rt_fail(&r->err, RT_PROTOCOL, "list of %s: the server sent %s%s", r->plural,
		    h->kind ? "a " : "something else", h->kind ? h->kind : "");
		ev.failure = RT_KUBE_BAD_ANSWER;
	} else {
		ev.type = RT_LW_LIST_END;
		ev.rv = h->resource_version;
		ev.continue_token = h->continue_token;
	}
	return ev;
}

static struct rt_lw_event end_of_watch(struct reader *r)
{
	struct rt_lw_event ev = {.type = RT_LW_WATCH_END, .retry_after_ms = -1};
	if (rt_split_end(r->split, NULL) != RT_OK) {
		rt_fail(&r->err, RT_UNREACHABLE, "watch of %s was cut off", r->plural);
		ev.type = RT_LW_FAILED_REQUEST;
		ev.failure = RT_KUBE_LOST;
	}
	return ev;
}

static void run_queued(struct rt_cluster *c);

static void on_done(void *ctx, const struct rt_kube_result *result)
{
	struct reader *r = ctx;
	struct rt_lw_event ev = {.type = RT_LW_FAILED_REQUEST,
	    .failure = result->failure,
	    .retry_after_ms = result->retry_after_ms};
	r->call = NULL;
	if (!r->watching)
		r->cluster->lists_running--;
	if (r->garbled)
		ev.failure = RT_KUBE_BAD_ANSWER;
	else if (result->failure == RT_KUBE_OK)
		ev = r->watching ? end_of_watch(r) : end_of_list(r);
	else
		r->err = *result->err;
	/* The strings of the event are the splitter's: it goes only after the step. */
	struct rt_split *split = r->split;
	r->split = NULL;
	if (ev.failure == RT_KUBE_NOT_FOUND)
		discover_soon(r->cluster);
	step(r, ev);
	rt_split_free(split);
	if (ev.type == RT_LW_LIST_END)
		heart_felt(r->cluster);
	run_queued(r->cluster);
	cluster_check_settled(r->cluster);
}

static const struct rt_kube_ops kube_ops = {.head = on_head, .body = on_body, .done = on_done};

static void send(struct reader *r, bool watch)
{
	struct rt_cluster *c = r->cluster;
	struct rt_kube_query q = {
	    .group = r->decoder.group,
	    .version = r->decoder.version,
	    .plural = r->plural,
	    .ns = r->ns,
	    .label_selector = r->selector && *r->selector ? r->selector : NULL,
	    .field_selector = r->decoder.kind == RT_KIND_SECRET ? "type=kubernetes.io/tls" : NULL,
	};
	rt_lw_query(&r->lw, &q);
	r->watching = watch;
	r->queued = r->garbled = false;
	r->split = rt_split_new(watch ? RT_SPLIT_WATCH : RT_SPLIT_LIST,
	    watch ? &watch_ops : &list_ops, r, ITEM_MAX, DEPTH_MAX);
	struct rt_kube_request req = {
	    .query = &q,
	    .form = !r->decoder.meta ? RT_KUBE_WHOLE
		    : watch          ? RT_KUBE_META
				     : RT_KUBE_META_LIST,
	    .stream = watch,
	    .stall_ms = watch ? RT_LW_STALL_MS : 0,
	    .max_bytes = watch ? UINT64_MAX : LIST_BYTES_MAX,
	    .ops = &kube_ops,
	    .ctx = r,
	};
	if (!watch)
		c->lists_running++;
	r->call = rt_kube_get(c->kube, &req);
}

/* Starts queued lists while there is room. */
static void run_queued(struct rt_cluster *c)
{
	for (struct reader *r = c->readers; r; r = r->next)
		if (r->queued && !r->call && c->lists_running < LISTS_AT_ONCE)
			send(r, false);
}

static void on_timer(void *ctx)
{
	step(ctx, (struct rt_lw_event){.type = RT_LW_TIMER});
}

static void apply(struct reader *r, struct rt_lw_do todo)
{
	if (ends_request(r, &todo)) {
		rt_timer_stop(&r->timer);
		drop_call(r);
		r->queued = false;
	}
	if (todo.sweep)
		sweep(r);
	if (todo.begin)
		begin_list(r);
	if (todo.why)
		rt_fail(&r->err, RT_PROTOCOL, "list of %s: %s", r->plural, todo.why);
	report(r, todo.report);
	if (todo.wait_ms > 0)
		rt_timer_start(r->cluster->loop, &r->timer, todo.wait_ms, on_timer, r);
	if (todo.request == RT_LW_GET_WATCH)
		send(r, true);
	else if (todo.request == RT_LW_GET_LIST)
		r->queued = true;
	if (r->lw.state == RT_LW_STOPPED)
		r->over = true;
	if (r->queued)
		run_queued(r->cluster);
}

/* --- life ------------------------------------------------------------------------------------ */

static const struct rt_requirement matches_nothing = {.op = RT_SEL_INVALID};

struct reader *reader_new(
    struct rt_cluster *c, enum rt_kind kind, const struct rt_api_resource *res, const char *ns)
{
	struct reader *r = rt_xcalloc(1, sizeof(*r));
	r->cluster = c;
	decoder_init(&r->decoder, c, kind, res);
	r->plural = rt_arena_strdup(&c->arena, res->plural);
	r->ns = rt_arena_strdup(&c->arena, ns);
	r->namespaced = res->namespaced;
	c->seed = c->seed * 6364136223846793005u + 1442695040888963407u;
	rt_lw_init(&r->lw, c->watch && res->can_watch, c->seed);
	if (c->last_reader)
		c->last_reader->next = r;
	else
		c->readers = r;
	c->last_reader = r;
	return r;
}

void reader_start(struct reader *r)
{
	step(r, (struct rt_lw_event){.type = RT_LW_START});
}

void reader_refresh(struct reader *r)
{
	step(r, (struct rt_lw_event){.type = RT_LW_REFRESH});
}

void reader_look_again(struct reader *r)
{
	step(r, (struct rt_lw_event){.type = RT_LW_AGAIN});
}

void reader_not_served(struct reader *r)
{
	step(r, (struct rt_lw_event){.type = RT_LW_NOT_SERVED});
}

void reader_change_version(struct reader *r, const struct rt_api_resource *res)
{
	rt_log(4, "source", "%s: %s instead of %s", r->plural, res->version, r->decoder.version);
	decoder_init(&r->decoder, r->cluster, r->decoder.kind, res);
	reader_refresh(r);
}

void reader_start_pods(struct rt_cluster *c, const struct rt_api_resource *res,
    const struct rt_want *want, const char *key)
{
	struct reader *r = reader_new(c, RT_KIND_POD, res, want->ns);
	r->selector = rt_arena_strdup(&c->arena, want->selector ? want->selector : "");
	r->answer_key = rt_arena_strdup(&c->arena, key);
	/* What the server would not understand either matches nothing here: nothing is swept. */
	if (rt_selector_parse(&c->arena, r->selector, &r->match, NULL) != RT_OK)
		r->match = (struct rt_selector){.v = &matches_nothing, .len = 1};
	c->pod_watches++;
	reader_start(r);
}

void reader_awake(struct reader *r)
{
	step(r, (struct rt_lw_event){.type = RT_LW_AWOKE});
}

void reader_reached(struct reader *r)
{
	step(r, (struct rt_lw_event){.type = RT_LW_REACHED});
}

/* Of all readers at once: the list is not kept in order. */
void reader_free(struct reader *r)
{
	rt_timer_stop(&r->timer);
	drop_call(r);
	rt_lw_done(&r->lw);
	rt_map_done(&r->seen);
	free(r);
}
