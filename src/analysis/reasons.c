/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasons.c - what the reasons of Gateway API conditions mean (gateway-api §11).
 */
#include "config.h"

#include "rutter/reasons.h"

#include <string.h>

#include "rutter/str.h"

static const struct rt_reason_info infos[] = {
    [RT_REASON_NONE] = {0},
    [RT_REASON_ACCEPTED] = {"Accepted",
	"GatewayClass, Gateway, ListenerSet, listener, Route, policy: Accepted",
	"The object is valid and its controller will act on it.", NULL},
    [RT_REASON_PROGRAMMED] = {"Programmed", "Gateway, ListenerSet, listener: Programmed",
	"The configuration has been handed to the data plane.", NULL},
    [RT_REASON_RESOLVED_REFS] = {"ResolvedRefs", "Gateway, listener, Route, policy: ResolvedRefs",
	"Every reference of the object leads to something usable.", NULL},
    [RT_REASON_NO_CONFLICTS] = {"NoConflicts", "listener: Conflicted",
	"No other listener claims the same port, protocol and hostname.", NULL},
    [RT_REASON_PENDING] = {"Pending",
	"GatewayClass, Gateway, ListenerSet, listener, Route: Accepted, Programmed",
	"No controller has dealt with the object yet.",
	"Check that a controller for the class runs and watches this namespace."},
    [RT_REASON_INVALID] = {"Invalid",
	"Gateway, ListenerSet, policy: Accepted; Gateway, listener: Programmed",
	"The object as a whole is invalid or cannot be put into effect.",
	"Read the message of the condition and correct the object."},
    [RT_REASON_INVALID_PARAMETERS] = {"InvalidParameters", "GatewayClass, Gateway: Accepted",
	"parametersRef names an object or a kind that does not exist or is not supported.",
	"Create the object that parametersRef names or correct the reference."},
    [RT_REASON_UNSUPPORTED] = {"Unsupported", "GatewayClass: Accepted",
	"The controller does not support this class.", "Use a class that the controller offers."},
    [RT_REASON_UNSUPPORTED_VERSION] = {"UnsupportedVersion",
	"GatewayClass: Accepted, SupportedVersion",
	"The controller does not support the installed release of the Gateway API CRDs.",
	"Install the CRD release that the controller supports, or upgrade the controller."},
    [RT_REASON_SUPPORTED_VERSION] = {"SupportedVersion", "GatewayClass: SupportedVersion",
	"The controller supports the installed release of the Gateway API CRDs.", NULL},
    [RT_REASON_LISTENERS_NOT_VALID] = {"ListenersNotValid",
	"Gateway, ListenerSet: Accepted; ListenerSet: Programmed",
	"At least one listener is not accepted; with status False, none is.",
	"Mend the listeners whose own Accepted condition is False."},
    [RT_REASON_UNSUPPORTED_ADDRESS] = {"UnsupportedAddress", "Gateway: Accepted",
	"spec.addresses holds an address of a type that the controller does not know.",
	"Use a supported address type or leave spec.addresses out."},
    [RT_REASON_NO_RESOURCES] = {"NoResources", "Gateway: Programmed",
	"The infrastructure has no room for this Gateway.",
	"Free resources or raise the quota that the message names."},
    [RT_REASON_ADDRESS_NOT_ASSIGNED] = {"AddressNotAssigned", "Gateway: Programmed",
	"No address has been assigned to the Gateway.",
	"Check the load balancer provider and the events of the data-plane Service."},
    [RT_REASON_ADDRESS_NOT_USABLE] = {"AddressNotUsable", "Gateway: Programmed",
	"A requested static address cannot be bound.",
	"Ask for an address that the provider can bind."},
    [RT_REASON_INVALID_CLIENT_CERTIFICATE_REF] = {"InvalidClientCertificateRef",
	"Gateway: ResolvedRefs",
	"spec.tls.backend.clientCertificateRef does not lead to a usable TLS Secret.",
	"Create the Secret with tls.crt and tls.key or correct the reference."},
    [RT_REASON_LISTENERS_NOT_RESOLVED] = {"ListenersNotResolved", "Gateway: ResolvedRefs",
	"A listener of the Gateway has unresolved references.",
	"Mend the listeners whose own ResolvedRefs condition is False."},
    [RT_REASON_CONFIGURATION_CHANGED] = {"ConfigurationChanged",
	"Gateway: InsecureFrontendValidationMode",
	"Client certificates are asked for but clients without a valid one are let in.",
	"Use mode AllowValidOnly unless the fallback is meant."},
    [RT_REASON_PORT_UNAVAILABLE] = {"PortUnavailable", "listener: Accepted, Programmed",
	"The port is in use or may not be used.", "Choose another port."},
    [RT_REASON_UNSUPPORTED_PROTOCOL] = {"UnsupportedProtocol",
	"listener: Accepted; Route: ResolvedRefs",
	"The listener's protocol is not supported; on a Route, the backend's protocol does not "
	"fit.",
	"Use a supported protocol, or a Service port whose protocol and appProtocol fit the "
	"route."},
    [RT_REASON_NO_VALID_CA_CERTIFICATE] = {"NoValidCACertificate",
	"listener, BackendTLSPolicy: Accepted",
	"Not one of the CA certificate references leads to a usable certificate.",
	"Create the ConfigMap with a PEM certificate in ca.crt."},
    [RT_REASON_UNSUPPORTED_VALUE] = {"UnsupportedValue",
	"listener, Route: Accepted; Route: PartiallyInvalid",
	"A field has a value that is unknown or not supported.",
	"Use one of the values that the API lists for the field."},
    [RT_REASON_HOSTNAME_CONFLICT] = {"HostnameConflict",
	"listener: Conflicted, Accepted, Programmed",
	"Another listener has the same port, protocol and hostname.",
	"Give one of the listeners another hostname or port."},
    [RT_REASON_PROTOCOL_CONFLICT] = {"ProtocolConflict",
	"listener: Conflicted, Accepted, Programmed",
	"Another listener on the port has a protocol that cannot share it.",
	"Move one of the listeners to another port."},
    [RT_REASON_LISTENER_CONFLICT] = {"ListenerConflict", "listener of a ListenerSet: Conflicted",
	"A listener of the Gateway or of an older ListenerSet is in the way.",
	"Give the listener another hostname or port."},
    [RT_REASON_TOO_MANY_LISTENERS] = {"TooManyListeners", "listener of a ListenerSet: Accepted",
	"The Gateway has more listeners than the controller can serve.", "Use a second Gateway."},
    [RT_REASON_INVALID_CERTIFICATE_REF] = {"InvalidCertificateRef", "listener: ResolvedRefs",
	"A certificateRef does not lead to a usable TLS Secret.",
	"Create the Secret with a PEM tls.crt and the matching tls.key, or correct the name."},
    [RT_REASON_INVALID_ROUTE_KINDS] = {"InvalidRouteKinds", "listener: ResolvedRefs",
	"allowedRoutes.kinds lists a kind that the listener's protocol cannot serve.",
	"Remove the kind from allowedRoutes.kinds."},
    [RT_REASON_REF_NOT_PERMITTED] = {"RefNotPermitted", "Gateway, listener, Route: ResolvedRefs",
	"A reference crosses namespaces and no ReferenceGrant there permits it.",
	"Create a ReferenceGrant in the namespace of the target."},
    [RT_REASON_INVALID_CA_CERTIFICATE_REF] = {"InvalidCACertificateRef",
	"listener, BackendTLSPolicy: ResolvedRefs",
	"A caCertificateRef names no ConfigMap with a PEM certificate in ca.crt.",
	"Create the ConfigMap or correct the reference."},
    [RT_REASON_INVALID_CA_CERTIFICATE_KIND] = {"InvalidCACertificateKind", "listener: ResolvedRefs",
	"A caCertificateRef names a kind that is not supported.",
	"Put the CA certificate into a ConfigMap."},
    [RT_REASON_OVERLAPPING_HOSTNAMES] = {"OverlappingHostnames", "listener: OverlappingTLSConfig",
	"Another TLS listener on the port has an overlapping hostname; HTTP/2 clients may reuse "
	"a connection for the wrong one.",
	"Use one listener with both certificates, or separate ports."},
    [RT_REASON_OVERLAPPING_CERTIFICATES] = {"OverlappingCertificates",
	"listener: OverlappingTLSConfig",
	"The certificates of two TLS listeners on the port cover the same name.",
	"Use one listener for that name, or certificates that do not overlap."},
    [RT_REASON_NOT_ALLOWED] = {"NotAllowed", "ListenerSet: Accepted, Programmed",
	"The Gateway's allowedListeners does not admit ListenerSets of this namespace.",
	"Set spec.allowedListeners.namespaces on the Gateway."},
    [RT_REASON_PARENT_NOT_ACCEPTED] = {"ParentNotAccepted", "ListenerSet: Accepted",
	"The Gateway that the ListenerSet belongs to is not accepted.", "Mend the Gateway first."},
    [RT_REASON_PARENT_NOT_PROGRAMMED] = {"ParentNotProgrammed", "ListenerSet: Programmed",
	"The Gateway that the ListenerSet belongs to is not programmed.",
	"Mend the Gateway first."},
    [RT_REASON_NOT_ALLOWED_BY_LISTENERS] = {"NotAllowedByListeners", "Route: Accepted",
	"No listener of the parent admits routes of this kind from this namespace.",
	"Change allowedRoutes of the listener; a ReferenceGrant does not help."},
    [RT_REASON_NO_MATCHING_LISTENER_HOSTNAME] = {"NoMatchingListenerHostname", "Route: Accepted",
	"No hostname of the route meets the hostname of a listener that admits it.",
	"Use a hostname under the listener's, or another listener."},
    [RT_REASON_NO_MATCHING_PARENT] = {"NoMatchingParent", "Route: Accepted",
	"sectionName or port of the parentRef matches no listener of the parent.",
	"Correct sectionName or port; listeners of a ListenerSet need the set as parent."},
    [RT_REASON_INCOMPATIBLE_FILTERS] = {"IncompatibleFilters", "Route: Accepted",
	"Filters of one rule exclude each other.", "Split the rule or drop one of the filters."},
    [RT_REASON_INVALID_KIND] = {"InvalidKind", "Route, BackendTLSPolicy: ResolvedRefs",
	"A reference names a kind that is unknown or not supported there.",
	"Name a supported kind: a Service as backend, a ConfigMap for a CA."},
    [RT_REASON_BACKEND_NOT_FOUND] = {"BackendNotFound", "Route: ResolvedRefs",
	"A backendRef names an object, or a port of a Service, that does not exist.",
	"Create the Service or correct name and port."},
    [RT_REASON_CONFLICTED] = {"Conflicted", "policy: Accepted; Route at a Service: Accepted",
	"An older policy has the same target, or a route of a kind that comes first is on the same "
	"port of the Service.",
	"Merge the two policies, or give the routes different ports."},
    [RT_REASON_TARGET_NOT_FOUND] = {"TargetNotFound", "policy: Accepted",
	"A targetRef names an object or a section that does not exist.",
	"Correct the name or sectionName of the targetRef."},
};
_Static_assert(RT_ARRAY_LEN(infos) == RT_REASON_COUNT, "every reason is explained");

