//! The stages as library functions, with the settings of the built-in profile.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Cursor},
    sync::LazyLock,
};

use corpus::{
    AdJudge, AdModelFile, AdRule, AdRules, Cluster, ClusterSettings, Deduped, FilterSettings, IngestSettings,
    Ingested, Input, Lexicon, Memory, Origin, RankSettings, Ranked, Sieve, Sifted, Tweet, Unique, Window,
    Words,
};
use serde::Deserialize;

/// The part of a profile that the stages of the corpus need.
#[derive(Deserialize)]
struct Profile {
    filter: FilterSettings,
    cluster: ClusterSettings,
    rank: RankSettings,
    subject: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct AdFile {
    rule: Vec<AdRule>,
}

/// What the stages share.
pub(crate) struct Stages {
    profile: Profile,
    ads: AdJudge,
    subject: Lexicon,
    words: Words,
}

/// Made once; the dictionary takes its time.
pub(crate) static STAGES: LazyLock<Stages> = LazyLock::new(|| {
    let profile: Profile = toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/reports/twitter_ai.toml"
    )))
    .unwrap();
    let ads: AdFile =
        toml::from_str(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/ads.toml"))).unwrap();
    let model: AdModelFile =
        toml::from_str(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/ads_model.toml")))
            .unwrap();
    Stages {
        ads: AdJudge::new(AdRules::new(ads.rule).unwrap(), &model).unwrap(),
        subject: Lexicon::new(profile.subject.clone()).unwrap(),
        words: Words::new(profile.subject.keys().map(String::as_str).filter(|word| !word.contains(' '))),
        profile,
    }
});

impl Stages {
    pub(crate) fn filter(&self, tweets: &[Tweet], window: Window) -> Sifted {
        let Self { profile, ads, subject, words } = self;
        corpus::filter(tweets, window, &Sieve { settings: &profile.filter, ads, subject, words })
    }

    pub(crate) fn dedupe(&self, sifted: Vec<corpus::Kept>) -> Deduped {
        corpus::dedupe(sifted, &self.words)
    }

    pub(crate) fn cluster(&self, unique: &[Unique]) -> Vec<Cluster> {
        let texts: Vec<&str> = unique.iter().map(|unique| unique.tweet.text.as_str()).collect();
        corpus::cluster(&texts, &self.words, &self.subject, self.profile.cluster, None)
    }

    pub(crate) fn rank(&self, unique: Vec<Unique>, clusters: &[Cluster], window: Window) -> Ranked {
        corpus::rank(unique, clusters, window, &Memory::default(), &self.profile.rank).unwrap()
    }
}

/// One file, named as given.
pub(crate) fn ingest(path: &str, name: &str) -> Ingested {
    let path = path.to_owned();
    all(name, Box::new(move || File::open(&path).map(Origin::File)))
}

/// One file of these bytes.
pub(crate) fn ingest_text(name: &str, text: &str) -> Ingested {
    let bytes = text.as_bytes().to_vec();
    all(name, Box::new(move || Ok(Origin::Stream(Box::new(Cursor::new(bytes.clone()))))))
}

type Open = Box<dyn Fn() -> io::Result<Origin<'static>> + Send + Sync>;

fn all(name: &str, open: Open) -> Ingested {
    let input = Input { name: name.to_owned(), open, mapping: None, owner: None };
    let mut all = Ingested::default();
    corpus::ingest(&[input], &IngestSettings::default(), |part| all.add(part)).unwrap();
    all
}

/// A day in Asia/Shanghai, which keeps no summer time.
pub(crate) fn window(day: &str) -> Window {
    let start = format!("{day}T00:00:00+08:00").parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    Window { start, end: start + chrono::TimeDelta::days(1) }
}
