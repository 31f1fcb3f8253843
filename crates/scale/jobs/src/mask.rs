//! What may be a secret is masked before it is kept where others read it.

/// Signs that a word is a key: the beginnings that vendors give them.
const SIGNS: &[&str] = &["sk-", "Bearer ", "AKIA", "ghp_", "xox"];
const MASK: &str = "***";

/// The text without the secrets that are known. It changes nothing else, so that an answer may go through it.
pub(crate) fn mask_known(text: &str, secrets: &[String]) -> String {
    let known = secrets.iter().filter(|secret| !secret.trim().is_empty());
    known.fold(text.to_owned(), |text, secret| text.replace(secret.trim(), MASK))
}

/// The same for what is only read by people: also without what looks like a key, and without passwords in addresses.
pub(crate) fn mask(text: &str, secrets: &[String]) -> String {
    let text = mask_known(text, secrets);
    let text = SIGNS.iter().fold(text, |text, sign| after(&text, sign));
    credentials(&text)
}

/// Masks the word behind each sign.
fn after(text: &str, sign: &str) -> String {
    let mut parts = text.split(sign);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let word =
            part.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.+/=*".contains(c)).unwrap_or(part.len());
        let (secret, rest) = part.split_at_checked(word).unwrap_or((part, ""));
        // `risk-management-2026` is no key, nor is a short word.
        let begins = !masked.ends_with(|before: char| before.is_alphanumeric());
        let is_odd = sign.ends_with(' ') || secret.contains(|c: char| c.is_ascii_digit());
        let is_key = begins && secret.len() >= 8 && is_odd;
        let shown = if is_key { MASK } else { secret };
        masked.extend([sign, shown, rest]);
    }
    masked
}

/// `scheme://user:password@host` loses user and password.
fn credentials(text: &str) -> String {
    let mut parts = text.split("://");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(part.len());
        let (host, rest) = part.split_at_checked(end).unwrap_or((part, ""));
        let host = host.rsplit_once('@').map_or(host.to_owned(), |(_, host)| format!("{MASK}@{host}"));
        masked.extend(["://", &host, rest]);
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        let known = vec!["hunter2".to_owned(), String::new()];
        for (text, wanted) in [
            ("key hunter2 is wrong", "key *** is wrong"),
            ("Incorrect API key: sk-abcdef0123456789, sorry", "Incorrect API key: sk-***, sorry"),
            ("Bearer eyJhbGciOi.abc.def!", "Bearer ***!"),
            ("postgres://me:pw@host:5432/db is away", "postgres://***@host:5432/db is away"),
            ("https://example.org/v1 答复不可用", "https://example.org/v1 答复不可用"),
            ("a risk-management2026 task-forces1", "a risk-management2026 task-forces1"),
            ("sk-short, sk-withoutnumbers", "sk-short, sk-withoutnumbers"),
        ] {
            assert_eq!(mask(text, &known), wanted);
        }
    }
}
