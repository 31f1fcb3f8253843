#!/usr/bin/env python3
"""The page's benchmark: hostile texts in each place of a post, through a real Jekyll into a real Chromium.

Payloads stand in tweets, in what a pretended model makes of them, and in a profile's own words. Each place is rendered
twice, the second time with harmless text in their stead. Jekyll builds both sites, and Chromium opens the pages: the
elements must be the same, no script may run, nothing else be asked for, and each line must read as the audit has it.
The browser is driven through a pipe, because only so a request that never leaves it is seen. Needs the built program,
Jekyll (`apt-get install jekyll`) and Chromium.
"""

import argparse
import datetime
import fcntl
import http.server
import json
import os
import pathlib
import random
import re
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import model

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIRST_DAY, FIRST_ID = datetime.date(2026, 1, 1), 2006000000000000000
HARMLESS = "普通文字"
SPLIT = "@@SPLIT@@"  # in a payload for two fields
SECONDS = 20.0  # for a command, or an answer of the browser
HANDLE = re.compile("[A-Za-z0-9_]{1,15}")
RUBY_WARNS = re.compile(r"/\S+\.rb:\d+: warning: ")

SETTINGS = """output = { images = "assets/img", image_url = "/assets/img/" }
memory = { days = 0 }
cloud = { enabled = CLOUD, width = 320, height = 180, words = 20 }
writer = { mode = "MODE" }
[model]
base_url = "http://127.0.0.1:PORT/v1"
ask = { section_tokens = 200000 }
cache = { folder = "" }
"""
# Each tweet is a topic, all are in one group, and no account is an advertiser: so each payload gets into the post.
PROFILE = """base = "twitter_ai"
filter = { allow = HANDLES }
cluster = { linkage_min = 1.0, kin_min = 1.0, pair_min = 1.0, sweeps = 0 }
[rank]
max_topics = 0
min_substance = 0.0
[outline]
key_points = 1000
default_group = "SECTION/all"
[[outline.sections]]
id = "SECTION"
heading = "要闻"
empty = "无。"
groups = [{ id = "all", heading = "要闻", words = { "大模型" = 5 } }]
[report]
name = "NAME"
"""
LAYOUT = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{{ page.title }}</title><link rel="icon" href="data:,"></head><body>
<h1 class="extra">{{ page.title | escape }}</h1><p>{{ page.title }}</p>
{% if page.label %}<p class="extra">{{ page.label | escape }}</p><p>{{ page.label }}</p>
{% for one in page.labels %}<p class="extra">{{ one | escape }}</p><p>{{ one }}</p>{% endfor %}{% endif %}
<article>
{{ content }}
</article></body></html>
"""
CONTROL = """<link rel="icon" href="data:,"><p onmouseover="window.__pwn=1">x</p><script>alert(1)</script>
<img src="http://evil.example/a.png">"""
CANARY = """for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => { document.title += ' PWN' };
Object.defineProperty(window, '__pwn', { set() { document.title += ' PWN' } });
//# sourceURL=bench:canary"""
LOOK = r"""(async () => {
const wait = time => new Promise(done => setTimeout(done, time)), all = query => [...document.querySelectorAll(query)];
const blocks = 'p, li, h1, h2, h3, h4, h5, h6, pre, td, dd, dt', tweet = /^https:\/\/x\.com\/\w{1,15}\/status\/\d+$/;
const picture = /^\/assets\/img\/wordcloud_\w+\.jpg$/, own = ['\\', '$'], shapes = [];
await wait(60);
const leaves = all('article *').filter(e => e.matches(blocks) && !e.querySelector(blocks));
const visible = e => e.checkVisibility() && e.innerText === e.textContent.trim();
const lines = leaves.map(e => (visible(e) ? '' : 'HIDDEN ') + e.textContent.trim());
const value = ({ name, value }) => name === 'alt' ? '' : value.replace(tweet, 'T').replace(picture, 'P');
const shape = (e, depth) => {
    if (e.tagName === 'SPAN' && !e.attributes.length && own.includes(e.textContent)) return;
    // Jekyll makes ids of headings of their words.
    const named = [...e.attributes].filter(at => at.name !== 'id' || !/^H\d$/.test(e.tagName));
    const attributes = named.map(at => at.name + '=' + value(at)).sort();
    shapes.push(' '.repeat(depth) + [e.tagName, ...attributes].join(' '));
    for (const child of e.children) shape(child, depth + 1);
};
shape(document.documentElement, 0);
const seen = { lines, shapes, extra: all('.extra').map(e => e.innerText), alts: all('img').map(e => e.alt) };
for (const e of all('body *')) {
    for (const kind of ['mouseover', 'focus', 'toggle']) e.dispatchEvent(new MouseEvent(kind, { bubbles: true }));
    if (!e.closest('a')) e.click?.();
}
await wait(60);
return { ...seen, pwned: document.title.includes('PWN') };
})()
//# sourceURL=bench:look"""


