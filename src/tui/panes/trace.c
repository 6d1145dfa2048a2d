/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.c - one request, hop by hop, as a ladder; each hop leads to its object.
 */
#include "config.h"

#include "trace.h"

#include <string.h>

#include "../app.h"
#include "../widgets/doc.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/trace_report.h"

#define HOP_COLUMN 13

struct trace_pane {
	struct rt_pane pane;
	char *request; /* as typed; NULL: none yet */
	char *failed;  /* why it could not be read */
	struct rt_arena arena;
	struct rt_trace trace;
	struct rt_doc doc;
	struct rt_docview view;
	size_t entry, broken; /* lines: of the first result, of the first hop that fails; 0: none */
	bool fresh;           /* another request: the cursor goes to where it breaks */
};

static struct trace_pane *self(struct rt_pane *p)
{
	return (struct trace_pane *)p;
}

static const struct trace_pane *self_const(const struct rt_pane *p)
{
	return (const struct trace_pane *)p;
}

static void done(struct rt_pane *p)
{
	struct trace_pane *t = self(p);

	free(t->request);
	free(t->failed);
	rt_arena_done(&t->arena);
	rt_docview_done(&t->view);
	rt_doc_done(&t->doc);
}

/* ---------------------------------------------------------------- running */

/* "GET https://… -H 'Name: value'" as a shell would split it: quotes keep words together. */
static char *next_word(struct rt_arena *a, const char **s)
{
	struct rt_buf word = RT_BUF_MAX(RT_INPUT_MAX);
	const char *p = *s + strspn(*s, " ");
	char quote = 0;
	char *out;

	if (!*p)
		return NULL;
	for (; *p && (quote || *p != ' '); p++) {
		if (quote ? *p == quote : *p == '\'' || *p == '"')
			quote = quote ? 0 : *p;
		else
			rt_buf_putc(&word, *p);
	}
	*s = p;
	out = rt_arena_strdup(a, rt_buf_str(&word));
	rt_buf_done(&word);
	return out;
}

static enum rt_status parse(struct trace_pane *t, struct rt_request *ret, struct rt_error *err)
{
	struct rt_request_args args = {0};
	const char *headers[32];
	const char *rest = t->request, *word;

	args.headers = headers;
	while ((word = next_word(&t->arena, &rest)) != NULL) {
		if (!strcmp(word, "-H")) {
			word = next_word(&t->arena, &rest);
			if (word && args.header_count < RT_ARRAY_LEN(headers))
				headers[args.header_count++] = word;
		} else if (!args.url && !strstr(word, "://") && !args.method && *rest) {
			args.method = word;
		} else {
			args.url = word;
		}
	}
	if (!args.url)
		return rt_fail(err, RT_USAGE, "a trace needs a URL");
	return rt_request_parse(&t->arena, &args, ret, err);
}

static void run(struct trace_pane *t)
{
	struct rt_trace_opts opts = {0};
	struct rt_request request = {0};
	struct rt_error err = {0};

	rt_arena_reset(&t->arena);
	t->trace = (struct rt_trace){0};
	free(t->failed);
	t->failed = NULL;
	if (parse(t, &request, &err) != RT_OK)
		t->failed = rt_xstrdup(err.msg);
	else
		rt_trace_run(t->pane.tui->world.an, &t->arena, &request, &opts, &t->trace);
}

/* ---------------------------------------------------------------- the ladder */

static uint16_t tone_role(enum rt_tone tone)
{
	static const enum rt_role roles[RT_TONE_COUNT] = {
	    [RT_TONE_PLAIN] = RT_ROLE_TEXT,
	    [RT_TONE_OK] = RT_ROLE_OK,
	    [RT_TONE_ERROR] = RT_ROLE_ERROR,
	    [RT_TONE_WARNING] = RT_ROLE_WARNING,
	    [RT_TONE_INFO] = RT_ROLE_INFO,
	    [RT_TONE_UNKNOWN] = RT_ROLE_UNKNOWN,
	    [RT_TONE_DIM] = RT_ROLE_DIM,
	    [RT_TONE_STRONG] = RT_ROLE_STRONG,
	};

	return (uint16_t)roles[tone];
}

