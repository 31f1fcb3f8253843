#!/usr/bin/env python3
"""Texts of many sets, each once and shuffled, to measure the clusters' time and memory on: `mix.py COUNT FILE… > mix.jsonl`.

Reads JSON Lines, plain or .zst (by the program `zstd`), with `text` or `fullText`. Where the sets have too few texts, more are
made of the halves of two.
"""

import json
import random
import subprocess
import sys


def lines(path):
    if path.endswith(".zst"):
        text = subprocess.run(["zstd", "-dc", path], check=True, capture_output=True, text=True).stdout
        return text.split("\n")
    return open(path, encoding="utf-8")


def main():
    count, paths = int(sys.argv[1]), sys.argv[2:]
    texts = {}
    for path in paths:
        for line in lines(path):
            if line.strip():
                row = json.loads(line)
                texts.setdefault(row.get("text") or row.get("fullText") or "", None)
    texts.pop("", None)
    texts = list(texts)
    random.Random(1).shuffle(texts)
    real = len(texts)
    while len(texts) < count:
        first, second = texts[len(texts) % real].split(), texts[(len(texts) + 7) % real].split()
        texts.append(" ".join(first[: len(first) // 2] + second[len(second) // 2 :]))
    for number, text in enumerate(texts[:count]):
        print(json.dumps({"id": str(number), "text": text, "label": "?"}))


if __name__ == "__main__":
    main()
