//! Files that are not what was written: an error that names the file, never a panic or a wrong tweet.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{MEGABYTE, import, try_import, tweets};
use crate::{Store, StoreError};

fn store() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    import(folder.path(), MEGABYTE, &tweets(0..200));
    let part = fs::read_dir(folder.path().join("day=2026-03-01")).unwrap().next().unwrap().unwrap().path();
    (folder, part)
}

fn read(folder: &Path) -> Result<usize, StoreError> {
    let all = chrono::DateTime::<chrono::Utc>::MIN_UTC..chrono::DateTime::<chrono::Utc>::MAX_UTC;
    Store::open(folder)?.read(all.start, all.end).map(|tweets| tweets.len())
}

#[test]
fn a_changed_or_cut_part_is_named() {
    let (folder, part) = store();
    let good = fs::read(&part).unwrap();
    for at in (0..good.len()).step_by(101).chain(good.len() - 12..good.len()) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        for bad in [bad, good[..at].to_vec()] {
            fs::write(&part, bad).unwrap();
            let error = read(folder.path()).unwrap_err();
            assert!(matches!(&error, StoreError::Damaged { path, .. } if *path == part), "{error:?}");
            assert!(error.to_string().contains("part-0-") && error.hint().contains("import"));
            // From the footer alone a flipped bit in the rows does not show, but nothing panics.
            drop(Store::open(folder.path()).unwrap().days());
        }
    }
    assert!(try_import(folder.path(), MEGABYTE, &tweets(0..9)).is_err());
    fs::write(&part, &good).unwrap();
    assert_eq!(read(folder.path()).unwrap(), 200);
}

#[test]
fn a_part_of_another_schema_is_named() {
    let (folder, part) = store();
    let good = fs::read(&part).unwrap();
    let key = b"tuibao.schema";
    let at = good.windows(key.len()).position(|bytes| bytes == key).unwrap() + key.len();
    let one = at + good[at..].iter().position(|&byte| byte == b'1').unwrap();
    let mut newer = good.clone();
    newer[one] = b'2';
    fs::remove_file(&part).unwrap();
    let hash: String = blake3::hash(&newer).to_hex().chars().take(8).collect();
    let part = part.with_file_name(format!("part-0-{hash}.parquet"));
    fs::write(&part, newer).unwrap();
    let error = read(folder.path()).unwrap_err();
    assert!(
        matches!(&error, StoreError::Schema { path, found } if *path == part && found == "2"),
        "{error:?}"
    );
    assert!(error.hint().starts_with("update the program"));
}

#[test]
fn a_marker_or_journal_that_is_not_ours_is_named() {
    let (folder, _) = store();
    let check = |name: &str, text: &str, wanted: &str| {
        let path = folder.path().join(name);
        let good = fs::read(&path).ok();
        fs::write(&path, text).unwrap();
        let error = format!("{:?}", read(folder.path()).unwrap_err());
        assert!(error.starts_with(wanted) && error.contains(name), "{error}");
        match good {
            Some(good) => fs::write(&path, good).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
    };
    check("_store.json", r#"{"schema":2,"program":"9.0"}"#, "Schema");
    check("_store.json", r#"{"schema""#, "Damaged");
    check("_journal.json", "{}", "Schema");
    check("_journal.json", r#"{"schema":2,"adds":[]}"#, "Schema");
    check("_journal.json", r#"{"schema":1,"adds":[]}"#, "Damaged");
    let outside = r#"{"schema":1,"adds":[],"removes":[{"day":"2026-03-01","part":"../_store.json"}]}"#;
    check("_journal.json", outside, "Damaged");
    assert_eq!(read(folder.path()).unwrap(), 200);
}

#[test]
fn a_copied_part_does_not_double_what_is_imported() {
    let (folder, part) = store();
    let name = part.file_name().unwrap().to_str().unwrap().replace("part-0", "part-1");
    fs::copy(&part, part.with_file_name(name)).unwrap();
    import(folder.path(), MEGABYTE, &tweets(150..250));
    assert_eq!(read(folder.path()).unwrap(), 250);
}
