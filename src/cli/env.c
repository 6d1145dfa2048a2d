/* SPDX-License-Identifier: Apache-2.0 */
/*
 * env.c - the environment, the terminal's facts and the clock; the only place that reads them.
 */
#include "config.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

const char *rt_env_get(const struct rt_env *env, const char *name)
{
	size_t len = strlen(name);
	for (const char *const *e = env->all; *e; e++)
		if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
			return (*e)[len + 1] ? *e + len + 1 : NULL;
	return NULL;
}

/* COLUMNS wins, as with git and ls: it is how a script asks for another width. */
static unsigned columns(const struct rt_env *env)
{
	enum { LEAST = 40, MOST = 1000 };
	const char *asked = rt_env_get(env, "COLUMNS");
	long n = asked ? strtol(asked, NULL, 10) : 0;
	struct winsize ws;
	if (n >= LEAST && n <= MOST)
		return (unsigned)n;
	if (env->stdout_tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0)
		return ws.ws_col;
	return 80;
}

/* RT_NOW fixes the clock, so that ages in tests do not move. */
int64_t rt_env_clock(const struct rt_env *env)
{
	const char *fixed = rt_env_get(env, "RT_NOW");
	int64_t t;
	if (fixed && rt_time_parse(fixed, &t))
		return t;
	return (int64_t)time(NULL);
}

void rt_env_read(struct rt_env *env)
{
	env->all = (const char *const *)environ;
	env->stdin_tty = isatty(STDIN_FILENO);
	env->stdout_tty = isatty(STDOUT_FILENO);
	env->stderr_tty = isatty(STDERR_FILENO);
	env->columns = columns(env);
	env->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	env->now = rt_env_clock(env);
}
