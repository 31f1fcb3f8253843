//! The word cloud of a report: its settings as meant, its words, its bytes.

use std::path::Path;

use corpus::Words;
use report::{
    CloudError, CloudSettings, Font, Rgb, Shape, Terms, WordChoice, cloud_words, colour, word_cloud,
};

use crate::{
    exit::{Code, Failure},
    job::Job,
    pipeline::hash,
    settings::{CloudKeys, Settings},
    sorting::Sorted,
};

const HINT: &str = "see [cloud] in config/default.toml; `enabled = false` leaves the picture out";

/// How all clouds of one command look.
pub(crate) struct Look {
    pub(crate) font: Font,
    settings: CloudSettings,
    /// The profile's terms, which stay whole.
    terms: Terms,
    /// Of the font and mask files: whoever changes one wants other pictures.
    pub(crate) files: String,
}

impl Look {
    /// Reads font and mask and checks all else, so that a wrong key is told before a report is made.
    pub(crate) fn new(settings: &Settings, words: &Words) -> Result<Self, Failure> {
        let keys = &settings.cloud;
        let look = meant(keys)?;
        look.check().map_err(|error| Failure::new(Code::Usage, error).hint(HINT))?;
        let terms = Terms::new(profile_terms(settings), words);
        let files = [&keys.font, Path::new(&keys.shape)].map(|path| std::fs::read(path).unwrap_or_default());
        Ok(Self { font: font(&keys.font)?, settings: look, terms, files: hash(&files.concat()) })
    }
}

/// What the profile has names for.
fn profile_terms(settings: &Settings) -> impl Iterator<Item = &str> {
    let outline = &settings.outline;
    let aliases = outline.aliases.iter().flat_map(|(name, others)| std::iter::once(name).chain(others));
    let entities = outline.entities.iter().flat_map(|kind| &kind.words);
    settings.subject.keys().chain(aliases).chain(entities).map(String::as_str)
}

fn meant(keys: &CloudKeys) -> Result<CloudSettings, Failure> {
    let CloudKeys {
        enabled: _,
        hide: _,
        font: _,
        format,
        words,
        width,
        height,
        shape,
        palette,
        background,
        seed,
        quality,
    } = keys;
    Ok(CloudSettings {
        format: *format,
        width: *width,
        height: *height,
        shape: Shape::from_name_or_file(shape)
            .map_err(|error| Failure::new(Code::Usage, error).hint(HINT))?,
        max_words: *words,
        seed: *seed,
        palette: palette.iter().map(|text| rgb(text)).collect::<Result<_, _>>()?,
        background: rgb(background)?,
        quality: *quality,
        ..CloudSettings::default()
    })
}

fn rgb(text: &str) -> Result<Rgb, Failure> {
    colour(text).ok_or_else(|| {
        Failure::say(Code::Usage, format!("`{text}` is no colour of the word cloud"))
            .hint("write colours as `#rrggbb`, such as `#1d4e89`")
    })
}

fn font(path: &Path) -> Result<Font, Failure> {
    let font = if path.as_os_str().is_empty() { Font::builtin() } else { Font::from_file(path) };
    font.map_err(|error| {
        Failure::new(Code::Usage, error)
            .hint("set `cloud.font` to a TrueType or OpenType file, or leave it empty")
    })
}

/// A word cloud, or why there is none.
#[derive(Default)]
pub(crate) struct Picture {
    pub(crate) bytes: Option<Vec<u8>>,
    /// Words that it would show and cannot, each with the reason and what to do.
    pub(crate) skipped: Vec<String>,
    pub(crate) missing: Option<String>,
}

/// The word cloud. A day whose words cannot be drawn has a report all the same.
pub(crate) fn picture(job: &Job, sorted: &Sorted) -> Result<Picture, Failure> {
    let keys = &job.settings.cloud;
    if !keys.enabled {
        return Ok(Picture::default());
    }
    let choice = WordChoice {
        words: &job.words,
        subject: &job.subject,
        terms: &job.look.terms,
        hide: &keys.hide,
        most: keys.words,
    };
    let words = cloud_words(&sorted.topics, &sorted.left_out, &choice);
    match word_cloud(&words, &job.look.font, &job.look.settings) {
        Ok(cloud) => {
            let skipped = cloud.skipped.iter().map(ToString::to_string).collect();
            Ok(Picture { bytes: Some(cloud.bytes), skipped, missing: None })
        }
        Err(error @ (CloudError::Empty | CloudError::MissingGlyphs { .. })) => {
            Ok(Picture { missing: Some(error.to_string()), ..Picture::default() })
        }
        Err(error) => Err(Failure::new(Code::Usage, error).hint(HINT)),
    }
}
