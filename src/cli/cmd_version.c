/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_version.c - `rutter version`; as JSON with the libraries it runs with and what they can do.
 */
#include "config.h"

#include <stdlib.h>

#include "cli.h"
#include "rutter/json.h"
#include "rutter/net.h"
#include "rutter/regex.h"
#include "rutter/term.h"
#include "rutter/yaml.h"

static void member(struct rt_buf *out, const char *key, const char *value, bool last)
{
	rt_buf_printf(out, "\"%s\":", key);
	if (value)
		rt_json_quote(out, value);
	else
		rt_buf_puts(out, "null");
	rt_buf_puts(out, last ? "}" : ",");
}

static void write_json(struct rt_buf *out)
{
	struct rt_net_library net = rt_net_library();
	char *pcre2 = rt_regex_library();

	rt_buf_puts(out, "{\"apiVersion\":\"rutter/v1\",\"kind\":\"Version\",\"version\":");
	rt_json_quote(out, PACKAGE_VERSION);
	rt_buf_puts(out, ",\"libraries\":{");
	member(out, "curl", net.curl, false);
	member(out, "tls", net.tls, false);
	member(out, "http2", net.http2, false);
	member(out, "zlib", net.zlib, false);
	member(out, "jansson", rt_json_library(), false);
	member(out, "yaml", rt_yaml_library(), false);
	member(out, "pcre2", pcre2, false);
	member(out, "ncurses", rt_term_library(), true);
	rt_buf_printf(out, ",\"features\":{\"http2\":%s,\"gzip\":%s,\"asyncDns\":%s}",
	    net.http2 ? "true" : "false", net.zlib ? "true" : "false",
	    net.async_dns ? "true" : "false");
	rt_buf_puts(out, ",\"unread\":[]}\n");
	free(pcre2);
}

static int run(struct rt_cli *cli)
{
	if (rt_cli_format_is(cli, "text"))
		rt_buf_puts(&cli->out, PACKAGE_NAME " " PACKAGE_VERSION "\n");
	else
		write_json(&cli->out);
	return 0;
}

const struct rt_command rt_cmd_version = {
    .name = "version",
    .summary = "print the version",
    .about = "Prints the version of the program; with -o json also those of the libraries it runs "
	     "with, and what they can do.",
    .formats = "text json",
    .exits = "0",
    .run = run,
};
