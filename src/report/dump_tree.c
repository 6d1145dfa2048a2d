/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump_tree.c - the graph as a tree that reads well at 80 columns and pasted into a chat: what is
 * broken first, a glyph before every line, reasons on lines of their own, and no line that says
 * only what its parent said.
 */
#include "config.h"

#include <string.h>

#include "rutter/dump.h"
#include "rutter/glyph.h"
#include "rutter/str.h"
#include "rutter/utf8.h"
#include "rutter/vec.h"

struct tree {
	struct rt_buf *out;
	struct rt_graph *g;
	const struct rt_dump_opts *opts;
	struct rt_buf rails; /* what stands left of a child */
	unsigned told;       /* marks what was printed with all below it */
};

struct look {
	enum rt_glyph glyph;
	enum rt_tone tone;
};

static struct look look_of(enum rt_node_state s)
{
	static const struct look looks[] = {
	    [RT_STATE_OK] = {RT_GLYPH_OK, RT_TONE_OK},
	    [RT_STATE_INFO] = {RT_GLYPH_INFO, RT_TONE_INFO},
	    [RT_STATE_UNKNOWN] = {RT_GLYPH_UNKNOWN, RT_TONE_UNKNOWN},
	    [RT_STATE_WARNING] = {RT_GLYPH_WARNING, RT_TONE_WARNING},
	    [RT_STATE_ERROR] = {RT_GLYPH_ERROR, RT_TONE_ERROR},
	};
	return looks[s];
}

static enum rt_node_state link_node_state(enum rt_link_state s)
{
	if (s == RT_LINK_FINE)
		return RT_STATE_OK;
	return s == RT_LINK_UNKNOWN ? RT_STATE_UNKNOWN : RT_STATE_ERROR;
}

static void put_glyph(struct tree *t, enum rt_node_state s)
{
	struct look l = look_of(s);
	rt_tone_begin(t->out, t->opts->style, l.tone);
	rt_buf_puts(t->out, rt_glyph_str(l.glyph, t->opts->style->ascii));
	rt_tone_end(t->out, t->opts->style);
	rt_buf_putc(t->out, ' ');
}

static bool in_scope(const struct tree *t, const struct rt_node *n)
{
	return !t->opts->mark || n->mark == t->opts->mark;
}

/* ------------------------------------------------------------------ what is worth a line */

static bool plain_rule(const struct rt_node *rule)
{
	return rule->type == RT_NODE_RULE && rule->own.by_severity[RT_SEV_ERROR] == 0 &&
	       (strcmp(rule->summary, "/") == 0 || !*rule->summary) && rule->out.len > 0 &&
	       !strchr(rule->label + strlen("rule "), ' ');
}

/* A Route's only rule that matches everything says no more than the Route: its backends move up. */
static const struct rt_node *children_of(const struct rt_node *n)
{
	bool route = n->type == RT_NODE_OBJECT && n->obj && rt_kind_is_route(n->obj->kind);
	if (route && n->out.len == 1 && plain_rule(n->out.v[0]->to))
		return n->out.v[0]->to;
	return n;
}

static bool edge_shown(const struct tree *t, const struct rt_edge *e)
{
	static const char *const details[] = {"slice", "certificate", "dataPlane"};
	if (!in_scope(t, e->to))
		return false;
	if (t->opts->wide || e->state != RT_LINK_FINE)
		return true;
	if (strcmp(e->kind, "pod") == 0)
		return e->to->state != RT_STATE_OK;
	for (size_t i = 0; i < RT_ARRAY_LEN(details); i++)
		if (strcmp(e->kind, details[i]) == 0)
			return e->to->total.by_severity[RT_SEV_ERROR] > 0;
	return true;
}

typedef RT_VEC(const struct rt_edge *) edge_list;

/* Pods hang off slices; where slices are not shown, the Pods that need a look hang off the
 * Service. */
static void collect(const struct tree *t, const struct rt_node *n, edge_list *ret)
{
	for (size_t i = 0; i < n->out.len; i++) {
		const struct rt_edge *e = n->out.v[i];
		if (edge_shown(t, e))
			rt_vec_push(ret, NULL, e);
		else if (strcmp(e->kind, "slice") == 0)
			collect(t, e->to, ret);
	}
}

