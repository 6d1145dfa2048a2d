/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.c - one wait for keys, network and time; nothing blocks a key, nothing wakes an idle
 * program. The store may change in any turn; the screen shows a view made from it in slices once
 * changes have settled, and borrows that view until the next one is ready.
 */
#include "config.h"

#include "session.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rutter/mem.h"
#include "rutter/object_text.h"
#include "rutter/source.h"

enum { SETTLE_FIRST_MS = 30, SETTLE_MS = 250, SETTLE_MAX_MS = 3000, FRAME_MS = 33 };
/* A cluster that never comes to rest may have this much of the time for making views: one part in
 * so many, beside what its changes cost themselves. */
enum { VIEW_SHARE = 8 };

/* ------------------------------------------------------------------ what is shown */

static struct rt_credentials *credentials(const struct rt_session *s)
{
	return rt_kube_credentials(rt_cluster_kube(s->live.cluster));
}

static const char *login_hint(const struct rt_session *s)
{
	return rt_credentials_wants_login(credentials(s)) ? "L logs in: " : "";
}

/* The time on the clock of whoever looks: it does not have to count on while nothing happens. */
static void put_since(struct rt_buf *out, int64_t t, int64_t now)
{
	enum { DAY = 86400 };
	time_t seconds = (time_t)t;
	struct tm local;
	char text[32] = "";
	if (localtime_r(&seconds, &local))
		strftime(text, sizeof(text), now - t < DAY / 2 ? "%T" : "%b %e %R", &local);
	rt_buf_printf(out, "since %s", text);
}

static void put_trouble(
    const struct rt_session *s, struct rt_buf *out, const struct rt_cluster_state *st)
{
	if (st->stale > 0 && st->stale < st->kinds)
		rt_buf_printf(out, ", %u of %u kinds", st->stale, st->kinds);
	if (st->err.status != RT_OK)
		rt_buf_printf(out, "%s%s%s", out->len ? ": " : "", login_hint(s), st->err.msg);
}

static enum rt_feed feed_of(const struct rt_session *s, struct rt_buf *text)
{
	struct rt_cluster_state st = {0};
	rt_cluster_state(s->live.cluster, &st);
	if (st.stale > 0 && st.stale_since) {
		put_since(text, st.stale_since, rt_env_clock(s->cli->env));
		put_trouble(s, text, &st);
		return RT_FEED_STALE;
	}
	if (st.live)
		return RT_FEED_LIVE;
	if (!st.connected && st.err.status != RT_OK) {
		put_trouble(s, text, &st);
		return RT_FEED_UNREAD;
	}
	if (st.connected)
		rt_buf_printf(text, "%u of %u kinds", st.done, st.kinds);
	return RT_FEED_READING;
}

static void put_head(struct rt_session *s)
{
	struct rt_tui_head head = {
	    .name = rt_store_context(s->store), .feed = RT_FEED_STILL, .store = s->store};
	struct rt_buf text = RT_BUF_MAX(2000);
	if (s->live.cluster) {
		head.feed = feed_of(s, &text);
		if (s->live.config->endpoint.insecure)
			head.warning = "TLS NOT VERIFIED";
	}
	head.feed_text = text.len ? rt_buf_str(&text) : NULL;
	rt_tui_set_head(s->tui, &head);
	rt_buf_done(&text);
}

static void show(struct rt_session *s, struct rt_view *view)
{
	struct rt_world world = {0};
	if (view)
		world = (struct rt_world){
		    view->an, view->findings, view->graph, rt_env_clock(s->cli->env)};
	rt_tui_set_world(s->tui, &world);
	rt_view_free(s->shown);
	s->shown = view;
	if (view)
		rt_store_sweep(s->store, view->version);
}

static void begin_settling(struct rt_session *s);

static void drop_making(struct rt_session *s)
{
	rt_job_stop(&s->job);
	rt_view_free(s->making);
	s->making = NULL;
}

