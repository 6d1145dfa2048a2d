/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.c - a request on its way: credentials, the request itself, and a second try where that
 * can help (a 401 with fresher credentials at hand; for patient callers Retry-After and a lost
 * connection). Once a body has begun nothing is repeated here: its reader has to start over.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "readfile.h"
#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/kube.h"
#include "rutter/kubeconfig.h"
#include "rutter/log.h"
#include "rutter/loop.h"
#include "rutter/mem.h"

#define PATIENT_TRIES 4
#define PATIENT_WAIT_MAX_MS 10000
#define LOST_WAIT_MS 200
#define DISCOVERY_TIMEOUT_MS 32000
/* Where metadata was asked for, the kind stands at the very start of the answer. */
#define META_KIND_WITHIN 200

struct rt_kube {
	struct rt_loop *loop;
	struct rt_net *net;
	struct rt_credentials *credentials;
	uint64_t identity; /* generation of the credentials that the net client has */
	bool has_identity;
	const char *ca_file; /* of the configuration; NULL: not from a file */
	char *ca;            /* what it held */
	int64_t ca_read;
	int64_t (*now)(void *ctx);
	void *now_ctx;
	struct rt_kube_call *calls;
};

struct rt_kube_call {
	struct rt_kube_call *next, *prev;
	struct rt_kube *kube;
	char *path;
	enum rt_kube_form form;
	bool stream, patient;
	int64_t timeout_ms, stall_ms;
	uint64_t max_bytes;
	const struct rt_kube_ops *ops;
	void *ctx;
	struct rt_net_call *net_call;
	bool waits_for_credentials, replayed, body_began, wrong_form;
	uint64_t generation;
	int tries;
	struct rt_timer timer; /* a pause, or a failure that must not be told inside rt_kube_get */
	struct rt_error err;
};

static const struct {
	const char *accept, *as;
} forms[] = {
    [RT_KUBE_WHOLE] = {"application/json", NULL},
    [RT_KUBE_META_LIST] = {"application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
	"PartialObjectMetadataList"},
    [RT_KUBE_META] = {"application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
	"PartialObjectMetadata"},
    [RT_KUBE_TEXT] = {"*/*", NULL},
    /* The order of the parameters matters to old servers. */
    [RT_KUBE_DISCOVERY] = {"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
			   "application/json;g=apidiscovery.k8s.io;v=v2beta1;"
			   "as=APIGroupDiscoveryList,application/json",
	NULL},
};

/* --- the client ------------------------------------------------------------------------------- */

static char *origin_of(const struct rt_kubeconfig *c)
{
	if (c->in_cluster)
		return rt_xstrdup("this Pod's service account");
	if (c->context && c->file)
		return rt_xprintf("context \"%s\" in %s", c->context, c->file);
	if (c->file)
		return rt_xprintf("%s", c->file);
	return NULL;
}

static enum rt_status make_net(
    struct rt_kube *k, const struct rt_kube_params *p, struct rt_error *err)
{
	const struct rt_server *e = &p->config->endpoint;
	RT_AUTO_FREE char *origin = origin_of(p->config);
	return rt_net_new(
	    &(struct rt_net_params){
		.loop = p->loop,
		.endpoint =
		    {
			.scheme = e->scheme,
			.host = e->host,
			.port = e->port,
			.port_given = e->port_given,
			.prefix = e->prefix,
			.ca = e->ca,
			.ca_len = e->ca_len,
			.ca_source = e->ca_source,
			.insecure = e->insecure,
			.tls_server_name = e->tls_server_name,
			.proxy = e->proxy,
			.proxy_shown = e->proxy_shown,
			.disable_compression = e->disable_compression,
			.origin = origin,
		    },
		.user_agent = p->user_agent,
		.timeout_ms = p->timeout_ms,
		.http1 = p->http1,
	    },
	    &k->net, err);
}

