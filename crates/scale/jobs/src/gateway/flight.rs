//! Questions that are being asked, over all gateways: each by one at a time, and with its worst case held from the budget.
//!
//! What a gateway held that died counts as spent: its question may have been answered and paid for.

use std::time::Duration;

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::{limit::Limit, price::Amount};

/// Whether a question may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Boarding {
    /// It is ours to ask.
    Boarded,
    /// Somebody asks it just now.
    Asked,
    /// What others hold may come back to the budget.
    Full,
    /// The day's budget has no room for it, whatever comes back.
    Spent(String),
}

/// A day's bounds, and what was spent and is held of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Till {
    day: NaiveDate,
    cap_tokens: i64,
    cap_micros: i64,
    tokens: i64,
    micros: i64,
    held_tokens: i64,
    held_micros: i64,
}

const TILL: &str = "SELECT s.day, l.day_tokens AS cap_tokens, l.day_micros AS cap_micros, s.tokens, s.micros,
        COALESCE((SELECT sum(tokens) FROM tuibao_flights f WHERE f.name = s.name AND f.day = s.day), 0)::BIGINT AS held_tokens,
        COALESCE((SELECT sum(micros) FROM tuibao_flights f WHERE f.name = s.name AND f.day = s.day), 0)::BIGINT AS held_micros
    FROM tuibao_spend s JOIN tuibao_limits l USING (name)
    WHERE s.name = $1 AND s.day = (now() AT TIME ZONE 'UTC')::DATE";

const BURY: &str = "WITH gone AS (DELETE FROM tuibao_flights WHERE name = $1 AND lease < now() RETURNING day, tokens, micros),
        sums AS (SELECT day, count(*) AS calls, sum(tokens) AS tokens, sum(micros) AS micros FROM gone GROUP BY day)
    UPDATE tuibao_spend s SET calls = s.calls + sums.calls, tokens = s.tokens + sums.tokens::BIGINT,
        micros = s.micros + sums.micros::BIGINT
    FROM sums WHERE s.name = $1 AND s.day = sums.day";

impl Till {
    fn decide(&self, worst: Amount) -> Boarding {
        let caps = [
            (self.cap_tokens, self.tokens, self.held_tokens, worst.tokens, "tokens"),
            (self.cap_micros, self.micros, self.held_micros, worst.micros, "millionths of the currency"),
        ];
        let bounded = || caps.iter().filter(|(cap, ..)| *cap > 0);
        if let Some((cap, spent, _, worst, unit)) =
            bounded().find(|(cap, spent, _, worst, _)| spent + worst > *cap)
        {
            return Boarding::Spent(format!("{spent} of {cap} {unit}, and this call may take {worst}"));
        }
        let full = bounded().any(|(cap, spent, held, worst, _)| spent + held + worst > *cap);
        if full { Boarding::Full } else { Boarding::Boarded }
    }
}

/// One question's way through PostgreSQL.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) limit: Limit,
    pub(super) key: String,
    /// Gateway and number of the question; nobody else has it.
    pub(super) by: String,
    pub(super) worst: Amount,
    pub(super) lease: Duration,
}

impl Flight {
    /// Takes the worst case from the budget and the question from all others, or neither.
    pub(super) async fn board(&self) -> Result<Boarding, sqlx::Error> {
        let mut all = self.limit.pool.begin().await?;
        let account = &self.limit.account;
        let till = "INSERT INTO tuibao_spend (name, day) VALUES ($1, (now() AT TIME ZONE 'UTC')::DATE)
            ON CONFLICT DO NOTHING";
        sqlx::query(till).bind(account).execute(&mut *all).await?;
        // One at the till at a time.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('tuibao till ' || $1, 0))")
            .bind(account)
            .execute(&mut *all)
            .await?;
        sqlx::query(BURY).bind(account).execute(&mut *all).await?;
        let till: Till = sqlx::query_as(TILL).bind(account).fetch_one(&mut *all).await?;
        let boarding = match self.asker(&mut all).await? {
            // The answer to our own request for it was lost.
            Some(by) if by == self.by => Boarding::Boarded,
            Some(_) => Boarding::Asked,
            None => self.take(till, &mut all).await?,
        };
        all.commit().await?;
        Ok(boarding)
    }

