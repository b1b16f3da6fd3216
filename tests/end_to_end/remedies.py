"""The remedies of the catalogue that were tried: tests/remedies/*.toml, a file for each section.

Each row names an entry, the cell in which it is met, and the change by which the remedy mends the
case. The changed case is a case of its own, so several remedies of one case are run together.
"""

import shutil
from dataclasses import dataclass, field

from support import SOURCE

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    from pip._vendor import tomli as tomllib

ROWS = SOURCE / "tests" / "remedies"
CASES = [
    SOURCE / "tests" / "cases",
    SOURCE / "tests" / "unit" / "catalogue" / "cases",
    SOURCE / "cases",
]


@dataclass
class Tried:
    """A row. `case_py` and `case_toml` are pairs of an old text, which is there once, and a new."""

    entry: str
    cell: str
    how: str
    case_py: list = field(default_factory=list)
    case_toml: list = field(default_factory=list)
    run: str = ""  # the cells behind the name of the case; those of `cell` by default
    left: list = field(default_factory=list)  # globs: reasons of checks that the remedy leaves
    module: str = ""  # an empty module that is put beside case.py
    needs: str = ""  # "optree": only where that can be imported
    always: bool = False  # also without EXPORTGATE_TEST_ALL
    name: str = ""  # of the changed case

    @property
    def case(self):
        return self.cell.split("/")[0]

    @property
    def pattern(self):
        return f"{self.name}/{self.run or self.cell.partition('/')[2]}"


def read():
    """All rows, each with a name of its own."""
    rows = []
    for file in sorted(ROWS.glob("*.toml")):
        for row in tomllib.loads(file.read_text()).get("tried", []):
            one = Tried(**row)
            number = sum(other.entry == one.entry for other in rows) + 1
            one.name = f"{one.entry.replace('-', '_')}_{number}"
            rows.append(one)
    return rows


def untried():
    """Entry -> why its remedy was not tried."""
    files = [tomllib.loads(file.read_text()) for file in ROWS.glob("*.toml")]
    return {row["entry"]: row["why"] for file in files for row in file.get("untried", [])}


def source_of(row):
    """The folder of the case that the row mends."""
    return next(folder / row.case for folder in CASES if (folder / row.case).is_dir())


def changed(text, changes, where):
    for old, new in changes:
        if text.count(old) != 1:
            raise AssertionError(f"{where}: is there {text.count(old)} times, not once:\n{old}")
        text = text.replace(old, new)
    return text


def write(row, cases):
    """Puts the changed case, and the modules that it imports, into the folder `cases`."""
    source = source_of(row)
    for module in source.parent.glob("*.py"):
        shutil.copy(module, cases)
    shutil.copytree(source, cases / row.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, changes in (("case.py", row.case_py), ("case.toml", row.case_toml)):
        file = cases / row.name / name
        file.write_text(changed(file.read_text(), changes, f"{row.entry} ({row.case}/{name})"))
    if row.module:
        (cases / row.name / f"{row.module}.py").touch()
