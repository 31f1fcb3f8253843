//! Signatures of requests: HMAC-SHA256 over time and secret, in base64.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::DeliverError;

/// Feishu: the key is `seconds\nsecret`, the message is empty.
pub(crate) fn feishu(seconds: i64, secret: &str) -> Result<String, DeliverError> {
    hmac(format!("{seconds}\n{secret}").as_bytes(), b"")
}

/// `DingTalk`: the key is the secret, the message `milliseconds\nsecret`.
pub(crate) fn dingtalk(milliseconds: i64, secret: &str) -> Result<String, DeliverError> {
    hmac(secret.as_bytes(), format!("{milliseconds}\n{secret}").as_bytes())
}

fn hmac(key: &[u8], message: &[u8]) -> Result<String, DeliverError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|_| DeliverError::settings("the secret cannot be signed with"))?;
    mac.update(message);
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python's `hmac`, as both services' pages show it.
    #[test]
    fn as_the_services_compute_them() {
        assert_eq!(feishu(1_599_360_473, "demo").unwrap(), "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
        assert_eq!(
            dingtalk(1_599_360_473_000, "SECdemo").unwrap(),
            "tGWkA5eQOQNCNPDgphtxIoNLO+/gD8Lcb705KQoRzeY="
        );
    }
}
