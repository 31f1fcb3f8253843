//! What there is to read: files and objects below the named places, cut into pieces.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read as _},
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use corpus::{Origin, is_data_file, is_side_file};
use futures::TryStreamExt as _;
use object_store::ObjectStore as _;
use serde::de::IgnoredAny;

use crate::{
    objects,
    pieces::{Piece, Slice, Stretch},
};

/// Names with their sizes in bytes, in order.
type Sizes = BTreeMap<String, u64>;

/// All files of the named places, in pieces of about `split` bytes; with 0, files are not cut.
pub(crate) async fn pieces(paths: &[String], split: u64) -> Result<Vec<Piece>> {
    let mut sizes = Sizes::new();
    for path in paths {
        let before = sizes.len();
        if objects::is_object(path) {
            objects_below(path, &mut sizes).await?;
        } else {
            files_below(Path::new(path), &mut sizes).with_context(|| format!("cannot read `{path}`"))?;
        }
        if sizes.len() == before {
            bail!("nothing to read in `{path}`");
        }
    }
    tokio::task::spawn_blocking(move || cut(&sizes, split)).await?
}

/// Regular files; hidden ones and stores are no corpus.
fn files_below(path: &Path, sizes: &mut Sizes) -> Result<()> {
    let about = fs::metadata(path)?;
    if !about.is_dir() {
        sizes.insert(path.display().to_string(), about.len());
        return Ok(());
    }
    if store::Store::is_store(path) {
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let kind = entry.file_type()?;
        let hidden = name.to_string_lossy().starts_with('.');
        if !hidden && (kind.is_dir() || kind.is_file() && is_data_file(&path.to_string_lossy())) {
            files_below(&path, sizes)?;
        }
    }
    Ok(())
}

async fn objects_below(name: &str, sizes: &mut Sizes) -> Result<()> {
    let (store, prefix) = objects::locate(name)?;
    let root = name.strip_suffix(prefix.as_ref()).unwrap_or(name).trim_end_matches('/').to_owned();
    let found: Vec<_> =
        store.list(Some(&prefix)).try_collect().await.with_context(|| format!("cannot list `{name}`"))?;
    if found.is_empty() {
        let about = objects::size(name).await.with_context(|| format!("cannot read `{name}`"))?;
        sizes.insert(name.to_owned(), about);
    }
    for object in found {
        let hidden = object.location.parts().any(|part| part.as_ref().starts_with('.'));
        if !hidden && is_data_file(object.location.as_ref()) {
            sizes.insert(format!("{root}/{}", object.location), object.size);
        }
    }
    Ok(())
}

/// Folders of a personal archive stay whole, small files are put together, large ones of lines are cut.
fn cut(sizes: &Sizes, split: u64) -> Result<Vec<Piece>> {
    let archives: Vec<&str> =
        sizes.keys().filter(|name| is_side_file(name)).map(|name| folder(name)).collect();
    let mut whole: BTreeMap<&str, Piece> = BTreeMap::new();
    let (mut pieces, mut small) = (Vec::new(), Piece { slices: Vec::new(), size: 0 });
    for (name, &size) in sizes {
        let slice = Slice { name: name.clone(), stretch: None };
        if archives.contains(&folder(name)) {
            let piece = whole.entry(folder(name)).or_insert_with(|| Piece { slices: Vec::new(), size: 0 });
            piece.size += size;
            piece.slices.push(slice);
        } else if split > 0 && size > split {
            let stretches = stretches(&slice, split).with_context(|| format!("cannot read `{name}`"))?;
            if stretches.len() < 2 {
                pieces.push(Piece { slices: vec![slice], size });
                continue;
            }
            let piece = |stretch: Stretch| {
                let slice = Slice { name: name.clone(), stretch: Some(stretch) };
                Piece { slices: vec![slice], size: stretch.end - stretch.start }
            };
            pieces.extend(stretches.into_iter().map(piece));
        } else {
            small.size += size;
            small.slices.push(slice);
            if small.size >= split.min(SMALL) {
                pieces.push(std::mem::replace(&mut small, Piece { slices: Vec::new(), size: 0 }));
            }
        }
    }
    pieces.extend(whole.into_values());
    pieces.extend(Some(small).filter(|piece| !piece.slices.is_empty()));
    Ok(pieces)
}

/// Small files together are a piece from so many bytes on.
const SMALL: u64 = 4 << 20;
/// Longer lines are no place to cut at.
const LONGEST_LINE: u64 = 16 << 20;

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Stretches of a file of lines, each of which begins with a whole object in one line: then its first line tells a reader
/// the same as the file's. None for any other file, which is read in one go.
fn stretches(slice: &Slice, split: u64) -> std::io::Result<Vec<Stretch>> {
    let mut reader = BufReader::with_capacity(1 << 20, reader(slice)?);
    let (mut line, mut found) = (Vec::new(), Vec::new());
    let (mut start, mut number, mut fresh) = (0_u64, 1_u64, true);
    let mut begun = Stretch { start: 0, end: 0, first_line: 1 };
    loop {
        line.clear();
        let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? as u64;
        if read == 0 {
            break;
        }
        let due = start == 0 || start - begun.start >= split;
        let begins = due && fresh && is_object(&line);
        if start == 0 && (!begins || is_program(&slice.name)) {
            return Ok(Vec::new());
        }
        if start > 0 && begins {
            found.push(Stretch { end: start, ..begun });
            begun = Stretch { start, end: 0, first_line: number };
        }
        fresh = line.ends_with(b"\n");
        start += read;
        number += u64::from(fresh);
    }
    found.push(Stretch { end: start, ..begun });
    Ok(found)
}

/// A file of an archive's program, which a reader passes over as a whole.
fn is_program(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "js")
}

fn is_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

fn reader(slice: &Slice) -> std::io::Result<Box<dyn std::io::Read + Send>> {
    Ok(match objects::open(slice)? {
        Origin::File(file) => Box::new(file),
        Origin::Stream(stream) => stream,
    })
}
