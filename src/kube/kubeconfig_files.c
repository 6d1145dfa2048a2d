/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig_files.c - which kubeconfig files are read, in kubectl's order, and what their
 * permissions say. No '~' and no variable is expanded anywhere.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kubeconfig_internal.h"
#include "readfile.h"
#include "rutter/log.h"
#include "rutter/str.h"

/* Does the file hold something that opens a door by itself? A plugin's name does not. */
static bool holds_secret(const struct kc_merged *m, const char *path)
{
	for (size_t i = 0; i < m->users.len; i++) {
		const struct kc_user *u = &m->users.v[i];
		if (u->e.file == path &&
		    (u->token || u->password || u->key_data.data || u->provider_token))
			return true;
	}
	return false;
}

/* In a container, and for what root mounted for us, the modes say nothing about other people. */
static bool modes_matter(const struct kc *kc, const struct stat *st)
{
	return S_ISREG(st->st_mode) && !kc_env(kc, "KUBERNETES_SERVICE_HOST") &&
	       !(st->st_uid == 0 && geteuid() != 0);
}

static void warn_modes(struct kc *kc, const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0 || !modes_matter(kc, &st))
		return;
	if (st.st_mode & S_IWOTH)
		kc_warn(kc,
		    "kubeconfig %s can be written by everyone, who can thus run commands as you: "
		    "chmod 600 it",
		    path);
	else if ((st.st_mode & (S_IRGRP | S_IROTH)) && holds_secret(&kc->merged, path))
		kc_warn(kc,
		    "kubeconfig %s holds credentials and can be read by others: chmod 600 it",
		    path);
	const char *slash = strrchr(path, '/');
	const char *dir = slash ? rt_arena_strndup(kc->a, path, (size_t)(slash - path) + 1) : ".";
	if (stat(dir, &st) == 0 && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		kc_warn(kc, "the folder of kubeconfig %s can be written by everyone", path);
}

static enum rt_status read_file(
    struct kc *kc, const char *path, bool may_be_missing, struct rt_error *err)
{
	struct rt_buf text = RT_BUF_SECRET;
	struct rt_error why = {0};
	enum rt_status status = rt_kube_read_file(path, KC_FILE_MAX, &text, &why);

	if (status == RT_NOT_FOUND && may_be_missing) {
		rt_log(4, "kubeconfig", "%s: not there", path);
		rt_vec_push(&kc->merged.missing, kc->a, path);
		status = RT_OK;
	} else if (status != RT_OK) {
		status = rt_fail(err, RT_CONFIG, "kubeconfig %s: %s", path, why.msg);
	} else {
		rt_log(4, "kubeconfig", "reading %s", path);
		rt_vec_push(&kc->merged.files, kc->a, path);
		status = kc_decode(kc, path, rt_buf_str(&text), text.len, err);
		if (status == RT_OK)
			warn_modes(kc, path);
	}
	rt_buf_wipe(&text);
	return status;
}

static enum rt_status read_explicit(struct kc *kc, const char *path, struct rt_error *err)
{
	enum rt_status status = read_file(kc, rt_arena_strdup(kc->a, path), false, err);
	if (status != RT_OK && strchr(path, ':') && access(path, F_OK) != 0)
		rt_error_hint(
		    err, "--kubeconfig takes one file; the KUBECONFIG variable takes a list");
	return status;
}

/* Empty elements and exact duplicates are dropped. */
static enum rt_status read_list(struct kc *kc, const char *list, struct rt_error *err)
{
	RT_VEC(const char *) seen = {0};
	enum rt_status status = RT_OK;

	while (*list && status == RT_OK) {
		size_t len = strcspn(list, ":");
		const char *path = rt_arena_strndup(kc->a, list, len);
		if (len && !rt_str_listed(seen.v, seen.len, path)) {
			rt_vec_push(&seen, kc->a, path);
			status = read_file(kc, path, true, err);
		}
		list += len + (list[len] == ':');
	}
	return status;
}

/* client-go moves the old file to the new place; reading it where it is has the same outcome. */
static enum rt_status read_home(struct kc *kc, const char *home, struct rt_error *err)
{
	const char *path = rt_arena_printf(kc->a, "%s/.kube/config", home);
	const char *old = rt_arena_printf(kc->a, "%s/.kube/.kubeconfig", home);
	if (access(path, F_OK) != 0 && errno == ENOENT && access(old, F_OK) == 0)
		path = old;
	return read_file(kc, path, true, err);
}

enum rt_status kc_read_all(struct kc *kc, struct rt_error *err)
{
	const char *explicit_path = kc->opts->kubeconfig;
	const char *list = kc_env(kc, "KUBECONFIG"), *home = kc_env(kc, "HOME");

	if (explicit_path && explicit_path[0])
		return read_explicit(kc, explicit_path, err);
	if (list)
		return read_list(kc, list, err);
	return home ? read_home(kc, home, err) : RT_OK;
}
