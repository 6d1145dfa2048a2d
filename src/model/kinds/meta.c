/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meta.c - CustomResourceDefinition and rutter's own SnapshotInfo.
 */
#include "config.h"

#include "rutter/kind_core.h"

#include "../schema.h"

RT_PART(version, struct rt_crd_version, {"name", RT_F_SYM, AT(struct rt_crd_version, name)},
    {"served", RT_F_FLAG, AT(struct rt_crd_version, served)},
    {"storage", RT_F_FLAG, AT(struct rt_crd_version, storage)});
RT_PART(names, struct rt_crd, {"kind", RT_F_SYM, AT(struct rt_crd, crd_kind)},
    {"plural", RT_F_SYM, AT(struct rt_crd, plural)});
RT_PART(crd_spec, struct rt_crd, {"group", RT_F_SYM, AT(struct rt_crd, crd_group)},
    {"scope", RT_F_SYM, AT(struct rt_crd, scope)}, {"names", RT_F_INLINE, .sub = &names},
    {"versions", RT_F_LIST, AT(struct rt_crd, versions), .sub = &version});
RT_PART(
    crd_status, struct rt_crd, {"storedVersions", RT_F_SYMS, AT(struct rt_crd, stored_versions)});
RT_KIND(CRD, struct rt_crd, NULL, {"spec", RT_F_INLINE, .sub = &crd_spec},
    {"status", RT_F_INLINE, .sub = &crd_status});

RT_PART(snapshot_kind, struct rt_snapshot_kind,
    {"group", RT_F_SYM, AT(struct rt_snapshot_kind, group), .text = ""},
    {"kind", RT_F_SYM, AT(struct rt_snapshot_kind, kind), .text = ""},
    {"state", RT_F_SYM, AT(struct rt_snapshot_kind, state)},
    {"why", RT_F_STR, AT(struct rt_snapshot_kind, why)},
    {"namespaces", RT_F_SYMS, AT(struct rt_snapshot_kind, namespaces)},
    {"versions", RT_F_STR, AT(struct rt_snapshot_kind, versions)});
RT_PART(snapshot_answer, struct rt_snapshot_answer,
    {"key", RT_F_STR, AT(struct rt_snapshot_answer, key)},
    {"state", RT_F_SYM, AT(struct rt_snapshot_answer, state)},
    {"why", RT_F_STR, AT(struct rt_snapshot_answer, why)});
RT_PART(snapshot_problem, struct rt_snapshot_problem,
    {"group", RT_F_SYM, AT(struct rt_snapshot_problem, group)},
    {"kind", RT_F_SYM, AT(struct rt_snapshot_problem, kind)},
    {"namespace", RT_F_SYM, AT(struct rt_snapshot_problem, ns)},
    {"name", RT_F_STR, AT(struct rt_snapshot_problem, name)},
    {"field", RT_F_STR, AT(struct rt_snapshot_problem, field)},
    {"message", RT_F_STR, AT(struct rt_snapshot_problem, message)});
RT_KIND(SNAPSHOT_INFO, struct rt_snapshot_info, NULL,
    {"context", RT_F_STR, AT(struct rt_snapshot_info, context)},
    {"time", RT_F_STR, AT(struct rt_snapshot_info, time)},
    {"source", RT_F_STR, AT(struct rt_snapshot_info, source)},
    {"kinds", RT_F_LIST, AT(struct rt_snapshot_info, kinds), .sub = &snapshot_kind},
    {"answers", RT_F_LIST, AT(struct rt_snapshot_info, answers), .sub = &snapshot_answer},
    {"problems", RT_F_LIST, AT(struct rt_snapshot_info, problems), .sub = &snapshot_problem});
