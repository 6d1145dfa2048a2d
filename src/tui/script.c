/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script.c - sessions that are played from a file: keys in, what is on the screen out.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

#define PATIENCE_MS 30000 /* for a text or for idleness */

struct rt_script {
	char *source;
	char *text;
	RT_VEC(char *) lines; /* in text; blank and comment lines too, so that numbers are right */
	size_t next;
	const char *rest; /* of a key or type line that is under way */
	int64_t since_ms; /* when the present step began to wait, 0: it does not */
};

struct step {
	struct rt_script *s;
	struct rt_tui *t;
	struct rt_term *term;
	const char *argument;
	struct rt_buf *out;
	struct rt_error *err;
};

enum rt_status rt_script_new(
    const char *text, size_t len, const char *source, struct rt_script **ret, struct rt_error *err)
{
	struct rt_script *s;

	if (memchr(text, '\0', len))
		return rt_fail(err, RT_INPUT, "%s: holds a NUL byte", source);
	s = rt_xcalloc(1, sizeof(*s));
	s->source = rt_xstrdup(source);
	s->text = rt_xstrndup(text, len);
	for (char *p = s->text; *p;) {
		size_t n = strcspn(p, "\n");
		rt_vec_push(&s->lines, NULL, p);
		p += n;
		if (*p)
			*p++ = '\0';
	}
	*ret = s;
	return RT_OK;
}

void rt_script_free(struct rt_script *s)
{
	if (!s)
		return;
	free(s->source);
	free(s->text);
	rt_vec_free(&s->lines);
	free(s);
}

static enum rt_script_state failed(const struct step *st, const char *fmt, ...) RT_PRINTF(2, 3);
static enum rt_script_state failed(const struct step *st, const char *fmt, ...)
{
	struct rt_buf why = RT_BUF_MAX(900);
	va_list ap;

	va_start(ap, fmt);
	rt_buf_vprintf(&why, fmt, ap);
	va_end(ap);
	(void)rt_fail(
	    st->err, RT_INPUT, "%s:%zu: %s", st->s->source, st->s->next + 1, rt_buf_str(&why));
	rt_buf_done(&why);
	rt_buf_puts(st->out, "--- the screen then\n");
	rt_grid_dump(rt_term_memory_grid(st->term), st->out);
	return RT_SCRIPT_FAILED;
}

static bool on_screen(const struct step *st, const char *text)
{
	const struct rt_grid *g = rt_term_memory_grid(st->term);
	bool found = false;

	for (int y = 0; y < g->h && !found; y++) {
		struct rt_buf row = {0};
		rt_grid_row_text(g, y, &row);
		found = strstr(rt_buf_str(&row), text) != NULL;
		rt_buf_done(&row);
	}
	return found;
}

/* ---------------------------------------------------------------- steps */

static void feed_key(const struct step *st, uint32_t key)
{
	rt_term_memory_feed(st->term, &(struct rt_event){.type = RT_EVENT_KEY, .key = key});
	rt_tui_handle_input(st->t);
}

/* One key at a time, so that each meets a screen that is up to date. */
static enum rt_script_state do_key(struct step *st)
{
	const char *rest = st->s->rest ? st->s->rest : st->argument;
	size_t len;
	char name[16] = "";
	uint32_t key;

