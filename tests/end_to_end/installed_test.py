"""An installed exportgate, used by a project of its own: tests/installed_consumer is what
docs/install.md shows, and its goldens were accepted like any other.
"""

import datetime
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import BUILD, EXPORTGATE, PLAIN_WORKER, SOURCE, Finished, Scratch

CONSUMER = SOURCE / "tests" / "installed_consumer"
CELLS = [f"window/window_cache/as_is/{mode}/named/b2w4" for mode in ("strict", "nonstrict")]
BEFORE = """\
cmake_minimum_required(VERSION 3.25)
project(mistaken LANGUAGES NONE)
enable_testing()
find_package(exportgate REQUIRED)
"""


class Installed(Scratch):
    """A scratch folder with the consumer's project, and a prefix with exportgate installed."""

    @classmethod
    def setUpClass(cls):
        scratch = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        cls.addClassCleanup(shutil.rmtree, scratch, ignore_errors=True)
        subprocess.run(
            ["cmake", "--install", BUILD, "--prefix", scratch / "first"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        # Used elsewhere than it was installed: nothing in it says where that was.
        cls.prefix = scratch / "prefix"
        (scratch / "first").rename(cls.prefix)

    def setUp(self):
        super().setUp()
        shutil.copytree(CONSUMER, self.folder, dirs_exist_ok=True)
        # Where an installed exportgate has its environments: those of the checkout.
        data = self.folder / "data" / "exportgate"
        data.mkdir(parents=True)
        (data / "environments").symlink_to(EXPORTGATE.parent / "environments")

    def call(self, *command):
        process = subprocess.run(
            list(map(str, command)),
            cwd=self.folder,
            env=self.environment(XDG_DATA_HOME=str(self.folder / "data"), **PLAIN_WORKER),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )
        return Finished(process)

    def configure(self):
        return self.call("cmake", "-S", ".", "-B", "build", f"-DCMAKE_PREFIX_PATH={self.prefix}")

    def ctest(self, *arguments):
        return self.call("ctest", "--test-dir", "build", "--output-on-failure", *arguments)

    def results(self, finished):
        """What became of each test, by name: Passed, Failed, Skipped, Not Run."""
        line = re.compile(
            r"^ *\d+/\d+ Test +#\d+: (.*?) \.*[ *]*(Passed|Failed|Skipped|Not Run)", re.M
        )
        return dict(line.findall(finished.out))

    def replace(self, file, old, new):
        file = self.folder / file
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))


class Consumer(Installed):
    def test_cells_are_tests_that_find_what_changed(self):
        self.assert_says(self.configure(), 0)
        green = self.ctest()
        self.assertEqual(green.code, 0, green)
        others = ["window/observe the matrix", "window/nothing unused or incomplete"]
        self.assertEqual(self.results(green), dict.fromkeys([*others, *CELLS], "Passed"), green)

        self.replace(
            "cases/window_cache/case.py", "weights @ cache.values", "weights @ -cache.values"
        )
        red = self.ctest()
        self.assertNotEqual(red.code, 0, red)
        for cell in CELLS:
            self.assertEqual(self.results(red)[cell], "Failed", red)
        self.assert_says(
            red, red.code, "CHANGED", "the exported program differs", "aten.neg.default"
        )

        in_time = datetime.date.today() + datetime.timedelta(days=200)
        with (self.folder / "cases" / "window_cache" / "case.toml").open("a") as case:
            case.write(
                '\n[[waivers]]\ncells = "as_is/*"\ntorch = ">=2.13"\nreason = "for this test"\n'
                'differs = ["program", "decomposed program"]\n'
                f'url = "https://example.com/1"\nexpires = {in_time.isoformat()}\n'
            )
        waived = self.ctest()
        self.assertEqual(waived.code, 0, waived)
        for cell in CELLS:
            self.assertEqual(self.results(waived)[cell], "Skipped", waived)

    def test_cells_that_cannot_be_listed_fail_with_the_reason(self):
        self.assert_says(self.configure(), 0)
        self.replace("cases/window_cache/case.toml", '"window", 8', '"windw", 8')
        finished = self.ctest()
        self.assertEqual(self.results(finished), {"window/cells": "Failed"}, finished)
        self.assert_says(finished, finished.code, "case.toml:", '"windw"', "did you mean")

    def test_an_environment_that_is_not_there_fails_every_cell_with_the_remedy(self):
        self.replace("CMakeLists.txt", "GOLDEN golden", "GOLDEN golden ENVIRONMENTS nowhere")
        self.assert_says(self.configure(), 0)
        # As if it had been there for an earlier ctest.
        record = self.folder / "build" / "exportgate" / "window" / "record.jsonl"
        record.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(os.environ["EXPORTGATE_RECORD"], record)
        finished = self.ctest("-R", CELLS[0])
        self.assertEqual(self.results(finished)[CELLS[0]], "Failed", finished)
        self.assert_says(finished, finished.code, "nothing was observed", "exportgate env add")

    def test_recordings_that_match_nothing_fail(self):
        self.replace("CMakeLists.txt", "GOLDEN golden", "GOLDEN golden RECORDINGS records/*.jsonl")
        self.assert_says(self.configure(), 0)
        finished = self.ctest("-R", "window/recordings")
        self.assertEqual(self.results(finished), {"window/recordings": "Failed"}, finished)
        self.assert_says(finished, finished.code, "records/*.jsonl")


