//! Records laid out as columns: a JSON pointer with the values that stand at it.

use rustc_hash::FxHashMap;
use sonic_rs::{JsonContainerTrait, JsonValueTrait};

use super::super::json::Json;

/// Columns that are looked at, and how deep they may stand in a record.
const MOST: usize = 400;
const DEEPEST: usize = 6;

/// What stands at one place of the records.
pub(super) struct Column<'a> {
    /// JSON pointer into a record.
    pub(super) path: String,
    /// Its keys, unescaped.
    pub(super) keys: Vec<String>,
    /// Number of the record and what it has here; records that have nothing are left out.
    pub(super) values: Vec<(usize, &'a Json)>,
    records: usize,
}

/// The columns of records, in the order in which they first come.
pub(super) fn columns<'a>(records: &[&'a Json]) -> Vec<Column<'a>> {
    let mut table = Table { columns: Vec::new(), places: FxHashMap::default(), records: records.len() };
    for (number, record) in records.iter().enumerate() {
        table.add(number, record, &mut Vec::new());
    }
    table.columns
}

struct Table<'a> {
    columns: Vec<Column<'a>>,
    places: FxHashMap<String, usize>,
    records: usize,
}

impl<'a> Table<'a> {
    fn add(&mut self, number: usize, value: &'a Json, keys: &mut Vec<String>) {
        if let Some(fields) = value.as_object() {
            let is_deep = keys.len() >= DEEPEST;
            for (key, child) in fields.iter().filter(|_| !is_deep) {
                keys.push(key.to_owned());
                self.add(number, child, keys);
                keys.pop();
            }
            return;
        }
        let is_empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        if is_empty || keys.is_empty() {
            return;
        }
        let escaped = keys.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1")));
        let path: String = escaped.collect();
        let place = *self.places.entry(path.clone()).or_insert(self.columns.len());
        if place == self.columns.len() && place < MOST {
            let (keys, values, records) = (keys.clone(), Vec::new(), self.records);
            self.columns.push(Column { path, keys, values, records });
        }
        if let Some(column) = self.columns.get_mut(place) {
            column.values.push((number, value));
        }
    }
}

impl Column<'_> {
    /// The place as a mapping has it: a key, or a pointer where there are several.
    pub(super) fn place(&self) -> String {
        match self.keys.as_slice() {
            [key] if !key.is_empty() && !key.starts_with('/') => key.clone(),
            _ => self.path.clone(),
        }
    }

    /// How many of the records have something here, 0 to 1.
    pub(super) fn coverage(&self) -> f64 {
        self.values.len() as f64 / self.records.max(1) as f64
    }

    /// How many of the values a test holds for, 0 to 1.
    pub(super) fn share(&self, test: impl Fn(&Json) -> bool) -> f64 {
        let count = self.values.iter().filter(|(_, value)| test(value)).count();
        count as f64 / self.values.len().max(1) as f64
    }

    /// The same of texts; of other values it does not hold.
    pub(super) fn share_of_texts(&self, test: impl Fn(&str) -> bool) -> f64 {
        self.share(|value| value.as_str().is_some_and(&test))
    }

    /// Different values for each value, 0 to 1.
    pub(super) fn distinct(&self) -> f64 {
        let different: std::collections::BTreeSet<String> =
            self.values.iter().map(|(_, value)| value.to_string()).collect();
        different.len() as f64 / self.values.len().max(1) as f64
    }

    /// Whether there is more than one value.
    pub(super) fn varies(&self) -> bool {
        let mut values = self.values.iter().map(|(_, value)| value.to_string());
        values.next().is_some_and(|first| values.any(|value| value != first))
    }

    /// What a record has here.
    pub(super) fn of(&self, record: usize) -> Option<&Json> {
        let place = self.values.binary_search_by_key(&record, |(number, _)| *number).ok()?;
        self.values.get(place).map(|(_, value)| *value)
    }

    /// A value to show: the first one, short and on one line.
    pub(super) fn sample(&self) -> String {
        let Some((_, value)) = self.values.first() else { return String::new() };
        let whole = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let line = crate::text::clean_line(&whole);
        let short: String = line.chars().take(60).collect();
        if short.len() < line.len() { format!("{short}…") } else { short }
    }
}
