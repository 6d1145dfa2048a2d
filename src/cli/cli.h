/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli.h - one run of the program: what was asked, where output goes, which command it is.
 * A command is one file cmd_NAME.c that defines `const struct rt_command rt_cmd_NAME`, and one row
 * in command.c. It writes its data into cli->out (flushed to stdout when it returns) and returns
 * the exit status of the contract.
 */
#ifndef RUTTER_CLI_CLI_H
#define RUTTER_CLI_CLI_H

#include "narrow.h"
#include "options.h"
#include "rutter/analysis.h"
#include "rutter/buf.h"
#include "rutter/text.h"

/* The environment, read once when the program starts (env.c). */
struct rt_env {
	const char *const *all; /* NAME=value, NULL-ended */
	bool stdin_tty, stdout_tty, stderr_tty;
	unsigned columns; /* COLUMNS, else of the terminal, 80 without one */
	bool utf8;        /* the locale's character set */
	int64_t now;      /* seconds; RT_NOW sets it for tests */
};
void rt_env_read(struct rt_env *env);
int64_t rt_env_clock(const struct rt_env *env);                     /* now, or what RT_NOW says */
const char *rt_env_get(const struct rt_env *env, const char *name); /* NULL: not set or empty */

struct rt_command;
struct rt_cli {
	const char *program; /* "rutter", or "kubectl rutter" */
	const struct rt_env *env;
	struct rt_options opts;
	rt_args args; /* words after the command's name */
	const struct rt_command *command;
	struct rt_text_style style;
	struct rt_buf out;
	struct rt_arena arena; /* lives as long as the run */
	struct rt_narrow narrow;
	struct rt_buf *held;      /* messages go here while a screen stands in their way; or NULL */
	struct rt_buf stdin_text; /* what "-f -" read, for the lines of findings */
};

struct rt_example {
	const char *about, *line; /* line begins with "rutter", which help shows as it was called */
};

struct rt_command {
	const char *name;
	const char *arguments;             /* "[KIND[/NAME]…]", or NULL */
	const char *summary;               /* one line for the list */
	const char *about;                 /* paragraphs for its help */
	const struct rt_example *examples; /* the last has no line; NULL: none */
	const char *formats;               /* of -o, the default first; NULL: none */
	const char *exits;                 /* what its exit status means */
	bool reads;                        /* takes the options about where objects come from */
	bool hidden;
	int (*run)(struct rt_cli *cli);
};

extern const struct rt_command *const rt_cli_commands[];
extern const size_t rt_cli_command_count;
const struct rt_command *rt_command_by_name(const char *name);
/* RT_USAGE, with a hint at the command, option or kind that was probably meant. */
enum rt_status rt_command_unknown(const char *program, const char *word, struct rt_error *err);
/* Does the table of options give it to the command? The format only where it has formats. */
bool rt_command_takes(const struct rt_command *c, const struct rt_option *o);
bool rt_option_in_use(const struct rt_option *o); /* some command takes it */

/* Writes "rutter: what failed: why" and the hint to stderr; returns the exit status. */
int rt_cli_fail(const struct rt_cli *cli, const struct rt_error *err);
/* The same for a mistake on the command line; exit status 2. */
int rt_cli_usage(const struct rt_cli *cli, const char *fmt, ...) RT_PRINTF(2, 3);
/* One line to stderr that is no failure. */
void rt_cli_warn(const struct rt_cli *cli, const char *fmt, ...) RT_PRINTF(2, 3);
/* One line or two about what could not be read, where there is such; unread.c */
void rt_cli_say_unread(const struct rt_cli *cli, const struct rt_store *store);
/* Index of the chosen -o in the command's formats; -1 after a message when it has no such. */
int rt_cli_format(const struct rt_cli *cli);
bool rt_cli_format_is(const struct rt_cli *cli, const char *name);

/* ------------------------------------------------------------------ input.c: the objects */

/* Reads what the options name into a new store: files, demo or cluster, without overlays. On
 * failure the error is on stderr already, *ret is NULL and the exit status is returned, else 0.
 * For a cluster the questions that the analysis has (wants.h) are asked and answered too. */
int rt_input_open(struct rt_cli *cli, struct rt_store **ret);
int rt_input_cluster(struct rt_cli *cli, struct rt_store **ret); /* input_cluster.c */
/* Puts the overlays of the options on top. */
int rt_input_overlay(struct rt_cli *cli, struct rt_store *store);
/* Both in turn: what every command but check wants. */
int rt_input_read(struct rt_cli *cli, struct rt_store **ret);

#endif