const struct rt_reason_info *rt_reason_info(enum rt_reason r)
{
	return &infos[r];
}

const char *rt_reason_name(enum rt_reason r)
{
	return infos[r].name;
}

bool rt_reason_parse(const char *name, enum rt_reason *ret)
{
	for (size_t i = 1; name && i < RT_REASON_COUNT; i++)
		if (strcmp(infos[i].name, name) == 0) {
			*ret = (enum rt_reason)i;
			return true;
		}
	return false;
}

/* Types whose True is the bad one. The deprecated Detached is known for its polarity only. */
static const char *const negative[] = {RT_COND_CONFLICTED, RT_COND_OVERLAPPING_TLS,
    RT_COND_PARTIALLY_INVALID, RT_COND_INSECURE_FRONTEND, "Detached"};
static const char *const positive[] = {RT_COND_ACCEPTED, RT_COND_PROGRAMMED, RT_COND_RESOLVED_REFS,
    RT_COND_SUPPORTED_VERSION, "Ready", "Scheduled"};

bool rt_condition_is_bad(const char *type, const char *status)
{
	if (!type || !status)
		return false;
	if (rt_str_listed(positive, RT_ARRAY_LEN(positive), type))
		return strcmp(status, "True") != 0;
	if (rt_str_listed(negative, RT_ARRAY_LEN(negative), type))
		return strcmp(status, "False") != 0;
	return false;
}