    async fn asker(&self, all: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
        let asker = "SELECT gateway FROM tuibao_flights WHERE name = $1 AND key = $2";
        let asker: Option<(String,)> =
            sqlx::query_as(asker).bind(&self.limit.account).bind(&self.key).fetch_optional(all).await?;
        Ok(asker.map(|(by,)| by))
    }

    async fn take(&self, till: Till, all: &mut PgConnection) -> Result<Boarding, sqlx::Error> {
        let boarding = till.decide(self.worst);
        if boarding == Boarding::Boarded {
            let take = "INSERT INTO tuibao_flights (name, key, gateway, lease, day, tokens, micros)
                VALUES ($1, $2, $3, now() + make_interval(secs => $4), $5, $6, $7)";
            let take = sqlx::query(take).bind(&self.limit.account).bind(&self.key).bind(&self.by);
            let take = take.bind(self.lease.as_secs_f64()).bind(till.day);
            take.bind(self.worst.tokens).bind(self.worst.micros).execute(all).await?;
        }
        Ok(boarding)
    }

    /// It is still being asked.
    pub(super) async fn renew(&self) -> Result<(), sqlx::Error> {
        let renew = "UPDATE tuibao_flights SET lease = now() + make_interval(secs => $4)
            WHERE name = $1 AND key = $2 AND gateway = $3";
        let renew = sqlx::query(renew).bind(&self.limit.account).bind(&self.key).bind(&self.by);
        renew.bind(self.lease.as_secs_f64()).execute(&self.limit.pool).await?;
        Ok(())
    }

    /// It was asked, and cost this; none when it was not asked at all.
    pub(super) async fn land(&self, cost: Option<Amount>) -> Result<(), sqlx::Error> {
        let Amount { tokens, micros } = cost.unwrap_or_default();
        let land = "WITH gone AS (DELETE FROM tuibao_flights WHERE name = $1 AND key = $2 AND gateway = $3 RETURNING day)
            UPDATE tuibao_spend s SET calls = calls + $4, tokens = tokens + $5, micros = micros + $6
            FROM gone WHERE s.name = $1 AND s.day = gone.day";
        let land = sqlx::query(land).bind(&self.limit.account).bind(&self.key).bind(&self.by);
        let land = land.bind(i64::from(cost.is_some())).bind(tokens).bind(micros);
        land.execute(&self.limit.pool).await?;
        self.give_back(tokens).await
    }

    /// Tokens of a minute that were not used.
    async fn give_back(&self, tokens: i64) -> Result<(), sqlx::Error> {
        let back = "UPDATE tuibao_limits SET next_tokens_at = next_tokens_at - make_interval(secs => 61.0 * $2 / tokens_per_minute)
            WHERE name = $1 AND tokens_per_minute > 0";
        let unused = (self.worst.tokens - tokens) as f64;
        sqlx::query(back).bind(&self.limit.account).bind(unused).execute(&self.limit.pool).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_never_overdrawn_and_what_is_held_may_come_back() {
        let day = "2026-03-04".parse().unwrap();
        let till = |tokens, held_tokens| Till {
            day,
            cap_tokens: 100,
            cap_micros: 0,
            tokens,
            micros: 1 << 40,
            held_tokens,
            held_micros: 0,
        };
        let worst = Amount { tokens: 30, micros: 5 };
        assert_eq!(till(0, 0).decide(worst), Boarding::Boarded);
        assert_eq!(till(40, 30).decide(worst), Boarding::Boarded);
        assert_eq!(till(40, 31).decide(worst), Boarding::Full);
        assert!(matches!(till(71, 0).decide(worst), Boarding::Spent(_)));
        let money = Till { cap_tokens: 0, cap_micros: 10, micros: 6, ..till(0, 0) };
        assert!(matches!(money.decide(worst), Boarding::Spent(what) if what.contains("6 of 10 millionths")));
        assert_eq!(Till { cap_micros: 0, ..money }.decide(worst), Boarding::Boarded);
    }
}
