#!/usr/bin/env python3
"""Times dateline's parser, and its whole reading, against spaCy's parse of the same texts in one run, and prints the ratios.

  SPACY_PYTHON=venv/bin/python scripts/bench_against_spacy.py TEXTS --model MODEL [--texts-at-most 200] [--runs 5] [--json out.json]

TEXTS: a folder with *.txt. MODEL: an unpacked package (the folder that holds config.cfg); both programs load it.
SPACY_PYTHON: a Python with spaCy 3.8. Needs a release build first: cargo build --release -p dateline-nlp --example parse
(found through CARGO_TARGET_DIR; or name the program in DATELINE_PARSE), and `cargo build --release` for the whole reading (DATELINE).

Machines are noisy, so the contenders take turns (A B C … A B C …), each warm after one unmeasured pass over all texts, and medians
count. spaCy runs with one thread and either of its matrix kernels (BLIS, as its wheel does by default, and OpenBLAS through NumPy);
the ratio is to the better one. Loading is outside the measured time on both sides, and reported for itself: the start-up figure is
a whole process that parses one short sentence. Beside the time on the clock stands the processor's (all threads together): where other
programs keep the machine busy it is the steadier of the two, and a clock that runs far ahead of it says that they did.
"""
import argparse
import glob
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

SPACY = r"""
import glob, json, os, sys, time
started = time.perf_counter()
import spacy
if os.environ["OPS"] == "numpy":
    from thinc.api import NumpyOps, set_current_ops
    set_current_ops(NumpyOps(use_blis=False))
nlp = spacy.load(sys.argv[1])
load = time.perf_counter() - started
texts = [open(path, encoding="utf-8", newline="").read() for path in sys.argv[2:]]
for _ in sys.stdin:
    started = time.perf_counter()
    tokens = sum(len(doc) for doc in nlp.pipe(texts, batch_size=64))
    print(json.dumps({"load_s": load, "tokens": tokens, "seconds": time.perf_counter() - started}), flush=True)
"""
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")}


class Contender:
    """A program that parses all texts once for each line it is sent."""

    def __init__(self, name, command, **environment):
        self.name, self.seconds, self.cpu = name, [], []
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD, **environment})
        self.last = self.ask()

    def ask(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench_against_spacy: {self.name} ended early (exit {self.process.wait()})")
        return json.loads(line)

    def measure(self):
        before = self.cpu_s()
        self.last = self.ask()
        self.seconds.append(self.last["seconds"])
        self.cpu.append(self.cpu_s() - before)

    def cpu_s(self):
        """Seconds of processor time so far; nothing where the system does not tell."""
        try:
            with open(f"/proc/{self.process.pid}/stat") as stat:
                user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
        except OSError:
            return float("nan")
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self):
        try:
            with open(f"/proc/{self.process.pid}/status") as status:
                return round(int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) / 1024)
        except OSError:
            return None

    def result(self):
        median = statistics.median(self.seconds)
        return {"tokens": self.last["tokens"], "tokens_per_s": round(self.last["tokens"] / median), "median_s": round(median, 3),
                "runs_s": [round(x, 3) for x in self.seconds], "cpu_s": round(statistics.median(self.cpu), 3), "load_s": round(self.last["load_s"], 3), "peak_mb": self.peak_mb()}


