//! `tuibao-scale digest`: what a store holds, as two hashes, so that stores can be compared wherever they were made.

use std::{ops::ControlFlow, path::PathBuf};

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;
use store::Store;

/// What `digest` is told.
#[derive(Args, Debug)]
pub(crate) struct DigestArgs {
    /// The store
    #[arg(value_name = "FOLDER")]
    store: PathBuf,
}

/// Rows and their hashes: of all that the store holds, and of the same without where each tweet was read.
pub(crate) fn digest(args: &DigestArgs) -> Result<String> {
    let (mut rows, mut all, mut said) = (0_u64, blake3::Hasher::new(), blake3::Hasher::new());
    let mut fault = None;
    Store::open(&args.store)?.for_each_batch(
        DateTime::<Utc>::MIN_UTC,
        DateTime::<Utc>::MAX_UTC,
        |tweets| {
            for tweet in tweets {
                match serde_json::to_value(&tweet) {
                    Ok(mut value) => {
                        rows += 1;
                        all.update(value.to_string().as_bytes());
                        value.as_object_mut().map(|fields| fields.remove("source"));
                        said.update(value.to_string().as_bytes());
                    }
                    Err(error) => {
                        fault = Some(error);
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        },
    )?;
    fault.map_or(Ok(()), Err)?;
    Ok(json!({"rows": rows, "blake3": hex(&all), "without_source": hex(&said)}).to_string())
}

fn hex(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex().to_string()
}
