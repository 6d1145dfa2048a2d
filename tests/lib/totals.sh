#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# totals.sh BUILDDIR... - one line "N passed, N failed, N skipped" of all TAP results (the .trs files
# that automake's driver wrote) in these build folders. An error (no plan, a crash) counts as failed.
find "$@" -name '*.trs' -exec awk '{ print $1, $2 }' {} + | awk '
	$1 == ":test-result:" { n[$2]++ }
	END {
		printf "%d passed, %d failed, %d skipped\n",
			n["PASS"] + n["XFAIL"], n["FAIL"] + n["XPASS"] + n["ERROR"], n["SKIP"]
	}'
