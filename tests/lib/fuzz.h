/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h - what a fuzz target implements.
 * tests/fuzz/fuzz-NAME.c defines LLVMFuzzerTestOneInput(): it feeds the bytes to one parser and
 * ends the program (FUZZ_CHECK) when an invariant is broken. `make fuzz` links it with libFuzzer;
 * `make check` links it with replay.c, which feeds it every file of tests/fuzz/corpus/NAME/.
 */
#ifndef TESTS_LIB_FUZZ_H
#define TESTS_LIB_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
