/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_github.c - findings as workflow commands of GitHub Actions, which show them at the lines of
 * a pull request. Open ones are notices.
 */
#include "config.h"

#include "rutter/check_report.h"

#include <string.h>

#include "rutter/utf8.h"

static const char *const commands[] = {
    [RT_SEV_ERROR] = "error", [RT_SEV_WARNING] = "warning", [RT_SEV_INFO] = "notice"};

/* In a property ':' and ',' have a meaning too. */
static void escaped(struct rt_buf *out, const char *s, bool property)
{
	struct rt_buf clean = {0};

	rt_clean(&clean, s, false);
	for (const char *p = rt_buf_str(&clean); *p; p++)
		if (*p == '%' || (property && (*p == ':' || *p == ',')))
			rt_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*p);
		else
			rt_buf_putc(out, *p);
	rt_buf_done(&clean);
}

static void command(struct rt_buf *out, const struct rt_check_report *r, const struct rt_finding *f)
{
	const struct rt_finding_info *info = rt_finding_info(f->code);

	rt_buf_printf(out, "::%s ", f->certain ? commands[info->severity] : "notice");
	if (f->origin.file && strcmp(f->origin.file, "-") != 0) {
		rt_buf_puts(out, "file=");
		escaped(out, f->origin.file, true);
		rt_buf_printf(out, ",line=%u,",
		    r->line ? r->line(r->ctx, &f->origin, f->field) : f->origin.line);
	}
	rt_buf_printf(
	    out, "title=%s %s%s::", info->code, info->name, f->certain ? "" : " (unknown)");
	escaped(out, f->message, false);
	rt_buf_puts(out, "%0AFix: ");
	escaped(out, f->fix, false);
	rt_buf_putc(out, '\n');
}

void rt_check_report_github(struct rt_buf *out, const struct rt_check_report *r)
{
	for (size_t i = 0; i < r->shown.len; i++)
		command(out, r, r->shown.v[i]);
}
