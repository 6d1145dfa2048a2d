/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-exec.c - exec credential plugins: what they are told, how they may run, what they may
 * answer, one run for all, renewal at the end of a life and after a refusal, the user's policy. The
 * plugins are lines of shell. Every secret is spelled PLANTED, and in no message nor in the log.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/cert.h"
#include "rutter/json.h"
#include "rutter/log.h"
#include "rutter/mem.h"
#include "rutter/timefmt.h"
#include "tests/lib/cred.h"
#include "tests/lib/tap.h"

#define NOW 1800000000 /* 2027-01-15T08:00:00Z */

#define HEAD "{\"apiVersion\":\"" CRED_V1 "\",\"kind\":\"ExecCredential\",\"status\":"
/* A plugin whose status is this JSON; single quotes may not stand in it. */
#define STATUS(json) "printf %s '" HEAD json "}'"
/* Counts its runs in $DIR/runs and hands out PLANTED-1, PLANTED-2, ... */
#define COUNTED(more)                                                                              \
	"echo run >>$DIR/runs; n=$(wc -l <$DIR/runs); "                                            \
	"printf '" HEAD "{\"token\":\"PLANTED-%s\"" more "}}' $n"

static void no_secret(const struct cred *c)
{
	if (strstr(c->err.msg, "PLANTED") || strstr(c->err.hint, "PLANTED"))
		tap_ok(false, "an error tells a secret: %s / %s", c->err.msg, c->err.hint);
}

static int runs(struct cred *c)
{
	int n = 0;
	for (const char *p = cred_read(c, "runs"); *p; p++)
		n += *p == '\n';
	return n;
}

