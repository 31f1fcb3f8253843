//! The corpus on the network: fetched to local files under the site's lock, read from there like any other.

use std::path::PathBuf;

use fetch::{Client, FetchError, Source, XSettings, download, pull};
use secrecy::SecretString;
use tokio::runtime::Runtime;
use tracing::{field::Empty, info_span};

use crate::{
    console,
    exit::{Code, Failure, OrFail},
    observe::Stage,
    pipeline::now,
    settings::Settings,
};

/// Whether a path of the corpus is an address.
pub(crate) fn is_address(path: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| path.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// Brings what is on the network up to date: addresses of the corpus, sources of the X API.
pub(crate) fn refresh(settings: &Settings, runtime: &Runtime) -> Result<(), Failure> {
    let addresses: Vec<&String> = settings.corpus.paths.iter().filter(|path| is_address(path)).collect();
    let sources = &settings.fetch.x;
    if addresses.is_empty() && sources.is_empty() {
        return Ok(());
    }
    let stage = Stage::begin(info_span!(
        "fetch",
        addresses = addresses.len(),
        sources = sources.len(),
        bytes = Empty,
        tweets = Empty
    ));
    let _entered = stage.enter();
    let bytes = downloads(settings, &addresses, runtime)?;
    let mut tweets = 0;
    for source in sources {
        tweets += pages(settings, source, runtime)?;
    }
    stage.record("bytes", bytes).record("tweets", tweets);
    stage.end();
    Ok(())
}

/// The bytes of all addresses. Where a fault can heal and an earlier copy is there, that one is used, with a warning.
fn downloads(settings: &Settings, addresses: &[&String], runtime: &Runtime) -> Result<u64, Failure> {
    let client = Client::new(&settings.fetch).map_err(failure)?;
    let mut bytes = 0;
    for address in addresses {
        match runtime.block_on(download(&client, address)) {
            Ok(file) => {
                tracing::info!(bytes = file.bytes, from_cache = file.from_cache, "fetched");
                bytes += file.bytes;
            }
            Err(error @ FetchError::Unreachable(_))
                if client.cached(address).is_ok_and(|file| file.is_some()) =>
            {
                console::say(&format!("warning: {error}; the copy of an earlier run is used"));
            }
            Err(error) => return Err(failure(error)),
        }
    }
    Ok(bytes)
}

/// New tweets of a source of the X API.
fn pages(settings: &Settings, source: &XSettings, runtime: &Runtime) -> Result<u64, Failure> {
    let token = Settings::bearer(source)?;
    let source = Source::new(source, &settings.fetch, &token, std::sync::Arc::new(now)).map_err(failure)?;
    let pulled = runtime.block_on(pull(&source)).map_err(failure)?;
    tracing::info!(pages = pulled.pages, tweets = pulled.tweets, "pulled from the X API");
    if let Some(stopped) = pulled.stopped {
        console::say(&format!("warning: {}: {stopped}", source.folder().display()));
    }
    Ok(pulled.tweets)
}

/// The local copy of an address.
pub(crate) fn fetched(settings: &Settings, address: &str) -> Result<PathBuf, Failure> {
    let client = Client::new(&settings.fetch).map_err(failure)?;
    client.cached(address).map_err(failure)?.ok_or_else(|| {
        Failure::say(Code::Input, "an address of the corpus was not fetched yet")
            .hint("`tuibao fetch` gets it; a run does so by itself, a dry run opens no connection")
    })
}

/// The folders that the X API's pages are in, as far as there are any yet.
pub(crate) fn folders(settings: &Settings) -> Result<Vec<PathBuf>, Failure> {
    let nobody = SecretString::from("unused");
    let folder = |source| {
        let source =
            Source::new(source, &settings.fetch, &nobody, std::sync::Arc::new(now)).map_err(failure)?;
        Ok(source.folder().to_owned())
    };
    let folders: Vec<PathBuf> = settings.fetch.x.iter().map(folder).collect::<Result<_, Failure>>()?;
    Ok(folders.into_iter().filter(|folder| folder.is_dir()).collect())
}

/// `tuibao fetch`: the network's part of a run, by itself.
pub(crate) fn fetch(settings: &Settings) -> Result<Code, Failure> {
    let runtime = Runtime::new().or_fail(Code::Internal)?;
    refresh(settings, &runtime).map(|()| Code::Done)
}

fn failure(error: FetchError) -> Failure {
    let code = match &error {
        FetchError::Settings { .. } | FetchError::Forbidden { .. } => Code::Usage,
        FetchError::Disk { .. } => Code::Output,
        _ => Code::Input,
    };
    let hint = error.hint();
    let failure = Failure::new(code, error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
