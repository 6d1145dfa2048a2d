/* SPDX-License-Identifier: Apache-2.0 */
/*
 * readfile.h - a whole small file into a buffer, with a bound.
 */
#ifndef RUTTER_KUBE_READFILE_H
#define RUTTER_KUBE_READFILE_H

#include "rutter/err.h"

#define RT_KUBE_PART_MAX ((size_t)4 << 20) /* certificates, a key, a token */

/* Appends the file to out. The message is the reason alone ("no such file or directory"): the
 * caller knows what the file is for. RT_NOT_FOUND: absent; RT_LIMIT: over max bytes; else RT_IO. */
RT_NODISCARD enum rt_status rt_kube_read_file(
    const char *path, size_t max, struct rt_buf *out, struct rt_error *err);

#endif
