//! Tokens and money, before anything is sent and where an endpoint does not count.

use tiktoken_rs::o200k_base_singleton;

use crate::model::Usage;

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

/// What a model costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// For a million tokens of questions. Cached ones are charged in full: an upper bound.
    pub input_per_million: f64,
    /// For a million tokens of answers.
    pub output_per_million: f64,
    /// The unit of both, e.g. `CNY`.
    pub currency: String,
}

impl Price {
    /// The cost in [`Price::currency`].
    pub fn cost(&self, usage: &Usage) -> f64 {
        let millions = |tokens: u64| tokens as f64 / 1e6;
        millions(usage.prompt_tokens) * self.input_per_million
            + millions(usage.completion_tokens) * self.output_per_million
    }
}
