/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonsplit.c - cut JSON into items while it arrives, dropping what no decoder reads.
 *
 * Containers whose members matter are walked token by token, with one frame each on a stack; all
 * other values are opaque: their end is found by rt_scan_*, and their bytes are dropped, copied to
 * the item or captured as a fact, as the plan for the value says. Any state may be left at the end
 * of a chunk and is taken up with the next.
 */
#include "config.h"

#include "rutter/jsonsplit.h"

#include <stdio.h>
#include <string.h>

#include "jsonsplit_impl.h"
#include "rutter/mem.h"

/* Facts are names, times and tokens. */
#define FACT_MAX_BYTES 16384
#define KEY_MAX_BYTES 65536

/* ------------------------------------------------------------------ places and errors */

uint64_t rt_split_offset(const struct rt_split *s, const char *p)
{
	return s->chunk_offset + (uint64_t)(p - s->chunk);
}

/* Counting is put off until a line number is needed. */
void rt_split_count_lines(struct rt_split *s, const char *to)
{
	const char *from = s->chunk + (s->line_offset - s->chunk_offset);
	const char *last = from < to ? memrchr(from, '\n', (size_t)(to - from)) : NULL;

	if (last) {
		s->line += (unsigned)rt_scan_lines(from, last + 1);
		s->line_start = rt_split_offset(s, last) + 1;
	}
	s->line_offset = rt_split_offset(s, to);
}

static const char *refuse(struct rt_split *s, const char *p, const char *why)
{
	rt_split_count_lines(s, p);
	rt_fail(&s->error, RT_INPUT, "%u:%llu: %s", s->line,
	    (unsigned long long)(rt_split_offset(s, p) - s->line_start) + 1, why);
	return NULL;
}

static const char *refuse_byte(struct rt_split *s, const char *p, const char *wanted)
{
	unsigned char c = (unsigned char)*p;
	char why[80];

	if (c > 0x20 && c < 0x7f)
		snprintf(why, sizeof(why), "expected %s, not '%c'", wanted, c);
	else
		snprintf(why, sizeof(why), "expected %s, not byte 0x%02x", wanted, c);
	return refuse(s, p, why);
}

/* ------------------------------------------------------------------ frames */

static void after_value(struct rt_split *s)
{
	if (s->depth > 0) {
		s->state = STATE_AFTER_VALUE;
		return;
	}
	s->state = STATE_DOCUMENT;
	s->doc++;
}

static void push(struct rt_split *s, const char *p)
{
	bool array = *p == '[', output;

	rt_split_enter(s, s->plan.role, p);
	output = s->plan.role == ROLE_ITEM || (s->plan.output && s->plan.role != ROLE_ITEMS);
	s->frames[s->depth++] = (struct frame){
	    .role = s->plan.role, .array = array, .output = output, .keep = s->plan.keep};
	if (output)
		rt_split_put(s, p, 1);
	s->state = array ? STATE_VALUE_OR_END : STATE_KEY_OR_END;
}

static const char *pop(struct rt_split *s, const char *p)
{
	struct frame f = s->frames[s->depth - 1];

	if (f.output)
		rt_split_put(s, p, 1);
	s->depth--;
	if (!rt_split_leave(s, f.role)) {
		rt_fail(&s->error, RT_CANCELLED, "stopped");
		return NULL;
	}
	after_value(s);
	return p + 1;
}

/* ------------------------------------------------------------------ values */

static const char *finish_value(struct rt_split *s, const char *p)
{
	if (s->plan.fact)
		rt_split_settle(s, s->plan.fact);
	if (s->plan.role == ROLE_ITEM && !rt_split_leave(s, ROLE_ITEM)) {
		rt_fail(&s->error, RT_CANCELLED, "stopped");
		return NULL;
	}
	after_value(s);
	return p;
}

/* The value's bytes from p to end go where the plan says. */
static void pass_on(struct rt_split *s, const char *p, const char *end)
{
	if (s->plan.output)
		rt_split_put(s, p, (size_t)(end - p));
	if (s->plan.fact)
		rt_buf_add(&s->facts[s->plan.fact], p, (size_t)(end - p));
}

static const char *literal_of(char c)
{
	return c == 't' ? "true" : c == 'f' ? "false" : c == 'n' ? "null" : NULL;
}

static const char *begin_opaque(struct rt_split *s, const char *p)
{
	uint64_t limit = s->plan.output ? s->max_depth - s->depth : UINT64_MAX;
	bool number = *p == '-' || (*p >= '0' && *p <= '9');

	if (*p != '"' && s->plan.fact) {
		rt_split_forget(s, s->plan.fact);
		s->plan.fact = FACT_NONE;
	}
	s->literal = literal_of(*p);
	s->scan = (struct rt_scan){.depth = 1, .limit = limit};
	if (*p == '{' || *p == '[') {
		s->state = STATE_IN_CONTAINER;
	} else if (*p == '"') {
		s->state = STATE_IN_STRING;
	} else if (s->literal || number) {
		s->state = STATE_IN_SCALAR;
		return p;
	} else {
		return refuse_byte(s, p, "a value");
	}
	if (s->plan.output)
		rt_split_put(s, p, 1);
	if (s->plan.fact)
		rt_split_forget(s, s->plan.fact);
	return p + 1;
}