class Missed(Exception):
    """The program, or a tool, did not do what the scenario needs."""


@dataclass(frozen=True)
class Part:
    """A payload, or the first or second half of one that stands in two fields."""

    number: int
    name: str
    text: str

    def fill(self, template: str, text: str) -> str:
        """The template with a mark of this part, words that no other has, a ticker and, last, the text."""
        dice = random.Random(self.number)
        words = ["".join(dice.choices("bcdfghklmnprstvz", k=6)) for _ in range(8)]
        ticker = f"$K{chr(65 + self.number // 26)}{chr(65 + self.number % 26)}"
        for name, value in {"m": self.mark, "h": " ".join(words[:4]), "g": " ".join(words[4:]), "t": ticker}.items():
            template = template.replace(f"<{name}>", value)
        return template.replace("<p>", text)

    @property
    def mark(self) -> str:
        return f"Kv{self.number:03}"


@dataclass(frozen=True)
class Place:
    """Where the payloads stand: in templates of what a model writes, of the tweets, or of the profile."""

    name: str
    asked: str = ""  # what the model writes with a payload: detail, key_points or overview
    lead: str = "<m>"
    text: str = "<p> 谈及大模型。"
    tweet: str = "大模型 <m> <h> <p> <g> window"  # the checker finds that of `window.__pwn` only by itself
    author: str = "某人"
    section: str = "events"
    word: str = ""  # of the profile: a key of `[report]`, or `extra`

    @property
    def alone(self) -> bool:
        """Whether each payload has a post of its own."""
        return bool(self.word) or self.asked == "overview"

    def draft(self, part: Part, text: str) -> tuple[str, str]:
        return part.fill(self.lead, text).strip(), part.fill(self.text, text).strip()


BARE = "<p> 推文 <m> 谈及大模型。"
STOCK, NAME = "大模型 <m> <t> <h> <p> <g> window", "大模型 <m> <h> 1 <g> window"
PLACES = [
    Place("model lead", "detail", lead="<p>", text="推文 <m> 谈及大模型。"),
    Place("model sentence", "detail"),
    Place("model line", "detail", lead="", text=BARE),
    Place("stocks", "detail", lead="<t>", text="<p>，<t> 上涨，<m> 谈及 <t>。", tweet=STOCK, section="markets"),
    Place("display name", "detail", tweet=NAME, author="<p>"),
    Place("key point", "key_points"),
    Place("overview", "overview", lead="", text=BARE),
    Place("quotation"),
    Place("handle", tweet="大模型 <m> <h> <g>"),
    *(Place(word.replace("_", " "), word=word) for word in ["title", "extra", "heading", "note", "cloud", "cloud_alt"]),
]
COLUMNS = ["as text", "in part", "refused", "builds", "scripts", "foreign", "elements", "texts"]
FAULTS = COLUMNS[3:]
Verdict = dict[str, list[str]]


def clean(text: str) -> str:
    """What is documented: controls, bidi, zero-width and tag characters gone, white space folded, none at the ends."""
    text = re.sub("[\t\n\r\x85\u2028\u2029]", " ", text)
    listed = "\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef"
    text = re.sub(f"[\0-\x1f\x7f-\x9f{listed}\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]", "", text)
    return re.sub(" +", " ", text).strip()


def unset(text: str) -> str:
    """Without what Chinese typography may change or add: room, width of marks, form of quotation marks, 万 and 亿."""
    text = re.sub("（[0-9.]+ (?:万亿|亿|万)(?:美元|欧元|英镑)?）", "", text)
    return re.sub(r"\s", "", text.translate(str.maketrans("，。；：！？（）“”", ",.;:!?()\"\"")))


def words_alone(text: str) -> str:
    """What is left of a picture's description: kramdown keeps escapes there, so all that could be code is left out."""
    kept = [c for c in text if c.isalnum() or c in " ,.-，。；：、！？（）《》「」—…·"]
    return " ".join("".join(kept).split())


