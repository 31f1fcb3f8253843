//! Keys of a record, found at once. A record is asked for a hundred keys, most of which it does not have, and the
//! parser's own tree would go through all of its keys each time.

use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use super::json::Json;

/// What can be asked for a key: a value of the tree, or a record that is indexed.
pub(super) trait Fields<'a>: Copy {
    /// The value at a key, or at a place of a list.
    fn field(self, key: &str) -> Option<&'a Json>;
}

impl<'a> Fields<'a> for &'a Json {
    fn field(self, key: &str) -> Option<&'a Json> {
        match self.as_array() {
            Some(items) => items.get(key.parse::<usize>().ok()?),
            None => self.get(key),
        }
    }
}

const SLOTS: usize = 256;
/// More keys than any tweet has; beyond that a record is searched like any other value.
const MOST_KEYS: usize = 160;

/// A record with a table of its keys.
pub(super) struct Indexed<'a> {
    pub(super) value: &'a Json,
    /// Places in `fields`, from 1; 0 is an empty slot.
    slots: [u8; SLOTS],
    fields: Vec<(&'a str, &'a Json)>,
    /// A key that the record has more than once.
    pub(super) twice: Option<&'a str>,
}

impl<'a> Indexed<'a> {
    pub(super) fn of(value: &'a Json) -> Self {
        let mut indexed = Self { value, slots: [0; SLOTS], fields: Vec::new(), twice: None };
        if let Some(object) = value.as_object().filter(|object| object.len() <= MOST_KEYS) {
            indexed.fields.reserve(object.len());
            object.iter().for_each(|(key, value)| indexed.insert(key, value));
        }
        indexed
    }

    fn insert(&mut self, key: &'a str, value: &'a Json) {
        let mut slot = start(key);
        while let Some((taken, _)) = self.at(slot) {
            if taken == key {
                self.twice = Some(key);
                return;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.fields.push((key, value));
        if let (Some(slot), Ok(place)) = (self.slots.get_mut(slot), u8::try_from(self.fields.len())) {
            *slot = place;
        }
    }

    fn at(&self, slot: usize) -> Option<(&'a str, &'a Json)> {
        let place = usize::from(*self.slots.get(slot)?);
        self.fields.get(place.checked_sub(1)?).copied()
    }
}

impl<'a> Fields<'a> for &Indexed<'a> {
    fn field(self, key: &str) -> Option<&'a Json> {
        if self.fields.is_empty() {
            return self.value.field(key);
        }
        let mut slot = start(key);
        while let Some((taken, value)) = self.at(slot) {
            if taken == key {
                return Some(value);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }
}

/// Where the search for a key begins: length, first, middle and last letter tell most keys apart.
fn start(key: &str) -> usize {
    let bytes = key.as_bytes();
    let byte = |at: usize| usize::from(bytes.get(at).copied().unwrap_or_default());
    let (length, middle) = (bytes.len(), bytes.len() / 2);
    (length * 7 + byte(0) * 31 + byte(middle) * 59 + byte(length.saturating_sub(1)) * 113) % SLOTS
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_map, prelude::*};

    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_told() {
        let value: Json = sonic_rs::from_str(r#"{"id":1,"text":"a","id":2}"#).unwrap();
        let indexed = Indexed::of(&value);
        assert_eq!(
            (indexed.twice, indexed.field("id").and_then(JsonValueTrait::as_u64)),
            (Some("id"), Some(1))
        );
    }

    proptest! {
        #[test]
        fn an_index_finds_what_the_tree_finds(
            fields in btree_map("[a-c_]{0,3}|\\PC{0,4}", any::<u32>(), 0..220), wanted in "[a-c_]{0,3}",
        ) {
            let value: Json = sonic_rs::to_value(&fields).unwrap();
            let indexed = Indexed::of(&value);
            for key in fields.keys().chain([&wanted]) {
                prop_assert_eq!((&indexed).field(key), value.get(key.as_str()));
            }
            prop_assert_eq!(indexed.twice, None);
        }
    }
}
