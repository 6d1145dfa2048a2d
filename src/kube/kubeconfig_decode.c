/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig_decode.c - one kubeconfig file into entries, leniently as kubectl decodes it: unknown
 * keys are skipped, null means empty, keys are case-sensitive. What kubectl's typed decoder would
 * refuse is refused here with the line and the entry named, and never with a value.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kubeconfig_internal.h"
#include "rutter/cert.h"
#include "rutter/value.h"
#include "rutter/yaml.h"

enum field_type {
	FIELD_TEXT,
	FIELD_PATH, /* text, relative to the file's directory */
	FIELD_BOOL,
	FIELD_DATA, /* base64 */
	FIELD_LIST, /* of text */
};

struct field {
	const char *key;
	enum field_type type;
	size_t offset;
};

#define CLUSTER(key, type, member)                                                                 \
	{                                                                                          \
		key, type, offsetof(struct kc_cluster, member)                                     \
	}
static const struct field cluster_fields[] = {
    CLUSTER("server", FIELD_TEXT, server),
    CLUSTER("tls-server-name", FIELD_TEXT, tls_server_name),
    CLUSTER("insecure-skip-tls-verify", FIELD_BOOL, insecure),
    CLUSTER("certificate-authority", FIELD_PATH, ca_file),
    CLUSTER("certificate-authority-data", FIELD_DATA, ca_data),
    CLUSTER("proxy-url", FIELD_TEXT, proxy_url),
    CLUSTER("disable-compression", FIELD_BOOL, disable_compression),
};

#define USER(key, type, member)                                                                    \
	{                                                                                          \
		key, type, offsetof(struct kc_user, member)                                        \
	}
static const struct field user_fields[] = {
    USER("client-certificate", FIELD_PATH, cert_file),
    USER("client-certificate-data", FIELD_DATA, cert_data),
    USER("client-key", FIELD_PATH, key_file),
    USER("client-key-data", FIELD_DATA, key_data),
    USER("token", FIELD_TEXT, token),
    USER("tokenFile", FIELD_PATH, token_file),
    USER("username", FIELD_TEXT, username),
    USER("password", FIELD_TEXT, password),
    USER("as", FIELD_TEXT, as),
    USER("as-uid", FIELD_TEXT, as_uid),
    USER("as-groups", FIELD_LIST, as_groups),
};

#define EXEC(key, type, member)                                                                    \
	{                                                                                          \
		key, type, offsetof(struct kc_exec, member)                                        \
	}
static const struct field exec_fields[] = {
    EXEC("command", FIELD_TEXT, command),
    EXEC("args", FIELD_LIST, args),
    EXEC("apiVersion", FIELD_TEXT, api_version),
    EXEC("installHint", FIELD_TEXT, install_hint),
    EXEC("provideClusterInfo", FIELD_BOOL, provide_cluster_info),
    EXEC("interactiveMode", FIELD_TEXT, interactive_mode),
};

#define CONTEXT(key, type, member)                                                                 \
	{                                                                                          \
		key, type, offsetof(struct kc_context, member)                                     \
	}
static const struct field context_fields[] = {
    CONTEXT("cluster", FIELD_TEXT, cluster),
    CONTEXT("user", FIELD_TEXT, user),
    CONTEXT("namespace", FIELD_TEXT, namespace_),
};

/* The file being read and the place in it, for messages. */
struct decoder {
	struct kc *kc;
	const char *path, *dir, *text;
	size_t len;
	const char *what, *name; /* "user", "dev"; NULL at top level */
	char at[128];            /* where the entry's body is: users[2].user */
	struct rt_error *err;
};

static unsigned line_of(const struct decoder *d, const char *key)
{
	char path[256];
	int n = snprintf(path, sizeof(path), "%s%s%s", d->at, d->at[0] && key[0] ? "." : "", key);
	if (n < 0 || (size_t)n >= sizeof(path))
		return 0;
	return rt_yaml_locate(d->text, d->len, 0, path);
}

static enum rt_status fail_at(const struct decoder *d, const char *key, const char *fmt, ...)
    RT_PRINTF(3, 4);

/* "kubeconfig FILE:LINE: user "x": KEY why" */
static enum rt_status fail_at(const struct decoder *d, const char *key, const char *fmt, ...)
{
	RT_AUTO_BUF struct rt_buf text = {0};
	unsigned line = line_of(d, key);
	va_list ap;

