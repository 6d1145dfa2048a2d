/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - the table of options, and reading a command line by it.
 */
#include "config.h"

#include "options.h"

#include <stdio.h>
#include <string.h>

#include "rutter/arena.h"
#include "rutter/buf.h"
#include "rutter/nearest.h"
#include "rutter/str.h"

#define SOURCES "Where objects come from"
#define CLUSTER "Which cluster, and as whom"
#define SHOWN "What is shown"
#define REQUEST "The request"
#define SCREEN "Terminal UI"
#define DIAGNOSTICS "Diagnostics"

const char *const rt_option_groups[] = {SOURCES, SHOWN, REQUEST, SCREEN, CLUSTER, DIAGNOSTICS};
const size_t rt_option_group_count = RT_ARRAY_LEN(rt_option_groups);

#define BOOL(member) RT_OPT_BOOL, offsetof(struct rt_options, member), NULL
#define TEXT(member, arg) RT_OPT_TEXT, offsetof(struct rt_options, member), arg
#define LIST(member, arg) RT_OPT_LIST, offsetof(struct rt_options, member), arg

/* clang-format off */
const struct rt_option rt_option_table[] = {
	{"filename", 'f', LIST(filenames, "PATH"), SOURCES, NULL,
	 "read manifests, Lists or a snapshot: a file, a directory, - for standard input; repeatable", NULL},
	{"recursive", 'R', BOOL(recursive), SOURCES, NULL, "descend into directories of -f", NULL},
	{"demo", 0, BOOL(demo), SOURCES, NULL, "the cluster compiled into the program", NULL},
	{"overlay", 0, LIST(overlays, "PATH"), SOURCES, NULL,
	 "put these objects on top, to ask what if; repeatable", NULL},
	{"features", 0, TEXT(features, "+NAME,-NAME"), SOURCES, NULL,
	 "switch single features of the controllers on or off", NULL},

	{"namespace", 'n', TEXT(namespace_, "NAME[,NAME]"), SHOWN, NULL,
	 "show only these namespaces; what they refer to is read all the same", NULL},
	{"all-namespaces", 'A', BOOL(all_namespaces), SHOWN, NULL, "show every namespace (the default)", NULL},
	{"selector", 'l', TEXT(selector, "QUERY"), SHOWN, NULL, "show only objects with these labels", NULL},
	{"output", 'o', TEXT(output, "FORMAT"), SHOWN, NULL, "the format of the output", NULL},
	{"fail-on", 0, TEXT(fail_on, "LEVEL"), SHOWN, "check",
	 "exit with 1 from this severity on: error, warning, info or never", "error warning info never"},
	{"watch", 'w', BOOL(watch), SHOWN, "check status", "go on and print changes as they happen", NULL},
	{"color", 0, TEXT(color, "WHEN"), SHOWN, NULL, "auto, never, 16, 256 or truecolor",
	 "auto never 16 256 truecolor"},
	{"ascii", 0, BOOL(ascii), SHOWN, NULL, "no characters beyond ASCII", NULL},

	{"header", 'H', LIST(headers, "'NAME: VALUE'"), REQUEST, "trace", "a request header; repeatable", NULL},
	{"gateway", 0, TEXT(gateway, "NS/NAME"), REQUEST, "trace", "ask this Gateway only", NULL},
	{"ingress", 0, TEXT(ingress, "NS/NAME"), REQUEST, "trace", "ask the class of this Ingress only", NULL},
	{"port", 0, TEXT(port, "N"), REQUEST, "trace", "the port connected to, when not the URL's", NULL},
	{"sni", 0, TEXT(sni, "HOST"), REQUEST, "trace", "the name TLS asks for, when not the host", NULL},
	{"cert", 0, TEXT(cert, "NS/NAME"), REQUEST, "trace", "the Secret of the client's certificate", NULL},

	{"theme", 0, TEXT(theme, "NAME"), SCREEN, "tui", "colours of the terminal UI", NULL},
	{"mouse", 0, BOOL(mouse), SCREEN, "tui", "let the terminal UI take the mouse", NULL},
	{"trace", 0, TEXT(trace, "URL"), SCREEN, "tui", "open the terminal UI on this trace", NULL},
	{"script", 0, TEXT(script, "FILE"), NULL, "tui", "play keys from a file (tests)", NULL},

	{"kubeconfig", 0, TEXT(kubeconfig, "FILE"), CLUSTER, NULL, "the kubeconfig to use", NULL},
	{"context", 0, TEXT(context, "NAME"), CLUSTER, NULL, "the context to use", NULL},
	{"cluster", 0, TEXT(cluster, "NAME"), CLUSTER, NULL, "the cluster to use", NULL},
	{"user", 0, TEXT(user, "NAME"), CLUSTER, NULL, "the user to use", NULL},
	{"server", 's', TEXT(server, "URL"), CLUSTER, NULL, "the API server's address", NULL},
	{"token", 0, LIST(tokens, "TOKEN"), CLUSTER, NULL, "bearer token (better: a tokenFile in the kubeconfig)", NULL},
	{"as", 0, TEXT(as, "USER"), CLUSTER, NULL, "impersonate this user", NULL},
	{"as-group", 0, LIST(as_groups, "GROUP"), CLUSTER, NULL, "impersonate this group; repeatable", NULL},
	{"as-uid", 0, TEXT(as_uid, "UID"), CLUSTER, NULL, "impersonate this uid", NULL},
	{"as-user-extra", 0, LIST(as_user_extra, "KEY=VALUE"), CLUSTER, NULL, "impersonate with this extra; repeatable", NULL},
	{"certificate-authority", 0, TEXT(certificate_authority, "FILE"), CLUSTER, NULL, "CA that signed the server's certificate", NULL},
	{"client-certificate", 0, TEXT(client_certificate, "FILE"), CLUSTER, NULL, "client certificate", NULL},
	{"client-key", 0, TEXT(client_key, "FILE"), CLUSTER, NULL, "its key", NULL},
	{"insecure-skip-tls-verify", 0, BOOL(insecure), CLUSTER, NULL, "do not verify the server's certificate", NULL},
	{"tls-server-name", 0, TEXT(tls_server_name, "NAME"), CLUSTER, NULL, "the name the server's certificate is checked for", NULL},
	{"request-timeout", 0, TEXT(request_timeout, "DURATION"), CLUSTER, NULL, "how long one request may take: 10s, 1m30s; 0 for no limit", NULL},
	{"disable-compression", 0, BOOL(disable_compression), CLUSTER, NULL, "ask for plain answers", NULL},

	{"v", 'v', TEXT(verbosity, "LEVEL"), DIAGNOSTICS, NULL, "log requests and decisions, 1 to 9; credentials are masked", NULL},
	{"log-file", 0, TEXT(log_file, "FILE"), DIAGNOSTICS, NULL, "where -v writes; RUTTER_LOG does the same", NULL},
	{"help", 'h', BOOL(help), DIAGNOSTICS, NULL, "what the command does", NULL},
};
/* clang-format on */
const size_t rt_option_count = RT_ARRAY_LEN(rt_option_table);

