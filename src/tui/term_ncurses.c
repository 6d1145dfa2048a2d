/* SPDX-License-Identifier: Apache-2.0 */
/*
 * term_ncurses.c - the real terminal, by way of ncursesw. The only file that knows curses.
 * Frames come as grids; curses compares them with the screen and writes what differs. Colours go
 * through alloc_pair, so neither the palette nor the user's own colours are touched.
 * The saved state at file scope is what a crash handler needs to put the terminal back; a process
 * has one controlling terminal, hence one.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/mem.h"
#include "rutter/term.h"

#define COPY_MAX 74994 /* what terminals commonly take in one OSC 52, before base64 */

struct curses_term {
	struct rt_term term;
	SCREEN *screen;
	struct rt_grid shown; /* the last frame, so that equal rows are skipped */
	bool whole;           /* the next frame draws every row */
	bool mouse_on;
	bool gone;
};

/* What a crash handler restores. Written before handlers are installed. */
static struct {
	volatile sig_atomic_t taken;
	struct termios tty;
	char bytes[256];
	size_t len;
} saved;

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
static struct sigaction old_actions[RT_ARRAY_LEN(fatal_signals)];

static struct curses_term *self(struct rt_term *t)
{
	return (struct curses_term *)t;
}

/* ---------------------------------------------------------------- the way back */

/* Puts the real terminal back, if one was taken. For the way out in a crash: async-signal-safe. */
static void restore(void)
{
	size_t done = 0;
	int keep_errno = errno;

	if (!saved.taken)
		return;
	saved.taken = 0;
	while (done < saved.len) {
		ssize_t n = write(STDOUT_FILENO, saved.bytes + done, saved.len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &saved.tty);
	errno = keep_errno;
}

/* Puts the handler that was there before back and returns: the fault happens again under it. */
static void on_fatal(int signo)
{
	restore();
	for (size_t i = 0; i < RT_ARRAY_LEN(fatal_signals); i++)
		sigaction(fatal_signals[i], &old_actions[i], NULL);
	if (signo == SIGABRT)
		raise(signo);
}

static void save_string(const char *s)
{
	size_t len = s && s != (const char *)-1 ? strlen(s) : 0;

	if (saved.len + len <= sizeof(saved.bytes)) {
		memcpy(saved.bytes + saved.len, s ? s : "", len);
		saved.len += len;
	}
}

static void save_state(void)
{
	tcgetattr(STDIN_FILENO, &saved.tty);
	saved.len = 0;
	save_string("\033[?1006l\033[?1000l");
	save_string(tigetstr("sgr0"));
	save_string(tigetstr("cnorm"));
	save_string(tigetstr("rmkx"));
	save_string(tigetstr("rmcup"));
}

static void catch_fatal(void)
{
	struct sigaction act = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER};

	for (size_t i = 0; i < RT_ARRAY_LEN(fatal_signals); i++)
		sigaction(fatal_signals[i], &act, &old_actions[i]);
}

/* ---------------------------------------------------------------- keys and mouse */

struct key_map {
	wint_t code;
	bool special; /* a curses key code, else a character */
	uint32_t key;
};

static const struct key_map key_maps[] = {
    {KEY_UP, true, RT_KEY_UP},
    {KEY_DOWN, true, RT_KEY_DOWN},
    {KEY_LEFT, true, RT_KEY_LEFT},
    {KEY_RIGHT, true, RT_KEY_RIGHT},
    {KEY_SLEFT, true, RT_KEY_SHIFT_LEFT},
    {KEY_SRIGHT, true, RT_KEY_SHIFT_RIGHT},
    {KEY_HOME, true, RT_KEY_HOME},
    {KEY_END, true, RT_KEY_END},
    {KEY_PPAGE, true, RT_KEY_PAGE_UP},
    {KEY_NPAGE, true, RT_KEY_PAGE_DOWN},
    {KEY_IC, true, RT_KEY_INSERT},
    {KEY_DC, true, RT_KEY_DELETE},
    {KEY_BACKSPACE, true, RT_KEY_BACKSPACE},
    {KEY_ENTER, true, RT_KEY_ENTER},
    {KEY_BTAB, true, RT_KEY_SHIFT_TAB},
    {'\r', false, RT_KEY_ENTER},
    {'\n', false, RT_KEY_ENTER},
    {'\t', false, RT_KEY_TAB},
    {0x1b, false, RT_KEY_ESCAPE},
    {0x7f, false, RT_KEY_BACKSPACE},
    {'\b', false, RT_KEY_BACKSPACE},
    {' ', false, RT_KEY_SPACE},
};