/* ------------------------------------------------------------------ lines */

static void start_line(struct tree *t, const char *branch)
{
	rt_tone_begin(t->out, t->opts->style, RT_TONE_DIM);
	rt_buf_puts(t->out, rt_buf_str(&t->rails));
	rt_buf_puts(t->out, branch);
	rt_tone_end(t->out, t->opts->style);
}

/* Columns of a line that may hold tones. */
static size_t shown_width(const char *s, size_t len)
{
	size_t cols = 0;
	for (size_t i = 0; i < len;) {
		if (s[i] == '\033') {
			while (i < len && s[i] != 'm')
				i++;
			i++;
			continue;
		}
		uint32_t cp;
		i += rt_utf8_decode(s + i, len - i, &cp);
		cols += (size_t)rt_cp_width(cp);
	}
	return cols;
}

/* A reason, wrapped under its line with the rails going on beside it. */
static void put_reason(struct tree *t, const char *rail, enum rt_tone tone, const char *text)
{
	const struct rt_text_style *style = t->opts->style;
	unsigned indent = (unsigned)(rt_str_width(rt_buf_str(&t->rails)) + rt_str_width(rail));
	struct rt_buf wrapped = {0};
	struct rt_text_style narrow = *style;
	narrow.width = style->width > indent + 20 ? style->width - indent : 20;
	rt_text_wrap(&wrapped, &narrow, 0, text);
	for (const char *p = rt_buf_str(&wrapped); *p;) {
		size_t len = strcspn(p, "\n");
		start_line(t, rail);
		rt_tone_begin(t->out, style, tone);
		rt_buf_add(t->out, p, len);
		rt_tone_end(t->out, style);
		rt_buf_putc(t->out, '\n');
		p += len + (p[len] == '\n');
	}
	rt_buf_done(&wrapped);
}

static enum rt_node_state line_state(const struct rt_edge *e, const struct rt_node *n)
{
	const struct rt_node *below = children_of(n);
	enum rt_node_state s = n->state > below->state ? n->state : below->state;
	enum rt_node_state link = e ? link_node_state(e->state) : RT_STATE_OK;
	return link > s ? link : s;
}

static void put_below(struct tree *t, const struct rt_node *n)
{
	const struct rt_tally *a = &n->total, *b = &n->own;
	size_t errors = a->by_severity[RT_SEV_ERROR] - b->by_severity[RT_SEV_ERROR];
	size_t warnings = a->by_severity[RT_SEV_WARNING] - b->by_severity[RT_SEV_WARNING];
	const struct rt_text_style *style = t->opts->style;
	struct {
		size_t n;
		enum rt_glyph glyph;
		enum rt_tone tone;
	} counts[] = {
	    {errors, RT_GLYPH_ERROR, RT_TONE_ERROR}, {warnings, RT_GLYPH_WARNING, RT_TONE_WARNING}};
	for (size_t i = 0; i < RT_ARRAY_LEN(counts); i++) {
		if (counts[i].n == 0)
			continue;
		rt_buf_puts(t->out, "  ");
		rt_tone_begin(t->out, style, counts[i].tone);
		rt_buf_printf(
		    t->out, "%s%zu", rt_glyph_str(counts[i].glyph, style->ascii), counts[i].n);
		rt_tone_end(t->out, style);
	}
}

/* Counts of what is below stand where one decides whether to read on: classes and Gateways. */
static bool counts_below(const struct rt_edge *e)
{
	return !e || strcmp(e->kind, "gateway") == 0 || strcmp(e->kind, "ingress") == 0;
}

