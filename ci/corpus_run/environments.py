"""Environments of pairs: made, used, removed before the next."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import child
from budget import Budget
from messages import bytes_text, complain, say

# Of every file that pip installs. A cell is taken from its record where size and time of what is
# installed are the same; so they are in an environment that is made again of the same wheels.


@dataclass(frozen=True)
class Environment:
    """What is to be made. `base`: the environment that has its torch, where several share one."""

    name: str
    torch: str = ""  # to install
    python: str = ""  # that has torch
    requirements: tuple = ()
    alone: bool = False  # pip installs nothing else
    cases: Path = None
    folder: Path = child.SOURCE  # where exportgate is called
    base: "Environment" = None


class Environments:
    def __init__(self, state, disk):
        self.root = state / "environments"
        self.temporary = state / "tmp"
        self.sizes = state / "sizes.json"
        for folder in (self.root, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)
        self.budget = Budget(disk, [self.root, self.temporary])

    def tidy(self, kept):
        """Removes all that an earlier start left, except for environments of the names `kept`. One
        that is half-made goes in any case."""
        for folder in sorted(self.root.iterdir()):
            if not folder.is_dir():
                continue
            is_whole = (folder / "environment.json").exists()
            if is_whole and folder.name in kept:
                continue
            say(
                f"removing {folder.name}, which "
                + ("is not needed" if is_whole else "is half-made")
            )
            self.remove(folder.name)
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir()

    def make(self, wanted):
        """False, and why was said, where it cannot be made."""
        if wanted.base and not self.make(wanted.base):
            return False
        problem = self._made(wanted)
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir()
        if problem:
            complain(f"{wanted.name} cannot be made: {problem}")
            self.remove_if_there(wanted.name)
        return not problem

    def remove(self, name):
        child.run("env", "remove", name, "--environments", self.root)

    def remove_if_there(self, name):
        if (self.root / name).exists():
            self.remove(name)

    def _made(self, wanted):
        known = self._known_sizes().get(wanted.name, 0)
        allowed = self.budget.allowed(self.budget.taken())
        is_there = (self.root / wanted.name / "environment.json").exists()
        if known > allowed and not is_there:
            took = f"environments took {bytes_text(known)} when it was made last"
            return f"{took}; {self.budget.limit(allowed)}; {self._remedy(wanted)}"
        self.budget.peak = 0
        log = self.root / f"{wanted.name}.log"
        log.unlink(missing_ok=True)  # of another attempt
        ended = child.run(
            *("env", "add", wanted.name, "--environments", self.root, *self._torch(wanted)),
            *(word for each in wanted.requirements for word in ("--with", each)),
            *(("--cases", wanted.cases) if wanted.cases else ()),
            folder=wanted.folder,
            watch=lambda: self.budget.excess(log, self.budget.taken_lately()),
            TMPDIR=self.temporary,
            PIP_NO_CACHE_DIR="1",
            PIP_NO_COMPILE="1",
            **({"PIP_NO_DEPS": "1"} if wanted.alone else {}),
        )
        if isinstance(ended, str):
            return f"{ended}; {self._remedy(wanted)}"
        if ended != 0:
            return "why stands above"
        # The last look may be before the last file.
        if excess := self.budget.excess(log, self.budget.taken()):
            return f"{excess}; {self._remedy(wanted)}"
        self._keep_size(wanted.name)
        return ""

    def _torch(self, wanted):
        if wanted.base:
            return ("--python", self.root / wanted.base.name / "venv" / "bin" / "python")
        return ("--torch", wanted.torch) if wanted.torch else ("--python", wanted.python)

    def _remedy(self, wanted):
        if wanted.torch:
            return (
                f"give it more with --disk, or name an interpreter that has this torch "
                f"({wanted.torch}=PYTHON), or an index of CPU wheels (PIP_INDEX_URL)"
            )
        return "give it more with --disk"

    def _known_sizes(self):
        try:
            return json.loads(self.sizes.read_text())
        except (OSError, ValueError):
            return {}

    def _keep_size(self, name):
        sizes = {**self._known_sizes(), name: self.budget.peak}
        beside = self.sizes.with_suffix(".part")
        beside.write_text(json.dumps(sizes, indent=1) + "\n")
        beside.rename(self.sizes)
