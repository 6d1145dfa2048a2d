/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_json.c - TraceReport as the command-line contract fixes it: no key is ever left out.
 */
#include "config.h"

#include "rutter/trace_report.h"

static void put_headers(
    struct rt_json_out *j, const char *key, const struct rt_header *v, size_t len)
{
	rt_json_array(j, key);
	for (size_t i = 0; i < len; i++) {
		rt_json_array(j, NULL);
		rt_json_string(j, NULL, v[i].name);
		rt_json_string(j, NULL, v[i].value);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_change(struct rt_json_out *j, const char *key, const struct rt_header_change *c)
{
	if (!c) {
		rt_json_null(j, key);
		return;
	}
	rt_json_object(j, key);
	put_headers(j, "set", c->set.v, c->set.len);
	put_headers(j, "add", c->add.v, c->add.len);
	rt_json_strings(j, "remove", c->remove);
	rt_json_close(j);
}

static void put_forwarded(struct rt_json_out *j, const struct rt_forwarded *f)
{
	if (!f) {
		rt_json_null(j, "forwarded");
		return;
	}
	rt_json_object(j, "forwarded");
	rt_json_string(j, "host", f->host);
	rt_json_string(j, "path", f->path);
	rt_json_string(j, "query", f->query);
	put_change(j, "requestHeaders", &f->headers);
	rt_json_close(j);
}

static void put_request(struct rt_json_out *j, const struct rt_request *req)
{
	rt_json_object(j, "request");
	rt_json_string(j, "scheme", rt_scheme_name(req->scheme));
	rt_json_string(j, "method", req->method);
	rt_json_string(j, "host", req->host);
	rt_json_int(j, "port", req->port);
	rt_json_int(j, "connectPort", req->connect);
	rt_json_string(j, "path", req->path);
	rt_json_string(j, "query", req->query);
	put_headers(j, "headers", req->headers.v, req->headers.len);
	rt_json_string(j, "sni", req->sni);
	rt_json_ref(
	    j, "clientCertificate", (struct rt_ref){"", "Secret", req->cert_ns, req->cert_name});
	rt_json_close(j);
}

static void put_route(struct rt_json_out *j, const struct rt_trace_result *r)
{
	if (!r->matched) {
		rt_json_null(j, "route");
		return;
	}
	const struct rt_obj *o = r->route ? &r->route->obj : &r->ingress->ingress->obj;
	const char *name = NULL;
	if (r->route && r->rule >= 0 && (size_t)r->rule < r->route->rules.len)
		name = r->route->rules.v[r->rule].name;
	rt_json_object(j, "route");
	rt_json_ref_members(j, rt_obj_ref(o));
	rt_json_int(j, "rule", r->rule);
	rt_json_string(j, "ruleName", name);
	rt_json_index(j, "match", r->match);
	rt_json_close(j);
}

static void put_redirect(struct rt_json_out *j, const struct rt_trace_redirect *to)
{
	if (!to) {
		rt_json_null(j, "redirect");
		return;
	}
	rt_json_object(j, "redirect");
	rt_json_string(j, "scheme", to->scheme);
	rt_json_string(j, "host", to->host);
	rt_json_int(j, "port", to->port ? to->port : RT_INT_UNSET);
	rt_json_string(j, "path", to->path);
	rt_json_int(j, "status", to->status);
	rt_json_string(j, "location", to->location);
	rt_json_close(j);
}

static void put_endpoints(struct rt_json_out *j, const struct rt_endpoints *e)
{
	bool known = e->known == RT_YES;
	rt_json_int(j, "readyEndpoints", known ? (int64_t)e->ready : RT_INT_UNSET);
	rt_json_array(j, "endpoints");
	for (size_t i = 0; known && i < e->v.len; i++) {
		rt_json_object(j, NULL);
		rt_json_string(j, "address", e->v.v[i].address);
		rt_json_int(j, "port", e->v.v[i].port);
		rt_json_bool(j, "ready", e->v.v[i].ready);
		rt_json_string(j, "pod", e->v.v[i].pod);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_tls(struct rt_json_out *j, const struct rt_trace_backend *b)
{
	if (b->tls == RT_UPSTREAM_PLAIN) {
		rt_json_null(j, "tls");
		return;
	}
	rt_json_object(j, "tls");
	rt_json_string(j, "mode", b->tls == RT_UPSTREAM_ORIGINATE ? "originate" : "passthrough");
	rt_json_string(j, "sni", b->sni);
	rt_json_ref(j, "clientCertificate", b->client_certificate);
	rt_json_close(j);
}

static void put_backends(struct rt_json_out *j, const struct rt_trace_result *r)
{
	rt_json_array(j, "backends");
	for (size_t i = 0; i < r->backends.len; i++) {
		const struct rt_trace_backend *b = &r->backends.v[i];
		/* What a request that is not forwarded would have carried is of no use. */
		bool forward = r->outcome == RT_OUTCOME_FORWARD;
		rt_json_object(j, NULL);
		rt_json_ref_members(j, b->ref);
		rt_json_int(j, "port", b->port);
		rt_json_int(j, "weight", b->weight);
		rt_json_number(j, "share", b->share);
		rt_json_int(j, "status", b->status ? b->status : RT_INT_UNSET);
		rt_json_string(j, "why", b->why);
		put_endpoints(j, &b->endpoints);
		put_tls(j, b);
		put_forwarded(j, forward ? b->forwarded : NULL);
		put_change(j, "responseHeaders", forward ? b->response_headers : NULL);
		put_redirect(j, b->redirect);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_mirrors(struct rt_json_out *j, const struct rt_trace_result *r)
{
	rt_json_array(j, "mirrors");
	for (size_t i = 0; i < r->mirrors.len; i++) {
		const struct rt_trace_mirror *m = &r->mirrors.v[i];
		rt_json_object(j, NULL);
		rt_json_ref_members(j, m->ref);
		rt_json_int(j, "port", m->port);
		rt_json_number(j, "percent", m->percent);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_steps(struct rt_json_out *j, const struct rt_trace_result *r)
{
	rt_json_array(j, "steps");
	for (size_t i = 0; i < r->steps.len; i++) {
		const struct rt_trace_step *s = &r->steps.v[i];
		rt_json_object(j, NULL);
		rt_json_string(j, "hop", rt_hop_name(s->hop));
		rt_json_tri(j, "ok", s->ok);
		rt_json_string(j, "text", s->text);
		rt_json_ref(j, "object", s->object);
		rt_json_string(j, "finding", s->finding);
		rt_json_string(j, "mend", s->mend);
		rt_json_close(j);
	}
	rt_json_close(j);
}

static void put_result(struct rt_json_out *j, const struct rt_trace_result *r)
{
	bool respond = r->outcome == RT_OUTCOME_RESPOND;
	rt_json_object(j, NULL);
	rt_json_ref(j, "entry", r->entry);
	rt_json_listener(j, "listener", r->listener);
	put_route(j, r);
	rt_json_string(j, "outcome", rt_outcome_name(r->outcome));
	rt_json_int(j, "status", respond ? r->status : RT_INT_UNSET);
	put_redirect(j, r->redirect);
	put_backends(j, r);
	put_forwarded(j, r->forwarded);
	put_change(j, "responseHeaders", &r->response_headers);
	put_mirrors(j, r);
	rt_json_string(j, "certainty", r->by_controller ? "controller" : "spec");
	put_steps(j, r);
	rt_json_close(j);
}

void rt_trace_json(struct rt_buf *out, const struct rt_trace *t, const struct rt_store *store)
{
	struct rt_json_out j = rt_json_document(out, "TraceReport");
	put_request(&j, &t->request);
	rt_json_array(&j, "results");
	for (size_t i = 0; i < t->results.len; i++)
		put_result(&j, &t->results.v[i]);
	rt_json_close(&j);
	rt_json_document_end(&j, store);
}
