//! The site on the disk: which reports it has, and their files, none of them outside of it.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    io,
    path::{Component, Path, PathBuf},
};

use report::{Layout, Slug};

/// A site's root, with the patterns of its files.
#[derive(Debug)]
pub struct Site {
    root: PathBuf,
    layout: Layout,
}

impl Site {
    /// At this folder.
    ///
    /// # Errors
    /// When it is not there.
    pub fn open(root: &Path, layout: Layout) -> io::Result<Self> {
        let root = root.canonicalize()?;
        if root.is_dir() { Ok(Self { root, layout }) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// All reports, newest first.
    pub(crate) fn reports(&self) -> Vec<Slug> {
        self.layout.reports(&self.root)
    }

    /// The bytes of a report's post.
    pub(crate) fn post(&self, slug: &Slug) -> Option<Vec<u8>> {
        self.read(&self.layout.post(slug))
    }

    /// The bytes of its audit.
    pub(crate) fn audit(&self, slug: &Slug) -> Option<Vec<u8>> {
        self.read(&self.layout.audit(slug))
    }

    /// The bytes of one of its pictures, which stand with all pictures or beside the post.
    pub(crate) fn picture(&self, slug: &Slug, name: &str) -> Option<Vec<u8>> {
        let plain = Path::new(name).file_name().is_some_and(|only| only == name);
        let places = [self.layout.image(slug, name), self.layout.post(slug).with_file_name(name)];
        places.iter().filter(|_| plain).find_map(|path| self.read(path))
    }

    /// Where its HTML edition may be: in the folder of editions, or beside the post.
    pub(crate) fn edition(&self, slug: &Slug) -> Option<Vec<u8>> {
        let beside = self.layout.post(slug).with_file_name(format!("{slug}.html"));
        [self.layout.edition(slug), beside].iter().find_map(|path| self.read(path))
    }

    /// A number that is another one when a file of a report is.
    pub(crate) fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for path in self.layout.files(&self.root) {
            let told = self.root.join(&path).metadata();
            told.map(|told| (told.len(), told.modified().ok())).ok().hash(&mut hasher);
            path.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// A file below the root; hidden ones, and links that lead out, are not there.
    fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let shown = |part: Component<'_>| match part {
            Component::Normal(name) => !name.as_encoded_bytes().starts_with(b"."),
            _ => false,
        };
        let real = path.components().all(shown).then(|| self.root.join(path).canonicalize().ok())??;
        // Also where a link leads to a hidden file inside.
        let inside = real.strip_prefix(&self.root).is_ok_and(|rest| rest.components().all(shown));
        if inside && real.is_file() { std::fs::read(real).ok() } else { None }
    }
}
