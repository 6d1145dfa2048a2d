/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tab_events.c - an object's events, the newest first.
 */
#include "config.h"

#include <string.h>

#include "app.h"

#define TEXT_COLUMN 15

/* "3m    Warning  Unhealthy: probe failed", continued under the text. */
void rt_tab_events(const struct rt_tab_in *in, struct rt_doc *d)
{
	const char *text = rt_detail_text(in, RT_ASK_EVENTS, d);

	while (text && *text) {
		size_t len = strcspn(text, "\n");
		const char *line = rt_arena_strndup(&d->arena, text, len);
		rt_doc_line(d, TEXT_COLUMN);
		rt_doc_put(d, strstr(line, "Warning") ? RT_ROLE_WARNING : RT_ROLE_TEXT, line);
		text += len + (text[len] == '\n');
	}
}
