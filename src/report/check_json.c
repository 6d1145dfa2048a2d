/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_json.c - the CheckReport of the contract. With an overlay each finding says what became of
 * it, and what the overlay mends is listed apart.
 */
#include "config.h"

#include "rutter/check_report.h"

#include "rutter/jsonout.h"

static void lines(struct rt_json_out *j, const char *key, const rt_lines *list)
{
	rt_json_array(j, key);
	for (size_t i = 0; i < list->len; i++)
		rt_json_string(j, NULL, list->v[i]);
	rt_json_close(j);
}

static void source(
    struct rt_json_out *j, const struct rt_check_report *r, const struct rt_finding *f)
{
	if (!f->origin.file) {
		rt_json_null(j, "source");
		return;
	}
	rt_json_object(j, "source");
	rt_json_string(j, "file", f->origin.file);
	rt_json_int(
	    j, "line", r->line ? r->line(r->ctx, &f->origin, f->field) : (int64_t)f->origin.line);
	rt_json_close(j);
}

static void object(struct rt_json_out *j, struct rt_ref ref)
{
	rt_json_object(j, "object");
	rt_json_ref_members(j, ref);
	rt_json_close(j);
}

static void finding(struct rt_json_out *j, const struct rt_check_report *r,
    const struct rt_finding *f, const char *change)
{
	const struct rt_finding_info *info = rt_finding_info(f->code);

	rt_json_object(j, NULL);
	rt_json_string(j, "code", info->code);
	rt_json_string(j, "name", info->name);
	rt_json_string(j, "severity", rt_severity_name(info->severity));
	rt_json_bool(j, "certain", f->certain);
	object(j, f->object);
	rt_json_string(j, "field", f->field);
	rt_json_string(j, "message", f->message);
	lines(j, "because", &f->because);
	rt_json_array(j, "related");
	for (size_t i = 0; i < f->related.len; i++) {
		rt_json_object(j, NULL);
		rt_json_ref_members(j, f->related.v[i]);
		rt_json_close(j);
	}
	rt_json_close(j);
	rt_json_string(j, "fix", f->fix);
	rt_json_string(j, "fixManifest", f->fix_manifest);
	source(j, r, f);
	rt_json_string(j, "change", change);
	rt_json_close(j);
}

static void summary(struct rt_json_out *j, const struct rt_tally *t)
{
	rt_json_object(j, "summary");
	rt_json_int(j, "errors", (int64_t)t->by_severity[RT_SEV_ERROR]);
	rt_json_int(j, "warnings", (int64_t)t->by_severity[RT_SEV_WARNING]);
	rt_json_int(j, "infos", (int64_t)t->by_severity[RT_SEV_INFO]);
	rt_json_int(j, "unknown", (int64_t)t->unknown);
	rt_json_close(j);
}

static bool holds(const struct rt_findings *list, const struct rt_finding *f)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->v[i] == f)
			return true;
	return false;
}

static const char *change_of(const struct rt_check_report *r, const struct rt_finding *f)
{
	if (!r->change)
		return NULL;
	return holds(&r->change->introduced, f) ? "introduced" : "unchanged";
}

void rt_check_report_json(struct rt_buf *out, const struct rt_check_report *r)
{
	struct rt_json_out j = rt_json_document(out, "CheckReport");

	summary(&j, &r->shown.tally);
	rt_json_array(&j, "findings");
	for (size_t i = 0; i < r->shown.len; i++)
		finding(&j, r, r->shown.v[i], change_of(r, r->shown.v[i]));
	rt_json_close(&j);
	rt_json_array(&j, "mended");
	for (size_t i = 0; r->change && i < r->change->mended.len; i++)
		finding(&j, r, r->change->mended.v[i], "mended");
	rt_json_close(&j);
	rt_json_document_end(&j, r->store);
}
