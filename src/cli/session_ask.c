/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_ask.c - what the user opens: texts, events and logs, asked of the cluster while the
 * screen is up. Answers come back in pieces by ticket; leaving the tab ends the question.
 */
#include "config.h"

#include <string.h>

#include "rutter/logstream.h"
#include "rutter/mem.h"
#include "rutter/object_text.h"
#include "rutter/url.h"
#include "rutter/utf8.h"
#include "rutter/value.h"
#include "session.h"

const unsigned rt_session_asks = 1u << RT_ASK_YAML | 1u << RT_ASK_EVENTS | 1u << RT_ASK_LOGS;

/* Of a log this many lines back, and of an answer this much. */
#define LOG_TAIL "200"
#define MOST_BYTES ((uint64_t)8 << 20)
/* A followed log ends with its container or its connection; then it is asked for what comes next.
 */
enum { FOLLOW_FIRST_MS = 1000, FOLLOW_MAX_MS = 30000 };

struct rt_asked {
	struct rt_asked *next;
	struct rt_session *session;
	struct rt_kube_call *call;
	struct rt_obj obj; /* whose text or log; its strings are in arena */
	struct rt_arena arena;
	struct rt_buf body; /* texts and events: parsed when complete */
	/* logs */
	const char *container; /* in arena */
	bool previous;
	struct rt_log_stream stream;
	struct rt_timer again;
	int64_t pause_ms;
	enum rt_ask ask;
	unsigned ticket;
};

static void forget(struct rt_asked *q)
{
	struct rt_asked **p = &q->session->asked;
	while (*p && *p != q)
		p = &(*p)->next;
	if (*p)
		*p = q->next;
	rt_timer_stop(&q->again);
	rt_log_stream_done(&q->stream);
	rt_buf_done(&q->body);
	rt_arena_done(&q->arena);
	free(q);
}

/* ------------------------------------------------------------------ events as lines */

static const char *first_text(const struct rt_value *v, const char *const *keys)
{
	for (; *keys; keys++)
		if (rt_value_get_str(v, *keys))
			return rt_value_get_str(v, *keys);
	return NULL;
}

/* series.lastObservedTime, lastTimestamp, eventTime, firstTimestamp, creationTimestamp: the first
 * that is there. */
static int64_t event_time(const struct rt_value *e)
{
	static const char *const keys[] = {"lastTimestamp", "eventTime", "firstTimestamp", NULL};
	const char *text = rt_value_get_str(rt_value_get(e, "series"), "lastObservedTime");
	int64_t t;
	if (!text)
		text = first_text(e, keys);
	if (!text)
		text = rt_value_get_str(rt_value_get(e, "metadata"), "creationTimestamp");
	return text && rt_time_parse(text, &t) ? t : RT_TIME_UNSET;
}

static void put_word(struct rt_buf *out, const char *text, size_t width)
{
	size_t start = out->len;
	rt_clean(out, text ? text : "", false);
	if (out->len - start < width)
		rt_buf_pad(out, ' ', width - (out->len - start));
}

static void put_event(struct rt_buf *out, const struct rt_value *e, int64_t now)
{
	int64_t t = event_time(e);
	int64_t count = rt_value_int(rt_value_get(e, "count"), 1);
	struct rt_buf age = {0};
	if (t != RT_TIME_UNSET)
		rt_age_write(&age, now - t);
	rt_buf_printf(out, "%-5s ", rt_buf_str(&age));
	put_word(out, rt_value_get_str(e, "type"), 8);
	rt_buf_putc(out, ' ');
	put_word(out, rt_value_get_str(e, "reason"), 0);
	if (count > 1)
		rt_buf_printf(out, " (%lld times)", (long long)count);
	rt_buf_puts(out, ": ");
	put_word(out, rt_value_get_str(e, "message"), 0);
	rt_buf_putc(out, '\n');
	rt_buf_done(&age);
}

struct dated_event {
	const struct rt_value *event;
	int64_t time;
	size_t at;
};

