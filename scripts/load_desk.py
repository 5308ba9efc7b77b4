#!/usr/bin/env python3
"""People browsing the desk while reports come in: how long pages take.

  scripts/load_desk.py CASE REPORTS.jsonl [--people 50] [--seconds 300] [--adding 10]

CASE: a case, which grows by what is added. REPORTS.jsonl: reports that it does not have, as make_reports.py gives them (another --seed).
Each of `--people` asks for a page, looks at it for one to three seconds, and follows a link of it or types another question, while
`dateline add` is given `--adding` reports a second. Programs: `dateline` of the release build, or DATELINE. Prints how many pages were asked
for, how long they took (the whole answer, in milliseconds) and what failed.
"""
import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time

STARTS = ["/", "/events", "/events?sort=reports", "/events?disputed=true", "/events?type=ASSAULT&sort=sources", "/events?country=USA",
          "/search?q=minister", "/search?q=%22white+house%22", "/search?q=elect*&sort=newest", "/sources", "/decisions",
          "/events?view=map", "/events?view=map&type=ASSAULT", "/api/v1/events/overview?bbox=-20,30,60,60&zoom=4", "/review", "/coding", "/export"]
LINK = re.compile(rb'href="(/(?:events|reports|search|sources|review|\?before)[^"#]*)"')


def person(address, until, seed, took, failed):
    rng = random.Random(seed)
    connection = http.client.HTTPConnection(address, timeout=30)
    time.sleep(rng.random() * 3)
    page = rng.choice(STARTS)
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            connection.request("GET", page)
            answer = connection.getresponse()
            body = answer.read()
            took.append((time.perf_counter() - begun, page))
            if answer.status != 200:
                failed.append((answer.status, page))
        except (OSError, http.client.HTTPException) as error:
            failed.append((str(error), page))
            connection.close()
            body = b""
        links = [link.decode().replace("&amp;", "&") for link in LINK.findall(body) if not link.endswith(b"/original")]
        page = rng.choice(links) if links and rng.random() < 0.7 else rng.choice(STARTS)
        time.sleep(1 + 2 * rng.random())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case")
    parser.add_argument("reports")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--adding", type=float, default=10)
    options = parser.parse_args()
    program = os.environ.get("DATELINE") or os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), "release", "dateline")
    desk = subprocess.Popen([program, "serve", "--case", options.case, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)
    address = desk.stdout.readline().strip().removeprefix("http://").rstrip("/")
    adding = subprocess.Popen([program, "--quiet", "add", "--case", options.case, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    took, failed = [], []
    until = time.monotonic() + options.seconds
    people = [threading.Thread(target=person, args=(address, until, seed, took, failed)) for seed in range(options.people)]
    for one in people:
        one.start()
    given = 0
    with open(options.reports, "rb") as reports:
        while time.monotonic() < until and (line := reports.readline()):
            adding.stdin.write(line)
            adding.stdin.flush()
            given += 1
            time.sleep(1 / options.adding)
    for one in people:
        one.join()
    adding.stdin.close()
    said = adding.stdout.read().decode().strip().splitlines()
    adding.wait()
    desk.terminate()
    if not took:
        sys.exit("load_desk: no page was answered")
    took.sort()
    at = lambda share: 1000 * took[int((len(took) - 1) * share)][0]
    print(f"{len(took)} pages for {options.people} people in {options.seconds:.0f} s beside {given} reports: "
          f"p50 {at(.5):.1f} ms, p90 {at(.9):.1f} ms, p99 {at(.99):.1f} ms, worst {at(1):.0f} ms; {len(failed)} failed")
    for seconds, page in took[-3:]:
        print(f"  {1000 * seconds:.0f} ms {page}")
    for what, page in failed[:5]:
        print(f"  failed: {what} {page}")
    print("adding:", *said[-1:])


if __name__ == "__main__":
    main()
