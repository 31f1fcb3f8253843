//! `tuibao-scale stats`: figures of a store over a long range, as SQL over its files; a report of a week, a month or a year
//! reads them (`corpus::Statistics`).

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, thread::available_parallelism};

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::Args;
use corpus::{AuthorTweets, DayTotals, Statistics, TermTimeline, TopicTimeline, TweetsOnDay, VoicesOnDay};
use datafusion::{
    arrow::{
        array::{AsArray as _, RecordBatch},
        datatypes::{Date32Type, Int32Type, Int64Type},
    },
    datasource::{
        file_format::parquet::ParquetFormat,
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    prelude::SessionContext,
};
use store::Store;

use crate::{
    places::{Means, Place},
    rows::day_of,
    topics::{self, Named},
};

/// What `stats` is told.
#[derive(Args, Debug)]
pub(crate) struct StatsArgs {
    /// The store
    #[arg(long, value_name = "FOLDER")]
    store: PathBuf,
    /// First day (UTC)
    #[arg(long, value_name = "DATE")]
    from: NaiveDate,
    /// Last day (UTC), which is included
    #[arg(long, value_name = "DATE")]
    to: NaiveDate,
    /// A site with daily reports, whose topics are looked for on all days
    #[arg(long, value_name = "FOLDER")]
    audits: Option<PathBuf>,
    /// Where the figures go, as one JSON object; as usual to stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Words and authors of most tweets, so many of each
    #[arg(long, default_value_t = 200, value_name = "N")]
    most: usize,
    /// Where the queries run: `embedded`, `standalone`, or a cluster's `df://host:port`
    #[arg(long, default_value = "embedded", value_name = "PLACE")]
    on: Place,
    /// Megabytes that it may take outside of a cluster, 512 or more: half of it for grouping and sorting, which then go to the disk
    #[arg(long, default_value_t = 2048, value_name = "MB")]
    memory: usize,
}

/// Runs the command; the text is what it prints.
pub(crate) async fn stats(args: StatsArgs) -> Result<String> {
    anyhow::ensure!(args.from <= args.to, "the range ends before it begins: {} > {}", args.from, args.to);
    let cores = available_parallelism().map_or(1, usize::from);
    let context =
        args.on.session(&Means { cores, partitions: cores, memory: Some(args.memory << 20) }).await?;
    let named = args.audits.as_deref().map(|site| topics::of_site(site, args.from, args.to));
    let statistics = figures(&context, &args, &named.transpose()?.unwrap_or_default()).await?;
    let text = serde_json::to_string(&statistics)?;
    let Some(out) = args.out else { return Ok(text) };
    std::fs::write(&out, text + "\n").with_context(|| format!("cannot write `{}`", out.display()))?;
    Ok(out.display().to_string())
}

async fn figures(context: &SessionContext, args: &StatsArgs, named: &[Named]) -> Result<Statistics> {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let end = args.to.succ_opt().context("the range ends beyond the calendar")?;
    table(context, args, midnight(args.from), midnight(end))?;
    let queries = Queries { context, from: args.from, end, most: args.most };
    Ok(Statistics {
        schema: Statistics::SCHEMA,
        from: args.from,
        to: args.to,
        days: queries.days().await?,
        terms: queries.terms().await?,
        authors: queries.authors().await?,
        topics: queries.topics(named).await?,
    })
}

/// The store's files of these days as the table `tweets`.
fn table(context: &SessionContext, args: &StatsArgs, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<()> {
    let root = std::path::absolute(&args.store)?;
    let parts = Store::open(&args.store)?.parts(from, to)?;
    anyhow::ensure!(
        !parts.is_empty(),
        "no tweets from {} to {} in `{}`",
        args.from,
        args.to,
        args.store.display()
    );
    let url = |part: &String| ListingTableUrl::parse(root.join(format!("day={part}")).to_string_lossy());
    let urls = parts.iter().map(url).collect::<Result<_, _>>()?;
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(store::schema());
    context.register_table("tweets", Arc::new(ListingTable::try_new(config)?))?;
    Ok(())
}

struct Queries<'c> {
    context: &'c SessionContext,
    from: NaiveDate,
    end: NaiveDate,
    most: usize,
}

impl Queries<'_> {
    async fn rows(&self, sql: &str) -> Result<Vec<RecordBatch>> {
        Ok(self.context.sql(sql).await?.collect().await?)
    }

    /// The tweets of the range with their days, as a common table `t` of the given columns.
    fn range(&self, columns: &str) -> String {
        let Self { from, end, .. } = self;
        format!(
            "WITH t AS (SELECT CAST(created_at AS DATE) AS day, {columns} FROM tweets \
             WHERE created_at >= '{from}T00:00:00Z' AND created_at < '{end}T00:00:00Z')"
        )
    }

    async fn days(&self) -> Result<Vec<DayTotals>> {
        let schema = store::schema();
        let row: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let advert = format!("tweet_advert({}) = 'drop' AS advert", row.join(", "));
        let sql = self.range(&format!("handle, {advert}"))
            + " SELECT day, count(*), count(DISTINCT handle), sum(CAST(advert AS BIGINT)) FROM t GROUP BY day ORDER BY day";
        let of_batch = |batch: &RecordBatch| {
            let (tweets, authors, ads) = (numbers(batch, 1), numbers(batch, 2), numbers(batch, 3));
            let counts = tweets.into_iter().zip(authors).zip(ads);
            let days = dates(batch, 0).into_iter().zip(counts);
            days.map(|(day, ((tweets, authors), ads))| DayTotals { day, tweets, authors, ads })
                .collect::<Vec<_>>()
        };
        Ok(self.rows(&sql).await?.iter().flat_map(of_batch).collect())
    }

    /// First those of most tweets, then their days. What one account says alone is no term of the corpus.
    async fn terms(&self) -> Result<Vec<TermTimeline>> {
        let words = self.range("handle, unnest(text_words(text)) AS term");
        let sql = format!(
            "{words} SELECT term, count(*) AS tweets, count(DISTINCT handle) AS authors FROM t GROUP BY term \
             HAVING count(DISTINCT handle) > 1 ORDER BY tweets DESC, term LIMIT {}",
            self.most
        );
        let of_batch = |batch: &RecordBatch| {
            let counts = numbers(batch, 1).into_iter().zip(numbers(batch, 2));
            let term = |(term, (tweets, authors))| TermTimeline { term, tweets, authors, days: Vec::new() };
            texts(batch, 0).into_iter().zip(counts).map(term).collect::<Vec<_>>()
        };
        let mut terms: Vec<TermTimeline> = self.rows(&sql).await?.iter().flat_map(of_batch).collect();
        let wanted: Vec<String> =
            terms.iter().map(|term| format!("'{}'", term.term.replace('\'', "''"))).collect();
        if wanted.is_empty() {
            return Ok(terms);
        }
        let sql = format!(
            "{words} SELECT term, day, count(*) FROM t WHERE term IN ({}) GROUP BY term, day ORDER BY day, term",
            wanted.join(", ")
        );
        let mut days: BTreeMap<String, Vec<TweetsOnDay>> = BTreeMap::new();
        for batch in self.rows(&sql).await? {
            let counts = dates(&batch, 1).into_iter().zip(numbers(&batch, 2));
            for (term, (day, tweets)) in texts(&batch, 0).into_iter().zip(counts) {
                days.entry(term).or_default().push(TweetsOnDay { day, tweets });
            }
        }
        for term in &mut terms {
            term.days = days.remove(&term.term).unwrap_or_default();
        }
        Ok(terms)
    }

    async fn authors(&self) -> Result<Vec<AuthorTweets>> {
        let sql = self.range("handle")
            + &format!(
                " SELECT handle, count(*) AS tweets, count(DISTINCT day) FROM t GROUP BY handle \
                 ORDER BY tweets DESC, handle LIMIT {}",
                self.most
            );
        let of_batch = |batch: &RecordBatch| {
            let counts = numbers(batch, 1).into_iter().zip(numbers(batch, 2));
            let author = |(handle, (tweets, days))| AuthorTweets { handle, tweets, days };
            texts(batch, 0).into_iter().zip(counts).map(author).collect::<Vec<_>>()
        };
        Ok(self.rows(&sql).await?.iter().flat_map(of_batch).collect())
    }

    async fn topics(&self, named: &[Named]) -> Result<Vec<TopicTimeline>> {
        let timeline = |Named { topic, terms }: &Named| TopicTimeline {
            topic: topic.clone(),
            terms: terms.clone(),
            days: Vec::new(),
        };
        let mut timelines: Vec<TopicTimeline> = named.iter().map(timeline).collect();
        if timelines.is_empty() {
            return Ok(timelines);
        }
        let terms = serde_json::to_string(&named.iter().map(|one| &one.terms).collect::<Vec<_>>())?;
        let topics = format!("handle, unnest(text_topics(text, '{}')) AS topic", terms.replace('\'', "''"));
        let sql = self.range(&topics)
            + " SELECT topic, day, count(*), count(DISTINCT handle) FROM t GROUP BY topic, day ORDER BY topic, day";
        for batch in self.rows(&sql).await? {
            let counts = numbers(&batch, 2).into_iter().zip(numbers(&batch, 3));
            let places = batch.column(0).as_primitive::<Int32Type>().values().iter();
            for (topic, (day, (tweets, authors))) in places.zip(dates(&batch, 1).into_iter().zip(counts)) {
                if let Some(timeline) = timelines.get_mut(*topic as usize) {
                    timeline.days.push(VoicesOnDay { day, tweets, authors });
                }
            }
        }
        Ok(timelines)
    }
}

fn dates(batch: &RecordBatch, column: usize) -> Vec<NaiveDate> {
    let days = batch.column(column).as_primitive::<Date32Type>().values().iter();
    days.map(|day| day_of(*day).unwrap_or_default()).collect()
}

fn numbers(batch: &RecordBatch, column: usize) -> Vec<u64> {
    batch
        .column(column)
        .as_primitive::<Int64Type>()
        .values()
        .iter()
        .map(|number| number.cast_unsigned())
        .collect()
}

fn texts(batch: &RecordBatch, column: usize) -> Vec<String> {
    batch.column(column).as_string::<i32>().iter().flatten().map(str::to_owned).collect()
}
