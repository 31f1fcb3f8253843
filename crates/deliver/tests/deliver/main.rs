//! Messages to servers on loopback that enforce what each service enforces: size, form, signature.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests fail loudly, helpers outside of test functions included"
)]

mod faults;
mod mail;
mod services;
mod smtp;
mod strict;

use std::path::Path;

use deliver::{
    Courier, Delivery, DeliverySettings, Notice, Point, Report, Service, Target, TargetSettings, Words,
};
use tempfile::TempDir;

/// 2026-03-04 02:00:00 UTC in milliseconds.
pub(crate) const NOW: i64 = 1_772_589_600_000;
pub(crate) const TOKEN: &str = "110201543:CANARYtoken";
pub(crate) const SECRET: &str = "SECcanary0123456789";

pub(crate) fn notice(points: usize, text: &str) -> Notice {
    let point = |n: usize| Point { lead: format!("要点{n}"), text: format!("第{n}条：{text}") };
    Notice {
        slug: "twitter_ai_20260303_20260303".into(),
        from: "2026-03-03".into(),
        to: "2026-03-03".into(),
        title: "综合报告（2026-03-03）".into(),
        overview: text.into(),
        directions: (1..=3).map(point).collect(),
        key_points: (1..=points).map(point).collect(),
        counts: "读到 100 条".into(),
        link: "https://example.org/2026/03/03/report.html".into(),
        mark: "：".into(),
        words: Words { key_points: "核心信息".into(), link: "阅读全文".into() },
    }
}

pub(crate) fn settings(state: &Path) -> DeliverySettings {
    DeliverySettings {
        state: state.to_owned(),
        timeout_seconds: 5,
        retries: 2,
        max_wait_seconds: 10,
        total_seconds: 60,
    }
}

/// A target of a service at an address, with token, secret and all else that any service asks for.
pub(crate) fn target(service: Service, address: &str) -> Target {
    target_with(service, address, |_| {})
}

pub(crate) fn target_with(service: Service, address: &str, change: impl Fn(&mut TargetSettings)) -> Target {
    let mut settings: TargetSettings = serde_json::from_value(serde_json::json!({
        "name": "team", "service": service, "url_env": "URL", "token_env": "TOKEN", "secret_env": "SECRET",
        "chat": "-1001", "from": "tuibao <report@example.org>", "to": ["a@example.org", "李 <b@example.org>"],
        "pause_seconds": 0.0
    }))
    .unwrap();
    change(&mut settings);
    let environment = |name: &str| match name {
        "URL" => Some(address.to_owned()),
        "TOKEN" => Some(TOKEN.to_owned()),
        "SECRET" => Some(SECRET.to_owned()),
        _ => None,
    };
    Target::new(&settings, environment).unwrap()
}

/// A folder for notes, and how reports are told from there.
pub(crate) struct Office {
    folder: TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn deliver(&self, target: &Target, notice: &Notice) -> Delivery {
        self.deliver_post(target, notice, "post").await
    }

    pub(crate) async fn deliver_post(&self, target: &Target, notice: &Notice, post: &str) -> Delivery {
        let courier = Courier::new(&settings(self.folder()), NOW).unwrap();
        courier.deliver(target, notice, Report { slug: &notice.slug, post, again: false }).await
    }
}
