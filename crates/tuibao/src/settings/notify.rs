//! `[[notify]]`: each target with its secrets, which the environment or files hold.

use deliver::{DeliverError, Target};

use super::Settings;

/// A target under its name; it may be wrong, which harms no other and no report.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) target: Result<Target, DeliverError>,
}

impl Settings {
    /// All targets, in the order of the configuration. Two of one name would share one note of what was sent.
    pub(crate) fn targets(&self) -> Vec<Named> {
        let mut named: Vec<Named> = Vec::new();
        for settings in &self.notify {
            let twice = named.iter().any(|before| before.name == settings.name);
            let target = if twice {
                Err(DeliverError::Settings(format!("two targets have the name `{}`", settings.name)))
            } else {
                Target::new(settings, variable)
            };
            named.push(Named { name: settings.name.clone(), target });
        }
        named
    }
}

#[expect(clippy::disallowed_methods, reason = "settings is the place that reads the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
