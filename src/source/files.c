/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files.c - manifests from files, directories and standard input.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/str.h"
#include "rutter/vec.h"
#include "source_int.h"

/* More than any manifest. JSON of any size is read in portions. */
#define LARGEST_YAML ((size_t)1 << 30)
#define LARGEST_KEPT ((size_t)16 << 20)
#define PORTION ((size_t)64 << 10)

typedef RT_VEC(char *) name_list;

static enum rt_status io_error(struct rt_error *err, const char *path)
{
	(void)rt_fail(err, RT_IO, "reading %s: %s", rt_source_shown(path), strerror(errno));
	if (strstr(path, "://"))
		rt_error_hint(
		    err, "URLs are not read; fetch it: curl -s %s | rutter check -f -", path);
	return RT_IO;
}

/* Up to size bytes, fewer only at the end. */
static enum rt_status read_portion(
    int fd, const char *path, struct rt_buf *portion, struct rt_error *err)
{
	rt_buf_clear(portion);
	while (portion->len < PORTION) {
		char chunk[16384];
		size_t room = PORTION - portion->len;
		ssize_t n = read(fd, chunk, room < sizeof(chunk) ? room : sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return io_error(err, path);
		if (n == 0)
			break;
		rt_buf_add(portion, chunk, (size_t)n);
	}
	return RT_OK;
}

struct input {
	struct rt_store *store;
	const struct rt_files_opts *opts;
	const char *path;
	int fd;
	struct rt_buf portion;
	struct rt_buf *keep; /* standard input's text for later, or NULL */
};

static enum rt_status next_portion(struct input *in, struct rt_error *err)
{
	enum rt_status st = read_portion(in->fd, in->path, &in->portion, err);
	if (st == RT_OK && in->keep && !in->keep->full)
		rt_buf_add(in->keep, in->portion.data, in->portion.len);
	return st;
}

/* One object at a time: memory does not grow with the file but with what is kept of it. */
static enum rt_status read_json(struct input *in, struct rt_error *err)
{
	struct rt_json_stream *json =
	    rt_json_stream_new(in->store, in->path, in->opts->overlay, in->fd);
	enum rt_status st = RT_OK;
	while (st == RT_OK && in->portion.len > 0) {
		st = rt_json_stream_feed(json, in->portion.data, in->portion.len, err);
		if (st == RT_OK)
			st = next_portion(in, err);
	}
	if (st == RT_OK)
		st = rt_json_stream_end(json, err);
	rt_json_stream_free(json);
	return st;
}

static enum rt_status read_yaml(struct input *in, struct rt_error *err)
{
	struct rt_buf text = RT_BUF_MAX(LARGEST_YAML);
	enum rt_status st = RT_OK;
	while (st == RT_OK && in->portion.len > 0) {
		if (rt_buf_add(&text, in->portion.data, in->portion.len))
			st = next_portion(in, err);
		else
			st = rt_fail(err, RT_LIMIT, "reading %s: larger than 1 GiB", in->path);
	}
	if (st == RT_OK)
		st = rt_source_text_read(
		    in->store, in->path, in->opts->overlay, rt_buf_str(&text), text.len, err);
	if (st == RT_INPUT && memmem(text.data, text.len, "{{", 2))
		rt_error_hint(
		    err, "a template? render it first: helm template CHART | rutter check -f -");
	rt_buf_done(&text);
	return st;
}

static bool is_gzip(const struct rt_buf *portion)
{
	return portion->len > 2 && memcmp(portion->data, "\x1f\x8b", 2) == 0;
}

static enum rt_status compressed(const char *path, struct rt_error *err)
{
	(void)rt_fail(err, RT_INPUT, "reading %s: it is compressed", rt_source_shown(path));
	rt_error_hint(err, "gunzip -c %s | rutter check -f -", path);
	return RT_INPUT;
}

static enum rt_status read_fd(struct rt_store *s, const struct rt_files_opts *opts, int fd,
    const char *path, struct rt_error *err)
{
	struct input in = {.store = s, .opts = opts, .path = path, .fd = fd};
	if (strcmp(path, "-") == 0 && opts->keep_stdin) {
		in.keep = opts->keep_stdin;
		in.keep->max = LARGEST_KEPT;
	}
	enum rt_status st = next_portion(&in, err);
	if (st == RT_OK && is_gzip(&in.portion))
		st = compressed(path, err);
	else if (st == RT_OK && rt_source_is_json(rt_buf_str(&in.portion), in.portion.len))
		st = read_json(&in, err);
	else if (st == RT_OK)
		st = read_yaml(&in, err);
	rt_buf_done(&in.portion);
	if (in.keep && in.keep->full)
		rt_buf_done(in.keep);
	return st;
}

static enum rt_status read_file(
    struct rt_store *s, const struct rt_files_opts *opts, const char *path, struct rt_error *err)
{
	RT_AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return io_error(err, path);
	return read_fd(s, opts, fd, path, err);
}

/* ------------------------------------------------------------------ directories */

static bool is_manifest(const char *name)
{
	static const char *const endings[] = {".yaml", ".yml", ".json"};
	size_t len = strlen(name);
	for (size_t i = 0; i < RT_ARRAY_LEN(endings); i++) {
		size_t n = strlen(endings[i]);
		if (len > n && strcmp(name + len - n, endings[i]) == 0)
			return true;
	}
	return false;
}

static enum rt_status list_directory(const char *path, name_list *names, struct rt_error *err)
{
	DIR *dir = opendir(path);
	if (!dir)
		return io_error(err, path);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir))
		if (e->d_name[0] != '.') /* as a shell's *: neither .git nor an editor's copy */
			rt_vec_push(names, NULL, rt_xprintf("%s/%s", path, e->d_name));
	closedir(dir);
	rt_vec_sort(names, rt_str_order);
	return RT_OK;
}

