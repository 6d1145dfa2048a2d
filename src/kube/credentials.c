/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials.c - the credentials in use: what requests carry, when it is renewed, and the one run
 * of an exec plugin that everybody waits for. A plugin's answer lives in memory only, until it
 * expires or the server refuses it.
 */
#include "config.h"

#include "rutter/credentials.h"

#include <ctype.h>
#include <string.h>

#include "exec_plugin.h"
#include "jwt.h"
#include "readfile.h"
#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/log.h"
#include "rutter/loop.h"
#include "rutter/mem.h"
#include "rutter/str.h"
#include "rutter/timefmt.h"
#include "rutter/utf8.h"
#include "rutter/vec.h"

/* client-go: a token file is read again after a minute, less ten seconds of leeway; certificate and
 * key before a handshake, though not twice in a second. */
#define TOKEN_FILE_SECONDS 50
#define CERT_FILE_SECONDS 1
/* Renewed this long before the end, or half a short life. */
#define EARLY_SECONDS 30
/* A server that refuses everything must not make a plugin run in a circle. */
#define REFUSED_AGAIN_SECONDS 10
#define PLUGIN_TIMEOUT_MS (5 * 60 * 1000)
#define SAY_LINE_MAX 1024

struct waiter {
	rt_credentials_fn fn;
	void *ctx;
};

struct rt_credentials {
	const struct rt_kubeconfig *cfg;
	const struct rt_auth *auth;
	struct rt_loop *loop;
	struct rt_credentials_ops ops;
	void *ctx;
	int64_t timeout_ms;

	/* what requests carry */
	RT_VEC(struct rt_named_value) headers; /* values owned */
	char *token, *cert, *key;              /* owned; NULL: none */
	size_t cert_len, key_len;
	uint64_t generation, cert_generation;

	/* when to look again */
	int64_t token_read, cert_read; /* of files */
	int64_t obtained, expires;     /* of a plugin's answer; expires may be RT_TIME_UNSET */
	bool have;                     /* a plugin's answer, not refused */
	int64_t refused_at;

	/* the run of a plugin */
	struct rt_child *child;
	bool interactive, suspended, wants_login, login_next;
	int64_t run_now;
	RT_VEC(struct waiter) waiters;
	size_t due;         /* the first so many are being answered */
	struct rt_buf line; /* of stderr, incomplete */
};

static void finish(struct rt_credentials *c, enum rt_status status, const struct rt_error *err);

/* --- what requests carry ---------------------------------------------------------------------- */

static void clear_headers(struct rt_credentials *c)
{
	for (size_t i = 0; i < c->headers.len; i++) {
		char *value = (char *)(uintptr_t)c->headers.v[i].value;
		char *name = (char *)(uintptr_t)c->headers.v[i].name;
		rt_str_wipe(&value);
		free(name);
	}
	c->headers.len = 0;
}

static void add_header(struct rt_credentials *c, char *name, char *value)
{
	rt_vec_push(&c->headers, NULL, ((struct rt_named_value){name, value}));
}

static void add_basic(struct rt_credentials *c)
{
	struct rt_buf plain = RT_BUF_SECRET, coded = RT_BUF_SECRET;
	rt_buf_printf(&plain, "%s:%s", c->auth->username, c->auth->password);
	rt_base64_encode(&coded, plain.data, plain.len);
	rt_log_secret(rt_buf_str(&coded));
	add_header(c, rt_xstrdup("Authorization"), rt_xprintf("Basic %s", rt_buf_str(&coded)));
	rt_buf_wipe(&plain);
	rt_buf_wipe(&coded);
}