static bool map_key(wint_t code, bool special, struct rt_event *ret)
{
	ret->type = RT_EVENT_KEY;
	for (size_t i = 0; i < RT_ARRAY_LEN(key_maps); i++) {
		if (key_maps[i].code == code && key_maps[i].special == special) {
			ret->key = key_maps[i].key;
			return true;
		}
	}
	ret->key = (uint32_t)code;
	return !special;
}

static bool map_mouse(struct rt_event *ret)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return false;
	ret->type = RT_EVENT_MOUSE;
	ret->x = event.x;
	ret->y = event.y;
	if (event.bstate & BUTTON4_PRESSED)
		ret->mouse = RT_MOUSE_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		ret->mouse = RT_MOUSE_WHEEL_DOWN;
	else if (event.bstate & BUTTON1_PRESSED)
		ret->mouse = RT_MOUSE_PRESS;
	else
		return false;
	return true;
}

static bool curses_read(struct rt_term *t, struct rt_event *ret)
{
	wint_t code;

	if (self(t)->gone)
		return false;
	for (;;) {
		int kind = wget_wch(stdscr, &code);
		if (kind == ERR)
			return false;
		if (kind == KEY_CODE_YES && code == KEY_RESIZE)
			ret->type = RT_EVENT_RESIZE;
		else if (kind == KEY_CODE_YES && code == KEY_MOUSE
			     ? !map_mouse(ret)
			     : !map_key(code, kind == KEY_CODE_YES, ret))
			continue;
		return true;
	}
}

static void curses_mouse(struct rt_term *t, bool on)
{
	self(t)->mouse_on = on;
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

/* ---------------------------------------------------------------- frames */

static void curses_size(struct rt_term *t, int *ret_w, int *ret_h)
{
	struct winsize ws = {0};

	(void)t;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 && ws.ws_row > 0)
		resize_term(ws.ws_row, ws.ws_col);
	getmaxyx(stdscr, *ret_h, *ret_w);
}

struct attr_map {
	enum rt_attr bit;
	attr_t attr;
};

static attr_t attrs_of(unsigned bits)
{
	static const struct attr_map maps[] = {
	    {RT_ATTR_BOLD, A_BOLD},
	    {RT_ATTR_DIM, A_DIM},
	    {RT_ATTR_UNDERLINE, A_UNDERLINE},
	    {RT_ATTR_REVERSE, A_REVERSE},
	    {RT_ATTR_ITALIC, A_ITALIC},
	};
	attr_t out = A_NORMAL;

	for (size_t i = 0; i < RT_ARRAY_LEN(maps); i++)
		if (bits & maps[i].bit)
			out |= maps[i].attr;
	return out;
}

/* The direct-colour entries take values below 8 for palette indexes: nudge those to a real blue. */
static int curses_color(const struct rt_term *t, int32_t color)
{
	if (t->depth == RT_DEPTH_TRUE && color >= 0 && color < 8)
		return 8;
	return color;
}

