/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonsplit_item.c - what the members of lists, events and items mean to the splitter: which are
 * facts, which belong to the item's text, and when an item is complete.
 */
#include "config.h"

#include <string.h>

#include "jsonsplit_impl.h"
#include "rutter/timefmt.h"

/* A member with a meaning of its own, whatever is kept. */
struct member {
	const char *key;
	enum fact fact;
	enum role role;
	bool output; /* part of the item's text */
};

static const struct member list_members[] = {
    {"apiVersion", FACT_LIST_API_VERSION, ROLE_OPAQUE, false},
    {"kind", FACT_LIST_KIND, ROLE_OPAQUE, false},
    {"metadata", FACT_NONE, ROLE_LIST_META, false},
    {"items", FACT_NONE, ROLE_ITEMS, false},
    {0},
};
static const struct member list_meta_members[] = {
    {"resourceVersion", FACT_RESOURCE_VERSION, ROLE_OPAQUE, false},
    {"continue", FACT_CONTINUE, ROLE_OPAQUE, false},
    {0},
};
static const struct member event_members[] = {
    {"type", FACT_EVENT, ROLE_OPAQUE, false},
    {"object", FACT_NONE, ROLE_ITEM, true},
    {0},
};
static const struct member item_members[] = {
    {"apiVersion", FACT_API_VERSION, ROLE_OPAQUE, true},
    {"kind", FACT_KIND, ROLE_OPAQUE, true},
    {"metadata", FACT_NONE, ROLE_META, true},
    {0},
};
static const struct member meta_members[] = {
    {"managedFields", FACT_NONE, ROLE_MANAGED, false},
    {0},
};
static const struct member manager_members[] = {
    {"manager", FACT_MANAGER, ROLE_OPAQUE, false},
    {"time", FACT_TIME, ROLE_OPAQUE, false},
    {"subresource", FACT_SUBRESOURCE, ROLE_OPAQUE, false},
    {0},
};
static const struct member no_members[] = {{0}};

/* The brackets that make a value this role; with others it stays opaque. element: of an array. */
static const struct {
	bool object, array;
	const struct member *members;
	enum role element;
	bool by_keep; /* other members: as the keep list says; else dropped */
} roles[] = {
    [ROLE_OPAQUE] = {false, false, no_members, ROLE_OPAQUE, false},
    [ROLE_LIST] = {true, false, list_members, ROLE_OPAQUE, false},
    [ROLE_LIST_META] = {true, false, list_meta_members, ROLE_OPAQUE, false},
    [ROLE_ITEMS] = {false, true, no_members, ROLE_ITEM, false},
    [ROLE_EVENT] = {true, false, event_members, ROLE_OPAQUE, false},
    [ROLE_ITEM] = {true, false, item_members, ROLE_OPAQUE, true},
    [ROLE_META] = {true, false, meta_members, ROLE_OPAQUE, true},
    [ROLE_MANAGED] = {false, true, no_members, ROLE_MANAGER, false},
    [ROLE_MANAGER] = {true, false, manager_members, ROLE_OPAQUE, false},
    [ROLE_KEPT] = {true, true, no_members, ROLE_KEPT, true},
};

static const struct rt_keep keep_nothing[] = {{0}};

bool rt_split_opens(enum role role, char c)
{
	return c == '{' ? roles[role].object : c == '[' && roles[role].array;
}

/* ------------------------------------------------------------------ facts */

static const char *fact(const struct rt_split *s, enum fact f)
{
	return s->fact_set[f] ? rt_buf_str(&s->facts[f]) : NULL;
}

static void update_header(struct rt_split *s)
{
	s->header.api_version = fact(s, FACT_LIST_API_VERSION);
	s->header.kind = fact(s, FACT_LIST_KIND);
	s->header.resource_version = fact(s, FACT_RESOURCE_VERSION);
	s->header.continue_token = fact(s, FACT_CONTINUE);
}

void rt_split_forget(struct rt_split *s, enum fact f)
{
	s->fact_set[f] = false;
	rt_buf_clear(&s->facts[f]);
	if (f <= FACT_CONTINUE)
		update_header(s);
}

