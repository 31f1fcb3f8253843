//! Posts that another hand wrote, without a link to any tweet: the checker lists the facts of each line, and says so.
//!
//! A person sees them by `tuibao verify POST`; the posts lie beside the repository.

use std::fs;

use crate::support::{Site, audit::list, fixture, shared_data};

const POSTS: [&str; 2] =
    ["2026-01-01-twitter_ai_20260101_20260101.md", "2026-01-24-twitter_ai_20260124_20260124.md"];

/// Facts that a reader would list, with a line that they stand in.
const LISTED: [(&str, &[&str]); 4] = [
    ("Hugging Face下载里程碑", &["Hugging", "LTX-2", "200万"]),
    ("测试中取得31%的分数", &["31%", "19%", "GPT-5.2 Pro"]),
    ("使得70B参数的大型模型", &["70B", "4GB", "405B", "8GB"]),
    ("股价下跌超过15%", &["15%"]),
];

#[test]
fn the_facts_of_real_posts_are_listed() {
    let Some(folder) = shared_data("../examples") else { return };
    let mut all = Vec::new();
    for post in POSTS {
        let site = Site::new();
        site.write("post.md", fs::read(format!("{folder}/{post}")).unwrap());
        // Nothing has a source, and that is what it says.
        let told = site.run(&["verify", "post.md", "--json", "--corpus", &fixture("empty")]).exits(3).json();
        let lines: Vec<(String, Vec<String>)> = list(&told["lines"])
            .iter()
            .map(|line| {
                let written = list(&line["no_source"]).iter().map(|fact| fact["written"].as_str().unwrap());
                (line["text"].as_str().unwrap().to_owned(), written.map(str::to_owned).collect())
            })
            .collect();
        let facts: usize = lines.iter().map(|(_, facts)| facts.len()).sum();
        eprintln!("{post}: {} lines with {facts} facts", lines.len());
        assert!(lines.len() > 20 && facts > 60, "{post}: {} lines with {facts} facts", lines.len());
        all.extend(lines);
    }
    for (words, facts) in LISTED {
        let (_, listed) = all.iter().find(|(text, _)| text.contains(words)).expect(words);
        let missing: Vec<&&str> =
            facts.iter().filter(|fact| !listed.iter().any(|one| one == **fact)).collect();
        assert!(missing.is_empty(), "{words}: {missing:?} of {listed:?}");
    }
}
