//! What became of a story or a word over a range of days: it rose, it fell, it held, or there is too little to tell.
//!
//! The second half of the range is held against the first, the middle day of an odd number against nothing. A count is
//! taken as Poisson with a rate in proportion to the tweets that its day had at all, so that a busy day or a missing one makes
//! no course. Of `k` tweets in both halves those of the second are then binomial, with the second half's share of all tweets
//! for a probability: the conditional test of two Poisson rates (Przyborowski & Wilenski 1940), exact, so that it holds
//! for a handful of tweets too. Its p-value is two-sided: twice the smaller tail. How much a share changed is told by the ratio of
//! both, each count with half a tweet more, as Haldane (1956) and Anscombe (1956) correct it, so that nothing is
//! infinitely more than none.
//!
//! What it does not know: tweets come in bursts, so chance does more than Poisson says; and of many steady stories a few seem
//! to move. So a change must be both unlikely and large.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From when on there is a course.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseSettings {
    /// Days with a tweet; what was there on fewer has no course.
    pub min_days: usize,
    /// Tweets in all: of fewer than five no change is unlikely enough for 0.1, and that it held is not known either.
    pub min_tweets: u64,
    /// Up to this p-value a change is none of chance.
    pub significance: f64,
    /// It rose when its share of the tweets grew by this factor at least, and fell when it shrank by it; it held when it did
    /// neither.
    pub min_ratio: f64,
}

/// The tweets of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayCount {
    /// Those that are counted.
    pub tweets: u64,
    /// All of the day, these among them; 0 for a day of which nothing is known.
    pub of: u64,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// More in the second half.
    Rose,
    /// Less in the second half.
    Fell,
    /// About as much in both.
    Held,
    /// There on too few days, in too few tweets, or neither alike nor different enough.
    Unclear,
}

/// A course, and what it was judged by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measured {
    /// What became of it.
    pub course: Course,
    /// The tweets of the first half.
    pub before: DayCount,
    /// Those of the second.
    pub after: DayCount,
    /// The probability of such a change or a larger one by chance.
    pub p: f64,
    /// The second half's share of the tweets by the first's.
    pub ratio: f64,
}

/// Judges the counts of consecutive days, oldest first.
pub fn course(days: &[DayCount], settings: &CourseSettings) -> Measured {
    let half = days.len() / 2;
    let (first, rest) = days.split_at(half);
    let second = rest.get(rest.len() - half..).unwrap_or_default();
    let measured = shift(sum(first), sum(second), settings);
    let there = days.iter().filter(|day| day.tweets > 0).count();
    let enough = there >= settings.min_days && sum(days).tweets >= settings.min_tweets;
    let course = if enough { measured.course } else { Course::Unclear };
    Measured { course, ..measured }
}

/// Judges a second count against a first one.
pub fn shift(before: DayCount, after: DayCount, settings: &CourseSettings) -> Measured {
    let unknown = before.of == 0 || after.of == 0;
    let rate = |count: DayCount| (count.tweets as f64 + 0.5) / count.of.max(1) as f64;
    let ratio = rate(after) / rate(before);
    let share = after.of as f64 / (before.of + after.of).max(1) as f64;
    let p = if unknown { 1.0 } else { two_sided(after.tweets, before.tweets + after.tweets, share) };
    let (changed, factor) = (p <= settings.significance, settings.min_ratio);
    let in_both = before.tweets > 0 && after.tweets > 0;
    let course = match ratio {
        _ if unknown => Course::Unclear,
        ratio if changed && ratio >= factor => Course::Rose,
        ratio if changed && ratio <= 1.0 / factor => Course::Fell,
        ratio if in_both && ratio < factor && ratio > 1.0 / factor => Course::Held,
        _ => Course::Unclear,
    };
    Measured { course, before, after, p, ratio }
}

fn sum(days: &[DayCount]) -> DayCount {
    let add =
        |sum: DayCount, day: &DayCount| DayCount { tweets: sum.tweets + day.tweets, of: sum.of + day.of };
    days.iter().fold(DayCount::default(), add)
}

