/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail.c - the subject of the right-hand pane, its tabs, and what is asked for it.
 */
#include "config.h"

#include "detail.h"

#include <string.h>

#include "app.h"
#include "logs.h"
#include "rutter/buf.h"
#include "rutter/mem.h"

#define TEXT_MAX (4 * 1024 * 1024) /* of an answer */
#define REST_MS 150                /* a cursor that only passes by asks nothing */
#define ROOMY 10                   /* rows from which one may stay blank */

/* From that line of the doc on, which finding it is about; NULL: none. */
struct about {
	size_t line;
	const struct rt_finding *finding;
};

struct rt_detail {
	struct rt_tui *tui;
	struct rt_arena arena; /* the subject's strings */
	struct rt_ref ref;
	char *key;                   /* of the subject; NULL: none */
	char *part;                  /* id of the node when that is a part of the object */
	char *chosen;                /* message of the finding that was come from; NULL: none */
	RT_VEC(struct about) abouts; /* in the order of lines */
	enum rt_tab tab;
	bool built;
	struct rt_doc doc;
	struct rt_docview view;
	int w, h;
	unsigned ticket;        /* of the question under way or answered; 0: none */
	bool waiting, answered; /* an answer is outstanding; some of it came */
	bool asked;             /* for these logs, once */
	bool found;             /* whose logs they are */
	struct rt_buf text;     /* answered so far */
	bool outdated;          /* the text is of an older version of the object */
	bool held;              /* something waits for ask_at */
	int64_t ask_at;         /* nothing is asked before, on the clock of ops; 0: at once */
	char *version;          /* of the object when its text was asked for */
	char *failed;           /* why there is no answer */
	struct rt_logs logs;
};

