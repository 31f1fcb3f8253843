//! The extractive writer: sentences made of the outline's phrases that say who, how many, what kind of event and which
//! figures, with a short original quotation. It needs no model, and its drafts pass the same checker as a model's.

mod quote;
mod running;
mod title;
pub use title::titles;

use corpus::{Topic, Words, is_han};

use crate::{
    compass::{Compass, GroupPlace},
    facts::{Fact, Unit, figures, held_figures, same_figure},
    outline::{Outline, Script},
    phrases::{Phrase, Phrasebook},
    route::leading_text,
    sources::{SourceTweet, Sources},
    verify::{DraftClaim, Writer},
};

/// Columns of a quotation in the detailed part and in a key point.
const LONG_QUOTE: usize = 150;
const SHORT_QUOTE: usize = 110;
/// Links behind a claim.
const CITES: usize = 3;
/// Topics named in a line of the overview.
const NAMED: usize = 3;
/// Figures named beside a quotation.
const FIGURES: usize = 3;

/// What the extractive writer works from.
pub(crate) struct Extractor<'a> {
    pub(crate) outline: &'a Outline,
    pub(crate) compass: &'a Compass,
    pub(crate) topics: &'a [Topic],
    pub(crate) places: &'a [GroupPlace],
    pub(crate) sources: &'a Sources,
    pub(crate) words: &'a Words,
}

