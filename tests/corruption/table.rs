//! What became of the wrong claims, a row an operator.

use std::{collections::BTreeMap, fmt};

use super::{
    model::Deed,
    operators::Operator,
    trial::{Fate, Instead, Outcome, Plan},
};

#[derive(Default)]
pub(crate) struct Table {
    rows: BTreeMap<Operator, Row>,
    reports: usize,
    honest: usize,
    alarms: usize,
    instead: BTreeMap<Instead, usize>,
    /// Wrong claims that were not refused, honest ones that were refused, and those with nothing in their place, as lines.
    pub(crate) shown: Vec<String>,
    /// What must not be, and was.
    pub(crate) problems: Vec<String>,
}

#[derive(Default)]
struct Row {
    made: usize,
    refused: usize,
    again: usize,
    refused_again: usize,
    published: usize,
}

impl Table {
    pub(crate) fn add(&mut self, plan: Plan, outcome: &Outcome) {
        self.reports += 1;
        self.problems.extend(outcome.problems.iter().cloned());
        for (deed, fate) in &outcome.deeds {
            if let Some(operator) = deed.wrong {
                self.add_wrong(plan, operator, deed, *fate);
            } else {
                self.honest += 1;
                self.alarms += usize::from(*fate == Fate::Refused);
            }
        }
        let alarms = outcome.alarms.iter().map(|alarm| format!("refused, though honest, {plan}: {alarm}"));
        self.shown.extend(alarms);
        for (instead, refused) in &outcome.instead {
            *self.instead.entry(*instead).or_default() += 1;
            if matches!(instead, Instead::Nothing | Instead::Lost) {
                self.shown.push(format!("{instead:?} in place, {plan}: {refused}"));
            }
        }
    }

    fn add_wrong(&mut self, plan: Plan, operator: Operator, deed: &Deed, fate: Fate) {
        let row = self.rows.entry(operator).or_default();
        let (made, refused) = if deed.again {
            (&mut row.again, &mut row.refused_again)
        } else {
            (&mut row.made, &mut row.refused)
        };
        *made += 1;
        *refused += usize::from(deed.came_back || fate == Fate::Refused);
        row.published += usize::from(fate == Fate::Published);
        if fate != Fate::Refused {
            let (said, honest) = (&deed.said, &deed.honest);
            self.shown.push(format!(
                "{fate:?} {operator:?}, {plan}: {} {:?} | honest: {} | tweet: {}",
                said.text, said.cites, honest.text, deed.tweets
            ));
        }
    }

    /// Refused claims in whose place another one about the topic stands, of all refused ones.
    pub(crate) fn replaced(&self) -> f64 {
        let there = |instead: &&Instead| !matches!(instead, Instead::Nothing | Instead::Lost);
        let replaced: usize = self.instead.iter().filter(|(one, _)| there(one)).map(|(_, count)| count).sum();
        replaced as f64 / self.instead.values().sum::<usize>() as f64
    }

    /// Operators of which more got to the page than may.
    pub(crate) fn beyond(&self) -> Vec<String> {
        let beyond = |(operator, row): (&Operator, &Row)| {
            let share = row.published as f64 / (row.made + row.again).max(1) as f64;
            (share > operator.ceiling())
                .then(|| format!("{operator:?}: {share:.2} of the wrong claims were published"))
        };
        self.rows.iter().filter_map(beyond).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reports, honest, alarms, .. } = self;
        writeln!(f, "{reports} reports")?;
        writeln!(
            f,
            "{:<12} {:>6} {:>8} {:>6} {:>8} {:>10} {:>8}",
            "wrong", "made", "refused", "again", "refused", "published", "ceiling"
        )?;
        for (operator, row) in &self.rows {
            let Row { made, refused, again, refused_again, published } = row;
            let name = format!("{operator:?}");
            let ceiling = operator.ceiling();
            writeln!(
                f,
                "{name:<12} {made:>6} {refused:>8} {again:>6} {refused_again:>8} {published:>10} {ceiling:>8.2}"
            )?;
        }
        writeln!(f, "honest claims {honest}, of these refused {alarms}")?;
        let instead: Vec<String> =
            self.instead.iter().map(|(one, count)| format!("{one:?} {count}")).collect();
        write!(f, "in the place of refused claims: {}; replaced {:.3}", instead.join(", "), self.replaced())
    }
}
