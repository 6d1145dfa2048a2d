/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refs.c - references to Secrets, CA ConfigMaps and parameters (gateway-api §6.3, §6.4, §7.3).
 * Steps are walked in the order kind, grant, object, content; the first that is false decides, and
 * the first that is open leaves the whole open.
 */
#include "config.h"

#include <string.h>

#include "private.h"
#include "rutter/cert.h"
#include "rutter/mem.h"
#include "rutter/want.h"

/* A parsed TLS Secret, once per Secret whatever the number of its users. */
struct rt_secret_content {
	struct rt_cert *cert;
	const char *why; /* NULL: usable */
};

struct rt_ref rt_ref_resolve(const struct rt_object_ref *r, const char *own_ns)
{
	return (struct rt_ref){
	    .group = r->group ? r->group : "",
	    .kind = r->kind ? r->kind : "",
	    .ns = r->ns && r->ns[0] ? r->ns : own_ns,
	    .name = r->name ? r->name : "",
	};
}

/* ---------------------------------------------------------------- payloads */

struct payload {
	char *bytes;
	size_t len;
};

static void payload_wipe(struct payload *p)
{
	if (p->bytes)
		explicit_bzero(p->bytes, p->len);
	free(p->bytes);
	*p = (struct payload){0};
}

/* stringData wins over data, as in the API server. Returns why it cannot be had, or NULL. */
static const char *payload_get(
    const struct rt_secret *s, const char *key, struct rt_arena *a, struct payload *ret)
{
	const char *text = rt_pairs_get(s->text, key);
	const char *coded = rt_pairs_get(s->data, key);

	if (text) {
		ret->bytes = rt_xstrdup(text);
		ret->len = strlen(text);
		return NULL;
	}
	if (!coded || !coded[0])
		return rt_arena_printf(a, "%s is missing", key);
	if (!rt_base64_decode(coded, strlen(coded), &ret->bytes, &ret->len))
		return rt_arena_printf(a, "%s is not base64", key);
	return NULL;
}

static const char *key_pair_check(
    struct rt_arena *a, const struct payload *crt, const struct payload *key, struct rt_cert *cert)
{
	struct rt_error err = {0};

	if (rt_cert_parse(a, crt->bytes, crt->len, cert, &err) != RT_OK)
		return rt_arena_printf(a, "tls.crt %s", err.msg);
	if (crt->len == key->len && memcmp(crt->bytes, key->bytes, key->len) == 0)
		return "tls.key equals tls.crt";
	if (rt_cert_key_check(crt->bytes, crt->len, key->bytes, key->len, &err) != RT_OK)
		return rt_arena_printf(a, "tls.key %s", err.msg);
	return NULL;
}

static const char *secret_parse(struct rt_arena *a, const struct rt_secret *s, struct rt_cert *cert)
{
	struct payload crt = {0}, key = {0};
	const char *why = payload_get(s, "tls.crt", a, &crt);

	if (!why)
		why = payload_get(s, "tls.key", a, &key);
	if (!why)
		why = key_pair_check(a, &crt, &key, cert);
	payload_wipe(&crt);
	payload_wipe(&key);
	return why;
}

static const struct rt_secret_content *secret_content(
    struct rt_analysis *an, const struct rt_secret *s)
{
	struct rt_map *m = &an->priv->secrets;
	struct rt_secret_content *c = rt_map_get_n(m, (const char *)&s, sizeof(s));

	if (c)
		return c;
	c = rt_arena_new(&an->arena, struct rt_secret_content);
	struct rt_cert *cert = rt_arena_new(&an->arena, struct rt_cert);
	c->why = secret_parse(&an->arena, s, cert);
	c->cert = c->why ? NULL : cert;
	rt_map_set_n(m, (const char *)&s, sizeof(s), c);
	return c;
}

/* Metadata of a cluster's Secret says the type only by the list it came in. */
static enum rt_tri secret_is_tls(const struct rt_analysis *an, const struct rt_secret *s)
{
	if (s->tls_type_listed)
		return RT_YES;
	if (s->type)
		return rt_tri_of(strcmp(s->type, "kubernetes.io/tls") == 0);
	if (rt_store_mode(an->store) == RT_STORE_FILES)
		return RT_NO; /* type defaults to Opaque */
	return rt_store_scope(an->store, "", "Secret", s->obj.ns, NULL) == RT_SCOPE_READ
		   ? RT_NO
		   : RT_UNKNOWN;
}

/* ---------------------------------------------------------------- the walk */

static void fail(struct rt_ref_fact *r, enum rt_ref_fault fault)
{
	r->ok = RT_NO;
	r->fault = fault;
}

/* Grant and presence; false when the walk ends here. */
static bool walk_to_object(
    struct rt_analysis *an, const struct rt_referrer *from, struct rt_ref_fact *r)
{
	if (from)
		r->permission = rt_grant_ask(an, from, &r->ref);
	if (r->permission.granted == RT_NO) {
		fail(r, RT_REF_GRANT);
		return false;
	}
	if (r->permission.granted == RT_UNKNOWN) {
		r->ok = RT_UNKNOWN;
		r->fault = RT_REF_GRANT;
	}
	enum rt_tri present = rt_analysis_find(an, r->ref, &r->obj);
	if (present == RT_YES)
		return true;
	if (r->ok == RT_YES) {
		r->ok = present;
		r->fault = RT_REF_ABSENT;
	}
	return false;
}

