/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head.c - the head line.
 */
#include "config.h"

#include "head.h"

#include <string.h>

#include "app.h"
#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/utf8.h"

#define NAME_MAX_COLS 40
#define NAMESPACES_MAX_COLS 24
#define ONLY_MAX 256 /* bytes of namespaces kept: more than ever fits */

static const struct {
	const char *unit;
	enum rt_kind first, last;
} counted[RT_HEAD_COUNTS] = {
    [RT_HEAD_GATEWAYS] = {"gw", RT_KIND_GATEWAY, RT_KIND_GATEWAY},
    [RT_HEAD_INGRESSES] = {"ing", RT_KIND_INGRESS, RT_KIND_INGRESS},
    [RT_HEAD_ROUTES] = {"routes", RT_KIND_HTTP_ROUTE, RT_KIND_UDP_ROUTE},
    [RT_HEAD_SERVICES] = {"svc", RT_KIND_SERVICE, RT_KIND_SERVICE},
};

/* ---------------------------------------------------------------- taking it */

static void set_text(char **slot, const char *text)
{
	free(*slot);
	*slot = text ? rt_xstrdup(text) : NULL;
}

static bool is_loading(const struct rt_store *s, enum rt_kind k)
{
	const struct rt_kind_info *info = rt_kind_info(k);
	enum rt_scope_state st = rt_store_scope(s, info->group, info->kind, NULL, NULL);

	return st == RT_SCOPE_LOADING || st == RT_SCOPE_UNASKED;
}

static void count(struct rt_head *h, const struct rt_store *s)
{
	for (int i = 0; i < RT_HEAD_COUNTS; i++) {
		h->counts[i].n = 0;
		h->counts[i].loading = false;
		for (int k = counted[i].first; k <= (int)counted[i].last; k++) {
			h->counts[i].n += rt_store_count(s, (enum rt_kind)k);
			if (h->feed == RT_FEED_READING && is_loading(s, (enum rt_kind)k))
				h->counts[i].loading = true;
		}
	}
}

static void add_only(struct rt_buf *only, const char *ns)
{
	size_t len = strlen(ns);
	const char *have = rt_buf_str(only);

	for (; *have; have += strcspn(have, ","), have += *have == ',')
		if (!strncmp(have, ns, len) && (have[len] == ',' || !have[len]))
			return;
	if (only->len + len < ONLY_MAX)
		rt_buf_printf(only, "%s%s", only->len ? "," : "", ns);
}

static void note_rights(struct rt_head *h, const struct rt_store *s)
{
	struct rt_kind_scopes k = {0};
	struct rt_buf only = {0};

	h->unread = 0;
	while (rt_store_next_kind(s, &k)) {
		h->unread += k.reach == RT_REACH_NOWHERE;
		for (size_t i = 0; k.reach == RT_REACH_SOME && i < k.len; i++)
			if (k.v[i].state == RT_SCOPE_READ)
				add_only(&only, k.v[i].ns);
	}
	set_text(&h->only, only.len ? rt_buf_str(&only) : NULL);
	rt_buf_done(&only);
}

void rt_head_set(struct rt_head *h, const struct rt_tui_head *head)
{
	set_text(&h->name, head->name);
	set_text(&h->feed_text, head->feed_text);
	set_text(&h->warning, head->warning);
	h->feed = head->feed;
	h->counted = head->store != NULL;
	if (head->store) {
		count(h, head->store);
		note_rights(h, head->store);
	}
}

void rt_head_done(struct rt_head *h)
{
	set_text(&h->name, NULL);
	set_text(&h->feed_text, NULL);
	set_text(&h->warning, NULL);
	set_text(&h->only, NULL);
}

/* ---------------------------------------------------------------- the left side */

/* A canvas that is written from left to right. */
struct pen {
	struct rt_canvas c;
	int x;
};

static void put(struct pen *p, enum rt_role role, int width, const char *text)
{
	int room = p->c.w - p->x;

	if (room > 0)
		p->x +=
		    rt_put_cut(p->c, p->x, 0, (uint16_t)role, width < room ? width : room, text);
}

static void put_glyph(struct pen *p, enum rt_role role, enum rt_glyph g)
{
	p->x += rt_put_glyph(p->c, p->x, 0, (uint16_t)role, g);
}

static void put_dot(struct pen *p)
{
	put(p, RT_ROLE_HEADER_DIM, 1, " ");
	put_glyph(p, RT_ROLE_HEADER_DIM, RT_GLYPH_DOT);
	put(p, RT_ROLE_HEADER_DIM, 1, " ");
}

static void put_namespaces(const struct rt_tui *t, struct pen *p)
{
	struct rt_buf ns = {0};

	for (size_t i = 0; i < t->shown.namespaces.len; i++)
		rt_buf_printf(&ns, "%s%s", i ? "," : "", t->shown.namespaces.v[i]);
	if (!ns.len && t->head.only)
		rt_buf_printf(&ns, "only %s", t->head.only);
	put(p, RT_ROLE_HEADER, NAMESPACES_MAX_COLS, ns.len ? rt_buf_str(&ns) : "all namespaces");
	rt_buf_done(&ns);
}

