//! `tuibao train`: makes the files of weights that the configuration names. Offline and without chance: the same sets make
//! the same file.

use std::{fmt::Write as _, path::Path};

use quality::ads::{AdSet, fit};

use crate::{
    cli::{AdSetArgs, Common},
    console,
    eval::ads::read_sets,
    exit::{Code, Failure, OrFail},
    job::ad_rules,
    settings,
};

/// Trains the advert model.
pub(crate) fn ads(args: &AdSetArgs, common: &Common) -> Result<Code, Failure> {
    let Some(out) = &common.out else {
        return Err(
            Failure::say(Code::Usage, "`train ads` needs `--out FILE`").hint("`--out config/ads_model.toml`")
        );
    };
    let settings = settings::load(common)?;
    let sets = read_sets(args, &settings)?;
    let (rules, _) = ad_rules(&settings.ads)?;
    let file = fit(&sets, &rules);
    let mut text = header(args, &sets);
    text += &toml::to_string_pretty(&file).or_fail(Code::Internal)?;
    std::fs::write(out, &text).or_fail(Code::Output)?;
    let [drop, suspect] = file.thresholds;
    console::say(&format!(
        "{}: thresholds {drop:.4} drop, {suspect:.4} suspect; {} kB",
        out.display(),
        text.len() / 1000
    ));
    Ok(Code::Done)
}

/// How the file was made, with file names only.
fn header(args: &AdSetArgs, sets: &[AdSet]) -> String {
    let name =
        |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let names: Vec<String> = args.files.iter().map(|path| name(path)).collect();
    let mut text = String::from(
        "# The weights of the advert filter: two linear models, [drop, promotion]. Made, not written:\n#\n",
    );
    let _ = writeln!(text, "#     tuibao train ads {} --corpus … --out ads_model.toml\n#", names.join(" "));
    for (name, set) in names.iter().zip(sets) {
        let adverts =
            set.rows.iter().filter(|row| row.labels.get(set.head()).copied().flatten() == Some(true));
        let _ = writeln!(text, "# {name}: {} rows, {} adverts", set.rows.len(), adverts.count());
    }
    text += "#\n# `thresholds` are chosen out of fold: `drop` is the lowest that is 95 % precise and drops at most 1 % of the\n\
             # others, `suspect` the lowest that is 85 % precise. [named] has a weight for each rule and feature by name; `grams` one for\n\
             # each bucket of hashed word and character n-grams (hexadecimal number, weights in thousandths), which hold no text.\n\n";
    text
}
