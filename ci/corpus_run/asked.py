"""What the command line of ci/corpus asks for."""

import argparse
import re
from dataclasses import dataclass, field
from pathlib import Path

import collection
from messages import stop

UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass(frozen=True)
class Torch:
    """A release, which is installed; or the name of an interpreter that has a torch."""

    name: str
    python: str = ""

    @property
    def is_release(self):
        return re.match(r"\d+(\.\d+)+", self.name) is not None


@dataclass
class Asked:
    torches: list
    points: list  # requirements of each: ("transformers==5.24.0",); () is what exportgate.toml says
    collections: list
    disk: int  # bytes
    state: Path
    baseline: object = None  # a Torch, one of `points`, the Path of a record, or None
    shard: tuple = (1, 1)
    portion: int = 40  # cells
    fresh: bool = False
    keep_recordings: bool = False
    arguments: list = field(default_factory=list)  # for `exportgate run`

    @property
    def is_sharded(self):
        return self.shard[1] > 1


def bytes_of(text):
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]B)", text.strip().upper())
    if not found:
        stop(f'--disk "{text}" is no size: write it like 30GB')
    return int(float(found[1]) * UNITS[found[2]])


def torches_of(texts):
    torches = []
    for text in ",".join(texts).split(","):
        name, equals, python = text.strip().partition("=")
        if not name or (equals and not python):
            stop(f'--torch "{text}" names no torch: write 2.13.0, or 2.13.0=/path/to/python')
        if not equals and not Torch(name).is_release:
            stop(f'--torch "{text}" is no release: write {text}=/path/to/python')
        # Run in the folder of a collection, where a relative path would be another one.
        torch = Torch(name, str(Path(python).absolute()) if "/" in python else python)
        if name in [other.name for other in torches]:
            stop(f"--torch names {name} twice")
        torches.append(torch)
    return torches


def points_of(texts):
    points = [tuple(text.split()) for text in texts or [""]]
    if () in points and texts:
        stop("--with names no package: write --with transformers==5.24.0")
    for point in points:
        if points.count(point) > 1:
            stop(f"--with {' '.join(point)} is there twice")
    return points


def shard_of(text):
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        stop(f'--shard "{text}" is no part: write i/n, from 1/n to n/n')
    return int(found[1]), int(found[2])


def baseline_of(text, asked):
    for torch in asked.torches:
        if text == torch.name:
            return torch
    if tuple(text.split()) in asked.points:
        return tuple(text.split())
    if Path(text).is_file():
        if len(asked.collections) > 1:
            stop("--baseline names a record, which is of one collection: name one --collection")
        return Path(text).resolve()
    known = [torch.name for torch in asked.torches] + [" ".join(each) for each in asked.points]
    stop(f'--baseline "{text}" is no record, and none of {", ".join(filter(None, known))}')


def parser():
    command = argparse.ArgumentParser(
        prog="ci/corpus",
        allow_abbrev=False,
        description="Record collections for pairs of packages and a torch; say what got worse.",
        epilog="What stands behind -- goes to `exportgate run`: -- --check-timeout 300 --jobs 2. "
        "Exit codes: 0 nothing got worse, 1 something did, 2 something could not be made, "
        "observed or judged, 130 interrupted.",
    )
    add = command.add_argument
    add("--torch", action="append", required=True, metavar="RELEASE[=PYTHON],...")
    add(
        "--with",
        dest="points",
        action="append",
        metavar="REQUIREMENTS",
        help="of one point of the package axis, may be given several times; without it what "
        "exportgate.toml of the collection says",
    )
    add("--collection", action="append", required=True, metavar="FOLDER")
    add("--disk", default="30GB", help="what environments may take at one time (30GB)")
    add("--state", default="build/corpus", help="where records and environments are kept")
    add(
        "--baseline",
        help="what all others are compared with: a torch, a --with, or a record; the first --torch",
    )
    add("--shard", default="1/1", metavar="i/n", help="observe one part of the cells only")
    add("--portion", type=int, default=40, help="so many cells at most are lost to a kill (40)")
    add("--fresh", action="store_true", help="observe again what is recorded; finds flaky cells")
    add(
        "--recordings",
        dest="keep_recordings",
        action="store_true",
        help="keep the records in the collections' folders recordings/, too",
    )
    return command


def read(words):
    words, arguments = _split(words)
    given = parser().parse_args(words)
    if given.portion < 1:
        stop("--portion is a number of cells, 1 at least")
    asked = Asked(
        torches=torches_of(given.torch),
        points=points_of(given.points),
        collections=[collection.load(name) for name in given.collection],
        disk=bytes_of(given.disk),
        state=Path(given.state).resolve(),
        shard=shard_of(given.shard),
        portion=given.portion,
        fresh=given.fresh,
        keep_recordings=given.keep_recordings,
        arguments=arguments,
    )
    if given.baseline:
        asked.baseline = baseline_of(given.baseline, asked)
    elif len(asked.torches) > 1:
        asked.baseline = asked.torches[0]
    if asked.is_sharded and (given.baseline or given.keep_recordings):
        stop("a shard is no whole record: judge and keep them when all are there, without --shard")
    return asked


def _split(words):
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]
