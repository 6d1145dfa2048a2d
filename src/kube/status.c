/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.c - refusals of an API server: the Status object, and what stands in its place when
 * something else answered (a proxy, a login page, flow control in plain text).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "rutter/buf.h"
#include "rutter/kube.h"
#include "rutter/utf8.h"
#include "rutter/value.h"

static void copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

/* --- the Status object ------------------------------------------------------------------------ */

static bool has_cause(const struct rt_value *details, const char *reason)
{
	const struct rt_value *causes = rt_value_get(details, "causes");
	for (size_t i = 0; i < rt_value_len(causes); i++) {
		const char *got = rt_value_get_str(rt_value_at(causes, i), "reason");
		if (got && strcmp(got, reason) == 0)
			return true;
	}
	return false;
}

static void take_status(const struct rt_value *doc, struct rt_kube_status *s)
{
	const struct rt_value *details = rt_value_get(doc, "details");
	const struct rt_value *meta = rt_value_get(doc, "metadata");
	const char *outcome = rt_value_get_str(doc, "status");
	s->code = (int)rt_value_int(rt_value_get(doc, "code"), 0);
	s->failure = outcome && strcmp(outcome, "Failure") == 0;
	copy_text(s->reason, sizeof(s->reason), rt_value_get_str(doc, "reason"));
	copy_text(s->message, sizeof(s->message), rt_value_get_str(doc, "message"));
	copy_text(s->kind, sizeof(s->kind), rt_value_get_str(details, "kind"));
	copy_text(s->name, sizeof(s->name), rt_value_get_str(details, "name"));
	int64_t seconds = rt_value_int(rt_value_get(details, "retryAfterSeconds"), -1);
	s->retry_after_ms = seconds >= 0 && seconds < 1000000 ? seconds * 1000 : -1;
	s->too_large_rv = has_cause(details, "ResourceVersionTooLarge") ||
			  strstr(s->message, "Too large resource version");
	const char *token = rt_value_get_str(meta, "continue");
	if (token && strlen(token) < sizeof(s->continue_token)) /* a cut token is worthless */
		copy_text(s->continue_token, sizeof(s->continue_token), token);
}

bool rt_kube_status_parse(const char *body, size_t len, struct rt_kube_status *ret)
{
	struct rt_value *doc = NULL;
	memset(ret, 0, sizeof(*ret));
	ret->retry_after_ms = -1;
	if (rt_value_from_json(body, len, "Status", &doc, NULL) != RT_OK)
		return false;
	const char *kind = rt_value_get_str(doc, "kind");
	bool is_status = kind && strcmp(kind, "Status") == 0;
	if (is_status)
		take_status(doc, ret);
	rt_value_free(doc);
	return is_status;
}

/* The reason says more than the code (a Status inside a watch has been sent with 200). */
static const struct {
	const char *reason; /* NULL: by code alone */
	int low, high;
	enum rt_kube_failure failure;
	enum rt_status status;
} refusals[] = {
    {"Unauthorized", 401, 401, RT_KUBE_UNAUTHORIZED, RT_CREDENTIALS},
    {"Forbidden", 403, 403, RT_KUBE_FORBIDDEN, RT_FORBIDDEN},
    {"NotFound", 404, 404, RT_KUBE_NOT_FOUND, RT_NOT_FOUND},
    {"NotAcceptable", 406, 406, RT_KUBE_NOT_ACCEPTABLE, RT_PROTOCOL},
    {"Expired", 410, 410, RT_KUBE_GONE, RT_SERVER},
    {"Gone", 410, 410, RT_KUBE_GONE, RT_SERVER},
    {"TooManyRequests", 429, 429, RT_KUBE_TOO_MANY, RT_SERVER},
    {"Timeout", 408, 408, RT_KUBE_SERVER, RT_TIMEOUT},
    {NULL, 504, 504, RT_KUBE_SERVER, RT_TIMEOUT},
    {NULL, 500, 599, RT_KUBE_SERVER, RT_SERVER},
    {NULL, 400, 499, RT_KUBE_REFUSED, RT_PROTOCOL},
    {NULL, 0, 999, RT_KUBE_BAD_ANSWER, RT_PROTOCOL},
};

static size_t find_refusal(const char *reason, int code)
{
	size_t last = RT_ARRAY_LEN(refusals) - 1;
	for (size_t i = 0; reason && i <= last; i++)
		if (refusals[i].reason && strcmp(refusals[i].reason, reason) == 0)
			return i;
	for (size_t i = 0; i < last; i++)
		if (code >= refusals[i].low && code <= refusals[i].high)
			return i;
	return last;
}

enum rt_kube_failure rt_kube_status_failure(const struct rt_kube_status *s)
{
	if (s->too_large_rv)
		return RT_KUBE_TOO_LARGE_RV;
	return refusals[find_refusal(s->reason, s->code)].failure;
}

/* --- hints ------------------------------------------------------------------------------------ */

/* From «User "u" cannot list resource "pods" in API group "g" …» the right that is missing. */
static bool quoted_after(const char *text, const char *word, char *to, size_t size)
{
	const char *at = strstr(text, word);
	if (!at)
		return false;
	at += strlen(word);
	size_t len = strcspn(at, "\"");
	if (at[len] != '"' || len >= size)
		return false;
	memcpy(to, at, len);
	to[len] = '\0';
	return true;
}

