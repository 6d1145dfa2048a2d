/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig.c - the order of things: read all files, choose context, cluster, user and namespace,
 * fall back to the Pod's service account, resolve. A name that leads nowhere is an error that says
 * which name, in which file, and what there is instead.
 */
#include "config.h"

#include "rutter/kubeconfig.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kubeconfig_internal.h"
#include "readfile.h"
#include "rutter/log.h"
#include "rutter/mem.h"

#define POD_DIR "/var/run/secrets/kubernetes.io/serviceaccount"

/* The configuration with the arena behind it. */
struct owned {
	struct rt_kubeconfig pub;
	struct rt_arena arena;
};

struct choice {
	const struct kc_context *context;
	const char *cluster_name, *user_name;
	struct kc_cluster cluster;
	struct kc_user user;
	bool pod;
};

static const char *given(const char *flag)
{
	return flag && flag[0] ? flag : NULL;
}

/* The names of a merged list, for hints. Entries begin with struct kc_entry. */
#define NAMES(kc, list, ret)                                                                       \
	do {                                                                                       \
		for (size_t i_ = 0; i_ < (list)->len; i_++)                                        \
			rt_vec_push((ret), (kc)->a, (list)->v[i_].e.name);                         \
	} while (0)

static enum rt_status unknown_context(struct kc *kc, const char *name, struct rt_error *err)
{
	RT_VEC(const char *) names = {0};
	NAMES(kc, &kc->merged.contexts, &names);
	if (given(kc->opts->context))
		(void)rt_fail(err, RT_CONFIG, "context \"%s\" does not exist", name);
	else
		(void)rt_fail(err, RT_CONFIG,
		    "kubeconfig %s: current-context \"%s\" names no context",
		    kc->merged.current_file, name);
	kc_hint_names(err, "context", name, names.v, names.len);
	return RT_CONFIG;
}

/* from is the context that names the entry, NULL when a flag does. */
static enum rt_status unknown_entry(struct kc *kc, const char *what, const char *name,
    const struct kc_context *from, struct rt_error *err)
{
	RT_VEC(const char *) names = {0};
	if (what[0] == 'c')
		NAMES(kc, &kc->merged.clusters, &names);
	else
		NAMES(kc, &kc->merged.users, &names);
	if (from)
		(void)rt_fail(err, RT_CONFIG,
		    "kubeconfig %s: context \"%s\" names %s \"%s\", which does not exist",
		    from->e.file, from->e.name, what, name);
	else
		(void)rt_fail(err, RT_CONFIG, "%s \"%s\" does not exist", what, name);
	kc_hint_names(err, what, name, names.v, names.len);
	return RT_CONFIG;
}

static enum rt_status choose_context(struct kc *kc, struct choice *c, struct rt_error *err)
{
	const char *name = given(kc->opts->context);
	if (!name)
		name = kc->merged.current_context;
	if (!name)
		return RT_OK;
	c->context = kc_find_context(&kc->merged, name);
	return c->context ? RT_OK : unknown_context(kc, name, err);
}

/* With --server a dangling cluster does no harm: nothing of it would be used but its CA. */
static enum rt_status choose_cluster(struct kc *kc, struct choice *c, struct rt_error *err)
{
	const char *flag = given(kc->opts->cluster);
	const char *name = flag ? flag : c->context ? given(c->context->cluster) : NULL;
	if (!name)
		return RT_OK;
	const struct kc_cluster *found = kc_find_cluster(&kc->merged, name);
	if (found) {
		c->cluster = *found;
		c->cluster_name = name;
	} else if (flag || !given(kc->opts->server)) {
		return unknown_entry(kc, "cluster", name, flag ? NULL : c->context, err);
	}
	return RT_OK;
}

static enum rt_status choose_user(struct kc *kc, struct choice *c, struct rt_error *err)
{
	const char *flag = given(kc->opts->user);
	const char *name = flag ? flag : c->context ? given(c->context->user) : NULL;
	if (!name)
		return RT_OK;
	const struct kc_user *found = kc_find_user(&kc->merged, name);
	if (found) {
		c->user = *found;
		c->user_name = name;
	} else if (flag || (!given(kc->opts->token) && !given(kc->opts->cert_file))) {
		return unknown_entry(kc, "user", name, flag ? NULL : c->context, err);
	}
	return RT_OK;
}

