//! Any bytes as an expression of a workflow.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = xtask::fuzz::expression(bytes);
});
