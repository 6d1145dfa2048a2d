/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - the program's door: finds the command in the table and runs it.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

struct command {
	const char *name;
	const char *summary;
	int (*run)(void);
};

static int run_help(void);
static int run_version(void);

static const struct command commands[] = {
    {"version", "print the version", run_version},
    {"help", "print this list", run_help},
};

static int run_version(void)
{
	puts(PACKAGE_NAME " " PACKAGE_VERSION);
	return 0;
}

static int run_help(void)
{
	puts("Usage: rutter COMMAND\n\nCommands:");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].summary);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return run_help();
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run();
	}
	fprintf(stderr, "rutter: unknown command: %s\n", argv[1]);
	return EXIT_USAGE;
}
