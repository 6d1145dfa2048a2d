/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controllers.h - the one table of known controllers (reference: controllers §1, §2, §5) as data.
 * A row is found by GatewayClass controllerName or IngressClass controller; an unknown name has no
 * row, which is not a fault. All strings are static.
 */
#ifndef RUTTER_CONTROLLERS_H
#define RUTTER_CONTROLLERS_H

#include "rutter/model.h"

/* How a controller decides whether an Ingress is its own (controllers §2). */
enum rt_class_order {
	RT_CLASS_NO_INGRESS,       /* does not do Ingress */
	RT_CLASS_FIELD_FIRST,      /* spec.ingressClassName, then the annotation */
	RT_CLASS_ANNOTATION_FIRST, /* the annotation wins over the field */
	RT_CLASS_EITHER,           /* one of them suffices */
	RT_CLASS_ANNOTATION_ONLY,  /* a set field means: not ours (GKE) */
	RT_CLASS_FIELD_ONLY,
};
/* What happens to an Ingress with neither field nor annotation. */
enum rt_unclassed { RT_UNCLASSED_IGNORED, RT_UNCLASSED_TAKEN, RT_UNCLASSED_BY_FLAG };

/* What a path of type ImplementationSpecific means to it (controllers §4). */
enum rt_path_style {
	RT_PATH_UNKNOWN, /* taken as Prefix, for want of knowledge */
	RT_PATH_STRING,  /* a prefix of the string */
	RT_PATH_GLOB,    /* whole path, '*' and '?' */
	RT_PATH_TILDE,   /* "/~" starts a regular expression, else a prefix of the string */
	RT_PATH_STARRED, /* before ".*" or "/" and a star at the end a prefix, else exact */
};

struct rt_controller {
	const char *id;    /* short stable name: "ingress-nginx", "envoy-gateway" */
	const char *title; /* as people write it */
	const char
	    *gateway_names; /* GatewayClass controllerNames, separated by spaces; NULL none */
	const char *ingress_names; /* IngressClass controllers; a trailing "*" matches a prefix */
	const char *namespaces;    /* usual ones, most likely first */
	const char *pods;      /* control-plane selectors, separated by " | "; NULL: not visible */
	const char *data_pods; /* data-plane selectors; NULL: same pods or found by label */
	const char *owner_label;    /* on data-plane objects: the Gateway's name; NULL none */
	const char *owner_ns_label; /* with it: the Gateway's namespace; NULL: objects are there */
	const char *service_name;   /* data-plane Service by name, %s the Gateway's; NULL none */
	const char *publish_annotation; /* Gateway annotation that names the Services; NULL none */
	bool shared_data_plane;      /* data_pods serve every Gateway, whatever owner_label finds */
	bool outside;                /* data plane (and maybe the controller) outside the cluster */
	bool shares_pods;            /* control plane and data plane are the same pods */
	bool certificates_elsewhere; /* an Ingress TLS Secret may be absent by design (cloud) */
	bool listener_certificates_elsewhere; /* so may certificateRefs of a listener */
	const char *protocols; /* of listeners, beside the API's own and domain-prefixed ones */
	const char *parameters_namespace; /* of an IngressClass that does not name it itself */
	bool balancer_each;               /* each Ingress gets a load balancer of its own … */
	const char *group_annotation; /* … but for those that this one joins; NULL: none does */
	bool matches_class_name;      /* compares class names, the IngressClass need not exist */
	enum rt_class_order order;
	enum rt_unclassed unclassed;
	enum rt_path_style path_style;
	const char *annotation_values; /* accepted kubernetes.io/ingress.class values by default */
	bool annotation_any_case;      /* … in whatever case; then there is but one */
	const char *class_annotation;  /* one of its own that says the same; NULL none */
	const char *annotation_prefixes; /* its own annotation prefixes, separated by spaces */
	int no_endpoint_status;          /* to a backend without endpoints, where not 503; 0: 503 */
	bool retired;
};

size_t rt_controllers(const struct rt_controller **ret); /* the whole table */
const struct rt_controller *rt_controller_of_gateway(const char *controller_name);
const struct rt_controller *rt_controller_of_ingress(const char *controller);
const struct rt_controller *rt_controller_of_annotation(const char *class_value);
const struct rt_controller *rt_controller_by_id(const char *id);
/* ingress-nginx, of which more is modelled than the table holds; c may be NULL. */
bool rt_controller_is_nginx(const struct rt_controller *c);
/* What HTTP requests get whose backend has no ready endpoint; c may be NULL. */
int rt_no_endpoint_status(const struct rt_controller *c);
/* Is word one of a space-separated list; entries ending in '*' match prefixes. */
bool rt_controller_lists(const char *list, const char *word);

#endif
