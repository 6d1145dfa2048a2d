/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands.c - what is typed after ":", and its completion.
 * A line is a command of the table or a kind; a kind lists its objects, a kind with a name opens
 * one.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/nearest.h"

static const char *skip_blanks(const char *s)
{
	while (*s == ' ')
		s++;
	return s;
}

/* ---------------------------------------------------------------- the commands */

static void filter_by(struct rt_tui *t, const char *text)
{
	struct rt_error err = {0};
	struct rt_row_filter *f = NULL;

	if (rt_row_filter_new(text, &f, &err) != RT_OK) {
		rt_tui_say(t, true, "%s", err.msg);
		return;
	}
	rt_row_filter_free(t->shown.filter);
	t->shown.filter = f;
	rt_tui_lists_changed(t);
}

static void do_show(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	rt_tui_show(t, (enum rt_view)(c - RT_TUI_COMMAND_TOPOLOGY), false);
	if (*arg)
		filter_by(t, arg);
}

static void do_trace(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	(void)c;
	if (*arg)
		rt_tui_trace(t, arg);
	else
		rt_tui_act(t, RT_ACTION_TRACE);
}

static void do_ns(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	(void)c;
	if (!*arg) {
		rt_tui_pick(t, RT_PICK_NAMESPACE);
		return;
	}
	rt_tui_act(t, RT_ACTION_ALL_NAMESPACES);
	while (*arg && strcmp(arg, "all") != 0) {
		size_t len = strcspn(arg, ", ");
		if (len)
			rt_vec_push(&t->shown.namespaces, NULL, rt_xstrndup(arg, len));
		arg += len;
		arg += strspn(arg, ", ");
	}
	rt_tui_lists_changed(t);
}

static void do_ctx(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	(void)c;
	if (*arg)
		t->ops->use_context(t->ctx, arg);
	else
		rt_tui_pick(t, RT_PICK_CONTEXT);
}

static void do_theme(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	struct rt_error err = {0};

	(void)c;
	if (!*arg)
		rt_tui_pick(t, RT_PICK_THEME);
	else if (rt_tui_set_theme(t, arg, &err) != RT_OK)
		rt_tui_say(t, true, "%s", err.msg);
}

static void do_export(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	struct rt_pane *p = rt_tui_focused(t);
	struct rt_error err = {0};
	struct rt_buf b = {0};

	(void)c;
	if (!*arg) {
		rt_tui_say(t, true, "export needs a file");
		return;
	}
	if (p && p->ops->write)
		p->ops->write(p, &b);
	else
		rt_doc_text(rt_detail_doc(t->detail), &b);
	if (t->ops->write(t->ctx, arg, rt_buf_str(&b), b.len, &err) == RT_OK)
		rt_tui_say(t, false, "written to %s", arg);
	else
		rt_tui_say(t, true, "%s", err.msg);
	rt_buf_done(&b);
}

static void do_mouse(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	(void)c;
	(void)arg;
	t->mouse = !t->mouse;
	t->term->ops->mouse(t->term, t->mouse);
	rt_tui_say(t, false, "mouse %s", t->mouse ? "on" : "off");
}

static void do_aliases(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	(void)c;
	(void)arg;
	rt_tui_aliases(t);
}

static void do_help(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	(void)c;
	(void)arg;
	rt_tui_help(t);
}

static void do_quit(struct rt_tui *t, enum rt_tui_command c, const char *arg)
{
	(void)c;
	(void)arg;
	rt_tui_act(t, RT_ACTION_QUIT);
}

/* ---------------------------------------------------------------- kinds */

const struct rt_obj *rt_tui_find_object(const struct rt_tui *t, const struct rt_obj_pattern *p)
{
	const struct rt_obj *const *list, *found = NULL;
	size_t count = t->world.an ? rt_store_list(t->world.an->store, p->kind, &list) : 0;

	for (size_t i = 0; i < count; i++) {
		if (!rt_obj_pattern_takes(p, rt_obj_ref(list[i])) ||
		    !rt_tui_namespace_shown(t, list[i]->ns))
			continue;
		if (found)
			return NULL;
		found = list[i];
	}
	return found;
}

void rt_tui_say_not_found(struct rt_tui *t, const struct rt_obj_pattern *p)
{
	rt_tui_say(t, true, "no single %s called %s%s%s", rt_kind_info(p->kind)->kind,
	    p->ns ? p->ns : "", p->ns ? "/" : "", p->name);
}

