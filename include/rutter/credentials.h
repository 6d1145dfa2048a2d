/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials.h - what a request carries to say who asks, kept fresh.
 * One interface over static tokens, rotating token files, basic auth, client certificates,
 * impersonation and exec plugins. A request asks before it is sent and again after a 401:
 *
 *	rt_credentials_get(c, now, ready, req);		ready runs at once or when a plugin has
 *ended
 *	  -> rt_credentials_headers(c, ...), rt_credentials_client_cert(c, ...)
 *	on 401: if (rt_credentials_refused(c, generation, now)) rt_credentials_get(...) and replay
 *
 * Any number of requests may wait: a plugin runs once for all of them. The configuration outlives
 * the credentials. Values are wiped when replaced and at the end; no error text holds one.
 */
#ifndef RUTTER_CREDENTIALS_H
#define RUTTER_CREDENTIALS_H

#include "rutter/kubeconfig.h"

struct rt_credentials;
struct rt_loop;

/* What the terminal is doing, which decides how an exec plugin may run. */
enum rt_terminal_use {
	RT_TERMINAL_NONE,   /* standard input is no terminal, or holds manifests */
	RT_TERMINAL_FREE,   /* no screen is up: a plugin may read from it and write on stderr */
	RT_TERMINAL_SCREEN, /* a screen is up: plugins run unseen; a login suspends the screen */
};

struct rt_credentials_ops {
	enum rt_terminal_use (*terminal)(void *ctx);
	/* Around a plugin that owns the terminal while a screen is up. May be NULL without one. */
	void (*suspend)(void *ctx);
	void (*resume)(void *ctx);
	/* A line a plugin running unseen wrote to stderr, cleaned: a device code, for instance. */
	void (*say)(void *ctx, const char *line);
};

struct rt_credentials_params {
	const struct rt_kubeconfig *config;
	struct rt_loop *loop;
	const struct rt_credentials_ops *ops; /* NULL: RT_TERMINAL_NONE */
	void *ctx;                            /* of ops */
	int64_t plugin_timeout_ms;            /* 0: the default, five minutes */
};

struct rt_credentials *rt_credentials_new(const struct rt_credentials_params *params);
void rt_credentials_free(
    struct rt_credentials *c); /* ends a running plugin, waiters get RT_CANCELLED */

/* err is NULL when status is RT_OK. RT_CREDENTIALS with the plugin's last words as the hint. */
typedef void (*rt_credentials_fn)(void *ctx, enum rt_status status, const struct rt_error *err);

/* now: seconds since 1970. fn is called exactly once, possibly before this returns. */
void rt_credentials_get(struct rt_credentials *c, int64_t now, rt_credentials_fn fn, void *ctx);
/* Forgets a waiter without calling it. */
void rt_credentials_cancel(struct rt_credentials *c, rt_credentials_fn fn, void *ctx);

/* The server answered 401 to a request sent with this generation. True: fresher credentials are
 * at hand or can be had, so one replay makes sense. */
bool rt_credentials_refused(struct rt_credentials *c, uint64_t generation, int64_t now);
/* Changes whenever a header or the client certificate does. */
uint64_t rt_credentials_generation(const struct rt_credentials *c);

/* Headers to add; values are valid until the next call into credentials and are secret. */
size_t rt_credentials_headers(const struct rt_credentials *c, const struct rt_named_value **ret);

struct rt_client_cert {
	const char *cert, *key; /* PEM, borrowed until cert_generation changes */
	size_t cert_len, key_len;
	uint64_t generation; /* changed: close the connections made with the one before */
};
bool rt_credentials_client_cert(const struct rt_credentials *c, struct rt_client_cert *ret);

/* A plugin that needs a person could not run unseen: offer a login. */
bool rt_credentials_wants_login(const struct rt_credentials *c);
/* Runs the plugin on the terminal, the screen suspended. As rt_credentials_get otherwise. */
void rt_credentials_login(struct rt_credentials *c, int64_t now, rt_credentials_fn fn, void *ctx);

/* For the error of a 401 or a TLS refusal: which credential was sent and what is wrong with it as
 * far as can be told here ("client certificate of user \"dev\" expired on …"). One line. */
void rt_credentials_describe(const struct rt_credentials *c, int64_t now, struct rt_buf *out);

#endif
