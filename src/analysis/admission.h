/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admission.h - what the Gateway API demands of hostnames, paths and durations (gateway-api §1.3).
 * A fault is one clause that goes on after the value: "contains //"; NULL: nothing wrong. Static.
 */
#ifndef ANALYSIS_ADMISSION_H
#define ANALYSIS_ADMISSION_H

#include "rutter/fwd.h"

/* RFC 1123, lower case, optionally one "*." in front; no address. */
const char *rt_hostname_fault(const char *host);
/* The value of an Exact or PathPrefix match. */
const char *rt_path_fault(const char *path);
/* GEP-2257: up to four numbers of at most five digits with h, m, s or ms. */
bool rt_gateway_duration(const char *text, int64_t *ret_ms);

#endif
