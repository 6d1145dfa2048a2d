/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kuberc.c - the user's policy on credential plugins, from kubectl's preferences file. kubectl
 * cannot hand it to the plugins it starts, such as this program, so it is read here. Whatever is
 * wrong with a policy forbids every plugin; defaults and aliases for kubectl's own commands are
 * not ours.
 */
#include "config.h"

#include <string.h>

#include "kubeconfig_internal.h"
#include "readfile.h"
#include "rutter/value.h"
#include "rutter/yaml.h"

#define KUBERC_MAX ((size_t)1 << 20)

static const struct {
	const char *name;
	enum rt_plugin_policy policy;
} policies[] = {
    {"", RT_PLUGINS_ALLOW_ALL},
    {"AllowAll", RT_PLUGINS_ALLOW_ALL},
    {"DenyAll", RT_PLUGINS_DENY_ALL},
    {"Allowlist", RT_PLUGINS_ALLOWLIST},
};

struct reader {
	struct kc *kc;
	bool found;
};

static void misconfigured(struct kc *kc, const char *why)
{
	kc->cfg->auth.policy = RT_PLUGINS_MISCONFIGURED;
	kc->cfg->auth.policy_error = why;
}

/* Joined to the root, a path without detours comes back as it was. */
static bool is_clean_path(struct kc *kc, const char *path)
{
	bool absolute = path[0] == '/';
	const char *joined = kc_join_path(kc->a, "/", absolute ? path + 1 : path);
	return strcmp(absolute ? joined : joined + 1, path) == 0;
}

/* NULL when the list is good, else why not. */
static const char *read_allowlist(struct kc *kc, const struct rt_value *list)
{
	RT_VEC(const char *) names = {0};

	if (rt_value_type(list) != RT_VALUE_ARRAY || !rt_value_len(list))
		return "the policy is Allowlist, and credentialPluginAllowlist is empty";
	for (size_t i = 0; i < rt_value_len(list); i++) {
		const struct rt_value *item = rt_value_at(list, i);
		const char *name = rt_value_get_str(item, "command");
		if (!name || !name[0])
			name = rt_value_get_str(item, "name");
		if (!name || !name[0])
			return "an entry of credentialPluginAllowlist is empty";
		if (!is_clean_path(kc, name))
			return "a path in credentialPluginAllowlist is not in its shortest form";
		rt_vec_push(&names, kc->a, rt_arena_strdup(kc->a, name));
	}
	kc->cfg->auth.allowlist = names.v;
	kc->cfg->auth.allowlist_count = names.len;
	return NULL;
}

static void read_policy(struct kc *kc, const struct rt_value *doc)
{
	const struct rt_value *value = rt_value_get(doc, "credentialPluginPolicy");
	const struct rt_value *list = rt_value_get(doc, "credentialPluginAllowlist");
	const char *name = rt_value_is_null(value) ? "" : rt_value_str(value), *why = NULL;
	size_t i = 0;

	while (i < RT_ARRAY_LEN(policies) && name && strcmp(policies[i].name, name) != 0)
		i++;
	if (!name || i == RT_ARRAY_LEN(policies)) {
		misconfigured(kc, "credentialPluginPolicy is none of AllowAll, DenyAll, Allowlist");
		return;
	}
	kc->cfg->auth.policy = policies[i].policy;
	if (policies[i].policy == RT_PLUGINS_ALLOWLIST)
		why = read_allowlist(kc, list);
	else if (!rt_value_is_null(list))
		why = "credentialPluginAllowlist is there, but the policy is not Allowlist";
	if (why)
		misconfigured(kc, why);
}

static enum rt_status read_document(
    void *ctx, const struct rt_yaml_doc *document, struct rt_error *err)
{
	static const char group[] = "kubectl.config.k8s.io/";
	struct reader *r = ctx;
	const struct rt_value *doc = rt_value_of(document->value);
	const char *version = rt_value_get_str(doc, "apiVersion");
	const char *kind = rt_value_get_str(doc, "kind");
	(void)err;

	if (!version || !kind || strncmp(version, group, sizeof(group) - 1) != 0 ||
	    strcmp(kind, "Preference") != 0)
		return RT_OK;
	version += sizeof(group) - 1;
	if (strcmp(version, "v1beta1") != 0 && strcmp(version, "v1alpha1") != 0)
		return RT_OK;
	r->found = true;
	read_policy(r->kc, doc);
	return RT_CANCELLED; /* the first usable document counts */
}

static void read_text(struct kc *kc, const char *path, const struct rt_buf *text)
{
	struct reader r = {.kc = kc};
	struct rt_error why = {0};
	enum rt_status status =
	    rt_yaml_parse(rt_buf_str(text), text->len, path, read_document, &r, &why);
	if (r.found)
		return;
	if (status != RT_OK)
		misconfigured(kc, rt_arena_strdup(kc->a, why.msg));
	else if (text->len)
		misconfigured(kc, "it holds no Preference of a known version");
}

enum rt_status kc_read_kuberc(struct kc *kc, struct rt_error *err)
{
	const char *off = kc_env(kc, "KUBECTL_KUBERC"), *path = kc_env(kc, "KUBERC");
	const char *home = kc_env(kc, "HOME");
	struct rt_buf text = {0};
	struct rt_error why = {0};
	bool explicit_path = path != NULL;

	if ((off && strcmp(off, "false") == 0) || (path && strcmp(path, "off") == 0))
		return RT_OK;
	if (!path && home)
		path = rt_arena_printf(kc->a, "%s/.kube/kuberc", home);
	if (!path)
		return RT_OK;
	enum rt_status status = rt_kube_read_file(path, KUBERC_MAX, &text, &why);
	if (status == RT_OK)
		read_text(kc, path, &text);
	else if (status == RT_NOT_FOUND && !explicit_path)
		status = RT_OK;
	else if (explicit_path)
		status = rt_fail(err, RT_CONFIG, "kuberc %s: %s", path, why.msg);
	else {
		misconfigured(kc, rt_arena_strdup(kc->a, why.msg));
		status = RT_OK;
	}
	kc->cfg->auth.kuberc = rt_arena_strdup(kc->a, path);
	rt_buf_done(&text);
	return status;
}
