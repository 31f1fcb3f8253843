//! The conversation about one part of the report: what is said when an answer cannot be used, does not fit, or is refused
//! for what the data hold.
//!
//! - an answer of another form: asked once more, with what was wrong;
//! - an answer that does not fit: more room once, then the more salient half of the topics;
//! - a question that does not fit: half of the topics, as often as needed;
//! - moderation: once more as it is, since platforms err; then each half by itself, down to the lines that it objects to.

use std::{cell::RefCell, time::Instant};

use futures::{FutureExt, future::LocalBoxFuture};
use llm::{Finish, Model, ModelError, Reply, Request};

use crate::{
    answer::{Reading, read},
    ask::{Line, Question, better_half},
    calls::{Call, Round},
    prompts::PromptError,
    verify::{DraftClaim, Problem},
};

/// Calls about one part: a single objectionable line among a thousand is found with fewer.
const MOST_CALLS: usize = 30;

/// No drafts, and why.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The model gave no answer.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A prompt cannot be rendered.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The answer had another form than asked, also when asked again.
    #[error("the answer could not be used: {}", .0.join("; "))]
    OtherForm(Vec<String>),
    /// The answer did not fit, though it had more room and fewer topics.
    #[error("the answer was cut at {0} tokens")]
    Cut(u32),
    /// Moderation objects to so much that nothing is left to ask.
    #[error("moderation objects to all {0} lines of the question")]
    Objections(usize),
    /// So many calls that more would not help.
    #[error("given up after {MOST_CALLS} calls")]
    TooManyCalls,
}

/// All that came of a conversation.
pub(crate) struct Said {
    pub(crate) drafts: Result<Vec<DraftClaim>, AskError>,
    pub(crate) calls: Vec<Call>,
    /// Short names of the tweets in lines that moderation objects to.
    pub(crate) withheld: Vec<String>,
    /// Places of topics that were left out for want of room.
    pub(crate) shed: Vec<usize>,
    /// Claims that were to be written anew because they did not pass.
    pub(crate) refused: Vec<(DraftClaim, Vec<Problem>)>,
}

/// Asks a question until it is answered or given up.
pub(crate) async fn converse(model: &dyn Model, question: &Question<'_>) -> Said {
    let talk = Talk { model, question, notes: RefCell::default() };
    let lines: Vec<&Line> = question.lines.iter().collect();
    let drafts = talk
        .say(lines, Turn { round: Round::First, room: question.room(), grown: false, halved: false })
        .await;
    let Notes { calls, objections, shed, .. } = talk.notes.into_inner();
    let drafts = match drafts {
        Ok(_) if objections.len() == question.lines.len() => Err(AskError::Objections(objections.len())),
        drafts => drafts,
    };
    Said { drafts, calls, withheld: objections.concat(), shed, refused: Vec::new() }
}

/// Asks once for what did not pass, with the reasons. What comes is for the caller to check like all else; when nothing comes,
/// what passed stays.
pub(crate) async fn repair(
    model: &dyn Model,
    question: &Question<'_>,
    mut said: Said,
    check: impl Fn(&DraftClaim) -> Vec<Problem>,
) -> Said {
    let Ok(drafts) = &mut said.drafts else { return said };
    let (mut passed, mut refused) = (Vec::new(), Vec::new());
    for draft in std::mem::take(drafts) {
        match check(&draft) {
            problems if problems.is_empty() => passed.push(draft),
            problems => refused.push((draft, problems)),
        }
    }
    *drafts = passed;
    let lines: Vec<&Line> = question.lines.iter().collect();
    let lines: Vec<&Line> = lines
        .into_iter()
        .filter(|line| !line.aliases.iter().any(|alias| said.withheld.contains(alias)))
        .collect();
    if let Some(request) = question.repair(&lines, &refused).ok().filter(|_| !refused.is_empty()) {
        let begun = Instant::now();
        let result = model.complete(&request).await;
        said.calls.push(Call::of(question.part, Round::Repair, &result, begun.elapsed()));
        let anew = result.map(|reply| read(&reply.text, question).drafts).unwrap_or_default();
        let anew = without(anew, drafts);
        drafts.extend(anew);
    }
    said.refused = refused;
    said
}

/// What the other drafts do not say already: a model may repeat all of its answer.
fn without(drafts: Vec<DraftClaim>, others: &[DraftClaim]) -> Vec<DraftClaim> {
    let is_said = |draft: &DraftClaim| {
        others.iter().any(|other| other.text == draft.text && other.cites == draft.cites)
    };
    drafts.into_iter().filter(|draft| !is_said(draft)).collect()
}

fn first_half<'l>(lines: &[&'l Line]) -> Option<Vec<&'l Line>> {
    lines.get(..lines.len() / 2).filter(|half| !half.is_empty()).map(<[_]>::to_vec)
}

struct Talk<'a> {
    model: &'a dyn Model,
    question: &'a Question<'a>,
    notes: RefCell<Notes>,
}

#[derive(Default)]
struct Notes {
    calls: Vec<Call>,
    /// Of each line that moderation objects to the short names.
    objections: Vec<Vec<String>>,
    shed: Vec<usize>,
    begun: usize,
}

/// How far a conversation has come.
#[derive(Clone, Copy)]
struct Turn {
    round: Round,
    room: u32,
    /// Whether more room was asked for.
    grown: bool,
    /// Whether half of the topics were left out, because the answer did not fit all the same.
    halved: bool,
}

/// What came of one call, as far as the conversation goes on from it.
enum Heard {
    Answer(Reply),
    Cut(Reply),
    NoRoom,
    Objection,
    TooLong(ModelError),
}

type Drafts<'t> = LocalBoxFuture<'t, Result<Vec<DraftClaim>, AskError>>;

