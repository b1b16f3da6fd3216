"""A worker that dies, hangs, or speaks another language; Ctrl-C in the middle."""

import json
import os
import re
import signal
import subprocess
import time
import unittest
from pathlib import Path

from support import CASE_PY, CASE_TOML, EXPORTGATE, SOURCE, Scratch

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
        finished, cells = self.judged("run", "--no-pending", "--jobs", "2")
        self.assertIn(
            "the worker died (killed by signal 9 (Killed)); starting it again", finished.err
        )
        self.assertEqual({cell["verdict"] for cell in cells.values()}, {"new"}, finished)
        self.assertEqual(len(cells), 3)

    def test_a_child_killed_from_outside_is_run_again(self):
        marker = self.folder / "killed"
        killed = FORWARD + "        import os, pathlib\n"
        once = (
            f"        marker = pathlib.Path({str(marker)!r})\n"
            "        if not marker.exists():\n"
            "            marker.touch()\n            os.kill(os.getpid(), 9)\n"
        )
        self.add_case(
            "always", code=CASE_PY.replace(FORWARD, killed + "        os.kill(os.getpid(), 9)\n")
        )
        self.add_case("once", code=CASE_PY.replace(FORWARD, killed + once))
        finished, cells = self.judged("run", "--no-pending")
        self.assertEqual(finished.code, 2, finished)
        for name in ("always", "once"):
            self.assertIn(
                f"{name}/plain/nonstrict/static/b3c5 was killed from outside", finished.err
            )
        outcomes = {name.split("/")[0]: cell["observed"]["status"] for name, cell in cells.items()}
        self.assertEqual(outcomes, {"always": "crashed", "once": "exported"}, finished)

    def add_killed_in_a_check(self, name, where, always=False):
        """A case one of whose processes is killed, `where` the code of the case knows that it is a
        check's; once, or `always`."""
        marker = self.folder / f"{name} was killed"
        kill = (
            "import os, pathlib\n"
            f"MARKER = pathlib.Path({str(marker)!r})\n"
            "OF_THE_CELL = os.getpid()\n"
            "def killed():\n"
            f"    if {always} or not MARKER.exists():\n"
            "        MARKER.touch()\n"
            "        os.kill(os.getpid(), 9)\n"
        )
        self.add_case(name, code=kill + where(CASE_PY))

    @staticmethod
    def in_forward(code):
        """In the check `run`, which has a process of its own."""
        return "import traceback\n" + code.replace(
            FORWARD,
            FORWARD
            + "        callers = [frame.filename for frame in traceback.extract_stack()]\n"
            + "        is_in_run = any(name.endswith('check_run.py') for name in callers)\n"
            + "        if is_in_run and os.getpid() != OF_THE_CELL: killed()\n",
        )

    @staticmethod
    def where_it_is_imported_again(code):
        """In the process that loads the saved program: it leads no group, the cell's does."""
        return "import os\nif os.getpgid(0) != os.getpid(): killed()\n" + code

    def test_a_check_killed_from_outside_is_run_again(self):
        self.add_killed_in_a_check("in_run", self.in_forward)
        self.add_killed_in_a_check("in_save_load", self.where_it_is_imported_again)
        finished, cells = self.judged("run", "--no-pending")
        self.assertEqual(finished.code, 1, finished)
        for name, check in (("in_run", "run"), ("in_save_load", "save_load")):
            cell = f"{name}/plain/nonstrict/static/b3c5"
            self.assertIn(f"{cell} was killed from outside in check:{check} (SIGKILL", finished.err)
            self.assertEqual(cells[cell]["verdict"], "new", finished)
            found = {each["name"]: each for each in cells[cell]["observed"]["checks"]}
            self.assertEqual(found[check]["status"], "pass", finished)

    def test_a_check_that_is_killed_again_was_not_seen(self):
        self.add_killed_in_a_check("in_run", self.in_forward, always=True)
        self.add_killed_in_a_check("in_save_load", self.where_it_is_imported_again, always=True)
        self.add_case("other")
        finished, cells = self.judged("run")
        self.assertEqual(finished.code, 2, finished)
        for name, check in (("in_run", "run"), ("in_save_load", "save_load")):
            cell = cells[f"{name}/plain/nonstrict/static/b3c5"]
            self.assertEqual(cell["verdict"], "unobserved", finished)
            self.assertIn(f"killed from outside twice, at last in check:{check}", str(cell))
        self.assertEqual(cells["other/plain/nonstrict/static/b3c5"]["verdict"], "new", finished)

    def test_a_check_that_got_no_processor_was_not_seen(self):
        """It shares one with three others, so it waits for most of its time. It runs again, alone,
        and there it waits too."""
        starve = (
            "import os\n"
            "OF_THE_CELL = os.getpid()\n"
            "def killed():\n"
            "    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
            "    owner = os.getpid()\n"
            "    for _ in range(3):\n"
            "        if os.fork() == 0:\n"
            "            while os.getppid() == owner: pass\n"
            "            os._exit(0)\n"
            "    while True: pass\n"
        )
        self.add_case("starved", code=starve + self.in_forward(CASE_PY))
        finished, cells = self.judged("run", "--checks", "run", "--check-timeout", "2")
        self.assertEqual(finished.code, 2, finished)
        cell = cells["starved/plain/nonstrict/static/b3c5"]
        self.assertEqual(cell["verdict"], "unobserved", finished)
        self.assertIn("killed from outside twice, at last in check:run", str(cell))
        self.assertIn("a machine that is too busy?", str(cell))

    def test_a_cell_that_always_kills_its_worker(self):
        code = CASE_PY.replace(FORWARD, FORWARD + "        kill_worker()\n") + KILL_WORKER
        self.add_case("good", toml=TWO_PAIRS)
        self.add_case("killer", code=code)
        finished, cells = self.judged("run", "--no-pending", "--jobs", "2")
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
        process = self.start("run", "--no-pending")
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
        process = self.start("run", "--no-pending", "--jobs", "1")
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
        finished = self.exportgate("run", "--no-pending", "--worker", worker)
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

    def test_native_source_that_was_not_built_yet(self):
        # Named like the case whose native module the worker was built with.
        case = self.add_case("dynamic_cache")
        native = (SOURCE / "cases" / "dynamic_cache" / "native.cpp").read_text()
        (case / "native.cpp").write_text(native + "// edited\n")
        finished = self.exportgate("run")
        self.assert_says(
            finished,
            2,
            "native.cpp has changed since the native module of dynamic_cache was built",
            "exportgate env update",
        )

    def test_a_record_is_reused_while_nothing_changed(self):
        quick = "raise RuntimeError('not today')\n"  # that is seen sooner than an export
        case = self.add_case("quick", code=quick)
        record = self.folder / ".exportgate" / "last.jsonl"

        def observes(*arguments):
            """True where the run observed again instead of taking what the record has."""
            finished = self.exportgate("run", "--no-pending", *arguments)
            self.assertEqual(finished.code, 2, finished)
            observation = json.loads(record.read_text().splitlines()[1])
            return "taken_from" not in observation

        self.assertTrue(observes())
        self.assertFalse(observes())
        self.assertFalse(observes("--shard", "1/1", "--note", "by hand"))
        header = json.loads(record.read_text().splitlines()[0])["record"]
        self.assertEqual([header["shard"], header["note"]], ["1/1", "by hand"])
        self.assertFalse(observes("--reuse"))
        self.assertNotIn('"note"', record.read_text().splitlines()[0])
        other = re.sub(r'"torch_build":"([^"+]*)', r'"torch_build":"\1+other', record.read_text())
        record.write_text(other)
        self.assertTrue(observes())
        (case / "case.py").write_text(quick + "# edited\n")
        self.assertTrue(observes())

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
        process = self.start("run", "--jobs", "1")
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
