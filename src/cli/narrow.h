/* SPDX-License-Identifier: Apache-2.0 */
/*
 * narrow.h - what -n and -l ask to show. What is read to resolve it is another matter.
 */
#ifndef RUTTER_CLI_NARROW_H
#define RUTTER_CLI_NARROW_H

#include "options.h"
#include "rutter/findings.h"

struct rt_narrow {
	rt_args namespaces; /* none: all */
	struct rt_selector labels;
	bool by_labels;
};

/* Strings are in the arena. */
RT_NODISCARD enum rt_status rt_narrow_read(
    struct rt_arena *a, const struct rt_options *o, struct rt_narrow *ret, struct rt_error *err);
bool rt_narrow_is_all(const struct rt_narrow *n);
bool rt_narrow_shows(const struct rt_narrow *n, const struct rt_obj *o);
struct rt_finding_filter rt_narrow_filter(const struct rt_narrow *n); /* borrows from n */

#endif
