/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig_auth.c - as whom: the chosen user with the flags on top, checked as client-go's
 * validateAuthInfo does, and reduced to what may be used. Over plain http no credential leaves;
 * a plugin never runs where something else identifies the user.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "kubeconfig_internal.h"
#include "readfile.h"
#include "rutter/cert.h"
#include "rutter/log.h"

static bool is_set(const char *s)
{
	return s && s[0];
}

static const char *subject(struct kc *kc, const struct kc_user *u)
{
	if (!u->e.name)
		return "the user";
	return rt_arena_printf(kc->a, "kubeconfig %s: user \"%s\"", u->e.file, u->e.name);
}

/* --- flags ----------------------------------------------------------------------------------- */

static struct kc_pairs extra_from_flags(struct kc *kc)
{
	RT_VEC(struct rt_named_value) extra = {0};
	for (size_t i = 0; i < kc->opts->as_user_extra_count; i++) {
		const char *item = kc->opts->as_user_extra[i], *eq = strchr(item, '=');
		if (!eq || eq == item)
			continue; /* kubectl skips malformed ones */
		struct rt_named_value pair = {
		    rt_arena_strndup(kc->a, item, (size_t)(eq - item)),
		    rt_arena_strdup(kc->a, eq + 1),
		};
		rt_vec_push(&extra, kc->a, pair);
	}
	return (struct kc_pairs){extra.v, extra.len};
}

/* A flag replaces what the file says of the same thing. Where kubectl lets a file's token beat
 * --token, the flag wins: whoever types it means it. */
static void apply_flags(struct kc *kc, struct kc_user *u)
{
	const struct rt_kubeconfig_opts *o = kc->opts;
	if (is_set(o->cert_file)) {
		u->cert_file = o->cert_file;
		u->cert_data = (struct kc_bytes){0};
	}
	if (is_set(o->key_file)) {
		u->key_file = o->key_file;
		u->key_data = (struct kc_bytes){0};
	}
	if (is_set(o->token)) {
		u->token = o->token;
		u->token_file = u->username = u->password = u->provider = NULL;
	}
	if (is_set(o->as))
		u->as = o->as;
	if (is_set(o->as_uid))
		u->as_uid = o->as_uid;
	if (o->as_group_count)
		u->as_groups = (struct kc_strings){o->as_groups, o->as_group_count};
	if (o->as_user_extra_count)
		u->as_extra = extra_from_flags(kc);
}

/* --- checks ---------------------------------------------------------------------------------- */

static enum rt_status both(
    struct kc *kc, const struct kc_user *u, const char *key, struct rt_error *err)
{
	return rt_fail(
	    err, RT_CONFIG, "%s has both %s and %s-data: remove one", subject(kc, u), key, key);
}

static enum rt_status check_methods(struct kc *kc, const struct kc_user *u, struct rt_error *err)
{
	bool cert = is_set(u->cert_file) || u->cert_data.data;
	bool key = is_set(u->key_file) || u->key_data.data;

	if (is_set(u->token) && (is_set(u->username) || is_set(u->password)))
		return rt_fail(err, RT_CONFIG,
		    "%s has both a token and a user name: only one is allowed", subject(kc, u));
	if (is_set(u->cert_file) && u->cert_data.data)
		return both(kc, u, "client-certificate", err);
	if (is_set(u->key_file) && u->key_data.data)
		return both(kc, u, "client-key", err);
	if (cert && !key)
		return rt_fail(err, RT_CONFIG, "%s has a client-certificate without a client-key",
		    subject(kc, u));
	if (key && !cert)
		kc_warn(kc, "%s has a client-key without a client-certificate: not used",
		    subject(kc, u));
	if (is_set(u->provider) && u->exec.set)
		return rt_fail(err, RT_CONFIG, "%s has both auth-provider and exec: remove one",
		    subject(kc, u));
	if (!is_set(u->as) && (is_set(u->as_uid) || u->as_groups.len || u->as_extra.len))
		return rt_fail(err, RT_CONFIG,
		    "%s: groups, uid and extra cannot be impersonated without a user (--as)",
		    subject(kc, u));
	return RT_OK;
}

