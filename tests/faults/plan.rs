//! Which fault is played when: each alone, and mixes by a seed.

use std::fmt;

use super::{
    catalogue::Fault,
    trial::{BASELINE, question, room},
};
use crate::support::{dice::Dice, fault_server::Call};

/// One run.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) what: What,
    /// Whether server-sent events are asked for.
    pub(crate) stream: bool,
    /// Whether the log tells all.
    pub(crate) verbose: bool,
}

#[derive(Clone)]
pub(crate) enum What {
    Nothing,
    Alone(Fault, Mode),
    Mixed(Mix),
}

/// When a fault that is alone is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// The first call of the run.
    Once,
    /// Every call that can have it.
    Always,
    /// The calls that ask for it: the too long, those with one certain tweet, those with little room for an answer.
    Fitting,
}

/// Faults by chance; the same question gets the same faults again, in whatever order questions come.
#[derive(Clone)]
pub(crate) struct Mix {
    seed: u64,
    share: f64,
    faults: Vec<Fault>,
}

impl Plan {
    pub(crate) fn honest() -> Self {
        Self { what: What::Nothing, stream: false, verbose: false }
    }

    pub(crate) fn falls_into_a_hole(&self) -> bool {
        matches!(&self.what, What::Alone(fault, _) if fault.net.as_deref() == Some("blackhole"))
    }
}

impl Mode {
    /// Those in which a fault can be played.
    pub(crate) fn of(fault: &Fault) -> Vec<Self> {
        let fits = matches!(fault.act.as_str(), "bisect" | "shrink" | "grow_tokens");
        let modes = [(Self::Once, !fault.is_of_the_address()), (Self::Always, true), (Self::Fitting, fits)];
        modes.into_iter().filter(|(_, there)| *there).map(|(mode, _)| mode).collect()
    }
}

impl What {
    /// The fault that this call gets.
    pub(crate) fn of(&self, call: &Call) -> Option<&Fault> {
        match self {
            Self::Nothing => None,
            Self::Alone(fault, Mode::Once) => (call.number == 0).then_some(fault),
            Self::Alone(fault, Mode::Always) => can_have(fault, call).then_some(fault),
            Self::Alone(fault, Mode::Fitting) => asks_for(fault, call).then_some(fault),
            Self::Mixed(mix) => mix.of(call).filter(|fault| can_have(fault, call)),
        }
    }
}

/// An endpoint refuses a form only while it is asked for it.
fn can_have(fault: &Fault, call: &Call) -> bool {
    let form = &call.body["response_format"]["type"];
    match fault.id.as_str() {
        "format_schema_unavailable" => form.is_string(),
        "422_schema" => form == "json_schema",
        _ => true,
    }
}

fn asks_for(fault: &Fault, call: &Call) -> bool {
    match fault.act.as_str() {
        "shrink" => question(&call.body).len() > BASELINE.longest * 3 / 5,
        "grow_tokens" => room(&call.body) < BASELINE.max_tokens * 2,
        _ => question(&call.body).contains(&BASELINE.tweet),
    }
}

impl Mix {
    /// One to six faults that play in a tenth to nine tenths of all calls; one mix in six may have a fatal one.
    pub(crate) fn new(seed: u64, all: &[Fault]) -> Self {
        let mut dice = Dice(seed);
        let fatal = dice.below(6) == 0;
        let fits = |fault: &&Fault| !fault.is_of_the_address() && (fatal || fault.act != "fatal_run");
        let choice: Vec<&Fault> = all.iter().filter(fits).collect();
        let count = 1 + dice.below(6);
        let faults = (0..count).map(|_| choice[dice.below(choice.len())].clone()).collect();
        Self { seed, share: 0.1 + 0.8 * dice.unit(), faults }
    }

    /// One question in five gets the same fault whenever it is asked.
    fn of(&self, call: &Call) -> Option<&Fault> {
        let mut question = Dice(self.seed ^ call.question);
        let mut dice =
            if question.unit() < 0.2 { question } else { Dice(question.next() ^ call.attempt as u64) };
        (dice.unit() < self.share).then(|| &self.faults[dice.below(self.faults.len())])
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<&str> = self.faults.iter().map(|fault| fault.id.as_str()).collect();
        write!(f, "seed {} ({:.2} of {})", self.seed, self.share, faults.join(", "))
    }
}
