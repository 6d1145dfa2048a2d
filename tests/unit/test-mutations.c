/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-mutations.c - every member of manifests of all kinds taken away, made null or another value:
 * whatever is there or is not, each report is made without harm and names nothing "(null)".
 */
#include "config.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/check_report.h"
#include "rutter/dump.h"
#include "rutter/manifest.h"
#include "rutter/mem.h"
#include "rutter/object_text.h"
#include "rutter/routes_report.h"
#include "rutter/snapshot.h"
#include "rutter/status_report.h"
#include "rutter/trace_report.h"
#include "rutter/wants.h"
#include "rutter/yaml.h"
#include "tests/lib/tap.h"

#define NOW 1800000000

/* Where the mutation is, for messages; also when the program dies of it. */
static struct rt_buf place;
static size_t mutants, nulls;

/* ---------------------------------------------------------------- what is made of a world */

static void look_at(struct rt_buf *out, const char *what)
{
	if (strstr(rt_buf_str(out), "(null)")) {
		nulls++;
		tap_diag("%s of %s", what, rt_buf_str(&place));
	}
	rt_buf_clear(out);
}

static const struct rt_text_style plain = {.width = 80};

static unsigned line_of(void *ctx, const struct rt_origin *origin, const char *field)
{
	(void)ctx;
	(void)field;
	return origin->line;
}

static void make_check(const struct rt_analysis *an, const struct rt_store *s, struct rt_buf *out)
{
	struct rt_check *c = rt_check_new(&(struct rt_check_in){.an = an, .now = NOW});
	struct rt_check_report r = {
	    .store = s, .fail_on = RT_SEV_ERROR, .version = "1", .line = line_of};
	while (rt_check_step(c))
		;
	r.shown = *rt_check_result(c);
	rt_check_report_text(out, &r, &plain);
	look_at(out, "check");
	struct rt_graph *g = rt_graph_build(an, rt_check_result(c));
	struct rt_dump_opts opts = {.style = &plain, .wide = true};
	rt_dump_tree(out, g, &opts);
	look_at(out, "dump");
	rt_graph_free(g);
	rt_check_free(c);
}

static void make_routes(const struct rt_analysis *an, struct rt_arena *a, struct rt_buf *out)
{
	struct rt_routes routes = {0};
	RT_VEC(size_t) all = {0};
	rt_routes_of(an, a, &routes);
	for (size_t i = 0; i < routes.rows.len; i++)
		rt_vec_push(&all, a, i);
	rt_routes_table(out, &(struct rt_routes_view){&routes, all.v, all.len}, &plain);
	look_at(out, "routes");
}

static void make_traces(const struct rt_analysis *an, struct rt_arena *a, struct rt_buf *out)
{
	static const char *const urls[] = {"http://b.e.com/x?y=1", "https://b.e.com/",
	    "grpc://b.e.com/a.B/C", "tls://b.e.com:443"};
	for (size_t i = 0; i < RT_ARRAY_LEN(urls); i++) {
		struct rt_request req;
		struct rt_trace t;
		if (rt_request_parse(a, &(struct rt_request_args){.url = urls[i]}, &req, NULL) !=
		    RT_OK)
			continue;
		rt_trace_run(an, a, &req, &(struct rt_trace_opts){0}, &t);
		rt_trace_text(out, &t, &plain);
		look_at(out, "trace");
	}
}

static void make_texts(const struct rt_store *s, struct rt_buf *out)
{
	rt_snapshot_write(out, s, NOW);
	look_at(out, "snapshot");
	for (int k = 0; k < RT_KIND_COUNT; k++) {
		const struct rt_obj *const *list;
		size_t count = rt_store_list(s, (enum rt_kind)k, &list);
		for (size_t i = 0; i < count; i++)
			free(rt_object_yaml(list[i]));
	}
}

