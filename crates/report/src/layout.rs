//! Where the files of a report stand on a site, and how pages and feeds address them.
//!
//! A site generator's conventions are patterns: `%Y`, `%m`, `%d` stand for the report's last day, `{slug}` for its name and
//! days, `{name}` for a picture's file name.

use std::{
    collections::BTreeSet,
    fmt::{self, Write},
    path::{Component, Path, PathBuf},
};

use chrono::NaiveDate;
use walkdir::WalkDir;

/// What a report is called in file names: `twitter_ai_20260124_20260124`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slug {
    /// Last day.
    pub to: NaiveDate,
    /// First day.
    pub from: NaiveDate,
    /// The report's name.
    pub name: String,
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.name, self.from.format("%Y%m%d"), self.to.format("%Y%m%d"))
    }
}

impl Slug {
    /// Of such a text.
    pub fn of(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, '_');
        let mut day = || NaiveDate::parse_from_str(parts.next()?, "%Y%m%d").ok();
        let (to, from) = (day()?, day()?);
        let slug = Self { to, from, name: parts.next().filter(|name| !name.is_empty())?.to_owned() };
        // The parser also takes days of fewer digits.
        (slug.to_string() == text).then_some(slug)
    }

    /// Of the post at `path`: told by its file, or where all posts have one file name by its folder; a date in front counts for
    /// nothing.
    pub fn of_post(path: &Path) -> Option<Self> {
        let names = [path.file_stem(), path.parent().and_then(Path::file_name)];
        names.into_iter().flatten().filter_map(|name| name.to_str()).find_map(|name| {
            let dated = name.split_at_checked("2026-01-24-".len());
            let bare = dated.filter(|(date, _)| date.trim_end_matches('-').parse::<NaiveDate>().is_ok());
            Self::of(bare.map_or(name, |(_, bare)| bare))
        })
    }
}

/// The patterns of a site, relative to its root.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Folder of posts.
    pub posts: String,
    /// File name of a post.
    pub post_name: String,
    /// Folder of pictures.
    pub images: String,
    /// How a post addresses a picture: with `{name}`, or put in front of its name.
    pub image_url: String,
    /// Folder of audit files.
    pub audits: String,
    /// Folder of HTML editions.
    pub html: String,
    /// Address of a post's page, below that of the site.
    pub link: String,
}

impl Layout {
    /// The first pattern that is none, or that leads out of the site.
    pub fn wrong(&self) -> Option<&str> {
        let Self { posts, post_name, images, image_url: _, audits, html, link } = self;
        let slug = Slug { to: NaiveDate::default(), from: NaiveDate::default(), name: "a".to_owned() };
        let folders =
            [posts, images, audits, html, link].into_iter().find(|pattern| filled(pattern, &slug).is_none());
        let one_file = filled(post_name, &slug).is_some_and(|name| name.components().count() == 1);
        folders.or_else(|| (!one_file).then_some(post_name)).map(String::as_str)
    }

    /// Where the post stands.
    pub fn post(&self, slug: &Slug) -> PathBuf {
        place(&self.posts, slug).join(place(&self.post_name, slug))
    }

    /// Where a picture of the report stands.
    pub fn image(&self, slug: &Slug, name: &str) -> PathBuf {
        place(&self.images, slug).join(name)
    }

    /// Where the audit stands.
    pub fn audit(&self, slug: &Slug) -> PathBuf {
        place(&self.audits, slug).join(format!("{slug}.audit.json"))
    }

    /// Where the HTML edition stands, when there is one.
    pub fn edition(&self, slug: &Slug) -> PathBuf {
        place(&self.html, slug).join(format!("{slug}.html"))
    }

    /// Where a file beside the post goes, by its name: the HTML edition to its folder, a chart to the pictures.
    pub fn beside(&self, slug: &Slug, name: &str) -> PathBuf {
        let edition = self.edition(slug);
        if edition.ends_with(name) { edition } else { self.image(slug, name) }
    }

    /// How the post addresses a picture.
    pub fn image_url(&self, slug: &Slug, name: &str) -> String {
        let url = self.image_url.replace("{slug}", &slug.to_string());
        if url.contains("{name}") { url.replace("{name}", name) } else { url + name }
    }

    /// The address of the post's page, when its front matter says this day.
    pub fn link(&self, slug: &Slug, base_url: &str, day: NaiveDate) -> String {
        let dated = text(&self.link, day).unwrap_or_default();
        format!("{}/{}", base_url.trim_end_matches('/'), dated.replace("{slug}", &slug.to_string()))
    }

    /// The reports whose post or audit stands where the patterns say, newest first.
    pub fn reports(&self, site: &Path) -> Vec<Slug> {
        let mut found = BTreeSet::new();
        for path in files(site, &self.posts) {
            found.extend(Slug::of_post(&path).filter(|slug| self.post(slug) == path));
        }
        for path in files(site, &self.audits) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let slug = name.strip_suffix(".audit.json").and_then(Slug::of);
            found.extend(slug.filter(|slug| self.audit(slug) == path));
        }
        found.into_iter().rev().collect()
    }

    /// Every file in the folders of reports, relative to the site, in order and each once.
    pub fn files(&self, site: &Path) -> BTreeSet<PathBuf> {
        let folders = [&self.posts, &self.images, &self.audits, &self.html];
        folders.into_iter().flat_map(|pattern| files(site, pattern)).collect()
    }
}

