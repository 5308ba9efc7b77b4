#!/usr/bin/env python3
"""Writes out the patterns beside this file: sentences of our own with a source, a target and a root.

    make_sentences.py SEED [--per N] > sentences.tsv      root, pattern number, sentence, source, target

`{a|b|c}` is a choice; `<S.c>` the source as a state, `<T.v>` the target as a person held, and so on (fillers.toml names the kinds);
`<S:words>` the source in these words; @A an actor besides, @P a place, @D a day, @N a number, @M a sum, @C and @J a country and its adjective.
The same seed gives the same sentences.
"""
import math
import pathlib
import random
import re
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
FILES = ["patterns_friendly.tsv", "patterns_hostile.tsv", "patterns_force.tsv", "patterns_shapes.tsv"]
SLOT = re.compile(r"<([ST])(?:\.([a-z]))?(?::([^<>]*))?>")


class Filler:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        data = tomllib.loads((HERE / "fillers.toml").read_text(encoding="utf-8"))
        self.data = data
        self.countries = [pair.split("/") for pair in data["countries"].split() + data["more_countries"] * 3]
        self.towns = [town.replace("-", " ") for town in data["towns"].split()]
        self.capitals = data["capitals"].split()
        self.first, self.last = data["first"].split(), data["last"].split()

    def pick(self, items):
        return self.rng.choice(items)

    def choose(self, text):
        """Resolves {a|b} choices, innermost first."""
        while True:
            match = re.search(r"\{([^{}]*)\}", text)
            if not match:
                return text
            text = text[: match.start()] + self.pick(match[1].split("|")) + text[match.end() :]

    def actor(self, kind):
        template = self.pick(self.data["slots"][kind])
        (country, adjective), (other, _) = self.rng.sample(self.countries, 2)
        name = f"{self.pick(self.first)} {self.pick(self.last)}"
        values = {"{C}": country, "{J}": adjective, "{C2}": other, "{N}": name, "{L}": name.split()[1], "{F}": name.split()[0], "{P}": self.pick(self.towns),
                  "{K}": self.pick([country, self.pick(self.towns)]), "{CAP}": self.pick(self.capitals), "{num}": self.pick(self.data["numbers"])}
        for key, value in values.items():
            template = template.replace(key, value)
        return template

    def mixed(self, which):
        return self.actor(self.pick(self.data["mixes"][which].split()))

    def small(self, text):
        """The @-slots."""
        def value(match):
            kind = match[1]
            country, adjective = self.pick(self.countries)
            return {"A": lambda: self.mixed("S"), "P": lambda: self.pick(self.towns + self.capitals), "N": lambda: self.pick(self.data["numbers"]),
                    "M": lambda: self.pick(self.data["money"]), "C": lambda: country, "J": lambda: adjective, "D": lambda: self.pick(self.data["days"]),
                    "D0": lambda: (lambda day: day[0].upper() + day[1:])(self.pick(self.data["days"])), "D1": lambda: self.pick(["March 3", "Nov. 12", "June 30"]),
                    "CAPS": lambda: self.pick(self.capitals).upper()}[kind]()
        return re.sub(r"@(CAPS|D0|D1|[APNMCJD])", value, text)

    def sentence(self, pattern):
        """(sentence, source, target), or None when the marks could be found in the wrong place."""
        around = self.data["around"]
        text = self.choose(pattern).strip(" .")
        found = {}
        def fill(match):
            side, kind, words = match.groups()
            if side not in found:
                found[side] = self.small(words) if words else self.actor(kind) if kind else self.mixed(side)
            return "\x01" + side
        text = self.small(SLOT.sub(fill, text))
        head = self.small(self.pick(around["before"]))
        if text.startswith("\x01") and (not head or head.endswith("- ")):
            side = text[1]
            found[side] = found[side][0].upper() + found[side][1:]
        text = head + text + self.small(self.pick(around["after"]))
        for side, words in found.items():
            text = text.replace("\x01" + side, words)
        text = re.sub(r"\s+", " ", text).replace(" ,", ",").strip()
        text = text[0].upper() + text[1:] + self.pick([".", ".", ".", ".", ""])
        source, target = found.get("S", ""), found.get("T", "")
        if not source or not target or source not in text or target not in text or source in target or target in source:
            return None
        return text, source, target


def patterns():
    for file in FILES:
        for line in (HERE / file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                root, pattern = line.split("\t")
                yield root, pattern


def main():
    seed = int(sys.argv[1])
    per = float(sys.argv[sys.argv.index("--per") + 1]) if "--per" in sys.argv else 1.0
    filler = Filler(seed)
    for number, (root, pattern) in enumerate(patterns()):
        # More choices, more sentences: about one for each alternative that the words about the deed have.
        wanted = max(3, math.ceil(per * (pattern.count("|") + 1) * 0.6))
        for _ in range(wanted):
            for _ in range(8):
                made = filler.sentence(pattern)
                if made:
                    print(root, number, *made, sep="\t")
                    break


if __name__ == "__main__":
    main()
