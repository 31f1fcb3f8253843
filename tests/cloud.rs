//! The word cloud from outside: its format, and what of its settings is refused.

use crate::support::Site;

const DAY: &str = "2026-03-04";
const NAME: &str = "wordcloud_twitter_ai_20260304_20260304";

/// A site whose `[cloud]` has these keys.
fn site(keys: &str) -> Site {
    let site = Site::new();
    site.write("tuibao.toml", format!("[cloud]\nwidth = 640\nheight = 360\n{keys}\n"));
    site
}

#[test]
fn the_files_ending_and_the_posts_link_follow_the_format() {
    let site = site("format = \"svg\"\nwords = 30\nshape = \"ellipse\"");
    site.run_day(DAY, &["--quiet"]).exits(0);
    assert!(site.post(DAY).ends_with(&format!("]({NAME}.svg)\n")));
    let svg = std::fs::read_to_string(site.path(&format!("site/_posts/{NAME}.svg"))).unwrap();
    assert_eq!(svg.matches("<path ").count(), 30);
    let post = format!("site/_posts/{DAY}-twitter_ai_20260304_20260304.md");
    site.run(&["check", &post]).exits(0);
}

#[test]
fn settings_that_make_no_picture_are_refused_with_a_hint() {
    let cases = [
        ("palette = [\"#ffd700\"]", "colour #ffd700 has a contrast of 1.4:1 on #ffffff"),
        ("palette = [\"gold\"]", "`gold` is no colour"),
        ("palette = []", "palette is empty"),
        ("shape = \"heart\"", "`heart` is no shape"),
        ("quality = 0", "its quality 1 to 100"),
        ("format = \"gif\"", "gif"),
        ("font = \"no.otf\"", "cannot read the font `no.otf`"),
    ];
    for (line, words) in cases {
        site(line).run_day(DAY, &[]).exits(2).says(words).says("hint: ");
    }
}