/// All files below the part of a pattern that is the same for all reports, relative to the site. No link is followed.
fn files(site: &Path, pattern: &str) -> Vec<PathBuf> {
    let fixed: PathBuf =
        Path::new(pattern).iter().take_while(|part| !part.to_string_lossy().contains(['%', '{'])).collect();
    let entries = WalkDir::new(site.join(fixed)).max_depth(8).into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.filter_map(|file| file.path().strip_prefix(site).ok().map(Path::to_owned)).collect()
}

/// A place whose pattern was checked when the settings were read.
fn place(pattern: &str, slug: &Slug) -> PathBuf {
    filled(pattern, slug).unwrap_or_default()
}

/// A pattern such as `_posts/%Y` filled in; `None` where it is none, or leads out of the site.
fn filled(pattern: &str, slug: &Slug) -> Option<PathBuf> {
    let path = text(pattern, slug.to)?.replace("{slug}", &slug.to_string());
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    let path = Path::new(&path);
    let inside = path.components().all(inside) && !path.to_string_lossy().contains(['{', '}']);
    // Without `.`, so that two ways to write a place compare equal.
    inside.then(|| path.components().filter(|part| *part != Component::CurDir).collect())
}

fn text(pattern: &str, day: NaiveDate) -> Option<String> {
    let mut text = String::new();
    write!(text, "{}", day.format(pattern)).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(posts: &str, post_name: &str) -> Layout {
        Layout {
            posts: posts.into(),
            post_name: post_name.into(),
            images: "images/%Y".into(),
            image_url: "/images/".into(),
            audits: "_audit".into(),
            html: "html".into(),
            link: "%Y/%m/%d/{slug}.html".into(),
        }
    }

    fn slug() -> Slug {
        Slug::of("twitter_ai_20260119_20260125").unwrap()
    }

    #[test]
    fn a_slug_is_read_as_it_is_written() {
        assert_eq!((slug().name.as_str(), slug().to.to_string()), ("twitter_ai", "2026-01-25".into()));
        for bad in
            ["", "_20260101_20260101", "a_20260101", "a_20261301_20260101", "a_2026011_20260101", "readme"]
        {
            assert_eq!(Slug::of(bad), None, "{bad}");
        }
        for post in ["_posts/2026-01-25-{}.md", "x/{}.md", "content/{}/index.md"] {
            let path = post.replace("{}", &slug().to_string());
            assert_eq!(Slug::of_post(Path::new(&path)), Some(slug()), "{post}");
        }
    }

    #[test]
    fn a_pattern_stays_inside_the_site() {
        let bundle = layout("content/%Y/{slug}", "index.md");
        assert_eq!(bundle.wrong(), None);
        assert_eq!(bundle.post(&slug()), Path::new("content/2026/twitter_ai_20260119_20260125/index.md"));
        for bad in ["_posts/%H", "_posts/%Q", "../x", "/x", "_posts/{slag}"] {
            assert_eq!(layout(bad, "{slug}.md").wrong(), Some(bad));
        }
        for bad in ["a/{slug}.md", "", "%K"] {
            assert_eq!(layout("_posts", bad).wrong(), Some(bad));
        }
    }

    #[test]
    fn pictures_and_pages_have_addresses() {
        let mut layout = layout("_posts", "{slug}.md");
        assert_eq!(layout.image_url(&slug(), "a.jpg"), "/images/a.jpg");
        layout.image_url = "{{ '/i/{slug}/{name}' | relative_url }}".into();
        let liquid = "{{ '/i/twitter_ai_20260119_20260125/a.jpg' | relative_url }}";
        assert_eq!(layout.image_url(&slug(), "a.jpg"), liquid);
        let day = "2026-01-24".parse().unwrap();
        assert_eq!(
            layout.link(&slug(), "https://a.example/b/", day),
            "https://a.example/b/2026/01/24/twitter_ai_20260119_20260125.html"
        );
    }

    #[test]
    fn reports_are_found_where_the_patterns_say() {
        let site = tempfile::tempdir().unwrap();
        for path in [
            "./posts/a_20260101_20260101/index.md",
            "posts/b_20260102_20260102.md",
            "posts/about.md",
            "_audit/a_20260103_20260103.audit.json",
            "_audit/old/a_20260104_20260104.audit.json",
        ] {
            let path = site.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = layout("./posts/{slug}", "index.md").reports(site.path());
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["a_20260103_20260103", "a_20260101_20260101"]);
        assert!(layout("posts", "{slug}.md").reports(&site.path().join("nowhere")).is_empty());
    }
}