class Server(http.server.ThreadingHTTPServer):
    """The pretended model, and the site: counts what is asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root = pathlib.Path("/nowhere")
        self.asked: list[str] = []
        self.claims: Callable[[str, list[dict[str, Any]]], list[dict[str, Any]]] = lambda label, lines: []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = urllib.parse.unquote(self.path)
        self.server.asked.append(path)
        file = self.server.root / path.lstrip("/")
        kind = {".html": "text/html; charset=utf-8", ".jpg": "image/jpeg"}.get(file.suffix, "text/plain")
        self.reply(200 if file.is_file() else 404, kind, file.read_bytes() if file.is_file() else b"")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        label, _, lines = model.read(body["messages"][-1]["content"])
        claims = {"claims": self.server.claims(label, [json.loads(line) for line in lines])}
        message = {"role": "assistant", "content": json.dumps(claims)}
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"]}
        answer |= {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        self.reply(200, "application/json", json.dumps(answer).encode())

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Browser:
    """A Chromium, spoken to in its debugging protocol over a pipe."""

    def __init__(self, folder: pathlib.Path) -> None:
        # High numbers, so that neither is one of those that the browser is given them as.
        ours = [[fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in os.pipe()] for _ in range(2)]
        (theirs_in, self.out), (self.into, theirs_out) = ours
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-proxy-server"]
        flags += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={folder}"]
        flags += ["--no-first-run", "--disable-background-networking", "--disable-component-update", "about:blank"]
        shell = ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", "chromium", *flags]
        self.process = subprocess.Popen(shell, pass_fds=[theirs_in, theirs_out], stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.rest, self.number, self.session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Network", "Debugger"]:
            self.call(f"{domain}.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=CANARY)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        message |= {"sessionId": self.session} if self.session else {}
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while (answer := self.next()).get("id") != self.number:
            self.events.append(answer)
        if "result" not in answer:
            raise Missed(f"Chromium refuses {method}: {answer.get('error')}")
        return answer["result"]

    def next(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            ready = select.select([self.into], [], [], SECONDS)[0]
            piece = os.read(self.into, 1 << 16) if ready else b""
            if not piece:
                raise Missed("Chromium does not answer")
            self.rest += piece
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def look(self, url: str) -> dict[str, Any]:
        """What a page shows, the scripts that it ran, and all that it asked for."""
        self.events.clear()
        self.call("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.next())
        seen = self.call("Runtime.evaluate", expression=LOOK, awaitPromise=True, returnByValue=True)
        if "value" not in seen["result"]:
            raise Missed(f"the page cannot be looked at: {seen}")
        of = lambda method: [event["params"] for event in self.events if event.get("method") == method]
        # Each script is told when it is read, those in attributes too; only ours have such a name.
        scripts = [one["url"] or "inline" for one in of("Debugger.scriptParsed") if not one["url"].startswith("bench:")]
        scripts += ["what the canary saw"] if seen["result"]["value"]["pwned"] else []
        requests = [one["request"]["url"] for one in of("Network.requestWillBeSent")]
        return seen["result"]["value"] | {"scripts": scripts, "requests": requests}

    def close(self) -> None:
        self.session = ""
        self.call("Browser.close")
        self.process.wait(SECONDS)


@dataclass
class Bench:
    binary: pathlib.Path
    folder: pathlib.Path
    server: Server
    browser: Browser
    count: int = 0

    def judge(self, place: Place, payloads: list[tuple[str, str]]) -> Verdict:
        """What became of the payloads; a fault of a report or a build is traced to those that bring it about."""
        try:
            verdict = self.trial(place, parts_of(place, payloads))
        except Missed as missed:
            about = payloads[0][0] if len(payloads) == 1 else "several payloads"
            verdict = {name: [] for name in COLUMNS} | {"builds": [f"{place.name}: {about}: {missed}"]}
        traced = ["builds"] if place.alone else ["builds", "scripts", "foreign", "elements"]
        if len(payloads) == 1 or not any(verdict[name] for name in traced):
            return verdict
        middle = len(payloads) // 2
        one, other = (self.judge(place, half) for half in (payloads[:middle], payloads[middle:]))
        halves = {name: one[name] + other[name] for name in COLUMNS}
        return halves if any(halves[name] for name in FAULTS) else verdict

    def trial(self, place: Place, parts: list[Part]) -> Verdict:
        verdict: Verdict = {name: [] for name in COLUMNS}
        site = self.reports(place, parts, {part.number: part.text for part in parts}, set())
        audits = {path.name.split(".")[0]: json.loads(path.read_text("utf-8")) for path in site.glob("_audit/*.json")}
        drafts = [one["draft"] for audit in audits.values() for one in audit["brief"]["refused"]]
        drafts = [(one["lead"], one["text"]) for one in drafts if one["writer"] == "model"]
        refused = {part.number for part in parts if place.draft(part, part.text) in drafts}
        verdict["refused"] = [part.name for part in parts if part.number in refused]
        if place.name == "handle":  # each second line of the corpus
            lines = [one["source"]["line"] for audit in audits.values() for one in audit["rejected"]]
            verdict["refused"] = [parts[line // 2 - 1].name for line in lines]
        # The same with harmless text, refused in the same places. Of posts that are alike one of each kind is enough.
        likes = {}
        for kind in {part.number in refused for part in parts} if place.alone else {False}:
            few = [part for part in parts if (part.number in refused) == kind][:1] if place.alone else parts
            twin = self.reports(place, few, {part.number: HARMLESS for part in parts}, refused)
            likes[kind] = self.pages(twin)[0][1]["shapes"]
        pages = self.pages(site)
        for mine, (slug, seen) in zip([[part] for part in parts] if place.alone else [parts], pages, strict=True):
            about = f"{place.name}: {mine[0].name if len({part.name for part in mine}) == 1 else 'several payloads'}:"
            like = likes[place.alone and mine[0].number in refused]
            verdict["scripts"] += [f"{about} ran {script}" for script in seen["scripts"]]
            verdict["foreign"] += [f"{about} asked for {url}" for url in seen["foreign"]]
            if pair := next((pair for pair in zip_longest(seen["shapes"], like) if pair[0] != pair[1]), None):
                verdict["elements"].append(f"{about} has the element {pair[0]}, not {pair[1]}")
            verdict["texts"] += [f"{about} {text}" for text in differences(audits[slug], seen["lines"])]
            for part in [part for part in mine if part.number not in refused]:
                kind, text = self.fate(place, part, audits[slug], seen)
                verdict[kind].append(f"{place.name}: {part.name}: {text}" if text else part.name)
        return verdict

    def reports(self, place: Place, parts: list[Part], texts: dict[int, str], refused: set[int]) -> pathlib.Path:
        """The site with the reports of a place; what was refused is written so that it is refused again."""
        self.count += 1
        folder = self.folder / f"{self.count}"
        folder.mkdir()
        # Where a profile's words are the payload, the report is of one harmless tweet.
        told = [(Part(0, "", ""), HARMLESS)] if place.word else [(part, texts[part.number]) for part in parts]
        records = [record for part, text in told for record in tweets(place, part, text)]
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
        (folder / "corpus.jsonl").write_text("".join(lines), encoding="utf-8")
        settings = SETTINGS.replace("CLOUD", "true" if place.word.startswith("cloud") else "false")
        settings = settings.replace("MODE", "model" if place.asked else "extractive")
        settings = settings.replace("PORT", str(self.server.server_port))
        (folder / "tuibao.toml").write_text(settings, encoding="utf-8")
        handles = {record["author"]["handle"] for record in records if HANDLE.fullmatch(record["author"]["handle"])}
        profile = PROFILE.replace("SECTION", place.section).replace("HANDLES", json.dumps(sorted(handles)))
        self.server.claims = lambda label, lines: claims(place, parts, texts, refused, label, lines)
        days = ["backfill", "--from", str(day(place, parts[0])), "--to", str(day(place, parts[-1]))]
        for part in parts if place.word else parts[:1]:
            name = f"p{part.number:03}"
            words = profile.replace("NAME", name) + own_word(place.word, texts[part.number])
            (folder / f"{name}.toml").write_text(words, encoding="utf-8")
            # A section of which every claim is refused is a gap, of which the exit code tells.
            places = ["--corpus", "corpus.jsonl", "--profile", f"{name}.toml"]
            self.command(folder, [0, 3], str(self.binary), *days, *places)
        return folder / "site"

    def command(self, folder: pathlib.Path, codes: list[int], *command: str) -> str:
        # Nothing of the caller's environment: neither settings, nor proxies; UTC, so that a post's day is the report's.
        env = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC"}
        try:
            done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=SECONDS)
        except subprocess.TimeoutExpired as late:
            raise Missed(f"{pathlib.Path(command[0]).name} took more than {SECONDS:.0f} s") from late
        said = " ".join(line.strip() for line in done.stderr.splitlines() if not RUBY_WARNS.match(line))
        if done.returncode not in codes:
            raise Missed(f"{pathlib.Path(command[0]).name} ended with {done.returncode}: {said[:300]}")
        return said

    def pages(self, site: pathlib.Path) -> list[tuple[str, dict[str, Any]]]:
        """Each post's slug, and its page as Jekyll built it and Chromium sees it."""
        (site / "_layouts").mkdir()
        (site / "_layouts" / "post.html").write_text(LAYOUT, encoding="utf-8")
        (site / "_config.yml").write_text("strict_front_matter: true\nfuture: true\n", encoding="utf-8")
        built = self.server.root = site.parent / "built"
        said = self.command(site, [0], "jekyll", "build", "--destination", str(built), "--disable-disk-cache")
        if said:
            raise Missed(f"Jekyll complains: {said[:300]}")
        posts = sorted(path.stem for path in site.glob("_posts/*.md"))
        files = [f"/{post[:10].replace('-', '/')}/{post[11:]}.html" for post in posts]
        pages = [f"/{path.relative_to(built)}" for path in built.rglob("*.html")]
        if not posts or sorted(pages) != sorted(files):
            odd = sorted(set(pages) ^ set(files))
            raise Missed(f"Jekyll made {len(pages)} pages of {len(files)} posts: {odd[:4]}")
        slugs = [post[11:] for post in posts]
        return [(slug, self.look(file, f"/assets/img/wordcloud_{slug}.jpg")) for slug, file in zip(slugs, files)]

    def look(self, path: str, picture: str) -> dict[str, Any]:
        self.server.asked.clear()
        here = f"http://127.0.0.1:{self.server.server_port}"
        seen = self.browser.look(here + path)
        asked = {url.removeprefix(here) for url in seen["requests"]} | set(self.server.asked)
        return seen | {"foreign": sorted(asked - {path, picture, "data:,"})}

    def fate(self, place: Place, part: Part, audit: dict[str, Any], seen: dict[str, Any]) -> tuple[str, str]:
        """What became of one payload on a page: a column of the table, and what is to be said about it."""
        wanted = clean(part.text)
        if place.word:
            head = clean(re.sub("[<>{}]", "", part.text))
            shown = {"title": (seen["extra"][:1], [head]), "extra": (seen["extra"][1:], [head, head, "AI"])}
            shown["cloud_alt"] = (seen["alts"], [words_alone(wanted)])
            shows, wants = shown.get(place.word, ([line for line in seen["lines"] if line == wanted], [wanted]))
            return ("as text", "") if shows == wants else ("texts", f"reads {shows}, not {wants}")
        if place.asked:
            told = [(unset(claim["lead"]), unset(claim["text"])) for claim in all_claims(audit)]
            lead, text = place.draft(part, part.text)
            return ("as text", "") if (unset(lead), unset(text)) in told else ("texts", "came to nothing")
        if place.name == "handle":
            tweets = [tweet["tweet"] for topic in audit["topics"] for tweet in topic["tweets"]]
            bad = [one["author"]["handle"] for one in tweets if not HANDLE.fullmatch(one["author"]["handle"])]
            return ("texts", f"is a handle beside {bad}") if bad else ("as text", "")
        whole = any(wanted in line and part.mark in line for line in seen["lines"])
        return "as text" if whole else "in part", ""