static const char *pod_path(struct kc *kc, const char *name)
{
	const char *dir = kc->opts->pod_dir ? kc->opts->pod_dir : POD_DIR;
	return rt_arena_printf(kc->a, "%s/%s", dir, name);
}

/* client-go's test for running in a Pod. */
static bool in_pod(struct kc *kc)
{
	struct stat st;
	return kc_env(kc, "KUBERNETES_SERVICE_HOST") && kc_env(kc, "KUBERNETES_SERVICE_PORT") &&
	       stat(pod_path(kc, "token"), &st) == 0 && !S_ISDIR(st.st_mode);
}

static void use_pod(struct kc *kc, struct choice *c)
{
	const char *host = kc_env(kc, "KUBERNETES_SERVICE_HOST");
	bool v6 = strchr(host, ':') != NULL;
	const char *ca = pod_path(kc, "ca.crt");

	c->pod = true;
	c->cluster.server = rt_arena_printf(kc->a, v6 ? "https://[%s]:%s" : "https://%s:%s", host,
	    kc_env(kc, "KUBERNETES_SERVICE_PORT"));
	if (access(ca, F_OK) == 0)
		c->cluster.ca_file = ca;
	else
		kc_warn(kc, "%s is not there: the system's certificate authorities are used", ca);
	c->user.token_file = pod_path(kc, "token");
}

/* Nothing names a server. What was looked for is the answer to why. */
static enum rt_status no_server(struct kc *kc, const struct choice *c, struct rt_error *err)
{
	RT_AUTO_BUF struct rt_buf missing = {0};
	const struct kc_merged *m = &kc->merged;

	if (c->cluster_name || c->context)
		return rt_fail(err, RT_CONFIG, "kubeconfig %s: %s \"%s\" names no %s",
		    c->cluster_name ? c->cluster.e.file : c->context->e.file,
		    c->cluster_name ? "cluster" : "context",
		    c->cluster_name ? c->cluster_name : c->context->e.name,
		    c->cluster_name ? "server" : "cluster");
	if (m->contexts.len) {
		RT_VEC(const char *) names = {0};
		NAMES(kc, &m->contexts, &names);
		(void)rt_fail(err, RT_CONFIG,
		    "no context is chosen: kubeconfig %s has no "
		    "current-context",
		    m->files.v[0]);
		kc_hint_names(err, "context", "", names.v, names.len);
		return RT_CONFIG;
	}
	for (size_t i = 0; i < m->missing.len; i++)
		rt_buf_printf(&missing, "%s%s", i ? ", " : "", m->missing.v[i]);
	if (missing.len && !m->files.len)
		(void)rt_fail(err, RT_CONFIG, "no kubeconfig: %s not found", rt_buf_str(&missing));
	else if (m->files.len)
		(void)rt_fail(err, RT_CONFIG, "kubeconfig %s names no cluster", m->files.v[0]);
	else
		(void)rt_fail(
		    err, RT_CONFIG, "no kubeconfig: neither KUBECONFIG nor HOME names one");
	rt_error_hint(err, "set KUBECONFIG or give --kubeconfig or --server; "
			   "-f FILE reads manifests and --demo needs no cluster");
	return RT_CONFIG;
}

/* What kubectl would silently send to localhost:8080 is an error here. */
static enum rt_status fall_back(struct kc *kc, struct choice *c, struct rt_error *err)
{
	bool nothing = !c->context && !c->cluster_name && !c->user_name;
	const char *master = kc_env(kc, "KUBERNETES_MASTER");

	if (given(c->cluster.server))
		return RT_OK;
	if (nothing && in_pod(kc))
		use_pod(kc, c);
	else if (!given(kc->opts->server) && master)
		c->cluster.server = master;
	else if (!given(kc->opts->server))
		return no_server(kc, c, err);
	return RT_OK;
}

static const char *pod_namespace(struct kc *kc)
{
	RT_AUTO_BUF struct rt_buf text = {0};
	const char *name = kc_env(kc, "POD_NAMESPACE");
	if (name)
		return name;
	if (rt_kube_read_file(pod_path(kc, "namespace"), 4096, &text, NULL) != RT_OK)
		return NULL;
	const char *s = rt_buf_str(&text);
	s += strspn(s, " \t\r\n");
	return given(rt_arena_strndup(kc->a, s, strcspn(s, " \t\r\n")));
}

