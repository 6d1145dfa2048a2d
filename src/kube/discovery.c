/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discovery.c - what a server says it serves, in any of the three forms servers say it.
 * Everything read lives in one arena: discovery is small and read a few times in a program's life.
 */
#include "config.h"

#include "rutter/discovery.h"

#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/log.h"
#include "rutter/loop.h"
#include "rutter/map.h"
#include "rutter/mem.h"
#include "rutter/value.h"
#include "rutter/vec.h"

#define BODY_MAX (16u << 20)
#define RESOURCES_MAX 20000

enum gv_state { GV_LISTED, GV_READ, GV_FAILED };

struct group_version {
	const char *group, *version;
	enum gv_state state;
	const char *why;
};

/* One document on its way. */
struct fetch {
	struct fetch *next;
	struct rt_discovery *d;
	struct rt_kube_call *call;
	struct rt_buf body;
	char *path;
	const char *group, *version; /* NULL: one of the two entry documents */
};

struct rt_discovery {
	struct rt_kube *kube;
	struct rt_arena arena;
	RT_VEC(struct rt_api_resource) resources;
	RT_VEC(struct group_version) versions;
	struct rt_map by_name;             /* (group, version) -> index + 1 into versions */
	const char *core_why, *groups_why; /* why the entry document could not be read */
	bool core_known, groups_known;
	/* a load under way */
	struct fetch *fetches;
	RT_VEC(const char *) wanted;
	rt_discovery_fn done;
	void *ctx;
	struct rt_error err; /* of an entry document */
	struct rt_timer timer;
};

/* --- what is known ---------------------------------------------------------------------------- */

static struct group_version *note_version(
    struct rt_discovery *d, const char *group, const char *version)
{
	const char *const name[] = {group, version};
	uintptr_t known = (uintptr_t)rt_map_get_parts(&d->by_name, 2, name);
	if (known)
		return &d->versions.v[known - 1];
	rt_vec_push(&d->versions, NULL,
	    (struct group_version){.group = rt_arena_strdup(&d->arena, group),
		.version = rt_arena_strdup(&d->arena, version),
		.state = GV_LISTED});
	rt_map_set_parts(&d->by_name, 2, name, (void *)(uintptr_t)d->versions.len);
	return &d->versions.v[d->versions.len - 1];
}

void rt_discovery_failed(
    struct rt_discovery *d, const char *group, const char *version, const char *why)
{
	struct group_version *gv = note_version(d, group, version);
	gv->state = GV_FAILED;
	gv->why = rt_arena_strdup(&d->arena, why);
	rt_log(4, "discovery", "%s/%s: %s", group, version, why);
}

bool rt_discovery_knows(const struct rt_discovery *d, const char *group)
{
	if (*group ? !d->groups_known : !d->core_known)
		return false;
	for (size_t i = 0; i < d->versions.len; i++)
		if (d->versions.v[i].state == GV_LISTED &&
		    strcmp(d->versions.v[i].group, group) == 0)
			return false;
	return true;
}

static const struct rt_api_resource *find_in_version(
    const struct rt_discovery *d, const struct group_version *gv, const char *kind)
{
	for (size_t i = 0; i < d->resources.len; i++) {
		const struct rt_api_resource *r = &d->resources.v[i];
		if (strcmp(r->kind, kind) == 0 && strcmp(r->group, gv->group) == 0 &&
		    strcmp(r->version, gv->version) == 0)
			return r;
	}
	return NULL;
}

static bool names_word(const char *words, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = words; at && *at; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (strncmp(at, word, len) == 0 && (at[len] == ' ' || at[len] == '\0'))
			return true;
	}
	return false;
}

void rt_discovery_versions(
    const struct rt_discovery *d, const char *group, const char *kind, struct rt_buf *out)
{
	for (size_t i = 0; i < d->versions.len; i++) {
		const struct group_version *gv = &d->versions.v[i];
		if (strcmp(gv->group, group) == 0 && find_in_version(d, gv, kind))
			rt_buf_printf(out, "%s%s", out->len ? " " : "", gv->version);
	}
}

static enum rt_served tell(const char **ret_why, const char *why, enum rt_served served)
{
	if (ret_why)
		*ret_why = why;
	return served;
}

