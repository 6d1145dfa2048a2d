#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stands in for python3 where configure found none.
echo "1..0 # SKIP no python3 (./bootstrap check installs it)"
