/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec_plugin.c - client.authentication.k8s.io/v1 and v1beta1: the request in
 * KUBERNETES_EXEC_INFO, the search for the executable, the policy, the answer. No shell is
 * involved, and nothing of the answer is ever quoted in an error.
 */
#include "config.h"

#include "exec_plugin.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kubeconfig_internal.h"
#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/json.h"
#include "rutter/mem.h"
#include "rutter/str.h"
#include "rutter/timefmt.h"
#include "rutter/value.h"
#include "rutter/vec.h"

/* --- the answer ------------------------------------------------------------------------------ */

static enum rt_status bad(struct rt_error *err, const char *what)
{
	return rt_fail(err, RT_CREDENTIALS, "%s", what);
}

static enum rt_status check_version(
    const struct rt_value *root, const char *want, struct rt_error *err)
{
	const char *kind = rt_value_get_str(root, "kind");
	const char *version = rt_value_get_str(root, "apiVersion");

	if (rt_value_type(root) != RT_VALUE_OBJECT || !kind || !version)
		return bad(err, "decoding stdout: it is not an ExecCredential");
	if (strcmp(version, want) != 0)
		return rt_fail(err, RT_CREDENTIALS,
		    "exec plugin is configured to use API version %s, plugin returned version "
		    "%.80s",
		    want, version);
	if (strcmp(kind, "ExecCredential") != 0)
		return bad(err, "decoding stdout: it is not an ExecCredential");
	return RT_OK;
}

/* Absent, null and empty are one; anything but text is a decoding error. */
static enum rt_status get_text(
    const struct rt_value *status, const char *key, char **ret, struct rt_error *err)
{
	const struct rt_value *v = rt_value_get(status, key);
	const char *s = rt_value_str(v);

	if (rt_value_is_null(v) || (s && !s[0]))
		return RT_OK;
	if (!s || strlen(s) != rt_value_len(v))
		return rt_fail(err, RT_CREDENTIALS, "decoding stdout: status.%s is not text", key);
	*ret = rt_xstrdup(s);
	return RT_OK;
}

static enum rt_status get_expiry(
    const struct rt_value *status, struct rt_exec_cred *c, struct rt_error *err)
{
	const struct rt_value *v = rt_value_get(status, "expirationTimestamp");
	const char *s = rt_value_str(v);

	if (rt_value_is_null(v))
		return RT_OK;
	if (!s || !rt_time_parse(s, &c->expires))
		return bad(
		    err, "decoding stdout: status.expirationTimestamp is not an RFC 3339 time");
	return RT_OK;
}

/* A header value ends where a line does: one with a line break inside is refused, white space
 * around it is dropped. */
static enum rt_status check_token(char *token, struct rt_error *err)
{
	size_t len = strlen(token);
	while (len && isspace((unsigned char)token[len - 1]))
		token[--len] = '\0';
	if (!len)
		return bad(err, "exec plugin returned an empty token");
	if (kc_has_control(token))
		return bad(err, "exec plugin returned a token with a control character in it");
	return RT_OK;
}

static enum rt_status check_pair(const struct rt_exec_cred *c, struct rt_error *err)
{
	struct rt_error why = {0};
	if (!c->cert != !c->key)
		return bad(err, "exec plugin returned only certificate or key, not both");
	if (!c->cert)
		return RT_OK;
	if (rt_cert_key_check(c->cert, c->cert_len, c->key, c->key_len, &why) != RT_OK)
		return rt_fail(
		    err, RT_CREDENTIALS, "failed parsing client key/certificate: %s", why.msg);
	return RT_OK;
}

static enum rt_status get_status(
    const struct rt_value *status, struct rt_exec_cred *c, struct rt_error *err)
{
	enum rt_status rc;

	if (rt_value_type(status) != RT_VALUE_OBJECT)
		return bad(err, "exec plugin didn't return a status field");
	rc = get_text(status, "token", &c->token, err);
	if (rc == RT_OK)
		rc = get_text(status, "clientCertificateData", &c->cert, err);
	if (rc == RT_OK)
		rc = get_text(status, "clientKeyData", &c->key, err);
	if (rc == RT_OK)
		rc = get_expiry(status, c, err);
	if (rc != RT_OK)
		return rc;
	if (!c->token && !c->cert && !c->key)
		return bad(err, "exec plugin didn't return a token or cert/key pair");
	c->cert_len = c->cert ? strlen(c->cert) : 0;
	c->key_len = c->key ? strlen(c->key) : 0;
	rc = c->token ? check_token(c->token, err) : RT_OK;
	return rc == RT_OK ? check_pair(c, err) : rc;
}

/* JSON first, since most plugins speak it and it is the faster; YAML is what kubectl takes too.
 * The parsers' own messages may quote the text: they are dropped. */
