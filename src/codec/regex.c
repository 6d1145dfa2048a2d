/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.c - PCRE2 with limits on steps, depth and memory: a pattern comes from an annotation.
 */
#include "config.h"

#include "rutter/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "rutter/mem.h"

enum { MATCH_LIMIT = 200000, DEPTH_LIMIT = 2000, HEAP_LIMIT_KIB = 8192, LONGEST_PATTERN = 65536 };

struct rt_regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

static uint32_t compile_options(unsigned flags)
{
	uint32_t o = PCRE2_NEVER_BACKSLASH_C;
	if (flags & RT_REGEX_ICASE)
		o |= PCRE2_CASELESS;
	if (flags & (RT_REGEX_ANCHOR_START | RT_REGEX_FULL))
		o |= PCRE2_ANCHORED;
	if (flags & RT_REGEX_FULL)
		o |= PCRE2_ENDANCHORED;
	return o;
}

enum rt_status rt_regex_new(
    const char *pattern, unsigned flags, struct rt_regex **ret, struct rt_error *err)
{
	int code = 0;
	PCRE2_SIZE offset = 0;
	size_t len = strlen(pattern);
	if (len > LONGEST_PATTERN)
		return rt_fail(err, RT_USAGE, "regular expression is longer than 64 KiB");
	pcre2_code *re =
	    pcre2_compile((PCRE2_SPTR)pattern, len, compile_options(flags), &code, &offset, NULL);
	if (!re) {
		char why[128];
		pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof(why));
		return rt_fail(err, RT_USAGE, "regular expression \"%.200s\": %s at offset %zu",
		    pattern, why, (size_t)offset);
	}
	struct rt_regex *r = rt_xcalloc(1, sizeof(*r));
	r->code = re;
	r->limits = pcre2_match_context_create(NULL);
	r->data = pcre2_match_data_create_from_pattern(re, NULL);
	rt_assert(r->limits && r->data);
	pcre2_set_match_limit(r->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(r->limits, HEAP_LIMIT_KIB);
	*ret = r;
	return RT_OK;
}

enum rt_tri rt_regex_match(
    const struct rt_regex *r, const char *subject, size_t (*groups)[2], size_t count)
{
	int n =
	    pcre2_match(r->code, (PCRE2_SPTR)subject, strlen(subject), 0, 0, r->data, r->limits);
	if (n == PCRE2_ERROR_NOMATCH)
		return RT_NO;
	if (n < 0)
		return RT_UNKNOWN;
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(r->data);
	for (size_t i = 0; groups && i < count; i++) {
		bool set = i < (size_t)n && at[2 * i] != PCRE2_UNSET;
		groups[i][0] = set ? at[2 * i] : SIZE_MAX;
		groups[i][1] = set ? at[2 * i + 1] : SIZE_MAX;
	}
	return RT_YES;
}

void rt_regex_free(struct rt_regex *r)
{
	if (!r)
		return;
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
	free(r);
}

char *rt_regex_library(void)
{
	char text[64] = "";
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) < (int)sizeof(text))
		pcre2_config(PCRE2_CONFIG_VERSION, text);
	return rt_xstrdup(text);
}
