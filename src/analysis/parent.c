/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parent.c - one parentRef against a section or port, and its refusal.
 */
#include "config.h"

#include "private.h"

bool rt_section_matches(const struct rt_parent_ref *p, const char *name)
{
	return !p->section_name || !p->section_name[0] || rt_streq(p->section_name, name);
}

bool rt_port_matches(const struct rt_parent_ref *p, int64_t port)
{
	return p->port == RT_INT_UNSET || p->port == port;
}

void rt_parent_reject(struct rt_parent_fact *p, enum rt_stage stage, enum rt_reason reason)
{
	p->accepted = RT_NO;
	p->stage = stage;
	p->reason = reason;
}
