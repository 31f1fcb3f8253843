//! What the end of a `tuibao run` means for its job.

use std::time::Duration;

/// How a child ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// With this code.
    Code(i32),
    /// By a signal, or it could not be started or waited for.
    Broken(String),
    /// It took longer than a job may.
    TimedOut,
}

/// What becomes of the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Published, or nothing to do.
    Done { code: i32 },
    /// Time may heal it.
    Again { code: Option<i32>, reason: String, after: Duration },
    /// The day's budget is spent.
    Tomorrow { code: Option<i32>, reason: String },
    /// A dead letter, until somebody puts it back.
    Dead { code: Option<i32>, reason: String },
}

/// How often, and how long between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) attempts: u32,
    pub(crate) backoff: Duration,
}

/// No wait between attempts is longer.
const LONGEST_BACKOFF: Duration = Duration::from_hours(1);
/// What the gateway's refusal says when the budget is spent. Part of what a child tells of it.
pub(crate) const BUDGET_SPENT: &str = "the day's budget of the gateway is spent";

impl Patience {
    /// Before the attempt that follows this many.
    fn pause(self, attempts: u32) -> Duration {
        let doubled = self.backoff.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1).min(16)));
        doubled.min(LONGEST_BACKOFF)
    }
}

/// Decides by exit code; `told` is what the child said last, `attempts` counts this one.
pub(crate) fn decide(exit: &Exit, told: &str, attempts: u32, patience: Patience) -> Verdict {
    let (code, said) = match exit {
        Exit::Code(code @ (0 | 3)) => return Verdict::Done { code: *code },
        Exit::Code(code) => (Some(*code), meaning(*code).to_owned()),
        Exit::Broken(why) => (None, why.clone()),
        Exit::TimedOut => (None, "took longer than a job may".to_owned()),
    };
    let reason = if told.is_empty() { said } else { format!("{said}: {told}") };
    match code {
        Some(5) if told.contains(BUDGET_SPENT) => Verdict::Tomorrow { code, reason },
        Some(2 | 4) => Verdict::Dead { code, reason },
        _ if attempts >= patience.attempts => {
            Verdict::Dead { code, reason: format!("gave up after {attempts} attempts: {reason}") }
        }
        _ => Verdict::Again { code, reason, after: patience.pause(attempts) },
    }
}

fn meaning(code: i32) -> &'static str {
    match code {
        1 => "internal error",
        2 => "usage or configuration",
        4 => "input unusable",
        5 => "model refused or down",
        6 => "could not write",
        75 => "another run holds the lock",
        _ => "unknown exit code",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience { attempts: 3, backoff: Duration::from_secs(10) };

    fn name(verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Done { .. } => "done",
            Verdict::Again { .. } => "again",
            Verdict::Tomorrow { .. } => "tomorrow",
            Verdict::Dead { .. } => "dead",
        }
    }

    #[test]
    fn every_exit_code_has_its_verdict() {
        for (code, first, last) in [
            (0, "done", "done"),
            (1, "again", "dead"),
            (2, "dead", "dead"),
            (3, "done", "done"),
            (4, "dead", "dead"),
            (5, "again", "dead"),
            (6, "again", "dead"),
            (75, "again", "dead"),
            (101, "again", "dead"),
        ] {
            assert_eq!(name(&decide(&Exit::Code(code), "", 1, PATIENCE)), first, "{code}");
            assert_eq!(name(&decide(&Exit::Code(code), "", 3, PATIENCE)), last, "{code}");
        }
        assert_eq!(name(&decide(&Exit::TimedOut, "", 1, PATIENCE)), "again");
        assert_eq!(name(&decide(&Exit::Broken("signal 9".into()), "", 3, PATIENCE)), "dead");
    }

    #[test]
    fn a_spent_budget_waits_and_is_no_attempt() {
        let told = format!("error: 429: {BUDGET_SPENT} (10 of 10 tokens)");
        assert_eq!(name(&decide(&Exit::Code(5), &told, 9, PATIENCE)), "tomorrow");
        // Only the model's own refusal is one.
        assert_eq!(name(&decide(&Exit::Code(6), &told, 1, PATIENCE)), "again");
    }

    #[test]
    fn waits_double_up_to_an_hour() {
        let after =
            |attempts| match decide(&Exit::Code(5), "", attempts, Patience { attempts: 99, ..PATIENCE }) {
                Verdict::Again { after, .. } => after.as_secs(),
                _ => 0,
            };
        assert_eq!([after(1), after(2), after(3), after(20)], [10, 20, 40, 3600]);
    }
}
