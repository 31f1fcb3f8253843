//! Bytes as one record or a few, changed as JSON.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::mutate_json(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let inputs = [fuzz::file("f.jsonl", data, None)];
    let one = fuzz::check(&inputs, &fuzz::SMALL);
    if data.len() % 16 == 0 {
        fuzz::is_the_same_with_threads(&inputs, &fuzz::SMALL, &one);
    }
});
