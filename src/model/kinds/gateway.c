/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway.c - GatewayClass, Gateway and ListenerSet.
 */
#include "config.h"

#include "rutter/kind_gateway.h"

#include "../schema.h"

RT_PART(class_spec, struct rt_gateway_class,
    {"controllerName", RT_F_SYM, AT(struct rt_gateway_class, controller_name)},
    {"description", RT_F_STR, AT(struct rt_gateway_class, description)},
    {"parametersRef", RT_F_PTR, AT(struct rt_gateway_class, parameters_ref),
	.sub = &rt_object_ref_schema});
RT_PART(class_status, struct rt_gateway_class,
    {"conditions", RT_F_LIST, AT(struct rt_gateway_class, conditions), .sub = &rt_condition_schema},
    {"supportedFeatures", RT_F_NAMES, AT(struct rt_gateway_class, supported_features)});

static void class_finish(void *base)
{
	struct rt_gateway_class *c = base;
	c->has_supported_features = c->supported_features.v != NULL;
}
RT_KIND(GATEWAY_CLASS, struct rt_gateway_class, class_finish,
    {"spec", RT_F_INLINE, .sub = &class_spec}, {"status", RT_F_INLINE, .sub = &class_status});

RT_PART(validation, struct rt_frontend_validation,
    {"caCertificateRefs", RT_F_LIST, AT(struct rt_frontend_validation, ca_certificate_refs),
	.sub = &rt_object_ref_schema},
    {"mode", RT_F_SYM, AT(struct rt_frontend_validation, mode), .text = "AllowValidOnly"});
/* frontendValidation: of releases before v1.4, where each listener had its own. */
RT_PART(listener_tls, struct rt_listener_tls,
    {"mode", RT_F_SYM, AT(struct rt_listener_tls, mode), .text = "Terminate"},
    {"certificateRefs", RT_F_LIST, AT(struct rt_listener_tls, certificate_refs),
	.sub = &rt_secret_ref_schema},
    {"options", RT_F_PAIRS, AT(struct rt_listener_tls, options)},
    {"frontendValidation", RT_F_PTR, AT(struct rt_listener_tls, frontend_validation),
	.sub = &validation});
RT_PART(group_kind, struct rt_route_group_kind,
    {"group", RT_F_SYM, AT(struct rt_route_group_kind, group), .text = RT_GROUP_GATEWAY},
    {"kind", RT_F_SYM, AT(struct rt_route_group_kind, kind), .text = ""});
RT_SHARED_PART(rt_route_namespaces_schema, struct rt_route_namespaces,
    {"from", RT_F_SYM, AT(struct rt_route_namespaces, from)},
    {"selector", RT_F_PTR, AT(struct rt_route_namespaces, selector),
	.sub = &rt_label_selector_schema});
RT_PART(allowed_routes, struct rt_allowed_routes,
    {"namespaces", RT_F_PTR, AT(struct rt_allowed_routes, namespaces),
	.sub = &rt_route_namespaces_schema},
    {"kinds", RT_F_LIST, AT(struct rt_allowed_routes, kinds), .sub = &group_kind});
RT_SHARED_PART(rt_listener_schema, struct rt_listener,
    {"name", RT_F_SYM, AT(struct rt_listener, name), .text = ""},
    {"hostname", RT_F_STR, AT(struct rt_listener, hostname)},
    {"protocol", RT_F_SYM, AT(struct rt_listener, protocol), .text = ""},
    {"port", RT_F_INT, AT(struct rt_listener, port)},
    {"tls", RT_F_PTR, AT(struct rt_listener, tls), .sub = &listener_tls},
    {"allowedRoutes", RT_F_PTR, AT(struct rt_listener, allowed_routes), .sub = &allowed_routes});

RT_SHARED_PART(rt_listener_status_schema, struct rt_listener_status,
    {"name", RT_F_SYM, AT(struct rt_listener_status, name), .text = ""},
    {"supportedKinds", RT_F_LIST, AT(struct rt_listener_status, supported_kinds),
	.sub = &group_kind},
    {"attachedRoutes", RT_F_INT, AT(struct rt_listener_status, attached_routes)},
    {"conditions", RT_F_LIST, AT(struct rt_listener_status, conditions),
	.sub = &rt_condition_schema});
RT_SHARED_PART(rt_address_schema, struct rt_address,
    {"type", RT_F_SYM, AT(struct rt_address, type), .text = "IPAddress"},
    {"value", RT_F_STR, AT(struct rt_address, value)});

RT_PART(frontend_tls, struct rt_frontend_tls,
    {"validation", RT_F_PTR, AT(struct rt_frontend_tls, validation), .sub = &validation});
