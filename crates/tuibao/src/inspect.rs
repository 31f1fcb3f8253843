//! `tuibao inspect`: what is in a corpus, file by file.

use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use corpus::Ingested;
use serde::Serialize;
use store::Store;

use crate::{
    cli::{Common, InspectArgs},
    console,
    exit::{Code, Failure, OrFail},
    places::{Places, places},
    reading::read,
    settings,
    sources::{MOST_REJECTED, store_failure},
    suggest,
};

#[derive(Serialize)]
struct Inspection {
    files: Vec<FileRow>,
    totals: Totals,
}

#[derive(Default, Serialize)]
struct FileRow {
    path: String,
    format: String,
    formats: BTreeMap<&'static str, u64>,
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
    let mut settings = settings::load(common)?;
    if let Some(file) = &args.suggest_mapping {
        return suggest::suggest(file, &settings.corpus, common);
    }
    if !args.paths.is_empty() {
        settings.corpus.paths.clone_from(&args.paths);
        settings.fetch.x.clear();
    }
    let Places { files, stores } = places(&settings)?;
    let mut inspection = Inspection { files: Vec::new(), totals: Totals::default() };
    read(&settings.corpus, &files, |part| inspection.add(&part))?;
    for folder in &stores {
        let file: Arc<str> = folder.display().to_string().into();
        let store = Store::open(folder).map_err(store_failure)?;
        let all = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        let read = store.for_each_batch(all.0, all.1, |tweets| {
            inspection.add(&Ingested { file: Arc::clone(&file), tweets, ..Ingested::default() });
            ControlFlow::Continue(())
        });
        read.map_err(store_failure)?;
    }
    inspection.totals.files = inspection.files.len() as u64;
    if common.json {
        console::data(&serde_json::to_string_pretty(&inspection).or_fail(Code::Internal)?);
    } else {
        table(&inspection, common.verbose > 0);
    }
    Ok(Code::Done)
}

impl Inspection {
    fn add(&mut self, part: &Ingested) {
        if self.files.last().is_none_or(|row| *row.path != *part.file) {
            self.files.push(FileRow { path: part.file.to_string(), ..FileRow::default() });
        }
        self.totals.add(part);
        self.files.last_mut().into_iter().for_each(|row| row.add(part));
    }
}

impl FileRow {
    fn add(&mut self, part: &Ingested) {
        self.records += part.records();
        self.tweets += part.tweets.len() as u64;
        self.notices += part.notices;
        for (format, count) in &part.formats {
            *self.formats.entry(format.name()).or_default() += count;
        }
        let formats: Vec<String> =
            self.formats.iter().map(|(format, count)| format!("{format} {count}")).collect();
        self.format = match self.formats.keys().collect::<Vec<_>>().as_slice() {
            [] => "none".to_owned(),
            [only] => (**only).to_owned(),
            _ => formats.join(" + "),
        };
        add_reasons(&mut self.rejected, part);
        let room = MOST_REJECTED.saturating_sub(self.rejects.len());
        self.rejects.extend(part.rejected.iter().take(room).map(|rejected| RejectRow {
            line: rejected.source.line,
            reason: rejected.reason.name(),
            detail: console::plain(&rejected.detail),
        }));
    }
}

fn add_reasons(reasons: &mut BTreeMap<&'static str, u64>, part: &Ingested) {
    for rejected in &part.rejected {
        *reasons.entry(rejected.reason.name()).or_default() += 1;
    }
}

impl Totals {
    fn add(&mut self, read: &Ingested) {
        self.records += read.records();
        self.tweets += read.tweets.len() as u64;
        self.notices += read.notices;
        add_reasons(&mut self.rejected, read);
        for tweet in &read.tweets {
            *self.days.entry(tweet.created_at.date_naive()).or_default() += 1;
            let language = tweet.lang.as_deref().unwrap_or("unknown");
            match self.languages.get_mut(language) {
                Some(count) => *count += 1,
                None => drop(self.languages.insert(language.to_owned(), 1)),
            }
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
