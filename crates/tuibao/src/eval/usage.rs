//! What the process has used so far, as Linux tells it; elsewhere nothing.

use std::{fs, time::Duration};

/// Ticks a second of `/proc/self/stat` (the kernel's `USER_HZ`, 100 on every platform).
const TICKS: u64 = 100;

/// CPU time of all threads, user and system.
pub(crate) fn cpu_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets, and may hold blanks.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 1000 / TICKS))
}

/// CPU time since an earlier reading.
pub(crate) fn seconds_since(before: Option<Duration>) -> Option<f64> {
    Some(cpu_time()?.saturating_sub(before?).as_secs_f64())
}

/// The most memory held so far, in megabytes (10^6 bytes).
pub(crate) fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
