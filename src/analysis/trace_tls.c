/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_tls.c - the handshake at a listener: its certificate, and the client's where it asks for
 * one (gateway-api §6.3, §6.4). What cannot be read counts as good and is said.
 */
#include "config.h"

#include <string.h>

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "trace_int.h"

/* ------------------------------------------------------------------ the listener's certificate */

static const struct rt_cert *covering(
    const struct rt_listener_fact *l, const char *name, bool *ret_read)
{
	*ret_read = l->certificates.len > 0;
	for (size_t i = 0; i < l->certificates.len; i++) {
		const struct rt_cert *c = l->certificates.v[i].cert;
		if (!c)
			*ret_read = false;
		else if (name && rt_cert_covers(c, name))
			return c;
	}
	return NULL;
}

static void check_server(
    struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r)
{
	bool read = false;
	const char *name = t->req->sni ? t->req->sni : t->req->host;
	const struct rt_cert *c = covering(l, name, &read);
	struct rt_trace_step *s = NULL;
	if (!c && read) {
		s = rt_step(t, r, RT_HOP_TLS, RT_UNKNOWN,
		    "no certificate of the listener names %s: a client that checks refuses it",
		    name);
		rt_step_mend(s, "LS07", "Add a certificate for the name");
	} else if (!c) {
		s = rt_step(t, r, RT_HOP_TLS, RT_UNKNOWN, "the listener presents %s",
		    l->certificates.len         ? "a certificate whose content is not read"
		    : l->certificates_elsewhere ? "a certificate that is no Secret of the cluster"
						: "no certificate");
	} else if (t->an->opts.now > c->not_after) {
		s = rt_step(t, r, RT_HOP_TLS, RT_UNKNOWN,
		    "the certificate for %s has expired: clients refuse it", name);
		rt_step_mend(s, "LS19", "Renew the certificate");
	} else {
		s = rt_step(t, r, RT_HOP_TLS, RT_YES, "the certificate names %s", name);
	}
	if (l->certificates.len > 0)
		rt_step_object(s, l->certificates.v[0].obj);
}

/* ------------------------------------------------------------------ the client's certificate */

/* One member of a Secret: plain from stringData, else base64. False: not in the input. */
static bool secret_text(const struct rt_secret *s, const char *key, struct rt_buf *out)
{
	const char *text = rt_pairs_get(s->text, key);
	if (text)
		return rt_buf_puts(out, text);
	text = rt_pairs_get(s->data, key);
	char *bytes = NULL;
	size_t len = 0;
	if (!text || !rt_base64_decode(text, strlen(text), &bytes, &len))
		return false;
	rt_buf_add(out, bytes, len);
	free(bytes);
	return true;
}

/* Did one of the CAs sign it? RT_UNKNOWN: a payload is not there. */
static enum rt_tri signed_by(const struct rt_frontend_fact *f, const struct rt_buf *cert)
{
	enum rt_tri any = RT_NO;
	for (size_t i = 0; i < f->cas.len && any != RT_YES; i++) {
		const struct rt_ref_fact *ca = &f->cas.v[i];
		if (ca->ok == RT_NO)
			continue;
		const char *pem = NULL;
		if (ca->obj && ca->obj->kind == RT_KIND_CONFIG_MAP)
			pem = rt_pairs_get(((const struct rt_config_map *)ca->obj)->data, "ca.crt");
		enum rt_tri hit =
		    pem ? rt_cert_signed_by(cert->data, cert->len, pem, strlen(pem)) : RT_UNKNOWN;
		any = hit == RT_NO ? any : hit;
	}
	return any;
}

/* why: there is none. */
static bool no_certificate(struct rt_tracer *t, const struct rt_listener_fact *l, const char *why,
    struct rt_trace_result *r)
{
	struct rt_trace_step *s =
	    rt_step(t, r, RT_HOP_TLS, RT_NO, "the listener demands a client certificate, %s", why);
	rt_step_object(s, l->owner);
	rt_step_mend(s, NULL, "Name the Secret of one with --cert NAMESPACE/NAME");
	return rt_tls_error(r);
}

static bool check_client(
    struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r)
{
	const char *ns = t->req->cert_ns, *name = t->req->cert_name;
	if (!name)
		return no_certificate(t, l, "the client presents none", r);
	const struct rt_obj *o = NULL;
	if (rt_store_find(t->an->store, (struct rt_ref){"", "Secret", ns, name}, &o) == RT_NO)
		return no_certificate(
		    t, l, rt_arena_printf(t->a, "Secret %s/%s does not exist", ns, name), r);
	RT_AUTO_BUF struct rt_buf pem = {0};
	enum rt_tri good = RT_UNKNOWN;
	if (o && secret_text((const struct rt_secret *)o, "tls.crt", &pem))
		good = signed_by(l->frontend, &pem);
	if (good == RT_UNKNOWN) {
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_TLS, RT_UNKNOWN,
		    "client certificate of Secret %s/%s: %s, it counts as good", ns, name,
		    o ? "it or the CA cannot be read" : "the Secret is not in the input");
		rt_step_object(s, o);
		r->by_controller = true;
		return true;
	}
	struct rt_trace_step *s = rt_step(t, r, RT_HOP_TLS, good,
	    "client certificate of Secret %s/%s is %ssigned by a CA of the listener", ns, name,
	    good == RT_YES ? "" : "not ");
	rt_step_object(s, o);
	if (good == RT_YES)
		return true;
	rt_step_mend(s, NULL, "Present a certificate of that CA, or add its CA to the Gateway");
	return rt_tls_error(r);
}

bool rt_trace_tls(struct rt_tracer *t, const struct rt_listener_fact *l, struct rt_trace_result *r)
{
	if (!l->terminates)
		return true;
	check_server(t, l, r);
	const struct rt_frontend_fact *f = l->frontend;
	if (!f || !f->validation)
		return true;
	const char *mode = f->validation->mode;
	if (mode && strcmp(mode, "AllowInsecureFallback") == 0) {
		rt_step(t, r, RT_HOP_TLS, RT_YES,
		    "client certificates are asked for, any or none is let through "
		    "(AllowInsecureFallback)");
		return true;
	}
	if (l->gateway && !rt_features_on(&l->gateway->features,
			      RT_FEATURE_GatewayFrontendClientCertificateValidation)) {
		rt_depends(t, r, "the class does not list validation of client certificates");
		return true;
	}
	if (f->any_valid == RT_NO) {
		struct rt_trace_step *s = rt_step(t, r, RT_HOP_TLS, RT_NO,
		    "no CA certificate of the client validation is usable: every handshake fails");
		rt_step_object(s, l->owner);
		rt_step_mend(s, "LS22", "Create the ConfigMap with a valid ca.crt");
		return rt_tls_error(r);
	}
	return check_client(t, l, r);
}
