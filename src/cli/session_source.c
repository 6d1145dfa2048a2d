/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_source.c - where the objects on the screen come from: files read behind it, or a cluster
 * that is followed, and another one instead.
 */
#include "config.h"

#include "session.h"

#include "rutter/arena.h"

static void server_warns(void *ctx, const char *text)
{
	struct rt_session *s = ctx;
	rt_tui_say(s->tui, false, "the server warns: %s", text);
}

static const struct rt_cluster_ops cluster_ops = {.changed = rt_session_store_changed,
    .settled = rt_session_store_changed,
    .warning = server_warns};

/* Copies: the way back from a context that cannot be opened is through them. */
static void list_contexts(struct rt_session *s)
{
	const struct rt_kubeconfig *c = s->live.config;
	struct rt_arena *a = &s->context_names;
	rt_arena_reset(a);
	s->contexts = rt_arena_calloc(a, c->context_count + 1, sizeof(*s->contexts));
	for (size_t i = 0; i < c->context_count; i++)
		s->contexts[i] = rt_arena_strdup(a, c->contexts[i].name);
}

enum rt_status rt_session_open_cluster(
    struct rt_session *s, const char *context, struct rt_error *err)
{
	s->store = rt_store_new(RT_STORE_CLUSTER);
	rt_store_keep_old(s->store);
	struct rt_live_params params = {
	    .store = s->store,
	    .context = context,
	    .loop = s->loop,
	    .watch = true,
	    .ops = &cluster_ops,
	    .credential_ops = &rt_session_plugin_ops,
	    .ctx = s,
	};
	enum rt_status st = rt_live_open(s->cli, &params, &s->live, err);
	if (st == RT_OK)
		list_contexts(s);
	return st;
}

void rt_session_close_source(struct rt_session *s)
{
	rt_session_unask_all(s);
	rt_session_drop_view(s);
	rt_live_close(&s->live);
	rt_store_free(s->store);
	s->store = NULL;
}

bool rt_session_reads_files(const struct rt_session *s)
{
	return s->cli->opts.demo || s->cli->opts.filenames.len > 0;
}

/* Files and the demo are read at once, behind a screen that says so: a large one takes seconds.
 * What there is to complain of is kept until the screen is out of the way. Exit status. */
int rt_session_read_files(struct rt_session *s, struct rt_buf *messages)
{
	struct rt_tui_head head = {
	    .name = s->cli->opts.demo ? "demo" : "files", .feed = RT_FEED_READING};
	rt_tui_set_head(s->tui, &head);
	rt_tui_draw(s->tui);
	s->cli->held = messages;
	int status = rt_input_read(s->cli, &s->store);
	s->cli->held = NULL;
	if (status == 0 && messages->len > 0) {
		rt_tui_say(s->tui, false, "%s", rt_buf_str(messages));
		rt_buf_clear(messages);
	}
	return status;
}

void rt_session_start_source(struct rt_session *s)
{
	rt_session_put_head(s);
	if (s->live.cluster) {
		rt_cluster_start(s->live.cluster);
		if (s->live.config->warning_count > 0)
			rt_tui_say(s->tui, false, "%s", s->live.config->warnings[0]);
	}
	rt_session_start_view(s);
}

/* At the end of a turn, when nothing of the old cluster is on the stack any more. */
void rt_session_switch_context(struct rt_session *s)
{
	struct rt_error err = {0};
	char *name = s->next_context;
	s->next_context = NULL;
	rt_session_close_source(s);
	if (rt_session_open_cluster(s, name, &err) == RT_OK) {
		rt_session_start_source(s);
	} else {
		rt_store_set_context(s->store, name);
		rt_tui_say(s->tui, true, "%s", err.msg);
		rt_session_put_head(s);
	}
	free(name);
}