/* --- answers ---------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	struct cred_user user;
	const char *token; /* or */
	const char *error; /* stands in the message */
	const char *hint;
} answers[] = {
    {"JSON", {.script = STATUS("{\"token\":\"PLANTED-1\"}"), .mode = "Never"}, "PLANTED-1", NULL,
	NULL},
    {"v1beta1, without a mode",
	{.script = "printf '{apiVersion: " CRED_V1BETA1
		   ", kind: ExecCredential, status: {token: PLANTED-1}}'",
	    .version = CRED_V1BETA1},
	"PLANTED-1", NULL, NULL},
    {"YAML",
	{.script = "printf 'apiVersion: " CRED_V1
		   "\\nkind: ExecCredential\\nstatus:\\n  token: PLANTED-y\\n'",
	    .mode = "Never"},
	"PLANTED-y", NULL, NULL},
    {"a trailing line end in the token is dropped",
	{.script = STATUS("{\"token\":\"PLANTED-1\\r\\n\"}"), .mode = "Never"}, "PLANTED-1", NULL,
	NULL},
    {"a line break inside it is not",
	{.script = STATUS("{\"token\":\"PLANTED\\r\\nX-Evil: 1\"}"), .mode = "Never"}, NULL,
	"control character", NULL},
    {"a zero byte neither", {.script = STATUS("{\"token\":\"PLANTED\\u0000x\"}"), .mode = "Never"},
	NULL, "decoding stdout", NULL},
    {"arguments arrive as they are",
	{.script = "printf '" HEAD "{\"token\":\"'; printf '<%s>' \"$@\"; printf '\"}}'",
	    .args = {"sh", "two words", "", "$HOME `x` *", "it's", NULL},
	    .mode = "Never"},
	"<two words><><$HOME `x` *><it's>", NULL, NULL},
    {"its environment: ours, then the entry's, which wins",
	{.script = "printf '" HEAD "{\"token\":\"%s,%s,%s\"}}' \"$OWN\" \"$A\" \"$DIR\"",
	    .env = {"A=first", "A=two  words", "DIR=other"},
	    .mode = "Never"},
	"inherited,two  words,other", NULL, NULL},
    {"standard input is empty, nothing else is open",
	{.script =
		"printf '" HEAD "{\"token\":\"%s-%s\"}}' \"$(cat | wc -c)\" \"$(ls /proc/self/fd | "
		"wc -w)\"",
	    .mode = "Never"},
	"0-4", NULL, NULL}, /* 0, 1, 2 and the folder itself */
    {"another version",
	{.script = "printf '{\"apiVersion\":\"" CRED_V1BETA1
		   "\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"PLANTED\"}}'",
	    .mode = "Never"},
	NULL,
	"exec plugin is configured to use API version " CRED_V1
	", plugin returned version " CRED_V1BETA1,
	NULL},
    {"another kind",
	{.script = "printf '{\"apiVersion\":\"" CRED_V1 "\",\"kind\":\"PLANTED\",\"status\":{}}'",
	    .mode = "Never"},
	NULL, "decoding stdout: it is not an ExecCredential", NULL},
    {"no status", {.script = STATUS("null"), .mode = "Never"}, NULL,
	"exec plugin didn't return a status field", NULL},
    {"an empty status", {.script = STATUS("{}"), .mode = "Never"}, NULL,
	"exec plugin didn't return a token or cert/key pair", NULL},
    {"empty values", {.script = STATUS("{\"token\":\"\",\"clientKeyData\":null}"), .mode = "Never"},
	NULL, "exec plugin didn't return a token or cert/key pair", NULL},
    {"a blank token", {.script = STATUS("{\"token\":\" \"}"), .mode = "Never"}, NULL, "empty token",
	NULL},
    {"a token that is no text", {.script = STATUS("{\"token\":{\"PLANTED\":1}}"), .mode = "Never"},
	NULL, "decoding stdout: status.token is not text", NULL},
    {"half a pair", {.script = STATUS("{\"clientCertificateData\":\"PLANTED\"}"), .mode = "Never"},
	NULL, "exec plugin returned only certificate or key, not both", NULL},
    {"a pair that is none",
	{.script = STATUS("{\"clientCertificateData\":\"PLANTED\",\"clientKeyData\":\"PLANTED\"}"),
	    .mode = "Never"},
	NULL, "failed parsing client key/certificate", NULL},
    {"a time that is none",
	{.script = STATUS("{\"token\":\"PLANTED\",\"expirationTimestamp\":\"soon\"}"),
	    .mode = "Never"},
	NULL, "expirationTimestamp is not an RFC 3339 time", NULL},
    {"garbage", {.script = "echo 'PLANTED: [garbage'", .mode = "Never"}, NULL,
	"decoding stdout: it is neither JSON nor YAML", NULL},
    {"an array", {.script = "echo '[\"PLANTED\"]'", .mode = "Never"}, NULL,
	"decoding stdout: it is not an ExecCredential", NULL},
    {"nothing", {.script = ":", .mode = "Never"}, NULL,
	"decoding stdout: the plugin printed nothing", NULL},
    {"too much", {.script = "yes PLANTED", .mode = "Never"}, NULL, "printed over 8388608 bytes",
	NULL},
    {"an exit status, and last words",
	{.script = "echo PLANTED; printf 'first\\nlog \\033[1min: expired\\n' >&2; exit 255",
	    .mode = "Never",
	    .terminal = RT_TERMINAL_SCREEN},
	NULL, "getting credentials: exec: executable sh failed with exit code 255",
	"it said: first log \033[1min: expired"},
    {"a signal", {.script = "kill -9 $$", .mode = "Never"}, NULL,
	"exec: executable sh was ended by signal 9", NULL},
    {"no end", {.script = "exec sleep 60", .mode = "Never", .timeout_ms = 100}, NULL,
	"exec: executable sh did not end within", NULL},
    {"a credential and a failure: the failure counts",
	{.script = STATUS("{\"token\":\"PLANTED\"}") "; exit 1", .mode = "Never"}, NULL,
	"failed with exit code 1", NULL},
    {"not found", {.command = "no-such-plugin", .mode = "Never"}, NULL,
	"exec: executable no-such-plugin not found", "gets its credentials from this program"},
    {"not found, with a hint",
	{.command = "no-such-plugin", .mode = "Never", .hint = "Get it:\n\n  apt install it\n"},
	NULL, "exec: executable no-such-plugin not found", "Get it: apt install it"},
    {"not found by a path", {.command = "/nowhere/plugin", .mode = "Never"}, NULL,
	"exec: executable /nowhere/plugin not found", NULL},
    {"not executable", {.command = "/etc/passwd", .mode = "Never"}, NULL,
	"/etc/passwd is not an executable file", NULL},
    {"always interactive, and no terminal", {.script = ":", .mode = "Always"}, NULL,
	"exec plugin cannot support interactive mode: standard input is not a terminal", NULL},
};

