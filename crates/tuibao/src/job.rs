//! Settings as meant: everything that all reports of one command share, made once.

mod fingerprint;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use brief::{Desk, Prompts};
use chrono::NaiveTime;
use corpus::{AdJudge, AdModelFile, AdRule, AdRules, Lexicon, Sieve, Words};
use llm::{Shelf, Stack, StackSettings};
use report::{Layout, Slug};
use serde::Deserialize;

use self::fingerprint::fingerprint;
use crate::{
    coverage,
    exit::{Code, Failure, OrFail},
    feed,
    observe::Tally,
    period::{self, Calendar, Period},
    picture::Look,
    pipeline::now,
    settings::{AdsSettings, Mode, ModelSettings, Settings},
    vectors::Vectors,
};

const BUILT_IN_ADS: &str = include_str!("../../../config/ads.toml");
const BUILT_IN_AD_MODEL: &str = include_str!("../../../config/ads_model.toml");

/// What every report is made with.
pub(crate) struct Job {
    pub(crate) settings: Settings,
    pub(crate) calendar: Calendar,
    pub(crate) words: Words,
    pub(crate) subject: Lexicon,
    pub(crate) ads: AdJudge,
    pub(crate) prompts: Prompts,
    /// Of the word cloud.
    pub(crate) look: Look,
    /// Where files stand on the site.
    pub(crate) layout: Layout,
    /// The model, when one writes. A dry run has it too, to know which answers are kept, and never asks it.
    pub(crate) model: Option<Stack>,
    /// Sentence vectors, when the clusters get them.
    pub(crate) vectors: Option<Vectors>,
    pub(crate) force: bool,
    /// What the command has done so far, for who watches it.
    pub(crate) tally: Arc<Tally>,
    /// Hash of every setting that bears on a report's bytes.
    pub(crate) fingerprint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdFile {
    rule: Vec<AdRule>,
}

impl Job {
    /// Prepares; `online` is false for a dry run, which opens no connection and needs no key.
    pub(crate) fn new(settings: Settings, force: bool, online: bool) -> Result<Self, Failure> {
        let calendar = calendar(&settings)?;
        let layout = layout(&settings)?;
        feed::possible(&settings)?;
        coverage::possible(&settings.coverage)?;
        let (ads, ads_text) = ads(&settings.ads)?;
        let subject = settings.subject.iter().map(|(word, weight)| (word.clone(), *weight));
        let prompts =
            Prompts::load(folder_or_none(&settings.writer.prompts).as_deref()).or_fail(Code::Usage)?;
        let model = match settings.writer.mode {
            Mode::Model => Some(stack(&settings, &calendar, online)?),
            Mode::Extractive => None,
        };
        let vectors = Vectors::new(&settings, online)?;
        let words = Words::new(own_words(&settings));
        let look = Look::new(&settings, &words)?;
        Ok(Self {
            calendar,
            layout,
            words,
            subject: Lexicon::new(subject).or_fail(Code::Usage)?,
            fingerprint: fingerprint(&settings, &prompts, &(ads_text + &look.files), vectors.as_ref()),
            ads,
            prompts,
            look,
            model,
            vectors,
            force,
            tally: Arc::default(),
            settings,
        })
    }

    /// Counted by who watches the command.
    pub(crate) fn counted(self, tally: &Arc<Tally>) -> Self {
        Self { tally: Arc::clone(tally), ..self }
    }

    /// All that hinders a job, not only the first: each part is made by itself and let go.
    pub(crate) fn problems(settings: &Settings) -> Vec<Failure> {
        let model = || match settings.writer.mode {
            Mode::Model => {
                calendar(settings).and_then(|calendar| stack(settings, &calendar, false)).map(drop)
            }
            Mode::Extractive => Ok(()),
        };
        let own_prompts = folder_or_none(&settings.writer.prompts);
        let parts = [
            calendar(settings).map(drop),
            layout(settings).map(drop),
            feed::possible(settings),
            ads(&settings.ads).map(drop),
            Prompts::load(own_prompts.as_deref()).or_fail(Code::Usage).map(drop),
            model(),
            Vectors::new(settings, false).map(drop),
            Look::new(settings, &Words::new(own_words(settings))).map(drop),
        ];
        let mut found: Vec<Failure> = parts.into_iter().filter_map(Result::err).collect();
        // A wrong calendar hinders the model as well, and is told once.
        let mut told = Vec::new();
        found.retain(|failure| {
            let text = failure.to_string();
            let new = !told.contains(&text);
            told.push(text);
            new
        });
        found
    }

