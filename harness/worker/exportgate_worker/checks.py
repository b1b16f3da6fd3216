"""The checks of an exported program, each in a process of its own, in one fixed order.

A check that crashes or hangs costs itself alone; all of them share the cell's one export. What a
check leaves behind (registrations, tensors that it changed) is gone with its process.
"""

import functools
import importlib
import json
import mmap
import os
import select
import signal
import time
from dataclasses import dataclass, field

from exportgate_worker import channel, errors, judge

# Name in records and goldens, module. The harness adds `dims` before them (PROTOCOL.md).
ALL = (
    ("constants", "check_constants"),
    ("run", "check_run"),
    ("bounds", "check_bounds"),
    ("traits", "check_traits"),
    ("model", "check_model"),
    ("pytree", "check_pytree"),
    ("save_load", "check_save_load"),
    ("decompose", "check_decompose"),
    ("retrace", "check_retrace"),
    ("registry", "check_registry"),
)


def revisions():
    """Name -> the revision of what the check means: what two revisions say is not comparable."""
    return {name: getattr(_module(name), "REVISION", 1) for name, _ in ALL}


def _module(name):
    return importlib.import_module(f"exportgate_worker.{dict(ALL)[name]}")


@dataclass
class Result:
    """What a check found.

    `reasons` say why it fails or does not apply; a pass has none. `notes` say what was seen and is
    no failure, or what was not tried.
    """

    status: str  # "pass", "fail", "n/a"
    reasons: list = field(default_factory=list)
    prints: dict = field(default_factory=dict)  # what was made on the way: "loaded", "decomposed"
    notes: list = field(default_factory=list)
    # What the check found that is a reason of the check `traits`, which is carried out later.
    for_traits: list = field(default_factory=list)

    @classmethod
    def of(cls, reasons, prints=None, notes=None, for_traits=None):
        status = "fail" if reasons else "pass"
        return cls(status, reasons, prints or {}, notes or [], for_traits or [])

    @classmethod
    def not_applicable(cls, reason):
        return cls("n/a", [reason])


@dataclass
class Exported:
    """What the checks are about."""

    ep: object  # torch.export.ExportedProgram
    leaves: dict  # declared name -> tensor, those it was exported with
    save_as: str = ""  # a path for the saved program; empty: it is not kept
    run_reasons: list = field(default_factory=list)  # of the check run, once it was carried out
    traits_reasons: list = field(default_factory=list)  # what `run` found for the check `traits`

    @functools.cached_property
    def program(self):
        return self.ep.module()

    def result_beyond_run(self, reasons, prints):
        """Of a program that was made from this one: what `run` says already is not said again."""
        own = [reason for reason in reasons if reason not in self.run_reasons]
        notes = ["no worse than the check run"] if reasons and not own else []
        return Result.of(own, prints, notes)


def carry_out(name, subject, exported):
    """One check, in this process. A check that raises fails, and the others still report."""
    module = _module(name)
    if hasattr(module, "result"):
        return guarded(lambda: module.result(subject, exported))
    return guarded(lambda: Result.of(module.reasons_against(subject, exported)))


def guarded(check):
    try:
        return check()
    except BaseException as error:  # SystemExit too: a case may raise anything
        return Result("fail", [f"raises {errors.short_reason(error)}"])


MOST_SO_FAR = 1 << 16  # bytes
_so_far = None  # memory that this process shares with its parent, if it is a check's own


def so_far(result, place, who):
    """Says what was found before something is called that may end the process.

    If it does, the check's result is `result`, and that `who` ("eager" or "the program") did not
    come back at `place`.
    """
    if _so_far is None:
        return
    content = judge.dumps([_plain(result), place, who]).encode("ascii")
    if len(content) < MOST_SO_FAR:  # a longer one has failed already, and the last one is kept
        _so_far[: len(content) + 1] = content + b"\n"


def in_its_own_process(check, budget_s):
    """The Result of `check`, a function, which gets `budget_s` seconds."""
    reading, writing = os.pipe()
    with mmap.mmap(-1, MOST_SO_FAR) as shared:
        pid = os.fork()
        if pid == 0:
            _report_and_exit(check, writing, shared)
        os.close(writing)
        content = _read_all(reading, time.monotonic() + budget_s)
        os.close(reading)
        if content is None:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        what = _how_it_failed(content, status, budget_s)
        if not what:
            return Result(**json.loads(content))
        return _interrupted(shared.readline(), what)


def _how_it_failed(content, status, budget_s):
    if content is None:
        return f"timeout: longer than its budget of {budget_s:g} s"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"crashed: signal {number} ({signal.Signals(number).name})"
    if os.WEXITSTATUS(status) != 0 or not content:
        return f"ended without a result, exit code {os.WEXITSTATUS(status)}"
    return ""


def _interrupted(line, what):
    """The Result of a check that ended otherwise; `line` is what it said before."""
    if not line.endswith(b"\n"):
        return Result("fail", [what])
    values, place, who = json.loads(line)
    result = Result(**values)
    if who == "eager":
        result.notes.append(f"{place}: not tried, nor what comes after it: eager {what}")
    else:
        result.reasons.append(f"{place}: {who} {what}")
        result.status = "fail"
    return result


def _report_and_exit(check, descriptor, shared):
    global _so_far
    exit_code = 70  # EX_SOFTWARE
    try:
        _so_far = shared
        rest = memoryview(judge.dumps(_plain(guarded(check))).encode("ascii"))
        while rest:
            rest = rest[judge.write(descriptor, rest) :]
        exit_code = 0
    finally:
        os._exit(exit_code)


def _plain(result):
    lists = ("reasons", "notes", "for_traits")
    return vars(result) | {
        name: [channel.text(text) for text in getattr(result, name)] for name in lists
    }


def _read_all(descriptor, deadline):
    """All bytes up to the end of file; None where that does not come in time."""
    parts = []
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return None
        part = os.read(descriptor, 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