/* A job of the loop: one slice of the next view. */
static bool make_view(void *ctx, int64_t until_ms)
{
	struct rt_session *s = ctx;
	int64_t begun_ms = rt_loop_clock_ms(), now_ms = begun_ms;
	bool more;
	do { /* also when called with no time left: a job makes progress */
		more = rt_view_step(s->making);
		now_ms = rt_loop_clock_ms();
	} while (more && now_ms < until_ms);
	s->making_ms += now_ms - begun_ms;
	if (more)
		return true;
	struct rt_view *view = s->making;
	s->view_ms = s->making_ms;
	s->making = NULL;
	show(s, view);
	if (s->live.cluster && rt_cluster_is_settled(s->live.cluster))
		(void)rt_live_ask_wants(&s->live, s->store);
	if (s->changed)
		begin_settling(s);
	return false;
}

static void start_view(void *ctx)
{
	struct rt_session *s = ctx;
	if (s->making)
		return; /* the one under way begins the next when it is done */
	s->changed = false;
	s->making_ms = 0;
	s->making =
	    rt_view_begin(s->store, &(struct rt_analysis_opts){.now = rt_env_clock(s->cli->env),
					.features = s->cli->opts.features});
	rt_job_start(s->loop, &s->job, make_view, s);
}

static void begin_settling(struct rt_session *s)
{
	if (s->settle.loop || s->making)
		return;
	int64_t wait_ms = s->view_ms * VIEW_SHARE;
	if (wait_ms > SETTLE_MAX_MS)
		wait_ms = SETTLE_MAX_MS;
	if (wait_ms < SETTLE_MS)
		wait_ms = SETTLE_MS;
	rt_timer_start(s->loop, &s->settle, s->shown ? wait_ms : SETTLE_FIRST_MS, start_view, s);
}

static void store_changed(void *ctx)
{
	struct rt_session *s = ctx;
	if (s->shown && s->shown->version == rt_store_version(s->store) && !s->making) {
		put_head(s);
		return;
	}
	s->changed = true;
	put_head(s);
	begin_settling(s);
}

static void server_warns(void *ctx, const char *text)
{
	struct rt_session *s = ctx;
	rt_tui_say(s->tui, false, "the server warns: %s", text);
}

static const struct rt_cluster_ops cluster_ops = {
    .changed = store_changed, .settled = store_changed, .warning = server_warns};

/* ------------------------------------------------------------------ credential plugins */

static void on_input(void *ctx, int fd, unsigned events);

static enum rt_terminal_use terminal_use(void *ctx)
{
	const struct rt_session *s = ctx;
	if (s->script)
		return RT_TERMINAL_NONE;
	return s->tui ? RT_TERMINAL_SCREEN : RT_TERMINAL_FREE;
}

/* The loop goes on while a person logs in, but leaves the keys alone. */
static void plugin_takes_terminal(void *ctx)
{
	struct rt_session *s = ctx;
	rt_fd_stop(&s->input);
	rt_tui_suspend(s->tui);
}

static void plugin_gives_terminal(void *ctx)
{
	struct rt_session *s = ctx;
	rt_tui_resume(s->tui);
	rt_fd_start(s->loop, &s->input, STDIN_FILENO, RT_FD_READ, on_input, s);
}

static void plugin_says(void *ctx, const char *line)
{
	const struct rt_session *s = ctx;
	if (s->tui)
		rt_tui_say(s->tui, false, "%s", line);
	else
		fprintf(stderr, "%s\n", line);
}

static const struct rt_credentials_ops plugin_ops = {
    .terminal = terminal_use,
    .suspend = plugin_takes_terminal,
    .resume = plugin_gives_terminal,
    .say = plugin_says,
};

static void login_is_over(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct rt_session *s = ctx;
	if (status == RT_OK) {
		rt_tui_say(s->tui, false, "logged in");
		rt_cluster_refresh(s->live.cluster);
	} else if (status != RT_CANCELLED) {
		rt_tui_say(s->tui, true, "%s", err->msg);
	}
}

