#!/usr/bin/env python3
"""The model layer's benchmark: calls are counted and timed at the other end, by a server of the benchmark's own.

The server speaks chat completions on loopback and answers each request honestly from the tweets in it, after a fixed
time. So what is measured is the program alone: how well it keeps the endpoint busy, that it keeps to its limits, and
that no answer is paid for twice. Needs the built program, the fixtures, and zstd
to look into what is kept.
"""

import argparse
import asyncio
import bisect
import datetime
import hashlib
import json
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures" / "ai"
DAY = datetime.date(2026, 3, 4)
FIRST_DAY = datetime.date(2026, 1, 5)
SLUG = f"twitter_ai_{DAY:%Y%m%d}_{DAY:%Y%m%d}"
POST, AUDIT = f"site/_posts/{DAY}-{SLUG}.md", f"site/_audit/{SLUG}.audit.json"
PARALLEL = 8
# An answer may lie this long in the program before it is on disk.
GRACE_SECONDS = 0.05
KILLS = 12
CANARY = "sk-CANARY0123456789abcdef"


@dataclass
class Call:
    """A request as it arrived."""

    label: str
    body: str  # hash of all bytes
    data: str  # label, and what stands between the boundary lines
    bearer: str
    arrived: float
    delivered: float | None = None


class Server:
    """A pretended model: OpenAI's chat completions over HTTP/1.1 with keep-alive."""

    def __init__(self) -> None:
        self.reset(0.0)
        loop = asyncio.new_event_loop()
        listening = loop.run_until_complete(asyncio.start_server(self.talk, "127.0.0.1", 0))
        self.port: int = listening.sockets[0].getsockname()[1]
        threading.Thread(target=loop.run_forever, daemon=True).start()

    def reset(self, latency: float, spread: float = 0.0) -> None:
        """Forgets all calls; with a spread each body has a latency of its own, that share below or above."""
        self.calls: list[Call] = []
        self.refuses, self.latency, self.spread = False, latency, spread

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Without a buffer of our own, what is drained is with the kernel.
        writer.transport.set_write_buffer_limits(0)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
                fields = (line.partition(":") for line in head[1:])
                headers = {name.lower(): value.strip() for name, _, value in fields}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                await self.answer(body, headers.get("authorization", ""), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the program closed the connection, or was killed
        finally:
            writer.close()

    async def answer(self, body: bytes, bearer: str, writer: asyncio.StreamWriter) -> None:
        asked = json.loads(body)
        label, group, lines = read(asked["messages"][-1]["content"])
        call = Call(label, hashlib.sha256(body).hexdigest(), "\n".join([label, *lines]), bearer, time.monotonic())
        self.calls.append(call)
        await asyncio.sleep(self.latency * (1 + self.spread * (int(call.body[:4], 16) / 0x8000 - 1)))
        claims = {"claims": honest(label, group, [json.loads(line) for line in lines])}
        message = {"role": "assistant", "content": json.dumps(claims, ensure_ascii=False)}
        usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
        answer: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1772500000}
        answer |= {"model": asked["model"], "usage": usage}
        answer |= {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        if self.refuses:
            answer = {"error": {"message": f"Incorrect API key provided: {bearer}"}}
        text = json.dumps(answer, ensure_ascii=False).encode()
        status = "401 Unauthorized" if self.refuses else "200 OK"
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        writer.write(head.encode() + text)
        await writer.drain()
        call.delivered = time.monotonic()


def read(user: str) -> tuple[str, str, list[str]]:
    """What is asked for, the first group offered, and the JSON lines between the two boundary lines."""
    lines = user.split("\n")
    first, last = [place for place, line in enumerate(lines) if line.startswith("DATA-")][:2]
    named = re.search("「(.+?)」", user)
    groups = [line[2:].split("：")[0] for line in lines[:first] if line.startswith("- ") and "：" in line]
    return named[1] if named else "", "".join(groups[:1]), lines[first + 1 : last]


def honest(label: str, group: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One claim a topic, of its first tweet's author and one of its words; in the brief part, the claims given."""
    claims, told = [], set()
    for line in lines:
        if "by" not in line:
            lead = line["lead"] if claims or label == "核心信息" else ""
            claims.append({"group": "", "lead": lead, "text": line["text"], "cites": line["cites"]})
        elif line["topic"] not in told:
            told.add(line["topic"])
            word = next((word for word in line["text"].split() if re.fullmatch("[A-Za-z]{4,}", word)), "")
            text = f"{line['by']} 谈到 {word}。" if word else f"{line['by']} 就此发文。"
            claims.append({"group": group, "lead": "动态", "text": text, "cites": [line["id"]]})
    return claims


class Missed(Exception):
    """The program did not do what the scenario needs."""


class Place:
    """A folder with a configuration, in which the program runs."""

    def __init__(self, binary: pathlib.Path, server: Server, folder: pathlib.Path) -> None:
        self.binary, self.server, self.folder = binary, server, folder
        self.profile: list[str] = []
        self.folder.mkdir(parents=True)
        self.configure()

    def configure(self, rate: int = 0, writer: str = "", model: str = "") -> None:
        limits = f"parallel = {PARALLEL}\nrequests_per_minute = {rate}\n{model}"
        text = f'[writer]\nmode = "model"\n{writer}\n[cloud]\nenabled = false\n[model]\n{limits}\n'
        text += f'base_url = "http://127.0.0.1:{self.server.port}/v1"\n[model.cache]\nfolder = "cache/model"\n'
        (self.folder / "tuibao.toml").write_text(text, encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        # Nothing of the caller's environment: neither settings, nor keys, nor proxies.
        env = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "BENCH_KEY": CANARY}
        command = [str(self.binary), *arguments, *self.profile, "--out", "site"]
        return subprocess.Popen(command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *arguments: str, code: int = 0) -> tuple[float, list[Call], bytes]:
        """Wall seconds, calls and output of a run that must end with this exit code."""
        before, started = len(self.server.calls), time.monotonic()
        process = self.start(*arguments)
        output = process.communicate()[0]
        seconds = time.monotonic() - started
        if process.returncode != code:
            tail = " ".join(output.decode(errors="replace").split())[-300:]
            raise Missed(f"`tuibao {' '.join(arguments)}` ended with {process.returncode}, not {code}: {tail}")
        return seconds, self.server.calls[before:], output

    def day(self, *more: str, corpus: pathlib.Path = FIXTURES, code: int = 0) -> tuple[float, list[Call], bytes]:
        return self.run("run", "--corpus", str(corpus), "--date", str(DAY), *more, code=code)

    def backfill(self, days: int) -> list[str]:
        """The arguments of a back-fill over a corpus made for it."""
        write_days(self.folder / "corpus", days)
        last = FIRST_DAY + datetime.timedelta(days=days - 1)
        return ["backfill", "--corpus", "corpus", "--from", str(FIRST_DAY), "--to", str(last)]


def write_days(folder: pathlib.Path, days: int) -> None:
    """The tweets of one day of the fixtures, moved to each of many days: new ids, and texts of their own."""
    page = json.loads((FIXTURES / f"{DAY}.json").read_text(encoding="utf-8"))
    names = {user["id"]: user for user in page["includes"]["users"]}
    folder.mkdir()
    for place in range(days):
        date = FIRST_DAY + datetime.timedelta(days=place)
        # A retweet's text is not its own.
        own = [tweet for tweet in page["data"] if not tweet["text"].startswith("RT @")]
        rows = [move(tweet, names[tweet["author_id"]], date - DAY, f"Kestrel-{place + 1}B") for tweet in own]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{date}.jsonl").write_text(text, encoding="utf-8")


def move(tweet: dict[str, Any], author: dict[str, Any], by: datetime.timedelta, name: str) -> dict[str, Any]:
    text = re.sub(r"\s*https://t\.co/\w+", "", tweet.get("note_tweet", tweet)["text"])
    return {
        # The time is in the upper bits of an id, in milliseconds.
        "id": str(int(tweet["id"]) + by // datetime.timedelta(milliseconds=1) * (1 << 22)),
        "author": {"handle": author["username"], "name": author["name"]},
        "created_at": (datetime.datetime.fromisoformat(tweet["created_at"]) + by).isoformat(),
        "text": f"{text} {name}",
        "metrics": {"likes": tweet["public_metrics"]["like_count"]},
    }


def with_more_sections(place: Place) -> list[str]:
    """A profile of seven sections: three more, each with the words of a story of the day. Returns all their ids."""
    more = {"compute": '"H100" = 20, "PUE" = 20', "robots": '"Tallis" = 20', "law": '"SB 1187" = 20'}
    profile = (ROOT / "config" / "reports" / "twitter_ai.toml").read_text(encoding="utf-8")
    ids = re.findall(r'^\[\[outline\.sections\]\]\nid = "(\w+)"', profile, re.MULTILINE)
    prompts = place.folder / "prompts" / "zh"
    prompts.mkdir(parents=True)
    for name, words in more.items():
        profile += f'\n[[outline.sections]]\nid = "{name}"\nheading = "专题 {name}"\nempty = "无。"\n'
        profile += f'\n[[outline.sections.groups]]\nid = "{name}_all"\nheading = "要闻"\nwords = {{ {words} }}\n'
        shutil.copy(ROOT / "prompts" / "zh" / "events.md", prompts / f"{name}.md")
    (place.folder / "seven.toml").write_text(profile, encoding="utf-8")
    place.profile = ["--profile", "seven.toml"]
    place.configure(writer='prompts = "prompts"')
    return [*ids, *more]


Row = tuple[str, str, str, bool]
Scenario = Callable[[Place, float], Iterable[Row]]


def sections(place: Place, latency: float) -> Iterable[Row]:
    ids = with_more_sections(place)
    place.server.reset(latency)
    seconds, calls, _ = place.day()
    brief = json.loads((place.folder / AUDIT).read_text(encoding="utf-8"))["brief"]
    asked = {call["part"] for call in brief["calls"]}
    if len(ids) != 7 or not asked.issuperset(ids) or brief["gaps"]:
        raise Missed(f"not all of {ids} were asked: {sorted(asked)}, gaps {brief['gaps']}")
    bar = 2 * latency + 1
    yield "sections", f"{seconds:.2f} s for 7 sections, {len(calls)} calls", f"< {bar:.1f} s", seconds < bar


def backfill(place: Place, latency: float) -> Iterable[Row]:
    place.server.reset(latency)
    seconds, calls, _ = place.run(*place.backfill(30))
    ideal = len(calls) * latency / PARALLEL
    ratio = seconds / ideal
    open_at = lambda time: sum(call.arrived <= time < (call.delivered or math.inf) for call in calls)
    peak = max(open_at(call.arrived) for call in calls)
    figure = f"{ratio:.2f} of ideal: {seconds:.1f} s for {len(calls)} calls, ideal {ideal:.1f} s"
    yield "backfill", f"{figure}, at most {peak} at once", f"≤ 1.15, at most {PARALLEL} at once", ratio <= 1.15 and peak <= PARALLEL


def rate(place: Place, _: float) -> Iterable[Row]:
    place.server.reset(0.05)
    place.configure(rate=60)
    seconds, calls, _ = place.run(*place.backfill(34))
    if len(calls) <= 130:
        raise Missed(f"only {len(calls)} calls, which is too few to see the limit")
    times = sorted(call.arrived for call in calls)
    most = max(bisect.bisect_left(times, begin + 60) - place for place, begin in enumerate(times))
    yield "rate", f"{most} calls in a minute at most, of {len(calls)} in {seconds:.0f} s", "≤ 61", most <= 61


def rerun(place: Place, _: float) -> Iterable[Row]:
    place.server.reset(0.05)
    _, first, _ = place.day()
    post = (place.folder / POST).read_bytes()
    _, again, _ = place.day()
    yield "rerun", f"{len(again)} calls of {len(first)}", "0", len(first) > 0 and not again
    shutil.rmtree(place.folder / "site")
    _, again, _ = place.day()
    same = (place.folder / POST).read_bytes() == post
    figure = f"{len(again)} calls of {len(first)}, the post is {'the same' if same else 'another'}"
    yield "rerun without site", figure, "0, the same", not again and same


def changed(place: Place, _: float) -> Iterable[Row]:
    place.server.reset(0.05)
    corpus = shutil.copytree(FIXTURES, place.folder / "corpus")
    _, first, _ = place.day(corpus=corpus)
    file = corpus / f"{DAY}.json"
    text = file.read_text(encoding="utf-8").replace("after touching $239 at", "after touching $238 at")
    file.write_text(text, encoding="utf-8")
    _, second, _ = place.day(corpus=corpus)
    new = {call.body for call in second} - {call.body for call in first}
    figure = f"{len(second)} calls of {len(first)} ({'、'.join(call.label for call in second)})"
    yield "changed", figure, f"{len(new)} new bodies", 0 < len(second) == len(new)
    # A boundary that hashes the whole report would make every body new.
    same = {call.data for call in first} & {call.data for call in second}
    yield "changed, same lines", f"{len(same)} asked again with the lines of before", "0", not same


def resume(place: Place, _: float) -> Iterable[Row]:
    """Back-fills that are killed and started again; another one where it was done before all kills were."""
    dice, kills, counts, rounds = random.Random(20260304), 0, [0, 0, 0, 0], 0
    while kills < KILLS:
        rounds += 1
        here = Place(place.binary, place.server, place.folder / f"round{rounds}")
        arguments = here.backfill(10)
        place.server.reset(0.6, spread=0.5)
        # Of each start: how many calls there had been by its end, and when it was killed.
        runs: list[tuple[int, float | None]] = []
        while not runs or runs[-1][1] is not None:
            killed = run_or_kill(here, arguments, dice, kills)
            kills += killed is not None
            runs.append((len(place.server.calls), killed))
        if len(list(here.folder.glob("site/_posts/*.md"))) != 10:
            raise Missed("not all 10 posts are there in the end")
        counts = [sum(pair) for pair in zip(counts, judge(place.server.calls, runs))]
    total, distinct, flying, paid = counts
    figure = f"{paid} paid calls repeated; {total} calls, {distinct} bodies, {flying} in flight at {kills} kills"
    yield "resume", f"{figure}, {rounds} back-fills", "0 repeated", paid == 0


def run_or_kill(place: Place, arguments: list[str], dice: random.Random, kills: int) -> float | None:
    """When it was killed; `None` when it was left alone, or done before."""
    if kills == KILLS:
        place.run(*arguments)
        return None
    before, process = len(place.server.calls), place.start(*arguments, "--quiet")
    if kills % 4 == 3:
        delay = dice.uniform(0, 0.5)  # anywhere, also before it asks anything
    else:
        delay = dice.uniform(0, 1.5 * place.server.latency)
        while process.poll() is None and len(place.server.calls) == before:
            time.sleep(0.002)
    try:
        output, _ = process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        killed = time.monotonic()
        process.kill()
        process.communicate()
        time.sleep(0.1)  # what it had sent still arrives
        return killed
    if process.returncode:
        raise Missed(f"the back-fill ended with {process.returncode}: {output.decode(errors='replace')[-300:]}")
    return None


def judge(calls: list[Call], runs: list[tuple[int, float | None]]) -> tuple[int, int, int, int]:
    """Calls, distinct bodies, calls in flight at the kills, and calls for bodies whose answer the program had."""
    flying = paid = begin = 0
    had: dict[str, float] = {}
    for end, killed in runs:
        for call in calls[begin:end]:
            paid += call.body in had and had[call.body] < call.arrived
            if killed is None or (call.delivered is not None and call.delivered <= killed - GRACE_SECONDS):
                had.setdefault(call.body, call.delivered or call.arrived)
            elif call.delivered is None or call.delivered > killed:
                flying += 1
        begin = end
    return len(calls), len({call.body for call in calls}), flying, paid


def key(place: Place, _: float) -> Iterable[Row]:
    place.server.reset(0.05)
    refused = Place(place.binary, place.server, place.folder / "refused")
    for one in (place, refused):
        one.configure(model='api_key_env = "BENCH_KEY"')
    outputs = [place.day("-vvv", "--dry-run")[2], place.day("-vvv")[2]]
    outputs.append(place.run("doctor", "-vvv", "--corpus", str(FIXTURES))[2])
    # An endpoint that refuses a key may repeat it.
    place.server.refuses = True
    outputs.append(refused.day("-vvv", code=5)[2])
    if {call.bearer for call in place.server.calls} != {f"Bearer {CANARY}"}:
        raise Missed("the key did not reach the server")
    files = [contents(path) for path in place.folder.rglob("*") if path.is_file()]
    hits = sum(CANARY.removeprefix("sk-").encode() in data for data in [*outputs, *files])
    yield "key", f"{hits} hits in {len(outputs)} outputs and {len(files)} files", "0", hits == 0


def contents(path: pathlib.Path) -> bytes:
    """The bytes of a file; of a packed answer unpacked, since nothing can be seen in it otherwise."""
    if path.suffix != ".zst":
        return path.read_bytes()
    return subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout


SCENARIOS: list[Scenario] = [sections, backfill, rate, rerun, changed, resume, key]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target" / "release" / "tuibao")
    parser.add_argument("--latency", type=float, default=2.0, help="seconds of a call, of `sections` and `backfill`")
    parser.add_argument("--only", choices=[scenario.__name__ for scenario in SCENARIOS])
    args = parser.parse_args()
    server = Server()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="tuibao-bench-") as folder:
        for scenario in SCENARIOS:
            if args.only in (None, name := scenario.__name__):
                place = Place(args.binary.resolve(), server, pathlib.Path(folder) / name)
                try:
                    for row in scenario(place, args.latency):
                        rows.append(show(row))
                except (Missed, OSError, subprocess.CalledProcessError) as missed:
                    rows.append(show((name, str(missed), "that it runs", False)))
    print(f"\n{'scenario':20} {'':6} figure")
    for name, figure, bar, ok in rows:
        print(f"{name:20} {'ok' if ok else 'MISSED':6} {figure} (bar: {bar})")
    sys.exit(0 if all(ok for _, _, _, ok in rows) else 1)


def show(row: Row) -> Row:
    name, figure, bar, ok = row
    print(f"{name}: {figure} (bar: {bar}) {'ok' if ok else 'MISSED'}", flush=True)
    return row


if __name__ == "__main__":
    main()
