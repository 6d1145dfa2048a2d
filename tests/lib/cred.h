/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cred.h - one identity under test: a kubeconfig written, loaded, and asked for its credentials by
 * turning a loop until it answers.
 *
 *	struct cred c;
 *	cred_open(&c, &(struct cred_user){.script = "printf ...", .mode = "Never"});
 *	cred_get(&c, now);	c.status, c.err, c.token
 *	cred_close(&c);
 */
#ifndef TESTS_LIB_CRED_H
#define TESTS_LIB_CRED_H

#include "rutter/credentials.h"
#include "rutter/loop.h"

#define CRED_V1 "client.authentication.k8s.io/v1"
#define CRED_V1BETA1 "client.authentication.k8s.io/v1beta1"

/* Either yaml (the user's whole body) or an exec plugin. */
struct cred_user {
	const char *yaml;
	const char *command; /* NULL: sh */
	const char *script;  /* for sh -c; NULL: no arguments but args */
	const char *args[6];
	const char *env[4];  /* NAME=value of the exec entry */
	const char *version; /* NULL: v1 */
	const char *mode;    /* NULL: left out */
	const char *hint;
	const char *cluster; /* more members of the cluster, YAML flow: ", key: value" */
	const char *kuberc;
	const char *path; /* PATH; NULL: /usr/bin:/bin */
	bool info;
	enum rt_terminal_use terminal;
	int64_t timeout_ms;
};

struct cred {
	char *dir; /* a folder of its own, removed at the end; also in the plugin's $DIR */
	struct rt_kubeconfig *cfg;
	struct rt_loop *loop;
	struct rt_credentials *creds;
	enum rt_terminal_use terminal;
	/* of the last cred_get */
	int pending;
	enum rt_status status;
	struct rt_error err;
	/* what the terminal's owner saw: s(uspend) r(esume) */
	char calls[16];
	char said[256]; /* last line */
	int lines;
};

/* False, with a note, when the kubeconfig does not load: c->err says why. */
bool cred_open(struct cred *c, const struct cred_user *u);
void cred_close(struct cred *c);
void cred_ask(struct cred *c, int64_t now); /* one more waiter; see pending */
void cred_wait(struct cred *c);             /* until none is pending; gives up at last */
void cred_get(struct cred *c, int64_t now); /* both */
void cred_login(struct cred *c, int64_t now);
/* The value of a header, or NULL. */
const char *cred_header(const struct cred *c, const char *name);
/* The bearer token, or NULL. */
const char *cred_token(const struct cred *c);
/* The file NAME in the folder: written, or read ("" when absent; valid until the next call). */
void cred_write(struct cred *c, const char *name, const char *text);
const char *cred_read(struct cred *c, const char *name);
/* A file of tests/kubeconfig/pki/; the caller frees. */
char *cred_pki(const char *name);

#endif