	rt_buf_printf(&text, "kubeconfig %s", d->path);
	if (line)
		rt_buf_printf(&text, ":%u", line);
	rt_buf_puts(&text, ": ");
	if (d->what)
		rt_buf_printf(&text, "%s \"%s\": ", d->what, d->name);
	if (key[0])
		rt_buf_printf(&text, "%s ", key);
	va_start(ap, fmt);
	rt_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	return rt_fail(d->err, RT_CONFIG, "%s", rt_buf_str(&text));
}

/* A plain integer stands for its own digits where the file spells it so: not 0x1f, 0777, 1_000. */
static const char *plain_number(struct decoder *d, const struct rt_value *v, const char *key)
{
	if (rt_value_type(v) != RT_VALUE_INT)
		return NULL;
	const char *digits = rt_arena_printf(d->kc->a, "%lld", (long long)rt_value_int(v, 0));
	const char *line = d->text, *end = d->text + d->len;
	for (unsigned n = line_of(d, key); n > 1 && line; n--) {
		line = memchr(line, '\n', (size_t)(end - line));
		line = line ? line + 1 : NULL;
	}
	if (!line)
		return NULL;
	const char *eol = memchr(line, '\n', (size_t)(end - line));
	const char *hit = memmem(line, (size_t)((eol ? eol : end) - line), digits, strlen(digits));
	if (!hit || (hit > line && !strchr(" \t:,[{", hit[-1])))
		return NULL;
	return digits;
}

static enum rt_status get_text(
    struct decoder *d, const struct rt_value *v, const char *key, const char **ret)
{
	const char *s = rt_value_str(v);

	if (rt_value_is_null(v))
		return RT_OK;
	if (!s) {
		s = plain_number(d, v, key);
		if (!s)
			return fail_at(d, key, "must be text, not %s: put it in quotes",
			    rt_value_type_name(rt_value_type(v)));
		kc_warn(d->kc, "kubeconfig %s:%u: %s is a number, taken as text: put it in quotes",
		    d->path, line_of(d, key), key);
	} else if (strlen(s) != rt_value_len(v)) {
		return fail_at(d, key, "contains a zero byte");
	}
	*ret = rt_arena_strdup(d->kc->a, s);
	return RT_OK;
}

static enum rt_status get_data(
    struct decoder *d, const struct rt_value *v, const char *key, struct kc_bytes *ret)
{
	const char *text = NULL;
	char *raw = NULL;
	size_t len = 0;
	enum rt_status status = get_text(d, v, key, &text);

	if (status != RT_OK || !text || !text[0])
		return status;
	if (kc_is_placeholder(text)) {
		status = fail_at(d, key, "is a placeholder, not data");
		rt_error_hint(
		    d->err, "this file was printed by `kubectl config view`: print it with --raw");
		return status;
	}
	if (!rt_base64_decode(text, strlen(text), &raw, &len))
		return fail_at(d, key, "is not base64");
	ret->data = rt_arena_strndup(d->kc->a, raw, len);
	/* The arena's copy ends at the first zero byte, which no PEM text has. */
	ret->len = strlen(ret->data);
	explicit_bzero(raw, len);
	free(raw);
	return RT_OK;
}

static enum rt_status get_list(
    struct decoder *d, const struct rt_value *v, const char *key, struct kc_strings *ret)
{
	RT_VEC(const char *) list = {0};

	if (rt_value_is_null(v))
		return RT_OK;
	if (rt_value_type(v) != RT_VALUE_ARRAY)
		return fail_at(d, key, "must be a list");
	for (size_t i = 0; i < rt_value_len(v); i++) {
		const char *s = "";
		enum rt_status status = get_text(d, rt_value_at(v, i), key, &s);
		if (status != RT_OK)
			return status;
		rt_vec_push(&list, d->kc->a, s);
	}
	*ret = (struct kc_strings){list.v, list.len};
	return RT_OK;
}

static enum rt_status get_field(
    struct decoder *d, const struct field *f, const struct rt_value *v, void *entry)
{
	char *at = (char *)entry + f->offset;
	const char *text = NULL;
	enum rt_status status;

