//! The command line as typed.

mod eval;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use self::eval::{
    AdSetArgs, EvalArgs, EvalClaimsArgs, EvalClusterArgs, EvalLabelledArgs, EvalRankArgs, TrainArgs,
};
use crate::settings::LogFormat;

/// Turns tweets into a Chinese report in which every line names its sources.
///
/// Exit codes: 0 published or nothing to do, 1 internal error, 2 usage or configuration, 3 published with gaps or some
/// days failed, or a post that does not hold, or a message of `notify` that was not delivered, 4 input unusable, 5 model refused or down, 6 could not write, 75 another
/// run holds the lock.
#[derive(Debug, Parser)]
#[command(name = "tuibao", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Flags of every command.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Common {
    /// The report profile: a name under config/reports, or a path to a .toml file
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Files, folders or globs to read instead of the configured ones
    #[arg(long, global = true, value_name = "PATH", num_args = 1..)]
    pub(crate) corpus: Vec<String>,
    /// Root of the site to write to; of `train` the file, of `man` the folder
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Who writes
    #[arg(long, global = true)]
    pub(crate) writer: Option<WriterArg>,
    /// A configuration file instead of ./tuibao.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Make the report anew, even over a better one
    #[arg(long, global = true)]
    pub(crate) force: bool,
    /// Print the result as JSON on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say more (-v, -vv)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How logs are written to stderr; `json`: one object a line, also for what is said to people
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
    /// Say only errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}

/// Who writes, as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum WriterArg {
    /// An OpenAI-compatible model
    Model,
    /// The embedded writer: no model, no network
    Extractive,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a folder to work in: a commented tuibao.toml, a report profile to edit, folders; say how to schedule it
    Init(InitArgs),
    /// Show the settings in force, or look for what is wrong with them
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Make one report
    Run(RunArgs),
    /// Make the reports of a range of days that are missing or stale
    Backfill(BackfillArgs),
    /// Show the last runs, the days without a report, and what was spent this month
    Status(StatusArgs),
    /// Write tweets once into a store of Parquet files by day, from which later runs read only what they need
    Import(ImportArgs),
    /// Fetch what the corpus has on the network: addresses, and pages of the X API
    Fetch,
    /// Show what is in a corpus: formats, tweets, rejects
    Inspect(InspectArgs),
    /// Show the ranked topics of a day
    Topics(DateArgs),
    /// Verify the contract of a post and its audit
    Check(CheckArgs),
    /// Show the reports of a site in the browser: posts, HTML editions, audits; pages follow what changes
    Preview(PreviewArgs),
    /// Show what each line of a post rests on: sources, facts with their places in the tweets, refused drafts
    Audit(AuditArgs),
    /// Look for every fact of a post, by whatever hand, in the tweets of the corpus that its lines link to
    Verify(VerifyArgs),
    /// Print how good a stage is, on labelled JSONL
    #[command(subcommand)]
    Eval(EvalArgs),
    /// Train what is learnt from labelled JSONL; the result is a file for the configuration
    #[command(subcommand)]
    Train(TrainArgs),
    /// Look over configuration, corpus, font, folders and model settings
    Doctor(DoctorArgs),
    /// Tell of finished reports: to chat groups, phones and mailboxes (`[[notify]]` in the configuration)
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// What is kept so that nothing is paid for twice: answers of models, sentence vectors
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page; with --out write one page for each command into a folder
    Man,
}

/// `init`.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder; made when it is not there. Files that are there stay as they are
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The site generator that posts are for: jekyll, hugo, astro, hexo, plain
    #[arg(long, value_name = "NAME", default_value = "jekyll")]
    pub(crate) site: String,
    /// Name of the report: part of file names, and of its profile's file
    #[arg(long, value_name = "NAME", default_value = "ai_daily")]
    pub(crate) name: String,
}

/// `config`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print every key with its value and the layer that it comes from; nothing that may be secret
    Show {
        /// Only keys that begin so: `window`, `model.ask`
        prefix: Option<String>,
    },
    /// Look for what is wrong: all unknown keys and values that do not fit, with the keys that were meant
    Check,
}

/// `doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Make one tiny call to each configured model and say what its endpoint can do (costs about a hundred tokens)
    #[arg(long)]
    pub(crate) model: bool,
}

/// `cache`.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// Show how much is there
    Stats,
    /// Take it all away; the next run pays anew
    Clear,
}

/// `notify`.
#[derive(Debug, Subcommand)]
pub(crate) enum NotifyCommand {
    /// Send a test message, noted nowhere, to one target or to all
    Test {
        /// The target's name; all when none is given
        name: Option<String>,
    },
    /// Tell of a report on the site whom it was not told yet (with --force: everybody again)
    Send(DateArgs),
}