static void test_answers(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(answers); i++) {
		struct cred c;
		if (cred_open(&c, &answers[i].user)) {
			cred_get(&c, NOW);
			tap_is_str(cred_token(&c), answers[i].token, "%s", answers[i].name);
			no_secret(&c);
		}
		if (answers[i].error && !strstr(c.err.msg, answers[i].error))
			tap_is_str(c.err.msg, answers[i].error, "the error");
		if (answers[i].error)
			tap_is_int(rt_status_exit(c.status), 3, "%s", c.err.msg);
		if (answers[i].hint && !strstr(c.err.hint, answers[i].hint))
			tap_is_str(c.err.hint, answers[i].hint, "the hint");
		cred_close(&c);
	}
}

static void test_large_token(void)
{
	static const char *const forms[] = {
	    "printf '" HEAD "{\"token\":\"'; head -c 1048576 /dev/zero | tr '\\0' a; printf '\"}}'",
	    "printf 'apiVersion: " CRED_V1 "\\nkind: ExecCredential\\nstatus:\\n  token: '; "
	    "head -c 1048576 /dev/zero | tr '\\0' a",
	};
	for (size_t i = 0; i < RT_ARRAY_LEN(forms); i++) {
		struct cred c;
		if (cred_open(&c, &(struct cred_user){.script = forms[i], .mode = "Never"}))
			cred_get(&c, NOW);
		const char *token = cred_token(&c);
		tap_is_int(token ? (long long)strlen(token) : -1, 1048576, "a token of a MiB");
		cred_close(&c);
	}
}

/* --- what a plugin is told -------------------------------------------------------------------- */

/* The plugin's KUBERNETES_EXEC_INFO, which it wrote into a file. */
static const char *info_of(struct cred *c, const struct cred_user *u)
{
	struct cred_user told = *u;
	told.script = "printf %s \"$KUBERNETES_EXEC_INFO\" >$DIR/info; exit 1";
	if (!cred_open(c, &told))
		return "";
	cred_get(c, NOW);
	return cred_read(c, "info");
}

static void test_info(void)
{
	struct cred c;
	char *ca = cred_pki("ca.crt"), *want;
	struct rt_buf coded = {0}, cluster = {0};

	tap_is_str(info_of(&c, &(struct cred_user){.mode = "Never"}),
	    "{\"kind\":\"ExecCredential\",\"apiVersion\":\"" CRED_V1
	    "\",\"spec\":{\"interactive\":false}}",
	    "without cluster information");
	cred_close(&c);
	rt_base64_encode(&coded, ca, strlen(ca));
	rt_buf_printf(&cluster,
	    ", certificate-authority-data: %s, tls-server-name: inner, proxy-url: "
	    "'http://u:p@px:1', "
	    "disable-compression: true, extensions: [{name: client.authentication.k8s.io/exec, "
	    "extension: {b: [1, {c: null}], a: x}}]",
	    coded.data);
	want =
	    rt_xprintf("{\"kind\":\"ExecCredential\",\"apiVersion\":\"" CRED_V1BETA1
		       "\",\"spec\":{\"cluster\":{\"server\":\"https://kube.example:6443/p/\","
		       "\"tls-server-name\":\"inner\",\"certificate-authority-data\":\"%s\","
		       "\"proxy-url\":\"http://u:p@px:1\",\"disable-compression\":true,"
		       "\"config\":{\"b\":[1,{\"c\":null}],\"a\":\"x\"}},\"interactive\":false}}",
		coded.data);
	tap_is_str(info_of(&c,
		       &(struct cred_user){
			   .version = CRED_V1BETA1, .info = true, .cluster = cluster.data}),
	    want, "with all of it");
	cred_close(&c);
	free(want);
	want = rt_xprintf("{\"kind\":\"ExecCredential\",\"apiVersion\":\"" CRED_V1
			  "\",\"spec\":{\"cluster\":{\"server\":\"https://kube.example:6443/p/\","
			  "\"insecure-skip-tls-verify\":true},\"interactive\":false}}");
	tap_is_str(info_of(&c, &(struct cred_user){.mode = "IfAvailable",
				   .info = true,
				   .cluster = ", insecure-skip-tls-verify: true"}),
	    want, "what is not set is left out");
	cred_close(&c);
	free(want);
	free(ca);
	rt_buf_done(&coded);
	rt_buf_done(&cluster);
}