    pub(crate) fn sieve(&self) -> Sieve<'_> {
        Sieve { settings: &self.settings.filter, ads: &self.ads, subject: &self.subject, words: &self.words }
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        let (outline, title) = (&self.settings.outline, self.settings.report.called.as_str());
        Desk { outline, prompts: &self.prompts, words: &self.words, title }
    }

    /// What a report is called in file names: `twitter_ai_20260124_20260124`.
    pub(crate) fn slug(&self, period: Period) -> Slug {
        Slug { name: self.settings.report.name.clone(), from: period.from, to: period.to }
    }

    /// Where a report's post goes, below the site's root.
    pub(crate) fn post_path(&self, period: Period) -> PathBuf {
        self.layout.post(&self.slug(period))
    }

    /// Where its word cloud goes.
    pub(crate) fn picture_path(&self, period: Period) -> PathBuf {
        self.layout.image(&self.slug(period), &self.picture_name(period))
    }

    /// Where its audit goes.
    pub(crate) fn audit_path(&self, period: Period) -> PathBuf {
        self.layout.audit(&self.slug(period))
    }

    /// The word cloud's link in the post.
    pub(crate) fn picture_url(&self, period: Period) -> String {
        self.layout.image_url(&self.slug(period), &self.picture_name(period))
    }

    /// Where another file of the report goes: its HTML edition, a chart.
    pub(crate) fn file_path(&self, period: Period, name: &str) -> PathBuf {
        self.layout.beside(&self.slug(period), name)
    }

    /// File name of its HTML edition.
    pub(crate) fn edition_name(&self, period: Period) -> String {
        format!("{}.html", self.slug(period))
    }

    fn picture_name(&self, period: Period) -> String {
        format!("wordcloud_{}.{}", self.slug(period), self.settings.cloud.format.ending())
    }
}

/// The patterns of the site, which hold for any date.
pub(crate) fn layout(settings: &Settings) -> Result<Layout, Failure> {
    let layout = settings.layout();
    if let Some(pattern) = layout.wrong() {
        return Err(Failure::say(Code::Usage, format!("`{pattern}` is no folder pattern"))
            .hint("`%Y`, `%m` and `%d` stand for the report's date, `%%` for a percent sign, `{slug}` for its name; the folder must be below the site"));
    }
    Ok(layout)
}

pub(crate) fn calendar(settings: &Settings) -> Result<Calendar, Failure> {
    let window = &settings.window;
    let zone = window.timezone.parse().map_err(|_| {
        Failure::say(Code::Usage, format!("`window.timezone = \"{}\"` is no time zone", window.timezone))
            .hint("use an IANA name such as `Asia/Shanghai`, `Europe/London` or `UTC`")
    })?;
    let cutoff = NaiveTime::parse_from_str(&window.cutoff, "%H:%M").map_err(|_| {
        Failure::say(Code::Usage, format!("`window.cutoff = \"{}\"` is no time of day", window.cutoff))
            .hint("write it as `HH:MM`, such as `10:00`")
    })?;
    plain_name(&settings.report.name, "report.name")?;
    period::check_format(&settings.post.time_format)?;
    Ok(Calendar { zone, cutoff, label: window.label })
}

/// Refuses a report's name that cannot be part of a file's; `key` says where it was written.
pub(crate) fn plain_name(name: &str, key: &str) -> Result<(), Failure> {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if plain {
        return Ok(());
    }
    Err(Failure::say(Code::Usage, format!("`{key} = \"{name}\"` cannot be part of a file name"))
        .hint("use letters, digits, `_` and `-`"))
}

