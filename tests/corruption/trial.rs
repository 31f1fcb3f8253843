//! One report by the corrupting model: the real program, and what became of each claim.

use std::{fmt, fs, sync::Arc};

use serde_json::{Value, json};

use super::{
    figures::{Figure, figures, is_among, numbers},
    honest::labelled_tweets,
    model::{Deed, Liar, Notes, Part},
};
use crate::support::{
    Ended, Site,
    audit::{claims, list},
    endpoint::{CANARY, Endpoint},
    fixture,
};

/// The tweets of a report.
const CORPORA: [(&str, &str, &str); 6] = [
    ("ai", "2026-03-02", "2026-03-02"),
    ("labels", "2026-01-18", "2026-01-21"),
    ("ai", "2026-03-03", "2026-03-03"),
    ("labels", "2026-01-22", "2026-01-24"),
    ("ai", "2026-03-04", "2026-03-04"),
    ("labels", "2026-01-25", "2026-01-28"),
];

/// One run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// Whether what came back is wrong again.
    pub(crate) stubborn: bool,
}

/// What became of a claim of the model's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Published,
    Refused,
    /// Let through, but there was no place for it.
    Unused,
}

/// What stands where a refused claim was to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Instead {
    /// The same claim, right.
    Repaired,
    /// A claim of the extractive writer about the topic.
    Extractive,
    /// Another claim of the model's about the topic.
    Another,
    /// The audit says that there is one, and there is none.
    Nothing,
    /// Nothing, and the audit says so.
    Lost,
}

#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) deeds: Vec<(Deed, Fate)>,
    /// Why honest claims were refused.
    pub(crate) alarms: Vec<String>,
    pub(crate) instead: Vec<(Instead, String)>,
    /// What must not be, and was.
    pub(crate) problems: Vec<String>,
}

impl Plan {
    fn profile(self) -> &'static str {
        if self.seed.is_multiple_of(2) { "twitter_ai" } else { "twitter_ai_en" }
    }

    fn corpus(self) -> (&'static str, &'static str, &'static str) {
        CORPORA[(self.seed / 2) as usize % CORPORA.len()]
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, from, to) = self.corpus();
        write!(
            f,
            "seed {} ({}, {name} {from} to {to}, stubborn {})",
            self.seed,
            self.profile(),
            self.stubborn
        )
    }
}

pub(crate) fn run(plan: Plan) -> Outcome {
    let liar = Arc::new(Liar::new(plan.seed, plan.stubborn));
    let asked = Arc::clone(&liar);
    let endpoint = Endpoint::start(move |question| asked.answer(question));
    let (site, ended) = start(plan, &endpoint);
    let mut outcome = Outcome::default();
    if !matches!(ended.code, Some(0 | 3)) {
        outcome.problems.push(format!("{plan}: the run failed{ended}"));
        return outcome;
    }
    let (_, from, to) = plan.corpus();
    let slug = format!("{}_{}_{}", plan.profile(), from.replace('-', ""), to.replace('-', ""));
    let post = format!("site/_posts/{to}-{slug}.md");
    let checked = site.run(&["check", "--profile", plan.profile(), &post]);
    if checked.code != Some(0) {
        outcome.problems.push(format!("{plan}: `check` finds faults{checked}"));
    }
    let audit: Value =
        serde_json::from_slice(&fs::read(site.path(&format!("site/_audit/{slug}.audit.json"))).unwrap())
            .unwrap();
    let notes = liar.notes();
    outcome.deeds = notes.deeds.iter().map(|deed| (judged(deed, &audit), fate(deed, &audit))).collect();
    outcome.instead = instead(&audit, &notes);
    outcome.alarms = alarms(&audit, &notes);
    outcome
}

fn start(plan: Plan, endpoint: &Endpoint) -> (Site, Ended) {
    let (name, from, to) = plan.corpus();
    let site = Site::new().with("OPENAI_API_KEY", CANARY);
    site.write("tuibao.toml", format!("[cloud]\nenabled = false\n{}", endpoint.config()));
    let corpus = if name == "labels" {
        let lines: Vec<String> =
            labelled_tweets().iter().map(|tweet| format!("{}\n", record(tweet))).collect();
        site.write("corpus/labels.jsonl", lines.concat());
        "corpus".to_owned()
    } else {
        fixture(name)
    };
    let arguments = ["run", "--corpus", &corpus, "--from", from, "--to", to, "--profile", plan.profile()];
    let ended = site.run(&arguments);
    (site, ended)
}

fn record(tweet: &Value) -> Value {
    json!({
        "id": tweet["id"], "author": {"handle": tweet["handle"], "name": tweet["name"]},
        "created_at": tweet["created_at"], "text": tweet["text"], "metrics": {"likes": 100, "reposts": 10},
    })
}

