"""The checks of an exported program, each in a process of its own, in one fixed order.

A check that crashes or hangs costs itself alone; all of them share the cell's one export. What a
check leaves behind (registrations, tensors that it changed) is gone with its process.
"""

import ctypes
import functools
import importlib
import signal
from dataclasses import dataclass, field

# What a case replaces in these modules is not what its judge calls.
from json import dumps, loads
from os import (
    WEXITSTATUS,
    WIFSIGNALED,
    WTERMSIG,
    _exit,
    close,
    fork,
    getpid,
    getppid,
    kill,
    pipe,
    read,
    urandom,
    waitpid,
    write,
)
from select import select
from time import monotonic

from exportgate_worker import channel, errors

PR_SET_PDEATHSIG = 1  # linux/prctl.h

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

    @classmethod
    def of(cls, reasons, prints=None, notes=None):
        return cls("fail" if reasons else "pass", reasons, prints or {}, notes or [])

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
    new_process: object = None  # new_process.NewProcess; None: whatever is loaded is loaded here
    budget_s: float = 0.0  # of each check

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


def in_its_own_process(check, budget_s, named_budget_s=None):
    """The Result of `check`, a function, which gets `budget_s` seconds.

    `named_budget_s`: the budget that a timeout names, where some of it is spent already.
    """
    named_budget_s = named_budget_s or budget_s
    reading, writing = pipe()
    owner, token = getpid(), urandom(16).hex().encode("ascii")
    pid = fork()
    if pid == 0:
        die_with(owner)
        close(reading)
        _report_and_exit(check, writing, token)
    close(writing)
    content = _read_all(reading, monotonic() + budget_s)
    close(reading)
    if content is None:
        kill(pid, signal.SIGKILL)
        waitpid(pid, 0)
        return Result("fail", [f"timeout: longer than its budget of {named_budget_s:g} s"])
    _, status = waitpid(pid, 0)
    if WIFSIGNALED(status):
        number = WTERMSIG(status)
        return Result("fail", [f"crashed: signal {number} ({signal.Signals(number).name})"])
    if WEXITSTATUS(status) != 0 or not content:
        return Result("fail", [f"ended without a result, exit code {WEXITSTATUS(status)}"])
    if not content.startswith(token):
        return Result("fail", ["ended with a result that the check did not write"])
    return Result(**loads(content[len(token) :]))


def die_with(parent):
    """This process is killed when `parent` ends. It ends where that happened already."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if getppid() != parent:
        _exit(0)


def _report_and_exit(check, descriptor, token):
    exit_code = 70  # EX_SOFTWARE
    try:
        result = guarded(check)
        result.reasons = [channel.text(reason) for reason in result.reasons]
        result.notes = [channel.text(note) for note in result.notes]
        rest = memoryview(token + dumps(vars(result)).encode("ascii"))
        while rest:
            rest = rest[write(descriptor, rest) :]
        exit_code = 0
    finally:
        _exit(exit_code)


def _read_all(descriptor, deadline):
    """All bytes up to the end of file; None where that does not come in time."""
    parts = []
    while True:
        left = deadline - monotonic()
        if left <= 0 or not select([descriptor], [], [], left)[0]:
            return None
        part = read(descriptor, 1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)
