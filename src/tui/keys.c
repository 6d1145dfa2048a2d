/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.c - the names of keys, as key bindings, help and test scripts write them.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "rutter/term.h"
#include "rutter/utf8.h"

static const char *const names[] = {
#define X(id, name) (name),
    RT_KEYS(X)
#undef X
};

bool rt_key_parse(const char *name, uint32_t *ret)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < RT_ARRAY_LEN(names); i++) {
		if (!strcmp(names[i], name)) {
			*ret = RT_KEY_FIRST + (uint32_t)i;
			return true;
		}
	}
	if (len == 3 && name[0] == 'C' && name[1] == '-') {
		*ret = RT_CTRL(name[2]);
		return true;
	}
	return len > 0 && rt_utf8_decode(name, len, ret) == len && *ret > ' ';
}

void rt_key_name(uint32_t key, char out[16])
{
	size_t n;

	if (key >= RT_KEY_FIRST && key - RT_KEY_FIRST < RT_ARRAY_LEN(names)) {
		snprintf(out, 16, "%s", names[key - RT_KEY_FIRST]);
	} else if (key < ' ') {
		snprintf(out, 16, "C-%c", (char)(key == 0x1f ? '/' : key + 'a' - 1));
	} else {
		n = rt_utf8_encode(key, out);
		out[n] = '\0';
	}
}
