/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quote.h - what the JSON and YAML writers share.
 */
#ifndef RUTTER_CODEC_QUOTE_H
#define RUTTER_CODEC_QUOTE_H

#include "rutter/fwd.h"

enum rt_quote_style { RT_QUOTE_JSON, RT_QUOTE_YAML };

/* A double-quoted string that is safe on a terminal; YAML differs in astral escapes only. */
void rt_quote(struct rt_buf *out, const char *s, size_t len, enum rt_quote_style style);

#endif
