//! Raw files, read by the corpus crate with the bounds and mappings of the configuration.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use corpus::{Ingested, Input, Mapped, Origin, ingest};

use crate::{
    exit::Failure,
    mappings::Mappings,
    places::{STDIN, unreadable},
    settings::CorpusSettings,
};

/// Reads files and hands their content on piecemeal, in order; memory stays within the setting.
pub(crate) fn read(
    settings: &CorpusSettings,
    files: &BTreeSet<PathBuf>,
    each: impl FnMut(Ingested),
) -> Result<(), Failure> {
    let mappings = Mappings::of(&settings.mapping)?;
    let input = |path: &PathBuf| input(path, mappings.of_file(path), settings);
    let inputs: Vec<Input> = files.iter().map(input).collect();
    ingest(&inputs, &settings.bounds(), each).map_err(|fault| unreadable(&fault.file, fault.source))
}

/// One file to be read.
pub(crate) fn input(path: &Path, mapping: Option<Arc<Mapped>>, settings: &CorpusSettings) -> Input {
    let file = path.to_owned();
    let open: Box<dyn Fn() -> io::Result<Origin<'static>> + Send + Sync> = if path == Path::new(STDIN) {
        Box::new(|| Ok(Origin::Stream(Box::new(io::stdin()))))
    } else {
        Box::new(move || File::open(&file).map(Origin::File))
    };
    let owner = Some(settings.owner.clone()).filter(|owner| !owner.is_empty());
    Input { name: path.display().to_string(), open, mapping, owner }
}
