/* SPDX-License-Identifier: Apache-2.0 */
/*
 * theme_dir.c - themes by name: in the user's folder, then in that of the installation, then those
 * in the program.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/str.h"
#include "theme_int.h"

#define THEME_MAX (256 * 1024)

static const char *const suffixes[] = {".yaml", ".yml"};

static char *read_file(const char *path, size_t *ret_len)
{
	struct rt_buf b = RT_BUF_MAX(THEME_MAX);
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "re");

	if (!f)
		return NULL;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		rt_buf_add(&b, chunk, n);
	fclose(f);
	*ret_len = b.len;
	return rt_buf_take(&b);
}

char *rt_theme_read(const char *const dirs[2], const char *name, size_t *ret_len)
{
	const char *text;

	if (strchr(name, '/'))
		return read_file(name, ret_len);
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; dirs[i] && j < RT_ARRAY_LEN(suffixes); j++) {
			char *path = rt_xprintf("%s/%s%s", dirs[i], name, suffixes[j]);
			char *found = read_file(path, ret_len);
			free(path);
			if (found)
				return found;
		}
	}
	text = rt_theme_text(name);
	*ret_len = text ? strlen(text) : 0;
	return text ? rt_xstrdup(text) : NULL;
}

static bool cut_suffix(char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < RT_ARRAY_LEN(suffixes); i++) {
		size_t n = strlen(suffixes[i]);
		if (len > n && !strcmp(name + len - n, suffixes[i])) {
			name[len - n] = '\0';
			return true;
		}
	}
	return false;
}

typedef RT_VEC(char *) names_vec;

static void add_dir(names_vec *names, const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;

	while (d && (entry = readdir(d)) != NULL) {
		char *name = rt_xstrdup(entry->d_name);
		if (name[0] != '.' && cut_suffix(name))
			rt_vec_push(names, NULL, name);
		else
			free(name);
	}
	if (d)
		closedir(d);
}

void rt_theme_list(const char *const dirs[2], void (*fn)(void *ctx, const char *name), void *ctx)
{
	names_vec names = {0};

	for (size_t i = 0; rt_theme_texts[i][0]; i++)
		rt_vec_push(&names, NULL, rt_xstrdup(rt_theme_texts[i][0]));
	for (int i = 0; i < 2; i++)
		if (dirs[i])
			add_dir(&names, dirs[i]);
	qsort(names.v, names.len, sizeof(*names.v), rt_str_order);
	for (size_t i = 0; i < names.len; i++) {
		if (!i || strcmp(names.v[i], names.v[i - 1]) != 0)
			fn(ctx, names.v[i]);
	}
	for (size_t i = 0; i < names.len; i++)
		free(names.v[i]);
	rt_vec_free(&names);
}
