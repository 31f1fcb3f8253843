//! Publishing on a real disk, and what is left when it fails.

use std::fs;

use super::*;

fn file(path: &str, bytes: &str) -> OutputFile {
    OutputFile { path: path.into(), bytes: bytes.into() }
}

fn outcomes(published: &Published) -> Vec<Outcome> {
    published.files.iter().map(|(_, outcome)| *outcome).collect()
}

/// All files below `folder`, with their bytes.
fn listing(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(listing(&path));
        } else {
            all.push((path.file_name().unwrap().to_string_lossy().into(), fs::read_to_string(path).unwrap()));
        }
    }
    all.sort();
    all
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn files_are_created_changed_or_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let first = publish(root.path(), "ai", &[file("images/a.jpg", "1"), file("_posts/b.md", "2")]).unwrap();
    assert_eq!(outcomes(&first), [Outcome::Created, Outcome::Created]);
    let stamp = || fs::metadata(root.path().join("images/a.jpg")).unwrap().modified().unwrap();
    let before = stamp();
    let second = publish(root.path(), "ai", &[file("images/a.jpg", "1"), file("_posts/b.md", "3")]).unwrap();
    assert_eq!(outcomes(&second), [Outcome::Unchanged, Outcome::Changed]);
    assert_eq!((stamp(), listing(root.path())), (before, pairs(&[("a.jpg", "1"), ("b.md", "3")])));
}

#[test]
fn a_failing_file_leaves_all_as_before() {
    let root = tempfile::tempdir().unwrap();
    publish(root.path(), "ai", &[file("a.md", "old"), file("plain", "file")]).unwrap();
    let error = publish(root.path(), "ai", &[file("a.md", "new"), file("plain/b.md", "new")]).unwrap_err();
    assert!(matches!(&error, PublishError::Io { path, .. } if path.ends_with("plain")), "{error:?}");
    assert!(error.to_string().starts_with("cannot create the folder `"), "{error}");
    assert_eq!(listing(root.path()), pairs(&[("a.md", "old"), ("plain", "file")]));
}

#[test]
fn a_failing_rename_puts_the_earlier_ones_back() {
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    let stage = |name, old| Staged::write("ai", root.path().to_owned(), at(name), b"new", old).unwrap();
    fs::write(at("changed"), "old").unwrap();
    let staged = vec![stage("changed", Some(b"old".to_vec())), stage("created", None), stage("folder", None)];
    fs::create_dir_all(at("folder/full")).unwrap();
    let error = commit(staged, None).unwrap_err();
    assert!(error.to_string().starts_with("cannot replace `"), "{error}");
    assert_eq!(listing(root.path()), pairs(&[("changed", "old")]));
}

#[test]
fn what_a_dead_run_left_is_removed_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let others = [".tuibao-my_ai~b.md.Xy12Z9.tmp", ".tuibao-ai.lock", "ai~c.tmp"];
    for name in [".tuibao-ai~a.md.Xy12Z9.tmp", ".tuibao-ai~a.xml.Xy12Z9.tmp"].iter().chain(&others) {
        fs::write(root.path().join(name), "").unwrap();
    }
    fs::create_dir(root.path().join("_posts")).unwrap();
    fs::write(root.path().join("_posts/.tuibao-ai~a.md.Xy12Z9.tmp"), "").unwrap();
    recover(root.path(), "ai", ["_posts/.tuibao-ai~a.md.Xy12Z9.tmp".into()]).unwrap();
    let left: Vec<String> = listing(root.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, [".tuibao-ai.lock", ".tuibao-my_ai~b.md.Xy12Z9.tmp", "ai~c.tmp"]);
}

/// A site with a report of two files, of which a new one died after this many renames.
fn died_after(renames: usize) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    publish(root.path(), "ai", &[file("a.jpg", "old"), file("_posts/b.md", "old")]).unwrap();
    let stage = |name: &str| {
        let target = root.path().join(name);
        Staged::write("ai", target.parent().unwrap().to_owned(), target, b"new", None).unwrap()
    };
    let staged = vec![stage("a.jpg"), stage("_posts/b.md")];
    drop(Journal::write(root.path(), "ai", &staged).unwrap());
    for (index, one) in staged.into_iter().enumerate() {
        if index < renames {
            drop(one.rename().unwrap());
        } else {
            one.abandon();
        }
    }
    root
}

#[test]
fn a_change_that_died_under_way_is_finished_at_any_point_and_by_its_owner_only() {
    for renames in 0..=2 {
        let root = died_after(renames);
        let names = |path: &Path| listing(path).len();
        assert_eq!(names(root.path()), 5 - renames, "two files, a journal, and what is on its way");
        let before = listing(root.path());
        recover(root.path(), "a", []).unwrap();
        assert_eq!(listing(root.path()), before);
        recover(root.path(), "ai", []).unwrap();
        assert_eq!(listing(root.path()), pairs(&[("a.jpg", "new"), ("b.md", "new")]));
    }
}

#[test]
fn a_journal_of_another_hand_moves_nothing() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("secret"), "1").unwrap();
    fs::write(root.path().join(".tuibao-my_ai~x.tmp"), "2").unwrap();
    let moves = [
        ("secret", "open"),
        (".tuibao-my_ai~x.tmp", "x"),
        ("../.tuibao-ai~x.tmp", "y"),
        (".tuibao-ai~x.tmp", "../out"),
        ("/etc/.tuibao-ai~x.tmp", "hosts"),
    ];
    let moves: Vec<_> = moves.iter().map(|(from, to)| serde_json::json!({"from": from, "to": to})).collect();
    fs::write(root.path().join(".tuibao-ai~b.md.journal"), serde_json::to_vec(&moves).unwrap()).unwrap();
    fs::write(root.path().join(".tuibao-ai~c.md.journal"), "half a jour").unwrap();
    recover(root.path(), "ai", []).unwrap();
    assert_eq!(listing(root.path()), pairs(&[(".tuibao-my_ai~x.tmp", "2"), ("secret", "1")]));
}

#[test]
fn paths_stay_inside_the_site_and_are_distinct() {
    let root = tempfile::tempdir().unwrap();
    for path in ["../a", "/a", "b/../../a", "", "."] {
        let error = publish(root.path(), "ai", &[file("ok.md", ""), file(path, "")]).unwrap_err();
        assert!(matches!(error, PublishError::Path(_)), "{path}");
    }
    let twice = publish(root.path(), "ai", &[file("a/b", ""), file("a/b", "x")]).unwrap_err();
    assert!(twice.to_string().ends_with("would be written twice"));
    assert!(listing(root.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_web_server_can_read_it_and_permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tempfile::tempdir().unwrap();
    let mode = || fs::metadata(root.path().join("a.md")).unwrap().permissions().mode() & 0o777;
    publish(root.path(), "ai", &[file("a.md", "1")]).unwrap();
    let plain = fs::File::create(root.path().join("plain")).unwrap().metadata().unwrap();
    assert_eq!(mode(), plain.permissions().mode() & 0o777);
    fs::set_permissions(root.path().join("a.md"), fs::Permissions::from_mode(0o640)).unwrap();
    publish(root.path(), "ai", &[file("a.md", "2")]).unwrap();
    assert_eq!(mode(), 0o640);
}
