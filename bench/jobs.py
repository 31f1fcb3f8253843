#!/usr/bin/env python3
"""Reports as jobs on several workers: what must hold when workers die, PostgreSQL restarts, and the model has limits.

`jobs.py --binary tuibao-scale --tuibao tuibao [--short|--long] [--only BAR]`

Starts a PostgreSQL cluster of its own from Debian's binaries, a pretended model that counts what it is asked, gateways and
workers; prints a row a bar. Exit code 0: all hold, 1: a bar is missed, 77: PostgreSQL is not here.
"""

import argparse
import bisect
import concurrent.futures
import contextlib
import glob
import hashlib
import http.server
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import model as pretended

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAYS = ["2026-03-02", "2026-03-03", "2026-03-04"]
SKIPPED = 77
# What the pretended model says that a call took.
CALL_TOKENS = 1200


class Missed(Exception):
    """Something did not do what the bar needs."""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Postgres:
    """A cluster in a folder of its own, on a free port of loopback. It refuses to be root, so root gives it to `postgres`."""

    def __init__(self, folder: pathlib.Path) -> None:
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        if not found:
            print("SKIPPED: PostgreSQL is not here (Debian: apt-get install postgresql)")
            sys.exit(SKIPPED)
        self.bin, self.folder, self.port = pathlib.Path(found[-1]), folder, free_port()
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        folder.mkdir()
        if self.prefix:
            shutil.chown(folder, "postgres", "postgres")
        self.run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def run(self, name: str, *arguments: str) -> str:
        command = [*self.prefix, str(self.bin / name), *arguments]
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise Missed(f"{name}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def control(self, *arguments: str) -> None:
        """`pg_ctl`, whose server must not inherit pipes that somebody reads."""
        command = [*self.prefix, str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-w", *arguments]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if subprocess.run(command, cwd=self.folder, **quiet).returncode:
            raise Missed(f"pg_ctl {' '.join(arguments)} failed")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        self.control("-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")

    def database(self, name: str) -> str:
        self.sql("postgres", f"CREATE DATABASE {name}")
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def sql(self, database: str, text: str) -> str:
        return self.run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database, "-Atc", text).strip()


class Bucket(http.server.BaseHTTPRequestHandler):
    """A pretended S3: objects in memory, listed by prefix; signatures are not looked at."""

    objects: dict[str, bytes] = {}
    puts: list[str] = []
    protocol_version = "HTTP/1.1"

    def reply(self, status: int, body: bytes = b"", kind: str = "application/octet-stream") -> None:
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), ("ETag", f'"{hashlib.md5(body).hexdigest()}"'),
                            ("Last-Modified", "Wed, 04 Mar 2026 00:00:00 GMT")]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).removeprefix("/bucket/")
        self.objects[key] = body
        self.puts.append(key)
        self.reply(200)

    def do_GET(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(address.query))
        if "list-type" in asked:
            return self.reply(200, self.listed(asked.get("prefix", "")).encode(), "application/xml")
        body = self.objects.get(urllib.parse.unquote(address.path).removeprefix("/bucket/"))
        return self.reply(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml") if body is None else self.reply(200, body)

    def listed(self, prefix: str) -> str:
        rows = "".join(
            f"<Contents><Key>{key}</Key><LastModified>2026-03-04T00:00:00.000Z</LastModified><ETag>e</ETag><Size>{len(body)}</Size></Contents>"
            for key, body in sorted(self.objects.items()) if key.startswith(prefix))
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"

    def log_message(self, *_: object) -> None:
        pass


class World:
    """A database, a site, a cache, lanes, and the processes of one bar."""

    def __init__(self, bench: "Bench", name: str, lanes: int) -> None:
        self.bench, self.name = bench, name
        self.folder = bench.folder / name
        self.folder.mkdir()
        self.url = bench.postgres.database(name)
        self.model = pretended.Server()
        self.site, self.cache = self.folder / "site", self.folder / "cache"
        self.lanes = [f"lane_{number:03}" for number in range(lanes)]
        self.processes: list[subprocess.Popen] = []
        self.more: dict[str, str] = {}
        self.places = 0

    def place(self) -> pathlib.Path:
        """A machine's own working folder: its configuration, and nothing that another machine sees."""
        self.places += 1
        folder = self.folder / f"machine{self.places}"
        (folder / "config" / "reports").mkdir(parents=True)
        port = self.model.port
        # No answers are kept here: what is not paid for twice is so by the gateway alone.
        text = f'[corpus]\npaths = ["{pretended.FIXTURES}"]\n[writer]\nmode = "model"\n[cloud]\nenabled = false\n'
        text += "[charts]\ntopics = false\nhours = false\ntickers = false\n"
        text += f'[model]\nbase_url = "http://127.0.0.1:{port}/v1"\n[model.cache]\nfolder = ""\n'
        (folder / "tuibao.toml").write_text(text, encoding="utf-8")
        for lane in self.lanes:
            profile = f'base = "twitter_ai"\n[report]\nname = "{lane}"\ncalled = "综合报告 {lane}"\n'
            (folder / "config" / "reports" / f"{lane}.toml").write_text(profile, encoding="utf-8")
        return folder

    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "DATABASE_URL": self.url} | self.more

    def spawn(self, *arguments: str) -> subprocess.Popen:
        log = open(self.folder / f"{arguments[0]}{len(self.processes)}.log", "wb")
        command = [str(self.bench.binary), *arguments]
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment(), stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def call(self, *arguments: str) -> dict:
        command = [str(self.bench.binary), *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment(), capture_output=True, text=True)
        if done.returncode:
            raise Missed(f"{arguments[0]}: {done.stderr.strip()[-300:]}")
        return json.loads(done.stdout)

    def gateway(self, *more: str, port: int = 0) -> str:
        port = port or free_port()
        self.spawn("gateway", "--listen", f"127.0.0.1:{port}", "--upstream", f"http://127.0.0.1:{self.model.port}/v1",
                   "--cache", str(self.cache), "--lease-seconds", "20", *more)
        wait("a gateway", lambda: reachable(port))
        return f"http://127.0.0.1:{port}"

    def worker(self, gateway: str, *more: str) -> subprocess.Popen:
        return self.spawn("work", "--tuibao", str(self.bench.tuibao), "--folder", str(self.place()), "--gateway", gateway,
                          "--heartbeat-seconds", "1", "--missed-heartbeats", "3", "--poll-seconds", "0.2",
                          "--backoff-seconds", "1", *more)

    def ready(self, workers: int) -> None:
        wait("workers", lambda: int(self.bench.postgres.sql(self.name, "SELECT count(*) FROM apalis.workers")) >= workers)

    def enqueue(self, days: int = 3, *more: str) -> dict:
        span = ["--from", DAYS[0], "--to", DAYS[days - 1]]
        return self.call("enqueue", *span, "--site", str(self.site), "--profile", *self.lanes, *more)

    def status(self) -> dict:
        return self.call("status", "--json")

    def open(self) -> int:
        return int(self.bench.postgres.sql(self.name, "SELECT count(*) FROM tuibao_reports WHERE state NOT IN ('done', 'dead')"))

    def finish(self, reports: int, seconds: float) -> None:
        # A look takes processor time that the workers want.
        wait(f"{reports} reports", lambda: self.open() == 0, seconds, 1)
        totals = self.status()["totals"]
        if totals["done"] != reports:
            raise Missed(f"{totals}: {self.status()['dead'][:2]}")

    def seconds(self) -> float:
        """From the enqueuing to the last end, by PostgreSQL's clock."""
        return float(self.bench.postgres.sql(self.name, "SELECT extract(epoch FROM max(ended_at) - min(enqueued_at)) FROM tuibao_reports"))

    def busy(self, workers: int) -> float:
        """The share of all workers' time in which each had a report."""
        made = float(self.bench.postgres.sql(self.name, "SELECT extract(epoch FROM sum(ended_at - started_at)) FROM tuibao_reports"))
        return made / workers / self.seconds()

    def posts(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.site.glob("_posts/*.md")}

    def calls(self) -> list[pretended.Call]:
        return list(self.model.calls)

    def repeated(self) -> int:
        calls = self.calls()
        return len(calls) - len({call.body for call in calls})

    def in_flight(self) -> bool:
        return any(call.delivered is None for call in self.calls())

    def close(self) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()


