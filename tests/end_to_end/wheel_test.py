"""What ci/wheel builds, in an empty venv of a machine that can compile nothing: what only reads
records works there, and what compiles says in one line what to install.

It compiles the command anew where the compiler cache has not seen it, so `ci/test --all` runs it.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import unittest
import zipfile
from pathlib import Path

from support import SOURCE, Finished, Scratch

DIST = SOURCE / "build" / "wheel" / "dist"
RECORDINGS = SOURCE / "tests" / "recordings"
OURS = ("--cases", SOURCE / "cases")
GOLDEN = ("--golden", SOURCE / "golden")
# What pip and the shells of a small image have; no compiler, no CMake.
SMALL = ("sh", "bash", "env", "uname", "sed", "cat", "dirname", "ldconfig")


def setUpModule():
    if "EXPORTGATE_TEST_ALL" not in os.environ:
        raise unittest.SkipTest("a wheel is built by ci/test --all")
    built = subprocess.run([SOURCE / "ci" / "wheel"], stdout=subprocess.PIPE, text=True)
    if built.returncode:
        raise AssertionError(f"ci/wheel ended with {built.returncode}")
    print(built.stdout)


class Wheel(Scratch):
    def setUp(self):
        super().setUp()
        tools = self.folder / "tools"
        tools.mkdir()
        for tool in SMALL:
            if found := shutil.which(tool):
                (tools / tool).symlink_to(found)
        self.venv = self.folder / "venv"
        subprocess.run([sys.executable, "-m", "venv", self.venv], check=True)
        self.path = os.pathsep.join([str(self.venv / "bin"), str(tools)])

    def call(self, *command, **variables):
        process = subprocess.run(
            list(map(str, command)),
            cwd=self.folder,
            env=self.environment(
                PATH=self.path, XDG_DATA_HOME=str(self.folder / "data"), **variables
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )
        return Finished(process)

    def install(self):
        (wheel,) = DIST.glob("*.whl")
        pip = (self.venv / "bin" / "python", "-m", "pip", "install", "--no-index")
        self.assert_says(self.call(*pip, wheel), 0, "Successfully installed exportgate-")

    def command_of_the_wheel(self, *arguments):
        return self.call("exportgate", *arguments)

    def test_from_pip_install_to_a_verdict(self):
        begin = time.monotonic()
        self.install()
        upgrade = ("upgrade", "2.8.0", "2.9.1", "--recordings", RECORDINGS, *OURS, *GOLDEN)
        self.assert_says(self.command_of_the_wheel(*upgrade), 1, "NO-GO: ")
        print(f"from pip install to the verdict: {time.monotonic() - begin:.1f} s")

        version = re.search(
            r"^project\(\w+ VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text(), re.M
        )
        said = f"exportgate {version[1]}\n"
        self.assertEqual(self.command_of_the_wheel("--version").out, said)
        self.assertEqual(self.call("python", "-m", "exportgate", "--version").out, said)
        record = RECORDINGS / "2.13.0.jsonl"
        checked = self.command_of_the_wheel("check", record, *OURS, *GOLDEN)
        self.assertIn(" cells on torch 2.13.0: ", checked.out, checked)
        self.assertEqual(checked.code, 0, checked)
        matrix = self.command_of_the_wheel("matrix", RECORDINGS / "2.8.0.jsonl", record, *OURS)
        self.assert_says(matrix, 0, "2.8.0", "2.13.0", "dynamic_cache")
        page = self.folder / "page"
        report = self.command_of_the_wheel(
            "report", record, "-o", page, "--no-charts", *OURS, *GOLDEN
        )
        self.assertEqual(report.code, 0, report)
        self.assertIn("</html>", (page / "index.html").read_text())
        self.assert_says(self.command_of_the_wheel("init", "my_cache"), 0)
        self.assert_says(self.command_of_the_wheel("list"), 0, "my_cache/")

    def test_what_compiles_says_what_to_install(self):
        self.install()
        added = self.command_of_the_wheel("env", "add", "2.13.0")
        self.assertEqual(added.code, 2, added)
        (line,) = [line for line in added.err.splitlines() if "compiled on this machine" in line]
        self.assertIn("apt-get install cmake ninja-build g++ nlohmann-json3-dev", line)
        self.assertNotIn("pip", added.err)  # nothing was downloaded
        self.assertFalse((self.folder / "data" / "exportgate" / "environments" / "2.13.0").exists())

    def test_what_is_in_it(self):
        (wheel,) = DIST.glob("*.whl")
        self.assertRegex(wheel.name, r"-py3-none-manylinux_2_\d+_\w+\.whl$")
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            tags = archive.read(next(name for name in names if name.endswith("/WHEEL"))).decode()
        self.assertIn(f"Tag: {'-'.join(wheel.stem.split('-')[2:])}\n", tags)
        worker = SOURCE / "harness" / "worker"
        expected = {
            str(Path("data/data/share/exportgate/worker") / path.relative_to(worker))
            for path in worker.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        held = {re.sub(r"^exportgate-[\d.]+\.", "", name) for name in names}
        self.assertEqual(expected - held, set())
        self.assertIn("data/data/lib/cmake/exportgate/ExportgateCases.cmake", held)
        sums = (DIST / "SHA256SUMS").read_text()
        for path in DIST.glob("exportgate-*"):
            self.assertIn(f"  {path.name}\n", sums)


if __name__ == "__main__":
    unittest.main()
