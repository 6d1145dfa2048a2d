/* SPDX-License-Identifier: Apache-2.0 */
/*
 * role.c - the tables that come from the list of roles.
 */
#include "config.h"

#include <string.h>

#include "theme_int.h"

const char *const rt_role_names[RT_ROLE_COUNT] = {
#define X(id, name, parent, use, mono, letter) [RT_ROLE_##id] = (name),
    RT_ROLES(X)
#undef X
};
const char rt_role_letters[RT_ROLE_COUNT] = {
#define X(id, name, parent, use, mono, letter) [RT_ROLE_##id] = (letter),
    RT_ROLES(X)
#undef X
};
const enum rt_role_use rt_role_uses[RT_ROLE_COUNT] = {
#define X(id, name, parent, use, mono, letter) [RT_ROLE_##id] = RT_USE_##use,
    RT_ROLES(X)
#undef X
};
const enum rt_role rt_role_parents[RT_ROLE_COUNT] = {
#define X(id, name, parent, use, mono, letter) [RT_ROLE_##id] = RT_ROLE_##parent,
    RT_ROLES(X)
#undef X
};
const unsigned rt_role_mono_attrs[RT_ROLE_COUNT] = {
#define X(id, name, parent, use, mono, letter) [RT_ROLE_##id] = (mono),
    RT_ROLES(X)
#undef X
};

enum rt_role rt_role_by_name(const char *name)
{
	for (int i = 0; i < RT_ROLE_COUNT; i++)
		if (!strcmp(rt_role_names[i], name))
			return (enum rt_role)i;
	return RT_ROLE_COUNT;
}
