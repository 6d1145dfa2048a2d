/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_sarif.c - findings as SARIF 2.1.0. Every row of the catalogue is a rule. An open finding
 * has kind "open", which is SARIF's own word for it.
 */
#include "config.h"

#include "rutter/check_report.h"

#include <string.h>

#include "rutter/jsonout.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static const char *const levels[] = {
    [RT_SEV_ERROR] = "error", [RT_SEV_WARNING] = "warning", [RT_SEV_INFO] = "note"};

static void text(struct rt_json_out *j, const char *key, const char *s)
{
	rt_json_object(j, key);
	rt_json_string(j, "text", s);
	rt_json_close(j);
}

static void rule(struct rt_json_out *j, const struct rt_finding_info *info, struct rt_arena *a)
{
	rt_json_object(j, NULL);
	rt_json_string(j, "id", info->code);
	rt_json_string(j, "name", info->name);
	text(j, "shortDescription", info->means);
	text(j, "fullDescription", info->when);
	text(j, "help", rt_arena_printf(a, "%s Fix: %s", info->means, info->fix));
	rt_json_string(j, "helpUri", info->doc);
	rt_json_object(j, "defaultConfiguration");
	rt_json_string(j, "level", levels[info->severity]);
	rt_json_close(j);
	rt_json_close(j);
}

static void driver(struct rt_json_out *j, const struct rt_check_report *r, struct rt_arena *a)
{
	rt_json_object(j, "tool");
	rt_json_object(j, "driver");
	rt_json_string(j, "name", "rutter");
	rt_json_string(j, "version", r->version);
	rt_json_array(j, "rules");
	for (size_t i = 0; i < RT_CODE_COUNT; i++)
		rule(j, rt_finding_info((enum rt_code)i), a);
	rt_json_close(j);
	rt_json_close(j);
	rt_json_close(j);
}

/* A path as a URI reference: everything but the unreserved characters and '/' is escaped. */
static const char *uri(struct rt_arena *a, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";
	struct rt_buf b = {0};
	const char *ret;

	if (strncmp(path, "./", 2) == 0)
		path += 2;
	if (*path == '/')
		rt_buf_puts(&b, "file://");
	for (; *path; path++)
		if (strchr(plain, *path))
			rt_buf_putc(&b, *path);
		else
			rt_buf_printf(&b, "%%%02X", (unsigned)(unsigned char)*path);
	ret = rt_arena_strdup(a, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

static void physical(struct rt_json_out *j, const struct rt_check_report *r,
    const struct rt_finding *f, struct rt_arena *a)
{
	unsigned line = r->line ? r->line(r->ctx, &f->origin, f->field) : f->origin.line;

	rt_json_object(j, "physicalLocation");
	rt_json_object(j, "artifactLocation");
	rt_json_string(
	    j, "uri", strcmp(f->origin.file, "-") == 0 ? "stdin" : uri(a, f->origin.file));
	rt_json_close(j);
	rt_json_object(j, "region");
	rt_json_int(j, "startLine", line ? line : 1);
	rt_json_close(j);
	rt_json_close(j);
}

static void location(struct rt_json_out *j, const struct rt_check_report *r,
    const struct rt_finding *f, struct rt_arena *a)
{
	rt_json_array(j, "locations");
	rt_json_object(j, NULL);
	if (f->origin.file)
		physical(j, r, f, a);
	rt_json_array(j, "logicalLocations");
	rt_json_object(j, NULL);
	rt_json_string(j, "fullyQualifiedName",
	    rt_arena_printf(a, "%s%s%s", rt_ref_text(a, f->object), f->field ? " " : "",
		f->field ? f->field : ""));
	rt_json_string(j, "kind", "resource");
	rt_json_close(j);
	rt_json_close(j);
	rt_json_close(j);
	rt_json_close(j);
}

static void result(struct rt_json_out *j, const struct rt_check_report *r,
    const struct rt_finding *f, struct rt_arena *a)
{
	const struct rt_finding_info *info = rt_finding_info(f->code);

	rt_json_object(j, NULL);
	rt_json_string(j, "ruleId", info->code);
	rt_json_int(j, "ruleIndex", (int64_t)f->code);
	rt_json_string(j, "kind", f->certain ? "fail" : "open");
	rt_json_string(j, "level", f->certain ? levels[info->severity] : "none");
	text(j, "message", f->message);
	location(j, r, f, a);
	rt_json_object(j, "partialFingerprints");
	rt_json_string(j, "rutter/v1",
	    rt_arena_printf(
		a, "%s %s %s", info->code, rt_ref_text(a, f->object), f->field ? f->field : ""));
	rt_json_close(j);
	rt_json_object(j, "properties");
	rt_json_string(j, "fix", f->fix);
	rt_json_string(j, "fixManifest", f->fix_manifest);
	rt_json_array(j, "because");
	for (size_t i = 0; i < f->because.len; i++)
		rt_json_string(j, NULL, f->because.v[i]);
	rt_json_close(j);
	rt_json_close(j);
	rt_json_close(j);
}

void rt_check_report_sarif(struct rt_buf *out, const struct rt_check_report *r)
{
	struct rt_json_out j = {.out = out};
	struct rt_arena a = {0};

	rt_json_object(&j, NULL);
	rt_json_string(&j, "$schema", SCHEMA);
	rt_json_string(&j, "version", "2.1.0");
	rt_json_array(&j, "runs");
	rt_json_object(&j, NULL);
	driver(&j, r, &a);
	rt_json_array(&j, "results");
	for (size_t i = 0; i < r->shown.len; i++)
		result(&j, r, r->shown.v[i], &a);
	rt_json_close(&j);
	rt_json_string(&j, "columnKind", "unicodeCodePoints");
	rt_json_close(&j);
	rt_json_close(&j);
	rt_json_close(&j);
	rt_buf_putc(out, '\n');
	rt_arena_done(&a);
}
