#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lint itself: a clean tree passes every rule, and each planted violation is found by its rule."""
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(TOP, "tests", "lib")]
import rules  # noqa: E402
import tap  # noqa: E402
from tree import Tree  # noqa: E402

HEAD = "/* SPDX-License-Identifier: Apache-2.0 */\n"
SH = "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n"

CLEAN = {
    "Makefile.am": "# SPDX-License-Identifier: Apache-2.0\n"
                   "x = src/base/a.c src/net/n.c src/model/m.c src/cli/c.c include tests src/README.md\n",
    "include/rutter/a.h": HEAD + "void rt_a(void);\n",
    "include/rutter/n.h": HEAD + "void rt_n(void);\n",
    "include/rutter/m.h": HEAD + "void rt_m(int a);\n",
    "src/base/a.c": HEAD + '#include "config.h"\n\n#include "rutter/a.h"\n\n#include <stdlib.h>\n\n'
                    'void rt_a(void)\n{\n\tfree(malloc(1)); /* "strcpy(a, b)" */\n}\n',
    "src/net/n.c": HEAD + '#include "config.h"\n\n#include "rutter/n.h"\n\n#include <curl/curl.h>\n\n'
                   '#include "rutter/a.h"\n\nvoid rt_n(void)\n{\n\trt_a();\n}\n',
    "src/model/m.c": HEAD + '#include "config.h"\n\n#include "rutter/m.h"\n\n'
                     'static const char *const methods[] = {"GET", "POST"};\n\n'
                     'void rt_m(int a)\n{\n\t(void)methods[a];\n}\n',
    "src/cli/c.c": HEAD + '#include "config.h"\n\n#include <stdlib.h>\n\n#include "rutter/m.h"\n#include "rutter/n.h"\n\n'
                   'int main(void)\n{\n\trt_m(0);\n\trt_n();\n\treturn getenv("A") != NULL;\n}\n',
    "src/README.md": "`base/` `net/` `model/` `cli/`\n",
    "tests/run.sh": SH + 'echo "$1"\n',
    "tests/run.py": "# SPDX-License-Identifier: Apache-2.0\nprint(1)\n",
}

LONG = "void rt_long(void)\n{\n" + "\trt_a();\n" * 101 + "}\n"

# rule, file, what is appended to it (a new file starts empty)
PLANTS = [
    ("homes", "include/rutter/stray.h", HEAD),
    ("known_modules", "src/misc/x.c", HEAD + '#include "config.h"\n'),
    ("nesting", "src/base/a.c", "void rt_d(void)\n{\n\t\t\t\t\tif (1)\n\t\t\t\t\t\trt_a();\n}\n"),
    ("shared", "include/rutter/a.h", "void rt_lonely(void);\n"),
    ("layers", "src/model/m.c", '#include "rutter/n.h"\n'),
    ("layers", "include/rutter/a.h", '#include "rutter/m.h"\n'),
    ("layers", "src/base/a.c", '#include "../net/private.h"\n'),
    ("layers", "src/base/a.c", '#include "absent.h"\n'),
    ("layers", "src/net/n.c", '#include "src/cli/c.h"\n'),
    ("cycles", "include/rutter/a.h", '#include "rutter/b.h"\n'),
    ("confined", "src/cli/c.c", "#include <curl/curl.h>\n"),
    ("confined", "src/tui/pane.c", "#include <curses.h>\n"),
    ("confined", "src/net/n.c", "#include <jansson.h>\n"),
    ("confined", "include/rutter/n.h", "#include <curl/curl.h>\n"),
    ("config_first", "src/tui/first.c", HEAD + "#include <stdio.h>\n"),
    ("config_first", "include/rutter/a.h", '#include "config.h"\n'),
    ("banned", "src/base/a.c", "void rt_b(char *a)\n{\n\tstrcpy(a, a);\n}\n"),
    ("environment", "src/net/n.c", 'const char *rt_e(void)\n{\n\treturn getenv("A");\n}\n'),
    ("allocation", "src/net/n.c", "void *rt_e(void)\n{\n\treturn malloc(1);\n}\n"),
    ("clock", "src/model/m.c", "long rt_t(void)\n{\n\treturn time(0);\n}\n"),
    ("read_only", "src/net/n.c", 'const char *rt_method = "DELETE";\n'),
    ("read_only", "src/net/n.c", "int rt_o = CURLOPT_POSTFIELDS;\n"),
    ("lengths", "src/net/n.c", "\n" * 1001),
    ("lengths", "src/net/n.c", LONG),
    ("lengths", "src/net/n.c", "void rt_seven(int a, int b, int c, int d, int e, int f, int g)\n{\n}\n"),
    ("whitespace", "tests/run.sh", "true \n"),
    ("whitespace", "tests/run.sh", "true"),
    ("licence_heads", "src/net/bare.c", '#include "config.h"\n'),
    ("finished", "src/net/n.c", "/* TODO: the rest */\n"),
    ("listed", "src/net/other.c", HEAD),
    ("listed", "themes/other.yaml", "name: other\n"),
    ("map_true", "src/README.md", "`base/gone.c`\n"),
    ("headers_alone", "include/rutter/a.h", "size_t rt_size(void);\n"),
    ("formatted", "src/net/n.c", "int  x ;\n"),
    ("shell_scripts", "tests/run.sh", "echo $1\n"),
    ("python_scripts", "tests/run.py", "if\n"),
]


def complaints(rule, files, top):
    """What RULE says about a tree of these files, below an empty folder."""
    for name, text in files.items():
        path = os.path.join(top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    shutil.copy(os.path.join(TOP, ".clang-format"), top)
    return list(rule(Tree(top)))


def check(rule, files, name, judge):
    with tempfile.TemporaryDirectory() as top:
        try:
            found = complaints(rule, files, top)
        except rules.Skip as skip:
            tap.skip(skip, name)
            return
        if not tap.ok(judge(found), name):
            tap.diag("\n".join(found) or "no complaint")


for rule in rules.RULES:
    check(rule, CLEAN, f"{rule.__name__}: a clean tree passes", lambda found: not found)
for rule_name, file, text in PLANTS:
    files = dict(CLEAN)
    files[file] = files.get(file, "") + text
    files.setdefault("include/rutter/b.h", HEAD + '#include "rutter/a.h"\n')
    files.setdefault("src/cli/c.h", HEAD)
    check(getattr(rules, rule_name), files, f"{rule_name}: finds {text.strip()[:40]!r} in {file}",
          lambda found, file=file: any(c.startswith(file + ":") for c in found))
tap.ok({name for name, _, _ in PLANTS} == {rule.__name__ for rule in rules.RULES},
       "every rule has a planted violation")
sys.exit(tap.done())
