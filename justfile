# tuibao's commands. `just` is a convenience: every recipe is one line that can be typed by hand.

# list the recipes
default:
    @just --list

# README 1: cargo run --release -- run --corpus fixtures/ai --date 2026-03-04 --out site
run:
    cargo run --release -- run --corpus fixtures/ai --date 2026-03-04 --out site

# README 2: cargo test --workspace
test:
    cargo test --workspace

# every fault of a model against the whole program, alone and in mixes by seeds, as a table: `just fault-matrix 1000`
fault-matrix RUNS="600":
    TUIBAO_FAULT_RUNS={{ RUNS }} cargo test --release -p tuibao --test integration faults:: -- --nocapture

# a model that gets a fifth of its facts wrong, in so many reports: what is refused, replaced, published, as tables (2 minutes)
bench-corruption RUNS="100":
    TUIBAO_CORRUPTION_RUNS={{ RUNS }} cargo test --release -p tuibao --test integration corruption:: -- --nocapture

# all that must hold before a merge: format, lints, docs, both README commands (.ci/run)
ci:
    .ci/run

# format all Rust code
fmt:
    cargo fmt --all

# clippy over all targets, warnings are errors
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# the API documentation of the workspace's own crates, warnings are errors
doc *FLAGS:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps {{ FLAGS }}

# what is in a corpus: `just inspect fixtures/messy`
inspect *PATHS="fixtures/ai":
    cargo run --release -- inspect {{ PATHS }}

# the ranked topics of a day of the fixtures: `just topics 2026-03-02`
topics DATE="2026-03-04":
    cargo run --release -- topics --corpus fixtures/ai --date {{ DATE }}

# all three days of the fixtures, only what is missing or stale
backfill:
    cargo run --release -- backfill --corpus fixtures/ai --from 2026-03-02 --to 2026-03-04 --out site

# what a run would change on the site, and write nothing
preview:
    cargo run --release -- run --corpus fixtures/ai --date 2026-03-04 --out site --dry-run

# the contract of a post and its audit: `just check site/_posts/….md`
check POST:
    cargo run --release -- check {{ POST }}

# configuration, corpus, font, folders and model settings of this folder
doctor *FLAGS:
    cargo run --release -- doctor {{ FLAGS }}

# make the built-in font anew (needs fonts-noto-cjk, unicode-data, fonttools; see the script)
font:
    tools/font-subset.sh

# ingest against DuckDB, Polars and orjson on 210 MB of generated JSONL; `--large` adds 2 GB (needs python3 and pip)
bench-ingest *FLAGS:
    cargo build --release
    python3 -m venv target/bench/venv
    target/bench/venv/bin/pip install --quiet duckdb polars orjson
    target/bench/venv/bin/python bench/ingest.py --binary target/release/tuibao --folder target/bench {{ FLAGS }}

# clusters against kNN + Leiden on labelled sets (needs python3 and pip): `just bench-cluster set.jsonl …`
bench-cluster *FILES:
    cargo build --release
    python3 -m venv target/bench/venv
    target/bench/venv/bin/pip install --quiet scikit-learn igraph leidenalg
    target/bench/venv/bin/python bench/cluster.py --binary target/release/tuibao {{ FILES }}

# the word cloud against Python's wordcloud + jieba: seconds, words, fill, both pictures in target/bench/cloud (needs python3 and pip)
bench-cloud *FLAGS:
    cargo build --release -p report --example cloud
    python3 -m venv target/bench/venv
    target/bench/venv/bin/pip install --quiet wordcloud jieba
    target/bench/venv/bin/python bench/cloud.py --binary target/release/examples/cloud --folder target/bench/cloud {{ FLAGS }}

# the model client: latency, back-fill, rate limit, rerun, kill and resume, key; on a pretended endpoint (needs python3, zstd)
bench-model *FLAGS:
    cargo build --release
    python3 bench/model.py {{ FLAGS }}

# hostile texts in each place of a post, through a real Jekyll into a real Chromium, some ten minutes (needs python3, jekyll, chromium)
bench-page *FLAGS:
    cargo build --release
    python3 bench/page.py {{ FLAGS }}

# the typography suite by kramdown (Jekyll), comrak and markdown-it (needs python3, jekyll, node, npm)
typography:
    python3 bench/typography.py

# 31 posts by a real Jekyll in a real Chromium, phone and desk, and their text by three renderers (needs python3, jekyll, chromium, node, npm)
site-check *FLAGS:
    cargo build --release
    python3 bench/site.py {{ FLAGS }}

# killed at 200 random moments, and a fault at every write of a run, some 20 minutes (needs strace)
torture RUNS="200":
    TUIBAO_TORTURE_RUNS={{ RUNS }} cargo test --release -p tuibao --test integration -- torture:: disk:: --nocapture --test-threads 2

# a year of back-fill out of a store, and the same again: `just bench-year FOLDER` (needs python3)
bench-year CORPUS *FLAGS:
    cargo build --release
    python3 bench/year.py --corpus {{ CORPUS }} {{ FLAGS }}

# 2,000 daily runs in a row: memory, files, ledger (needs python3)
soak RUNS="2000":
    cargo build --release
    python3 bench/soak.py --runs {{ RUNS }}

# what runs on many machines, a workspace of its own: clippy, tests, docs (compiles DataFusion, some 10 minutes on 2 cores)
scale:
    cargo clippy --manifest-path crates/scale/Cargo.toml --workspace --all-targets -- -D warnings
    cargo test --manifest-path crates/scale/Cargo.toml --workspace
    RUSTDOCFLAGS="-D warnings" cargo doc --manifest-path crates/scale/Cargo.toml --workspace --no-deps

# the same import in four places, an executor killed, time and memory; workers killed, PostgreSQL restarted (needs python3, postgresql; hours)
torture-scale TWEETS="1000000":
    cargo build --release
    cargo build --release --manifest-path crates/scale/Cargo.toml
    python3 bench/scale.py --binary crates/scale/target/release/tuibao-scale --tuibao target/release/tuibao --tweets {{ TWEETS }} --only rows killed overhead scaling memory --real ../shared/data/raw
    python3 bench/jobs.py --binary crates/scale/target/release/tuibao-scale --tuibao target/release/tuibao --long

# hostile bytes at the ingest stage, so many minutes at each target (needs `cargo install cargo-fuzz`): `just fuzz 1`
fuzz MINUTES="10":
    #!/usr/bin/env bash
    set -euo pipefail
    cd fuzz
    for target in record container csv_feed mapping; do
        mkdir -p "corpus/$target"
        cargo fuzz run --fuzz-dir . --sanitizer none "$target" "corpus/$target" "seeds/$target" -- -dict=dictionary \
            -max_total_time=$(({{ MINUTES }} * 60)) -max_len=4096 -timeout=20 -rss_limit_mb=3000 -print_final_stats=1
    done