/* --- modes and terminals ---------------------------------------------------------------------- */

static void test_modes(void)
{
	static const struct {
		const char *mode;
		enum rt_terminal_use terminal;
		const char *interactive; /* what the plugin is told; NULL: it does not run */
		bool wants_login;
	} rows[] = {
	    {"Never", RT_TERMINAL_NONE, "false", false},
	    {"Never", RT_TERMINAL_FREE, "false", false},
	    {"Never", RT_TERMINAL_SCREEN, "false", false},
	    {"IfAvailable", RT_TERMINAL_NONE, "false", true},
	    {"IfAvailable", RT_TERMINAL_FREE, "true", false},
	    {"IfAvailable", RT_TERMINAL_SCREEN, "false", true},
	    {"Always", RT_TERMINAL_NONE, NULL, false},
	    {"Always", RT_TERMINAL_FREE, "true", false},
	    {"Always", RT_TERMINAL_SCREEN, NULL, true},
	};
	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		struct cred c;
		const char *info = info_of(
		    &c, &(struct cred_user){.mode = rows[i].mode, .terminal = rows[i].terminal});
		char *want = rt_xprintf("\"interactive\":%s", rows[i].interactive);
		tap_ok(rows[i].interactive ? strstr(info, want) != NULL : !info[0],
		    "%s, terminal %d: %s", rows[i].mode, (int)rows[i].terminal, info);
		tap_ok(rt_credentials_wants_login(c.creds) == rows[i].wants_login,
		    "%s a login is offered", rows[i].wants_login ? "then" : "no");
		tap_is_str(c.calls, "", "the screen stays");
		free(want);
		cred_close(&c);
	}
}

#define IF_INTERACTIVE                                                                             \
	"case $KUBERNETES_EXEC_INFO in *true*) " STATUS(                                           \
	    "{\"token\":\"PLANTED-in\"}") "; exit;; "                                              \
					  "*) echo log in first >&2; exit 1;; esac"

static void test_login(void)
{
	struct cred c;

	if (cred_open(&c, &(struct cred_user){.script = IF_INTERACTIVE,
			      .mode = "IfAvailable",
			      .terminal = RT_TERMINAL_SCREEN}))
		cred_get(&c, NOW);
	tap_is_int(c.status, RT_CREDENTIALS, "unseen it fails");
	tap_ok(rt_credentials_wants_login(c.creds), "and a login is offered");
	tap_is_str(c.said, "log in first", "its words are shown");
	cred_login(&c, NOW);
	tap_is_str(c.calls, "sr", "the screen is suspended and restored");
	tap_is_str(cred_token(&c), "PLANTED-in", "and there is a token");
	tap_ok(!rt_credentials_wants_login(c.creds), "no more is offered");
	cred_close(&c);

	/* a device-code flow hangs unseen; the login takes over */
	if (cred_open(&c, &(struct cred_user){
			      .script = "case $KUBERNETES_EXEC_INFO in *true*) ;; *) printf 'code "
					"1234\\n' >&2; exec sleep 60;; esac; " STATUS(
					    "{\"token\":\"PLANTED-in\"}"),
			      .mode = "IfAvailable",
			      .terminal = RT_TERMINAL_SCREEN})) {
		cred_ask(&c, NOW);
		for (int i = 0; i < 1000 && !c.lines; i++)
			rt_loop_turn(c.loop, 100);
	}
	tap_is_str(c.said, "code 1234", "a device code is shown while the plugin waits");
	tap_is_int(c.pending, 1, "and nobody has an answer yet");
	cred_login(&c, NOW);
	tap_is_int(c.pending, 0, "the login answers both");
	tap_is_str(cred_token(&c), "PLANTED-in", "with a token");
	cred_close(&c);
}