static void put_step(struct trace_pane *t, const struct rt_trace_step *s, const char *before)
{
	uint16_t role = tone_role(rt_trace_step_tone(s));
	const char *name = rt_hop_name(s->hop);
	struct rt_doc *d = &t->doc;

	rt_doc_line(d, HOP_COLUMN + 2);
	if (s->ok == RT_NO && s->hop != RT_HOP_NEAR_MISS && !t->broken)
		t->broken = d->lines.len - 1;
	rt_doc_glyph(d, role, rt_trace_step_glyph(s), t->pane.tui->grid.ascii);
	rt_doc_putf(d, RT_ROLE_DIM, " %s", before && !strcmp(before, name) ? "" : name);
	rt_doc_pad(d, HOP_COLUMN);
	rt_doc_put(d, s->ok == RT_NO ? role : RT_ROLE_TEXT, s->text);
	if (s->finding)
		rt_doc_putf(d, role, "  %s", s->finding);
	if (s->object.name)
		rt_doc_link(d, s->object);
	if (s->mend) {
		rt_doc_line(d, HOP_COLUMN + 2);
		rt_doc_pad(d, HOP_COLUMN);
		rt_doc_put(d, RT_ROLE_STRONG, "Mend: ");
		rt_doc_put(d, RT_ROLE_TEXT, s->mend);
		rt_doc_copy(d, s->mend);
		if (s->object.name)
			rt_doc_link(d, s->object);
	}
}

static void put_result(struct trace_pane *t, const struct rt_trace_result *r)
{
	struct rt_buf outcome = {0};
	struct rt_doc *d = &t->doc;
	const char *before = NULL;

	rt_trace_outcome_text(&outcome, r);
	rt_doc_line(d, 0);
	rt_doc_line(d, 2);
	if (r->entry.kind)
		rt_doc_putf(d, RT_ROLE_STRONG, "%s %s/%s", r->entry.kind,
		    r->entry.ns ? r->entry.ns : "", r->entry.name);
	else
		rt_doc_put(d, RT_ROLE_STRONG, "nobody listens");
	rt_doc_put(d, RT_ROLE_TEXT, ": ");
	rt_doc_put(d,
	    r->outcome == RT_OUTCOME_FORWARD || r->outcome == RT_OUTCOME_REDIRECT ? RT_ROLE_OK
										  : RT_ROLE_ERROR,
	    rt_buf_str(&outcome));
	if (!t->entry)
		t->entry = d->lines.len - 1;
	if (r->entry.name)
		rt_doc_link(d, r->entry);
	for (size_t i = 0; i < r->steps.len; i++) {
		put_step(t, &r->steps.v[i], before);
		before = rt_hop_name(r->steps.v[i].hop);
	}
	rt_buf_done(&outcome);
}

static void build(struct trace_pane *t)
{
	struct rt_doc *d = &t->doc;

	rt_doc_clear(d);
	t->entry = t->broken = 0;
	rt_doc_line(d, 2);
	if (!t->request) {
		rt_doc_put(d, RT_ROLE_DIM, "t asks for a URL");
	} else if (t->failed) {
		rt_doc_put(d, RT_ROLE_ERROR, t->failed);
	} else {
		rt_doc_put(d, RT_ROLE_TITLE, rt_request_text(&d->arena, &t->trace.request));
		rt_doc_copy(d, t->request);
		for (size_t i = 0; i < t->trace.request.headers.len; i++) {
			const struct rt_header *h = &t->trace.request.headers.v[i];
			rt_doc_line(d, 4);
			rt_doc_putf(d, RT_ROLE_TEXT, "  %s: %s", h->name, h->value);
		}
		for (size_t i = 0; i < t->trace.results.len; i++)
			put_result(t, &t->trace.results.v[i]);
	}
	rt_docview_set(&t->view, d, true);
	if (t->fresh)
		rt_list_go(&t->view.list, t->broken ? t->broken : t->entry);
	t->fresh = false;
}