enum rt_status rt_kube_new(
    const struct rt_kube_params *p, struct rt_kube **ret, struct rt_error *err)
{
	struct rt_kube *k = rt_xcalloc(1, sizeof(*k));
	k->loop = p->loop;
	k->now = p->now;
	k->now_ctx = p->now_ctx;
	k->ca_file = p->config->endpoint.ca_file;
	k->ca = k->ca_file ? rt_xstrdup(p->config->endpoint.ca) : NULL;
	enum rt_status status = make_net(k, p, err);
	if (status != RT_OK) {
		free(k->ca);
		free(k);
		return status;
	}
	k->credentials = rt_credentials_new(&(struct rt_credentials_params){
	    .config = p->config,
	    .loop = p->loop,
	    .ops = p->credential_ops,
	    .ctx = p->credential_ctx,
	});
	*ret = k;
	return RT_OK;
}

struct rt_loop *rt_kube_loop(const struct rt_kube *k)
{
	return k->loop;
}

struct rt_credentials *rt_kube_credentials(struct rt_kube *k)
{
	return k->credentials;
}

void rt_kube_reset(struct rt_kube *k)
{
	rt_net_reset(k->net);
}

int64_t rt_kube_last_byte_ms(const struct rt_kube *k)
{
	return rt_net_last_byte_ms(k->net);
}

void rt_kube_on_warning(struct rt_kube *k, void (*fn)(void *ctx, const char *text), void *ctx)
{
	rt_net_on_warning(k->net, fn, ctx);
}

/* --- a call's life ---------------------------------------------------------------------------- */

static void on_credentials(void *ctx, enum rt_status status, const struct rt_error *err);

static void unlink_call(struct rt_kube_call *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		c->kube->calls = c->next;
	if (c->next)
		c->next->prev = c->prev;
}

void rt_kube_cancel(struct rt_kube_call *c)
{
	rt_timer_stop(&c->timer);
	if (c->waits_for_credentials)
		rt_credentials_cancel(c->kube->credentials, on_credentials, c);
	if (c->net_call)
		rt_net_cancel(c->net_call);
	unlink_call(c);
	free(c->path);
	free(c);
}

void rt_kube_free(struct rt_kube *k)
{
	if (!k)
		return;
	while (k->calls)
		rt_kube_cancel(k->calls);
	rt_credentials_free(k->credentials);
	rt_net_free(k->net);
	free(k->ca);
	free(k);
}

static void tell(struct rt_kube_call *c, struct rt_kube_result *r)
{
	const struct rt_kube_ops *ops = c->ops;
	void *ctx = c->ctx;
	struct rt_error err = *r->err;
	r->err = &err;
	r->status = err.status;
	char type[256];
	struct rt_buf token = {0};
	snprintf(type, sizeof(type), "%s", r->content_type ? r->content_type : "");
	r->content_type = type;
	if (r->continue_token) {
		rt_buf_puts(&token, r->continue_token);
		r->continue_token = rt_buf_str(&token);
	}
	c->net_call = NULL;
	rt_kube_cancel(c); /* before the callback, which may end whatever it likes */
	ops->done(ctx, r);
	rt_buf_done(&token);
}

static void tell_local_failure(void *ctx)
{
	struct rt_kube_call *c = ctx;
	struct rt_kube_result r = {
	    .failure = c->err.status == RT_CREDENTIALS ? RT_KUBE_UNAUTHORIZED : RT_KUBE_UNREACHABLE,
	    .err = &c->err,
	    .retry_after_ms = -1};
	tell(c, &r);
}

/* --- sending ---------------------------------------------------------------------------------- */

static enum rt_status refresh_identity(struct rt_kube *k, struct rt_error *err)
{
	uint64_t generation = rt_credentials_generation(k->credentials);
	if (k->has_identity && k->identity == generation)
		return RT_OK;
	const struct rt_named_value *pairs;
	struct rt_net_header headers[64];
	struct rt_client_cert cert = {0};
	size_t count = rt_credentials_headers(k->credentials, &pairs);
	if (count > RT_ARRAY_LEN(headers))
		return rt_fail(err, RT_CONFIG, "too many groups or extras to impersonate");
	for (size_t i = 0; i < count; i++)
		headers[i] = (struct rt_net_header){pairs[i].name, pairs[i].value};
	bool has_cert = rt_credentials_client_cert(k->credentials, &cert);
	struct rt_net_identity id = {.headers = headers,
	    .header_count = count,
	    .cert = has_cert ? cert.cert : NULL,
	    .key = has_cert ? cert.key : NULL,
	    .cert_len = cert.cert_len,
	    .key_len = cert.key_len};
	enum rt_status status = rt_net_set_identity(k->net, &id, err);
	k->has_identity = status == RT_OK;
	k->identity = generation;
	return status;
}

