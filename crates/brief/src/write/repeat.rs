//! What a part of the report says twice: the later claim is left out, and is in the audit with the words of the earlier one.
//!
//! Two claims are one only if they have the same facts: another figure, name or speaker is other news, however like the words.

use std::collections::BTreeSet;

use super::Room;
use crate::{
    pool::fold,
    verify::{Claim, DraftClaim, Problem, Refused},
};

/// Likeness (Jaccard's, of pairs of characters) from which on claims with the same facts are one.
const ALIKE: f64 = 0.9;
/// And from which on, where they share a source.
const ALIKE_OF_ONE_SOURCE: f64 = 0.7;

impl Room<'_> {
    /// The claims of a part without those that repeat one before them, which become refused drafts.
    pub(super) fn distinct(&mut self, part: &str, claims: Vec<Claim>) -> Vec<Claim> {
        let mut distinct: Vec<Claim> = Vec::new();
        for claim in claims {
            match distinct.iter().find(|before| repeats(&claim, before)) {
                None => distinct.push(claim),
                Some(before) => {
                    let told = claim.topics().iter().all(|topic| before.topics().contains(topic));
                    self.leave_out(part, &claim, Problem::Repeats { text: before.text().to_owned() }, told);
                }
            }
        }
        distinct
    }

    /// What holds but is not printed, for the audit; `told` when another claim of the part is about the same.
    pub(super) fn leave_out(&mut self, part: &str, claim: &Claim, problem: Problem, told: bool) {
        // The words of a tweet or a model: more than a log that is kept should have.
        tracing::debug!(part, text = claim.text(), ?problem, "a claim is left out");
        self.brief.refused.push(Refused {
            section: part.to_owned(),
            draft: as_draft(claim),
            problems: vec![problem],
            replaced: told,
        });
    }
}

/// Whether a claim tells what another one told.
pub(super) fn repeats(claim: &Claim, before: &Claim) -> bool {
    let (words, earlier) = (words(claim.text()), words(before.text()));
    if words == earlier {
        return true;
    }
    let facts = facts(claim);
    let share_a_source = claim.cites().iter().any(|cite| before.cites().contains(cite));
    let enough = match (share_a_source, facts.is_empty()) {
        (true, _) => ALIKE_OF_ONE_SOURCE,
        (false, false) => ALIKE,
        // Without a common source, and without a fact to tell them apart, like words prove nothing.
        (false, true) => return false,
    };
    likeness(&words, &earlier) >= enough && facts == self::facts(before)
}

/// Letters and digits, lower case.
fn words(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn facts(claim: &Claim) -> BTreeSet<String> {
    claim.evidence().iter().map(|evidence| fold(evidence.fact.written())).collect()
}

fn likeness(one: &[char], other: &[char]) -> f64 {
    let pairs = |text: &[char]| text.windows(2).map(<[char]>::to_vec).collect::<BTreeSet<_>>();
    let (one, other) = (pairs(one), pairs(other));
    let common = one.intersection(&other).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

fn as_draft(claim: &Claim) -> DraftClaim {
    DraftClaim {
        group: claim.group().to_owned(),
        lead: claim.lead().to_owned(),
        text: claim.text().to_owned(),
        cites: claim.cites().iter().map(|cite| cite.alias.clone()).collect(),
        derived: Vec::new(),
        writer: claim.writer(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checker::Checker,
        made_up::{topic, unique},
        sources::Sources,
        verify::{Writer, verify},
    };

    /// Whether a claim repeats another one; each cites tweets that hold all figures and names.
    fn again(one: (&str, &[&str]), other: (&str, &[&str])) -> bool {
        let says = "Qingwu-72B 与 Tongye-7B 开源，得分 31% 与 35%，@lab_a @lab_b";
        let topics = [topic(vec![unique(1, "lab_a", says), unique(2, "lab_b", says)])];
        let outline = crate::outline::tests::outline(
            "key_points = 1\ndefault_group = \"a/b\"\nlanguage = \"zh\"\nkinds = []\n\
             mood = { positive = [], negative = [] }\n\
             sections = [{ id = \"a\", heading = \"\", empty = \"\", groups = [] }]",
        );
        let sources = Sources::new(&topics, |_| 0, &outline);
        let checker = Checker::new(&outline);
        let claim = |(text, cites): (&str, &[&str])| {
            let draft = DraftClaim {
                group: String::new(),
                lead: String::new(),
                text: text.to_owned(),
                cites: cites.iter().map(|&alias| alias.to_owned()).collect(),
                derived: Vec::new(),
                writer: Writer::Model,
            };
            verify(&draft, |_| true, &sources, &checker).unwrap()
        };
        repeats(&claim(other), &claim(one))
    }

    #[test]
    fn the_same_in_like_words_is_a_repeat() {
        let said = "Qingwu-72B 今天正式开源，评测得分 31%。";
        assert!(again((said, &["t1"]), ("Qingwu-72B 今天正式开源, 评测得分 31%", &["t2"])));
        assert!(again((said, &["t1"]), ("Qingwu-72B 今天已正式开源，评测得分为 31%。", &["t1", "t2"])));
    }

    #[test]
    fn another_fact_is_other_news() {
        let said = "Qingwu-72B 今天正式开源，评测得分 31%。";
        for other in ["Qingwu-72B 今天正式开源，评测得分 35%。", "Tongye-7B 今天正式开源，评测得分 31%。"]
        {
            assert!(!again((said, &["t1"]), (other, &["t1"])), "{other}");
        }
        assert!(!again((said, &["t1"]), ("得分 31% 的 Qingwu-72B 由社区维护，文档与示例齐全。", &["t1"])));
        // Without a fact that would tell them apart, only the same words are the same.
        let company = "阿里今天宣布向全体开发者开放其最新一代的模型服务与工具链。";
        assert!(!again((company, &["t1"]), (&company.replace("阿里", "百度"), &["t2"])));
    }
}