/* Values that become headers: a line break in one would be a header of its own. */
static enum rt_status check_header_values(
    struct kc *kc, const struct kc_user *u, struct rt_error *err)
{
	const char *bad = NULL;
	if (u->as && kc_has_control(u->as))
		bad = "as";
	if (u->as_uid && kc_has_control(u->as_uid))
		bad = "as-uid";
	for (size_t i = 0; i < u->as_groups.len; i++)
		if (kc_has_control(u->as_groups.v[i]))
			bad = "as-groups";
	for (size_t i = 0; i < u->as_extra.len; i++)
		if (kc_has_control(u->as_extra.v[i].value))
			bad = "as-user-extra";
	if (!bad)
		return RT_OK;
	return rt_fail(err, RT_CONFIG, "%s: %s contains a control character", subject(kc, u), bad);
}

/* --- exec ------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	bool v1;
} exec_versions[] = {
    {"client.authentication.k8s.io/v1", true},
    {"client.authentication.k8s.io/v1beta1", false},
};

static const struct {
	const char *name;
	enum rt_exec_interactive mode;
} exec_modes[] = {
    {"Never", RT_EXEC_NEVER},
    {"IfAvailable", RT_EXEC_IF_AVAILABLE},
    {"Always", RT_EXEC_ALWAYS},
};

static enum rt_status exec_version(
    struct kc *kc, const struct kc_user *u, struct rt_exec_config *x, struct rt_error *err)
{
	if (!is_set(u->exec.api_version))
		return rt_fail(err, RT_CONFIG, "%s: exec needs an apiVersion", subject(kc, u));
	for (size_t i = 0; i < RT_ARRAY_LEN(exec_versions); i++) {
		if (strcmp(exec_versions[i].name, u->exec.api_version) != 0)
			continue;
		x->api_version = exec_versions[i].name;
		x->v1 = exec_versions[i].v1;
		return RT_OK;
	}
	(void)rt_fail(err, RT_CONFIG, "%s: exec plugin: invalid apiVersion \"%s\"", subject(kc, u),
	    u->exec.api_version);
	rt_error_hint(err, "write the entry anew with your provider's tool, for EKS: "
			   "aws eks update-kubeconfig --name CLUSTER");
	return RT_CONFIG;
}

static enum rt_status exec_interactive(
    struct kc *kc, const struct kc_user *u, struct rt_exec_config *x, struct rt_error *err)
{
	const char *mode = u->exec.interactive_mode;
	if (!is_set(mode) && x->v1)
		return rt_fail(err, RT_CONFIG,
		    "%s: exec of client.authentication.k8s.io/v1 needs an interactiveMode",
		    subject(kc, u));
	x->interactive = RT_EXEC_IF_AVAILABLE; /* the default of v1beta1 */
	if (!is_set(mode))
		return RT_OK;
	for (size_t i = 0; i < RT_ARRAY_LEN(exec_modes); i++) {
		if (strcmp(exec_modes[i].name, mode) != 0)
			continue;
		x->interactive = exec_modes[i].mode;
		return RT_OK;
	}
	return rt_fail(err, RT_CONFIG,
	    "%s: exec: interactiveMode \"%s\" is none of Never, IfAvailable, Always",
	    subject(kc, u), mode);
}

static enum rt_status exec_env(
    struct kc *kc, const struct kc_user *u, struct rt_exec_config *x, struct rt_error *err)
{
	RT_VEC(const char *) env = {0};
	for (size_t i = 0; i < u->exec.env.len; i++) {
		const struct rt_named_value *p = &u->exec.env.v[i];
		if (!p->name[0] || strchr(p->name, '='))
			return rt_fail(err, RT_CONFIG, "%s: exec: env[%zu] has no usable name",
			    subject(kc, u), i);
		rt_vec_push(&env, kc->a, rt_arena_printf(kc->a, "%s=%s", p->name, p->value));
	}
	x->env = env.v;
	x->env_count = env.len;
	return RT_OK;
}

