/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig_internal.h - what the kubeconfig*.c files share: entries as files hold them, merged.
 * Everything lives in the arena of the configuration under construction, which wipes it at its end.
 */
#ifndef RUTTER_KUBECONFIG_INTERNAL_H
#define RUTTER_KUBECONFIG_INTERNAL_H

#include "rutter/buf.h"
#include "rutter/kubeconfig.h"
#include "rutter/vec.h"

/* kubeconfigs of a thousand contexts with embedded certificates stay far below. */
#define KC_FILE_MAX ((size_t)32 << 20)

struct kc_bytes {
	const char *data; /* NUL-terminated beside its length; NULL: not set */
	size_t len;
};

struct kc_strings {
	const char *const *v;
	size_t len;
};

struct kc_pairs {
	const struct rt_named_value *v;
	size_t len;
};

/* name and file come first in every entry, so that one table-driven decoder serves them all. */
struct kc_entry {
	const char *name, *file;
};

struct kc_cluster {
	struct kc_entry e;
	const char *server, *tls_server_name, *proxy_url, *ca_file;
	struct kc_bytes ca_data;
	bool insecure, disable_compression;
	const char *exec_config; /* JSON of the extension for exec plugins */
};

struct kc_exec {
	bool set;
	const char *command, *api_version, *install_hint, *interactive_mode;
	bool provide_cluster_info;
	struct kc_strings args;
	struct kc_pairs env;
};

struct kc_user {
	struct kc_entry e;
	const char *cert_file, *key_file;
	struct kc_bytes cert_data, key_data;
	const char *token, *token_file, *username, *password;
	const char *as, *as_uid;
	struct kc_strings as_groups;
	struct kc_pairs as_extra;
	struct kc_exec exec;
	const char *provider, *provider_token; /* auth-provider: its name and its id-token */
};

struct kc_context {
	struct kc_entry e;
	const char *cluster, *user, *namespace_;
};

struct kc_merged {
	RT_VEC(const char *) files;   /* read, in order */
	RT_VEC(const char *) missing; /* listed and absent */
	RT_VEC(struct kc_cluster) clusters;
	RT_VEC(struct kc_user) users;
	RT_VEC(struct kc_context) contexts;
	const char *current_context, *current_file;
};

/* One run of rt_kubeconfig_load. */
struct kc {
	struct rt_arena *a;
	const struct rt_kubeconfig_opts *opts;
	const char *cwd; /* relative --kubeconfig and KUBECONFIG elements start here */
	struct kc_merged merged;
	RT_VEC(const char *) warnings;
	const char *foreign; /* the host that --server leads away from, or NULL */
	struct rt_kubeconfig *cfg;
};

void kc_warn(struct kc *kc, const char *fmt, ...) RT_PRINTF(2, 3);
/* The value of a variable; NULL when unset or empty, which kubectl treats alike. */
const char *kc_env(const struct kc *kc, const char *name);

/* kubeconfig_files.c: which files, read and merged. */
enum rt_status kc_read_all(struct kc *kc, struct rt_error *err);

/* kubeconfig_decode.c: one file's text into merged; what an earlier file named stays. */
enum rt_status kc_decode(
    struct kc *kc, const char *path, const char *text, size_t len, struct rt_error *err);

/* kubeconfig_endpoint.c, kubeconfig_auth.c: entries with the flags applied, checked and resolved.
 * The cluster and the user are copies that may be changed. */
enum rt_status kc_resolve_endpoint(struct kc *kc, struct kc_cluster *cluster, struct rt_error *err);
enum rt_status kc_resolve_auth(struct kc *kc, struct kc_user *user, struct rt_error *err);

/* kuberc.c */
enum rt_status kc_read_kuberc(struct kc *kc, struct rt_error *err);

/* kubeconfig_util.c */
const struct kc_cluster *kc_find_cluster(const struct kc_merged *m, const char *name);
const struct kc_user *kc_find_user(const struct kc_merged *m, const char *name);
const struct kc_context *kc_find_context(const struct kc_merged *m, const char *name);
/* dir/path with "." and ".." resolved by name, as Go joins paths; path when it is absolute. */
const char *kc_join_path(struct rt_arena *a, const char *dir, const char *path);
/* A URL without its user information. */
const char *kc_without_userinfo(struct rt_arena *a, const char *url);
/* True for what `kubectl config view` prints in place of a secret. */
bool kc_is_placeholder(const char *text);
bool kc_has_control(const char *s);
/* The hint of an unknown name: the nearest one, and what there is. */
void kc_hint_names(struct rt_error *err, const char *what, const char *wanted,
    const char *const *names, size_t count);

#endif
