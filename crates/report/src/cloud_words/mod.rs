//! Which words the cloud shows, and how heavily.
//!
//! `read` makes runs of words of each tweet, with the profile's terms whole; `phrases` joins what stands together beyond
//! chance; `weigh` counts by author and weighs by class-based tf-idf; `casing` finds a word's usual form.

mod casing;
mod phrases;
mod read;
mod terms;
mod weigh;

#[cfg(test)]
mod tests;

use corpus::{Lexicon, Topic, Unique, Words};

use read::Speech;
pub use terms::Terms;

/// What words are chosen by.
pub struct WordChoice<'a> {
    /// Cuts text into words.
    pub words: &'a Words,
    /// The words of the subject, which count more.
    pub subject: &'a Lexicon,
    /// Terms of the profile that stay whole.
    pub terms: &'a Terms,
    /// Words that are never shown, in any casing: those that name the medium or the subject as a whole.
    pub hide: &'a [String],
    /// At most so many.
    pub most: usize,
}

/// The words of the kept tweets with their weights, heaviest first.
///
/// Topics are the classes of class-based tf-idf; all tweets outside of them are one class more.
pub fn cloud_words(topics: &[Topic], left_out: &[Unique], choice: &WordChoice<'_>) -> Vec<(String, f64)> {
    let mut speeches: Vec<Speech> = Vec::new();
    for (class, topic) in topics.iter().enumerate() {
        speeches.extend(topic.tweets.iter().map(|unique| read::speech(&unique.tweet, class, choice)));
    }
    speeches.extend(left_out.iter().map(|unique| read::speech(&unique.tweet, topics.len(), choice)));
    phrases::join(&mut speeches);
    let shown = weigh::heaviest(&speeches, topics.len(), choice);
    // A phrase that is not shown would take its words' weight away with it.
    phrases::part(&mut speeches, |key| shown.iter().any(|word| word.key == key));
    weigh::heaviest(&speeches, topics.len(), choice)
        .into_iter()
        .map(|word| (word.form, word.weight))
        .collect()
}
