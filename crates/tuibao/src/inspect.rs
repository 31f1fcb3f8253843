//! `tuibao inspect`: what is in a corpus, file by file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use corpus::Ingested;
use serde::Serialize;

use crate::{
    cli::{Common, InspectArgs},
    console,
    exit::{Code, Failure, OrFail},
    settings, sources,
};

#[derive(Serialize)]
struct Inspection {
    files: Vec<FileRow>,
    totals: Totals,
}

#[derive(Serialize)]
struct FileRow {
    path: String,
    format: String,
    records: u64,
    tweets: u64,
    notices: u64,
    rejected: BTreeMap<&'static str, u64>,
    rejects: Vec<RejectRow>,
}

#[derive(Serialize)]
struct RejectRow {
    line: u64,
    reason: &'static str,
    detail: String,
}

#[derive(Default, Serialize)]
struct Totals {
    files: u64,
    records: u64,
    tweets: u64,
    notices: u64,
    rejected: BTreeMap<&'static str, u64>,
    first_day: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
    days: BTreeMap<NaiveDate, u64>,
    languages: BTreeMap<String, u64>,
}

/// Reads the named files (or the configured corpus) and shows what they hold; days are counted in UTC.
pub(crate) fn inspect(args: &InspectArgs, common: &Common) -> Result<Code, Failure> {
    let paths = if args.paths.is_empty() { settings::load(common)?.corpus.paths } else { args.paths.clone() };
    let files = sources::files(&paths)?;
    let mut inspection = Inspection { files: Vec::new(), totals: Totals::default() };
    for (path, read) in files.iter().zip(sources::read(&files)?) {
        inspection.totals.add(&read);
        inspection.files.push(row(path.display().to_string(), &read));
    }
    if common.json {
        console::data(&serde_json::to_string_pretty(&inspection).or_fail(Code::Internal)?);
    } else {
        table(&inspection, common.verbose > 0);
    }
    Ok(Code::Done)
}

fn row(path: String, read: &Ingested) -> FileRow {
    let formats: Vec<String> =
        read.formats.iter().map(|(format, count)| format!("{} {count}", format.name())).collect();
    let rejects = read.rejected.iter().map(|rejected| RejectRow {
        line: rejected.source.line,
        reason: rejected.reason.name(),
        detail: console::plain(&rejected.detail),
    });
    FileRow {
        path,
        format: match read.formats.keys().collect::<Vec<_>>().as_slice() {
            [] => "none".to_owned(),
            [only] => only.name().to_owned(),
            _ => formats.join(" + "),
        },
        records: read.tweets.len() as u64 + read.notices + read.rejected.len() as u64,
        tweets: read.tweets.len() as u64,
        notices: read.notices,
        rejected: by_reason(read),
        rejects: rejects.collect(),
    }
}

fn by_reason(read: &Ingested) -> BTreeMap<&'static str, u64> {
    let mut reasons = BTreeMap::new();
    for rejected in &read.rejected {
        *reasons.entry(rejected.reason.name()).or_default() += 1;
    }
    reasons
}

impl Totals {
    fn add(&mut self, read: &Ingested) {
        self.files += 1;
        self.records += read.tweets.len() as u64 + read.notices + read.rejected.len() as u64;
        self.tweets += read.tweets.len() as u64;
        self.notices += read.notices;
        for (reason, count) in by_reason(read) {
            *self.rejected.entry(reason).or_default() += count;
        }
        for tweet in &read.tweets {
            *self.days.entry(tweet.created_at.date_naive()).or_default() += 1;
            *self.languages.entry(tweet.lang.clone().unwrap_or_else(|| "unknown".to_owned())).or_default() +=
                1;
        }
        self.first_day = self.days.keys().next().copied();
        self.last_day = self.days.keys().next_back().copied();
    }
}

fn table(inspection: &Inspection, each_reject: bool) {
    console::data(&format!(
        "{:>8} {:>8} {:>8} {:>8}  {:16} file",
        "records", "tweets", "notices", "rejected", "format"
    ));
    for file in &inspection.files {
        let rejected: u64 = file.rejected.values().sum();
        let FileRow { records, tweets, notices, format, path, .. } = file;
        console::data(&format!(
            "{records:>8} {tweets:>8} {notices:>8} {rejected:>8}  {format:16} {}",
            console::plain(path)
        ));
        for reject in file.rejects.iter().filter(|_| each_reject) {
            console::data(&format!("{:>38} line {}: {}: {}", "", reject.line, reject.reason, reject.detail));
        }
    }
    let totals = &inspection.totals;
    let rejected: u64 = totals.rejected.values().sum();
    let Totals { files, records, tweets, notices, .. } = totals;
    console::data(&format!("{records:>8} {tweets:>8} {notices:>8} {rejected:>8}  {files} files"));
    if let (Some(first), Some(last)) = (totals.first_day, totals.last_day) {
        console::data(&format!("days (UTC): {first} to {last}, {} with tweets", totals.days.len()));
    }
    if rejected > 0 && !each_reject {
        console::say("`tuibao inspect -v` lists each rejected record with its line and reason");
    }
}