	switch (f->type) {
	case FIELD_TEXT:
		return get_text(d, v, f->key, (const char **)(void *)at);
	case FIELD_PATH:
		status = get_text(d, v, f->key, &text);
		if (text && text[0])
			*(const char **)(void *)at = kc_join_path(d->kc->a, d->dir, text);
		return status;
	case FIELD_BOOL:
		if (!rt_value_is_null(v) && rt_value_type(v) != RT_VALUE_BOOL)
			return fail_at(d, f->key, "must be true or false");
		*(bool *)(void *)at = rt_value_bool(v, false);
		return RT_OK;
	case FIELD_DATA:
		return get_data(d, v, f->key, (struct kc_bytes *)(void *)at);
	case FIELD_LIST:
		return get_list(d, v, f->key, (struct kc_strings *)(void *)at);
	}
	return RT_OK;
}

static enum rt_status get_fields(struct decoder *d, const struct field *fields, size_t count,
    const struct rt_value *body, void *entry)
{
	enum rt_status status = RT_OK;
	if (!rt_value_is_null(body) && rt_value_type(body) != RT_VALUE_OBJECT)
		return fail_at(
		    d, "", "must be a mapping, not %s", rt_value_type_name(rt_value_type(body)));
	for (size_t i = 0; i < count && status == RT_OK; i++)
		status = get_field(d, &fields[i], rt_value_get(body, fields[i].key), entry);
	return status;
}

/* Narrows the place to a member of the entry while it is decoded. */
static void enter(struct decoder *d, char saved[128], const char *key)
{
	char inner[128];
	memcpy(saved, d->at, sizeof(d->at));
	int n = snprintf(inner, sizeof(inner), "%.96s.%s", d->at, key);
	if (n > 0 && (size_t)n < sizeof(inner))
		memcpy(d->at, inner, sizeof(inner));
}

static enum rt_status get_exec_env(
    struct decoder *d, const struct rt_value *list, struct kc_exec *exec)
{
	RT_VEC(struct rt_named_value) env = {0};

	if (!rt_value_is_null(list) && rt_value_type(list) != RT_VALUE_ARRAY)
		return fail_at(d, "env", "must be a list");
	for (size_t i = 0; i < rt_value_len(list); i++) {
		const struct rt_value *item = rt_value_at(list, i);
		struct rt_named_value pair = {"", ""};
		enum rt_status status = get_text(d, rt_value_get(item, "name"), "env", &pair.name);
		if (status == RT_OK)
			status = get_text(d, rt_value_get(item, "value"), "env", &pair.value);
		if (status != RT_OK)
			return status;
		rt_vec_push(&env, d->kc->a, pair);
	}
	exec->env = (struct kc_pairs){env.v, env.len};
	return RT_OK;
}

static enum rt_status get_exec(struct decoder *d, const struct rt_value *body, struct kc_user *user)
{
	struct kc_exec *exec = &user->exec;
	char saved[sizeof(d->at)];
	enum rt_status status;

	if (rt_value_is_null(body))
		return RT_OK;
	exec->set = true;
	enter(d, saved, "exec");
	status = get_fields(d, exec_fields, RT_ARRAY_LEN(exec_fields), body, exec);
	if (status == RT_OK)
		status = get_exec_env(d, rt_value_get(body, "env"), exec);
	/* Only a command with a separator is a path; a bare name is looked up in PATH. */
	if (exec->command && strchr(exec->command, '/'))
		exec->command = kc_join_path(d->kc->a, d->dir, exec->command);
	memcpy(d->at, saved, sizeof(d->at));
	return status;
}

static enum rt_status get_extra(struct decoder *d, const struct rt_value *map, struct kc_user *user)
{
	RT_VEC(struct rt_named_value) extra = {0};

	if (!rt_value_is_null(map) && rt_value_type(map) != RT_VALUE_OBJECT)
		return fail_at(d, "as-user-extra", "must be a mapping of lists");
	for (struct rt_value_iter it = {.object = map}; rt_value_next(&it);) {
		struct kc_strings values = {0};
		enum rt_status status = get_list(d, it.value, "as-user-extra", &values);
		if (status != RT_OK)
			return status;
		const char *key = rt_arena_strdup(d->kc->a, it.key);
		for (size_t i = 0; i < values.len; i++)
			rt_vec_push(&extra, d->kc->a, ((struct rt_named_value){key, values.v[i]}));
	}
	user->as_extra = (struct kc_pairs){extra.v, extra.len};
	return RT_OK;
}

