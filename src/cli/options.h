/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - the one table of command-line options.
 * Parsing, help, man page and completion follow from it. Names and short forms that kubectl has
 * mean what they mean there.
 */
#ifndef RUTTER_CLI_OPTIONS_H
#define RUTTER_CLI_OPTIONS_H

#include "rutter/err.h"
#include "rutter/vec.h"

typedef RT_VEC(const char *) rt_args;

/* What was typed; strings borrowed from argv. */
struct rt_options {
	/* where objects come from */
	rt_args filenames, overlays;
	bool recursive, demo;
	/* which cluster, as whom */
	const char *kubeconfig, *context, *cluster, *user, *server;
	const char *certificate_authority, *client_certificate, *client_key, *tls_server_name;
	const char *as, *as_uid;
	rt_args tokens, as_groups, as_user_extra;
	bool insecure, disable_compression;
	const char *request_timeout;
	/* what is shown, and how */
	const char *namespace_, *selector, *output, *color, *features;
	bool all_namespaces, ascii, watch;
	const char *fail_on;
	/* one request */
	rt_args headers;
	const char *gateway, *ingress, *port, *sni, *cert;
	/* the terminal UI */
	const char *theme, *trace, *script;
	bool mouse;
	/* diagnostics */
	const char *verbosity, *log_file;
	bool help;
};

enum rt_option_type { RT_OPT_BOOL, RT_OPT_TEXT, RT_OPT_LIST };

struct rt_option {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	enum rt_option_type type;
	size_t offset;        /* in struct rt_options */
	const char *argument; /* its name in help; NULL for a switch */
	const char *group;    /* heading in help and man page; NULL: hidden */
	const char *commands; /* that take it, separated by spaces; NULL: all that read objects */
	const char *help;
	const char *values; /* to complete, separated by spaces; NULL: free text */
};

extern const struct rt_option rt_option_table[];
extern const size_t rt_option_count;
/* Headings in the order of help. */
extern const char *const rt_option_groups[];
extern const size_t rt_option_group_count;

const struct rt_option *rt_option_by_name(const char *name, size_t len);
const struct rt_option *rt_option_by_letter(char letter);
bool rt_option_applies(const struct rt_option *o, const char *command);
/* "what it does", and where not every command takes it " (check, status)". */
const char *rt_option_about(struct rt_arena *a, const struct rt_option *o);

/* The kubectl grammar: --f=v, --f v, -fv, -f v, bundles of switches, switches with =false, "--"
 * ends options, options and arguments may alternate, '_' in a name counts as '-'. RT_USAGE. */
RT_NODISCARD enum rt_status rt_options_parse(
    int argc, char *const *argv, struct rt_options *ret, rt_args *ret_args, struct rt_error *err);
void rt_options_done(struct rt_options *o);

#endif
