# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a program can check.

A rule is a function of a Tree that yields complaints, "file:line: what is wrong"; its first line of
documentation is the rule's name in the test's output. A rule that needs a tool raises Skip without it.
RULES at the end lists them all.
"""
import os
import re
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

# What each module may include, besides itself. src/README.md shows it as a picture.
LAYERS = {
    "base": "",
    "codec": "base",
    "model": "base codec",
    "analysis": "base codec model",
    "loop": "base",
    "net": "base loop",
    "kube": "base codec loop net",
    "source": "base codec model loop net kube",
    "report": "base codec model analysis",
    "tui": "base codec model analysis report",
    "cli": "base codec model analysis loop net kube source report tui",
}

# Libraries and where alone they may be seen: a regular expression over file names.
CONFINED = {
    r"(n?curses|ncursesw/.*|term|panel)\.h": r"src/tui/term_ncurses\.c",
    r"curl/.*": r"src/net/.*",
    r"jansson\.h": r"src/(codec|model|report)/.*",
    r"yaml\.h": r"src/codec/.*",
    r"openssl/.*": r"src/(codec/cert\.c|net/.*)",
    r"pcre2\.h": r"src/codec/regex\.c",
}

BANNED = (r"\b(strcpy|strcat|sprintf|vsprintf|strtok|strtok_r|gets|atoi|atol|atoll|strncpy|"
          r"alloca|system|popen|tmpnam|mktemp)\s*\(")

MAX_LINES = {".c": 1000, ".h": 250, ".py": 1000, ".sh": 1000}
MAX_FUNCTION_LINES = 100
MAX_DEPTH = 4  # columns of tabs before a branch or loop
MAX_PARAMETERS = 6  # the rule of the house is five; one more is let pass


class Skip(Exception):
    """The rule cannot be checked here, and why."""


def tool(*names):
    for name in names:
        if shutil.which(name):
            return name
    raise Skip(f"no {names[0]}")


def module_of(name):
    m = re.match(r"src/(\w+)/", name)
    return m.group(1) if m else None


def our_headers(tree, name):
    """The headers of include/rutter/ that a file includes, in its order."""
    return [s[len("rutter/"):] for _, s, quoted in tree.includes(name) if quoted and s.startswith("rutter/")]


def header_homes(tree):
    """The home of every header in include/rutter/: the lowest module of which a file includes it
    before any other header of ours ("own header second"); for a header that only declares, the
    lowest that includes it at all, be it through a header. None where there is none."""
    order = list(LAYERS)
    headers = {os.path.basename(h): our_headers(tree, h) for h in tree.matching(r"include/rutter/[^/]+\.h")}
    first, rank = {}, {}
    for name in tree.matching(r"src/\w+/.*\.[ch]"):
        ours, module = our_headers(tree, name), module_of(name)
        if module not in LAYERS:
            continue
        for header in ours:
            rank[header] = min(order.index(module), rank.get(header, len(order)))
        # What cli implements it declares beside its sources.
        if ours and name.endswith(".c") and module != "cli":
            first[ours[0]] = min(order.index(module), first.get(ours[0], len(order)))
    rank.update(first)
    changed = True
    while changed:
        changed = False
        for header, included in headers.items():
            for other in included:
                if other not in first and rank.get(header, len(order)) < rank.get(other, len(order)):
                    rank[other], changed = rank[header], True
    return {h: order[rank[h]] if h in rank else None for h in headers}


def homes(tree):
    """every header of include/rutter is used by a module"""
    for header, home in header_homes(tree).items():
        if home is None:
            yield f"include/rutter/{header}:1: nothing includes it"


def target(tree, name, spelled, home_of):
    """(module, complaint) of what a quoted include refers to."""
    if spelled == "config.h":
        return None, None
    if spelled.startswith("rutter/"):
        header = spelled[len("rutter/"):]
        if header not in home_of:
            return None, f"no such header: {spelled}"
        return home_of[header], None
    for folder in (os.path.dirname(name), ""):
        path = os.path.normpath(os.path.join(folder, spelled))
        if os.path.exists(tree.path(path)):
            return module_of(path), None
    return None, f"no such header: {spelled}"


def layers(tree):
    """modules include only what the table of layers permits"""
    home_of = header_homes(tree)
    for name in tree.matching(r"(src|include)/.*\.[ch]"):
        own = module_of(name) or home_of.get(os.path.basename(name))
        for number, spelled, quoted in tree.includes(name):
            if not quoted or own is None:
                continue
            module, complaint = target(tree, name, spelled, home_of)
            if complaint:
                yield f"{name}:{number}: {complaint}"
            elif module not in (None, own, *LAYERS[own].split()):
                yield f"{name}:{number}: {own} may not include {module} ({spelled})"


def known_modules(tree):
    """every folder of src is a module of the table"""
    for name in tree.matching(r"src/.*\.[ch]"):
        if module_of(name) not in LAYERS:
            yield f"{name}:1: no module of the table of layers"


def cycles(tree):
    """headers do not include each other in a circle"""
    graph = {h: [s for _, s, quoted in tree.includes(h) if quoted and s.startswith("rutter/")]
             for h in tree.matching(r"include/rutter/.*\.h")}

    def visit(header, trail):
        if header in trail:
            yield f"{header}:1: " + " > ".join(trail[trail.index(header):] + [header])
            return
        if header in clean:
            return
        for spelled in graph.get(header, []):
            yield from visit("include/" + spelled, trail + [header])
        clean.add(header)
    clean = set()
    for header in graph:
        yield from visit(header, [])


def confined(tree):
    """each library is included only where the design lets it"""
    for name in tree.matching(r"(src|include)/.*\.[ch]"):
        for number, spelled, quoted in tree.includes(name):
            for library, where in CONFINED.items():
                if not quoted and re.fullmatch(library, spelled) and not re.fullmatch(where, name):
                    yield f"{name}:{number}: <{spelled}> outside {where}"


def config_first(tree):
    """config.h is the first include of every C file and in no header"""
    for name in tree.matching(r"(src|tests)/.*\.c"):
        spelled = [s for _, s, _ in tree.includes(name)]
        if spelled[:1] != ["config.h"]:
            yield f"{name}:1: first include is {spelled[:1]}"
    for name in tree.matching(r"(src|include|tests)/.*\.h"):
        for number, spelled, _ in tree.includes(name):
            if spelled == "config.h":
                yield f"{name}:{number}: config.h in a header"


def banned(tree):
    """no banned functions"""
    yield from tree.grep(tree.c_files(), BANNED)


def environment(tree):
    """the environment is read in cli alone"""
    names = [n for n in tree.matching(r"src/.*\.c") if module_of(n) != "cli"]
    yield from tree.grep(names, r"\b(secure_)?getenv\s*\(|\benviron\b")


def allocation(tree):
    """memory is allocated through base alone"""
    names = [n for n in tree.matching(r"src/.*\.c") if module_of(n) != "base"]
    yield from tree.grep(names, r"\b(malloc|calloc|realloc|reallocarray|strdup|strndup|v?asprintf)\s*\(")


def clock(tree):
    """what decides does not ask the clock"""
    names = tree.matching(r"src/(base|codec|model|analysis|report)/.*\.c")
    names = [n for n in names if not n.endswith("src/base/log.c")]
    yield from tree.grep(names, r"(?<![\w.>])(time|gettimeofday|clock_gettime|localtime|localtime_r)\s*\(")


def read_only(tree):
    """only GET leaves the program"""
    names = tree.matching(r"src/(net|kube|source)/.*\.[ch]")
    yield from tree.grep(names, r"\bCURLOPT_(POST\w*|COPYPOSTFIELDS|MIMEPOST|HTTPPOST|UPLOAD\w*|PUT|"
                         r"CUSTOMREQUEST|NOBODY)\b")
    yield from tree.grep(names, r'"(POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b[^"]*"', strings=True)


def lengths(tree):
    """files, functions and lists of parameters keep within their length"""
    for name in tree.matching(r"(src|include|tests)/.*"):
        limit = MAX_LINES.get(os.path.splitext(name)[1])
        if limit and tree.read(name).count("\n") > limit:
            yield f"{name}:1: more than {limit} lines"
    for name in tree.matching(r"(src|tests)/.*\.c"):
        for number, function, length, parameters in functions(tree.code(name)):
            if length > MAX_FUNCTION_LINES and name.startswith("src/"):
                yield f"{name}:{number}: {function}() has {length} lines"
            if parameters > MAX_PARAMETERS and name.startswith("src/"):
                yield f"{name}:{number}: {function}() has {parameters} parameters"


def nesting(tree):
    """no function nests deeper than it can be read"""
    for name in tree.matching(r"src/.*\.c"):
        for number, line in enumerate(tree.code(name).split("\n"), 1):
            m = re.match(r"(\t+)(if|for|while|do|switch)\b", line)
            if m and len(m.group(1)) > MAX_DEPTH:
                yield f"{name}:{number}: {len(m.group(1))} levels"


def shared(tree):
    """what a header declares is used outside the file that defines it"""
    sources = {n: re.findall(r"\w+", tree.code(n)) for n in tree.matching(r"(src|tests|include)/.*\.[ch]")}
    users = {}
    for name, words in sources.items():
        for word in set(words):
            # The declaration itself does not count, a macro that expands to a call does.
            if name.endswith(".c") or words.count(word) > 1:
                users[word] = users.get(word, 0) + 1
    for name in tree.matching(r"(src|include)/.*\.h"):
        code = tree.code(name)
        for m in re.finditer(r"^(?!static|typedef|#)\w[^;{}()#=]*?\b(\w+)\(", code, re.M):
            if m.group(1) != "__attribute__" and users.get(m.group(1), 0) < 2:
                yield f"{name}:{code.count(chr(10), 0, m.start()) + 1}: {m.group(1)}() is used by one file or none"


def functions(code):
    """(line, name, lines of the body, parameters) of each function: its brace is in column one."""
    for m in re.finditer(r"^(?!static const|struct|enum|union)[A-Za-z_][^;{}=]*?(\w+)\s*\(([^;{}]*)\)\s*\n\{\n(.*?)^\}",
                         code, re.M | re.S):
        parameters = re.sub(r"\([^()]*\)|,\s*\.\.\.", "", m.group(2))
        count = 0 if parameters.strip() == "void" else parameters.count(",") + 1
        yield code.count("\n", 0, m.start()) + 1, m.group(1), m.group(3).count("\n"), count


def text_files(tree):
    return [n for n in tree.files()
            if re.search(r"\.([ch]|py|sh|md|am|ac|awk|scene|dict)$|/\.ci/run$|^bootstrap$", n)]


def whitespace(tree):
    """no white space at the end of a line, no blank line at the end of a file"""
    for name in text_files(tree):
        if name.startswith("tests/") and "golden" in name:
            continue
        text = tree.read(name)
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            yield f"{name}:{text.count(chr(10))}: end of file"
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield f"{name}:{number}: white space at the end"


def licence_heads(tree):
    """every source file names its licence at the top"""
    for name in tree.files():
        if re.search(r"\.([ch]|py|sh|am|ac|awk)$|^\.ci/run$|^bootstrap$", name):
            if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(tree.read(name).split("\n")[:3]):
                yield f"{name}:1: no SPDX line among the first three"


def finished(tree):
    """nothing is marked as unfinished"""
    for name in tree.c_files() + tree.matching(r"(src|tests)/.*\.(py|sh)"):
        if name.startswith("tests/lint/"):
            continue
        for number, line in enumerate(tree.read(name).splitlines(), 1):
            m = re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line)
            if m:
                yield f"{name}:{number}: {m.group()}"


def listed(tree):
    """every file is in Makefile.am, by its name or by its folder"""
    words = set(re.findall(r"[\w./-]+", tree.read("Makefile.am")))
    for name in tree.matching(r"(src|tests|themes|screenshots|include)/.*"):
        parents = [name[:m.start()] for m in re.finditer("/", name)]
        if name not in words and not words.intersection(parents) and name[:-2] not in words:
            yield f"{name}:1: not in Makefile.am"


def map_true(tree):
    """the map of the code names every folder, and nothing that is not there"""
    chart = "src/README.md"
    if not os.path.exists(tree.path(chart)):
        yield f"{chart}:1: absent"
        return
    text = tree.read(chart)
    for folder in {os.path.dirname(n)[len("src/"):] for n in tree.matching(r"src/.+/.*\.[ch]")}:
        if f"`{folder}/`" not in text:
            yield f"{chart}:1: does not name {folder}/"
    for number, line in enumerate(text.splitlines(), 1):
        for path in re.findall(r"`([\w.-]+/[\w./-]*)`", line):
            if "NAME" not in path and not any(os.path.exists(tree.path(p)) for p in (path, "src/" + path)):
                yield f"{chart}:{number}: names {path}, which is not there"


def headers_alone(tree):
    """each header compiles alone"""
    compiler = shlex.split(os.environ.get("LINT_CC", ""))
    if not compiler:
        raise Skip("no compiler given in LINT_CC")

    def compile_one(header):
        command = compiler + ["-std=gnu11", "-fsyntax-only", "-x", "c", "-I", tree.path("include"),
                              tree.path(header)]
        return header, subprocess.run(command, capture_output=True, text=True, check=False)
    with ThreadPoolExecutor(2) as pool:
        for header, result in pool.map(compile_one, tree.matching(r"(include|src)/.*\.h")):
            if result.returncode != 0:
                yield f"{header}:1: {result.stderr.splitlines()[0] if result.stderr else 'fails'}"


def run_on(command, tree, names):
    """The output lines of a checker run on the files, paths made relative; [] when it is content."""
    if not names:
        return []
    result = subprocess.run(command + names, cwd=tree.top, capture_output=True, text=True, check=False)
    lines = (result.stdout + result.stderr).splitlines()
    return lines or [f"{command[0]}: exit status {result.returncode}"] if result.returncode else []


def formatted(tree):
    """C files are as clang-format lays them out"""
    command = [tool("clang-format-14"), "--dry-run", "-Werror", "--style=file"]
    for line in run_on(command, tree, tree.c_files()):
        if "error:" in line:
            yield line


def shell_scripts(tree):
    """shellcheck is content with the shell scripts"""
    names = [n for n in tree.files() if re.search(r"\.sh$|^\.ci/run$|^bootstrap$|/kubectl_complete-rutter$", n)]
    yield from run_on([tool("shellcheck"), "-f", "gcc"], tree, names)


def python_scripts(tree):
    """the Python scripts compile"""
    for name in tree.matching(r".*\.py"):
        try:
            compile(tree.read(name), name, "exec")
        except SyntaxError as error:
            yield f"{name}:{error.lineno}: {error.msg}"


RULES = [homes, known_modules, layers, cycles, confined, config_first, banned, environment, allocation,
         clock, read_only, lengths, nesting, shared, whitespace, licence_heads, finished, listed, map_true,
         headers_alone, formatted, shell_scripts, python_scripts]
