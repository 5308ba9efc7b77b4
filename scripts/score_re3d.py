#!/usr/bin/env python3
"""Scores entities against re3d (Dstl's Relationship and Entity Extraction Evaluation Dataset), beside spaCy's, by one mapping.

    scripts/score_re3d.py --gold re3d/docs.jsonl --readings READINGS.jsonl [--parses PARSES.jsonl | --spacy MODEL] [--errors TYPE]

READINGS: JSON Lines of `dateline read --format jsonl` (or a folder of them). spaCy's entities come from PARSES, the JSON Lines of
`dateline parse` (which agrees with spaCy, `dateline eval parity`), or from spaCy itself with MODEL, such as en_core_web_sm.

What is compared. A gold entity is {start, end, text, type} in code points; one span may bear two types and spans may nest. A system gives
(span, type) pairs. A leading article and a trailing possessive are cut off all spans of gold and systems alike, and off numbers and times the
words that bound them (over, at least, nearly) and a trailing "of"; pairs that are then equal count once.
exact: equal spans of one type. overlap: spans of one type that share a letter, one to one, the longest shared first. F1 for each type.

From a reading to re3d's types:
    entities, kind actor, person              Person          every mention, pronouns too
    entities, kind actor, no person           Organisation    every mention: states as governments, forces, bodies, groups of people
    entities, kind place                      Location        every mention, also where `use` says metonymic or modifier
    peoples                                   Nationality
    times                                     Temporal        and the times of claims
    quantities without a currency             Quantity        the number with its unit: the words of `mention` without those of `of`
    quantities with a currency                Money           the whole mention
    entities, kind document                   DocumentReference
    entities, kind equipment                  MilitaryPlatform when its class carries people or weapons, else Weapon
From spaCy's labels:
    PERSON Person; ORG Organisation; GPE, LOC, FAC Location; NORP Nationality; DATE, TIME Temporal; CARDINAL, QUANTITY, PERCENT, ORDINAL
    Quantity; MONEY Money; LAW, WORK_OF_ART DocumentReference; PRODUCT MilitaryPlatform.
"""
import argparse
import json
import os
import re
import sys

ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
BOUND = re.compile(r"(?:over|about|around|nearly|almost|approximately|some|at least|at most|up to|more than|less than|fewer than|as many as|only|roughly)\s+",
                   re.IGNORECASE)
OF = re.compile(r"\s+of$", re.IGNORECASE)
POSSESSIVE = re.compile(r"(?:'s|’s|'|’)$")
SPACY = {"PERSON": "Person", "ORG": "Organisation", "GPE": "Location", "LOC": "Location", "FAC": "Location", "NORP": "Nationality",
         "DATE": "Temporal", "TIME": "Temporal", "CARDINAL": "Quantity", "QUANTITY": "Quantity", "PERCENT": "Quantity", "ORDINAL": "Quantity",
         "MONEY": "Money", "LAW": "DocumentReference", "WORK_OF_ART": "DocumentReference", "PRODUCT": "MilitaryPlatform"}
PLATFORMS = re.compile(r"vehicle|carrier|tank|aircraft|helicopter|ship|vessel|boat|submarine|drone|jet|plane|truck|convoy")
MONEY = re.compile(r"[$€£¥₴₽]|\b(?:dollar|euro|pound|rouble|ruble|hryvnia|lira|dinar|rial|riyal|yuan|yen|cent)s?\b", re.IGNORECASE)
TYPES = ["Organisation", "Location", "Person", "Nationality", "Temporal", "Quantity", "Money", "DocumentReference", "MilitaryPlatform", "Weapon"]


