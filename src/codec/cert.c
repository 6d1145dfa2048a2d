/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cert.c - certificates and keys through libcrypto. Its error queue is emptied after every failure:
 * the caller gets one plain sentence.
 */
#include "config.h"

#include "rutter/cert.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "rutter/arena.h"
#include "rutter/str.h"
#include "rutter/timefmt.h"
#include "rutter/vec.h"

enum { LARGEST_PEM = 16 << 20, MOST_CERTIFICATES = 10000 };

static BIO *open_pem(const char *pem, size_t len)
{
	if (len > LARGEST_PEM)
		return NULL;
	return BIO_new_mem_buf(pem, (int)len);
}

/* An encrypted key must never prompt: there is no password. */
static int no_password(char *buf, int size, int writing, void *ctx)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static X509 *first_cert(const char *pem, size_t len)
{
	BIO *bio = open_pem(pem, len);
	X509 *x = bio ? PEM_read_bio_X509(bio, NULL, no_password, NULL) : NULL;
	BIO_free(bio);
	ERR_clear_error();
	return x;
}

static int64_t time_of(const ASN1_TIME *t)
{
	struct tm tm;
	if (!ASN1_TIME_to_tm(t, &tm))
		return RT_TIME_UNSET;
	return (int64_t)timegm(&tm);
}

static const char *name_of(struct rt_arena *a, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	long len = BIO_get_mem_data(bio, &text);
	const char *s = rt_arena_strndup(a, text ? text : "", text ? (size_t)len : 0);
	BIO_free(bio);
	return s;
}

/* ------------------------------------------------------------------ subjectAltName */

typedef RT_VEC(const char *) names;

static void add_dns(struct rt_arena *a, names *list, const ASN1_STRING *s)
{
	const char *bytes = (const char *)ASN1_STRING_get0_data(s);
	size_t len = (size_t)ASN1_STRING_length(s);
	if (memchr(bytes, '\0', len))
		return; /* a NUL in the name is how one name poses as another */
	rt_vec_push(list, a, (const char *)rt_str_lower(rt_arena_strndup(a, bytes, len)));
}

static void add_ip(struct rt_arena *a, names *list, const ASN1_STRING *s)
{
	char text[INET6_ADDRSTRLEN];
	int len = ASN1_STRING_length(s);
	int family = len == 4 ? AF_INET : AF_INET6;
	if (len != 4 && len != 16)
		return;
	if (inet_ntop(family, ASN1_STRING_get0_data(s), text, sizeof(text)))
		rt_vec_push(list, a, (const char *)rt_arena_strdup(a, text));
}

static void read_alt_names(struct rt_arena *a, const X509 *x, struct rt_cert *ret)
{
	names dns = {0}, ips = {0};
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(all, i);
		if (n->type == GEN_DNS)
			add_dns(a, &dns, n->d.dNSName);
		else if (n->type == GEN_IPADD)
			add_ip(a, &ips, n->d.iPAddress);
	}
	GENERAL_NAMES_free(all);
	ret->dns_names = dns.v;
	ret->dns_count = dns.len;
	ret->ip_names = ips.v;
	ret->ip_count = ips.len;
}

enum rt_status rt_cert_parse(
    struct rt_arena *a, const char *pem, size_t len, struct rt_cert *ret, struct rt_error *err)
{
	X509 *x = first_cert(pem, len);
	if (!x) {
		bool armoured = len < LARGEST_PEM && memmem(pem, len, "-----BEGIN", 10);
		return rt_fail(
		    err, RT_INPUT, armoured ? "holds no readable certificate" : "is not PEM");
	}
	struct rt_cert c = {.not_before = time_of(X509_get0_notBefore(x)),
	    .not_after = time_of(X509_get0_notAfter(x))};
	if (c.not_before == RT_TIME_UNSET || c.not_after == RT_TIME_UNSET) {
		X509_free(x);
		ERR_clear_error();
		return rt_fail(err, RT_INPUT, "holds a certificate whose dates cannot be read");
	}
	c.subject = name_of(a, X509_get_subject_name(x));
	c.issuer = name_of(a, X509_get_issuer_name(x));
	c.is_ca = X509_check_ca(x) > 0;
	read_alt_names(a, x, &c);
	X509_free(x);
	ERR_clear_error();
	*ret = c;
	return RT_OK;
}

