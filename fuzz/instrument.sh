#!/bin/sh
# What `cargo xtask fuzz` gives cargo as RUSTC_WORKSPACE_WRAPPER: in this workspace's crates, and in no dependency, libFuzzer sees
# which branches an input takes and what it compares.
exec "$@" -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares
