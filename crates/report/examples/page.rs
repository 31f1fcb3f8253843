//! For `bench/typography.py` and `bench/site.py`: the suite's cases as lines of Markdown, and posts as comrak renders them.
//!
//! `page cases` prints the cases, `page html FILE…` the files' HTML without their front matter; both as a JSON list.

use std::{env::args, error::Error, fs, io::Write};

use serde_json::json;

#[path = "../tests/cases/mod.rs"]
mod cases;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = args().skip(1);
    let said = match words.next().as_deref() {
        Some("cases") => json!(cases::lines()?),
        Some("html") => json!(words.map(|file| page(&file)).collect::<Result<Vec<_>, _>>()?),
        _ => return Err("`page cases` or `page html FILE…`".into()),
    };
    writeln!(std::io::stdout().lock(), "{said}")?;
    Ok(())
}

fn page(file: &str) -> std::io::Result<String> {
    let post = fs::read_to_string(file)?;
    let body = post.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map(|(_, body)| body);
    Ok(cases::html(body.unwrap_or(&post)))
}
