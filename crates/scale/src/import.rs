//! `tuibao-scale import`: the plan, run somewhere, and its result brought into the store at one moment.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write as _},
    path::PathBuf,
    thread::available_parallelism,
};

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use clap::Args;
use datafusion::{
    arrow::array::AsArray as _, execution::SendableRecordBatchStream, logical_expr::LogicalPlan,
    physical_plan::displayable, prelude::SessionContext,
};
use futures::StreamExt as _;
use serde_json::json;
use store::{Imported, Importer, Store};

use crate::{
    deliver::{Delivery, Told},
    listing,
    pieces::{Pieces, deal},
    places::{Means, Place},
    plan::{self, Wanted},
    read::Reading,
};

/// What `import` is told.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// Files and folders of raw tweets, or `s3://bucket/prefix`
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// The store: a folder, under the same name on each machine
    #[arg(long, value_name = "FOLDER")]
    store: PathBuf,
    /// Where the plan runs: `embedded`, `standalone`, or a cluster's `df://host:port`
    #[arg(long, default_value = "embedded", value_name = "PLACE")]
    on: Place,
    /// Partitions that run at the same time, outside of a cluster; one a core as usual
    #[arg(long, value_name = "N")]
    cores: Option<usize>,
    /// Partitions of the reading and of the shuffle; as usual one a core, on a cluster 16
    #[arg(long, value_name = "N")]
    partitions: Option<usize>,
    /// Megabytes that it may take outside of a cluster, 512 or more: half of it for sorting, which then goes to the disk
    #[arg(long, default_value_t = 2048, value_name = "MB")]
    memory: usize,
    /// Files of lines are cut into stretches of so many megabytes; 0 leaves them whole
    #[arg(long, default_value_t = 64, value_name = "MB")]
    split: u64,
    /// Parts of each new day, a power of two: the store's, and so the most that can be merged at the same time
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = power_of_two)]
    shares: u32,
    /// Only tweets from this day (UTC) on
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Only tweets up to this day (UTC), which is included
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// Leave adverts out, each judged by itself; a report judges them beside others, so it does better
    #[arg(long)]
    without_ads: bool,
    /// Only tweets with the words of this profile's `[subject]`, from `filter.relevance_min` on
    #[arg(long, value_name = "PROFILE.toml")]
    subject: Option<PathBuf>,
    /// Write refused records here, one JSON object a line
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Show the plan and do nothing
    #[arg(long)]
    explain: bool,
    /// The result as one JSON object
    #[arg(long)]
    json: bool,
}

fn power_of_two(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|of: &u32| of.is_power_of_two() && *of <= 1 << 16)
        .ok_or_else(|| "a power of two up to 65536".into())
}

/// Records that are not stored, by reason.
type Left = BTreeMap<String, u64>;

/// Runs the command; the text is what it prints.
pub(crate) async fn import(args: ImportArgs) -> Result<String> {
    if let Some((from, to)) = args.from.zip(args.to) {
        anyhow::ensure!(from <= to, "the range ends before it begins: {from} > {to}");
    }
    let pieces = listing::pieces(&args.paths, args.split << 20).await?;
    let cores = args.cores.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    let usual = if matches!(args.on, Place::Cluster(_)) { 16 } else { cores };
    let partitions = args.partitions.unwrap_or(usual).max(1);
    let means = Means { cores, partitions, memory: Some(args.memory << 20) };
    let budget = (args.memory as u64) << 20;
    let importer = if args.explain { None } else { Some(Importer::open(&args.store, budget)?) };
    let plan = plan(&args, Pieces(deal(pieces, partitions)))?;
    let context = args.on.session(&means).await?;
    let Some(importer) = importer else { return explain(&context, plan).await };
    let rows = context.execute_logical_plan(plan).await?.execute_stream().await?;
    let (report, left) = collect(rows, importer, args.rejects.as_deref()).await?;
    Ok(told(&args, &report, &left))
}

fn plan(args: &ImportArgs, pieces: Pieces) -> Result<LogicalPlan> {
    let divisions =
        if Store::is_store(&args.store) { Store::open(&args.store)?.divisions()? } else { BTreeMap::new() };
    // Executors may stand in another folder.
    let store = std::path::absolute(&args.store)?;
    let delivery = Delivery { store, shares: args.shares, divisions };
    let reading = Reading { rejects: args.rejects.is_some() };
    Ok(plan::import(pieces, reading, &wanted(args)?, delivery)?)
}

fn wanted(args: &ImportArgs) -> Result<Wanted> {
    let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    let subject = args.subject.as_deref().map(crate::rules::profile).transpose()?;
    Ok(Wanted {
        from: args.from.map(midnight),
        to: args.to.and_then(|day| day.succ_opt()).map(midnight),
        without_ads: args.without_ads,
        subject,
    })
}

async fn explain(context: &SessionContext, plan: LogicalPlan) -> Result<String> {
    let shown = plan.display_indent().to_string();
    let physical = context.state().create_physical_plan(&plan).await?;
    Ok(format!("{shown}\n\n{}", displayable(physical.as_ref()).indent(false)))
}

/// Takes over what executors delivered, and makes it visible when all of it is there.
async fn collect(
    mut rows: SendableRecordBatchStream,
    mut importer: Importer,
    rejects: Option<&std::path::Path>,
) -> Result<(Imported, Left)> {
    let cannot = |path: &std::path::Path| format!("cannot write `{}`", path.display());
    let create =
        |path: &std::path::Path| File::create(path).map(BufWriter::new).with_context(|| cannot(path));
    let mut file = rejects.map(create).transpose()?;
    let mut all_left = Left::new();
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        for line in batch.column(0).as_string::<i32>().iter().flatten() {
            match serde_json::from_str(line)? {
                Told::Delivered(delivered) => importer.adopt(delivered)?,
                Told::Left(left) => {
                    for (why, count) in left {
                        *all_left.entry(why).or_default() += count;
                    }
                }
                Told::Rejected { file: source, line, reason, detail } => {
                    let told =
                        json!({"source": {"file": source, "line": line}, "reason": reason, "detail": detail});
                    file.as_mut().map(|file| writeln!(file, "{told}")).transpose()?;
                }
            }
        }
    }
    file.as_mut().map(BufWriter::flush).transpose()?;
    Ok((importer.commit()?, all_left))
}

fn told(args: &ImportArgs, report: &Imported, left: &Left) -> String {
    let left_out: u64 = left.values().sum();
    if args.json {
        return json!({"store": args.store, "left": left, "import": report}).to_string();
    }
    let mut lines = vec![
        args.store.display().to_string(),
        format!("read {} = {} tweets + {left_out} left out", report.received + left_out, report.received),
        format!(
            "store: {} new, {} updated, {} unchanged, {} repeated; {} days changed",
            report.added,
            report.updated,
            report.unchanged,
            report.repeated,
            report.days.len()
        ),
    ];
    lines.extend(left.iter().map(|(why, count)| format!("left out: {why} {count}")));
    lines.join("\n")
}
