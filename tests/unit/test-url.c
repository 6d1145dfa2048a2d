/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-url.c - request URLs as a person types them, percent-coding, base64.
 */
#include "config.h"

#include "rutter/url.h"

#include <stdlib.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/cert.h"
#include "tests/lib/tap.h"

/* scheme|host|port|path|query|flags, or the error. */
static const char *parsed(struct rt_arena *a, const char *text)
{
	struct rt_url u;
	struct rt_error err;

	if (rt_url_parse(a, text, &u, &err) != RT_OK)
		return rt_arena_strdup(a, err.msg);
	return rt_arena_printf(a, "%s|%s|%d|%s|%s|%s%s%s", u.scheme, u.host, u.port, u.path,
	    u.query ? u.query : "-", u.ipv6 ? "6" : "", u.ip_literal ? "i" : "",
	    u.userinfo ? "u" : "");
}

static void check_parse(void)
{
	static const char *const cases[][2] = {
	    {"http://example.com", "http|example.com|0||-|"},
	    {"HTTPS://Shop.Example.COM:8443/A/b%2Fc/../d?x=1&Y=%20#frag",
		"https|shop.example.com|8443|/A/b%2Fc/../d|x=1&Y=%20|"},
	    {"http://h?q", "http|h|0||q|"},
	    {"http://h/?", "http|h|0|/||"},
	    {"http://h/#f?x", "http|h|0|/|-|"},
	    {"http://h#f", "http|h|0||-|"},
	    {"  http://h/a b \n", "http|h|0|/a b|-|"},
	    {"http://10.0.0.1:80/", "http|10.0.0.1|80|/|-|i"},
	    {"http://[2001:DB8::1]:80/x", "http|2001:db8::1|80|/x|-|6i"},
	    {"http://[::1]", "http|::1|0||-|6i"},
	    {"http://[fe80::1%25eth0]/", "http|fe80::1|0|/|-|6i"},
	    {"http://user:pa@ss@h/", "http|h|0|/|-|u"},
	    {"http://h:/", "http|h|0|/|-|"},
	    {"http://h.:80/", "http|h.|80|/|-|"},
	    {"grpc+x://B\xc3\xbc"
	     "cher.DE/",
		"grpc+x|b\xc3\xbc"
		"cher.de|0|/|-|"},
	    {"http://h//x//", "http|h|0|//x//|-|"},
	    {"http://1.2.3/", "http|1.2.3|0|/|-|"},
	    {"", "not a request URL: it has no scheme"},
	    {"example.com/x", "not a request URL: it has no scheme"},
	    {"example.com:80/x", "not a request URL: it has no scheme"},
	    {"/path", "not a request URL: it has no scheme"},
	    {"http:/h", "not a request URL: it has no scheme"},
	    {"1http://h", "not a request URL: it has no scheme"},
	    {"://h", "not a request URL: it has no scheme"},
	    {"http://", "not a request URL: it has no host"},
	    {"http:///x", "not a request URL: it has no host"},
	    {"http://:80/", "not a request URL: it has no host"},
	    {"http://u@/", "not a request URL: it has no host"},
	    {"http://h:x/", "not a request URL: the port is not a number"},
	    {"http://h:-1/", "not a request URL: the port is not a number"},
	    {"http://h:65536/", "not a request URL: the port is above 65535"},
	    {"http://h:99999999999999999999/", "not a request URL: the port is above 65535"},
	    {"http://h:0/", "not a request URL: port 0 is not a port"},
	    {"http://a b/", "not a request URL: a character that no host name has"},
	    {"http://a%41/", "not a request URL: a character that no host name has"},
	    {"http://[::1/", "not a request URL: the bracket of the IPv6 address is not closed"},
	    {"http://[x]/", "not a request URL: bad IPv6 address"},
	    {"http://[::1]x/", "not a request URL: text between the IPv6 address and the port"},
	    {"http://h/\x1b[31m", "not a request URL: it has a control character"},
	    {"http://h/\n/x", "not a request URL: it has a control character"},
	    {"http://h/\xff", "not a request URL: it is not UTF-8"},
	};
	struct rt_arena a = {0};
	char *big = rt_arena_printf(&a, "http://h/%70000d", 1);

	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
		tap_is_str(parsed(&a, cases[i][0]), cases[i][1], "URL %zu", i);
	tap_is_str(parsed(&a, big), "not a request URL: it is longer than 64 KiB", "a long URL");
	rt_arena_done(&a);
}

static const char *decoded(struct rt_arena *a, const char *s, bool plus)
{
	return rt_url_decode(a, s, strlen(s), plus);
}

static void check_percent(void)
{
	struct rt_arena a = {0};
	struct rt_buf b = {0};

	tap_is_str(decoded(&a, "a%20b%2Fc%e9", false), "a b/c\xe9", "decode");
	tap_is_str(decoded(&a, "%zz%4%", false), "%zz%4%", "malformed escapes stay");
	tap_is_str(decoded(&a, "a%00b", false), "a%00b", "so does NUL");
	tap_is_str(decoded(&a, "a+b", false), "a+b", "plus is plus");
	tap_is_str(decoded(&a, "a+b%2B", true), "a b+", "or a space");
	tap_is_str(rt_url_decode(&a, "%41%42", 4, false), "A%", "within the length");
	rt_url_encode(&b, "a/b c~-._=\xc3\xa9");
	tap_is_str(rt_buf_str(&b), "a%2Fb%20c~-._%3D%C3%A9", "encode");
	rt_buf_done(&b);
	rt_arena_done(&a);
}

static void check_base64(void)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd>?", "//79Pj8="}};
	static const char *const bad[] = {
	    "Z", "Zg", "Zg=", "Zm9v=", "====", "Zg==Zg==", "Zm9v!", "Zm9-", "=Zg="};
	char *bytes;
	size_t len;

	for (size_t i = 0; i < RT_ARRAY_LEN(pairs); i++) {
		struct rt_buf b = {0};

		rt_base64_encode(&b, pairs[i][0], strlen(pairs[i][0]));
		tap_is_str(rt_buf_str(&b), pairs[i][1], "encode %zu", i);
		rt_buf_done(&b);
		tap_ok(rt_base64_decode(pairs[i][1], strlen(pairs[i][1]), &bytes, &len), "decodes");
		tap_is_str(bytes, pairs[i][0], "decode %zu", i);
		tap_is_int((long long)len, (long long)strlen(pairs[i][0]), "length %zu", i);
		free(bytes);
	}
	tap_ok(rt_base64_decode(" Zm\n9v\r\n", 8, &bytes, &len), "white space is ignored");
	tap_is_str(bytes, "foo", "and the rest read");
	free(bytes);
	for (size_t i = 0; i < RT_ARRAY_LEN(bad); i++)
		tap_ok(!rt_base64_decode(bad[i], strlen(bad[i]), &bytes, &len), "%s is refused",
		    bad[i]);
}

int main(void)
{
	check_parse();
	check_percent();
	check_base64();
	return tap_done();
}