static void login(void *ctx)
{
	struct rt_session *s = ctx;
	const struct rt_exec_config *plugin = s->live.config ? s->live.config->auth.exec : NULL;
	if (!plugin || plugin->interactive == RT_EXEC_NEVER)
		rt_tui_say(s->tui, false, "nobody needs to log in: %s",
		    plugin ? "the credential plugin asks nothing"
			   : "this user has no credential plugin");
	else
		rt_credentials_login(credentials(s), rt_env_clock(s->cli->env), login_is_over, s);
}

struct first_login {
	bool over;
	enum rt_status status;
	struct rt_error *err;
};

static void first_login_is_over(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct first_login *f = ctx;
	f->over = true;
	f->status = status;
	if (err)
		*f->err = *err;
}

/* A plugin that may ask runs before there is a screen, where it finds what it knows from kubectl:
 * the terminal as it is, and its own words on it. */
static enum rt_status log_in_first(struct rt_session *s, struct rt_error *err)
{
	struct first_login f = {.err = err};
	const struct rt_exec_config *plugin = s->live.config ? s->live.config->auth.exec : NULL;
	if (!plugin || plugin->interactive == RT_EXEC_NEVER || s->script)
		return RT_OK;
	rt_cli_warn(s->cli, "getting credentials from %s", plugin->command);
	rt_credentials_get(credentials(s), rt_env_clock(s->cli->env), first_login_is_over, &f);
	while (!f.over && rt_loop_turn(s->loop, -1))
		;
	return f.over ? f.status : rt_fail(err, RT_CANCELLED, "cancelled");
}

/* ------------------------------------------------------------------ sources */

static void list_contexts(struct rt_session *s)
{
	const struct rt_kubeconfig *c = s->live.config;
	free(s->contexts);
	s->contexts = rt_xcalloc(c->context_count + 1, sizeof(*s->contexts));
	for (size_t i = 0; i < c->context_count; i++)
		s->contexts[i] = c->contexts[i].name;
}

static enum rt_status open_cluster(struct rt_session *s, const char *context, struct rt_error *err)
{
	s->store = rt_store_new(RT_STORE_CLUSTER);
	rt_store_keep_old(s->store);
	struct rt_live_params params = {
	    .store = s->store,
	    .context = context,
	    .loop = s->loop,
	    .watch = true,
	    .ops = &cluster_ops,
	    .credential_ops = &plugin_ops,
	    .ctx = s,
	};
	enum rt_status st = rt_live_open(s->cli, &params, &s->live, err);
	if (st == RT_OK)
		list_contexts(s);
	return st;
}

static void close_source(struct rt_session *s)
{
	rt_session_unask_all(s);
	rt_timer_stop(&s->settle);
	drop_making(s);
	if (s->tui)
		show(s, NULL);
	rt_live_close(&s->live);
	rt_store_free(s->store);
	s->store = NULL;
}

static bool reads_files(const struct rt_session *s)
{
	return s->cli->opts.demo || s->cli->opts.filenames.len > 0;
}

/* Files and the demo are read at once, behind a screen that says so: a large one takes seconds.
 * What there is to complain of is kept until the screen is out of the way. Exit status. */
static int read_files(struct rt_session *s, struct rt_buf *messages)
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

static void start_source(struct rt_session *s)
{
	put_head(s);
	if (s->live.cluster) {
		rt_cluster_start(s->live.cluster);
		if (s->live.config->warning_count > 0)
			rt_tui_say(s->tui, false, "%s", s->live.config->warnings[0]);
	}
	s->changed = true;
	begin_settling(s);
}

