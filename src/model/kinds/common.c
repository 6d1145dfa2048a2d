/* SPDX-License-Identifier: Apache-2.0 */
/*
 * common.c - parts that many kinds share.
 */
#include "config.h"

#include "rutter/kind_core.h"

#include "../schema.h"

RT_PART(owner, struct rt_owner, {"apiVersion", RT_F_SYM, AT(struct rt_owner, api_version)},
    {"kind", RT_F_SYM, AT(struct rt_owner, kind)}, {"name", RT_F_STR, AT(struct rt_owner, name)},
    {"uid", RT_F_STR, AT(struct rt_owner, uid)});

RT_SHARED_PART(rt_metadata_schema, struct rt_obj, {"name", RT_F_STR, AT(struct rt_obj, name)},
    {"namespace", RT_F_SYM, AT(struct rt_obj, ns)}, {"uid", RT_F_STR, AT(struct rt_obj, uid)},
    {"resourceVersion", RT_F_STR, AT(struct rt_obj, resource_version)},
    {"generation", RT_F_INT, AT(struct rt_obj, generation), .zero = true},
    {"creationTimestamp", RT_F_TIME, AT(struct rt_obj, created)},
    {"deletionTimestamp", RT_F_TIME, AT(struct rt_obj, deleted)},
    {"labels", RT_F_PAIRS, AT(struct rt_obj, labels)},
    {"annotations", RT_F_PAIRS, AT(struct rt_obj, annotations)},
    {"ownerReferences", RT_F_LIST, AT(struct rt_obj, owners), .sub = &owner});

RT_SHARED_PART(rt_condition_schema, struct rt_condition,
    {"type", RT_F_SYM, AT(struct rt_condition, type)},
    {"status", RT_F_SYM, AT(struct rt_condition, status)},
    {"reason", RT_F_SYM, AT(struct rt_condition, reason)},
    {"message", RT_F_STR, AT(struct rt_condition, message)},
    {"observedGeneration", RT_F_INT, AT(struct rt_condition, observed_generation), .zero = true},
    {"lastTransitionTime", RT_F_TIME, AT(struct rt_condition, last_transition)});

RT_PART(requirement, struct rt_requirement_spec,
    {"key", RT_F_SYM, AT(struct rt_requirement_spec, key)},
    {"operator", RT_F_SYM, AT(struct rt_requirement_spec, op)},
    {"values", RT_F_SYMS, AT(struct rt_requirement_spec, values)});

RT_SHARED_PART(rt_label_selector_schema, struct rt_label_selector,
    {"matchLabels", RT_F_PAIRS, AT(struct rt_label_selector, match_labels)},
    {"matchExpressions", RT_F_LIST, AT(struct rt_label_selector, match_expressions),
	.sub = &requirement});

RT_SHARED_PART(rt_object_ref_schema, struct rt_object_ref,
    {"group", RT_F_SYM, AT(struct rt_object_ref, group)},
    {"kind", RT_F_SYM, AT(struct rt_object_ref, kind)},
    {"namespace", RT_F_SYM, AT(struct rt_object_ref, ns)},
    {"name", RT_F_STR, AT(struct rt_object_ref, name)});

RT_SHARED_PART(rt_secret_ref_schema, struct rt_object_ref,
    {"group", RT_F_SYM, AT(struct rt_object_ref, group), .text = ""},
    {"kind", RT_F_SYM, AT(struct rt_object_ref, kind), .text = "Secret"},
    {"namespace", RT_F_SYM, AT(struct rt_object_ref, ns)},
    {"name", RT_F_STR, AT(struct rt_object_ref, name)});
