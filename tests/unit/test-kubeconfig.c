/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kubeconfig.c - every file of tests/kubeconfig/ is one case: files, flags and environment go
 * in, and lines that the resolved view must hold come out. See tests/kubeconfig/README.
 */
#include "config.h"

#include "rutter/kubeconfig.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/log.h"
#include "rutter/mem.h"
#include "rutter/vec.h"
#include "tests/lib/tap.h"

/* What stands for every secret in the cases: it must never be seen in a message. */
#define PLANTED "PLANTED"

struct test_case {
	struct rt_arena arena;
	const char *pki, *dir;
	struct rt_kubeconfig_opts opts;
	RT_VEC(const char *) env;
	RT_VEC(const char *) groups;
	RT_VEC(const char *) extra;
	RT_VEC(const char *) expect;
};

static char *read_file(struct rt_arena *a, const char *path, size_t *ret_len)
{
	struct rt_buf text = {0};
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "re");
	if (!f)
		return NULL;
	for (n = fread(chunk, 1, sizeof(chunk), f); n; n = fread(chunk, 1, sizeof(chunk), f))
		rt_buf_add(&text, chunk, n);
	fclose(f);
	char *s = rt_arena_strndup(a, rt_buf_str(&text), text.len);
	*ret_len = text.len;
	rt_buf_done(&text);
	return s;
}

static void write_file(const struct test_case *t, const char *name, const struct rt_buf *text)
{
	RT_AUTO_BUF struct rt_buf path = {0};
	rt_buf_printf(&path, "%s/%s", t->dir, name);
	FILE *f = fopen(path.data, "we");
	if (!f || fwrite(rt_buf_str(text), 1, text->len, f) != text->len || fclose(f) != 0)
		tap_diag("cannot write %s: %s", path.data, strerror(errno));
	chmod(path.data, 0600);
}

/* --- the language of the cases ---------------------------------------------------------------- */

static void add_base64(struct test_case *t, struct rt_buf *out, const char *name)
{
	size_t len = 0;
	const char *path = rt_arena_printf(&t->arena, "%s/%s", t->pki, name);
	const char *text = read_file(&t->arena, path, &len);
	if (text)
		rt_base64_encode(out, text, len);
	else
		tap_diag("no %s", path);
}

/* @DIR@ is the case's folder, @64 FILE@ a file of pki/ in base64. */
static const char *expand(struct test_case *t, const char *line)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	while (*line) {
		const char *end = line[0] == '@' ? strchr(line + 1, '@') : NULL;
		if (end && strncmp(line, "@DIR@", 5) == 0) {
			rt_buf_puts(&out, t->dir);
			line = end + 1;
		} else if (end && strncmp(line, "@64 ", 4) == 0) {
			size_t len = (size_t)(end - line) - 4;
			add_base64(t, &out, rt_arena_strndup(&t->arena, line + 4, len));
			line = end + 1;
		} else {
			rt_buf_putc(&out, *line++);
		}
	}
	return rt_arena_strdup(&t->arena, rt_buf_str(&out));
}

static void take_flag(struct test_case *t, const char *line)
{
	struct rt_kubeconfig_opts *o = &t->opts;
	const struct {
		const char *name, **at;
	} flags[] = {
	    {"--kubeconfig", &o->kubeconfig},
	    {"--context", &o->context},
	    {"--cluster", &o->cluster},
	    {"--user", &o->user},
	    {"--namespace", &o->namespace_},
	    {"--server", &o->server},
	    {"--tls-server-name", &o->tls_server_name},
	    {"--certificate-authority", &o->ca_file},
	    {"--client-certificate", &o->cert_file},
	    {"--client-key", &o->key_file},
	    {"--token", &o->token},
	    {"--as", &o->as},
	    {"--as-uid", &o->as_uid},
	};
	const char *eq = strchr(line, '=');
	size_t len = eq ? (size_t)(eq - line) : strlen(line);
	const char *value = rt_arena_strdup(&t->arena, eq ? eq + 1 : "");

	for (size_t i = 0; i < RT_ARRAY_LEN(flags); i++)
		if (strlen(flags[i].name) == len && strncmp(line, flags[i].name, len) == 0)
			*flags[i].at = value;
	if (strncmp(line, "--as-group=", 11) == 0)
		rt_vec_push(&t->groups, &t->arena, value);
	if (strncmp(line, "--as-user-extra=", 16) == 0)
		rt_vec_push(&t->extra, &t->arena, value);
	o->insecure = o->insecure || strcmp(line, "--insecure-skip-tls-verify") == 0;
	o->disable_compression =
	    o->disable_compression || strcmp(line, "--disable-compression") == 0;
}

