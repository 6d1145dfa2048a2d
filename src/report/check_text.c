/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_text.c - findings for people: objects in the order of their worst finding, each with all
 * that is wrong with it, so that reading may stop anywhere.
 */
#include "config.h"

#include "rutter/check_report.h"

#include <string.h>

#include "rutter/glyph.h"
#include "rutter/map.h"
#include "rutter/utf8.h"

#define MAX_RELATED 4

struct writing {
	struct rt_buf *out;
	const struct rt_check_report *r;
	const struct rt_text_style *style;
	struct rt_arena a;
};

static const struct look {
	enum rt_glyph glyph;
	enum rt_tone tone;
} looks[] = {
    [RT_SEV_ERROR] = {RT_GLYPH_ERROR, RT_TONE_ERROR},
    [RT_SEV_WARNING] = {RT_GLYPH_WARNING, RT_TONE_WARNING},
    [RT_SEV_INFO] = {RT_GLYPH_INFO, RT_TONE_INFO},
    [RT_SEV_COUNT] = {RT_GLYPH_UNKNOWN, RT_TONE_UNKNOWN}, /* open */
};

static const struct look *look_of(const struct rt_finding *f)
{
	return &looks[f->certain ? rt_finding_info(f->code)->severity : RT_SEV_COUNT];
}

/* "3 errors, 1 warning, 2 unknown", "no findings". */
static void tally_text(struct rt_buf *out, const struct rt_tally *t)
{
	static const char *const many[] = {"errors", "warnings", "infos"};
	const char *sep = "";

	for (int s = 0; s < RT_SEV_COUNT; s++) {
		size_t n = t->by_severity[s];

		if (!n)
			continue;
		rt_buf_printf(out, "%s%zu %s", sep, n,
		    n == 1 ? rt_severity_name((enum rt_severity)s) : many[s]);
		sep = ", ";
	}
	if (t->unknown) {
		rt_buf_printf(out, "%s%zu unknown", sep, t->unknown);
		sep = ", ";
	}
	if (!*sep)
		rt_buf_puts(out, "no findings");
}

/* ---------------------------------------------------------------- one finding */

/* A word in the margin and the text beside it. */
static void labelled(struct writing *w, const char *label, const char *text)
{
	rt_buf_pad(w->out, ' ', 4);
	rt_tone_text(w->out, w->style, RT_TONE_DIM, label);
	rt_buf_pad(w->out, ' ', 8 - strlen(label));
	rt_text_wrap(w->out, w->style, 12, text);
	rt_buf_putc(w->out, '\n');
}

static void related(struct writing *w, const struct rt_finding *f)
{
	const char *text = "";

	for (size_t i = 0; i < f->related.len && i < MAX_RELATED; i++)
		text = rt_arena_printf(
		    &w->a, "%s%s%s", text, i ? ", " : "", rt_ref_text(&w->a, f->related.v[i]));
	if (f->related.len > MAX_RELATED)
		text =
		    rt_arena_printf(&w->a, "%s and %zu more", text, f->related.len - MAX_RELATED);
	if (*text)
		labelled(w, "with", text);
}

/* A manifest stands as it is, ready to be copied. */
static void manifest(struct writing *w, const char *yaml)
{
	for (const char *line = yaml; *line;) {
		size_t len = strcspn(line, "\n");

		rt_buf_pad(w->out, ' ', 12);
		rt_clean(w->out, rt_arena_strndup(&w->a, line, len), w->style->ascii);
		rt_buf_putc(w->out, '\n');
		line += len + (line[len] == '\n');
	}
}

static void finding(struct writing *w, const struct rt_finding *f)
{
	const struct rt_finding_info *info = rt_finding_info(f->code);
	const struct look *look = look_of(f);

	rt_buf_pad(w->out, ' ', 2);
	rt_tone_begin(w->out, w->style, look->tone);
	rt_buf_printf(w->out, "%s %s", rt_glyph_str(look->glyph, w->style->ascii), info->code);
	rt_tone_end(w->out, w->style);
	rt_buf_printf(w->out, " %s", info->name);
	if (f->field) {
		size_t used = strlen(info->name) + 11; /* margin, glyph, code, spaces */

		rt_buf_puts(
		    w->out, used + rt_str_width(f->field) > w->style->width ? "\n    " : "  ");
		rt_tone_text(w->out, w->style, RT_TONE_DIM, f->field);
	}
	rt_buf_puts(w->out, "\n    ");
	rt_text_wrap(w->out, w->style, 4, f->message);
	rt_buf_putc(w->out, '\n');
	for (size_t i = 0; i < f->because.len; i++)
		labelled(w, i ? "" : "because", f->because.v[i]);
	related(w, f);
	if (f->certain || f->fix_manifest)
		labelled(w, "fix", f->fix);
	if (f->fix_manifest)
		manifest(w, f->fix_manifest);
}

/* ---------------------------------------------------------------- objects */

static const char *place(struct writing *w, const struct rt_finding *f)
{
	unsigned line;

	if (!f->origin.file)
		return "";
	line = w->r->line ? w->r->line(w->r->ctx, &f->origin, f->field) : f->origin.line;
	return rt_arena_printf(&w->a, "%s:%u",
	    strcmp(f->origin.file, "-") == 0 ? "standard input" : f->origin.file, line);
}