static void build_headers(struct rt_credentials *c)
{
	const struct rt_auth *a = c->auth;

	clear_headers(c);
	c->generation++;
	if (c->token)
		add_header(c, rt_xstrdup("Authorization"), rt_xprintf("Bearer %s", c->token));
	else if (a->username)
		add_basic(c);
	if (!a->as)
		return;
	add_header(c, rt_xstrdup("Impersonate-User"), rt_xstrdup(a->as));
	if (a->as_uid)
		add_header(c, rt_xstrdup("Impersonate-Uid"), rt_xstrdup(a->as_uid));
	for (size_t i = 0; i < a->as_group_count; i++)
		add_header(c, rt_xstrdup("Impersonate-Group"), rt_xstrdup(a->as_groups[i]));
	for (size_t i = 0; i < a->as_extra_count; i++)
		add_header(c, rt_xprintf("Impersonate-Extra-%s", a->as_extra[i].name),
		    rt_xstrdup(a->as_extra[i].value));
}

/* NULL takes the token away. */
static void set_token(struct rt_credentials *c, const char *token)
{
	rt_str_wipe(&c->token);
	if (token) {
		c->token = rt_xstrdup(token);
		rt_log_secret(token);
	}
	build_headers(c);
}

static void set_cert(
    struct rt_credentials *c, const char *cert, size_t cert_len, const char *key, size_t key_len)
{
	rt_str_wipe(&c->cert);
	rt_str_wipe(&c->key);
	c->cert = cert ? rt_xstrndup(cert, cert_len) : NULL;
	c->key = key ? rt_xstrndup(key, key_len) : NULL;
	c->cert_len = cert ? cert_len : 0;
	c->key_len = key ? key_len : 0;
	c->cert_generation++;
	c->generation++;
}

size_t rt_credentials_headers(const struct rt_credentials *c, const struct rt_named_value **ret)
{
	*ret = c->headers.v;
	return c->headers.len;
}

bool rt_credentials_client_cert(const struct rt_credentials *c, struct rt_client_cert *ret)
{
	*ret =
	    (struct rt_client_cert){c->cert, c->key, c->cert_len, c->key_len, c->cert_generation};
	return c->cert != NULL;
}

uint64_t rt_credentials_generation(const struct rt_credentials *c)
{
	return c->generation;
}

bool rt_credentials_wants_login(const struct rt_credentials *c)
{
	return c->wants_login;
}

/* --- files that rotate ------------------------------------------------------------------------ */

/* A header value: one line, trimmed; NULL when the file holds none. */
static char *token_of(struct rt_buf *text)
{
	const char *s = rt_buf_str(text);
	size_t len;

	s += strspn(s, " \t\r\n");
	len = strlen(s);
	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return NULL;
	return len ? rt_xstrndup(s, len) : NULL;
}

/* Keeps the last token where the file cannot be read: the server decides. True: it changed. */
static bool reread_token(struct rt_credentials *c, int64_t now)
{
	struct rt_buf text = RT_BUF_SECRET;
	char *token = NULL;
	bool changed = false;

	c->token_read = now;
	if (rt_kube_read_file(c->auth->token_file, RT_KUBE_PART_MAX, &text, NULL) == RT_OK)
		token = token_of(&text);
	if (!token)
		rt_log(2, "credentials", "%s cannot be read: the last token stays",
		    c->auth->token_file);
	else
		changed = !c->token || strcmp(token, c->token) != 0;
	if (changed) {
		rt_log(3, "credentials", "%s holds a new token", c->auth->token_file);
		set_token(c, token);
	}
	rt_str_wipe(&token);
	rt_buf_wipe(&text);
	return changed;
}

/* Certificate and key are replaced one after the other: a pair that does not fit is not taken. */
static bool reread_cert(struct rt_credentials *c, int64_t now)
{
	struct rt_buf cert = {0}, key = RT_BUF_SECRET;
	bool changed = false;

	c->cert_read = now;
	if (rt_kube_read_file(c->auth->cert_file, RT_KUBE_PART_MAX, &cert, NULL) == RT_OK &&
	    rt_kube_read_file(c->auth->key_file, RT_KUBE_PART_MAX, &key, NULL) == RT_OK &&
	    (strcmp(rt_buf_str(&cert), c->cert) != 0 || strcmp(rt_buf_str(&key), c->key) != 0) &&
	    rt_cert_key_check(rt_buf_str(&cert), cert.len, rt_buf_str(&key), key.len, NULL) ==
		RT_OK) {
		rt_log(3, "credentials", "%s holds a new certificate", c->auth->cert_file);
		set_cert(c, cert.data, strlen(cert.data), key.data, strlen(key.data));
		changed = true;
	}
	rt_buf_wipe(&cert);
	rt_buf_wipe(&key);
	return changed;
}

