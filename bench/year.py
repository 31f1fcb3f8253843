#!/usr/bin/env python3
"""A year of back-fill by the offline writer, out of a store: seconds, peak memory, and what a second run takes.

`year.py --binary tuibao --corpus FOLDER [--from DATE --to DATE]`
"""

import argparse
import datetime
import os
import pathlib
import resource
import subprocess
import tempfile
import time


def timed(command, folder, **options):
    """Seconds, peak memory in MB, exit code, what was said."""
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    return time.monotonic() - begin, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default="target/release/tuibao")
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--first", default="2025-02-10")
    parser.add_argument("--last", default="2026-02-10")
    arguments = parser.parse_args()
    binary, corpus = (str(pathlib.Path(path).resolve()) for path in (arguments.binary, arguments.corpus))
    with tempfile.TemporaryDirectory(prefix="tuibao-year-") as folder:
        seconds, memory, code, said = timed([binary, "import", "--store", "store", corpus], folder)
        print(f"import: {seconds:.1f} s, {memory:.0f} MB, exit {code}: {said.strip().splitlines()[-1]}")
        span = ["--from", arguments.first, "--to", arguments.last]
        days = (datetime.date.fromisoformat(arguments.last) - datetime.date.fromisoformat(arguments.first)).days + 1
        for name in ["first run", "second run", "third run"]:
            command = [binary, "backfill", "--corpus", "store", *span]
            seconds, memory, code, said = timed(command, folder)
            print(f"{name} of {days} days: {seconds:.1f} s, {memory:.0f} MB, exit {code}: {said.strip().splitlines()[-1]}")
        files = sum(len(names) for _, _, names in os.walk(pathlib.Path(folder, "site")))
        ledger = pathlib.Path(folder, "state/ledger.sqlite").stat().st_size
        print(f"{files} files on the site, ledger {ledger / 1024:.0f} KB")


if __name__ == "__main__":
    main()
