"""Markdown through the renderers that readers' sites use: kramdown by a real Jekyll, comrak, and markdown-it.

comrak comes with the example `page` of the crate `report`, markdown-it from npm; both are made once and kept in the
target folder. Run by itself this fetches the npm packages, so that a machine that cannot have them is told apart from a
page with faults.
"""

import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Any

import page
from page import ROOT, Missed

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
MODULES = TARGET / "site-check"
PACKAGES = ["markdown-it@15.0.3", "axe-core@4.14.1"]
BUILD_SECONDS = 900.0  # for cargo
# With what sites turn on: tags of our own, bare addresses as links.
MARKDOWN_IT = """const { default: MarkdownIt } = await import(process.argv[1]);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const it = MarkdownIt({ html: true, linkify: true, typographer: true, quotes: '“”‘’' });
console.log(JSON.stringify(JSON.parse(Buffer.concat(chunks)).map(text => it.render(text))));
"""


def lacking() -> list[str]:
    """What of the tools is not here."""
    return [tool for tool in ["jekyll", "chromium", "node", "npm", "cargo"] if not shutil.which(tool)]


def command(words: list[str], seconds: float, **more: Any) -> str:
    """What a command prints; its failure, or its taking too long, is told with what it complains of."""
    try:
        done = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=seconds, **more)
    except subprocess.TimeoutExpired as late:
        raise Missed(f"{words[0]} took more than {seconds:.0f} s") from late
    if done.returncode:
        raise Missed(f"{words[0]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def packages() -> pathlib.Path:
    """The folder of the npm packages, fetched when they are not there."""
    modules = MODULES / "node_modules"
    wanted = [package.rsplit("@", 1) for package in PACKAGES]
    version = lambda name: json.loads((modules / name / "package.json").read_text("utf-8"))["version"]
    if all((modules / name / "package.json").is_file() and version(name) == wants for name, wants in wanted):
        return modules
    MODULES.mkdir(parents=True, exist_ok=True)
    # Without a network it should say so soon.
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
    command(["npm", "install", "--prefix", str(MODULES), "--no-audit", "--no-fund", *patience, *PACKAGES], 180)
    return modules


def example(*words: str) -> Any:
    """What the example `page` of the crate `report` answers."""
    cargo = ["cargo", "run", "--quiet", "--package", "report", "--example", "page", "--"]
    return json.loads(command([*cargo, *words], BUILD_SECONDS, cwd=ROOT))


def comrak(files: list[pathlib.Path]) -> list[str]:
    return example("html", *map(str, files))


def markdown_it(texts: list[str]) -> list[str]:
    module = packages() / "markdown-it" / "dist" / "markdown-it.mjs"
    words = ["node", "--input-type=module", "--eval", MARKDOWN_IT, str(module)]
    return json.loads(command(words, page.SECONDS, input=json.dumps(texts)))


def jekyll(source: pathlib.Path, built: pathlib.Path) -> None:
    """Builds a site; a complaint is a failure too: front matter that cannot be read is nothing more to Jekyll."""
    env = {"PATH": os.environ.get("PATH", ""), "HOME": str(source), "LANG": "C.UTF-8", "TZ": "UTC"}
    words = ["jekyll", "build", "--quiet", "--destination", str(built), "--disable-disk-cache"]
    try:
        done = subprocess.run(words, cwd=source, env=env, capture_output=True, encoding="utf-8", timeout=120)
    except subprocess.TimeoutExpired as late:
        raise Missed("Jekyll took more than 120 s") from late
    lines = re.sub(r"\x1b\[\d*m", "", done.stderr).splitlines()
    said = " ".join(line.strip() for line in lines if not page.RUBY_WARNS.match(line))
    if done.returncode or said:
        raise Missed(f"Jekyll ended with {done.returncode}: {said[:400]}")


def body(post: str) -> str:
    """A post without its front matter."""
    return post.split("\n---\n", 1)[1] if post.startswith("---\n") else post


class Seen(html.parser.HTMLParser):
    """The text of a page, or of what stands in its element of one name."""

    def __init__(self, within: str = "") -> None:
        super().__init__()
        self.within, self.depth, self.pieces = within, 0, [""]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += tag == self.within

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == self.within

    def handle_data(self, data: str) -> None:
        if self.depth or not self.within:
            self.pieces.append(data)


def seen(markup: str, within: str = "") -> str:
    """What is left without tags, all white space as single spaces."""
    reader = Seen(within)
    reader.feed(markup)
    reader.close()
    return " ".join("".join(reader.pieces).split())


if __name__ == "__main__":
    try:
        packages()
    except Missed as missed:
        sys.exit(f"npm: {missed}")