static void put_line(struct tree *t, const char *branch, const struct rt_edge *e,
    const struct rt_node *n, bool again)
{
	const struct rt_text_style *style = t->opts->style;
	start_line(t, branch);
	put_glyph(t, line_state(e, n));
	if (e && e->label) {
		rt_tone_text(t->out, style, RT_TONE_STRONG, e->label);
		rt_buf_putc(t->out, ' ');
	} else if (e && (strcmp(e->kind, "certificate") == 0 || strcmp(e->kind, "dataPlane") == 0 ||
			    strcmp(e->kind, "policy") == 0)) {
		rt_buf_printf(
		    t->out, "%s ", strcmp(e->kind, "dataPlane") == 0 ? "data plane" : e->kind);
	}
	rt_clean(t->out, n->label, style->ascii);
	if (*n->summary) {
		rt_buf_puts(t->out, "  ");
		rt_tone_text(t->out, style, RT_TONE_DIM, n->summary);
	}
	if (counts_below(e))
		put_below(t, n);
	if (again)
		rt_tone_text(t->out, style, RT_TONE_DIM, "  (see above)");
	rt_buf_putc(t->out, '\n');
}

static const char *finding_text(struct rt_buf *text, const struct rt_finding *f)
{
	rt_buf_printf(text, "%s %s", rt_finding_info(f->code)->code, f->message);
	return rt_buf_str(text);
}

/* That what it hangs from was not read is said by the line of that. */
static bool said_above(const struct rt_edge *e, const struct rt_finding *f)
{
	return e && e->field && f->field && !f->certain && !e->from->obj &&
	       e->state == RT_LINK_UNKNOWN && strcmp(e->field, f->field) == 0;
}

static void put_findings(
    struct tree *t, const char *rail, const struct rt_edge *e, const struct rt_node *n)
{
	for (size_t i = 0; i < n->findings.len; i++) {
		const struct rt_finding *f = n->findings.v[i];
		struct rt_buf text = {0};
		if (rt_finding_state(f) == RT_STATE_INFO || said_above(e, f))
			continue;
		put_reason(t, rail, look_of(rt_finding_state(f)).tone, finding_text(&text, f));
		rt_buf_done(&text);
	}
}

/* Why an edge is not fine: on its line where that fits, else below it. The line has just ended. */
static void put_why(struct tree *t, const char *rail, const char *why)
{
	const char *line = t->out->data + t->out->len - 1;
	while (line > t->out->data && line[-1] != '\n')
		line--;
	size_t used = shown_width(line, (size_t)(t->out->data + t->out->len - 1 - line));
	if (used + 2 + rt_str_width(why) > t->opts->style->width) {
		put_reason(t, rail, RT_TONE_DIM, why);
		return;
	}
	t->out->data[--t->out->len] = '\0';
	rt_buf_puts(t->out, "  ");
	rt_tone_text(t->out, t->opts->style, RT_TONE_ERROR, why);
	rt_buf_putc(t->out, '\n');
}

static void put_node(struct tree *t, const struct rt_edge *e, struct rt_node *n, bool last);

static bool has_children(const struct tree *t, const struct rt_node *n)
{
	edge_list edges = {0};
	collect(t, children_of(n), &edges);
	bool any = edges.len > 0;
	rt_vec_free(&edges);
	return any;
}

static void put_children(struct tree *t, const struct rt_node *n)
{
	edge_list edges = {0};
	collect(t, children_of(n), &edges);
	for (size_t i = 0; i < edges.len; i++)
		put_node(t, edges.v[i], edges.v[i]->to, i + 1 == edges.len);
	rt_vec_free(&edges);
}

/* Routes and Services are reached along several ways; what is below them is told once. */
static bool told_before(struct tree *t, struct rt_node *n)
{
	if (n->told == t->told && n->type == RT_NODE_OBJECT)
		return true;
	n->told = t->told;
	return false;
}

static void put_node(struct tree *t, const struct rt_edge *e, struct rt_node *n, bool last)
{
	bool ascii = t->opts->style->ascii;
	const char *branch = "", *rail = "";
	if (e) {
		branch = ascii ? (last ? "`- " : "|- ") : (last ? "└─ " : "├─ ");
		rail = ascii ? (last ? "   " : "|  ") : (last ? "   " : "│  ");
	}
	bool again = told_before(t, n);
	struct rt_buf reason_rail = {0};
	rt_buf_printf(&reason_rail, "%s  ", rail);
	put_line(t, branch, e, n, again && has_children(t, n));
	if (e && e->why && n->findings.len == 0 && e->from->findings.len == 0)
		put_why(t, rt_buf_str(&reason_rail), e->why);
	if (!again) {
		put_findings(t, rt_buf_str(&reason_rail), e, n);
		if (children_of(n) != n)
			put_findings(t, rt_buf_str(&reason_rail), NULL, children_of(n));
	}
	rt_buf_done(&reason_rail);
	if (again)
		return;
	size_t before = t->rails.len;
	rt_buf_puts(&t->rails, rail);
	put_children(t, n);
	t->rails.len = before;
	if (t->rails.data)
		t->rails.data[before] = '\0';
}

