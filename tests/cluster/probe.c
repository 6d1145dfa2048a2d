/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.c - the cluster source alone, for the tests beside this file (no test itself).
 *
 *	probe KUBECONFIG [OPTION]…
 *
 * Options: watch, http1, timeout=MS, heartbeat=MS, look=MS, log=FILE, ns=NAMESPACE, pod=FOLDER (of
 * a service account; KUBECONFIG is "-" then).
 * Reads commands from standard input and answers each with lines and a closing ".":
 * settle, objects, scopes, answers, problems, state, stats, refresh, ask object GROUP KIND NS NAME,
 * ask pods NS SELECTOR, quit. "-" stands for nothing.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/cluster.h"
#include "rutter/kubeconfig.h"
#include "rutter/log.h"
#include "rutter/loop.h"
#include "rutter/mem.h"

struct probe {
	struct rt_loop *loop;
	struct rt_store *store;
	struct rt_cluster *cluster;
	struct rt_fd input;
	struct rt_buf line;
	unsigned long changes, turns;
	bool quit;
};

static int64_t now(void *ctx)
{
	(void)ctx;
	return (int64_t)time(NULL);
}

static void on_changed(void *ctx)
{
	((struct probe *)ctx)->changes++;
}

static void on_warning(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "warning: %s\n", text);
}

static const struct rt_cluster_ops ops = {.changed = on_changed, .warning = on_warning};

static const char *or_dash(const char *s)
{
	return s && *s ? s : "-";
}

static void print_error(enum rt_status status, const struct rt_error *err)
{
	printf("%s\n%s\n%s\n", rt_status_text(status), err->msg, err->hint);
}

static void print_objects(const struct probe *p)
{
	for (enum rt_kind k = 0; k < RT_KIND_COUNT; k++) {
		const struct rt_obj *const *list;
		size_t count = rt_store_list(p->store, k, &list);
		for (size_t i = 0; i < count; i++)
			printf("%s %s %s %s\n", list[i]->kind_name, or_dash(list[i]->ns),
			    list[i]->name, or_dash(list[i]->resource_version));
	}
}

static void print_scopes(const struct probe *p)
{
	const struct rt_scope *list;
	size_t count = rt_store_scopes(p->store, &list);
	for (size_t i = 0; i < count; i++)
		printf("%s %s %s %s\n", list[i].kind, or_dash(list[i].ns),
		    rt_scope_state_name(list[i].state), or_dash(list[i].why));
}

static void print_answers(const struct probe *p)
{
	const struct rt_answer *list;
	size_t count = rt_store_answers(p->store, &list);
	for (size_t i = 0; i < count; i++)
		printf("%s %s %s\n", list[i].key, rt_scope_state_name(list[i].state),
		    or_dash(list[i].why));
}

static void print_problems(const struct probe *p)
{
	const struct rt_input_problem *list;
	size_t count = rt_store_problems(p->store, &list);
	for (size_t i = 0; i < count; i++)
		printf("%s %s %s %s: %s\n", list[i].ref.kind, or_dash(list[i].ref.ns),
		    or_dash(list[i].ref.name), or_dash(list[i].field), or_dash(list[i].message));
}

static void print_state(const struct probe *p)
{
	struct rt_cluster_state s;
	rt_cluster_state(p->cluster, &s);
	printf("connected %d\nlive %d\nkinds %u\ndone %u\nstale %u\nerr %s\n", s.connected, s.live,
	    s.kinds, s.done, s.stale, s.err.msg);
}

