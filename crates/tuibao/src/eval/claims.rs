//! `tuibao eval claims`: what the claim checker lets through and refuses, on claims labelled with whether the tweets that
//! they cite hold them.

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use brief::{Judge, Problem};
use corpus::{Tweet, Words};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::flat;
use crate::{
    cli::{Common, EvalClaimsArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::own_words,
    settings,
};

/// A labelled claim.
#[derive(Deserialize)]
struct Row {
    id: String,
    tweets: Vec<CitedTweet>,
    claim: LabelledClaim,
    supported: bool,
    class: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    mutation: String,
}

#[derive(Deserialize)]
struct LabelledClaim {
    #[serde(default)]
    lead: String,
    text: String,
}

#[derive(Deserialize)]
struct CitedTweet {
    id: String,
    handle: String,
    name: String,
    created_at: String,
    text: String,
    #[serde(default)]
    quoted: Option<String>,
}

/// Of one class of fact, or of all.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Tally {
    /// Claims that the tweets hold.
    faithful: u32,
    /// Of these, refused: false alarms.
    alarms: u32,
    /// Claims with one wrong fact.
    wrong: u32,
    /// Of these, refused.
    caught: u32,
}

#[derive(Serialize)]
struct Figures {
    /// Refused claims that are wrong, of all refused.
    precision: f64,
    /// Wrong claims that are refused, of all wrong ones.
    recall: f64,
    f1: f64,
    /// Faithful claims that are refused, of all faithful ones.
    false_alarms: f64,
    claims: u32,
    claims_per_second: f64,
    classes: BTreeMap<String, Tally>,
}

/// Prints the figures of each set; `-v` names each claim decided otherwise, with the reasons.
pub(super) fn eval(args: &EvalClaimsArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let words = Words::new(own_words(&settings));
    let outline = &settings.outline;
    let english =
        settings::load(&Common { profile: Some("twitter_ai_en".to_owned()), ..common.clone() })?.outline;
    let (chinese, english) = (Judge::new(outline, &words), Judge::new(&english, &words));
    let judge_of = |row: &Row| if row.language == "en" { &english } else { &chinese };
    for path in &args.files {
        let name = path.display().to_string();
        let rows: Vec<(Row, Vec<Tweet>)> = read(path)?;
        let judge = || -> Vec<Vec<Problem>> {
            let judge = |(row, tweets): &(Row, Vec<Tweet>)| {
                judge_of(row).problems(&row.claim.lead, &row.claim.text, tweets)
            };
            rows.par_iter().map(judge).collect()
        };
        // The first round loads the patterns and the dictionary, which a run does once.
        let judged = judge();
        let begun = Instant::now();
        judge();
        let seconds = begun.elapsed().as_secs_f64();
        let figures = figures(&rows, &judged, seconds);
        console::data(&if common.json {
            flat(&name, &figures, Some(seconds))
        } else {
            lines(&name, &figures)
        });
        if common.verbose > 0 {
            show_wrong(&rows, &judged);
        }
    }
    Ok(Code::Done)
}

fn read(path: &Path) -> Result<Vec<(Row, Vec<Tweet>)>, Failure> {
    let text = fs::read_to_string(path).or_fail(Code::Input)?;
    let rows = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    rows.map(|(number, line)| {
        let place = || format!("{}:{}", path.display(), number + 1);
        let row: Row =
            serde_json::from_str(line).or_fail(Code::Input).map_err(|failure| failure.within(place()))?;
        let tweets = row.tweets.iter().map(tweet).collect::<Result<_, _>>().or_fail(Code::Input);
        Ok((row, tweets.map_err(|failure| failure.within(place()))?))
    })
    .collect()
}

fn tweet(cited: &CitedTweet) -> Result<Tweet, serde_json::Error> {
    let CitedTweet { id, handle, name, created_at, text, quoted } = cited;
    let mut record =
        json!({"id": id, "author": {"handle": handle, "name": name}, "created_at": created_at, "text": text});
    if let (Some(quoted), Some(fields)) = (quoted, record.as_object_mut()) {
        fields.insert("reference".to_owned(), json!({"text": quoted}));
    }
    serde_json::from_value(record)
}

fn figures(rows: &[(Row, Vec<Tweet>)], judged: &[Vec<Problem>], seconds: f64) -> Figures {
    let mut all = Tally::default();
    let mut classes: BTreeMap<String, Tally> = BTreeMap::new();
    for ((row, _), problems) in rows.iter().zip(judged) {
        for tally in [&mut all, classes.entry(row.class.clone()).or_default()] {
            tally.add(row.supported, !problems.is_empty());
        }
    }
    let share = |part: u32, of: u32| if of == 0 { 0.0 } else { f64::from(part) / f64::from(of) };
    let (precision, recall) = (share(all.caught, all.caught + all.alarms), share(all.caught, all.wrong));
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    let claims = all.faithful + all.wrong;
    let false_alarms = share(all.alarms, all.faithful);
    Figures {
        precision,
        recall,
        f1,
        false_alarms,
        claims,
        claims_per_second: f64::from(claims) / seconds,
        classes,
    }
}

impl Tally {
    fn add(&mut self, supported: bool, refused: bool) {
        let refused = u32::from(refused);
        if supported {
            self.faithful += 1;
            self.alarms += refused;
        } else {
            self.wrong += 1;
            self.caught += refused;
        }
    }
}

fn lines(name: &str, figures: &Figures) -> String {
    let Figures { precision, recall, f1, false_alarms, claims, claims_per_second, classes } = figures;
    let mut lines = vec![format!(
        "{name}: {claims} claims  P {precision:.3}  R {recall:.3}  F1 {f1:.3}  false alarms {false_alarms:.3}  {claims_per_second:.0} claims/s"
    )];
    lines.extend(classes.iter().map(|(class, tally)| {
        let Tally { faithful, alarms, wrong, caught } = tally;
        format!("    {class:<12} wrong refused {caught:>3} of {wrong:>3}   faithful refused {alarms:>3} of {faithful:>3}")
    }));
    lines.join("\n")
}

fn show_wrong(rows: &[(Row, Vec<Tweet>)], judged: &[Vec<Problem>]) {
    for ((row, _), problems) in
        rows.iter().zip(judged).filter(|((row, _), problems)| row.supported != problems.is_empty())
    {
        let tweets: Vec<&str> = row.tweets.iter().map(|tweet| tweet.text.as_str()).collect();
        let line = json!({"id": row.id, "supported": row.supported, "class": row.class, "mutation": row.mutation,
            "lead": row.claim.lead, "text": row.claim.text, "tweets": tweets, "problems": problems});
        console::data(&line.to_string());
    }
}
