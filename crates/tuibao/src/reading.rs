//! Raw files, read by the corpus crate with the bounds and mappings of the configuration.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use corpus::{Ingested, Input, Mapped, Origin, ingest};
use globset::{Glob, GlobMatcher};

use crate::{
    exit::{Code, Failure, OrFail},
    places::{STDIN, unreadable},
    settings::CorpusSettings,
};

/// Reads files and hands their content on piecemeal, in order; memory stays within the setting.
pub(crate) fn read(
    settings: &CorpusSettings,
    files: &BTreeSet<PathBuf>,
    each: impl FnMut(Ingested),
) -> Result<(), Failure> {
    let mappings = mappings(settings)?;
    let input = |path: &PathBuf| {
        let mapping = mappings.iter().find(|(files, _)| files.iter().any(|files| files.is_match(path)));
        input(path, mapping.map(|(_, mapping)| Arc::clone(mapping)), settings)
    };
    let inputs: Vec<Input> = files.iter().map(input).collect();
    ingest(&inputs, &settings.bounds(), each).map_err(|fault| unreadable(&fault.file, fault.source))
}

fn input(path: &Path, mapping: Option<Arc<Mapped>>, settings: &CorpusSettings) -> Input {
    let owned = path.to_owned();
    let open: Box<dyn Fn() -> io::Result<Origin<'static>> + Send + Sync> = if path == Path::new(STDIN) {
        Box::new(|| Ok(Origin::Stream(Box::new(io::stdin()))))
    } else {
        Box::new(move || File::open(&owned).map(Origin::File))
    };
    let owner = Some(settings.owner.clone()).filter(|owner| !owner.is_empty());
    Input { name: path.display().to_string(), open, mapping, owner }
}

type Rule = (Vec<GlobMatcher>, Arc<Mapped>);

/// The mappings of the configuration, with the files that each is for.
fn mappings(settings: &CorpusSettings) -> Result<Vec<Rule>, Failure> {
    let rule = |mapping: &corpus::Mapping| {
        let globs = mapping.files.iter().map(|glob| Glob::new(glob).map(|glob| glob.compile_matcher()));
        let globs = globs.collect::<Result<_, _>>().or_fail(Code::Usage)?;
        let mapped = mapping.compile().map_err(|error| {
            Failure::new(Code::Usage, error)
                .hint("`tuibao inspect --suggest-mapping FILE` proposes a whole one")
        })?;
        Ok((globs, Arc::new(mapped)))
    };
    settings.mapping.iter().map(rule).collect()
}
