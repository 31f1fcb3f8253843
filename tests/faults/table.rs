//! The matrix as a table, a row a fault.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    catalogue::Fault,
    expected::{deviations, is_known},
    plan::{Mode, Plan, What},
    trial::Outcome,
};

pub(crate) struct Table {
    rows: Vec<Row>,
    mixes: Row,
    failures: Vec<String>,
}

#[derive(Default)]
struct Row {
    fault: String,
    act: String,
    alone: usize,
    mixed: usize,
    calls: BTreeSet<usize>,
    codes: BTreeSet<Option<i32>>,
    grades: BTreeSet<String>,
    seconds: f64,
    /// By verdict: in which runs.
    verdicts: BTreeMap<String, BTreeSet<String>>,
}

impl Table {
    pub(crate) fn new(faults: &[Fault]) -> Self {
        let row = |fault: &Fault| Row { fault: fault.id.clone(), act: fault.act.clone(), ..Row::default() };
        let mixes = Row { fault: "(mixes)".to_owned(), ..Row::default() };
        Self { rows: faults.iter().map(row).collect(), mixes, failures: Vec::new() }
    }

    pub(crate) fn add(&mut self, plan: &Plan, outcome: &Outcome) {
        let form = if plan.stream { "streamed" } else { "whole" };
        match &plan.what {
            What::Alone(fault, mode) => self.add_alone(fault, *mode, form, outcome),
            What::Mixed(mix) => self.add_mixed(&format!("{mix}, {form}"), outcome),
            What::Nothing => {}
        }
    }

    fn add_alone(&mut self, fault: &Fault, mode: Mode, form: &str, outcome: &Outcome) {
        let Some(row) = self.rows.iter_mut().find(|row| row.fault == fault.id) else { return };
        row.alone += 1;
        row.add(outcome);
        let run = format!("{mode:?} {form}").to_lowercase();
        let failures = row.judge(&run, outcome);
        let found = deviations(fault, mode, outcome);
        let (known, new): (Vec<_>, Vec<_>) = found.into_iter().partition(|(kind, _)| is_known(fault, *kind));
        row.tell("known", &run, known.len());
        row.tell("DEVIATES", &run, new.len());
        let failures = failures.into_iter().chain(new.into_iter().map(|(_, words)| words));
        let place = format!("{} ({}), {run}", fault.id, fault.act);
        self.failures.extend(failures.map(|problem| format!("{place}: {problem}")));
    }

    fn add_mixed(&mut self, mix: &str, outcome: &Outcome) {
        self.mixes.mixed += 1;
        self.mixes.add(outcome);
        let failures = self.mixes.judge(mix, outcome);
        self.failures.extend(failures.iter().map(|problem| format!("{mix}: {problem}")));
        let played = self.rows.iter_mut().filter(|row| outcome.played.contains(&row.fault));
        played.for_each(|row| row.mixed += 1);
    }

    /// What must not be, and was.
    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }
}

impl Row {
    fn add(&mut self, outcome: &Outcome) {
        self.calls.insert(outcome.bodies.len());
        self.codes.insert(outcome.code);
        self.grades.insert(if outcome.grade.is_empty() { "none".to_owned() } else { outcome.grade.clone() });
        self.seconds = self.seconds.max(outcome.seconds);
    }

    /// What must never be, and was.
    fn judge(&mut self, run: &str, outcome: &Outcome) -> Vec<String> {
        self.tell("FAILS", run, outcome.problems.len());
        outcome.problems.clone()
    }

    fn tell(&mut self, verdict: &str, run: &str, problems: usize) {
        if problems > 0 {
            self.verdicts.entry(verdict.to_owned()).or_default().insert(run.to_owned());
        }
    }

    fn calls(&self) -> String {
        match (self.calls.first(), self.calls.last()) {
            (Some(least), Some(most)) if least != most => format!("{least}-{most}"),
            (Some(calls), _) => calls.to_string(),
            _ => String::new(),
        }
    }

    fn verdict(&self) -> String {
        let verdict = |(verdict, runs): (&String, &BTreeSet<String>)| format!("{verdict}: {}", joined(runs));
        let verdicts: Vec<String> = self.verdicts.iter().map(verdict).collect();
        if verdicts.is_empty() { "ok".to_owned() } else { verdicts.join("; ") }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<36} {:<17} {:>5} {:>5} {:>6} {:>5}  {:<5} {:<25} verdict",
            "fault", "act", "alone", "mixed", "calls", "max s", "exit", "grades"
        )?;
        self.rows.iter().chain([&self.mixes]).try_for_each(|row| writeln!(f, "{row}"))
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, act, alone, mixed, seconds, codes, grades, .. } = self;
        let codes = codes.iter().map(|code| code.map_or("?".to_owned(), |code| code.to_string())).collect();
        let (calls, codes, grades) = (self.calls(), joined(&codes), joined(grades));
        write!(
            f,
            "{fault:<36} {act:<17} {alone:>5} {mixed:>5} {calls:>6} {seconds:>5.1}  {codes:<5} {grades:<25} {}",
            self.verdict()
        )
    }
}

fn joined(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