static char dash(char c)
{
	return c == '_' ? '-' : c;
}

static bool name_is(const char *name, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] != dash(text[i]))
			return false;
	return name[len] == '\0';
}

const struct rt_option *rt_option_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < rt_option_count; i++)
		if (name_is(rt_option_table[i].name, name, len))
			return &rt_option_table[i];
	return NULL;
}

const struct rt_option *rt_option_by_letter(char letter)
{
	for (size_t i = 0; letter && i < rt_option_count; i++)
		if (rt_option_table[i].letter == letter)
			return &rt_option_table[i];
	return NULL;
}

bool rt_option_applies(const struct rt_option *o, const char *command)
{
	return !o->commands || rt_str_has_word(o->commands, command);
}

const char *rt_option_about(struct rt_arena *a, const struct rt_option *o)
{
	RT_AUTO_BUF struct rt_buf commands = {0};
	if (!o->commands || strcmp(o->commands, "tui") == 0) /* its options have a heading */
		return o->help;
	for (const char *p = o->commands; *p; p++)
		rt_buf_puts(&commands, *p == ' ' ? ", " : (char[]){*p, '\0'});
	return rt_arena_printf(a, "%s (%s)", o->help, rt_buf_str(&commands));
}

/* ------------------------------------------------------------------ reading a command line */

