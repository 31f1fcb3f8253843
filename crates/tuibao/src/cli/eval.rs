//! `eval` and `train` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `eval`.
#[derive(Debug, Subcommand)]
pub(crate) enum EvalArgs {
    /// The claim checker on labelled claims: what it refuses of wrong ones, and of faithful ones by mistake
    Claims(EvalClaimsArgs),
    /// Clusters against gold groups: NMI, ARI, AMI, ACC, B-cubed
    Cluster(EvalClusterArgs),
    /// The relevance of labelled tweets of the corpus: precision, recall, F1, beside keyword match
    Relevance(EvalLabelledArgs),
    /// The order of topics and tweets, beside likes, LexRank, MMR and cluster size
    Rank(EvalRankArgs),
    /// The advert filter against labels: precision, recall, F1; rules alone, as shipped, and cross-validated
    Ads(AdSetArgs),
}

/// `eval claims`.
#[derive(Debug, Args)]
pub(crate) struct EvalClaimsArgs {
    /// Sets of `{id, tweets, claim, supported, class}`, a row a line
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// `eval cluster`.
#[derive(Debug, Args)]
pub(crate) struct EvalClusterArgs {
    /// Sets of `{id, text, label}`, a row a line; plain or .zst
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The field that holds the gold group
    #[arg(long, value_name = "FIELD", default_value = "label")]
    pub(crate) gold: String,
}

/// `eval relevance`.
#[derive(Debug, Args)]
pub(crate) struct EvalLabelledArgs {
    /// Sets of `{id, relevant}` (yes, no, unsure), a row a line; the texts come from --corpus by id
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// `eval rank`.
#[derive(Debug, Args)]
pub(crate) struct EvalRankArgs {
    /// Sets of `{id, text, label}`, a row a line, plain or .zst: cut into synthetic days of which ten points are told
    #[arg(required_unless_present_any = ["reports", "labels"])]
    pub(crate) files: Vec<PathBuf>,
    /// The field that holds the gold group
    #[arg(long, value_name = "FIELD", default_value = "label")]
    pub(crate) gold: String,
    /// Synthetic days of each set
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) days: usize,
    /// Gold groups of a synthetic day
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub(crate) groups: usize,
    /// Rows of its largest group
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) largest: usize,
    /// Digests as `[{report, date, cited_tweet_ids}]`: how high their tweets stand in the corpus's days
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) reports: Option<PathBuf>,
    /// Tweets of whole days as `{id, ad, relevant}`: which of them stand among the ten points of their day
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "reports"])]
    pub(crate) labels: Option<PathBuf>,
}

/// `eval ads` and `train ads`.
#[derive(Debug, Args)]
pub(crate) struct AdSetArgs {
    /// Sets with `label` (ad, ok), `labels` (clean, topic_… or kinds of adverts) or `ad` (keep, suspect, drop; the texts
    /// come from --corpus by id), a row a line; plain or .zst
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// `train`.
#[derive(Debug, Subcommand)]
pub(crate) enum TrainArgs {
    /// Train the advert model; `--out` names the file to write
    Ads(AdSetArgs),
}