static bool work(struct rt_pane *p, int64_t until_ms)
{
	struct trace_pane *t = self(p);

	(void)until_ms;
	if (t->request && p->tui->world.an)
		run(t);
	build(t);
	return false;
}

void rt_trace_pane_set(struct rt_pane *p, const char *request)
{
	struct trace_pane *t = self(p);

	free(t->request);
	t->request = rt_xstrdup(request);
	rt_docview_set(&t->view, NULL, false);
	t->fresh = true;
	p->stale = true;
}

/* ---------------------------------------------------------------- the pane */

static void fit(struct rt_pane *p, int w, int h)
{
	rt_docview_fit(&self(p)->view, w - 2, h);
}

static void draw(const struct rt_pane *p, struct rt_canvas c, bool focused)
{
	rt_docview_draw(&self_const(p)->view, rt_canvas_sub(c, 1, 0, c.w - 2, c.h),
	    focused ? RT_LOOK_SELECTED : RT_LOOK_BLURRED);
}

/* The request again with the method after its own: GET, POST, PUT … and round. */
static void next_method(struct trace_pane *t)
{
	static const char *const methods[] = {
	    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
	const char *blank = strchr(t->request, ' ');
	const char *scheme = strstr(t->request, "://");
	const char *url = blank && scheme && blank < scheme ? blank + 1 : t->request;
	size_t len = url > t->request ? (size_t)(url - t->request) - 1 : 0, next = 1;
	char *fresh;

	for (size_t i = 0; i < RT_ARRAY_LEN(methods); i++)
		if (strlen(methods[i]) == len && !strncmp(methods[i], t->request, len))
			next = (i + 1) % RT_ARRAY_LEN(methods);
	fresh = rt_xprintf("%s %s", methods[next], url);
	rt_trace_pane_set(&t->pane, fresh);
	free(fresh);
}

static bool action(struct rt_pane *p, enum rt_action a)
{
	struct trace_pane *t = self(p);

	if (a == RT_ACTION_METHOD && t->request) {
		next_method(t);
		return true;
	}
	return rt_docview_action(&t->view, a);
}

static bool target(const struct rt_pane *p, struct rt_target *ret)
{
	const struct rt_doc_line *line = rt_docview_line(&self_const(p)->view);

	if (!line || !line->link)
		return false;
	ret->ref = *line->link;
	if (p->tui->world.graph)
		ret->node = rt_graph_find(p->tui->world.graph, ret->ref);
	return true;
}

static bool url(const struct rt_pane *p, struct rt_buf *out)
{
	if (!self_const(p)->request)
		return false;
	rt_buf_puts(out, self_const(p)->request);
	return true;
}

static void mouse(struct rt_pane *p, const struct rt_event *e)
{
	struct trace_pane *t = self(p);
	size_t before = t->view.list.cursor;

	if (e->mouse != RT_MOUSE_PRESS) {
		rt_docview_scroll(&t->view, e->mouse == RT_MOUSE_WHEEL_UP ? -3 : 3);
		return;
	}
	rt_docview_click(&t->view, e->y);
	if (before == t->view.list.cursor)
		rt_tui_act(p->tui, RT_ACTION_OPEN);
}

static void write_text(const struct rt_pane *p, struct rt_buf *out)
{
	rt_doc_text(&self_const(p)->doc, out);
}

static void position(const struct rt_pane *p, struct rt_buf *out)
{
	rt_docview_position(&self_const(p)->view, out);
}

static bool search(struct rt_pane *p, const char *pattern, struct rt_error *err)
{
	return rt_docview_search(&self(p)->view, pattern, err) == RT_OK;
}

const struct rt_pane_ops rt_trace_pane = {
    .title = "Trace",
    .place = RT_IN_TEXT | RT_IN_TRACE,
    .share = 58,
    .size = sizeof(struct trace_pane),
    .done = done,
    .work = work,
    .fit = fit,
    .draw = draw,
    .action = action,
    .target = target,
    .url = url,
    .mouse = mouse,
    .write = write_text,
    .position = position,
    .search = search,
};
