//! Inner products of a group's vector sum with those of all others, by an inverted index over groups.

use crate::vectors::{Sparse, plus};

/// A group of so many texts keeps its products between two searches; of a smaller one they are quickly made again.
const KEPT_FROM: usize = 16;
/// How many groups keep them: a chain holds few large groups at a time.
const KEPT: usize = 16;

/// The groups, and where each term occurs.
pub(super) struct Index<'v> {
    /// Per text: its vector.
    units: &'v [Sparse],
    /// How many terms there are.
    terms: usize,
    /// Per text: a text of lower number in its group, or itself. A group is named by its lowest text.
    lower: Vec<u32>,
    /// Per group name.
    groups: Vec<Group>,
    /// Per term: groups by the names they had when the index was made, with the term's weight in their sum.
    postings: Vec<Vec<(u32, f32)>>,
    open: usize,
    /// Groups that were open when the index was made.
    indexed: usize,
}

struct Group {
    size: u32,
    /// The vector sum; of a text alone `None`, it is the text's own vector.
    sum: Option<Sparse>,
    open: bool,
}

impl<'v> Index<'v> {
    pub(super) fn new(units: &'v [Sparse], terms: usize) -> Self {
        let texts = units.len();
        let groups = (0..texts).map(|_| Group { size: 1, sum: None, open: true }).collect();
        let mut index = Self {
            units,
            terms,
            lower: (0..texts as u32).collect(),
            groups,
            postings: Vec::new(),
            open: texts,
            indexed: 0,
        };
        index.make();
        index
    }

    /// A label per text: the name of its group.
    pub(super) fn labels(&self) -> Vec<usize> {
        (0..self.lower.len()).map(|text| self.name(text as u32)).collect()
    }

    pub(super) fn is_open(&self, group: usize) -> bool {
        self.groups.get(group).is_some_and(|group| group.open)
    }

    pub(super) fn close(&mut self, group: usize) {
        if let Some(group) = self.groups.get_mut(group) {
            group.open = false;
            group.sum = None;
            self.open -= 1;
        }
        self.renew();
    }

    /// Joins two groups; the lower name stays.
    pub(super) fn merge(&mut self, a: usize, b: usize) -> usize {
        let (into, from) = (a.min(b), a.max(b));
        let sum = plus(self.sum(a), self.sum(b));
        let size = self.size(a) + self.size(b);
        if let Some(gone) = self.groups.get_mut(from) {
            *gone = Group { size: 0, sum: None, open: false };
        }
        if let Some(kept) = self.groups.get_mut(into) {
            *kept = Group { size, sum: Some(sum), open: true };
        }
        if let Some(lower) = self.lower.get_mut(from) {
            *lower = into as u32;
        }
        self.open -= 1;
        self.renew();
        into
    }

    fn size(&self, group: usize) -> u32 {
        self.groups.get(group).map_or(0, |group| group.size)
    }

    fn sum(&self, group: usize) -> &[(u32, f32)] {
        let own = self.groups.get(group).and_then(|group| group.sum.as_deref());
        own.or_else(|| self.units.get(group).map(Vec::as_slice)).unwrap_or_default()
    }

    /// The group that a text, or a group of an older index, belongs to now.
    fn name(&self, text: u32) -> usize {
        let mut at = text;
        loop {
            match self.lower.get(at as usize) {
                Some(lower) if *lower != at => at = *lower,
                _ => return at as usize,
            }
        }
    }

    fn renew(&mut self) {
        if self.open * 2 < self.indexed {
            self.make();
        }
    }

    fn make(&mut self) {
        let mut postings = std::mem::take(&mut self.postings);
        postings.iter_mut().for_each(Vec::clear);
        postings.resize_with(self.terms, Vec::new);
        for group in (0..self.groups.len()).filter(|group| self.is_open(*group)) {
            for (term, weight) in self.sum(group) {
                if let Some(postings) = postings.get_mut(*term as usize) {
                    postings.push((group as u32, *weight));
                }
            }
        }
        self.postings = postings;
        self.indexed = self.open;
        for text in 0..self.lower.len() {
            let name = self.name(text as u32);
            if let Some(lower) = self.lower.get_mut(text) {
                *lower = name as u32;
            }
        }
    }

    /// Every pair of a group that shares a term with `group` and the term's part of their product.
    fn shared(&self, group: usize, mut see: impl FnMut(usize, f32)) {
        for (term, weight) in self.sum(group) {
            for (other, there) in self.postings.get(*term as usize).into_iter().flatten() {
                see(self.name(*other), weight * there);
            }
        }
    }
}

/// Who is nearest to whom.
pub(super) struct Products {
    /// Per group name: 1 / size; 0 for a group that is finished or gone.
    inverse: Vec<f32>,
    scratch: Vec<f32>,
    touched: Vec<usize>,
    /// Products of large groups with every other, the group used last at the end.
    kept: Vec<(usize, Vec<f32>)>,
}