static void test_stderr_flood(void)
{
	struct cred c;
	if (cred_open(
		&c, &(struct cred_user){.script = "head -c 3000000 /dev/zero | tr '\\0' x >&2; "
						  "yes 'noise \033[2J' | head -50000 >&2; "
						  "printf 'last\\033]0;evil\\007' >&2; " STATUS(
						      "{\"token\":\"PLANTED-1\"}"),
			.mode = "Never",
			.terminal = RT_TERMINAL_SCREEN}))
		cred_get(&c, NOW);
	tap_is_str(cred_token(&c), "PLANTED-1", "a flood on stderr does no harm");
	tap_ok(c.lines > 50000, "%d lines were shown", c.lines);
	tap_ok(!strchr(c.said, '\033') && !strchr(c.said, '\007'), "none with an escape sequence");
	cred_close(&c);
}

/* --- caching ---------------------------------------------------------------------------------- */

static void test_single_flight(void)
{
	struct cred c;
	if (!cred_open(&c, &(struct cred_user){.script = COUNTED(""), .mode = "Never"}))
		return;
	for (int i = 0; i < 10; i++)
		cred_ask(&c, NOW);
	tap_is_int(c.pending, 10, "ten wait");
	cred_wait(&c);
	tap_is_int(runs(&c), 1, "for one run");
	cred_get(&c, NOW + 1000000);
	tap_is_int(runs(&c), 1, "without an end of life it is kept");
	cred_close(&c);
}

struct faithless {
	struct cred *cred;
	int told;
};

static void on_second(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct faithless *f = ctx;
	(void)status;
	(void)err;
	f->told++;
}

/* As a login does whose end asks for everything anew: it drops the requests that wait beside it. */
static void on_first(void *ctx, enum rt_status status, const struct rt_error *err)
{
	struct faithless *f = ctx;
	(void)err;
	f->cred->pending--;
	f->cred->status = status;
	rt_credentials_cancel(f->cred->creds, on_second, f);
	rt_credentials_login(f->cred->creds, NOW, on_second, f);
}

static void test_cancel_while_told(void)
{
	struct cred c;
	struct faithless f = {.cred = &c};
	if (!cred_open(&c, &(struct cred_user){.script = COUNTED(""), .mode = "Never"}))
		return;
	c.pending++;
	rt_credentials_get(c.creds, NOW, on_first, &f);
	rt_credentials_get(c.creds, NOW, on_second, &f);
	cred_ask(&c, NOW);
	for (int i = 0; i < 1000 && !f.told; i++)
		rt_loop_turn(c.loop, 1000);
	tap_is_int(c.status, RT_OK, "who asked first is told, and drops the second");
	tap_is_int(f.told, 1, "which is told once: of what the first asked for then");
	tap_is_int(c.pending, 0, "and the third is not forgotten");
	cred_close(&c);
}

