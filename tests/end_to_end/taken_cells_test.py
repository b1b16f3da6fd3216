"""What changed is observed again, and nothing else: `run`, ctest's fixture and `upgrade`.

One case imports a package that lies beside the project, a helper beside the cases, opens a file and
reads an environment variable. Another does none of it.
"""

import itertools
import json
import os
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import shared_worker
from support import BUILD, CASE_PY, EXPORTGATE, SOURCE, Scratch

MINE = "mine/plain/nonstrict/static/b3c5"
OTHER = "other/plain/nonstrict/static/b3c5"
IMPORTS = """\
import os

import helper
import mypkg
import small
from mypkg import factors

assert factors.FACTOR and helper.FACTOR and small.FACTOR
with open(os.path.join(os.path.dirname(mypkg.__file__), "..", "..", "data", "scale.txt")) as file:
    assert file.read()
assert os.environ.get("MY_SCALE") != "wrong"
"""
TORCH = Path(
    subprocess.run(
        [SOURCE / "build/venv/bin/python", "-c", "import torch; print(torch.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
).parent


class TakenCells(Scratch):
    """All tests share a folder: a record of another folder is of another environment."""

    numbers = itertools.count()

    @classmethod
    def setUpClass(cls):
        cls.shared = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        # With a worker of their own: nobody else writes beside it where its Python looks.
        default = BUILD / "environments" / "default"
        for name in ("default", "b"):
            environment = cls.shared / "environments" / name
            shutil.copytree(default, environment, symlinks=True)
            description = json.loads((environment / "environment.json").read_text())
            description["environment"]["name"] = name
            (environment / "environment.json").write_text(json.dumps(description))
            if EXPORTGATE.parent != BUILD:
                worker = environment / "worker" / "exportgate-worker"
                real = worker.rename(worker.with_name("exportgate-worker-itself"))
                shared_worker.write_stand_in(worker, EXPORTGATE.parent, real)

    def setUp(self):
        self.folder = self.shared
        self.variables = {}
        for name in ("cases", "src", "data"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / "cases").mkdir()
        self.add_case("mine", code=IMPORTS + CASE_PY)
        self.add_case("other")
        self.write("cases/helper.py", "FACTOR = 1\n")
        self.write("src/mypkg/__init__.py", "")
        self.write("src/mypkg/factors.py", "FACTOR = 1\n")
        self.write("data/scale.txt", "1\n")
        records, kept = self.folder / ".exportgate", self.folder / "kept"
        shutil.rmtree(records, ignore_errors=True)
        if not (self.folder / "wheels").exists():
            self.install_small("1.0")
            shutil.rmtree(kept, ignore_errors=True)  # of others, which had another time
        if not kept.exists():
            self.assert_says(self.run_cells(), 1, "2 cells on torch")
            shutil.copytree(records, kept)
        else:
            shutil.copytree(kept, records)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def install_small(self, version):
        """As pip installs a wheel: its RECORD names its files."""
        shutil.rmtree(self.folder / "wheels", ignore_errors=True)
        info = f"wheels/small-{version}.dist-info"
        self.write("wheels/small.py", "FACTOR = 1\n")
        self.write(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: small\nVersion: {version}\n")
        self.write(f"{info}/RECORD", f"small.py,,\nsmall-{version}.dist-info/METADATA,,\n")

    def exportgate(self, *arguments, **variables):
        path = os.pathsep.join(str(self.folder / name) for name in ("src", "wheels"))
        return super().exportgate(
            *arguments, **{"PYTHONPATH": path, "MY_SCALE": "1"} | self.variables | variables
        )

    def run_cells(self, *arguments, **variables):
        how = ("--checks", "dims", "--environments", "environments", *arguments)
        return self.exportgate("run", *how, **variables)

    def start_a_worker(self):
        """One that was not there before what the test changed. Nothing reads the variable."""
        self.variables = {"STARTED_FOR": f"{self.id()} {next(self.numbers)}"}

    def taken(self):
        """The cells of the last record that an earlier run observed."""
        lines = (self.folder / ".exportgate" / "last.jsonl").read_text().splitlines()[1:-1]
        return {cell["cell"] for cell in map(json.loads, lines) if "taken_from" in cell}

    def assert_only_mine_ran(self, finished, why):
        self.assert_says(finished, 1, "1 cell taken from the record of ", ", 1 exported", why)
        self.assertEqual(self.taken(), {OTHER})

    def assert_nothing_ran(self, finished):
        self.assert_says(finished, 1, "2 cells taken from the record", ", none exported")
        self.assertEqual(self.taken(), {MINE, OTHER})

    def test_nothing_changed(self):
        self.assert_nothing_ran(self.run_cells("--json", "r.json", "--junit", "r.xml"))
        cells = json.loads((self.folder / "r.json").read_text())["cells"]
        self.assertTrue(all(cell["taken_from"].endswith("Z") for cell in cells))
        found = ElementTree.parse(self.folder / "r.xml").findall(".//testcase//property")
        self.assertEqual([each.get("name") for each in found], ["taken_from", "taken_from"])
        with self.subTest("taken again, it keeps the time when it was observed"):
            self.assert_nothing_ran(self.run_cells("--json", "r.json"))
            again = json.loads((self.folder / "r.json").read_text())["cells"]
            self.assertEqual([c["taken_from"] for c in again], [c["taken_from"] for c in cells])

    def test_nothing_is_taken_in_ci_nor_with_fresh(self):
        for arguments, variables in (((), {"CI": "1"}), (("--fresh",), {})):
            finished = self.run_cells(*arguments, **variables)
            self.assert_says(finished, 1, "2 cells on torch")
            self.assertNotIn("taken", finished.out + finished.err)
            self.assertEqual(self.taken(), set())

    def test_a_file_that_only_one_case_uses(self):
        for path, text in (
            ("src/mypkg/factors.py", "FACTOR = 2\n"),
            ("cases/helper.py", "FACTOR = 2\n"),
            ("data/scale.txt", "2\n"),
            ("cases/mine/notes.txt", "of the case's own folder\n"),
        ):
            with self.subTest(path):
                self.write(path, text)
                why = "the case mine changed" if "notes" in path else f"{Path(path).name} changed"
                self.assert_only_mine_ran(self.run_cells(), why)
                self.assert_nothing_ran(self.run_cells())

    def test_a_file_that_hides_a_module(self):
        self.write("src/mypkg/factors/__init__.py", "FACTOR = 3\n")
        self.assert_only_mine_ran(self.run_cells(), "the modules in <cases>/../src/mypkg")
        with self.subTest("beside the cases: every case may import it"):
            self.write("cases/json.py", "")
            finished = self.run_cells()
            self.assertEqual(self.taken(), set(), finished)

    def test_a_variable_that_the_case_reads(self):
        self.assert_only_mine_ran(self.run_cells(MY_SCALE="2"), "the variable MY_SCALE")
        with self.subTest("another one is nobody's"):
            self.assert_nothing_ran(self.run_cells(MY_SCALE="2", SOMETHING_ELSE="1"))

    def test_an_installed_package(self):
        self.addCleanup(shutil.rmtree, self.folder / "wheels")
        self.install_small("1.1")
        self.start_a_worker()
        finished = self.run_cells()
        self.assert_says(finished, 1, "2 cells on torch")
        self.assertEqual(self.taken(), set(), finished)
        self.assert_nothing_ran(self.run_cells())
        with self.subTest("edited where it is installed"):
            self.write("wheels/small.py", "FACTOR = 33\n")
            self.start_a_worker()
            self.run_cells()
            self.assertEqual(self.taken(), set())

    def test_another_torch_below_the_environment(self):
        other = self.folder / "src" / "torch"
        other.mkdir()
        for entry in TORCH.iterdir():
            (other / entry.name).symlink_to(entry)  # the same one, in another folder
        self.start_a_worker()
        finished = self.run_cells()
        self.assert_says(finished, 2, str(other), "the worker was built for the one in")

    def test_what_was_not_asked_the_same(self):
        for arguments in (("--seed", "7"), ("--checks", "dims,model"), ("--timeout", "60")):
            with self.subTest(arguments):
                finished = self.run_cells(*arguments)
                self.assertEqual(self.taken(), set(), finished)

    def test_a_record_that_does_not_say_what_it_was_made_of(self):
        record = self.folder / ".exportgate" / "last.jsonl"
        header, *rest = record.read_text().splitlines()
        header = json.loads(header)
        del header["record"]["made_of"]
        cells = [json.loads(line) for line in rest]
        for cell in cells:
            cell.pop("made_of", None)
        record.write_text("".join(json.dumps(line) + "\n" for line in (header, *cells)))
        finished = self.run_cells()
        self.assert_says(finished, 1, "2 cells on torch")
        self.assertEqual(self.taken(), set(), finished)

    def test_a_case_that_starts_a_program_is_always_observed(self):
        self.write("cases/mine/case.py", "import subprocess\nsubprocess.run(['true'])\n" + CASE_PY)
        for _ in range(2):
            finished = self.run_cells()
            self.assert_says(finished, 1, "1 cell taken", ", 1 exported")
        self.assert_says(finished, 1, "starts the program true")

    def test_what_a_case_looks_for_in_other_ways(self):
        """In folders that it adds to sys.path, by SQLite, in a file that it makes where there is
        none, among the names of all variables."""
        self.write("more/late.py", "FACTOR = 1\n")
        self.write("data/other.db", "")
        code = f"""\
import os
import sqlite3
import sys

sys.path[:0] = [{str(self.folder / "hidden")!r}, {str(self.folder / "more")!r}]
import late

MADE = {str(self.folder / "data" / "made.txt")!r}
if not os.path.exists(MADE):
    with open(MADE, "w") as file:
        file.write("1")
with open(MADE) as file:
    assert late.FACTOR and file.read()
sqlite3.connect({str(self.folder / "data" / "other.db")!r}).close()
assert not [name for name in os.environ if name.startswith("WRONG_")]
"""
        self.write("cases/mine/case.py", code + CASE_PY)
        self.run_cells()
        self.assert_only_mine_ran(self.run_cells(), "made.txt changed while the cells ran")
        self.assert_nothing_ran(self.run_cells())
        for path, text, why in (
            ("data/made.txt", "2", "made.txt changed"),
            ("data/other.db", "\0" * 16, "other.db changed"),
            ("hidden/late.py", "FACTOR = 2\n", "<cases>/../hidden changed"),
            ("more/json/new.py", "", "the modules in <cases>/../more"),
        ):
            with self.subTest(path):
                self.write(path, text)
                self.assert_only_mine_ran(self.run_cells(), why)
        self.assert_nothing_ran(self.run_cells())
        self.assert_only_mine_ran(self.run_cells(SOMETHING_NEW="1"), "the names of all variables")

    def test_a_process_that_begins_anew_is_not_seen(self):
        spawned = "import multiprocessing.popen_spawn_posix\n"  # as its first process does
        self.write("cases/mine/case.py", spawned + CASE_PY)
        for _ in range(2):
            finished = self.run_cells()
        self.assert_only_mine_ran(finished, "starts the program python")

    def test_what_sitecustomize_reads(self):
        scale = self.folder / "data" / "scale.txt"
        self.write("src/sitecustomize.py", f"with open({str(scale)!r}) as file:\n    file.read()\n")
        self.start_a_worker()
        self.run_cells()
        self.assert_nothing_ran(self.run_cells())
        self.write("data/scale.txt", "7\n")
        self.start_a_worker()
        self.run_cells()
        self.assertEqual(self.taken(), set())

    def test_the_fixture_of_ctest(self):
        script = SOURCE / "cmake" / "package" / "observed.sh"
        record = self.folder / "record.jsonl"

        def observe():
            command = ["run", "--checks", "dims", "--environments", "environments"]
            command += ["--record", record, "--reuse"]
            observed = self.sh(script, "observe", record, *self.command(*command, "--no-pending"))
            self.assertEqual(observed.returncode, 0, observed)
            judged = self.sh(script, "judge", record, *self.command("check", record))
            self.assertIn("2 cells on torch", judged.stdout)
            return observed.stdout

        self.assertNotIn("taken", observe())
        self.assertIn("2 cells taken from the record", observe())
        self.write("src/mypkg/factors.py", "FACTOR = 5\n")
        self.assertIn("1 exported (<cases>/../src/mypkg/factors.py changed)", observe())

    def sh(self, *command):
        path = os.pathsep.join(str(self.folder / name) for name in ("src", "wheels"))
        return subprocess.run(
            ["sh", *map(str, command)],
            cwd=self.folder,
            env=self.environment(PYTHONPATH=path, MY_SCALE="1"),
            capture_output=True,
            text=True,
            timeout=240,
        )

    def test_upgrade(self):
        how = ("upgrade", "default", "b", "--environments", "environments")
        self.assertNotIn("taken", self.exportgate(*how).err)
        again = self.exportgate(*how)
        self.assertEqual(again.err.count("2 cells taken from the record"), 2, again)
        self.write("src/mypkg/factors.py", "FACTOR = 6\n")
        changed = self.exportgate(*how)
        self.assertEqual(changed.err.count("1 cell taken from the record"), 2, changed)
        self.assertEqual(changed.err.count(", 1 exported"), 2, changed)
        with self.subTest("--fresh"):
            self.assertNotIn("taken", self.exportgate(*how, "--fresh").err)


if __name__ == "__main__":
    unittest.main()
