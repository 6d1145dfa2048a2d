/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-analysis.c - whatever manifests say, they are judged without harm, and judged alike twice.
 */
#include "config.h"

#include <string.h>

#include "rutter/analysis_ingress.h"
#include "rutter/buf.h"
#include "rutter/findings.h"
#include "rutter/status_report.h"
#include "rutter/wants.h"
#include "rutter/yaml.h"
#include "tests/lib/fuzz.h"

enum { NOW = 1800000000 };

static enum rt_status put(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	struct rt_store *s = ctx;
	struct rt_arena scratch = {0};
	struct rt_obj *obj = NULL;
	struct rt_decode_in in = {.value = doc->value, .origin = {.item = -1}};

	if (rt_decode(rt_store_intern(s), &in, &scratch, &obj, NULL, err) == RT_OK)
		rt_store_put(s, obj);
	rt_arena_done(&scratch);
	return RT_OK;
}

static char *judged(const struct rt_analysis *an)
{
	struct rt_arena a = {0};
	struct rt_status_report r = {0};
	struct rt_buf out = {0};

	rt_status_judge(an, &a, &r);
	rt_status_report_json(&out, &r, an->store);
	for (size_t i = 0; i < an->gateways.len; i++) {
		struct rt_data_plane d;
		rt_data_plane_of_gateway(an, an->gateways.v[i], &a, &d);
	}
	for (size_t i = 0; i < an->ingresses.len; i++) {
		struct rt_data_plane d;
		rt_data_plane_of_ingress(an, an->ingresses.v[i], &a, &d);
	}
	rt_arena_done(&a);
	return rt_buf_take(&out);
}

static void check(const struct rt_analysis *an)
{
	struct rt_check *c = rt_check_new(&(struct rt_check_in){.an = an, .now = NOW});
	struct rt_arena a = {0};
	rt_wants wants;

	while (rt_check_step(c))
		continue;
	rt_check_free(c);
	struct rt_wanting *w = rt_wants_begin(an, &a, &wants);
	while (rt_wants_step(w))
		continue;
	rt_wants_free(w);
	rt_arena_done(&a);
}

/* One way of looking at each input, told by its length: many inputs see more than many ways. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	struct rt_analysis_opts opts = {.now = NOW, .closed_world = size & 1};
	struct rt_error err = {0};

	/* What stands before a broken place is judged all the same. */
	if (rt_yaml_parse((const char *)data, size, "input", put, s, &err) != RT_OK)
		FUZZ_CHECK(err.msg[0]);
	rt_store_set_mode(s, size & 2 ? RT_STORE_CLUSTER : RT_STORE_FILES);
	struct rt_analysis *an = rt_analyze(s, &opts), *again = rt_analyze(s, &opts);
	char *once = judged(an), *twice = judged(again);
	FUZZ_CHECK(strcmp(once, twice) == 0);
	free(once);
	free(twice);
	check(an);
	rt_analysis_free(again);
	rt_analysis_free(an);
	rt_store_free(s);
	return 0;
}