/* The body of a section goes line by line to where its head says. */
struct section {
	enum { IN_NOTHING, IN_FLAGS, IN_ENV, IN_FILE, IN_EXPECT } in;
	const char *file;
	bool crlf;
	struct rt_buf text;
};

static void end_section(struct test_case *t, struct section *s)
{
	if (s->in == IN_FILE)
		write_file(t, s->file, &s->text);
	rt_buf_done(&s->text);
	s->in = IN_NOTHING;
	s->crlf = false;
}

static void copy_from_pki(struct test_case *t, const char *name)
{
	size_t len = 0;
	struct rt_buf text = {0};
	char *s = read_file(&t->arena, rt_arena_printf(&t->arena, "%s/%s", t->pki, name), &len);
	rt_buf_add(&text, s, len);
	write_file(t, name, &text);
	rt_buf_done(&text);
}

static void begin_section(struct test_case *t, struct section *s, const char *head)
{
	const char *arg = strchr(head, ' ');
	size_t arg_len = arg ? strcspn(arg + 1, " ") : 0;

	end_section(t, s);
	arg = arg ? rt_arena_strndup(&t->arena, arg + 1, arg_len) : "";
	if (strcmp(head, "flags") == 0)
		s->in = IN_FLAGS;
	else if (strcmp(head, "env") == 0)
		s->in = IN_ENV;
	else if (strcmp(head, "expect") == 0)
		s->in = IN_EXPECT;
	else if (strncmp(head, "copy ", 5) == 0)
		copy_from_pki(t, arg);
	else if (strncmp(head, "folder ", 7) == 0)
		mkdir(rt_arena_printf(&t->arena, "%s/%s", t->dir, arg), 0700);
	else if (strncmp(head, "mode ", 5) == 0)
		chmod(rt_arena_printf(&t->arena, "%s/%s", t->dir, arg),
		    (mode_t)strtoul(strrchr(head, ' ') + 1, NULL, 8));
	else if (strncmp(head, "link ", 5) == 0) {
		if (symlink(strrchr(head, ' ') + 1,
			rt_arena_printf(&t->arena, "%s/%s", t->dir, arg)) != 0)
			tap_diag("cannot link %s", arg);
	} else {
		s->in = IN_FILE;
		s->file = arg;
		s->crlf = strstr(head, " crlf") != NULL;
		if (strstr(head, " bom"))
			rt_buf_puts(&s->text, "\xef\xbb\xbf");
	}
}

static void take_line(struct test_case *t, struct section *s, const char *line)
{
	if (strncmp(line, "--- ", 4) == 0) {
		begin_section(t, s, line + 4);
		return;
	}
	line = expand(t, line);
	if (s->in == IN_FILE)
		rt_buf_printf(&s->text, "%s%s", line, s->crlf ? "\r\n" : "\n");
	else if (!line[0])
		return;
	else if (s->in == IN_FLAGS)
		take_flag(t, line);
	else if (s->in == IN_ENV)
		rt_vec_push(&t->env, &t->arena, line);
	else if (s->in == IN_EXPECT)
		rt_vec_push(&t->expect, &t->arena, line);
}

