/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cred.c - see cred.h.
 */
#include "config.h"

#include "tests/lib/cred.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/json.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

#define PATIENCE_MS 180000

static char *slurp(const char *path)
{
	struct rt_buf text = {0};
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "re");
	if (f) {
		while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
			rt_buf_add(&text, chunk, n);
		fclose(f);
	}
	return rt_buf_take(&text);
}

void cred_write(struct cred *c, const char *name, const char *text)
{
	char *path = rt_xprintf("%s/%s", c->dir, name);
	char *new_path = rt_xprintf("%s/%s.new", c->dir, name);
	FILE *f = fopen(new_path, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0 || chmod(new_path, 0600) != 0 ||
	    rename(new_path, path) != 0)
		tap_diag("cannot write %s", path);
	free(path);
	free(new_path);
}

const char *cred_read(struct cred *c, const char *name)
{
	static char text[4096];
	char *path = rt_xprintf("%s/%s", c->dir, name);
	char *all = slurp(path);
	snprintf(text, sizeof(text), "%s", all);
	free(all);
	free(path);
	return text;
}

char *cred_pki(const char *name)
{
	const char *top = getenv("TOP_SRCDIR");
	char *path = rt_xprintf("%s/tests/kubeconfig/pki/%s", top ? top : ".", name);
	char *text = slurp(path);
	free(path);
	return text;
}

/* --- the kubeconfig --------------------------------------------------------------------------- */

static void add_env(struct rt_buf *out, const struct cred_user *u)
{
	rt_buf_puts(out, ", env: [");
	for (size_t i = 0; i < RT_ARRAY_LEN(u->env) && u->env[i]; i++) {
		char *name = rt_xstrndup(u->env[i], strcspn(u->env[i], "="));
		rt_buf_puts(out, i ? ", {name: " : "{name: ");
		rt_json_quote(out, name);
		rt_buf_puts(out, ", value: ");
		rt_json_quote(out, strchr(u->env[i], '=') + 1);
		rt_buf_puts(out, "}");
		free(name);
	}
	rt_buf_puts(out, "]");
}

static void add_exec(struct rt_buf *out, const struct cred_user *u)
{
	rt_buf_printf(out, "{exec: {apiVersion: %s, command: ", u->version ? u->version : CRED_V1);
	rt_json_quote(out, u->command ? u->command : "sh");
	rt_buf_puts(out, ", args: [");
	if (u->script) {
		rt_buf_puts(out, "'-c', ");
		rt_json_quote(out, u->script);
	}
	for (size_t i = 0; i < RT_ARRAY_LEN(u->args) && u->args[i]; i++) {
		rt_buf_puts(out, i || u->script ? ", " : "");
		rt_json_quote(out, u->args[i]);
	}
	rt_buf_puts(out, "]");
	add_env(out, u);
	if (u->mode)
		rt_buf_printf(out, ", interactiveMode: %s", u->mode);
	if (u->hint) {
		rt_buf_puts(out, ", installHint: ");
		rt_json_quote(out, u->hint);
	}
	rt_buf_printf(out, ", provideClusterInfo: %s}}", u->info ? "true" : "false");
}

static void write_config(struct cred *c, const struct cred_user *u)
{
	struct rt_buf text = {0};
	rt_buf_printf(&text,
	    "clusters: [{name: c, cluster: {server: 'https://kube.example:6443/p/'%s}}]\n"
	    "contexts: [{name: x, context: {cluster: c, user: dev}}]\n"
	    "current-context: x\nusers:\n- name: dev\n  user: ",
	    u->cluster ? u->cluster : "");
	if (u->yaml)
		rt_buf_puts(&text, u->yaml);
	else
		add_exec(&text, u);
	cred_write(c, "config", text.data);
	if (u->kuberc)
		cred_write(c, "kuberc", u->kuberc);
	rt_buf_done(&text);
}

