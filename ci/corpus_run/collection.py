"""A folder of cases with its exportgate.toml."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import child
from messages import stop

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    from pip._vendor import tomli as tomllib


@dataclass(frozen=True)
class Collection:
    folder: Path
    cases: Path
    declared: tuple  # the requirements of exportgate.toml
    alone: bool  # `declared` names all that is needed, and pip is to install nothing else
    cells: tuple  # names, in matrix order
    packages: dict  # cell -> the package that it is about
    inputs: str  # digest of cases and worker

    __hash__ = object.__hash__

    @property
    def name(self):
        return self.folder.name


def load(text):
    folder = Path(text).resolve()
    file = folder / "exportgate.toml"
    if not file.is_file():
        stop(f"{text} is no collection: it has no exportgate.toml")
    try:
        words = file.read_text(encoding="utf-8")
        toml = tomllib.loads(words)
    except (OSError, ValueError) as error:
        stop(f"{file} cannot be read: {error}")
    environment = toml.get("environments", {}).get(toml.get("environment", "default"), {})
    cases = folder / toml.get("cases", "cases")
    listed = child.answer("list", "--json", folder=folder)
    cells = json.loads(listed)
    # From the checkout, whose default environment has the worker that is meant.
    inputs = child.answer("list", "--inputs-digest", "--cases", cases).strip()
    return Collection(
        folder,
        cases,
        tuple(environment.get("with", toml.get("with", []))),
        re.search(r"^# PIP_NO_DEPS=1", words, re.MULTILINE) is not None,
        tuple(cell["name"] for cell in cells),
        {cell["name"]: cell.get("package", folder.name) for cell in cells},
        inputs,
    )


def project(requirement):
    """What the requirement is about: "foo_bar[x]==1" and "Foo-Bar" are of one project."""
    name = re.match(r"[A-Za-z0-9._-]*", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(of, point):
    """Those of the collection, with what `point` says instead or besides."""
    said = {project(each): each for each in point}
    merged = [said.pop(project(each), each) for each in of.declared]
    return (*merged, *(each for each in point if project(each) in said))