static void reread_files(struct rt_credentials *c, int64_t now)
{
	if (c->auth->token_file && now - c->token_read >= TOKEN_FILE_SECONDS)
		reread_token(c, now);
	if (c->auth->cert_file && now - c->cert_read >= CERT_FILE_SECONDS)
		reread_cert(c, now);
}

/* --- the plugin ------------------------------------------------------------------------------- */

static enum rt_terminal_use terminal_use(const struct rt_credentials *c)
{
	return c->ops.terminal ? c->ops.terminal(c->ctx) : RT_TERMINAL_NONE;
}

static void say_line(struct rt_credentials *c)
{
	RT_AUTO_BUF struct rt_buf clean = {0};
	rt_clean(&clean, rt_buf_str(&c->line), false);
	if (clean.len)
		c->ops.say(c->ctx, clean.data);
	rt_buf_clear(&c->line);
}

static void on_stderr(void *ctx, const char *bytes, size_t len)
{
	struct rt_credentials *c = ctx;
	for (size_t i = 0; i < len && c->ops.say; i++) {
		bool end = bytes[i] == '\n' || bytes[i] == '\r';
		if (!end && bytes[i])
			rt_buf_putc(&c->line, bytes[i]);
		if (end || c->line.len >= SAY_LINE_MAX)
			say_line(c);
	}
}

/* The last words of a plugin as one line, newest last, for the hint. */
static void hint_tail(struct rt_error *err, const struct rt_child_result *r)
{
	enum { TAIL = 400 };
	char text[TAIL + 1];
	size_t len = r->err_len, n = 0;

	while (len && isspace((unsigned char)r->err_tail[len - 1]))
		len--;
	for (size_t i = len > TAIL ? len - TAIL : 0; i < len; i++) {
		char ch = r->err_tail[i];
		bool space = ch == '\0' || isspace((unsigned char)ch);
		if (!space || (n && text[n - 1] != ' '))
			text[n++] = space ? ' ' : ch;
	}
	text[n] = '\0';
	if (n)
		rt_error_hint(err, "it said: %s", text);
}

static enum rt_status run_failed(
    const struct rt_credentials *c, const struct rt_child_result *r, struct rt_error *err)
{
	const char *command = c->auth->exec->command;

	if (r->timed_out)
		(void)rt_fail(err, RT_CREDENTIALS, "exec: executable %s did not end within %lld s",
		    command, (long long)(c->timeout_ms / 1000));
	else if (r->cancelled)
		(void)rt_fail(err, RT_CANCELLED, "exec: executable %s was ended", command);
	else if (r->out_too_long)
		(void)rt_fail(err, RT_CREDENTIALS, "exec: executable %s printed over %zu bytes",
		    command, EXEC_OUT_MAX);
	else if (r->signo)
		(void)rt_fail(err, RT_CREDENTIALS, "exec: executable %s was ended by signal %d",
		    command, r->signo);
	else
		(void)rt_fail(err, RT_CREDENTIALS, "exec: executable %s failed with exit code %d",
		    command, r->exit_code);
	/* Who watched it has read its words already. */
	if (!c->ops.say || terminal_use(c) == RT_TERMINAL_SCREEN)
		hint_tail(err, r);
	return err->status;
}

