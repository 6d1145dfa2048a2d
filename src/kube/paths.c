/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths.c - request paths of the API: /api/v1/… for the core group, /apis/GROUP/VERSION/… else.
 */
#include "config.h"

#include "rutter/kube.h"

#include "rutter/buf.h"
#include "rutter/url.h"

static void add_segment(struct rt_buf *out, const char *segment)
{
	rt_buf_putc(out, '/');
	rt_url_encode(out, segment);
}

static void add_parameter(struct rt_buf *out, bool *first, const char *name, const char *value)
{
	if (!value)
		return;
	rt_buf_printf(out, "%c%s=", *first ? '?' : '&', name);
	rt_url_encode(out, value);
	*first = false;
}

static void add_number(struct rt_buf *out, bool *first, const char *name, int value)
{
	if (value <= 0)
		return;
	rt_buf_printf(out, "%c%s=%d", *first ? '?' : '&', name, value);
	*first = false;
}

void rt_kube_path(struct rt_buf *out, const struct rt_kube_query *q)
{
	bool first = true;
	if (q->group && *q->group) {
		rt_buf_puts(out, "/apis");
		add_segment(out, q->group);
	} else {
		rt_buf_puts(out, "/api");
	}
	add_segment(out, q->version);
	if (q->ns) {
		rt_buf_puts(out, "/namespaces");
		add_segment(out, q->ns);
	}
	add_segment(out, q->plural);
	if (q->name)
		add_segment(out, q->name);
	if (q->subresource)
		add_segment(out, q->subresource);
	/* Most telling first: these paths are read by people in logs. */
	if (q->watch)
		add_number(out, &first, "watch", 1);
	add_parameter(out, &first, "labelSelector", q->label_selector);
	add_parameter(out, &first, "fieldSelector", q->field_selector);
	add_parameter(out, &first, "resourceVersion", q->resource_version);
	add_number(out, &first, "limit", q->limit);
	add_parameter(out, &first, "continue", q->continue_token);
	if (q->watch) {
		add_parameter(out, &first, "allowWatchBookmarks", "true");
		add_number(out, &first, "timeoutSeconds", q->timeout_seconds);
	}
	if (q->extra && *q->extra)
		rt_buf_printf(out, "%c%s", first ? '?' : '&', q->extra);
}