static void move_fact(struct rt_split *s, enum fact to, enum fact from)
{
	struct rt_buf swapped = s->facts[to];

	s->facts[to] = s->facts[from];
	s->facts[from] = swapped;
	s->fact_set[to] = s->fact_set[from];
	rt_split_forget(s, from);
}

/* The captured bytes are the inside of a string and its closing quote. */
void rt_split_settle(struct rt_split *s, enum fact f)
{
	struct rt_buf *b = &s->facts[f];

	if (b->full || b->len == 0)
		return;
	b->len = rt_scan_unescape(b->data, b->len - 1);
	b->data[b->len] = '\0';
	s->fact_set[f] = true;
	if (f <= FACT_CONTINUE)
		update_header(s);
}

/* An entry of managedFields has ended: is it the newest of its sort? */
static void judge_manager(struct rt_split *s)
{
	const char *time = fact(s, FACT_TIME), *subresource = fact(s, FACT_SUBRESOURCE);
	int64_t t = RT_TIME_UNSET;

	if (time && !rt_time_parse(time, &t))
		t = RT_TIME_UNSET;
	if (subresource && *subresource) {
		if (strcmp(subresource, "status") != 0 || !fact(s, FACT_MANAGER) ||
		    t < s->item.status_time)
			return;
		s->item.status_time = t;
		move_fact(s, FACT_STATUS_MANAGER, FACT_MANAGER);
	} else if (t > s->item.spec_time) {
		s->item.spec_time = t;
		move_fact(s, FACT_SPEC_TIME, FACT_TIME);
	}
}

/* ------------------------------------------------------------------ the item's text */

void rt_split_put(struct rt_split *s, const char *bytes, size_t len)
{
	struct rt_buf *b = &s->item.text;

	/* Nearly always there is room, and pieces are small: no call. */
	if (len < b->cap - b->len && (!b->max || len <= b->max - b->len) && !s->item.oversized) {
		memcpy(b->data + b->len, bytes, len);
		b->len += len;
		b->data[b->len] = '\0';
		return;
	}
	if (!s->item.oversized && !rt_buf_add(&s->item.text, bytes, len))
		s->item.oversized = true;
}

void rt_split_begin_item(struct rt_split *s, const char *p)
{
	struct rt_buf text = s->item.text;

	rt_split_count_lines(s, p);
	rt_buf_clear(&text);
	s->item = (struct item_state){.text = text,
	    .open = true,
	    .keep = s->single ? s->item.keep : NULL,
	    .keep_known = s->single,
	    .status_time = RT_TIME_UNSET,
	    .spec_time = RT_TIME_UNSET,
	    .offset = rt_split_offset(s, p),
	    .column = rt_split_offset(s, p) - s->line_start + 1,
	    .line = s->line};
	rt_split_forget(s, FACT_API_VERSION);
	rt_split_forget(s, FACT_KIND);
	rt_split_forget(s, FACT_STATUS_MANAGER);
	rt_split_forget(s, FACT_SPEC_TIME);
}

static void ask_keep(struct rt_split *s)
{
	if (s->ops->keep)
		s->item.keep = s->ops->keep(s->ctx, fact(s, FACT_API_VERSION), fact(s, FACT_KIND));
	s->item.keep_known = true;
}

static bool ends_with_list(const char *kind)
{
	size_t len = strlen(kind);

	return len >= 4 && strcmp(kind + len - 4, "List") == 0;
}

/* Elements of a list of one kind need not say it, and then no later member will. */
static bool is_typed_list(const struct rt_split *s)
{
	const char *kind = fact(s, FACT_LIST_KIND);

	return s->depth > 1 && kind && strcmp(kind, "List") != 0 && ends_with_list(kind);
}

static void want_keep(struct rt_split *s)
{
	bool version = s->fact_set[FACT_API_VERSION], kind = s->fact_set[FACT_KIND];

	if (s->item.keep_known)
		return;
	if ((version && kind) || (!version && !kind && is_typed_list(s)))
		ask_keep(s);
	else
		s->item.early = true;
}

static bool take_projected(void *ctx, const struct rt_split_item *item)
{
	return rt_buf_add(ctx, item->json, item->len);
}