/* ------------------------------------------------------------------ the whole */

static struct rt_tally tally_of(const struct tree *t)
{
	struct rt_tally all = t->opts->beside.tally;
	for (size_t i = 0; i < t->g->nodes.len; i++) {
		const struct rt_node *n = t->g->nodes.v[i];
		for (size_t k = 0; in_scope(t, n) && k < n->findings.len; k++)
			rt_tally_count(&all, n->findings.v[k]);
	}
	return all;
}

static void put_heading(struct tree *t)
{
	const struct rt_tally all = tally_of(t);
	const struct {
		size_t n;
		enum rt_node_state state;
		const char *one, *many;
	} counts[] = {
	    {all.by_severity[RT_SEV_ERROR], RT_STATE_ERROR, "error", "errors"},
	    {all.by_severity[RT_SEV_WARNING], RT_STATE_WARNING, "warning", "warnings"},
	    {all.unknown, RT_STATE_UNKNOWN, "unknown", "unknown"},
	};
	bool any = false;
	for (size_t i = 0; i < RT_ARRAY_LEN(counts); i++) {
		if (counts[i].n == 0)
			continue;
		rt_buf_puts(t->out, any ? "  " : "");
		put_glyph(t, counts[i].state);
		rt_buf_printf(t->out, "%zu %s", counts[i].n,
		    counts[i].n == 1 ? counts[i].one : counts[i].many);
		any = true;
	}
	if (!any) {
		put_glyph(t, RT_STATE_OK);
		rt_buf_puts(t->out, "nothing is broken");
	}
	rt_buf_putc(t->out, '\n');
}

/* Problem first: roots with errors below them, then warnings, then the rest. */
static void put_roots(struct tree *t)
{
	for (int s = RT_STATE_ERROR; s >= RT_STATE_OK; s--)
		for (size_t i = 0; i < t->g->roots.len; i++) {
			struct rt_node *n = t->g->roots.v[i];
			if ((int)rt_node_worst(n) != s || !in_scope(t, n))
				continue;
			rt_buf_putc(t->out, '\n');
			put_node(t, NULL, n, true);
		}
}

/* Grants, policies, what could not be read: they have no place in the tree, their findings have. Of
 * what is for information only what is about the cluster as a whole is worth a line. */
static void put_beside(struct tree *t)
{
	const struct rt_findings *b = &t->opts->beside;
	const char *gap = "\n";
	for (size_t i = 0; i < b->len; i++) {
		struct rt_buf text = {0};
		bool told = rt_finding_state(b->v[i]) != RT_STATE_INFO ||
			    rt_streq(b->v[i]->object.kind, "Cluster");
		if (!told)
			continue;
		rt_buf_puts(t->out, gap);
		put_glyph(t, rt_finding_state(b->v[i]));
		rt_text_wrap(t->out, t->opts->style, 2, finding_text(&text, b->v[i]));
		rt_buf_putc(t->out, '\n');
		rt_buf_done(&text);
		gap = "";
	}
}

void rt_dump_tree(struct rt_buf *out, struct rt_graph *g, const struct rt_dump_opts *opts)
{
	struct tree t = {.out = out, .g = g, .opts = opts};
	size_t start = out->len;
	if (opts->mark)
		rt_graph_recount(g, opts->mark);
	t.told = ++g->marks;
	put_heading(&t);
	size_t head = out->len;
	put_roots(&t);
	put_beside(&t);
	if (out->len == head) {
		out->len = start;
		rt_buf_puts(out, "Nothing to show.\n");
	}
	rt_buf_done(&t.rails);
}
