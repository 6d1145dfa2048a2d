/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_report.h - findings as text and as documents for other programs; explanations of codes.
 * All writers append to a buffer and change nothing.
 */
#ifndef RUTTER_CHECK_REPORT_H
#define RUTTER_CHECK_REPORT_H

#include "rutter/findings.h"
#include "rutter/text.h"

struct rt_check_report {
	struct rt_findings shown; /* after -n and -l; with an overlay those of the world with it */
	/* With an overlay, else NULL. What is mended comes from the world without it. */
	const struct rt_findings_change *change;
	const struct rt_store *store;
	enum rt_severity fail_on; /* RT_SEV_COUNT: never */
	const char *version;
	/* The line of a field of an object that came from a file. */
	unsigned (*line)(void *ctx, const struct rt_origin *origin, const char *field);
	void *ctx;
};

/* Errors and the like at or above fail_on: exit status 1. */
bool rt_check_report_fails(const struct rt_check_report *r);

void rt_check_report_text(
    struct rt_buf *out, const struct rt_check_report *r, const struct rt_text_style *style);
void rt_check_report_json(struct rt_buf *out, const struct rt_check_report *r);
void rt_check_report_sarif(struct rt_buf *out, const struct rt_check_report *r);
void rt_check_report_junit(struct rt_buf *out, const struct rt_check_report *r);
void rt_check_report_github(struct rt_buf *out, const struct rt_check_report *r);

/* What a code, a reason of a condition or a kind means; false when it is none of these. */
bool rt_explain(struct rt_buf *out, const char *what, const struct rt_text_style *style);
/* Every code with its name, one line each. */
void rt_explain_list(struct rt_buf *out, const struct rt_text_style *style);

#endif