/* At the end of a turn, when nothing of the old cluster is on the stack any more. */
static void switch_context(struct rt_session *s)
{
	struct rt_error err = {0};
	char *name = s->next_context;
	s->next_context = NULL;
	close_source(s);
	if (open_cluster(s, name, &err) == RT_OK) {
		start_source(s);
	} else {
		rt_store_set_context(s->store, name);
		rt_tui_say(s->tui, true, "%s", err.msg);
		put_head(s);
	}
	free(name);
}

/* ------------------------------------------------------------------ what the UI may do */

static int64_t clock_ms(void *ctx)
{
	(void)ctx;
	return rt_loop_clock_ms();
}

static void quit(void *ctx)
{
	struct rt_session *s = ctx;
	s->ended = true;
	rt_loop_stop(s->loop);
}

/* As it stands in its file, with what rutter does not read; else what it knows of it. A cluster is
 * asked for what it has, where a kind can be asked for. */
static char *object_yaml(void *ctx, const struct rt_obj *obj)
{
	struct rt_session *s = ctx;
	if (s->live.cluster && obj->kind != RT_KIND_OTHER)
		return NULL;
	if (!s->files)
		s->files = rt_line_finder_new(&s->cli->stdin_text);
	char *text = rt_source_text(s->files, obj);
	return text ? text : rt_object_yaml(obj);
}

static const char *const *contexts(void *ctx, const char **ret_current)
{
	struct rt_session *s = ctx;
	*ret_current = s->live.config ? s->live.config->context : NULL;
	return s->contexts;
}

static void use_context(void *ctx, const char *name)
{
	struct rt_session *s = ctx;
	free(s->next_context);
	s->next_context = rt_xstrdup(name);
}

static void reload(void *ctx)
{
	struct rt_session *s = ctx;
	if (s->live.cluster)
		rt_cluster_refresh(s->live.cluster);
}

static void suspend(void *ctx)
{
	struct rt_session *s = ctx;
	rt_tui_suspend(s->tui);
	kill(0, SIGSTOP); /* the whole job, as the keyboard would; we go on after SIGCONT */
	rt_tui_resume(s->tui);
}

static enum rt_status write_file(
    void *ctx, const char *path, const char *text, size_t len, struct rt_error *err)
{
	(void)ctx;
	return rt_file_write(path, text, len, err);
}

static struct rt_tui_ops tui_ops(const struct rt_session *s)
{
	struct rt_tui_ops ops = {
	    .clock_ms = clock_ms,
	    .quit = quit,
	    .yaml = object_yaml,
	    .suspend = s->script ? NULL : suspend,
	    .write = write_file,
	};
	if (s->live.cluster) {
		ops.ask = rt_session_ask;
		ops.unask = rt_session_unask;
		ops.asks = rt_session_asks;
		ops.contexts = contexts;
		ops.use_context = use_context;
		ops.reload = reload;
		ops.login = s->script ? NULL : login;
	}
	return ops;
}

/* ------------------------------------------------------------------ turns */

static void on_input(void *ctx, int fd, unsigned events)
{
	struct rt_session *s = ctx;
	(void)fd;
	if (events & RT_FD_READ) {
		rt_tui_handle_input(s->tui);
		s->drawn_ms = 0; /* a key is answered now, whatever the changes do to the screen */
	}
	if (events & RT_FD_HANGUP) { /* the terminal is gone */
		s->signo = SIGHUP;
		quit(s);
	}
}

static void on_signal(void *ctx, int signo)
{
	struct rt_session *s = ctx;
	if (signo == SIGWINCH) {
		rt_tui_resized(s->tui);
	} else if (signo == SIGTSTP) {
		suspend(s);
	} else {
		s->signo = signo;
		quit(s);
	}
}

static void nothing(void *ctx)
{
	(void)ctx; /* the turn itself is what was wanted */
}

