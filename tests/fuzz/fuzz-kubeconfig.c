/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-kubeconfig.c - whatever a kubeconfig holds, it is refused with one line or resolved into
 * values that can go into URLs and headers.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rutter/kubeconfig.h"
#include "rutter/log.h"
#include "tests/lib/fuzz.h"

static bool one_line(const char *s)
{
	for (; s && *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

static void check(const struct rt_kubeconfig *cfg)
{
	const struct rt_server *e = &cfg->endpoint;
	const struct rt_auth *a = &cfg->auth;

	FUZZ_CHECK(e->url && e->scheme && e->host && e->host[0] && e->prefix && e->server);
	FUZZ_CHECK(e->port > 0 && e->port < 65536);
	FUZZ_CHECK(one_line(e->url) && one_line(e->proxy));
	FUZZ_CHECK(!e->ca == !e->ca_len && !(e->ca && e->insecure));
	FUZZ_CHECK(!a->cert == !a->key);
	FUZZ_CHECK(one_line(a->token) && one_line(a->as) && one_line(a->as_uid));
	for (size_t i = 0; i < a->as_group_count; i++)
		FUZZ_CHECK(one_line(a->as_groups[i]));
	for (size_t i = 0; i < a->as_extra_count; i++)
		FUZZ_CHECK(one_line(a->as_extra[i].name) && one_line(a->as_extra[i].value));
	FUZZ_CHECK(!a->exec || (!a->token && !a->cert && !a->username && a->exec->command[0]));
	FUZZ_CHECK(strcmp(e->scheme, "https") == 0 || (!a->token && !a->username && !a->exec));
	FUZZ_CHECK(cfg->namespace_ && cfg->namespace_[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const env[] = {"PATH=/usr/bin", NULL};
	struct rt_kubeconfig_opts opts = {.env = env, .pod_dir = "/nowhere"};
	struct rt_kubeconfig *cfg = NULL;
	struct rt_error err = {0};
	char path[64];
	int fd = memfd_create("kubeconfig", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opts.kubeconfig = path;
	if (rt_kubeconfig_load(&opts, &cfg, &err) == RT_OK)
		check(cfg);
	else
		FUZZ_CHECK(err.status == RT_CONFIG && err.msg[0]);
	rt_kubeconfig_free(cfg);
	rt_log_close();
	close(fd);
	return 0;
}
