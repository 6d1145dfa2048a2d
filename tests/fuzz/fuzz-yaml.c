/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-yaml.c - any text is read or refused with its place; what is written of a document is text
 * that is safe to show; a place is within the text.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/utf8.h"
#include "rutter/yaml.h"
#include "tests/lib/fuzz.h"

static void check_text(const struct rt_buf *b)
{
	const char *s = rt_buf_str(b);

	for (size_t i = 0; i < b->len;) {
		uint32_t cp;

		i += rt_utf8_decode(s + i, b->len - i, &cp);
		FUZZ_CHECK(cp == '\n' || !rt_cp_unsafe(cp));
	}
}

static enum rt_status document(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	struct rt_buf out = {0};
	unsigned lines = *(unsigned *)ctx;

	(void)err;
	FUZZ_CHECK(doc->value);
	FUZZ_CHECK(doc->line >= 1 && doc->line <= lines);
	rt_json_write(&out, doc->value, false);
	check_text(&out);
	rt_buf_clear(&out);
	rt_yaml_write(&out, doc->value, 0);
	check_text(&out);
	rt_buf_done(&out);
	return RT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char path[] = "items[1].spec.rules[0].backendRefs[1]";
	struct rt_error err = {0};
	unsigned lines = 1;

	/* YAML counts a carriage return, NEL, LS and PS as line breaks too: any byte may be one. */
	lines += (unsigned)size;
	if (rt_yaml_parse((const char *)data, size, "input", document, &lines, &err) != RT_OK)
		FUZZ_CHECK(strncmp(err.msg, "input", 5) == 0);
	FUZZ_CHECK(rt_yaml_locate((const char *)data, size, 0, path) <= lines);
	return 0;
}
