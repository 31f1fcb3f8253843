//! The claims of a section in its groups, as the post and the HTML edition lay them out.

use brief::{Claim, Section, WrittenSection};

/// A group that is shown: it has claims, or words for having none.
pub(crate) struct GroupOf<'a> {
    /// A heading shared by several groups, with the first of them.
    pub(crate) under: Option<&'a str>,
    /// Whether it stands below a shared heading.
    pub(crate) is_under: bool,
    pub(crate) heading: &'a str,
    /// What is said instead of claims.
    pub(crate) empty: Option<&'a str>,
    pub(crate) claims: Vec<&'a Claim>,
}

/// In the order of the outline. A claim whose group the outline does not know stands in the first one.
pub(crate) fn groups<'a>(spec: &'a Section, written: &'a WrittenSection) -> Vec<GroupOf<'a>> {
    let mut shown = Vec::new();
    let mut before = None;
    for (place, group) in spec.groups.iter().enumerate() {
        let known = |claim: &&Claim| spec.groups.iter().any(|group| group.id == claim.group());
        let mine = |claim: &&Claim| claim.group() == group.id || (place == 0 && !known(claim));
        let claims: Vec<&Claim> = written.claims.iter().filter(mine).collect();
        if claims.is_empty() && group.empty.is_none() {
            continue;
        }
        let under = group.under.as_deref();
        shown.push(GroupOf {
            under: under.filter(|under| before != Some(*under)),
            is_under: under.is_some(),
            heading: &group.heading,
            empty: group.empty.as_deref().filter(|_| claims.is_empty()),
            claims,
        });
        before = under.or(before);
    }
    shown
}
