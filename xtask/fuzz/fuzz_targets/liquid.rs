//! Any bytes as a file that Liquid renders.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = xtask::fuzz::liquid(bytes);
});
