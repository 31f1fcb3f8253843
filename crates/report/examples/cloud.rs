//! Draws given words: `cloud WORDS.tsv PICTURE [FONT]`, for `bench/cloud.py`.
//!
//! A line of the table is a word, a tab and its weight. All of them are drawn, 1600 × 900, in the format of the picture's
//! ending. Prints one JSON object: how many were placed, and how long drawing and encoding took.

use std::{error::Error, io::Write as _, time::Instant};

use report::{CloudSettings, Font, PictureFormat, word_cloud};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(table), Some(picture)) = (arguments.next(), arguments.next()) else {
        return Err("usage: cloud WORDS.tsv PICTURE [FONT]".into());
    };
    let words = words(&std::fs::read_to_string(table)?)?;
    let begin = Instant::now();
    let font = arguments.next().map_or_else(Font::builtin, Font::from_file)?;
    let format = match picture.rsplit('.').next() {
        Some("svg") => PictureFormat::Svg,
        Some("png") => PictureFormat::Png,
        _ => PictureFormat::Jpg,
    };
    let settings = CloudSettings { format, max_words: words.len(), seed: 7, ..CloudSettings::default() };
    let cloud = word_cloud(&words, &font, &settings)?;
    std::fs::write(picture, &cloud.bytes)?;
    let seconds = begin.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "{{\"placed\": {}, \"seconds\": {seconds:.4}}}", cloud.placed)?;
    Ok(())
}

fn words(table: &str) -> Result<Vec<(String, f64)>, Box<dyn Error>> {
    let cells = table.lines().filter_map(|line| line.split_once('\t'));
    cells.map(|(word, weight)| Ok((word.to_owned(), weight.parse()?))).collect()
}