def parts_of(place: Place, payloads: list[tuple[str, str]]) -> list[Part]:
    """One part a payload; of those for two fields the second halves come last, so that all else lies between."""
    if place.alone:
        return [Part(number, name, text.replace(SPLIT, " 又 ")) for number, (name, text) in enumerate(payloads)]
    halves = [(name, text.split(SPLIT)) for name, text in payloads]
    pieces = [(name, both[0]) for name, both in halves] + [(name, both[1]) for name, both in halves if both[1:]]
    return [Part(number, name, text) for number, (name, text) in enumerate(pieces)]


def day(place: Place, part: Part) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=part.number if place.asked == "overview" else 0)


def tweets(place: Place, part: Part, text: str) -> list[dict[str, Any]]:
    """A tweet with the payload; for handles one with the payload's letters as a handle, and one with all of it."""
    time = f"{day(place, part)}T{part.number // 60:02}:{part.number % 60:02}:00Z"
    author = {"handle": f"w{part.number}", "name": part.fill(place.author, text)}
    one = {"id": str(FIRST_ID + part.number), "author": author, "created_at": time}
    one["text"] = part.fill(place.tweet, text)
    if place.name != "handle":
        return [one]
    author["handle"] = re.sub("[^A-Za-z0-9_]+", "_", part.text if text == part.text else author["handle"])[:15]
    return [one, one | {"id": str(FIRST_ID + 500 + part.number), "author": {"handle": text, "name": "某人"}}]


