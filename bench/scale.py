#!/usr/bin/env python3
"""The same import on one machine, by DataFusion, by Ballista and by a cluster: rows, posts, deaths, time, memory.

`scale.py --binary tuibao-scale --tuibao tuibao [--tweets 20000] [--real FOLDER …] [--only BAR …]`

Prints a row a bar; exit code 1 when one is missed. The cluster is processes on loopback: a scheduler and three executors.
"""

import argparse
import contextlib
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
FIXTURES = HERE.parent / "fixtures"
DAYS = {"ai": "2026-03-04"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return True
        time.sleep(0.05)
    return False


class Cluster:
    """A scheduler and executors, each a process."""

    def __init__(self, binary, folder, executors, cores=1, memory=1024, pinned=False):
        self.port = free_port()
        self.address = f"df://127.0.0.1:{self.port}"
        self.binary, self.folder = binary, folder
        logs = folder / f"cluster-{self.port}.log"
        self.log = open(logs, "wb")
        quick = ["--executor-timeout", "4"]
        self.scheduler = self.start(["scheduler", "--listen", f"127.0.0.1:{self.port}", *quick])
        if not listens(self.port):
            sys.exit(f"the scheduler does not listen; see {logs}")
        self.executors = []
        for number in range(executors):
            port = free_port()
            work = folder / f"work-{self.port}-{number}"
            work.mkdir()
            command = ["executor", "--scheduler", self.address, "--listen", f"127.0.0.1:{port}", "--heartbeat", "1"]
            command += ["--cores", str(cores), "--memory", str(memory), "--work", str(work)]
            core = number % os.cpu_count() if pinned else None
            self.executors.append(self.start(command, core))
            if not listens(port):
                sys.exit(f"an executor does not listen; see {logs}")
        time.sleep(0.5)

    def start(self, command, core=None):
        pinned = ["taskset", "-c", str(core)] if core is not None else []
        return subprocess.Popen([*pinned, self.binary, *command], stdout=self.log, stderr=self.log, cwd=self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in [*self.executors, self.scheduler]:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()


def timed(command, **options):
    """Seconds, peak memory in MB, exit code, what was said."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - begin, usage.ru_maxrss / 1024, process.returncode, said


def done(command, **options):
    seconds, memory, code, said = timed(command, **options)
    if code != 0:
        sys.exit(f"exit {code}: {' '.join(map(str, command))}\n{said}")
    return seconds, memory, said


class Bench:
    def __init__(self, arguments, folder):
        self.scale, self.tuibao, self.folder = arguments.binary, arguments.tuibao, folder
        self.tweets, self.failed = arguments.tweets, []
        self.corpus = self.generated(arguments.tweets)
        self.small = [str(FIXTURES / "ai"), str(FIXTURES / "messy"), *arguments.real]

    def row(self, bar, measured, ok):
        print(f"{bar} | {measured} | {'ok' if ok else 'MISSED'}", flush=True)
        if not ok:
            self.failed.append(bar)

    def generated(self, tweets):
        """Statuses in a large file of lines and in packed ones, and a tenth of them again with other texts and counts."""
        folder = self.folder / "raw"
        folder.mkdir()
        size = max(1, tweets * 3000 // 1_000_000)
        plain, again = folder / "statuses.jsonl", folder / "again.jsonl"
        generate = [sys.executable, HERE / "generate.py", "--mb", str(size)]
        first = subprocess.Popen([*generate, plain], stderr=subprocess.DEVNULL)
        done([*generate, "--seed", "8", "--most", str(tweets // 10), again])
        first.wait()
        with open(again, "rb") as lines, gzip.open(folder / "again.jsonl.gz", "wb", 1) as packed:
            shutil.copyfileobj(lines, packed)
        again.unlink()
        return [str(folder)]

    def plain(self, store, paths):
        return done([self.tuibao, "import", "--store", store, *paths], cwd=self.folder)

    def run(self, store, paths, *options):
        return done([self.scale, "import", "--store", store, *options, *paths], cwd=self.folder)

    def digest(self, store):
        return json.loads(done([self.scale, "digest", self.folder / store])[2])

    def post(self, store):
        """The bytes of what a report of the fixtures' day, made from a store, writes for readers."""
        site = self.folder / f"site-{store}"
        command = [self.tuibao, "run", "--corpus", store, "--date", DAYS["ai"], "--out", site]
        done(command, cwd=self.folder, env={**os.environ, "TUIBAO_NOW": "2026-03-05T08:00:00Z"})
        files = sorted(path for path in site.rglob("*") if path.is_file() and "audit" not in path.name)
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]

    def same_rows(self):
        """All four ways, twice: into a new store, and once more with other counts into the store that is there."""
        first, second = [*self.small, *self.corpus], [str(FIXTURES / "ai"), self.corpus[0] + "/again.jsonl.gz"]
        self.plain("plain", first)
        self.plain("plain", second)
        wanted, post = self.digest("plain"), self.post("plain")
        split = ["--split", "4"]
        ways = {"embedded": split, "standalone": [*split, "--on", "standalone"]}
        with Cluster(self.scale, self.folder, 3) as cluster:
            ways["cluster of 3"] = [*split, "--on", cluster.address]
            for name, options in ways.items():
                store = name.replace(" ", "-")
                self.run(store, first, *options)
                self.run(store, second, *options)
                found = self.digest(store)
                self.row(f"same rows: {name}", f"{found['rows']} rows, {found['blake3'][:16]} = {wanted['blake3'][:16]}", found == wanted)
                made = self.post(store)
                self.row(f"same post: {name}", f"{made} = {post}", made == post)

    def executor_killed(self):
        self.plain("alive", self.corpus)
        wanted = self.digest("alive")
        with Cluster(self.scale, self.folder, 3) as cluster:
            command = [self.scale, "import", "--store", "killed", "--split", "1", "--on", cluster.address, *self.corpus]
            process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            begin = time.monotonic()
            while process.poll() is None and not any((self.folder / f"work-{cluster.port}-1").rglob("*")):
                time.sleep(0.01)
            time.sleep(0.2)
            midway = process.poll() is None
            cluster.executors[1].send_signal(signal.SIGKILL)
            said = process.communicate()[0]
            seconds = time.monotonic() - begin
        if process.returncode != 0:
            return self.row("an executor killed", f"exit {process.returncode}: {said.strip()[-300:]}", False)
        found = self.digest("killed")
        measured = f"{'midway' if midway else 'TOO LATE'}, {seconds:.1f} s, {found['rows']} rows, {found['blake3'][:16]} = {wanted['blake3'][:16]}"
        self.row("an executor killed in the middle: same rows", measured, midway and found == wanted)

    def walk(self):
        """The commands of docs/scale.md, as they stand there, each block in one shell after the other."""
        folder = self.folder / "walk"
        folder.mkdir()
        (folder / "fixtures").symlink_to(FIXTURES)
        tools = folder / "tools"
        tools.mkdir()
        for name, program in {"tuibao": self.tuibao, "tuibao-scale": self.scale}.items():
            (tools / name).symlink_to(program)
        text = (HERE.parent / "docs" / "scale.md").read_text()
        blocks = [part.split("```")[0] for part in text.split("```sh\n")[1:]]
        failed, commands = None, 0
        for block in blocks:
            # Whoever types has a moment between the lines: a scheduler listens before its executors come.
            typed = "set -e\n" + block.replace(" &\n", " &\nsleep 1.5\n")
            environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "TUIBAO_NOW": "2026-03-05T08:00:00Z"}
            _, _, code, said = timed(["bash", "-c", typed], cwd=folder, env=environment)
            commands += sum(line.startswith("tuibao") for line in block.splitlines())
            if code != 0:
                failed = f"exit {code} of:\n{block}\n{said[-2000:]}"
                break
        self.row("docs/scale.md as written", failed or f"{len(blocks)} blocks, {commands} commands", failed is None)

    def overhead(self):
        """Best of three each, in turns."""
        plain, embedded = [], []
        for turn in range(3):
            plain.append(self.plain(f"over-plain-{turn}", self.corpus)[0])
            embedded.append(self.run(f"over-emb-{turn}", self.corpus)[0])
        ratio = min(embedded) / min(plain)
        measured = f"{self.tweets / min(plain):.0f} and {self.tweets / min(embedded):.0f} tweets/s, ratio {ratio:.2f}"
        self.row("embedded against plain import (goal < 1.5)", measured, ratio < 1.5)

    def scaling(self):
        """One and two executors of one core, each bound to its own."""
        rates = []
        for executors in (1, 2):
            with Cluster(self.scale, self.folder, executors, pinned=True) as cluster:
                seconds = self.run(f"by-{executors}", self.corpus, "--split", "16", "--on", cluster.address)[0]
            rates.append(self.tweets / seconds)
        measured = f"{rates[0]:.0f} and {rates[1]:.0f} tweets/s, ratio {rates[1] / rates[0]:.2f}"
        self.row("1 and 2 executors of 1 core", measured, rates[1] > rates[0])

    def memory(self):
        """With five times as much raw as the limit and more, all of which is sorted."""
        raw = sum(path.stat().st_size for path in pathlib.Path(self.corpus[0]).iterdir()) / 1e6
        limit = self.limit
        _, peak, said = self.run("spilled", self.corpus, "--memory", str(limit), "--shares", "16", "--cores", "2", "--split", "16")
        measured = f"limit {limit} MB, peak {peak:.0f} MB, raw {raw:.0f} MB"
        self.row("peak memory under the limit, spilling", measured, peak < limit)


BARS = {"rows": Bench.same_rows, "killed": Bench.executor_killed, "walk": Bench.walk, "overhead": Bench.overhead, "scaling": Bench.scaling, "memory": Bench.memory}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--tuibao", required=True)
    parser.add_argument("--tweets", type=int, default=20_000)
    parser.add_argument("--real", nargs="*", default=[], help="folders of further raw files for the comparison of rows")
    parser.add_argument("--only", nargs="*", default=["rows", "killed", "walk"], choices=BARS)
    parser.add_argument("--limit", type=int, default=512, help="MB, for the bar `memory`")
    arguments = parser.parse_args()
    for name in ("binary", "tuibao"):
        setattr(arguments, name, str(pathlib.Path(getattr(arguments, name)).resolve()))
    arguments.real = [str(pathlib.Path(path).resolve()) for path in arguments.real]
    with tempfile.TemporaryDirectory(prefix="tuibao-scale-") as folder:
        bench = Bench(arguments, pathlib.Path(folder))
        bench.limit = arguments.limit
        for name in arguments.only:
            BARS[name](bench)
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    main()