static const char *begin_value(struct rt_split *s, const char *p)
{
	enum role role = s->plan.role;

	if (rt_split_opens(role, *p)) {
		if (s->depth < s->max_depth) {
			push(s, p);
			return p + 1;
		}
		/* Too deep to be walked: this item cannot be read, the others can. */
		s->item.oversized = true;
		s->plan = (struct plan){0};
	}
	if (role == ROLE_ITEM) {
		rt_split_begin_item(s, p);
		s->plan.output = true;
	}
	if (role == ROLE_ITEMS && *p == 'n')
		s->item.null_items = true;
	return begin_opaque(s, p);
}

static const char *on_string(struct rt_split *s, const char *p, const char *end)
{
	const char *behind = rt_scan_string(&s->scan, p, end);

	pass_on(s, p, behind ? behind : end);
	return behind ? finish_value(s, behind) : end;
}

static const char *on_container(struct rt_split *s, const char *p, const char *end)
{
	const char *behind = rt_scan_container(&s->scan, p, end);

	pass_on(s, p, behind ? behind : end);
	if (s->scan.deepest > s->scan.limit)
		s->item.oversized = true;
	return behind ? finish_value(s, behind) : end;
}

static inline bool is_number_byte(char c)
{
	return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

static const char *on_scalar(struct rt_split *s, const char *p, const char *end)
{
	const char *from = p;
	bool done;

	if (s->literal) {
		while (p < end && *s->literal && *p == *s->literal)
			p++, s->literal++;
		if (p < end && *s->literal)
			return refuse_byte(s, p, "true, false or null");
		done = *s->literal == '\0';
	} else {
		while (p < end && is_number_byte(*p))
			p++;
		done = p < end;
	}
	pass_on(s, from, p);
	return done ? finish_value(s, p) : p;
}

/* ------------------------------------------------------------------ tokens between values */

static const char *begin_document(struct rt_split *s, const char *p)
{
	static const enum role by_mode[] = {
	    [RT_SPLIT_LIST] = ROLE_LIST,
	    [RT_SPLIT_DOCS] = ROLE_ITEM,
	    [RT_SPLIT_WATCH] = ROLE_EVENT,
	};

	if (s->mode == RT_SPLIT_LIST && s->any_document)
		return refuse(s, p, "text behind the document");
	if (s->mode != RT_SPLIT_DOCS && *p != '{')
		return refuse_byte(s, p, "an object");
	for (int f = FACT_LIST_API_VERSION; f <= FACT_CONTINUE; f++)
		rt_split_forget(s, (enum fact)f);
	s->header = (struct rt_split_header){0};
	s->any_document = true;
	s->item.open = false;
	s->plan = (struct plan){.role = by_mode[s->mode]};
	return begin_value(s, p);
}

static const char *on_document(struct rt_split *s, const char *p, const char *end)
{
	static const char bom[] = "\xef\xbb\xbf";

	while (p < end && rt_split_offset(s, p) < 3 && *p == bom[rt_split_offset(s, p)])
		p++;
	p = rt_scan_space(p, end);
	/* "---" between documents, as in YAML; a document that is a negative number is none of
	 * ours. */
	if (p < end && *p == '-' && s->mode == RT_SPLIT_DOCS)
		return p + 1;
	return p < end ? begin_document(s, p) : p;
}

static const char *on_key_or_end(struct rt_split *s, const char *p, const char *end)
{
	p = rt_scan_space(p, end);
	if (p == end)
		return p;
	if (*p == '}' && s->state == STATE_KEY_OR_END)
		return pop(s, p);
	if (*p != '"')
		return refuse_byte(
		    s, p, s->state == STATE_KEY ? "a member's name" : "a member's name or '}'");
	s->scan = (struct rt_scan){0};
	s->state = STATE_IN_KEY;
	return p + 1;
}

/* The rest of a key of which cut_key holds the start. */
static const char *on_cut_key(struct rt_split *s, const char *p, const char *behind)
{
	if (!rt_buf_add(&s->cut_key, p, (size_t)(behind - 1 - p)) || s->cut_key.full)
		rt_split_skip_member(s);
	else
		rt_split_plan_member(s, s->cut_key.data, s->cut_key.len);
	rt_buf_clear(&s->cut_key);
	return behind;
}

static const char *on_key(struct rt_split *s, const char *p, const char *end)
{
	const char *behind = rt_scan_string(&s->scan, p, end);

	if (!behind) {
		rt_buf_add(&s->cut_key, p, (size_t)(end - p));
		return end;
	}
	if (s->cut_key.len > 0 || s->cut_key.full)
		return on_cut_key(s, p, behind);
	rt_split_plan_member(s, p, (size_t)(behind - 1 - p));
	if (behind < end && *behind == ':') {
		s->state = STATE_VALUE;
		behind++;
	}
	return behind;
}

static const char *on_colon(struct rt_split *s, const char *p, const char *end)
{
	p = rt_scan_space(p, end);
	if (p == end)
		return p;
	if (*p != ':')
		return refuse_byte(s, p, "':'");
	s->state = STATE_VALUE;
	return p + 1;
}

static const char *on_value(struct rt_split *s, const char *p, const char *end)
{
	p = rt_scan_space(p, end);
	return p < end ? begin_value(s, p) : p;
}

static const char *on_value_or_end(struct rt_split *s, const char *p, const char *end)
{
	p = rt_scan_space(p, end);
	if (p == end)
		return p;
	if (*p == ']')
		return pop(s, p);
	rt_split_plan_element(s);
	return begin_value(s, p);
}

static const char *on_after_value(struct rt_split *s, const char *p, const char *end)
{
	bool array = s->frames[s->depth - 1].array;

	p = rt_scan_space(p, end);
	if (p == end)
		return p;
	if (*p == (array ? ']' : '}'))
		return pop(s, p);
	if (*p != ',')
		return refuse_byte(s, p, array ? "',' or ']'" : "',' or '}'");
	s->state = array ? STATE_VALUE : STATE_KEY;
	if (array)
		rt_split_plan_element(s);
	return p + 1;
}

/* Each takes some bytes of p to end (p < end); returns where to go on, NULL when it is over. */
typedef const char *(*handler)(struct rt_split *s, const char *p, const char *end);
static const handler handlers[] = {
    [STATE_DOCUMENT] = on_document,
    [STATE_KEY_OR_END] = on_key_or_end,
    [STATE_KEY] = on_key_or_end,
    [STATE_IN_KEY] = on_key,
    [STATE_COLON] = on_colon,
    [STATE_VALUE_OR_END] = on_value_or_end,
    [STATE_VALUE] = on_value,
    [STATE_IN_STRING] = on_string,
    [STATE_IN_CONTAINER] = on_container,
    [STATE_IN_SCALAR] = on_scalar,
    [STATE_AFTER_VALUE] = on_after_value,
};

/* ------------------------------------------------------------------ interface */

struct rt_split *rt_split_new(enum rt_split_mode mode, const struct rt_split_ops *ops, void *ctx,
    size_t max_item, unsigned max_depth)
{
	struct rt_split *s = rt_xcalloc(1, sizeof(*s));

	s->mode = mode;
	s->ops = ops;
	s->ctx = ctx;
	s->max_depth = max_depth;
	s->frames = rt_xcalloc(max_depth, sizeof(*s->frames));
	s->cut_key = s->plain_key = RT_BUF_MAX(KEY_MAX_BYTES);
	s->item.text = s->spare = RT_BUF_MAX(max_item);
	for (int f = 0; f < FACT_COUNT; f++)
		s->facts[f] = RT_BUF_MAX(FACT_MAX_BYTES);
	s->line = 1;
	return s;
}

static enum rt_status ended(const struct rt_split *s, struct rt_error *err)
{
	if (err && s->error.status != RT_OK)
		*err = s->error;
	return s->error.status;
}

enum rt_status rt_split_feed(
    struct rt_split *s, const char *bytes, size_t len, struct rt_error *err)
{
	const char *p = bytes, *end = bytes + len;

	if (s->error.status != RT_OK || len == 0)
		return ended(s, err);
	s->chunk = bytes;
	while (p && p < end)
		p = handlers[s->state](s, p, end);
	if (s->error.status == RT_OK)
		rt_split_count_lines(s, end);
	s->chunk_offset += len;
	s->chunk = NULL;
	return ended(s, err);
}

enum rt_status rt_split_end(struct rt_split *s, struct rt_error *err)
{
	static const char nothing[] = "";

	if (s->error.status != RT_OK)
		return ended(s, err);
	s->chunk = nothing;
	/* Only the end of the input ends a number that is a document. */
	if (s->state == STATE_IN_SCALAR && !s->literal && s->depth == 0)
		finish_value(s, nothing);
	else if (s->state != STATE_DOCUMENT)
		refuse(s, nothing, "the input ends inside a document");
	else if (s->mode == RT_SPLIT_LIST && !s->any_document)
		refuse(s, nothing, "the input is empty");
	return ended(s, err);
}

const struct rt_split_header *rt_split_header(const struct rt_split *s)
{
	return &s->header;
}

void rt_split_free(struct rt_split *s)
{
	if (!s)
		return;
	rt_split_free(s->second);
	for (int f = 0; f < FACT_COUNT; f++)
		rt_buf_done(&s->facts[f]);
	rt_buf_done(&s->item.text);
	rt_buf_done(&s->spare);
	rt_buf_done(&s->cut_key);
	rt_buf_done(&s->plain_key);
	free(s->frames);
	free(s);
}
