/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig.h - where and as whom: kubeconfig files, kubectl's flags and the Pod's own service
 * account resolved into one value.
 * Reads files, never writes one, runs nothing and looks up no environment of its own: flags and
 * environment are passed in. What is chosen is what kubectl would choose; where kubectl goes on
 * with a dangling name, this says which name dangles.
 *
 *	struct rt_kubeconfig *cfg = NULL;
 *	if (rt_kubeconfig_load(&opts, &cfg, &err) != RT_OK) ...		RT_CONFIG: exit status 2
 *	connect(&cfg->endpoint); ... rt_kubeconfig_free(cfg);
 *
 * A configuration owns everything it points to; secrets in it are wiped at its end.
 */
#ifndef RUTTER_KUBECONFIG_H
#define RUTTER_KUBECONFIG_H

#include "rutter/err.h"

/* Flags as typed, NULL where not given; all borrowed for the duration of rt_kubeconfig_load. */
struct rt_kubeconfig_opts {
	const char *kubeconfig, *context, *cluster, *user, *namespace_;
	const char *server, *tls_server_name, *ca_file, *cert_file, *key_file, *token;
	bool insecure;                /* --insecure-skip-tls-verify */
	bool disable_compression;     /* --disable-compression */
	const char *as, *as_uid;      /* impersonation */
	const char *const *as_groups; /* --as-group, in order */
	size_t as_group_count;
	const char *const *as_user_extra; /* "key=value"; malformed ones are skipped */
	size_t as_user_extra_count;
	const char *const *env; /* NAME=value, NULL-ended: KUBECONFIG, HOME, proxies, PATH, … */
	const char *pod_dir;    /* of the Pod's service account; NULL: the usual path */
};

/* An exec credential plugin as configured. Lists end with their count; none is ever NULL-checked
 * by count 0. */
struct rt_exec_config {
	const char *command; /* absolute where the file had a '/', else a name to look up in PATH */
	const char *const *args;
	size_t arg_count;
	const char *const *env; /* "NAME=value" */
	size_t env_count;
	const char *api_version, *install_hint;
	bool v1; /* else v1beta1 */
	bool provide_cluster_info;
	enum rt_exec_interactive {
		RT_EXEC_NEVER,
		RT_EXEC_IF_AVAILABLE,
		RT_EXEC_ALWAYS
	} interactive;
};

/* Which credential plugins may run: the user's kuberc, which kubectl cannot pass on to a plugin. */
enum rt_plugin_policy {
	RT_PLUGINS_ALLOW_ALL,
	RT_PLUGINS_DENY_ALL,
	RT_PLUGINS_ALLOWLIST,
	RT_PLUGINS_MISCONFIGURED, /* policy_error says how: nothing runs */
};

struct rt_named_value {
	const char *name, *value;
};

/* As whom. Every string may be NULL. Only what applies is set: nothing but impersonation for a
 * plain http server, no exec where another credential wins. */
struct rt_auth {
	const char *cert, *key; /* PEM texts; both or neither */
	size_t cert_len, key_len;
	const char *cert_file, *key_file; /* where both came from files, for re-reading */
	const char *token, *token_file;   /* the file's last good content wins */
	const char *provider; /* the auth-provider whose id-token token is; it is never refreshed */
	const char *username, *password;
	const char *as, *as_uid;
	const char *const *as_groups;
	size_t as_group_count;
	const struct rt_named_value *as_extra; /* keys as they go into the header name */
	size_t as_extra_count;
	const struct rt_exec_config *exec; /* NULL: none, or it must not run */
	enum rt_plugin_policy policy;
	const char *policy_error;
	const char *kuberc;           /* the file the policy is from */
	const char *const *allowlist; /* commands or paths */
	size_t allowlist_count;
};

/* Where. host goes into URLs with brackets when it has a colon. */
struct rt_server {
	const char *url;    /* scheme://host[:port]/prefix without a trailing slash */
	const char *scheme; /* "https" or "http" */
	const char *host;   /* IPv6 without brackets */
	int port;           /* the URL's, or the scheme's */
	bool port_given;
	const char *prefix; /* "" or "/k8s/clusters/c-x": before every request path */
	const char *ca;     /* PEM: only these are trusted; NULL: the system's */
	size_t ca_len;
	const char *ca_source;       /* for messages: the file, or "certificate-authority-data" */
	const char *ca_file;         /* where it came from one, for reading it again */
	bool insecure;               /* verify nothing; shown permanently */
	const char *tls_server_name; /* SNI and name to verify, NULL: host */
	const char *proxy; /* URL with credentials, NULL: direct, whatever the environment says */
	const char *proxy_shown; /* the same without credentials, for messages and logs */
	bool disable_compression;
	const char *server;      /* as configured, less query and fragment: what a plugin is told */
	const char *exec_config; /* JSON of the cluster's extension for exec plugins, or NULL */
};

struct rt_kube_context {
	const char *name, *cluster, *user, *namespace_, *file;
	bool current; /* the one in use */
};

struct rt_kubeconfig {
	const char *context, *cluster, *user; /* names in use; NULL: none (flags, or in a Pod) */
	const char *namespace_;               /* -n, the context's, the Pod's, or "default" */
	bool namespace_given;                 /* by flag, context or Pod: not the default */
	const char *file; /* that holds the context, else the first file; may be NULL */
	bool in_cluster;  /* the Pod's own service account */
	struct rt_server endpoint;
	struct rt_auth auth;
	const struct rt_kube_context *contexts; /* of all files, in their order */
	size_t context_count;
	const char *const *warnings; /* one line each, no secrets */
	size_t warning_count;
	const char *const *env; /* copy of the environment: what a plugin inherits */
};

/* RT_CONFIG with file and entry named, and the known names as a hint. */
RT_NODISCARD enum rt_status rt_kubeconfig_load(
    const struct rt_kubeconfig_opts *opts, struct rt_kubeconfig **ret, struct rt_error *err);
void rt_kubeconfig_free(struct rt_kubeconfig *cfg); /* wipes; NULL-safe */

/* The proxy that Go's rules choose for a request: HTTPS_PROXY or https_proxy for https, HTTP_PROXY
 * or http_proxy for http; NO_PROXY; never for localhost or loopback. NULL: direct. Borrowed from
 * env. */
const char *rt_proxy_from_env(
    const char *const *env, const char *scheme, const char *host, int port);

#endif
