//! Pages by their templates, which escape everything that is put into them; the one exception is a post's cleaned HTML.

use serde::Serialize;
use tera::{Context, Tera};

use crate::{cards::Card, evidence::Account, markdown::language};

const TEMPLATES: [(&str, &str); 5] = [
    ("base.html", include_str!("../templates/base.html")),
    ("index.html", include_str!("../templates/index.html")),
    ("post.html", include_str!("../templates/post.html")),
    ("audit.html", include_str!("../templates/audit.html")),
    ("fault.html", include_str!("../templates/fault.html")),
];

/// All templates, read once.
pub(crate) struct Pages {
    tera: Tera,
}

impl Pages {
    /// # Errors
    /// When a template is wrong, which is a fault of ours.
    pub(crate) fn new() -> Result<Self, Box<tera::Error>> {
        let mut tera = Tera::default();
        tera.autoescape_on([".html"]);
        tera.add_raw_templates(TEMPLATES)?;
        Ok(Self { tera })
    }

    pub(crate) fn index(&self, stamp: u64, cards: &[Card]) -> Result<String, tera::Error> {
        self.render("index.html", stamp, &[("reports", &cards)])
    }

    /// A post; `html` is clean already.
    pub(crate) fn post(&self, stamp: u64, head: &PageHead<'_>, html: &str) -> Result<String, tera::Error> {
        self.render("post.html", stamp, &[("head", head), ("html", &html), ("lang", &language(html))])
    }

    pub(crate) fn audit(
        &self,
        stamp: u64,
        head: &PageHead<'_>,
        account: &Account,
    ) -> Result<String, tera::Error> {
        self.render("audit.html", stamp, &[("head", head), ("account", account)])
    }

    pub(crate) fn fault(&self, stamp: u64, what: &str) -> Result<String, tera::Error> {
        self.render("fault.html", stamp, &[("what", &what)])
    }

    fn render(&self, name: &str, stamp: u64, values: &[(&str, &dyn Value)]) -> Result<String, tera::Error> {
        let mut context = Context::new();
        // As text: a number of a script has not so many digits.
        context.insert("stamp", &stamp.to_string());
        for (key, value) in values {
            context.insert((*key).to_owned(), &value.json());
        }
        self.tera.render(name, &context)
    }
}

/// What the pages of a report have above them.
#[derive(Serialize)]
pub(crate) struct PageHead<'a> {
    pub(crate) slug: &'a str,
    pub(crate) title: &'a str,
    pub(crate) lang: &'a str,
    pub(crate) post: bool,
    pub(crate) audit: bool,
    pub(crate) edition: bool,
}

/// Anything that a template can show.
trait Value {
    fn json(&self) -> serde_json::Value;
}

impl<T: Serialize> Value for T {
    fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
