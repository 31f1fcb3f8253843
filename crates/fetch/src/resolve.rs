//! Names to addresses, without those that may not be reached.
//!
//! The connection goes to the address that was checked: a name that leads elsewhere the next moment gains nothing.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use crate::address::{Forbidden, Reach};

/// The system's resolver, filtered.
pub(crate) struct Filtered(pub(crate) Reach);

impl Resolve for Filtered {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Addrs = Box::new(allowed(&reach, found)?.into_iter());
            Ok(allowed)
        })
    }
}

/// The addresses within reach; when there are none but others, the rule that these break.
fn allowed(reach: &Reach, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
    let (mut kept, mut refused) = (Vec::new(), None);
    for address in found {
        match reach.check(address.ip()) {
            Ok(()) => kept.push(address),
            Err(reason) => refused = Some(reason),
        }
    }
    match refused {
        Some(reason) if kept.is_empty() => Err(reason),
        _ => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_of_a_name_are_left_out() {
        let addresses =
            |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<SocketAddr>>();
        let mixed = addresses(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0"]);
        assert_eq!(allowed(&Reach::Public, mixed.clone()), Ok(addresses(&["8.8.8.8:0"])));
        assert_eq!(allowed(&Reach::Everywhere, mixed.clone()), Ok(mixed));
        let private = allowed(&Reach::Public, addresses(&["127.0.0.1:0"]));
        assert_eq!(private, Err(Forbidden::Private("127.0.0.1".parse().unwrap())));
    }
}