static void set_content(struct rt_ref_fact *r, const char *why)
{
	if (!why || r->ok != RT_YES)
		return;
	fail(r, RT_REF_CONTENT);
	r->why = why;
}

/* No API server takes a TLS Secret without data: somebody left it out of the manifest. */
static void leave_content_open(struct rt_ref_fact *r)
{
	if (r->ok != RT_YES)
		return;
	r->ok = RT_UNKNOWN;
	r->fault = RT_REF_CONTENT;
	r->why = "its data is not in the input";
}

void rt_ref_secret(struct rt_analysis *an, const struct rt_referrer *from,
    const struct rt_object_ref *spec, struct rt_ref_fact *ret)
{
	*ret = (struct rt_ref_fact){.ref = rt_ref_resolve(spec, from->ns),
	    .ok = RT_YES,
	    .permission.granted = RT_YES,
	    .tls_type = RT_UNKNOWN};
	if (ret->ref.group[0] || strcmp(ret->ref.kind, "Secret") != 0) {
		/* The finding names the kind; the condition is about the grant first (§6.3). */
		ret->permission = rt_grant_ask(an, from, &ret->ref);
		fail(ret, RT_REF_KIND);
		return;
	}
	if (!walk_to_object(an, from, ret) || ret->obj->kind != RT_KIND_SECRET)
		return;
	const struct rt_secret *s = (const struct rt_secret *)ret->obj;
	ret->tls_type = secret_is_tls(an, s);
	/* Payloads never leave a cluster: there existence is all that can be judged. */
	if (!s->has_data &&
	    (rt_store_mode(an->store) != RT_STORE_FILES || rt_store_stripped(an->store)))
		return;
	if (!s->has_data && ret->tls_type == RT_YES) {
		leave_content_open(ret);
		return;
	}
	const struct rt_secret_content *c = secret_content(an, s);
	ret->cert = c->cert;
	set_content(ret, c->why);
}

bool rt_ref_not_permitted(const struct rt_ref_fact *r)
{
	return r->fault == RT_REF_GRANT ||
	       (r->fault == RT_REF_KIND && r->permission.granted == RT_NO);
}

static const char *ca_check(const struct rt_config_map *cm)
{
	const char *pem = rt_pairs_get(cm->data, "ca.crt");

	if (!pem)
		return "has no ca.crt";
	if (!rt_cert_bundle_ok(pem, strlen(pem)))
		return pem[0] ? "has a ca.crt without usable PEM certificate"
			      : "has an empty ca.crt";
	return NULL;
}

void rt_ref_ca(struct rt_analysis *an, const struct rt_referrer *from,
    const struct rt_object_ref *spec, const char *own_ns, struct rt_ref_fact *ret)
{
	*ret = (struct rt_ref_fact){.ref = rt_ref_resolve(spec, own_ns),
	    .ok = RT_YES,
	    .permission.granted = RT_YES,
	    .tls_type = RT_UNKNOWN};
	if (ret->ref.group[0] || strcmp(ret->ref.kind, "ConfigMap") != 0) {
		fail(ret, RT_REF_KIND);
		return;
	}
	if (walk_to_object(an, from, ret) && ret->obj->kind == RT_KIND_CONFIG_MAP)
		set_content(ret, ca_check((const struct rt_config_map *)ret->obj));
}

void rt_ref_plain(struct rt_analysis *an, struct rt_ref ref, struct rt_ref_fact *ret)
{
	*ret = (struct rt_ref_fact){
	    .ref = ref, .ok = RT_YES, .permission.granted = RT_YES, .tls_type = RT_UNKNOWN};
	walk_to_object(an, NULL, ret);
}

/* ---------------------------------------------------------------- kinds */

static bool any_of_kind(const struct rt_store *s, const struct rt_ref *ref)
{
	enum rt_kind k = rt_kind_of(ref->group, ref->kind);
	const struct rt_obj *const *v;
	size_t n;

	if (k != RT_KIND_OTHER)
		return rt_store_count(s, k) > 0;
	n = rt_store_list(s, k, &v);
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i]->group, ref->group) == 0 && strcmp(v[i]->kind_name, ref->kind) == 0)
			return true;
	return false;
}

/* Somebody asked for the object by name, and the server knew the kind. */
static bool was_asked(const struct rt_store *s, const struct rt_ref *ref)
{
	struct rt_want want = {.type = RT_WANT_OBJECT, .ref = *ref};
	struct rt_arena a = {0};
	enum rt_scope_state st = rt_store_answer(s, rt_want_key(&a, &want), NULL);

	rt_arena_done(&a);
	return st == RT_SCOPE_READ || st == RT_SCOPE_ABSENT || st == RT_SCOPE_FORBIDDEN;
}

enum rt_tri rt_kind_served(const struct rt_analysis *an, const struct rt_ref *ref)
{
	const struct rt_store *s = an->store;
	enum rt_scope_state st = rt_store_scope(s, ref->group, ref->kind, NULL, NULL);

	if (any_of_kind(s, ref) || rt_store_served(s, ref->group, ref->kind))
		return RT_YES;
	if (st == RT_SCOPE_ABSENT)
		return RT_NO;
	if (st == RT_SCOPE_READ || st == RT_SCOPE_FORBIDDEN)
		return RT_YES;
	return ref->name && was_asked(s, ref) ? RT_YES : RT_UNKNOWN;
}
