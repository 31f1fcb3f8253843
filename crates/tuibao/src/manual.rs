//! `tuibao completions` and `tuibao man`: both made from the command line as it is declared, so that they cannot tell of another.

use std::{fs, path::Path};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{
    cli::Cli,
    console,
    exit::{Code, Failure, OrFail},
};

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell) -> Code {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tuibao", &mut script);
    console::data(String::from_utf8_lossy(&script).trim_end());
    Code::Done
}

/// Prints the page of the program, or writes one page a command.
pub(crate) fn man(folder: Option<&Path>) -> Result<Code, Failure> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page).or_fail(Code::Internal)?;
        console::data(String::from_utf8_lossy(&page).trim_end());
        return Ok(Code::Done);
    };
    let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    written.map_err(|error| {
        let context = format!("cannot write manual pages to `{}`", folder.display());
        Failure::new(Code::Output, anyhow::Error::new(error).context(context))
            .hint("name a folder that can be written with --out")
    })?;
    console::say(&format!("manual pages are in `{0}`; `man {0}/tuibao.1` shows the first", folder.display()));
    Ok(Code::Done)
}
