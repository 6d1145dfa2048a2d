/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fwd.h - forward declarations and the few macros every header needs.
 * Strings are NUL-terminated UTF-8; NULL means absent, "" means present and empty.
 */
#ifndef RUTTER_FWD_H
#define RUTTER_FWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define RT_NODISCARD __attribute__((warn_unused_result))
#define RT_MALLOC __attribute__((malloc, returns_nonnull))
#define RT_NORETURN __attribute__((noreturn))
#define RT_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Three states everywhere: unknown is neither yes nor no. */
enum rt_tri { RT_NO, RT_YES, RT_UNKNOWN };

struct rt_arena;
struct rt_buf;
struct rt_error;
struct rt_intern;
struct rt_map;
struct rt_obj;
struct rt_store;

#endif
