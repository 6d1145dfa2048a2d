/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec_plugin.h - the protocol of exec credential plugins, as pure functions of values: what a
 * plugin is told, what it answered, whether it may run. credentials.c runs it.
 */
#ifndef RUTTER_EXEC_PLUGIN_H
#define RUTTER_EXEC_PLUGIN_H

#include "rutter/kubeconfig.h"

/* Large tokens exist; an answer beyond this is no credential. */
#define EXEC_OUT_MAX ((size_t)8 << 20)

/* What a plugin gave; owned, secret. */
struct rt_exec_cred {
	char *token;      /* NULL: none */
	char *cert, *key; /* PEM; both or neither */
	size_t cert_len, key_len;
	int64_t expires; /* RT_TIME_UNSET: until refused */
};

/* The answer on stdout; RT_CREDENTIALS with kubectl's words on anything else. Never quotes it. */
RT_NODISCARD enum rt_status rt_exec_cred_parse(const char *out, size_t len, const char *api_version,
    struct rt_exec_cred *ret, struct rt_error *err);
void rt_exec_cred_done(struct rt_exec_cred *c); /* wipes */

/* The value of KUBERNETES_EXEC_INFO. */
void rt_exec_info_write(struct rt_buf *out, const struct rt_kubeconfig *cfg, bool interactive);

/* The executable: a path as it is, a name by PATH as Go's LookPath finds it, and allowed by the
 * user's policy. In arena. RT_NOT_FOUND, with the install hint; RT_CREDENTIALS: not allowed. */
RT_NODISCARD enum rt_status rt_exec_find(
    struct rt_arena *a, const struct rt_kubeconfig *cfg, const char **ret, struct rt_error *err);

/* argv and environment, NULL-ended, in arena. */
const char *const *rt_exec_argv(struct rt_arena *a, const struct rt_exec_config *x);
const char *const *rt_exec_envp(
    struct rt_arena *a, const struct rt_kubeconfig *cfg, const char *exec_info);

#endif
