/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotations.h - Ingress annotations of controllers and what the Gateway API has in their place.
 */
#ifndef ANALYSIS_ANNOTATIONS_H
#define ANALYSIS_ANNOTATIONS_H

#include "rutter/controllers.h"

enum rt_counterpart {
	RT_COUNTERPART_FIELD,   /* core or extended field */
	RT_COUNTERPART_POLICY,  /* policy of an implementation */
	RT_COUNTERPART_NONE,    /* nothing */
	RT_COUNTERPART_UNKNOWN, /* the annotation is in no list */
};

struct rt_annotation_info {
	enum rt_counterpart counterpart;
	const char *text; /* the field or policy; NULL */
};

/* Does the key carry one of the controller's prefixes? *ret_short: the key without it. */
bool rt_annotation_is_of(const struct rt_controller *row, const char *key, const char **ret_short);
struct rt_annotation_info rt_annotation_info(const char *key);

#endif
