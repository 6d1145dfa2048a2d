/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_snapshot.c - `rutter snapshot`: all that was read, as one List that -f takes.
 */
#include "config.h"

#include "cli.h"
#include "rutter/snapshot.h"

static int run(struct rt_cli *cli)
{
	struct rt_store *store = NULL;
	int status = rt_input_read(cli, &store);
	if (status != 0)
		return status;
	rt_snapshot_write(&cli->out, store, cli->env->now);
	rt_store_free(store);
	return 0;
}

static const struct rt_example examples[] = {
    {"For a ticket", "rutter snapshot >ticket.json"},
    {"Where it is read", "rutter check -f ticket.json"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_snapshot = {
    .name = "snapshot",
    .summary = "write all that was read as one List",
    .about = "Writes everything the other commands need as one v1 List, to attach to a ticket and "
	     "to read elsewhere with -f. Its first item says what was asked and what came of it. "
	     "Payloads of Secrets are never read and never written.",
    .examples = examples,
    .exits = "0",
    .reads = true,
    .run = run,
};