class WholeReading:
    """`dateline read` on all texts as one JSONL stream, a cold process a run: parse, claims and JSON; loading, measured with one sentence, is
    taken off, as it is for spaCy."""

    def __init__(self, program, model, files, threads):
        self.seconds, self.cpu, self.tokens, self.peak = [], [], 0, 0
        self.input = tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8")
        for file in files:
            with open(file, encoding="utf-8", newline="") as text:
                print(json.dumps({"id": file, "text": text.read()}), file=self.input)
        self.input.flush()
        self.command = [program, "read", "--quiet", "--model", model, "--threads", str(threads), "--format", "jsonl"]
        self.load, self.load_cpu = start_up(*self.command)
        self.command.append(self.input.name)
        self.measure()
        self.seconds.clear()
        self.cpu.clear()

    def measure(self):
        started = time.perf_counter()
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit("bench_against_spacy: dateline read failed")
        self.seconds.append(time.perf_counter() - started - self.load)
        self.cpu.append(usage.ru_utime + usage.ru_stime - self.load_cpu)
        self.peak = max(self.peak, usage.ru_maxrss // 1024)

    def result(self):
        median = statistics.median(self.seconds)
        return {"tokens": self.tokens, "tokens_per_s": round(self.tokens / median), "median_s": round(median, 3),
                "runs_s": [round(x, 3) for x in self.seconds], "cpu_s": round(statistics.median(self.cpu), 3), "load_s": round(self.load, 3), "peak_mb": self.peak}


def start_up(*command):
    """Median seconds, on the clock and of the processor, of five whole processes that parse one sentence."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as text:
        text.write("Two soldiers left the village on Monday, the mayor said.\n")
        text.flush()
        seconds, cpu = [], []
        for _ in range(5):
            started = time.perf_counter()
            process = subprocess.Popen([*command, text.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            seconds.append(time.perf_counter() - started)
            cpu.append(usage.ru_utime + usage.ru_stime)
    return statistics.median(seconds), statistics.median(cpu)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts")
    parser.add_argument("--model", required=True)
    parser.add_argument("--texts-at-most", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json")
    options = parser.parse_args()
    repo = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    program = os.environ.get("DATELINE_PARSE") or os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(repo, "target")), "release/examples/parse")
    python = os.environ.get("SPACY_PYTHON")
    if not python:
        parser.error("SPACY_PYTHON is not set: name a Python that has spaCy 3.8")
    if not os.path.exists(program):
        parser.error(f"no {program}: cargo build --release -p dateline-nlp --example parse")
    files = sorted(glob.glob(os.path.join(options.texts, "*.txt")))[: options.texts_at_most]
    if not files:
        parser.error(f"no *.txt in {options.texts}")
    spacy = [python, "-c", SPACY, options.model, *files]
    ours = [program, options.model, *files, "--bench"]
    contenders = {
        "dateline": Contender("dateline", [*ours, "1"]),
        "dateline, 2 threads": Contender("dateline, 2 threads", [*ours, "2"]),
        "spaCy (BLIS)": Contender("spaCy (BLIS)", spacy, OPS="blis"),
        "spaCy (OpenBLAS)": Contender("spaCy (OpenBLAS)", spacy, OPS="numpy"),
    }
    dateline = os.environ.get("DATELINE") or os.path.join(os.path.dirname(os.path.dirname(program)), "dateline")
    if os.path.exists(dateline):
        for threads in (1, 2):
            reading = WholeReading(dateline, options.model, files, threads)
            reading.tokens = contenders["dateline"].last["tokens"]
            contenders[f"dateline read, {threads} thr."] = reading
    for _ in range(options.runs):
        for contender in contenders.values():
            contender.measure()
    results = {name: contender.result() for name, contender in contenders.items()}
    for contender in contenders.values():
        if isinstance(contender, Contender):
            contender.process.stdin.close()
            contender.process.wait()
    speed = {name: result["tokens_per_s"] for name, result in results.items()}
    best = max(speed["spaCy (BLIS)"], speed["spaCy (OpenBLAS)"])
    best_cpu = min(results["spaCy (BLIS)"]["cpu_s"], results["spaCy (OpenBLAS)"]["cpu_s"])
    summary = {"texts": len(files), "ratio_to_better_spacy": round(speed["dateline"] / best, 2),
               "two_threads_to_one": round(speed["dateline, 2 threads"] / speed["dateline"], 2), "start_up_s": round(start_up(program, options.model)[0], 3),
               "ratio_of_cpu": round(best_cpu / results["dateline"]["cpu_s"], 2)}
    print(f"{len(files)} texts, medians of {options.runs}, in turns")
    print(f"{'':<22}{'tokens':>9}{'tokens/s':>11}{'clock s':>9}{'cpu s':>9}{'load s':>9}{'peak MB':>9}")
    for name, result in results.items():
        print(f"{name:<22}{result['tokens']:>9}{result['tokens_per_s']:>11,}{result['median_s']:>9}{result['cpu_s']:>9}{result['load_s']:>9}{str(result['peak_mb']):>9}")
    print(f"one thread against the better spaCy: {summary['ratio_to_better_spacy']} times; by processor time: {summary['ratio_of_cpu']}")
    print(f"two threads against one: {summary['two_threads_to_one']} times; start-up with one sentence: {summary['start_up_s'] * 1000:.0f} ms")
    if "dateline read, 1 thr." in speed:
        summary["whole_reading_to_better_spacy"] = round(speed["dateline read, 1 thr."] / best, 2)
        summary["whole_reading_of_cpu"] = round(best_cpu / results["dateline read, 1 thr."]["cpu_s"], 2)
        print(f"whole reading, one thread, against the better spaCy's parse alone: {summary['whole_reading_to_better_spacy']} times; "
              f"by processor time: {summary['whole_reading_of_cpu']}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({**summary, "results": results}, out, indent=1)


if __name__ == "__main__":
    main()
