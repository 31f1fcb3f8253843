//! Bytes as a whole file: any container, anything in it, with bounds that are soon reached.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let inputs = [fuzz::file("f", data, None)];
    let one = fuzz::check(&inputs, &fuzz::SMALL);
    if data.len() % 16 == 0 {
        fuzz::is_the_same_with_threads(&inputs, &fuzz::SMALL, &one);
    }
});
