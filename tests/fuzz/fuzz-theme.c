/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-theme.c - any text is a theme, a theme with warnings, or refused with a reason.
 */
#include "config.h"

#include "rutter/buf.h"
#include "rutter/theme.h"
#include "tests/lib/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum rt_depth depths[] = {RT_DEPTH_NONE, RT_DEPTH_16, RT_DEPTH_256};
	struct rt_theme_input in = {.text = (const char *)data, .len = size, .source = "input"};
	struct rt_theme *theme = NULL;
	struct rt_buf warnings = {0};
	struct rt_error err = {0};

	if (rt_theme_load(&in, &theme, &warnings, &err) != RT_OK) {
		FUZZ_CHECK(err.msg[0]);
		FUZZ_CHECK(!theme);
	}
	for (size_t i = 0; theme && i < sizeof(depths) / sizeof(depths[0]); i++)
		rt_theme_bake(theme, depths[i]);
	rt_theme_free(theme);
	rt_buf_done(&warnings);
	return 0;
}
