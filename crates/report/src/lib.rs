//! From a verified brief to bytes on the disk: Markdown post, word cloud, audit, and the one writer of outputs.
//!
//! Knows neither models nor clocks: the same input gives the same bytes. Only [`publish`] writes files.

mod escape;
pub use escape::{bold, clean, escape, lead, link, tweet_url};

mod front_matter;
pub use front_matter::{Value, front_matter};

mod cloud;
pub use cloud::{
    Cloud, CloudError, CloudSettings, Font, FontError, Mask, PictureFormat, Rgb, Shape, ShapeError, Skipped,
    colour, word_cloud,
};

mod charts;
mod edition;
pub use charts::{Chart, ChartInput, ChartSettings, ChartWords, DayColumns, TopicFigures, charts};
pub use edition::{EditionInput, EditionWords, Picture, edition};

mod publish;
pub use publish::{Outcome, OutputFile, PublishError, Published, publish, recover};

mod layout;
pub use layout::{Layout, Slug};

mod audit;
mod cloud_words;
mod head;
mod post;
mod remember;
mod retell;
mod schema;
mod trace;
pub use audit::{AUDIT_SCHEMA_VERSION, AuditHead, AuditInput, Counts, Hashes, MadeOf, MadeOfDay, audit};
pub use cloud_words::{Terms, WordChoice, cloud_words};
pub use head::{HeadField, PostHead, heading};
pub use post::{ChartLink, Citations, Extra, Headings, Marks, PostInput, PostSettings, RenderError, post};
pub use remember::{RememberError, remember, told};
pub use retell::{DayClaim, DayReport, DayTopic, retell};
pub use schema::schema;
pub use trace::{Trace, TraceError, Traced, TracedClaim};

mod feed;
pub use feed::{FeedEntry, FeedInput, feed};

mod contract;
mod lines;
pub use contract::{Contract, Violation, violations};
pub use lines::{PostLine, post_lines};
