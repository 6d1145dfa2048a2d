/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.h - what a person types after "/", as k9s reads it.
 *	text     regular expression, any case
 *	!text    rows that it does not match
 *	-f text  the letters in that order, with others between them
 *	-l a=b   label selector; also without -l where the text holds = or != or " in "
 */
#ifndef RT_TUI_FILTER_H
#define RT_TUI_FILTER_H

#include "rutter/err.h"
#include "rutter/selector.h"

struct rt_row_filter;

/* "" gives NULL, which everything passes. RT_USAGE: bad expression or selector. */
RT_NODISCARD enum rt_status rt_row_filter_new(
    const char *text, struct rt_row_filter **ret, struct rt_error *err);
void rt_row_filter_free(struct rt_row_filter *f); /* NULL-safe */
bool rt_row_filter_pass(const struct rt_row_filter *f, const char *text, struct rt_pairs labels);
const char *rt_row_filter_text(const struct rt_row_filter *f); /* as typed; "" for NULL */

#endif
