//! Sentence vectors of texts, from a model outside: alike in meaning where the words differ.

/// One unit vector a text, around the corpus' own mean.
///
/// Sentence models put all texts of one kind into a narrow cone; without their mean, strangers are at a cosine of about 0
/// as they are by words (Mu & Viswanath 2018).
#[derive(Clone, Debug)]
pub struct Dense {
    pub(crate) units: Vec<Vec<f32>>,
    pub(crate) length: usize,
}

/// Vectors of unequal length, or with a component that is no number.
#[derive(Debug, thiserror::Error)]
#[error("vector {place} has {found} numbers where the first has {expected}, or one that is not finite")]
pub struct DenseError {
    place: usize,
    found: usize,
    expected: usize,
}

impl Dense {
    /// Takes one vector a text, of any scale. A text without a vector has one of zeros.
    ///
    /// # Errors
    /// Names the first vector that is not like the first one.
    pub fn new(mut vectors: Vec<Vec<f32>>) -> Result<Self, DenseError> {
        let expected = vectors.first().map_or(0, Vec::len);
        let wrong = |vector: &Vec<f32>| vector.len() != expected || vector.iter().any(|x| !x.is_finite());
        if let Some(place) = vectors.iter().position(wrong) {
            let found = vectors.get(place).map_or(0, Vec::len);
            return Err(DenseError { place, found, expected });
        }
        for vector in &mut vectors {
            scale(vector);
        }
        let mean = mean(&vectors, expected);
        for vector in vectors.iter_mut().filter(|vector| vector.iter().any(|x| *x != 0.0)) {
            vector.iter_mut().zip(&mean).for_each(|(x, mean)| *x -= mean);
            scale(vector);
        }
        Ok(Self { units: vectors, length: expected })
    }
}

fn scale(vector: &mut [f32]) {
    let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt() as f32;
    if length > f32::EPSILON {
        for x in vector {
            *x /= length;
        }
    }
}

fn mean(vectors: &[Vec<f32>], length: usize) -> Vec<f32> {
    let mut sum = vec![0.0_f64; length];
    for vector in vectors {
        sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += f64::from(*x));
    }
    let count = vectors.len().max(1) as f64;
    sum.into_iter().map(|sum| (sum / count) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_centred_and_of_length_one() {
        let dense = Dense::new(vec![vec![3.0, 4.0], vec![4.0, 3.0], vec![0.0, 0.0]]).unwrap();
        let lengths: Vec<f32> = dense.units.iter().map(|unit| unit.iter().map(|x| x * x).sum()).collect();
        assert!((lengths[0] - 1.0).abs() < 1e-6 && (lengths[1] - 1.0).abs() < 1e-6);
        assert_eq!(lengths[2].to_bits(), 0.0_f32.to_bits(), "a text without a vector stays without");
    }

    #[test]
    fn vectors_must_be_alike() {
        let error = Dense::new(vec![vec![1.0], vec![1.0, 2.0]]).unwrap_err();
        assert!(error.to_string().starts_with("vector 1 has 2 numbers where the first has 1"), "{error}");
        assert!(Dense::new(vec![vec![f32::NAN]]).is_err());
    }
}
