#!/usr/bin/env python3
"""Parses the sentences of crates/reader/tests/*.tsv and the examples of crates/reader/lexicon/events_*.toml once, with spaCy itself, so that
the reader's tests need no model.

    parse_fixtures.py MODEL      writes crates/reader/tests/fixtures/*.jsonl: {"text", "tokens"} a line, one for each sentence

MODEL is the name of an installed package with the weights of en_core_web_sm 3.8.0.
"""
import json
import pathlib
import sys
import tomllib

import spacy

READER = pathlib.Path(__file__).resolve().parent.parent / "crates/reader"
TESTS = READER / "tests"


def rows(doc):
    return [[t.text, t.idx, bool(t.whitespace_), t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.ent_iob_, t.ent_type_, bool(t.is_sent_start)]
            for t in doc]


def write(nlp, name, texts):
    with open(TESTS / "fixtures" / f"{name}.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for text in texts:
            print(json.dumps({"text": text, "tokens": rows(nlp(text))}, ensure_ascii=False), file=out)
    print(f"{name}: {len(texts)} sentences", file=sys.stderr)


def main():
    nlp = spacy.load(sys.argv[1])
    for table in sorted(TESTS.glob("*.tsv")):
        texts = {}
        for line in table.read_text(encoding="utf-8").splitlines():
            text = line.split("\t")[0].strip()
            if text and not text.startswith("#"):
                texts[text] = None
        write(nlp, table.stem, texts)
    examples = {}
    for lexicon in sorted((READER / "lexicon").glob("events_*.toml")):
        for entry in tomllib.loads(lexicon.read_text(encoding="utf-8"))["entry"]:
            examples.update(dict.fromkeys(entry["examples"]))
    write(nlp, "examples", examples)


if __name__ == "__main__":
    main()
