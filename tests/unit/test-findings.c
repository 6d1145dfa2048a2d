/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-findings.c - the catalogue itself: every row is whole, hiding has no cycle; the order of
 * fields.
 */
#include "config.h"

#include <string.h>

#include "../lib/tap.h"
#include "rutter/findings.h"

static bool sentence(const char *s)
{
	size_t n = s ? strlen(s) : 0;

	return n > 10 && s[n - 1] == '.';
}

static void rows(void)
{
	for (size_t i = 0; i < RT_CODE_COUNT; i++) {
		const struct rt_finding_info *info = rt_finding_info((enum rt_code)i);
		bool held = info->code && strlen(info->code) == 4 && info->name && info->check;

		held = held && sentence(info->means) && sentence(info->when) && sentence(info->fix);
		held = held && info->doc && strncmp(info->doc, "https://", 8) == 0;
		tap_ok(held, "row %zu (%s) is whole", i, info->code ? info->code : "none");
		tap_ok(
		    rt_finding_by_code(info->code) == info, "%s is found by its code", info->code);
		for (size_t k = 0; k < i; k++)
			if (strcmp(info->name, rt_finding_info((enum rt_code)k)->name) == 0)
				tap_ok(false, "%s has a name of its own", info->code);
	}
}

/* ---------------------------------------------------------------- hides */

static bool names(const char *word, size_t len, const char *all, const char *code)
{
	char minus[8] = "-";

	strncat(minus, code, 5);
	if (*word == '!') {
		word++;
		len--;
	}
	if (*word == '-' || strstr(all, minus))
		return false;
	if (word[len - 1] == '*')
		return strncmp(word, code, len - 1) == 0;
	return strncmp(word, code, len) == 0 && strlen(code) == len;
}

static bool hides(size_t a, size_t b)
{
	const char *all = rt_finding_info((enum rt_code)a)->hides;
	const char *code = rt_finding_info((enum rt_code)b)->code;

	for (const char *p = all; p && *p; p += strcspn(p, " "), p += strspn(p, " "))
		if (a != b && names(p, strcspn(p, "@ "), all, code))
			return true;
	return false;
}

/* 0 not seen, 1 in hand, 2 done. */
static bool cycle_from(size_t at, int *seen)
{
	bool ret = false;

	if (seen[at])
		return seen[at] == 1;
	seen[at] = 1;
	for (size_t i = 0; i < RT_CODE_COUNT && !ret; i++)
		if (hides(at, i) && cycle_from(i, seen)) {
			tap_diag("%s hides %s", rt_finding_info((enum rt_code)at)->code,
			    rt_finding_info((enum rt_code)i)->code);
			ret = true;
		}
	seen[at] = 2;
	return ret;
}

static void no_cycle(void)
{
	int seen[RT_CODE_COUNT] = {0};
	bool cycle = false;

	for (size_t i = 0; i < RT_CODE_COUNT; i++)
		cycle = cycle || cycle_from(i, seen);
	tap_ok(!cycle, "nothing hides itself by way of others");
	tap_ok(hides(RT_F_LS12, RT_F_LS01), "an area is hidden as a whole");
	tap_ok(!hides(RT_F_GC12, RT_F_GC15), "an exception is one");
}

/* ---------------------------------------------------------------- fields, reasons */

static void before(const char *a, const char *b)
{
	tap_ok(rt_field_cmp(a, b) < 0 && rt_field_cmp(b, a) > 0, "%s comes before %s",
	    a ? a : "none", b);
}

static void fields(void)
{
	before(NULL, "spec");
	before("apiVersion", "metadata.name");
	before("metadata.annotations['a']", "spec.rules");
	before("spec", "spec.rules");
	before("spec.parentRefs[0]", "spec.hostnames");
	before("spec.hostnames[1]", "spec.rules[0]");
	before("spec.rules[2].backendRefs[0]", "spec.rules[10].matches[0]");
	before("spec.rules[0].matches[0]", "spec.rules[0].filters[0]");
	before("spec.rules[0].filters[9]", "spec.rules[0].backendRefs[0]");
	before("spec.listeners", "status");
	tap_is_int(rt_field_cmp("spec.rules[1]", "spec.rules[1]"), 0, "equal fields are equal");
}

static void reasons(void)
{
	const struct rt_finding_info *rt15 = rt_finding_info(RT_F_RT15);

	tap_ok(rt_finding_has_reason(rt15, "refnotpermitted"), "by name, whatever the case");
	tap_ok(rt_finding_has_reason(rt_finding_info(RT_F_PL05), "InvalidKind"),
	    "by the second of two reasons");
	tap_ok(!rt_finding_has_reason(rt15, "RefNot"), "not by a beginning");
	tap_ok(!rt_finding_has_reason(rt_finding_info(RT_F_RT01), "NoMatchingParent"),
	    "not without a reported condition");
	tap_ok(!rt_finding_by_code("RT11"), "a reserved code is not known yet");
}

int main(void)
{
	rows();
	no_cycle();
	fields();
	reasons();
	return tap_done();
}
