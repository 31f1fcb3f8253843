//! Tokens and money, before anything is sent and where an endpoint does not count.

use serde::{Deserialize, Serialize};
use tiktoken_rs::o200k_base_singleton;

use crate::model::{Request, Usage};

/// Long texts are counted in blocks of this many characters: the tokeniser's time grows with the square of a run without
/// breaks. A cut adds a token at most.
const BLOCK_CHARS: usize = 4096;

/// About how many tokens a text has: exact for `OpenAI`'s models since GPT-4o (their `o200k_base` vocabulary), a stated
/// estimate for all others, whose vocabularies differ by some tens of per cent. Without a chat's few tokens of framing.
pub fn estimate_tokens(text: &str) -> usize {
    let tokenizer = o200k_base_singleton();
    let chars: Vec<char> = text.chars().collect();
    let count = |block: &[char]| tokenizer.count_ordinary(&block.iter().collect::<String>());
    chars.chunks(BLOCK_CHARS).map(count).sum()
}

/// The same of a question's two messages.
pub fn estimate_request(request: &Request) -> u64 {
    (estimate_tokens(&request.system) + estimate_tokens(&request.user)) as u64
}

/// What a model's tokens cost, in money for a million of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of questions.
    pub input: f64,
    /// Of questions that the endpoint had in its cache; where it is not known, as if it had not.
    pub cached: Option<f64>,
    /// Of answers, hidden reasoning included.
    pub output: f64,
}

impl Price {
    /// Money for so many tokens.
    pub fn cost(&self, usage: &Usage) -> f64 {
        let millions = |tokens: u64| tokens as f64 / 1e6;
        let cached = usage.cached_tokens.unwrap_or(0).min(usage.prompt_tokens);
        millions(usage.prompt_tokens - cached) * self.input
            + millions(cached) * self.cached.unwrap_or(self.input)
            + millions(usage.completion_tokens) * self.output
    }
}
