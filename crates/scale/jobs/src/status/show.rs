//! The same for people.

use std::fmt;

use super::{Account, Lane, Letter, Running, Status, Totals};

/// Lanes and letters of a kind that are shown; `--json` has all.
const SHOWN: usize = 20;

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { waiting, queued, running, done, dead } = self;
        write!(f, "done {done}, running {running}, queued {queued}, waiting {waiting}, dead {dead}")
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "reports: {}; {:.1} a minute", self.totals, self.per_minute)?;
        let open = self.lanes.iter().filter(|lane| lane.next_day.is_some() || lane.totals.dead > 0);
        for Lane { site, profile, totals, next_day } in open.take(SHOWN) {
            let next = next_day.map_or_else(String::new, |day| format!("; next {day}"));
            writeln!(f, "  {profile} at {site}: {totals}{next}")?;
        }
        for Running { report, worker, seconds } in &self.running {
            writeln!(f, "running: {report} by {worker} for {seconds:.0} s")?;
        }
        for (kind, letters) in [("again", &self.again), ("dead", &self.dead)] {
            for Letter { id, report, attempts, reason, in_seconds, .. } in letters.iter().take(SHOWN) {
                let when = in_seconds.map_or_else(String::new, |seconds| format!(", in {seconds:.0} s"));
                writeln!(f, "{kind}: {id} {report}, {attempts} attempts{when}: {reason}")?;
            }
        }
        self.accounts.iter().try_for_each(|account| writeln!(f, "{account}"))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |cap: i64| if cap > 0 { format!(" of {cap}") } else { String::new() };
        let Self { name, calls, tokens, asking, slot_in_seconds, .. } = self;
        write!(f, "{name}: {calls} calls today, {tokens}{} tokens", of(self.day_tokens))?;
        let money = |micros: i64| micros as f64 / 1e6;
        if self.micros > 0 || self.day_micros > 0 {
            let cap = if self.day_micros > 0 {
                format!(" of {:.4}", money(self.day_micros))
            } else {
                String::new()
            };
            write!(f, ", money {:.4}{cap}", money(self.micros))?;
        }
        let (requests, minute) = (self.requests_per_minute, self.tokens_per_minute);
        if requests > 0 || minute > 0 {
            write!(f, "; at most {requests} requests and {minute} tokens a minute (0 = no bound)")?;
        }
        write!(f, "; {asking} on their way, next slot in {slot_in_seconds:.1} s")
    }
}
