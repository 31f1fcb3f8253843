//! HTML editions: pages of our own that bring their script and style with them.

/// The policy that is sent with one. A page that states which scripts and styles are its own is held to that; of one that states
/// nothing, none runs.
pub(crate) fn policy(page: &[u8]) -> &'static str {
    const META: &[u8] = b"http-equiv=\"Content-Security-Policy\"";
    // It only counts in the head, before anything that it should bind.
    let head = page.get(..page.len().min(4096)).unwrap_or_default();
    if head.windows(META.len()).any(|window| window == META) {
        "connect-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    } else {
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    }
}