/* Not ru_maxrss: that begins with what the parent had when it forked. */
static long peak_kib(void)
{
	char line[128];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

static void print_stats(const struct probe *p)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	printf("turns %lu\nchanges %lu\ncpu_ms %ld\npeak_kib %ld\n", p->turns, p->changes,
	    (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
		(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000,
	    peak_kib());
}

static void settle(struct probe *p)
{
	struct rt_error err = {0};
	enum rt_status status = rt_cluster_settle(p->cluster, &err);
	print_error(status, &err);
}

static const char *none(const char *word)
{
	return word && strcmp(word, "-") != 0 ? word : NULL;
}

static void ask(struct probe *p, char **words)
{
	struct rt_want w = {.type = RT_WANT_PODS, .ns = none(words[2]), .selector = words[3]};
	if (strcmp(words[1], "object") == 0)
		w = (struct rt_want){.type = RT_WANT_OBJECT,
		    .ref = {none(words[2]) ? words[2] : "", words[3], none(words[4]), words[5]}};
	rt_cluster_ask(p->cluster, &w, 1);
}

static void run_command(struct probe *p, char *line)
{
	static const struct {
		const char *name;
		void (*print)(const struct probe *p);
	} prints[] = {{"objects", print_objects}, {"scopes", print_scopes},
	    {"answers", print_answers}, {"problems", print_problems}, {"state", print_state},
	    {"stats", print_stats}};
	char *words[8] = {NULL}, *rest = line;
	for (size_t i = 0; i < 7 && rest; i++)
		words[i] = strsep(&rest, " ");
	for (size_t i = 0; i < RT_ARRAY_LEN(prints); i++)
		if (strcmp(words[0], prints[i].name) == 0)
			prints[i].print(p);
	if (strcmp(words[0], "refresh") == 0)
		rt_cluster_refresh(p->cluster);
	if (strcmp(words[0], "ask") == 0)
		ask(p, words);
	p->quit = p->quit || strcmp(words[0], "quit") == 0;
	/* Turns the loop itself, so it runs outside of the loop's callbacks: see main. */
	if (strcmp(words[0], "settle") == 0)
		settle(p);
	puts(".");
	fflush(stdout);
}

static void on_input(void *ctx, int fd, unsigned events)
{
	struct probe *p = ctx;
	char bytes[512];
	ssize_t n = read(fd, bytes, sizeof(bytes));
	(void)events;
	if (n <= 0) {
		p->quit = true;
		rt_fd_stop(&p->input);
		return;
	}
	rt_buf_add(&p->line, bytes, (size_t)n);
}

/* One whole line of input, if there is one. */
static char *take_line(struct probe *p)
{
	const char *end = p->line.len ? memchr(p->line.data, '\n', p->line.len) : NULL;
	if (!end)
		return NULL;
	size_t len = (size_t)(end - p->line.data);
	char *line = rt_xstrndup(p->line.data, len);
	memmove(p->line.data, end + 1, p->line.len - len - 1);
	p->line.len -= len + 1;
	return line;
}

static void serve(struct probe *p)
{
	while (!p->quit && rt_loop_turn(p->loop, -1)) {
		char *line;
		p->turns++;
		while ((line = take_line(p)) != NULL) {
			run_command(p, line);
			free(line);
		}
	}
}

static const char *pod_folder(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		if (strncmp(argv[i], "pod=", 4) == 0)
			return argv[i] + 4;
	return NULL;
}

static void read_options(int argc, char **argv, struct rt_cluster_params *params, const char **ns)
{
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "watch") == 0)
			params->watch = true;
		else if (strcmp(argv[i], "http1") == 0)
			params->kube.http1 = true;
		else if (strncmp(argv[i], "timeout=", 8) == 0)
			params->kube.timeout_ms = strtol(argv[i] + 8, NULL, 10);
		else if (strncmp(argv[i], "heartbeat=", 10) == 0)
			params->heartbeat_ms = strtol(argv[i] + 10, NULL, 10);
		else if (strncmp(argv[i], "look=", 5) == 0)
			params->look_again_ms = strtol(argv[i] + 5, NULL, 10);
		else if (strncmp(argv[i], "log=", 4) == 0)
			(void)!rt_log_open(argv[i] + 4, 9, NULL);
		else if (strncmp(argv[i], "ns=", 3) == 0 && params->namespace_count < 8)
			ns[params->namespace_count++] = argv[i] + 3;
	}
	params->namespaces = ns;
}

int main(int argc, char **argv)
{
	struct rt_error err = {0};
	struct probe p = {0};
	struct rt_kubeconfig *config = NULL;
	const char *ns[8];
	struct rt_kubeconfig_opts opts = {.kubeconfig = none(argv[1]),
	    .pod_dir = pod_folder(argc, argv),
	    .env = (const char *const *)environ};
	enum rt_status status = rt_kubeconfig_load(&opts, &config, &err);
	if (status == RT_OK)
		status = rt_loop_new(&p.loop, &err);
	p.store = rt_store_new(RT_STORE_CLUSTER);
	struct rt_cluster_params params = {
	    .kube = {.loop = p.loop, .config = config, .user_agent = "rutter-probe", .now = now},
	    .store = p.store,
	    .ops = &ops,
	    .ctx = &p};
	if (status == RT_OK) {
		read_options(argc, argv, &params, ns);
		status = rt_cluster_new(&params, &p.cluster, &err);
	}
	if (status != RT_OK) {
		print_error(status, &err);
		puts(".");
	} else {
		rt_fd_start(p.loop, &p.input, STDIN_FILENO, RT_FD_READ, on_input, &p);
		rt_cluster_start(p.cluster);
		serve(&p);
	}
	rt_fd_stop(&p.input);
	rt_buf_done(&p.line);
	rt_cluster_free(p.cluster);
	rt_loop_free(p.loop);
	rt_store_free(p.store);
	rt_kubeconfig_free(config);
	rt_log_close();
	return rt_status_exit(status);
}
