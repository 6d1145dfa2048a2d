/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect.h - building the rows of status.h: one subject (object, listener, parent) at a time.
 */
#ifndef ANALYSIS_EXPECT_H
#define ANALYSIS_EXPECT_H

#include "private.h"
#include "rutter/status.h"

struct rt_expecting {
	const struct rt_analysis *an;
	struct rt_arena *a;
	struct rt_status_report *out;
	/* the subject */
	const struct rt_obj *obj;
	const struct rt_ref *parent;
	const char *parent_section;
	int64_t parent_port;
	const char *listener;
	rt_conditions reported;
	const char *controller, *foreign;
	size_t first;  /* row at which the subject starts */
	bool unwanted; /* nobody should report on the subject */
};

/* What the specification says of one condition. */
struct rt_verdict_in {
	enum rt_tri is;       /* RT_YES: True; RT_UNKNOWN: something could not be read */
	bool open;            /* left to the implementation: nothing is expected */
	const char *open_why; /* … where that needs a word; else NULL */
	bool unwanted;        /* nobody should report: a reported condition is unexpected */
	enum rt_reason reason;
	uint64_t also;
	const char *message;
};

void rt_expect_subject(struct rt_expecting *e, const struct rt_obj *obj, rt_conditions reported);
/* The subject is an entry of the status: its parent or ancestor, and who wrote it. */
void rt_expect_entry(
    struct rt_expecting *e, const struct rt_parent_ref *entry, const char *controller);
/* What an entry of the status names; ns: of the object that carries it. */
struct rt_ref rt_entry_ref(const struct rt_parent_ref *entry, const char *ns);
void rt_expect(struct rt_expecting *e, const char *type, struct rt_verdict_in in);
/* Reported types that no rule speaks of: shown, not judged unless nobody should report. */
void rt_expect_rest(struct rt_expecting *e);

void rt_expect_class(struct rt_expecting *e, const struct rt_class_fact *c);
void rt_expect_gateway(struct rt_expecting *e, const struct rt_gateway_fact *g);
void rt_expect_listener_set(struct rt_expecting *e, const struct rt_listener_set_fact *s);
void rt_expect_route(struct rt_expecting *e, const struct rt_route_fact *r);
void rt_expect_policy(struct rt_expecting *e, const struct rt_policy_fact *p);

/* Why nobody reports for what hangs on the Gateway; NULL when someone does. */
const char *rt_unmanaged_text(struct rt_arena *a, const struct rt_gateway_fact *g);
/* Messages: why a reference is not good, as a clause after its object. */
const char *rt_ref_fault_text(struct rt_arena *a, const struct rt_ref_fact *r);

#endif
