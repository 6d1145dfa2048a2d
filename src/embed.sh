#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# embed.sh SYMBOL FILE - C source on stdout that holds the text of FILE as `const char SYMBOL[]`.
set -eu
cat <<END
/* Generated from $(basename "$2") by embed.sh: edit that instead. */
#include "config.h"

extern const char $1[];
const char $1[] =
END
sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/    "/' -e 's/$/\\n"/' "$2"
echo '    "";'
