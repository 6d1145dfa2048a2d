/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo.c - the cluster compiled into the program (demo.yaml), with ages that are recent whenever
 * it is looked at: <5m> in its text stands for the time five minutes before now.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/source.h"
#include "rutter/timefmt.h"
#include "source_int.h"

extern const char rt_demo_text[]; /* demo.yaml, see src/embed.sh */

/* "<5m>" at p: seconds and length; false when it is no age. */
static bool read_age(const char *p, int64_t *ret_seconds, size_t *ret_len)
{
	size_t digits = strspn(p + 1, "0123456789");
	int64_t unit = 0;
	if (*p != '<' || digits == 0 || p[digits + 2] != '>')
		return false;
	switch (p[digits + 1]) {
	case 'm':
		unit = 60;
		break;
	case 'd':
		unit = 86400;
		break;
	default:
		return false;
	}
	*ret_seconds = strtol(p + 1, NULL, 10) * unit;
	*ret_len = digits + 3;
	return true;
}

static void put_times(struct rt_buf *out, const char *text, int64_t now)
{
	while (*text) {
		int64_t age;
		size_t len = strcspn(text, "<");
		rt_buf_add(out, text, len);
		text += len;
		if (!*text)
			break;
		if (read_age(text, &age, &len)) {
			rt_buf_putc(out, '"');
			rt_time_write(out, now - age);
			rt_buf_putc(out, '"');
			text += len;
		} else {
			rt_buf_putc(out, *text++);
		}
	}
}

enum rt_status rt_source_demo(struct rt_store *s, int64_t now, struct rt_error *err)
{
	struct rt_buf text = {0};
	put_times(&text, rt_demo_text, now);
	enum rt_status st = rt_source_text_read(s, NULL, false, text.data, text.len, err);
	rt_buf_done(&text);
	if (st != RT_OK)
		return st;
	for (size_t k = 0; k < RT_KIND_SNAPSHOT_INFO; k++) {
		const struct rt_kind_info *info = rt_kind_info((enum rt_kind)k);
		rt_store_set_scope(
		    s, (struct rt_scope){info->group, info->kind, NULL, RT_SCOPE_READ, NULL});
	}
	return RT_OK;
}
