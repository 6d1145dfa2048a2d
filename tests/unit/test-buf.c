/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-buf.c - the bounded buffer, error texts, and the clean-up helpers.
 */
#include "config.h"

#include "rutter/buf.h"

#include <fcntl.h>
#include <string.h>

#include "rutter/err.h"
#include "rutter/mem.h"
#include "tests/lib/tap.h"

static void check_append(void)
{
	struct rt_buf b = {0};
	char *taken;

	tap_is_str(rt_buf_str(&b), "", "an empty buffer reads as the empty string");
	rt_buf_puts(&b, "one");
	rt_buf_putc(&b, ' ');
	rt_buf_add(&b, "two!", 3);
	rt_buf_printf(&b, " %d", 3);
	rt_buf_pad(&b, '.', 4);
	tap_is_str(rt_buf_str(&b), "one two 3....", "all ways to append");
	rt_buf_printf(&b, "%300d", 1);
	tap_is_int((long long)b.len, 313, "printf beyond the room there was");
	tap_is_int((long long)strlen(b.data), 313, "and terminated");
	rt_buf_clear(&b);
	tap_is_str(rt_buf_str(&b), "", "clear");
	rt_buf_puts(&b, "moved");
	taken = rt_buf_take(&b);
	tap_is_str(taken, "moved", "take moves the bytes out");
	tap_ok(b.data == NULL && b.len == 0, "and leaves the buffer empty");
	free(taken);
	taken = rt_buf_take(&b);
	tap_is_str(taken, "", "take of nothing is not NULL");
	free(taken);
	rt_buf_puts(&b, "secret");
	rt_buf_wipe(&b);
	tap_ok(b.data == NULL, "wipe frees");
	rt_buf_done(&b);
}

static void check_max(void)
{
	struct rt_buf b = RT_BUF_MAX(8);

	tap_ok(rt_buf_puts(&b, "12345678"), "up to the maximum");
	tap_ok(!b.full, "is not full");
	tap_ok(!rt_buf_putc(&b, '9'), "one more is refused");
	tap_ok(b.full, "and marked");
	tap_is_str(rt_buf_str(&b), "12345678", "nothing was added");
	rt_buf_clear(&b);
	tap_ok(!b.full && b.max == 8, "clear keeps the maximum");
	rt_buf_puts(&b, "1234");
	tap_ok(!rt_buf_printf(&b, "%s", "56789"), "printf is refused as a whole");
	tap_is_str(rt_buf_str(&b), "1234", "and leaves the text as it was");
	tap_ok(!rt_buf_pad(&b, 'x', SIZE_MAX), "an absurd pad is refused");
	tap_ok(rt_buf_add(&b, "", 0), "nothing always fits");
	rt_buf_done(&b);
}

static enum rt_status read_thing(struct rt_error *err)
{
	return rt_fail(err, RT_INPUT, "line %d: %s", 3, "no");
}

static void check_errors(void)
{
	struct rt_error err = {0};
	char long_text[2000];

	tap_is_int(read_thing(&err), RT_INPUT, "rt_fail returns the status");
	rt_error_hint(&err, "say %s", "yes");
	tap_is_int(rt_fail_prefix(&err, "reading %s", "f.yaml"), RT_INPUT, "so does the prefix");
	tap_is_str(err.msg, "reading f.yaml: line 3: no", "message with context");
	tap_is_str(err.hint, "say yes", "hint");
	tap_is_int(read_thing(NULL), RT_INPUT, "no error struct is fine");
	tap_is_int(rt_fail_prefix(NULL, "x"), RT_IO, "for the prefix too");
	rt_error_hint(NULL, "x");
	memset(long_text, 'm', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	rt_fail(&err, RT_IO, "%s", long_text);
	rt_fail_prefix(&err, "%s", long_text);
	tap_is_int((long long)strlen(err.msg), sizeof(err.msg) - 1, "long messages are cut");
	tap_is_int(rt_status_exit(RT_OK), 0, "ok exits 0");
	tap_is_int(rt_status_exit(RT_FORBIDDEN), 3, "forbidden exits 3");
	for (int s = 0; s < RT_STATUS_COUNT; s++)
		tap_ok(*rt_status_text((enum rt_status)s) != '\0', "status %d has a text", s);
}

static void check_cleanup(void)
{
	RT_AUTO_FREE char *text = rt_xprintf("%s", "freed at the end");
	RT_AUTO_BUF struct rt_buf b = {0};
	RT_AUTO_CLOSE int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	RT_AUTO_FREE char *stolen = rt_steal(&text);

	rt_buf_puts(&b, stolen);
	tap_ok(text == NULL && stolen != NULL, "rt_steal moves ownership");
	tap_ok(fd >= 0, "a descriptor to close");
}

static size_t wiped;

static void wipe(void *p, size_t len)
{
	for (volatile char *c = p; len > 0; len--, wiped++)
		*c++ = 0;
}

/* In place of the C library's two, which tell nobody what they wiped. */
void explicit_bzero(void *p, size_t len)
{
	wipe(p, len);
}

#if __USE_FORTIFY_LEVEL > 0
void __explicit_bzero_chk(void *p, size_t len, size_t room)
{
	(void)room;
	wipe(p, len);
}
#endif

static void check_secret(void)
{
	struct rt_buf plain = {0}, secret = RT_BUF_SECRET;

	wiped = 0;

	for (int i = 0; i < 1000; i++) {
		rt_buf_putc(&plain, 'x');
		rt_buf_putc(&secret, 'x');
	}
	tap_is_str(rt_buf_str(&secret), rt_buf_str(&plain), "a secret grows as anything else");
	tap_is_int((long long)wiped, 64 + 128 + 256 + 512, "but leaves nothing where it was");
	rt_buf_wipe(&secret);
	tap_ok(secret.secret, "what is put into it later is one too");
	rt_buf_done(&plain);
}

int main(void)
{
	check_append();
	check_secret();
	check_max();
	check_errors();
	check_cleanup();
	return tap_done();
}
