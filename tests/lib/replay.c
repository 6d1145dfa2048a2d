/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - main() of a fuzz target in ordinary test runs: feeds it its corpus, as TAP.
 * The corpus is tests/fuzz/corpus/NAME/ for a program fuzz-NAME; files named on the command line
 * are fed instead, to look into a crash.
 */
#include "config.h"

#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

/* Inputs are small on purpose; a larger file is cut. */
enum { INPUT_LIMIT = 1 << 20, PATH_LIMIT = 4096 };

/* A block of exactly the input's size, so that the sanitizer sees the first byte beyond it. */
static void feed(const char *bytes, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, bytes, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

static void replay_file(const char *path)
{
	static char buf[INPUT_LIMIT];
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		tap_ok(false, "%s: %s", path, strerror(errno));
		return;
	}
	size_t len = fread(buf, 1, sizeof(buf), f);

	fclose(f);
	/* Told before: a crash ends the log here. */
	tap_diag("%s, %zu bytes", path, len);
	fflush(stdout);
	feed(buf, len);
	tap_ok(true, "%s", path);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void replay_folder(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, by_name);

	if (n >= 0 && chdir(path) != 0)
		n = -1;
	tap_ok(n > 2, "there are inputs");
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.') {
			replay_file(entries[i]->d_name);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	const char *top = getenv("TOP_SRCDIR");
	const char *name = strstr(argv[0], "fuzz-");
	char folder[PATH_LIMIT];

	feed("", 0);
	tap_ok(true, "no input at all");
	for (int i = 1; i < argc; i++)
		replay_file(argv[i]);
	if (argc > 1 || name == NULL)
		return tap_done();
	snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", top != NULL ? top : ".",
	    name + strlen("fuzz-"));
	replay_folder(folder);
	return tap_done();
}
