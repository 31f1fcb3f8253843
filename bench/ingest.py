"""The ingest benchmark: `just bench-ingest`. Ours against DuckDB, Polars and orjson on the same generated JSONL.

Every reader reads the same fields of the same file and must see the same number of records. Wall time and peak memory
are of the whole process, the best of several runs, started in turns so that a disturbance hits all alike. gzip and zstd
are shown beside the bare decompressor. `--large` adds a file of 2 GB, for the memory.
"""

import argparse
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent


def run(command, env=None):
    """Wall seconds, peak MB and output of a process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        sys.exit(f"{command} failed: {status}")
    return seconds, usage.ru_maxrss / 1024, output.decode()


def ours(binary, path):
    return [str(binary), "inspect", "--json", "--quiet", str(path)]


def count_of(name, output):
    if name == "tuibao":
        return json.loads(output)["totals"]["tweets"]
    return int(output.split()[0])


def generate(folder, megabytes):
    path = folder / f"v1_{megabytes}mb.jsonl"
    if not path.exists():
        subprocess.run([sys.executable, HERE / "generate.py", "--mb", str(megabytes), path], check=True)
    return path


def packed(path):
    """The file as gzip and as zstd, where that program is there."""
    gz, zst = path.with_suffix(".jsonl.gz"), path.with_suffix(".jsonl.zst")
    if not gz.exists():
        with open(path, "rb") as plain, gzip.open(gz, "wb", compresslevel=6) as out:
            shutil.copyfileobj(plain, out, 1 << 20)
    if not zst.exists() and shutil.which("zstd"):
        subprocess.run(["zstd", "-q", "-3", path, "-o", zst], check=True)
    return gz, zst


def race(contestants, rounds):
    """Best seconds and highest memory of each; all must count alike."""
    best, peak, counts = {}, {}, {}
    for _ in range(rounds):
        for name, command in contestants.items():
            seconds, memory, output = run(command)
            best[name] = min(seconds, best.get(name, seconds))
            peak[name] = max(memory, peak.get(name, memory))
            if output:
                counts[name] = count_of(name, output)
    if len(set(counts.values())) > 1:
        sys.exit(f"the readers disagree: {counts}")
    return best, peak, next(iter(counts.values()), 0)


def show(title, best, peak, megabytes):
    print(f"\n{title}")
    print(f"{'reader':24} {'seconds':>8} {'MB/s':>8} {'peak MB':>8} {'x ours':>7}")
    for name, seconds in best.items():
        print(f"{name:24} {seconds:8.3f} {megabytes / seconds:8.0f} {peak[name]:8.0f} {seconds / best['tuibao']:7.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="for the generated files")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", action="store_true")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    plain = generate(args.folder, 210)
    megabytes = plain.stat().st_size / 1e6
    peers = {name: [sys.executable, str(HERE / "readers.py"), name, str(plain)] for name in ("duckdb", "polars", "orjson")}
    best, peak, records = race({"tuibao": ours(args.binary, plain), **peers}, args.rounds)
    show(f"plain, {megabytes:.0f} MB, {records} records, {os.cpu_count()} cores", best, peak, megabytes)
    gz, zst = packed(plain)
    for path, bare in ((gz, ["gzip", "-dc"]), (zst, ["zstd", "-dcq"])):
        if path.exists() and shutil.which(bare[0]):
            shell = ["sh", "-c", f"{' '.join(bare)} '{path}' > /dev/null"]
            best, peak, _ = race({"tuibao": ours(args.binary, path), f"{' '.join(bare)} > /dev/null": shell}, 3)
            show(f"{path.suffix[1:]}, {path.stat().st_size / 1e6:.0f} MB packed", best, peak, megabytes)
    if args.large:
        large = generate(args.folder, 2000)
        best, peak, records = race({"tuibao": ours(args.binary, large)}, 2)
        show(f"plain, {large.stat().st_size / 1e6:.0f} MB, {records} records", best, peak, large.stat().st_size / 1e6)


if __name__ == "__main__":
    main()
