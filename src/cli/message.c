/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.c - what goes to stderr: failures, usage, warnings. Nothing else is written there.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "rutter/str.h"
#include "rutter/utf8.h"

static void say(const struct rt_cli *cli, const char *text)
{
	if (cli->held)
		rt_buf_puts(cli->held, text);
	else
		fputs(text, stderr);
}

static void print_line(const struct rt_cli *cli, const char *start, const char *text)
{
	struct rt_buf line = {0};
	rt_buf_puts(&line, start);
	rt_clean(&line, text, !cli->env->utf8);
	rt_buf_putc(&line, '\n');
	say(cli, rt_buf_str(&line));
	rt_buf_done(&line);
}

static void print_message(const struct rt_cli *cli, const char *text)
{
	struct rt_buf start = {0};
	rt_buf_printf(&start, "%s: ", cli->program);
	print_line(cli, rt_buf_str(&start), text);
	rt_buf_done(&start);
}

/* Who has not used the program rightly and is not told better reads how it is used. */
static void print_where_usage_is(const struct rt_cli *cli)
{
	struct rt_buf text = {0};
	bool named = cli->command && !cli->command->hidden;
	rt_buf_printf(&text, "see: %s help%s%s", cli->program, named ? " " : "",
	    named ? cli->command->name : "");
	print_line(cli, "  ", rt_buf_str(&text));
	rt_buf_done(&text);
}

int rt_cli_fail(const struct rt_cli *cli, const struct rt_error *err)
{
	print_message(cli, err->msg);
	if (err->hint[0])
		print_line(cli, "  ", err->hint);
	else if (err->status == RT_USAGE)
		print_where_usage_is(cli);
	return rt_status_exit(err->status);
}

int rt_cli_usage(const struct rt_cli *cli, const char *fmt, ...)
{
	struct rt_buf text = {0};
	struct rt_error err;
	va_list ap;
	va_start(ap, fmt);
	rt_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	(void)rt_fail(&err, RT_USAGE, "%s", rt_buf_str(&text));
	rt_buf_done(&text);
	return rt_cli_fail(cli, &err);
}

void rt_cli_warn(const struct rt_cli *cli, const char *fmt, ...)
{
	struct rt_buf text = {0};
	va_list ap;
	va_start(ap, fmt);
	rt_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	print_message(cli, rt_buf_str(&text));
	rt_buf_done(&text);
}

int rt_cli_format(const struct rt_cli *cli)
{
	const char *formats = cli->command->formats;
	const char *wanted = cli->opts.output;
	if (!wanted)
		return 0;
	int index = rt_str_word_index(formats, wanted, strlen(wanted));
	if (index < 0)
		(void)rt_cli_usage(cli, "-o %s: %s knows %s", wanted, cli->command->name, formats);
	return index;
}

bool rt_cli_format_is(const struct rt_cli *cli, const char *name)
{
	const char *formats = cli->command->formats ? cli->command->formats : "";
	size_t len = strlen(name);
	if (cli->opts.output)
		return strcmp(cli->opts.output, name) == 0;
	return strncmp(formats, name, len) == 0 && (formats[len] == ' ' || !formats[len]);
}