static enum rt_status decode_user(struct decoder *d, const struct rt_value *body, void *entry)
{
	struct kc_user *user = entry;
	const struct rt_value *provider = rt_value_get(body, "auth-provider");
	enum rt_status status = get_fields(d, user_fields, RT_ARRAY_LEN(user_fields), body, user);

	if (status == RT_OK)
		status = get_extra(d, rt_value_get(body, "as-user-extra"), user);
	if (status == RT_OK)
		status = get_exec(d, rt_value_get(body, "exec"), user);
	if (status != RT_OK || rt_value_is_null(provider))
		return status;
	const char *name = rt_value_get_str(provider, "name");
	user->provider = rt_arena_strdup(d->kc->a, name ? name : "");
	user->provider_token = rt_arena_strdup(
	    d->kc->a, rt_value_get_str(rt_value_get(provider, "config"), "id-token"));
	return RT_OK;
}

static enum rt_status decode_cluster(struct decoder *d, const struct rt_value *body, void *entry)
{
	struct kc_cluster *cluster = entry;
	const struct rt_value *extensions = rt_value_get(body, "extensions");
	enum rt_status status =
	    get_fields(d, cluster_fields, RT_ARRAY_LEN(cluster_fields), body, cluster);

	for (size_t i = 0; status == RT_OK && i < rt_value_len(extensions); i++) {
		const struct rt_value *item = rt_value_at(extensions, i);
		const char *name = rt_value_get_str(item, "name");
		const struct rt_value *extension = rt_value_get(item, "extension");
		if (!name || strcmp(name, "client.authentication.k8s.io/exec") != 0 ||
		    rt_value_is_null(extension))
			continue;
		RT_AUTO_BUF struct rt_buf json = {0};
		rt_value_write(&json, extension);
		cluster->exec_config = rt_arena_strdup(d->kc->a, rt_buf_str(&json));
	}
	return status;
}

static enum rt_status decode_context(struct decoder *d, const struct rt_value *body, void *entry)
{
	return get_fields(d, context_fields, RT_ARRAY_LEN(context_fields), body, entry);
}

/* The three named lists of a kubeconfig, one row each. */
enum section { SECTION_CLUSTERS, SECTION_USERS, SECTION_CONTEXTS, SECTION_COUNT };
static const struct {
	const char *list, *key; /* clusters: [{name, cluster: {…}}] */
	enum rt_status (*decode)(struct decoder *d, const struct rt_value *body, void *entry);
} sections[SECTION_COUNT] = {
    [SECTION_CLUSTERS] = {"clusters", "cluster", decode_cluster},
    [SECTION_USERS] = {"users", "user", decode_user},
    [SECTION_CONTEXTS] = {"contexts", "context", decode_context},
};

union entry {
	struct kc_entry e;
	struct kc_cluster cluster;
	struct kc_user user;
	struct kc_context context;
};

static const struct kc_entry *find_entry(
    const struct kc_merged *m, enum section which, const char *name)
{
	switch (which) {
	case SECTION_CLUSTERS:
		return (const struct kc_entry *)kc_find_cluster(m, name);
	case SECTION_USERS:
		return (const struct kc_entry *)kc_find_user(m, name);
	case SECTION_CONTEXTS:
		return (const struct kc_entry *)kc_find_context(m, name);
	case SECTION_COUNT:
		break;
	}
	return NULL;
}

static void add_entry(struct kc *kc, enum section which, const union entry *entry)
{
	switch (which) {
	case SECTION_CLUSTERS:
		rt_vec_push(&kc->merged.clusters, kc->a, entry->cluster);
		break;
	case SECTION_USERS:
		rt_vec_push(&kc->merged.users, kc->a, entry->user);
		break;
	case SECTION_CONTEXTS:
		rt_vec_push(&kc->merged.contexts, kc->a, entry->context);
		break;
	case SECTION_COUNT:
		break;
	}
}