/* A cluster changes its CA under running clients: the file is looked at before a request, as those
 * of a client certificate are. One that is half written stays unread. */
static void reread_ca(struct rt_kube *k)
{
	struct rt_buf text = {0};
	int64_t now = k->now(k->now_ctx);

	if (!k->ca_file || now == k->ca_read)
		return;
	k->ca_read = now;
	if (rt_kube_read_file(k->ca_file, RT_KUBE_PART_MAX, &text, NULL) == RT_OK &&
	    strcmp(rt_buf_str(&text), k->ca) != 0 &&
	    rt_cert_bundle_ok(rt_buf_str(&text), text.len)) {
		rt_net_set_ca(k->net, rt_buf_str(&text), text.len);
		free(k->ca);
		k->ca = rt_buf_take(&text);
	}
	rt_buf_done(&text);
}

static void ask_credentials(struct rt_kube_call *c)
{
	c->waits_for_credentials = true;
	rt_credentials_get(c->kube->credentials, c->kube->now(c->kube->now_ctx), on_credentials, c);
}

static void on_pause_over(void *ctx)
{
	ask_credentials(ctx);
}

/* --- receiving -------------------------------------------------------------------------------- */

static void refuse_form(struct rt_kube_call *c)
{
	c->wrong_form = true;
	rt_fail(&c->err, RT_PROTOCOL,
	    "the server sent whole objects where only their metadata was asked for");
}

static void on_head(void *ctx, const struct rt_net_head *head)
{
	struct rt_kube_call *c = ctx;
	const char *as = forms[c->form].as;
	if (as && strstr(head->content_type, "as=") &&
	    !rt_net_type_has(head->content_type, "as", as))
		refuse_form(c);
	if (!c->wrong_form && c->ops->head)
		c->ops->head(c->ctx, head);
}

/* Servers differ in whether Content-Type tells the form; the document itself always does. */
static bool begins_as_metadata(const char *bytes, size_t len)
{
	static const char kind[] = "PartialObjectMetadata";
	size_t within = len < META_KIND_WITHIN ? len : META_KIND_WITHIN;
	return memmem(bytes, within, kind, sizeof(kind) - 1) != NULL;
}

static bool on_body(void *ctx, const char *bytes, size_t len)
{
	struct rt_kube_call *c = ctx;
	/* A watch may begin with an error; of its events nothing but metadata is kept anyway. */
	if (!c->body_began && !c->stream && forms[c->form].as && !begins_as_metadata(bytes, len))
		refuse_form(c);
	if (c->wrong_form)
		return false;
	c->body_began = true;
	return c->ops->body(c->ctx, bytes, len);
}

static bool try_again(struct rt_kube_call *c, const struct rt_kube_result *r)
{
	struct rt_kube *k = c->kube;
	int64_t wait_ms = -1;
	if (c->body_began || c->wrong_form)
		return false;
	if (r->http == 401 && !c->replayed &&
	    rt_credentials_refused(k->credentials, c->generation, k->now(k->now_ctx))) {
		c->replayed = true;
		ask_credentials(c);
		return true;
	}
	if (!c->patient || ++c->tries >= PATIENT_TRIES)
		return false;
	if (r->failure == RT_KUBE_LOST)
		wait_ms = LOST_WAIT_MS;
	else if (r->failure == RT_KUBE_TOO_MANY || r->failure == RT_KUBE_SERVER)
		wait_ms = r->retry_after_ms;
	if (wait_ms < 0)
		return false;
	rt_log(6, "kube", "%s: %s; again in %lld ms", c->path, r->err->msg, (long long)wait_ms);
	rt_timer_start(k->loop, &c->timer,
	    wait_ms < PATIENT_WAIT_MAX_MS ? wait_ms : PATIENT_WAIT_MAX_MS, on_pause_over, c);
	return true;
}

