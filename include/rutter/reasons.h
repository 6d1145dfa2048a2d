/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasons.h - condition types and reasons of Gateway API (gateway-api §11), one table.
 * RT_REASON_NONE stands for "the specification fixes no reason".
 */
#ifndef RUTTER_REASONS_H
#define RUTTER_REASONS_H

#include "rutter/fwd.h"

/*  enum, constant; meanings are in src/analysis/reasons.c */
#define RT_REASONS(X)                                                                              \
	X(ACCEPTED, "Accepted")                                                                    \
	X(PROGRAMMED, "Programmed")                                                                \
	X(RESOLVED_REFS, "ResolvedRefs")                                                           \
	X(NO_CONFLICTS, "NoConflicts")                                                             \
	X(PENDING, "Pending")                                                                      \
	X(INVALID, "Invalid")                                                                      \
	X(INVALID_PARAMETERS, "InvalidParameters")                                                 \
	X(UNSUPPORTED, "Unsupported")                                                              \
	X(UNSUPPORTED_VERSION, "UnsupportedVersion")                                               \
	X(SUPPORTED_VERSION, "SupportedVersion")                                                   \
	X(LISTENERS_NOT_VALID, "ListenersNotValid")                                                \
	X(UNSUPPORTED_ADDRESS, "UnsupportedAddress")                                               \
	X(NO_RESOURCES, "NoResources")                                                             \
	X(ADDRESS_NOT_ASSIGNED, "AddressNotAssigned")                                              \
	X(ADDRESS_NOT_USABLE, "AddressNotUsable")                                                  \
	X(INVALID_CLIENT_CERTIFICATE_REF, "InvalidClientCertificateRef")                           \
	X(LISTENERS_NOT_RESOLVED, "ListenersNotResolved")                                          \
	X(CONFIGURATION_CHANGED, "ConfigurationChanged")                                           \
	X(PORT_UNAVAILABLE, "PortUnavailable")                                                     \
	X(UNSUPPORTED_PROTOCOL, "UnsupportedProtocol")                                             \
	X(NO_VALID_CA_CERTIFICATE, "NoValidCACertificate")                                         \
	X(UNSUPPORTED_VALUE, "UnsupportedValue")                                                   \
	X(HOSTNAME_CONFLICT, "HostnameConflict")                                                   \
	X(PROTOCOL_CONFLICT, "ProtocolConflict")                                                   \
	X(LISTENER_CONFLICT, "ListenerConflict")                                                   \
	X(TOO_MANY_LISTENERS, "TooManyListeners")                                                  \
	X(INVALID_CERTIFICATE_REF, "InvalidCertificateRef")                                        \
	X(INVALID_ROUTE_KINDS, "InvalidRouteKinds")                                                \
	X(REF_NOT_PERMITTED, "RefNotPermitted")                                                    \
	X(INVALID_CA_CERTIFICATE_REF, "InvalidCACertificateRef")                                   \
	X(INVALID_CA_CERTIFICATE_KIND, "InvalidCACertificateKind")                                 \
	X(OVERLAPPING_HOSTNAMES, "OverlappingHostnames")                                           \
	X(OVERLAPPING_CERTIFICATES, "OverlappingCertificates")                                     \
	X(NOT_ALLOWED, "NotAllowed")                                                               \
	X(PARENT_NOT_ACCEPTED, "ParentNotAccepted")                                                \
	X(PARENT_NOT_PROGRAMMED, "ParentNotProgrammed")                                            \
	X(NOT_ALLOWED_BY_LISTENERS, "NotAllowedByListeners")                                       \
	X(NO_MATCHING_LISTENER_HOSTNAME, "NoMatchingListenerHostname")                             \
	X(NO_MATCHING_PARENT, "NoMatchingParent")                                                  \
	X(INCOMPATIBLE_FILTERS, "IncompatibleFilters")                                             \
	X(INVALID_KIND, "InvalidKind")                                                             \
	X(BACKEND_NOT_FOUND, "BackendNotFound")                                                    \
	X(CONFLICTED, "Conflicted")                                                                \
	X(TARGET_NOT_FOUND, "TargetNotFound")

enum rt_reason {
	RT_REASON_NONE,
#define X(id, text) RT_REASON_##id,
	RT_REASONS(X)
#undef X
	    RT_REASON_COUNT
};

struct rt_reason_info {
	const char *name;       /* the API's constant; NULL for RT_REASON_NONE */
	const char *conditions; /* "Gateway Accepted, listener Programmed", as explain prints it */
	const char *meaning;    /* one sentence */
	const char *mend;       /* one imperative sentence, or NULL where nothing is wrong */
};
const struct rt_reason_info *rt_reason_info(enum rt_reason r);
const char *rt_reason_name(enum rt_reason r); /* NULL for RT_REASON_NONE */
bool rt_reason_parse(const char *name, enum rt_reason *ret);

/* Condition types and what is bad about them (gateway-api §11, polarity). */
#define RT_COND_ACCEPTED "Accepted"
#define RT_COND_PROGRAMMED "Programmed"
#define RT_COND_RESOLVED_REFS "ResolvedRefs"
#define RT_COND_CONFLICTED "Conflicted"
#define RT_COND_PARTIALLY_INVALID "PartiallyInvalid"
#define RT_COND_OVERLAPPING_TLS "OverlappingTLSConfig"
#define RT_COND_INSECURE_FRONTEND "InsecureFrontendValidationMode"
#define RT_COND_SUPPORTED_VERSION "SupportedVersion"
/* True where the status is the bad one for the type; Unknown is never good; unknown types: false.
 */
bool rt_condition_is_bad(const char *type, const char *status);

#endif
