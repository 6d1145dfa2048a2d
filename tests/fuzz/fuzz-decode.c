/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-decode.c - any JSON object decodes or is refused with the field; what is encoded of it
 * decodes to the same object again.
 */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/intern.h"
#include "rutter/json.h"
#include "rutter/model.h"
#include "tests/lib/fuzz.h"

static struct rt_obj *decode(struct rt_intern *intern, json_t *value)
{
	struct rt_arena scratch = {0};
	struct rt_error err = {0};
	struct rt_obj *obj = NULL;
	const char *field = NULL;
	struct rt_decode_in in = {.value = value};

	if (rt_decode(intern, &in, &scratch, &obj, &field, &err) != RT_OK) {
		FUZZ_CHECK(err.msg[0]);
		FUZZ_CHECK(!obj);
	}
	rt_arena_done(&scratch);
	return obj;
}

static void encode(const struct rt_obj *obj, struct rt_buf *out)
{
	json_t *value = rt_encode(obj);

	FUZZ_CHECK(value);
	rt_json_write(out, value, false);
	json_decref(value);
}

static void check_round_trip(struct rt_intern *intern, const struct rt_obj *obj)
{
	struct rt_buf once = {0}, twice = {0};
	struct rt_error err = {0};
	json_t *value;

	encode(obj, &once);
	FUZZ_CHECK(rt_json_parse(rt_buf_str(&once), once.len, "encoded", &value, &err) == RT_OK);
	struct rt_obj *again = decode(intern, value);
	FUZZ_CHECK(again);
	encode(again, &twice);
	FUZZ_CHECK(strcmp(rt_buf_str(&once), rt_buf_str(&twice)) == 0);
	free(again);
	json_decref(value);
	rt_buf_done(&once);
	rt_buf_done(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_error err = {0};
	json_t *value;

	if (rt_json_parse((const char *)data, size, "input", &value, &err) != RT_OK)
		return 0;
	struct rt_intern *intern = rt_intern_new();
	struct rt_obj *obj = decode(intern, value);

	if (obj)
		check_round_trip(intern, obj);
	free(obj);
	rt_intern_free(intern);
	json_decref(value);
	return 0;
}
