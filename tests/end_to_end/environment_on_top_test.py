"""Environments on top of an interpreter that has torch: `env add --python PY --with PACKAGE`.

The packages are wheels that the tests make; nothing is downloaded.
"""

import importlib.util
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from environment_support import (
    BASE,
    ENVIRONMENTS,
    PYTHON,
    QUICK,
    Environments,
    write_wheel,
)
from support import CASE_PY


class OnTopOfAnInterpreter(Environments):
    """--python with --with: a venv that sees the interpreter's packages behind its own."""

    def setUp(self):
        super().setUp()
        self.wheels = self.folder / "wheels"
        self.wheels.mkdir()
        self.pip = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_CONFIG_FILE": os.devnull,  # it may have constraints of its own
        }

    def wheel(self, name, version, files, requires=()):
        write_wheel(self.wheels, name, version, files, requires)

    def add(self, *arguments, python=PYTHON, timeout=240):
        command = ("add", "own", "--python", python, *arguments)
        return self.env(*command, timeout=timeout, **self.pip)

    def everything_in(self, venv):
        """What is installed there; byte code comes and goes with every import."""
        return {
            path: path.lstat().st_mtime_ns
            for path in venv.rglob("*")
            if "__pycache__" not in path.parts
        }

    def test_a_package_beside_the_torch_of_an_interpreter(self):
        self.wheel("one", "1.0", {"one.py": "number = 1\n"})
        below = Path(sys.prefix)
        before = self.everything_in(below)
        added = self.add("--with", "one==1.0", timeout=800)
        self.assert_says(added, 0, "installing one==1.0", "own: torch 2.13.0", "ready")
        self.assertEqual(self.everything_in(below), before)
        self.assertFalse(list((self.root / "own" / "venv").glob("lib/*/site-packages/torch")))
        self.assert_says(self.env("list"), 0, f"on top of the packages of {PYTHON}, with one==1.0")

        with self.subTest("a case finds both"):
            self.add_case("mine", code="import one\nassert one.number == 1\n" + CASE_PY)
            ran = self.exportgate("run", "--env", "own", *QUICK)
            self.assert_says(ran, 1, "1 cell on torch 2.13.0: new")
            header = (self.folder / ".exportgate" / "last.jsonl").read_text().splitlines()[0]
            packages = json.loads(header)["record"]["environment"]["packages"]
            self.assertEqual(packages["one"], "1.0")
            self.assertEqual(packages["torch"].split("+")[0], "2.13.0")
            self.assertNotIn(str(self.root), header)
            self.assertNotIn("exportgate.pth", header)  # `env add` wrote it

        with self.subTest("added again, with the same and with something else"):
            self.assert_says(self.add("--with", "one==1.0"), 0, "up to date")
            self.assert_says(
                self.add("--with", "one==2.0"), 2, "was added with one==1.0", "env remove own"
            )
            self.assert_says(self.add(), 2, "stands on the Python", "packages of its own")
            other = self.add("--with", "one==1.0", python=str(BASE))
            self.assert_says(other, 2, f"stands on the Python {PYTHON}")

        with self.subTest("an interpreter that is gone"):
            description = self.root / "own" / "environment.json"
            description.write_text(description.read_text().replace(PYTHON, "/gone/python"))
            ran = self.exportgate("run", "--env", "own", *ENVIRONMENTS)
            self.assert_says(ran, 2, "it stands on is gone (/gone/python)", "env remove own")

    def test_another_torch_is_refused_before_it_is_fetched(self):
        self.wheel("wants", "1.0", {"wants.py": ""}, requires=["torch==99.0"])
        for requirement in ("wants", "torch==99.0"):
            finished = self.add("--with", requirement)
            self.assert_says(
                finished,
                2,
                f"{requirement} could not be installed beside torch 2.13.0",
                "conflicting dependencies",
                "make an environment with a torch of its own",
            )
            self.assert_nothing_left("own")

    def test_another_torch_is_refused_where_pip_does_not_know_the_first(self):
        # A torch without metadata, as a build in a checkout may be: pip installs another one.
        below = self.folder / "below"
        subprocess.run([BASE, "-m", "venv", "--without-pip", below], check=True)
        (site,) = below.glob("lib/*/site-packages")
        (site / "torch").symlink_to(Path(importlib.util.find_spec("torch").origin).parent)
        python = below / "bin" / "python"
        library = "_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_string"
        files = {
            "torch/__init__.py": "",
            "torch/version.py": "__version__ = '99.0'\n",
            "torch/include/ATen/ATen.h": "",
            "torch/lib/libc10.so": library,
        }
        self.wheel("torch", "99.0", files)
        finished = self.add("--with", "torch", python=python)
        self.assert_says(
            finished, 2, "torch brought torch 99.0, which would stand before torch 2.13.0", "below"
        )
        self.assert_nothing_left("own")

    def test_an_interpreter_without_torch_and_one_in_the_folder_itself(self):
        self.wheel("one", "1.0", {"one.py": ""})
        self.assert_says(self.add("--with", "one", python=str(BASE)), 2, "has no torch")
        self.assert_nothing_left("own")
        inside = self.root / "own" / "python"
        inside.parent.mkdir(parents=True)
        inside.symlink_to(PYTHON)
        finished = self.add("--with", "one", python=str(inside))
        self.assert_says(finished, 2, "lies in the folder of the environment", "another name")
        self.assertTrue(inside.is_symlink())

    def test_what_pip_cannot_find(self):
        finished = self.add("--with", "nowhere")
        self.assert_says(finished, 2, "nowhere could not be installed", "No matching distribution")
        self.assert_nothing_left("own")


if __name__ == "__main__":
    unittest.main()
