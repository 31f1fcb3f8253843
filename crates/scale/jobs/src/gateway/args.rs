//! `gateway` as typed.

use std::net::SocketAddr;

use clap::Args;
use llm::Price;

use super::{
    limit::Limits,
    price::{micros, price},
};
use crate::database::DatabaseArgs;

/// `gateway`.
#[derive(Clone, Debug, Args)]
pub struct GatewayArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "its fields are documented")]
    pub database: DatabaseArgs,
    /// Where it listens; beyond this machine only with a token
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4000")]
    pub listen: SocketAddr,
    /// The model's base address, such as `https://api.openai.com/v1`
    #[arg(long, value_name = "URL")]
    pub upstream: String,
    /// Where answers are kept: a folder that all gateways share, or `s3://bucket/prefix`
    #[arg(long, value_name = "PLACE")]
    pub cache: String,
    /// The environment variable that holds the model's API key
    #[arg(long, value_name = "NAME")]
    pub api_key_env: Option<String>,
    /// The environment variable that holds the token that callers must show
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// Name of the limits and the budget, which all gateways of one account share
    #[arg(long, value_name = "NAME", default_value = "model")]
    pub account: String,
    /// Questions a minute of all gateways together; 0 = as many as the model takes [default: what is noted in PostgreSQL]
    #[arg(long, value_name = "N")]
    pub requests_per_minute: Option<i32>,
    /// Tokens a minute of all gateways together, asked and answered; 0 = no bound [default: what is noted]
    #[arg(long, value_name = "N")]
    pub tokens_per_minute: Option<i64>,
    /// Tokens a day (UTC) of all gateways together; 0 = no bound [default: what is noted]
    #[arg(long, value_name = "N")]
    pub day_tokens: Option<i64>,
    /// Money a day (UTC) of all gateways together; 0 = no bound; needs `--price` [default: what is noted]
    #[arg(long, value_name = "MONEY")]
    pub day_money: Option<f64>,
    /// Money for a million tokens asked and answered; `*` is any model; may be given several times
    #[arg(long, value_name = "MODEL=INPUT,OUTPUT", value_parser = price)]
    pub price: Vec<(String, Price)>,
    /// Room for an answer, where a question names none
    #[arg(long, value_name = "TOKENS", default_value_t = 8192)]
    pub room: u64,
    /// For one attempt at a question
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub timeout_seconds: u64,
    /// After so long without a sign of life a gateway's question may be asked by another
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub lease_seconds: u64,
}

impl GatewayArgs {
    /// Limits and budget as meant.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            requests_per_minute: self.requests_per_minute,
            tokens_per_minute: self.tokens_per_minute,
            day_tokens: self.day_tokens,
            day_micros: self.day_money.map(micros),
        }
    }
}
