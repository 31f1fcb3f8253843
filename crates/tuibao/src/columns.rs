//! Text in the columns of a terminal; a Chinese character takes two of them.

use std::io::IsTerminal;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::console;

/// Columns where there is no terminal.
const WIDTH: usize = 120;

/// The terminal's columns.
pub(crate) fn terminal() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0))
}

/// The columns of what is printed; no bound when it goes to a file or another program.
pub(crate) fn printed() -> usize {
    if std::io::stdout().is_terminal() { terminal() } else { usize::MAX }
}

/// How a text begins, on one line.
pub(crate) fn head(text: &str, width: usize) -> String {
    cut(&console::plain(&text.split_whitespace().collect::<Vec<_>>().join(" ")), width)
}

/// Cut or filled to so many columns, the last one blank.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    let cut = cut(text, columns.saturating_sub(1));
    format!("{cut}{}", " ".repeat(columns.saturating_sub(cut.width())))
}

/// Cut to so many columns, with `…` where something is missing.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// Broken into lines of so many columns: at spaces, and within words that are longer, as Chinese sentences are.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let fits = used + word.trim_end().width() <= columns;
        if !fits && word.is_ascii() && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        for c in word.chars() {
            let width = c.width().unwrap_or(0);
            if used + width > columns && c != ' ' {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().into_iter().for_each(|line| line.push(c));
            used += width;
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(cut("智谱发布新模型", 14), "智谱发布新模型");
        assert_eq!(cut("智谱发布新模型", 10), "智谱发布…");
        assert_eq!(fit("持续", 6), "持续  ");
        assert_eq!(fit("模型与技术", 6).width(), 6);
        assert_eq!(cut("abcdef", 4), "abc…");
    }

    #[test]
    fn lines_break_at_spaces_and_between_chinese_characters() {
        assert_eq!(wrap("智谱发布 GPT-5.2 model", 12), ["智谱发布", "GPT-5.2", "model"]);
        assert_eq!(wrap("智谱发布新模型", 10), ["智谱发布新", "模型"]);
        assert_eq!(wrap("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(wrap("any text", usize::MAX), ["any text"]);
    }
}
