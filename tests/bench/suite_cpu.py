#!/usr/bin/env python3
"""How many CPU seconds each test of ctest takes, with all of its children.

    tests/bench/suite_cpu.py [PATTERN ...]     one after the other, those whose name holds a pattern

Wall times hang on what runs beside a test; CPU seconds hardly do. Needs what ci/test builds. Cells
that the shared worker carries out for a test (tests/end_to_end/shared_worker.py) count for it.
Writes build/suite_cpu.tsv: CPU seconds, wall seconds, exit code, name.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = SOURCE / "build"
TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_CHILD_SUBREAPER = 36


def tests(patterns):
    listed = subprocess.run(
        ["ctest", "--preset", "default", "--show-only=json-v1"],
        cwd=SOURCE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for test in json.loads(listed)["tests"]:
        is_built = "command" in test
        if is_built and any(pattern in test["name"] for pattern in patterns):
            properties = {each["name"]: each["value"] for each in test["properties"]}
            yield test["name"], test["command"], properties


def measured(command, properties):
    """CPU seconds, wall seconds and exit code. The subreaper waits for what outlives the test."""
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    log = BUILD / "suite_cpu.log"
    with open(log, "ab") as output:
        process = subprocess.Popen(
            command,
            cwd=properties.get("WORKING_DIRECTORY", BUILD),
            env={**os.environ, **dict(e.split("=", 1) for e in properties.get("ENVIRONMENT", []))},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        code = process.wait()
    wall = time.monotonic() - begin
    while True:  # orphans that are done
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                break
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, code


def ticks_of(process):
    """Of a process and its children, those that are gone included; and who its parent is."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])), int(fields[1])


def cpu_of_children():
    """Of all descendants that live: the shared worker is one, which the tests do not wait for."""
    parents, ticks = {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            ticks[int(process.name)], parents[int(process.name)] = ticks_of(process)
        except (FileNotFoundError, ProcessLookupError):
            continue
    ours, found = {os.getpid()}, True
    while found:
        found = {pid for pid, parent in parents.items() if parent in ours} - ours
        ours |= found
    return sum(ticks[pid] for pid in ours - {os.getpid()}) / TICKS


def main(patterns):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start, stop, chosen = None, None, []
    for each in tests([*patterns, "shared_worker/"]):
        if each[0].endswith("shared_worker/start"):
            start = each
        elif each[0].endswith("shared_worker/stop"):
            stop = each
        else:
            chosen.append(each)
    rows = []
    if any("shared_worker" in p.get("FIXTURES_REQUIRED", []) for _, _, p in chosen):
        chosen.insert(0, start)
    for name, command, properties in chosen:
        living = cpu_of_children()
        cpu, wall, code = measured(command, properties)
        if name == start[0]:
            time.sleep(20)  # until it is warm
        cpu += cpu_of_children() - living
        rows.append((cpu, wall, code, name))
        print(f"{cpu:7.1f} {wall:7.1f} {code:3} {name}", flush=True)
    if start in chosen:
        measured(stop[1], stop[2])
    rows.sort(reverse=True)
    text = "".join(f"{cpu:.1f}\t{wall:.1f}\t{code}\t{name}\n" for cpu, wall, code, name in rows)
    (BUILD / "suite_cpu.tsv").write_text(text)
    print(f"{sum(row[0] for row in rows):7.1f} in {len(rows)} tests")
    return 1 if any(row[2] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["end_to_end/"]))
