//! The commands as typed, as far as they need no `PostgreSQL`.

use clap::{CommandFactory, FromArgMatches, Parser};
use jobs::{EnqueueArgs, GatewayArgs, JobsError, RetryArgs, StatusArgs, WorkArgs, enqueue, gateway, work};

#[derive(Parser)]
enum Command {
    Enqueue(EnqueueArgs),
    Work(WorkArgs),
    Status(StatusArgs),
    Retry(RetryArgs),
    Gateway(GatewayArgs),
}

fn read(line: &str) -> Result<Command, clap::Error> {
    let address = ["--postgres", "postgres://nobody@127.0.0.1:1/none"];
    let typed = ["jobs"].into_iter().chain(line.split(' ')).chain(address);
    Command::from_arg_matches(&Command::command().try_get_matches_from(typed)?)
}

#[test]
fn the_command_line_holds_together() {
    Command::command().debug_assert();
}

#[test]
fn a_worker_has_sane_defaults_and_hands_flags_on() {
    let typed = ["jobs", "work", "--postgres", "p", "--", "--config", "x"];
    let Command::Work(args) = Command::parse_from(typed) else { panic!("not work") };
    assert_eq!((args.jobs, args.attempts, args.heartbeat_seconds, args.missed_heartbeats), (1, 5, 10, 3));
    assert_eq!(args.more, ["--config", "x"]);
    assert!(!format!("{args:?}").contains("\"p\""), "the address may hold a password");
}

#[tokio::test]
async fn a_range_that_ends_before_it_begins_is_refused() {
    let Command::Enqueue(args) = read("enqueue --from 2026-03-04 --to 2026-03-02 --profile a").unwrap()
    else {
        panic!("not enqueue")
    };
    let error = enqueue(&args).await.unwrap_err();
    assert!(matches!(&error, JobsError::Usage(why) if why.contains("2026-03-04 > 2026-03-02")), "{error}");
}

#[tokio::test]
async fn an_absent_server_is_told_with_a_hint() {
    let Command::Enqueue(args) = read("enqueue --from 2026-03-02 --to 2026-03-02 --profile a").unwrap()
    else {
        panic!("not enqueue")
    };
    let error = enqueue(&args).await.unwrap_err();
    assert!(error.hint().contains("docs/jobs.md"), "{error}");
}

#[tokio::test]
async fn a_worker_without_a_program_does_not_begin() {
    let Command::Work(args) = read("work --tuibao nowhere/tuibao").unwrap() else { panic!("not work") };
    let error = work(&args).await.unwrap_err();
    assert!(error.to_string().contains("nowhere/tuibao") && error.hint().contains("--tuibao"), "{error}");
}

#[tokio::test]
async fn nobody_listens_to_the_world_without_a_token() {
    let Command::Gateway(args) =
        read("gateway --listen 0.0.0.0:0 --upstream https://a.example/v1 --cache c").unwrap()
    else {
        panic!("not gateway")
    };
    let error = gateway(&args).await.unwrap_err();
    assert!(error.to_string().contains("--token-env"), "{error}");
}
