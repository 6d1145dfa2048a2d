/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kube-status.c - refusals: Status objects, bodies that are none, and request paths.
 */
#include "config.h"

#include "rutter/kube.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

static const struct {
	const char *about;
	int http;
	const char *body;
	enum rt_kube_failure failure;
	enum rt_status status;
	const char *message; /* exactly */
	const char *hint;    /* part of it, "" none */
} cases[] = {
    {"a forbidden list", 403,
	"{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":"
	"\"Forbidden\","
	"\"message\":\"httproutes.gateway.networking.k8s.io is forbidden: User \\\"dev\\\" cannot "
	"list "
	"resource \\\"httproutes\\\" in API group \\\"gateway.networking.k8s.io\\\" at the cluster "
	"scope\",\"code\":403}",
	RT_KUBE_FORBIDDEN, RT_FORBIDDEN,
	"httproutes.gateway.networking.k8s.io is forbidden: User \"dev\" cannot list resource "
	"\"httproutes\" in API group \"gateway.networking.k8s.io\" at the cluster scope",
	"verb list for httproutes.gateway.networking.k8s.io;"},
    {"an anonymous user", 403,
	"{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"code\":403,\"message\":\"forbidden: User "
	"\\\"system:anonymous\\\" cannot get path \\\"/api\\\"\"}",
	RT_KUBE_FORBIDDEN, RT_FORBIDDEN,
	"forbidden: User \"system:anonymous\" cannot get path \"/api\"", "anonymous user"},
    {"an expired version", 410,
	"{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410,\"message\":\"too old\"}",
	RT_KUBE_GONE, RT_SERVER, "too old", ""},
    {"Gone, told by the reason alone", 200, NULL, RT_KUBE_OK, RT_OK, "", ""},
    {"a replica that is behind", 504,
	"{\"kind\":\"Status\",\"reason\":\"Timeout\",\"code\":504,\"message\":\"Timeout: Too large "
	"resource version: 9, current: "
	"5\",\"details\":{\"retryAfterSeconds\":1,\"causes\":[{\"reason\":"
	"\"ResourceVersionTooLarge\",\"message\":\"Too large resource version\"}]}}",
	RT_KUBE_TOO_LARGE_RV, RT_TIMEOUT, "Timeout: Too large resource version: 9, current: 5", ""},
    {"flow control in plain text", 429, "Too many requests, please try again later.\n",
	RT_KUBE_TOO_MANY, RT_SERVER, "the server has received too many requests (429)", "busy"},
    {"a proxy's page", 502, "<html>\r\n<head><title>502 Bad Gateway</title>", RT_KUBE_SERVER,
	RT_SERVER, "unexpected answer 502 of the server: \"<html>\"", "API server"},
    {"an escape sequence in such a page", 503, "\n\x1b[31mdown", RT_KUBE_SERVER, RT_SERVER,
	"unexpected answer 503 of the server: \"\xef\xbf\xbd[31mdown\"", "API server"},
    {"plain HTTP to a TLS port", 400, "Client sent an HTTP request to an HTTPS server.\n",
	RT_KUBE_REFUSED, RT_PROTOCOL, "the server speaks HTTPS, the request was plain HTTP",
	"https://"},
    {"JSON that is no Status", 404, "{\"error\":\"nope\"}", RT_KUBE_NOT_FOUND, RT_NOT_FOUND,
	"unexpected answer 404 of the server: \"{\"error\":\"nope\"}\"", "API server"},
};

static void test_refusals(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++) {
		struct rt_kube_status status;
		struct rt_error before = {.status = cases[i].http == 200 ? RT_OK : RT_SERVER}, err;
		const char *body = cases[i].body ? cases[i].body : "";
		struct rt_net_result r = {.status = before.status,
		    .err = &before,
		    .http = cases[i].http,
		    .body = body,
		    .body_len = strlen(body)};
		enum rt_kube_failure f = rt_kube_explain(&r, &status, &err);
		tap_is_int(f, cases[i].failure, "%s: what to do", cases[i].about);
		tap_is_int(err.status, cases[i].status, "%s: status", cases[i].about);
		tap_is_str(err.msg, cases[i].message, "%s: message", cases[i].about);
		tap_ok(strstr(err.hint, cases[i].hint) && (cases[i].hint[0] || !err.hint[0]),
		    "%s: hint (%s)", cases[i].about, err.hint);
	}
}

static void test_status(void)
{
	static const char expired[] =
	    "{\"kind\":\"Status\",\"metadata\":{\"continue\":\"tok\"},\"reason\":\"Expired\"}";
	static const char slow[] =
	    "{\"kind\":\"Status\",\"code\":429,\"details\":{\"retryAfterSeconds\":7}}";
	struct rt_kube_status s;
	tap_ok(rt_kube_status_parse(expired, strlen(expired), &s), "a Status is one");
	tap_is_str(s.continue_token, "tok", "with the token to go on with");
	tap_is_int(rt_kube_status_failure(&s), RT_KUBE_GONE, "its reason counts without a code");
	tap_ok(rt_kube_status_parse(slow, strlen(slow), &s), "another");
	tap_is_int(s.retry_after_ms, 7000, "that says when to come back");
	tap_ok(!rt_kube_status_parse("{\"kind\":\"Pod\"}", 14, &s), "another kind is none");
	tap_ok(!rt_kube_status_parse("<html>", 6, &s), "another language is none");
}

static void path_is(const struct rt_kube_query *q, const char *want)
{
	RT_AUTO_BUF struct rt_buf path = {0};
	rt_kube_path(&path, q);
	tap_is_str(rt_buf_str(&path), want, "path %s", want);
}

static void test_paths(void)
{
	path_is(
	    &(struct rt_kube_query){.version = "v1", .plural = "services", .resource_version = "0"},
	    "/api/v1/services?resourceVersion=0");
	path_is(&(struct rt_kube_query){.group = "",
		    .version = "v1",
		    .plural = "pods",
		    .ns = "shop",
		    .label_selector = "app=cart,tier in (a)"},
	    "/api/v1/namespaces/shop/pods?labelSelector=app%3Dcart%2Ctier%20in%20%28a%29");
	path_is(&(struct rt_kube_query){.group = "gateway.networking.k8s.io",
		    .version = "v1",
		    .plural = "httproutes",
		    .limit = 500,
		    .continue_token = "a/b=="},
	    "/apis/gateway.networking.k8s.io/v1/httproutes?limit=500&continue=a%2Fb%3D%3D");
	path_is(&(struct rt_kube_query){.version = "v1",
		    .plural = "services",
		    .watch = true,
		    .resource_version = "42",
		    .timeout_seconds = 300},
	    "/api/v1/"
	    "services?watch=1&resourceVersion=42&allowWatchBookmarks=true&timeoutSeconds=300");
	path_is(&(struct rt_kube_query){.version = "v1",
		    .plural = "pods",
		    .ns = "a/../b",
		    .name = "x?y",
		    .subresource = "log",
		    .extra = "follow=true"},
	    "/api/v1/namespaces/a%2F..%2Fb/pods/x%3Fy/log?follow=true");
}

int main(void)
{
	test_refusals();
	test_status();
	test_paths();
	return tap_done();
}
