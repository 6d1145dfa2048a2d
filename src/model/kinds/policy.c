/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.c - ReferenceGrant, BackendTLSPolicy, and what other kinds have in common with policies.
 */
#include "config.h"

#include "rutter/kind_gateway.h"

#include "../schema.h"

RT_PART(from, struct rt_grant_from,
    {"group", RT_F_SYM, AT(struct rt_grant_from, group), .text = ""},
    {"kind", RT_F_SYM, AT(struct rt_grant_from, kind), .text = ""},
    {"namespace", RT_F_SYM, AT(struct rt_grant_from, ns), .text = ""});
RT_PART(to, struct rt_grant_to, {"group", RT_F_SYM, AT(struct rt_grant_to, group), .text = ""},
    {"kind", RT_F_SYM, AT(struct rt_grant_to, kind), .text = ""},
    {"name", RT_F_STR, AT(struct rt_grant_to, name)});
RT_PART(grant_spec, struct rt_reference_grant,
    {"from", RT_F_LIST, AT(struct rt_reference_grant, from), .sub = &from},
    {"to", RT_F_LIST, AT(struct rt_reference_grant, to), .sub = &to});
RT_KIND(
    REFERENCE_GRANT, struct rt_reference_grant, NULL, {"spec", RT_F_INLINE, .sub = &grant_spec});

RT_SHARED_PART(rt_parent_ref_schema, struct rt_parent_ref,
    {"group", RT_F_SYM, AT(struct rt_parent_ref, group), .text = RT_GROUP_GATEWAY},
    {"kind", RT_F_SYM, AT(struct rt_parent_ref, kind), .text = "Gateway"},
    {"namespace", RT_F_SYM, AT(struct rt_parent_ref, ns)},
    {"name", RT_F_STR, AT(struct rt_parent_ref, name), .text = ""},
    {"sectionName", RT_F_SYM, AT(struct rt_parent_ref, section_name)},
    {"port", RT_F_INT, AT(struct rt_parent_ref, port)});

RT_PART(target, struct rt_policy_target,
    {"group", RT_F_SYM, AT(struct rt_policy_target, group), .text = ""},
    {"kind", RT_F_SYM, AT(struct rt_policy_target, kind), .text = ""},
    {"name", RT_F_STR, AT(struct rt_policy_target, name), .text = ""},
    {"sectionName", RT_F_SYM, AT(struct rt_policy_target, section_name)});
RT_PART(alt_name, struct rt_subject_alt_name,
    {"type", RT_F_SYM, AT(struct rt_subject_alt_name, type)},
    {"hostname", RT_F_STR, AT(struct rt_subject_alt_name, hostname)},
    {"uri", RT_F_STR, AT(struct rt_subject_alt_name, uri)});
RT_PART(validation, struct rt_tls_validation,
    {"caCertificateRefs", RT_F_LIST, AT(struct rt_tls_validation, ca_certificate_refs),
	.sub = &rt_object_ref_schema},
    {"wellKnownCACertificates", RT_F_SYM, AT(struct rt_tls_validation, well_known_ca_certificates)},
    {"hostname", RT_F_STR, AT(struct rt_tls_validation, hostname)},
    {"subjectAltNames", RT_F_LIST, AT(struct rt_tls_validation, subject_alt_names),
	.sub = &alt_name});
/* BackendTLSPolicy v1alpha2 (release v1.0) named these members otherwise. */
RT_PART(validation_alpha2, struct rt_tls_validation,
    {"caCertRefs", RT_F_LIST, AT(struct rt_tls_validation, ca_certificate_refs),
	.sub = &rt_object_ref_schema},
    {"wellKnownCACerts", RT_F_SYM, AT(struct rt_tls_validation, well_known_ca_certificates)},
    {"hostname", RT_F_STR, AT(struct rt_tls_validation, hostname)});
RT_PART(ancestor, struct rt_policy_ancestor,
    {"ancestorRef", RT_F_STRUCT, AT(struct rt_policy_ancestor, ancestor_ref),
	.sub = &rt_parent_ref_schema},
    {"controllerName", RT_F_SYM, AT(struct rt_policy_ancestor, controller_name)},
    {"conditions", RT_F_LIST, AT(struct rt_policy_ancestor, conditions),
	.sub = &rt_condition_schema});
RT_PART(policy_spec, struct rt_backend_tls_policy,
    {"targetRefs", RT_F_LIST, AT(struct rt_backend_tls_policy, target_refs), .sub = &target},
    {"targetRef", RT_F_ONE, AT(struct rt_backend_tls_policy, target_refs), .sub = &target,
	.older = true},
    {"validation", RT_F_PTR, AT(struct rt_backend_tls_policy, validation), .sub = &validation},
    {"tls", RT_F_PTR, AT(struct rt_backend_tls_policy, validation), .sub = &validation_alpha2,
	.older = true});
RT_PART(policy_status, struct rt_backend_tls_policy,
    {"ancestors", RT_F_LIST, AT(struct rt_backend_tls_policy, ancestors), .sub = &ancestor});
RT_KIND(BACKEND_TLS_POLICY, struct rt_backend_tls_policy, NULL,
    {"spec", RT_F_INLINE, .sub = &policy_spec}, {"status", RT_F_INLINE, .sub = &policy_status});

RT_PART(other_labels, struct rt_other,
    {"labels", RT_F_PAIRS, AT(struct rt_other, template_labels), .lenient = true});
RT_PART(other_template, struct rt_other,
    {"metadata", RT_F_INLINE, .sub = &other_labels, .lenient = true});
RT_PART(other_spec, struct rt_other,
    {"template", RT_F_INLINE, .sub = &other_template, .lenient = true},
    {"secretName", RT_F_STR, AT(struct rt_other, secret_name), .lenient = true},
    {"targetRefs", RT_F_LIST, AT(struct rt_other, target_refs), .sub = &target, .lenient = true},
    {"targetRef", RT_F_PTR, AT(struct rt_other, target_ref), .sub = &target, .lenient = true});
RT_PART(other_status, struct rt_other,
    {"ancestors", RT_F_LIST, AT(struct rt_other, ancestors), .sub = &ancestor, .lenient = true});
RT_KIND(OTHER, struct rt_other, NULL, {"spec", RT_F_INLINE, .sub = &other_spec, .lenient = true},
    {"status", RT_F_INLINE, .sub = &other_status, .lenient = true});
