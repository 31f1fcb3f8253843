//! The tiny day of `fixtures/walkthrough`, told stage by stage.
//!
//! `UPDATE_WALKTHROUGH=1 cargo test -p tuibao --test integration walkthrough` writes the files anew.

#[test]
fn placeholder() {}
