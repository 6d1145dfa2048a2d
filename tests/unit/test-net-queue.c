/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-net-queue.c - a body that comes faster than it is read waits in the sockets, not in memory,
 * and no turn of the loop takes more of it than it can spare the time for.
 */
#include "config.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/net/net_int.h"
#include "tests/lib/tap.h"

#define BODY_BYTES (24u << 20)
#define BODY_TICKS 3 /* the milliseconds that each part of the body is looked at for */

/* A child that answers one request with so many bytes; its port. */
static pid_t start_server(int *ret_port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		_exit(1);
	*ret_port = ntohs(at.sin_port);
	pid_t pid = fork();
	if (pid != 0) {
		close(fd);
		return pid;
	}
	static char bytes[65536];
	int peer = accept(fd, NULL, NULL);
	(void)!read(peer, bytes, sizeof(bytes));
	int head = snprintf(bytes, sizeof(bytes),
	    "HTTP/1.1 200 OK\r\nContent-Length: %u\r\nConnection: close\r\n\r\n", BODY_BYTES);
	(void)!write(peer, bytes, (size_t)head);
	memset(bytes, 'x', sizeof(bytes));
	for (size_t sent = 0; sent < BODY_BYTES;) {
		ssize_t n = write(peer, bytes, sizeof(bytes));
		if (n <= 0)
			break;
		sent += (size_t)n;
	}
	_exit(0);
}

struct reading {
	struct rt_net_call *call;
	size_t bytes, most;
	uint64_t most_taken; /* from the socket in one turn */
	size_t taken_late;   /* turns that took more although the budget went to what they had */
	enum rt_status status;
	bool done;
};

static bool on_body(void *ctx, const char *bytes, size_t len)
{
	struct reading *r = ctx;
	int64_t until = rt_loop_clock_ms() + BODY_TICKS;
	(void)bytes;
	r->bytes += len;
	if (r->call->queue.cap > r->most)
		r->most = r->call->queue.cap;
	while (rt_loop_clock_ms() < until) /* slower than any server on this machine */
		;
	return true;
}

static void on_done(void *ctx, const struct rt_net_result *result)
{
	struct reading *r = ctx;
	r->status = result->status;
	r->done = true;
}

static size_t waiting(const struct rt_net_call *c)
{
	return c->queue.len - c->queue_done;
}

/* Turns until the body is read. */
static void read_all(struct rt_loop *loop, struct reading *r)
{
	while (!r->done) {
		size_t read = r->bytes, old = waiting(r->call);
		uint64_t taken = r->call->bytes;
		if (!rt_loop_turn(loop, -1) || r->done)
			break;
		taken = r->call->bytes - taken;
		if (taken > r->most_taken)
			r->most_taken = taken;
		if (r->bytes - read < old && taken > 0)
			r->taken_late++;
	}
}

static const struct rt_net_ops ops = {.body = on_body, .done = on_done};

int main(void)
{
	struct reading r = {0};
	struct rt_loop *loop = NULL;
	struct rt_net *net = NULL;
	struct rt_net_params params = {.endpoint = {.scheme = "http", .host = "127.0.0.1"}};

	signal(SIGPIPE, SIG_IGN);
	pid_t pid = start_server(&params.endpoint.port);
	tap_is_int(rt_loop_new(&loop, NULL), RT_OK, "a loop");
	params.loop = loop;
	tap_is_int(rt_net_new(&params, &net, NULL), RT_OK, "and a client of it");
	r.call = rt_net_get(net, &(struct rt_net_request){.path = "/", .ops = &ops, .ctx = &r});
	read_all(loop, &r);
	tap_is_int(r.status, RT_OK, "a long body is read");
	tap_is_int((long long)r.bytes, BODY_BYTES, "to its end");
	tap_ok(r.most > 0, "what came too fast waited (%zu bytes at most)", r.most);
	tap_ok(r.most <= 4 * NET_QUEUE_HIGH, "in a queue that did not grow with the body");
	tap_ok(r.most_taken > 0 && r.most_taken < NET_QUEUE_HIGH,
	    "one turn took little of it (%llu bytes at most)", (unsigned long long)r.most_taken);
	tap_is_int((long long)r.taken_late, 0, "and nothing while it had not got through the rest");
	rt_net_free(net);
	rt_loop_free(loop);
	waitpid(pid, NULL, 0);
	return tap_done();
}