/* Input has been handled; work for what is left of the budget, then draw if a frame is due. */
static void turn_ends(void *ctx)
{
	struct rt_session *s = ctx;
	if (s->next_context)
		switch_context(s);
	if (rt_tui_has_work(s->tui))
		rt_tui_work(s->tui, rt_loop_clock_ms() + RT_JOB_BUDGET_MS);
	int64_t now = rt_loop_clock_ms(), due = s->drawn_ms + FRAME_MS;
	bool early = rt_tui_wants_frame(s->tui) && now < due;
	if (early) {
		rt_timer_start(s->loop, &s->frame, due - now, nothing, s);
	} else if (rt_tui_wants_frame(s->tui)) {
		rt_tui_draw(s->tui);
		s->drawn_ms = rt_loop_clock_ms();
	}
	/* A frame that is not due yet has its timer: nothing to turn for until then. */
	int next = rt_tui_has_work(s->tui) ? 0 : early ? -1 : rt_tui_next_ms(s->tui);
	if (next >= 0)
		rt_timer_start(s->loop, &s->wake, next, nothing, s);
	else
		rt_timer_stop(&s->wake);
}

static enum rt_status take_signals(struct rt_session *s, struct rt_error *err)
{
	static const int signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP};
	for (size_t i = 0; i < RT_ARRAY_LEN(signals); i++) {
		enum rt_status st = rt_signal_start(s->loop, signals[i], on_signal, s, err);
		if (st != RT_OK)
			return st;
	}
	return RT_OK;
}

/* ------------------------------------------------------------------ scripted sessions */

static bool idle(const struct rt_session *s)
{
	if (s->changed || s->making || s->settle.loop || s->asked || rt_tui_has_work(s->tui))
		return false;
	return !s->live.cluster || rt_cluster_is_settled(s->live.cluster);
}

static void run_script(struct rt_session *s)
{
	enum rt_script_state st = RT_SCRIPT_GOES_ON;
	enum { PATIENCE_MS = 20 };
	while (st != RT_SCRIPT_DONE && st != RT_SCRIPT_FAILED && !s->ended) {
		st = rt_script_step(
		    s->script, s->tui, s->term, idle(s), &s->cli->out, &s->script_err);
		turn_ends(s); /* a loop without descriptors has no turn to end */
		rt_loop_turn(s->loop, st == RT_SCRIPT_WAITS ? PATIENCE_MS : 0);
	}
}

/* ------------------------------------------------------------------ the whole */

static enum rt_status open_terminal(struct rt_session *s, struct rt_error *err)
{
	static const enum rt_depth depths[] = {
	    [RT_COLOR_NEVER] = RT_DEPTH_NONE,
	    [RT_COLOR_16] = RT_DEPTH_16,
	    [RT_COLOR_256] = RT_DEPTH_256,
	    [RT_COLOR_TRUE] = RT_DEPTH_TRUE,
	};
	const struct rt_cli *cli = s->cli;
	if (s->script) {
		s->term = rt_term_memory(80, 24, RT_DEPTH_NONE, cli->style.ascii);
		return RT_OK;
	}
	const char *truecolor = rt_env_get(cli->env, "COLORTERM");
	bool asked = cli->opts.color && strcmp(cli->opts.color, "auto") != 0;
	struct rt_term_opts opts = {
	    .name = rt_env_get(cli->env, "TERM"),
	    .auto_depth = !asked && !rt_env_get(cli->env, "NO_COLOR"),
	    .depth = asked ? depths[cli->style.color] : RT_DEPTH_NONE,
	    .colorterm_true = truecolor && (strcmp(truecolor, "truecolor") == 0 ||
					       strcmp(truecolor, "24bit") == 0),
	    .ascii = cli->style.ascii,
	    .mouse = cli->opts.mouse,
	};
	return rt_term_curses(&opts, &s->term, err);
}

static const char *user_themes(struct rt_cli *cli)
{
	const char *config = rt_env_get(cli->env, "XDG_CONFIG_HOME");
	const char *home = rt_env_get(cli->env, "HOME");
	if (config)
		return rt_arena_printf(&cli->arena, "%s/rutter/themes", config);
	return home ? rt_arena_printf(&cli->arena, "%s/.config/rutter/themes", home) : NULL;
}