#define MAX_NAME 280 /* longer than any name that a server takes */

static const char *object_name(struct writing *w, const struct rt_finding *f)
{
	struct rt_buf b = {0};
	const char *ret;

	if (!*f->object.kind)
		return "Object";
	rt_clean_cut(&b, rt_ref_text(&w->a, f->object), MAX_NAME, w->style->ascii);
	ret = rt_arena_strdup(&w->a, rt_buf_str(&b));
	rt_buf_done(&b);
	return ret;
}

static void object_heading(struct writing *w, const struct rt_finding *f)
{
	const char *name = object_name(w, f), *at = place(w, f);
	size_t used = rt_str_width(name) + rt_str_width(at);

	rt_tone_text(w->out, w->style, RT_TONE_STRONG, name);
	if (*at && used + 2 > w->style->width) { /* beneath, where both do not fit */
		rt_buf_putc(w->out, '\n');
		used -= rt_str_width(name);
	}
	if (*at) {
		rt_buf_pad(w->out, ' ', used < w->style->width ? w->style->width - used : 2);
		rt_tone_text(w->out, w->style, RT_TONE_DIM, at);
	}
	rt_buf_putc(w->out, '\n');
}

/* Objects in the order of their first, worst finding. */
static void objects(struct writing *w, const struct rt_findings *all)
{
	struct rt_map seen = {0};

	for (size_t i = 0; i < all->len; i++) {
		const char *name = rt_arena_printf(&w->a, "%s\x1f%s",
		    rt_ref_text(&w->a, all->v[i]->object), all->v[i]->object.group);
		RT_VEC(const struct rt_finding *) *list = rt_map_get(&seen, name);

		if (!list) {
			list = rt_arena_alloc(&w->a, sizeof(*list));
			rt_map_set(&seen, name, list);
		}
		rt_vec_push(list, &w->a, all->v[i]);
	}
	RT_MAP_EACH (&seen, e) {
		const RT_VEC(const struct rt_finding *) *list = e->value;

		object_heading(w, list->v[0]);
		for (size_t i = 0; i < list->len; i++)
			finding(w, list->v[i]);
		rt_buf_putc(w->out, '\n');
	}
	rt_map_done(&seen);
}

/* ---------------------------------------------------------------- the report */

static void section(struct writing *w, const char *title, const struct rt_findings *all)
{
	rt_tone_text(w->out, w->style, RT_TONE_STRONG, title);
	rt_buf_puts(w->out, ": ");
	tally_text(w->out, &all->tally);
	rt_buf_puts(w->out, "\n\n");
	objects(w, all);
}

static void one_line_each(struct writing *w, const char *title, const struct rt_findings *all)
{
	rt_tone_text(w->out, w->style, RT_TONE_STRONG, title);
	rt_buf_puts(w->out, ": ");
	tally_text(w->out, &all->tally);
	rt_buf_putc(w->out, '\n');
	for (size_t i = 0; i < all->len; i++) {
		const struct look *look = look_of(all->v[i]);

		rt_buf_pad(w->out, ' ', 2);
		rt_tone_begin(w->out, w->style, look->tone);
		rt_buf_printf(w->out, "%s %s", rt_glyph_str(look->glyph, w->style->ascii),
		    rt_finding_info(all->v[i]->code)->code);
		rt_tone_end(w->out, w->style);
		rt_buf_putc(w->out, ' ');
		rt_text_wrap(w->out, w->style, 9, all->v[i]->message);
		rt_buf_putc(w->out, '\n');
	}
	rt_buf_putc(w->out, '\n');
}

static void summary(struct writing *w)
{
	bool clean = w->r->shown.len == 0;

	rt_tone_begin(w->out, w->style, clean ? RT_TONE_OK : RT_TONE_STRONG);
	if (clean)
		rt_buf_printf(w->out, "%s ", rt_glyph_str(RT_GLYPH_OK, w->style->ascii));
	tally_text(w->out, &w->r->shown.tally);
	rt_tone_end(w->out, w->style);
	rt_buf_putc(w->out, '\n');
	if (w->r->shown.tally.unknown) {
		rt_text_wrap(w->out, w->style, 0,
		    "Unknown: something that decides was not read or is not among the input; it "
		    "does not count as an error.");
		rt_buf_putc(w->out, '\n');
	}
}

void rt_check_report_text(
    struct rt_buf *out, const struct rt_check_report *r, const struct rt_text_style *style)
{
	struct writing w = {out, r, style, {0}};

	if (r->change) {
		section(&w, "Introduced by the overlay", &r->change->introduced);
		one_line_each(&w, "Mended by the overlay", &r->change->mended);
		one_line_each(&w, "Unchanged", &r->change->unchanged);
	} else {
		objects(&w, &r->shown);
	}
	summary(&w);
	rt_arena_done(&w.a);
}

bool rt_check_report_fails(const struct rt_check_report *r)
{
	for (int s = 0; s < RT_SEV_COUNT && s <= (int)r->fail_on && r->fail_on != RT_SEV_COUNT; s++)
		if (r->shown.tally.by_severity[s])
			return true;
	return false;
}
