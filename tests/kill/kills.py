#!/usr/bin/env python3
"""Kills exportgate, its servers, its children, their checks, and `accept`, at random moments.

    tests/kill/kills.py --exportgate build/exportgate --kills 200 --seed 1

It is run by hand: 200 kills take from half an hour to an hour. After each of them it looks whether
anything is half-written, green without having been seen, left behind, or still running. It prints a
line for each kill, what it found, and the seed; it exits with 1 where it found something.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path

import processes

SOURCE = Path(__file__).resolve().parents[2]
# How many of a hundred kills are of what. An `accept` takes a moment, a run many seconds.
SHARES = {"accept": 40, "cli": 20, "server": 12, "child": 14, "check": 14}
CELLS_PART = 0.3  # of the time of a run, about: that of its cells
CASE_TOML = """\
class = "DynamicCache"
kinds = ["plain"]
modes = ["nonstrict"]
dims_styles = ["static"]

[inputs]
x = ["batch", 8, 7, 1]
"dc.key_cache[0]" = ["batch", 8, "clength", 6]
"dc.value_cache[0]" = ["batch", 8, "clength", 6]

[outputs]
y = ["batch", 8, 7, 6]

[dims]
batch = [1, 1024]
clength = [1, 1024]

[pairs]
b3c5 = { batch = 3, clength = 5 }
"""
UNCHANGED, *CHANGED = CASES = ("a_same", "b_changed", "c_changed", "d_changed")


class Finding(Exception):
    """Something that no kill may lead to."""


class Project:
    """A folder with cases, their goldens, and what a run found that differs from them."""

    def __init__(self, exportgate, folder):
        self.exportgate = exportgate
        self.folder = folder

    def copy_to(self, folder):
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(self.exportgate, folder)

    def start(self, *arguments, mark):
        environment = {**os.environ, processes.MARK: mark, "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("CI", None)
        return subprocess.Popen(
            [self.exportgate, *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def call(self, *arguments):
        """(exit code, what it printed) of a command that nobody kills."""
        process = self.start(*arguments, mark="none")
        printed, _ = process.communicate(timeout=600)
        return process.returncode, printed

    def files(self, below):
        root = self.folder / below
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    def goldens(self):
        """The files that are committed: without what is pending."""
        files = self.files("golden")
        return {name: text for name, text in files.items() if "/.pending/" not in f"/{name}"}

    def outcomes(self, record):
        """outcomes.tsv of the record, whose bytes are equal for equal outcomes, by cell."""
        with tempfile.TemporaryDirectory() as folder:
            self.call("check", record, "--outcomes", folder)
            table = Path(folder, "outcomes.tsv").read_text()
        return dict(line.split("\t", 1) for line in table.splitlines()[1:])

    def green(self, record):
        """The cases that are as expected; all others differ from their goldens."""
        report = self.folder / "verdicts.json"
        exit_code, printed = self.call("check", record, "--json", report)
        expect(exit_code in (0, 1) and report.exists(), "it cannot be judged", printed)
        cells = json.loads(report.read_text())["cells"]
        verdicts = {cell["name"].split("/")[0]: cell["verdict"] for cell in cells}
        expect(set(verdicts) == set(CASES), "cells are missing", printed)
        expect(set(verdicts.values()) <= {"as expected", "changed"}, f"{verdicts}", printed)
        return {name for name, verdict in verdicts.items() if verdict == "as expected"}


def expect(condition, what, printed=""):
    if not condition:
        raise Finding(f"{what}\n{printed}".rstrip())


class Kills:
    def __init__(self, exportgate, folder, seed):
        self.folder = folder
        self.random = random.Random(seed)
        self.template = Project(exportgate, folder / "template")
        self.number = 0
        self._make_template()

    def _make_template(self):
        """One case is as expected, three differ: their goldens are of other code."""
        project = self.template
        code = (SOURCE / "cases" / "dynamic_cache" / "case.py").read_text()
        for name in CASES:
            case = project.folder / "cases" / name
            case.mkdir(parents=True)
            (case / "case.toml").write_text(CASE_TOML)
            (case / "case.py").write_text(code)
        project.call("run")
        code_of_accept, printed = project.call("accept", "--why", "as it was")
        expect(code_of_accept == 0, "the goldens cannot be made", printed)
        for name in CHANGED:
            other = code.replace("w = values + keys", "w = values - keys")
            (project.folder / "cases" / name / "case.py").write_text(other)
        started = time.monotonic()
        exit_code, printed = project.call("run")
        self.run_s = time.monotonic() - started
        expect(exit_code == 1, "nothing differs", printed)
        self.record = ".exportgate/last.jsonl"
        self.truth = project.outcomes(self.record)
        self.before = project.goldens()
        accepted = project.copy_to(self.folder / "accepted")
        started = time.monotonic()
        exit_code, printed = accepted.call("accept", "--why", "new")
        self.accept_s = time.monotonic() - started
        expect(exit_code == 0, "the outcomes cannot be accepted", printed)
        self.after = accepted.goldens()

    def kill_one(self, what):
        """Kills `what` once. Raises a Finding. Returns what became of it, in a word."""
        self.number += 1
        project = self.template.copy_to(self.folder / f"{self.number}_{what}")
        mark = uuid.UUID(int=self.random.getrandbits(128)).hex
        try:
            if what == "accept":
                became = self._kill_accept(project, mark)
            elif what == "cli":
                became = self._kill_cli(project, mark)
            else:
                became = self._kill_below(project, mark, what)
        finally:
            left = processes.orphans(mark)
        expect(not left, f"processes that nobody waits for: {left}")
        shutil.rmtree(project.folder)
        return became

    def _kill_accept(self, project, mark):
        process = project.start("accept", "--why", "new", mark=mark)
        time.sleep(self.random.uniform(0, 1.2 * self.accept_s))
        processes.kill(process.pid)
        process.communicate()
        became = "killed" if process.returncode == -9 else "ended before"
        now = project.goldens()
        done = []
        for name in CASES:
            table = f"{name}/expected.tsv"
            expect(now[table] in (self.before[table], self.after[table]), f"{table} is neither")
            if name in CHANGED and now[table] == self.after[table]:
                done.append(name)
        strays = [name for name in project.files("golden") if name.endswith(".tmp")]
        green = project.green(self.record)
        expect(green == {UNCHANGED, *done}, f"green: {green}, accepted: {done}")
        exit_code, printed = project.call("accept", "--why", "new")
        expect(exit_code == 0 or "nothing is pending" in printed, "accept again fails", printed)
        expect(project.goldens() == self.after, "accepting again does not end as without a kill")
        left = set(project.files("golden")) - set(self.after)
        expect(not left, f"files that are left: {left}")
        exit_code, printed = project.call("check", self.record)
        expect(exit_code == 0, "after accepting again", printed)
        return f"{became}, {len(done)} of {len(CHANGED)} done" + (f", {strays}" if strays else "")

    def _kill_cli(self, project, mark):
        (project.folder / self.record).unlink()
        pending = project.files("golden")
        process = project.start("run", "--json", "report.json", mark=mark)
        time.sleep(self.random.uniform(0, 1.1 * self.run_s))
        processes.kill(process.pid)
        process.communicate()
        became = "killed" if process.returncode == -9 else "ended before"
        self._expect_no_green(project)
        # Pending files may have been written again: with the same content.
        expect(project.goldens() == self.before, "a run changed goldens")
        again = project.files("golden")
        names = {name for name in again if not name.endswith(".tmp")}
        expect({n: again[n] for n in names} == pending, "other pending files")
        return became

    def _expect_no_green(self, project):
        """A record that is there is whole; without one nothing is judged."""
        exit_code, printed = project.call("check", self.record)
        if not (project.folder / self.record).exists():
            expect(exit_code == 2, "judged without a record", printed)
            return
        expect(project.green(self.record) == {UNCHANGED}, "green", printed)
        expect(project.outcomes(self.record) == self.truth, "other outcomes", printed)

    def _kill_below(self, project, mark, what):
        (project.folder / self.record).unlink()
        process = project.start("run", mark=mark)
        # A run warms up for most of its time. The moment is counted from the first one on.
        wait_s = self.random.uniform(0, self.run_s * (1 if what == "server" else CELLS_PART))
        moment = None
        victim = None
        while process.poll() is None:
            running = processes.by_role(process.pid, mark)[what]
            if running and moment is None:
                moment = time.monotonic() + wait_s
            if running and time.monotonic() >= moment:
                victim = self.random.choice(running)
                if processes.kill(victim):
                    break
                victim = None
        printed, _ = process.communicate(timeout=600)
        expect(process.returncode == 1, f"exit code {process.returncode}", printed)
        expect(project.outcomes(self.record) == self.truth, "other outcomes", printed)
        expect(project.green(self.record) == {UNCHANGED}, "green", printed)
        if victim is None:
            return "none was there"
        notes = [line for line in printed.splitlines() if "again" in line and "exportgate:" in line]
        return "killed" + (f": {notes[0][:90]}" if notes else "")


def plan(kills, only, random_order):
    """What is killed, in an order of chance."""
    shares = {what: share for what, share in SHARES.items() if not only or what in only}
    todo = []
    for what, share in shares.items():
        todo += [what] * round(kills * share / sum(shares.values()))
    random_order.shuffle(todo)
    return todo


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exportgate", default=SOURCE / "build" / "exportgate", type=Path)
    parser.add_argument("--kills", default=200, type=int)
    parser.add_argument("--only", action="append", choices=SHARES)
    parser.add_argument("--seed", default=random.SystemRandom().randrange(10**6), type=int)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="exportgate-kills-"))
    kills = Kills(options.exportgate.resolve(), folder, options.seed)
    print(f"a run takes {kills.run_s:.1f} s, accept {kills.accept_s * 1000:.0f} ms", flush=True)
    found = 0
    became = Counter()
    for what in plan(options.kills, options.only, random.Random(options.seed)):
        try:
            result = kills.kill_one(what)
        except Finding as finding:
            found += 1
            result = f"FOUND, in {folder}/{kills.number}_{what}: {finding}"
        became[what, result.split(",")[0].split(":")[0]] += 1
        print(f"{kills.number:4} {what:6} {result}", flush=True)
    for (what, result), count in sorted(became.items()):
        print(f"{count:4} x {what}: {result}")
    print(f"{sum(became.values())} kills, {found} findings, seed {options.seed}")
    if not found:
        shutil.rmtree(folder)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
