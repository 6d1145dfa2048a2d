/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cert.h - X.509 certificates and keys, read with libcrypto, never by hand.
 */
#ifndef RUTTER_CERT_H
#define RUTTER_CERT_H

#include "rutter/err.h"

struct rt_cert {
	const char *const *dns_names; /* SAN dNSName, lower case */
	size_t dns_count;
	const char *const *ip_names; /* SAN iPAddress as text */
	size_t ip_count;
	const char *subject, *issuer;
	int64_t not_before, not_after;
	bool is_ca;
};

/* The first certificate of a PEM text; strings in arena. RT_INPUT: not PEM, or no certificate. */
RT_NODISCARD enum rt_status rt_cert_parse(
    struct rt_arena *a, const char *pem, size_t len, struct rt_cert *ret, struct rt_error *err);
/* True when the PEM text holds at least one certificate and every certificate in it parses. */
bool rt_cert_bundle_ok(const char *pem, size_t len);
/* Does the private key belong to the first certificate? RT_INPUT: no key, not PEM, encrypted, or
 * another key. The key is only compared, and wiped. */
RT_NODISCARD enum rt_status rt_cert_key_check(const char *cert_pem, size_t cert_len,
    const char *key_pem, size_t key_len, struct rt_error *err);
/* Is the first certificate of pem signed by one of the CA bundle? RT_UNKNOWN: cannot be read. */
enum rt_tri rt_cert_signed_by(const char *pem, size_t len, const char *ca_pem, size_t ca_len);
/* Exact name, or a wildcard SAN for exactly one label; a host "*.a" needs the SAN "*.a". */
bool rt_cert_covers(const struct rt_cert *c, const char *host);

/* Standard base64, white space ignored. Caller frees *ret (wipe it if secret). */
bool rt_base64_decode(const char *text, size_t len, char **ret, size_t *ret_len);
void rt_base64_encode(struct rt_buf *out, const void *bytes, size_t len);

#endif
