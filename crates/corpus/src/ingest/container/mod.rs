//! Opens a file by what it begins with, never by its name: one layer of compression, one archive, one layer of
//! compression within. Nothing is unpacked to disk, but a zip that cannot be sought in is kept in an unnamed file.

mod caps;
mod name;
mod packed;
mod tar;
mod zip;

#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, ErrorKind, Read, Seek},
    ops::ControlFlow,
};

pub(super) use caps::Caps;
use caps::{Budget, Capped, Fed};
use name::Name;
use packed::{Kind, Peeked, unpacked};

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 16;
/// A zip from a stream is kept in memory up to so many bytes.
const IN_MEMORY: usize = 8 << 20;

/// Where a file's bytes come from.
pub(super) enum Origin<'a> {
    /// Can be sought, as zip needs; a pipe that was opened by name is taken as a stream.
    #[cfg_attr(not(test), expect(dead_code, reason = "ingest is given readers so far"))]
    File(File),
    /// Stdin, a download under way.
    Stream(Box<dyn Read + Send + 'a>),
}

/// Why a member is not read, or why an archive ends early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("encrypted")]
    Encrypted,
    #[error("packed as {0}, which is not read")]
    Method(String),
    #[error("a name that leaves the archive's folder")]
    Name,
    #[error("a link or a device, no file")]
    NoFile,
    #[error("an archive or a compressed file within another, which is not opened")]
    Nested,
    #[error("more than {0} members, the others are not read")]
    Members(usize),
    #[error("several members of the same name, only the last is read")]
    SameName,
    #[error(transparent)]
    Broken(#[from] io::Error),
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::Broken(error) => return error,
            Fault::Members(_) => ErrorKind::FileTooLarge,
            Fault::Name => ErrorKind::InvalidFilename,
            Fault::Encrypted | Fault::Method(_) | Fault::NoFile | Fault::Nested | Fault::SameName => {
                ErrorKind::Unsupported
            }
        };
        Self::new(kind, fault)
    }
}

/// Takes a member: its name, which is empty for a file that is no archive, and its bytes or why there are none.
pub(super) type Visit<'v> = dyn FnMut(&str, Result<&mut dyn BufRead, Fault>) -> ControlFlow<()> + 'v;

/// Visits what is inside a file, member by member: those of a tar in its order, those of a zip by name.
///
/// A fault inside a member comes from its reader, after the bytes before it; beyond the caps that is
/// [`ErrorKind::FileTooLarge`]. A member that is not read at all is visited with the reason. The result is an error
/// if members may be missing: the archive is cut, or too large.
pub(super) fn unpack(origin: Origin<'_>, caps: &Caps, visit: &mut Visit<'_>) -> Result<(), Fault> {
    let budget = Budget::new(*caps);
    let mut walk = Walk { caps, budget: &budget, members: 0, visit };
    match origin {
        Origin::Stream(reader) => walk.stream(reader),
        Origin::File(mut file) if file.metadata()?.is_file() => {
            let kind = Peeked::new(&mut file).kind();
            file.rewind()?;
            if kind == Kind::Zip {
                // Members may share their bytes, so that not what is read counts, but what there is.
                budget.feed(file.metadata()?.len());
                zip::read(file, &mut walk)
            } else {
                walk.stream(file)
            }
        }
        Origin::File(file) => walk.stream(file),
    }
}

/// The way through one file.
struct Walk<'w> {
    caps: &'w Caps,
    budget: &'w Budget,
    members: usize,
    visit: &'w mut Visit<'w>,
}

impl Walk<'_> {
    fn stream(&mut self, reader: impl Read) -> Result<(), Fault> {
        let budget = self.budget;
        let file = Peeked::new(Fed { inner: reader, budget });
        let unpacked: Box<dyn Read> = match file.kind() {
            Kind::Packed(packing) => unpacked(packing, file)?,
            _ => Box::new(file),
        };
        let content = Peeked::new(Capped { inner: unpacked, budget });
        match content.kind() {
            Kind::Tar => tar::read(content, self),
            Kind::Zip => self.spooled_zip(content),
            _ => {
                // To stop after the only member is to be through.
                let _ = self.plain("", content);
                Ok(())
            }
        }
    }

    /// A zip's table of contents is its end, so all of it must be there first; if it is cut, what there is of it.
    fn spooled_zip(&mut self, mut content: impl Read) -> Result<(), Fault> {
        let mut spool = tempfile::spooled_tempfile(IN_MEMORY);
        let cut = io::copy(&mut content, &mut spool).err();
        spool.rewind()?;
        let outcome = zip::read(spool, self);
        cut.map_or(outcome, |fault| Err(fault.into()))
    }

    /// One more member of an archive; fails when there may be no more.
    fn step(&mut self) -> Result<(), Fault> {
        self.budget.check()?;
        self.members += 1;
        if self.members > self.caps.members { Err(Fault::Members(self.caps.members)) } else { Ok(()) }
    }

    /// A member as it is called, and its bytes or why there are none. One layer of compression is taken off it.
    fn member(&mut self, raw_name: &str, content: Result<impl Read, Fault>) -> ControlFlow<()> {
        let name = match name::judge(raw_name) {
            Name::Skipped => return ControlFlow::Continue(()),
            Name::Bad(shown) => return (self.visit)(&shown, Err(Fault::Name)),
            Name::Good(name) => name,
        };
        let member = match content {
            Ok(reader) => Peeked::new(reader),
            Err(fault) => return (self.visit)(&name, Err(fault)),
        };
        let Kind::Packed(packing) = member.kind() else { return self.plain(&name, member) };
        match unpacked(packing, member) {
            Ok(inner) => self.plain(&name, Peeked::new(Capped { inner, budget: self.budget })),
            Err(fault) => (self.visit)(&name, Err(fault.into())),
        }
    }

    /// What must be no container any more.
    fn plain(&mut self, name: &str, content: Peeked<impl Read>) -> ControlFlow<()> {
        match content.kind() {
            Kind::Plain => (self.visit)(name, Ok(&mut BufReader::with_capacity(CHUNK, content))),
            Kind::Foreign(packing) => (self.visit)(name, Err(Fault::Method(packing.into()))),
            Kind::Packed(_) | Kind::Tar | Kind::Zip => (self.visit)(name, Err(Fault::Nested)),
        }
    }
}
