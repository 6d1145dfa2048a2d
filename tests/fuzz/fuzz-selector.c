/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-selector.c - what is written of a parsed label query parses again, to the same text.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/selector.h"
#include "tests/lib/fuzz.h"

static const struct rt_pair labels[] = {{"app", "web"}, {"tier", ""}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_arena a = {0};
	struct rt_error err = {0};
	struct rt_selector first, second;
	struct rt_pairs pairs = {labels, 2};
	struct rt_buf once = {0}, twice = {0};
	char *text = rt_arena_strndup(&a, (const char *)data, size);

	if (rt_selector_parse(&a, text, &first, &err) == RT_OK) {
		rt_selector_write(&once, &first);
		FUZZ_CHECK(rt_selector_parse(&a, rt_buf_str(&once), &second, &err) == RT_OK);
		rt_selector_write(&twice, &second);
		FUZZ_CHECK(strcmp(rt_buf_str(&once), rt_buf_str(&twice)) == 0);
		FUZZ_CHECK(rt_selector_match(&first, pairs) == rt_selector_match(&second, pairs));
	}
	rt_buf_done(&once);
	rt_buf_done(&twice);
	rt_arena_done(&a);
	return 0;
}
