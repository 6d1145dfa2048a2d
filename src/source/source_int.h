/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_int.h - shared by the sources that read text.
 */
#ifndef RUTTER_SOURCE_SOURCE_INT_H
#define RUTTER_SOURCE_SOURCE_INT_H

#include "rutter/source.h"

/* All documents of a text into the store. name NULL: objects carry no file (the demo). */
RT_NODISCARD enum rt_status rt_source_text_read(struct rt_store *s, const char *name, bool overlay,
    const char *text, size_t len, struct rt_error *err);

#endif
