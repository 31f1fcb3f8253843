//! Numbers written as words, in Chinese and in English.

/// The value of a Chinese numeral such as `三十一`, `两百`, `一点五`, `二〇二六`; `None` for anything else.
pub(super) fn chinese(text: &str) -> Option<f64> {
    let (whole, part) = text.split_once('点').map_or((text, ""), |(whole, part)| (whole, part));
    let chars: Vec<char> = whole.chars().collect();
    let value = if chars.len() > 1 && chars.iter().all(|c| digit(*c).is_some()) {
        // Digit by digit, as years are written.
        chars.iter().try_fold(0.0, |sum, c| Some(sum * 10.0 + digit(*c)?))?
    } else {
        by_places(&chars)?
    };
    let fraction =
        part.chars().try_fold((0.0, 0.1), |(sum, place), c| Some((sum + digit(c)? * place, place / 10.0)))?;
    Some(value + fraction.0)
}

/// `三千二百一十` by its thousands, hundreds and tens.
fn by_places(chars: &[char]) -> Option<f64> {
    let (mut sum, mut pending) = (0.0, None);
    for c in chars {
        match c {
            '零' | '〇' => {}
            '十' | '百' | '千' => {
                let place = match c {
                    '十' => 10.0,
                    '百' => 100.0,
                    _ => 1000.0,
                };
                sum += pending.take().unwrap_or(1.0) * place;
            }
            c => pending = Some(digit(*c)?),
        }
    }
    Some(sum + pending.unwrap_or(0.0))
}

fn digit(c: char) -> Option<f64> {
    let place =
        ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'].iter().position(|known| *known == c);
    let place = place.or(match c {
        '〇' => Some(0),
        '两' => Some(2),
        _ => None,
    });
    place.map(|place| place as f64)
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The value of an English numeral such as `twenty-one`, `two hundred`, `two dozen`, `a dozen`; without larger scales.
pub(super) fn english(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    let mut sum = 0.0;
    for word in lower.split([' ', '-']).filter(|word| !word.is_empty() && *word != "and") {
        let place = |list: &[&str]| list.iter().position(|known| *known == word);
        match word {
            "a" => sum += 1.0,
            "hundred" => sum *= 100.0,
            "dozen" | "dozens" => sum *= 12.0,
            _ => sum += place(&SMALL).or_else(|| place(&TENS).map(|tens| tens * 10))? as f64,
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read() {
        for (text, value) in [
            ("三", 3.0),
            ("十", 10.0),
            ("十二", 12.0),
            ("三十一", 31.0),
            ("两百", 200.0),
            ("三千二百一十", 3210.0),
            ("一点五", 1.5),
            ("二〇二六", 2026.0),
            ("一百零五", 105.0),
        ] {
            assert_eq!(chinese(text), Some(value), "{text}");
        }
        for (text, value) in [
            ("twelve", 12.0),
            ("twenty-one", 21.0),
            ("two hundred", 200.0),
            ("two dozen", 24.0),
            ("a dozen", 12.0),
            ("Three", 3.0),
            ("one hundred and five", 105.0),
        ] {
            assert_eq!(english(text), Some(value), "{text}");
        }
        assert_eq!((chinese("三星"), english("twentyish")), (None, None));
    }
}
