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
    /// The Chinese ones, which stand between other characters without a gap, by their first character.
    han: FxHashMap<char, Vec<String>>,
    /// Latin names of several words, folded as a whole and word by word.
    long: Vec<(String, Vec<String>)>,
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
        let mut han: FxHashMap<char, Vec<String>> = FxHashMap::default();
        let mut chinese: Vec<&String> = places.keys().filter(|name| corpus::is_han(name)).collect();
        chinese.sort_unstable();
        for name in chinese {
            let first = name.chars().next().unwrap_or_default();
            han.entry(first).or_default().push(name.clone());
        }
        let long = table.iter().flat_map(|(name, others)| std::iter::once(name).chain(others));
        let long = long.filter(|name| name.contains(' ') && !corpus::is_han(name));
        let long = long.map(|name| (fold(name), name.split(' ').map(fold).collect())).collect();
        Self { groups, places, han, long }
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

    /// The long names that a folded text has: each as a whole, and its words.
    pub(crate) fn long_in(&self, folded: &str) -> impl Iterator<Item = &(String, Vec<String>)> {
        self.long.iter().filter(move |(whole, _)| folded.contains(whole.as_str()))
    }

    /// The Chinese names of the table that a folded text has, once for each time.
    pub(crate) fn han_in<'s>(&'s self, folded: &'s str) -> impl Iterator<Item = &'s String> {
        let at = move |(start, first): (usize, char)| {
            let rest = folded.get(start..).unwrap_or_default();
            self.han.get(&first).into_iter().flatten().filter(move |name| rest.starts_with(name.as_str()))
        };
        folded.char_indices().flat_map(at)
    }
}
