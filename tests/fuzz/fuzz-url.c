/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-url.c - a URL that is taken has a scheme, a host and a port that can be; decoding keeps to
 * the text's length.
 */
#include "config.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/url.h"
#include "tests/lib/fuzz.h"

static void check_url(const struct rt_url *u)
{
	FUZZ_CHECK(u->scheme && u->scheme[0]);
	FUZZ_CHECK(u->host && u->host[0]);
	FUZZ_CHECK(u->port >= 0 && u->port <= 65535);
	FUZZ_CHECK(u->path && !strpbrk(u->path, "\n\r\t\x1b"));
}

/* What is encoded decodes to itself. */
static void round_trip(struct rt_arena *a, const char *text)
{
	struct rt_buf buf = {0};

	rt_url_encode(&buf, text);
	FUZZ_CHECK(strcmp(rt_url_decode(a, rt_buf_str(&buf), buf.len, false), text) == 0);
	rt_buf_done(&buf);
	FUZZ_CHECK(strlen(rt_url_decode(a, text, strlen(text), true)) <= strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_arena a = {0};
	struct rt_error err = {0};
	struct rt_url u = {0};
	char *text = rt_arena_strndup(&a, (const char *)data, size);

	if (rt_url_parse(&a, text, &u, &err) == RT_OK)
		check_url(&u);
	else
		FUZZ_CHECK(err.msg[0]);
	round_trip(&a, text);
	rt_arena_done(&a);
	return 0;
}
