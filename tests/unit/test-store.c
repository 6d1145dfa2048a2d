/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-store.c - identity, order and the three values of absence.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/manifest.h"
#include "rutter/want.h"
#include "rutter/yaml.h"
#include "tests/lib/tap.h"

static enum rt_status take(void *ctx, const struct rt_yaml_doc *doc, struct rt_error *err)
{
	(void)err;
	rt_manifest_put(ctx, doc->value, (struct rt_origin){.file = "t", .line = doc->line});
	return RT_OK;
}

static void add(struct rt_store *s, const char *yaml)
{
	struct rt_error err = {0};
	if (rt_yaml_parse(yaml, strlen(yaml), "t", take, s, &err) != RT_OK)
		tap_diag("%s", err.msg);
}

static struct rt_ref ref(const char *kind, const char *ns, const char *name)
{
	return (struct rt_ref){"", kind, ns, name};
}

#define SVC(ns, name)                                                                              \
	"apiVersion: v1\nkind: Service\nmetadata: {name: " name ", namespace: " ns "}\n"

static void test_order_and_identity(void)
{
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	const struct rt_obj *const *v;
	add(s, SVC("b", "x") "---\n" SVC("a", "z") "---\n" SVC("a", "w"));
	tap_is_int((long)rt_store_list(s, RT_KIND_SERVICE, &v), 3, "three Services");
	tap_is_str(v[0]->name, "w", "sorted by namespace, then name");
	tap_is_str(v[2]->ns, "b", "… whatever the order of arrival");
	uint64_t before = rt_store_version(s);
	add(s, SVC("a", "w"));
	const struct rt_input_problem *p;
	tap_is_int((long)rt_store_count(s, RT_KIND_SERVICE), 3, "the same identity replaces");
	tap_is_int((long)rt_store_problems(s, &p), 1, "… and is told as a duplicate");
	tap_ok(p->duplicate && rt_store_version(s) != before, "… and counts as a change");
	tap_ok(rt_store_remove(s, ref("Service", "a", "z")), "an object is removed");
	tap_ok(!rt_store_remove(s, ref("Service", "a", "z")), "… once");
	tap_is_int((long)rt_store_list(s, RT_KIND_SERVICE, &v), 2, "… and gone from the list");
	rt_store_free(s);
}

enum { NAMES = 97, ROUNDS = 4000 };

/* What was put and not removed since is there, in order, each once. */
static bool holds(struct rt_store *s, const bool *there)
{
	const struct rt_obj *const *v;
	size_t n = rt_store_list(s, RT_KIND_SERVICE, &v), wanted = 0;
	bool ok = true;
	for (size_t i = 1; i < n; i++)
		ok = ok && strcmp(v[i - 1]->name, v[i]->name) < 0;
	for (int i = 0; i < NAMES; i++) {
		char name[16];
		snprintf(name, sizeof(name), "s%02d", i);
		wanted += there[i];
		ok = ok && (rt_store_get(s, RT_KIND_SERVICE, "a", name) != NULL) == there[i];
	}
	return ok && n == wanted && rt_store_count(s, RT_KIND_SERVICE) == wanted;
}

static void test_coming_and_going(void)
{
	struct rt_store *s = rt_store_new(RT_STORE_CLUSTER);
	bool there[NAMES] = {false}, ok = true;
	unsigned random = 1;
	for (int round = 0; round < ROUNDS; round++) {
		char name[16], yaml[128];
		random = random * 1103515245 + 12345;
		int i = (int)(random >> 16) % NAMES;
		snprintf(name, sizeof(name), "s%02d", i);
		snprintf(yaml, sizeof(yaml), SVC("a", "%s"), name);
		/* Mostly arriving at first, mostly leaving at last. */
		if ((int)(random >> 8) % ROUNDS > round)
			add(s, yaml);
		else
			ok = ok && rt_store_remove(s, ref("Service", "a", name)) == there[i];
		there[i] = (int)(random >> 8) % ROUNDS > round;
		if (round % 61 == 0)
			ok = ok && holds(s, there);
	}
	tap_ok(ok && holds(s, there), "thousands that come and go are found and listed");
	rt_store_free(s);
}

static void test_absence_in_files(void)
{
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	add(s, SVC("a", "x"));
	tap_is_int(rt_store_find(s, ref("Service", "a", "x"), NULL), RT_YES, "there");
	tap_is_int(rt_store_find(s, ref("Service", "a", "q"), NULL), RT_NO,
	    "absent: the input holds one of the kind");
	tap_is_int(rt_store_find(s, ref("Secret", "a", "q"), NULL), RT_UNKNOWN,
	    "unknown: the input holds none");
	tap_ok(!rt_store_known(s, RT_GROUP_GATEWAY, "ReferenceGrant", "a"),
	    "without Gateway API objects grants are unknown");
	add(s,
	    "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: c}\n");
	tap_ok(rt_store_known(s, RT_GROUP_GATEWAY, "ReferenceGrant", "a"),
	    "with one of them they are known");
	add(s, "apiVersion: v1\nkind: Service\nmetadata: {name: bad, namespace: a}\nspec: 1\n");
	tap_is_int(rt_store_find(s, ref("Service", "a", "bad"), NULL), RT_UNKNOWN,
	    "what cannot be decoded is not absent");
	rt_store_free(s);
}

static void set_scope(struct rt_store *s, const char *kind, const char *ns, enum rt_scope_state st)
{
	rt_store_set_scope(s, (struct rt_scope){"", kind, ns, st, "why"});
}

static void test_absence_in_a_cluster(void)
{
	struct rt_store *s = rt_store_new(RT_STORE_CLUSTER);
	tap_is_int(rt_store_find(s, ref("Service", "a", "x"), NULL), RT_UNKNOWN, "not asked");
	set_scope(s, "Service", NULL, RT_SCOPE_FORBIDDEN);
	tap_is_int(rt_store_find(s, ref("Service", "a", "x"), NULL), RT_UNKNOWN, "forbidden");
	set_scope(s, "Service", "a", RT_SCOPE_READ);
	tap_is_int(
	    rt_store_find(s, ref("Service", "a", "x"), NULL), RT_NO, "read in its own namespace");
	tap_is_int(rt_store_find(s, ref("Service", "b", "x"), NULL), RT_UNKNOWN,
	    "… says nothing of another");
	set_scope(s, "Secret", NULL, RT_SCOPE_READ);
	tap_is_int(rt_store_find(s, ref("Secret", "a", "x"), NULL), RT_UNKNOWN,
	    "the list of TLS Secrets does not tell of other types");
	struct rt_arena a = {0};
	struct rt_want w = {.type = RT_WANT_OBJECT, .ref = ref("Secret", "a", "x")};
	rt_store_set_answer(s, rt_want_key(&a, &w), RT_SCOPE_ABSENT, NULL);
	tap_is_int(
	    rt_store_find(s, ref("Secret", "a", "x"), NULL), RT_NO, "an answer by name does");
	rt_arena_done(&a);
	rt_store_free(s);
}

static enum rt_reach reach(struct rt_store *s, const char *kind)
{
	struct rt_kind_scopes k = {0};
	while (rt_store_next_kind(s, &k))
		if (strcmp(k.v[0].kind, kind) == 0)
			return k.reach;
	return RT_REACH_ALL;
}

static void test_reach(void)
{
	struct rt_store *s = rt_store_new(RT_STORE_CLUSTER);
	set_scope(s, "Ingress", NULL, RT_SCOPE_FAILED);
	set_scope(s, "Service", NULL, RT_SCOPE_FORBIDDEN);
	set_scope(s, "Service", "a", RT_SCOPE_LOADING);
	tap_is_int(reach(s, "Ingress"), RT_REACH_NOWHERE, "one list, in vain");
	tap_is_int(reach(s, "Service"), RT_REACH_ALL, "what is still to come may be read");
	set_scope(s, "Service", "b", RT_SCOPE_READ);
	tap_is_int(reach(s, "Service"), RT_REACH_SOME, "one namespace was read");
	set_scope(s, "Service", "a", RT_SCOPE_FORBIDDEN);
	set_scope(s, "Service", "b", RT_SCOPE_FAILED);
	tap_is_int(reach(s, "Service"), RT_REACH_NOWHERE, "each was in vain");
	set_scope(s, "Service", NULL, RT_SCOPE_READ);
	tap_is_int(reach(s, "Service"), RT_REACH_ALL, "a list of all namespaces has them all");
	rt_store_free(s);
}

static void test_old_objects(void)
{
	struct rt_store *s = rt_store_new(RT_STORE_CLUSTER);
	rt_store_keep_old(s);
	add(s, SVC("a", "x"));
	const struct rt_obj *first = rt_store_get(s, RT_KIND_SERVICE, "a", "x");
	uint64_t seen = rt_store_version(s);
	add(s, SVC("a", "x"));
	const struct rt_obj *second = rt_store_get(s, RT_KIND_SERVICE, "a", "x");
	rt_store_sweep(s, seen);
	tap_is_str(first->name, "x", "a replaced object stays readable until swept");
	rt_store_sweep(s, rt_store_version(s));
	tap_ok(second == rt_store_get(s, RT_KIND_SERVICE, "a", "x"), "the current one always does");
	rt_store_remove(s, ref("Service", "a", "x"));
	tap_is_str(second->name, "x", "so does a removed one");
	rt_store_free(s);
}

int main(void)
{
	test_old_objects();
	test_order_and_identity();
	test_coming_and_going();
	test_absence_in_files();
	test_absence_in_a_cluster();
	test_reach();
	return tap_done();
}
