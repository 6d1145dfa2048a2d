/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unread.c - says on stderr what was asked for and could not be read, in a line or two: whatever a
 * command prints is not the whole truth then. JSON documents and findings have the details.
 */
#include "config.h"

#include "cli.h"
#include "rutter/str.h"

typedef RT_VEC(const char *) words;

struct unread {
	words nowhere;      /* kinds */
	words partly;       /* kinds that were read in namespaces only */
	words namespaces;   /* those of the first of them */
	const char *reason; /* "forbidden", or what the only failure was */
};

/* "a, b, c and 4 more" */
static void put_some(struct rt_buf *out, const words *w)
{
	enum { SHOWN = 4 };
	for (size_t i = 0; i < w->len && i < SHOWN; i++)
		rt_buf_printf(out, "%s%s", i ? ", " : "", w->v[i]);
	if (w->len > SHOWN)
		rt_buf_printf(out, " and %zu more", w->len - SHOWN);
}

static void note_reason(struct unread *u, const struct rt_scope *s)
{
	const char *reason = s->state == RT_SCOPE_FORBIDDEN ? "forbidden" : s->why;
	if (!u->reason)
		u->reason = reason ? reason : "failed";
	else if (!rt_streq(u->reason, reason))
		u->reason = "forbidden or failed";
}

static void look_at_kind(struct unread *u, struct rt_arena *a, const struct rt_kind_scopes *k)
{
	words read = {0};
	if (k->reach == RT_REACH_ALL)
		return;
	for (size_t i = 0; i < k->len; i++) {
		if (k->v[i].state == RT_SCOPE_READ)
			rt_vec_push(&read, a, k->v[i].ns);
		else if (rt_scope_in_vain(k->v[i].state))
			note_reason(u, &k->v[i]);
	}
	rt_vec_push(k->reach == RT_REACH_SOME ? &u->partly : &u->nowhere, a, k->v[0].kind);
	if (u->namespaces.len == 0)
		u->namespaces = read;
}

void rt_cli_say_unread(const struct rt_cli *cli, const struct rt_store *store)
{
	RT_AUTO_BUF struct rt_buf text = {0};
	struct rt_arena a = {0};
	struct unread u = {0};
	struct rt_kind_scopes k = {0};
	while (rt_store_next_kind(store, &k))
		look_at_kind(&u, &a, &k);
	if (u.nowhere.len > 0) {
		put_some(&text, &u.nowhere);
		rt_cli_warn(cli, "not read: %s: %s", rt_buf_str(&text), u.reason);
	}
	if (u.partly.len > 0) {
		rt_buf_clear(&text);
		put_some(&text, &u.namespaces);
		rt_buf_puts(&text, " alone: ");
		put_some(&text, &u.partly);
		rt_cli_warn(cli, "read in namespace%s %s", u.namespaces.len > 1 ? "s" : "",
		    rt_buf_str(&text));
	}
	rt_arena_done(&a);
}
