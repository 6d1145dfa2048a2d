/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-clean.c - no byte sequence whatever reaches the terminal unclean, and widths are told right.
 */
#include "config.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/utf8.h"
#include "tests/lib/fuzz.h"

enum { COLS = 20 };

static void check_clean(const char *s)
{
	size_t len = strlen(s);

	FUZZ_CHECK(rt_utf8_valid(s, len));
	for (size_t i = 0; i < len;) {
		uint32_t cp;

		i += rt_utf8_decode(s + i, len - i, &cp);
		FUZZ_CHECK(!rt_cp_unsafe(cp));
	}
}

static void clean_once(const char *text, bool ascii)
{
	struct rt_buf out = {0};

	rt_clean(&out, text, ascii);
	check_clean(rt_buf_str(&out));
	rt_buf_clear(&out);
	FUZZ_CHECK(rt_clean_cut(&out, text, COLS, ascii) <= COLS);
	check_clean(rt_buf_str(&out));
	FUZZ_CHECK(rt_str_width(rt_buf_str(&out)) <= COLS);
	rt_buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	clean_once(text, false);
	clean_once(text, true);
	free(text);
	return 0;
}