enum rt_served rt_discovery_find(const struct rt_discovery *d, const char *group, const char *kind,
    const char *understood, const struct rt_api_resource **ret, const char **ret_why)
{
	const char *why = *group ? d->groups_why : d->core_why;
	bool others = false;
	if (!rt_discovery_knows(d, group) && !why)
		why = "discovery is not complete";
	for (size_t i = 0; i < d->versions.len; i++) {
		const struct group_version *gv = &d->versions.v[i];
		if (strcmp(gv->group, group) != 0)
			continue;
		if (gv->state == GV_FAILED)
			why = gv->why;
		const struct rt_api_resource *r = find_in_version(d, gv, kind);
		if (!r)
			continue;
		if (understood && !names_word(understood, gv->version)) {
			others = true;
			continue;
		}
		if (ret)
			*ret = r;
		return tell(ret_why, NULL, RT_SERVED);
	}
	if (why)
		return tell(ret_why, why, RT_SERVED_UNKNOWN);
	return tell(ret_why, NULL, others ? RT_SERVED_OTHERS : RT_SERVED_NOT);
}

/* --- documents -------------------------------------------------------------------------------- */

static bool has_verb(const struct rt_value *verbs, const char *verb)
{
	for (size_t i = 0; i < rt_value_len(verbs); i++) {
		const char *got = rt_value_str(rt_value_at(verbs, i));
		if (got && strcmp(got, verb) == 0)
			return true;
	}
	return false;
}

static void add_resource(struct rt_discovery *d, const struct group_version *gv,
    struct rt_api_resource r, const struct rt_value *verbs)
{
	if (!r.kind || !r.plural || !*r.kind || !*r.plural || strchr(r.plural, '/') ||
	    d->resources.len >= RESOURCES_MAX)
		return;
	r.group = gv->group;
	r.version = gv->version;
	r.kind = rt_arena_strdup(&d->arena, r.kind);
	r.plural = rt_arena_strdup(&d->arena, r.plural);
	r.can_list = has_verb(verbs, "list");
	r.can_watch = has_verb(verbs, "watch");
	r.can_get = has_verb(verbs, "get");
	rt_vec_push(&d->resources, NULL, r);
}

static void take_aggregated_version(
    struct rt_discovery *d, const char *group, const struct rt_value *version)
{
	const char *name = rt_value_get_str(version, "version");
	const char *freshness = rt_value_get_str(version, "freshness");
	const struct rt_value *resources = rt_value_get(version, "resources");
	if (!name)
		return;
	if (freshness && strcmp(freshness, "Stale") == 0) {
		rt_discovery_failed(d, group, name, "the API behind this group does not answer");
		return;
	}
	size_t at = (size_t)(note_version(d, group, name) - d->versions.v);
	if (d->versions.v[at].state == GV_READ)
		return;
	d->versions.v[at].state = GV_READ;
	for (size_t i = 0; i < rt_value_len(resources); i++) {
		const struct rt_value *r = rt_value_at(resources, i);
		const char *scope = rt_value_get_str(r, "scope");
		/* Parents of sub-resources that are no kind of their own lack responseKind. */
		struct rt_api_resource res = {
		    .kind = rt_value_get_str(rt_value_get(r, "responseKind"), "kind"),
		    .plural = rt_value_get_str(r, "resource"),
		    .namespaced = scope && strcmp(scope, "Namespaced") == 0,
		};
		add_resource(d, &d->versions.v[at], res, rt_value_get(r, "verbs"));
	}
}

static void take_aggregated(struct rt_discovery *d, const struct rt_value *doc)
{
	const struct rt_value *groups = rt_value_get(doc, "items");
	for (size_t g = 0; g < rt_value_len(groups); g++) {
		const struct rt_value *group = rt_value_at(groups, g);
		const char *name = rt_value_get_str(rt_value_get(group, "metadata"), "name");
		const struct rt_value *versions = rt_value_get(group, "versions");
		for (size_t v = 0; v < rt_value_len(versions); v++)
			take_aggregated_version(d, name ? name : "", rt_value_at(versions, v));
	}
}

static void take_core_versions(struct rt_discovery *d, const struct rt_value *doc)
{
	const struct rt_value *versions = rt_value_get(doc, "versions");
	for (size_t i = 0; i < rt_value_len(versions); i++) {
		const char *version = rt_value_str(rt_value_at(versions, i));
		if (version)
			note_version(d, "", version);
	}
}

static void take_groups(struct rt_discovery *d, const struct rt_value *doc)
{
	const struct rt_value *groups = rt_value_get(doc, "groups");
	for (size_t g = 0; g < rt_value_len(groups); g++) {
		const struct rt_value *group = rt_value_at(groups, g);
		const char *name = rt_value_get_str(group, "name");
		const struct rt_value *versions = rt_value_get(group, "versions");
		for (size_t v = 0; name && v < rt_value_len(versions); v++) {
			const char *version = rt_value_get_str(rt_value_at(versions, v), "version");
			if (version)
				note_version(d, name, version);
		}
	}
}

