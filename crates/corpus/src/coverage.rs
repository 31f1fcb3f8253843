//! **coverage**: whether a window's tweets came all day long, or whether the collector stood still for a while.
//!
//! Only the times of the window's own tweets are looked at. A silence is a gap where chance does not explain it: tweets are
//! taken to arrive as a Poisson process, so a silence for which `m` tweets were expected has the probability `exp(-m)`. What
//! was expected is estimated low, because arrivals come in bursts and because people sleep:
//!
//! - the rate is the lowest of three: the mean of the quietest two thirds of all other hours, and the means of the three hours
//!   in front of the silence and of the three behind it. So a slow decline into a lull is no gap; a sudden stop is;
//! - an hour of the night counts a third;
//! - the window is a ring: its last hours stand for what came before it, its first for what came after.
//!
//! What was measured with it stands in `docs/coverage.md`.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Window;

const HOUR: i64 = 3600;
/// A silence is a gap from so many expected tweets on: `exp(-11.5)` is 1 in 100,000.
const EXPECTED: f64 = 11.5;
/// What an hour of the night counts: real timelines fall to between a seventh and a half of their daily mean.
const NIGHT_SHARE: f64 = 1.0 / 3.0;
/// Hours at each end of a silence that are looked at by themselves.
const BESIDE: usize = 3;
/// Hours that there must be besides the silence, or nothing is known of how the day should have been.
const LEAST_HOURS: usize = 4;
/// Tweets without which no silence says anything: one for each hour of a day.
const LEAST_TWEETS: usize = 24;

/// `[coverage]`, as written.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageSettings {
    /// Fewer kept tweets than this make a day quiet.
    pub quiet_tweets: u64,
    /// No shorter silence is a gap; 0 looks for none.
    pub gap_hours: u32,
    /// The hours of the window's zone in which people sleep, first and behind the last.
    pub night_hours: [u32; 2],
}

/// Whether there was as much as there should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands out.
    #[default]
    Usual,
    /// Few tweets were kept, and no silence says that there should be more.
    Quiet,
    /// There are silences that neither chance nor the night explains.
    Incomplete,
}

/// A silence that neither chance nor the night explains.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Gap {
    /// The last tweet before it, or the window's start.
    pub start: DateTime<Utc>,
    /// The first tweet after it, or the window's end.
    pub end: DateTime<Utc>,
    /// Tweets that were expected in it, estimated low.
    pub expected: f64,
}

/// How a window's tweets are spread over it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Coverage {
    /// What is said of it.
    pub verdict: Verdict,
    /// Silences that neither chance nor the night explains, in order.
    pub gaps: Vec<Gap>,
    /// Tweets as read, for each hour that passed since the window's start.
    pub hours: Vec<u32>,
}

/// Judges a window by the times of its distinct tweets (in order, before any filter) and by how many were kept; `nights` are
/// the stretches in which fewer tweets are expected.
pub fn coverage(
    times: &[DateTime<Utc>],
    kept: u64,
    window: Window,
    nights: &[Window],
    settings: &CoverageSettings,
) -> Coverage {
    let day = Day { times, window, nights };
    let gaps = day.gaps(i64::from(settings.gap_hours) * HOUR);
    let verdict = match (gaps.is_empty(), kept < settings.quiet_tweets) {
        (false, _) => Verdict::Incomplete,
        (true, true) => Verdict::Quiet,
        (true, false) => Verdict::Usual,
    };
    Coverage { verdict, gaps, hours: day.hours() }
}

struct Day<'a> {
    times: &'a [DateTime<Utc>],
    window: Window,
    nights: &'a [Window],
}

impl Day<'_> {
    fn gaps(&self, shortest: i64) -> Vec<Gap> {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else { return Vec::new() };
        if shortest == 0 || self.times.len() < LEAST_TWEETS {
            return Vec::new();
        }
        // The silences at both ends of the window are one on the ring.
        let around = Window { start: *last, end: *first };
        let edges = [(self.window.start, *first, around), (*last, self.window.end, around)];
        let inside = self.times.iter().zip(self.times.iter().skip(1));
        let inside = inside.map(|(start, end)| (*start, *end, Window { start: *start, end: *end }));
        let long =
            |(start, end, _): &(DateTime<Utc>, DateTime<Utc>, Window)| seconds(*start, *end) >= shortest;
        let silences = edges.into_iter().chain(inside).filter(long);
        let judged = silences.map(|(start, end, silence)| {
            let expected = self.rate(silence) * self.waking_hours(Window { start, end });
            Gap { start, end, expected }
        });
        let mut gaps: Vec<Gap> = judged.filter(|gap| gap.expected > EXPECTED).collect();
        gaps.sort_by_key(|gap| gap.start);
        gaps
    }

    /// Tweets an hour that were to be expected in a silence, estimated low; 0 where nothing is known.
    fn rate(&self, silence: Window) -> f64 {
        let (counts, width) = self.others(silence);
        if counts.len() < LEAST_HOURS {
            return 0.0;
        }
        let mut quietest = counts.clone();
        quietest.sort_unstable();
        quietest.truncate((counts.len() * 2).div_ceil(3));
        let behind: Vec<u32> = counts.iter().take(BESIDE).copied().collect();
        let before: Vec<u32> = counts.iter().rev().take(BESIDE).copied().collect();
        [quietest, behind, before].iter().map(|counts| mean(counts)).fold(f64::INFINITY, f64::min) / width
    }

    /// Tweets for each stretch of time from a silence's end round to its start, and the length of each: an hour, or a little
    /// more, so that all are whole.
    fn others(&self, silence: Window) -> (Vec<u32>, f64) {
        let ring = seconds(self.window.start, self.window.end).max(1);
        let rest = seconds(silence.end, silence.start).rem_euclid(ring);
        let stretches = rest / HOUR;
        let mut counts = vec![0; usize::try_from(stretches).unwrap_or_default()];
        for time in self.times {
            let passed = seconds(silence.end, *time).rem_euclid(ring);
            // The silence's last tweet before it stands at the very end.
            let place = (passed * stretches / rest.max(1)).min(stretches - 1);
            add(&mut counts, place);
        }
        (counts, to_float(rest) / to_float(stretches.max(1) * HOUR))
    }

    /// Hours of a stretch of time; those of the night count less.
    fn waking_hours(&self, silence: Window) -> f64 {
        let shared =
            |night: &Window| seconds(silence.start.max(night.start), silence.end.min(night.end)).max(0);
        let (all, asleep) =
            (seconds(silence.start, silence.end), self.nights.iter().map(shared).sum::<i64>());
        (to_float(all - asleep) + NIGHT_SHARE * to_float(asleep)) / to_float(HOUR)
    }

    fn hours(&self) -> Vec<u32> {
        let whole =
            seconds(self.window.start, self.window.end).max(0).unsigned_abs().div_ceil(HOUR.unsigned_abs());
        let mut counts = vec![0; usize::try_from(whole).unwrap_or_default()];
        self.times.iter().for_each(|time| add(&mut counts, seconds(self.window.start, *time) / HOUR));
        counts
    }
}

fn seconds(start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    (end - start).num_seconds()
}

fn add(counts: &mut [u32], place: i64) {
    if let Some(count) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
        *count += 1;
    }
}

fn mean(counts: &[u32]) -> f64 {
    to_float(counts.iter().copied().map(i64::from).sum()) / to_float(i64::try_from(counts.len()).unwrap_or(1))
}

#[expect(clippy::cast_precision_loss, reason = "counts and seconds of a window are far below 2^52")]
fn to_float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests;
