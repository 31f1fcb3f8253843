//! The configuration's mappings, and which of them a file is read by.

use std::{
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use corpus::{Mapped, Mapping};
use globset::{Glob, GlobSet};

use crate::exit::{Code, Failure, OrFail};

/// All mappings; the first one that is for a file counts.
pub(crate) struct Mappings(Vec<(GlobSet, Arc<Mapped>)>);

impl Mappings {
    pub(crate) fn of(written: &[Mapping]) -> Result<Self, Failure> {
        written.iter().map(rule).collect::<Result<_, _>>().map(Self)
    }

    /// The mapping for a file, however the user names it.
    pub(crate) fn of_file(&self, path: &Path) -> Option<Arc<Mapped>> {
        if self.0.is_empty() {
            return None;
        }
        let whole = whole(path);
        self.0.iter().find(|(files, _)| files.is_match(&whole)).map(|(_, mapped)| Arc::clone(mapped))
    }
}

fn rule(mapping: &Mapping) -> Result<(GlobSet, Arc<Mapped>), Failure> {
    let named = || format!("in the mapping for `{}`", mapping.files.join("`, `"));
    if mapping.files.is_empty() {
        let hint = "name its files, such as `files = [\"forum/*.csv\"]`";
        return Err(Failure::say(Code::Usage, "a mapping without `files` is for none").hint(hint));
    }
    let globs = globs(&mapping.files).or_fail(Code::Usage).map_err(|failure| failure.within(named()))?;
    let mapped = mapping.compile().map_err(|error| {
        Failure::new(Code::Usage, error)
            .within(named())
            .hint("`tuibao inspect --suggest-mapping FILE` proposes a whole one")
    })?;
    Ok((globs, Arc::new(mapped)))
}

/// A glob that is not absolute is for every path that ends as it does, from a `/` on.
fn globs(files: &[String]) -> Result<GlobSet, globset::Error> {
    let mut globs = GlobSet::builder();
    for file in files {
        let mut end = file.as_str();
        while let Some(rest) = end.strip_prefix("./").or_else(|| end.strip_prefix("../")) {
            end = rest;
        }
        let whole = if end.starts_with('/') { end.to_owned() } else { format!("**/{end}") };
        globs.add(Glob::new(&whole)?);
    }
    globs.build()
}

/// An absolute path without `.` and `..`; links are not followed.
fn whole(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => drop(whole.pop()),
            part => whole.push(part),
        }
    }
    whole
}

/// The glob for one file, as the user named it.
pub(crate) fn glob_of(path: &str) -> String {
    globset::escape(path.strip_prefix("./").unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_however_it_is_named() {
        #[track_caller]
        fn check(glob: &str, path: &str, expected: bool) {
            let globs = globs(&[glob.to_owned()]).unwrap();
            assert_eq!(globs.is_match(whole(Path::new(path))), expected, "{glob} {path}");
        }
        for path in ["forum/a.csv", "./forum/a.csv", "x/../forum/./a.csv", "/srv/forum/a.csv"] {
            for glob in ["a.csv", "*.csv", "forum/*.csv", "./forum/a.csv", "../forum/*", "**/a.csv"] {
                check(glob, path, true);
            }
            check("orum/a.csv", path, false);
            check("/forum/*.csv", path, false);
        }
        check("/srv/forum/*.csv", "/srv/forum/a.csv", true);
        check("-", "-", true);
        check(&glob_of("./a [1]*.csv"), "a [1]*.csv", true);
        check(&glob_of("a[1].csv"), "a1.csv", false);
    }
}