static void take_resources(struct rt_discovery *d, const struct rt_value *doc)
{
	const char *gv_text = rt_value_get_str(doc, "groupVersion");
	const struct rt_value *resources = rt_value_get(doc, "resources");
	if (!gv_text)
		return;
	const char *slash = strchr(gv_text, '/');
	RT_AUTO_FREE char *group = rt_xstrndup(gv_text, slash ? (size_t)(slash - gv_text) : 0);
	struct group_version *gv = note_version(d, group, slash ? slash + 1 : gv_text);
	if (gv->state == GV_READ)
		return;
	gv->state = GV_READ;
	for (size_t i = 0; i < rt_value_len(resources); i++) {
		const struct rt_value *r = rt_value_at(resources, i);
		struct rt_api_resource res = {
		    .kind = rt_value_get_str(r, "kind"),
		    .plural = rt_value_get_str(r, "name"),
		    .namespaced = rt_value_bool(rt_value_get(r, "namespaced"), false),
		};
		add_resource(d, gv, res, rt_value_get(r, "verbs"));
	}
}

static const struct {
	const char *kind;
	void (*take)(struct rt_discovery *d, const struct rt_value *doc);
} documents[] = {
    {"APIGroupDiscoveryList", take_aggregated},
    {"APIVersions", take_core_versions},
    {"APIGroupList", take_groups},
    {"APIResourceList", take_resources},
};

/* The answer's own type tells an aggregated document; what was asked for proves nothing. */
static bool is_aggregated(const char *content_type)
{
	return rt_net_type_is(content_type, "application/json") &&
	       rt_net_type_has(content_type, "as", "APIGroupDiscoveryList") &&
	       (rt_net_type_has(content_type, "v", "v2") ||
		   rt_net_type_has(content_type, "v", "v2beta1"));
}

enum rt_status rt_discovery_take(struct rt_discovery *d, const char *path, const char *content_type,
    const char *body, size_t len, struct rt_error *err)
{
	struct rt_value *doc = NULL;
	enum rt_status status = rt_value_from_json(body, len, path, &doc, err);
	if (status != RT_OK) {
		(void)rt_fail(err, RT_PROTOCOL, "the server's answer to %s is not JSON", path);
		rt_error_hint(err, RT_KUBE_NO_API_HINT);
		return RT_PROTOCOL;
	}
	const char *kind = rt_value_get_str(doc, "kind");
	if (!kind && is_aggregated(content_type))
		kind = "APIGroupDiscoveryList";
	status = RT_PROTOCOL;
	for (size_t i = 0; kind && i < RT_ARRAY_LEN(documents); i++)
		if (strcmp(kind, documents[i].kind) == 0) {
			documents[i].take(d, doc);
			status = RT_OK;
		}
	rt_value_free(doc);
	if (status != RT_OK)
		return rt_fail(err, RT_PROTOCOL, "%s does not answer as an API server does", path);
	if (strcmp(path, "/api") == 0)
		d->core_known = true;
	else if (strcmp(path, "/apis") == 0)
		d->groups_known = true;
	return RT_OK;
}

/* --- loading ---------------------------------------------------------------------------------- */

static void next_stage(struct rt_discovery *d);

static void free_fetch(struct fetch *f)
{
	for (struct fetch **at = &f->d->fetches; *at; at = &(*at)->next)
		if (*at == f) {
			*at = f->next;
			break;
		}
	if (f->call)
		rt_kube_cancel(f->call);
	rt_buf_done(&f->body);
	free(f->path);
	free(f);
}

static bool on_body(void *ctx, const char *bytes, size_t len)
{
	struct fetch *f = ctx;
	return rt_buf_add(&f->body, bytes, len);
}

/* An entry document that is refused leaves its groups unknown; on a server that cannot be reached
 * at all the load as a whole fails. */
static void entry_failed(struct rt_discovery *d, const struct fetch *f, const struct rt_error *err)
{
	bool core = strcmp(f->path, "/api") == 0;
	/* A server of aggregated APIs alone has no /api: nothing is served there. */
	if (core && err->status == RT_NOT_FOUND) {
		d->core_known = true;
		return;
	}
	*(core ? &d->core_why : &d->groups_why) = rt_arena_strdup(&d->arena, err->msg);
	if (d->err.status == RT_OK)
		d->err = *err;
}

