/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_login.c - credential plugins beside a screen: who has the terminal, and logging in by
 * hand.
 */
#include "config.h"

#include "session.h"

#include <stdio.h>

static struct rt_credentials *credentials(const struct rt_session *s)
{
	return rt_kube_credentials(rt_cluster_kube(s->live.cluster));
}

bool rt_session_wants_login(const struct rt_session *s)
{
	return rt_credentials_wants_login(credentials(s));
}

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
	rt_session_leave_keys(s);
	rt_tui_suspend(s->tui);
}

static void plugin_gives_terminal(void *ctx)
{
	struct rt_session *s = ctx;
	rt_tui_resume(s->tui);
	rt_session_take_keys(s);
}

static void plugin_says(void *ctx, const char *line)
{
	const struct rt_session *s = ctx;
	if (s->tui)
		rt_tui_say(s->tui, false, "%s", line);
	else
		fprintf(stderr, "%s\n", line);
}

const struct rt_credentials_ops rt_session_plugin_ops = {
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

void rt_session_login(void *ctx)
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
enum rt_status rt_session_log_in_first(struct rt_session *s, struct rt_error *err)
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
