/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-exec.c - whatever a credential plugin prints, it is refused without being quoted, or gives a
 * credential that fits into a header.
 */
#include "config.h"

#include <string.h>

#include "rutter/err.h"
#include "rutter/log.h"
#include "src/kube/exec_plugin.h"
#include "tests/lib/fuzz.h"

static const char version[] = "client.authentication.k8s.io/v1";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rt_exec_cred cred = {0};
	struct rt_error err = {0};
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (rt_exec_cred_parse(text, size, version, &cred, &err) == RT_OK) {
		FUZZ_CHECK(cred.token || cred.cert);
		FUZZ_CHECK(!cred.cert == !cred.key);
		for (const char *p = cred.token; p && *p; p++)
			FUZZ_CHECK((unsigned char)*p >= 0x20 && *p != 0x7f);
		rt_exec_cred_done(&cred);
	} else {
		FUZZ_CHECK(err.msg[0]);
		FUZZ_CHECK(!cred.token && !cred.cert && !cred.key);
	}
	rt_log_close();
	free(text);
	return 0;
}
