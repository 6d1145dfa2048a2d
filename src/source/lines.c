/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.c - an object looked up again in its file: the line of a field, and its text.
 * In JSON the object's offset is known and only the object is read. In YAML its line is: the text
 * from there on is parsed as far as the field stands, which needs neither what is before it nor
 * its anchors. Where that does not work the whole document is followed; a budget bounds that.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/json.h"
#include "rutter/map.h"
#include "rutter/mem.h"
#include "rutter/vec.h"
#include "rutter/yaml.h"
#include "source_int.h"

/* Beyond these the line of the object is good enough. */
#define LARGEST_YAML ((size_t)32 << 20)
#define BUDGET ((size_t)128 << 20)
#define MOST_TEXT ((size_t)64 << 20)
/* Every so many lines the text's index has an entry. */
#define LINES_A_STEP 64

struct file {
	int fd; /* -1: standard input, or it cannot be read again */
	bool is_stdin;
	struct rt_buf text; /* of a YAML file, once needed */
	bool read;
	RT_VEC(size_t) steps; /* offsets of the lines 1, 65, 129, … of text */
};

struct rt_line_finder {
	struct rt_map files; /* path -> struct file */
	const struct rt_buf *stdin_text;
	size_t text_bytes;
	size_t spent;
};

struct rt_line_finder *rt_line_finder_new(const struct rt_buf *stdin_text)
{
	struct rt_line_finder *f = rt_xcalloc(1, sizeof(*f));

	f->stdin_text = stdin_text;
	return f;
}

static void forget_text(struct file *file)
{
	rt_buf_done(&file->text);
	rt_vec_free(&file->steps);
	file->read = false;
}

static void forget_files(struct rt_line_finder *f)
{
	RT_MAP_EACH (&f->files, e) {
		struct file *file = e->value;

		forget_text(file);
		if (file->fd >= 0)
			close(file->fd);
		free(file);
	}
	rt_map_done(&f->files);
	f->text_bytes = 0;
}

void rt_line_finder_free(struct rt_line_finder *f)
{
	if (!f)
		return;
	forget_files(f);
	free(f);
}

/* A pipe was empty after the first time, and to open it would wait for its writer. */
static int open_again(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	return -1;
}

static struct file *open_file(struct rt_line_finder *f, const char *path)
{
	struct file *file = rt_map_get(&f->files, path);

	if (file)
		return file;
	/* Neither descriptors nor memory may grow with the number of files. */
	if (f->files.live >= 64 || f->text_bytes > MOST_TEXT)
		forget_files(f);
	file = rt_xcalloc(1, sizeof(*file));
	file->is_stdin = strcmp(path, "-") == 0;
	file->fd = file->is_stdin ? -1 : open_again(path);
	rt_map_set(&f->files, path, file);
	return file;
}

static void read_all(struct file *file)
{
	char chunk[16384];
	ssize_t n = 0;

	file->text.max = LARGEST_YAML;
	do {
		n = pread(file->fd, chunk, sizeof(chunk), (off_t)file->text.len);
	} while (n > 0 && rt_buf_add(&file->text, chunk, (size_t)n));
	if (file->text.full)
		rt_buf_done(&file->text);
}

static void index_lines(struct file *file)
{
	const char *p = rt_buf_str(&file->text), *start = p;

	for (size_t line = 0; p; line++) {
		const char *end = strchr(p, '\n');

		if (line % LINES_A_STEP == 0)
			rt_vec_push(&file->steps, NULL, (size_t)(p - start));
		p = end ? end + 1 : NULL;
	}
}

/* The text of a YAML file, empty when it cannot be had. */
static const struct rt_buf *text_of(struct rt_line_finder *f, const char *path)
{
	struct file *file = open_file(f, path);

	if (file->read)
		return &file->text;
	file->read = true;
	if (file->fd >= 0)
		read_all(file);
	else if (file->is_stdin && f->stdin_text)
		rt_buf_add(&file->text, rt_buf_str(f->stdin_text), f->stdin_text->len);
	f->text_bytes += file->text.len;
	index_lines(file);
	return &file->text;
}

