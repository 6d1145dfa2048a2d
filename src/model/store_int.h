/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_int.h - the store's body, shared by store.c (objects), knowledge.c (what is known) and
 * find.c.
 */
#ifndef RUTTER_MODEL_STORE_INT_H
#define RUTTER_MODEL_STORE_INT_H

#include "rutter/arena.h"
#include "rutter/map.h"
#include "rutter/store.h"
#include "rutter/vec.h"
#include "table.h"

struct kind_table {
	struct table table;
	bool in_base; /* the input held one before any overlay, replaced since or not */
};

struct knowledge {
	struct rt_map scopes; /* (group, kind, ns) -> struct rt_scope */
	RT_VEC(struct rt_scope) scope_view;
	bool scopes_stale;
	struct rt_map answers; /* key -> index + 1 into answer_list */
	RT_VEC(struct rt_answer) answer_list;
	struct rt_map served; /* (group, kind) -> versions */
	struct rt_map broken; /* (group, kind, ns, name) of what could not be decoded */
	RT_VEC(struct rt_input_problem) problems;
};

struct retired { /* replaced or removed, but perhaps still looked at */
	struct rt_obj *obj;
	uint64_t version; /* of the store once it was gone */
};

struct rt_store {
	enum rt_store_mode mode;
	uint64_t version;
	bool stripped; /* payloads of Secrets are left out */
	char *context;
	struct rt_intern *intern;
	struct rt_arena arena; /* keeps, scopes, answers, problems: small and long-lived */
	const struct rt_keep *keep[RT_KIND_COUNT];
	/* RT_KIND_COUNT; behind a pointer, so that a const store may still sort them */
	struct kind_table *tables;
	struct rt_map others; /* (group, kind) of RT_KIND_OTHER -> any of them */
	struct knowledge *know;
	bool keep_old;
	RT_VEC(struct retired) old; /* in the order they went */
	bool gateway_api;           /* some Gateway API object was put that is no overlay */
};

void rt_knowledge_done(struct knowledge *k);

#endif
