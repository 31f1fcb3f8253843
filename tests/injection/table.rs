//! What became of the attacks, a row each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{attack::Attack, trial::Outcome};

#[derive(Default)]
pub(crate) struct Table {
    rows: BTreeMap<String, Row>,
    /// What came to the page as plain text, and in which report.
    published: BTreeSet<String>,
    /// What must not be, and was.
    pub(crate) problems: Vec<String>,
}

#[derive(Default)]
struct Row {
    runs: usize,
    tweets: usize,
    seen: usize,
    said: String,
    /// What became of what was said: how often.
    fates: BTreeMap<String, usize>,
    codes: BTreeSet<Option<i32>>,
    seconds: f64,
}

impl Table {
    pub(crate) fn add(&mut self, attack: &Attack, outcome: &Outcome) {
        let Attack { id, class, language, place, .. } = attack;
        let row = self.rows.entry(format!("{id} ({class})")).or_default();
        row.runs += 1;
        row.tweets += attack.tweets.len();
        row.seen += outcome.seen;
        row.seconds = row.seconds.max(outcome.seconds);
        row.codes.insert(outcome.code);
        if row.said.is_empty() {
            let said = outcome.said.first().map_or("", String::as_str);
            row.said = said.chars().take(36).map(|c| if c.is_control() { ' ' } else { c }).collect();
        }
        for (said, fate) in outcome.said.iter().zip(&outcome.fates) {
            if fate.starts_with("PUBLISHED") {
                let said: String = said.chars().take(80).collect();
                self.published.insert(format!("{language:?}: {said}"));
            }
        }
        for fate in &outcome.fates {
            *row.fates.entry(format!("{fate} {language:?}")).or_default() += 1;
        }
        let run = format!("{id}, {place:?}, {language:?}");
        self.problems.extend(outcome.problems.iter().map(|problem| format!("{run}: {problem}")));
    }

    /// The share of attacking tweets that came before the model.
    pub(crate) fn seen(&self) -> f64 {
        let (seen, tweets) = self.rows.values().fold((0, 0), |(a, b), row| (a + row.seen, b + row.tweets));
        seen as f64 / tweets as f64
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "case | runs | tweets seen | exit | max s | said | what became of it")?;
        for (id, row) in &self.rows {
            let Row { runs, tweets, seen, said, fates, codes, seconds } = row;
            let codes: Vec<String> =
                codes.iter().map(|code| code.map_or("?".to_owned(), |code| code.to_string())).collect();
            let fates: Vec<String> = fates.iter().map(|(fate, times)| format!("{fate} ×{times}")).collect();
            let (codes, fates) = (codes.join(","), fates.join("; "));
            writeln!(f, "{id} | {runs} | {seen}/{tweets} | {codes} | {seconds:.1} | {said} | {fates}")?;
        }
        self.published.iter().try_for_each(|said| writeln!(f, "published as plain text, {said}"))
    }
}
