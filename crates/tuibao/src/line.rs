//! Days of a back-fill in a line: each is sorted, written and drawn when a worker is free, but ranked only after the day before it,
//! because it looks back on what that one was given to tell.
//!
//! Places are given out in order, so the day whose turn it is has a worker, and nobody waits for ever.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use corpus::MemoryDay;

use crate::memory::Fresh;

/// Whose turn it is, and what the days before told.
pub(crate) struct Line {
    /// Days that a report looks back on.
    days: usize,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    next: usize,
    told: Fresh,
}

/// A day's place in the line; when dropped, the turn passes on, also after a failure.
pub(crate) struct Turn<'l> {
    line: &'l Line,
    place: usize,
}

impl Line {
    pub(crate) fn new(days: usize) -> Self {
        Self { days, state: Mutex::default(), moved: Condvar::new() }
    }

    pub(crate) fn turn(&self, place: usize) -> Turn<'_> {
        Turn { line: self, place }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Waits until all days before are done with theirs.
    pub(crate) fn wait(&self) {
        drop(self.mine());
    }

    /// What the days before told.
    pub(crate) fn told(&self) -> Fresh {
        self.line.state().told.clone()
    }

    /// What this day tells those after it.
    pub(crate) fn tell(&self, day: MemoryDay) {
        let mut state = self.line.state();
        state.told.insert(day.date, day);
        if state.told.len() > self.line.days {
            state.told.pop_first();
        }
    }

    fn mine(&self) -> MutexGuard<'_, State> {
        let waiting = self.line.moved.wait_while(self.line.state(), |state| state.next < self.place);
        waiting.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.mine().next = self.place + 1;
        self.line.moved.notify_all();
    }
}
