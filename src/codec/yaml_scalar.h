/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml_scalar.h - what a plain YAML scalar means.
 */
#ifndef RUTTER_CODEC_YAML_SCALAR_H
#define RUTTER_CODEC_YAML_SCALAR_H

#include "rutter/fwd.h"

struct json_t;

/* The value of a plain scalar as go-yaml v2 resolves it, which is what kubectl reads; text that
 * means nothing else is a string. Caller owns the result. s is NUL-terminated. */
struct json_t *rt_yaml_resolve(const char *s, size_t len);

#endif
