/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.h - what the app tells the trace pane.
 */
#ifndef RT_TUI_TRACE_H
#define RT_TUI_TRACE_H

#include "../pane.h"

/* Traces another request: "[METHOD] URL [-H 'Name: value']…", as `rutter trace` takes it. */
void rt_trace_pane_set(struct rt_pane *p, const char *request);

#endif