static void use(const json_t *documents, enum rt_store_mode mode)
{
	struct rt_store *s = rt_store_new(mode);
	struct rt_arena a = {0};
	struct rt_buf out = {0};
	struct rt_status_report status = {0};
	rt_wants wants = {0};

	for (size_t i = 0; i < json_array_size(documents); i++)
		rt_manifest_put(s, json_array_get(documents, i), (struct rt_origin){.offset = -1});
	struct rt_analysis *an = rt_analyze(s, &(struct rt_analysis_opts){.now = NOW});
	make_check(an, s, &out);
	rt_status_judge(an, &a, &status);
	rt_status_report_text(&out, &status, &plain);
	look_at(&out, "status");
	make_routes(an, &a, &out);
	make_traces(an, &a, &out);
	make_texts(s, &out);
	rt_wants_collect(s, &a, &wants);
	rt_analysis_free(an);
	rt_arena_done(&a);
	rt_buf_done(&out);
	rt_store_free(s);
}

/* ---------------------------------------------------------------- mutants */

static const char *const values[] = {
    "null", "\"\"", "[]", "{}", "-1", "4611686018427387904", "\"*.x\"", "[null]", "[{}]"};

static void use_mutant(const json_t *documents, const char *what)
{
	size_t len = place.len;
	rt_buf_printf(&place, " %s", what);
	mutants++;
	use(documents, RT_STORE_FILES);
	use(documents, RT_STORE_CLUSTER);
	place.len = len;
	place.data[len] = '\0';
}

static void mutate(json_t *documents, json_t *value);

/* Every value in place of the one at key, or at index where key is NULL; then within it. */
static void mutate_at(json_t *documents, json_t *in, const char *key, size_t index)
{
	json_t *own = json_incref(key ? json_object_get(in, key) : json_array_get(in, index));
	size_t len = place.len;

	if (key)
		rt_buf_printf(&place, ".%s", key);
	else
		rt_buf_printf(&place, "[%zu]", index);
	for (size_t i = 0; i < RT_ARRAY_LEN(values); i++) {
		json_t *other = json_loads(values[i], JSON_DECODE_ANY, NULL);
		if (key)
			json_object_set_new(in, key, other);
		else
			json_array_set_new(in, index, other);
		use_mutant(documents, values[i]);
	}
	if (key)
		json_object_set(in, key, own);
	else
		json_array_set(in, index, own);
	mutate(documents, own);
	json_decref(own);
	place.len = len;
	place.data[len] = '\0';
}

static void mutate(json_t *documents, json_t *value)
{
	RT_VEC(char *) keys = {0};
	const char *key;
	json_t *member;

	json_object_foreach(value, key, member) rt_vec_push(&keys, NULL, rt_xstrdup(key));
	for (size_t i = 0; i < keys.len; i++) {
		mutate_at(documents, value, keys.v[i], 0);
		free(keys.v[i]);
	}
	rt_vec_free(&keys);
	for (size_t i = 0; i < json_array_size(value); i++)
		mutate_at(documents, value, NULL, i);
}

/* ---------------------------------------------------------------- manifests */

static enum rt_status take(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	(void)err;
	json_array_append_new(ctx, json_deep_copy(doc->value));
	return RT_OK;
}

static void read_file(const char *path, struct rt_buf *text)
{
	char chunk[4096];
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && (n = read(fd, chunk, sizeof(chunk))) > 0)
		rt_buf_add(text, chunk, (size_t)n);
	if (fd >= 0)
		close(fd);
}

static void test_file(const char *name)
{
	const char *top = getenv("TOP_SRCDIR");
	char *path = rt_xprintf("%s/tests/fuzz/corpus/analysis/%s", top ? top : ".", name);
	struct rt_buf text = {0};
	json_t *documents = json_array();

	read_file(path, &text);
	tap_is_int(rt_yaml_parse(rt_buf_str(&text), text.len, name, take, documents, NULL), RT_OK,
	    "%s is read", name);
	mutants = nulls = 0;
	rt_buf_clear(&place);
	rt_buf_puts(&place, name);
	mutate(documents, documents);
	tap_ok(mutants > 1000, "%zu mutants of it live through every report", mutants);
	tap_is_int((long long)nulls, 0, "and none is called (null)");
	json_decref(documents);
	rt_buf_done(&text);
	free(path);
}

int main(void)
{
	test_file("gateway");
	test_file("ingress");
	rt_buf_done(&place);
	return tap_done();
}
