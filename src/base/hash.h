/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash.h - the hash behind map and intern.
 * Seeded, so that a peer who chooses the keys cannot precompute collisions.
 */
#ifndef RUTTER_BASE_HASH_H
#define RUTTER_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t rt_hash_seeded(const void *p, size_t len, uint64_t seed);
/* The same for the whole run, different (where addresses are randomised) in the next. */
uint64_t rt_hash_seed(void);

#endif
