//! How the dates of a proposed mapping are read, and what a user should know of the proposal.

use sonic_rs::JsonValueTrait;

use super::{
    choose::Pick,
    formats::Reading,
    rules::Shape,
    values::{Known, Settled, long_id},
};

/// The mapping's two keys about dates.
#[derive(Default)]
pub(super) struct Dating {
    pub(super) format: String,
    pub(super) offset: String,
    remarks: Vec<String>,
}

pub(super) fn dating(picks: &[Pick<'_, '_>], known: &[Known<'_>]) -> Dating {
    let column = |shape| {
        let pick = picks.iter().find(|pick| pick.rule.shape == shape);
        pick.and_then(|pick| pick.columns.first()).copied()
    };
    let settled = Settled {
        all: known,
        page: column(Shape::Page).map(|known| &known.column),
        id: column(Shape::Id).map(|known| &known.column),
    };
    let Some(dates) = column(Shape::Date) else { return left_out(known) };
    let agreed = |reading: &Reading| reading.agrees(|record| settled.posted(record));
    let found = dates.readings.iter().find_map(|reading| agreed(reading).map(|offset| (reading, offset)));
    let Some((reading, offset)) = found else { return by_itself(dates) };
    let format = reading.format.clone();
    if offset.local_minus_utc() == 0 {
        return Dating { format, ..Dating::default() };
    }
    let remark = format!("the dates of `{}` name no zone; by the ids it is {offset}", dates.column.place());
    Dating { format, offset: offset.to_string(), remarks: vec![remark] }
}

/// The ids do not confirm these dates: which way they are read is a guess.
fn by_itself(dates: &Known<'_>) -> Dating {
    let place = dates.column.place();
    let Some(first) = dates.readings.iter().find(|reading| !reading.is_day) else { return Dating::default() };
    let mut remarks =
        vec![format!("the dates of `{place}` are not the times that the ids tell; look at both")];
    let other = dates.readings.iter().find(|reading| !reading.is_same(first));
    if let Some(other) = other {
        let (format, other) = (&first.format, &other.format);
        remarks.push(format!(
            "the dates of `{place}` may be read as `{format}` or as `{other}`; the first was taken"
        ));
    }
    Dating { format: first.format.clone(), offset: String::new(), remarks }
}

fn left_out(known: &[Known<'_>]) -> Dating {
    let dated: Vec<String> = known
        .iter()
        .filter(|known| !known.readings.is_empty())
        .map(|known| format!("`{}`", known.column.place()))
        .collect();
    let remark = format!("{} left out: the ids tell the times", dated.join(", "));
    Dating { remarks: if dated.is_empty() { Vec::new() } else { vec![remark] }, ..Dating::default() }
}

/// What a user should look at.
pub(super) fn remarks(picks: &[Pick<'_, '_>], dating: Dating) -> Vec<String> {
    let mut remarks = dating.remarks;
    let has = |field: &str| picks.iter().any(|pick| pick.rule.field == field);
    if !has("handle") && !has("page") {
        remarks
            .push("no field holds the author's handle, without which no record becomes a tweet".to_owned());
    }
    let id = picks.iter().find(|pick| pick.rule.field == "id").and_then(|pick| pick.columns.first());
    let is_rounded = |id: &Known<'_>| {
        id.column.share(|value| value.is_number() && long_id(value).is_some_and(|id| id.0 % 100 == 0)) > 0.5
    };
    if let Some(id) = id.filter(|id| is_rounded(id)) {
        let place = id.column.place();
        remarks.push(format!(
            "most ids of `{place}` end in 00: JavaScript has rounded them, links will not work"
        ));
    }
    remarks
}
