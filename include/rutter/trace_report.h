/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_report.h - a trace as the ladder that people read, and as the document of the contract.
 *
 *	rt_trace_text(out, &trace, &style);
 *	rt_trace_json(out, &trace, store);
 */
#ifndef RUTTER_TRACE_REPORT_H
#define RUTTER_TRACE_REPORT_H

#include "rutter/glyph.h"
#include "rutter/jsonout.h"
#include "rutter/text.h"
#include "rutter/trace.h"

void rt_trace_text(struct rt_buf *out, const struct rt_trace *t, const struct rt_text_style *style);
/* kind TraceReport; store tells what could not be read. */
void rt_trace_json(struct rt_buf *out, const struct rt_trace *t, const struct rt_store *store);

/* The mark of a step, shared with the terminal UI. */
enum rt_glyph rt_trace_step_glyph(const struct rt_trace_step *s);
enum rt_tone rt_trace_step_tone(const struct rt_trace_step *s);
/* "forward to Service shop/cart:80 (90 %), …", "respond 404", "redirect 301 to https://…". */
void rt_trace_outcome_text(struct rt_buf *out, const struct rt_trace_result *r);

#endif
