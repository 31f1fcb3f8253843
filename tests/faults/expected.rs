//! What a run against one fault is to come to, by what is right to do about it.

use super::{
    catalogue::Fault,
    plan::Mode,
    trial::{BASELINE, Outcome},
};

/// What is expected of a run.
#[derive(Debug)]
pub(crate) struct Expectation {
    codes: &'static [i32],
    /// The report's; empty for no report.
    grades: &'static [&'static str],
    /// The most claims of an honest run that may be another writer's.
    lost: usize,
    /// The most calls.
    calls: usize,
}

/// Nothing of the fault is left in the report.
const WHOLE: Expectation = Expectation { codes: &[0], grades: &["model"], lost: 0, calls: ANY };
/// Claims that the checker refuses, and topics that did not fit into a question, are told by the extractive writer, which is
/// no gap.
const CHECKED: Expectation = Expectation { lost: ANY, ..WHOLE };
/// What one tweet holds is missing, or told by the extractive writer.
const ALL_BUT_ONE_TOPIC: Expectation =
    Expectation { codes: &[0, 3], grades: &["model", "model_with_gaps"], lost: 2, calls: ANY };
/// A part is the extractive writer's.
const WITH_A_GAP: Expectation =
    Expectation { codes: &[3], grades: &["model_with_gaps"], lost: ANY, calls: ANY };
/// All is the extractive writer's.
const EXTRACTIVE: Expectation = Expectation { codes: &[3], grades: &["fallback"], lost: ANY, calls: ANY };
/// Whatever a reader makes of quotation marks.
const READ_OR_NOT: Expectation =
    Expectation { codes: &[0, 3], grades: &["model", "fallback"], lost: ANY, calls: ANY };
/// The run ends.
const ENDED: Expectation = Expectation { codes: &[5], grades: &[""], lost: ANY, calls: ANY };
const ANY: usize = usize::MAX;

/// By what is right to do, and by when the fault is played.
pub(crate) fn expected(fault: &Fault, mode: Mode) -> Expectation {
    let outcome = match (fault.act.as_str(), mode) {
        ("fatal_run", _) => ENDED,
        ("fallback", Mode::Once) => WITH_A_GAP,
        ("bisect", Mode::Fitting) => ALL_BUT_ONE_TOPIC,
        ("repair", _) if is_miscited(fault) => CHECKED,
        ("shrink", Mode::Once | Mode::Fitting) => CHECKED,
        ("reask", Mode::Always) if fault.id.ends_with("_quotes") => READ_OR_NOT,
        ("ok" | "ok_warn" | "repair" | "downgrade_format", _) | (_, Mode::Once | Mode::Fitting) => WHOLE,
        (
            "retry" | "retry_after" | "fallback" | "reask" | "bisect" | "shrink" | "grow_tokens",
            Mode::Always,
        ) => EXTRACTIVE,
        (other, _) => panic!("nobody expects anything of `{other}`"),
    };
    Expectation { calls: most_calls(fault, mode), ..outcome }
}

/// Whether the answers can be read, and cite what there is not.
fn is_miscited(fault: &Fault) -> bool {
    fault.id == "json_unknown_ids"
}

/// For each question of an honest run what the fault may cost; nothing is said where that depends on the question.
fn most_calls(fault: &Fault, mode: Mode) -> usize {
    match (fault.act.as_str(), fault.max_calls, mode) {
        ("fatal_run", _, _) => 1,
        (_, 0, _) | (_, _, Mode::Fitting) => ANY,
        // What the checker refuses is asked for once more.
        ("repair", _, Mode::Once) if is_miscited(fault) => BASELINE.calls + 1,
        ("repair", _, Mode::Always) if is_miscited(fault) => BASELINE.calls * 2,
        // So are overview and key points where they repeat the extractive writer's words.
        ("fallback", of_one, Mode::Once) => BASELINE.calls + of_one - 1 + 2,
        (_, of_one, Mode::Once) => BASELINE.calls + of_one - 1,
        // The catalogue has one step down; played here is an endpoint that needs both.
        ("downgrade_format", of_one, Mode::Always) => BASELINE.calls * (of_one + 1),
        (_, of_one, Mode::Always) => BASELINE.calls * of_one,
    }
}

/// What of a run is not as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deviation {
    /// The fault was not played at all: the test is wrong.
    Played,
    Code,
    Grade,
    /// Too few claims by the model.
    Claims,
    Calls,
    /// The wait that was asked for was not kept.
    Wait,
}

/// All that is not as expected, in words.
pub(crate) fn deviations(fault: &Fault, mode: Mode, outcome: &Outcome) -> Vec<(Deviation, String)> {
    let Expectation { codes, grades, lost, calls } = expected(fault, mode);
    let Outcome { code, grade, by_model, bodies, played, seconds, .. } = outcome;
    let wait = fault.stated_wait().as_secs_f64();
    let least = BASELINE.by_model.saturating_sub(lost);
    let was_played = played.contains(&fault.id) || fault.is_of_the_address();
    let is_right = code.is_some_and(|code| codes.contains(&code));
    let checks = [
        (was_played, Deviation::Played, "the fault was not played".to_owned()),
        (is_right, Deviation::Code, format!("exit {code:?}, not {codes:?}")),
        (grades.contains(&grade.as_str()), Deviation::Grade, format!("grade `{grade}`, not {grades:?}")),
        (*by_model >= least, Deviation::Claims, format!("{by_model} claims by the model, not {least}")),
        (*seconds >= wait, Deviation::Wait, format!("{seconds:.2} s, though told to wait {wait} s")),
        (bodies.len() <= calls, Deviation::Calls, format!("{} calls, not {calls}", bodies.len())),
    ];
    checks.into_iter().filter(|(holds, ..)| !holds).map(|(_, kind, words)| (kind, words)).collect()
}

/// What does not come to what is expected: the table tells it, and it fails nothing.
pub(crate) fn is_known(fault: &Fault, deviation: Deviation) -> bool {
    // The sections are asked at the same time, so some are on their way when the first is refused.
    fault.act == "fatal_run" && deviation == Deviation::Calls
}
