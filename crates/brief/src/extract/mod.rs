//! The extractive writer: templated Chinese sentences that say who, how many, what kind of event and which figures, with a
//! short original quotation. It needs no model, and its drafts pass the same checker as a model's.

mod quote;
mod title;

use corpus::{Topic, Words};

use crate::{
    facts::{Fact, Unit, figures, held_figures, same_figure},
    outline::{Compass, GroupPlace, Outline},
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
        let story = self.story(topic, false)?;
        let first = quote::quote(&story.first.text, LONG_QUOTE);
        let mut text = format!("{}“{first}”", story.opening("写道"));
        if let Some(second) = story.second {
            let quoted = quote::quote(&second.text, LONG_QUOTE);
            if quoted != first {
                text = format!("{text}；@{} 写道：“{quoted}”", second.speaker);
            }
        }
        text.push_str(&self.figures_beside(&story, &text));
        text.push('。');
        let group = self.group_id(topic);
        Some(draft(group, story, &text))
    }

    /// One sentence about one topic, for the brief part.
    pub(crate) fn key_point(&self, topic: usize) -> Option<DraftClaim> {
        let mut story = self.story(topic, true)?;
        story.second = None;
        let quoted = quote::quote(&story.first.text, SHORT_QUOTE);
        let text = format!("{}“{quoted}”。", story.opening("称"));
        Some(draft(String::new(), story, &text))
    }

    /// The main directions, each with a lead.
    pub(crate) fn directions(&self) -> Vec<DraftClaim> {
        self.compass.groups.iter().filter_map(|post| self.direction(post.place)).collect()
    }

    /// A topic's story; `clean` without the voices that are half suspected of being adverts.
    fn story(&self, topic: usize, clean: bool) -> Option<Story<'_>> {
        let story = self.topics.get(topic)?;
        let heard = || self.sources.of_topic(topic).filter(|tweet| !clean || !tweet.suspect);
        let mut voices = heard();
        let first = voices.next()?;
        let second = voices.find(|tweet| tweet.speaker != first.speaker);
        let accounts = story.authors().len();
        let posts = story.tweets.iter().map(|unique| 1 + unique.copies.len()).sum::<usize>();
        let (who, derived) = match (accounts, posts) {
            (2.., _) => (format!("{accounts} 个账号的 {posts} 条推文"), vec![accounts, posts]),
            (_, 2..) => (format!("@{} 连发 {posts} 条推文", first.speaker), vec![posts]),
            _ => (format!("@{} ", first.speaker), Vec::new()),
        };
        let phrase = self.phrase(story);
        let cites = heard().take(CITES).map(|tweet| tweet.citation.alias.clone()).collect();
        let derived = derived.iter().map(usize::to_string).collect();
        Some(Story {
            lead: self.title(topic),
            who,
            alone: accounts < 2,
            phrase,
            first,
            second,
            cites,
            derived,
        })
    }

    fn title(&self, topic: usize) -> String {
        let common = &self.outline.common_words;
        self.topics.get(topic).map_or_else(String::new, |topic| title::title(topic, self.words, common))
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
                if telling && !told.iter().any(|known| same_figure(known, &fact)) {
                    shown.push(fact.written().to_owned());
                    told.push(fact);
                }
            }
        }
        shown.truncate(FIGURES);
        if shown.is_empty() { String::new() } else { format!("；文中还提到 {}", shown.join("、")) }
    }

    /// How much was said, in what mood and, with `named`, about what most.
    pub(crate) fn mood_paragraph(&self, named: bool) -> DraftClaim {
        let count = |words: &corpus::Lexicon| self.tweets().filter(|text| words.score(text) > 0.0).count();
        let (positive, negative) = (count(&self.compass.positive), count(&self.compass.negative));
        let mood = match (positive, negative) {
            (0, 0) => "整体较为平静",
            (p, n) if p >= 2 * n => "整体偏积极",
            (p, n) if n >= 2 * p => "整体偏谨慎",
            _ => "看法不一",
        };
        let tweets = self.tweets().count();
        let topics = self.topics.len();
        let shared = self.topics.iter().filter(|topic| topic.authors().len() > 1).count();
        let leading: Vec<usize> = (0..topics.min(NAMED)).collect();
        let titles = self.titles(&leading).filter(|_| named);
        let most = titles.map_or_else(String::new, |titles| format!("；最受关注的是{titles}"));
        let text = format!(
            "本期归为话题的推文共 {tweets} 条，分属 {topics} 个话题，其中 {shared} 个话题有两个以上账号参与{most}。\
             从措辞看，表达期待或肯定的推文有 {positive} 条，表达担忧或批评的有 {negative} 条，{mood}。主要方向如下："
        );
        let derived = [tweets, topics, shared, positive, negative].iter().map(usize::to_string).collect();
        DraftClaim { derived, ..self.summary(String::new(), &text, &leading) }
    }

    fn direction(&self, place: GroupPlace) -> Option<DraftClaim> {
        let topics: Vec<usize> =
            self.places.iter().enumerate().filter(|(_, at)| **at == place).map(|(topic, _)| topic).collect();
        let section = self.outline.sections.get(place.section)?;
        let group = section.groups.get(place.group)?;
        let lead = if group.heading.is_empty() { &section.heading } else { &group.heading };
        let named: Vec<usize> = topics.iter().copied().take(NAMED).collect();
        let titles = self.titles(&named)?;
        let count = topics.len();
        let told = topics.iter().filter_map(|topic| self.topics.get(*topic));
        let posts: usize = told.map(|topic| topic.tweets.len()).sum();
        let rest = if count > named.len() {
            format!("等 {count} 个话题")
        } else {
            format!("，共 {count} 个话题")
        };
        let text = format!("{titles}{rest}，{posts} 条推文。");
        Some(DraftClaim {
            derived: vec![count.to_string(), posts.to_string()],
            ..self.summary(lead.clone(), &text, &named)
        })
    }

    fn titles(&self, topics: &[usize]) -> Option<String> {
        let mut titles: Vec<String> = Vec::new();
        for topic in topics {
            let title = self.title(*topic);
            let short = title.split('、').next().unwrap_or(&title).to_owned();
            if !titles.contains(&short) {
                titles.push(short);
            }
        }
        (!titles.is_empty()).then(|| titles.join("、"))
    }

    fn summary(&self, lead: String, text: &str, topics: &[usize]) -> DraftClaim {
        let cites = topics.iter().filter_map(|topic| self.sources.of_topic(*topic).next());
        let cites = cites.map(|tweet| tweet.citation.alias.clone()).collect();
        DraftClaim {
            group: String::new(),
            lead,
            text: spaced(text),
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
    /// Who posts, and how much.
    who: String,
    /// Whether `who` names the first voice already.
    alone: bool,
    /// What they do: 介绍新发布与更新, 谈融资与交易.
    phrase: &'a str,
    first: &'a SourceTweet,
    second: Option<&'a SourceTweet>,
    cites: Vec<String>,
    derived: Vec<String>,
}

impl Story<'_> {
    /// The sentence up to the quotation of the first voice.
    fn opening(&self, says: &str) -> String {
        let Self { who, phrase, first, .. } = self;
        if self.alone {
            format!("{who}{phrase}：")
        } else {
            format!("{who}{phrase}，@{} {says}：", first.speaker)
        }
    }
}

fn draft(group: String, story: Story<'_>, text: &str) -> DraftClaim {
    let text = spaced(text);
    DraftClaim {
        group,
        lead: story.lead,
        text,
        cites: story.cites,
        derived: story.derived,
        writer: Writer::Extractive,
    }
}

/// With a space between Chinese and Latin letters or digits, outside quotations, which stay as they were written.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 16);
    let mut quoted = false;
    let mut before: Option<char> = None;
    for c in text.chars() {
        let han = |c: char| corpus::is_han(c.encode_utf8(&mut [0; 4]));
        let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '@' | '%');
        let joint = before.is_some_and(|before| (han(before) && latin(c)) || (latin(before) && han(c)));
        if joint && !quoted {
            spaced.push(' ');
        }
        quoted = match c {
            '“' => true,
            '”' => false,
            _ => quoted,
        };
        spaced.push(c);
        before = Some(c);
    }
    spaced
}