/* ------------------------------------------------------------------ bundles */

/* Calls fn for each certificate of a bundle until it returns false. *ret_bad: one did not parse. */
static size_t each_cert(
    const char *pem, size_t len, bool (*fn)(void *ctx, X509 *x), void *ctx, bool *ret_bad)
{
	BIO *bio = open_pem(pem, len);
	size_t n = 0;
	*ret_bad = bio == NULL;
	while (bio && n < MOST_CERTIFICATES) {
		X509 *x = PEM_read_bio_X509(bio, NULL, no_password, NULL);
		if (!x) {
			unsigned long e = ERR_peek_last_error();
			*ret_bad = ERR_GET_REASON(e) != PEM_R_NO_START_LINE;
			break;
		}
		n++;
		bool more = !fn || fn(ctx, x);
		X509_free(x);
		if (!more)
			break;
	}
	BIO_free(bio);
	ERR_clear_error();
	return n;
}

bool rt_cert_bundle_ok(const char *pem, size_t len)
{
	bool bad;
	return each_cert(pem, len, NULL, NULL, &bad) > 0 && !bad;
}

struct signing {
	X509 *leaf;
	bool signed_by;
};

static bool try_issuer(void *ctx, X509 *ca)
{
	struct signing *s = ctx;
	EVP_PKEY *key = X509_get0_pubkey(ca);
	if (X509_check_issued(ca, s->leaf) == X509_V_OK && key && X509_verify(s->leaf, key) == 1)
		s->signed_by = true;
	return !s->signed_by;
}

enum rt_tri rt_cert_signed_by(const char *pem, size_t len, const char *ca_pem, size_t ca_len)
{
	bool bad;
	struct signing s = {first_cert(pem, len), false};
	if (!s.leaf)
		return RT_UNKNOWN;
	size_t n = each_cert(ca_pem, ca_len, try_issuer, &s, &bad);
	X509_free(s.leaf);
	if (s.signed_by)
		return RT_YES;
	return n == 0 ? RT_UNKNOWN : RT_NO;
}

/* ------------------------------------------------------------------ keys */

static enum rt_status read_key(const char *pem, size_t len, EVP_PKEY **ret, struct rt_error *err)
{
	if (!memmem(pem, len, "-----BEGIN", 10))
		return rt_fail(err, RT_INPUT, "is not PEM");
	if (memmem(pem, len, "ENCRYPTED", 9))
		return rt_fail(err, RT_INPUT, "is encrypted");
	BIO *bio = open_pem(pem, len);
	*ret = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
	BIO_free(bio);
	ERR_clear_error();
	return *ret ? RT_OK : rt_fail(err, RT_INPUT, "holds no readable private key");
}

enum rt_status rt_cert_key_check(const char *cert_pem, size_t cert_len, const char *key_pem,
    size_t key_len, struct rt_error *err)
{
	EVP_PKEY *key = NULL;
	enum rt_status st = read_key(key_pem, key_len, &key, err);
	if (st != RT_OK)
		return st;
	X509 *x = first_cert(cert_pem, cert_len);
	if (!x)
		st = rt_fail(err, RT_INPUT, "belongs to no readable certificate");
	else if (X509_check_private_key(x, key) != 1)
		st = rt_fail(err, RT_INPUT, "does not belong to the certificate");
	X509_free(x);
	EVP_PKEY_free(key); /* libcrypto clears key material when it frees it */
	ERR_clear_error();
	return st;
}

/* ------------------------------------------------------------------ names */

/* A wildcard stands for exactly one whole label (RFC 6125 6.4.3). */
static bool name_covers(const char *san, const char *host)
{
	if (strcasecmp(san, host) == 0)
		return true;
	if (strncmp(san, "*.", 2) != 0 || strncmp(host, "*.", 2) == 0)
		return false;
	const char *dot = strchr(host, '.');
	return dot && dot != host && strcasecmp(dot, san + 1) == 0;
}

bool rt_cert_covers(const struct rt_cert *c, const char *host)
{
	for (size_t i = 0; i < c->dns_count; i++)
		if (name_covers(c->dns_names[i], host))
			return true;
	for (size_t i = 0; i < c->ip_count; i++)
		if (strcmp(c->ip_names[i], host) == 0)
			return true;
	return false;
}
