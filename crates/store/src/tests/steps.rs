//! Lets the program die, or one of its changes fail, at any step, and tells which steps it took.

use std::{
    cell::{Cell, RefCell},
    io,
    path::{Path, PathBuf},
};

#[derive(Clone, Copy)]
enum Plan {
    Live,
    /// After so many steps no step succeeds any more.
    Die(u64),
    /// After so many steps one fails, as on a full disk.
    Fail(u64),
}

thread_local! {
    static PLAN: Cell<Plan> = const { Cell::new(Plan::Live) };
    static TRACE: RefCell<Vec<(&'static str, PathBuf)>> = const { RefCell::new(Vec::new()) };
}

/// Called before every change of the disk.
pub(crate) fn step(action: &'static str, path: &Path) -> io::Result<()> {
    TRACE.with_borrow_mut(|trace| trace.push((action, path.to_owned())));
    match PLAN.get() {
        Plan::Live => return Ok(()),
        Plan::Die(0) => return Err(io::Error::other("died here")),
        Plan::Fail(0) => {
            PLAN.set(Plan::Live);
            return Err(io::ErrorKind::StorageFull.into());
        }
        Plan::Die(left) => PLAN.set(Plan::Die(left - 1)),
        Plan::Fail(left) => PLAN.set(Plan::Fail(left - 1)),
    }
    Ok(())
}

/// Runs `work`, which is dead after so many steps.
pub(super) fn dying_after<T>(steps: u64, work: impl FnOnce() -> T) -> T {
    with(Plan::Die(steps), work)
}

/// Runs `work`, of which one step fails.
pub(super) fn failing_after<T>(steps: u64, work: impl FnOnce() -> T) -> T {
    with(Plan::Fail(steps), work)
}

/// The steps of `work`.
pub(super) fn traced(work: impl FnOnce()) -> Vec<(&'static str, PathBuf)> {
    TRACE.take();
    work();
    TRACE.take()
}

fn with<T>(plan: Plan, work: impl FnOnce() -> T) -> T {
    PLAN.set(plan);
    let done = work();
    PLAN.set(Plan::Live);
    done
}
