/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-discovery.c - whatever a server says it serves, a kind that is found has a path.
 */
#include "config.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/discovery.h"
#include "rutter/mem.h"
#include "tests/lib/fuzz.h"

static const char *const paths[] = {"/api", "/apis", "/apis/example.com/v1"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_discovery *d = rt_discovery_new(NULL);
	const struct rt_api_resource *r = NULL;
	RT_AUTO_BUF struct rt_buf versions = {0};

	for (size_t i = 0; i < RT_ARRAY_LEN(paths); i++) {
		struct rt_error err = {0};
		enum rt_status st = rt_discovery_take(
		    d, paths[i], "application/json", (const char *)data, size, &err);
		FUZZ_CHECK(st == RT_OK || err.msg[0]);
	}
	if (rt_discovery_find(d, "example.com", "Widget", NULL, &r, NULL) == RT_SERVED) {
		FUZZ_CHECK(r && r->plural && r->version && !strchr(r->plural, '/'));
		rt_discovery_versions(d, "example.com", "Widget", &versions);
		FUZZ_CHECK(versions.len > 0);
	}
	rt_discovery_free(d);
	return 0;
}