static const char *line_start(const struct file *file, unsigned line)
{
	size_t step = (line - 1) / LINES_A_STEP;
	const char *p;

	if (line == 0 || step >= file->steps.len)
		return NULL;
	p = rt_buf_str(&file->text) + file->steps.v[step];
	for (size_t i = (line - 1) % LINES_A_STEP; i > 0 && p; i--) {
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
	return p;
}

/* ------------------------------------------------------------------ JSON */

/* The object's text, in *ret. */
static bool json_text(struct rt_line_finder *f, const struct rt_origin *origin, struct rt_buf *ret)
{
	struct file *file = open_file(f, origin->file);
	const struct rt_buf *all = file->is_stdin ? f->stdin_text : NULL;
	uint64_t offset = (uint64_t)origin->offset;
	size_t len;

	if (file->fd >= 0)
		return rt_source_value_at(file->fd, offset, ret);
	if (!all || offset >= all->len)
		return false;
	len = rt_json_value_len(all->data + offset, all->len - offset);
	return len > 0 && rt_buf_add(ret, all->data + offset, len);
}

static unsigned json_line(
    struct rt_line_finder *f, const struct rt_origin *origin, const char *field)
{
	struct rt_buf text = {0};
	unsigned line = 0;

	if (json_text(f, origin, &text))
		line = rt_json_locate(text.data, text.len, field);
	rt_buf_done(&text);
	return line ? origin->line + line - 1 : 0;
}

/* ------------------------------------------------------------------ YAML */

/* From the object's own line. 0: that is no place to start from. */
static unsigned slice_line(
    const struct file *file, const struct rt_origin *origin, const char *field)
{
	const char *text = line_start(file, origin->line);
	size_t rest = text ? file->text.len - (size_t)(text - file->text.data) : 0;
	char *path;
	unsigned line;

	if (!text)
		return 0;
	if (origin->item < 0) {
		line = rt_yaml_locate(text, rest, 0, field);
	} else {
		/* An element of a block sequence: the slice is a sequence that starts with it. */
		if (text[strspn(text, " ")] != '-')
			return 0;
		path = rt_xprintf("[0].%s", field);
		line = rt_yaml_locate(text, rest, 0, path);
		free(path);
	}
	return line ? origin->line + line - 1 : 0;
}

static unsigned yaml_line(
    struct rt_line_finder *f, const struct rt_origin *origin, const char *field)
{
	const struct rt_buf *text = text_of(f, origin->file);
	unsigned line;
	char *path;

	if (text->len == 0)
		return 0;
	line = slice_line(rt_map_get(&f->files, origin->file), origin, field);
	if (line)
		return line;
	f->spent += text->len;
	if (f->spent > BUDGET)
		return 0;
	path =
	    origin->item < 0 ? rt_xstrdup(field) : rt_xprintf("items[%d].%s", origin->item, field);
	line = rt_yaml_locate(text->data, text->len, origin->doc, path);
	free(path);
	return line;
}

unsigned rt_line_find(struct rt_line_finder *f, const struct rt_origin *origin, const char *field)
{
	unsigned line;

	if (!origin->file || !field)
		return origin->line;
	line = origin->offset >= 0 ? json_line(f, origin, field) : yaml_line(f, origin, field);
	return line ? line : origin->line;
}

/* ------------------------------------------------------------------ the object's text */

struct wanted {
	const struct rt_origin *origin;
	struct rt_buf *out;
};

static enum rt_status take_document(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	const struct wanted *w = ctx;
	const struct json_t *value = doc->value;
	char path[32];

	(void)err;
	if (doc->index != w->origin->doc)
		return RT_OK;
	snprintf(path, sizeof(path), "items[%d]", w->origin->item);
	if (w->origin->item >= 0)
		value = rt_json_at(value, path);
	if (value)
		rt_yaml_write(w->out, value, 0);
	return RT_CANCELLED; /* found: nothing more is wanted */
}

static void write_yaml(struct rt_line_finder *f, const struct rt_origin *origin, struct rt_buf *out)
{
	const struct rt_buf *text = text_of(f, origin->file);
	struct wanted w = {origin, out};
	enum rt_status st =
	    rt_yaml_parse(rt_buf_str(text), text->len, origin->file, take_document, &w, NULL);

	if (st != RT_OK && st != RT_CANCELLED)
		rt_buf_clear(out);
}

static void write_json(struct rt_line_finder *f, const struct rt_origin *origin, struct rt_buf *out)
{
	struct rt_buf text = {0};
	struct json_t *value = NULL;

	if (json_text(f, origin, &text) &&
	    rt_json_parse(text.data, text.len, origin->file, &value, NULL) == RT_OK)
		rt_yaml_write(out, value, 0);
	rt_json_free(value);
	rt_buf_done(&text);
}

char *rt_source_text(struct rt_line_finder *f, const struct rt_obj *obj)
{
	struct rt_buf out = {0};

	if (obj->kind == RT_KIND_SECRET) {
		struct json_t *value = rt_encode(obj);

		rt_yaml_write(&out, value, 0);
		rt_json_free(value);
	} else if (obj->origin.file && obj->origin.offset >= 0) {
		write_json(f, &obj->origin, &out);
	} else if (obj->origin.file) {
		write_yaml(f, &obj->origin, &out);
	}
	return out.len > 0 ? rt_buf_take(&out) : NULL;
}
