//! The merge of one day: its stored parts and what an import brings become new parts.
//!
//! A day that does not fit into memory is merged share by share, and each share becomes a part. The number of shares
//! follows from the merged tweets and the budget alone, so that the same tweets make the same files, however they came.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use corpus::{Tweet, TweetId};

use crate::{
    StoreError,
    footer::Footer,
    incoming::Pile,
    journal::{Add, Journal, Remove},
    layout::{Layout, PartName},
    merge::{fold, supersede},
    rows::{self, Stretch},
    share::Share,
    size,
    staging::Staging,
};

/// What became of a day.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) added: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) bytes_written: u64,
    /// Of the merged tweets.
    pub(crate) memory: u64,
}

impl Outcome {
    pub(crate) fn changed(&self) -> bool {
        self.added + self.updated > 0
    }

    fn absorb(&mut self, share: &Self) {
        self.added += share.added;
        self.updated += share.updated;
        self.unchanged += share.unchanged;
        self.memory += share.memory;
    }
}

/// The work on one day.
pub(crate) struct Merger<'a> {
    pub(crate) day: NaiveDate,
    /// Bytes of tweets that one share may take.
    pub(crate) limit: u64,
    pub(crate) staging: &'a mut Staging,
    pub(crate) journal: &'a mut Journal,
}

/// Parts of a day with what they tell about themselves.
pub(crate) type Stored = Vec<(PartName, Footer)>;
pub(crate) type Tweets = BTreeMap<TweetId, Tweet>;

impl Merger<'_> {
    /// Writes the day's new parts to `_staging/` and tells the journal; nothing when no tweet is new or changed.
    pub(crate) fn merge(mut self, mut pile: Pile) -> Result<Outcome, StoreError> {
        let stored = stored(&self.staging.layout, self.day)?;
        let memory: u64 = stored.iter().map(|(_, footer)| footer.memory).sum();
        let most = Share::count(memory + pile.memory, self.limit);
        if most > 1 {
            return self.merge_in_shares(pile, &stored, most);
        }
        let mut tweets = Tweets::new();
        pile.fold_into(&mut tweets)?;
        let mut outcome = self.merge_share(&mut tweets, &stored, Share::WHOLE)?;
        if outcome.changed() {
            outcome.bytes_written = self.replace(tweets, Share::WHOLE)?;
            self.remove(stored);
        }
        Ok(outcome)
    }

    /// First to see what comes out, which tells the number of shares and whether anything changes; then to write it.
    fn merge_in_shares(&mut self, pile: Pile, stored: &Stored, most: u32) -> Result<Outcome, StoreError> {
        let mut piles = pile.divide(most, self.limit, self.staging)?;
        let mut all = Outcome::default();
        for number in 0..most {
            let share = Share { number, of: most };
            all.absorb(&self.merge_share(&mut share_of(&mut piles, share)?, stored, share)?);
        }
        if !all.changed() {
            return Ok(all);
        }
        let of = Share::count(all.memory, self.limit);
        let same_division = stored.iter().all(|(_, footer)| footer.share.of == of);
        let mut replaced = stored.clone();
        for number in 0..of {
            let share = Share { number, of };
            let mut tweets = share_of(&mut piles, share)?;
            let outcome = self.merge_share(&mut tweets, stored, share)?;
            if outcome.changed() || !same_division {
                all.bytes_written += self.replace(tweets, share)?;
            } else {
                replaced.retain(|(_, footer)| footer.share != share);
            }
        }
        self.remove(replaced);
        Ok(all)
    }

    fn merge_share(&self, tweets: &mut Tweets, stored: &Stored, share: Share) -> Result<Outcome, StoreError> {
        merge_share(&self.staging.layout, self.day, stored, tweets, share)
    }

    /// Writes a share's part to `_staging/`; how many bytes. A share without tweets has no part.
    fn replace(&mut self, tweets: Tweets, share: Share) -> Result<u64, StoreError> {
        if tweets.is_empty() {
            return Ok(0);
        }
        let (staged, written) = self.staging.part(&in_order(tweets), share)?;
        let part = PartName { number: share.number, hash: written.hash };
        self.journal.adds.push(Add { staged, day: self.day, part });
        Ok(written.bytes)
    }

    /// Has the journal remove parts, but never a file that it adds.
    fn remove(&mut self, parts: Stored) {
        let day = self.day;
        let Journal { adds, removes, .. } = &mut *self.journal;
        let gone = parts.into_iter().map(|(part, _)| part);
        let gone = gone.filter(|part| !adds.iter().any(|add| add.day == day && add.part == *part));
        removes.extend(gone.map(|part| Remove { day, part }));
    }
}

/// The parts of a day as they are.
pub(crate) fn stored(layout: &Layout, day: NaiveDate) -> Result<Stored, StoreError> {
    let parts = layout.parts(day)?.into_iter();
    parts.map(|part| Ok((part.clone(), Footer::read(&layout.part(day, &part))?))).collect()
}

/// Makes of a share's tweets from this import its tweets as they will be, and tells what that means.
pub(crate) fn merge_share(
    layout: &Layout,
    day: NaiveDate,
    stored: &Stored,
    tweets: &mut Tweets,
    share: Share,
) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome { added: tweets.len() as u64, ..Outcome::default() };
    let mut seen = BTreeSet::new();
    for (part, _) in stored.iter().filter(|(_, footer)| footer.share.meets(share)) {
        for old in rows::part(&layout.part(day, part), part, Stretch::ALL)? {
            let old = old?;
            if share.holds(old.id) {
                let first = seen.insert(old.id);
                merge_stored(tweets, old, first, &mut outcome);
            }
        }
    }
    outcome.memory = tweets.values().map(size::memory).sum();
    Ok(outcome)
}

/// In the order in which a part has them.
pub(crate) fn in_order(tweets: Tweets) -> Vec<Tweet> {
    let mut tweets: Vec<Tweet> = tweets.into_values().collect();
    tweets.sort_by_key(|tweet| (tweet.created_at, tweet.id));
    tweets
}

/// The tweets of a share, out of the piles of the same or a finer division.
fn share_of(piles: &mut BTreeMap<u32, Pile>, share: Share) -> Result<Tweets, StoreError> {
    let mut tweets = Tweets::new();
    let mut inside = piles.iter_mut().filter(|(number, _)| *number % share.of == share.number);
    inside.try_for_each(|(_, pile)| pile.fold_into(&mut tweets))?;
    Ok(tweets)
}

/// A tweet that is stored twice was copied by hand; its records count as of one import.
fn merge_stored(tweets: &mut Tweets, old: Tweet, first: bool, outcome: &mut Outcome) {
    match tweets.get_mut(&old.id) {
        None => drop(tweets.insert(old.id, old)),
        Some(twice) if !first => fold(twice, old),
        Some(new) => {
            outcome.added -= 1;
            let changed = supersede(new, old);
            *(if changed { &mut outcome.updated } else { &mut outcome.unchanged }) += 1;
        }
    }
}