static void take_answer(struct rt_credentials *c, const struct rt_exec_cred *cred)
{
	bool same_cert = c->cert && cred->cert && strcmp(c->cert, cred->cert) == 0 &&
			 strcmp(c->key, cred->key) == 0;

	c->have = true;
	c->obtained = c->run_now;
	c->expires = cred->expires;
	c->wants_login = false;
	set_token(c, cred->token);
	if (!same_cert && (c->cert || cred->cert))
		set_cert(c, cred->cert, cred->cert_len, cred->key, cred->key_len);
}

static void give_terminal_back(struct rt_credentials *c)
{
	if (c->suspended && c->ops.resume)
		c->ops.resume(c->ctx);
	c->suspended = false;
}

static void start_run(struct rt_credentials *c, bool interactive);

static void on_done(void *ctx, const struct rt_child_result *r)
{
	struct rt_credentials *c = ctx;
	const struct rt_exec_config *x = c->auth->exec;
	struct rt_exec_cred cred = {.expires = RT_TIME_UNSET};
	struct rt_error err = {0};
	enum rt_status status;

	c->child = NULL;
	if (c->line.len && c->ops.say)
		say_line(c);
	give_terminal_back(c);
	if (c->login_next) {
		c->login_next = false;
		start_run(c, true);
		return;
	}
	if (r->exit_code == 0 && !r->timed_out && !r->cancelled && !r->out_too_long)
		status = rt_exec_cred_parse(r->out, r->out_len, x->api_version, &cred, &err);
	else
		status = run_failed(c, r, &err);
	rt_log(4, "exec", "%s ended: %s", x->command, status == RT_OK ? "ok" : err.msg);
	if (status == RT_OK)
		take_answer(c, &cred);
	else if (!c->interactive && x->interactive == RT_EXEC_IF_AVAILABLE)
		c->wants_login = true;
	rt_exec_cred_done(&cred);
	finish(c, status, &err);
}

static enum rt_status spawn(struct rt_credentials *c, struct rt_error *err)
{
	const struct rt_exec_config *x = c->auth->exec;
	struct rt_arena a = {0};
	struct rt_buf info = {0};
	const char *path = NULL;
	enum rt_status status = rt_exec_find(&a, c->cfg, &path, err);

	if (status == RT_OK) {
		rt_exec_info_write(&info, c->cfg, c->interactive);
		struct rt_child_spec spec = {
		    .path = path,
		    .argv = rt_exec_argv(&a, x),
		    .envp = rt_exec_envp(&a, c->cfg, rt_buf_str(&info)),
		    .interactive = c->interactive,
		    .stdout_max = EXEC_OUT_MAX,
		    .timeout_ms = c->timeout_ms,
		    .on_stderr = on_stderr,
		    .on_done = on_done,
		    .ctx = c,
		};
		rt_log(4, "exec", "running %s, %zu arguments, %s", path, x->arg_count,
		    c->interactive ? "interactive" : "not interactive");
		status = rt_child_start(c->loop, &spec, &c->child, err);
	}
	rt_buf_wipe(&info);
	rt_arena_wipe(&a);
	return status;
}

static void start_run(struct rt_credentials *c, bool interactive)
{
	struct rt_error err = {0};

	c->interactive = interactive;
	if (interactive && terminal_use(c) == RT_TERMINAL_SCREEN && c->ops.suspend) {
		c->ops.suspend(c->ctx);
		c->suspended = true;
	}
	if (spawn(c, &err) == RT_OK)
		return;
	give_terminal_back(c);
	err.status = RT_CREDENTIALS;
	finish(c, RT_CREDENTIALS, &err);
}

/* Always without a terminal is an error; with a screen on it, a person has to agree first. */
static bool may_start(struct rt_credentials *c, bool *ret_interactive, struct rt_error *err)
{
	const struct rt_exec_config *x = c->auth->exec;
	enum rt_terminal_use use = terminal_use(c);

	*ret_interactive = x->interactive != RT_EXEC_NEVER && use == RT_TERMINAL_FREE;
	if (x->interactive != RT_EXEC_ALWAYS || *ret_interactive)
		return true;
	if (use == RT_TERMINAL_SCREEN) {
		c->wants_login = true;
		(void)rt_fail(err, RT_CREDENTIALS, "exec: %s needs a person to log in", x->command);
		return false;
	}
	(void)rt_fail(err, RT_CREDENTIALS,
	    "exec plugin cannot support interactive mode: "
	    "standard input is not a terminal");
	return false;
}

