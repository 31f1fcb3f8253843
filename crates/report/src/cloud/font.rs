//! The face that the word cloud is drawn with: built in, or the user's own.
//!
//! No font is looked for on the machine: the same report must give the same picture everywhere.

use std::{fmt, io, path::Path, path::PathBuf};

use ab_glyph::{Font as _, FontArc, FontVec, OutlinedGlyph, ScaleFont as _, point};

use super::pen::Pen;

/// A renamed subset of Noto Sans CJK SC Bold; `tools/font-subset.sh` says what it covers, `assets/OFL.txt` under which licence.
const BUILTIN: &[u8] = include_bytes!("../../assets/TuibaoSansSC-Bold.otf");

/// A typeface with outlines (TrueType or OpenType; of a collection, the first face).
#[derive(Clone)]
pub struct Font {
    face: FontArc,
    name: String,
}

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The file cannot be read.
    #[error("cannot read the font `{}`", path.display())]
    Read {
        /// As given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The bytes are not an outline font.
    #[error("`{name}` is not a TrueType or OpenType font with outlines")]
    Format {
        /// The file, or the built-in name.
        name: String,
    },
}

impl Font {
    /// The face inside the program: GB2312, 通用规范汉字表, Big5 level 1, kana, Latin-1 and pinyin, Greek, Cyrillic.
    ///
    /// Absent: emoji, Hangul, most of Latin Extended-A; Noto Sans CJK SC itself has little of the last.
    ///
    /// # Errors
    ///
    /// [`FontError::Format`] if the program was built with a broken asset.
    pub fn builtin() -> Result<Self, FontError> {
        let name = "TuibaoSansSC-Bold".to_owned();
        match FontArc::try_from_slice(BUILTIN) {
            Ok(face) => Ok(Self { face, name }),
            Err(_) => Err(FontError::Format { name }),
        }
    }

    /// The user's own font file.
    ///
    /// # Errors
    ///
    /// [`FontError`] when it cannot be read or is no outline font.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FontError> {
        let path = path.as_ref();
        let bytes =
            std::fs::read(path).map_err(|source| FontError::Read { path: path.to_owned(), source })?;
        let face = FontVec::try_from_vec(bytes)
            .map_err(|_| FontError::Format { name: path.display().to_string() })?;
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { face: FontArc::new(face), name })
    }

    /// What to call it in a message: the built-in name, or the file's name without its ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The characters of `text` that the face cannot draw, each once, in the order of the text.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for c in text.chars().filter(|&c| self.face.glyph_id(c).0 == 0) {
            if !missing.contains(&c) {
                missing.push(c);
            }
        }
        missing
    }

    /// Width of a line of `text` in units of the type size.
    pub(super) fn width(&self, text: &str) -> f64 {
        let scaled = self.face.as_scaled(self.em(1.0));
        text.chars().map(|c| f64::from(scaled.h_advance(scaled.glyph_id(c)))).sum()
    }

    /// The outlines of one line of `text` at `size` pixels per em, or of its characters below each other; empty for blank
    /// text.
    pub(super) fn outlines(&self, text: &str, size: f64, upright: bool) -> Vec<OutlinedGlyph> {
        let scaled = self.face.as_scaled(self.em(size as f32));
        let (mut x, mut y) = (0.0, 0.0);
        let glyphs = text.chars().filter_map(|c| {
            let glyph = scaled.glyph_id(c).with_scale_and_position(scaled.scale(), point(x, y));
            if upright {
                y += size as f32;
            } else {
                x += scaled.h_advance(glyph.id);
            }
            scaled.outline_glyph(glyph)
        });
        glyphs.collect()
    }

    /// The same outlines as SVG path data in font units, `y` upwards.
    pub(super) fn path(&self, text: &str, upright: bool) -> String {
        let (mut pen, mut x, mut y) = (Pen::default(), 0.0, 0.0);
        for c in text.chars() {
            let glyph = self.face.glyph_id(c);
            for curve in self.face.outline(glyph).map(|outline| outline.curves).unwrap_or_default() {
                pen.draw(&curve, (x, y));
            }
            if upright {
                y -= self.units_per_em() as f32;
            } else {
                x += self.face.h_advance_unscaled(glyph);
            }
        }
        pen.finish()
    }

    pub(super) fn units_per_em(&self) -> f64 {
        f64::from(self.face.units_per_em().unwrap_or(1000.0))
    }

    /// The rasteriser counts from ascender to descender; a type size is the em.
    fn em(&self, size: f32) -> f32 {
        size * self.face.height_unscaled() / self.units_per_em() as f32
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Font").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_face_covers_what_reports_are_made_of() {
        let font = Font::builtin().unwrap();
        let text =
            "智能体大模型開源龍體臺灣镕堃喆 GPT-5.2 €¥$ éñü āǐ αβΩ Привет “”《》…—·℃①→ ひらがなカナ ＡＢ！";
        assert!(font.missing(text).is_empty(), "{:?}", font.missing(text));
        assert_eq!(font.missing("火🚀箭🚀한Ł"), vec!['🚀', '한', 'Ł']);
    }

    #[test]
    fn widths_are_in_ems() {
        let font = Font::builtin().unwrap();
        assert!((font.width("开源") - 2.0).abs() < 1e-3);
        assert!(font.outlines("  ", 20.0, false).is_empty());
    }

    #[test]
    fn a_file_that_is_no_font_is_named() {
        let error = Font::from_file("no/such.otf").unwrap_err();
        assert_eq!(error.to_string(), "cannot read the font `no/such.otf`");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.otf");
        std::fs::write(&path, "text").unwrap();
        assert!(matches!(Font::from_file(path), Err(FontError::Format { .. })));
    }
}
