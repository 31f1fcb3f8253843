#!/usr/bin/env python3
"""The site check: 31 back-filled posts, built by a real Jekyll and opened in a real Chromium, on a phone and on a desk.

A post, its HTML edition and the index of `tuibao preview` must have no console error, no failed request, no literal
`**`, no broken picture, link or anchor, headings in order, cites that lead to tweets, nothing sideways on a phone, and
nothing that axe-core calls serious. All posts must give the same text by kramdown, comrak and markdown-it.
`--self-test` plants one fault of each kind in a page that has none, and wants each found. The tweets are
those of `fixtures/ai`, another choice of them a day. Needs the built program, Jekyll, Chromium, Node with npm, cargo.
"""

import argparse
import datetime
import functools
import http.server
import json
import pathlib
import random
import re
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import page
import renderers
from eyes import WIDTHS, Eyes, Faults
from page import ROOT, Missed
from renderers import TARGET, command

FIRST_DAY, A_DAY, EPOCH_MS = datetime.date(2026, 1, 1), 64, 1_288_834_974_657
SETTINGS = """output = { images = "assets/img", image_url = "/assets/img/" }
memory = { days = 0 }
writer = { mode = "extractive" }
cloud = { width = 640, height = 360 }
"""
CONFIG = "strict_front_matter: true\nfuture: true\ntimezone: Asia/Shanghai\n"
LAYOUT = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ page.title | escape }}</title><link rel="icon" href="data:,"><style>
body { margin: 0 auto; max-width: 46rem; padding: 1rem; font: 1rem/1.75 sans-serif; color: #1a1a1a; background: #fff }
a { color: #0b57d0; text-decoration: underline } img { max-width: 100%; height: auto }
article { overflow-wrap: anywhere }
</style></head><body><main><article>
{{ content }}
</article></main></body></html>
"""
# What is planted in a page, by the kind of fault that it must be found as.
PLANTED = {
    "console": "<script>console.error('planted')</script>",
    "requests": "<script>fetch('/nowhere.json')</script>",
    "stars": "<p>提出**“AI员工”概念**并</p>",
    "pictures": "<img alt='x' src='data:image/png;base64,AAAA'>",
    "links": "<a href='/nowhere.html'>x</a>",
    "anchors": "<a href='#nowhere'>x</a>",
    "headings": "<h2>x</h2><h5>x</h5>",
    "cites": "<a href='https://x.com/a.b/status/12'>x</a>",
    "sideways": "<div style='width: 2000px; height: 1px'></div>",
    "axe": "<button></button>",
}
KINDS = list(PLANTED)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: pathlib.Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def fixture_tweets() -> list[dict[str, Any]]:
    """The tweets of `fixtures/ai`, whose three files have three shapes, as handle, name, text and time of day."""
    folder = ROOT / "fixtures" / "ai"
    daily = json.loads((folder / "2026-03-02.json").read_text("utf-8"))
    identity = lambda one: one["tweetUrl"].rsplit("/", 1)[1]
    tweets = [(one["user"]["screenName"], one["user"]["name"], one["fullText"], identity(one)) for one in daily]
    for line in (folder / "2026-03-03.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        text = one.get("extended_tweet", {}).get("full_text") or one.get("full_text") or one["text"]
        tweets.append((one["user"]["screen_name"], one["user"]["name"], text, one["id_str"]))
    paged = json.loads((folder / "2026-03-04.json").read_text("utf-8"))
    users = {user["id"]: user for user in paged["includes"]["users"]}
    for one in paged["data"]:
        user = users[one["author_id"]]
        tweets.append((user["username"], user["name"], one["text"], one["id"]))
    of_day = lambda tweet: ((int(tweet) >> 22) + EPOCH_MS) % 86_400_000
    return [{"handle": handle, "name": name, "text": text, "ms": of_day(id)} for handle, name, text, id in tweets]


def corpus(days: int) -> Iterator[dict[str, Any]]:
    """So many days, each with another choice of the fixtures' tweets."""
    all_tweets = fixture_tweets()
    for number in range(days):
        day = FIRST_DAY + datetime.timedelta(days=number)
        midnight = datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc)
        for place, tweet in enumerate(random.Random(number).sample(all_tweets, A_DAY)):
            # The zone of the reports is eight hours ahead.
            ms = int(midnight.timestamp() * 1000) - 8 * 3_600_000 + (tweet["ms"] + 8 * 3_600_000) % 86_400_000
            at = datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc)
            identity = str((ms - EPOCH_MS << 22) + place)
            author = {"handle": tweet["handle"], "name": tweet["name"]}
            created_at = at.isoformat().replace("+00:00", "Z")
            yield {"id": identity, "author": author, "created_at": created_at, "text": tweet["text"]}