static struct waiter take_waiter(struct rt_credentials *c, size_t at)
{
	struct waiter w = c->waiters.v[at];
	c->waiters.len--;
	memmove(&c->waiters.v[at], &c->waiters.v[at + 1], (c->waiters.len - at) * sizeof(w));
	if (at < c->due)
		c->due--;
	return w;
}

/* A callback may ask again, which belongs to the next round, and may cancel those behind it. */
static void finish(struct rt_credentials *c, enum rt_status status, const struct rt_error *err)
{
	struct rt_error full = {0};

	if (status != RT_OK) {
		full = *err;
		(void)rt_fail_prefix(&full, "getting credentials");
	}
	c->due = c->waiters.len;
	while (c->due > 0) {
		struct waiter w = take_waiter(c, 0);
		w.fn(w.ctx, status, status == RT_OK ? NULL : &full);
	}
}

static void wait_for_run(struct rt_credentials *c, rt_credentials_fn fn, void *ctx)
{
	rt_vec_push(&c->waiters, NULL, ((struct waiter){fn, ctx}));
}

/* --- the interface ---------------------------------------------------------------------------- */

static bool is_fresh(const struct rt_credentials *c, int64_t now)
{
	if (!c->auth->exec)
		return true;
	if (!c->have || c->expires == RT_TIME_UNSET)
		return c->have;
	int64_t life = c->expires - c->obtained;
	int64_t early = life / 2 < EARLY_SECONDS ? life / 2 : EARLY_SECONDS;
	return now < c->expires - (early > 0 ? early : 0);
}

void rt_credentials_get(struct rt_credentials *c, int64_t now, rt_credentials_fn fn, void *ctx)
{
	struct rt_error err = {0};
	bool interactive = false;

	reread_files(c, now);
	if (!c->child && is_fresh(c, now)) {
		fn(ctx, RT_OK, NULL);
		return;
	}
	wait_for_run(c, fn, ctx);
	if (c->child)
		return;
	c->run_now = now;
	if (may_start(c, &interactive, &err))
		start_run(c, interactive);
	else
		finish(c, RT_CREDENTIALS, &err);
}

void rt_credentials_login(struct rt_credentials *c, int64_t now, rt_credentials_fn fn, void *ctx)
{
	if (!c->auth->exec) {
		fn(ctx, RT_OK, NULL);
		return;
	}
	wait_for_run(c, fn, ctx);
	c->run_now = now;
	if (!c->child) {
		start_run(c, true);
	} else if (!c->interactive) {
		c->login_next = true;
		rt_child_kill(c->child);
	}
}

void rt_credentials_cancel(struct rt_credentials *c, rt_credentials_fn fn, void *ctx)
{
	for (size_t i = c->waiters.len; i-- > 0;)
		if (c->waiters.v[i].fn == fn && c->waiters.v[i].ctx == ctx)
			(void)take_waiter(c, i);
}

bool rt_credentials_refused(struct rt_credentials *c, uint64_t generation, int64_t now)
{
	bool fresher = generation != c->generation;

	if (fresher)
		return true;
	if (c->auth->token_file)
		fresher = reread_token(c, now);
	if (c->auth->cert_file)
		fresher = reread_cert(c, now) || fresher;
	if (!c->auth->exec)
		return fresher;
	if (!c->have) /* another request has told it before: a new run is due already */
		return true;
	if (c->refused_at != RT_TIME_UNSET && now - c->refused_at < REFUSED_AGAIN_SECONDS)
		return false;
	rt_log(3, "exec", "the server refused the credential: it is dropped");
	c->refused_at = now;
	c->have = false;
	return true;
}

