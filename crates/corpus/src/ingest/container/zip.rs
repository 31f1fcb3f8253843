//! Members of a zip, by name: those that its table of contents lists. Of a zip without one, which was cut, those
//! that stand whole at its beginning.

use std::{
    borrow::Cow,
    io::{self, ErrorKind, Read, Seek},
};

use zip::{
    SUPPORTED_COMPRESSION_METHODS, ZipArchive,
    read::{ZipFileEntry, read_zipfile_from_stream},
    result::ZipError,
};

use super::{
    Fault, Walk,
    caps::{Capped, Listed, Listing},
};

pub(super) fn read(mut file: impl Read + Seek, walk: &mut Walk<'_>) -> Result<(), Fault> {
    let listing = Listing::new();
    match ZipArchive::new(Listed { inner: &mut file, listing: &listing }) {
        Ok(archive) => {
            listing.end();
            listed(archive, walk)
        }
        Err(fault) => {
            file.rewind()?;
            salvage(file, walk)?;
            Err(fault.into())
        }
    }
}

fn listed(mut archive: ZipArchive<impl Read + Seek>, walk: &mut Walk<'_>) -> Result<(), Fault> {
    let mut order: Vec<_> = archive.file_names_raw().map(<[u8]>::to_vec).zip(0..).collect();
    order.sort_unstable();
    for (_, place) in order {
        walk.step()?;
        let (name, refused) = {
            let entry = archive.by_index_data(place)?;
            (name(&entry), refusal(&entry))
        };
        let budget = walk.budget;
        let content = refused.and_then(|()| Ok(Capped { inner: archive.by_index(place)?, budget }));
        if walk.member(&name, content).is_break() {
            return Ok(());
        }
    }
    if archive.has_duplicate_names() { Err(Fault::SameName) } else { Ok(()) }
}

/// Each member as its own header tells it. Ends where the damage is; it was told already.
fn salvage(mut file: impl Read, walk: &mut Walk<'_>) -> Result<(), Fault> {
    while let Ok(Some(mut member)) = read_zipfile_from_stream(&mut file) {
        walk.step()?;
        let (name, refused) = (name(&member.entry()), refusal(&member.entry()));
        let budget = walk.budget;
        if walk.member(&name, refused.map(|()| Capped { inner: &mut member, budget })).is_break() {
            break;
        }
    }
    Ok(())
}

fn name(member: &ZipFileEntry<'_>) -> String {
    let decoded = member.name().map(Cow::into_owned);
    decoded.unwrap_or_else(|_| String::from_utf8_lossy(member.name_raw()).into_owned())
}

fn refusal(member: &ZipFileEntry<'_>) -> Result<(), Fault> {
    let method = member.compression();
    if member.encrypted() {
        Err(Fault::Encrypted)
    } else if member.is_symlink() {
        Err(Fault::NoFile)
    } else if SUPPORTED_COMPRESSION_METHODS.contains(&method) {
        Ok(())
    } else {
        // The variant that has the number is not for us to match.
        Err(Fault::Method(format!("{method:?}").replace("Unsupported", "zip method ")))
    }
}

impl From<ZipError> for Fault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Broken(error),
            other => Self::Broken(io::Error::new(ErrorKind::InvalidData, other)),
        }
    }
}
