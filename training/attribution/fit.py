"""Fits the models of attribution on the train part of PolNeAR, and says how well they do on documents that they have not seen.

  fit.py --data POLNEAR/train --parses PARSES.jsonl --rows PROGRAM --work FOLDER [--out crates/reader/models] [--scorer FOLDER]

--data    a folder with text/DOC.txt and ann/DOC.ann (brat), as the corpus comes
--parses  JSON Lines of {doc, text, tokens}: the lines of `dateline parse` for the texts, each with its text
--rows    the built example `attribution_rows`, which makes all features
--work    a folder for rows and for the models of the five folds
--out     where the models go that come with the reader; without it only the folds are made
--scorer  a folder with score_polnear.py and readings_to_polnear.py, to score the folds together

A document's fold is its line's number modulo five. The later models are trained on what the earlier ones make of documents that these have not
seen. There is nothing random in it: the seed of the solver, which goes through the features in a random order, is fixed.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from bisect import bisect_left
from collections import defaultdict

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from linear import read_rows, write  # noqa: E402

FOLDS = 5
ROLES = ["content", "source", "cue", "none"]
# Buckets (as a power of two) and inverse strength of the regularisation.
SIZES = {"cue": (18, 0.1), "part": (17, 0.3), "spread": (14, 0.3), "whole": (16, 0.1)}
SILENT = {"PUNCT", "SPACE"}


def brat(path):
    """The attributions of a file: {role: [(start, end), …]} each. Content2 is content; a line without an identifier continues the one before."""
    spans, events = {}, []
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().split("\n")
    for cells in (line.rstrip("\r").split("\t") for line in lines):
        if len(cells) > 1 and cells[0][1:].isdigit():
            if cells[0][0] == "T":
                places = cells[1].split(" ", 1)[1].split(";")
                spans[cells[0]] = [tuple(map(int, place.split())) for place in places]
            elif cells[0][0] == "E":
                events.append([role.split(":") for role in cells[1].split()])
    out = []
    for event in events:
        one = defaultdict(list)
        for role, span in event[1:]:
            one[role.rstrip("0123456789").lower()] += spans[span]
        if event and event[0][0].startswith("Attribution") and one["content"] and one["cue"]:
            out.append(one)
    return out


class Document:
    """A parsed document with what people marked in it, by tokens."""

    def __init__(self, line, data):
        self.name, self.tokens = line["doc"], line["tokens"]
        self.starts = [token[1] for token in self.tokens]
        self.loud = {at for at, token in enumerate(self.tokens) if token[4] not in SILENT}
        self.marked = {}
        for one in brat(os.path.join(data, "ann", self.name + ".ann")):
            source, cue, content = (self.over(one[role]) for role in ("source", "cue", "content"))
            inside = set(cue)
            tops = [at for at in cue if self.tokens[at][7] not in inside or self.tokens[at][7] == at]
            if tops:
                head = next((at for at in tops if self.tokens[at][4] in ("VERB", "AUX")), tops[0])
                self.marked[head] = (source, cue, content)

    def over(self, spans):
        """Tokens that the spans overlap."""
        out = set()
        for start, end in spans:
            at = max(0, bisect_left(self.starts, start) - 1)
            while at < len(self.tokens) and self.starts[at] < end:
                if self.starts[at] + len(self.tokens[at][0]) > start and self.tokens[at][4] != "SPACE":
                    out.add(at)
                at += 1
        return sorted(out)


def label_cue(document, key):
    return int(key) in document.marked


def label_part(document, key):
    """The role that most words of the part have."""
    cue, tokens = key.split(":")
    source, cue, content = document.marked[int(cue)]
    role = {**dict.fromkeys(content, 0), **dict.fromkeys(cue, 2), **dict.fromkeys(source, 1)}
    counts = [0, 0, 0, 0]
    for at in map(int, tokens.split(",")):
        if at in document.loud:
            counts[role.get(at, 3)] += 1
    return int(np.argmax(counts)) if any(counts) else 3


def label_spread(document, key):
    cue, tokens = key.split(":")
    content = set(document.marked[int(cue)][2])
    words = [at for at in map(int, tokens.split(",")) if at in document.loud]
    return 2 * sum(at in content for at in words) >= len(words)


def label_whole(document, key):
    """People marked an attribution with half of this content, and a source that this one shares, or none as here."""
    _, content, source = key.split(":")
    content = set(map(int, content.split(","))) & document.loud
    source = {int(at) for at in source.split(",") if at}
    for theirs, _, words in document.marked.values():
        words = set(words) & document.loud
        both = len(words & content)
        if both and 2 * both >= max(len(words), len(content)) and (source & set(theirs) or not (source or theirs)):
            return True
    return False


LABEL = {"cue": label_cue, "part": label_part, "spread": label_spread, "whole": label_whole}


def fit(matrix, labels, strength):
    model = LogisticRegression(C=strength, solver="liblinear", tol=1e-2, max_iter=200, random_state=0)
    model.fit(matrix, labels)
    return model.coef_[0], model.intercept_[0]


def train(name, documents, path, work, out):
    bits, strength = SIZES[name]
    classes = ROLES if name == "part" else [name]
    with open(path, encoding="utf-8") as lines:
        keys, names, matrix = read_rows(lines, bits)
    labels = np.array([LABEL[name](documents[doc], key) for key, doc in zip(keys, names)]).astype(int)
    number = {doc: at for at, doc in enumerate(documents)}
    fold = np.array([number[doc] % FOLDS for doc in names])
    right = 0
    card = {"stage": f"attribution: {name}", "data": "PolNeAR 1.0.0, train", "see": "training/attribution/README.md"}
    for at in [*range(FOLDS)] + ([None] if out else []):
        known = fold != at if at is not None else np.ones(len(labels), bool)
        wanted = range(len(classes)) if len(classes) > 1 else [1]
        fitted = [fit(matrix[known], labels[known] == one, strength) for one in wanted]
        weights, biases = np.array([w for w, _ in fitted]), [b for _, b in fitted]
        folder, file = (os.path.join(work, str(at)), f"{name}.bin") if at is not None else (out, f"attribution-{name}.linear")
        os.makedirs(folder, exist_ok=True)
        write(os.path.join(folder, file), classes, weights, biases, card)
        if at is not None:
            scores = matrix[~known] @ weights.T + biases
            found = scores.argmax(axis=1) if len(classes) > 1 else (scores[:, 0] > 0).astype(int)
            right += (found == labels[~known]).sum()
    print(f"{name}: {len(labels)} rows, {matrix.nnz} features, accuracy over the folds {right / len(labels):.4f}", flush=True)


def score(scorer, data, readings):
    sys.path.insert(0, scorer)
    import readings_to_polnear
    import score_polnear

    texts = score_polnear.read_texts(data)
    predicted = {}
    for name, line in readings:
        found, _ = readings_to_polnear.convert([json.loads(line)], {name: texts[name]})
        for one in found.get(name, []):
            for role in score_polnear.ROLES:
                one[role] = score_polnear.spans_of(name, one[role], len(texts[name]), role != "content")
        predicted.update(found)
    result, _ = score_polnear.score(texts, score_polnear.read_gold(data, texts), predicted)
    score_polnear.show(result, [], texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "parses", "rows", "work"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--out")
    parser.add_argument("--scorer")
    parser.add_argument("--from", dest="first", default="cue", choices=SIZES, help="begin with this model, the earlier ones being in --work")
    parser.add_argument("--tuning", default="", help="whole,content,source,spread for the scores of the folds")
    options = parser.parse_args()
    began = time.time()
    with open(options.parses, encoding="utf-8") as lines:
        documents = {document.name: document for document in (Document(json.loads(line), options.data) for line in lines)}
    os.makedirs(options.work, exist_ok=True)
    cues = os.path.join(options.work, "cues.jsonl")
    with open(cues, "w", encoding="utf-8") as file:
        for document in documents.values():
            marked = [{"head": head, "content": content} for head, (_, _, content) in document.marked.items()]
            file.write(json.dumps({"doc": document.name, "cues": marked}) + "\n")
    inputs = {"cue": [], "part": [cues, options.work], "spread": [cues, options.work], "whole": [options.work]}
    stage = {"cue": "cues", "part": "parts", "spread": "spread", "whole": "whole"}
    for name in list(SIZES)[list(SIZES).index(options.first):]:
        path = os.path.join(options.work, f"{name}.rows")
        with open(path, "wb") as file:
            subprocess.run([options.rows, stage[name], options.parses, *inputs[name]], stdout=file, check=True)
        train(name, documents, path, options.work, options.out)
    print(f"{time.time() - began:.0f} s", flush=True)
    if options.scorer:
        command = [options.rows, "find", options.parses, options.work] + ([options.tuning] if options.tuning else [])
        lines = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
        score(options.scorer, options.data, zip(documents, lines))


if __name__ == "__main__":
    main()
