//! Each service takes what is sent, short, very long and hostile, and is told once.

use deliver::{Outcome, Service};

use crate::{Office, notice, strict::Strict, target, target_with};

const SERVICES: [Service; 8] = [
    Service::Feishu,
    Service::Wecom,
    Service::Dingtalk,
    Service::Telegram,
    Service::Slack,
    Service::Discord,
    Service::Ntfy,
    Service::Webhook,
];

const HOSTILE: &str = "@all <@U123> <!channel> <at user_id=\"all\">所有人</at> [点](https://evil.example/a) **粗** `码` </b></a> \
     ```块``` \r\nX-Evil: 1\r\n\r\n<script>x</script> {{ title }} &lt;b&gt; \u{202e}倒 \\ \" ' | _斜_ tg://user?id=1";

/// Delivers twice, and gives what the service took.
async fn twice(service: Service, notice: &deliver::Notice) -> Vec<String> {
    let (strict, server) = Strict::start(service).await;
    let target = target(service, &server.uri());
    let office = Office::new();
    let first = office.deliver(&target, notice).await;
    assert_eq!((first.outcome, &first.error), (Outcome::Delivered, &None), "{service}");
    let taken = strict.taken();
    assert_eq!((taken.len(), first.sent), (first.parts, first.parts), "{service}");
    let second = office.deliver(&target, notice).await;
    assert_eq!((second.outcome, second.sent), (Outcome::Already, second.parts), "{service}");
    assert_eq!(
        server.received_requests().await.unwrap().len(),
        taken.len(),
        "{service}: nothing is sent twice"
    );
    taken
}

#[tokio::test]
async fn a_short_report_is_one_message() {
    for service in SERVICES {
        let taken = twice(service, &notice(10, "某公司发布新模型，价格下降 30%。")).await;
        assert_eq!(taken.len(), 1, "{service}");
        assert!(taken[0].contains("要点10") && taken[0].contains("example.org") || service == Service::Ntfy);
    }
}

#[tokio::test]
async fn a_long_report_is_taken_whole_in_several() {
    let long = "模型的推理速度比上一代快，价格也更低，\"开源\" <许可>。".repeat(10);
    for service in SERVICES {
        let taken = twice(service, &notice(60, &long)).await;
        let split = service != Service::Webhook;
        assert_eq!(taken.len() > 1, split, "{service}");
        let all = taken.concat();
        for n in 1..=60 {
            assert!(all.contains(&format!("第{n}条：模型")), "{service} lacks point {n}");
        }
        for (place, text) in (1..).zip(&taken).filter(|_| split) {
            assert!(text.ends_with(&format!("({place}/{})", taken.len())), "{service}: {text}");
        }
    }
}

#[tokio::test]
async fn hostile_texts_are_taken_as_texts() {
    for service in SERVICES {
        let mut hostile = notice(5, HOSTILE);
        hostile.title = HOSTILE.into();
        hostile.counts = HOSTILE.into();
        hostile.key_points[0].lead = HOSTILE.into();
        let taken = twice(service, &hostile).await.concat();
        assert!(service == Service::Webhook || !taken.contains("://evil"), "{service}: {taken}");
    }
}

#[tokio::test]
async fn a_limit_and_a_template_of_ones_own() {
    let (strict, server) = Strict::start(Service::Ntfy).await;
    let target = target_with(Service::Ntfy, &server.uri(), |settings| {
        settings.limit = Some(200);
        settings.template = Some("{% for point in key_points %}{{ point.text }}\n{% endfor %}".into());
    });
    let delivery = Office::new().deliver(&target, &notice(8, "推理速度提升，价格下降。")).await;
    assert_eq!(delivery.outcome, Outcome::Delivered, "{delivery:?}");
    let taken = strict.taken();
    assert!(taken.len() > 1 && taken.iter().all(|text| text.len() <= 200), "{taken:?}");
}

#[tokio::test]
async fn a_body_of_ones_own() {
    let (_, server) = Strict::start(Service::Feishu).await;
    let target = target_with(Service::Webhook, &server.uri(), |settings| {
        settings.body = Some(serde_json::json!({"msg": "{{ text }}", "about": ["{{ slug }}", 7]}));
        settings.template = Some("{{ title }}".into());
    });
    let mut quoted = notice(1, "x");
    quoted.title = "a\"}, {\"b\": 1".into();
    Office::new().deliver(&target, &quoted).await;
    let sent: serde_json::Value = server.received_requests().await.unwrap()[0].body_json().unwrap();
    assert_eq!(sent, serde_json::json!({"msg": quoted.title, "about": [quoted.slug, 7]}));
}

#[tokio::test]
async fn another_target_of_the_same_service_is_told_by_itself() {
    let (strict, server) = Strict::start(Service::Slack).await;
    let office = Office::new();
    for name in ["one", "two"] {
        let target = target_with(Service::Slack, &server.uri(), |settings| settings.name = name.into());
        assert_eq!(office.deliver(&target, &notice(1, "x")).await.outcome, Outcome::Delivered);
    }
    assert_eq!(strict.taken().len(), 2);
}

#[tokio::test]
async fn a_report_made_anew_is_told_again_only_if_wanted() {
    let (strict, server) = Strict::start(Service::Discord).await;
    let (office, first, other) = (Office::new(), notice(1, "第一稿"), notice(1, "第二稿"));
    let quiet = target(Service::Discord, &server.uri());
    office.deliver_post(&quiet, &first, "one").await;
    assert_eq!(office.deliver_post(&quiet, &other, "two").await.outcome, Outcome::Already);
    let eager = target_with(Service::Discord, &server.uri(), |settings| settings.resend = true);
    assert_eq!(office.deliver_post(&eager, &other, "two").await.outcome, Outcome::Delivered);
    assert_eq!(office.deliver_post(&eager, &other, "two").await.outcome, Outcome::Already);
    // Another post, whose brief part is the same.
    assert_eq!(office.deliver_post(&eager, &other, "three").await.outcome, Outcome::Already);
    assert_eq!(strict.taken().len(), 2);
}
