#!/bin/bash
# Coverage-guided fuzzing of every target in test/fuzz, FUZZ_SECONDS each.
set -e
make -s fuzz-binaries >&2
exec test/fuzz/run "${FUZZ_SECONDS:-60}"
