/* SPDX-License-Identifier: Apache-2.0 */
/*
 * findings_table.c - the catalogue of findings: one row an entry.
 * The rows are in findings/AREA.def, one file an area; a row's texts are what `rutter explain`, the
 * README, the man page and SARIF print. Codes and names are stable for ever.
 */
#include "config.h"

#include "rutter/findings.h"

#include <string.h>
#include <strings.h>

#include "rules.h"

#define DOC_API "https://gateway-api.sigs.k8s.io/"
#define DOC_K8S "https://kubernetes.io/docs/"
#define DOC_SPEC DOC_API "reference/spec/"
#define DOC_CLASS DOC_API "api-types/gatewayclass/"
#define DOC_GATEWAY DOC_API "api-types/gateway/"
#define DOC_LISTENER_SET DOC_API "geps/gep-1713/"
#define DOC_HTTP_ROUTE DOC_API "api-types/httproute/"
#define DOC_GRANT DOC_API "api-types/referencegrant/"
#define DOC_POLICY DOC_API "api-types/backendtlspolicy/"
#define DOC_TLS DOC_API "guides/tls/"
#define DOC_VERSIONS DOC_API "concepts/versioning/"
#define DOC_MIGRATION DOC_API "guides/migrating-from-ingress/"
#define DOC_INGRESS DOC_K8S "concepts/services-networking/ingress/"
#define DOC_SERVICE DOC_K8S "concepts/services-networking/service/"
#define DOC_SLICES DOC_K8S "concepts/services-networking/endpoint-slices/"
#define DOC_NETPOL DOC_K8S "concepts/services-networking/network-policies/"
#define DOC_POD DOC_K8S "concepts/workloads/pods/pod-lifecycle/"
#define DOC_RBAC DOC_K8S "reference/access-authn-authz/rbac/"
#define DOC_NGINX_PATHS                                                                            \
	"https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/"

static const struct rt_finding_info table[RT_CODE_COUNT] = {
#include "findings/class.def"
#include "findings/gateway.def"
#include "findings/grant.def"
#include "findings/ingress.def"
#include "findings/listener.def"
#include "findings/reading.def"
#include "findings/route.def"
#include "findings/service.def"
};

const struct rt_finding_info *rt_finding_info(enum rt_code code)
{
	return &table[code];
}

const struct rt_finding_info *rt_finding_by_code(const char *code)
{
	for (size_t i = 0; i < RT_CODE_COUNT; i++)
		if (strcasecmp(table[i].code, code) == 0)
			return &table[i];
	return NULL;
}

bool rt_finding_in_areas(const struct rt_finding_info *info, const char *areas)
{
	for (const char *p = areas; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		if (strncmp(p, info->code, len) == 0)
			return true;
		p += len;
	}
	return false;
}

/* reported is "Type=Status/Reason, Type=Status/Reason"; the reason may be missing. */
bool rt_finding_has_reason(const struct rt_finding_info *info, const char *reason)
{
	size_t len = strlen(reason);

	if (strcasecmp(info->name, reason) == 0)
		return true;
	for (const char *p = info->reported ? strchr(info->reported, '/') : NULL; p;
	     p = strchr(p + 1, '/'))
		if (strncasecmp(p + 1, reason, len) == 0 &&
		    (p[1 + len] == '\0' || p[1 + len] == ','))
			return true;
	return false;
}

const char *rt_severity_name(enum rt_severity s)
{
	static const char *const names[] = {"error", "warning", "info"};
	_Static_assert(RT_ARRAY_LEN(names) == RT_SEV_COUNT, "a name for each severity");

	return names[s];
}
