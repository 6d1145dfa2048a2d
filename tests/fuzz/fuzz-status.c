/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-status.c - whatever a server refuses with, an error of one clean line comes of it.
 */
#include "config.h"

#include <string.h>

#include "rutter/kube.h"
#include "tests/lib/fuzz.h"

static const int codes[] = {200, 301, 400, 401, 403, 404, 410, 429, 500, 504};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct rt_kube_status status;
	struct rt_error err;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < RT_ARRAY_LEN(codes); i++) {
		struct rt_error before = {0};
		struct rt_net_result r = {.err = &before,
		    .http = codes[i],
		    .body = text,
		    .body_len = strlen(text),
		    .retry_after_ms = -1};
		r.status = codes[i] == 200 ? RT_OK : rt_fail(&before, RT_SERVER, "refused");
		enum rt_kube_failure f = rt_kube_explain(&r, &status, &err);
		FUZZ_CHECK((f == RT_KUBE_OK) == (codes[i] == 200));
		FUZZ_CHECK((err.status == RT_OK) == (codes[i] == 200));
		FUZZ_CHECK(codes[i] == 200 || err.msg[0]);
		FUZZ_CHECK(status.retry_after_ms >= -1);
	}
	free(text);
	return 0;
}
