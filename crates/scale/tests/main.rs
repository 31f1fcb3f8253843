//! The program from outside: the plan in each place against tuibao's own import, and reading from an object store.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly, helpers outside of test functions included"
)]

mod import;
mod objects;
mod stats;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, Mutex},
};

use corpus::{IngestSettings, Input, Origin, ingest};
use store::{Imported, Importer};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");

/// Runs the program in a folder.
#[track_caller]
fn scale(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tuibao-scale"))
        .args(arguments)
        .current_dir(folder)
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

/// What the program prints when all is well.
#[track_caller]
fn printed(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = scale(folder, arguments, environment);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Rows of a store and their hash; `part` is `blake3` or `without_source`.
#[track_caller]
fn digest(folder: &Path, store: &str, part: &str) -> (u64, String) {
    let value: serde_json::Value = serde_json::from_str(&printed(folder, &["digest", store], &[])).unwrap();
    (value["rows"].as_u64().unwrap(), value[part].as_str().unwrap().to_owned())
}

/// tuibao's own import of the named files, which stand in the folder unless their names say otherwise.
fn plain(folder: &Path, store: &str, files: &[PathBuf]) -> Imported {
    let importer = Arc::new(Mutex::new(Importer::open(&folder.join(store), 64 << 20).unwrap()));
    let input = |path: &PathBuf| {
        let file = folder.join(path);
        let open = Box::new(move || fs::File::open(&file).map(Origin::File));
        Input { name: path.display().to_string(), open, mapping: None, owner: None }
    };
    let inputs: Vec<Input> = files.iter().map(input).collect();
    ingest(&inputs, &IngestSettings::default(), |part| importer.lock().unwrap().add(part.tweets).unwrap())
        .unwrap();
    Arc::into_inner(importer).unwrap().into_inner().unwrap().commit().unwrap()
}

/// Statuses of several days, 12 KB each, with a blank and a broken line among them; `likes` is a count of all.
fn statuses(count: u64, likes: u64) -> String {
    let pad = "word ".repeat(2400);
    let status = |number: u64| {
        let day = number % 5 + 1;
        let id = 2_028_000_000_000_000_000 + number;
        format!(
            r#"{{"id":"{id}","author":{{"handle":"ann{}","name":"Ann 安"}},"created_at":"2026-03-{day:02}T10:00:00Z","text":"tweet {number} 发布 {pad}","kind":"original","metrics":{{"likes":{likes}}},"urls":[],"hashtags":[],"cashtags":[],"mentions":[],"media":[],"source":{{"file":"x","line":1}}}}"#,
            number % 7
        )
    };
    let texts = (0..count).map(|number| match number % 100 {
        33 => format!("\n{}\n", status(number)),
        66 => format!("{{\"id\": \"7\", broken\n{}\n", status(number)),
        _ => status(number) + "\n",
    });
    texts.collect()
}