static enum rt_status resolve_exec(struct kc *kc, const struct kc_user *u, struct rt_error *err)
{
	struct rt_exec_config *x = rt_arena_new(kc->a, struct rt_exec_config);
	enum rt_status status;

	if (!is_set(u->exec.command))
		return rt_fail(err, RT_CONFIG, "%s: exec needs a command", subject(kc, u));
	x->command = u->exec.command;
	x->args = u->exec.args.v;
	x->arg_count = u->exec.args.len;
	x->install_hint = is_set(u->exec.install_hint) ? u->exec.install_hint : NULL;
	x->provide_cluster_info = u->exec.provide_cluster_info;
	status = exec_version(kc, u, x, err);
	if (status == RT_OK)
		status = exec_interactive(kc, u, x, err);
	if (status == RT_OK)
		status = exec_env(kc, u, x, err);
	if (status == RT_OK)
		kc->cfg->auth.exec = x;
	return status;
}

/* --- what is used ---------------------------------------------------------------------------- */

/* A file that the user entry names under key. */
struct part {
	const char *key, *path;
	struct kc_bytes bytes;
};

static enum rt_status read_part(
    struct kc *kc, const struct kc_user *u, struct part *part, struct rt_error *err)
{
	struct rt_buf text = RT_BUF_SECRET;
	struct rt_error why = {0};
	enum rt_status status = rt_kube_read_file(part->path, RT_KUBE_PART_MAX, &text, &why);

	if (status == RT_OK) {
		part->bytes.data = rt_arena_strndup(kc->a, rt_buf_str(&text), text.len);
		part->bytes.len = strlen(part->bytes.data);
	} else {
		status = rt_fail(err, RT_CONFIG, "%s: %s %s: %s", subject(kc, u), part->key,
		    part->path, why.msg);
	}
	rt_buf_wipe(&text);
	return status;
}

static bool is_encrypted(const struct kc_bytes *key)
{
	return strstr(key->data, "BEGIN ENCRYPTED PRIVATE KEY") ||
	       strstr(key->data, "Proc-Type: 4,ENCRYPTED");
}

static enum rt_status check_pair(struct kc *kc, const struct kc_user *u,
    const struct kc_bytes *cert, const struct kc_bytes *key, struct rt_error *err)
{
	struct rt_cert parsed;
	struct rt_error why = {0};

	if (rt_cert_parse(kc->a, cert->data, cert->len, &parsed, NULL) != RT_OK)
		return rt_fail(
		    err, RT_CONFIG, "%s: the client certificate is not PEM", subject(kc, u));
	if (is_encrypted(key)) {
		(void)rt_fail(err, RT_CONFIG,
		    "%s: the client key is encrypted, which neither kubectl nor rutter supports",
		    subject(kc, u));
		rt_error_hint(err, "decrypt it: openssl pkey -in KEY -out KEY.plain");
		return RT_CONFIG;
	}
	if (rt_cert_key_check(cert->data, cert->len, key->data, key->len, &why) != RT_OK)
		return rt_fail(
		    err, RT_CONFIG, "%s: client certificate and key: %s", subject(kc, u), why.msg);
	return RT_OK;
}

static enum rt_status resolve_cert(struct kc *kc, const struct kc_user *u, struct rt_error *err)
{
	struct rt_auth *auth = &kc->cfg->auth;
	struct part cert = {"client-certificate", u->cert_file, u->cert_data};
	struct part key = {"client-key", u->key_file, u->key_data};
	enum rt_status status = RT_OK;