class UsageErrors(Installed):
    def assert_refused(self, call, *texts):
        (self.folder / "CMakeLists.txt").write_text(BEFORE + call + "\n")
        finished = self.configure()
        said = " ".join((finished.out + finished.err).split())
        self.assertEqual(finished.code, 1, finished)
        for text in texts:
            self.assertIn(text, said)

    def test_each_says_what_to_write(self):
        for call, *texts in (
            (
                "exportgate_add_cases(CASES cases GOLDEN golden)",
                "NAME is missing: write NAME <name>",
            ),
            ("exportgate_add_cases(NAME a)", "CASES is missing", "GOLDEN is missing"),
            (
                "exportgate_add_cases(NAME a CASES cses GOLDEN golden)",
                "there is no folder",
                "cses: name the one that holds <case>/case.toml",
            ),
            (
                "exportgate_add_cases(NAME a CASES cases GOLDEN golden GOLDN b)",
                'there is no argument "GOLDN"',
                "exportgate_add_cases(NAME <name> CASES <folder>",
            ),
            (
                "exportgate_add_cases(NAME a CASES cases GOLDEN golden ENVIRONMENT)",
                "ENVIRONMENT has no value",
            ),
            ("exportgate_add_cases(NAME a/b CASES cases GOLDEN golden)", "NAME a/b: use letters"),
            ("exportgate_add_cases(NAME a CASES cases GOLDEN golden TIMEOUT soon)", "TIMEOUT soon"),
            (
                "exportgate_add_cases(NAME a CASES cases GOLDEN golden)\n" * 2,
                "NAME a is there already",
            ),
            ("find_package(exportgate 9 REQUIRED)", "compatible with requested version"),
        ):
            with self.subTest(call):
                self.assert_refused(call, *texts)


class Documents(unittest.TestCase):
    def test_the_example_is_the_consumer_of_these_tests(self):
        example = (CONSUMER / "CMakeLists.txt").read_text()
        self.assertIn(f"```cmake\n{example}```\n", (SOURCE / "docs" / "install.md").read_text())

    def test_debian_packages_that_cmake_names_are_those_that_are_installed(self):
        text = (SOURCE / "cmake" / "ExportgateLibraries.cmake").read_text()
        named = re.findall(r"^exportgate_find\(\S+ (\S+?)[ )]", text, re.M)
        self.assertGreaterEqual(len(named), 7, named)
        packages = re.search(
            r"^packages=\(([^)]*)\)", (SOURCE / "ci" / "install").read_text(), re.M
        )
        self.assertEqual(set(named) - set(packages[1].split()), set())


if __name__ == "__main__":
    unittest.main()