impl Products {
    pub(super) fn new(texts: usize) -> Self {
        Self { inverse: vec![1.0; texts], scratch: vec![0.0; texts], touched: Vec::new(), kept: Vec::new() }
    }

    /// The open group of the highest mean cosine to `group`, of equals the lowest.
    pub(super) fn nearest(&mut self, index: &Index<'_>, group: usize) -> Option<(usize, f32)> {
        let own = self.inverse.get(group).copied().unwrap_or(0.0);
        let best = if (index.size(group) as usize) < KEPT_FROM {
            self.search_shared(index, group)
        } else {
            let kept = match self.take_kept(group) {
                Some(kept) => kept,
                None => self.all(index, group),
            };
            let best = highest(&kept, &self.inverse);
            self.keep(group, kept);
            best
        };
        best.map(|(other, mean)| (other, mean * own))
    }

    /// To be called before the two are merged.
    pub(super) fn merge(&mut self, index: &Index<'_>, a: usize, b: usize) {
        let (into, from) = (a.min(b), a.max(b));
        let joined = match (self.take_kept(a), self.take_kept(b)) {
            (Some(mut of_a), Some(of_b)) => {
                of_a.iter_mut().zip(of_b).for_each(|(sum, more)| *sum += more);
                Some(of_a)
            }
            (Some(of_a), None) => Some(added(of_a, index, b)),
            (None, Some(of_b)) => Some(added(of_b, index, a)),
            (None, None) => None,
        };
        for (_, products) in &mut self.kept {
            let gone = products.get_mut(from).map(std::mem::take).unwrap_or_default();
            if let Some(sum) = products.get_mut(into) {
                *sum += gone;
            }
        }
        self.set_inverse(from, 0.0);
        self.set_inverse(into, 1.0 / (index.size(a) + index.size(b)).max(1) as f32);
        if let Some(mut joined) = joined {
            for own in [into, from] {
                if let Some(own) = joined.get_mut(own) {
                    *own = 0.0;
                }
            }
            self.keep(into, joined);
        }
    }

    /// A finished group is nobody's neighbour.
    pub(super) fn forget(&mut self, group: usize) {
        self.set_inverse(group, 0.0);
        self.take_kept(group);
    }

    fn set_inverse(&mut self, group: usize, value: f32) {
        if let Some(inverse) = self.inverse.get_mut(group) {
            *inverse = value;
        }
    }

    fn take_kept(&mut self, group: usize) -> Option<Vec<f32>> {
        let at = self.kept.iter().position(|(name, _)| *name == group)?;
        Some(self.kept.remove(at).1)
    }

    fn keep(&mut self, group: usize, products: Vec<f32>) {
        if self.kept.len() == KEPT {
            self.kept.remove(0);
        }
        self.kept.push((group, products));
    }

    fn all(&self, index: &Index<'_>, group: usize) -> Vec<f32> {
        let mut products = added(vec![0.0; self.inverse.len()], index, group);
        if let Some(own) = products.get_mut(group) {
            *own = 0.0;
        }
        products
    }

    fn search_shared(&mut self, index: &Index<'_>, group: usize) -> Option<(usize, f32)> {
        let (scratch, touched) = (&mut self.scratch, &mut self.touched);
        index.shared(group, |other, part| {
            if let Some(score) = scratch.get_mut(other) {
                if *score == 0.0 {
                    touched.push(other);
                }
                *score += part;
            }
        });
        let mut best: Option<(usize, f32)> = None;
        for other in self.touched.drain(..) {
            let Some(score) = self.scratch.get_mut(other).map(std::mem::take) else { continue };
            let mean = score * self.inverse.get(other).copied().unwrap_or(0.0);
            let better = best.is_none_or(|(name, top)| mean > top || (mean >= top && other < name));
            if other != group && mean > 0.0 && better {
                best = Some((other, mean));
            }
        }
        best
    }
}

fn added(mut products: Vec<f32>, index: &Index<'_>, group: usize) -> Vec<f32> {
    index.shared(group, |other, part| {
        if let Some(product) = products.get_mut(other) {
            *product += part;
        }
    });
    products
}

/// The place of the highest product times inverse; of equals the first. In blocks, so that the processor compares several
/// at a time.
fn highest(products: &[f32], inverse: &[f32]) -> Option<(usize, f32)> {
    const BLOCK: usize = 64;
    let mut best: Option<(usize, f32)> = None;
    for (number, (products, inverse)) in products.chunks(BLOCK).zip(inverse.chunks(BLOCK)).enumerate() {
        let means = || products.iter().zip(inverse).map(|(product, inverse)| product * inverse);
        let top = means().fold(0.0_f32, |top, mean| if mean > top { mean } else { top });
        if top > best.map_or(0.0, |(_, best)| best)
            && let Some(at) = means().position(|mean| mean >= top)
        {
            best = Some((number * BLOCK + at, top));
        }
    }
    best
}
