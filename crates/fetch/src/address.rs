//! Which addresses may be fetched: a public place, over HTTP, without a password, and never from https down to http.
//!
//! Here the written address is checked; [`crate::resolve`] checks what its name leads to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use crate::FetchError;

/// The rule that an address breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It cannot be read.
    #[error("it is no address")]
    Malformed,
    /// It is a file, for example.
    #[error("only `http://` and `https://` are fetched")]
    Scheme,
    /// It would send a password along.
    #[error("it names a user or a password")]
    Userinfo,
    /// A redirect leads from https to http.
    #[error("a redirect from https to http is not followed")]
    Downgrade,
    /// A redirect, and another, and another.
    #[error("more than {0} redirects")]
    TooManyRedirects(u32),
    /// It is, or its name leads to, an address that is not of the public Internet.
    #[error("{0} is not a public address")]
    Private(IpAddr),
}

/// Where connections may go.
#[derive(Clone, Debug)]
pub(crate) enum Reach {
    Public,
    Everywhere,
    /// For tests of redirects: this one address, as if it were public.
    #[cfg(test)]
    PublicAnd(IpAddr),
}

impl Reach {
    pub(crate) fn check(&self, ip: IpAddr) -> Result<(), Forbidden> {
        let allowed = match self {
            Self::Public => is_public(ip),
            Self::Everywhere => true,
            #[cfg(test)]
            Self::PublicAnd(also) => ip == *also || is_public(ip),
        };
        if allowed { Ok(()) } else { Err(Forbidden::Private(ip)) }
    }
}

/// The rules of one client.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) reach: Reach,
    pub(crate) max_redirects: u32,
}

impl Rules {
    /// An address as the user wrote it. The fragment is the reader's and is left out.
    pub(crate) fn admit(&self, text: &str) -> Result<Url, FetchError> {
        let mut url = Url::parse(text.trim())
            .map_err(|_| FetchError::Forbidden { url: safe_text(text), reason: Forbidden::Malformed })?;
        url.set_fragment(None);
        self.check(&url).map_err(|reason| FetchError::Forbidden { url: label(&url), reason })?;
        Ok(url)
    }

    /// Where a redirect leads, the `hops`-th from 1; `location` may be relative.
    pub(crate) fn redirect(&self, from: &Url, location: &str, hops: u32) -> Result<Url, FetchError> {
        let refused = |reason| FetchError::Forbidden { url: label(from), reason };
        if hops > self.max_redirects {
            return Err(refused(Forbidden::TooManyRedirects(self.max_redirects)));
        }
        let to = from.join(location).map_err(|_| refused(Forbidden::Malformed))?;
        if from.scheme() == "https" && to.scheme() == "http" {
            return Err(refused(Forbidden::Downgrade));
        }
        self.check(&to).map_err(|reason| FetchError::Forbidden { url: label(&to), reason })?;
        Ok(to)
    }

    fn check(&self, url: &Url) -> Result<(), Forbidden> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Forbidden::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::Userinfo);
        }
        // A literal address never meets the resolver. The parser has already made `0x7f.1` or `2130706433` one of these.
        let host = url.host_str().unwrap_or_default();
        match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(ip) => self.reach.check(ip),
            Err(_) => Ok(()),
        }
    }
}

/// The address without user, password, query and fragment, all of which may hold secrets.
pub(crate) fn label(url: &Url) -> String {
    if !url.has_host() {
        // The rest could be anything, e.g. `user:password@host` without its scheme.
        return format!("{}:…", url.scheme());
    }
    let mut label = url.clone();
    label.set_query(None);
    label.set_fragment(None);
    // Both fail only for addresses that cannot have credentials.
    let _ = label.set_username("");
    let _ = label.set_password(None);
    label.to_string()
}

/// The same for a text that may not be an address at all.
pub(crate) fn safe_text(text: &str) -> String {
    if let Ok(url) = Url::parse(text) {
        return label(&url);
    }
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    bare.rsplit('@').next().unwrap_or_default().chars().filter(|char| !char.is_control()).take(200).collect()
}

/// Whether an address is one of the public Internet: global unicast, and no form of a private one.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// All but the special blocks of RFC 6890; among them 169.254.169.254 and 100.100.100.200, where clouds keep secrets.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// `2000::/3` without documentation and tunnels; where an IPv4 address is inside, that one decides.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.octets() {
        // Mapped, translated (NAT64) and tunnelled (6to4).
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4 @ ..]
        | [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, v4 @ ..] => is_public_v4(v4.into()),
        [0x20, 0x02, a, b, c, d, ..] => is_public_v4([a, b, c, d].into()),
        [0x20, 0x01, 0x0d, 0xb8, ..] | [0x20, 0x01, 0 | 1, ..] | [0x3f, 0xff, ..] => false,
        [first, ..] => (0x20..0x40).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { reach: Reach::Public, max_redirects: 3 };

    fn reason(result: Result<Url, FetchError>) -> Option<Forbidden> {
        match result {
            Err(FetchError::Forbidden { reason, .. }) => Some(reason),
            Err(error) => panic!("{error}"),
            Ok(_) => None,
        }
    }

    #[test]
    fn only_public_addresses_are_public() {
        for ip in ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.192",
            "203.0.113.9",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2001:0:1::1",
            "fe80::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "3fff::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn literal_addresses_are_known_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1:8443/",
        ] {
            assert!(matches!(reason(RULES.admit(url)), Some(Forbidden::Private(_))), "{url}");
        }
        let everywhere = Rules { reach: Reach::Everywhere, ..RULES };
        assert_eq!(reason(everywhere.admit("http://127.0.0.1/")), None);
    }

    #[test]
    fn what_is_no_plain_web_address_is_refused() {
        for (url, expected) in [
            ("https://example.com/a.jsonl?x=1", None),
            ("file:///etc/passwd", Some(Forbidden::Scheme)),
            ("ftp://example.com/a", Some(Forbidden::Scheme)),
            ("https://me@example.com/", Some(Forbidden::Userinfo)),
            ("https://:secret@example.com/", Some(Forbidden::Userinfo)),
            ("example.com/a.jsonl", Some(Forbidden::Malformed)),
        ] {
            assert_eq!(reason(RULES.admit(url)), expected, "{url}");
        }
    }

    #[test]
    fn redirects_stay_within_the_rules() {
        let from = Url::parse("https://example.com/a/b.jsonl").unwrap();
        for (location, hops, expected) in [
            ("c.jsonl", 1, None),
            ("//cdn.example.net/c", 3, None),
            ("https://cdn.example.net/c", 4, Some(Forbidden::TooManyRedirects(3))),
            ("http://example.com/a", 1, Some(Forbidden::Downgrade)),
            ("file:///etc/passwd", 1, Some(Forbidden::Scheme)),
            ("https://me:pw@example.com/", 1, Some(Forbidden::Userinfo)),
            ("https://[::1]/", 1, Some(Forbidden::Private("::1".parse().unwrap()))),
            ("https://", 1, Some(Forbidden::Malformed)),
        ] {
            assert_eq!(reason(RULES.redirect(&from, location, hops)), expected, "{location}");
        }
        let plain = Url::parse("http://example.com/").unwrap();
        assert_eq!(reason(RULES.redirect(&plain, "https://example.com/", 1)), None);
    }

    #[test]
    fn errors_show_no_secret() {
        for url in [
            "https://me:CANARY@example.com/a?k=CANARY#CANARY",
            "me:CANARY@example.com/a?k=CANARY",
            "https://me:CANARY@exa mple.com/?k=CANARY",
        ] {
            let error = RULES.admit(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
        }
    }
}
