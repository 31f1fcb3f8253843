//! From ranked topics to a verified brief: prompts → drafts → claims whose every fact was found again in a cited tweet.
//!
//! Knows nothing of files, Markdown or clocks. Two writers make the same drafts, a model or the embedded extractive one, and
//! one checker stands behind both: only `verify` can make a [`Claim`].

mod compass;
mod entities;
mod outline;
mod pattern;
mod phrases;
pub use entities::EntityKind;
pub use outline::{GateWords, Given, Group, Kind, Mood, Outline, OutlineError, Script, Section};
pub use phrases::{PhraseError, Phrases};

mod route;
mod sources;
pub use route::{Routed, sections};
pub use sources::Citation;

mod prompts;
pub use prompts::{PromptError, Prompts};
mod answer;
mod ask;
mod calls;
mod converse;
mod disarm;
pub use ask::AskSettings;
pub use calls::{Call, Round, Spending};
pub use converse::AskError;
mod extract;
pub use extract::titles;

mod aliases;
mod align;
mod backing;
mod binding;
mod checker;
mod dispute;
mod facts;
mod gate;
mod judge;
mod lexicon;
mod place;
mod pool;
mod recheck;
mod sense;
mod speech;
mod typography;
mod verify;
pub use backing::SmallAccount;
pub use dispute::Side;
pub use facts::{Bound, Fact, Unit};
pub use gate::Rule;
pub use judge::Judge;
pub use place::{Field, Place, marked, place};
pub use recheck::{Looked, recheck};
pub use typography::typeset;
pub use verify::{Claim, DraftClaim, Evidence, Problem, Refused, Writer};

mod brief;
mod write;
pub use brief::{Brief, Gap, Grade, Shed, Withheld, WrittenSection};
pub use write::{
    Desk, Pen, Progress, Retelling, Slot, ToldLine, WriteError, most_key_points, requests, write,
};

#[cfg(test)]
mod made_up;
