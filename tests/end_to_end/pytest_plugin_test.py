"""Cells as tests of pytest, in a project that has tests of its own: red is red, and nothing is
green because nobody came to it.

`run` is answered from the record of the whole matrix, by `check`: torch has nothing to do here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import EXPORTGATE, RECORD, SOURCE, Finished, Scratch

COMMAND = f"""#!/bin/sh
if [ "$1" = run ]; then shift; exec "{EXPORTGATE.resolve()}" check "{RECORD}" --only "$@"; fi
exec "{EXPORTGATE.resolve()}" "$@"
"""
WAIVER = """
[[waivers]]
cells = "plain/strict/*"
torch = ">=2.6"
differs = ["check run fails"]
reason = "for this test"
url = "https://github.com/pytorch/pytorch/issues/1"
expires = 2026-01-01
"""


class PytestPlugin(Scratch):
    @classmethod
    def setUpClass(cls):
        """One pytest for all tests; pip's answers are kept by pip."""
        super().setUpClass()
        cls.venv = Path(tempfile.mkdtemp(prefix="exportgate-pytest-"))
        cls.addClassCleanup(shutil.rmtree, cls.venv, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", cls.venv], check=True)
        pip = [cls.venv / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run(
            [*pip, "--disable-pip-version-check", "pytest>=8,<10", "pytest-xdist"], check=True
        )

    def setUp(self):
        super().setUp()
        shutil.copytree(SOURCE / "cases", self.folder / "cases", dirs_exist_ok=True)
        shutil.copytree(SOURCE / "golden", self.folder / "golden")
        (self.folder / "exportgate.toml").write_text('cases = "cases"\ngolden = "golden"\n')
        (self.folder / "own").mkdir()
        (self.folder / "own" / "test_own.py").write_text("def test_own():\n    pass\n")
        command = self.folder / "command"
        command.write_text(COMMAND)
        command.chmod(0o755)

    def pytest(self, *arguments):
        process = subprocess.run(
            [self.venv / "bin" / "python", "-m", "pytest", "-p", "exportgate.pytest_plugin"]
            + [str(one) for one in arguments],
            cwd=self.folder,
            env=self.environment(
                PYTHONPATH=str(SOURCE / "python"),
                EXPORTGATE_COMMAND=str(self.folder / "command"),
                HOME=os.environ.get("HOME", "/"),
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )
        return Finished(process)

    def make_red(self, case):
        shutil.rmtree(self.folder / "golden" / case)

    def test_red_cells_are_red_also_for_several_processes_and_the_next_time(self):
        chosen = ("--exportgate", "-k", "decode_ring and plain and static or test_own")
        self.assert_says(self.pytest(*chosen), 0, "3 passed")
        self.make_red("decode_ring")
        report = self.folder / "junit.xml"
        ran = self.pytest(*chosen, "-n", "2", f"--junitxml={report}")
        self.assert_says(ran, 1, "2 failed, 1 passed")
        self.assertIn('failures="2"', report.read_text())
        self.assert_says(self.pytest("--exportgate", "--lf"), 1, "2 failed")

    def test_one_cell_is_chosen_by_its_id(self):
        cell = "decode_ring/plain/nonstrict/static/b3"
        self.assert_says(self.pytest("--exportgate", f"exportgate.toml::{cell}"), 0, "1 passed")

    def test_what_fails_besides_the_cells_is_said_whatever_is_chosen(self):
        file = self.folder / "cases" / "decode_ring" / "case.toml"
        file.write_text(file.read_text() + WAIVER)
        cells = "decode_ring and plain and strict"
        ran = self.pytest("--exportgate", "-k", f"({cells}) or everything")
        self.assert_says(ran, 1, "1 failed", "everything else", "expired")
        self.assert_says(self.pytest("--exportgate", "-k", cells), 1, "1 error", "expired")

    def test_cells_that_are_asked_for_and_not_found_are_an_error(self):
        said = "no exportgate.toml is in what pytest looks through"
        self.assert_says(self.pytest("--exportgate", "own"), 4, said)
        settings = self.folder / "pytest.ini"
        settings.write_text("[pytest]\nexportgate = true\ntestpaths = own\n")
        self.assert_says(self.pytest(), 4, said)
        self.assertNotEqual(self.pytest("-n", "2").code, 0)
        self.assert_says(self.pytest("own/test_own.py"), 0, "1 passed")
        self.assert_says(self.pytest("own/test_own.py", "-n", "2"), 0, "1 passed")
        settings.write_text("[pytest]\nexportgate = true\ntestpaths = own exportgate.toml\n")
        self.assert_says(self.pytest("-k", "decode_ring and plain and static"), 0, "2 passed")

    def test_a_project_that_cannot_be_read_is_an_error(self):
        file = self.folder / "cases" / "decode_ring" / "case.toml"
        file.write_text(file.read_text().replace("[inputs]", "[input]"))
        ran = self.pytest("--exportgate", "-k", "kv_cache and static or test_own")
        self.assertNotEqual(ran.code, 0, ran)
        self.assertIn("case.toml", ran.out)
        shutil.rmtree(self.folder / "cases")
        (self.folder / "cases").mkdir()
        self.assertNotEqual(self.pytest("--exportgate").code, 0)

    def test_without_the_command_there_is_no_success(self):
        (self.folder / "command").unlink()
        self.assert_says(self.pytest("--exportgate"), 2, "which is no command")


if __name__ == "__main__":
    unittest.main()
