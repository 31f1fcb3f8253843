"""The word cloud beside Python's `wordcloud`: the same words, weights, size and font, one after the other in one run.

The words are what jieba makes of the corpus, most frequent first, without those of `wordcloud`'s own English stop words
and our Chinese ones. Both programs draw 1600 x 900 PNG on white. Seconds are told twice: of drawing and encoding within
the process, and of the whole process with its start. Fill is the share of pixels that differ from the background, read
from both PNGs in the same way. Each figure is the best of `--repeat` runs, which take turns.

    python bench/cloud.py --binary target/release/examples/cloud --folder target/bench/cloud fixtures/ai
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FONT = ROOT / "crates/report/assets/TuibaoSansSC-Bold.otf"
CHINESE_STOP_WORDS = ROOT / "crates/corpus/data/stopwords_zh.txt"
SIZE = (1600, 900)


def main():
    options = arguments()
    if options.draw:
        return draw(*options.draw)
    options.folder.mkdir(parents=True, exist_ok=True)
    table = options.folder / "words.tsv"
    table.write_text("".join(f"{word}\t{count}\n" for word, count in counted(options.corpus, options.words)))
    ours, theirs = options.folder / "tuibao.png", options.folder / "wordcloud.png"
    commands = {
        "tuibao": ([options.binary, table, ours, FONT], ours),
        "wordcloud": ([sys.executable, __file__, "--draw", table, theirs], theirs),
    }
    runs = {name: [] for name in commands}
    for _ in range(options.repeat):
        for name, (command, picture) in commands.items():
            runs[name].append(timed(list(map(str, command)), picture))
    print(f"{len(table.read_text().splitlines())} words, {SIZE[0]}x{SIZE[1]}, best of {options.repeat}")
    print("| | in process, s | whole process, s | words placed | fill |\n|---|---|---|---|---|")
    best = {name: {key: (min if "seconds" in key else max)(run[key] for run in told) for key in told[0]} for name, told in runs.items()}
    for name, told in best.items():
        print(f"| {name} | {told['seconds']:.3f} | {told['whole_seconds']:.3f} | {told['placed']} | {told['fill']:.4f} |")
    faster = [best["wordcloud"][key] / best["tuibao"][key] for key in ("seconds", "whole_seconds")]
    print(f"faster: {faster[0]:.1f} times in process, {faster[1]:.1f} times as a whole")
    side_by_side([ours, theirs], options.folder / "beside.png")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="*", type=pathlib.Path, default=[ROOT / "fixtures/ai"])
    parser.add_argument("--binary", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("target/bench/cloud"))
    parser.add_argument("--words", type=int, default=120)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--draw", nargs=2, metavar=("TABLE", "PICTURE"), help="only draw, with Python's wordcloud")
    return parser.parse_args()


def timed(command, picture):
    begin = time.perf_counter()
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    whole = time.perf_counter() - begin
    return {**json.loads(answer), "whole_seconds": whole, "fill": fill(picture)}


def draw(table, picture):
    from wordcloud import WordCloud

    lines = [line.split("\t") for line in pathlib.Path(table).read_text().splitlines()]
    words = {word: float(count) for word, count in lines}
    begin = time.perf_counter()
    cloud = WordCloud(
        width=SIZE[0], height=SIZE[1], background_color="white", font_path=str(FONT), max_words=len(words), random_state=7
    ).generate_from_frequencies(words)
    cloud.to_file(picture)
    print(json.dumps({"placed": len(cloud.layout_), "seconds": time.perf_counter() - begin}))


def fill(picture):
    import numpy
    from PIL import Image

    pixels = numpy.asarray(Image.open(picture).convert("RGB")).astype(int)
    return float((abs(pixels - pixels[0, 0]).max(axis=2) > 24).mean())


def side_by_side(pictures, target):
    from PIL import Image

    wide, high = SIZE[0] // 2, SIZE[1] // 2
    both = Image.new("RGB", (2 * wide + 16, high), "#888888")
    for number, picture in enumerate(pictures):
        both.paste(Image.open(picture).convert("RGB").resize((wide, high), Image.Resampling.LANCZOS), (number * (wide + 16), 0))
    both.quantize(64).save(target, optimize=True)
    print(f"{target}: ours at the left")


def counted(paths, most):
    """The most frequent words with their counts."""
    import collections

    import jieba
    from wordcloud import STOPWORDS

    jieba.setLogLevel(60)
    stop = set(CHINESE_STOP_WORDS.read_text().split()) | {word.lower() for word in STOPWORDS}
    counts = collections.Counter()
    for path in paths:
        for file in sorted(path.glob("*.json*")) if path.is_dir() else [path]:
            for text in texts(file):
                plain = re.sub(r"https?://\S+|[@#]\w+", " ", text)
                counts.update(word for word in jieba.cut(plain) if is_word(word, stop))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]


def is_word(word, stop):
    letters = len(word) > 1 and re.fullmatch(r"[^\W\d_]+", word)
    return bool(letters) and word.lower() not in stop and (ord(word[0]) >= 0x3000 or len(word) > 2)


def texts(file):
    """Every `text`, `fullText` and `full_text` of a file of JSON or JSON lines."""
    raw = file.read_text()
    try:
        values = [json.loads(raw)]
    except json.JSONDecodeError:
        values = [json.loads(line) for line in raw.splitlines() if line.strip()]
    while values:
        value = values.pop()
        if isinstance(value, dict):
            values.extend(value.values())
            yield from (value[key] for key in ("text", "fullText", "full_text") if isinstance(value.get(key), str))
        elif isinstance(value, list):
            values.extend(value)


if __name__ == "__main__":
    main()