static void read_case(struct test_case *t, const char *path)
{
	struct section s = {0};
	size_t len = 0;
	char *text = read_file(&t->arena, path, &len);

	for (char *line = text; line && *line;) {
		char *end = strchrnul(line, '\n');
		bool last = !*end;
		*end = '\0';
		take_line(t, &s, line);
		line = last ? end : end + 1;
	}
	end_section(t, &s);
	rt_vec_push(&t->env, &t->arena, NULL);
	t->opts.env = t->env.v;
	t->opts.as_groups = t->groups.v;
	t->opts.as_group_count = t->groups.len;
	t->opts.as_user_extra = t->extra.v;
	t->opts.as_user_extra_count = t->extra.len;
	t->opts.pod_dir = rt_arena_printf(&t->arena, "%s/pod", t->dir);
}

/* --- the view --------------------------------------------------------------------------------- */

static void show(struct rt_buf *out, const char *key, const char *value)
{
	if (value)
		rt_buf_printf(out, "%s: %s\n", key, value);
}

static void show_flag(struct rt_buf *out, const char *key, bool value)
{
	rt_buf_printf(out, "%s: %s\n", key, value ? "yes" : "no");
}

static void view_endpoint(struct rt_buf *out, const struct rt_server *e)
{
	show(out, "url", e->url);
	show(out, "server", e->server);
	show(out, "scheme", e->scheme);
	show(out, "host", e->host);
	rt_buf_printf(out, "port: %d\n", e->port);
	show_flag(out, "port-given", e->port_given);
	rt_buf_printf(out, "prefix: %s\n", e->prefix);
	show(out, "ca", e->ca ? e->ca_source : "system");
	show_flag(out, "insecure", e->insecure);
	show(out, "tls-server-name", e->tls_server_name);
	show(out, "proxy", e->proxy ? e->proxy : "direct");
	show(out, "proxy-shown", e->proxy_shown);
	show_flag(out, "disable-compression", e->disable_compression);
	show(out, "exec-config", e->exec_config);
}

static void view_exec(struct rt_buf *out, const struct rt_exec_config *x)
{
	static const char *const modes[] = {"Never", "IfAvailable", "Always"};
	show(out, "exec", x->command);
	for (size_t i = 0; i < x->arg_count; i++)
		rt_buf_printf(out, "exec-arg: <%s>\n", x->args[i]);
	for (size_t i = 0; i < x->env_count; i++)
		show(out, "exec-env", x->env[i]);
	show(out, "exec-version", x->api_version);
	show(out, "exec-mode", modes[x->interactive]);
	show(out, "exec-hint", x->install_hint);
	show_flag(out, "exec-info", x->provide_cluster_info);
}

static void view_auth(struct rt_buf *out, const struct rt_auth *a)
{
	static const char *const policies[] = {"AllowAll", "DenyAll", "Allowlist", "Misconfigured"};
	show(out, "token", a->token);
	show(out, "token-file", a->token_file);
	show(out, "provider", a->provider);
	if (a->username)
		rt_buf_printf(out, "basic: %s:%s\n", a->username, a->password);
	if (a->cert)
		show(out, "cert", a->cert_file ? a->cert_file : "data");
	if (a->key)
		show(out, "key", a->key_file ? a->key_file : "data");
	show(out, "as", a->as);
	show(out, "as-uid", a->as_uid);
	for (size_t i = 0; i < a->as_group_count; i++)
		show(out, "as-group", a->as_groups[i]);
	for (size_t i = 0; i < a->as_extra_count; i++)
		rt_buf_printf(out, "as-extra: %s=%s\n", a->as_extra[i].name, a->as_extra[i].value);
	if (a->exec)
		view_exec(out, a->exec);
	if (!a->token && !a->username && !a->cert && !a->exec)
		rt_buf_puts(out, "anonymous: yes\n");
	show(out, "policy", policies[a->policy]);
	show(out, "policy-error", a->policy_error);
	for (size_t i = 0; i < a->allowlist_count; i++)
		show(out, "allow", a->allowlist[i]);
}

