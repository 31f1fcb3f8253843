//! `tuibao preview`: the reports of a site as pages on this machine, until Ctrl-C.

use ::preview::{PreviewError, Server, Site};
use tokio::runtime::Runtime;

use crate::{
    cli::{Common, PreviewArgs},
    console,
    exit::{Code, Failure, OrFail},
    job::layout,
    settings,
};

/// Serves; the address is the one line on stdout.
pub(crate) fn preview(args: &PreviewArgs, common: &Common) -> Result<Code, Failure> {
    let settings = settings::load(common)?;
    let layout = layout(&settings)?;
    let root = args.site.as_deref().unwrap_or(&settings.output.site);
    let site = Site::open(root, layout).map_err(|error| {
        let context = format!("cannot open the site `{}`", root.display());
        Failure::new(Code::Input, anyhow::Error::new(error).context(context))
            .hint("name the root of a site that `tuibao run` has written to")
    })?;
    Runtime::new().or_fail(Code::Internal)?.block_on(async {
        let server = Server::bind(site, args.port).await.map_err(failed)?;
        console::data(&server.address());
        if !common.quiet {
            console::say("Ctrl-C ends the preview");
        }
        let interrupted = async {
            // Without a handler for Ctrl-C the system's own ends the program.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        server.run(interrupted).await.map_err(failed)?;
        Ok(Code::Done)
    })
}

fn failed(error: PreviewError) -> Failure {
    match error {
        PreviewError::Bind { .. } => Failure::new(Code::Usage, error)
            .hint("is another preview running? `--port 0` takes any port that is free"),
        PreviewError::Template(_) | PreviewError::Serve(_) => Failure::new(Code::Internal, error),
    }
}
