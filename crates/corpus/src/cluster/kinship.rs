//! Groups that tell one story under different words join, by a threshold that each pair of groups sets itself.
//!
//! Linkage stops at one mean cosine for all, which parts a loose story into pieces: its tweets are no nearer to each other
//! than strangers of a tight one. So two groups are kin when their tweets are nearly as alike across as they are within:
//! mean cosine across ÷ √(mean cosine within the one × within the other), without the cosine of a tweet with itself. That
//! is the cosine of the two groups' means, freed of the noise of few tweets (as in Ward-type criteria for means of unequal
//! certainty).

use std::collections::BTreeSet;

use crate::vectors::{Sparse, Vectors, length, plus, sum};

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
        let within = (length(&sum).powi(2) - size) / (size * (size - 1.0)).max(1.0);
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
        let texts = [
            // One storm, told in pairs that share a word across.
            "storm harbour boats wind",
            "storm roofs boats torn",
            "storm school closed wind",
            "storm school trees torn",
            // Two tight stories that share one common word.
            "phone chip fast new battery",
            "phone chip fast new battery life",
            "phone camera lens zoom night mode",
            "phone camera lens zoom night shot",
        ];
        let vectors = Vectors::new(texts.iter().map(|text| text.split(' ').map(str::to_owned).collect()));
        let groups = vec![vec![0, 1], vec![2, 3], vec![4, 5], vec![6, 7]];
        let joined = join_kin(&vectors, groups, 0.25, 0.045);
        assert_eq!(joined, [vec![0, 1, 2, 3], vec![4, 5], vec![6, 7]]);
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