	if (!cert.bytes.data && !is_set(u->cert_file))
		return RT_OK;
	if (!cert.bytes.data)
		status = read_part(kc, u, &cert, err);
	if (status == RT_OK && !key.bytes.data)
		status = read_part(kc, u, &key, err);
	if (status == RT_OK)
		status = check_pair(kc, u, &cert.bytes, &key.bytes, err);
	if (status != RT_OK)
		return status;
	auth->cert = cert.bytes.data;
	auth->cert_len = cert.bytes.len;
	auth->key = key.bytes.data;
	auth->key_len = key.bytes.len;
	if (!u->cert_data.data && !u->key_data.data) {
		auth->cert_file = rt_arena_strdup(kc->a, u->cert_file);
		auth->key_file = rt_arena_strdup(kc->a, u->key_file);
	}
	return RT_OK;
}

static const char *trimmed(struct kc *kc, const char *s)
{
	size_t len;
	s += strspn(s, " \t\r\n");
	len = strlen(s);
	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	return rt_arena_strndup(kc->a, s, len);
}

/* The file's content beats the token beside it; what cannot be read matters only without one. */
static enum rt_status read_token_file(struct kc *kc, struct kc_user *u, struct rt_error *err)
{
	struct part file = {"tokenFile", u->token_file, {0}};
	struct rt_error why = {0};
	enum rt_status status = read_part(kc, u, &file, &why);

	if (status == RT_OK && !trimmed(kc, file.bytes.data)[0])
		status = rt_fail(
		    &why, RT_CONFIG, "%s: tokenFile %s is empty", subject(kc, u), u->token_file);
	if (status == RT_OK)
		u->token = file.bytes.data;
	else if (is_set(u->token))
		kc_warn(kc, "%s; the token beside it is used", why.msg);
	else
		return rt_fail(err, RT_CONFIG, "%s", why.msg);
	return RT_OK;
}

static enum rt_status resolve_token(struct kc *kc, struct kc_user *u, struct rt_error *err)
{
	struct rt_auth *auth = &kc->cfg->auth;

	if (is_set(u->token_file)) {
		enum rt_status status = read_token_file(kc, u, err);
		if (status != RT_OK)
			return status;
		auth->token_file = rt_arena_strdup(kc->a, u->token_file);
	}
	if (!is_set(u->token))
		return RT_OK;
	const char *token = trimmed(kc, u->token);
	if (kc_has_control(token))
		return rt_fail(
		    err, RT_CONFIG, "%s: the token contains a control character", subject(kc, u));
	if (kc_is_placeholder(token)) {
		(void)rt_fail(err, RT_CONFIG, "%s: the token is a placeholder", subject(kc, u));
		rt_error_hint(
		    err, "this file was printed by `kubectl config view`: print it with --raw");
		return RT_CONFIG;
	}
	auth->token = token;
	rt_log_secret(token);
	return RT_OK;
}

/* gcp and azure are gone upstream, oidc writes the kubeconfig, which we never do. */
static enum rt_status resolve_provider(struct kc *kc, const struct kc_user *u, struct rt_error *err)
{
	static const struct {
		const char *name, *hint;
	} successors[] = {
	    {"gcp", "use the exec plugin gke-gcloud-auth-plugin: gcloud container clusters "
		    "get-credentials CLUSTER writes the entry"},
	    {"azure",
		"use the exec plugin kubelogin: kubelogin convert-kubeconfig writes the entry"},
	    {"oidc", "use the exec plugin kubelogin (kubectl oidc-login) instead"},
	};

	if (!is_set(u->provider))
		return RT_OK;
	if (is_set(u->provider_token) && !kc_has_control(u->provider_token)) {
		kc->cfg->auth.token = u->provider_token;
		kc->cfg->auth.provider = u->provider;
		rt_log_secret(u->provider_token);
		return RT_OK;
	}
	(void)rt_fail(err, RT_CONFIG, "%s: auth-provider \"%s\" is not supported", subject(kc, u),
	    u->provider);
	rt_error_hint(err, "use an exec credential plugin instead");
	for (size_t i = 0; i < RT_ARRAY_LEN(successors); i++)
		if (strcmp(successors[i].name, u->provider) == 0)
			rt_error_hint(err, "%s", successors[i].hint);
	return RT_CONFIG;
}

