/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail.h - everything about one object, in tabs.
 * Follows the cursor of the view beside it until a link is followed. A tab (action.h has their
 * table) is a function that writes a doc from facts; YAML, events and logs are asked for when they
 * are first looked at.
 */
#ifndef RT_TUI_DETAIL_H
#define RT_TUI_DETAIL_H

#include "pane.h"
#include "rutter/tui.h"
#include "widgets/doc.h"

enum rt_tab {
#define V(X, id, ...) RT_TAB_##id,
	RT_TABS(V, )
#undef V
	    RT_TAB_COUNT
};

struct rt_detail;

struct rt_detail *rt_detail_new(struct rt_tui *t);
void rt_detail_free(struct rt_detail *d); /* NULL-safe */
/* Another subject; the same one again keeps its place. name NULL: nothing. */
void rt_detail_set(struct rt_detail *d, const struct rt_target *target);
void rt_detail_world(struct rt_detail *d); /* the facts changed: the text is made anew */
void rt_detail_again(struct rt_detail *d); /* what was asked for is asked for anew */
const struct rt_ref *rt_detail_ref(const struct rt_detail *d);
enum rt_tab rt_detail_tab(const struct rt_detail *d);
void rt_detail_show(struct rt_detail *d, enum rt_tab tab);
void rt_detail_fit(struct rt_detail *d, int w, int h);
void rt_detail_draw(const struct rt_detail *d, struct rt_canvas c, bool focused);
bool rt_detail_action(struct rt_detail *d, enum rt_action a);
void rt_detail_mouse(struct rt_detail *d, const struct rt_event *e);
unsigned rt_detail_place(const struct rt_detail *d);
struct rt_docview *rt_detail_view(struct rt_detail *d);
const struct rt_doc *rt_detail_doc(const struct rt_detail *d);
/* The finding that the cursor is in, or the worst of the object; NULL: none. */
const struct rt_finding *rt_detail_finding(const struct rt_detail *d);
/* The choice made in the picker of Pods and containers. */
struct rt_picker;
void rt_detail_sources(const struct rt_detail *d, struct rt_picker *p);
void rt_detail_picked(struct rt_detail *d, size_t index);
void rt_detail_answer(struct rt_detail *d, unsigned ticket, const char *text, size_t len, bool last,
    const struct rt_error *err);
int rt_detail_rests_ms(const struct rt_detail *d); /* until a frame is wanted for it, -1: none is */
bool rt_detail_waits(const struct rt_detail *d); /* an answer is outstanding (logs do not count) */

/* ---------------------------------------------------------------- the tabs' texts */

struct rt_tab_in {
	const struct rt_tui *tui;
	struct rt_detail *detail;
	struct rt_ref ref;
	const struct rt_obj *obj;        /* NULL: not there */
	const struct rt_node *node;      /* NULL: not in the graph */
	const struct rt_finding *chosen; /* the one that was come from; NULL: none */
	bool ascii;
	bool narrow; /* fewer than RT_TAB_NARROW columns */
};
#define RT_TAB_NARROW 46
typedef void rt_tab_build(const struct rt_tab_in *in, struct rt_doc *d);
#define V(X, id, name, ...) rt_tab_build rt_tab_##name;
RT_TABS(V, )
#undef V

/* The lines of the doc from here on are about that finding. */
void rt_detail_about(struct rt_detail *d, const struct rt_finding *f);
/* Text that comes from outside, asked for when it is first wanted; NULL: it is not there, and the
 * doc says why. */
const char *rt_detail_text(const struct rt_tab_in *in, enum rt_ask what, struct rt_doc *d);
/* Paragraphs that several texts share. hint: says which key shows the manifest. */
void rt_doc_finding(struct rt_doc *d, const struct rt_finding *f, bool ascii, bool hint);
void rt_doc_yaml(struct rt_doc *d, const char *text); /* its keys in their colour */
void rt_doc_ref(struct rt_doc *d, const struct rt_ref *ref);

#endif
