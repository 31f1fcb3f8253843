//! A notice in the language of a service: rendered, made to fit, split.

use serde::Serialize;
use tera::{Context, Tera};

use crate::{
    DeliverError, Notice,
    escape::Escape,
    harmless::{harmless, one_line},
    split::{Unit, cut, line_room, parts},
};

/// How a text is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style<'a> {
    pub(crate) template: &'a str,
    pub(crate) escape: Escape,
    pub(crate) unit: Unit,
    pub(crate) limit: usize,
}

/// Fields are shortened to these shares of a part, one after the other, until every line fits.
const SHARES: [usize; 4] = [2, 4, 8, 16];

/// The parts of a message, each within the limit.
pub(crate) fn message(notice: &Notice, style: Style<'_>) -> Result<Vec<String>, DeliverError> {
    let Style { template, escape, unit, limit } = style;
    let notice = disarmed(notice, escape);
    if let Some(parts) = parts(&text(&notice, template, escape)?, unit, limit) {
        return Ok(parts);
    }
    for share in SHARES {
        let room = line_room(limit) / share;
        let shorter = notice.map(|field| cut(field, escape, unit, room));
        if let Some(parts) = parts(&text(&shorter, template, escape)?, unit, limit) {
            return Ok(parts);
        }
    }
    Err(DeliverError::settings(format!(
        "the message has no parts of at most {limit}: a line of the template is too long"
    )))
}

/// The notice with nothing in its fields that makes a link or a mention.
pub(crate) fn disarmed(notice: &Notice, escape: Escape) -> Notice {
    notice.map(if escape == Escape::Raw { one_line } else { harmless })
}

/// The text of a template, whose every insertion is escaped; at most one empty line in a row.
pub(crate) fn text(notice: &Notice, template: &str, escape: Escape) -> Result<String, DeliverError> {
    let text = render(template, notice, escape)?;
    let mut tidy = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && tidy.ends_with("\n\n")) {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    Ok(tidy.trim_end().to_owned())
}

/// Any template over any values; an unknown variable is an error.
pub(crate) fn render(
    template: &str,
    values: &impl Serialize,
    escape: Escape,
) -> Result<String, DeliverError> {
    let wrong =
        |error: tera::Error| DeliverError::settings(format!("the template cannot be filled: {error}"));
    let context = Context::from_serialize(values).map_err(wrong)?;
    let mut tera = Tera::default();
    tera.set_escape_fn(escape.function());
    tera.render_str(template, &context, true).map_err(wrong)
}

#[cfg(test)]
mod tests;
