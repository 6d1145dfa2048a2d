/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.h - everything a live cluster needs, put together from the options: kubeconfig, loop,
 * client, source. One-shot commands read it once; the terminal UI and --watch keep it.
 */
#ifndef RUTTER_CLI_LIVE_H
#define RUTTER_CLI_LIVE_H

#include "cli.h"
#include "rutter/cluster.h"
#include "rutter/loop.h"

struct rt_live {
	const struct rt_cli *cli;
	struct rt_kubeconfig *config;
	struct rt_loop *loop;
	struct rt_cluster *cluster;
};

struct rt_live_params {
	struct rt_store *store;
	const char *context;  /* instead of --context; NULL: the options' */
	struct rt_loop *loop; /* NULL: one of its own, in live->loop */
	bool watch;
	const struct rt_cluster_ops *ops;
	const struct rt_credentials_ops *credential_ops;
	void *ctx;
};

/* Nothing is asked yet. On failure the error is the caller's to print. */
RT_NODISCARD enum rt_status rt_live_open(const struct rt_cli *cli,
    const struct rt_live_params *params, struct rt_live *ret, struct rt_error *err);
void rt_live_close(struct rt_live *live);
/* Asks the questions that the analysis still has; false when there are none. */
bool rt_live_ask_wants(struct rt_live *live, const struct rt_store *store);

#endif