static void put_cell(struct curses_term *c, const struct rt_grid *g, const struct rt_cell *cell,
    const struct rt_style *style)
{
	uint32_t cp[RT_CLUSTER_MAX];
	wchar_t text[RT_CLUSTER_MAX + 1] = {0};
	int pair = 0;
	cchar_t cc;

	rt_grid_cps(g, cell, cp);
	for (int i = 0; i < RT_CLUSTER_MAX && cp[i]; i++)
		text[i] = (wchar_t)cp[i];
	/* curses counts columns by the C library; where that disagrees a mark keeps them. */
	if (wcwidth(text[0]) != cell->width) {
		text[0] = cell->width == 2 ? 0x3000 : L'?';
		text[1] = 0;
	}
	if (c->term.depth != RT_DEPTH_NONE)
		pair = alloc_pair(
		    curses_color(&c->term, style->fg), curses_color(&c->term, style->bg));
	if (setcchar(&cc, text, attrs_of(style->attr), 0, &pair) == OK)
		add_wch(&cc);
}

static bool row_shown(const struct curses_term *c, const struct rt_grid *g, int y)
{
	const struct rt_cell *now = &g->cells[y * g->w];

	if (c->whole || c->shown.w != g->w || c->shown.h != g->h)
		return false;
	for (int x = 0; x < g->w; x++)
		if (now[x].glyph & RT_CELL_CLUSTER)
			return false; /* indexes of two frames do not compare */
	return !memcmp(now, &c->shown.cells[y * g->w], (size_t)g->w * sizeof(*now));
}

static void put_row(
    struct curses_term *c, const struct rt_grid *g, int y, const struct rt_theme *theme)
{
	const struct rt_cell *row = &g->cells[y * g->w];

	move(y, 0);
	for (int x = 0; x < g->w; x++) {
		struct rt_style style;
		if (row[x].width == 0)
			continue;
		style = rt_theme_style(theme, row[x].style);
		put_cell(c, g, &row[x], &style);
	}
}

static void curses_present(struct rt_term *t, const struct rt_grid *g, const struct rt_theme *theme)
{
	struct curses_term *c = self(t);
	bool cursor = g->cursor_x >= 0;

	for (int y = 0; y < g->h; y++)
		if (!row_shown(c, g, y))
			put_row(c, g, y, theme);
	if (c->shown.w != g->w || c->shown.h != g->h)
		rt_grid_resize(&c->shown, g->w, g->h);
	memcpy(c->shown.cells, g->cells, (size_t)g->w * (size_t)g->h * sizeof(*g->cells));
	c->whole = false;
	curs_set(cursor);
	if (cursor)
		move(g->cursor_y, g->cursor_x);
	refresh();
}

static void curses_redraw(struct rt_term *t)
{
	self(t)->whole = true;
	clearok(stdscr, TRUE);
}

static void curses_suspend(struct rt_term *t)
{
	if (self(t)->mouse_on)
		mousemask(0, NULL);
	endwin();
	saved.taken = 0;
}

static void curses_resume(struct rt_term *t)
{
	saved.taken = 1;
	refresh();
	flushinp(); /* what was typed meanwhile was meant for somebody else */
	curses_redraw(t);
	if (self(t)->mouse_on)
		curses_mouse(t, true);
}

/* ---------------------------------------------------------------- clipboard */