static void resolve_namespace(struct kc *kc, const struct choice *c)
{
	const char *name = given(kc->opts->namespace_);
	if (!name && c->context)
		name = given(c->context->namespace_);
	if (!name && in_pod(kc))
		name = pod_namespace(kc);
	kc->cfg->namespace_given = name != NULL;
	kc->cfg->namespace_ = rt_arena_strdup(kc->a, name ? name : "default");
}

static void list_contexts(struct kc *kc, const struct choice *c)
{
	RT_VEC(struct rt_kube_context) list = {0};
	for (size_t i = 0; i < kc->merged.contexts.len; i++) {
		const struct kc_context *from = &kc->merged.contexts.v[i];
		struct rt_kube_context to = {
		    .name = from->e.name,
		    .cluster = from->cluster,
		    .user = from->user,
		    .namespace_ = from->namespace_,
		    .file = from->e.file,
		    .current = from == c->context,
		};
		rt_vec_push(&list, kc->a, to);
	}
	kc->cfg->contexts = list.v;
	kc->cfg->context_count = list.len;
}

static void copy_env(struct kc *kc)
{
	RT_VEC(const char *) env = {0};
	for (const char *const *e = kc->opts->env; e && *e; e++)
		rt_vec_push(&env, kc->a, rt_arena_strdup(kc->a, *e));
	rt_vec_push(&env, kc->a, NULL);
	kc->cfg->env = env.v;
}

static void publish(struct kc *kc, const struct choice *c)
{
	struct rt_kubeconfig *cfg = kc->cfg;
	cfg->context = c->context ? c->context->e.name : NULL;
	cfg->cluster = rt_arena_strdup(kc->a, c->cluster_name);
	cfg->user = rt_arena_strdup(kc->a, c->user_name);
	cfg->in_cluster = c->pod;
	if (c->context)
		cfg->file = c->context->e.file;
	else if (kc->merged.files.len)
		cfg->file = kc->merged.files.v[0];
	resolve_namespace(kc, c);
	list_contexts(kc, c);
	copy_env(kc);
	cfg->warnings = kc->warnings.v;
	cfg->warning_count = kc->warnings.len;
	rt_log(3, "kubeconfig", "context %s, cluster %s, user %s, server %s",
	    cfg->context ? cfg->context : "-", cfg->cluster ? cfg->cluster : "-",
	    cfg->user ? cfg->user : "-", cfg->endpoint.url);
}

static enum rt_status load(struct kc *kc, struct rt_error *err)
{
	struct choice c = {0};
	enum rt_status status = kc_read_all(kc, err);

	if (status == RT_OK)
		status = choose_context(kc, &c, err);
	if (status == RT_OK)
		status = choose_cluster(kc, &c, err);
	if (status == RT_OK)
		status = choose_user(kc, &c, err);
	if (status == RT_OK)
		status = fall_back(kc, &c, err);
	if (status == RT_OK)
		status = kc_resolve_endpoint(kc, &c.cluster, err);
	if (status == RT_OK)
		status = kc_resolve_auth(kc, &c.user, err);
	if (status == RT_OK)
		status = kc_read_kuberc(kc, err);
	if (status == RT_OK)
		publish(kc, &c);
	return status;
}

enum rt_status rt_kubeconfig_load(
    const struct rt_kubeconfig_opts *opts, struct rt_kubeconfig **ret, struct rt_error *err)
{
	struct owned *o = rt_xcalloc(1, sizeof(*o));
	struct kc kc = {.a = &o->arena, .opts = opts, .cfg = &o->pub};
	char *cwd = getcwd(NULL, 0);

	rt_arena_init(&o->arena);
	kc.cwd = rt_arena_strdup(&o->arena, cwd ? cwd : "/");
	free(cwd);
	enum rt_status status = load(&kc, err);
	if (status != RT_OK) {
		rt_kubeconfig_free(&o->pub);
		return status;
	}
	*ret = &o->pub;
	return RT_OK;
}

void rt_kubeconfig_free(struct rt_kubeconfig *cfg)
{
	struct owned *o = (struct owned *)(void *)cfg;
	if (!o)
		return;
	rt_arena_wipe(&o->arena);
	free(o);
}