class Site:
    """A folder with reports, and the site that Jekyll makes of it."""

    def __init__(self, binary: pathlib.Path, folder: pathlib.Path, days: int) -> None:
        self.binary, self.folder, self.site, self.built = binary, folder, folder / "site", folder / "built"
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in corpus(days))
        (folder / "corpus.jsonl").write_text("".join(lines), encoding="utf-8")
        (folder / "tuibao.toml").write_text(SETTINGS, encoding="utf-8")
        self.last = FIRST_DAY + datetime.timedelta(days=days - 1)
        self.run("backfill", "--from", str(FIRST_DAY), "--to", str(self.last), "--corpus", "corpus.jsonl")
        self.posts = sorted(self.site.glob("_posts/*.md"))
        if len(self.posts) != days:
            raise Missed(f"{len(self.posts)} posts of {days} days")

    def run(self, *words: str) -> str:
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "UTC"}
        return command([str(self.binary), *words], 300, cwd=self.folder, env=env)

    def knows(self, subcommand: str, flag: str) -> bool:
        try:
            return flag in self.run(subcommand, "--help")
        except Missed:
            return False

    def build(self) -> list[pathlib.Path]:
        """The pages of the posts, in their order."""
        (self.site / "_layouts").mkdir(exist_ok=True)
        (self.site / "_layouts" / "post.html").write_text(LAYOUT, encoding="utf-8")
        (self.site / "_config.yml").write_text(CONFIG, encoding="utf-8")
        renderers.jekyll(self.site, self.built)
        pages = [self.built / post.stem[:10].replace("-", "/") / f"{post.stem[11:]}.html" for post in self.posts]
        if missing := [str(file) for file in pages if not file.is_file()]:
            raise Missed(f"Jekyll made no {missing[0]}")
        return pages

    def edition(self) -> pathlib.Path | None:
        """The HTML edition of the last day; nothing when this program makes none."""
        if not self.knows("run", "--html"):
            return None
        self.run("run", "--date", str(self.last), "--corpus", "corpus.jsonl", "--html", "--force")
        made = self.folder.rglob(f"*{self.posts[-1].stem[11:]}.html")
        found = [file for file in made if self.built not in file.parents]
        if not found:
            raise Missed("`tuibao run --html` made no HTML edition")
        return found[0]

    @contextmanager
    def preview(self) -> Iterator[str | None]:
        """The address of the preview; nothing when this program has none."""
        if not self.knows("preview", "--port"):
            yield None
            return
        words = [str(self.binary), "preview", str(self.site), "--port", "0"]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "encoding": "utf-8"}
        server = subprocess.Popen(words, cwd=self.folder, **pipes)
        try:
            ready = select.select([server.stdout], [], [], page.SECONDS)[0]
            address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline()) if ready else None
            if not address:
                raise Missed("`tuibao preview` tells no address")
            yield address[0]
        finally:
            server.terminate()
            server.wait(page.SECONDS)


def differences(posts: list[pathlib.Path], pages: list[pathlib.Path]) -> list[str]:
    """The posts whose text the three renderers do not agree about."""
    texts = [post.read_text("utf-8") for post in posts]
    by_it = renderers.markdown_it([renderers.body(text) for text in texts])
    ways = {
        "kramdown": [renderers.seen(file.read_text("utf-8"), "article") for file in pages],
        "comrak": [renderers.seen(html) for html in renderers.comrak(posts)],
        "markdown-it": [renderers.seen(html) for html in by_it],
    }
    found = []
    for number, post in enumerate(posts):
        first = ways["kramdown"][number]
        if not first:
            found.append(f"{post.name}: is empty by kramdown")
        for name, shown in ways.items():
            if shown[number] != first:
                at = next((i for i, pair in enumerate(zip(first, shown[number])) if pair[0] != pair[1]), 0)
                told, wanted = shown[number][at : at + 40], first[at : at + 40]
                found.append(f"{post.name}: {name} has {told!r}, kramdown {wanted!r}")
    return found


