//! Names of members. Nothing is ever unpacked to disk, but names stand in reports, and one that would leave the
//! folder says that the archive means no good.

use crate::text::clean_line;

/// Characters of a name that are shown.
const LONGEST: usize = 200;

pub(super) enum Name {
    /// A folder, or what a desktop leaves beside the files.
    Skipped,
    Good(String),
    /// As it may be shown.
    Bad(String),
}

pub(super) fn judge(raw: &str) -> Name {
    let mut parts: Vec<&str> = raw.split('/').collect();
    let file = parts.last().copied().unwrap_or_default();
    if file.is_empty() && !raw.is_empty()
        || file.starts_with("._")
        || file == ".DS_Store"
        || parts.contains(&"__MACOSX")
    {
        return Name::Skipped;
    }
    parts.retain(|part| !part.is_empty() && *part != ".");
    let shown = shown(&parts.join("/"));
    // Of what is shown, for a hidden character may stand between the dots.
    let climbs = parts.contains(&"..") || shown.split('/').any(|part| part == "..");
    let leaves = climbs || raw.starts_with('/') || has_drive(raw) || raw.contains(['\\', '\0']);
    if shown.is_empty() {
        Name::Bad("?".into())
    } else if leaves {
        Name::Bad(self::shown(raw))
    } else {
        Name::Good(shown)
    }
}

fn has_drive(raw: &str) -> bool {
    matches!(raw.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn shown(name: &str) -> String {
    let start: String = name.chars().take(LONGEST).collect();
    clean_line(&start)
}
