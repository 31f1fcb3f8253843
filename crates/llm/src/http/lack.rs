//! Which part of a question's form an endpoint refused. Learned from refusals, never from tables of who can do what: those
//! lie.

use super::classify::{Class, Verdict};
use crate::model::{Format, Lack, Request, Room};

/// What to leave out; `None` when the refusal is about something else.
pub(super) fn lack(request: &Request, status: u16, verdict: &Verdict) -> Option<Lack> {
    if !matches!(status, 400 | 422) || verdict.class != Class::Refused {
        return None;
    }
    let (form, complaint) = (&request.form, &verdict.complaint);
    let has_format = request.schema.is_some() && form.format < Format::Words;
    // OpenAI's reasoning models refuse what all other endpoints need, and name it.
    let wants_other_room = complaint.param == "max_tokens" && complaint.mentions(&["max_completion_tokens"]);
    let fixes_temperature = complaint.param == "temperature" && complaint.code.starts_with("unsupported");
    let lacks = [
        (Lack::Format, has_format && complaint.mentions(&["response_format", "json_schema", "json_object"])),
        (Lack::MaxTokens, form.room == Room::MaxTokens && wants_other_room),
        (Lack::Temperature, !form.temperature_fixed && fixes_temperature),
        (Lack::StreamUsage, form.stream && !form.uncounted && complaint.mentions(&["stream_options"])),
        (Lack::Stream, form.stream && complaint.mentions(&["stream"])),
    ];
    lacks.into_iter().find(|(_, is_lacking)| *is_lacking).map(|(lack, _)| lack)
}
