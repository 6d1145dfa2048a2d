/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.c - the line of a field in the file that an object came from. Files are read again, each
 * once; looking for a field parses a document, so a budget bounds what one run spends on it.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/map.h"
#include "rutter/mem.h"
#include "rutter/source.h"
#include "rutter/yaml.h"

/* Beyond these the line of the object is good enough. */
#define LARGEST_FILE ((size_t)8 << 20)
#define BUDGET ((size_t)128 << 20)

struct rt_line_finder {
	struct rt_map files; /* path -> struct rt_buf */
	size_t spent;
};

struct rt_line_finder *rt_line_finder_new(void)
{
	return rt_xcalloc(1, sizeof(struct rt_line_finder));
}

void rt_line_finder_free(struct rt_line_finder *f)
{
	if (!f)
		return;
	RT_MAP_EACH (&f->files, e) {
		rt_buf_done(e->value);
		free(e->value);
	}
	rt_map_done(&f->files);
	free(f);
}

static void slurp(struct rt_buf *b, const char *path)
{
	RT_AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[65536];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, chunk, sizeof(chunk))) > 0)
		if (!rt_buf_add(b, chunk, (size_t)n))
			break;
}

/* Empty when the file cannot be read again. */
static const struct rt_buf *text_of(struct rt_line_finder *f, const char *path)
{
	struct rt_buf *b = rt_map_get(&f->files, path);

	if (b)
		return b;
	b = rt_xcalloc(1, sizeof(*b));
	b->max = LARGEST_FILE;
	if (strcmp(path, "-") != 0)
		slurp(b, path);
	if (b->full)
		rt_buf_done(b);
	rt_map_set(&f->files, path, b);
	return b;
}

unsigned rt_line_find(struct rt_line_finder *f, const struct rt_origin *origin, const char *field)
{
	const struct rt_buf *text;
	unsigned line = 0;
	char *path;

	if (!origin->file || !field)
		return origin->line;
	text = text_of(f, origin->file);
	f->spent += text->len;
	if (!text->len || f->spent > BUDGET)
		return origin->line;
	path =
	    origin->item < 0 ? rt_xstrdup(field) : rt_xprintf("items[%d].%s", origin->item, field);
	line = rt_yaml_locate(text->data, text->len, origin->doc, path);
	free(path);
	return line ? line : origin->line;
}
