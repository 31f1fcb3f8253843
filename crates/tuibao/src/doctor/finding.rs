//! One line of `doctor`: what was looked at, and how it is.

use crate::console;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Good,
    /// Nothing is wrong, but somebody may want to know.
    Note,
    /// Reports are made, but not for long, or not as they should be.
    Warning,
    /// No report can be made like this.
    Wrong,
}

/// One line.
pub(super) struct Finding {
    pub(super) level: Level,
    pub(super) text: String,
}

impl Finding {
    pub(super) fn print(&self) {
        let level = match self.level {
            Level::Good => "ok   ",
            Level::Note => "note ",
            Level::Warning => "warn ",
            Level::Wrong => "wrong",
        };
        console::data(&console::plain(&format!("{level} {}", self.text)));
    }
}

pub(super) fn good(text: impl Into<String>) -> Finding {
    Finding { level: Level::Good, text: text.into() }
}

pub(super) fn note(text: impl Into<String>) -> Finding {
    Finding { level: Level::Note, text: text.into() }
}

pub(super) fn warning(text: impl Into<String>) -> Finding {
    Finding { level: Level::Warning, text: text.into() }
}

pub(super) fn wrong(text: impl Into<String>) -> Finding {
    Finding { level: Level::Wrong, text: text.into() }
}