static enum rt_status open_ui(struct rt_session *s, const char *open, struct rt_error *err)
{
	struct rt_cli *cli = s->cli;
	struct rt_narrow narrow;
	enum rt_status st = open_terminal(s, err);
	if (st != RT_OK)
		return st;
	s->ops = tui_ops(s);
	rt_cli_narrow_namespaces(cli, &narrow);
	struct rt_tui_opts opts = {
	    .term = s->term,
	    .theme = cli->opts.theme,
	    .theme_dirs = {user_themes(cli), THEMES_DIR},
	    .mouse = cli->opts.mouse,
	    .namespaces = narrow.namespaces,
	    .namespace_count = narrow.namespace_count,
	    .labels = cli->opts.selector,
	    .open = open,
	    .trace = cli->opts.trace,
	};
	return rt_tui_new(&opts, &s->ops, s, &s->tui, err);
}

static enum rt_status read_script(struct rt_session *s, const char *path, struct rt_error *err)
{
	struct rt_buf text = {0};
	enum rt_status st = rt_file_read(path, &text, err);
	if (st == RT_OK)
		st = rt_script_new(rt_buf_str(&text), text.len, path, &s->script, err);
	rt_buf_done(&text);
	return st;
}

static void run(struct rt_session *s)
{
	start_source(s);
	rt_loop_on_turn(s->loop, turn_ends, s);
	if (s->script) {
		run_script(s);
		return;
	}
	rt_fd_start(s->loop, &s->input, STDIN_FILENO, RT_FD_READ, on_input, s);
	rt_tui_draw(s->tui); /* something stands on the screen before anything is read */
	while (!s->ended)
		rt_loop_turn(s->loop, -1);
}

static void done(struct rt_session *s)
{
	rt_fd_stop(&s->input);
	rt_timer_stop(&s->frame);
	rt_timer_stop(&s->wake);
	close_source(s);
	rt_tui_free(s->tui);
	rt_script_free(s->script);
	rt_loop_free(s->loop);
	rt_line_finder_free(s->files);
	free(s->contexts);
	free(s->next_context);
}

/* What has to be there before the loop turns. Exit status. */
static int prepare(struct rt_session *s, const char *open, struct rt_buf *messages)
{
	struct rt_error err = {0};
	int status = 0;
	enum rt_status st = RT_OK;
	if (!reads_files(s)) {
		st = open_cluster(s, NULL, &err);
		if (st == RT_OK)
			st = log_in_first(s, &err);
	}
	if (st == RT_OK)
		st = open_ui(s, open, &err);
	if (st == RT_OK && reads_files(s))
		status = read_files(s, messages);
	if (st == RT_OK && status == 0 && !s->script)
		st = take_signals(s, &err);
	if (st == RT_OK)
		return status;
	s->cli->held = messages;
	status = rt_cli_fail(s->cli, &err);
	s->cli->held = NULL;
	return status;
}

int rt_session_run(struct rt_cli *cli, const char *open, const char *script_path)
{
	struct rt_error err = {0};
	struct rt_session s = {.cli = cli};
	struct rt_buf messages = {0};
	int status = 0;
	enum rt_status st = rt_loop_new(&s.loop, &err);
	if (st == RT_OK && script_path)
		st = read_script(&s, script_path, &err);
	if (st == RT_OK)
		status = prepare(&s, open, &messages);
	if (st == RT_OK && status == 0)
		run(&s);
	done(&s);
	fputs(rt_buf_str(&messages), stderr);
	rt_buf_done(&messages);
	if (st == RT_OK && s.script_err.status != RT_OK) {
		err = s.script_err;
		st = err.status;
	}
	if (st != RT_OK)
		return rt_cli_fail(cli, &err);
	return s.signo ? 128 + s.signo : status;
}
