/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-proxy.c - which proxy the environment asks for, as Go reads it, as one table.
 */
#include "config.h"

#include <string.h>

#include "rutter/kubeconfig.h"
#include "tests/lib/tap.h"

#define P "HTTPS_PROXY=http://p"

static const struct {
	const char *env[4];
	const char *scheme, *host;
	int port;
	const char *want;
} rows[] = {
    /* which variable */
    {{NULL}, "https", "a.example", 443, NULL},
    {{P}, "https", "a.example", 443, "http://p"},
    {{"https_proxy=http://q"}, "https", "a.example", 443, "http://q"},
    {{"https_proxy=http://q", P}, "https", "a.example", 443, "http://p"},
    {{"https_proxy=http://q", "HTTPS_PROXY="}, "https", "a.example", 443, "http://q"},
    {{P}, "http", "a.example", 80, NULL},
    {{"HTTP_PROXY=http://h"}, "http", "a.example", 80, "http://h"},
    {{"http_proxy=http://h"}, "http", "a.example", 80, "http://h"},
    {{"HTTP_PROXY=http://h"}, "https", "a.example", 443, NULL},
    {{"ALL_PROXY=http://all", "all_proxy=http://all"}, "https", "a.example", 443, NULL},
    /* never for this machine */
    {{P}, "https", "localhost", 6443, NULL},
    {{P}, "https", "127.0.0.1", 6443, NULL},
    {{P}, "https", "127.9.9.9", 6443, NULL},
    {{P}, "https", "::1", 6443, NULL},
    {{P}, "https", "::ffff:127.0.0.1", 6443, NULL},
    {{P}, "https", "localhost.example", 6443, "http://p"},
    {{P}, "https", "::2", 6443, "http://p"},
    /* names */
    {{P, "NO_PROXY=a.example"}, "https", "a.example", 443, NULL},
    {{P, "no_proxy=a.example"}, "https", "a.example", 443, NULL},
    {{P, "NO_PROXY=other", "no_proxy=a.example"}, "https", "a.example", 443, "http://p"},
    {{P, "NO_PROXY=A.Example"}, "https", "a.example", 443, NULL},
    {{P, "NO_PROXY=a.example"}, "https", "x.a.example", 443, NULL},
    {{P, "NO_PROXY=a.example"}, "https", "xa.example", 443, "http://p"},
    {{P, "NO_PROXY=.a.example"}, "https", "a.example", 443, "http://p"},
    {{P, "NO_PROXY=.a.example"}, "https", "x.a.example", 443, NULL},
    {{P, "NO_PROXY=.a.example"}, "https", "y.x.a.example", 443, NULL},
    {{P, "NO_PROXY=*.a.example"}, "https", "x.a.example", 443, NULL},
    {{P, "NO_PROXY=*.a.example"}, "https", "a.example", 443, "http://p"},
    {{P, "NO_PROXY=*"}, "https", "a.example", 443, NULL},
    {{P, "NO_PROXY=b.example, *"}, "https", "a.example", 443, NULL},
    {{P, "NO_PROXY= b.example ,, a.example "}, "https", "a.example", 443, NULL},
    {{P, "NO_PROXY="}, "https", "a.example", 443, "http://p"},
    {{P, "NO_PROXY=,"}, "https", "a.example", 443, "http://p"},
    {{P, "NO_PROXY=example"}, "https", "a.example", 443, NULL},
    /* ports */
    {{P, "NO_PROXY=a.example:6443"}, "https", "a.example", 6443, NULL},
    {{P, "NO_PROXY=a.example:6443"}, "https", "a.example", 443, "http://p"},
    {{P, "NO_PROXY=.example:6443"}, "https", "a.example", 6443, NULL},
    {{P, "NO_PROXY=:6443"}, "https", "a.example", 6443, "http://p"},
    /* addresses */
    {{P, "NO_PROXY=10.1.2.3"}, "https", "10.1.2.3", 443, NULL},
    {{P, "NO_PROXY=10.1.2.3"}, "https", "10.1.2.30", 443, "http://p"},
    {{P, "NO_PROXY=10.1.2.3:443"}, "https", "10.1.2.3", 443, NULL},
    {{P, "NO_PROXY=10.1.2.3:6443"}, "https", "10.1.2.3", 443, "http://p"},
    {{P, "NO_PROXY=fd00::1"}, "https", "fd00::1", 443, NULL},
    {{P, "NO_PROXY=fd00:0::1"}, "https", "fd00::1", 443, NULL},
    {{P, "NO_PROXY=[fd00::1]:443"}, "https", "fd00::1", 443, NULL},
    {{P, "NO_PROXY=[fd00::1]:444"}, "https", "fd00::1", 443, "http://p"},
    /* blocks */
    {{P, "NO_PROXY=10.0.0.0/8"}, "https", "10.200.1.1", 443, NULL},
    {{P, "NO_PROXY=10.0.0.0/8"}, "https", "11.0.0.1", 443, "http://p"},
    {{P, "NO_PROXY=10.1.2.3/9"}, "https", "10.127.0.1", 443, NULL},
    {{P, "NO_PROXY=10.1.2.3/9"}, "https", "10.128.0.1", 443, "http://p"},
    {{P, "NO_PROXY=0.0.0.0/0"}, "https", "8.8.8.8", 443, NULL},
    {{P, "NO_PROXY=fd00::/8"}, "https", "fd12::1", 443, NULL},
    {{P, "NO_PROXY=fd00::/8"}, "https", "fe80::1", 443, "http://p"},
    {{P, "NO_PROXY=::/0"}, "https", "8.8.8.8", 443, "http://p"},
    {{P, "NO_PROXY=10.0.0.0/33"}, "https", "10.0.0.1", 443, "http://p"},
    {{P, "NO_PROXY=10.0.0.0/8"}, "https", "ten.example", 443, "http://p"},
};

int main(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		const char *got =
		    rt_proxy_from_env(rows[i].env, rows[i].scheme, rows[i].host, rows[i].port);
		tap_is_str(got, rows[i].want, "%s://%s:%d with %s %s %s", rows[i].scheme,
		    rows[i].host, rows[i].port, rows[i].env[0] ? rows[i].env[0] : "nothing",
		    rows[i].env[1] ? rows[i].env[1] : "", rows[i].env[2] ? rows[i].env[2] : "");
	}
	return tap_done();
}
