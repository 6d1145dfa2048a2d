/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig_util.c - small helpers of the kubeconfig files: entries, paths, names, warnings.
 */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "kubeconfig_internal.h"
#include "rutter/nearest.h"

void kc_warn(struct kc *kc, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	const char *text = rt_arena_vprintf(kc->a, fmt, ap);
	va_end(ap);
	rt_vec_push(&kc->warnings, kc->a, text);
}

const char *kc_env(const struct kc *kc, const char *name)
{
	size_t len = strlen(name);
	for (const char *const *e = kc->opts->env; e && *e; e++)
		if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
			return (*e)[len + 1] ? *e + len + 1 : NULL;
	return NULL;
}

const struct kc_cluster *kc_find_cluster(const struct kc_merged *m, const char *name)
{
	for (size_t i = 0; i < m->clusters.len; i++)
		if (strcmp(m->clusters.v[i].e.name, name) == 0)
			return &m->clusters.v[i];
	return NULL;
}

const struct kc_user *kc_find_user(const struct kc_merged *m, const char *name)
{
	for (size_t i = 0; i < m->users.len; i++)
		if (strcmp(m->users.v[i].e.name, name) == 0)
			return &m->users.v[i];
	return NULL;
}

const struct kc_context *kc_find_context(const struct kc_merged *m, const char *name)
{
	for (size_t i = 0; i < m->contexts.len; i++)
		if (strcmp(m->contexts.v[i].e.name, name) == 0)
			return &m->contexts.v[i];
	return NULL;
}

/* Drops the last element of an absolute path under construction; "/" stays. */
static void drop_last(struct rt_buf *out)
{
	while (out->len && out->data[out->len - 1] != '/')
		out->len--;
	if (out->len)
		out->len--;
}

static void add_elements(struct rt_buf *out, const char *path)
{
	while (*path) {
		size_t len = strcspn(path, "/");
		if (len == 2 && path[0] == '.' && path[1] == '.')
			drop_last(out);
		else if (len && !(len == 1 && path[0] == '.')) {
			rt_buf_putc(out, '/');
			rt_buf_add(out, path, len);
		}
		path += len;
		path += strspn(path, "/");
	}
}

const char *kc_join_path(struct rt_arena *a, const char *dir, const char *path)
{
	RT_AUTO_BUF struct rt_buf out = {0};
	if (path[0] == '/')
		return rt_arena_strdup(a, path);
	add_elements(&out, dir);
	add_elements(&out, path);
	return out.len ? rt_arena_strndup(a, out.data, out.len) : "/";
}

const char *kc_without_userinfo(struct rt_arena *a, const char *url)
{
	const char *authority = strstr(url, "://");
	authority = authority ? authority + 3 : url;
	size_t len = strcspn(authority, "/?#");
	const char *at = memrchr(authority, '@', len);
	if (!at)
		return rt_arena_strdup(a, url);
	return rt_arena_printf(a, "%.*s%s", (int)(authority - url), url, at + 1);
}

bool kc_is_placeholder(const char *text)
{
	return strcmp(text, "DATA+OMITTED") == 0 || strcmp(text, "REDACTED") == 0;
}

bool kc_has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

void kc_hint_names(struct rt_error *err, const char *what, const char *wanted,
    const char *const *names, size_t count)
{
	enum { SHOWN = 8 };
	RT_AUTO_BUF struct rt_buf text = {0};
	struct rt_nearest near = {.wrong = wanted};

	for (size_t i = 0; i < count; i++)
		rt_nearest_offer(&near, names[i]);
	if (near.word)
		rt_buf_printf(&text, "did you mean \"%s\"? ", near.word);
	if (!count)
		rt_buf_printf(&text, "no %s is defined", what);
	else
		rt_buf_printf(&text, "known %ss: ", what);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		rt_buf_printf(&text, "%s%s", i ? ", " : "", names[i]);
	if (count > SHOWN)
		rt_buf_printf(&text, ", and %zu more", count - SHOWN);
	rt_error_hint(err, "%s", rt_buf_str(&text));
}