static void curses_copy(struct rt_term *t, const char *text)
{
	struct rt_buf b = {0};
	size_t len = strlen(text), done = 0;

	(void)t;
	rt_buf_puts(&b, "\033]52;c;");
	rt_base64_encode(&b, text, len > COPY_MAX ? COPY_MAX : len);
	rt_buf_puts(&b, "\a");
	while (done < b.len) {
		ssize_t n = write(STDOUT_FILENO, b.data + done, b.len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	rt_buf_done(&b);
}

/* ---------------------------------------------------------------- coming and going */

static void curses_close(struct rt_term *t)
{
	struct curses_term *c = self(t);

	if (c->mouse_on)
		mousemask(0, NULL);
	if (saved.taken)
		endwin();
	saved.taken = 0;
	for (size_t i = 0; i < RT_ARRAY_LEN(fatal_signals); i++)
		sigaction(fatal_signals[i], &old_actions[i], NULL);
	rt_die_hook = NULL;
	delscreen(c->screen);
	rt_grid_done(&c->shown);
	free(c);
}

static const struct rt_term_ops curses_ops = {
    .size = curses_size,
    .read = curses_read,
    .present = curses_present,
    .suspend = curses_suspend,
    .resume = curses_resume,
    .redraw = curses_redraw,
    .mouse = curses_mouse,
    .copy = curses_copy,
    .close = curses_close,
};

static enum rt_status no_terminal(struct rt_error *err, const char *why)
{
	rt_fail(err, RT_USAGE, "the terminal UI needs a terminal: %s", why);
	rt_error_hint(err, "rutter dump prints the same as text");
	return RT_USAGE;
}

/* setupterm leaves an entry behind that newterm does not take over. */
static void forget_probe(void)
{
	if (cur_term)
		del_curterm(cur_term);
}

static enum rt_status check_terminal(const char *name, struct rt_error *err)
{
	int why = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return no_terminal(err, "standard input or output is none");
	if (!name || !*name)
		return no_terminal(err, "TERM is not set");
	if (setupterm(name, STDOUT_FILENO, &why) != OK)
		return no_terminal(err, "TERM names a terminal that terminfo does not know");
	if (!tigetstr("cup") || tigetstr("cup") == (char *)-1)
		return no_terminal(err, "TERM names one without cursor addressing");
	return RT_OK;
}

/* The entry to start curses with. A terminal that says by COLORTERM alone that it knows 24 bits is
 * driven through the direct-colour entry of its family (tmux-direct, xterm-direct) where that is
 * installed: the same keys, other colours. */
static void find_entry(const struct rt_term_opts *o, char out[64])
{
	bool wanted = o->auto_depth ? o->colorterm_true : o->depth == RT_DEPTH_TRUE;
	int family = (int)strcspn(o->name, "-");
	int why = 0;

	if (wanted && tigetflag("RGB") <= 0 && tigetnum("RGB") <= 0) {
		snprintf(out, 64, "%.*s-direct", family, o->name);
		forget_probe();
		if (setupterm(out, STDOUT_FILENO, &why) == OK)
			return;
	}
	snprintf(out, 64, "%s", o->name);
}

static enum rt_depth depth_of(const struct rt_term_opts *o)
{
	enum rt_depth has = COLORS > 256    ? RT_DEPTH_TRUE
			    : COLORS >= 256 ? RT_DEPTH_256
			    : COLORS >= 16  ? RT_DEPTH_16
			    : COLORS >= 8   ? RT_DEPTH_8
					    : RT_DEPTH_NONE;

	if (!has_colors())
		return RT_DEPTH_NONE;
	return !o->auto_depth && o->depth < has ? o->depth : has;
}

static void set_modes(struct curses_term *c)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	mouseinterval(0);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	curs_set(0);
	c->whole = true;
}

enum rt_status rt_term_curses(
    const struct rt_term_opts *opts, struct rt_term **ret, struct rt_error *err)
{
	enum rt_status st = check_terminal(opts->name, err);
	struct curses_term *c;
	char entry[64];

	if (st != RT_OK)
		return st;
	c = rt_xcalloc(1, sizeof(*c));
	find_entry(opts, entry);
	save_state();
	forget_probe();
	c->screen = newterm(entry, stdout, stdin);
	if (!c->screen) {
		free(c);
		return no_terminal(err, "curses cannot use it");
	}
	set_modes(c);
	saved.taken = 1;
	rt_die_hook = restore;
	catch_fatal();
	c->term = (struct rt_term){.ops = &curses_ops, .ascii = opts->ascii};
	c->term.depth = depth_of(opts);
	if (opts->mouse)
		curses_mouse(&c->term, true);
	*ret = &c->term;
	return RT_OK;
}

const char *rt_term_library(void)
{
	return curses_version();
}
