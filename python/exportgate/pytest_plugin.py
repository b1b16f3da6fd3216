"""Cells as tests of pytest: `pytest --exportgate`, or `exportgate = true` in its configuration.

An exportgate.toml is collected as a file of tests is, with one item for each cell of its project.
All cells that are left after -k, --lf and the like are observed in one `exportgate run`, by the
worker of the project's environment, when the first of them is to run. With several processes
(pytest-xdist) the first that comes to it runs those of all. Nothing is accepted, and nothing of the
project is imported here.

A cell that fails in `exportgate run` fails. One that could not be judged is an error. A waived one
is skipped, with its reason. Cells that nobody comes to are no success: where pytest was asked for
them and finds no exportgate.toml, or one without cells, that is an error.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shlex
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from exportgate.command import MissingCommand, path_of_command

FILE_NAME = "exportgate.toml"
INTERRUPTED = 130
HAS_TO_BE_FOUND = "exportgate_has_to_be_found"
FOUND = pytest.StashKey[bool]()


def pytest_addoption(parser):
    group = parser.getgroup("exportgate")
    group.addoption(
        "--exportgate",
        action="store_true",
        default=False,
        help="collect the cells of every exportgate.toml as tests",
    )
    group.addoption(
        "--exportgate-args",
        metavar="ARGS",
        default=None,
        help="further arguments of `exportgate run`: '--env 2.14.1 --fresh'",
    )
    parser.addini("exportgate", "as --exportgate", type="bool", default=False)
    parser.addini("exportgate_args", "as --exportgate-args", type="args", default=[])


def pytest_configure(config):
    config.addinivalue_line("markers", "exportgate: a cell of an exportgate.toml")


def _is_asked_for(config):
    return config.getoption("exportgate") or config.getini("exportgate")


def pytest_collect_file(file_path, parent):
    if file_path.name == FILE_NAME and _is_asked_for(parent.config):
        return Project.from_parent(parent, path=file_path)
    return None


def _has_to_be_found(config):
    """Not where the configuration asks for cells (addopts too), and somebody for certain files."""
    if hasattr(config, "workerinput"):  # a process of pytest-xdist
        return config.workerinput.get(HAS_TO_BE_FOUND, False)
    if "--exportgate" in config.invocation_params.args:
        return True
    names_files = config.args_source == config.ArgsSource.ARGS
    is_elsewhere = config.args_source == config.ArgsSource.INVOCATION_DIR and (
        config.invocation_params.dir != config.rootpath
    )
    return _is_asked_for(config) and not names_files and not is_elsewhere


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Of pytest-xdist, whose processes do not know what was written on the command line."""
    node.workerinput[HAS_TO_BE_FOUND] = _has_to_be_found(node.config)


class CannotBeJudged(Exception):
    """What exportgate says; no traceback of this file helps."""


class Failed(Exception):
    """What a cell differs in, in exportgate's words."""


