//! What is left of the month's money, by the run ledger: it bounds the run.

use chrono::{DateTime, Utc};

use crate::{
    books::Books,
    exit::{Code, Failure},
    job::calendar,
    settings::{Mode, Settings},
};

/// Lowers what this run may spend to what is left of the month. When nothing is, the run is one whose calls all fail: what is kept
/// is used, and `writer.on_failure` says what becomes of the rest.
pub(crate) fn of_month(settings: &mut Settings, now: DateTime<Utc>) -> Result<(), Failure> {
    let most = settings.model.budget.month_money;
    if most <= 0.0 || settings.writer.mode == Mode::Extractive {
        return Ok(());
    }
    if settings.ledger.file.as_os_str().is_empty() {
        return Err(Failure::say(Code::Usage, "`model.budget.month_money` needs a run ledger")
            .hint("set `ledger.file`, or bound a run or a day instead"));
    }
    let since = calendar(settings)?.month(now).1;
    let currency = &settings.model.currency;
    let spent = Books::look(settings)?.spent(since)?;
    let spent: f64 = spent.iter().filter(|spent| spent.currency == *currency).map(|spent| spent.cost).sum();
    let left = most - spent;
    if left <= 0.0 {
        tracing::warn!(
            "the month's budget is spent, {spent:.4} of {most:.4} {currency}: no call leaves that costs money"
        );
    }
    let run = &mut settings.model.budget.run_money;
    let left = left.max(f64::MIN_POSITIVE);
    *run = if *run > 0.0 { run.min(left) } else { left };
    Ok(())
}
