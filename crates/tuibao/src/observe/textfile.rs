//! The file of figures for the textfile collector of `node_exporter`: `[metrics]`.

use std::{
    fs::{self, Permissions},
    io::Write,
    path::Path,
};

use anyhow::Context;
use tempfile::Builder;

use super::{
    Ended,
    figures::{Named, before, text},
};
use crate::{console, settings::Settings};

/// Writes it, when one is wanted.
pub(super) fn write(settings: &Settings, ended: &Ended) {
    let named = Named { report: &settings.report.name, currency: &settings.model.currency };
    let Some(path) = settings.metrics.file(named.report) else { return };
    let earlier = fs::read_to_string(&path).unwrap_or_default();
    let written = text(named, ended, before(&earlier, named.report))
        .map_err(anyhow::Error::new)
        .and_then(|text| whole(&path, &text));
    if let Err(error) = written {
        console::say(&format!("warning: no figures in `{}`: {error:#}", path.display()));
    }
}

/// Whole or not at all: beside its place, under a name that the collector does not read, then renamed.
fn whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).context("the folder cannot be made")?;
    let mut builder = Builder::new();
    readable(builder.prefix(".tuibao-").suffix(".tmp"));
    let mut temp = builder.tempfile_in(folder)?;
    temp.write_all(text.as_bytes())?;
    temp.persist(path).map(drop).map_err(|error| error.error.into())
}

/// By the collector, which is somebody else.
#[cfg(unix)]
fn readable(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable(_builder: &mut Builder<'_, '_>) {}
