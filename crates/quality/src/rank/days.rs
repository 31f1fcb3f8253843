//! A labelled set cut into synthetic days: some of its gold groups a day, a few large, most small, as news days are.
//!
//! Deterministic: groups and rows are taken in the order of a hash of the day's number and their place, so the same set
//! makes the same days everywhere. A group may stand on several days; the days are samples, not a partition.

use std::collections::BTreeMap;

/// How days are cut.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// How many days.
    pub days: usize,
    /// Gold groups of a day; fewer when the set has fewer.
    pub groups: usize,
    /// Rows of the day's largest group; the next has a half, a third, … of that (Zipf), at least one.
    pub largest: usize,
}

/// The rows of each day, as places in the set, ascending. `gold` is each row's group.
pub fn cut(gold: &[&str], cut: Cut) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, group) in gold.iter().enumerate() {
        groups.entry(group).or_default().push(row);
    }
    let groups: Vec<Vec<usize>> = groups.into_values().collect();
    (0..cut.days).map(|day| one(&groups, day, cut)).collect()
}

fn one(groups: &[Vec<usize>], day: usize, cut: Cut) -> Vec<usize> {
    let mut drawn: Vec<&Vec<usize>> = shuffled(groups.iter(), day);
    drawn.truncate(cut.groups);
    // A group cannot give more rows than it has, so the larger ones take the larger shares.
    drawn.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut rows: Vec<usize> = Vec::new();
    for (rank, group) in drawn.iter().enumerate() {
        let share = (cut.largest / (rank + 1)).max(1);
        rows.extend(shuffled(group.iter(), day).into_iter().take(share));
    }
    rows.sort_unstable();
    rows
}

fn shuffled<'a, T>(items: impl Iterator<Item = &'a T>, seed: usize) -> Vec<&'a T> {
    let mut keyed: Vec<(u64, &T)> =
        items.enumerate().map(|(place, item)| (mix(seed as u64, place as u64), item)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, item)| item).collect()
}

/// `SplitMix64` (Steele, Lea & Flood 2014).
pub(super) fn mix(seed: u64, place: u64) -> u64 {
    let mut z =
        seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(place.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_skewed_and_always_the_same() {
        let gold: Vec<String> = (0..200).map(|row| format!("g{}", row % 10)).collect();
        let gold: Vec<&str> = gold.iter().map(String::as_str).collect();
        let wanted = Cut { days: 3, groups: 4, largest: 12 };
        let days = cut(&gold, wanted);
        assert_eq!(days, cut(&gold, wanted));
        let sizes: Vec<usize> = days.iter().map(Vec::len).collect();
        assert_eq!(sizes, [12 + 6 + 4 + 3; 3]);
        assert_ne!(days[0], days[1]);
    }
}
