/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.h - a store from YAML text, for tests of what objects mean.
 *
 *	struct world w;
 *	world_init(&w);
 *	world_yaml(&w, "kind: Service\n…");
 *	use(rt_analyze(w.store, …));
 *	world_done(&w);
 *
 * Documents that are no Kubernetes objects (no kind) are kept as values, in order.
 */
#ifndef TESTS_LIB_WORLD_H
#define TESTS_LIB_WORLD_H

#include "rutter/arena.h"
#include "rutter/store.h"
#include "rutter/value.h"

struct world {
	struct rt_store *store;
	struct rt_arena arena;
	struct rt_value *plain[8]; /* owned */
	size_t plain_count;
};

void world_init(struct world *w);
/* Puts every object of the text into the store; false after a diagnostic. */
bool world_yaml(struct world *w, const char *text);
bool world_file(struct world *w, const char *path);
void world_done(struct world *w);

#endif
