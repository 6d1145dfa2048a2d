#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# totals.sh BUILDDIR... - one line "N passed, N failed, N skipped" of all TAP results (the .trs files
# that automake's driver wrote) in these build folders. A test that breaks off (a crash, a leak, no
# plan) is one failure more, unless it only says by its exit status what its results said before.
find "$@" -name '*.trs' -exec awk '
	FNR == 1 { failed = 0 }
	$1 != ":test-result:" { next }
	$2 == "FAIL" || $2 == "XPASS" { failed = 1 }
	$2 == "ERROR" && failed { next }
	{ print $2 }' {} + | awk '
	{ n[$1]++ }
	END {
		printf "%d passed, %d failed, %d skipped\n",
			n["PASS"] + n["XFAIL"], n["FAIL"] + n["XPASS"] + n["ERROR"], n["SKIP"]
	}'
