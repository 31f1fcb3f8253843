//! Threads, memory and the sizes of batches change how long it takes, and nothing else.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;

/// What a file of the corpus looks like.
#[derive(Clone, Debug)]
struct Shape {
    layout: u8,
    records: Vec<Entry>,
    packing: u8,
    cut: Option<Index>,
    name: u8,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: u8,
    length: usize,
}

fn shape() -> impl Strategy<Value = Shape> {
    let entry = (0..14_u8, prop_oneof![9 => 0..60_usize, 1 => 500..6000_usize])
        .prop_map(|(kind, length)| Entry { kind, length });
    (0..6_u8, vec(entry, 0..60), 0..5_u8, proptest::option::weighted(0.2, any::<Index>()), 0..4_u8)
        .prop_map(|(layout, records, packing, cut, name)| Shape { layout, records, packing, cut, name })
}

fn record(entry: Entry, id: u64) -> String {
    let text = format!("第{id}条 #标签 {}", "x".repeat(entry.length));
    let date = "2026-01-01T00:00:00Z";
    let value = match entry.kind {
        0..=3 => {
            json!({"id": id.to_string(), "author": {"handle": "ann", "name": "A"}, "created_at": date, "text": text})
        }
        4 => {
            json!({"id_str": id.to_string(), "created_at": date, "full_text": text, "user": {"screen_name": "bob"}})
        }
        5 => {
            json!({"data": [{"id": id.to_string(), "author_id": "7", "created_at": date, "text": text}], "includes": {}})
        }
        6 => {
            json!({"statuses": [{"id_str": id.to_string(), "created_at": date, "text": text, "user": {"screen_name": "a"}}]})
        }
        7 => json!({"delete": {"status": {"id_str": id.to_string()}}}),
        8 => json!({"id": 1.5e18, "author": {"handle": "ann"}, "text": text, "metrics": [], "lang": 7}),
        9 => json!({"label": text}),
        10 => return format!("{{\"id\":\"{id}\",\"text\":\"{text}"),
        11 => return format!("{{\"id\":{id},,}}"),
        12 => return format!("\"{text}\""),
        _ => {
            json!({"id": id.to_string(), "author": {"handle": "ann", "name": "A"}, "created_at": date, "text": text, "id": "5", "x": [[{"y": []}]]})
        }
    };
    value.to_string()
}

fn content(shape: &Shape) -> String {
    let records: Vec<String> = (1..).zip(&shape.records).map(|(id, entry)| record(*entry, id)).collect();
    match shape.layout {
        0 | 1 => records.join("\n"),
        2 => format!("[{}]", records.join(",\n")),
        3 => format!("[{}", records.join(",")),
        4 => records.join("\n\n").replace("\":", "\":\n  "),
        _ => {
            let rows = (1..).zip(&shape.records).map(|(id, entry)| match entry.kind {
                0..=9 => format!("{id},ann,2026-01-01,\"x, {}\ny\"\n", "z".repeat(entry.length)),
                10 => format!("{id},ann,\"x\n"),
                _ => format!("{id},ann\n"),
            });
            "id,username,date,text\n".to_owned() + &rows.collect::<String>()
        }
    }
}

fn bytes(shape: &Shape) -> Vec<u8> {
    let text = content(shape);
    let mut bytes = match shape.packing {
        0 => gz(text.as_bytes()),
        1 => zstd::encode_all(text.as_bytes(), 1).unwrap(),
        _ => text.into_bytes(),
    };
    if let Some(cut) = shape.cut.filter(|_| !bytes.is_empty()) {
        bytes.truncate(cut.index(bytes.len()));
    }
    bytes
}

fn inputs(shapes: &[Shape]) -> Vec<Input> {
    const NAMES: [&str; 4] = ["a.jsonl", "b.json", "c/tweets.js.jsonl", "d"];
    let name = |place: usize, shape: &Shape| format!("{place}-{}", NAMES[usize::from(shape.name)]);
    shapes.iter().enumerate().map(|(place, shape)| file(&name(place, shape), &bytes(shape))).collect()
}

/// Everything that the caller sees, whatever the parts that it comes in.
fn seen(inputs: &[Input], settings: &Settings) -> (Vec<Tweet>, Vec<Rejected>, u64, BTreeMap<Format, u64>) {
    let mut files = Vec::new();
    let mut all = Ingested::default();
    ingest(inputs, settings, |part| {
        files.push(Arc::clone(&part.file));
        all.add(part);
    })
    .unwrap();
    files.dedup();
    assert_eq!(files.len(), inputs.len(), "files come one after the other, each at least once");
    (all.tweets, all.rejected, all.notices, all.formats)
}

fn is_always_the_same(inputs: &[Input]) {
    let settings = Settings { page: 4000, record: 2000, ..Settings::default() };
    let first = seen(inputs, &Settings { threads: 1, ..settings });
    for (threads, memory) in [(1, 0), (2, 0), (2, 9_000), (8, 1 << 20), (8, 1 << 30)] {
        let again = seen(inputs, &Settings { threads, memory, ..settings });
        assert_eq!(again, first, "{threads} threads, {memory} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_same_with_any_threads_and_memory(shapes in vec(shape(), 0..8)) {
        is_always_the_same(&inputs(&shapes));
    }
}

#[test]
fn the_same_with_many_small_files() {
    let entries =
        |count: usize| (0..count).map(|place| Entry { kind: place as u8 % 14, length: 5 }).collect();
    let shape = |place: usize| Shape {
        layout: place as u8 % 6,
        records: entries(place % 4),
        packing: place as u8 % 5,
        cut: None,
        name: place as u8 % 4,
    };
    is_always_the_same(&inputs(&(0..300).map(shape).collect::<Vec<_>>()));
}

/// Several batches of the usual size.
#[test]
fn the_same_with_one_big_file() {
    for layout in [0, 2, 5] {
        let records: Vec<Entry> = (0..6000_usize)
            .map(|place| Entry { kind: (place * 7 % 10) as u8, length: 300 + place % 50 })
            .collect();
        is_always_the_same(&inputs(&[Shape { layout, records, packing: 9, cut: None, name: 0 }]));
    }
}
