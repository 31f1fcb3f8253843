//! One rate limit for all gateways: a row that says when the next question may go.
//!
//! The generic cell rate algorithm with a burst of one: each question gets the next slot, and slots lie evenly. So no window of
//! a minute ever holds more than the limit, wherever it begins. The clock is PostgreSQL's.

use std::time::Duration;

use sqlx::PgPool;

/// What all gateways together may do; `None` leaves what is noted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    pub(super) requests_per_minute: Option<i32>,
    pub(super) tokens_per_minute: Option<i64>,
    pub(super) day_tokens: Option<i64>,
    pub(super) day_micros: Option<i64>,
}

/// The limits of one account in PostgreSQL.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) pool: PgPool,
    pub(super) account: String,
}

/// A minute is shared out as 61 seconds: what delays one question by up to a second on its way brings it no nearer to the
/// last of a minute before.
const SLOT: &str = "UPDATE tuibao_limits SET
        slot_at = GREATEST(next_at, next_tokens_at, clock_timestamp()),
        next_at = GREATEST(next_at, next_tokens_at, clock_timestamp())
            + make_interval(secs => COALESCE(61.0 / NULLIF(requests_per_minute, 0), 0)),
        next_tokens_at = GREATEST(next_at, next_tokens_at, clock_timestamp())
            + make_interval(secs => COALESCE(61.0 * $2 / NULLIF(tokens_per_minute, 0), 0))
    WHERE name = $1 RETURNING GREATEST(0, extract(epoch FROM slot_at - clock_timestamp()))::FLOAT8";

impl Limit {
    /// Notes the limits.
    pub(super) async fn set(&self, limits: Limits) -> Result<(), sqlx::Error> {
        let Limits { requests_per_minute, tokens_per_minute, day_tokens, day_micros } = limits;
        sqlx::query("INSERT INTO tuibao_limits (name) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(&self.account)
            .execute(&self.pool)
            .await?;
        let set = "UPDATE tuibao_limits SET requests_per_minute = COALESCE($2, requests_per_minute),
            tokens_per_minute = COALESCE($3, tokens_per_minute), day_tokens = COALESCE($4, day_tokens),
            day_micros = COALESCE($5, day_micros) WHERE name = $1";
        let set = sqlx::query(set).bind(&self.account).bind(requests_per_minute).bind(tokens_per_minute);
        set.bind(day_tokens).bind(day_micros).execute(&self.pool).await?;
        Ok(())
    }

    /// Takes the next slot; how long it is until then.
    pub(super) async fn slot(&self, tokens: i64) -> Result<Duration, sqlx::Error> {
        let slot = sqlx::query_as(SLOT).bind(&self.account).bind(tokens as f64);
        let (seconds,): (f64,) = slot.fetch_one(&self.pool).await?;
        Ok(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    }

    /// The upstream asks everybody to wait.
    pub(super) async fn pause(&self, wait: Duration) -> Result<(), sqlx::Error> {
        let pause = "UPDATE tuibao_limits SET
            next_at = GREATEST(next_at, clock_timestamp() + make_interval(secs => $2)) WHERE name = $1";
        sqlx::query(pause).bind(&self.account).bind(wait.as_secs_f64()).execute(&self.pool).await?;
        Ok(())
    }
}