def check(site: Site, eyes: Eyes, shots: pathlib.Path | None) -> list[tuple[str, Faults]]:
    """A row a page and width; a page that this program cannot make is left out, and said so."""
    rows: list[tuple[str, Faults]] = []
    pages = site.build()

    def look(name: str, url: str, cited: bool = True) -> None:
        for kind, width in WIDTHS.items():
            picture = shots / f"{name}-{kind}.png".replace(" ", "_") if shots else None
            rows.append((f"{name}, {kind}", eyes.faults(url, width, cited, picture)))

    with served(site.built) as here:
        look("post", f"{here}/{pages[-1].relative_to(site.built)}")
    if edition := site.edition():
        with served(edition.parent) as here:
            look("HTML edition", f"{here}/{edition.name}")
    else:
        print("skipped: this tuibao has no `run --html`")
    with site.preview() as address:
        if address:
            look("preview", f"{address}/", cited=False)
        else:
            print("skipped: this tuibao has no `preview --port`")
    return rows


def self_test(site: Site, eyes: Eyes) -> list[str]:
    """Which faults were planted and not found, or found where none was planted."""
    clean = site.build()[0]
    missed = []
    with served(site.built) as here:
        markup = clean.read_text("utf-8")
        for kind, planted in {"nothing": "", **PLANTED}.items():
            changed = markup.replace("</article>", planted + "</article>")
            # A page each: of one that changes within a second the browser keeps what it had.
            page_of_it = clean.parent / f"planted-{kind}.html"
            page_of_it.write_text(changed, encoding="utf-8")
            url = f"{here}/{page_of_it.relative_to(site.built)}"
            faults = eyes.faults(url, WIDTHS["phone"], cited=True)
            found = [name for name in KINDS if faults[name]]
            print(f"planted {kind:10} found {', '.join(found) or 'nothing'}")
            missed += [kind] if (kind not in found if planted else found) else []
    plant: dict[str, Callable[[str], str]] = {
        "texts": lambda post: post.replace("\n## ", "\n提出**“AI员工”概念**并\n\n## ", 1),
        "build": lambda post: post + "\n{% if x\n",
        "front matter": lambda post: post.replace("\ntitle: ", "\ntitle: @", 1),
    }
    post = site.posts[0]
    whole = post.read_text("utf-8")
    for kind, change in plant.items():
        post.write_text(change(whole), encoding="utf-8")
        try:
            found = differences(site.posts[:1], site.build()[:1])
        except Missed as complaint:
            found = [str(complaint)]
        print(f"planted {kind:10} found {found[0][:100] if found else 'nothing'}")
        missed += [] if found else [kind]
    post.write_text(whole, encoding="utf-8")
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, default=TARGET / "release" / "tuibao")
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--shots", type=pathlib.Path, help="a folder for a picture of each page")
    parser.add_argument("--self-test", action="store_true", help="plant one fault of each kind, and want each found")
    args = parser.parse_args()
    if lacking := renderers.lacking():
        sys.exit(f"needs {' and '.join(lacking)}")
    with tempfile.TemporaryDirectory(prefix="tuibao-bench-") as folder:
        site = Site(args.binary.resolve(), pathlib.Path(folder), 1 if args.self_test else args.days)
        eyes = Eyes(pathlib.Path(folder) / "chromium")
        try:
            if args.self_test:
                missed = self_test(site, eyes)
                sys.exit(f"not found as planted: {', '.join(missed)}" if missed else 0)
            if args.shots:
                args.shots.mkdir(parents=True, exist_ok=True)
            rows = check(site, eyes, args.shots)
            texts = differences(site.posts, sorted(site.built.glob("2*/*/*/*.html")))
        finally:
            eyes.close()
    print("page".ljust(22) + "".join(f"{kind:>10}" for kind in KINDS))
    for name, faults in rows:
        print(name.ljust(22) + "".join(f"{len(faults[kind]):10}" for kind in KINDS))
    print(f"{len(site.posts)} posts by kramdown, comrak and markdown-it: {len(texts)} differences")
    told = [f"{name}: {kind}: {fault}" for name, faults in rows for kind in KINDS for fault in faults[kind]] + texts
    print("\n".join(told))
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