def trimmed(text, start, end, kind):
    """The span without article, possessive, bound and white space; None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    for lead in (BOUND, ARTICLE) if kind in ("Quantity", "Temporal") else (ARTICLE,):
        found = lead.match(text, start, end)
        start = found.end() if found else start
    of = OF.search(text[start:end].rstrip()) if kind == "Quantity" else None
    end = start + of.start() if of else end
    possessive = POSSESSIVE.search(text[start:end].rstrip())
    if possessive:
        end = start + possessive.start()
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def of_reading(reading):
    def span(value):
        return value["start"], value["end"]

    def number(quantity):
        start, end = span(quantity["mention"])
        of = quantity.get("of")
        return (start, of["start"]) if of and of["start"] > start else (start, end)
    for entity in reading["entities"]:
        kind, unit = entity["kind"], None
        if kind == "actor":
            unit = "Person" if entity.get("person") else "Organisation"
        elif kind == "place":
            unit = "Location"
        elif kind == "document":
            unit = "DocumentReference"
        elif kind == "equipment":
            unit = "MilitaryPlatform" if PLATFORMS.search(entity.get("class") or "") else "Weapon"
        if unit:
            yield from ((*span(mention), unit) for mention in entity["mentions"])
    for people in reading.get("peoples", []):
        yield (*span(people["mention"]), "Nationality")
    claims = reading["claims"]
    for time in reading.get("times", []) + [claim["time"] for claim in claims if claim.get("time")]:
        yield (*span(time["mention"]), "Temporal")
    for quantity in reading.get("quantities", []) + [quantity for claim in claims for quantity in claim.get("quantities", [])]:
        if MONEY.search(quantity["mention"]["text"]):
            yield (*span(quantity["mention"]), "Money")
        else:
            yield (*number(quantity), "Quantity")


def of_parse(parse):
    start = end = label = None
    for word, at, *_rest, iob, kind, _starts in parse["tokens"]:
        if iob == "I" and label:
            end = at + len(word)
            continue
        if label:
            yield start, end, label
        start, end, label = (at, at + len(word), kind) if iob == "B" else (None, None, None)
    if label:
        yield start, end, label


def kept(text, entities):
    out = set()
    for start, end, kind in entities:
        span = trimmed(text, start, end, kind)
        if span and kind:
            out.add((*span, kind))
    return out


def overlaps(gold, found):
    pairs = sorted(((min(g[1], f[1]) - max(g[0], f[0]), g, f) for g in gold for f in found if g[0] < f[1] and f[0] < g[1]),
                   key=lambda pair: (pair[1] != pair[2], -pair[0], pair[1], pair[2]))
    used_gold, used_found = set(), set()
    for _, g, f in pairs:
        if g not in used_gold and f not in used_found:
            used_gold.add(g)
            used_found.add(f)
    return len(used_gold)


def f1(right, found, gold):
    return 2 * right / (found + gold) if found + gold else 0.0


def objects(path):
    paths = [os.path.join(path, name) for name in sorted(os.listdir(path))] if os.path.isdir(path) else [path]
    for path in paths:
        with open(path, encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--gold", required=True)
    a.add_argument("--readings", required=True)
    a.add_argument("--parses")
    a.add_argument("--spacy")
    a.add_argument("--errors", help="a type whose misses and false finds are printed")
    o = a.parse_args()
    gold = list(objects(o.gold))
    systems = {"dateline": {reading["document"]["text"]: of_reading(reading) for reading in objects(o.readings)}}
    if o.parses:
        systems["spacy"] = {p["text"]: ((s, e, SPACY.get(k)) for s, e, k in of_parse(p)) for p in objects(o.parses)}
    elif o.spacy:
        import spacy
        nlp = spacy.load(o.spacy)
        systems["spacy"] = {d["text"]: ((e.start_char, e.end_char, SPACY.get(e.label_)) for e in nlp(d["text"]).ents) for d in gold}
    counts = {}
    for document in gold:
        text = document["text"]
        truth = kept(text, ((e["start"], e["end"], e["type"]) for e in document["entities"]))
        for name, found_in in systems.items():
            if text not in found_in:
                print(f"{name}: nothing for {document['doc']}", file=sys.stderr)
            found = kept(text, found_in.get(text, ()))
            for kind in TYPES:
                g, f = {x for x in truth if x[2] == kind}, {x for x in found if x[2] == kind}
                slot = counts.setdefault((name, kind), [0, 0, 0, 0])
                for at, value in enumerate((len(g), len(f), len(g & f), overlaps(g, f))):
                    slot[at] += value
                if o.errors == kind and name == "dateline":
                    for mark, wrong in (("missed", g - f), ("false", f - g)):
                        for start, end, _ in sorted(wrong):
                            before, after = text[max(0, start - 30):start], text[end:end + 30]
                            print(f"{mark}\t{before}[{text[start:end]}]{after}".replace("\n", " "))
    print(f"{'type':<18} {'gold':>5}   " + "   ".join(f"{name + ': found':>16} {'exact F1':>8} {'overlap F1':>10}" for name in systems))
    for kind in TYPES:
        row = []
        for name in systems:
            g, f, exact, overlap = counts[name, kind]
            row.append(f"{f:>16} {f1(exact, f, g):>8.4f} {f1(overlap, f, g):>10.4f}")
        print(f"{kind:<18} {counts['dateline', kind][0]:>5}   " + "   ".join(row))


if __name__ == "__main__":
    main()