static void hint_forbidden(const char *message, struct rt_error *err)
{
	char verb[32] = "", resource[128] = "", user[128] = "", group[128] = "";
	const char *cannot = strstr(message, "cannot ");
	quoted_after(message, "User \"", user, sizeof(user));
	if (strcmp(user, "system:anonymous") == 0) {
		rt_error_hint(err, "the server sees an anonymous user: no credentials were sent or "
				   "it did not accept them");
		return;
	}
	if (!cannot || sscanf(cannot, "cannot %31[a-z] resource", verb) != 1 ||
	    !quoted_after(message, "resource \"", resource, sizeof(resource)))
		return;
	quoted_after(message, "API group \"", group, sizeof(group));
	rt_error_hint(err,
	    "it needs a role with the verb %s for %s%s%s; to see it with kubectl: kubectl "
	    "auth can-i %s %s%s%s",
	    verb, resource, *group ? "." : "", group, verb, resource, *group ? "." : "", group);
}

static const struct {
	enum rt_kube_failure failure;
	const char *hint;
} hints[] = {
    {RT_KUBE_UNAUTHORIZED, "log in again, or check the user's token or client certificate"},
    {RT_KUBE_TOO_MANY, "the server is busy; try again later"},
    {RT_KUBE_BAD_ANSWER, RT_KUBE_NO_API_HINT},
};

static void add_hint(enum rt_kube_failure f, struct rt_error *err)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(hints); i++)
		if (hints[i].failure == f && !err->hint[0])
			rt_error_hint(err, "%s", hints[i].hint);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* The first line of a body that is no Status, cleaned and short: enough to recognise a proxy. */
static void first_line(const char *body, size_t len, struct rt_buf *out)
{
	while (len > 0 && (*body == ' ' || *body == '\n' || *body == '\r' || *body == '\t')) {
		body++;
		len--;
	}
	size_t end = 0;
	while (end < len && end < 200 && body[end] != '\n' && body[end] != '\r' && body[end])
		end++;
	char line[201];
	memcpy(line, body, end);
	line[end] = '\0';
	rt_clean_cut(out, line, 120, false);
}

static void explain_foreign(const struct rt_net_result *r, struct rt_error *err)
{
	size_t row = find_refusal(NULL, r->http);
	RT_AUTO_BUF struct rt_buf line = {0};
	first_line(r->body, r->body_len, &line);
	if (strstr(r->body, "HTTP request to an HTTPS server")) {
		rt_fail(err, RT_PROTOCOL, "the server speaks HTTPS, the request was plain HTTP");
		rt_error_hint(err, "write the server address with https://");
	} else if (r->http == 431) {
		rt_fail(err, RT_CREDENTIALS,
		    "the request is too long for the server (431 request header fields)");
		rt_error_hint(err, "a long token, or many groups to impersonate?");
	} else if (r->http == 429) {
		rt_fail(err, RT_SERVER, "the server has received too many requests (429)");
	} else {
		bool text = line.len > 0;
		rt_fail(err, refusals[row].status, "unexpected answer %d of the server%s%s%s",
		    r->http, text ? ": \"" : "", rt_buf_str(&line), text ? "\"" : "");
		rt_error_hint(err, "%s", hints[RT_ARRAY_LEN(hints) - 1].hint);
	}
	err->http = r->http;
}

static enum rt_kube_failure by_transport(const struct rt_net_result *r)
{
	if (r->lost)
		return RT_KUBE_LOST;
	switch (r->status) {
	case RT_TIMEOUT:
		return RT_KUBE_TIMEOUT;
	case RT_CANCELLED:
		return RT_KUBE_CANCELLED;
	case RT_CREDENTIALS:
		return RT_KUBE_UNAUTHORIZED;
	case RT_LIMIT:
	case RT_PROTOCOL:
		return RT_KUBE_BAD_ANSWER;
	case RT_OK:
	case RT_FOUND:
	case RT_USAGE:
	case RT_INPUT:
	case RT_CONFIG:
	case RT_IO:
	case RT_UNREACHABLE:
	case RT_TLS:
	case RT_FORBIDDEN:
	case RT_NOT_FOUND:
	case RT_SERVER:
	case RT_STATUS_COUNT:
		break;
	}
	return RT_KUBE_UNREACHABLE;
}

enum rt_kube_failure rt_kube_explain(
    const struct rt_net_result *r, struct rt_kube_status *ret, struct rt_error *err)
{
	memset(ret, 0, sizeof(*ret));
	ret->retry_after_ms = -1;
	*err = *r->err;
	if (r->status == RT_OK)
		return RT_KUBE_OK;
	bool refused = r->http >= 400 && r->body_len > 0;
	if (r->http == 0 || (r->http >= 200 && r->http < 400))
		return by_transport(r);
	if (!refused || !rt_kube_status_parse(r->body, r->body_len, ret)) {
		if (refused)
			explain_foreign(r, err);
		enum rt_kube_failure f = refusals[find_refusal(NULL, r->http)].failure;
		add_hint(f, err);
		return f;
	}
	if (!ret->code)
		ret->code = r->http;
	size_t row = find_refusal(ret->reason, ret->code);
	const char *message = ret->message[0] ? ret->message : "no reason given";
	/* A 401 says no more than "Unauthorized"; a 403 names user, verb and resource. */
	if (refusals[row].failure == RT_KUBE_UNAUTHORIZED)
		rt_fail(
		    err, RT_CREDENTIALS, "the server does not accept the credentials: %s", message);
	else
		rt_fail(err, refusals[row].status, "%s", message);
	err->http = r->http;
	enum rt_kube_failure f = rt_kube_status_failure(ret);
	if (f == RT_KUBE_FORBIDDEN)
		hint_forbidden(ret->message, err);
	add_hint(f, err);
	return f;
}
