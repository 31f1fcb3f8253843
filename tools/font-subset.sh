#!/usr/bin/env bash
# Makes crates/report/assets/TuibaoSansSC-Bold.otf, the built-in face of the word cloud.
#
# Source: Noto Sans CJK SC Bold 2.004 (SIL OFL 1.1), face 2 of the collection in Debian's `fonts-noto-cjk`.
# Kept: GB2312, 通用规范汉字表 (Unihan kTGH), Big5 level 1, JIS level 1, Latin, Greek, Cyrillic, kana, punctuation, full width.
# Dropped: hinting, layout tables, every other glyph. The outlines are not touched; the family is renamed (OFL, clause 3).
#
# Needs: apt-get install fonts-noto-cjk unicode-data; pip install fonttools==4.68.0 (the bytes depend on its version).
# Usage: tools/font-subset.sh [NotoSansCJK-Bold.ttc] [Unihan_OtherMappings.txt.bz2]
set -euo pipefail

collection=${1:-/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc}
unihan=${2:-/usr/share/unicode/Unihan_OtherMappings.txt.bz2}
target="$(cd "$(dirname "$0")/.." && pwd)/crates/report/assets/TuibaoSansSC-Bold.otf"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$unihan" >"$work/unicodes" <<'PYTHON'
"""Prints the code points to keep, one hexadecimal number per line."""
import bz2
import re
import sys


def decoded(codec, leads, trails):
    """All characters that the two-byte codes leads x trails stand for."""
    for lead in leads:
        for trail in trails:
            try:
                yield from map(ord, bytes([lead, trail]).decode(codec))
            except UnicodeDecodeError:
                pass


keep = set(range(0x20, 0x7F))
keep |= set(range(0xA0, 0x200))      # Latin-1, pinyin; the face has little else of Latin Extended
keep |= set(range(0x370, 0x530))     # Greek, Cyrillic
keep |= set(range(0x2000, 0x2070))   # general punctuation
keep |= set(range(0x2070, 0x2300))   # super- and subscripts, currency, letterlike, arrows, mathematics
keep |= set(range(0x2460, 0x2500))   # enclosed numbers
keep |= set(range(0x25A0, 0x2700))   # shapes and symbols
keep |= set(range(0x3000, 0x3100))   # CJK punctuation, kana
keep |= set(range(0xFF00, 0xFFA0))   # full-width Latin, half-width kana
keep |= set(range(0xFFE0, 0xFFE7))   # full-width currency
keep |= set(decoded("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)))
keep |= set(decoded("big5", range(0xA4, 0xC7), range(0x40, 0xFF)))
keep |= set(decoded("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)))
with bz2.open(sys.argv[1], "rt", encoding="utf-8") as lines:
    keep |= {int(m[1], 16) for m in (re.match(r"U\+([0-9A-F]+)\tkTGH\t", line) for line in lines) if m}
print("\n".join(f"{code:04X}" for code in sorted(keep)))
PYTHON

# A rasteriser of single glyphs has no use for the vertical, kerning and layout tables.
python3 -m fontTools.subset "$collection" --font-number=2 --unicodes-file="$work/unicodes" \
    --no-hinting --layout-features= --drop-tables+=GSUB,GPOS,GDEF,BASE,VORG,vhea,vmtx,DSIG \
    --name-IDs=0,1,2,3,4,5,6,13,14 --notdef-outline --no-recalc-timestamp --output-file="$work/subset.otf"

python3 - "$work/subset.otf" "$target" <<'PYTHON'
"""Gives the subset its own name, in the name table and in the CFF table."""
import sys

from fontTools.ttLib import TTFont

font = TTFont(sys.argv[1], recalcTimestamp=False)
names = {1: "Tuibao Sans SC", 2: "Bold", 3: "2.004;TuibaoSansSC-Bold", 4: "Tuibao Sans SC Bold", 6: "TuibaoSansSC-Bold"}
for record in list(font["name"].names):
    if record.nameID in names:
        record.string = names[record.nameID]
cff = font["CFF "].cff
cff.fontNames = [names[6]]
top = cff.topDictIndex[0]
top.FullName, top.FamilyName = names[4], names[1]
font.save(sys.argv[2])
print(f"{sys.argv[2]}: {len(font.getBestCmap())} characters")
PYTHON
ls -l "$target"
