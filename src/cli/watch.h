/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.h - --watch: a command that goes on and prints what changes.
 * The whole report comes first. From then on text formats print a line for each thing that came
 * (+) or went (-), the others the whole document again, one after the other.
 */
#ifndef RUTTER_CLI_WATCH_H
#define RUTTER_CLI_WATCH_H

#include "cli.h"

struct rt_watch_line {
	const char *key; /* what makes it the same line as before */
	const char *text;
};
typedef RT_VEC(struct rt_watch_line) rt_watch_lines;

struct rt_watch_ops {
	/* The report in the format asked for, into cli->out. Exit status as without --watch. */
	int (*report)(struct rt_cli *cli, const struct rt_store *store);
	/* The same as lines, in the order of the report; strings in a. NULL where the format is a
	 * document. */
	void (*lines)(struct rt_cli *cli, const struct rt_store *store, struct rt_arena *a,
	    rt_watch_lines *ret);
	bool documents; /* print whole documents */
};

/* Watches the cluster that the options name until a signal ends it: exit status 128 + signal, or
 * the contract's when it cannot be read. */
int rt_watch(struct rt_cli *cli, const struct rt_watch_ops *ops);

#endif
