//! `tuibao import`: raw files once into a store, from which every later run reads only the days that it needs.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use corpus::{Ingested, RejectReason};
use serde_json::json;
use store::Importer;
use tokio::runtime::Runtime;

use crate::{
    cli::{Common, ImportArgs},
    console,
    exit::{Code, Failure, OrFail},
    fetching::refresh,
    places::{Places, places},
    reading::read,
    settings,
    sources::store_failure,
};

/// What reading found, beside the tweets.
#[derive(Default)]
struct Tally {
    tweets: u64,
    notices: u64,
    rejected: BTreeMap<RejectReason, u64>,
}

/// Reads the named files (or the configured corpus) and adds their tweets to the store.
pub(crate) fn import(args: &ImportArgs, common: &Common) -> Result<Code, Failure> {
    let mut settings = settings::load(common)?;
    if !args.paths.is_empty() {
        settings.corpus.paths.clone_from(&args.paths);
    }
    refresh(&settings, &Runtime::new().or_fail(Code::Internal)?)?;
    let Places { files, stores } = places(&settings)?;
    if let Some(other) = stores.iter().find(|store| **store != args.store) {
        let message = format!("`{}` is a store already", other.display());
        return Err(Failure::say(Code::Usage, message).hint("name the raw files or folders to import"));
    }
    let budget = settings.corpus.memory_mb << 20;
    let mut importer = Importer::open(&args.store, budget).map_err(store_failure)?;
    let mut rejects = args.rejects.as_deref().map(rejects).transpose()?;
    let (mut tally, mut fault) = (Tally::default(), None);
    read(&settings.corpus, &files, |part| {
        if fault.is_none() {
            fault = take(part, &mut tally, &mut importer, rejects.as_mut()).err();
        }
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    let report = importer.commit().map_err(store_failure)?;
    tell(&tally, &report, args, common);
    Ok(Code::Done)
}

fn rejects(path: &Path) -> Result<BufWriter<File>, Failure> {
    let cannot = |error| anyhow::Error::new(error).context(format!("cannot write `{}`", path.display()));
    File::create(path).map(BufWriter::new).map_err(cannot).or_fail(Code::Output)
}

fn take(
    part: Ingested,
    tally: &mut Tally,
    importer: &mut Importer,
    rejects: Option<&mut BufWriter<File>>,
) -> Result<(), Failure> {
    tally.tweets += part.tweets.len() as u64;
    tally.notices += part.notices;
    for rejected in &part.rejected {
        *tally.rejected.entry(rejected.reason).or_default() += 1;
    }
    if let Some(file) = rejects {
        for rejected in &part.rejected {
            let line = serde_json::to_string(rejected).or_fail(Code::Internal)?;
            writeln!(file, "{line}").or_fail(Code::Output)?;
        }
        file.flush().or_fail(Code::Output)?;
    }
    importer.add(part.tweets).map_err(store_failure)
}

fn tell(tally: &Tally, report: &store::Imported, args: &ImportArgs, common: &Common) {
    let rejected: u64 = tally.rejected.values().sum();
    let records = tally.tweets + tally.notices + rejected;
    if common.json {
        let by_reason: BTreeMap<&str, u64> =
            tally.rejected.iter().map(|(reason, count)| (reason.name(), *count)).collect();
        let told = json!({
            "store": args.store, "records": records, "tweets": tally.tweets, "notices": tally.notices,
            "rejected": by_reason, "import": report,
        });
        console::data(&told.to_string());
        return;
    }
    console::data(&args.store.display().to_string());
    if !common.quiet {
        console::say(&format!(
            "read {records} = {} tweets + {} notices + {rejected} rejected",
            tally.tweets, tally.notices
        ));
        console::say(&format!(
            "store: {} new, {} updated, {} unchanged, {} repeated, {} refused; {} days changed",
            report.added,
            report.updated,
            report.unchanged,
            report.repeated,
            report.refused.total(),
            report.days.len(),
        ));
        for (reason, count) in &tally.rejected {
            console::say(&format!("rejected: {} {count}", reason.name()));
        }
    }
}
