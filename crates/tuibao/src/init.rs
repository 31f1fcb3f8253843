//! `tuibao init`: a folder to work in. What is there stays as it is.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{
    cli::{Common, InitArgs},
    console,
    exit::{Code, Failure, OrFail},
    job,
    schedule::Schedule,
    settings,
};

const SETTINGS: &str = include_str!("../../../config/init/tuibao.toml");
const PROFILE: &str = include_str!("../../../config/init/profile.toml");
const IGNORED: &str = include_str!("../../../config/init/gitignore");
/// The corpus, the site, and what the program notes.
const FOLDERS: [&str; 3] = ["corpus", "site", "state"];

/// Makes the folder, then says what it made, when to run and what to try next.
pub(crate) fn init(args: &InitArgs) -> Result<Code, Failure> {
    let preset = preset(&args.site);
    settings::site_preset(preset)?;
    job::plain_name(&args.name, "--name")?;
    let fill = |text: &str| text.replace("@NAME@", &args.name).replace("@PRESET@", preset);
    let files = [
        (PathBuf::from("tuibao.toml"), fill(SETTINGS)),
        (Path::new("config/reports").join(format!("{}.toml", args.name)), fill(PROFILE)),
        (PathBuf::from(".gitignore"), IGNORED.to_owned()),
    ];
    for name in FOLDERS {
        make_folder(&args.folder.join(name)).map_err(|error| unwritable(&args.folder.join(name), error))?;
    }
    for (name, text) in files {
        let path = args.folder.join(&name);
        make_file(&path, &text).map_err(|error| unwritable(&path, error))?;
    }
    schedule(&args.folder)?.lines().for_each(console::data);
    Ok(Code::Done)
}

/// Of Jekyll the one whose pictures Jekyll copies to the site.
fn preset(site: &str) -> &str {
    if site == "jekyll" { "jekyll_assets" } else { site }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let there = path.is_dir();
    fs::create_dir_all(path)?;
    tell(path, there);
    Ok(())
}

/// Writes a file that is not there.
fn make_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes())?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            tell(path, true);
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    tell(path, false);
    Ok(())
}

fn tell(path: &Path, there: bool) {
    let what = if there { "there, left as it is:" } else { "made:" };
    console::data(&console::plain(&format!("{what} {}", path.display())));
}

fn unwritable(path: &Path, error: io::Error) -> Failure {
    let context = format!("cannot make `{}`", path.display());
    Failure::new(Code::Output, anyhow::Error::new(error).context(context))
        .hint("name a folder that can be written: `tuibao init DIR`")
}

/// What to do next and when, by the settings of the folder, which may be older than this command.
fn schedule(folder: &Path) -> Result<String, Failure> {
    let whole = folder.canonicalize().or_fail(Code::Output)?;
    // Settings name profiles and prompts relative to the folder in which the program runs.
    std::env::set_current_dir(&whole).or_fail(Code::Output)?;
    let settings = settings::load(&Common::default())?;
    let calendar = job::calendar(&settings)?;
    let schedule = Schedule {
        program: std::env::current_exe().or_fail(Code::Internal)?,
        folder: whole,
        zone: calendar.zone,
        cutoff: calendar.cutoff,
    };
    let named = folder.display();
    Ok(format!(
        "\nNext: put exports of tweets into {named}/corpus, then\n\n    cd {named}\n    tuibao doctor\n    tuibao run\n\n{schedule}"
    ))
}