static void put_feed(const struct rt_head *h, struct pen *p)
{
	static const struct {
		const char *word;
		enum rt_role role;
		enum rt_glyph glyph;
	} feeds[] = {
	    [RT_FEED_STILL] = {NULL, RT_ROLE_HEADER_DIM, RT_GLYPH_DOT},
	    [RT_FEED_READING] = {"reading", RT_ROLE_HEADER_WARNING, RT_GLYPH_LEAF},
	    [RT_FEED_UNREAD] = {"not read:", RT_ROLE_HEADER_ERROR, RT_GLYPH_ERROR},
	    [RT_FEED_LIVE] = {"live", RT_ROLE_HEADER_OK, RT_GLYPH_LIVE},
	    [RT_FEED_STALE] = {"stale", RT_ROLE_HEADER_ERROR, RT_GLYPH_STALE},
	};
	enum rt_role role = feeds[h->feed].role;

	if (!feeds[h->feed].word)
		return;
	put_dot(p);
	put_glyph(p, role, feeds[h->feed].glyph);
	put(p, role, p->c.w, " ");
	put(p, role, p->c.w, feeds[h->feed].word);
	if (h->feed_text) {
		put(p, RT_ROLE_HEADER, p->c.w, " ");
		put(p, RT_ROLE_HEADER, p->c.w, h->feed_text);
	}
}

static void put_unread(const struct rt_head *h, struct pen *p)
{
	struct rt_buf b = {0};

	if (!h->unread)
		return;
	put_dot(p);
	rt_buf_printf(&b, "%zu %s unread", h->unread, h->unread == 1 ? "kind" : "kinds");
	put(p, RT_ROLE_HEADER_WARNING, p->c.w, rt_buf_str(&b));
	rt_buf_done(&b);
}

/* Returns the column after it. */
static int paint_left(const struct rt_tui *t, struct rt_canvas c)
{
	struct pen p = {.c = c, .x = 1};

	put(&p, RT_ROLE_HEADER_NAME, c.w, "rutter");
	put(&p, RT_ROLE_HEADER, c.w, "  ");
	if (t->head.warning) {
		put(&p, RT_ROLE_HEADER_ERROR, c.w, t->head.warning);
		put(&p, RT_ROLE_HEADER, c.w, "  ");
	}
	put(&p, RT_ROLE_HEADER, NAME_MAX_COLS, t->head.name ? t->head.name : "");
	put_dot(&p);
	put_namespaces(t, &p);
	put_feed(&t->head, &p);
	put_unread(&t->head, &p);
	return p.x;
}

/* ---------------------------------------------------------------- the right side */

struct head_tally {
	enum rt_glyph glyph;
	enum rt_role role;
	size_t n;
};

static int digits(size_t n)
{
	int count = 1;

	for (; n >= 10; n /= 10)
		count++;
	return count;
}

/* So that it ends at column end; returns where it starts. */
static int paint_tally(const struct rt_tui *t, struct rt_canvas c, int end)
{
	const struct head_tally all[] = {
	    {RT_GLYPH_UNKNOWN, RT_ROLE_HEADER, t->tally.unknown},
	    {RT_GLYPH_WARNING, RT_ROLE_HEADER_WARNING, t->tally.by_severity[RT_SEV_WARNING]},
	    {RT_GLYPH_ERROR, RT_ROLE_HEADER_ERROR, t->tally.by_severity[RT_SEV_ERROR]},
	};
	static const char good[] = "no problems";
	int x = end;

	for (size_t i = 0; i < RT_ARRAY_LEN(all); i++) {
		if (!all[i].n)
			continue;
		x -= digits(all[i].n) + 2;
		rt_put_glyph(c, x, 0, (uint16_t)all[i].role, all[i].glyph);
		rt_putf(c, x + 2, 0, (uint16_t)all[i].role, "%zu", all[i].n);
		x -= 2;
	}
	/* Of what was not read nothing is known. */
	if (x < end || t->head.feed == RT_FEED_READING || t->head.feed == RT_FEED_UNREAD)
		return x < end ? x + 1 : end;
	x -= (int)sizeof(good) + 1;
	rt_put_glyph(c, x, 0, RT_ROLE_HEADER_OK, RT_GLYPH_OK);
	rt_put(c, x + 2, 0, RT_ROLE_HEADER_OK, good);
	return x - 1;
}

/* What there is of each kind, while reading with a mark at what is not complete. */
static void paint_counts(const struct rt_tui *t, struct rt_canvas c, int from, int end)
{
	const char *more = rt_glyph_str(RT_GLYPH_ELLIPSIS, t->grid.ascii);
	struct rt_buf b = {0};
	int width;

	for (int i = 0; i < RT_HEAD_COUNTS; i++)
		rt_buf_printf(&b, "%s%zu%s %s", i ? "  " : "", t->head.counts[i].n,
		    t->head.counts[i].loading ? more : "", counted[i].unit);
	width = (int)rt_str_width(rt_buf_str(&b));
	if (from + 2 + width + 2 <= end)
		rt_put(c, end - width - 2, 0, RT_ROLE_HEADER_DIM, rt_buf_str(&b));
	rt_buf_done(&b);
}

void rt_head_paint(const struct rt_tui *t, struct rt_canvas line)
{
	int end = line.w - 1, left;

	rt_fill(line, RT_ROLE_HEADER);
	if (t->world.findings)
		end = paint_tally(t, line, end);
	left = paint_left(t, rt_canvas_sub(line, 0, 0, end, 1));
	if (t->head.counted)
		paint_counts(t, line, left, end);
}
