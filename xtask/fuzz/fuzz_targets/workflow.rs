//! Any bytes as a workflow and as an action.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = xtask::fuzz::workflow(bytes);
});
