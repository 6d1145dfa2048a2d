/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-credentials.c - identities without a plugin: headers, files that rotate while the program
 * runs, and what is said about a refusal.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/log.h"
#include "rutter/mem.h"
#include "tests/lib/cred.h"
#include "tests/lib/tap.h"

#define NOW 1800000000 /* 2027-01-15T08:00:00Z */

static void test_headers(void)
{
	static const struct {
		const char *name, *yaml, *headers;
	} rows[] = {
	    {"nobody", "{}", ""},
	    {"a token", "{token: PLANTED-1}", "Authorization=Bearer PLANTED-1\n"},
	    {"a password", "{username: joe, password: 'a:b'}",
		"Authorization=Basic am9lOmE6Yg==\n"},
	    {"someone else",
		"{token: PLANTED-1, as: eve, as-uid: '7', as-groups: [g, h], as-user-extra: {Sc/o: "
		"[v, w]}}",
		"Authorization=Bearer PLANTED-1\nImpersonate-User=eve\nImpersonate-Uid=7\n"
		"Impersonate-Group=g\nImpersonate-Group=h\nImpersonate-Extra-Sc%2Fo=v\n"
		"Impersonate-Extra-Sc%2Fo=w\n"},
	};
	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		struct cred c;
		struct rt_buf text = {0};
		const struct rt_named_value *h = NULL;
		if (!cred_open(&c, &(struct cred_user){.yaml = rows[i].yaml}))
			continue;
		cred_get(&c, NOW);
		tap_is_int(c.status, RT_OK, "%s is ready at once", rows[i].name);
		size_t count = rt_credentials_headers(c.creds, &h);
		for (size_t k = 0; k < count; k++)
			rt_buf_printf(&text, "%s=%s\n", h[k].name, h[k].value);
		tap_is_str(rt_buf_str(&text), rows[i].headers, "%s", rows[i].name);
		tap_ok(!rt_credentials_refused(c.creds, rt_credentials_generation(c.creds), NOW),
		    "a refusal is final");
		rt_buf_done(&text);
		cred_close(&c);
	}
}

/* A kubeconfig whose tokenFile is replaced while the program runs, as kubelet does in Pods. */
static void test_token_file(void)
{
	struct cred c;
	char *file = tap_temporary("token");
	int fd = mkstemp(file);
	char *yaml = rt_xprintf("{tokenFile: %s, token: PLANTED-beside}", file);

	tap_is_int(write(fd, "PLANTED-1\n", 10), 10, "a token is in the file");
	if (cred_open(&c, &(struct cred_user){.yaml = yaml})) {
		cred_get(&c, NOW);
		tap_is_str(cred_token(&c), "PLANTED-1", "the file's wins");
		uint64_t first = rt_credentials_generation(c.creds);
		tap_is_int(pwrite(fd, "PLANTED-2\n", 10, 0), 10, "it is replaced");
		cred_get(&c, NOW + 40);
		tap_is_str(cred_token(&c), "PLANTED-1", "not looked at for a while");
		cred_get(&c, NOW + 60);
		tap_is_str(cred_token(&c), "PLANTED-2", "but after a minute");
		tap_is_int(pwrite(fd, "PLANTED-3\n", 10, 0), 10, "it is replaced");
		uint64_t second = rt_credentials_generation(c.creds);
		tap_ok(first != second, "which is another generation");
		tap_ok(
		    rt_credentials_refused(c.creds, second, NOW + 61), "a refusal makes it look");
		tap_is_str(cred_token(&c), "PLANTED-3", "at once");
		tap_ok(
		    !rt_credentials_refused(c.creds, rt_credentials_generation(c.creds), NOW + 62),
		    "with nothing new the refusal is final");
		tap_ok(
		    rt_credentials_refused(c.creds, first, NOW + 62), "but not that of an old one");
		tap_is_int(ftruncate(fd, 0), 0, "it becomes empty");
		cred_get(&c, NOW + 200);
		tap_is_str(cred_token(&c), "PLANTED-3", "the last token stays");
		tap_is_int(pwrite(fd, "a\nb: c\n", 7, 0), 7, "it holds two lines");
		cred_get(&c, NOW + 300);
		tap_is_str(cred_token(&c), "PLANTED-3", "the last token stays");
		unlink(file);
		cred_get(&c, NOW + 400);
		tap_is_str(cred_token(&c), "PLANTED-3", "also when it is gone");
		cred_close(&c);
	}
	close(fd);
	unlink(file);
	free(file);
	free(yaml);
}

static void put(struct cred *c, const char *as, const char *name)
{
	char *text = cred_pki(name);
	cred_write(c, as, text);
	free(text);
}

static uint64_t cert_generation(const struct cred *c)
{
	struct rt_client_cert cert = {0};
	return rt_credentials_client_cert(c->creds, &cert) ? cert.generation : 0;
}

