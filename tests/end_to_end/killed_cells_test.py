"""Cells and checks that are killed or get no processor: what is observed again, what is not."""

import json
import re
import unittest

from support import CASE_PY, SOURCE, Scratch

FORWARD = "    def forward(self, x, dc):\n"
FEW = ("--checks", "run,save_load")  # those that are killed


class KilledCells(Scratch):
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
        finished, cells = self.judged("run", *FEW, "--no-pending")
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
        finished, cells = self.judged("run", *FEW, "--no-pending")
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
        finished, cells = self.judged("run", *FEW)
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


if __name__ == "__main__":
    unittest.main()