static void test_expiry(void)
{
	/* times of calls after NOW, with an end at NOW + 100 */
	static const struct {
		int at, runs;
	} steps[] = {{0, 1}, {69, 1}, {70, 2}, {84, 2}, {85, 3}, {200, 4}, {201, 5}};
	struct cred c;
	struct rt_buf script = {0}, end = {0};

	rt_time_write(&end, NOW + 100);
	rt_buf_printf(&script,
	    "echo run >>$DIR/runs; n=$(wc -l <$DIR/runs); printf '" HEAD
	    "{\"token\":\"PLANTED-%%s\",\"expirationTimestamp\":\"%s\"}}' $n",
	    end.data);
	if (cred_open(&c, &(struct cred_user){.script = script.data, .mode = "Never"}))
		for (size_t i = 0; i < RT_ARRAY_LEN(steps); i++) {
			cred_get(&c, NOW + steps[i].at);
			tap_is_int(runs(&c), steps[i].runs, "%d s on: %d runs", steps[i].at,
			    steps[i].runs);
			/* Close to its end a life is short, and so is what is early. */
			if (steps[i].at == 70)
				tap_is_str(cred_token(&c), "PLANTED-2", "a new token");
		}
	cred_close(&c);
	rt_buf_done(&script);
	rt_buf_done(&end);
}

static void test_refused(void)
{
	struct cred c;
	if (!cred_open(&c, &(struct cred_user){.script = COUNTED(""), .mode = "Never"}))
		return;
	cred_get(&c, NOW);
	uint64_t first = rt_credentials_generation(c.creds);
	tap_ok(rt_credentials_refused(c.creds, first, NOW), "a refusal is worth another try");
	tap_ok(rt_credentials_refused(c.creds, first, NOW), "for each request that was refused");
	cred_get(&c, NOW);
	tap_is_str(cred_token(&c), "PLANTED-2", "the plugin ran again");
	uint64_t second = rt_credentials_generation(c.creds);
	tap_ok(second != first, "it is another generation");
	tap_ok(rt_credentials_refused(c.creds, first, NOW), "a late refusal of the old one");
	cred_get(&c, NOW);
	tap_is_int(runs(&c), 2, "does not run it");
	tap_ok(
	    !rt_credentials_refused(c.creds, second, NOW), "nor does a server that never agrees");
	tap_ok(rt_credentials_refused(c.creds, second, NOW + 10), "but later it is tried");
	cred_close(&c);
}

static void add_pem(struct rt_buf *out, const char *key, const char *name, const char *ending)
{
	char *file = rt_xprintf("%s.%s", name, ending), *pem = cred_pki(file);
	rt_buf_printf(out, ",\"%s\":", key);
	rt_json_quote(out, pem);
	free(file);
	free(pem);
}

/* What the plugin will answer: a token, and a pair of certificate and key. */
static void write_answer(struct cred *c, const char *token, const char *name)
{
	struct rt_buf text = {0};
	rt_buf_printf(&text, HEAD "{\"token\":\"%s\"", token);
	add_pem(&text, "clientCertificateData", name, "crt");
	add_pem(&text, "clientKeyData", name, "key");
	rt_buf_puts(&text, "}}");
	cred_write(c, "answer", text.data);
	rt_buf_done(&text);
}

static uint64_t renewed(struct cred *c, int64_t now)
{
	struct rt_client_cert cert = {0};
	(void)rt_credentials_refused(c->creds, rt_credentials_generation(c->creds), now);
	cred_get(c, now);
	tap_ok(rt_credentials_client_cert(c->creds, &cert) && cert.cert_len && cert.key_len,
	    "there is a client certificate: %s", c->err.msg);
	return cert.generation;
}

static void test_cert_rotation(void)
{
	struct cred c;
	if (!cred_open(&c, &(struct cred_user){.script = "cat $DIR/answer", .mode = "Never"}))
		return;
	write_answer(&c, "PLANTED-1", "dev");
	uint64_t first = renewed(&c, NOW);
	write_answer(&c, "PLANTED-2", "dev");
	uint64_t second = renewed(&c, NOW + 100);
	tap_ok(first == second, "a new token with the same certificate keeps connections");
	tap_is_str(cred_token(&c), "PLANTED-2", "and is used");
	write_answer(&c, "PLANTED-2", "next");
	tap_ok(renewed(&c, NOW + 200) != second, "a new certificate does not");
	cred_close(&c);
}

