//! Groups that tell one story under different words join, by a threshold that each pair of groups sets itself.
//!
//! Linkage stops at one mean cosine for all, which parts a loose story into pieces: its tweets are no nearer to each other
//! than strangers of a tight one. So two groups are kin when their tweets are nearly as alike across as they are within:
//! mean cosine across ÷ √(mean cosine within the one × within the other), without the cosine of a tweet with itself. That
//! is the cosine of the two groups' means without the noise of few tweets. Our own measure; figures in docs/quality.md.

use std::collections::BTreeSet;

use crate::vectors::{Sparse, Vectors, length, plus, sum};

/// A group of few tweets tells little of how alike its story's tweets are, so each is measured as if it had so many more,
/// with the mean cosine that is usual within a story.
const USUAL_TWEETS: f64 = 10.0;
const USUAL: f64 = 0.15;

/// Joins groups of two and more texts, the nearest kin first, while any two have a kinship of at least `least`. No group
/// counts as looser within than `floor`.
pub(super) fn join_kin(
    vectors: &Vectors,
    groups: Vec<Vec<usize>>,
    least: f64,
    floor: f64,
) -> Vec<Vec<usize>> {
    let (several, mut alone): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.len() > 1);
    let mut families = Families::new(vectors, several, floor);
    let mut fresh: BTreeSet<usize> = (0..families.groups.len()).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    while !fresh.is_empty() {
        families.pair_up(&fresh, least, &mut pairs);
        fresh = families.join_best(&mut pairs, floor);
    }
    alone.extend(families.groups.into_iter().flatten().map(|group| group.members));
    for group in &mut alone {
        group.sort_unstable();
    }
    alone.sort();
    alone
}

struct Families {
    /// By number; `None` once joined into another.
    groups: Vec<Option<Group>>,
    terms: usize,
}

struct Group {
    members: Vec<usize>,
    sum: Sparse,
    /// Size × root of the mean cosine within.
    spread: f64,
}

/// Two groups, the lower number first, and their kinship.
struct Pair {
    kinship: f64,
    groups: (usize, usize),
}

impl Group {
    fn new(members: Vec<usize>, sum: Sparse, floor: f64) -> Self {
        let size = members.len() as f64;
        // Its pairs, those of a tweet with itself left out, beside what is usual.
        let others = (size - 1.0).max(0.0);
        let within = ((length(&sum).powi(2) - size) / size + USUAL_TWEETS * USUAL) / (others + USUAL_TWEETS);
        Self { members, sum, spread: size * within.max(floor).sqrt() }
    }
}

impl Families {
    fn new(vectors: &Vectors, groups: Vec<Vec<usize>>, floor: f64) -> Self {
        let group = |members: Vec<usize>| {
            let sum = sum(members.iter().filter_map(|text| vectors.unit.get(*text)));
            Some(Group::new(members, sum, floor))
        };
        Self { groups: groups.into_iter().map(group).collect(), terms: vectors.components() }
    }

    /// Adds the pairs of kin that hold one of these groups.
    fn pair_up(&self, fresh: &BTreeSet<usize>, least: f64, pairs: &mut Vec<Pair>) {
        let postings = self.postings();
        let mut products = vec![0.0_f32; self.groups.len()];
        for name in fresh {
            let Some(group) = self.groups.get(*name).and_then(Option::as_ref) else { continue };
            for (term, weight) in &group.sum {
                for (other, there) in postings.get(*term as usize).into_iter().flatten() {
                    if let Some(product) = products.get_mut(*other as usize) {
                        *product += weight * there;
                    }
                }
            }
            for (other, product) in products.iter_mut().map(std::mem::take).enumerate() {
                let Some(kin) = self.groups.get(other).and_then(Option::as_ref) else { continue };
                let kinship = f64::from(product) / (group.spread * kin.spread);
                // Of two fresh ones each sees the other; one of the two is enough.
                let once = other < *name || (other > *name && !fresh.contains(&other));
                if once && kinship >= least {
                    pairs.push(Pair { kinship, groups: (other.min(*name), other.max(*name)) });
                }
            }
        }
    }

    fn postings(&self) -> Vec<Vec<(u32, f32)>> {
        let mut postings = vec![Vec::new(); self.terms];
        for (name, group) in self.groups.iter().enumerate() {
            for (term, weight) in group.iter().flat_map(|group| &group.sum) {
                if let Some(postings) = postings.get_mut(*term as usize) {
                    postings.push((name as u32, *weight));
                }
            }
        }
        postings
    }

    /// Joins the best pairs, each group once; keeps the pairs that are still of living groups. The groups made.
    fn join_best(&mut self, pairs: &mut Vec<Pair>, floor: f64) -> BTreeSet<usize> {
        pairs.sort_by(|a, b| b.kinship.total_cmp(&a.kinship).then(a.groups.cmp(&b.groups)));
        let mut used = BTreeSet::new();
        let mut made = BTreeSet::new();
        for Pair { groups: (a, b), .. } in pairs.iter() {
            if !used.contains(a) && !used.contains(b) && self.join(*a, *b, floor) {
                used.extend([*a, *b]);
                made.insert(*a);
            }
        }
        pairs.retain(|pair| !used.contains(&pair.groups.0) && !used.contains(&pair.groups.1));
        made
    }

    fn join(&mut self, into: usize, from: usize, floor: f64) -> bool {
        let gone = self.groups.get_mut(from).and_then(Option::take);
        let (Some(Some(kept)), Some(gone)) = (self.groups.get_mut(into), gone) else { return false };
        let mut members = std::mem::take(&mut kept.members);
        members.extend(gone.members);
        *kept = Group::new(members, plus(&kept.sum, &gone.sum), floor);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loose_story_is_one_and_tight_strangers_stay_apart() {
        let mut texts: Vec<String> = Vec::new();
        // One storm in two halves that share two words, each tweet with words of its own beside them.
        texts.extend((0..20).map(|n| format!("storm harbour a{n} b{n} c{n} d{n}")));
        texts.extend((0..20).map(|n| format!("storm harbour e{n} f{n} g{n} h{n}")));
        // Two tight stories that share one common word.
        texts.extend((0..20).map(|n| format!("phone chip fast new battery i{n}")));
        texts.extend((0..20).map(|n| format!("phone camera lens zoom night j{n}")));
        let vectors =
            Vectors::new(texts.iter().map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>()));
        let groups = (0..4).map(|part| (part * 20..part * 20 + 20).collect()).collect();
        let joined = join_kin(&vectors, groups, 0.25, 0.045);
        let sizes: Vec<usize> = joined.iter().map(Vec::len).collect();
        assert_eq!(sizes, [40, 20, 20]);
    }

    #[test]
    fn texts_alone_stay_alone() {
        let vectors =
            Vectors::new(["a b", "a b", "c"].iter().map(|text| text.split(' ').map(str::to_owned).collect()));
        assert_eq!(
            join_kin(&vectors, vec![vec![0], vec![1], vec![2]], 0.1, 0.045),
            [vec![0], vec![1], vec![2]]
        );
    }
}
