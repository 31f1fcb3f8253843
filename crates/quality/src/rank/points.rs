//! How much of a synthetic day its first ten points tell.

use std::collections::{BTreeMap, BTreeSet};

use corpus::{
    AdScore, Author, Cluster, ClusterSettings, Kept, Lexicon, LexiconError, Memory, RankSettings, Topic,
    Tweet, TweetId, Window, Words, cluster, dedupe, rank,
};
use serde::Serialize;

use super::{
    lexrank::{by_score, lexrank, mmr},
    tfidf::TfIdf,
};
use crate::labelled::Row;

/// Points of a day.
const POINTS: usize = 10;

/// What the stages need.
pub struct Bench<'a> {
    /// The dictionary.
    pub words: &'a Words,
    /// The report's subject.
    pub subject: &'a Lexicon,
    /// How tweets are grouped.
    pub cluster: ClusterSettings,
    /// How topics are ordered. What asks for substance and relevance is lifted: labelled sets are clean and on no subject.
    pub rank: &'a RankSettings,
}

/// What the points of one method are worth, as means over the days; each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PointFigures {
    /// Rows of the gold groups that the points tell, as a share of the rows of the ten largest groups.
    pub coverage: f64,
    /// Points with a gold group that no point before had, as a share of the points.
    pub distinct: f64,
    /// Of the ten largest gold groups (of equals at the tenth place all count), the share that is told.
    pub top_recall: f64,
    /// Of the point's topic the share of rows with the point's gold group, as a mean; `None` without topics.
    pub purity: Option<f64>,
}

/// A point: a row, and the rows of its topic.
struct Point {
    row: usize,
    topic: Vec<usize>,
}

/// The methods, ours first.
pub const METHODS: [&str; 4] = ["tuibao", "LexRank", "LexRank+MMR", "largest, medoid"];

/// The figures of each of [`METHODS`] over days of rows.
///
/// # Errors
/// When the settings' words cannot be compiled.
pub fn eval_points(
    rows: &[Row],
    gold: &[&str],
    days: &[Vec<usize>],
    bench: &Bench<'_>,
) -> Result<Vec<PointFigures>, LexiconError> {
    let mut sums: Vec<Vec<PointFigures>> = METHODS.map(|_| Vec::new()).into();
    for day in days {
        let texts: Vec<String> = day.iter().filter_map(|row| Some(rows.get(*row)?.clean_text())).collect();
        let own: Vec<&str> = day.iter().filter_map(|row| gold.get(*row).copied()).collect();
        let found = Day::sort(rows, day, &texts, bench)?;
        let points = [found.ours(), found.lexrank(false), found.lexrank(true), found.medoids()];
        for (sum, points) in sums.iter_mut().zip(points) {
            sum.push(figures(&points, &own));
        }
    }
    Ok(sums.iter().map(|days| mean(days)).collect())
}

/// A day, sorted once for all methods. Rows are places in the day.
struct Day<'a> {
    texts: Vec<&'a str>,
    words: &'a Words,
    topics: Vec<Topic>,
    /// Clusters, with the rows of each member.
    clusters: Vec<(Cluster, Vec<Vec<usize>>)>,
}

impl<'a> Day<'a> {
    /// dedupe → cluster → rank, as a report does; engagement is unknown, all tweets are of one moment.
    fn sort(
        rows: &[Row],
        day: &[usize],
        texts: &'a [String],
        bench: &Bench<'a>,
    ) -> Result<Self, LexiconError> {
        let kept = day.iter().filter_map(|row| rows.get(*row)).zip(texts).enumerate();
        let kept: Vec<Kept> = kept.map(|(place, (row, text))| tweet(place, row, text)).collect();
        let unique = dedupe(kept, bench.words).unique;
        let own: Vec<&str> = unique.iter().map(|unique| unique.tweet.text.as_str()).collect();
        let clusters = cluster(&own, bench.words, bench.subject, bench.cluster, None);
        let rows_of = |cluster: &Cluster| {
            let members = cluster.members.iter().filter_map(|member| unique.get(*member));
            members.map(|unique| rows_of(unique.tweet.id, &unique.copies)).collect()
        };
        let with_rows = clusters.iter().map(|cluster| (cluster.clone(), rows_of(cluster))).collect();
        let settings = RankSettings {
            min_substance: 0.0,
            single_min_relevance: 0.0,
            max_topics: 0,
            ..bench.rank.clone()
        };
        let ranked = rank(unique, &clusters, moment(), &Memory::default(), &settings)?;
        let texts = texts.iter().map(String::as_str).collect();
        Ok(Self { texts, words: bench.words, topics: ranked.topics, clusters: with_rows })
    }

    fn ours(&self) -> Vec<Point> {
        let point = |topic: &Topic| {
            let all = topic.tweets.iter().flat_map(|unique| rows_of(unique.tweet.id, &unique.copies));
            Some(Point { row: place(topic.tweets.first()?.tweet.id), topic: all.collect() })
        };
        self.topics.iter().filter_map(point).take(POINTS).collect()
    }

