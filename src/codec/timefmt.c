/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timefmt.c - RFC 3339 times, ages and durations, without the C library's time zones.
 */
#include "config.h"

#include "rutter/timefmt.h"

#include <string.h>

#include "rutter/buf.h"

#define DAY 86400

/* Days from 1970-01-01 in the Gregorian calendar; years start in March, so that the leap day is
 * the last of its year. */
static int64_t days_from_date(int64_t year, int month, int day)
{
	int64_t shifted = month <= 2 ? year - 1 : year;
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int64_t year_of_era = shifted - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static void date_from_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Reads count digits at *s, moves on, and checks the bounds; -1 when that fails. */
static int take_number(const char **s, int count, int low, int high)
{
	int n = 0;

	for (int i = 0; i < count; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return -1;
		n = n * 10 + (**s - '0');
	}
	return n >= low && n <= high ? n : -1;
}

static bool take_char(const char **s, const char *one_of)
{
	if (!**s || !strchr(one_of, **s))
		return false;
	(*s)++;
	return true;
}

static bool take_date(const char **s, int64_t *ret_days)
{
	int year, month, day;

	year = take_number(s, 4, 0, 9999);
	if (year < 0 || !take_char(s, "-"))
		return false;
	month = take_number(s, 2, 1, 12);
	if (month < 0 || !take_char(s, "-"))
		return false;
	day = take_number(s, 2, 1, days_in_month(year, month));
	*ret_days = days_from_date(year, month, day);
	return day > 0;
}

static bool take_clock(const char **s, int *ret_seconds)
{
	int hour, minute, second;

	hour = take_number(s, 2, 0, 23);
	if (hour < 0 || !take_char(s, ":"))
		return false;
	minute = take_number(s, 2, 0, 59);
	if (minute < 0 || !take_char(s, ":"))
		return false;
	second = take_number(s, 2, 0, 60);
	if (second < 0)
		return false;
	if (take_char(s, ".")) {
		if (take_number(s, 1, 0, 9) < 0)
			return false;
		*s += strspn(*s, "0123456789");
	}
	*ret_seconds = hour * 3600 + minute * 60 + second;
	return true;
}

static bool take_zone(const char **s, int *ret_offset)
{
	bool west = **s == '-';
	int hours, minutes;

	*ret_offset = 0;
	if (take_char(s, "Zz"))
		return true;
	if (!take_char(s, "+-"))
		return false;
	hours = take_number(s, 2, 0, 23);
	if (hours < 0 || !take_char(s, ":"))
		return false;
	minutes = take_number(s, 2, 0, 59);
	*ret_offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return minutes >= 0;
}

bool rt_time_parse(const char *s, int64_t *ret)
{
	int64_t days;
	int seconds, offset;

	if (!s || !take_date(&s, &days) || !take_char(&s, "Tt") || !take_clock(&s, &seconds) ||
	    !take_zone(&s, &offset) || *s)
		return false;
	*ret = days * DAY + seconds - offset;
	return true;
}

void rt_time_write(struct rt_buf *out, int64_t t)
{
	const int64_t first = days_from_date(0, 1, 1) * DAY;
	const int64_t last = days_from_date(10000, 1, 1) * DAY - 1;
	int64_t days, year;
	int seconds, month, day;

	/* RFC 3339 has four digits for the year. */
	t = t < first ? first : t > last ? last : t;
	days = t / DAY - (t % DAY < 0);
	seconds = (int)(t - days * DAY);
	date_from_days(days, &year, &month, &day);
	rt_buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, month, day, seconds / 3600,
	    seconds / 60 % 60, seconds % 60);
}

static void add_two(struct rt_buf *out, int64_t big, char big_unit, int64_t small, char small_unit)
{
	rt_buf_printf(out, "%lld%c", (long long)big, big_unit);
	if (small > 0)
		rt_buf_printf(out, "%lld%c", (long long)small, small_unit);
}

/* The steps at which kubectl drops the smaller unit. */
void rt_age_write(struct rt_buf *out, int64_t seconds)
{
	int64_t minutes = seconds / 60, hours = seconds / 3600, days = seconds / DAY;

	if (seconds < -1)
		rt_buf_puts(out, "<invalid>");
	else if (seconds < 120)
		add_two(out, seconds < 0 ? 0 : seconds, 's', 0, 0);
	else if (minutes < 10)
		add_two(out, minutes, 'm', seconds % 60, 's');
	else if (minutes < 180)
		add_two(out, minutes, 'm', 0, 0);
	else if (hours < 8)
		add_two(out, hours, 'h', minutes % 60, 'm');
	else if (hours < 48)
		add_two(out, hours, 'h', 0, 0);
	else if (days < 8)
		add_two(out, days, 'd', hours % 24, 'h');
	else if (days < 730)
		add_two(out, days, 'd', 0, 0);
	else
		add_two(out, days / 365, 'y', days < 365 * 8 ? days % 365 : 0, 'd');
}

static const struct {
	const char *name;
	double ms;
} units[] = {
    /* longer names first where one begins another */
    {"ns", 1e-6},
    {"us", 1e-3},
    {"\xc2\xb5s", 1e-3},
    {"\xce\xbcs", 1e-3},
    {"ms", 1},
    {"s", 1000},
    {"m", 60000},
    {"h", 3600000},
};

/* Milliseconds of the unit at *s, 0 when there is none; moves on. */
static double take_unit(const char **s)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(units); i++) {
		size_t len = strlen(units[i].name);

		if (strncmp(*s, units[i].name, len) == 0) {
			*s += len;
			return units[i].ms;
		}
	}
	return 0;
}

/* Digits with at most one point, as a number; false when there is no digit. */
static bool take_decimal(const char **s, double *ret)
{
	double value = 0, scale = 1;
	bool any = false, fraction = false;

	for (;; (*s)++) {
		if (**s == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (**s < '0' || **s > '9')
			break;
		any = true;
		value = value * 10 + (**s - '0');
		scale *= fraction ? 10 : 1;
	}
	*ret = value / scale;
	return any;
}

bool rt_duration_parse(const char *s, bool plain_seconds, int64_t *ret_ms)
{
	double total = 0, value, unit;
	bool negative, bare;

	if (!s)
		return false;
	negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	bare = *s && s[strspn(s, "0123456789")] == '\0';
	do {
		if (!take_decimal(&s, &value))
			return false;
		unit = take_unit(&s);
		/* Go takes no bare number but 0. */
		if (unit == 0 && (!bare || (!plain_seconds && value != 0)))
			return false;
		total += value * (bare ? 1000 : unit);
	} while (*s);
	if (!(total <= 9.0e15)) /* not a number either: digits without end make one */
		return false;
	*ret_ms = (int64_t)(negative ? -total : total);
	return true;
}
