//! Dying at any step leaves the old or the new state, whole; importing again leaves what an undisturbed import leaves.

use std::{fs, path::Path};

use corpus::Tweet;
use tempfile::TempDir;

use super::{
    all, copy, import,
    steps::{dying_after, failing_after, traced},
    tree, try_import, tweet, tweets,
};
use crate::{Importer, Store, StoreError};

/// So little that days have several parts and there are runs.
const BUDGET: u64 = 30_000;

/// News for one day of two, and for one that is not there yet.
fn news() -> Vec<Tweet> {
    let mut news = tweets((1430..1445).chain(2900..2905));
    news[3].metrics.likes = Some(77);
    news
}

fn old() -> TempDir {
    let folder = TempDir::new().unwrap();
    import(folder.path(), BUDGET, &tweets(1400..1470));
    folder
}

/// Runs `check` with the number of steps after which to stop, until an import gets through.
fn at_every_step(mut check: impl FnMut(u64) -> Result<(), StoreError>) -> u64 {
    (0..10_000).find(|steps| check(*steps).is_ok()).unwrap()
}

fn is_old_or_new(folder: &Path, old: &[Tweet], new: &[Tweet]) {
    let there = all(folder);
    assert!(there == old || there == new, "neither: {} tweets", there.len());
    let rows = Store::open(folder).unwrap().rows().unwrap();
    assert_eq!(rows, there.len() as u64);
}

#[test]
fn dying_anywhere_leaves_all_or_nothing() {
    let (before, undisturbed) = (old(), old());
    import(undisturbed.path(), BUDGET, &news());
    let (old, new, whole) = (all(before.path()), all(undisturbed.path()), tree(undisturbed.path()));
    let mut rolled_forward = 0;
    let steps = at_every_step(|steps| {
        let folder = copy(before.path());
        let imported = dying_after(steps, || try_import(folder.path(), BUDGET, &news()));
        if folder.path().join("_journal.json").exists() {
            rolled_forward += 1;
            dying_in_recovery(folder.path(), &new);
        }
        is_old_or_new(folder.path(), &old, &new);
        import(folder.path(), BUDGET, &news());
        assert!(tree(folder.path()) == whole, "other files after dying at step {steps}");
        imported.map(drop)
    });
    assert!(steps > 40 && rolled_forward > 5, "{steps} steps, {rolled_forward} with a journal");
}

/// The one who finds the journal may die as well.
fn dying_in_recovery(folder: &Path, new: &[Tweet]) {
    at_every_step(|steps| {
        let folder = copy(folder);
        let opened = dying_after(steps, || Store::open(folder.path()).map(drop));
        assert!(all(folder.path()) == new, "not the new state after step {steps} of a recovery");
        opened
    });
}

#[test]
fn dying_in_the_first_import_leaves_nothing_or_all() {
    let undisturbed = TempDir::new().unwrap();
    import(undisturbed.path(), BUDGET, &tweets(0..30));
    let whole = tree(undisturbed.path());
    at_every_step(|steps| {
        let parent = TempDir::new().unwrap();
        let folder = parent.path().join("new");
        let imported = dying_after(steps, || try_import(&folder, BUDGET, &tweets(0..30)));
        if Store::is_store(&folder) {
            is_old_or_new(&folder, &[], &tweets(0..30));
        }
        import(&folder, BUDGET, &tweets(0..30));
        assert!(tree(&folder) == whole, "other files after dying at step {steps}");
        imported.map(drop)
    });
}

#[test]
fn a_full_disk_is_an_error_with_a_path_and_the_store_is_whole() {
    let (before, undisturbed) = (old(), old());
    import(undisturbed.path(), BUDGET, &news());
    let (old, new, whole) = (all(before.path()), all(undisturbed.path()), tree(undisturbed.path()));
    let mut refused = 0;
    at_every_step(|steps| {
        let folder = copy(before.path());
        let imported = failing_after(steps, || try_import(folder.path(), BUDGET, &news()));
        if let Err(error) = &imported {
            refused += 1;
            assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
        }
        is_old_or_new(folder.path(), &old, &new);
        if !folder.path().join("_journal.json").exists() && all(folder.path()) == old {
            let left: Vec<_> = tree(folder.path()).into_keys().collect();
            assert!(left.iter().filter(|path| path.starts_with("_staging")).count() <= 1, "{left:?}");
        }
        import(folder.path(), BUDGET, &news());
        assert!(tree(folder.path()) == whole, "other files after a failure at step {steps}");
        imported.map(drop)
    });
    assert!(refused > 40, "{refused}");
}

#[test]
fn an_import_that_lost_tweets_is_not_committed() {
    let folder = old();
    let before = tree(folder.path());
    let mut importer = Importer::open(folder.path(), 1_000).unwrap();
    let lost = failing_after(0, || importer.add(tweets(0..5)));
    assert!(matches!(lost, Err(StoreError::Io { .. })));
    assert!(matches!(importer.commit(), Err(StoreError::Incomplete(_))));
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_day_that_cannot_be_made_changes_nothing() {
    let folder = old();
    fs::write(folder.path().join("day=2026-03-03"), "no folder").unwrap();
    let before = tree(folder.path());
    let refused = try_import(folder.path(), BUDGET, &news());
    assert!(matches!(refused, Err(StoreError::Io { .. })), "{refused:?}");
    assert_eq!(tree(folder.path()), before);
}

/// What must be on the disk before what, so that a power cut is no worse than a kill.
#[test]
fn flushes_come_before_what_relies_on_them() {
    let folder = old();
    let steps = traced(|| drop(import(folder.path(), BUDGET, &news())));
    let name = |path: &Path| path.strip_prefix(folder.path()).unwrap().display().to_string();
    let steps: Vec<String> = steps.iter().map(|(action, path)| format!("{action} {}", name(path))).collect();
    let first = |wanted: &str| steps.iter().position(|step| step.starts_with(wanted)).unwrap();
    let last = |wanted: &str| steps.iter().rposition(|step| step.starts_with(wanted)).unwrap();
    let decision = first("rename to _journal.json");
    assert!(last("write _staging") < last("flush _staging/_journal.json"));
    assert!(last("flush _staging/_journal.json") < decision);
    assert!(steps.iter().take(decision).any(|step| step == "flush _staging"), "the names of the new parts");
    assert!(steps.iter().take(decision).any(|step| step == "flush "), "the names of new days");
    for created in steps.iter().filter_map(|step| step.strip_prefix("create _staging/")) {
        let flushed = steps.iter().position(|step| *step == format!("flush _staging/{created}"));
        let is_run = steps.contains(&format!("remove _staging/{created}"));
        assert!(flushed.map_or(is_run, |flushed| flushed < decision), "{created}");
    }
    assert_eq!(steps[decision + 1], "flush ", "the journal's own name");
    assert!(decision + 1 < first("rename to day="));
    assert!(last("rename to day=") < first("remove day="));
    let done = first("remove _journal.json");
    assert!(last("remove day=") < first("flush day=") && last("flush day=") < done);
    assert_eq!(steps[done + 1], "flush ");
    assert_eq!(all(folder.path()).len(), 75);
    assert!(all(folder.path()).contains(&tweet(2900)));
}
