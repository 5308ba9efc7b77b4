#!/usr/bin/env python3
"""Makes many reports for measuring a case: JSON Lines of {id, source, published, url, title, text} on standard output.

  scripts/make_reports.py SHARED COUNT [--words 350] [--copies 0.4] [--seed 1] > reports.jsonl

SHARED: the folder with data/polnear and data/copies; their texts lend words and sentences, so the output is for measuring on this machine only
and not to be passed on. COUNT reports come from 60 invented outlets over one year. Of these, `--copies` (a share) are copies of an
earlier one, cut and dressed as wires are; all others have every third or fourth word replaced, so that no run of four words is
shared and each is a text of its own.
"""
import argparse
import datetime
import glob
import json
import os
import random
import re


def texts(shared):
    for path in sorted(glob.glob(os.path.join(shared, "data/polnear/train/text/*.txt"))):
        with open(path, encoding="utf-8") as file:
            yield file.read()
    with open(os.path.join(shared, "data/copies/docs.jsonl"), encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared")
    parser.add_argument("count", type=int)
    parser.add_argument("--words", type=int, default=350)
    parser.add_argument("--copies", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    bases = []
    vocabulary = {}
    for text in texts(options.shared):
        paragraphs = [paragraph.strip() for paragraph in re.split(r"\n+", text) if paragraph.strip()]
        kept, words = [], 0
        for paragraph in paragraphs:
            if words >= options.words:
                break
            kept.append(paragraph)
            words += len(paragraph.split())
        bases.append(kept)
        for word in re.findall(r"[A-Za-z]+", " ".join(kept)):
            vocabulary.setdefault((len(word), word[0].isupper()), []).append(word)
    recent = []
    start = datetime.date(2024, 1, 1)
    for number in range(options.count):
        published = start + datetime.timedelta(days=number * 366 // options.count)
        outlet = rng.randrange(60)
        if recent and rng.random() < options.copies:
            paragraphs = list(rng.choice(recent))
            if len(paragraphs) > 3 and rng.random() < 0.5:
                del paragraphs[rng.randrange(1, len(paragraphs)) :]
            elif len(paragraphs) > 3:
                del paragraphs[rng.randrange(1, len(paragraphs))]
            paragraphs.insert(0, f"Outlet {outlet} desk")
        else:
            paragraphs = [distinct(paragraph, vocabulary, rng) for paragraph in rng.choice(bases)]
            recent.append(paragraphs)
            if len(recent) > 400:
                recent.pop(rng.randrange(len(recent)))
        report = {
            "id": f"m{number}",
            "source": f"Invented Outlet {outlet}",
            "published": published.isoformat(),
            "url": f"https://outlet{outlet}.example/{number}",
            "text": "\n\n".join(paragraphs),
        }
        print(json.dumps(report, ensure_ascii=False))


def distinct(paragraph, vocabulary, rng):
    """The paragraph with every third or fourth word replaced by one of the same length and case."""
    parts = re.split(r"([A-Za-z]+)", paragraph)
    due = rng.randrange(3)
    for at in range(1, len(parts), 2):
        due -= 1
        if due < 0:
            word = parts[at]
            parts[at] = rng.choice(vocabulary[(len(word), word[0].isupper())]) if (len(word), word[0].isupper()) in vocabulary else word
            due = rng.choice((2, 3))
    return "".join(parts)


if __name__ == "__main__":
    main()