/// Twice the smaller tail of a binomial at `hits` of `all`, 1 at most.
fn two_sided(hits: u64, all: u64, probability: f64) -> f64 {
    let odds = (probability / (1.0 - probability)).ln();
    // The logarithm of each probability, from that of no hit on; sums of thousands of factors would vanish.
    let mut log = all as f64 * (1.0 - probability).ln();
    let (mut below, mut above) = (0.0, 0.0);
    for count in 0..=all {
        let mass = log.exp();
        below += if count <= hits { mass } else { 0.0 };
        above += if count >= hits { mass } else { 0.0 };
        log += ((all - count) as f64 / (count + 1) as f64).ln() + odds;
    }
    (2.0 * f64::min(below, above)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: CourseSettings =
        CourseSettings { min_days: 2, min_tweets: 5, significance: 0.1, min_ratio: 1.5 };

    /// The course of counts, on days of a hundred tweets each.
    fn check(counts: &[u64], wanted: Course) {
        let days: Vec<DayCount> = counts.iter().map(|tweets| DayCount { tweets: *tweets, of: 100 }).collect();
        let measured = course(&days, &SETTINGS);
        assert_eq!(measured.course, wanted, "{counts:?}: {measured:?}");
    }

    #[test]
    fn tiny_counts_make_no_course() {
        for counts in [&[1, 2][..], &[0, 4], &[2, 1], &[1, 0, 3], &[0, 0], &[1], &[], &[0, 1, 0, 0, 2, 0]] {
            check(counts, Course::Unclear);
        }
        // Of five tweets a change could have been seen.
        check(&[2, 3], Course::Held);
        // Twice as much may be chance: it neither held nor rose.
        check(&[3, 6], Course::Unclear);
    }

    #[test]
    fn what_is_unlikely_and_large_is_a_course() {
        check(&[0, 1, 9], Course::Rose);
        check(&[2, 3, 2, 6, 8, 9, 7], Course::Rose);
        check(&[9, 1, 0], Course::Fell);
        check(&[20, 0, 0, 0, 0, 2], Course::Fell);
        check(&[5, 5, 5, 6], Course::Held);
        check(&[10, 11, 9, 10, 12], Course::Held);
        // Sure, but small.
        check(&[1000, 1200], Course::Held);
    }

    #[test]
    fn one_day_is_no_course_however_many_tweets() {
        check(&[0, 0, 0, 30], Course::Unclear);
        check(&[30, 0, 0, 0], Course::Unclear);
    }

    #[test]
    fn a_busy_day_is_no_rise() {
        let days = [DayCount { tweets: 5, of: 100 }, DayCount { tweets: 25, of: 500 }];
        assert_eq!(course(&days, &SETTINGS).course, Course::Held);
        let missing = [DayCount { tweets: 5, of: 100 }, DayCount { tweets: 4, of: 80 }, DayCount::default()];
        assert_eq!(course(&missing, &SETTINGS).course, Course::Unclear);
    }

    #[test]
    fn the_p_value_is_the_binomials() {
        let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
        near(two_sided(0, 0, 0.5), 1.0);
        near(two_sided(5, 5, 0.5), 2.0 / 32.0);
        near(two_sided(2, 3, 0.5), 1.0);
        near(two_sided(8, 9, 0.5), 2.0 * 10.0 / 512.0);
        near(two_sided(3, 3, 0.25), 2.0 / 64.0);
        assert!(two_sided(5000, 10_000, 0.5) > 0.9);
        assert!(two_sided(5300, 10_000, 0.5) < 1e-8);
    }

    #[test]
    fn both_directions_are_judged_alike() {
        for (one, other) in [(0, 7), (3, 9), (10, 30), (4, 4)] {
            let count = |tweets| DayCount { tweets, of: 200 };
            let (up, down) =
                (shift(count(one), count(other), &SETTINGS), shift(count(other), count(one), &SETTINGS));
            assert!((up.p - down.p).abs() < 1e-12 && (up.ratio * down.ratio - 1.0).abs() < 1e-12);
        }
    }
}