/* Which credential was refused, and what is wrong with it as far as it shows. A server that does
 * not like a client certificate may just hang up. */
static void hint_credentials(
    const struct rt_kube_call *c, const struct rt_kube_result *r, struct rt_error *err)
{
	RT_AUTO_BUF struct rt_buf which = {0};
	struct rt_client_cert cert;
	bool hung_up = r->failure == RT_KUBE_LOST && r->http == 0 &&
		       rt_credentials_client_cert(c->kube->credentials, &cert);
	if (r->failure != RT_KUBE_UNAUTHORIZED && err->status != RT_CREDENTIALS && !hung_up)
		return;
	if (hung_up)
		rt_buf_puts(&which, "it may refuse what it was shown: ");
	rt_credentials_describe(c->kube->credentials, c->kube->now(c->kube->now_ctx), &which);
	rt_error_hint(err, "%s", rt_buf_str(&which));
}

static void on_done(void *ctx, const struct rt_net_result *net)
{
	struct rt_kube_call *c = ctx;
	struct rt_kube_status status;
	struct rt_error err = {0};
	c->net_call = NULL;
	struct rt_kube_result r = {
	    .failure = rt_kube_explain(net, &status, &err),
	    .err = &err,
	    .http = net->http,
	    .content_type = net->content_type,
	    .retry_after_ms = net->retry_after_ms,
	    .continue_token = status.continue_token[0] ? status.continue_token : NULL,
	};
	if (r.retry_after_ms < 0)
		r.retry_after_ms = status.retry_after_ms;
	if (c->wrong_form) {
		r.failure = RT_KUBE_BAD_ANSWER;
		r.err = &c->err;
	}
	if (r.failure != RT_KUBE_OK && try_again(c, &r))
		return;
	hint_credentials(c, &r, &err);
	tell(c, &r);
}

static const struct rt_net_ops net_ops = {.head = on_head, .body = on_body, .done = on_done};

static void on_credentials(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct rt_kube_call *c = ctx;
	c->waits_for_credentials = false;
	if (status == RT_OK)
		status = refresh_identity(c->kube, &c->err);
	else if (err)
		c->err = *err;
	if (status != RT_OK) {
		rt_timer_start(c->kube->loop, &c->timer, 0, tell_local_failure, c);
		return;
	}
	c->generation = rt_credentials_generation(c->kube->credentials);
	reread_ca(c->kube);
	struct rt_net_request req = {
	    .path = c->path,
	    .accept = forms[c->form].accept,
	    .stream = c->stream,
	    .timeout_ms = c->timeout_ms,
	    .stall_ms = c->stall_ms,
	    .max_bytes = c->max_bytes,
	    .ops = &net_ops,
	    .ctx = c,
	};
	c->net_call = rt_net_get(c->kube->net, &req);
}

struct rt_kube_call *rt_kube_get(struct rt_kube *k, const struct rt_kube_request *req)
{
	struct rt_kube_call *c = rt_xcalloc(1, sizeof(*c));
	struct rt_buf path = {0};
	if (req->query)
		rt_kube_path(&path, req->query);
	else
		rt_buf_puts(&path, req->path);
	c->kube = k;
	c->path = rt_buf_take(&path);
	c->form = req->form;
	c->stream = req->stream;
	c->patient = req->patient;
	c->timeout_ms = req->timeout_ms;
	if (!c->timeout_ms && req->form == RT_KUBE_DISCOVERY)
		c->timeout_ms = DISCOVERY_TIMEOUT_MS;
	c->stall_ms = req->stall_ms;
	c->max_bytes = req->max_bytes;
	c->ops = req->ops;
	c->ctx = req->ctx;
	c->next = k->calls;
	if (k->calls)
		k->calls->prev = c;
	k->calls = c;
	ask_credentials(c);
	return c;
}
