/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.c - what a code of the catalogue, a reason of a condition or a kind means.
 */
#include "config.h"

#include "rutter/check_report.h"

#include <string.h>
#include <strings.h>

#include "rutter/reasons.h"

struct writing {
	struct rt_buf *out;
	const struct rt_text_style *style;
};

static void heading(struct writing *w, const char *text)
{
	rt_tone_text(w->out, w->style, RT_TONE_STRONG, text);
	rt_buf_putc(w->out, '\n');
}

static void paragraph(struct writing *w, const char *text)
{
	rt_buf_puts(w->out, "  ");
	rt_text_wrap(w->out, w->style, 2, text);
	rt_buf_putc(w->out, '\n');
}

static void labelled(struct writing *w, const char *label, const char *text)
{
	if (!text)
		return;
	rt_buf_puts(w->out, "  ");
	rt_tone_text(w->out, w->style, RT_TONE_DIM, label);
	rt_buf_pad(w->out, ' ', 10 - strlen(label));
	rt_text_wrap(w->out, w->style, 12, text);
	rt_buf_putc(w->out, '\n');
}

/* ---------------------------------------------------------------- codes */

static const char *const evidence[] = {
    [RT_EV_SPEC] = "specifications alone; every source",
    [RT_EV_RUNTIME] = "what was observed: status, endpoints, Pods",
    [RT_EV_ECHO] = "a condition that the controller reports and nothing else explains",
    [RT_EV_CONTENT] = "the content of certificates, where the input itself holds it",
};

static void explain_code(struct writing *w, const struct rt_finding_info *info)
{
	rt_tone_begin(w->out, w->style, RT_TONE_STRONG);
	rt_buf_printf(w->out, "%s %s", info->code, info->name);
	rt_tone_end(w->out, w->style);
	rt_buf_printf(w->out, " (%s)\n", rt_severity_name(info->severity));
	paragraph(w, info->means);
	labelled(w, "when", info->when);
	labelled(w, "rests on", evidence[info->evidence]);
	labelled(w, "needs", info->known);
	labelled(w, "reported", info->reported);
	labelled(w, "fix", info->fix);
	labelled(w, "see", info->doc);
}

/* ---------------------------------------------------------------- reasons */

/* As people write it: any case. */
static bool reason_named(const char *what, enum rt_reason *ret)
{
	for (int r = RT_REASON_NONE + 1; r < RT_REASON_COUNT; r++)
		if (strcasecmp(rt_reason_name((enum rt_reason)r), what) == 0) {
			*ret = (enum rt_reason)r;
			return true;
		}
	return false;
}

static void explain_reason(struct writing *w, enum rt_reason reason)
{
	const struct rt_reason_info *info = rt_reason_info(reason);

	rt_tone_begin(w->out, w->style, RT_TONE_STRONG);
	rt_buf_puts(w->out, info->name);
	rt_tone_end(w->out, w->style);
	rt_buf_puts(w->out, " (reason of a condition)\n");
	paragraph(w, info->meaning);
	labelled(w, "on", info->conditions);
	labelled(w, "mend", info->mend);
}

static bool explain_codes_of_reason(struct writing *w, const char *what, bool after)
{
	bool any = false;

	for (size_t i = 0; i < RT_CODE_COUNT; i++) {
		const struct rt_finding_info *info = rt_finding_info((enum rt_code)i);

		if (!rt_finding_has_reason(info, what))
			continue;
		if (after || any)
			rt_buf_putc(w->out, '\n');
		explain_code(w, info);
		any = true;
	}
	return any;
}

/* ---------------------------------------------------------------- kinds */