static enum rt_status read_directory(
    struct rt_store *s, const struct rt_files_opts *opts, const char *path, struct rt_error *err);

/* As kubectl: links lead to files, never to directories, where they could lead back up. */
static enum rt_status read_entry(
    struct rt_store *s, const struct rt_files_opts *opts, const char *path, struct rt_error *err)
{
	struct stat own, st;
	if (lstat(path, &own) != 0 || stat(path, &st) != 0)
		return is_manifest(path) ? io_error(err, path) : RT_OK;
	if (S_ISDIR(own.st_mode))
		return opts->recursive ? read_directory(s, opts, path, err) : RT_OK;
	return is_manifest(path) && !S_ISDIR(st.st_mode) ? read_file(s, opts, path, err) : RT_OK;
}

static enum rt_status read_directory(
    struct rt_store *s, const struct rt_files_opts *opts, const char *path, struct rt_error *err)
{
	name_list names = {0};
	enum rt_status st = list_directory(path, &names, err);
	for (size_t i = 0; i < names.len; i++) {
		if (st == RT_OK)
			st = read_entry(s, opts, names.v[i], err);
		free(names.v[i]);
	}
	rt_vec_free(&names);
	return st;
}

static enum rt_status read_path(struct rt_store *s, const struct rt_files_opts *opts,
    const char *path, bool *ret_directory, struct rt_error *err)
{
	struct stat st;
	*ret_directory = false;
	if (!*path) /* an unset variable of a script */
		return rt_fail(err, RT_USAGE, "-f \"\": it takes a file, a directory or -");
	if (strcmp(path, "-") == 0)
		return read_fd(s, opts, STDIN_FILENO, path, err);
	if (stat(path, &st) != 0)
		return io_error(err, path);
	*ret_directory = S_ISDIR(st.st_mode);
	if (*ret_directory)
		return read_directory(s, opts, path, err);
	return read_file(s, opts, path, err);
}

enum rt_status rt_source_files(
    struct rt_store *s, const struct rt_files_opts *opts, struct rt_error *err)
{
	for (size_t i = 0; i < opts->count; i++) {
		bool directory;
		uint64_t before = rt_store_version(s);
		enum rt_status st = read_path(s, opts, opts->paths[i], &directory, err);
		if (st != RT_OK)
			return st;
		if (opts->held_nothing && rt_store_version(s) == before)
			opts->held_nothing(opts->ctx, rt_source_shown(opts->paths[i]), directory);
	}
	return RT_OK;
}
