#!/usr/bin/env python3
"""Fits the model of relations: multinomial logistic regression over hashed features.

    fit.py OWN.rows [SET.rows] [--cv] [--out MODEL]

The rows come from `cargo run -p dateline-reader --example plv -- PARSES.jsonl --features`. OWN.rows are those of the sentences that
make_sentences.py writes; SET.rows those of a coded set, which is not part of the repository. With SET.rows it says what a model of our own
sentences alone scores on the set, and with --cv what the set's own folds score, with our sentences and without.
"""
import argparse
import pathlib
import sys
import time

import numpy as np
from scipy.sparse import vstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import linear  # noqa: E402

BITS, STRENGTH, OWN_WEIGHT, SEEDS = 16, 0.3, 0.3, (0, 1)


def read(path):
    with open(path, encoding="utf-8") as lines:
        labels, _, matrix = linear.read_rows(lines, BITS)
    matrix.data[:] = 1
    return np.array(["YIELD" if label in ("CONCEDE", "RETREAT") else label for label in labels]), matrix


def fit(parts):
    """A model of (labels, matrix, weight of a row) parts."""
    labels = np.concatenate([part[0] for part in parts])
    weights = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    return LogisticRegression(C=STRENGTH, max_iter=200).fit(vstack([part[1] for part in parts]).tocsr(), labels, sample_weight=weights)


def score(gold, given):
    return f1_score(gold, given, average="macro"), accuracy_score(gold, given)


def folds(coded, own):
    labels, matrix = coded
    scores = []
    for seed in SEEDS:
        given = np.empty(len(labels), dtype="<U12")
        for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(matrix, labels):
            parts = [(labels[train], matrix[train], 1.0)] + ([(*own, OWN_WEIGHT)] if own else [])
            given[test] = fit(parts).predict(matrix[test])
        scores.append(score(labels, given))
    mean, spread = np.mean(scores, axis=0), np.std(scores, axis=0)
    return f"macro-F1 {mean[0]:.4f} ± {spread[0]:.4f}, accuracy {mean[1]:.4f} ± {spread[1]:.4f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("own")
    parser.add_argument("coded", nargs="?")
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--out")
    args = parser.parse_args()
    start = time.time()
    own = read(args.own)
    coded = read(args.coded) if args.coded else None
    if coded:
        alone = score(coded[0], fit([(*own, 1.0)]).predict(coded[1]))
        print(f"own sentences alone, scored on the set: macro-F1 {alone[0]:.4f}, accuracy {alone[1]:.4f}")
    if coded and args.cv:
        print(f"folds of the set, without our sentences: {folds(coded, None)}")
        print(f"folds of the set, with our sentences:    {folds(coded, own)}")
    if args.out:
        parts = [(*own, OWN_WEIGHT)] + ([(*coded, 1.0)] if coded else [])
        model = fit(parts)
        card = {
            "what": "PLOVER root of what a marked source does to a marked target",
            "made by": "training/plover/fit.py",
            "rows": {"own": len(own[0]), "set": len(coded[0]) if coded else 0},
            "strength": STRENGTH,
            "own weight": OWN_WEIGHT,
        }
        linear.write(args.out, model.classes_, model.coef_, model.intercept_, card)
    print(f"{time.time() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
