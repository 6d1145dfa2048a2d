/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logstream.h - a followed log that goes on where it was cut.
 * Feeds on what the server sends with timestamps=true, gives whole lines without their times, and
 * knows from when to ask again. Servers count sinceTime in seconds: lines that come a second time
 * are left out.
 *
 *	struct rt_log_stream s = {0};
 *	rt_log_stream_feed(&s, bytes, len, &out);	whole new lines are in out
 *	rt_log_stream_cut(&s);				ask again with sinceTime=s.since, if there
 *is one
 */
#ifndef RUTTER_LOGSTREAM_H
#define RUTTER_LOGSTREAM_H

#include "rutter/buf.h"

struct rt_log_stream {
	char since[40];     /* time of the last line as the server wrote it; "" before the first */
	unsigned at_since;  /* lines that bore it */
	unsigned repeated;  /* of them, since the last cut */
	bool resumed;       /* what is not newer comes a second time */
	struct rt_buf line; /* incomplete */
};

/* Appends to out. Lines without a time are taken as they are; overlong ones are broken. */
void rt_log_stream_feed(struct rt_log_stream *s, const char *bytes, size_t len, struct rt_buf *out);
/* The stream broke or ended: what is incomplete will be sent again. */
void rt_log_stream_cut(struct rt_log_stream *s);
void rt_log_stream_done(struct rt_log_stream *s);

#endif