/// The honest claims that were refused, with the reasons and their tweets.
fn alarms(audit: &Value, notes: &Notes) -> Vec<String> {
    let look = |refused: &Value| {
        let (part, draft) = (refused["section"].as_str().unwrap(), &refused["draft"]);
        let honest = notes.deeds.iter().filter(|deed| deed.wrong.is_none());
        let deed = honest.into_iter().find(|deed| deed.part == part_of(part) && is_said(deed, draft))?;
        Some(format!("{} | {} | {}", deed.said.text, refused["problems"], deed.tweets))
    };
    list(&audit["brief"]["refused"]).iter().filter_map(look).collect()
}

fn part_of(name: &str) -> Part {
    match name {
        "overview" => Part::Overview,
        "key_points" => Part::KeyPoints,
        _ => Part::Detail,
    }
}

fn is_said(deed: &Deed, draft: &Value) -> bool {
    draft["writer"] == "model" && draft["text"] == deed.said.text && aliases(draft) == deed.said.cites
}

/// The short names that a draft or a claim cites.
fn aliases(draft: &Value) -> Vec<String> {
    let name = |cite: &Value| cite.as_str().or(cite["alias"].as_str()).unwrap_or_default().to_owned();
    list(&draft["cites"]).iter().map(name).collect()
}

/// The deed, right after all when the new figure stands in what a cited tweet quotes, of which the model is told nothing.
fn judged(deed: &Deed, audit: &Value) -> Deed {
    let claim = claims(audit).into_iter().map(|(_, claim)| claim).find(|claim| is_said(deed, claim));
    let ids = claim.map(|claim| list(&claim["cites"]).iter().map(|cite| &cite["id"]).collect::<Vec<_>>());
    let ids = ids.unwrap_or_default();
    let tweets = list(&audit["topics"]).iter().flat_map(|topic| list(&topic["tweets"]));
    let cited = tweets.map(|one| &one["tweet"]).filter(|tweet| ids.contains(&&tweet["id"]));
    let quoted: Vec<f64> = cited
        .filter_map(|tweet| tweet["reference"]["text"].as_str())
        .flat_map(|text| numbers(text, ""))
        .collect();
    let values = |text: &str| figures(text).iter().map(Figure::value).collect::<Vec<f64>>();
    let old = values(&deed.honest.text);
    let mut new = values(&deed.said.text).into_iter().filter(|value| !is_among(*value, &old)).peekable();
    let is_right = new.peek().is_some() && new.all(|value| is_among(value, &quoted));
    Deed { wrong: deed.wrong.filter(|_| !is_right), ..deed.clone() }
}

fn fate(deed: &Deed, audit: &Value) -> Fate {
    let is_it = |(part, claim): &(&str, &Value)| part_of(part) == deed.part && is_said(deed, claim);
    let is_refused = |refused: &&Value| {
        part_of(refused["section"].as_str().unwrap()) == deed.part && is_said(deed, &refused["draft"])
    };
    if claims(audit).iter().any(is_it) {
        Fate::Published
    } else if deed.came_back || list(&audit["brief"]["refused"]).iter().any(|one| is_refused(&one)) {
        Fate::Refused
    } else {
        Fate::Unused
    }
}

/// What stands in the place of each refused claim: about the topic of the tweets that it was to cite.
fn instead(audit: &Value, notes: &Notes) -> Vec<(Instead, String)> {
    let topic = |alias: &String| notes.sources.get(alias).map(|source| source.topic);
    let refused = list(&audit["brief"]["refused"]).iter().filter(|one| one["draft"]["writer"] == "model");
    let look = |refused: &Value| {
        let (part, draft) = (refused["section"].as_str().unwrap(), &refused["draft"]);
        let deed = notes.deeds.iter().find(|deed| deed.part == part_of(part) && is_said(deed, draft));
        let cites = deed.map_or_else(|| aliases(draft), |deed| deed.honest.cites.clone());
        let about = cites.iter().find_map(topic);
        let alike: Vec<&Value> = claims(audit)
            .into_iter()
            .filter(|(other, claim)| {
                *other == part && aliases(claim).iter().any(|alias| topic(alias) == about)
            })
            .map(|(_, claim)| claim)
            .collect();
        let honest = deed.filter(|deed| deed.wrong.is_some()).map(|deed| deed.honest.text.as_str());
        let is_repaired =
            claims(audit).iter().any(|(other, claim)| *other == part && claim["text"].as_str() == honest);
        let what = if is_repaired {
            Instead::Repaired
        } else if alike.iter().any(|claim| claim["writer"] == "extractive") {
            Instead::Extractive
        } else if !alike.is_empty() {
            Instead::Another
        } else if refused["replaced"] == true {
            Instead::Nothing
        } else {
            Instead::Lost
        };
        (what, format!("{part}: {} {:?}", draft["text"].as_str().unwrap(), aliases(draft)))
    };
    refused.map(look).collect()
}