static bool load(struct cred *c, const struct cred_user *u)
{
	char *config = rt_xprintf("%s/config", c->dir);
	char *env[] = {
	    rt_xprintf("PATH=%s", u->path ? u->path : "/usr/bin:/bin"),
	    rt_xprintf("DIR=%s", c->dir),
	    rt_xstrdup("OWN=inherited"),
	    rt_xprintf("KUBERC=%s%s", u->kuberc ? c->dir : "off", u->kuberc ? "/kuberc" : ""),
	    NULL,
	};
	const char *const const_env[] = {env[0], env[1], env[2], env[3], NULL};
	struct rt_kubeconfig_opts opts = {.kubeconfig = config, .env = const_env};
	enum rt_status status = rt_kubeconfig_load(&opts, &c->cfg, &c->err);
	for (size_t i = 0; env[i]; i++)
		free(env[i]);
	free(config);
	return status == RT_OK;
}

/* --- the terminal's owner --------------------------------------------------------------------- */

static enum rt_terminal_use on_terminal(void *ctx)
{
	struct cred *c = ctx;
	return c->terminal;
}

static void note(struct cred *c, char call)
{
	size_t len = strlen(c->calls);
	if (len + 1 < sizeof(c->calls))
		c->calls[len] = call;
}

static void on_suspend(void *ctx)
{
	note(ctx, 's');
}

static void on_resume(void *ctx)
{
	note(ctx, 'r');
}

static void on_say(void *ctx, const char *line)
{
	struct cred *c = ctx;
	snprintf(c->said, sizeof(c->said), "%s", line);
	c->lines++;
}

bool cred_open(struct cred *c, const struct cred_user *u)
{
	static const struct rt_credentials_ops ops = {on_terminal, on_suspend, on_resume, on_say};

	memset(c, 0, sizeof(*c));
	c->terminal = u->terminal;
	c->dir = tap_temporary("cred");
	if (!mkdtemp(c->dir))
		tap_diag("no folder %s", c->dir);
	write_config(c, u);
	if (!load(c, u) || rt_loop_new(&c->loop, &c->err) != RT_OK) {
		tap_diag("%s", c->err.msg);
		return false;
	}
	struct rt_credentials_params params = {
	    .config = c->cfg,
	    .loop = c->loop,
	    .ops = &ops,
	    .ctx = c,
	    .plugin_timeout_ms = u->timeout_ms,
	};
	c->creds = rt_credentials_new(&params);
	return true;
}

void cred_close(struct cred *c)
{
	DIR *d = opendir(c->dir);
	rt_credentials_free(c->creds);
	rt_loop_free(c->loop);
	rt_kubeconfig_free(c->cfg);
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		char *path = rt_xprintf("%s/%s", c->dir, e->d_name);
		unlink(path);
		free(path);
	}
	if (d)
		closedir(d);
	rmdir(c->dir);
	free(c->dir);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void on_ready(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct cred *c = ctx;
	c->pending--;
	c->status = status;
	memset(&c->err, 0, sizeof(c->err));
	if (err)
		c->err = *err;
}

void cred_ask(struct cred *c, int64_t now)
{
	c->pending++;
	rt_credentials_get(c->creds, now, on_ready, c);
}

void cred_wait(struct cred *c)
{
	int64_t end = rt_loop_clock_ms() + PATIENCE_MS;
	while (c->pending && rt_loop_clock_ms() < end)
		rt_loop_turn(c->loop, 1000);
	if (c->pending)
		tap_diag("no answer");
}

void cred_get(struct cred *c, int64_t now)
{
	cred_ask(c, now);
	cred_wait(c);
}

void cred_login(struct cred *c, int64_t now)
{
	c->pending++;
	rt_credentials_login(c->creds, now, on_ready, c);
	cred_wait(c);
}

const char *cred_header(const struct cred *c, const char *name)
{
	const struct rt_named_value *h = NULL;
	size_t count = rt_credentials_headers(c->creds, &h);
	for (size_t i = 0; i < count; i++)
		if (strcmp(h[i].name, name) == 0)
			return h[i].value;
	return NULL;
}

const char *cred_token(const struct cred *c)
{
	const char *value = cred_header(c, "Authorization");
	return value && strncmp(value, "Bearer ", 7) == 0 ? value + 7 : NULL;
}
