/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-nearest.c - what counts as a typing mistake.
 */
#include "config.h"

#include "rutter/nearest.h"

#include "rutter/mem.h"
#include "tests/lib/tap.h"

static const char *nearest(const char *wrong)
{
	static const char *const words[] = {"dump", "check", "trace", "svc", "kubeconfig",
	    "insecure-skip-tls-verify", "insecure-skip-tls-verifying"};
	struct rt_nearest n = {.wrong = wrong};
	for (size_t i = 0; i < RT_ARRAY_LEN(words); i++)
		rt_nearest_offer(&n, words[i]);
	return n.word;
}

int main(void)
{
	tap_is_int((long long)rt_edit_distance("kitten", "sitting"), 3, "edit distance");
	tap_is_int((long long)rt_edit_distance("", "abc"), 3, "from nothing");
	tap_is_int((long long)rt_edit_distance("wbe", "web"), 1, "neighbours swapped");
	tap_is_int((long long)rt_edit_distance("abcd", "badc"), 2, "twice");
	tap_is_int((long long)rt_edit_distance("TRACE", "trace"), 0, "case does not count");
	RT_AUTO_FREE char *endless = rt_xprintf("%0*d", 1 << 20, 7);
	tap_ok(rt_edit_distance(endless, endless) > 1 << 20,
	    "what is longer than any name is not compared");
	tap_ok(!nearest(endless), "nor offered for anything");
	tap_is_str(nearest("chekc"), "check", "two letters changed places");
	tap_is_str(nearest("CHECK"), "check", "case alone");
	tap_is_str(nearest("svx"), "svc", "one slip in a short word");
	tap_is_str(nearest("scv"), "svc", "the commonest slip");
	tap_ok(!nearest("ssx"), "two slips in a short word make another word");
	tap_ok(!nearest("shop"), "what is far from everything is no mistake");
	tap_is_str(nearest("insecure-skip-verify"), "insecure-skip-tls-verify", "a word left out");
	tap_is_str(
	    nearest("insecure-skip-tls-verif"), "insecure-skip-tls-verify", "the nearer of two");
	tap_ok(!nearest(""), "nothing is like nothing");
	return tap_done();
}