impl Extractor<'_> {
    /// A claim of the detailed part about one topic: two voices where there are two.
    pub(crate) fn detail(&self, topic: usize) -> Option<DraftClaim> {
        let Some(story) = self.story(topic, false) else { return self.orders(topic) };
        let first = quote::quote(&story.first.text, LONG_QUOTE);
        let mut text = self.opening(&story, &self.phrases().many) + &self.quoted(&first);
        if let Some(second) = story.second {
            let quoted = quote::quote(&second.text, LONG_QUOTE);
            if quoted != first {
                let second = self.phrases().second.fill(&[("by", &second.speaker), ("quote", &quoted)]);
                text.push_str(&second);
            }
        }
        text.push_str(&self.figures_beside(&story, &text));
        text.push_str(&self.outline.phrases.end);
        let group = self.group_id(topic);
        Some(draft(group, story, text))
    }

    /// One sentence about one topic, for the brief part.
    pub(crate) fn key_point(&self, topic: usize) -> Option<DraftClaim> {
        let story = self.story(topic, true)?;
        let quoted = self.quoted(&quote::quote(&story.first.text, SHORT_QUOTE));
        let text = self.opening(&story, &self.phrases().many_briefly) + &quoted + &self.outline.phrases.end;
        Some(draft(String::new(), story, text))
    }

    /// That a topic is nothing but orders to the program.
    fn orders(&self, topic: usize) -> Option<DraftClaim> {
        let tweet = self.sources.of_topic(topic).next()?;
        let words = &self.outline.phrases;
        Some(DraftClaim {
            group: self.group_id(topic),
            lead: format!("@{}", tweet.speaker),
            text: words.orders.clone() + &words.end,
            cites: vec![tweet.citation.alias.clone()],
            derived: Vec::new(),
            writer: Writer::Extractive,
        })
    }

    /// Who is quoted first about a topic; `clean` as in a key point.
    pub(crate) fn voice(&self, topic: usize, clean: bool) -> Option<&SourceTweet> {
        self.heard(topic, clean).first().copied()
    }

    fn phrases(&self) -> &Phrasebook {
        &self.compass.phrases
    }

    fn quoted(&self, quote: &str) -> String {
        self.phrases().quote.fill(&[("quote", &quote)])
    }

    /// The sentence up to the quotation of the first voice; `many` where several accounts speak.
    fn opening(&self, story: &Story<'_>, many: &Phrase) -> String {
        let Story { accounts, posts, phrase, first, .. } = story;
        let words = match (accounts, posts) {
            (2.., _) => many,
            (_, 2..) => &self.phrases().thread,
            _ => &self.phrases().one,
        };
        words.fill(&[("accounts", accounts), ("posts", posts), ("phrase", phrase), ("by", &first.speaker)])
    }

    /// The main directions, each with a lead.
    pub(crate) fn directions(&self) -> Vec<DraftClaim> {
        self.compass.groups.iter().filter_map(|post| self.direction(post.place)).collect()
    }

    /// A topic's story; `clean` without the voices that are half suspected of being adverts.
    fn story(&self, topic: usize, clean: bool) -> Option<Story<'_>> {
        let story = self.topics.get(topic)?;
        let heard = self.heard(topic, clean);
        let first = *heard.first()?;
        let second = heard.iter().copied().find(|tweet| tweet.speaker != first.speaker);
        let accounts = story.authors().len();
        let posts = story.tweets.iter().map(|unique| 1 + unique.copies.len()).sum::<usize>();
        let derived = match (accounts, posts) {
            (2.., _) => vec![accounts, posts],
            (_, 2..) => vec![posts],
            _ => Vec::new(),
        };
        let phrase = self.phrase(story);
        let cites = heard.iter().take(CITES).map(|tweet| tweet.citation.alias.clone()).collect();
        let derived = derived.iter().map(usize::to_string).collect();
        let lead = self.title(topic).join(&self.outline.phrases.and);
        Some(Story { lead, accounts, posts, phrase, first, second, cites, derived })
    }

    /// The tweets of a topic that can be quoted, best representatives first; of those that are cited, in Latin script, the ones
    /// in Chinese last.
    fn heard(&self, topic: usize, clean: bool) -> Vec<&SourceTweet> {
        let tweets = self.sources.of_topic(topic).filter(|tweet| !clean || !tweet.suspect);
        let tweets = tweets.filter(|tweet| !self.compass.gives_orders(&tweet.text));
        let mut heard: Vec<&SourceTweet> = tweets.collect();
        let cites = CITES.min(heard.len());
        if let (Script::Latin, Some(cited)) = (self.outline.script, heard.get_mut(..cites)) {
            cited.sort_by_key(|tweet| is_han(&tweet.text));
        }
        heard
    }

    /// The names in a topic's title.
    fn title(&self, topic: usize) -> Vec<String> {
        self.topics.get(topic).map_or_else(Vec::new, |topic| title::title(topic, self.words, self.outline))
    }

    fn phrase(&self, topic: &Topic) -> &str {
        let leading = topic.tweets.first().map_or("", |unique| unique.tweet.text.as_str());
        let all = leading_text(topic);
        let mut best = (0, 0.0);
        for (kind, words) in self.compass.kinds.iter().enumerate() {
            let score = 2.0 * words.score(leading) + words.score(&all);
            if score > best.1 {
                best = (kind, score);
            }
        }
        self.outline.kinds.get(best.0).map_or("", |kind| kind.phrase.as_str())
    }

    fn group_id(&self, topic: usize) -> String {
        let place = self.places.get(topic).copied().unwrap_or(self.compass.default_group);
        let section = self.outline.sections.get(place.section);
        section
            .and_then(|section| section.groups.get(place.group))
            .map_or_else(String::new, |group| group.id.clone())
    }

    /// Figures of the cited tweets that the quotations do not show: only such as carry their meaning in their unit.
    fn figures_beside(&self, story: &Story<'_>, text: &str) -> String {
        let mut told = figures(text);
        let mut shown: Vec<String> = Vec::new();
        for tweet in story.cites.iter().filter_map(|alias| self.sources.get(alias)) {
            for fact in held_figures(&tweet.text) {
                let telling = matches!(
                    fact,
                    Fact::Figure { unit: Unit::Percent | Unit::Dollar | Unit::Yuan | Unit::Times, .. }
                );
                // `half` by itself is no figure to readers, 三分之一 is one.
                let in_digits = fact.written().chars().any(char::is_numeric);
                let han = is_han(fact.written());
                let readable = if han { self.outline.script == Script::Han } else { in_digits };
                if telling && readable && !told.iter().any(|known| same_figure(known, &fact)) {
                    shown.push(fact.written().to_owned());
                    told.push(fact);
                }
            }
        }
        shown.truncate(FIGURES);
        if shown.is_empty() {
            return String::new();
        }
        self.phrases().figures.fill(&[("figures", &shown.join(&self.outline.phrases.and))])
    }

    /// How much was said, in what mood and, with `named`, about what most.
    pub(crate) fn mood_paragraph(&self, named: bool) -> DraftClaim {
        let count = |words: &corpus::Lexicon| self.tweets().filter(|text| words.score(text) > 0.0).count();
        let (positive, negative) = (count(&self.compass.positive), count(&self.compass.negative));
        let words = &self.outline.phrases;
        let mood = match (positive, negative) {
            (0, 0) => &words.calm,
            (p, n) if p >= 2 * n => &words.hopeful,
            (p, n) if n >= 2 * p => &words.worried,
            _ => &words.divided,
        };
        let tweets = self.tweets().count();
        let topics = self.topics.len();
        let shared = self.topics.iter().filter(|topic| topic.authors().len() > 1).count();
        let leading = self.quotable(0..topics);
        let titles = self.titles(&leading).filter(|_| named);
        let most = titles.map_or_else(String::new, |titles| self.phrases().most.fill(&[("titles", &titles)]));
        let text = self.phrases().overview.fill(&[
            ("tweets", &tweets),
            ("topics", &topics),
            ("shared", &shared),
            ("most", &most),
            ("positive", &positive),
            ("negative", &negative),
            ("mood", mood),
        ]);
        let derived = [tweets, topics, shared, positive, negative].iter().map(usize::to_string).collect();
        DraftClaim { derived, ..self.summary(String::new(), &text, &leading) }
    }

    fn direction(&self, place: GroupPlace) -> Option<DraftClaim> {
        let topics: Vec<usize> =
            self.places.iter().enumerate().filter(|(_, at)| **at == place).map(|(topic, _)| topic).collect();
        let section = self.outline.sections.get(place.section)?;
        let group = section.groups.get(place.group)?;
        let lead = if group.heading.is_empty() { &section.heading } else { &group.heading };
        let named = self.quotable(topics.iter().copied());
        let titles = self.titles(&named)?;
        let count = topics.len();
        let told = topics.iter().filter_map(|topic| self.topics.get(*topic));
        let posts: usize = told.map(|topic| topic.tweets.len()).sum();
        let Phrasebook { direction, direction_more, .. } = self.phrases();
        let words = if count > named.len() { direction_more } else { direction };
        let text = words.fill(&[("titles", &titles), ("topics", &count), ("tweets", &posts)]);
        Some(DraftClaim {
            derived: vec![count.to_string(), posts.to_string()],
            ..self.summary(lead.clone(), &text, &named)
        })
    }

    /// The first topics that somebody can be quoted about.
    fn quotable(&self, topics: impl Iterator<Item = usize>) -> Vec<usize> {
        topics.filter(|topic| self.voice(*topic, false).is_some()).take(NAMED).collect()
    }

    /// What topics are about; an account's name tells that of a topic only where nothing else does.
    fn titles(&self, topics: &[usize]) -> Option<String> {
        let mut titles: Vec<String> = Vec::new();
        for topic in topics {
            let short = self.title(*topic).into_iter().next();
            titles.extend(short.filter(|short| !titles.contains(short)));
        }
        if titles.iter().any(|title| !title.starts_with('@')) {
            titles.retain(|title| !title.starts_with('@'));
        }
        (!titles.is_empty()).then(|| titles.join(&self.outline.phrases.and))
    }

    fn summary(&self, lead: String, text: &str, topics: &[usize]) -> DraftClaim {
        let cites = topics.iter().filter_map(|topic| self.voice(*topic, false));
        let cites = cites.map(|tweet| tweet.citation.alias.clone()).collect();
        DraftClaim {
            group: String::new(),
            lead,
            text: text.to_owned(),
            cites,
            derived: Vec::new(),
            writer: Writer::Extractive,
        }
    }

    fn tweets(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().flat_map(|topic| &topic.tweets).map(|unique| unique.tweet.text.as_str())
    }
}

/// What is known of a topic before its sentence is made.
struct Story<'a> {
    lead: String,
    accounts: usize,
    posts: usize,
    /// What they do: 介绍新发布与更新, 谈融资与交易.
    phrase: &'a str,
    first: &'a SourceTweet,
    second: Option<&'a SourceTweet>,
    cites: Vec<String>,
    derived: Vec<String>,
}

fn draft(group: String, story: Story<'_>, text: String) -> DraftClaim {
    DraftClaim {
        group,
        lead: story.lead,
        text,
        cites: story.cites,
        derived: story.derived,
        writer: Writer::Extractive,
    }
}
