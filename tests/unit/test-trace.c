/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-trace.c - requests and what becomes of them, as data: tests/trace/NAME.yaml.
 *
 * A file holds objects and one document without kind:
 *
 *	about: one line
 *	features: "+A,-B"			optional
 *	requests:
 *	- trace: GET http://foo.com/foo		METHOD may be left out
 *	  with: ["Header: value"]		optional; also port, sni, cert, gateway, ingress
 *	  is: forward default/foo 0.9, default/bar 0.1!503
 *	  by: Ingress default/a 0 1		optional: kind, ns/name, rule, match
 *	  at: name of the listener, or none	optional
 *	  certainty: controller			optional
 *	  sees: host /path			optional: what is forwarded
 *	  mirrors: default/api 50, …		optional: all of them, "" for none
 *	  answers: "Name: value; …"		optional: response headers set
 *	  says: text				optional: some step holds it
 *	  mends: text				optional: so does some mend
 *	  finding: RT17				optional: some step names it
 *	  results: 1				optional: how many, before one is picked
 *	  of: Gateway				optional: kind of the entry looked at; else the
 *first
 *
 * `is`: forward BACKENDS; redirect STATUS LOCATION; respond STATUS; refuse; tls-error.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/findings.h"
#include "rutter/trace.h"
#include "tests/lib/tap.h"
#include "tests/lib/world.h"

#define FILES_MAX 200

static void put_outcome(struct rt_buf *out, const struct rt_trace_result *r)
{
	rt_buf_puts(out, rt_outcome_name(r->outcome));
	if (r->outcome == RT_OUTCOME_RESPOND)
		rt_buf_printf(out, " %d", r->status);
	if (r->outcome == RT_OUTCOME_REDIRECT)
		rt_buf_printf(out, " %d %s", r->redirect->status, r->redirect->location);
	if (r->outcome != RT_OUTCOME_FORWARD)
		return;
	const char *sep = " ";
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_trace_backend *b = &r->backends.v[i];
		rt_buf_printf(out, "%s%s/%s", sep, b->ref.ns ? b->ref.ns : "-", b->ref.name);
		if (b->share != 1)
			rt_buf_printf(out, " %.4g", b->share);
		if (b->status)
			rt_buf_printf(out, "!%d", b->status);
		if (b->redirect)
			rt_buf_printf(out, "!%d", b->redirect->status);
		sep = ", ";
	}
}

static void put_by(struct rt_buf *out, const struct rt_trace_result *r)
{
	if (!r->matched) {
		rt_buf_puts(out, "none");
		return;
	}
	const struct rt_obj *o = r->route ? &r->route->obj : &r->ingress->ingress->obj;
	rt_buf_printf(out, "%s %s/%s %d %d", o->kind_name, o->ns, o->name, r->rule, r->match);
}

static bool says(const struct rt_trace_result *r, const char *text)
{
	for (size_t i = 0; i < r->steps.len; i++)
		if (strstr(r->steps.v[i].text, text))
			return true;
	return false;
}

static bool mends(const struct rt_trace_result *r, const char *text)
{
	for (size_t i = 0; i < r->steps.len; i++)
		if (r->steps.v[i].mend && strstr(r->steps.v[i].mend, text))
			return true;
	return false;
}

static bool names(const struct rt_trace_result *r, const char *code)
{
	for (size_t i = 0; i < r->steps.len; i++)
		if (r->steps.v[i].finding && strcmp(r->steps.v[i].finding, code) == 0)
			return true;
	return false;
}

/* Every code that a step names is in the catalogue. */
static bool codes_known(const struct rt_trace_result *r)
{
	for (size_t i = 0; i < r->steps.len; i++)
		if (r->steps.v[i].finding && !rt_finding_by_code(r->steps.v[i].finding)) {
			tap_diag("%s is no finding", r->steps.v[i].finding);
			return false;
		}
	return true;
}

static void diag_steps(const struct rt_trace_result *r)
{
	for (size_t i = 0; i < r->steps.len; i++)
		tap_diag("  %d %s: %s", r->steps.v[i].ok, rt_hop_name(r->steps.v[i].hop),
		    r->steps.v[i].text);
}

static const char *ns_of(struct rt_arena *a, const char *text)
{
	return text ? rt_arena_strndup(a, text, strcspn(text, "/")) : NULL;
}

static const char *name_of(const char *text)
{
	return text ? strchr(text, '/') + 1 : NULL;
}

