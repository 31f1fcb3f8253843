//! What a personal archive tells of its tweets in other files: whose they are (`account.js`), and the long texts
//! (`note-tweet.js`), which have numbers of their own and are joined by their second and their beginning.

use rustc_hash::FxHashMap;
use sonic_rs::JsonValueTrait;

use super::{
    draft::tidy,
    entities::extract,
    fields::{date, list, text, text_at},
    json::Json,
    shapes::layout::Owner,
};
use crate::{
    Tweet,
    text::{Encoding, clean},
};

/// Side files of one archive, in any order.
#[derive(Clone, Debug, Default)]
pub(super) struct Archive {
    handle: Option<String>,
    name: Option<String>,
    /// By second of creation.
    notes: FxHashMap<i64, Vec<Note>>,
}

#[derive(Clone, Debug)]
struct Note {
    text: String,
    links: Vec<String>,
}

impl Archive {
    /// As the user says it is, where the archive itself does not.
    pub(super) fn owned_by(self, handle: Option<&str>) -> Self {
        Self { handle: handle.map(str::to_owned), ..self }
    }

    /// Whose tweets these are. Without a name, X's own placeholder `i`: links to a tweet work with it, and name nobody.
    pub(super) fn owner(&self) -> Owner<'_> {
        Owner { handle: Some(self.handle.as_deref().unwrap_or("i")), name: self.name.as_deref() }
    }

    pub(super) fn has_owner(&self) -> bool {
        self.handle.is_some()
    }

    pub(super) fn set_owner(&mut self, handle: &str) {
        self.handle = Some(handle.to_owned());
    }

    /// Takes what an element of a side file tells.
    pub(super) fn learn(&mut self, element: &Json) {
        if let Some(handle) = text(element, "/account/username") {
            self.handle = Some(handle.to_owned());
            self.name = text(element, "/account/accountDisplayName").map(str::to_owned);
        }
        let written = text_at(element, &["/noteTweet/createdAt"]).and_then(date);
        let words = text(element, "/noteTweet/core/text");
        if let (Some(written), Some(words)) = (written, words) {
            let links = list(element, "/noteTweet/core/urls").iter();
            let pairs: Vec<_> = links
                .filter_map(|link| Some((text(link, "/shortUrl")?, text(link, "/expandedUrl"))))
                .collect();
            let note = Note {
                text: clean(words, Encoding { html: true, links: &pairs }),
                links: pairs.iter().filter_map(|(_, long)| long.map(str::to_owned)).collect(),
            };
            self.notes.entry(written.timestamp()).or_default().push(note);
        }
    }

    /// Gives a tweet its whole text, where a note has it.
    pub(super) fn complete(&self, mut tweet: Tweet) -> Tweet {
        let notes = self.notes.get(&tweet.created_at.timestamp()).map_or(&[][..], Vec::as_slice);
        if let Some(note) = notes.iter().find(|note| continues(&note.text, &tweet.text)) {
            tweet.text.clone_from(&note.text);
            let found = extract(&note.text);
            tweet.urls.clone_from(&note.links);
            (tweet.hashtags, tweet.cashtags, tweet.mentions) =
                (found.hashtags, found.cashtags, found.mentions);
            tidy(&mut tweet);
        }
        tweet
    }

    /// The owner's handle, as the link of a picture that was posted with the tweet itself tells it.
    pub(super) fn owner_in(element: &Json) -> Option<&str> {
        let tweet = element.get("tweet")?;
        let id = text_at(tweet, &["/id_str", "/id"])?;
        let media =
            ["/extended_entities/media", "/entities/media"].into_iter().flat_map(|path| list(tweet, path));
        let own = |link: &&str| link.contains(&format!("/status/{id}/"));
        let mut links = media.filter(|media| media.get("source_status_id").is_none());
        links.find_map(|media| super::fields::handle_of_page(text(media, "/expanded_url").filter(own)?))
    }
}

/// Whether `long` begins as the cut text `short` does, up to the `…` and the link behind it.
fn continues(long: &str, short: &str) -> bool {
    let start = short.split('…').next().unwrap_or(short).trim_end();
    start.chars().count() >= 20 && long.len() > start.len() && long.starts_with(start)
}
