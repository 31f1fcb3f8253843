#!/usr/bin/env python3
"""The typography suite through three renderers: each case must be seen as it says, its emphasis bold.

The cases stand in `crates/report/tests/typography.toml`. Needs Jekyll, Node with npm, and cargo.
"""

import pathlib
import sys
import tempfile
from typing import Any

import renderers

PAGE = "---\nlayout: bare\n---\n"


def kramdown(folder: pathlib.Path, lines: list[dict[str, Any]]) -> list[str]:
    """Each case as a page of a site that Jekyll builds."""
    source, built = folder / "source", folder / "built"
    (source / "_layouts").mkdir(parents=True)
    (source / "_layouts" / "bare.html").write_text("{{ content }}", encoding="utf-8")
    for number, line in enumerate(lines):
        (source / f"{number:03}.md").write_text(f"{PAGE}{line['markdown']}\n", encoding="utf-8")
    renderers.jekyll(source, built)
    return [(built / f"{number:03}.html").read_text("utf-8") for number in range(len(lines))]


def comrak(folder: pathlib.Path, lines: list[dict[str, Any]]) -> list[str]:
    files = [folder / f"{number:03}.md" for number in range(len(lines))]
    for file, line in zip(files, lines):
        file.write_text(f"{line['markdown']}\n", encoding="utf-8")
    return renderers.comrak(files)


def fault(line: dict[str, Any], html: str) -> str:
    """What is wrong with a rendered case; nothing when nothing is."""
    shown = renderers.seen(html)
    if shown != line["shows"]:
        return f"shows {shown!r}, not {line['shows']!r}"
    bold = renderers.seen(html.partition("<strong>")[2].partition("</strong>")[0])
    return f"has {bold!r} in bold, not {line['strong']!r}" if line["strong"] not in (None, bold) else ""


def main() -> None:
    if lacking := [tool for tool in renderers.lacking() if tool != "chromium"]:
        sys.exit(f"needs {' and '.join(lacking)}")
    lines = renderers.example("cases")
    broken = [{**lines[0], "markdown": "提出**“AI员工”概念**并", "shows": "提出“AI员工”概念并"}]
    if not fault(broken[0], renderers.markdown_it([broken[0]["markdown"]])[0]):
        sys.exit("literal stars are not seen: all that follows would prove nothing")
    with tempfile.TemporaryDirectory(prefix="tuibao-bench-") as folder:
        pages = {
            "kramdown (Jekyll)": kramdown(pathlib.Path(folder), lines),
            "comrak": comrak(pathlib.Path(folder), lines),
            "markdown-it": renderers.markdown_it([line["markdown"] for line in lines]),
        }
    seen = [(name, *pair) for name, all_html in pages.items() for pair in zip(lines, all_html, strict=True)]
    faults = [(name, line, fault(line, html)) for name, line, html in seen]
    print(f"{'renderer':20}{'cases':>8}{'failures':>10}")
    for name in pages:
        print(f"{name:20}{len(lines):8}{sum(bool(said) for of, _, said in faults if of == name):10}")
    wrong = [f"{name}: {line['name']}: {said}\n    {line['markdown']}" for name, line, said in faults if said]
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