static enum rt_status parse_stdout(
    const char *out, size_t len, struct rt_value **ret, struct rt_error *err)
{
	bool more = false;
	size_t start = 0;

	while (start < len && isspace((unsigned char)out[start]))
		start++;
	if (start == len)
		return bad(err, "decoding stdout: the plugin printed nothing");
	if (out[start] == '{' && rt_value_from_json(out, len, "stdout", ret, NULL) == RT_OK)
		return RT_OK;
	if (rt_value_from_yaml(out, len, "stdout", ret, &more, NULL) != RT_OK)
		return bad(err, "decoding stdout: it is neither JSON nor YAML");
	return RT_OK;
}

enum rt_status rt_exec_cred_parse(const char *out, size_t len, const char *api_version,
    struct rt_exec_cred *ret, struct rt_error *err)
{
	struct rt_exec_cred c = {.expires = RT_TIME_UNSET};
	struct rt_value *root = NULL;
	enum rt_status status = parse_stdout(out, len, &root, err);

	if (status != RT_OK)
		return status;
	status = check_version(root, api_version, err);
	if (status == RT_OK)
		status = get_status(rt_value_get(root, "status"), &c, err);
	rt_value_wipe(root);
	if (status == RT_OK)
		*ret = c;
	else
		rt_exec_cred_done(&c);
	return status;
}

void rt_exec_cred_done(struct rt_exec_cred *c)
{
	rt_str_wipe(&c->token);
	rt_str_wipe(&c->cert);
	rt_str_wipe(&c->key);
	c->cert_len = c->key_len = 0;
	c->expires = RT_TIME_UNSET;
}

/* --- the request ----------------------------------------------------------------------------- */

static void member(struct rt_buf *out, const char *key, const char *value)
{
	if (!value || !value[0])
		return;
	rt_buf_printf(out, "%s\"%s\":", out->data[out->len - 1] == '{' ? "" : ",", key);
	rt_json_quote(out, value);
}

static void raw_member(struct rt_buf *out, const char *key, const char *json)
{
	if (json && json[0])
		rt_buf_printf(
		    out, "%s\"%s\":%s", out->data[out->len - 1] == '{' ? "" : ",", key, json);
}

/* Empty members are left out, as Go's omitempty does. */
static void write_cluster(struct rt_buf *out, const struct rt_server *e)
{
	RT_AUTO_BUF struct rt_buf ca = {0};
	if (e->ca)
		rt_base64_encode(&ca, e->ca, e->ca_len);
	rt_buf_puts(out, "\"cluster\":{");
	member(out, "server", e->server);
	member(out, "tls-server-name", e->tls_server_name);
	raw_member(out, "insecure-skip-tls-verify", e->insecure ? "true" : NULL);
	member(out, "certificate-authority-data", rt_buf_str(&ca));
	member(out, "proxy-url", e->proxy);
	raw_member(out, "disable-compression", e->disable_compression ? "true" : NULL);
	raw_member(out, "config", e->exec_config);
	rt_buf_puts(out, "},");
}

void rt_exec_info_write(struct rt_buf *out, const struct rt_kubeconfig *cfg, bool interactive)
{
	const struct rt_exec_config *x = cfg->auth.exec;
	rt_buf_printf(
	    out, "{\"kind\":\"ExecCredential\",\"apiVersion\":\"%s\",\"spec\":{", x->api_version);
	if (x->provide_cluster_info)
		write_cluster(out, &cfg->endpoint);
	rt_buf_printf(out, "\"interactive\":%s}}", interactive ? "true" : "false");
}

const char *const *rt_exec_argv(struct rt_arena *a, const struct rt_exec_config *x)
{
	RT_VEC(const char *) argv = {0};
	rt_vec_push(&argv, a, x->command);
	for (size_t i = 0; i < x->arg_count; i++)
		rt_vec_push(&argv, a, x->args[i]);
	rt_vec_push(&argv, a, NULL);
	return argv.v;
}

/* Does a later entry, or what we set ourselves, replace this one? */
static bool replaced(const char *entry, const char *const *later, size_t count)
{
	size_t len = strcspn(entry, "=");
	if (strncmp(entry, "KUBERNETES_EXEC_INFO=", len + 1) == 0)
		return true;
	for (size_t i = 0; i < count; i++)
		if (strncmp(entry, later[i], len + 1) == 0)
			return true;
	return false;
}

const char *const *rt_exec_envp(
    struct rt_arena *a, const struct rt_kubeconfig *cfg, const char *exec_info)
{
	const struct rt_exec_config *x = cfg->auth.exec;
	RT_VEC(const char *) env = {0};

	for (const char *const *e = cfg->env; e && *e; e++)
		if (!replaced(*e, x->env, x->env_count))
			rt_vec_push(&env, a, *e);
	for (size_t i = 0; i < x->env_count; i++)
		if (!replaced(x->env[i], x->env + i + 1, x->env_count - i - 1))
			rt_vec_push(&env, a, x->env[i]);
	rt_vec_push(&env, a, rt_arena_printf(a, "KUBERNETES_EXEC_INFO=%s", exec_info));
	rt_vec_push(&env, a, NULL);
	return env.v;
}

