//! Settings in two steps: as written in the layers, then as meant ([`crate::job::Job`]).
//!
//! The only place that reads the environment. Layers, later ones win: `config/default.toml` (compiled in), `tuibao.toml`,
//! the report profile, `TUIBAO_…` variables, flags. An unknown key is an error that names its layer.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use brief::Outline;
use corpus::{ClusterSettings, CoverageSettings, FilterSettings, IngestSettings, Mapping, RankSettings};
use report::{ChartSettings, ChartWords, EditionWords, Layout, PictureFormat, PostSettings};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    catch_up::RunSettings,
    delivery::NoticeTexts,
    exit::{Code, Failure},
    feed::FeedSettings,
    floor::FloorSettings,
    long::{LongSettings, TrendSettings},
    making::LateSettings,
    period::Label,
};

mod blame;
pub(crate) mod clock;
mod effective;
mod hidden;
mod layers;
mod model;
mod notify;
mod observe;
mod presets;
mod problems;
mod profiles;
pub(crate) use blame::Problem;
pub(crate) use effective::{Effective, effective};
pub(crate) use layers::load;
pub(crate) use model::ModelSettings;
pub(crate) use notify::Named;
pub(crate) use observe::{LogFormat, LogSettings, MetricsSettings};
pub(crate) use presets::site_preset;
pub(crate) use problems::problems;

/// All settings, as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The name of the profile that gave other keys their values; it bears on nothing by itself.
    pub(crate) profile: String,
    pub(crate) notify: Vec<deliver::TargetSettings>,
    pub(crate) delivery: deliver::DeliverySettings,
    pub(crate) notice: NoticeTexts,
    pub(crate) log: LogSettings,
    pub(crate) metrics: MetricsSettings,
    pub(crate) ping: deliver::PingSettings,
    pub(crate) corpus: CorpusSettings,
    pub(crate) fetch: fetch::Settings,
    pub(crate) output: OutputSettings,
    pub(crate) feed: FeedSettings,
    pub(crate) window: WindowSettings,
    pub(crate) coverage: CoverageSettings,
    pub(crate) writer: WriterSettings,
    pub(crate) model: ModelSettings,
    /// The `[[model.fallback]]` tables, each completed to a `[model]`.
    #[serde(skip)]
    pub(crate) fallbacks: Vec<ModelSettings>,
    pub(crate) embeddings: EmbeddingSettings,
    pub(crate) post: PostSettings,
    pub(crate) cloud: CloudKeys,
    pub(crate) charts: ChartSettings,
    pub(crate) html: HtmlSettings,
    pub(crate) memory: MemorySettings,
    pub(crate) floor: FloorSettings,
    pub(crate) run: RunSettings,
    pub(crate) late: LateSettings,
    pub(crate) long: LongSettings,
    pub(crate) ledger: LedgerSettings,
    pub(crate) ads: AdsSettings,
    pub(crate) report: ReportTexts,
    pub(crate) filter: FilterSettings,
    pub(crate) cluster: ClusterSettings,
    pub(crate) rank: RankSettings,
    pub(crate) subject: BTreeMap<String, f64>,
    pub(crate) outline: Outline,
    /// A profile without it makes no reports from audits.
    pub(crate) trend: Option<TrendSettings>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorpusSettings {
    pub(crate) paths: Vec<String>,
    pub(crate) threads: usize,
    pub(crate) memory_mb: u64,
    pub(crate) page_mb: usize,
    pub(crate) file_gb: u64,
    pub(crate) owner: String,
    pub(crate) mapping: Vec<Mapping>,
}

impl Settings {
    /// With the HTML edition, if it is asked for on the command line.
    pub(crate) fn with_html(mut self, asked: bool) -> Self {
        self.html.enabled |= asked;
        self
    }

    /// Where files stand, and how pages address them.
    pub(crate) fn layout(&self) -> Layout {
        let OutputSettings { posts, post_name, images, image_url, audits, link, .. } = &self.output;
        Layout {
            posts: posts.clone(),
            post_name: post_name.clone(),
            images: images.clone(),
            image_url: image_url.clone(),
            audits: audits.clone(),
            html: self.html.folder.clone(),
            link: link.clone(),
        }
    }

