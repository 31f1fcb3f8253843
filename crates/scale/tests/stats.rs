//! Figures of a store, against what can be counted by hand.

use std::fs;

use corpus::Statistics;
use tempfile::TempDir;

use super::{printed, statuses};

#[test]
fn figures_are_what_the_store_holds() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    fs::write(root.join("raw.jsonl"), statuses(70, 1)).unwrap();
    printed(root, &["import", "--store", "store", "raw.jsonl"], &[]);
    let audits = root.join("site/_audit");
    fs::create_dir_all(&audits).unwrap();
    let audit = r#"{"window": {"start": "2026-03-02T00:00:00Z", "end": "2026-03-03T00:00:00Z"},
        "topics": [{"terms": [["发布", 2.0], ["tweet", 1.0], ["nowhere", 0.5]]}, {"terms": [["nowhere", 1.0]]}]}"#;
    fs::write(audits.join("a_20260302_20260302.audit.json"), audit).unwrap();
    let stats =
        ["stats", "--store", "store", "--from", "2026-03-02", "--to", "2026-03-04", "--audits", "site"];
    for place in ["embedded", "standalone"] {
        let text = printed(root, &[&stats[..], &["--on", place]].concat(), &[]);
        let day = |text: &str| text.parse().unwrap();
        let told = Statistics::read(text.as_bytes(), day("2026-03-02"), day("2026-03-04")).unwrap();
        let days: Vec<(u64, u64)> = told.days.iter().map(|day| (day.tweets, day.authors)).collect();
        assert_eq!(days, [(14, 7); 3], "{place}");
        assert_eq!(told.authors.iter().map(|author| author.tweets).sum::<u64>(), 42);
        let word = told.terms.iter().find(|term| term.term == "发布").unwrap();
        assert_eq!((word.tweets, word.authors, word.days.len()), (42, 7, 3));
        let [found, missing] = told.topics.as_slice() else { panic!("{:?}", told.topics) };
        assert_eq!(found.days.iter().map(|day| (day.tweets, day.authors)).collect::<Vec<_>>(), [(14, 7); 3]);
        assert!(missing.days.is_empty());
    }
}
