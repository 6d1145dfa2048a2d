/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status_report.h - the status report (status.h) as JSON of the contract and as tables.
 */
#ifndef RUTTER_STATUS_REPORT_H
#define RUTTER_STATUS_REPORT_H

#include "rutter/status.h"
#include "rutter/text.h"

void rt_status_report_json(
    struct rt_buf *out, const struct rt_status_report *r, const struct rt_store *store);
/* Expected beside reported; where nothing at all is reported (manifests), expected alone. */
void rt_status_report_text(
    struct rt_buf *out, const struct rt_status_report *r, const struct rt_text_style *style);

#endif
