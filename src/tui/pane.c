/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pane.c - what all panes do alike.
 */
#include "config.h"

#include "pane.h"

#include "rutter/mem.h"

struct rt_pane *rt_pane_new(const struct rt_pane_ops *ops, struct rt_tui *t)
{
	struct rt_pane *p = rt_xcalloc(1, ops->size);

	p->ops = ops;
	p->tui = t;
	p->stale = true;
	if (ops->init)
		ops->init(p);
	return p;
}

void rt_pane_free(struct rt_pane *p)
{
	if (!p)
		return;
	if (p->ops->done)
		p->ops->done(p);
	free(p);
}

bool rt_pane_target(const struct rt_pane *p, struct rt_target *ret)
{
	*ret = (struct rt_target){0};
	return p->ops->target && p->ops->target(p, ret);
}

bool rt_pane_action(struct rt_pane *p, enum rt_action a)
{
	return p->ops->action && p->ops->action(p, a);
}

bool rt_pane_work(struct rt_pane *p, int64_t until_ms)
{
	if (p->stale) {
		p->stale = false;
		p->busy = true;
		if (p->ops->reset)
			p->ops->reset(p);
	}
	if (p->busy)
		p->busy = p->ops->work && p->ops->work(p, until_ms);
	return p->busy;
}
