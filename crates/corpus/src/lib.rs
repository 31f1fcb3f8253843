//! From raw records to ranked topics.
//!
//! Pure: no network, no clock, no async; bytes come in through [`std::io::Read`]. The stages stand below in the order of
//! the flow, each a file and a verb; what a stage takes out is part of its result.

mod tweet;
pub use tweet::{Author, Kind, Metrics, Reference, Source, Tweet, TweetId};

mod text;

mod ingest;
pub use ingest::{
    Evidence, Format, Ingested, Input, Mapped, Mapping, MappingError, Origin, Places, RejectReason, Rejected,
    Settings as IngestSettings, SuggestError, Suggested, Suggestion, Unreadable, ingest, is_data_file,
    is_side_file, suggest,
};

mod coverage;
pub use coverage::{Coverage, CoverageSettings, Gap, Verdict, coverage};

mod ads;
mod filter;
mod lexicon;
mod relevance;
pub use ads::{
    AdJudge, AdModelError, AdModelFile, AdOutcome, AdRule, AdRuleError, AdRules, AdScore, AdThresholds,
    Example, Features, Trained, to_file, train,
};
pub use filter::{DropReason, Dropped, FilterSettings, Kept, Sieve, Sifted, Window, filter};
pub use lexicon::{Lexicon, LexiconError};
pub use relevance::{relevance, relevance_alone};

mod dedupe;
mod pieces;
mod stop;
mod tokens;
mod words;
pub use dedupe::{Deduped, Unique, dedupe};
pub use pieces::{Piece, PieceKind};
pub use text::is_hidden;
pub use words::{Words, is_han, is_han_char};

mod cluster;
mod dense;
mod vectors;
pub use cluster::{Cluster, ClusterSettings, cluster};
pub use dense::{Dense, DenseError};

mod rank;
mod substance;
pub use rank::{
    Earlier, Memory, MemoryDay, MemoryTopic, RankSettings, Ranked, Salience, ToldOn, Topic, Weights, Worth,
    WorthWeights, given_ids, rank, stories, story_ids,
};

mod course;
mod statistics;
pub use course::{Course, CourseSettings, DayCount, Measured, course, shift};
pub use statistics::{
    AuthorTweets, DayTotals, Statistics, StatisticsError, TermTimeline, TopicTimeline, TweetsOnDay,
    VoicesOnDay,
};
