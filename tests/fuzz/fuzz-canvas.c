/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-canvas.c - whatever is drawn wherever: no unsafe code point is in a cell, and every wide
 * character has its second half and no half stands alone.
 */
#include "config.h"

#include <string.h>

#include "rutter/canvas.h"
#include "rutter/utf8.h"
#include "tests/lib/fuzz.h"

enum { COLS = 13, ROWS = 3 };

static void check_cell(const struct rt_grid *g, const struct rt_cell *c, int left)
{
	uint32_t cp[RT_CLUSTER_MAX] = {0};

	FUZZ_CHECK(c->width <= 2);
	FUZZ_CHECK((left == 2) == (c->width == 0));
	if (c->width == 0)
		return;
	rt_grid_cps(g, c, cp);
	for (int i = 0; i < RT_CLUSTER_MAX && cp[i]; i++)
		FUZZ_CHECK(!rt_cp_unsafe(cp[i]));
}

static void check_grid(const struct rt_grid *g)
{
	for (int y = 0; y < g->h; y++) {
		int left = 1;

		for (int x = 0; x < g->w; x++) {
			const struct rt_cell *c = &g->cells[y * g->w + x];

			check_cell(g, c, left);
			left = c->width;
		}
		FUZZ_CHECK(left != 2);
	}
}

/* The first three bytes say where; the rest is drawn there, once over the other. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_grid grid = {0};

	if (size < 3)
		return 0;
	char *text = malloc(size - 2);

	if (!text)
		return 0;
	memcpy(text, data + 3, size - 3);
	text[size - 3] = '\0';
	rt_grid_resize(&grid, COLS, ROWS);
	grid.ascii = data[2] & 1;
	for (int i = 0; i < 2; i++) {
		rt_put(rt_canvas_all(&grid), data[i] % (COLS + 2) - 1, 1, RT_ROLE_TEXT, text);
		check_grid(&grid);
	}
	rt_grid_done(&grid);
	free(text);
	return 0;
}