static void show_kind(struct rt_tui *t, enum rt_kind k)
{
	if (t->kind == k && t->view == RT_VIEW_OBJECTS)
		return;
	rt_tui_show(t, RT_VIEW_OBJECTS, true);
	t->kind = k;
	t->panes[RT_VIEW_OBJECTS]->stale = true;
}

static bool is_namespace(const struct rt_tui *t, const char *name)
{
	const struct rt_obj *const *list;
	size_t count =
	    t->world.an ? rt_store_list(t->world.an->store, RT_KIND_NAMESPACE, &list) : 0;

	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i]->name, name))
			return true;
	return false;
}

/* An object of that name, else, as in k9s, the kind in the namespace of that name. */
static void open_object(struct rt_tui *t, const struct rt_obj_pattern *p)
{
	const struct rt_obj *o = rt_tui_find_object(t, p);
	struct rt_ref ref;

	if (o) {
		ref = rt_obj_ref(o);
		rt_tui_open(t, &ref);
	} else if (!p->ns && is_namespace(t, p->name)) {
		show_kind(t, p->kind);
		do_ns(t, RT_TUI_COMMAND_NS, p->name);
	} else {
		rt_tui_say_not_found(t, p);
	}
}

static void unknown_command(struct rt_tui *t, const char *word)
{
	struct rt_arena a = {0};
	struct rt_nearest near = {.wrong = word};

	for (int i = 0; i < RT_TUI_COMMAND_COUNT; i++) {
		const char *names = rt_tui_commands[i].names;
		if (!(rt_tui_commands[i].needs & ~t->offers))
			rt_nearest_offer(&near, rt_arena_strndup(&a, names, strcspn(names, " ")));
	}
	rt_kinds_offer(&near);
	if (near.word)
		rt_tui_say(
		    t, true, "no command or kind called %s; did you mean %s?", word, near.word);
	else
		rt_tui_say(t, true, "no command or kind called %s; ? lists them", word);
	rt_arena_done(&a);
}

/* "KIND /text", "KIND -f text", "KIND a=b": the kind's list, filtered as "/" would. */
static bool filtered_kind(struct rt_tui *t, enum rt_kind k, const char *argument)
{
	if (!strchr("/-", *argument) && !strchr(argument, '='))
		return false;
	show_kind(t, k);
	filter_by(t, argument + (*argument == '/'));
	return true;
}

/* KIND, KIND NAME or KIND/NAME, the name with or without its namespace. */
static void kind_command(struct rt_tui *t, struct rt_arena *a, const char *line)
{
	size_t len = strcspn(line, " /");
	const char *kind = rt_arena_strndup(a, line, len);
	const char *name = skip_blanks(line + len + (line[len] == '/'));
	struct rt_obj_pattern p;
	struct rt_error err = {0};

	if (!rt_kind_parse(kind, &p.kind))
		unknown_command(t, kind);
	else if (!*name)
		show_kind(t, p.kind);
	else if (filtered_kind(t, p.kind, name))
		return;
	else if (rt_obj_pattern_parse(a, rt_arena_printf(a, "%s/%s", kind, name), &p, &err) !=
		 RT_OK)
		rt_tui_say(t, true, "%s", err.msg);
	else
		open_object(t, &p);
}

/* ---------------------------------------------------------------- completion */

struct completion {
	const char *typed; /* the word that is being completed */
	size_t len;
	struct rt_buf common; /* what all candidates begin with */
	struct rt_buf *all;   /* the candidates, with blanks between */
	size_t count;
};

static void candidate(struct completion *c, const char *word, size_t len)
{
	size_t same = 0;

	if (len < c->len || strncasecmp(word, c->typed, c->len) != 0)
		return;
	rt_buf_printf(c->all, "%s%.*s", c->all->len ? "  " : "", (int)len, word);
	if (!c->count++) {
		rt_buf_add(&c->common, word, len);
		return;
	}
	while (same < len && same < c->common.len && c->common.data[same] == word[same])
		same++;
	c->common.len = same;
	c->common.data[same] = '\0';
}

static void complete_command(const struct rt_tui *t, struct completion *c)
{
	for (int i = 0; i < RT_TUI_COMMAND_COUNT; i++)
		if (!(rt_tui_commands[i].needs & ~t->offers))
			candidate(
			    c, rt_tui_commands[i].names, strcspn(rt_tui_commands[i].names, " "));
	for (int k = 0; k < RT_KIND_OTHER; k++) {
		const char *plural = rt_kind_info((enum rt_kind)k)->plural;
		candidate(c, plural, strlen(plural));
	}
}

