//! Any bytes as a hook.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = xtask::fuzz::hook(bytes);
});