impl Talk<'_> {
    fn say<'t>(&'t self, lines: Vec<&'t Line>, turn: Turn) -> Drafts<'t> {
        async move {
            let request = self.question.request(&lines, turn.room, &[])?;
            match self.hear_twice(&request, turn).await? {
                Heard::Answer(reply) => self.judge(&request, &lines, turn, &reply).await,
                Heard::Cut(reply) => match read(&reply.text, self.question) {
                    Reading { drafts, problems } if problems.is_empty() => Ok(drafts),
                    _ => self.make_room(lines, turn).await,
                },
                Heard::NoRoom => self.make_room(lines, Turn { room: self.question.room(), ..turn }).await,
                Heard::TooLong(error) => match better_half(&lines).or_else(|| first_half(&lines)) {
                    Some(half) => self.say_less(&lines, half, Turn { round: Round::Shorter, ..turn }).await,
                    None => Err(error.into()),
                },
                Heard::Objection => self.split(lines, turn).await,
            }
        }
        .boxed_local()
    }

    /// Moderation's first objection is put to the test; platforms have taken it back.
    async fn hear_twice(&self, request: &Request, turn: Turn) -> Result<Heard, AskError> {
        let heard = self.hear(request, turn.round).await?;
        let is_new = self.notes.borrow().calls.last().is_some_and(|call| !call.kept);
        if matches!(heard, Heard::Objection) && turn.round == Round::First && is_new {
            self.model.forget(request);
            return self.hear(request, Round::Repeated).await;
        }
        Ok(heard)
    }

    async fn hear(&self, request: &Request, round: Round) -> Result<Heard, AskError> {
        {
            let mut notes = self.notes.borrow_mut();
            if notes.begun == MOST_CALLS {
                return Err(AskError::TooManyCalls);
            }
            notes.begun += 1;
        }
        let begun = Instant::now();
        let result = self.model.complete(request).await;
        let call = Call::of(self.question.part, round, &result, begun.elapsed());
        self.notes.borrow_mut().calls.push(call);
        match result {
            Ok(reply) => Ok(match reply.finish {
                Finish::Length => Heard::Cut(reply),
                Finish::ContentFilter => Heard::Objection,
                Finish::Stop | Finish::Other(_) => Heard::Answer(reply),
            }),
            Err(ModelError::Filtered(_)) => Ok(Heard::Objection),
            Err(error @ ModelError::TooLong(_)) => Ok(Heard::TooLong(error)),
            // The model's bound is below what was asked for.
            Err(ModelError::Refused(fault))
                if round == Round::MoreRoom && matches!(fault.status, Some(400 | 422)) =>
            {
                Ok(Heard::NoRoom)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The drafts of an answer, if need be of a second one.
    async fn judge(
        &self,
        request: &Request,
        lines: &[&Line],
        turn: Turn,
        reply: &Reply,
    ) -> Result<Vec<DraftClaim>, AskError> {
        let first = read(&reply.text, self.question);
        if first.problems.is_empty() {
            return Ok(first.drafts);
        }
        tracing::info!(part = self.question.part, problems = first.problems.len(), "asking again");
        tracing::debug!(problems = ?first.problems, "what is wrong with the answer");
        let again = self.question.request(lines, turn.room, &first.problems)?;
        let second = match self.hear(&again, Round::Again).await {
            Ok(Heard::Answer(reply) | Heard::Cut(reply)) => read(&reply.text, self.question),
            _ => Reading { drafts: Vec::new(), problems: first.problems.clone() },
        };
        if second.problems.is_empty() || second.drafts.len() >= first.drafts.len().max(1) {
            return Ok(second.drafts);
        }
        if !first.drafts.is_empty() {
            return Ok(first.drafts);
        }
        // Kept answers of no use would be of no use tomorrow.
        self.model.forget(request);
        self.model.forget(&again);
        Err(AskError::OtherForm(second.problems))
    }

    /// More room for the answer, once; then half of the topics, once.
    async fn make_room(&self, lines: Vec<&Line>, turn: Turn) -> Result<Vec<DraftClaim>, AskError> {
        if !turn.grown {
            let room = turn.room.saturating_mul(2);
            return self.say(lines, Turn { round: Round::MoreRoom, room, grown: true, ..turn }).await;
        }
        match better_half(&lines).filter(|_| !turn.halved) {
            Some(half) => {
                self.say_less(&lines, half, Turn { round: Round::Shorter, halved: true, ..turn }).await
            }
            None => Err(AskError::Cut(turn.room)),
        }
    }

    async fn say_less(
        &self,
        lines: &[&Line],
        half: Vec<&Line>,
        turn: Turn,
    ) -> Result<Vec<DraftClaim>, AskError> {
        let kept: Vec<usize> = half.iter().map(|line| line.topic).collect();
        let mut left_out: Vec<usize> =
            lines.iter().map(|line| line.topic).filter(|topic| !kept.contains(topic)).collect();
        left_out.dedup();
        self.notes.borrow_mut().shed.extend(left_out);
        self.say(half, turn).await
    }

    /// Each half by itself; a line that is alone is withheld. One after the other: both draw on the same number of calls, and what
    /// is found before these are used up must not depend on which answer comes first.
    async fn split(&self, lines: Vec<&Line>, turn: Turn) -> Result<Vec<DraftClaim>, AskError> {
        let (one, other) = lines.split_at(lines.len() / 2);
        if one.is_empty() {
            self.notes.borrow_mut().objections.extend(other.iter().map(|line| line.aliases.clone()));
            return Ok(Vec::new());
        }
        let turn = Turn { round: Round::Part, ..turn };
        let one = self.say(one.to_vec(), turn).await?;
        let other = self.say(other.to_vec(), turn).await?;
        Ok([one, other].concat())
    }
}

#[cfg(test)]
mod tests;