    /// The token of a source of the X API.
    pub(crate) fn bearer(source: &fetch::XSettings) -> Result<SecretString, Failure> {
        #[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
        let token = source.bearer(|name| std::env::var(name).ok());
        token.map_err(|error| {
            let hint = error.hint().unwrap_or("see [[fetch.x]] in the README");
            Failure::new(Code::Usage, error).hint(hint)
        })
    }
}

impl CorpusSettings {
    /// The bounds of reading; 0 threads means one for each core.
    pub(crate) fn bounds(&self) -> IngestSettings {
        let cores = || std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        IngestSettings {
            threads: if self.threads == 0 { cores() } else { self.threads },
            memory: self.memory_mb << 20,
            file: self.file_gb << 30,
            page: self.page_mb << 20,
            ..IngestSettings::default()
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutputSettings {
    /// The name of the preset that gave the other keys their values; it bears on nothing by itself.
    pub(crate) preset: String,
    pub(crate) site: PathBuf,
    pub(crate) posts: String,
    pub(crate) post_name: String,
    pub(crate) images: String,
    pub(crate) image_url: String,
    pub(crate) audits: String,
    pub(crate) public: String,
    pub(crate) base_url: String,
    pub(crate) link: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowSettings {
    pub(crate) timezone: String,
    pub(crate) cutoff: String,
    pub(crate) label: Label,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriterSettings {
    pub(crate) mode: Mode,
    pub(crate) on_failure: OnFailure,
    pub(crate) prompts: PathBuf,
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    Extractive,
    Model,
}

/// What happens when the model is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnFailure {
    Extractive,
    Fail,
}

/// Sentence vectors. How long and how often an endpoint is asked stands under `[model]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmbeddingSettings {
    pub(crate) source: VectorSource,
    pub(crate) base_url: String,
    pub(crate) api_key_env: String,
    pub(crate) api_key_file: PathBuf,
    pub(crate) model: String,
    pub(crate) folder: PathBuf,
    pub(crate) batch: usize,
    pub(crate) cache: PathBuf,
    pub(crate) cache_mb: u64,
}

/// Who makes sentence vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VectorSource {
    None,
    Endpoint,
    Local,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloudKeys {
    pub(crate) enabled: bool,
    pub(crate) format: PictureFormat,
    pub(crate) font: PathBuf,
    pub(crate) words: usize,
    /// In any casing.
    pub(crate) hide: Vec<String>,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// A name or the path of a mask.
    pub(crate) shape: String,
    /// As `#rrggbb`.
    pub(crate) palette: Vec<String>,
    pub(crate) background: String,
    pub(crate) seed: u64,
    pub(crate) quality: u8,
}

/// The HTML edition.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HtmlSettings {
    pub(crate) enabled: bool,
    pub(crate) folder: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemorySettings {
    pub(crate) days: u32,
}

/// Where it is kept what became of each run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LedgerSettings {
    pub(crate) file: PathBuf,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdsSettings {
    pub(crate) rules: PathBuf,
    pub(crate) model: PathBuf,
}

/// The fixed words of a post, as templates over the report's dates and counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportTexts {
    pub(crate) name: String,
    /// In prompts; without dates, so that what a model is told first is the same every day.
    pub(crate) called: String,
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) heading: String,
    pub(crate) brief: String,
    pub(crate) overview: String,
    pub(crate) key_points: String,
    pub(crate) detail: String,
    pub(crate) cloud: String,
    pub(crate) cloud_alt: String,
    pub(crate) note: String,
    pub(crate) reasons: BTreeMap<String, String>,
    pub(crate) writers: BTreeMap<String, String>,
    pub(crate) charts: ChartWords,
    pub(crate) html: EditionWords,
}

impl EmbeddingSettings {
    /// The same of the endpoint for embeddings.
    pub(crate) fn api_key(&self) -> Result<Option<SecretString>, Failure> {
        api_key(&self.api_key_env, &self.api_key_file)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn api_key(variable: &str, file: &Path) -> Result<Option<SecretString>, Failure> {
    if let Some(key) = std::env::var(variable).ok().filter(|key| !key.trim().is_empty()) {
        return Ok(Some(key.trim().to_owned().into()));
    }
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    let key = std::fs::read_to_string(file).map_err(|error| {
        let context = format!("cannot read the API key file `{}`", file.display());
        Failure::new(Code::Usage, anyhow::Error::new(error).context(context))
    })?;
    Ok(Some(key.trim().to_owned().into()))
}