static void test_cert_files(void)
{
	struct cred files, c;
	/* a first identity only for its folder */
	if (!cred_open(&files, &(struct cred_user){.yaml = "{}"}))
		return;
	char *yaml =
	    rt_xprintf("{client-certificate: %s/crt, client-key: %s/key}", files.dir, files.dir);
	put(&files, "crt", "dev.crt");
	put(&files, "key", "dev.key");
	if (cred_open(&c, &(struct cred_user){.yaml = yaml})) {
		cred_get(&c, NOW);
		uint64_t first = cert_generation(&c);
		tap_ok(first != 0, "there is a client certificate");
		put(&files, "crt", "next.crt");
		cred_get(&c, NOW + 1);
		tap_ok(cert_generation(&c) == first, "half a new pair is not taken");
		cred_write(&files, "key", "");
		tap_ok(
		    !rt_credentials_refused(c.creds, rt_credentials_generation(c.creds), NOW + 1),
		    "nor is one whose key is not written yet");
		put(&files, "key", "next.key");
		cred_get(&c, NOW + 1);
		tap_ok(cert_generation(&c) == first, "nor is one looked at twice in a second");
		cred_get(&c, NOW + 2);
		tap_ok(cert_generation(&c) != first, "but before the next request");
		put(&files, "crt", "dev.crt");
		put(&files, "key", "dev.key");
		tap_ok(rt_credentials_refused(c.creds, rt_credentials_generation(c.creds), NOW + 2),
		    "or after a refusal, at once");
		cred_close(&c);
	}
	free(yaml);
	cred_close(&files);
}

/* {"exp":1700000000} and {"exp":1900000000}, with a signature that is none */
#define JWT_OLD "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDB9.PLANTED"
#define JWT_NEW "eyJhbGciOiJub25lIn0.eyJleHAiOjE5MDAwMDAwMDB9.PLANTED"

static char *cert_yaml(const char *cert)
{
	struct rt_buf crt = {0}, key = {0};
	char *crt_pem = cred_pki(cert), *key_pem = cred_pki("dev.key");
	rt_base64_encode(&crt, crt_pem, strlen(crt_pem));
	rt_base64_encode(&key, key_pem, strlen(key_pem));
	char *yaml =
	    rt_xprintf("{client-certificate-data: %s, client-key-data: %s}", crt.data, key.data);
	rt_buf_done(&crt);
	rt_buf_done(&key);
	free(crt_pem);
	free(key_pem);
	return yaml;
}

static void test_describe(void)
{
	char *good = cert_yaml("dev.crt"), *old = cert_yaml("old.crt");
	const struct {
		struct cred_user user;
		const char *text;
	} rows[] = {
	    {{.yaml = "{}"}, "user \"dev\": no credentials"},
	    {{.yaml = "{token: PLANTED-1}"}, "user \"dev\": token"},
	    {{.yaml = "{token: " JWT_OLD "}"},
		"user \"dev\": token, which expired on 2023-11-14T22:13:20Z"},
	    {{.yaml = "{token: " JWT_NEW ", as: eve}"},
		"user \"dev\": token, valid until 2030-03-17T17:46:40Z, as eve"},
	    {{.yaml = "{username: joe, password: PLANTED-1}"}, "user \"dev\": password of joe"},
	    {{.yaml = "{auth-provider: {name: oidc, config: {id-token: " JWT_OLD "}}}"},
		"user \"dev\": id-token of auth-provider oidc, which is not refreshed, which "
		"expired on "
		"2023-11-14T22:13:20Z"},
	    {{.yaml = good},
		"user \"dev\": client certificate of CN=dev,O=system:masters, valid until "
		"2126-01-01T00:00:00Z"},
	    {{.yaml = old},
		"user \"dev\": client certificate of CN=dev,O=system:masters, which expired on "
		"2021-01-01T00:00:00Z"},
	    {{.script = "printf '{apiVersion: " CRED_V1 ", kind: ExecCredential, status: {token: "
			"PLANTED-1, expirationTimestamp: \"2027-01-15T09:00:00Z\"}}'",
		 .mode = "Never"},
		"user \"dev\": token of the plugin sh, valid until 2027-01-15T09:00:00Z"},
	    {{.script = "exit 1", .mode = "Never"}, "user \"dev\": nothing yet from the plugin"},
	};
	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		struct cred c;
		struct rt_buf text = {0};
		if (cred_open(&c, &rows[i].user)) {
			cred_get(&c, NOW);
			rt_credentials_describe(c.creds, NOW, &text);
			tap_is_str(rt_buf_str(&text), rows[i].text, "described");
		}
		rt_buf_done(&text);
		cred_close(&c);
	}
	free(good);
	free(old);
}

int main(void)
{
	test_headers();
	test_token_file();
	test_cert_files();
	test_describe();
	rt_log_close();
	return tap_done();
}
