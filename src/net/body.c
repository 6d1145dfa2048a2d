/* SPDX-License-Identifier: Apache-2.0 */
/*
 * body.c - the bytes of an answer: to the request's callback while the turn's budget lasts, into
 * its queue after that.
 */
#include "config.h"

#include <string.h>

#include "net_int.h"

void net_head_arrived(struct rt_net_call *c)
{
	if (c->head_told)
		return;
	c->head_told = true;
	struct rt_net_head head = {.http = c->http, .content_type = c->content_type};
	if (c->ops->head)
		c->ops->head(c->ctx, &head);
}

static void deliver(struct rt_net_call *c, const char *bytes, size_t len)
{
	if (!c->dead && len > 0 && !c->ops->body(c->ctx, bytes, len))
		c->stopped = true;
}

void net_drain_queue(struct rt_net_call *c, int64_t until_ms)
{
	struct rt_net *n = c->net;
	while (c->queue_done < c->queue.len && !c->dead && !c->stopped) {
		size_t len = c->queue.len - c->queue_done;
		if (len > NET_SLICE)
			len = NET_SLICE;
		const char *bytes = c->queue.data + c->queue_done;
		c->queue_done += len;
		n->queued -= len;
		c->last_byte_ms = rt_loop_clock_ms();
		deliver(c, bytes, len);
		if (rt_loop_clock_ms() >= until_ms)
			break;
	}
	if (c->stopped || c->queue_done == c->queue.len) {
		n->queued -= c->queue.len - c->queue_done;
		c->queue_done = 0;
		rt_buf_clear(&c->queue);
		if (c->queue.cap > NET_QUEUE_HIGH)
			rt_buf_done(&c->queue);
	}
}

/* A queue that never runs empty would grow with the answer; moving less than was delivered costs
 * no more than delivering did. */
static void drop_delivered(struct rt_net_call *c)
{
	struct rt_buf *q = &c->queue;
	if (c->queue_done < q->len - c->queue_done)
		return;
	q->len -= c->queue_done;
	memmove(q->data, q->data + c->queue_done, q->len);
	c->queue_done = 0;
}

void net_body_arrived(struct rt_net_call *c, const char *bytes, size_t len)
{
	struct rt_net *n = c->net;
	c->last_byte_ms = n->last_byte_ms = rt_loop_clock_ms();
	if (c->http < 200 || c->http > 299) {
		/* The start of an error page is enough; what is behind it is of no use. */
		size_t room = NET_ERROR_BODY_MAX - c->error_body.len;
		rt_buf_add(&c->error_body, bytes, len < room ? len : room);
		return;
	}
	c->bytes += len;
	if (c->bytes > c->max_bytes) {
		rt_fail(&c->err, RT_LIMIT, "answer of the server %s is longer than %llu bytes",
		    n->server, (unsigned long long)c->max_bytes);
		return;
	}
	/* Little input can unpack to much output: rather a late frame than memory without bound. A
	 * slice is more than curl hands over at once. */
	if (n->queued >= 2 * NET_QUEUE_HIGH)
		net_drain_queue(c, 0);
	if (c->queue.len == c->queue_done && c->last_byte_ms < n->until_ms) {
		deliver(c, bytes, len);
		return;
	}
	if (c->queue_done > 0)
		drop_delivered(c);
	rt_buf_add(&c->queue, bytes, len);
	n->queued += len;
}
