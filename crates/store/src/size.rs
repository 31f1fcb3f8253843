//! How much memory a tweet takes, near enough to keep within a budget. A function of the tweet alone, so that plans made
//! from it are the same on every machine.

use corpus::Tweet;

use crate::encode::lists;

/// A tweet without its texts, in a map or a list with room to grow.
const PER_TWEET: usize = 640;
/// A string in a list, without its text.
const PER_ITEM: usize = 24;
/// What the allocator adds to a text, about.
const PER_TEXT: usize = 16;

/// Bytes that a tweet takes in memory, about, without the name of the source file, which many tweets share.
pub fn memory(tweet: &Tweet) -> u64 {
    let reference = tweet.reference.as_ref();
    let texts = [
        Some(&tweet.author.handle),
        Some(&tweet.author.name),
        Some(&tweet.text),
        tweet.lang.as_ref(),
        reference.and_then(|told| told.handle.as_ref()),
        reference.and_then(|told| told.text.as_ref()),
    ];
    let texts: usize = texts.into_iter().flatten().map(|text| text.len() + PER_TEXT).sum();
    let listed = lists(tweet).into_iter().flatten();
    let listed: usize = listed.map(|item| item.len() + PER_ITEM + PER_TEXT).sum();
    (PER_TWEET + texts + listed) as u64
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_tweet_fits_into_what_is_planned_for_it() {
        assert!(size_of::<corpus::Tweet>() <= super::PER_TWEET * 3 / 4, "{}", size_of::<corpus::Tweet>());
    }
}