static void compare(const struct rt_value *want, const struct rt_trace_result *r, const char *title)
{
	struct rt_buf got = {0};
	const char *text;
	bool ok = true;
	put_outcome(&got, r);
	text = rt_value_get_str(want, "is");
	ok &= tap_is_str(rt_buf_str(&got), text, "%s", title);
	rt_buf_clear(&got);
	if ((text = rt_value_get_str(want, "by"))) {
		put_by(&got, r);
		ok &= tap_is_str(rt_buf_str(&got), text, "%s, by", title);
		rt_buf_clear(&got);
	}
	if ((text = rt_value_get_str(want, "at")))
		ok &= tap_is_str(
		    r->listener ? r->listener->spec->name : "none", text, "%s, at", title);
	if ((text = rt_value_get_str(want, "certainty")))
		ok &= tap_is_str(
		    r->by_controller ? "controller" : "spec", text, "%s, certainty", title);
	if ((text = rt_value_get_str(want, "sees"))) {
		if (r->forwarded)
			rt_buf_printf(&got, "%s %s", r->forwarded->host, r->forwarded->path);
		ok &= tap_is_str(rt_buf_str(&got), text, "%s, sees", title);
		rt_buf_clear(&got);
	}
	if ((text = rt_value_get_str(want, "mirrors"))) {
		for (size_t i = 0; i < r->mirrors.len; i++)
			rt_buf_printf(&got, "%s%s/%s %.4g", i ? ", " : "", r->mirrors.v[i].ref.ns,
			    r->mirrors.v[i].ref.name, r->mirrors.v[i].percent);
		ok &= tap_is_str(rt_buf_str(&got), text, "%s, mirrors", title);
		rt_buf_clear(&got);
	}
	if ((text = rt_value_get_str(want, "answers"))) {
		for (size_t i = 0; i < r->response_headers.set.len; i++)
			rt_buf_printf(&got, "%s%s: %s", got.len ? "; " : "",
			    r->response_headers.set.v[i].name, r->response_headers.set.v[i].value);
		ok &= tap_is_str(rt_buf_str(&got), text, "%s, answers", title);
		rt_buf_clear(&got);
	}
	if ((text = rt_value_get_str(want, "says")))
		ok &= tap_ok(says(r, text), "%s, says %s", title, text);
	if ((text = rt_value_get_str(want, "mends")))
		ok &= tap_ok(mends(r, text), "%s, mends %s", title, text);
	if ((text = rt_value_get_str(want, "finding")))
		ok &= tap_ok(names(r, text), "%s, finding %s", title, text);
	ok &= tap_ok(codes_known(r), "%s, findings", title);
	if (!ok)
		diag_steps(r);
	rt_buf_done(&got);
}

static const struct rt_trace_result *pick(const struct rt_trace *t, const char *kind)
{
	for (size_t i = 0; i < t->results.len; i++)
		if (!kind ||
		    (t->results.v[i].entry.kind && strcmp(t->results.v[i].entry.kind, kind) == 0))
			return &t->results.v[i];
	return NULL;
}

static void one_request(const struct rt_analysis *an, const struct rt_value *want, const char *file)
{
	struct rt_arena a = {0};
	struct rt_error err = {0};
	struct rt_request req;
	struct rt_trace t;
	const char *headers[16];
	const struct rt_value *with = rt_value_get(want, "with");
	char *text = rt_arena_strdup(&a, rt_value_get_str(want, "trace"));
	char *space = strchr(text, ' ');
	const char *title = rt_arena_printf(&a, "%s: %s", file, text);
	struct rt_request_args args = {.url = space ? space + 1 : text,
	    .headers = headers,
	    .port = (int)rt_value_int(rt_value_get(want, "port"), 0),
	    .sni = rt_value_get_str(want, "sni"),
	    .cert = rt_value_get_str(want, "cert")};
	if (space) {
		*space = '\0';
		args.method = text;
	}
	for (size_t i = 0; i < rt_value_len(with) && i < RT_ARRAY_LEN(headers); i++)
		headers[args.header_count++] = rt_value_str(rt_value_at(with, i));
	const char *gw = rt_value_get_str(want, "gateway"),
		   *ing = rt_value_get_str(want, "ingress");
	struct rt_trace_opts opts = {ns_of(&a, gw), name_of(gw), ns_of(&a, ing), name_of(ing)};
	if (rt_request_parse(&a, &args, &req, &err) != RT_OK) {
		const char *error = rt_value_get_str(want, "error");
		tap_ok(error && strstr(err.msg, error), "%s: %s", title, err.msg);
	} else {
		rt_trace_run(an, &a, &req, &opts, &t);
		int64_t results = rt_value_int(rt_value_get(want, "results"), -1);
		const struct rt_trace_result *r = pick(&t, rt_value_get_str(want, "of"));
		if (results >= 0)
			tap_is_int((long long)t.results.len, results, "%s, results", title);
		if (tap_ok(r != NULL, "%s has a result", title))
			compare(want, r, title);
	}
	rt_arena_done(&a);
}

static void one_file(const char *dir, const char *name)
{
	struct world w;
	char path[1024];
	world_init(&w);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (tap_ok(world_file(&w, path) && w.plain_count == 1, "%s is read", name)) {
		const struct rt_value *list = rt_value_get(w.plain[0], "requests");
		struct rt_analysis *an =
		    rt_analyze(w.store, &(struct rt_analysis_opts){.now = 1795400000,
					    .features = rt_value_get_str(w.plain[0], "features"),
					    .closed_world = true});
		tap_ok(rt_value_len(list) > 0, "%s has requests", name);
		for (size_t i = 0; i < rt_value_len(list); i++)
			one_request(an, rt_value_at(list, i), name);
		rt_analysis_free(an);
	}
	world_done(&w);
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
	const char *top = getenv("TOP_SRCDIR");
	char dir[1000];
	char *names[FILES_MAX];
	size_t count = 0;
	snprintf(dir, sizeof(dir), "%s/tests/trace", top ? top : ".");
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d)) && count < FILES_MAX;)
		if (strstr(e->d_name, ".yaml"))
			names[count++] = strdup(e->d_name);
	if (d)
		closedir(d);
	tap_ok(count > 0, "%s holds cases", dir);
	qsort(names, count, sizeof(names[0]), name_cmp);
	for (size_t i = 0; i < count; i++) {
		one_file(dir, names[i]);
		free(names[i]);
	}
	return tap_done();
}
