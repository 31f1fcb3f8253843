//! What the environment says: the machine's name, and secrets by the names of their variables.

use crate::error::JobsError;

/// A name that no other worker or gateway has: machine, process, moment.
pub(crate) fn worker_name() -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let machine = if machine.trim().is_empty() { "machine" } else { machine.trim() };
    // Containers have the same process number over and over.
    let chance = blake3::hash(format!("{:?}", std::time::Instant::now()).as_bytes()).to_hex();
    format!("{machine}-{}-{}", std::process::id(), chance.chars().take(6).collect::<String>())
}

/// The secret in an environment variable.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub(crate) fn secret_of(variable: &str) -> Result<String, JobsError> {
    let missing = || JobsError::Usage(format!("the environment variable `{variable}` is not set"));
    let secret = std::env::var(variable).map_err(|_| missing())?.trim().to_owned();
    if secret.is_empty() { Err(missing()) } else { Ok(secret) }
}
