//! Days by the hour: a digit is how many tweets an hour has, evenly spread.

use chrono::TimeDelta;

use super::*;

const SETTINGS: CoverageSettings = CoverageSettings { quiet_tweets: 20, gap_hours: 3, night_hours: [0, 9] };

fn start() -> DateTime<Utc> {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

fn hours(from: i64, to: i64) -> Window {
    Window { start: start() + TimeDelta::hours(from), end: start() + TimeDelta::hours(to) }
}

/// Judges a day of these hours, whose night lasts until nine; all that is read is kept.
fn judge(by_hour: &str) -> Coverage {
    let counts: Vec<i64> = by_hour.chars().filter_map(|c| c.to_digit(10)).map(i64::from).collect();
    let minutes = counts
        .iter()
        .zip(0_i64..)
        .flat_map(|(count, hour)| (0..*count).map(move |place| hour * 60 + (2 * place + 1) * 30 / count));
    let times: Vec<DateTime<Utc>> = minutes.map(|minute| start() + TimeDelta::minutes(minute)).collect();
    let days = i64::try_from(counts.len()).unwrap() / 24;
    let nights: Vec<Window> = (0..days).map(|day| hours(day * 24, day * 24 + 9)).collect();
    let window = hours(0, i64::try_from(counts.len()).unwrap());
    coverage(&times, times.len() as u64, window, &nights, &SETTINGS)
}

/// The hours that its gaps touch.
fn gaps(by_hour: &str) -> Vec<(i64, i64)> {
    let hour = |time| seconds(start(), time) / HOUR;
    judge(by_hour).gaps.iter().map(|gap| (hour(gap.start), hour(gap.end))).collect()
}

#[test]
fn a_sudden_silence_of_a_busy_day_is_a_gap() {
    assert_eq!(gaps("322222234466666666665443"), []);
    assert_eq!(gaps("322222234466600000665443"), [(12, 18)]);
    // At the window's beginning, in the night, it takes longer to be sure; at its end.
    assert_eq!(gaps("000222234466666666665443"), []);
    assert_eq!(gaps("000000000000666666665443"), [(0, 12)]);
    assert_eq!(gaps("322222234466666666600000"), [(18, 24)]);
}

#[test]
fn one_night_is_no_gap_and_neither_is_a_slow_evening() {
    assert_eq!(gaps("320000000346666666665443"), []);
    assert_eq!(gaps("321100000012345678997543"), []);
    assert_eq!(gaps("311111234455555432100001"), []);
}

#[test]
fn a_day_of_few_tweets_is_quiet_and_not_incomplete() {
    for by_hour in ["000000000100100010000000", "111100000000000000001111", "900000000000000000000009"] {
        assert_eq!(judge(by_hour).verdict, Verdict::Quiet, "{by_hour}");
    }
    assert_eq!(judge("000000000000000000000000").verdict, Verdict::Quiet);
    assert_eq!(judge("111111111111111111111111").verdict, Verdict::Usual);
}

#[test]
fn a_burst_says_nothing_of_the_hours_around_it() {
    assert_eq!(gaps("000000000000099900000000"), []);
    assert_eq!(gaps("101010101010990101000101"), []);
}

#[test]
fn days_of_any_length_have_all_their_hours() {
    for length in [23, 24, 25] {
        let day = judge(&"5".repeat(length));
        assert_eq!((day.hours, day.gaps), (vec![5; length], Vec::new()), "{length} hours");
    }
    assert_eq!(gaps("32222223446660000066544"), [(12, 18)]);
    assert_eq!(gaps("3222222344666000006654433"), [(12, 18)]);
}

#[test]
fn a_week_with_a_day_missing_has_one_gap_and_its_nights_have_none() {
    let (day, none) = ("320000000346666666665443", "000000000000000000000000");
    assert_eq!(gaps(&day.repeat(7)), []);
    assert_eq!(gaps(&[day, day, day, none, day, day, day].concat()), [(71, 96)]);
}

#[test]
fn no_hours_and_no_gaps_where_none_are_looked_for() {
    let times: Vec<DateTime<Utc>> = (0..60).map(|minute| start() + TimeDelta::minutes(minute * 6)).collect();
    let found = |gap_hours| {
        let settings = CoverageSettings { gap_hours, ..SETTINGS };
        coverage(&times, 60, hours(0, 24), &[], &settings).verdict
    };
    assert_eq!((found(3), found(0), found(19)), (Verdict::Incomplete, Verdict::Usual, Verdict::Usual));
    let nothing = coverage(&[], 0, hours(0, 0), &[], &SETTINGS);
    assert_eq!((nothing.verdict, nothing.hours.len()), (Verdict::Quiet, 0));
}
