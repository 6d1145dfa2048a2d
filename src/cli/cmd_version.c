/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_version.c - `rutter version`.
 */
#include "config.h"

#include "cli.h"
#include "rutter/json.h"

static int run(struct rt_cli *cli)
{
	if (rt_cli_format_is(cli, "text")) {
		rt_buf_puts(&cli->out, PACKAGE_NAME " " PACKAGE_VERSION "\n");
		return 0;
	}
	rt_buf_puts(&cli->out, "{\"apiVersion\":\"rutter/v1\",\"kind\":\"Version\",\"version\":");
	rt_json_quote(&cli->out, PACKAGE_VERSION);
	rt_buf_puts(&cli->out, ",\"unread\":[]}\n");
	return 0;
}

const struct rt_command rt_cmd_version = {
    .name = "version",
    .summary = "print the version",
    .about = "Prints the version of the program.",
    .formats = "text json",
    .exits = "0",
    .run = run,
};
