/* SPDX-License-Identifier: Apache-2.0 */
/*
 * features.h - the feature names of Gateway API and what a class supports of them.
 * Effective features are GatewayClass.status.supportedFeatures, or everything where that lists
 * nothing, after --features took away and added single ones (gateway-api, preamble and §11).
 *
 *	if (!rt_features_on(&gateway->features, RT_FEATURE_TLSRouteModeMixed)) ...
 */
#ifndef RUTTER_FEATURES_H
#define RUTTER_FEATURES_H

#include "rutter/err.h"
#include "rutter/kind_gateway.h"

/* The enumerators keep the API's spelling, so that code and API read alike. */
#define RT_FEATURES(X)                                                                             \
	X(Gateway)                                                                                 \
	X(GatewayPort8080)                                                                         \
	X(GatewayStaticAddresses)                                                                  \
	X(GatewayAddressEmpty)                                                                     \
	X(GatewayInfrastructurePropagation)                                                        \
	X(GatewayHTTPListenerIsolation)                                                            \
	X(GatewayHTTPSListenerDetectMisdirectedRequests)                                           \
	X(GatewayFrontendClientCertificateValidation)                                              \
	X(GatewayFrontendClientCertificateValidationInsecureFallback)                              \
	X(GatewayBackendClientCertificate)                                                         \
	X(ListenerSet)                                                                             \
	X(ReferenceGrant)                                                                          \
	X(BackendTLSPolicy)                                                                        \
	X(BackendTLSPolicySANValidation)                                                           \
	X(GRPCRoute)                                                                               \
	X(GRPCRouteNamedRouteRule)                                                                 \
	X(GRPCRouteRequestHeaderModifier)                                                          \
	X(TLSRoute)                                                                                \
	X(TLSRouteModeTerminate)                                                                   \
	X(TLSRouteModeMixed)                                                                       \
	X(TCPRoute)                                                                                \
	X(UDPRoute)                                                                                \
	X(HTTPRoute)                                                                               \
	X(HTTPRouteDestinationPortMatching)                                                        \
	X(HTTPRouteParentRefPort)                                                                  \
	X(HTTPRouteMethodMatching)                                                                 \
	X(HTTPRouteQueryParamMatching)                                                             \
	X(HTTPRoutePathRedirect)                                                                   \
	X(HTTPRoutePortRedirect)                                                                   \
	X(HTTPRouteSchemeRedirect)                                                                 \
	X(HTTPRoute303RedirectStatusCode)                                                          \
	X(HTTPRoute307RedirectStatusCode)                                                          \
	X(HTTPRoute308RedirectStatusCode)                                                          \
	X(HTTPRouteHostRewrite)                                                                    \
	X(HTTPRoutePathRewrite)                                                                    \
	X(HTTPRouteRequestMirror)                                                                  \
	X(HTTPRouteRequestMultipleMirrors)                                                         \
	X(HTTPRouteRequestPercentageMirror)                                                        \
	X(HTTPRouteResponseHeaderModification)                                                     \
	X(HTTPRouteBackendRequestHeaderModification)                                               \
	X(HTTPRouteBackendURLRewrite)                                                              \
	X(HTTPRouteBackendRequestRedirect)                                                         \
	X(HTTPRouteBackendProtocolH2C)                                                             \
	X(HTTPRouteBackendProtocolWebSocket)                                                       \
	X(HTTPRouteRequestTimeout)                                                                 \
	X(HTTPRouteBackendTimeout)                                                                 \
	X(HTTPRouteRetry)                                                                          \
	X(HTTPRouteRetryBackendTimeout)                                                            \
	X(HTTPRouteRetryConnectionError)                                                           \
	X(HTTPRouteCORS)                                                                           \
	X(HTTPRouteNamedRouteRule)                                                                 \
	X(Mesh)                                                                                    \
	X(MeshClusterIPMatching)                                                                   \
	X(MeshConsumerRoute)                                                                       \
	X(MeshHTTPRouteBackendRequestHeaderModification)                                           \
	X(MeshHTTPRouteQueryParamMatching)                                                         \
	X(MeshHTTPRouteRedirectPath)                                                               \
	X(MeshHTTPRouteRedirectPort)                                                               \
	X(MeshHTTPRouteRewritePath)                                                                \
	X(MeshHTTPRouteSchemeRedirect)                                                             \
	X(MeshHTTPRouteNamedRouteRule)

enum rt_feature {
#define X(name) RT_FEATURE_##name,
	RT_FEATURES(X)
#undef X
	    RT_FEATURE_COUNT
};

#define RT_FEATURE_WORDS ((RT_FEATURE_COUNT + 63) / 64)

struct rt_features {
	bool listed;                         /* status lists at least one feature */
	uint64_t on[RT_FEATURE_WORDS];       /* effective */
	uint64_t declared[RT_FEATURE_WORDS]; /* named by status or by --features +NAME */
};

const char *rt_feature_name(enum rt_feature f);
bool rt_feature_parse(const char *name, enum rt_feature *ret);

/* Is it supported, as far as is known (nothing listed: yes)? */
bool rt_features_on(const struct rt_features *f, enum rt_feature which);
/* Does someone say so? For the one rule where an empty list counts as not (LS09). */
bool rt_features_declared(const struct rt_features *f, enum rt_feature which);

/* class_obj NULL: no class; switches: "+A,-B" or NULL. Unknown names change nothing. */
void rt_features_init(
    struct rt_features *f, const struct rt_gateway_class *class_obj, const char *switches);
/* For the command line: RT_USAGE names an entry that is not +NAME or -NAME with a known NAME. */
RT_NODISCARD enum rt_status rt_features_check(const char *switches, struct rt_error *err);

#endif