class Project(pytest.File):
    def collect(self):
        # Not before: pytest makes nodes of the neighbours of a file that it is to collect.
        self.config.stash[FOUND] = True
        listed = self.call("list", "--json")
        if listed.returncode != 0:
            raise self.CollectError(listed.stderr.strip() or listed.stdout.strip())
        self.cells_to_run = []  # once the collection is complete
        self.says_everything_else = False
        self.results = None
        cells = json.loads(listed.stdout)
        if not cells:
            raise self.CollectError(f"{self.path}: there are no cells (exportgate init NAME)")
        for cell in cells:
            yield Cell.from_parent(self, name=cell["name"])
        yield WholeRun.from_parent(self, name="everything else")

    def call(self, *arguments):
        try:
            command = path_of_command()
        except MissingCommand as missing:
            raise self.CollectError(str(missing)) from None
        return subprocess.run(
            [command, *arguments],
            cwd=self.path.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def observed(self):
        if self.results is None:
            self.results = self._observe_once()
        return self.results

    def result_of(self, cell):
        """The testcase of JUnit of a cell. Raises CannotBeJudged."""
        if cell not in self.observed():
            raise CannotBeJudged(self.results[""])
        # Where the test `everything else` was left out, the first cell says it.
        if not self.says_everything_else and cell == self.cells_to_run[0]:
            self.raise_if_no_cell_says_why_the_run_failed(CannotBeJudged)
        return ElementTree.fromstring(self.results[cell])

    def raise_if_no_cell_says_why_the_run_failed(self, exception):
        results = self.observed()
        # The report has testcases of what is no cell, too: nobody would see them.
        cells = [
            ElementTree.fromstring(results[one]) for one in self.cells_to_run if one in results
        ]
        is_said = any(
            cell.find("failure") is not None or cell.find("error") is not None for cell in cells
        )
        if results["exit code"] != 0 and not is_said:
            raise exception(results[""])

    def _observe_once(self):
        """Cell -> its testcase, as text; "" -> what was said; "exit code" -> it. Processes of
        pytest-xdist share one run."""
        config = self.config
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
        if run is None:
            return self._observe(self.cells_to_run)
        key = hashlib.sha256(f"{run}{self.path}".encode()).hexdigest()[:16]
        folder = Path(config._tmp_path_factory.getbasetemp()).parent
        kept = folder / f"exportgate-{key}.json"
        with open(folder / f"exportgate-{key}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until this process, or its end, closes the file
            if not kept.exists():
                part = kept.with_suffix(".part")
                part.write_text(json.dumps(self._observe(self.cells_to_run)))
                part.replace(kept)
            return json.loads(kept.read_text())

    def _observe(self, cells):
        further = self.config.getoption("exportgate_args")
        further = shlex.split(further) if further else self.config.getini("exportgate_args")
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "junit.xml"
            ran = self.call("run", *cells, "--junit", str(report), *further)
            if ran.returncode == INTERRUPTED:
                pytest.exit("interrupted", INTERRUPTED)
            said = (ran.stderr.strip() + "\n\n" + ran.stdout.strip()).strip()
            results = {"": said, "exit code": ran.returncode}
            with contextlib.suppress(FileNotFoundError):
                for case in ElementTree.parse(report).iter("testcase"):
                    name = f"{case.get('classname')}/{case.get('name')}"
                    results[name] = ElementTree.tostring(case, encoding="unicode")
        return results


class InWords(pytest.Item):
    """An item whose failures are exportgate's words, without a traceback."""

    def __init__(self, **keywords):
        super().__init__(**keywords)
        self.add_marker("exportgate")

    def repr_failure(self, excinfo, style=None):
        return self._repr_failure_py(excinfo, style)

    def _repr_failure_py(self, excinfo, style=None):  # pytest asks this of errors in setup
        if isinstance(excinfo.value, (Failed, CannotBeJudged)):
            return str(excinfo.value)
        return super()._repr_failure_py(excinfo, style)

    def reportinfo(self):
        return self.path, None, self.name


class Cell(InWords):
    _result = None

    def setup(self):
        """What could not be judged is an error of pytest, not a failure."""
        self._result = self.parent.result_of(self.name)
        if (error := self._result.find("error")) is not None:
            raise CannotBeJudged(_text_of(error))

    def runtest(self):
        if (skipped := self._result.find("skipped")) is not None:
            pytest.skip(skipped.get("message") or "waived")
        if (failure := self._result.find("failure")) is not None:
            raise Failed(_text_of(failure))


class WholeRun(InWords):
    """What the run fails of besides its cells: a waiver that has expired, an orphaned golden."""

    def runtest(self):
        if not self.parent.cells_to_run:
            pytest.skip("no cell was chosen")
        self.parent.raise_if_no_cell_says_why_the_run_failed(Failed)


def _text_of(element):
    return (element.text or "").strip() or element.get("message") or "no reason given"


def pytest_collection_finish(session):
    """After -k, --lf and other plugins have chosen."""
    if _has_to_be_found(session.config) and not session.config.stash.get(FOUND, False):
        raise pytest.UsageError(
            f"cells are asked for, and no {FILE_NAME} is in what pytest looks through: name its "
            "folder, also in testpaths"
        )
    for item in session.items:
        if isinstance(item, Cell):
            item.parent.cells_to_run.append(item.name)
        elif isinstance(item, WholeRun):
            item.parent.says_everything_else = True
