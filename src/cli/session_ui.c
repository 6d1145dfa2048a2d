/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_ui.c - the terminal, the UI on it, and what the UI may do beyond its own screen.
 */
#include "config.h"

#include "session.h"

#include <signal.h>
#include <string.h>

#include "rutter/mem.h"
#include "rutter/object_text.h"
#include "rutter/source.h"

static int64_t clock_ms(void *ctx)
{
	(void)ctx;
	return rt_loop_clock_ms();
}

void rt_session_quit(void *ctx)
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

void rt_session_suspend(void *ctx)
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
	    .quit = rt_session_quit,
	    .yaml = object_yaml,
	    .suspend = s->script ? NULL : rt_session_suspend,
	    .write = write_file,
	};
	if (s->live.cluster) {
		ops.ask = rt_session_ask;
		ops.unask = rt_session_unask;
		ops.asks = rt_session_asks;
		ops.contexts = contexts;
		ops.use_context = use_context;
		ops.reload = reload;
		ops.login = s->script ? NULL : rt_session_login;
	}
	return ops;
}

/* ------------------------------------------------------------------ opening it */

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

enum rt_status rt_session_open_ui(struct rt_session *s, const char *open, struct rt_error *err)
{
	struct rt_cli *cli = s->cli;
	enum rt_status st = open_terminal(s, err);
	if (st != RT_OK)
		return st;
	s->ops = tui_ops(s);
	struct rt_tui_opts opts = {
	    .term = s->term,
	    .theme = cli->opts.theme,
	    .theme_dirs = {user_themes(cli), THEMES_DIR},
	    .mouse = cli->opts.mouse,
	    .namespaces = cli->narrow.namespaces.v,
	    .namespace_count = cli->narrow.namespaces.len,
	    .labels = cli->opts.selector,
	    .open = open,
	    .trace = cli->opts.trace,
	};
	return rt_tui_new(&opts, &s->ops, s, &s->tui, err);
}
