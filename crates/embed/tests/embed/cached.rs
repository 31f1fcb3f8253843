//! Vectors on the disk: asked for once, and what becomes of a file that is spoiled.

use std::{fs, path::PathBuf};

use embed::{Cache, Cached, EmbedError, Embedder, Offline};
use tempfile::TempDir;

use crate::endpoint::{endpoint, server};

const TEXTS: [&str; 3] = ["a", "bb", "ccc"];
const BIG: u64 = 1 << 30;

fn vectors() -> Vec<Vec<f32>> {
    vec![vec![1.0, 1.0], vec![2.0, 1.0], vec![3.0, 1.0]]
}

/// A folder in which the three texts have vectors, and the one file in use.
fn kept() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    Cache::new(folder.path(), BIG).keep("m", &TEXTS, &vectors()).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let file = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "vectors")).unwrap();
    (folder, file)
}

fn found(folder: &TempDir, model: &str, texts: &[&str]) -> Vec<bool> {
    Cache::new(folder.path(), BIG).look_up(model, texts).iter().map(Option::is_some).collect()
}

#[tokio::test]
async fn a_second_run_makes_no_request() {
    let (server, folder) = (server(Vec::new()).await, tempfile::tempdir().unwrap());
    let cached = || Cached::new(endpoint(&server, 2), Cache::new(folder.path(), BIG));
    let requests = async || server.received_requests().await.unwrap().len();
    assert_eq!(cached().embed(&TEXTS).await.unwrap(), vectors());
    assert_eq!(requests().await, 2);
    assert_eq!(cached().embed(&TEXTS).await.unwrap(), vectors());
    assert_eq!(requests().await, 2);
    // Only what is new is asked for.
    assert_eq!(cached().embed(&["dddd", "bb"]).await.unwrap(), [[4.0, 1.0], [2.0, 1.0]]);
    assert_eq!(requests().await, 3);
}

#[tokio::test]
async fn offline_only_what_is_kept_is_there() {
    let (folder, _) = kept();
    let cached = Cached::new(Offline("m".to_owned()), Cache::new(folder.path(), BIG).read_only());
    assert_eq!(cached.embed(&TEXTS).await.unwrap(), vectors());
    assert!(matches!(cached.embed(&["a", "new"]).await, Err(EmbedError::Offline)));
}

#[tokio::test]
async fn another_length_under_the_same_name_makes_all_anew() {
    let (server, folder) = (server(Vec::new()).await, tempfile::tempdir().unwrap());
    let endpoint = endpoint(&server, 9);
    let cache = Cache::new(folder.path(), BIG);
    cache.keep(endpoint.name(), &TEXTS[..2], &[vec![0.5], vec![0.5]]).unwrap();
    let cached = Cached::new(endpoint, cache);
    assert_eq!(cached.embed(&TEXTS).await.unwrap(), vectors());
    let before = server.received_requests().await.unwrap().len();
    assert_eq!(cached.embed(&TEXTS).await.unwrap(), vectors());
    assert_eq!(server.received_requests().await.unwrap().len(), before);
}

#[test]
fn vectors_come_back_to_the_bit_and_by_model() {
    let (folder, _) = kept();
    let cache = Cache::new(folder.path(), BIG);
    let odd = vec![vec![f32::MIN_POSITIVE, -0.1 + 0.2]];
    cache.keep("m", &["odd"], &odd).unwrap();
    assert_eq!(cache.look_up("m", &["odd"]), [Some(odd[0].clone())]);
    assert_eq!(found(&folder, "m", &["ccc", "no", "a"]), [true, false, true]);
    assert_eq!(found(&folder, "other", &TEXTS), [false; 3]);
}

#[test]
fn a_spoiled_entry_is_not_there_and_its_neighbours_are() {
    let (folder, file) = kept();
    let mut bytes = fs::read(&file).unwrap();
    let record = (bytes.len() - 16) / 3;
    bytes[16 + record + 33] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(found(&folder, "m", &TEXTS), [true, false, true]);
}

#[test]
fn a_half_written_entry_is_not_there_and_is_written_over() {
    let (folder, file) = kept();
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 5]).unwrap();
    assert_eq!(found(&folder, "m", &TEXTS), [true, true, false]);
    Cache::new(folder.path(), BIG).keep("m", &TEXTS[2..], &vectors()[2..]).unwrap();
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
fn a_file_that_is_none_of_ours_is_an_empty_cache() {
    let (folder, file) = kept();
    for spoiled in [&b""[..], b"tuibao vec 1", b"tuibao vec 1\xff\xff\xff\xff", b"something else altogether"]
    {
        fs::write(&file, spoiled).unwrap();
        assert_eq!(found(&folder, "m", &TEXTS), [false; 3]);
        Cache::new(folder.path(), BIG).keep("m", &TEXTS, &vectors()).unwrap();
        assert_eq!(found(&folder, "m", &TEXTS), [true; 3]);
    }
}

#[test]
fn the_disk_used_is_bounded_and_the_newest_stay() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path(), 4096);
    let texts: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
    for text in &texts {
        cache.keep("m", &[text], &[vec![0.0; 16]]).unwrap();
    }
    let files = fs::read_dir(folder.path()).unwrap();
    let used: u64 = files.map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(used <= 4096, "{used}");
    assert_eq!(found(&folder, "m", &["999", "990", "0"]), [true, true, false]);
}

#[test]
fn looking_up_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(&folder.path().join("cache"), BIG);
    assert_eq!(cache.look_up("m", &["a"]), [None]);
    cache.read_only().keep("m", &["a"], &[vec![1.0]]).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn several_writers_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let texts: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    std::thread::scope(|threads| {
        for some in texts.chunks(50) {
            let folder = folder.path();
            threads.spawn(move || {
                for text in some {
                    Cache::new(folder, BIG).keep("m", &[text], &[vec![1.0; 8]]).unwrap();
                }
            });
        }
    });
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_eq!(found(&folder, "m", &texts), [true; 200]);
}