RT_PART(frontend_port, struct rt_frontend_port,
    {"port", RT_F_INT, AT(struct rt_frontend_port, port)},
    {"tls", RT_F_PTR, AT(struct rt_frontend_port, tls), .sub = &frontend_tls});
RT_PART(frontend, struct rt_gateway_frontend,
    {"default", RT_F_PTR, AT(struct rt_gateway_frontend, fallback), .sub = &frontend_tls},
    {"perPort", RT_F_LIST, AT(struct rt_gateway_frontend, per_port), .sub = &frontend_port});
RT_PART(backend_tls, struct rt_gateway_backend_tls,
    {"clientCertificateRef", RT_F_PTR, AT(struct rt_gateway_backend_tls, client_certificate_ref),
	.sub = &rt_secret_ref_schema});
RT_PART(gateway_tls, struct rt_gateway_tls,
    {"backend", RT_F_PTR, AT(struct rt_gateway_tls, backend), .sub = &backend_tls},
    {"frontend", RT_F_PTR, AT(struct rt_gateway_tls, frontend), .sub = &frontend});
RT_PART(infrastructure, struct rt_infrastructure,
    {"labels", RT_F_PAIRS, AT(struct rt_infrastructure, labels)},
    {"annotations", RT_F_PAIRS, AT(struct rt_infrastructure, annotations)},
    {"parametersRef", RT_F_PTR, AT(struct rt_infrastructure, parameters_ref),
	.sub = &rt_object_ref_schema});
RT_PART(allowed_listeners, struct rt_allowed_listeners,
    {"namespaces", RT_F_PTR, AT(struct rt_allowed_listeners, namespaces),
	.sub = &rt_route_namespaces_schema});

RT_PART(gateway_spec, struct rt_gateway,
    {"gatewayClassName", RT_F_SYM, AT(struct rt_gateway, gateway_class_name)},
    {"defaultScope", RT_F_SYM, AT(struct rt_gateway, default_scope)},
    {"listeners", RT_F_LIST, AT(struct rt_gateway, listeners), .sub = &rt_listener_schema},
    {"addresses", RT_F_LIST, AT(struct rt_gateway, addresses), .sub = &rt_address_schema},
    {"infrastructure", RT_F_PTR, AT(struct rt_gateway, infrastructure), .sub = &infrastructure},
    {"allowedListeners", RT_F_PTR, AT(struct rt_gateway, allowed_listeners),
	.sub = &allowed_listeners},
    {"tls", RT_F_PTR, AT(struct rt_gateway, tls), .sub = &gateway_tls},
    {"backendTLS", RT_F_PTR, AT(struct rt_gateway, backend_tls), .sub = &backend_tls});
RT_PART(gateway_status, struct rt_gateway,
    {"addresses", RT_F_LIST, AT(struct rt_gateway, status_addresses), .sub = &rt_address_schema},
    {"conditions", RT_F_LIST, AT(struct rt_gateway, conditions), .sub = &rt_condition_schema},
    {"listeners", RT_F_LIST, AT(struct rt_gateway, status_listeners),
	.sub = &rt_listener_status_schema},
    {"attachedListenerSets", RT_F_INT, AT(struct rt_gateway, attached_listener_sets)});

RT_KIND(GATEWAY, struct rt_gateway, NULL, {"spec", RT_F_INLINE, .sub = &gateway_spec},
    {"status", RT_F_INLINE, .sub = &gateway_status});

RT_PART(set_parent_ref, struct rt_object_ref,
    {"group", RT_F_SYM, AT(struct rt_object_ref, group), .text = RT_GROUP_GATEWAY},
    {"kind", RT_F_SYM, AT(struct rt_object_ref, kind), .text = "Gateway"},
    {"namespace", RT_F_SYM, AT(struct rt_object_ref, ns)},
    {"name", RT_F_STR, AT(struct rt_object_ref, name)});
RT_PART(set_spec, struct rt_listener_set,
    {"parentRef", RT_F_PTR, AT(struct rt_listener_set, parent_ref), .sub = &set_parent_ref},
    {"listeners", RT_F_LIST, AT(struct rt_listener_set, listeners), .sub = &rt_listener_schema});
RT_PART(set_status, struct rt_listener_set,
    {"conditions", RT_F_LIST, AT(struct rt_listener_set, conditions), .sub = &rt_condition_schema},
    {"listeners", RT_F_LIST, AT(struct rt_listener_set, status_listeners),
	.sub = &rt_listener_status_schema});

RT_KIND(LISTENER_SET, struct rt_listener_set, NULL, {"spec", RT_F_INLINE, .sub = &set_spec},
    {"status", RT_F_INLINE, .sub = &set_status});