    fn lexrank(&self, diverse: bool) -> Vec<Point> {
        let texts = TfIdf::new(&self.texts, self.words);
        let scores = lexrank(&texts);
        let chosen = if diverse { mmr(&texts, &scores, POINTS) } else { by_score(&scores) };
        chosen.into_iter().take(POINTS).map(|row| Point { row, topic: Vec::new() }).collect()
    }

    /// The largest clusters, each by the tweet nearest to its mean.
    fn medoids(&self) -> Vec<Point> {
        let size = |rows: &[Vec<usize>]| rows.iter().map(Vec::len).sum::<usize>();
        let mut largest: Vec<_> = self.clusters.iter().collect();
        largest.sort_by_key(|(_, rows)| std::cmp::Reverse(size(rows)));
        let point = |(cluster, rows): &(Cluster, Vec<Vec<usize>>)| {
            let central = cluster.centrality.iter().zip(rows);
            let (_, medoid) = central.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
            Some(Point { row: *medoid.first()?, topic: rows.iter().flatten().copied().collect() })
        };
        largest.into_iter().filter_map(point).take(POINTS).collect()
    }
}

/// One row as a tweet that passed the filter; its id is its place.
fn tweet(place: usize, row: &Row, text: &str) -> Kept {
    let handle = if row.handle.is_empty() { format!("row{place}") } else { row.handle.clone() };
    let author = Author { name: handle.clone(), handle, followers: None };
    let tweet = Tweet::plain(TweetId(place as u64), author, moment().start, text.to_owned());
    Kept { tweet, ad: AdScore::default(), suspect: false, relevance: 0.0 }
}

fn moment() -> Window {
    let start = chrono::DateTime::UNIX_EPOCH;
    Window { start, end: start + chrono::TimeDelta::days(1) }
}

fn place(id: TweetId) -> usize {
    id.0 as usize
}

fn rows_of(id: TweetId, copies: &[TweetId]) -> Vec<usize> {
    std::iter::once(place(id)).chain(copies.iter().copied().map(place)).collect()
}

fn figures(points: &[Point], gold: &[&str]) -> PointFigures {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for group in gold {
        *sizes.entry(group).or_default() += 1;
    }
    let mut largest: Vec<usize> = sizes.values().copied().collect();
    largest.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
    largest.truncate(POINTS);
    let least = largest.last().copied().unwrap_or(0);
    let told: BTreeSet<&str> = points.iter().filter_map(|point| gold.get(point.row).copied()).collect();
    let size = |group: &&str| sizes.get(group).copied().unwrap_or(0);
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let top = told.iter().filter(|group| size(group) >= least).count();
    PointFigures {
        coverage: share(told.iter().map(size).sum(), largest.iter().sum()),
        distinct: share(told.len(), points.len()),
        top_recall: share(top, largest.len()),
        purity: purity(points, gold),
    }
}

fn purity(points: &[Point], gold: &[&str]) -> Option<f64> {
    let one = |point: &Point| {
        let same = point.topic.iter().filter(|row| gold.get(**row) == gold.get(point.row)).count();
        (!point.topic.is_empty()).then(|| same as f64 / point.topic.len() as f64)
    };
    let each: Vec<f64> = points.iter().map(one).collect::<Option<_>>()?;
    (!each.is_empty()).then(|| each.iter().sum::<f64>() / each.len() as f64)
}

fn mean(days: &[PointFigures]) -> PointFigures {
    let of = |term: fn(&PointFigures) -> f64| days.iter().map(term).sum::<f64>() / days.len().max(1) as f64;
    let purities: Option<Vec<f64>> = days.iter().map(|day| day.purity).collect();
    PointFigures {
        coverage: of(|day| day.coverage),
        distinct: of(|day| day.distinct),
        top_recall: of(|day| day.top_recall),
        purity: purities.map(|all| all.iter().sum::<f64>() / all.len().max(1) as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        // Twelve groups: sizes 3, 2 and ten of 1.
        let gold = ["a", "a", "a", "b", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
        let point = |row: usize, topic: &[usize]| Point { row, topic: topic.to_vec() };
        let points = [point(0, &[0, 1, 2, 3]), point(1, &[1]), point(5, &[5, 6])];
        let figures = figures(&points, &gold);
        assert!((figures.coverage - 4.0 / 13.0).abs() < 1e-9, "{figures:?}");
        assert!((figures.distinct - 2.0 / 3.0).abs() < 1e-9, "{figures:?}");
        assert!((figures.top_recall - 0.2).abs() < 1e-9, "{figures:?}");
        assert!((figures.purity.unwrap() - (0.75 + 1.0 + 0.5) / 3.0).abs() < 1e-9, "{figures:?}");
    }
}
