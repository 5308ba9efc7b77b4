#!/usr/bin/env python3
"""Times bringing web pages into a case against what people string together in Python, on the same pages in one run.

  PIPELINE_PYTHON=venv/bin/python scripts/bench_pipeline.py SHARED --model MODEL [--pages 600] [--runs 2] [--json out.json]

SHARED: the folder with data/web (91 real pages) and the texts that make_reports.py needs, of which `--pages` more pages are made, two
fifths of them copies of others. MODEL: an unpacked package (the folder that holds config.cfg). PIPELINE_PYTHON: a Python with
trafilatura (and lxml_html_clean), spaCy 3.8 and datasketch. Needs `cargo build --release` (or name the program in DATELINE).

The Python pipeline takes the main text out of each page (trafilatura), parses it (spaCy, nlp.pipe, one thread) and finds earlier
near-duplicates (datasketch: runs of five words, MinHash of 128, LSH at 0.5). It keeps nothing, reads no claims and joins no events.
`dateline add` does all of it into a new case on disk: main text, language, parse, claims, copies, events, originals, full text, audit.
It is timed as a whole process with one thread for reading beside the one that writes, and with as many as the machine has cores; the
pipeline without its imports and the loading of the model. The contenders take turns, and the best run of each counts; the processor's
time stands beside the clock's.
"""
import argparse
import glob
import gzip
import html
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

PIPELINE = r"""
import json, os, re, sys, time
import spacy, trafilatura
from datasketch import MinHash, MinHashLSH
nlp = spacy.load(sys.argv[1])
folder = sys.argv[2]
word = re.compile(r"\w+")
cpu, start = time.process_time(), time.perf_counter()
seconds = {"trafilatura": 0.0, "datasketch": 0.0}
texts = []
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        page = file.read()
    at = time.perf_counter()
    text = trafilatura.extract(page)
    seconds["trafilatura"] += time.perf_counter() - at
    if text:
        texts.append(text)
index, copies = MinHashLSH(threshold=0.5, num_perm=128), 0
at = time.perf_counter()
tokens = sum(len(doc) for doc in nlp.pipe(texts, batch_size=64))
seconds["spacy"] = time.perf_counter() - at
at = time.perf_counter()
for nth, text in enumerate(texts):
    words = word.findall(text.lower())
    sketch = MinHash(num_perm=128)
    sketch.update_batch(list({" ".join(words[i:i + 5]).encode() for i in range(max(1, len(words) - 4))}))
    copies += bool(index.query(sketch))
    index.insert(nth, sketch)
seconds["datasketch"] = time.perf_counter() - at
print(json.dumps({"texts": len(texts), "tokens": tokens, "copies": copies, "seconds": time.perf_counter() - start,
                  "cpu": time.process_time() - cpu, "steps": {name: round(value, 1) for name, value in seconds.items()}}))
"""
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")}
MENU = "".join(f"<li><a href=/s{at}>Section {at}</a></li>" for at in range(20))
PAGE = """<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title} | {outlet}</title>
<meta property="article:published_time" content="{date}T08:00:00Z"><meta property="og:site_name" content="{outlet}"></head>
<body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>{body}</article>
<aside><h3>More</h3><ul>{menu}</ul></aside></main><footer><p>© {outlet}. All rights reserved.</p></footer></body></html>"""


def make_pages(shared, count, folder):
    for path in glob.glob(os.path.join(shared, "data/web/html/*.html.gz")):
        with gzip.open(path) as packed, open(os.path.join(folder, os.path.basename(path)[:-3]), "wb") as page:
            shutil.copyfileobj(packed, page)
    maker = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make_reports.py")
    lines = subprocess.run([sys.executable, maker, shared, str(count)], check=True, capture_output=True, text=True).stdout.splitlines()
    for nth, line in enumerate(lines):
        report = json.loads(line)
        paragraphs = report["text"].split("\n\n")
        body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
        title = html.escape(paragraphs[0][:60])
        with open(os.path.join(folder, f"made-{nth}.html"), "w", encoding="utf-8") as page:
            page.write(PAGE.format(title=title, outlet=report["source"], date=report["published"], menu=MENU, body=body))


def pipeline(python, model, pages):
    run = subprocess.run([python, "-c", PIPELINE, model, pages], check=True, capture_output=True, text=True, env={**os.environ, **ONE_THREAD})
    return json.loads(run.stdout.splitlines()[-1])


def ours(program, model, pages, threads):
    with tempfile.TemporaryDirectory() as folder:
        case = os.path.join(folder, "case")
        subprocess.run([program, "--quiet", "init", case], check=True)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [program, "--quiet", "--model", model, "add", "--case", case, "--threads", str(threads), pages]
        run = subprocess.run(command, capture_output=True, text=True)
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        # 1: a page without text among others.
        if run.returncode not in (0, 1):
            sys.exit(f"bench_pipeline: {program} failed: {run.stderr}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"seconds": seconds, "cpu": cpu, "said": run.stdout.splitlines()[-1:]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared")
    parser.add_argument("--model", required=True)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--json")
    options = parser.parse_args()
    python = os.environ.get("PIPELINE_PYTHON", sys.executable)
    program = os.environ.get("DATELINE") or os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), "release", "dateline")
    cores = os.cpu_count() or 1
    contenders = {
        "pipeline": lambda pages: pipeline(python, options.model, pages),
        "dateline, 1 thread": lambda pages: ours(program, options.model, pages, 1),
        f"dateline, {cores} threads": lambda pages: ours(program, options.model, pages, cores),
    }
    runs = {name: [] for name in contenders}
    with tempfile.TemporaryDirectory() as pages:
        make_pages(options.shared, options.pages, pages)
        count = len(os.listdir(pages))
        for _ in range(options.runs):
            for name, run in contenders.items():
                runs[name].append(run(pages))
    best = {name: min(took, key=lambda run: run["seconds"]) for name, took in runs.items()}
    print(f"{count} pages; best of {options.runs} runs")
    for name, run in best.items():
        against = best["pipeline"]
        print(f"{name:20} {count / run['seconds']:7.1f} pages/s  {1000 * run['cpu'] / count:6.1f} ms of processor time each  "
              f"{against['seconds'] / run['seconds']:5.1f} × by the clock, {against['cpu'] / run['cpu']:5.1f} × by the processor")
    print("the pipeline's steps, in seconds:", best["pipeline"]["steps"])
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"pages": count, "runs": runs}, out, indent=1)


if __name__ == "__main__":
    main()
