//! A mapping as a user may write it, and a record for it: two JSON values with a zero byte between them. What a mapping
//! points to stays in memory, so only some are made.

#![no_main]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use corpus::{Mapped, Mapping};
use libfuzzer_sys::fuzz_target;

static KNOWN: Mutex<Option<HashMap<Vec<u8>, Arc<Mapped>>>> = Mutex::new(None);
const MOST: usize = 200_000;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (Some(written), Some(bytes)) = (parts.next(), parts.next()) else { return };
    let Some(mapped) = mapped(written) else { return };
    let inputs = [fuzz::file("f", bytes, Some(mapped))];
    let one = fuzz::check(&inputs, &fuzz::SMALL);
    if data.len() % 16 == 0 {
        fuzz::is_the_same_with_threads(&inputs, &fuzz::SMALL, &one);
    }
});

fn mapped(written: &[u8]) -> Option<Arc<Mapped>> {
    let mut guard = KNOWN.lock().expect("no thread panics");
    let known = guard.get_or_insert_default();
    if let Some(mapped) = known.get(written) {
        return Some(Arc::clone(mapped));
    }
    let mapping: Mapping = serde_json::from_slice(written).ok()?;
    let mapped = Arc::new(mapping.compile().ok().filter(|_| known.len() < MOST)?);
    known.insert(written.to_vec(), Arc::clone(&mapped));
    Some(mapped)
}