/// The advert rules.
pub(crate) fn ad_rules(settings: &AdsSettings) -> Result<(AdRules, String), Failure> {
    let text = own_or(&settings.rules, "rules", BUILT_IN_ADS)?;
    let file: AdFile = toml::from_str(&text).or_fail(Code::Usage)?;
    Ok((AdRules::new(file.rule).or_fail(Code::Usage)?, text))
}

/// The advert rules with their model, and the text of both.
fn ads(settings: &AdsSettings) -> Result<(AdJudge, String), Failure> {
    let (rules, rules_text) = ad_rules(settings)?;
    let model_text = own_or(&settings.model, "model", BUILT_IN_AD_MODEL)?;
    let model: AdModelFile = toml::from_str(&model_text).or_fail(Code::Usage)?;
    let judge = AdJudge::new(rules, &model).map_err(|error| {
        Failure::new(Code::Usage, error)
            .hint("`tuibao train ads` makes a model for the rules as they are; `ads.model` names its file")
    })?;
    Ok((judge, rules_text + &model_text))
}

fn own_or(path: &Path, what: &str, built_in: &str) -> Result<String, Failure> {
    if path.as_os_str().is_empty() {
        return Ok(built_in.to_owned());
    }
    std::fs::read_to_string(path).map_err(|error| {
        let context = format!("cannot read the advert {what} `{}`", path.display());
        Failure::new(Code::Usage, anyhow::Error::new(error).context(context))
    })
}

fn stack(settings: &Settings, calendar: &Calendar, online: bool) -> Result<Stack, Failure> {
    let model = &settings.model;
    let endpoints: Vec<_> =
        all_models(settings).map(|model| model.meant(online)).collect::<Result<_, _>>()?;
    affordable(settings)?;
    let today = now().with_timezone(&calendar.zone).format("%Y-%m-%d.jsonl").to_string();
    let made = Stack::new(&StackSettings {
        endpoints,
        cache: folder_or_none(&model.cache.folder).map(|folder| Shelf::new(&folder, model.cache.mb << 20)),
        capabilities: folder_or_none(&model.capabilities),
        caps: model.budget.caps(),
        spending: folder_or_none(&model.budget.folder).map(|folder| folder.join(today)),
        record: folder_or_none(&model.record),
        replay: folder_or_none(&model.replay),
    });
    made.map_err(|error| {
        Failure::new(Code::Usage, error)
            .hint("see `model.base_url` and the key, also of each `[[model.fallback]]`")
    })
}

/// The first endpoint, then those that it falls back to.
pub(crate) fn all_models(settings: &Settings) -> impl Iterator<Item = &ModelSettings> {
    std::iter::once(&settings.model).chain(&settings.fallbacks)
}

/// Whether a budget in money can be kept to: it needs prices, and one currency.
fn affordable(settings: &Settings) -> Result<(), Failure> {
    let caps = settings.model.budget.caps();
    if caps.run_money <= 0.0 && caps.day_money <= 0.0 {
        return Ok(());
    }
    let unpriced = all_models(settings).find(|model| model.price().is_none());
    if let Some(model) = unpriced {
        let name = &model.ask.name;
        return Err(Failure::say(Code::Usage, format!("a budget in money needs a price for `{name}`")).hint(
            format!("add `[model.prices.\"{name}\"]` with `input` and `output`, or bound tokens instead"),
        ));
    }
    let currency = &settings.model.currency;
    match all_models(settings).find(|model| model.currency != *currency) {
        Some(other) => Err(Failure::say(
            Code::Usage,
            format!(
                "a budget in {currency} cannot be kept to: `{}` is paid in {}",
                other.ask.name, other.currency
            ),
        )
        .hint("state all prices in one currency, or bound tokens instead")),
        None => Ok(()),
    }
}

/// An empty path means no folder.
fn folder_or_none(path: &Path) -> Option<PathBuf> {
    (!path.as_os_str().is_empty()).then(|| path.to_owned())
}

/// Chinese words that the dictionary should not cut apart.
/// The report's own words, for the dictionary.
pub(crate) fn own_words(settings: &Settings) -> impl Iterator<Item = &str> {
    settings.subject.keys().map(String::as_str).filter(|word| !word.contains(' '))
}
