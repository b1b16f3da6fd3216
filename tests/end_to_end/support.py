"""Runs the real exportgate binary in a scratch folder of its own, as a user would."""

import json
import os
import shutil
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
EXPORTGATE = Path(os.environ["EXPORTGATE"])
# Of the checkout, also where EXPORTGATE is that of the shared worker.
BUILD = (EXPORTGATE.parent / "CMakeCache.txt").resolve().parent
RECORD = Path(
    os.environ["EXPORTGATE_RECORD"]
)  # of the whole matrix, made by the fixture of the cells


def record_lines():
    """The lines of RECORD, without what became of the programs of the torch before it, which the
    recording of a release has: to edit a cell, and to be filed under any release."""
    lines = []
    for line in RECORD.read_text().splitlines():
        value = json.loads(line)
        value.pop("earlier", None)
        lines.append(json.dumps(value))
    return lines


def __getattr__(name):
    """CELLS, for those who import it: others begin before there is a record."""
    if name == "CELLS":
        return len(record_lines()) - 2  # without header and footer
    raise AttributeError(name)


# The processors that ctest gives to a test of many cells (half_of_the_processors).
JOBS = (os.cpu_count() + 1) // 2

# For a harness whose variables are for others than the cells: it need not wait for a worker of its
# own (shared_worker.py).
PLAIN_WORKER = {"EXPORTGATE_PLAIN_WORKER": "1"}

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

CASE_PY = (SOURCE / "cases" / "dynamic_cache" / "case.py").read_text()


class Finished:
    """What a finished command left: exit code, standard output, standard error."""

    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


class Scratch(unittest.TestCase):
    """A test with a scratch folder that holds cases/ and golden/."""

    # Whether all tests of the class have their folder at one path: where it is in the variables of
    # their workers, they then share one (shared_worker.py).
    one_path = False

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        if self.one_path:
            name = f"exportgate-test-{os.getpid()}-{type(self).__name__}"
            self.folder = self.folder.rename(self.folder.with_name(name))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "cases").mkdir()

    def add_case(self, name, code=CASE_PY, toml=CASE_TOML):
        """A case of one cell (`name`/plain/nonstrict/static/b3c5) unless told otherwise."""
        case = self.folder / "cases" / name
        case.mkdir()
        (case / "case.toml").write_text(toml)
        (case / "case.py").write_text(textwrap.dedent(code))
        return case

    def command(self, *arguments):
        return [str(EXPORTGATE), *map(str, arguments)]

    def environment(self, **variables):
        # So that ccache knows again what it compiled in a scratch folder of another name.
        ccache = {"CCACHE_BASEDIR": str(self.folder), "CCACHE_NOHASHDIR": "1"}
        environment = {**os.environ, **ccache, **variables}
        if "CI" not in variables:
            environment.pop("CI", None)
        return environment

    def exportgate(self, *arguments, timeout=240, **variables):
        process = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
        )
        return Finished(process)

    def run_and_accept(self, why="for this test"):
        """Goldens for what the cases do now."""
        ran = self.exportgate("run")
        self.assertEqual(ran.code, 1, ran)
        accepted = self.exportgate("accept", "--why", why)
        self.assertEqual(accepted.code, 0, accepted)

    def judged(self, *arguments, **variables):
        """The finished `run` or `check`, and its cells' verdicts and headlines by name."""
        report = self.folder / "report.json"
        report.unlink(missing_ok=True)
        finished = self.exportgate(*arguments, "--json", report, **variables)
        self.assertTrue(report.exists(), finished)
        cells = json.loads(report.read_text())["cells"]
        return finished, {cell["name"]: cell for cell in cells}

    def assert_says(self, finished, code, *texts):
        self.assertEqual(finished.code, code, finished)
        for text in texts:
            self.assertIn(text, finished.out + finished.err)
        return finished

    def add_environments(self, *names, copied=False):
        """environments/NAME, each with the worker of the default one, which is not built again.

        `copied`: where `env add` or `env update` may come to it, which must not build in there.
        """
        default = EXPORTGATE.resolve().parent / "environments" / "default"
        description = json.loads((default / "environment.json").read_text())
        for name in names:
            environment = self.folder / "environments" / name
            environment.mkdir(parents=True)
            worker = environment / "worker"
            if copied:
                real = BUILD / "environments" / "default" / "worker"
                shutil.copytree(real, worker, symlinks=True)
                if default.resolve() != real.parent.resolve():  # the shared worker's
                    shutil.copy2(default / "worker" / "exportgate-worker", worker)
            else:
                worker.symlink_to(default / "worker")
            description["environment"]["name"] = name
            (environment / "environment.json").write_text(json.dumps(description))

    def golden_files(self):
        """Every file of the goldens with its bytes."""
        golden = self.folder / "golden"
        return {
            path.relative_to(golden): path.read_bytes()
            for path in sorted(golden.rglob("*"))
            if path.is_file()
        }


class Prepared(Scratch):
    """Tests that all begin with the same files, which `prepare` makes once for each class."""

    prepared = None  # a folder with these files

    def prepare(self):
        """Makes the files below self.folder, by running cells for example."""
        raise NotImplementedError

    def setUp(self):
        super().setUp()
        of_the_class = type(self)
        if "prepared" in vars(of_the_class):
            shutil.copytree(of_the_class.prepared, self.folder, dirs_exist_ok=True, symlinks=True)
            return
        self.prepare()
        kept = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        self.addClassCleanup(shutil.rmtree, kept, ignore_errors=True)
        shutil.copytree(self.folder, kept, dirs_exist_ok=True, symlinks=True)
        of_the_class.prepared = kept
