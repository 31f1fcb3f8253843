//! The same rows as tuibao's own import makes.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use super::{FIXTURES, digest, plain, printed, scale, statuses};

/// A folder with a large file of lines, and the files of the fixtures.
fn corpus() -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("large.jsonl"), statuses(400, 3)).unwrap();
    let mut files: Vec<PathBuf> = Vec::new();
    for name in ["ai", "messy"] {
        let entries = fs::read_dir(format!("{FIXTURES}/{name}")).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()));
    }
    files.retain(|path| corpus::is_data_file(&path.to_string_lossy()));
    files.push(folder.path().join("large.jsonl"));
    files.sort();
    (folder, files)
}

#[test]
fn each_place_makes_the_rows_of_the_plain_import() {
    let (folder, files) = corpus();
    let root = folder.path();
    let imported = plain(root, "plain", &files);
    let names: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
    for place in ["embedded", "standalone"] {
        let mut arguments =
            vec!["import", "--store", place, "--on", place, "--split", "1", "--partitions", "3", "--json"];
        arguments.extend(&names);
        let told: serde_json::Value = serde_json::from_str(&printed(root, &arguments, &[])).unwrap();
        assert_eq!(digest(root, place, "blake3"), digest(root, "plain", "blake3"), "{place}");
        for (name, value) in
            [("added", imported.added), ("repeated", imported.repeated), ("received", imported.received)]
        {
            assert_eq!(told["import"][name].as_u64(), Some(value), "{place}: {name}");
        }
        assert_eq!(told["import"]["days"], serde_json::to_value(&imported.days).unwrap());
    }
}

#[test]
fn a_later_import_brings_newer_counts_and_the_division_stays() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    for (name, count, likes) in [("first.jsonl", 60, 3), ("second.jsonl", 90, 9)] {
        fs::write(root.join(name), statuses(count, likes)).unwrap();
    }
    for (store, shares) in [("of-1", "1"), ("of-8", "8")] {
        printed(root, &["import", "--store", store, "--shares", shares, "first.jsonl"], &[]);
        let told =
            printed(root, &["import", "--store", store, "--shares", "4", "--json", "second.jsonl"], &[]);
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(
            (&told["import"]["added"], &told["import"]["updated"]),
            (&30.into(), &60.into()),
            "{store}"
        );
        let again = printed(root, &["import", "--store", store, "--json", "second.jsonl"], &[]);
        let again: serde_json::Value = serde_json::from_str(&again).unwrap();
        assert_eq!(
            (&again["import"]["unchanged"], &again["import"]["days"]),
            (&90.into(), &serde_json::json!([]))
        );
    }
    plain(root, "plain", &["first.jsonl".into()]);
    plain(root, "plain", &["second.jsonl".into()]);
    let plain = digest(root, "plain", "blake3");
    assert_eq!((digest(root, "of-1", "blake3"), digest(root, "of-8", "blake3")), (plain.clone(), plain));
}

#[test]
fn what_is_left_out_is_counted_and_told() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    fs::write(root.join("raw.jsonl"), statuses(200, 1)).unwrap();
    let profile = format!("{FIXTURES}/../config/reports/twitter_ai.toml");
    let told = printed(
        root,
        &[
            "import",
            "--store",
            "some",
            "--json",
            "--from",
            "2026-03-02",
            "--to",
            "2026-03-03",
            "--without-ads",
            "--subject",
            &profile,
            "--rejects",
            "rejects.jsonl",
            "--split",
            "1",
            "raw.jsonl",
        ],
        &[],
    );
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["left"]["out_of_window"], 120);
    assert_eq!(told["left"]["bad_json"], 2);
    let dropped: u64 = ["ad", "off_topic"].iter().filter_map(|why| told["left"][*why].as_u64()).sum();
    assert_eq!(dropped + told["import"]["received"].as_u64().unwrap(), 80);
    let rejects = fs::read_to_string(root.join("rejects.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> =
        rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut places: Vec<u64> = lines.iter().filter_map(|told| told["source"]["line"].as_u64()).collect();
    places.sort_unstable();
    // A blank line before each 34th of a hundred, and a broken one before each 67th.
    assert_eq!(places, [68, 170]);
}

#[test]
fn what_cannot_be_done_is_an_error_and_leaves_the_store() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    fs::write(root.join("raw.jsonl"), statuses(3, 1)).unwrap();
    for (arguments, said) in [
        (vec!["import", "--store", "new", "missing.jsonl"], "cannot read `missing.jsonl`"),
        (vec!["import", "--store", "new", "--shares", "3", "raw.jsonl"], "power of two"),
        (vec!["import", "--store", "new", "--on", "mars", "raw.jsonl"], "df://host:50050"),
        (vec!["import", "--store", ".", "raw.jsonl"], "is not a tweet store"),
        (
            vec!["import", "--store", "new", "--from", "2026-03-02", "--to", "2026-03-01", "raw.jsonl"],
            "2026-03-02 > 2026-03-01",
        ),
        (vec!["digest", "nowhere"], "nowhere"),
    ] {
        let output = scale(root, &arguments, &[]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains(said), "{arguments:?}: {error}");
    }
}
