/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_completion.c - `rutter completion SHELL`: short scripts that ask `rutter __complete`, so that
 * what is offered follows from the tables and never parts from the program.
 */
#include "config.h"

#include <string.h>

#include "cli.h"

static const char bash[] =
    "# bash completion of rutter: source <(rutter completion bash)\n"
    "_rutter() {\n"
    "  local line\n"
    "  COMPREPLY=()\n"
    "  while IFS= read -r line; do\n"
    "    [[ $line == :* ]] && continue\n"
    "    line=${line%%$'\\t'*}\n"
    "    [[ $line == \"${COMP_WORDS[COMP_CWORD]}\"* ]] && COMPREPLY+=(\"$line\")\n"
    "  done < <(rutter __complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "}\n"
    "complete -o default -F _rutter rutter\n";

static const char zsh[] =
    "#compdef rutter\n"
    "# zsh completion of rutter: rutter completion zsh >\"${fpath[1]}/_rutter\"\n"
    "_rutter() {\n"
    "  local -a shown\n"
    "  local line\n"
    "  for line in \"${(@f)$(rutter __complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "    [[ -z $line || $line == :* ]] && continue\n"
    "    shown+=(\"${${line//:/\\\\:}/$'\\t'/:}\")\n"
    "  done\n"
    "  if (( ${#shown} )); then _describe rutter shown; else _files; fi\n"
    "}\n"
    "if [[ $funcstack[1] == _rutter ]]; then _rutter \"$@\"; else compdef _rutter rutter; fi\n";

static const char fish[] =
    "# fish completion of rutter: rutter completion fish | source\n"
    "function __rutter_complete\n"
    "  set -l words (commandline -opc)\n"
    "  set -e words[1]\n"
    "  rutter __complete $words (commandline -ct) 2>/dev/null | string match -v -r '^:'\n"
    "end\n"
    "complete -c rutter -a '(__rutter_complete)'\n";

static const struct {
	const char *shell, *script;
} scripts[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

static int run(struct rt_cli *cli)
{
	if (cli->args.len != 1)
		return rt_cli_usage(cli, "completion needs a shell: bash, zsh or fish");
	for (size_t i = 0; i < RT_ARRAY_LEN(scripts); i++)
		if (strcmp(scripts[i].shell, cli->args.v[0]) == 0) {
			rt_buf_puts(&cli->out, scripts[i].script);
			return 0;
		}
	return rt_cli_usage(cli, "no completion for \"%s\": bash, zsh or fish", cli->args.v[0]);
}

static const struct rt_example examples[] = {
    {"In ~/.bashrc", "source <(rutter completion bash)"},
    {"In ~/.zshrc, after compinit", "source <(rutter completion zsh)"},
    {"In ~/.config/fish/config.fish", "rutter completion fish | source"},
    {NULL, NULL},
};

const struct rt_command rt_cmd_completion = {
    .name = "completion",
    .arguments = "bash|zsh|fish",
    .summary = "print a completion script",
    .about = "Prints a script that teaches the shell to complete rutter's commands and options. As "
	     "a kubectl plugin, kubectl_complete-rutter does the same for `kubectl rutter`.",
    .examples = examples,
    .exits = "0",
    .run = run,
};
