//! Which column is which field, and which of a file's lists is the one of tweets.

use super::{
    super::{json::Json, mapping::Mapping},
    columns::{Column, columns},
    rules::{RULES, Rule, Shape},
    values::{Known, Settled},
};

/// A field with its column.
pub(super) struct Pick<'s, 'a> {
    pub(super) rule: &'static Rule,
    /// The best one, and others that have a value where it has none.
    pub(super) columns: Vec<&'s Known<'a>>,
    score: f64,
}

/// What names and values must be worth together.
const LEAST: f64 = 0.3;
/// Columns of one field.
const MOST: usize = 3;

/// The fields of records.
pub(super) fn picks<'s, 'a>(known: &'s [Known<'a>]) -> Vec<Pick<'s, 'a>> {
    let mut settled = Settled { all: known, ..Settled::default() };
    let mut picks: Vec<Pick<'s, 'a>> = Vec::new();
    for rule in &RULES {
        let is_free = |column: &Column<'_>| {
            !picks.iter().flat_map(|pick| &pick.columns).any(|taken| taken.column.path == column.path)
        };
        let free = known.iter().filter(|known| is_free(&known.column));
        let Some(pick) = pick(rule, free, &settled) else { continue };
        let column = pick.columns.first().map(|known| &known.column);
        match rule.shape {
            Shape::Page => settled.page = column,
            Shape::Id => settled.id = column,
            _ => {}
        }
        picks.push(pick);
    }
    picks
}

fn pick<'s, 'a: 's>(
    rule: &'static Rule,
    free: impl Iterator<Item = &'s Known<'a>>,
    settled: &Settled<'_, '_>,
) -> Option<Pick<'s, 'a>> {
    let scored = |known: &'s Known<'a>| score(rule, known, settled).map(|score| (score, known));
    let mut scored: Vec<(Score, &Known<'a>)> = free.filter_map(scored).collect();
    // The sort is stable: of equals the first one of the record.
    scored.sort_by(|(a, _), (b, _)| b.whole.total_cmp(&a.whole));
    let (best, first) = scored
        .first()
        .filter(|(score, _)| score.whole >= LEAST)
        .map(|(score, known)| (score.whole, *known))?;
    let mut columns = vec![first];
    scored.retain(|(score, _)| score.name >= 0.8 && rule.weight >= 1.0);
    scored.sort_by(|(a, _), (b, _)| b.plain().total_cmp(&a.plain()));
    for (_, known) in scored {
        let fills = |(record, _): &(usize, _)| columns.iter().all(|taken| taken.column.of(*record).is_none());
        if columns.len() < MOST && known.column.values.iter().any(fills) {
            columns.push(known);
        }
    }
    Some(Pick { rule, columns, score: best })
}

/// What speaks for a column.
struct Score {
    name: f64,
    fit: f64,
    /// Both, less where many records have nothing.
    whole: f64,
}

impl Score {
    fn plain(&self) -> f64 {
        f64::midpoint(self.name, self.fit)
    }
}

fn score(rule: &Rule, known: &Known<'_>, settled: &Settled<'_, '_>) -> Option<Score> {
    let fit = settled.fits(rule.shape, known);
    let name = rule.names.score(&known.column);
    // Numbers, flags and words look the same whatever they mean; a handle and a name may be a dozen other things.
    let is_named = match rule.shape {
        Shape::Handle => name >= 0.8 || fit >= 1.0 && name >= 0.0 || name >= 0.3 && known.column.varies(),
        Shape::Date => fit >= 1.0 || name >= 0.8,
        Shape::Page | Shape::Id | Shape::Text => true,
        _ => name >= 0.8,
    };
    let whole = f64::midpoint(name, fit) * (0.5 + 0.5 * known.column.coverage());
    (fit > 0.0 && is_named).then_some(Score { name, fit, whole })
}

/// A list of records with its fields; the records' list is the one that looks most like tweets.
pub(super) struct Table<'a> {
    pub(super) path: String,
    pub(super) records: usize,
    pub(super) known: Vec<Known<'a>>,
    /// How much it looks like tweets; 0 without an id or a text.
    quality: f64,
}

impl<'a> Table<'a> {
    fn of((path, records): (String, Vec<&'a Json>)) -> Self {
        let known: Vec<Known<'a>> = columns(&records).into_iter().map(Known::of).collect();
        let picks = picks(&known);
        let has = |fields: &[&str]| picks.iter().any(|pick| fields.contains(&pick.rule.field));
        let is_viable = has(&["id", "page"]) && has(&["text"]);
        let sum: f64 = picks.iter().map(|pick| pick.rule.weight * pick.score).sum();
        drop(picks);
        Self { path, records: records.len(), known, quality: if is_viable { sum } else { 0.0 } }
    }

    pub(super) fn is_viable(&self) -> bool {
        self.quality > 0.0
    }
}

/// Of the lists that look like tweets about as much as the best one, the one that stands highest; a single record is
/// no list.
pub(super) fn table<'a>(lists: Vec<(String, Vec<&'a Json>)>) -> Option<Table<'a>> {
    let tables: Vec<Table<'a>> = lists.into_iter().map(Table::of).collect();
    let best = tables.iter().map(|table| table.quality).fold(0.0, f64::max);
    let near = |table: &Table<'_>| table.quality >= best - 1.5;
    let depth = |table: &Table<'_>| (table.records < 2, table.path.matches('/').count());
    let many = |table: &Table<'_>| usize::MAX - table.records;
    tables.into_iter().filter(near).min_by_key(|table| (!table.is_viable(), depth(table), many(table)))
}

/// The mapping that these fields make.
pub(super) fn mapping(picks: &[Pick<'_, '_>]) -> Mapping {
    let mut mapping = Mapping::default();
    for pick in picks {
        (pick.rule.of)(&mut mapping).0 = pick.columns.iter().map(|known| known.column.place()).collect();
    }
    mapping
}