def wait(what: str, done, seconds: float = 30, pause: float = 0.05) -> None:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise Missed(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(pause)


def reachable(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def children(process: subprocess.Popen) -> list[int]:
    found = []
    for path in glob.glob(f"/proc/{process.pid}/task/*/children"):
        with contextlib.suppress(OSError):
            found += [int(number) for number in pathlib.Path(path).read_text().split()]
    return found


class Bench:
    """What all bars share."""

    def __init__(self, arguments: argparse.Namespace, folder: pathlib.Path) -> None:
        self.binary, self.tuibao = arguments.binary.resolve(), arguments.tuibao.resolve()
        self.long, self.folder = arguments.long, folder
        self.postgres = Postgres(folder / "postgres")

    def undisturbed(self, world: World) -> dict[str, bytes]:
        """The posts of a back-fill on one machine, straight from the model."""
        folder = world.place()
        world.model.reset(0.0)
        for lane in world.lanes:
            command = [str(self.tuibao), "backfill", "--profile", lane, "--from", DAYS[0], "--to", DAYS[-1], "--out", "site"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return {path.name: path.read_bytes() for path in folder.glob("site/_posts/*.md")}

    def kill(self, world: World):
        """Workers die by `kill -9` in the middle of a report: with the child, as a machine dies, and without."""
        lanes, kills = (6, 8) if self.long else (2, 2)
        wanted, dice = self.undisturbed(world), random.Random(20260304)
        world.model.reset(1.0 if self.long else 0.5)
        gateways = [world.gateway(), world.gateway()]
        workers = [world.worker(gateway) for gateway in gateways]
        world.ready(2)
        world.enqueue()
        for number in range(kills):
            wait("a call on its way", world.in_flight, 60, 0.005)
            time.sleep(dice.uniform(0, world.model.latency))
            victim = workers.pop(0)
            orphans = children(victim)
            victim.send_signal(signal.SIGKILL)
            if number % 2 == 0:
                for orphan in orphans:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(orphan, signal.SIGKILL)
            workers.append(world.worker(gateways[number % 2]))
        world.finish(3 * lanes, 240)
        attempts = world.bench.postgres.sql(world.name, "SELECT sum(attempts) FROM tuibao_reports")
        posts = world.posts()
        same = sum(posts.get(name) == post for name, post in wanted.items())
        figure = f"{kills} kills, {attempts} attempts at {3 * lanes} reports; {len(posts)} posts, {same} as undisturbed"
        yield "killed worker: one post each, the same bytes", figure, len(posts) == same == 3 * lanes and int(attempts) > 3 * lanes
        figure = f"{world.repeated()} of {len(world.calls())} questions"
        yield "killed worker: no question paid for twice", figure, world.repeated() == 0

    def restart(self, world: World):
        """PostgreSQL dies and comes back."""
        lanes, restarts, away = (6, 4, 8) if self.long else (2, 1, 3)
        wanted = self.undisturbed(world)
        world.model.reset(1.0 if self.long else 0.5)
        gateway = world.gateway()
        for _ in range(2):
            world.worker(gateway)
        world.ready(2)
        world.enqueue()
        for _ in range(restarts):
            wait("a call on its way", world.in_flight, 60, 0.005)
            self.postgres.stop()
            time.sleep(away)
            self.postgres.start()
            time.sleep(2)
        world.finish(3 * lanes, 240)
        posts = world.posts()
        same = sum(posts.get(name) == post for name, post in wanted.items())
        figure = f"{restarts} restarts of {away} s; {len(posts)} posts, {same} as undisturbed, {world.repeated()} of {len(world.calls())} questions repeated"
        yield "PostgreSQL restarted: all made, the same bytes", figure, len(posts) == same == 3 * lanes and world.repeated() == 0

    def speed(self, world: World):
        """The same reports by one, two and four workers, each one report at a time. The long run has them side by side: one
        after the other takes an hour. That is no help to the four, who share the processor for all of their time."""
        # The short run is so short that processor time counts, of which a build that is not optimised takes much.
        numbers, latency, days, bar = ([1, 2, 4], 2.0, 3, 0.9) if self.long else ([1, 4], 2.0, 1, 0.5)
        seconds, lanes = {}, {workers: len(world.lanes) if self.long else max(workers, 2) for workers in numbers}
        worlds = {workers: World(self, f"speed{workers}", lanes[workers]) for workers in numbers}
        if self.long:
            for workers, here in worlds.items():
                self.work_off(here, workers, latency, days)
        for workers, here in sorted(worlds.items(), reverse=self.long):
            try:
                if not self.long:
                    self.work_off(here, workers, latency, days)
                here.finish(lanes[workers] * days, 3600)
                seconds[workers] = here.seconds()
            finally:
                here.close()
        for workers in numbers:
            # Reports of each worker in a second, against those of the one.
            efficiency = seconds[1] / lanes[1] * lanes[workers] / workers / seconds[workers]
            calls, busy = len(worlds[workers].calls()), worlds[workers].busy(workers)
            figure = f"{lanes[workers] * days} reports, {calls} calls of {latency} s: {seconds[workers]:.1f} s, efficiency {efficiency:.2f}, busy {busy:.2f}"
            yield f"{workers} workers: efficiency at least {bar}, busy at least 0.9", figure, efficiency >= bar and busy >= 0.9

    def work_off(self, here: World, workers: int, latency: float, days: int) -> None:
        here.model.reset(latency)
        gateway = here.gateway()
        for _ in range(workers):
            here.worker(gateway)
        here.ready(workers)
        here.enqueue(days)

    def rate(self, world: World):
        """Four workers share one rate limit."""
        limit, window, days = (60, 60.0, 3) if self.long else (90, 20.0, 1)
        world.model.reset(0.2)
        gateways = [world.gateway("--requests-per-minute", str(limit)), world.gateway()]
        for number in range(4):
            world.worker(gateways[number % 2])
        world.ready(4)
        world.enqueue(days)
        world.finish(len(world.lanes) * days, 1200)
        seconds, times = world.seconds(), sorted(call.arrived for call in world.calls())
        allowed = limit * window / 60
        most = max(bisect.bisect_left(times, first + window) - place for place, first in enumerate(times))
        yield f"rate: at most {allowed:.0f} in any {window:.0f} s", f"{most}, of {len(times)} calls", most <= allowed
        ideal = (len(times) - 1) * 60 / limit
        yield "rate: near the ideal time", f"{times[-1] - times[0]:.1f} s of calls in {seconds:.1f} s, ideal {ideal:.1f} s", times[-1] - times[0] <= 1.15 * ideal + 1

    def budget(self, world: World):
        """A day's budget that has room for some of the reports."""
        cap = 60_000
        world.model.reset(0.05)
        gateway = world.gateway("--day-tokens", str(cap))
        for _ in range(2):
            world.worker(gateway)
        world.ready(2)
        world.enqueue(3)
        reports = 3 * len(world.lanes)
        wait("reports that wait for tomorrow", lambda: len(world.status()["again"]) == len(world.lanes), 120, 0.3)
        time.sleep(1)
        status, spent = world.status(), len(world.calls()) * CALL_TOKENS
        noted = status["accounts"][0]["tokens"]
        yield "budget: never above", f"{spent} of {cap} tokens at the model, {noted} noted", 0 < spent <= cap and noted == spent
        reasons = {letter["reason"].count("budget of the gateway is spent") for letter in status["again"]}
        figure = f"{status['totals']}, {len(status['again'])} wait for tomorrow"
        yield "budget: reports wait, and say why", figure, reasons == {1} and status["totals"]["dead"] == 0
        world.gateway("--day-tokens", "0")
        world.call("retry", "--waiting")
        world.finish(reports, 120)
        yield "budget: raised, all are made", f"{len(world.posts())} posts, {world.repeated()} questions repeated", world.repeated() == 0

    def twice(self, world: World):
        """The same range again, before and after it is made."""
        world.model.reset(0.05)
        gateway = world.gateway()
        first, again = world.enqueue(), world.enqueue()
        world.worker(gateway)
        world.finish(3 * len(world.lanes), 120)
        before, calls = world.posts(), len(world.calls())
        after = world.enqueue()
        time.sleep(2)
        same = world.posts() == before and len(world.calls()) == calls
        figure = f"{first['new']} new, then {again['new']}, and {after['new']} when done"
        yield "enqueued twice: nothing twice", figure, first["new"] == first["reports"] and again["new"] == after["new"] == 0 and same

    def dead(self, world: World):
        """A day without tweets is a dead letter, says so, holds up nothing, and can be put back."""
        gateway = world.gateway()
        world.worker(gateway)
        world.call("enqueue", "--from", "2026-01-01", "--to", "2026-01-01", "--site", str(world.site), "--profile", *world.lanes)
        world.enqueue(1)
        wait("the end", lambda: world.open() == 0, 60, 0.3)
        status = world.status()
        reasons = [letter["reason"] for letter in status["dead"]]
        good = [letter["exit_code"] for letter in status["dead"]] == [4] and status["totals"]["done"] == 1
        yield "dead letter: listed with its reason, the lane goes on", f"{reasons[0][:90] if reasons else 'none'}", good and "input unusable" in reasons[0]
        back = world.call("retry")["reports"]
        wait("the end", lambda: world.open() == 0, 60, 0.3)
        yield "dead letter: put back, tried again", f"{back} put back, then {world.status()['totals']['dead']} dead", back == 1 == world.status()["totals"]["dead"]

    def scratch(self, world: World):
        """Independent reports, each in a scratch folder that is uploaded, as with an object store."""
        gateway = world.gateway()
        due = world.enqueue(3, "--independent")["due"]
        for _ in range(2):
            world.worker(gateway, "--exit-when-done")
        world.finish(3, 120)
        for process in world.processes[1:]:
            process.wait(30)
        files = [path for path in world.site.rglob("*") if path.is_file()]
        whole = sum(path.suffix == ".md" for path in files), sum(path.name.endswith(".audit.json") for path in files)
        yield "independent: all due at once, whole in the end", f"{due} due, {len(files)} files, posts and audits {whole}", (due, len(files), whole) == (3, 6, (3, 3))

    def bucket(self, world: World):
        """Site and cache in an object store; a worker is killed in the middle."""
        wanted = self.undisturbed(world)
        world.model.reset(0.3)
        store = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
        threading.Thread(target=store.serve_forever, daemon=True).start()
        world.more = {"AWS_ENDPOINT": f"http://127.0.0.1:{store.server_port}", "AWS_ALLOW_HTTP": "true",
                      "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_REGION": "us-east-1"}
        world.cache, world.site = "s3://bucket/answers", "s3://bucket/blog"
        gateway = world.gateway()
        victim = world.worker(gateway)
        world.worker(gateway)
        world.ready(2)
        world.enqueue()
        wait("a call on its way", world.in_flight, 60, 0.005)
        victim.kill()
        world.finish(3 * len(world.lanes), 120)
        posts = {key.rsplit("/", 1)[1]: body for key, body in Bucket.objects.items() if key.startswith("blog/_posts/")}
        same = sum(posts.get(name) == post for name, post in wanted.items())
        # Of each report the post is the last that is put, and put once.
        put = [key for key in Bucket.puts if key.startswith("blog/")]
        late = all(put.index(key) > put.index(f"blog/_audit/{key[len('blog/_posts/2026-03-04-'):-3]}.audit.json") for key in put if key.endswith(".md"))
        good = len(posts) == same == len(wanted) and late and world.repeated() == 0 and len(put) == len(set(put))
        yield "object store: one post each, after its audit, the same bytes", f"{same} of {len(wanted)} posts, {len(put)} puts, {world.repeated()} of {len(world.calls())} questions repeated", good

    def gone(self, world: World):
        """The gateway dies by `kill -9` and comes back at the same place."""
        wanted = self.undisturbed(world)
        world.model.reset(0.5)
        port = free_port()
        gateway = world.gateway(port=port)
        world.worker(gateway)
        world.ready(1)
        world.enqueue()
        wait("a call on its way", world.in_flight, 60, 0.005)
        world.processes[0].kill()
        time.sleep(2)
        world.gateway(port=port)
        world.finish(3 * len(world.lanes), 200)
        posts = world.posts()
        same = sum(posts.get(name) == post for name, post in wanted.items())
        figure = f"{same} of {len(wanted)} posts as undisturbed; asked again, because their answers went with it: {world.repeated()} of {len(world.calls())}"
        yield "gateway killed: all made, the same bytes", figure, same == len(wanted) and world.repeated() <= 8

    def bars(self) -> dict[str, int]:
        """Each bar with its lanes."""
        many = 67 if self.long else 4
        return {"kill": 6 if self.long else 2, "restart": 6 if self.long else 2, "speed": many, "rate": 12 if self.long else 4, "budget": 3, "twice": 2, "dead": 1, "scratch": 1, "bucket": 2} | ({"gone": 2} if self.long else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="tuibao-scale")
    parser.add_argument("--tuibao", type=pathlib.Path, required=True)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="the default: two minutes")
    size.add_argument("--long", action="store_true", help="200 reports of 2 s a call; half an hour")
    parser.add_argument("--only", help="one bar: kill, restart, speed, rate, budget, twice, dead, scratch, bucket, gone (the last in the long run)")
    parser.add_argument("--keep", action="store_true", help="leave the folder with all logs")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tuibao-jobs-"))
    # PostgreSQL runs as another user.
    folder.chmod(0o755)
    good, bench = True, None
    try:
        bench = Bench(arguments, folder)
        bars = bench.bars() | ({"gone": 2} if arguments.only == "gone" else {})
        bars = {name: lanes for name, lanes in bars.items() if arguments.only in (None, name)}
        # Speed is measured alone, and PostgreSQL restarts for all. What else waits for the model may wait side by side.
        for name in [name for name in bars if name in ("speed", "restart") or arguments.long]:
            good &= judge(bench, name, bars.pop(name))
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            good &= all(list(pool.map(lambda bar: judge(bench, *bar), bars.items())))
    finally:
        if bench is not None:
            bench.postgres.stop()
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


def judge(bench: Bench, name: str, lanes: int) -> bool:
    world, good, begun = World(bench, name, lanes), True, time.monotonic()
    try:
        for bar, figure, ok in getattr(bench, name)(world):
            good &= ok
            print(f"{bar} | {figure} | {'ok' if ok else 'MISSED'}", flush=True)
    except (Missed, OSError, subprocess.CalledProcessError) as missed:
        good = False
        print(f"{name} | {missed} | MISSED", flush=True)
        for log in sorted(world.folder.glob("*.log")):
            print(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]), file=sys.stderr)
    finally:
        world.close()
    print(f"({name}: {time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
    return good


if __name__ == "__main__":
    main()