def claims(
    place: Place, parts: list[Part], texts: dict[int, str], refused: set[int], label: str, lines: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The model's answer: one claim about each tweet, in their order, with the payloads where the place has them."""
    asked = "key_points" if label == "核心信息" else "overview" if label.startswith("主要话题") else "detail"
    answer = []
    by_mark = {part.mark: part for part in parts}
    for line in lines:
        part = by_mark[re.findall(r"Kv\d{3}", json.dumps(line))[0]]
        lead, text = part.mark, f"推文 {part.mark} 谈及大模型。"
        if asked == place.asked:
            lead, text = place.draft(part, texts[part.number])
            text += "Zzq9x" if part.number in refused else ""
        cites = [line["id"]] if "id" in line else line["cites"]
        answer.append((part.number, {"group": "all", "lead": lead, "text": text, "cites": cites}))
    return [claim for _, claim in sorted(answer, key=lambda pair: pair[0])]


def own_word(key: str, text: str) -> str:
    """The payload as one of the profile's words, which are templates: there a brace is written as an expression."""
    toml = lambda text: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    if key == "extra":
        return f"[post]\nextra = {{ label = {toml(text)}, labels = [{toml(text)}, \"AI\"] }}\n"
    words = toml(text.replace("{", "{{ '{' }}"))
    return f"{key} = {words}\n" if key else ""


def all_claims(audit: dict[str, Any]) -> list[dict[str, Any]]:
    """In the order of the post."""
    brief = audit["brief"]
    detail = [claim for section in brief["sections"] for claim in section["claims"]]
    return [*brief["overview"], *brief["key_points"], *detail]


def differences(audit: dict[str, Any], lines: list[str]) -> list[str]:
    """The claims that do not stand on the page, in their order, just as the audit has them after cleaning."""
    missing = []
    for claim in all_claims(audit):
        lead = clean(claim["lead"]).rstrip("：:。．，,、；; ")
        cites = "、".join(f"@{cite['handle']}" for cite in claim["cites"])
        line = f"{lead}{'：' if lead else ''}{clean(claim['text'])}（{cites}）"
        if line in lines:
            lines = lines[lines.index(line) + 1 :]
        else:
            missing.append(f"nowhere reads {line!r}")
    return missing


def control(bench: Bench) -> None:
    """Neither a script nor a request may go unseen, or all that follows proves nothing."""
    bench.server.root = bench.folder
    (bench.folder / "control.html").write_text(CONTROL, encoding="utf-8")
    seen = bench.look("/control.html", "")
    if len(seen["scripts"]) < 3 or seen["foreign"] != ["http://evil.example/a.png"]:
        raise Missed(f"the control page is not seen through: {seen}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target" / "release" / "tuibao")
    parser.add_argument("--payloads", type=pathlib.Path, default=ROOT.parent / "shared/cases/page_payloads_dev.json")
    parser.add_argument("--only", choices=[place.name for place in PLACES])
    args = parser.parse_args()
    if lacking := [tool for tool in ["jekyll", "chromium"] if not shutil.which(tool)]:
        sys.exit(f"needs {' and '.join(lacking)}")
    payloads = [(case["id"], case["payload"]) for case in json.loads(args.payloads.read_text(encoding="utf-8"))]
    rows: dict[str, Verdict] = {}
    with tempfile.TemporaryDirectory(prefix="tuibao-bench-") as folder:
        browser = Browser(pathlib.Path(folder) / "chromium")
        try:
            bench = Bench(args.binary.resolve(), pathlib.Path(folder), Server(), browser)
            control(bench)
            for place in PLACES:
                if args.only in (None, place.name):
                    rows[place.name] = bench.judge(place, payloads)
                    print(f"{place.name}: {sum(len(rows[place.name][name]) for name in FAULTS)} faults", flush=True)
        finally:
            browser.close()
    print("\n" + "".join(f"{name:>10}" for name in ["place".ljust(16), "payloads", *COLUMNS]))
    for name, verdict in rows.items():
        counts = [len(payloads), *(len(set(verdict[column])) for column in COLUMNS)]
        print(f"{name:16}" + "".join(f"{count:10}" for count in counts))
    faults = [fault for verdict in rows.values() for name in FAULTS for fault in verdict[name]]
    print("\n".join(["", *faults]))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