/* Members came before the keep list was known: project the item's own text once more. */
static void project_again(struct rt_split *s)
{
	static const struct rt_split_ops ops = {.item = take_projected};
	struct rt_buf text = s->item.text;

	if (!s->second) {
		s->second =
		    rt_split_new(RT_SPLIT_DOCS, &ops, &s->spare, text.max, (unsigned)s->max_depth);
		s->second->single = true;
	}
	rt_buf_clear(&s->spare);
	s->second->item.keep = s->item.keep;
	if (rt_split_feed(s->second, rt_buf_str(&text), text.len, NULL) != RT_OK) {
		/* Not JSON: the parser shall say so, of the text as it came. */
		rt_split_free(s->second);
		s->second = NULL;
		return;
	}
	s->item.text = s->spare;
	s->spare = text;
}

/* Gives the finished item away; false when the callback wants no more. */
static bool deliver(struct rt_split *s, bool element)
{
	struct rt_split_item item;

	s->item.open = false;
	if (!s->item.keep_known)
		ask_keep(s);
	if (s->item.early && s->item.keep && !s->item.oversized)
		project_again(s);
	item = (struct rt_split_item){.json = rt_buf_str(&s->item.text),
	    .len = s->item.text.len,
	    .event = s->mode == RT_SPLIT_WATCH ? fact(s, FACT_EVENT) : NULL,
	    .status_manager = fact(s, FACT_STATUS_MANAGER),
	    .spec_time = fact(s, FACT_SPEC_TIME),
	    .offset = s->item.offset,
	    .line = s->item.line,
	    .column = s->item.column,
	    .index = s->mode == RT_SPLIT_DOCS && !element ? s->doc : s->index,
	    .doc = s->doc,
	    .element = element,
	    .oversized = s->item.oversized};
	s->index++;
	return s->ops->item(s->ctx, &item);
}

/* ------------------------------------------------------------------ containers */

/* The document that looked like an item has items of its own. */
static void become_list(struct rt_split *s)
{
	s->item.open = false;
	s->frames[0].role = ROLE_LIST;
	s->frames[0].output = false;
	move_fact(s, FACT_LIST_API_VERSION, FACT_API_VERSION);
	move_fact(s, FACT_LIST_KIND, FACT_KIND);
	update_header(s);
}

static bool is_empty_list(const struct rt_split *s)
{
	const char *kind = fact(s, FACT_KIND);

	return s->mode == RT_SPLIT_DOCS && !s->single && s->depth == 0 && s->item.null_items &&
	       kind && ends_with_list(kind);
}

/* What the end of a container means. False: the callback wants no more. */
bool rt_split_leave(struct rt_split *s, enum role role)
{
	switch (role) {
	case ROLE_MANAGER:
		judge_manager(s);
		return true;
	case ROLE_LIST:
		s->header.complete = true;
		if (s->ops->list_end)
			s->ops->list_end(s->ctx);
		return true;
	case ROLE_EVENT:
		return !s->item.open || deliver(s, false);
	case ROLE_ITEM:
		if (s->mode == RT_SPLIT_WATCH || is_empty_list(s))
			return true;
		return deliver(s, s->depth > 0);
	case ROLE_OPAQUE:
	case ROLE_LIST_META:
	case ROLE_ITEMS:
	case ROLE_META:
	case ROLE_MANAGED:
	case ROLE_KEPT:
		return true;
	}
	return true;
}

void rt_split_enter(struct rt_split *s, enum role role, const char *p)
{
	if (role == ROLE_ITEM) {
		rt_split_begin_item(s, p);
	} else if (role == ROLE_ITEMS) {
		if (s->item.open)
			become_list(s);
		s->index = 0;
	} else if (role == ROLE_EVENT) {
		s->item.open = false;
		rt_split_forget(s, FACT_EVENT);
	} else if (role == ROLE_MANAGER) {
		rt_split_forget(s, FACT_MANAGER);
		rt_split_forget(s, FACT_TIME);
		rt_split_forget(s, FACT_SUBRESOURCE);
	}
}

/* ------------------------------------------------------------------ members */

/* A key's text, not terminated. */
struct span {
	const char *s;
	size_t len;
};

/* A key may hold NUL bytes: no library function stops at the right one of the two ends. */
static inline bool same_key(const char *name, struct span key)
{
	for (size_t i = 0; i < key.len; i++)
		if (name[i] != key.s[i] || name[i] == '\0')
			return false;
	return name[key.len] == '\0';
}

