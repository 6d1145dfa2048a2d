/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_headers.c - header changes composed into what is left of them in the end.
 */
#include "config.h"

#include <strings.h>

#include "filters.h"
#include "rutter/vec.h"

static struct rt_net_change *entry(struct rt_net *n, const char *name)
{
	for (size_t i = 0; i < n->v.len; i++)
		if (strcasecmp(n->v.v[i].name, name) == 0)
			return &n->v.v[i];
	rt_vec_push(&n->v, n->arena, (struct rt_net_change){.name = name});
	return &n->v.v[n->v.len - 1];
}

void rt_net_set(struct rt_net *n, const char *name, const char *value)
{
	struct rt_net_change *c = entry(n, name);
	*c = (struct rt_net_change){.name = name, .set = value};
}

void rt_net_add(struct rt_net *n, const char *name, const char *value)
{
	struct rt_net_change *c = entry(n, name);
	if (c->removed)
		*c = (struct rt_net_change){.name = name, .set = value};
	else
		rt_vec_push(&c->added, n->arena, value);
}

void rt_net_remove(struct rt_net *n, const char *name)
{
	struct rt_net_change *c = entry(n, name);
	*c = (struct rt_net_change){.name = name, .removed = true};
}

static bool seen(const struct rt_header *v, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (v[j].name && strcasecmp(v[j].name, v[i].name) == 0)
			return true;
	return false;
}

/* One modifier: set, add, remove; of equal names in one list the first counts. */
void rt_net_apply(struct rt_net *n, const struct rt_header_change *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->set.len; i++)
		if (c->set.v[i].name && !seen(c->set.v, i))
			rt_net_set(n, c->set.v[i].name, c->set.v[i].value ? c->set.v[i].value : "");
	for (size_t i = 0; i < c->add.len; i++)
		if (c->add.v[i].name && !seen(c->add.v, i))
			rt_net_add(n, c->add.v[i].name, c->add.v[i].value ? c->add.v[i].value : "");
	for (size_t i = 0; i < c->remove.len; i++)
		rt_net_remove(n, c->remove.v[i]);
}

struct rt_net rt_net_copy(const struct rt_net *n)
{
	struct rt_net copy = {.arena = n->arena};
	for (size_t i = 0; i < n->v.len; i++) {
		struct rt_net_change c = n->v.v[i];
		c.added.v = NULL;
		c.added.len = c.added.cap = 0;
		for (size_t j = 0; j < n->v.v[i].added.len; j++)
			rt_vec_push(&c.added, n->arena, n->v.v[i].added.v[j]);
		rt_vec_push(&copy.v, n->arena, c);
	}
	return copy;
}

struct rt_header_change rt_net_result(const struct rt_net *n)
{
	RT_VEC(struct rt_header) set = {0}, add = {0};
	RT_VEC(const char *) removed = {0};
	for (size_t i = 0; i < n->v.len; i++) {
		const struct rt_net_change *c = &n->v.v[i];
		if (c->removed)
			rt_vec_push(&removed, n->arena, c->name);
		if (c->set)
			rt_vec_push(&set, n->arena, (struct rt_header){c->name, c->set});
		for (size_t j = 0; j < c->added.len; j++)
			rt_vec_push(&add, n->arena, (struct rt_header){c->name, c->added.v[j]});
	}
	return (struct rt_header_change){
	    .set = {set.v, set.len}, .add = {add.v, add.len}, .remove = {removed.v, removed.len}};
}
