#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pictures in screenshots/ are what the program shows now."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["TOP_SRCDIR"], "tests", "tools"))
import screenshots  # noqa: E402

sys.argv[1:] = ["--check"]
sys.exit(screenshots.main())
