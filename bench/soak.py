#!/usr/bin/env python3
"""Years of daily runs in a row: memory, files, file handles and the ledger's size, told every so many runs.

`soak.py --binary tuibao [--runs 2000]`. The corpus is a store of invented days: each the same tweets under other ids, some words
changed. Every day is run as cron does it; every tenth is run twice, and every fiftieth killed and run again.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import time

FIRST = datetime.date(2020, 1, 1)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
SUBJECTS = ["Aurora", "Borealis", "Cirrus", "Delphi", "Equinox", "Falcon", "Granite", "Harbor", "Indigo", "Juniper"]
EVENTS = [
    "open sources its {n}B model under Apache 2.0, with weights on the hub",
    "raises ${n} million to build AI inference chips",
    "cuts the price of its LLM API by {n}%",
    "发布新的大模型 {name}-{n}，推理速度提升 {n}%",
    "says its AI agent now runs {n} hours without help",
]


def tweets(day, number):
    """A day's tweets, each with the id that its time makes."""
    rows = []
    for index in range(24):
        at = datetime.datetime.combine(day, datetime.time(index, 7), tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
        name, event = SUBJECTS[(number + index) % 10], EVENTS[(number // 7 + index) % 5]
        milliseconds = int((at - EPOCH).total_seconds() * 1000)
        text = f"{name} {event.format(n=number % 97 + index + 2, name=name)}"
        rows.append({
            "id_str": str(((milliseconds - 1288834974657) << 22) + index),
            "created_at": at.astimezone(datetime.timezone.utc).strftime("%a %b %d %H:%M:%S +0000 %Y"),
            "full_text": text,
            "user": {"screen_name": f"maker_{(number + index) % 40}", "name": "Maker", "followers_count": 5000},
            "favorite_count": index * 3, "retweet_count": index,
        })
    return rows


def run(command, folder):
    """Seconds, peak memory in MB, exit code."""
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return time.monotonic() - begin, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default="target/release/tuibao")
    parser.add_argument("--runs", type=int, default=2000)
    arguments = parser.parse_args()
    binary = str(pathlib.Path(arguments.binary).resolve())
    with tempfile.TemporaryDirectory(prefix="tuibao-soak-") as name:
        folder = pathlib.Path(name)
        with open(folder / "days.jsonl", "w", encoding="utf-8") as out:
            for number in range(arguments.runs):
                for row in tweets(FIRST + datetime.timedelta(number), number):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
        subprocess.run([binary, "import", "--store", "store", "days.jsonl"], cwd=folder, check=True, capture_output=True)
        (folder / "tuibao.toml").write_text('[cloud]\nwidth = 320\nheight = 180\nwords = 20\n[corpus]\npaths = ["store"]\n[feed]\nenabled = true\n[output]\nbase_url = "https://example.org"\n')
        window, codes = [], {}
        print("| runs | seconds a run | peak MB | files | files a report | ledger KB |\n|---|---|---|---|---|---|")
        for number in range(arguments.runs):
            day = str(FIRST + datetime.timedelta(number))
            command = [binary, "run", "--date", day, "--quiet"]
            if number % 50 == 49:
                dying = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(0.05 + number % 7 * 0.02)
                dying.kill()
                dying.wait()
            for _ in range(2 if number % 10 == 9 else 1):
                window.append(run(command, folder))
                codes[window[-1][2]] = codes.get(window[-1][2], 0) + 1
            if (number + 1) % (arguments.runs // 8 or 1) == 0:
                files = [path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts]
                seconds = sum(one[0] for one in window) / len(window)
                ledger = (folder / "state/ledger.sqlite").stat().st_size / 1024
                print(f"| {number + 1} | {seconds:.3f} | {max(one[1] for one in window):.0f} | {len(files)} | {len(files) / (number + 1):.2f} | {ledger:.0f} |", flush=True)
                window = []
        left = [path.name for path in folder.rglob(".tuibao-*") if not path.name.endswith(".lock")]
        print(f"left over: {left}; exit codes: {codes}")


if __name__ == "__main__":
    main()
