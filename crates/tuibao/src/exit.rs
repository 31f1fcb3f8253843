//! How a run ends: the exit code is a type, and every failure carries a hint on what to do.

use std::fmt;

/// Exit codes; documented in the README and tested through the binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// Published, or nothing to do.
    Done = 0,
    /// A fault of ours.
    Internal = 1,
    /// Wrong command line or configuration.
    Usage = 2,
    /// Published with gaps, or some days failed; a post that breaks its contract or has facts of no source.
    Partial = 3,
    /// The input is unusable: no such file, no tweets, nothing left after filtering.
    Input = 4,
    /// The model refused for good, or is down and no fallback is allowed.
    Model = 5,
    /// An output cannot be written.
    Output = 6,
    /// Another run holds the lock.
    Busy = 75,
}

impl Code {
    /// This one, unless it tells of nothing.
    pub(crate) fn or(self, other: Self) -> Self {
        if self == Self::Done { other } else { self }
    }
}

/// A failure with its exit code and a hint.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) error: anyhow::Error,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: Code, error: impl Into<anyhow::Error>) -> Self {
        Self { code, error: error.into(), hint: None }
    }

    pub(crate) fn say(code: Code, message: impl fmt::Display) -> Self {
        Self::new(code, anyhow::anyhow!("{message}"))
    }

    /// Says where, in front of what.
    pub(crate) fn within(self, place: String) -> Self {
        Self { error: self.error.context(place), ..self }
    }

    /// Error and causes in one line, without the hint.
    pub(crate) fn line(&self) -> String {
        let causes: Vec<String> = self.error.chain().map(ToString::to_string).collect();
        causes.join(": ").replace('\n', " ")
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    /// `error: …`, `  caused by: …` for each cause that says something new, `  hint: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.error.to_string();
        write!(f, "error: {said}")?;
        for cause in self.error.chain().skip(1).map(ToString::to_string) {
            if !said.contains(&cause) {
                write!(f, "\n  caused by: {cause}")?;
            }
            said = cause;
        }
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }
}

/// Gives any error an exit code.
pub(crate) trait OrFail<T> {
    /// The value, or a failure of this code.
    fn or_fail(self, code: Code) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> OrFail<T> for Result<T, E> {
    fn or_fail(self, code: Code) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(code, error))
    }
}
