//! Parts as another program reads them.

use std::process::Command;

use corpus::{Kind, Reference, TweetId};
use tempfile::TempDir;

use super::{MEGABYTE, import, tweets};

/// Readers that may be installed, and how to ask each for the same facts.
const READERS: [(&str, &str); 2] = [
    (
        "duckdb",
        "import duckdb, sys
sql = \"select count(*), min(day)::text, sum(likes), count(distinct handle), count(lang), max(epoch_ms(created_at)), \
any_value(hashtags[1]), sum((kind = 'quote')::int), max(ref_id) \
from read_parquet('\" + sys.argv[1] + \"/day=*/part-*.parquet', hive_partitioning = true)\"
print(*duckdb.sql(sql).fetchall()[0])",
    ),
    (
        "polars",
        "import polars as pl, sys
t = pl.scan_parquet(sys.argv[1] + '/day=*/part-*.parquet', hive_partitioning=True).collect()
ms = t['created_at'].dt.epoch('ms')
print(t.height, t['day'].min(), t['likes'].sum(), t['handle'].n_unique(), t['lang'].count(), ms.max(), \
t['hashtags'].list.first()[0], t.filter(pl.col('kind') == 'quote').height, t['ref_id'].max())",
    ),
];

#[test]
fn others_read_the_same() {
    let folder = TempDir::new().unwrap();
    let mut all = tweets(0..3000);
    all[5].kind = Kind::Quote;
    all[5].lang = None;
    all[5].reference = Some(Reference { id: Some(TweetId(i64::MAX as u64)), ..Reference::default() });
    let newest = all[2999].created_at.timestamp_millis();
    import(folder.path(), MEGABYTE, &all);
    for (module, script) in READERS {
        let missing = format!("import {module}");
        let there = Command::new("python3").args(["-c", &missing]).output();
        if !there.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: python3 has no module {module}");
            continue;
        }
        let output = Command::new("python3").args(["-c", script]).arg(folder.path()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let sum = 3000 * 2999 / 2;
        let wanted = format!("3000 2026-03-01 {sum} 7 2999 {newest} AI 1 {}", i64::MAX);
        assert_eq!(told.trim(), wanted, "{module}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_page_about_the_schema_names_every_column_and_key() {
    let page = include_str!("../../SCHEMA.md");
    for field in crate::columns::schema().fields() {
        assert!(page.contains(&format!("`{}`", field.name())), "{}", field.name());
    }
    for key in [crate::columns::SCHEMA_KEY, crate::columns::PART_KEY, crate::columns::MEMORY_KEY] {
        assert!(page.contains(key), "{key}");
    }
}
