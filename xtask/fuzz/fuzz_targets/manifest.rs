//! Any bytes as a template's manifest.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = xtask::fuzz::manifest(bytes);
});