/* A comma where one is due. */
static void separate(struct rt_split *s, struct frame *f)
{
	if (f->any)
		rt_split_put(s, ",", 1);
	f->any = true;
}

static const struct rt_keep *find_keep(const struct rt_keep *keep, struct span key)
{
	const struct rt_keep *every = NULL;

	for (; keep->key; keep++) {
		if (same_key(keep->key, key))
			return keep;
		if (*keep->key == '*' && !keep->key[1])
			every = keep;
	}
	return every;
}

static struct plan plan_by_keep(const struct rt_keep *keep, struct span key)
{
	const struct rt_keep *k;

	if (!keep)
		return (struct plan){.output = true};
	k = find_keep(keep, key);
	if (!k)
		return (struct plan){.output = false};
	return (struct plan){
	    .role = k->sub ? ROLE_KEPT : ROLE_OPAQUE, .output = true, .keep = k->sub};
}

static const struct rt_keep *meta_keep(const struct rt_split *s)
{
	const struct rt_keep *keep = s->item.keep;

	if (!keep)
		return NULL;
	for (; keep->key; keep++)
		if (strcmp(keep->key, "metadata") == 0)
			return keep->sub;
	return keep_nothing;
}

/* "items" of a whole document, unless its kind says that it is no list. */
static bool may_be_items(struct rt_split *s, struct span key)
{
	const char *kind = fact(s, FACT_KIND);

	return s->mode == RT_SPLIT_DOCS && !s->single && s->depth == 1 && same_key("items", key) &&
	       (!kind || ends_with_list(kind));
}

static struct plan plan_special(struct rt_split *s, const struct member *m)
{
	return (struct plan){.role = m->role,
	    .fact = m->fact,
	    .output = m->output,
	    .keep = m->role == ROLE_META ? meta_keep(s) : NULL};
}

static struct plan plan_member(struct rt_split *s, const struct frame *f, struct span key)
{
	const struct member *m = roles[f->role].members;
	struct plan plan;

	if (f->role == ROLE_KEPT)
		return plan_by_keep(f->keep, key);
	while (m->key && !same_key(m->key, key))
		m++;
	if (f->role == ROLE_ITEM && !m->fact)
		want_keep(s);
	if (m->key)
		return plan_special(s, m);
	if (!roles[f->role].by_keep)
		return (struct plan){0};
	plan = plan_by_keep(f->role == ROLE_ITEM ? s->item.keep : f->keep, key);
	if (f->role == ROLE_ITEM && may_be_items(s, key))
		plan.role = ROLE_ITEMS;
	return plan;
}

static struct span plain_key(struct rt_split *s, struct span raw)
{
	struct rt_buf *plain = &s->plain_key;

	if (!memchr(raw.s, '\\', raw.len))
		return raw;
	rt_buf_clear(plain);
	if (!rt_buf_add(plain, raw.s, raw.len))
		return (struct span){"", 0};
	return (struct span){plain->data, rt_scan_unescape(plain->data, plain->len)};
}

void rt_split_plan_member(struct rt_split *s, const char *key, size_t len)
{
	struct frame *f = &s->frames[s->depth - 1];

	s->plan = plan_member(s, f, plain_key(s, (struct span){key, len}));
	s->plan.output = s->plan.output && f->output;
	s->state = STATE_COLON;
	if (!s->plan.output)
		return;
	separate(s, f);
	rt_split_put(s, "\"", 1);
	rt_split_put(s, key, len);
	rt_split_put(s, "\":", 2);
}

/* A key too long to be held: whatever it is, nobody keeps it, unless all is kept. */
void rt_split_skip_member(struct rt_split *s)
{
	s->plan = (struct plan){0};
	s->item.oversized = s->item.oversized || s->frames[s->depth - 1].output;
	s->state = STATE_COLON;
}

void rt_split_plan_element(struct rt_split *s)
{
	struct frame *f = &s->frames[s->depth - 1];

	s->plan = (struct plan){
	    .role = roles[f->role].element, .keep = f->keep, .output = f->role == ROLE_ITEMS};
	if (f->output) {
		s->plan.output = true;
		separate(s, f);
	}
}
