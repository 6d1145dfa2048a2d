/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.c - role and glyph of a state: the one place where they are decided.
 */
#include "config.h"

#include <string.h>

#include "app.h"

struct state_look {
	enum rt_role role;
	enum rt_glyph glyph;
};

static const struct state_look looks[] = {
    [RT_STATE_OK] = {RT_ROLE_OK, RT_GLYPH_OK},
    [RT_STATE_INFO] = {RT_ROLE_INFO, RT_GLYPH_INFO},
    [RT_STATE_UNKNOWN] = {RT_ROLE_UNKNOWN, RT_GLYPH_UNKNOWN},
    [RT_STATE_WARNING] = {RT_ROLE_WARNING, RT_GLYPH_WARNING},
    [RT_STATE_ERROR] = {RT_ROLE_ERROR, RT_GLYPH_ERROR},
};

uint16_t rt_state_role(enum rt_node_state s)
{
	return (uint16_t)looks[s].role;
}

enum rt_glyph rt_state_glyph(enum rt_node_state s)
{
	return looks[s].glyph;
}

const char *rt_edge_text(const struct rt_edge *e)
{
	if (!e->label)
		return "";
	return strncmp(e->label, "100% ", 5) ? e->label : e->label + 5;
}
