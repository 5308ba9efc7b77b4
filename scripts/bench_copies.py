#!/usr/bin/env python3
"""Documents per second of dateline's index of copies and of datasketch, one after the other on the same texts.

usage: bench_copies.py DOCS.jsonl PATH/TO/copies [RUNS]      (needs `pip install datasketch`)

DOCS.jsonl: a JSON object with `doc` and `text` a line. PATH/TO/copies: the example, built with
`cargo build --release -p dateline-corroborate --example copies`. datasketch: runs of five words, MinHash of 128, LSH at 0.5; shingling,
hashing, query and insertion are timed on both sides, reading the file on neither.
"""
import json
import re
import statistics
import subprocess
import sys
import time

from datasketch import MinHash, MinHashLSH

WORD = re.compile(r"\w+")


def shingles(text):
    words = WORD.findall(text.lower())
    return {" ".join(words[at:at + 5]).encode() for at in range(max(1, len(words) - 4))}


def datasketch_seconds(texts):
    start = time.perf_counter()
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for at, text in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch(list(shingles(text)))
        index.query(sketch)
        index.insert(at, sketch)
    return time.perf_counter() - start


def ours(path, program):
    with open(path, "rb") as docs:
        done = subprocess.run([program], stdin=docs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return json.loads(done.stderr)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    path, program = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    with open(path, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    theirs, mine = [], []
    for _ in range(runs):
        theirs.append(len(texts) / datasketch_seconds(texts))
        mine.append(ours(path, program))
    rate = statistics.median(run["docs_per_s"] for run in mine)
    other = statistics.median(theirs)
    print(json.dumps({"docs": len(texts), "runs": runs, "dateline_docs_per_s": round(rate), "datasketch_docs_per_s": round(other),
                      "ratio": round(rate / other, 1), "dateline_bytes_per_doc": mine[0]["bytes_per_doc"]}))


if __name__ == "__main__":
    main()
