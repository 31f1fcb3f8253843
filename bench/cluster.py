#!/usr/bin/env python3
"""tuibao's clusters against k-nearest-neighbour graph + Leiden (Traag et al. 2019) on the same labelled sets.

The peer: tf-idf (sublinear, English stop words) by scikit-learn, cosine graph of the 15 nearest neighbours, Leiden by
modularity at resolution 1. Needs scikit-learn, igraph, leidenalg: see `just bench-cluster`.
"""

import argparse
import html
import json
import subprocess
import time

import igraph
import leidenalg
import numpy as np
from sklearn import metrics
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors


def leiden(texts, neighbours, resolution):
    vectors = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2).fit_transform(texts)
    nearest = NearestNeighbors(n_neighbors=min(neighbours + 1, len(texts)), metric="cosine", algorithm="brute")
    distances, places = nearest.fit(vectors).kneighbors(vectors)
    weights = {}
    for text, (row, others) in enumerate(zip(distances, places)):
        for distance, other in zip(row, others):
            if other != text and distance < 1.0:
                weights[(min(text, other), max(text, other))] = 1.0 - distance
    graph = igraph.Graph(len(texts), list(weights))
    partition = leidenalg.find_partition(
        graph,
        leidenalg.RBConfigurationVertexPartition,
        weights=list(weights.values()),
        resolution_parameter=resolution,
        seed=1,
    )
    return partition.membership


def bcubed(found, gold):
    found, gold = np.unique(found, return_inverse=True)[1], np.unique(gold, return_inverse=True)[1]
    cells = metrics.cluster.contingency_matrix(gold, found, sparse=True).tocoo()
    of_gold, of_found = np.bincount(gold), np.bincount(found)
    squares = cells.data.astype(float) ** 2
    precision = (squares / of_found[cells.col]).sum() / len(gold)
    recall = (squares / of_gold[cells.row]).sum() / len(gold)
    return 2 * precision * recall / (precision + recall)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the tuibao program")
    parser.add_argument("--gold", default="label", help="the field of the gold group")
    parser.add_argument("--neighbours", type=int, default=15)
    parser.add_argument("--resolution", type=float, default=1.0)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    print(f"{'set':34} {'method':12} {'groups':>6} {'NMI':>6} {'ARI':>6} {'B3 F1':>6} {'CPU-s':>7}")
    for path in arguments.files:
        rows = [json.loads(line) for line in open(path, encoding="utf-8")]
        gold = [row[arguments.gold] for row in rows]
        start = time.process_time()
        found = leiden([html.unescape(row["text"]) for row in rows], arguments.neighbours, arguments.resolution)
        used = time.process_time() - start
        name = path.rsplit("/", 1)[-1].removesuffix(".jsonl")
        scores = metrics.normalized_mutual_info_score(gold, found), metrics.adjusted_rand_score(gold, found)
        show(name, "kNN+Leiden", len(set(found)), *scores, bcubed(found, gold), used)
        command = [arguments.binary, "eval", "cluster", "--json", "--gold", arguments.gold, path]
        ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        show(name, "tuibao", ours["clusters"], ours["nmi"], ours["ari"], ours["bcubed_f1"], ours["seconds"])


def show(name, method, groups, nmi, ari, f1, seconds):
    print(f"{name:34} {method:12} {groups:6} {nmi:6.3f} {ari:6.3f} {f1:6.3f} {seconds:7.2f}", flush=True)


if __name__ == "__main__":
    main()