static void on_done(void *ctx, const struct rt_kube_result *r)
{
	struct fetch *f = ctx;
	struct rt_discovery *d = f->d;
	struct rt_error err = *r->err;
	f->call = NULL;
	if (r->status == RT_OK)
		err.status = rt_discovery_take(
		    d, f->path, r->content_type, rt_buf_str(&f->body), f->body.len, &err);
	/* Or it would be asked for ever. */
	if (err.status == RT_OK && f->group &&
	    note_version(d, f->group, f->version)->state == GV_LISTED)
		rt_fail(&err, RT_PROTOCOL, "the answer to %s is about something else", f->path);
	if (err.status != RT_OK) {
		if (f->group)
			rt_discovery_failed(d, f->group, f->version, err.msg);
		else
			entry_failed(d, f, &err);
	}
	free_fetch(f);
	if (!d->fetches)
		next_stage(d);
}

static const struct rt_kube_ops fetch_ops = {.body = on_body, .done = on_done};

static void start_fetch(struct rt_discovery *d, const char *path, const struct group_version *gv)
{
	struct fetch *f = rt_xcalloc(1, sizeof(*f));
	f->d = d;
	f->path = rt_xstrdup(path);
	f->body.max = BODY_MAX;
	if (gv) {
		f->group = gv->group;
		f->version = gv->version;
	}
	f->next = d->fetches;
	d->fetches = f;
	f->call = rt_kube_get(d->kube, &(struct rt_kube_request){.path = path,
					   .form = RT_KUBE_DISCOVERY,
					   .patient = true,
					   .max_bytes = BODY_MAX,
					   .ops = &fetch_ops,
					   .ctx = f});
}

bool rt_discovery_was_asked(const struct rt_discovery *d, const char *group)
{
	for (size_t i = 0; i < d->wanted.len; i++)
		if (strcmp(d->wanted.v[i], group) == 0)
			return true;
	return false;
}

static void finish(void *ctx)
{
	struct rt_discovery *d = ctx;
	rt_discovery_fn done = d->done;
	bool nothing = !d->core_known && !d->groups_known;
	d->done = NULL;
	done(d->ctx, nothing ? d->err.status : RT_OK, &d->err);
}

static void next_stage(struct rt_discovery *d)
{
	if (!d->core_known && !d->core_why)
		start_fetch(d, "/api", NULL);
	if (!d->groups_known && !d->groups_why)
		start_fetch(d, "/apis", NULL);
	for (size_t i = 0; i < d->versions.len; i++) {
		const struct group_version *gv = &d->versions.v[i];
		if (gv->state != GV_LISTED || !rt_discovery_was_asked(d, gv->group))
			continue;
		RT_AUTO_FREE char *path = *gv->group
					      ? rt_xprintf("/apis/%s/%s", gv->group, gv->version)
					      : rt_xprintf("/api/%s", gv->version);
		start_fetch(d, path, gv);
	}
	if (!d->fetches)
		rt_timer_start(rt_kube_loop(d->kube), &d->timer, 0, finish, d);
}

void rt_discovery_load(struct rt_discovery *d, const char *const *groups, size_t count,
    rt_discovery_fn done, void *ctx)
{
	rt_assert(!d->done);
	d->done = done;
	d->ctx = ctx;
	d->err = (struct rt_error){0};
	for (size_t i = 0; i < count; i++)
		if (!rt_discovery_was_asked(d, groups[i]))
			rt_vec_push(&d->wanted, NULL, rt_arena_strdup(&d->arena, groups[i]));
	next_stage(d);
}

void rt_discovery_forget(struct rt_discovery *d)
{
	rt_timer_stop(&d->timer);
	while (d->fetches)
		free_fetch(d->fetches);
	d->done = NULL;
	d->resources.len = d->versions.len = d->wanted.len = 0;
	rt_map_done(&d->by_name);
	d->core_why = d->groups_why = NULL;
	d->core_known = d->groups_known = false;
	rt_arena_reset(&d->arena);
}

struct rt_discovery *rt_discovery_new(struct rt_kube *k)
{
	struct rt_discovery *d = rt_xcalloc(1, sizeof(*d));
	d->kube = k;
	rt_arena_init(&d->arena);
	return d;
}

void rt_discovery_free(struct rt_discovery *d)
{
	if (!d)
		return;
	rt_discovery_forget(d);
	rt_vec_free(&d->resources);
	rt_vec_free(&d->versions);
	rt_vec_free(&d->wanted);
	rt_arena_done(&d->arena);
	free(d);
}
