//! The READMEs list what is read, and why a record is not.

/// Names of shapes and of reject reasons, as the code has them.
fn names() -> Vec<&'static str> {
    let arms = include_str!("../mod.rs").lines().filter_map(|line| line.trim().strip_prefix("Self::"));
    arms.filter_map(|arm| arm.split_once(" => \"")?.1.split('"').next()).collect()
}

#[test]
fn both_readmes_have_a_row_for_every_shape_and_reason() {
    assert_eq!(names().len(), 30);
    for readme in [include_str!("../../../../../README.md"), include_str!("../../../../../README.zh.md")] {
        for name in names() {
            assert_eq!(readme.matches(&format!("\n| `{name}` | ")).count(), 1, "{name}");
        }
    }
}