/// Which day or days.
#[derive(Debug, Args)]
pub(crate) struct DateArgs {
    /// The report's date, YYYY-MM-DD (default: the newest complete day)
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"])]
    pub(crate) date: Option<NaiveDate>,
    /// First day of one report over a range
    #[arg(long, value_name = "DATE", requires = "to")]
    pub(crate) from: Option<NaiveDate>,
    /// Last day of the range
    #[arg(long, value_name = "DATE", requires = "from")]
    pub(crate) to: Option<NaiveDate>,
}

/// What a report of several days is made from.
#[derive(Debug, Args)]
pub(crate) struct LongArgs {
    /// Make reports of several days from the audits of their daily reports, not from tweets: what rose, fell and held
    #[arg(long)]
    pub(crate) from_audits: bool,
    /// Figures of the whole corpus over the range, which `tuibao-scale stats` writes; for reports from audits
    #[arg(long, value_name = "FILE")]
    pub(crate) statistics: Option<PathBuf>,
}

/// `run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) dates: DateArgs,
    #[command(flatten)]
    pub(crate) long: LongArgs,
    /// Wait while another run writes to the same site, instead of exit 75
    #[arg(long)]
    pub(crate) wait: bool,
    /// Make the HTML edition too: one page that needs nothing else, with the tweets behind each claim
    #[arg(long)]
    pub(crate) html: bool,
    /// Do everything but publish and use the network: print what would change, and the estimated tokens and cost
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `backfill`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct BackfillArgs {
    /// First day
    #[arg(long, value_name = "DATE")]
    pub(crate) from: NaiveDate,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: NaiveDate,
    /// One report a day, week (from Monday), month or year
    #[arg(long, value_enum, default_value = "day")]
    pub(crate) every: Every,
    #[command(flatten)]
    pub(crate) long: LongArgs,
    /// Reports made at the same time (default: 2; with a model as many as `model.parallel`)
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Make only some of them
    #[arg(long, value_enum, default_value = "all")]
    pub(crate) only: Only,
    /// Which is made first
    #[arg(long, value_enum, default_value = "oldest")]
    pub(crate) order: Order,
    /// Wait while another run writes to the same site, instead of exit 75
    #[arg(long)]
    pub(crate) wait: bool,
    /// Make the HTML edition too: one page that needs nothing else, with the tweets behind each claim
    #[arg(long)]
    pub(crate) html: bool,
    /// Do everything but publish and use the network
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Tell of each report that was not told yet; without this a back-fill tells nobody
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) notify: bool,
}

impl DateArgs {
    /// Whether no day is named.
    pub(crate) fn is_open(&self) -> bool {
        self.date.is_none() && self.from.is_none() && self.to.is_none()
    }

    /// Whether one report over several days is asked for.
    pub(crate) fn is_range(&self) -> bool {
        self.from != self.to
    }
}

/// Which of a range's reports a back-fill makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    /// All that are not up to date
    All,
    /// Those that are not on the site
    Missing,
    /// Those whose last run failed, died or had to do without a model
    Failed,
    /// Those on the site that were made from other tweets, settings or earlier reports
    Stale,
}

/// Which report a back-fill makes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// The first day
    Oldest,
    /// The last day; what earlier days tell is worked out beforehand, so that the bytes are the same
    Newest,
}

/// Length of a back-filled report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Every {
    /// A day
    Day,
    /// A week, from Monday
    Week,
    /// A calendar month
    Month,
    /// A calendar year
    Year,
}

/// `status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// How many runs are shown
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) runs: usize,
}

/// `import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files, folders or globs; the configured corpus when none is given
    pub(crate) paths: Vec<String>,
    /// The store's folder; made when it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) store: PathBuf,
    /// Write each rejected record, with file, line and reason, as JSONL
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

/// `inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// Files, folders or globs; the configured corpus when none is given
    pub(crate) paths: Vec<String>,
    /// Propose a `[[corpus.mapping]]` for a file of an unknown shape (with --force: of any)
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub(crate) suggest_mapping: Option<String>,
}

/// `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The post's Markdown file
    pub(crate) post: PathBuf,
}

/// `preview`.
#[derive(Debug, Args)]
pub(crate) struct PreviewArgs {
    /// Root of the site; the configured one when none is given
    #[arg(value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 = any that is free
    #[arg(long, value_name = "N", default_value_t = 4760)]
    pub(crate) port: u16,
}

/// `audit`.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// The post's Markdown file
    #[arg(required_unless_present = "schema")]
    pub(crate) post: Option<PathBuf>,
    /// Only what this line of the file rests on, counted from 1
    #[arg(long, value_name = "N")]
    pub(crate) line: Option<usize>,
    /// Print the JSON Schema of audit files
    #[arg(long, conflicts_with_all = ["post", "line"])]
    pub(crate) schema: bool,
}

/// `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The post's Markdown file
    pub(crate) post: PathBuf,
}