static void view(struct rt_buf *out, const struct rt_kubeconfig *cfg)
{
	show(out, "context", cfg->context);
	show(out, "cluster", cfg->cluster);
	show(out, "user", cfg->user);
	show(out, "namespace", cfg->namespace_);
	show_flag(out, "namespace-given", cfg->namespace_given);
	show(out, "file", cfg->file);
	show_flag(out, "in-cluster", cfg->in_cluster);
	for (size_t i = 0; i < cfg->context_count; i++)
		rt_buf_printf(out, "known: %s%s\n", cfg->contexts[i].current ? "*" : "",
		    cfg->contexts[i].name);
	view_endpoint(out, &cfg->endpoint);
	view_auth(out, &cfg->auth);
}

static void view_error(struct rt_buf *out, const struct rt_error *err)
{
	show(out, "error", err->msg);
	if (err->hint[0])
		show(out, "hint", err->hint);
	rt_buf_printf(out, "exit: %d\n", rt_status_exit(err->status));
}

/* --- comparing -------------------------------------------------------------------------------- */

static bool has_line(const char *text, const char *line, bool whole)
{
	size_t len = strlen(line);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		if (n >= len && strncmp(p, line, len) == 0 && (!whole || n == len))
			return true;
		p += n + (p[n] == '\n');
	}
	return false;
}

/* "line": there; "!start": no line starts so; "~text": somewhere. */
static bool holds(const char *text, const char *expected)
{
	if (expected[0] == '!')
		return !has_line(text, expected + 1, false);
	if (expected[0] == '~')
		return strstr(text, expected + 1) != NULL;
	return has_line(text, expected, true);
}

static void check(struct test_case *t, const char *name)
{
	struct rt_kubeconfig *cfg = NULL;
	struct rt_error err = {0};
	struct rt_buf text = {0}, messages = {0};
	bool good = t->expect.len > 0;

	if (rt_kubeconfig_load(&t->opts, &cfg, &err) == RT_OK)
		view(&text, cfg);
	else
		view_error(&messages, &err);
	for (size_t i = 0; cfg && i < cfg->warning_count; i++)
		show(&messages, "warning", cfg->warnings[i]);
	rt_buf_puts(&text, rt_buf_str(&messages));
	for (size_t i = 0; i < t->expect.len; i++)
		if (!holds(rt_buf_str(&text), t->expect.v[i])) {
			tap_diag("not so: %s", t->expect.v[i]);
			good = false;
		}
	if (strstr(rt_buf_str(&messages), PLANTED)) {
		tap_diag("a message holds a secret");
		good = false;
	}
	if (!tap_ok(good, "%s", name))
		tap_diag("%s", rt_buf_str(&text));
	rt_kubeconfig_free(cfg);
	rt_buf_done(&text);
	rt_buf_done(&messages);
}

static void remove_tree(const char *path)
{
	DIR *d = opendir(path);
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		char *inner = rt_xprintf("%s/%s", path, e->d_name);
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    unlink(inner) != 0)
			remove_tree(inner);
		free(inner);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static void run_case(const char *folder, const char *name)
{
	struct test_case t = {0};
	char *dir = tap_temporary("kubeconfig");
	int home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (!mkdtemp(dir)) {
		tap_ok(false, "%s: no folder", name);
		free(dir);
		return;
	}
	t.dir = dir;
	t.pki = rt_arena_printf(&t.arena, "%s/pki", folder);
	read_case(&t, rt_arena_printf(&t.arena, "%s/%s", folder, name));
	if (chdir(dir) == 0)
		check(&t, name);
	if (fchdir(home) != 0)
		tap_diag("cannot go back");
	close(home);
	remove_tree(dir);
	free(dir);
	rt_arena_done(&t.arena);
}

static int is_case(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');
	return dot && strcmp(dot, ".case") == 0;
}

int main(void)
{
	const char *top = getenv("TOP_SRCDIR");
	struct dirent **list = NULL;
	char *folder = rt_xprintf("%s/tests/kubeconfig", top ? top : ".");
	int count = scandir(folder, &list, is_case, alphasort);

	tap_ok(count > 0, "there are cases");
	umask(022);
	for (int i = 0; i < count; i++) {
		run_case(folder, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	free(folder);
	rt_log_close();
	return tap_done();
}