/* The newest first; what is as old stays in the server's order. */
static int compare_events(const void *a, const void *b)
{
	const struct dated_event *x = a, *y = b;
	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The server lists by name, which tells nothing of the time. */
static void put_by_time(struct rt_buf *out, const struct rt_value *items, int64_t now)
{
	RT_VEC(struct dated_event) list = {0};
	for (size_t i = 0; i < rt_value_len(items); i++) {
		const struct rt_value *e = rt_value_at(items, i);
		rt_vec_push(&list, NULL, ((struct dated_event){e, event_time(e), i}));
	}
	if (list.len > 0)
		qsort(list.v, list.len, sizeof(*list.v), compare_events);
	for (size_t i = 0; i < list.len; i++)
		put_event(out, list.v[i].event, now);
	rt_vec_free(&list);
}

static void put_events(struct rt_asked *q)
{
	struct rt_error err = {0};
	struct rt_value *doc = NULL;
	struct rt_buf text = {0};
	if (rt_value_from_json(rt_buf_str(&q->body), q->body.len, "events", &doc, &err) != RT_OK) {
		rt_tui_answer(q->session->tui, q->ticket, NULL, 0, true, &err);
		return;
	}
	put_by_time(&text, rt_value_get(doc, "items"), rt_env_clock(q->session->cli->env));
	if (text.len == 0)
		rt_buf_puts(&text, "no events\n");
	rt_tui_answer(q->session->tui, q->ticket, rt_buf_str(&text), text.len, true, NULL);
	rt_buf_done(&text);
	rt_value_free(doc);
}

/* ------------------------------------------------------------------ an object's text */

static void put_yaml(struct rt_asked *q)
{
	struct rt_error err = {0};
	char *text = NULL;
	if (rt_object_yaml_of_list(&q->obj, rt_buf_str(&q->body), q->body.len, &text, &err) ==
	    RT_OK)
		rt_tui_answer(q->session->tui, q->ticket, text, strlen(text), true, NULL);
	else
		rt_tui_answer(q->session->tui, q->ticket, NULL, 0, true, &err);
	free(text);
}

/* ------------------------------------------------------------------ requests */

static void take_log(struct rt_asked *q, const char *bytes, size_t len)
{
	struct rt_buf lines = {0};
	q->pause_ms = 0;
	rt_log_stream_feed(&q->stream, bytes, len, &lines);
	if (lines.len > 0)
		rt_tui_answer(
		    q->session->tui, q->ticket, rt_buf_str(&lines), lines.len, false, NULL);
	rt_buf_done(&lines);
}

static bool take_body(void *ctx, const char *bytes, size_t len)
{
	struct rt_asked *q = ctx;
	if (q->ask == RT_ASK_LOGS)
		take_log(q, bytes, len);
	else
		rt_buf_add(&q->body, bytes, len);
	return true;
}

static void send_logs(void *ctx);

/* In the words of the kubelet and the API server: the reason is that of any bad request. */
static bool is_starting(const struct rt_kube_result *result)
{
	return result->http == 400 &&
	       (strstr(result->err->msg, "is waiting to start") ||
		   strstr(result->err->msg, "does not have a host assigned"));
}

/* What was never there is told; what was there comes back, with its container or its server, and
 * what is about to be there comes. */
static bool goes_on(struct rt_asked *q, const struct rt_kube_result *result)
{
	bool gone = result->failure == RT_KUBE_NOT_FOUND || result->failure == RT_KUBE_FORBIDDEN;
	if (q->ask != RT_ASK_LOGS || q->previous || gone)
		return false;
	bool starting = is_starting(result);
	if (result->failure != RT_KUBE_OK && !q->stream.since[0] && !starting)
		return false;
	rt_tui_answer(q->session->tui, q->ticket, "", 0, false, starting ? result->err : NULL);
	rt_log_stream_cut(&q->stream);
	q->pause_ms = q->pause_ms ? q->pause_ms * 2 : FOLLOW_FIRST_MS;
	if (q->pause_ms > FOLLOW_MAX_MS)
		q->pause_ms = FOLLOW_MAX_MS;
	rt_timer_start(q->session->loop, &q->again, q->pause_ms, send_logs, q);
	return true;
}

static void call_done(void *ctx, const struct rt_kube_result *result)
{
	struct rt_asked *q = ctx;
	q->call = NULL;
	if (result->failure == RT_KUBE_OK && q->stream.line.len > 0)
		take_log(q, "\n", 1);
	if (goes_on(q, result))
		return;
	if (result->failure != RT_KUBE_OK)
		rt_tui_answer(q->session->tui, q->ticket, NULL, 0, true, result->err);
	else if (q->ask == RT_ASK_EVENTS)
		put_events(q);
	else if (q->ask == RT_ASK_YAML)
		put_yaml(q);
	else
		rt_tui_answer(q->session->tui, q->ticket, "", 0, true, NULL);
	forget(q);
}

static const struct rt_kube_ops ask_ops = {.body = take_body, .done = call_done};

static void put_log_options(struct rt_buf *out, const struct rt_asked *q)
{
	rt_buf_puts(out, "timestamps=true");
	if (q->stream.since[0]) {
		rt_buf_puts(out, "&sinceTime=");
		rt_url_encode(out, q->stream.since);
	} else {
		rt_buf_puts(out, "&tailLines=" LOG_TAIL);
	}
	if (q->container) {
		rt_buf_puts(out, "&container=");
		rt_url_encode(out, q->container);
	}
	rt_buf_puts(out, q->previous ? "&previous=true" : "&follow=true");
}

static void send_logs(void *ctx)
{
	struct rt_asked *q = ctx;
	struct rt_buf extra = {0};
	put_log_options(&extra, q);
	struct rt_kube_query query = {.version = "v1",
	    .plural = "pods",
	    .ns = q->obj.ns,
	    .name = q->obj.name,
	    .subresource = "log",
	    .extra = rt_buf_str(&extra)};
	struct rt_kube_request request = {.query = &query,
	    .form = RT_KUBE_TEXT,
	    .stream = !q->previous,
	    .max_bytes = q->previous ? MOST_BYTES : UINT64_MAX,
	    .ops = &ask_ops,
	    .ctx = q};
	q->call = rt_kube_get(rt_cluster_kube(q->session->live.cluster), &request);
	rt_buf_done(&extra);
}

static void ask_logs(struct rt_asked *q, const struct rt_question *question)
{
	q->obj = (struct rt_obj){.ns = rt_arena_strdup(&q->arena, question->obj->ns),
	    .name = rt_arena_strdup(&q->arena, question->obj->name)};
	q->container = rt_arena_strdup(&q->arena, question->container);
	q->previous = question->previous;
	send_logs(q);
}

static void ask_events(struct rt_asked *q, const struct rt_question *question)
{
	const struct rt_obj *o = question->obj;
	struct rt_buf fields = {0};
	rt_buf_printf(
	    &fields, "involvedObject.kind=%s,involvedObject.name=%s", o->kind_name, o->name);
	/* Events of cluster-scoped objects live in the namespace "default". */
	struct rt_kube_query query = {.version = "v1",
	    .plural = "events",
	    .ns = o->ns ? o->ns : "default",
	    .field_selector = rt_buf_str(&fields),
	    .limit = 500};
	struct rt_kube_request request = {.query = &query,
	    .form = RT_KUBE_WHOLE,
	    .patient = true,
	    .max_bytes = MOST_BYTES,
	    .ops = &ask_ops,
	    .ctx = q};
	q->call = rt_kube_get(rt_cluster_kube(q->session->live.cluster), &request);
	rt_buf_done(&fields);
}

/* As a list of one: whoever may list a kind, as all that is shown was read, need not be allowed to
 * get. Of a Secret nothing but its metadata leaves the server. */
static void ask_yaml(struct rt_asked *q, const struct rt_question *question)
{
	const struct rt_obj *o = question->obj;
	const char *slash = strrchr(o->api_version, '/');
	struct rt_buf fields = {0};
	q->obj = (struct rt_obj){.kind = o->kind,
	    .kind_name = rt_arena_strdup(&q->arena, o->kind_name),
	    .api_version = rt_arena_strdup(&q->arena, o->api_version)};
	rt_buf_printf(&fields, "metadata.name=%s", o->name);
	struct rt_kube_query query = {.group = o->group,
	    .version = slash ? slash + 1 : o->api_version,
	    .plural = rt_kind_info(o->kind)->plural,
	    .ns = o->ns,
	    .field_selector = rt_buf_str(&fields)};
	struct rt_kube_request request = {.query = &query,
	    .form = o->kind == RT_KIND_SECRET ? RT_KUBE_META_LIST : RT_KUBE_WHOLE,
	    .patient = true,
	    .max_bytes = MOST_BYTES,
	    .ops = &ask_ops,
	    .ctx = q};
	q->call = rt_kube_get(rt_cluster_kube(q->session->live.cluster), &request);
	rt_buf_done(&fields);
}

void rt_session_ask(void *ctx, const struct rt_question *question)
{
	struct rt_session *s = ctx;
	if (!s->live.cluster)
		return;
	struct rt_asked *q = rt_xcalloc(1, sizeof(*q));
	*q = (struct rt_asked){
	    .next = s->asked, .session = s, .ask = question->ask, .ticket = question->ticket};
	s->asked = q;
	static void (*const asks[])(struct rt_asked * q, const struct rt_question *question) = {
	    [RT_ASK_YAML] = ask_yaml, [RT_ASK_EVENTS] = ask_events, [RT_ASK_LOGS] = ask_logs};
	asks[question->ask](q, question);
}

static void end(struct rt_asked *q)
{
	if (q->call)
		rt_kube_cancel(q->call);
	forget(q);
}

void rt_session_unask(void *ctx, unsigned ticket)
{
	struct rt_session *s = ctx;
	for (struct rt_asked *q = s->asked; q; q = q->next)
		if (q->ticket == ticket) {
			end(q);
			return;
		}
}

void rt_session_unask_all(struct rt_session *s)
{
	while (s->asked)
		end(s->asked);
}