	rest += strspn(rest, " ");
	len = strcspn(rest, " ");
	memcpy(name, rest, len < sizeof(name) ? len : sizeof(name) - 1);
	if (!rt_key_parse(name, &key))
		return failed(st, "no key called \"%s\"", name);
	feed_key(st, key);
	rest += len;
	rest += strspn(rest, " ");
	st->s->rest = *rest ? rest : NULL;
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_type(struct step *st)
{
	const char *rest = st->s->rest ? st->s->rest : st->argument;
	uint32_t cp;

	if (!*rest)
		return RT_SCRIPT_GOES_ON;
	rest += rt_utf8_decode(rest, strlen(rest), &cp);
	feed_key(st, cp == ' ' ? (uint32_t)RT_KEY_SPACE : cp);
	st->s->rest = *rest ? rest : NULL;
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_mouse(struct step *st)
{
	struct rt_event e = {.type = RT_EVENT_MOUSE, .mouse = RT_MOUSE_PRESS};
	char what[16] = "";

	if (sscanf(st->argument, "%d,%d %15s", &e.x, &e.y, what) < 2)
		return failed(st, "mouse takes X,Y");
	if (!strcmp(what, "wheel-up"))
		e.mouse = RT_MOUSE_WHEEL_UP;
	else if (!strcmp(what, "wheel-down"))
		e.mouse = RT_MOUSE_WHEEL_DOWN;
	rt_term_memory_feed(st->term, &e);
	rt_tui_handle_input(st->t);
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_resize(struct step *st)
{
	int w, h;

	if (sscanf(st->argument, "%dx%d", &w, &h) != 2)
		return failed(st, "resize takes WxH");
	rt_term_memory_resize(st->term, w, h);
	rt_tui_handle_input(st->t);
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_expect(struct step *st)
{
	if (!on_screen(st, st->argument))
		return failed(st, "\"%s\" is not on the screen", st->argument);
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_absent(struct step *st)
{
	if (on_screen(st, st->argument))
		return failed(st, "\"%s\" is on the screen", st->argument);
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_dump(struct step *st)
{
	const struct rt_grid *g = rt_term_memory_grid(st->term);

	rt_buf_printf(st->out, "--- %s %dx%d\n", st->argument, g->w, g->h);
	rt_grid_dump(g, st->out);
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_styles(struct step *st)
{
	rt_buf_printf(st->out, "--- %s, roles\n", st->argument);
	rt_grid_dump_styles(rt_term_memory_grid(st->term), st->out);
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_copied(struct step *st)
{
	if (!strstr(rt_term_memory_copied(st->term), st->argument))
		return failed(st, "copied is \"%s\"", rt_term_memory_copied(st->term));
	return RT_SCRIPT_GOES_ON;
}

static enum rt_script_state do_wait(struct step *st)
{
	if (!strcmp(st->argument, "idle"))
		return RT_SCRIPT_GOES_ON;
	if (strncmp(st->argument, "text ", 5) != 0)
		return failed(st, "wait takes idle or text");
	return on_screen(st, st->argument + 5) ? RT_SCRIPT_GOES_ON : RT_SCRIPT_WAITS;
}

struct step_info {
	const char *name;
	enum rt_script_state (*fn)(struct step *st);
};

static const struct step_info infos[] = {
    {"key", do_key},
    {"type", do_type},
    {"mouse", do_mouse},
    {"resize", do_resize},
    {"wait", do_wait},
    {"expect", do_expect},
    {"absent", do_absent},
    {"dump", do_dump},
    {"styles", do_styles},
    {"copied", do_copied},
};

static enum rt_script_state do_line(struct step *st, const char *line)
{
	size_t len = strcspn(line, " ");

	st->argument = line + len + (line[len] == ' ');
	for (size_t i = 0; i < RT_ARRAY_LEN(infos); i++)
		if (strlen(infos[i].name) == len && !strncmp(infos[i].name, line, len))
			return infos[i].fn(st);
	return failed(st, "no step called \"%.*s\"", (int)len, line);
}

static bool is_blank(const char *line)
{
	return !*line || *line == '#';
}

/* Waiting has an end: a text that does not come is a failure, not a hang. */
static enum rt_script_state wait_on(struct step *st)
{
	int64_t now = st->t->ops->clock_ms(st->t->ctx);

	if (!st->s->since_ms)
		st->s->since_ms = now;
	if (now - st->s->since_ms > PATIENCE_MS)
		return failed(
		    st, "waited %d s for: %s", PATIENCE_MS / 1000, st->s->lines.v[st->s->next]);
	return RT_SCRIPT_WAITS;
}

enum rt_script_state rt_script_step(struct rt_script *s, struct rt_tui *t, struct rt_term *term,
    bool idle, struct rt_buf *out, struct rt_error *err)
{
	struct step st = {.s = s, .t = t, .term = term, .out = out, .err = err};
	enum rt_script_state state;
	const char *line;

	while (s->next < s->lines.len && is_blank(s->lines.v[s->next]))
		s->next++;
	if (s->next == s->lines.len)
		return RT_SCRIPT_DONE;
	line = s->lines.v[s->next];
	if (rt_tui_wants_frame(t))
		rt_tui_draw(t);
	if ((!idle || rt_tui_is_busy(t)) && strncmp(line, "wait text ", 10) != 0)
		return wait_on(&st);
	state = do_line(&st, line);
	if (state == RT_SCRIPT_WAITS)
		return wait_on(&st);
	s->since_ms = 0;
	if (state == RT_SCRIPT_GOES_ON && !s->rest)
		s->next++;
	return state;
}
