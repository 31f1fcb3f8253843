//! What was spent, by this run and on this day, and how much may be.
//!
//! A day's spending is a file of lines, one for each amount taken and one for what went back, so that a killed run has
//! spent too much in the file rather than too little, and runs side by side see each other.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Write},
    ops::{Add, Sub},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use tracing::warn;

/// The most that may be spent; 0 is no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Caps {
    /// Tokens of one run.
    pub run_tokens: u64,
    /// Money of one run.
    pub run_money: f64,
    /// Tokens of all runs of a day.
    pub day_tokens: u64,
    /// Money of all runs of a day.
    pub day_money: f64,
}

/// Tokens and money; below zero for what goes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Amount {
    pub(super) tokens: i64,
    pub(super) money: f64,
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { tokens: self.tokens + other.tokens, money: self.money + other.money }
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { tokens: self.tokens - other.tokens, money: self.money - other.money }
    }
}

/// The book of one run.
#[derive(Debug)]
pub struct Ledger {
    caps: Caps,
    run: Mutex<Amount>,
    day: Option<PathBuf>,
}

impl Ledger {
    /// Without a file, the day's caps bound the run.
    pub fn new(caps: Caps, day: Option<&Path>) -> Self {
        Self { caps, run: Mutex::default(), day: day.map(Path::to_owned) }
    }

    pub(super) fn is_bounded(&self) -> bool {
        self.caps != Caps::default()
    }

    /// Takes an amount, or says which cap forbids it.
    pub(super) fn take(&self, amount: Amount) -> Result<(), String> {
        let Caps { run_tokens, run_money, day_tokens, day_money } = self.caps;
        let mut run = self.run();
        let wanted = *run + amount;
        within(wanted, run_tokens, run_money, "run")?;
        if day_tokens > 0 || day_money > 0.0 {
            let spent = |day| within(day + amount, day_tokens, day_money, "day");
            match &self.day {
                None => spent(*run)?,
                Some(path) => {
                    let unreadable =
                        |error| format!("the day's spending in `{}` is not known: {error}", path.display());
                    locked(path, |file| {
                        let verdict = spent(sum(file)?);
                        if verdict.is_ok() {
                            note(file, amount)?;
                        }
                        Ok(verdict)
                    })
                    .map_err(unreadable)??;
                }
            }
        }
        *run = wanted;
        Ok(())
    }

    /// Puts what was really used in the place of what was taken.
    pub(super) fn settle(&self, taken: Amount, used: Amount) {
        let mut run = self.run();
        *run = *run + used - taken;
        let has_day = self.caps.day_tokens > 0 || self.caps.day_money > 0.0;
        if let Some(path) = self.day.as_ref().filter(|_| has_day)
            && let Err(error) = locked(path, |file| note(file, used - taken))
        {
            warn!(%error, path = %path.display(), "the day's spending is noted too high");
        }
    }

    fn run(&self) -> MutexGuard<'_, Amount> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works on the day's file while no other run does.
fn locked<T>(path: &Path, work: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = File::options().create(true).read(true).append(true).open(path)?;
    file.lock()?;
    work(&mut file)
}

fn within(amount: Amount, tokens: u64, money: f64, of: &str) -> Result<(), String> {
    if tokens > 0 && amount.tokens > tokens.cast_signed() {
        return Err(format!("the call could exceed the {of}'s {tokens} tokens (`model.budget.{of}_tokens`)"));
    }
    if money > 0.0 && amount.money > money {
        return Err(format!("the call could exceed the {of}'s {money} (`model.budget.{of}_money`)"));
    }
    Ok(())
}

/// All amounts of a file. A line that a killed run left half written is none.
fn sum(file: &mut File) -> io::Result<Amount> {
    let mut sum = Amount::default();
    for line in BufReader::new(file).split(b'\n') {
        sum = sum + serde_json::from_slice(&line?).unwrap_or_default();
    }
    Ok(sum)
}

fn note(file: &mut File, amount: Amount) -> io::Result<()> {
    let mut line = serde_json::to_vec(&amount)?;
    line.push(b'\n');
    file.write_all(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(tokens: i64, money: f64) -> Amount {
        Amount { tokens, money }
    }

    #[test]
    fn a_run_never_takes_more_than_its_cap() {
        let caps = Caps { run_tokens: 100, ..Caps::default() };
        let ledger = Ledger::new(caps, None);
        ledger.take(amount(60, 0.0)).unwrap();
        let refused = ledger.take(amount(60, 0.0)).unwrap_err();
        assert!(refused.contains("`model.budget.run_tokens`"), "{refused}");
        ledger.settle(amount(60, 0.0), amount(10, 0.0));
        ledger.take(amount(90, 0.0)).unwrap();
    }

    #[test]
    fn runs_of_a_day_share_its_cap_also_after_a_kill() {
        let folder = tempfile::tempdir().unwrap();
        let day = folder.path().join("state/2026-01-24.jsonl");
        let caps = Caps { day_money: 1.0, ..Caps::default() };
        let first = Ledger::new(caps, Some(&day));
        first.take(amount(1, 0.6)).unwrap();
        let second = Ledger::new(caps, Some(&day));
        assert!(second.take(amount(1, 0.6)).unwrap_err().contains("`model.budget.day_money`"));
        first.settle(amount(1, 0.6), amount(1, 0.2));
        second.take(amount(1, 0.6)).unwrap();
        // Killed before it could settle, in the middle of a line.
        File::options().append(true).open(&day).unwrap().write_all(b"{\"tokens\":1,\"mon").unwrap();
        let third = Ledger::new(caps, Some(&day));
        assert!(third.take(amount(1, 0.3)).is_err());
        third.take(amount(1, 0.1)).unwrap();
    }
}