/* The areas of the catalogue that are about a kind. */
static const struct {
	enum rt_kind kind;
	const char *means, *areas;
} kinds[] = {
    {RT_KIND_GATEWAY_CLASS, "Names the controller that serves the Gateways of this class.", "GC"},
    {RT_KIND_GATEWAY, "Asks for listeners: ports, protocols, hostnames and certificates.", "GW LS"},
    {RT_KIND_LISTENER_SET, "Adds listeners to a Gateway, where the Gateway allows it.", "LS"},
    {RT_KIND_HTTP_ROUTE, "Sends HTTP requests from listeners to backends, rule by rule.", "RT"},
    {RT_KIND_GRPC_ROUTE, "Sends gRPC calls from listeners to backends, rule by rule.", "RT"},
    {RT_KIND_TLS_ROUTE, "Sends TLS connections to backends by the name the client asks for.", "RT"},
    {RT_KIND_TCP_ROUTE, "Sends the TCP connections of a listener to backends.", "RT"},
    {RT_KIND_UDP_ROUTE, "Sends the UDP packets of a listener to backends.", "RT"},
    {RT_KIND_REFERENCE_GRANT,
	"Lets objects of other namespaces refer to objects of its own namespace.", "RG"},
    {RT_KIND_BACKEND_TLS_POLICY,
	"Makes the Gateway speak TLS to a Service, and says which CA to "
	"trust.",
	"PL"},
    {RT_KIND_INGRESS_CLASS, "Names the controller that serves the Ingresses of this class.", "IC"},
    {RT_KIND_INGRESS, "Sends HTTP requests to Services by host and path.", "IN"},
    {RT_KIND_NETWORK_POLICY, "Limits who may open connections to the Pods it selects.", "SV11"},
    {RT_KIND_SERVICE, "A name and ports for a set of Pods; what routes send requests to.", "SV"},
    {RT_KIND_ENDPOINT_SLICE, "The addresses behind a Service, and which of them are ready.", "SV"},
    {RT_KIND_POD, "The containers that answer; a Service sends to those that are ready.", "SV"},
    {RT_KIND_SECRET, "Holds certificates and keys that listeners and Ingresses use.", "LS IN08"},
    {RT_KIND_CONFIG_MAP, "Holds the CAs that clients or backends are checked against.", "LS PL"},
    {RT_KIND_NAMESPACE, "Its labels decide which routes and ListenerSets a listener admits.",
	"LS12 RT04"},
};

static void code_line(struct writing *w, const struct rt_finding_info *info)
{
	rt_buf_printf(
	    w->out, "  %s %-8s %s\n", info->code, rt_severity_name(info->severity), info->name);
}

static bool explain_kind(struct writing *w, enum rt_kind kind)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(kinds); i++) {
		const struct rt_kind_info *info = rt_kind_info(kind);

		if (kinds[i].kind != kind)
			continue;
		heading(w, info->kind);
		paragraph(w, kinds[i].means);
		labelled(w, "group", *info->group ? info->group : "core (\"\")");
		labelled(w, "versions", info->versions);
		labelled(w, "findings", "rutter explain CODE tells more");
		for (size_t k = 0; k < RT_CODE_COUNT; k++)
			if (rt_finding_in_areas(rt_finding_info((enum rt_code)k), kinds[i].areas))
				code_line(w, rt_finding_info((enum rt_code)k));
		return true;
	}
	return false;
}

/* ---------------------------------------------------------------- the door */

bool rt_explain(struct rt_buf *out, const char *what, const struct rt_text_style *style)
{
	struct writing w = {out, style};
	const struct rt_finding_info *info = rt_finding_by_code(what);
	enum rt_reason reason;
	enum rt_kind kind;

	if (info) {
		explain_code(&w, info);
		return true;
	}
	if (reason_named(what, &reason)) {
		explain_reason(&w, reason);
		explain_codes_of_reason(&w, what, true);
		return true;
	}
	if (explain_codes_of_reason(&w, what, false))
		return true;
	return rt_kind_parse(what, &kind) && explain_kind(&w, kind);
}

void rt_explain_list(struct rt_buf *out, const struct rt_text_style *style)
{
	struct writing w = {out, style};

	heading(&w, "Findings");
	for (size_t i = 0; i < RT_CODE_COUNT; i++)
		code_line(&w, rt_finding_info((enum rt_code)i));
}
