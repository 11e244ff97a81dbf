//! Benchmarks live in this crate; there is no library code.
