/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-map.c - the insertion-ordered map and string interning.
 */
#include "config.h"

#include "rutter/map.h"

#include <stdio.h>
#include <string.h>

#include "rutter/intern.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

#define MANY 20000

static int values[MANY];

static const char *key_of(int i)
{
	static char key[32];

	snprintf(key, sizeof(key), "namespace-%d/name", i);
	return key;
}

static void check_basics(void)
{
	struct rt_map m = {0};
	int a = 1, b = 2;

	tap_ok(rt_map_get(&m, "x") == NULL, "an empty map has nothing");
	tap_ok(rt_map_remove(&m, "x") == NULL, "and nothing to remove");
	tap_ok(rt_map_set(&m, "x", &a) == NULL, "a new key had no value");
	tap_ok(rt_map_set(&m, "x", &b) == &a, "setting again gives the old value");
	tap_ok(rt_map_get(&m, "x") == &b, "and keeps the new one");
	rt_map_set(&m, "", &a);
	tap_ok(rt_map_get(&m, "") == &a, "the empty key is a key");
	rt_map_set_n(&m, "a\0b", 3, &a);
	tap_ok(rt_map_get_n(&m, "a\0b", 3) == &a && !rt_map_get_n(&m, "a\0c", 3) &&
		   !rt_map_get(&m, "a"),
	    "keys are bytes with a length");
	tap_ok(rt_map_remove(&m, "x") == &b && !rt_map_get(&m, "x"), "remove");
	tap_is_int((long long)m.live, 2, "live counts");
	rt_map_done(&m);
	tap_ok(m.live == 0 && !rt_map_get(&m, ""), "empty after done");
}

static void check_many(void)
{
	struct rt_map m = {0};
	bool found = true, ordered = true, gone = true;
	int next = 0;

	for (int i = 0; i < MANY; i++)
		rt_map_set(&m, key_of(i), &values[i]);
	for (int i = 0; i < MANY; i++)
		found = found && rt_map_get(&m, key_of(i)) == &values[i];
	tap_ok(found, "all of %d keys are found", MANY);
	for (int i = 0; i < MANY; i++)
		if (i % 3)
			found = found && rt_map_remove(&m, key_of(i)) == &values[i];
	for (int i = 0; i < MANY; i++)
		gone = gone && rt_map_get(&m, key_of(i)) == (i % 3 ? NULL : &values[i]);
	tap_ok(gone, "removed ones are gone, the others stay");
	for (int i = 0; i < MANY; i += 3)
		rt_map_set(&m, key_of(i + MANY * 3), &values[i]);
	/* First the survivors, then the second batch: the values go round twice. */
	RT_MAP_EACH (&m, e) {
		ordered = ordered && e->value == &values[next];
		next = next + 3 < MANY ? next + 3 : 0;
	}
	tap_ok(ordered, "iteration follows insertion, also across removals");
	tap_is_int((long long)m.live, (MANY + 2) / 3 * 2, "live counts");
	rt_map_done(&m);
}

static void check_churn(void)
{
	struct rt_map m = {0};

	for (int i = 0; i < MANY * 5; i++) {
		rt_map_set(&m, key_of(i), &values[0]);
		if (i >= 10)
			rt_map_remove(&m, key_of(i - 10));
	}
	tap_is_int((long long)m.live, 10, "ten live after much churn");
	tap_ok(m.cap <= 64, "and little memory (%zu entries)", m.cap);
	rt_map_done(&m);
}

static void check_parts(void)
{
	char long_name[1000];
	const char *plain[] = {"Service", "shop", "cart"};
	const char *shifted[] = {"Service", "shopc", "art"};
	const char *absent[] = {"Service", NULL, "cart"};
	const char *empty[] = {"Service", "", "cart"};
	const char *big[] = {"Service", long_name, "cart"};
	struct rt_map m = {0};
	int a = 1, b = 2;

	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	rt_map_set_parts(&m, 3, plain, &a);
	rt_map_set_parts(&m, 3, big, &b);
	tap_ok(rt_map_get_parts(&m, 3, plain) == &a, "parts are found");
	tap_ok(!rt_map_get_parts(&m, 3, shifted), "parts do not run together");
	tap_ok(!rt_map_get_parts(&m, 2, plain), "fewer parts are another key");
	tap_ok(rt_map_get_parts(&m, 3, big) == &b, "long parts");
	rt_map_set_parts(&m, 3, empty, &a);
	tap_ok(rt_map_get_parts(&m, 3, absent) == &a, "a NULL part is an empty one");
	tap_ok(rt_map_remove_parts(&m, 3, big) == &b && !rt_map_get_parts(&m, 3, big), "removed");
	rt_map_done(&m);
}

static void check_hash(void)
{
	char a[64] = {0}, b[64] = {0};
	size_t equal = 0;

	for (size_t i = 0; i < 64; i++)
		for (int bit = 0; bit < 8; bit++) {
			b[i] ^= (char)(1 << bit);
			equal += rt_hash(a, 64) == rt_hash(b, 64);
			equal += rt_hash(a, i + 1) == rt_hash(b, i + 1);
			b[i] ^= (char)(1 << bit);
		}
	tap_is_int((long long)equal, 0, "one flipped bit changes the hash");
	tap_ok(rt_hash(a, 3) != rt_hash(a, 4), "so does the length");
	tap_ok(rt_hash("same", 4) == rt_hash("same", 4), "it is a function");
}

static void check_intern(void)
{
	struct rt_intern *t = rt_intern_new();
	const char *first = rt_intern(t, "app.kubernetes.io/name");
	bool same = true;

	tap_ok(rt_intern(t, NULL) == NULL, "interning NULL gives NULL");
	for (int i = 0; i < MANY; i++) {
		const char *s = rt_intern(t, key_of(i));

		same = same && s == rt_intern_n(t, key_of(i), strlen(key_of(i)));
	}
	tap_ok(same, "equal strings have one pointer");
	tap_ok(
	    first == rt_intern(t, "app.kubernetes.io/name"), "which stays while the table grows");
	tap_is_str(rt_intern_n(t, "abc", 2), "ab", "interning a part");
	tap_ok(rt_intern(t, "") != NULL && rt_intern(t, "") == rt_intern_n(t, "x", 0), "empty");
	rt_intern_free(t);
	rt_intern_free(NULL);
}

int main(void)
{
	check_basics();
	check_many();
	check_churn();
	check_parts();
	check_hash();
	check_intern();
	return tap_done();
}