static void test_abandoned(void)
{
	struct cred c;
	if (!cred_open(&c, &(struct cred_user){.script = "exec sleep 60", .mode = "Never"}))
		return;
	cred_ask(&c, NOW);
	cred_ask(&c, NOW);
	rt_credentials_free(c.creds);
	c.creds = NULL;
	tap_is_int(c.pending, 0, "who waits is told");
	tap_is_int(c.status, RT_CANCELLED, "that nothing comes");
	cred_close(&c);
}

/* --- policy and PATH -------------------------------------------------------------------------- */

#define RC "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: "

static void test_policy(void)
{
	static const struct {
		const char *kuberc, *error;
	} rows[] = {
	    {RC "AllowAll\n", NULL},
	    {RC "DenyAll\n", "plugin \"sh\" not allowed: policy set to \"DenyAll\""},
	    {RC "Allowlist\ncredentialPluginAllowlist: [{name: sh}]\n", NULL},
	    {RC "Allowlist\ncredentialPluginAllowlist: [{command: /usr/bin/sh}]\n", NULL},
	    {RC "Allowlist\ncredentialPluginAllowlist: [{name: aws}]\n",
		"plugin path \"/usr/bin/sh\" is not permitted by the credential plugin allowlist"},
	    {RC "Allowlist\n", "plugin \"sh\" not allowed: the policy is Allowlist, and "},
	    {RC "Sometimes\n", "plugin \"sh\" not allowed: credentialPluginPolicy is none of"},
	    {"[", "plugin \"sh\" not allowed: "},
	};
	for (size_t i = 0; i < RT_ARRAY_LEN(rows); i++) {
		struct cred c;
		if (cred_open(&c, &(struct cred_user){.script = COUNTED(""),
				      .mode = "Never",
				      .path = "/nowhere:/usr/bin",
				      .kuberc = rows[i].kuberc}))
			cred_get(&c, NOW);
		tap_is_int(runs(&c), rows[i].error ? 0 : 1, "policy %zu: %s", i, c.err.msg);
		tap_ok(!rows[i].error || strstr(c.err.msg, rows[i].error), "as expected");
		tap_ok(!rows[i].error || strstr(c.err.hint, "kuberc"), "the hint names the file");
		cred_close(&c);
	}
}

static void test_path(void)
{
	struct cred c;
	if (cred_open(&c, &(struct cred_user){
			      .command = "plug", .mode = "Never", .path = "tmp-plug::/usr/bin"})) {
		cred_write(&c, "plug", "#!/bin/sh\nexit 1\n");
		char *path = rt_xprintf("%s/plug", c.dir), *home = getcwd(NULL, 0);
		chmod(path, 0700);
		if (chdir(c.dir) == 0)
			cred_get(&c, NOW);
		tap_ok(strstr(c.err.msg, "relative element of PATH") != NULL, "%s", c.err.msg);
		if (chdir(home) != 0)
			tap_diag("cannot go back");
		free(home);
		free(path);
	}
	cred_close(&c);
}

/* --- the log ---------------------------------------------------------------------------------- */

static void test_log(const char *path)
{
	char line[20000];
	bool clean = true, any = false;
	FILE *f = fopen(path, "re");

	rt_log(9, "test", "it is %s", "PLANTED-1");
	while (f && fgets(line, sizeof(line), f)) {
		any = true;
		if (strstr(line, "PLANTED")) {
			clean = false;
			tap_diag("%s", line);
		}
	}
	if (f)
		fclose(f);
	tap_ok(any, "a log was written at level 9");
	tap_ok(clean, "no secret is in it");
}

int main(void)
{
	char *path = tap_temporary("exec-log");
	int fd = mkstemp(path);

	if (fd < 0 || rt_log_open(path, 9, NULL) != RT_OK)
		tap_diag("no log");
	test_answers();
	test_large_token();
	test_info();
	test_modes();
	test_login();
	test_stderr_flood();
	test_single_flight();
	test_cancel_while_told();
	test_expiry();
	test_refused();
	test_cert_rotation();
	test_abandoned();
	test_policy();
	test_path();
	test_log(path);
	rt_log_close();
	close(fd);
	unlink(path);
	free(path);
	return tap_done();
}