struct reader {
	int argc, at;
	char *const *argv;
	struct rt_options *opts;
	struct rt_error *err;
};

static enum rt_status unknown_option(struct reader *r, const char *text, size_t len)
{
	char name[64];
	struct rt_nearest near = {.wrong = name};
	snprintf(name, sizeof(name), "%.*s", (int)(len < 60 ? len : 60), text);
	for (size_t i = 0; i < rt_option_count; i++)
		if (rt_option_table[i].group)
			rt_nearest_offer(&near, rt_option_table[i].name);
	(void)rt_fail(r->err, RT_USAGE, "unknown option --%s", name);
	if (near.word)
		rt_error_hint(r->err, "did you mean --%s?", near.word);
	return RT_USAGE;
}

static enum rt_status set_switch(
    struct reader *r, const struct rt_option *o, bool *p, const char *value)
{
	if (!value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0)
		*p = true;
	else if (strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		*p = false;
	else
		return rt_fail(
		    r->err, RT_USAGE, "--%s takes true or false, not \"%s\"", o->name, value);
	return RT_OK;
}

/* value NULL: none was given with the option itself. */
static enum rt_status set_option(struct reader *r, const struct rt_option *o, const char *value)
{
	void *p = (char *)r->opts + o->offset;
	if (o->type == RT_OPT_BOOL)
		return set_switch(r, o, p, value);
	if (!value) {
		if (r->at + 1 >= r->argc)
			return rt_fail(r->err, RT_USAGE, "--%s needs %s", o->name, o->argument);
		value = r->argv[++r->at];
	}
	if (o->type == RT_OPT_LIST)
		rt_vec_push((rt_args *)p, NULL, value);
	else
		*(const char **)p = value;
	return RT_OK;
}

static enum rt_status read_long(struct reader *r, const char *text)
{
	size_t len = strcspn(text, "=");
	const struct rt_option *o = rt_option_by_name(text, len);
	if (!o)
		return unknown_option(r, text, len);
	return set_option(r, o, text[len] ? text + len + 1 : NULL);
}

static enum rt_status read_letters(struct reader *r, const char *text)
{
	for (; *text; text++) {
		const struct rt_option *o = rt_option_by_letter(*text);
		if (!o)
			return rt_fail(r->err, RT_USAGE, "unknown option -%c", *text);
		const char *rest = text + 1;
		if (*rest == '=')
			return set_option(r, o, rest + 1);
		if (o->type != RT_OPT_BOOL)
			return set_option(r, o, *rest ? rest : NULL);
		enum rt_status st = set_option(r, o, NULL);
		if (st != RT_OK)
			return st;
	}
	return RT_OK;
}

enum rt_status rt_options_parse(
    int argc, char *const *argv, struct rt_options *ret, rt_args *ret_args, struct rt_error *err)
{
	struct reader r = {argc, 0, argv, ret, err};
	enum rt_status st = RT_OK;
	for (r.at = 1; r.at < argc && st == RT_OK; r.at++) {
		const char *word = argv[r.at];
		if (strcmp(word, "--") == 0) {
			while (++r.at < argc)
				rt_vec_push(ret_args, NULL, (const char *)argv[r.at]);
			break;
		}
		if (strncmp(word, "--", 2) == 0)
			st = read_long(&r, word + 2);
		else if (word[0] == '-' && word[1])
			st = read_letters(&r, word + 1);
		else
			rt_vec_push(ret_args, NULL, word);
	}
	return st;
}

void rt_options_done(struct rt_options *o)
{
	for (size_t i = 0; i < rt_option_count; i++)
		if (rt_option_table[i].type == RT_OPT_LIST)
			rt_vec_free((rt_args *)(void *)((char *)o + rt_option_table[i].offset));
}