struct rt_credentials *rt_credentials_new(const struct rt_credentials_params *params)
{
	struct rt_credentials *c = rt_xcalloc(1, sizeof(*c));
	const struct rt_auth *a = &params->config->auth;

	c->cfg = params->config;
	c->auth = a;
	c->loop = params->loop;
	if (params->ops)
		c->ops = *params->ops;
	c->ctx = params->ctx;
	c->timeout_ms = params->plugin_timeout_ms ? params->plugin_timeout_ms : PLUGIN_TIMEOUT_MS;
	/* The files were read when the configuration was, at an unknown time: look at first use. */
	c->token_read = c->cert_read = INT64_MIN / 2;
	c->expires = c->refused_at = RT_TIME_UNSET;
	set_token(c, a->token);
	if (a->cert)
		set_cert(c, a->cert, a->cert_len, a->key, a->key_len);
	return c;
}

void rt_credentials_free(struct rt_credentials *c)
{
	struct rt_error err = {0};

	if (!c)
		return;
	if (c->child)
		rt_child_abandon(c->child);
	c->child = NULL;
	give_terminal_back(c);
	(void)rt_fail(&err, RT_CANCELLED, "cancelled");
	finish(c, RT_CANCELLED, &err);
	rt_vec_free(&c->waiters);
	clear_headers(c);
	rt_vec_free(&c->headers);
	rt_str_wipe(&c->token);
	rt_str_wipe(&c->cert);
	rt_str_wipe(&c->key);
	rt_buf_wipe(&c->line);
	free(c);
}

/* --- what to say of a refusal ----------------------------------------------------------------- */

static void describe_time(struct rt_buf *out, const char *fact, int64_t t)
{
	rt_buf_printf(out, "%s ", fact);
	rt_time_write(out, t);
}

static void describe_cert(const struct rt_credentials *c, int64_t now, struct rt_buf *out)
{
	struct rt_arena a = {0};
	struct rt_cert cert;

	rt_buf_puts(out, "client certificate");
	if (rt_cert_parse(&a, c->cert, c->cert_len, &cert, NULL) == RT_OK) {
		rt_buf_printf(out, " of %s", cert.subject);
		if (now > cert.not_after)
			describe_time(out, ", which expired on", cert.not_after);
		else if (now < cert.not_before)
			describe_time(out, ", which is not valid before", cert.not_before);
		else
			describe_time(out, ", valid until", cert.not_after);
	}
	rt_arena_done(&a);
}

static void describe_token(const struct rt_credentials *c, int64_t now, struct rt_buf *out)
{
	const struct rt_auth *a = c->auth;
	int64_t expiry = a->exec ? c->expires : rt_jwt_expiry(c->token);

	if (a->exec)
		rt_buf_printf(out, "token of the plugin %s", a->exec->command);
	else if (a->token_file)
		rt_buf_printf(out, "token of %s", a->token_file);
	else if (a->provider)
		rt_buf_printf(
		    out, "id-token of auth-provider %s, which is not refreshed", a->provider);
	else
		rt_buf_puts(out, "token");
	if (expiry != RT_TIME_UNSET)
		describe_time(out, expiry < now ? ", which expired on" : ", valid until", expiry);
}

void rt_credentials_describe(const struct rt_credentials *c, int64_t now, struct rt_buf *out)
{
	const struct rt_auth *a = c->auth;

	if (c->cfg->user)
		rt_buf_printf(out, "user \"%s\": ", c->cfg->user);
	if (c->cert)
		describe_cert(c, now, out);
	if (c->cert && c->token)
		rt_buf_puts(out, ", and ");
	if (c->token)
		describe_token(c, now, out);
	else if (a->username)
		rt_buf_printf(out, "%spassword of %s", c->cert ? ", and " : "", a->username);
	else if (!c->cert)
		rt_buf_puts(out, a->exec ? "nothing yet from the plugin" : "no credentials");
	if (a->as)
		rt_buf_printf(out, ", as %s", a->as);
}
