//! Which reports of a range are to be made, as far as that can be told without reading a tweet.

use ledger::State;

use crate::{
    books::Books,
    cli::Only,
    exit::Failure,
    job::Job,
    period::Period,
    pipeline::makeshift,
    publishing::{head, is_there},
};

/// Of these periods, those that were asked for.
pub(super) fn wanted(
    job: &Job,
    books: &Books,
    periods: Vec<Period>,
    only: Only,
) -> Result<Vec<Period>, Failure> {
    let is_wanted = |period: Period| {
        Ok(match only {
            Only::All => true,
            Only::Missing => !is_there(job, period),
            Only::Stale => is_there(job, period),
            Only::Failed => has_failed(job, books, period)?,
        })
    };
    let judged = periods.into_iter().map(|period| Ok((period, is_wanted(period)?)));
    let judged = judged.collect::<Result<Vec<_>, Failure>>()?;
    Ok(judged.into_iter().filter(|(_, wanted)| *wanted).map(|(period, _)| period).collect())
}

/// Whether its last run failed or died, or had to do without the model.
fn has_failed(job: &Job, books: &Books, period: Period) -> Result<bool, Failure> {
    let last = books.last(period)?;
    let failed = last.is_some_and(|run| matches!(run.state, State::Failed | State::Died));
    Ok(failed || head(job, period).is_some_and(|head| makeshift(head.grade)))
}