/* The first file that defines a name owns the whole entry; twice in one file is an error. */
static enum rt_status decode_entry(
    struct decoder *d, enum section which, size_t index, const struct rt_value *item)
{
	union entry entry;
	memset(&entry, 0, sizeof(entry));
	entry.e.name = "";
	entry.e.file = d->path;
	d->what = NULL;
	snprintf(d->at, sizeof(d->at), "%s[%zu]", sections[which].list, index);
	if (!rt_value_is_null(item) && rt_value_type(item) != RT_VALUE_OBJECT)
		return fail_at(d, "", "must be a mapping");
	enum rt_status status = get_text(d, rt_value_get(item, "name"), "name", &entry.e.name);
	if (status != RT_OK)
		return status;
	d->what = sections[which].key;
	d->name = entry.e.name;
	const struct kc_entry *before = find_entry(&d->kc->merged, which, entry.e.name);
	if (before && before->file == d->path)
		return fail_at(d, "", "is defined twice in this file");
	snprintf(d->at, sizeof(d->at), "%s[%zu].%s", sections[which].list, index, d->what);
	status = sections[which].decode(d, rt_value_get(item, d->what), &entry);
	if (status == RT_OK && !before)
		add_entry(d->kc, which, &entry);
	return status;
}

static enum rt_status decode_section(
    struct decoder *d, enum section which, const struct rt_value *root)
{
	const struct rt_value *list = rt_value_get(root, sections[which].list);
	enum rt_status status = RT_OK;

	d->what = NULL;
	d->at[0] = '\0';
	if (!rt_value_is_null(list) && rt_value_type(list) != RT_VALUE_ARRAY)
		return fail_at(d, sections[which].list, "must be a list");
	for (size_t i = 0; i < rt_value_len(list) && status == RT_OK; i++)
		status = decode_entry(d, which, i, rt_value_at(list, i));
	return status;
}

static enum rt_status check_kind(struct decoder *d, const struct rt_value *root)
{
	const char *version = "v1", *kind = "Config";
	enum rt_status status;

	if (rt_value_type(root) != RT_VALUE_OBJECT)
		return fail_at(
		    d, "", "is not a kubeconfig but %s", rt_value_type_name(rt_value_type(root)));
	status = get_text(d, rt_value_get(root, "apiVersion"), "apiVersion", &version);
	if (status == RT_OK)
		status = get_text(d, rt_value_get(root, "kind"), "kind", &kind);
	if (status != RT_OK)
		return status;
	if ((version[0] && strcmp(version, "v1") != 0) || (kind[0] && strcmp(kind, "Config") != 0))
		return fail_at(d, "", "is a %s of %s, not a Config of v1", kind, version);
	return RT_OK;
}

static enum rt_status decode_root(struct decoder *d, const struct rt_value *root)
{
	struct kc_merged *m = &d->kc->merged;
	const char *current = NULL;
	enum rt_status status;

	if (rt_value_is_null(root))
		return RT_OK; /* an empty file is an empty configuration */
	status = check_kind(d, root);
	for (size_t i = 0; i < SECTION_COUNT && status == RT_OK; i++)
		status = decode_section(d, (enum section)i, root);
	d->what = NULL;
	d->at[0] = '\0';
	if (status == RT_OK)
		status =
		    get_text(d, rt_value_get(root, "current-context"), "current-context", &current);
	/* The first value that is not empty counts. */
	if (status == RT_OK && current && current[0] && !m->current_context) {
		m->current_context = current;
		m->current_file = d->path;
	}
	return status;
}

/* path without its last element, absolute. */
static const char *directory_of(struct rt_arena *a, const char *cwd, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dir = slash ? rt_arena_strndup(a, path, (size_t)(slash - path) + 1) : ".";
	return kc_join_path(a, cwd, dir);
}

enum rt_status kc_decode(
    struct kc *kc, const char *path, const char *text, size_t len, struct rt_error *err)
{
	struct decoder d = {.kc = kc, .path = path, .text = text, .len = len, .err = err};
	struct rt_value *root = NULL;
	bool more = false;
	enum rt_status status;

	d.dir = directory_of(kc->a, kc->cwd, path);
	const char *source = rt_arena_printf(kc->a, "kubeconfig %s", path);
	status = rt_value_from_yaml(text, len, source, &root, &more, err);
	if (status != RT_OK) {
		if (err)
			err->status = RT_CONFIG;
		return RT_CONFIG;
	}
	if (more)
		kc_warn(
		    kc, "kubeconfig %s holds more than one document; only the first counts", path);
	status = decode_root(&d, root);
	rt_value_wipe(root);
	return status;
}