static const struct {
	const char *title;
	unsigned needs;
	rt_tab_build *build;
} tabs[RT_TAB_COUNT] = {
#define V(X, id, name, title, action, key, needs, ...)                                             \
	[RT_TAB_##id] = {title, needs, rt_tab_##name},
    RT_TABS(V, )
#undef V
};

struct rt_detail *rt_detail_new(struct rt_tui *t)
{
	struct rt_detail *d = rt_xcalloc(1, sizeof(*d));

	d->tui = t;
	d->text = RT_BUF_MAX(TEXT_MAX);
	return d;
}

static void forget_answer(struct rt_detail *d)
{
	if (d->waiting && d->tui->ops->unask)
		d->tui->ops->unask(d->tui->ctx, d->ticket);
	d->waiting = false;
	rt_buf_clear(&d->text);
	rt_buf_clear(&d->logs.text);
	free(d->failed);
	d->failed = NULL;
	d->outdated = false;
}

/* What was read for it, and whether anything was asked. */
static void forget_subject(struct rt_detail *d)
{
	forget_answer(d);
	d->asked = d->found = false;
}

void rt_detail_free(struct rt_detail *d)
{
	if (!d)
		return;
	forget_answer(d);
	rt_buf_done(&d->text);
	rt_logs_done(&d->logs);
	rt_docview_done(&d->view);
	rt_doc_done(&d->doc);
	rt_arena_done(&d->arena);
	free(d->key);
	free(d->part);
	free(d->version);
	free(d->chosen);
	rt_vec_free(&d->abouts);
	free(d);
}

/* ---------------------------------------------------------------- subject */

static void set_part(struct rt_detail *d, const struct rt_node *node)
{
	const char *id = node && node->type != RT_NODE_OBJECT ? node->id : NULL;

	if (!id && !d->part)
		return;
	if (!id || !d->part || strcmp(id, d->part) != 0)
		d->built = false;
	free(d->part);
	d->part = id ? rt_xstrdup(id) : NULL;
}

/* It is known by its words: they outlive a world. */
static void set_finding(struct rt_detail *d, const struct rt_finding *f)
{
	if (f ? d->chosen && !strcmp(d->chosen, f->message) : !d->chosen)
		return;
	free(d->chosen);
	d->chosen = f ? rt_xstrdup(f->message) : NULL;
	d->built = false;
	rt_docview_set(&d->view, NULL, false);
}

void rt_detail_set(struct rt_detail *d, const struct rt_target *target)
{
	char *key = target->ref.name ? rt_ref_key(&target->ref) : NULL;

	set_part(d, target->node);
	set_finding(d, target->finding);
	if (d->key && key && !strcmp(d->key, key)) {
		free(key);
		return;
	}
	free(d->key);
	d->key = key;
	rt_arena_reset(&d->arena);
	d->ref = (struct rt_ref){0};
	if (key)
		rt_ref_of_key(key, &d->arena, &d->ref);
	forget_subject(d);
	d->ask_at =
	    d->tui->focus == RT_FOCUS_DETAIL ? 0 : d->tui->ops->clock_ms(d->tui->ctx) + REST_MS;
	d->built = false;
	rt_docview_set(&d->view, NULL, false);
}

const struct rt_ref *rt_detail_ref(const struct rt_detail *d)
{
	return &d->ref;
}

enum rt_tab rt_detail_tab(const struct rt_detail *d)
{
	return d->tab;
}

static const char *version_of(const struct rt_obj *obj)
{
	return obj && obj->resource_version ? obj->resource_version : "";
}

/* Answers stay until the subject changes: an event or log is of a time, not of a world. The
 * object's own text is asked for again when the object is another; the old one stays until that is
 * there. */
void rt_detail_world(struct rt_detail *d)
{
	const struct rt_analysis *an = d->tui->world.an;
	const struct rt_obj *obj = d->key && an ? rt_store_get_ref(an->store, d->ref) : NULL;

	if (!an) /* another cluster's object of that name is another */
		forget_subject(d);
	if (d->tab == RT_TAB_YAML && obj && d->version && strcmp(d->version, version_of(obj)) != 0)
		d->outdated = true;
	d->abouts.len = 0;
	d->built = false;
}

void rt_detail_again(struct rt_detail *d)
{
	if (d->tab == RT_TAB_YAML || d->tab == RT_TAB_EVENTS)
		d->outdated = true;
	d->built = false;
}

static bool offered(const struct rt_detail *d, enum rt_tab tab)
{
	return (tabs[tab].needs & ~d->tui->offers) == 0;
}

void rt_detail_show(struct rt_detail *d, enum rt_tab tab)
{
	if (tab == d->tab || !offered(d, tab))
		return;
	forget_subject(d);
	d->ask_at = 0;
	d->tab = tab;
	d->built = false;
	rt_docview_set(&d->view, NULL, false);
}

/* ---------------------------------------------------------------- asking */

static void ask(struct rt_detail *d, enum rt_ask what, const struct rt_obj *obj)
{
	struct rt_question q = {.ask = what, .obj = obj};

	q.ticket = ++d->ticket;
	d->waiting = true;
	d->answered = false;
	d->tui->ops->ask(d->tui->ctx, &q);
}

/* How long nothing is asked yet, though something will be; -1: nothing is held back. */
int rt_detail_rests_ms(const struct rt_detail *d)
{
	int64_t left = d->ask_at - d->tui->ops->clock_ms(d->tui->ctx);

	if (!d->held)
		return -1;
	return left > 0 ? (int)left : 0;
}

/* Held back until the cursor has come to rest; the text is built again then. */
static bool is_held(struct rt_detail *d)
{
	d->held = d->ask_at > d->tui->ops->clock_ms(d->tui->ctx);
	return d->held;
}

static void get_text(struct rt_detail *d, enum rt_ask what, const struct rt_obj *obj)
{
	const struct rt_tui_ops *ops = d->tui->ops;
	char *text = what == RT_ASK_YAML && ops->yaml ? ops->yaml(d->tui->ctx, obj) : NULL;

	d->outdated = false;
	free(d->failed);
	d->failed = NULL;
	free(d->version);
	d->version = rt_xstrdup(version_of(obj));
	if (text) {
		rt_buf_clear(&d->text);
		rt_buf_puts(&d->text, text);
	} else if (ops->ask && ops->asks & 1u << what) {
		ask(d, what, obj);
	}
	free(text);
}

const char *rt_detail_text(const struct rt_tab_in *in, enum rt_ask what, struct rt_doc *out)
{
	struct rt_detail *d = in->detail;

	if (in->obj && !d->waiting && (d->outdated || (!d->text.len && !d->failed)) && !is_held(d))
		get_text(d, what, in->obj);
	if (d->text.len && !d->failed)
		return rt_buf_str(&d->text);
	rt_doc_line(out, 2);
	if (d->failed)
		rt_doc_put(out, RT_ROLE_ERROR, d->failed);
	else
		rt_doc_put(out, RT_ROLE_DIM,
		    d->held      ? ""
		    : d->waiting ? "asking the cluster"
				 : "nothing");
	return NULL;
}

void rt_detail_answer(struct rt_detail *d, unsigned ticket, const char *text, size_t len, bool last,
    const struct rt_error *err)
{
	if (ticket != d->ticket || !d->waiting)
		return;
	free(d->failed);
	d->failed = err ? rt_xstrdup(err->msg) : NULL;
	if (!err && d->tab == RT_TAB_LOGS) {
		rt_logs_add(&d->logs, text, len);
	} else if (!err) {
		if (!d->answered)
			rt_buf_clear(&d->text);
		rt_buf_add(&d->text, text, len);
	}
	d->answered = true;
	if (last)
		d->waiting = false;
	d->built = false;
}

bool rt_detail_waits(const struct rt_detail *d)
{
	return d->held || (d->waiting && d->tab != RT_TAB_LOGS);
}

/* ---------------------------------------------------------------- logs */

static void ask_logs(struct rt_detail *d)
{
	struct rt_obj pod = {.kind = RT_KIND_POD, .group = "", .kind_name = "Pod"};
	struct rt_question q = {.ask = RT_ASK_LOGS, .obj = &pod, .previous = d->logs.previous};
	struct rt_log_source s;

	if (!rt_logs_source(&d->logs, &s))
		return;
	pod.ns = s.ns;
	pod.name = s.pod;
	q.container = s.container;
	q.ticket = ++d->ticket;
	d->waiting = true;
	d->tui->ops->ask(d->tui->ctx, &q);
}

void rt_tab_logs(const struct rt_tab_in *in, struct rt_doc *doc)
{
	struct rt_detail *d = in->detail;
	const struct rt_obj *obj = in->obj;

	if (obj && !d->found)
		rt_logs_find(&d->logs, in->tui, obj);
	d->found = obj != NULL;
	if (obj && !d->waiting && !d->failed && !d->logs.text.len && !d->asked && !is_held(d)) {
		d->asked = true;
		ask_logs(d);
	}
	if (d->failed) {
		rt_doc_line(doc, 2);
		rt_doc_put(doc, RT_ROLE_ERROR, d->failed);
	}
	rt_logs_build(&d->logs, d->ref.name, doc);
}

static void logs_again(struct rt_detail *d)
{
	forget_answer(d);
	d->asked = false;
	d->built = false;
	rt_docview_set(&d->view, NULL, false);
}

void rt_detail_picked(struct rt_detail *d, size_t index)
{
	d->logs.chosen = index;
	logs_again(d);
}

void rt_detail_sources(const struct rt_detail *d, struct rt_picker *p)
{
	for (size_t i = 0; i < d->logs.sources.len; i++) {
		const struct rt_log_source *s = &d->logs.sources.v[i];
		char *text = rt_xprintf("%s/%s", s->ns, s->pod);
		rt_picker_add(p, text, s->container, i == d->logs.chosen);
		free(text);
	}
}

static bool logs_action(struct rt_detail *d, enum rt_action a)
{
	if (d->tab != RT_TAB_LOGS)
		return false;
	if (a == RT_ACTION_PREVIOUS_LOGS) {
		d->logs.previous = !d->logs.previous;
		logs_again(d);
	} else if (a == RT_ACTION_AUTOSCROLL) {
		d->logs.still = !d->logs.still;
	} else if (a == RT_ACTION_ONLY_OBJECT) {
		d->logs.all_lines = !d->logs.all_lines;
		d->built = false;
	} else if (a == RT_ACTION_CONTAINER) {
		rt_tui_pick(d->tui, RT_PICK_CONTAINER);
	} else {
		return false;
	}
	return true;
}

/* Going up holds the log, going to its end follows it again. */
static void logs_moved(struct rt_detail *d)
{
	if (d->tab == RT_TAB_LOGS)
		d->logs.still = d->view.list.cursor + 1 < d->view.list.count;
}

/* ---------------------------------------------------------------- building the doc */

static const struct rt_node *subject_node(const struct rt_detail *d)
{
	const struct rt_graph *g = d->tui->world.graph;
	const struct rt_node *part;

	if (!g)
		return NULL;
	part = d->part ? rt_map_get(&g->by_id, d->part) : NULL;
	return part || !d->key ? part : rt_graph_find(g, d->ref);
}

static const struct rt_finding *chosen_finding(const struct rt_detail *d)
{
	const struct rt_finding *const *found;
	size_t count = rt_tui_findings_of(d->tui, &d->ref, &found);

	for (size_t i = 0; d->chosen && i < count; i++)
		if (!strcmp(found[i]->message, d->chosen))
			return found[i];
	return NULL;
}

void rt_detail_about(struct rt_detail *d, const struct rt_finding *f)
{
	struct about about = {.line = d->doc.lines.len, .finding = f};

	rt_vec_push(&d->abouts, NULL, about);
}

static void build(struct rt_detail *d)
{
	const struct rt_world *w = &d->tui->world;
	struct rt_tab_in in = {
	    .tui = d->tui, .detail = d, .ref = d->ref, .ascii = d->tui->grid.ascii};
	bool same = d->view.doc != NULL;

	in.narrow = d->w - 2 < RT_TAB_NARROW;
	if (d->built)
		return;
	d->built = true;
	d->held = false;
	rt_doc_clear(&d->doc);
	d->abouts.len = 0;
	in.node = subject_node(d);
	if (d->key && w->an) {
		in.obj = rt_store_get_ref(w->an->store, d->ref);
		in.chosen = chosen_finding(d);
		tabs[d->tab].build(&in, &d->doc);
	} else if (in.node) { /* a heading of the tree: there is nothing else to tell of it */
		rt_tab_summary(&in, &d->doc);
	}
	rt_docview_set(&d->view, &d->doc, same);
	if (d->tab == RT_TAB_LOGS && !d->logs.still)
		rt_docview_action(&d->view, RT_ACTION_BOTTOM);
}

/* ---------------------------------------------------------------- the pane */

/* Rows above the text: the tabs, and where there is room, or something to say, one more. */
static int rows_above(const struct rt_detail *d)
{
	return d->h >= ROOMY || d->tab == RT_TAB_LOGS ? 2 : 1;
}

void rt_detail_fit(struct rt_detail *d, int w, int h)
{
	if ((w - 2 < RT_TAB_NARROW) != (d->w - 2 < RT_TAB_NARROW))
		d->built = false;
	if (rt_detail_rests_ms(d) == 0)
		d->built = false;
	d->w = w;
	d->h = h;
	build(d);
	rt_docview_fit(&d->view, w - 2, h - rows_above(d));
}

/* Columns from the first tab to where tab begins, with so many blanks between them. */
static int tabs_width(const struct rt_detail *d, int tab, int gap)
{
	int x = 0;

	for (int i = 0; i < tab; i++)
		if (offered(d, (enum rt_tab)i))
			x += (int)strlen(tabs[i].title) + gap;
	return x;
}

/* Where there is little room they stand closer, then those before the one at hand leave. */
static int tab_x(const struct rt_detail *d, enum rt_tab tab)
{
	int room = d->w - 1;
	int gap = tabs_width(d, RT_TAB_COUNT, 2) - 2 <= room ? 2 : 1;
	int over = tabs_width(d, (int)d->tab + 1, gap) - gap - room;

	return 1 + tabs_width(d, (int)tab, gap) - (over > 0 ? over : 0);
}

void rt_detail_draw(const struct rt_detail *d, struct rt_canvas c, bool focused)
{
	int above = rows_above(d);

	for (int i = 0; i < RT_TAB_COUNT; i++) {
		enum rt_tab tab = (enum rt_tab)i;
		if (offered(d, tab))
			rt_put(c, tab_x(d, tab), 0,
			    tab == d->tab ? RT_ROLE_TAB_ACTIVE : RT_ROLE_TAB, tabs[i].title);
	}
	if (d->tab == RT_TAB_LOGS && d->ref.name) {
		struct rt_buf title = {0};
		rt_logs_title(&d->logs, d->ref.name, &title);
		rt_put_cut(c, 1, 1, RT_ROLE_DIM, c.w - 2, rt_buf_str(&title));
		rt_buf_done(&title);
	}
	rt_docview_draw(&d->view, rt_canvas_sub(c, 1, above, c.w - 2, c.h - above),
	    focused ? RT_LOOK_SELECTED : RT_LOOK_PLAIN);
}

static void step_tab(struct rt_detail *d, int step)
{
	int tab = (int)d->tab;

	do
		tab = (tab + step + RT_TAB_COUNT) % RT_TAB_COUNT;
	while (!offered(d, (enum rt_tab)tab));
	rt_detail_show(d, (enum rt_tab)tab);
}

bool rt_detail_action(struct rt_detail *d, enum rt_action a)
{
	if (logs_action(d, a))
		return true;
	if (rt_docview_action(&d->view, a)) {
		logs_moved(d);
		return true;
	}
	if (a == RT_ACTION_LEFT || a == RT_ACTION_RIGHT) {
		step_tab(d, a == RT_ACTION_LEFT ? -1 : 1);
		return true;
	}
	return false;
}

void rt_detail_mouse(struct rt_detail *d, const struct rt_event *e)
{
	size_t before = d->view.list.cursor;
	const struct rt_doc_line *line;

	if (e->mouse != RT_MOUSE_PRESS) {
		rt_docview_scroll(&d->view, e->mouse == RT_MOUSE_WHEEL_UP ? -3 : 3);
		return;
	}
	if (e->y == 0) {
		for (int i = RT_TAB_COUNT; i-- > 0;) {
			if (offered(d, (enum rt_tab)i) && e->x >= tab_x(d, (enum rt_tab)i) - 1) {
				rt_detail_show(d, (enum rt_tab)i);
				return;
			}
		}
	}
	if (e->y < rows_above(d))
		return;
	rt_docview_click(&d->view, e->y - rows_above(d));
	line = rt_docview_line(&d->view);
	if (before == d->view.list.cursor && line && line->link)
		rt_tui_open(d->tui, line->link);
}

unsigned rt_detail_place(const struct rt_detail *d)
{
	unsigned place = RT_IN_TEXT | RT_IN_DETAIL;

	if (d->tab == RT_TAB_SUMMARY && rt_detail_finding(d))
		place |= RT_IN_MENDABLE;
	if (d->tab == RT_TAB_LOGS)
		place |= RT_IN_LOGS;
	return place;
}

struct rt_docview *rt_detail_view(struct rt_detail *d)
{
	return &d->view;
}

const struct rt_doc *rt_detail_doc(const struct rt_detail *d)
{
	return &d->doc;
}

const struct rt_finding *rt_detail_finding(const struct rt_detail *d)
{
	const struct rt_finding *const *found, *chosen = chosen_finding(d);

	for (size_t i = d->abouts.len; i-- > 0;)
		if (d->abouts.v[i].line <= d->view.list.cursor && d->abouts.v[i].finding)
			return d->abouts.v[i].finding;
	if (chosen)
		return chosen;
	return rt_tui_findings_of(d->tui, &d->ref, &found) ? found[0] : NULL;
}
