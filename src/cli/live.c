/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.c - from the options to an open cluster.
 */
#include "config.h"

#include <sys/prctl.h>

#include "live.h"

#include "rutter/log.h"
#include "rutter/wants.h"

/* As kubectl and its plugins name themselves, so that servers' logs tell clients apart. */
#if defined(__x86_64__)
#define ARCH "amd64"
#elif defined(__aarch64__)
#define ARCH "arm64"
#elif defined(__i386__)
#define ARCH "386"
#else
#define ARCH "unknown"
#endif
#define USER_AGENT PACKAGE_NAME "/" PACKAGE_VERSION " (linux/" ARCH ")"

static enum rt_status load_config(
    const struct rt_cli *cli, const char *context, struct rt_kubeconfig **ret, struct rt_error *err)
{
	const struct rt_options *o = &cli->opts;
	struct rt_kubeconfig_opts opts = {
	    .kubeconfig = o->kubeconfig,
	    .context = context ? context : o->context,
	    .cluster = o->cluster,
	    .user = o->user,
	    .server = o->server,
	    .tls_server_name = o->tls_server_name,
	    .ca_file = o->certificate_authority,
	    .cert_file = o->client_certificate,
	    .key_file = o->client_key,
	    .token = o->tokens.len > 0 ? o->tokens.v[o->tokens.len - 1] : NULL,
	    .insecure = o->insecure,
	    .disable_compression = o->disable_compression,
	    .as = o->as,
	    .as_uid = o->as_uid,
	    .as_groups = o->as_groups.v,
	    .as_group_count = o->as_groups.len,
	    .as_user_extra = o->as_user_extra.v,
	    .as_user_extra_count = o->as_user_extra.len,
	    .env = cli->env->all,
	};
	/* -n may be a list; whoever reads the namespaces one by one gets all of them. */
	if (cli->narrow.namespaces.len > 0)
		opts.namespace_ = cli->narrow.namespaces.v[0];
	return rt_kubeconfig_load(&opts, ret, err);
}

static int64_t now_seconds(void *ctx)
{
	const struct rt_cli *cli = ctx;
	return rt_env_clock(cli->env);
}

/* Without the option: the time kubectl users expect nothing to take longer than. */
enum { DEFAULT_TIMEOUT_MS = 60000 };

static enum rt_status read_timeout(const struct rt_cli *cli, int64_t *ret, struct rt_error *err)
{
	const char *text = cli->opts.request_timeout;
	*ret = DEFAULT_TIMEOUT_MS;
	if (!text || rt_duration_parse(text, true, ret))
		return RT_OK;
	return rt_fail(
	    err, RT_USAGE, "--request-timeout %s: takes seconds or a duration such as 1m30s", text);
}

enum rt_status rt_live_open(const struct rt_cli *cli, const struct rt_live_params *params,
    struct rt_live *ret, struct rt_error *err)
{
	struct rt_live live = {.cli = cli};
	int64_t timeout_ms = 0;
	/* From here on credentials are in memory: none gets into a core, or to a debugger. */
	prctl(PR_SET_DUMPABLE, 0);
	enum rt_status st = read_timeout(cli, &timeout_ms, err);
	if (st == RT_OK)
		st = load_config(cli, params->context, &live.config, err);
	if (st == RT_OK && !params->loop)
		st = rt_loop_new(&live.loop, err);
	if (st != RT_OK)
		goto fail;
	struct rt_cluster_params p = {
	    .kube =
		{
		    .loop = params->loop ? params->loop : live.loop,
		    .config = live.config,
		    .credential_ops = params->credential_ops,
		    .credential_ctx = params->ctx,
		    .user_agent = USER_AGENT,
		    .timeout_ms = timeout_ms,
		    .http1 = rt_env_get(cli->env, "RUTTER_HTTP1") != NULL,
		    .now = now_seconds,
		    .now_ctx = (void *)(uintptr_t)cli,
		},
	    .store = params->store,
	    .watch = params->watch,
	    .namespaces = cli->narrow.namespaces.v,
	    .namespace_count = cli->narrow.namespaces.len,
	    .ops = params->ops,
	    .ctx = params->ctx,
	};
	st = rt_cluster_new(&p, &live.cluster, err);
	if (st != RT_OK)
		goto fail;
	rt_store_set_context(
	    params->store, live.config->context ? live.config->context : "in-cluster");
	*ret = live;
	return RT_OK;
fail:
	rt_live_close(&live);
	return st;
}

void rt_live_close(struct rt_live *live)
{
	rt_cluster_free(live->cluster);
	rt_loop_free(live->loop);
	rt_kubeconfig_free(live->config);
	*live = (struct rt_live){0};
}

bool rt_live_ask_wants(struct rt_live *live, const struct rt_store *store)
{
	struct rt_arena a = {0};
	rt_wants wants = {0};
	rt_wants_collect(store, &a, &wants);
	bool any = wants.len > 0;
	if (any)
		rt_cluster_ask(live->cluster, wants.v, wants.len);
	rt_arena_done(&a);
	return any;
}
