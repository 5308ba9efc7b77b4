"""Linear models over hashed features, as crates/reader/src/learned.rs reads them.

Training input is text, a row a line, as the reader's example programs print it: `label<TAB>group<TAB>f f f …`, the features as decimal numbers
(32 bits each, `Feature::bits`). `group` names the document, so that folds never share one.
"""

import json

import numpy as np
from scipy.sparse import csr_matrix

MAGIC = b"dateline-linear/1\n"


def read_rows(lines, bits):
    """Labels (list of str), groups (list of str) and the matrix (rows × 2^bits, counts) of the lines."""
    labels, groups, indices, starts = [], [], [], [0]
    mask = (1 << bits) - 1
    for line in lines:
        label, group, features = line.rstrip("\n").split("\t")
        labels.append(label)
        groups.append(group)
        indices.extend(int(feature) & mask for feature in features.split())
        starts.append(len(indices))
    ones = np.ones(len(indices), dtype=np.float32)
    matrix = csr_matrix((ones, np.array(indices, dtype=np.int32), np.array(starts)), shape=(len(labels), 1 << bits))
    matrix.sum_duplicates()
    return labels, groups, matrix


def quantise(weights):
    """Weights (classes × buckets) as bytes with a scale a class; the largest weight of a class is 127."""
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    return np.rint(weights / scales[:, None]).astype(np.int8), scales


def write(path, classes, weights, biases, card):
    """Writes a model. `weights`: classes × 2^bits; `card`: what people should know of it, kept in the header."""
    bits = int(np.log2(weights.shape[1]))
    assert weights.shape == (len(classes), 1 << bits), weights.shape
    rows, scales = quantise(np.asarray(weights, dtype=np.float64))
    header = {
        "classes": list(classes),
        "bits": bits,
        "scales": [float(np.float32(scale)) for scale in scales],
        "biases": [float(np.float32(bias)) for bias in biases],
        "card": card,
    }
    with open(path, "wb") as file:
        file.write(MAGIC)
        file.write(json.dumps(header, ensure_ascii=False, sort_keys=True).encode() + b"\n")
        file.write(np.ascontiguousarray(rows.T).tobytes())