static void resolve_basic(struct kc *kc, const struct kc_user *u)
{
	struct rt_auth *auth = &kc->cfg->auth;
	if (!is_set(u->username) && !is_set(u->password))
		return;
	auth->username = u->username ? u->username : "";
	auth->password = u->password ? u->password : "";
	rt_log_secret(auth->password);
}

/* Every byte that is no header-name character, and '%' itself, becomes %XX, as in client-go. */
static const char *escape_header_key(struct kc *kc, const char *key)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	for (const char *p = key; *p; p++) {
		unsigned char c = (unsigned char)*p;
		if (c != '%' && c < 0x80 && (isalnum(c) || strchr("!#$&'*+-.^_`|~", c)))
			rt_buf_putc(&out, *p);
		else
			rt_buf_printf(&out, "%%%02X", c);
	}
	return rt_arena_strdup(kc->a, rt_buf_str(&out));
}

static void resolve_impersonation(struct kc *kc, const struct kc_user *u)
{
	struct rt_auth *auth = &kc->cfg->auth;
	RT_VEC(const char *) groups = {0};
	RT_VEC(struct rt_named_value) extra = {0};

	auth->as = is_set(u->as) ? rt_arena_strdup(kc->a, u->as) : NULL;
	auth->as_uid = is_set(u->as_uid) ? rt_arena_strdup(kc->a, u->as_uid) : NULL;
	for (size_t i = 0; i < u->as_groups.len; i++)
		rt_vec_push(&groups, kc->a, rt_arena_strdup(kc->a, u->as_groups.v[i]));
	for (size_t i = 0; i < u->as_extra.len; i++) {
		struct rt_named_value pair = u->as_extra.v[i];
		pair.name = escape_header_key(kc, pair.name);
		rt_vec_push(&extra, kc->a, pair);
	}
	auth->as_groups = groups.v;
	auth->as_group_count = groups.len;
	auth->as_extra = extra.v;
	auth->as_extra_count = extra.len;
}

static enum rt_status resolve_secure(struct kc *kc, struct kc_user *u, struct rt_error *err)
{
	struct rt_auth *auth = &kc->cfg->auth;
	enum rt_status status = resolve_token(kc, u, err);

	if (status == RT_OK)
		status = resolve_cert(kc, u, err);
	if (status != RT_OK)
		return status;
	resolve_basic(kc, u);
	if (auth->token || auth->username || auth->cert)
		return RT_OK;
	status = resolve_provider(kc, u, err);
	if (status == RT_OK && u->exec.set)
		status = resolve_exec(kc, u, err);
	return status;
}

/* What a flag names was meant for the server that a flag names. */
static void warn_foreign_host(struct kc *kc)
{
	const struct rt_auth *a = &kc->cfg->auth;
	bool by_flag = is_set(kc->opts->token) || is_set(kc->opts->cert_file);
	if (kc->foreign && !by_flag && (a->token || a->username || a->cert || a->exec))
		kc_warn(kc, "the credentials of the kubeconfig, made for %s, go to %s", kc->foreign,
		    kc->cfg->endpoint.host);
}

enum rt_status kc_resolve_auth(struct kc *kc, struct kc_user *u, struct rt_error *err)
{
	enum rt_status status;

	apply_flags(kc, u);
	status = check_methods(kc, u, err);
	if (status == RT_OK)
		status = check_header_values(kc, u, err);
	if (status != RT_OK)
		return status;
	resolve_impersonation(kc, u);
	if (strcmp(kc->cfg->endpoint.scheme, "https") == 0) {
		status = resolve_secure(kc, u, err);
		warn_foreign_host(kc);
		return status;
	}
	if (is_set(u->token) || is_set(u->token_file) || is_set(u->username) || u->cert_data.data ||
	    is_set(u->cert_file) || u->exec.set)
		kc_warn(kc, "%s is plain http: credentials are not sent", kc->cfg->endpoint.url);
	return RT_OK;
}
