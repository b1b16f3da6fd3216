"""A worker that dies, hangs, or speaks another language; Ctrl-C in the middle.

Cells and checks that are killed are in killed_cells_test.py.
"""

import json
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

from support import CASE_PY, CASE_TOML, EXPORTGATE, Scratch

# Kills the outermost exportgate-worker above the child that imports the case.
KILL_WORKER = """
def kill_worker():
    import os, pathlib, signal
    pid, worker = os.getpid(), 0
    while pid > 1:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
        name, rest = status[status.index("(") + 1 :].rsplit(")", 1)
        if name == "exportgate":
            break
        worker, pid = pid, int(rest.split()[1])
    os.kill(worker, signal.SIGKILL)
    signal.pause()
"""
FORWARD = "    def forward(self, x, dc):\n"
FEW = ("--checks", "dims")  # what becomes of the worker is the same with all
TWO_PAIRS = CASE_TOML + "b4c11 = { batch = 4, clength = 11 }\n"


def descendants(pid):
    """Process ids below `pid`, from /proc."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def alive(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class WorkerFaults(Scratch):
    def test_worker_killed_during_a_cell(self):
        marker = self.folder / "killed"
        code = CASE_PY + KILL_WORKER
        code = code.replace(
            FORWARD,
            FORWARD
            + f"        import pathlib\n        marker = pathlib.Path({str(marker)!r})\n"
            + "        if not marker.exists():\n"
            + "            marker.touch()\n            kill_worker()\n",
        )
        self.add_case("good", toml=TWO_PAIRS)
        self.add_case("killer", code=code)
        finished, cells = self.judged("run", *FEW, "--no-pending", "--jobs", "2")
        self.assertIn(
            "the worker died (killed by signal 9 (Killed)); starting it again", finished.err
        )
        self.assertEqual({cell["verdict"] for cell in cells.values()}, {"new"}, finished)
        self.assertEqual(len(cells), 3)

    def test_a_cell_that_always_kills_its_worker(self):
        code = CASE_PY.replace(FORWARD, FORWARD + "        kill_worker()\n") + KILL_WORKER
        self.add_case("good", toml=TWO_PAIRS)
        self.add_case("killer", code=code)
        finished, cells = self.judged("run", *FEW, "--no-pending", "--jobs", "2")
        self.assertEqual(finished.code, 2, finished)
        killer = cells.pop("killer/plain/nonstrict/static/b3c5")
        self.assertEqual(killer["verdict"], "unobserved")
        self.assertIn("the worker died while this cell ran alone", finished.out)
        self.assertEqual({cell["verdict"] for cell in cells.values()}, {"new"}, finished)

    def start(self, *arguments):
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test_worker_killed_before_its_first_cell(self):
        self.add_case("good")
        process = self.start("run", *FEW, "--no-pending")
        process.stderr.readline()  # "torch 2.13.0 ...": it has said hello, and warms up
        (worker,) = [p for p in descendants(process.pid) if p in children_of(process.pid)]
        os.kill(worker, signal.SIGKILL)
        out, err = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 1, out + err)
        self.assertIn("starting it again", err)
        self.assertIn("1 cell on torch 2.13.0: new", out)

    def test_worker_killed_after_a_cell(self):
        marker = self.folder / "go"
        wait = (
            "        import pathlib, time\n"
            f"        while not pathlib.Path({str(marker)!r}).exists(): time.sleep(0.01)\n"
        )
        self.add_case("a_good")
        self.add_case("b_waits", code=CASE_PY.replace(FORWARD, FORWARD + wait))
        process = self.start("run", *FEW, "--no-pending", "--jobs", "1")
        line = ""
        while "1 of 2 cells" not in line:
            line = process.stderr.readline()
            self.assertTrue(line, "the run ended early")
        os.kill(children_of(process.pid)[0], signal.SIGKILL)
        marker.touch()
        out, err = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 1, out + err)
        self.assertIn("starting it again", err)
        self.assertIn("2 cells on torch 2.13.0: all new", out)

    def add_worker_that_is_killed(self, times):
        """A worker that is killed before it says hello, `times` times, and then is the real one."""
        real = EXPORTGATE.resolve().parent / "environments/default/worker/exportgate-worker"
        worker = self.folder / "worker"
        worker.write_text(
            "#!/bin/sh\n"
            f"echo started >> '{self.folder}/starts'\n"
            f"[ $(wc -l < '{self.folder}/starts') -gt {times} ] || kill -9 $$\n"
            f'exec "{real}" "$@"\n'
        )
        worker.chmod(0o755)
        # What the worker was built from is looked up beside it.
        (self.folder / "built_from").symlink_to(real.parent / "built_from")
        return worker

    def starts(self):
        return len((self.folder / "starts").read_text().splitlines())

    def test_worker_killed_before_it_was_ready(self):
        self.add_case("good")
        worker = self.add_worker_that_is_killed(times=2)
        finished = self.exportgate("run", *FEW, "--no-pending", "--worker", worker)
        self.assert_says(finished, 1, "the worker died (killed by signal 9 (Killed))", "1 cell")
        self.assertEqual(self.starts(), 3)

    def test_worker_that_is_always_killed_before_it_is_ready(self):
        self.add_case("good")
        worker = self.add_worker_that_is_killed(times=100)
        finished = self.exportgate("run", "--worker", worker)
        self.assert_says(finished, 2, "the worker ended before it was ready, 4 times in a row")
        self.assertEqual(self.starts(), 4)
        self.assertFalse((self.folder / ".exportgate").exists(), "a record was written")

    def test_another_protocol_version(self):
        self.add_case("good")
        worker = self.folder / "worker"
        worker.write_text(
            "#!/usr/bin/env python3\nimport os, sys\n"
            'os.write(int(sys.argv[2]), b\'{"hello": {"protocol": 99}}\\n\')\n'
            "sys.stdin.read()\n"
        )
        worker.chmod(0o755)
        finished = self.exportgate("run", "--worker", worker)
        self.assert_says(finished, 2, "protocol version 99", "version 3", "ci/conform")

    def test_no_worker(self):
        self.add_case("good")
        finished = self.exportgate("run", "--env", "unknown")
        self.assert_says(finished, 2, 'no environment "unknown"', "exportgate env add unknown")

    def test_worker_that_ends_at_once(self):
        self.add_case("good")
        finished = self.exportgate("run", "--worker", "/bin/false")
        self.assert_says(finished, 2, "ended before it was ready: exit code 1", "build")

    def test_ctrl_c(self):
        started = self.folder / "started"
        code = CASE_PY.replace(
            FORWARD,
            FORWARD + f"        open({str(started)!r}, 'w').close()\n        while True: pass\n",
        )
        self.add_case("a_good")
        self.add_case("b_endless", code=code)
        process = self.start("run", *FEW, "--jobs", "1")
        while not started.exists():
            self.assertIsNone(process.poll(), "the run ended early")
            time.sleep(0.01)
        below = descendants(process.pid)
        self.assertGreaterEqual(len(below), 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, out + err)
        self.assertIn("interrupted after 1 of 2 cells", err)
        deadline = time.monotonic() + 10  # a killed process is gone when init has reaped it
        while any(map(alive, below)) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual([pid for pid in below if alive(pid)], [])
        footer = json.loads((self.folder / ".exportgate/last.jsonl").read_text().splitlines()[-1])
        self.assertEqual(footer["end"]["complete"], False)
        self.assertEqual(footer["end"]["reason"], "interrupted")
        checked = self.exportgate("check", ".exportgate/last.jsonl")
        self.assert_says(checked, 2, "interrupted")
        self.assertFalse((self.folder / "golden").exists(), "an interrupted run left pending files")


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    unittest.main()
