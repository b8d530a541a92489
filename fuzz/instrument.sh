#!/bin/sh
# What `cargo xtask fuzz` gives cargo as RUSTC_WORKSPACE_WRAPPER. It compiles this workspace's crates, and no dependency, so that
# libFuzzer sees which branches an input takes and what it compares, and fast enough for millions of inputs.
exec "$@" -Copt-level=3 -Ccodegen-units=1 \
    -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares
