//! Names for the same thing, such as 月之暗面 and Kimi, from the profile.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::pool::fold;

/// Groups of names, folded, by name.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    groups: Vec<Vec<String>>,
    /// Places of the groups that a name is in.
    places: FxHashMap<String, Vec<usize>>,
    /// The Chinese ones, which stand between other characters without a gap.
    han: Vec<String>,
}

impl Aliases {
    pub(crate) fn new(table: &BTreeMap<String, Vec<String>>) -> Self {
        let groups: Vec<Vec<String>> = table
            .iter()
            .map(|(name, others)| std::iter::once(name).chain(others).map(|name| fold(name)).collect())
            .collect();
        let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, group) in groups.iter().enumerate() {
            for name in group {
                places.entry(name.clone()).or_default().push(place);
            }
        }
        let mut han: Vec<String> = places.keys().filter(|name| corpus::is_han(name)).cloned().collect();
        han.sort_unstable();
        Self { groups, places, han }
    }

    /// All names of what has this name, folded.
    pub(crate) fn of(&self, name: &str) -> impl Iterator<Item = &str> {
        let places = self.places.get(name).into_iter().flatten();
        places.filter_map(|place| self.groups.get(*place)).flatten().map(String::as_str)
    }

    /// The one name that stands for all names of a thing.
    pub(crate) fn canonical(&self, name: String) -> String {
        let first = self.of(&name).next().map(str::to_owned);
        first.unwrap_or(name)
    }

    /// The Chinese names of the table that a folded text has.
    pub(crate) fn han_in(&self, folded: &str) -> impl Iterator<Item = &String> {
        self.han.iter().filter(move |name| folded.contains(name.as_str()))
    }
}
