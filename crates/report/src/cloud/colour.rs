//! Colours as configuration writes them, and whether one can be read on another.

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// WCAG 2.2 asks this contrast of large text.
pub(super) const MIN_CONTRAST: f64 = 3.0;

/// Reads `#1d4e89`; nothing else is a colour.
pub fn colour(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

/// As configuration writes it.
pub(super) fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// WCAG 2.2 contrast ratio, 1 to 21.
pub(super) fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    linear.iter().zip([0.2126, 0.7152, 0.0722]).map(|(value, weight)| value * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(colour("#1D4e89"), Some([0x1D, 0x4E, 0x89]));
        assert_eq!(hex([0x1D, 0x4E, 0x89]), "#1d4e89");
        for odd in ["1d4e89", "#1d4e8", "#1d4e891", "#+d4e89", "red", "#色色"] {
            assert_eq!(colour(odd), None, "{odd}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([0x77; 3], [255; 3]) - 4.48).abs() < 0.01);
    }
}
