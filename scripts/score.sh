#!/usr/bin/env bash
# Scores the program on the development sets and prints every table.
#
#   scripts/score.sh SHARED [SET…]      SHARED: the folder with gold/ and data/; SET: gold seed polnear toponyms parity (default: all)
#
# Needs python3 (standard library only) and a release build: cargo build --release
set -euo pipefail
shared=$(cd "${1:?usage: scripts/score.sh SHARED [SET…]}" && pwd)
shift
sets=${*:-gold seed polnear toponyms parity}
repo=$(cd "$(dirname "$0")/.." && pwd)
dateline=${DATELINE:-${CARGO_TARGET_DIR:-$repo/target}/release/dateline}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
score="$shared/data/score"

# reports NAME: JSON Lines of {id, text, published, source} on standard output
reports() {
  python3 - "$shared" "$1" <<'PY'
import glob, json, os, re, sys
shared, name = sys.argv[1:]
def emit(id, text, published=None, source=None):
    if published and not re.fullmatch(r"\d{4}(-\d\d){0,2}", published):
        published = None  # some sets hold dates that were only cut out of a page
    print(json.dumps({"id": id, "text": text, "published": published, "source": source}, ensure_ascii=False))
if name == "gold":
    for line in open(f"{shared}/gold/dev.jsonl", encoding="utf-8"):
        d = json.loads(line)
        emit(d["doc"], d["text"], d["published"], d["source"])
elif name == "polnear":
    for path in sorted(glob.glob(f"{shared}/data/polnear/dev/text/*.txt")):
        emit(os.path.basename(path)[:-4], open(path, encoding="utf-8", newline="").read())
elif name == "toponyms":
    for path in sorted(glob.glob(f"{shared}/data/toponyms/*.jsonl")):
        for line in open(path, encoding="utf-8"):
            d = json.loads(line)
            emit(d["doc"], d["text"], d["published"])
PY
}

# readings NAME: one file a reading in $work/NAME/
readings() {
  [ -d "$work/$1" ] && return
  mkdir "$work/$1"
  reports "$1" >"$work/$1.in.jsonl"
  "$dateline" read --format jsonl "$work/$1.in.jsonl" >"$work/$1.out.jsonl" || true
  python3 -c '
import json, sys, pathlib
for n, line in enumerate(open(sys.argv[2], encoding="utf-8")):
    d = json.loads(line)
    name = str(d["document"].get("ref") or n).replace("/", "_")
    pathlib.Path(sys.argv[1], f"{name}.json").write_text(line, encoding="utf-8")
' "$work/$1" "$work/$1.out.jsonl"
}

for set in $sets; do
  printf '\n## %s\n' "$set"
  case $set in
    gold)
      readings gold
      python3 "$shared/gold/score.py" "$shared/gold/dev.jsonl" "$work/gold"
      ;;
    seed)
      readings gold
      python3 "$shared/gold/seed_rows.py" "$work/gold/kursk-pow.json" || true
      ;;
    polnear)
      readings polnear
      python3 "$score/readings_to_polnear.py" --readings "$work/polnear" --texts "$shared/data/polnear/dev" --out "$work/polnear.p.jsonl"
      python3 "$score/score_polnear.py" --gold "$shared/data/polnear/dev" --pred "$work/polnear.p.jsonl"
      ;;
    toponyms)
      readings toponyms
      for part in lgl trnews gwn; do
        python3 "$score/readings_to_toponyms.py" --readings "$work/toponyms" --gold "$shared/data/toponyms/$part.jsonl" --out "$work/$part.p.jsonl"
        echo "# $part"
        python3 "$score/score_toponyms.py" end2end --nouns --gold "$shared/data/toponyms/$part.jsonl" --pred "$work/$part.p.jsonl"
      done
      ;;
    parity)
      "$dateline" parse "$shared"/data/parity/*.txt >"$work/parity.jsonl"
      python3 "$score/score_parity.py" --gold "$shared/data/parity/expected.jsonl.gz" --pred "$work/parity.jsonl" --texts "$shared/data/parity"
      ;;
    *)
      echo "scripts/score.sh: no set \`$set\`" >&2
      exit 2
      ;;
  esac
done