/* --- the executable -------------------------------------------------------------------------- */

static bool is_executable(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static const char *path_of(const struct rt_kubeconfig *cfg)
{
	for (const char *const *e = cfg->env; e && *e; e++)
		if (strncmp(*e, "PATH=", 5) == 0)
			return *e + 5;
	return "";
}

/* RT_CREDENTIALS for a hit by a relative or empty element of PATH: Go refuses to run those. */
static enum rt_status look_up(
    struct rt_arena *a, const char *path, const char *name, const char **ret)
{
	for (;;) {
		size_t len = strcspn(path, ":");
		const char *candidate = len ? rt_arena_printf(a, "%.*s/%s", (int)len, path, name)
					    : rt_arena_printf(a, "./%s", name);
		if (is_executable(candidate)) {
			*ret = candidate;
			return candidate[0] == '/' ? RT_OK : RT_CREDENTIALS;
		}
		if (!path[len])
			return RT_NOT_FOUND;
		path += len + 1;
	}
}

static enum rt_status not_found(const struct rt_exec_config *x, struct rt_error *err)
{
	RT_AUTO_BUF struct rt_buf hint = {0};
	(void)rt_fail(err, RT_CREDENTIALS, "exec: executable %s not found", x->command);
	/* Install hints of several lines become one; they are cleaned where they are shown. */
	for (const char *p = x->install_hint ? x->install_hint : ""; *p; p++) {
		bool space = isspace((unsigned char)*p);
		if (!space || (hint.len && hint.data[hint.len - 1] != ' '))
			rt_buf_putc(&hint, space ? ' ' : *p);
	}
	rt_error_hint(err, "%s",
	    hint.len
		? hint.data
		: "the kubeconfig gets its credentials from this program: install it, or check "
		  "PATH");
	return RT_CREDENTIALS;
}

static bool in_allowlist(
    struct rt_arena *a, const struct rt_kubeconfig *cfg, const char *command, const char *found)
{
	const struct rt_auth *auth = &cfg->auth;
	for (size_t i = 0; i < auth->allowlist_count; i++) {
		const char *entry = auth->allowlist[i], *at = NULL;
		if (strcmp(entry, command) == 0 || strcmp(entry, found) == 0)
			return true;
		if (!strchr(entry, '/') && look_up(a, path_of(cfg), entry, &at) == RT_OK &&
		    strcmp(at, found) == 0)
			return true;
	}
	return false;
}

static enum rt_status check_policy(
    struct rt_arena *a, const struct rt_kubeconfig *cfg, const char *found, struct rt_error *err)
{
	const struct rt_auth *auth = &cfg->auth;
	const char *command = auth->exec->command;

	switch (auth->policy) {
	case RT_PLUGINS_ALLOW_ALL:
		return RT_OK;
	case RT_PLUGINS_DENY_ALL:
		(void)rt_fail(err, RT_CREDENTIALS,
		    "plugin \"%s\" not allowed: policy set to \"DenyAll\"", command);
		break;
	case RT_PLUGINS_ALLOWLIST:
		if (in_allowlist(a, cfg, command, found))
			return RT_OK;
		(void)rt_fail(err, RT_CREDENTIALS,
		    "plugin path \"%s\" is not permitted by the credential plugin allowlist",
		    found);
		break;
	case RT_PLUGINS_MISCONFIGURED:
		(void)rt_fail(err, RT_CREDENTIALS, "plugin \"%s\" not allowed: %s", command,
		    auth->policy_error);
		break;
	}
	rt_error_hint(err, "the policy is in %s", auth->kuberc);
	return RT_CREDENTIALS;
}

enum rt_status rt_exec_find(
    struct rt_arena *a, const struct rt_kubeconfig *cfg, const char **ret, struct rt_error *err)
{
	const struct rt_exec_config *x = cfg->auth.exec;
	const char *found = x->command;
	enum rt_status status = RT_OK;

	/* What may not run at all need not be looked for. */
	if (cfg->auth.policy == RT_PLUGINS_DENY_ALL || cfg->auth.policy == RT_PLUGINS_MISCONFIGURED)
		return check_policy(a, cfg, found, err);
	if (!strchr(found, '/'))
		status = look_up(a, path_of(cfg), x->command, &found);
	else if (!is_executable(found))
		status = access(found, F_OK) == 0 ? RT_FORBIDDEN : RT_NOT_FOUND;
	if (status == RT_FORBIDDEN)
		return rt_fail(err, RT_CREDENTIALS, "exec: %s is not an executable file", found);
	if (status == RT_NOT_FOUND)
		return not_found(x, err);
	if (status != RT_OK)
		return rt_fail(err, RT_CREDENTIALS,
		    "exec: %s was found by a relative element of PATH (%s), which is not run",
		    x->command, found);
	status = check_policy(a, cfg, found, err);
	if (status == RT_OK)
		*ret = found;
	return status;
}
