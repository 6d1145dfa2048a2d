/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-timefmt.c - RFC 3339 times, ages, durations.
 */
#include "config.h"

#include "rutter/timefmt.h"

#include "rutter/buf.h"
#include "tests/lib/tap.h"

static void check_times(void)
{
	static const struct {
		const char *text;
		int64_t t;
	} good[] = {
	    {"1970-01-01T00:00:00Z", 0},
	    {"2026-11-23T03:04:05Z", 1795403045},
	    {"2026-11-23T03:04:05.999999999Z", 1795403045},
	    {"2026-11-23T05:04:05+02:00", 1795403045},
	    {"2026-11-22T20:34:05-06:30", 1795403045},
	    {"2024-02-29T00:00:00Z", 1709164800},
	    {"2000-02-29t00:00:00z", 951782400},
	    {"1969-12-31T23:59:59Z", -1},
	    {"0001-01-01T00:00:00Z", -62135596800},
	    {"9999-12-31T23:59:59Z", 253402300799},
	    {"2016-12-31T23:59:60Z", 1483228800},
	};
	static const char *const bad[] = {"", "2026-11-23", "2026-11-23T03:04:05",
	    "2026-11-23 03:04:05Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
	    "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
	    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
	    "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00Zx",
	    "26-01-01T00:00:00Z", "2026-01-01T00:00:00+24:00"};
	int64_t t = 7;

	for (size_t i = 0; i < RT_ARRAY_LEN(good); i++) {
		tap_ok(rt_time_parse(good[i].text, &t), "%s parses", good[i].text);
		tap_is_int(t, good[i].t, "%s", good[i].text);
	}
	t = 7;
	for (size_t i = 0; i < RT_ARRAY_LEN(bad); i++)
		tap_ok(!rt_time_parse(bad[i], &t), "'%s' is refused", bad[i]);
	tap_ok(!rt_time_parse(NULL, &t), "so is nothing");
	tap_is_int(t, 7, "the result stays untouched");
}

static const char *written(void (*write)(struct rt_buf *, int64_t), int64_t value)
{
	static char text[64];
	struct rt_buf b = RT_BUF_MAX(63);

	write(&b, value);
	for (size_t i = 0; i <= b.len; i++)
		text[i] = rt_buf_str(&b)[i];
	rt_buf_done(&b);
	return text;
}

static void check_write(void)
{
	bool same = true;

	tap_is_str(written(rt_time_write, 1795403045), "2026-11-23T03:04:05Z", "write");
	tap_is_str(written(rt_time_write, -1), "1969-12-31T23:59:59Z", "before 1970");
	tap_is_str(written(rt_time_write, INT64_MAX), "9999-12-31T23:59:59Z", "far future");
	tap_is_str(written(rt_time_write, INT64_MIN), "0000-01-01T00:00:00Z", "far past");
	for (int64_t t = -62135596800; t < 253402300799; t += 86400 * 13 + 12345) {
		int64_t back = 0;

		same = same && rt_time_parse(written(rt_time_write, t), &back) && back == t;
	}
	tap_ok(same, "times of ten thousand years survive");
}

static void check_ages(void)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} ages[] = {{-2, "<invalid>"}, {-1, "0s"}, {0, "0s"}, {119, "119s"}, {120, "2m"},
	    {125, "2m5s"}, {599, "9m59s"}, {600, "10m"}, {10799, "179m"}, {10800, "3h"},
	    {11100, "3h5m"}, {28800, "8h"}, {172799, "47h"}, {172800, "2d"}, {176400, "2d1h"},
	    {691200, "8d"}, {63071999, "729d"}, {63072000, "2y"}, {63158400, "2y1d"},
	    {252288000, "8y"}, {315360000, "10y"}};

	for (size_t i = 0; i < RT_ARRAY_LEN(ages); i++)
		tap_is_str(written(rt_age_write, ages[i].seconds), ages[i].text, "age of %lld s",
		    (long long)ages[i].seconds);
}

static void check_durations(void)
{
	static const struct {
		const char *text;
		bool plain;
		int64_t ms;
	} good[] = {{"1h30m", false, 5400000}, {"500ms", false, 500}, {"0", false, 0},
	    {"0s", false, 0}, {"1.5s", false, 1500}, {"-1m", false, -60000}, {"+1m", false, 60000},
	    {"1h1m1s1ms", false, 3661001}, {"100us", false, 0}, {"2000\xc2\xb5s", false, 2},
	    {"30", true, 30000}, {"0", true, 0}, {"1m30s", true, 90000}, {".5s", false, 500}};
	static const struct {
		const char *text;
		bool plain;
	} bad[] = {{"", false}, {"", true}, {"30", false}, {"s", false}, {"1h30", true},
	    {"0h5", true}, {"1.5", true}, {"1d", false}, {"1 s", false}, {"-", false},
	    {".s", false}, {"1h-1m", false}, {"99999999999999999999h", false}, {"1.2.3s", false}};
	int64_t ms = 7;

	for (size_t i = 0; i < RT_ARRAY_LEN(good); i++) {
		tap_ok(
		    rt_duration_parse(good[i].text, good[i].plain, &ms), "%s parses", good[i].text);
		tap_is_int(ms, good[i].ms, "%s", good[i].text);
	}
	ms = 7;
	for (size_t i = 0; i < RT_ARRAY_LEN(bad); i++)
		tap_ok(!rt_duration_parse(bad[i].text, bad[i].plain, &ms), "'%s' is refused",
		    bad[i].text);
	struct rt_buf endless = {0};
	rt_buf_pad(&endless, '1', 400);
	rt_buf_putc(&endless, '.');
	rt_buf_pad(&endless, '1', 400);
	rt_buf_putc(&endless, 's');
	tap_ok(!rt_duration_parse(rt_buf_str(&endless), false, &ms), "digits without end");
	rt_buf_done(&endless);
	tap_is_int(ms, 7, "the result stays untouched");
}

int main(void)
{
	check_times();
	check_write();
	check_ages();
	check_durations();
	return tap_done();
}
