#!/usr/bin/env python3
"""Parses the sentences that make_sentences.py writes, for `plv --features`.

    parse.py MODEL sentences.tsv > parses.jsonl      MODEL is the name of an installed package with the weights of en_core_web_sm 3.8.0
"""
import json
import sys

import spacy


def main():
    nlp = spacy.load(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    for number, (doc, line) in enumerate(zip(nlp.pipe([line[2] for line in lines], batch_size=128), lines)):
        tokens = [[t.text, t.idx, bool(t.whitespace_), t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.ent_iob_, t.ent_type_, bool(t.is_sent_start)] for t in doc]
        row = {"doc": f"own-{number}", "text": line[2], "source_actor": line[3], "target_actor": line[4], "gold_root": line[0], "tokens": tokens}
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