static void complete_namespaces(const struct rt_tui *t, struct completion *c)
{
	const struct rt_obj *const *list;
	size_t count =
	    t->world.an ? rt_store_list(t->world.an->store, RT_KIND_NAMESPACE, &list) : 0;

	candidate(c, "all", 3);
	for (size_t i = 0; i < count; i++)
		candidate(c, list[i]->name, strlen(list[i]->name));
}

static void theme_candidate(void *ctx, const char *name)
{
	candidate(ctx, name, strlen(name));
}

static void complete_themes(const struct rt_tui *t, struct completion *c)
{
	rt_theme_list(t->theme_dirs, theme_candidate, c);
}

static void complete_contexts(const struct rt_tui *t, struct completion *c)
{
	const char *current;

	for (const char *const *n = t->ops->contexts(t->ctx, &current); n && *n; n++)
		candidate(c, *n, strlen(*n));
}

static void complete_objects(const struct rt_tui *t, enum rt_kind k, struct completion *c)
{
	const struct rt_obj *const *list;
	size_t count = t->world.an ? rt_store_list(t->world.an->store, k, &list) : 0;

	for (size_t i = 0; i < count; i++) {
		char *name = rt_xprintf("%s%s%s", list[i]->ns ? list[i]->ns : "",
		    list[i]->ns ? "/" : "", list[i]->name);
		candidate(c, name, strlen(name));
		free(name);
	}
}

/* ---------------------------------------------------------------- the table */

static const struct {
	void (*run)(struct rt_tui *t, enum rt_tui_command c, const char *argument);
	void (*complete)(const struct rt_tui *t, struct completion *c); /* NULL: nothing to offer */
} commands[RT_TUI_COMMAND_COUNT] = {
#define V(X, id, ...) [RT_TUI_COMMAND_##id] = {do_show, NULL},
    RT_VIEWS(V, )
#undef V
	[RT_TUI_COMMAND_TRACE] = {do_trace, NULL},
    [RT_TUI_COMMAND_NS] = {do_ns, complete_namespaces},
    [RT_TUI_COMMAND_CTX] = {do_ctx, complete_contexts},
    [RT_TUI_COMMAND_THEME] = {do_theme, complete_themes},
    [RT_TUI_COMMAND_EXPORT] = {do_export, NULL},
    [RT_TUI_COMMAND_MOUSE] = {do_mouse, NULL},
    [RT_TUI_COMMAND_ALIASES] = {do_aliases, NULL},
    [RT_TUI_COMMAND_HELP] = {do_help, NULL},
    [RT_TUI_COMMAND_QUIT] = {do_quit, NULL},
};

void rt_tui_command(struct rt_tui *t, const char *line)
{
	const char *word = skip_blanks(line);
	size_t len = strcspn(word, " ");
	enum rt_tui_command c = rt_tui_command_find(word, len, t->offers);
	struct rt_arena a = {0};

	if (len && c < RT_TUI_COMMAND_COUNT)
		commands[c].run(t, c, skip_blanks(word + len));
	else if (len)
		kind_command(t, &a, word);
	rt_arena_done(&a);
}

static void complete_argument(
    const struct rt_tui *t, const char *word, size_t len, struct completion *c)
{
	enum rt_tui_command command = rt_tui_command_find(word, len, t->offers);
	enum rt_kind kind;
	char *name;

	if (command < RT_TUI_COMMAND_COUNT) {
		if (commands[command].complete)
			commands[command].complete(t, c);
		return;
	}
	name = rt_xstrndup(word, len);
	if (rt_kind_parse(name, &kind))
		complete_objects(t, kind, c);
	free(name);
}

void rt_tui_complete(
    const struct rt_tui *t, const char *line, struct rt_buf *out, struct rt_buf *all)
{
	const char *word = skip_blanks(line);
	const char *last = strrchr(word, ' ');
	struct completion c = {.typed = last ? last + 1 : word, .all = all};

	rt_buf_clear(out);
	rt_buf_clear(all);
	c.len = strlen(c.typed);
	if (!last && !c.len)
		return;
	if (last)
		complete_argument(t, word, strcspn(word, " "), &c);
	else
		complete_command(t, &c);
	if (c.count && (c.common.len > c.len || c.count == 1)) {
		rt_buf_add(out, word, (size_t)(c.typed - word));
		rt_buf_puts(out, rt_buf_str(&c.common));
		if (c.count == 1 && !last)
			rt_buf_putc(out, ' ');
	}
	rt_buf_done(&c.common);
}
