/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-cert.c - certificates, bundles and keys. They are made here, so that no key lies in the tree
 * and none expires.
 */
#include "config.h"

#include "rutter/cert.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

#define NOT_BEFORE 1700000000
#define NOT_AFTER 1900000000

struct made {
	EVP_PKEY *key;
	X509 *x;
	char *cert_pem, *key_pem;
};

static char *bio_text(BIO *bio)
{
	char *data;
	long len = BIO_get_mem_data(bio, &data);
	char *text = rt_xstrndup(data, (size_t)len);

	BIO_free(bio);
	return text;
}

static void add_extension(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

/* issuer NULL: signed by itself. */
static struct made make(const char *name, const char *alt_names, const struct made *issuer)
{
	struct made m = {.key = EVP_EC_gen("P-256"), .x = X509_new()};
	X509_NAME *subject = X509_get_subject_name(m.x);
	BIO *bio = BIO_new(BIO_s_mem());

	X509_set_version(m.x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(m.x), 7);
	ASN1_TIME_set(X509_getm_notBefore(m.x), NOT_BEFORE);
	ASN1_TIME_set(X509_getm_notAfter(m.x), NOT_AFTER);
	X509_NAME_add_entry_by_txt(
	    subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(m.x, issuer ? X509_get_subject_name(issuer->x) : subject);
	X509_set_pubkey(m.x, m.key);
	if (!issuer)
		add_extension(m.x, NID_basic_constraints, "critical,CA:TRUE");
	if (alt_names)
		add_extension(m.x, NID_subject_alt_name, alt_names);
	X509_sign(m.x, issuer ? issuer->key : m.key, EVP_sha256());
	PEM_write_bio_X509(bio, m.x);
	m.cert_pem = bio_text(bio);
	bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey(bio, m.key, NULL, NULL, 0, NULL, NULL);
	m.key_pem = bio_text(bio);
	return m;
}

static void made_done(struct made *m)
{
	EVP_PKEY_free(m->key);
	X509_free(m->x);
	free(m->cert_pem);
	free(m->key_pem);
}

static char *encrypted_key(const struct made *m)
{
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_PrivateKey(
	    bio, m->key, EVP_aes_128_cbc(), (const unsigned char *)"pw", 2, NULL, NULL);
	return bio_text(bio);
}

static void check_parse(const struct made *leaf, const struct made *ca)
{
	struct rt_arena a = {0};
	struct rt_cert c = {0};
	struct rt_error err;
	char *behind = rt_xprintf("subject=/CN=x\n%s%s", leaf->cert_pem, ca->cert_pem);

	tap_is_int(rt_cert_parse(&a, behind, strlen(behind), &c, &err), RT_OK, "the first of two");
	tap_is_str(c.subject, "CN=leaf", "subject");
	tap_is_str(c.issuer, "CN=ca", "issuer");
	tap_is_int(c.not_before, NOT_BEFORE, "valid from");
	tap_is_int(c.not_after, NOT_AFTER, "valid to");
	tap_ok(!c.is_ca, "no CA");
	tap_is_int((long long)c.dns_count, 3, "three names");
	tap_is_str(c.dns_count == 3 ? c.dns_names[0] : NULL, "www.example.com", "in lower case");
	tap_is_int((long long)c.ip_count, 2, "two addresses");
	tap_is_str(c.ip_count == 2 ? c.ip_names[1] : NULL, "2001:db8::1", "as text");
	tap_is_int(
	    rt_cert_parse(&a, ca->cert_pem, strlen(ca->cert_pem), &c, &err), RT_OK, "the CA");
	tap_ok(c.is_ca && c.dns_count == 0, "is one");
	free(behind);
	rt_arena_done(&a);
}

static void refused(const char *pem, const char *why)
{
	struct rt_arena a = {0};
	struct rt_cert c;
	struct rt_error err;

	tap_is_int(rt_cert_parse(&a, pem, strlen(pem), &c, &err), RT_INPUT, "refused");
	tap_is_str(err.msg, why, "says why");
	rt_arena_done(&a);
}

static void check_covers(const struct made *leaf)
{
	static const struct {
		const char *host;
		bool covered;
	} cases[] = {{"www.example.com", true}, {"WWW.EXAMPLE.COM", true}, {"example.com", false},
	    {"a.shop.example.com", true}, {"a.b.shop.example.com", false},
	    {"shop.example.com", false}, {".shop.example.com", false}, {"*.shop.example.com", true},
	    {"*.example.com", false}, {"*.www.example.com", false}, {"exact.test", true},
	    {"x.exact.test", false}, {"192.0.2.7", true}, {"192.0.2.8", false},
	    {"2001:db8::1", true}, {"", false}};
	struct rt_arena a = {0};
	struct rt_cert c = {0};

	if (rt_cert_parse(&a, leaf->cert_pem, strlen(leaf->cert_pem), &c, NULL) == RT_OK)
		for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
			tap_is_int(rt_cert_covers(&c, cases[i].host), cases[i].covered, "'%s'",
			    cases[i].host);
	rt_arena_done(&a);
}

static void check_bundle(const struct made *a, const struct made *b)
{
	char *both = rt_xprintf("# two\n%s\n%s", a->cert_pem, b->cert_pem);
	char *broken = rt_xprintf("%s%.80s\n-----END CERTIFICATE-----\n", a->cert_pem, b->cert_pem);
	char *with_key = rt_xprintf("%s%s", a->cert_pem, a->key_pem);

	tap_ok(rt_cert_bundle_ok(both, strlen(both)), "two certificates");
	tap_ok(!rt_cert_bundle_ok(broken, strlen(broken)), "the second is broken");
	tap_ok(rt_cert_bundle_ok(with_key, strlen(with_key)), "a key behind the certificate");
	tap_ok(!rt_cert_bundle_ok("", 0), "nothing");
	tap_ok(!rt_cert_bundle_ok("text", 4), "some text");
	free(both);
	free(broken);
	free(with_key);
}

static void check_signed(const struct made *leaf, const struct made *ca, const struct made *other)
{
	char *bundle = rt_xprintf("%s%s", other->cert_pem, ca->cert_pem);
	const char *pem = leaf->cert_pem;
	size_t len = strlen(pem);

	tap_is_int(
	    rt_cert_signed_by(pem, len, ca->cert_pem, strlen(ca->cert_pem)), RT_YES, "by its CA");
	tap_is_int(
	    rt_cert_signed_by(pem, len, bundle, strlen(bundle)), RT_YES, "by one of a bundle");
	tap_is_int(rt_cert_signed_by(pem, len, other->cert_pem, strlen(other->cert_pem)), RT_NO,
	    "not by another of the same name");
	tap_is_int(rt_cert_signed_by(pem, len, "x", 1), RT_UNKNOWN, "by no certificate at all");
	tap_is_int(rt_cert_signed_by("x", 1, ca->cert_pem, strlen(ca->cert_pem)), RT_UNKNOWN,
	    "no certificate");
	free(bundle);
}

static void check_key(const struct made *a, const struct made *b)
{
	struct rt_error err;
	char *locked = encrypted_key(a);
	const char *cert = a->cert_pem;
	size_t len = strlen(cert);

	tap_is_int(
	    rt_cert_key_check(cert, len, a->key_pem, strlen(a->key_pem), &err), RT_OK, "its key");
	tap_is_int(rt_cert_key_check(cert, len, b->key_pem, strlen(b->key_pem), &err), RT_INPUT,
	    "another key");
	tap_is_str(err.msg, "does not belong to the certificate", "says so");
	tap_is_int(rt_cert_key_check(cert, len, locked, strlen(locked), &err), RT_INPUT,
	    "an encrypted key");
	tap_is_str(err.msg, "is encrypted", "says so");
	tap_is_int(rt_cert_key_check(cert, len, "key", 3, &err), RT_INPUT, "no PEM");
	tap_is_str(err.msg, "is not PEM", "says so");
	tap_is_int(rt_cert_key_check(cert, len, cert, len, &err), RT_INPUT, "a certificate as key");
	tap_is_str(err.msg, "holds no readable private key", "says so");
	tap_is_int(rt_cert_key_check("x", 1, a->key_pem, strlen(a->key_pem), &err), RT_INPUT,
	    "no certificate");
	tap_is_str(err.msg, "belongs to no readable certificate", "says so");
	free(locked);
}

int main(void)
{
	struct made ca = make("ca", NULL, NULL);
	struct made other = make("ca", NULL, NULL);
	struct made leaf = make("leaf",
	    "DNS:WWW.example.com,DNS:*.shop.example.com,DNS:exact.test,IP:192.0.2.7,IP:2001:db8::1",
	    &ca);

	check_parse(&leaf, &ca);
	refused("", "is not PEM");
	refused("not PEM", "is not PEM");
	refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	    "holds no readable certificate");
	refused(leaf.key_pem, "holds no readable certificate");
	check_covers(&leaf);
	check_bundle(&leaf, &ca);
	check_signed(&leaf, &ca, &other);
	check_key(&leaf, &ca);
	made_done(&ca);
	made_done(&other);
	made_done(&leaf);
	return tap_done();
}
