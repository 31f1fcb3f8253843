//! Tokens and money: what a call takes from the budget.

use std::collections::BTreeMap;

use llm::{Price, Usage};

/// So many tokens, and so many millionths of the currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) tokens: i64,
    pub(super) micros: i64,
}

/// What models cost. A model without a price costs tokens only.
#[derive(Clone, Debug, Default)]
pub(super) struct Prices(BTreeMap<String, Price>);

impl Prices {
    pub(super) fn new(written: &[(String, Price)]) -> Self {
        Self(written.iter().cloned().collect())
    }

    /// Of so many tokens asked and answered.
    pub(super) fn amount(&self, model: &str, asked: u64, answered: u64) -> Amount {
        let usage = Usage { prompt_tokens: asked, completion_tokens: answered, ..Usage::default() };
        let price = self.0.get(model).or_else(|| self.0.get("*"));
        let money = price.map_or(0.0, |price| price.cost(&usage));
        Amount {
            tokens: i64::try_from(asked.saturating_add(answered)).unwrap_or(i64::MAX),
            micros: micros(money),
        }
    }
}

/// Money in millionths, rounded up: no call is free because it is small.
pub(super) fn micros(money: f64) -> i64 {
    (money * 1e6).ceil() as i64
}

/// `MODEL=INPUT,OUTPUT`: money for a million tokens; `*` is any other model.
pub(super) fn price(text: &str) -> Result<(String, Price), String> {
    let wrong = || format!("`{text}` is not MODEL=INPUT,OUTPUT, such as gpt-6-luna=0.3,1.2");
    let (model, prices) = text.rsplit_once('=').ok_or_else(wrong)?;
    let (input, output) = prices.split_once(',').ok_or_else(wrong)?;
    let number =
        |text: &str| text.trim().parse().ok().filter(|price: &f64| price.is_finite() && *price >= 0.0);
    match (number(input), number(output)) {
        (Some(input), Some(output)) => Ok((model.to_owned(), Price { input, cached: None, output })),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_costs_what_its_model_costs() {
        let prices = Prices::new(&[price("m=0.3,1.2").unwrap(), price("*=1,2").unwrap()]);
        assert_eq!(prices.amount("m", 1000, 500), Amount { tokens: 1500, micros: 900 });
        assert_eq!(prices.amount("other", 1, 1), Amount { tokens: 2, micros: 3 });
        assert_eq!(Prices::default().amount("m", 1, 1), Amount { tokens: 2, micros: 0 });
        assert_eq!(prices.amount("m", 1, 0).micros, 1, "rounded up");
        for wrong in ["m", "m=1", "m=a,b", "m=-1,2", "m=inf,1"] {
            price(wrong).unwrap_err();
        }
    }
}
