"""What the records of collections say, cell by cell, by package and torch release."""

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

# What is made of a program elsewhere says nothing against the program.
CONSUMERS = ("aoti", "onnx", "consumer")


@dataclass
class Cell:
    """One cell in one release."""

    name: str
    status: str  # "exported", "rejected", "crashed", "timeout"
    headline: str
    checks: dict  # name -> (status, revision), of an exported program
    causes: tuple = ()  # ids of the catalogue, and "" where it explains something not

    @property
    def is_right(self):
        """Exported, and no check of the program itself fails."""
        return self.status == "exported" and not set(self.failing) - set(CONSUMERS)

    @property
    def failing(self):
        return [name for name, (status, _) in self.checks.items() if status == "fail"]

    @property
    def lost_by(self):
        """Consumers that do not make of the program what it is; "aoti", "onnx"."""
        return [name for name in self.failing if name in CONSUMERS]

    def came_to(self, check):
        return self.checks.get(check, ("n/a", 0))[0]


@dataclass
class Column:
    """One version of a package in one torch release: of one record, or of several together."""

    torch: str
    version: str
    cells: dict = field(default_factory=dict)  # name -> Cell
    unobserved: dict = field(default_factory=dict)  # name -> reason


@dataclass
class Package:
    name: str
    columns: list = field(default_factory=list)  # by version of the package, then by torch
    summaries: dict = field(default_factory=dict)  # case -> what it is


def stop(text):
    sys.exit(f"ci/ecosystem-page: {text}")


def exportgate(*arguments):
    """The finished command. 2 with a report may be cells that could not be observed."""
    command = [os.environ.get("EXPORTGATE", "build/exportgate"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def of_report(*arguments):
    """The JSON report that the command writes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        ran = exportgate(*arguments, "--json", file)
        if not file.exists():
            stop(f"{' '.join(map(str, arguments[:2]))}:\n{ran.stdout}{ran.stderr}")
        return json.loads(file.read_text())


def causes_of(record, cases):
    """Cell -> the ids of what the catalogue says of it."""
    ran = exportgate("explain", "*", "--record", record, "--cases", cases, "--json")
    if ran.returncode != 0:
        stop(f"{record} cannot be explained:\n{ran.stdout}{ran.stderr}")
    causes = {}
    for cell in json.loads(ran.stdout)["cells"]:
        ids = [met["id"] for met in cell["met"]]
        causes[cell["cell"]] = (*ids, *([""] if cell["unknown"] else []))
    return causes


def installed(packages, name):
    """The version of a distribution, which pip spells in several ways."""

    def spelt(text):
        return re.sub(r"[-_.]+", "-", text).lower()

    return next((packages[each] for each in packages if spelt(each) == spelt(name)), "")


def in_order(version):
    """2.9.1 before 2.10.0, and 2.14.0rc2 before 2.14.0."""
    release, rest = re.match(r"([\d.]*)(.*)", version).groups()
    return [int(part) for part in release.split(".") if part], rest == "", rest


def seen(cell, causes):
    observed = cell["observed"]
    checks = {one["name"]: (one["status"], one["revision"]) for one in observed["checks"]}
    return Cell(
        cell["name"],
        observed["status"],
        observed["headline"],
        checks,
        causes.get(cell["name"], ()),
    )


def column_of(package, torch, version):
    for column in package.columns:
        if (column.torch, column.version) == (torch, version):
            return column
    package.columns.append(Column(torch, version))
    return package.columns[-1]


def add_record(packages, record, cases, golden, declared):
    report = of_report("check", record, "--cases", cases, "--golden", golden)
    if report["problems"]:
        problem = report["problems"][0]
        stop(f"{record}: {problem['what']}")
    causes = causes_of(record, cases)
    environment = report["environment"]
    torch = environment["torch"]
    for cell in report["cells"]:
        name = declared[cell["name"]].get("package", "torch")
        version = installed(environment["packages"], name)
        if cell["observed"] is None and not version:
            continue  # the environment of this record lacks the package
        column = column_of(packages.setdefault(name, Package(name)), torch, version)
        if cell["observed"] is None:
            column.unobserved[cell["name"]] = next(iter(cell["reasons"]), "not observed")
        else:
            column.cells[cell["name"]] = seen(cell, causes)


def read(collections):
    """Name -> Package, from the records of these folders. Stops where one cannot be judged."""
    packages = {}
    for collection in collections:
        cases, golden = collection / "cases", collection / "golden"
        listed = exportgate("list", "--json", "--cases", cases)
        if listed.returncode != 0:
            stop(f"{cases} cannot be read:\n{listed.stderr}")
        declared = {cell["name"]: cell for cell in json.loads(listed.stdout)}
        folder = collection / "recordings"  # and in it, other versions of the packages
        records = sorted([*folder.glob("*.jsonl"), *folder.glob("versions/*.jsonl")])
        for record in records:
            add_record(packages, record, cases, golden, declared)
        for cell in declared.values():
            if cell.get("package", "torch") in packages and cell.get("summary"):
                package = packages[cell.get("package", "torch")]
                package.summaries[cell["case"]] = cell["summary"]
    for package in packages.values():
        package.columns = sorted(
            (column for column in package.columns if column.cells),
            key=lambda column: (in_order(column.version or "0"), in_order(column.torch)),
        )
    return {name: packages[name] for name in sorted(packages) if packages[name].columns}
