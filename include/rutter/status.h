/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.h - the conditions a conformant controller should report, beside those it reports.
 * Rows point at the analysis and into the arena they were made in; keep both while using them.
 * One object's rows stand together, its own conditions first, then its parents' or listeners'.
 *
 *	struct rt_status_report r = {0};
 *	rt_status_judge(an, &arena, &r);
 */
#ifndef RUTTER_STATUS_H
#define RUTTER_STATUS_H

#include "rutter/analysis.h"

/*  enum, the word of the JSON form and the table */
#define RT_VERDICTS(X)                                                                             \
	X(NONE, NULL)                                                                              \
	X(AGREE, "agree")                                                                          \
	X(DIFFER, "differ")                                                                        \
	X(MISSING, "missing")                                                                      \
	X(UNEXPECTED, "unexpected")                                                                \
	X(STALE, "stale")                                                                          \
	X(UNKNOWN, "unknown")

enum rt_verdict {
#define X(id, text) RT_VERDICT_##id,
	RT_VERDICTS(X)
#undef X
	    RT_VERDICT_COUNT
};
const char *rt_verdict_name(enum rt_verdict v); /* NULL for NONE */

/* The status is fixed, the reason no more than usual: whatever is reported will do. */
#define RT_ANY_REASON UINT64_MAX

struct rt_expected {
	const char *status;    /* "True", "False"; NULL: nothing is expected */
	enum rt_reason reason; /* NONE: the specification fixes the status only */
	uint64_t also;         /* bits of further reasons that are as good: 1 << reason */
	const char *message;   /* one sentence; where nothing is expected, why, or NULL */
};

struct rt_condition_row {
	const struct rt_obj *obj;
	const struct rt_ref *parent; /* of a route's or policy's conditions, else NULL */
	const char *parent_section;
	int64_t parent_port;  /* RT_INT_UNSET: none */
	const char *listener; /* of a listener's conditions, else NULL */
	const char *type;
	struct rt_expected expected;
	const struct rt_condition *reported; /* NULL: nothing is */
	const char *controller;              /* who reports, where the status says so */
	const char *foreign;                 /* who does instead of the parent's controller; NULL */
	bool stale;
	enum rt_verdict verdict;
};
struct rt_listener_row {
	const struct rt_listener_fact *listener;
	int64_t attached_expected; /* RT_INT_UNSET: cannot be told, or nobody reports */
	bool kinds_expected;       /* listener->supported_kinds is what should be listed */
};
struct rt_gateway_row {
	const struct rt_gateway_fact *gateway;
	int64_t sets_expected; /* attachedListenerSets; RT_INT_UNSET: cannot be told */
};
struct rt_status_report {
	RT_VEC(struct rt_condition_row) conditions;
	RT_VEC(struct rt_listener_row) listeners;
	RT_VEC(struct rt_gateway_row) gateways;
};

/* Everything, classes first, then Gateways, ListenerSets, routes by kind, policies. */
void rt_status_judge(
    const struct rt_analysis *an, struct rt_arena *a, struct rt_status_report *ret);
/* One object's part of it; empty for kinds without conditions. */
void rt_status_judge_object(const struct rt_analysis *an, const struct rt_obj *obj,
    struct rt_arena *a, struct rt_status_report *ret);

#endif
