/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_junit.c - findings as JUnit XML: one test case a finding. What --fail-on counts fails, what
 * is open is skipped, the rest passes with its text as output.
 */
#include "config.h"

#include "rutter/check_report.h"

#include "rutter/utf8.h"

/* Text without anything that XML 1.0 or a terminal would stumble over. */
static void escaped(struct rt_buf *out, const char *s)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = {
	    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}};
	struct rt_buf clean = {0};

	rt_clean(&clean, s ? s : "", false);
	for (const char *p = rt_buf_str(&clean); *p; p++) {
		const char *entity = NULL;

		for (size_t i = 0; i < RT_ARRAY_LEN(entities); i++)
			if (entities[i].c == *p)
				entity = entities[i].entity;
		if (entity)
			rt_buf_puts(out, entity);
		else
			rt_buf_putc(out, *p);
	}
	rt_buf_done(&clean);
}

static void attribute(struct rt_buf *out, const char *name, const char *value)
{
	rt_buf_printf(out, " %s=\"", name);
	escaped(out, value);
	rt_buf_putc(out, '"');
}

static bool fails(const struct rt_check_report *r, const struct rt_finding *f)
{
	return f->certain && r->fail_on != RT_SEV_COUNT &&
	       rt_finding_info(f->code)->severity <= r->fail_on;
}

static void details(struct rt_buf *out, const struct rt_check_report *r, const struct rt_finding *f)
{
	escaped(out, f->message);
	rt_buf_putc(out, '\n');
	if (f->origin.file) {
		escaped(out, f->origin.file);
		rt_buf_printf(
		    out, ":%u\n", r->line ? r->line(r->ctx, &f->origin, f->field) : f->origin.line);
	}
	for (size_t i = 0; i < f->because.len; i++) {
		rt_buf_puts(out, "because: ");
		escaped(out, f->because.v[i]);
		rt_buf_putc(out, '\n');
	}
	rt_buf_puts(out, "fix: ");
	escaped(out, f->fix);
	rt_buf_putc(out, '\n');
}

static void test_case(
    struct rt_buf *out, const struct rt_check_report *r, const struct rt_finding *f)
{
	const struct rt_finding_info *info = rt_finding_info(f->code);
	struct rt_arena a = {0};
	const char *element = "system-out";

	rt_buf_puts(out, "  <testcase");
	attribute(out, "classname", rt_ref_text(&a, f->object));
	attribute(out, "name",
	    rt_arena_printf(&a, "%s %s%s%s", info->code, info->name, f->field ? " " : "",
		f->field ? f->field : ""));
	rt_buf_puts(out, ">\n    ");
	if (fails(r, f)) {
		element = "failure";
		rt_buf_puts(out, "<failure");
		attribute(out, "type", rt_severity_name(info->severity));
		attribute(out, "message", f->message);
	} else if (!f->certain) {
		element = "skipped";
		rt_buf_puts(out, "<skipped");
		attribute(out, "message", f->message);
	} else {
		rt_buf_puts(out, "<system-out");
	}
	rt_buf_putc(out, '>');
	details(out, r, f);
	rt_buf_printf(out, "</%s>\n  </testcase>\n", element);
	rt_arena_done(&a);
}

void rt_check_report_junit(struct rt_buf *out, const struct rt_check_report *r)
{
	size_t failed = 0, n = r->shown.len ? r->shown.len : 1;

	for (size_t i = 0; i < r->shown.len; i++)
		failed += fails(r, r->shown.v[i]);
	rt_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	rt_buf_printf(out, "<testsuites tests=\"%zu\" failures=\"%zu\">\n", n, failed);
	rt_buf_printf(out,
	    " <testsuite name=\"rutter check\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
	    "skipped=\"%zu\">\n",
	    n, failed, r->shown.tally.unknown);
	for (size_t i = 0; i < r->shown.len; i++)
		test_case(out, r, r->shown.v[i]);
	if (!r->shown.len)
		rt_buf_puts(out, "  <testcase classname=\"rutter\" name=\"no findings\"/>\n");
	rt_buf_puts(out, " </testsuite>\n</testsuites>\n");
}
