"""Carries a check out in a process of its own, which may crash, hang or say something else."""

import ctypes
import mmap
import signal

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

from exportgate_worker import channel, starved
from exportgate_worker.checks import Result, guarded

PR_SET_PDEATHSIG = 1  # linux/prctl.h

MOST_SO_FAR = 1 << 24  # bytes, of which only those are taken that are written: a print is long
_so_far = None  # memory that this process shares with its parent, if it is a check's own


def so_far(result, place, who):
    """Says what was found before something is called that may end the process.

    If it does, the check's result is `result`, and that `who` ("eager" or "the program") did not
    come back at `place`.
    """
    if _so_far is None:
        return
    content = dumps([_plain(result), place, who]).encode("ascii")
    if len(content) < MOST_SO_FAR:  # a longer one has failed already, and the last one is kept
        _so_far[: len(content) + 1] = content + b"\n"


def in_its_own_process(check, budget_s, named_budget_s=None):
    """The Result of `check`, a function, which gets `budget_s` seconds.

    `named_budget_s`: the budget that a timeout names, where some of it is spent already.
    """
    reading, writing = pipe()
    owner, token = getpid(), urandom(16).hex().encode("ascii")
    with mmap.mmap(-1, MOST_SO_FAR) as shared:
        pid = fork()
        if pid == 0:
            die_with(owner)
            close(reading)
            _report_and_exit(check, writing, token, shared)
        close(writing)
        content = _read_all(reading, monotonic() + budget_s)
        close(reading)
        waited_s = 0.0
        if content is None:
            waited_s = starved.seconds_since_start_of(pid)
            kill(pid, signal.SIGKILL)
        _, status = waitpid(pid, 0)
        if waited_s > starved.SHARE * budget_s:
            end_as_killed()  # its time was over before it had it
        if content is not None and WIFSIGNALED(status) and WTERMSIG(status) == signal.SIGKILL:
            end_as_killed()
        what = _how_it_failed(content, status, token, named_budget_s or budget_s)
        if not what:
            return Result(**loads(content[len(token) :]))
        return _interrupted(shared.readline(), what)


def in_one_process(checks, budget_s, began):
    """Name -> Result of `checks`, (name, function) in order, from one process.

    Each has `budget_s` seconds. `began(name)` is called when a check begins. Where one of them does
    not come to a result there, this one and those after it are carried out again, each in a process
    of its own: what is to blame is seen there.
    """
    results = {}
    began(checks[0][0])  # before the fork, which is part of what it takes
    reading, writing = pipe()
    owner, token = getpid(), urandom(16).hex().encode("ascii")
    pid = fork()
    if pid == 0:
        die_with(owner)
        close(reading)
        _report_all_and_exit(checks, writing, token)
    close(writing)
    rest = b""
    for i, (name, _) in enumerate(checks):
        if i > 0:
            began(name)
        line, rest = _read_line(reading, rest, monotonic() + budget_s)
        if not line.startswith(token):
            kill(pid, signal.SIGKILL)
            break
        results[name] = Result(**loads(line[len(token) :]))
    close(reading)
    _, status = waitpid(pid, 0)
    if status != 0 and len(results) == len(checks):  # the last one ended it after all
        results.popitem()
    for name, check in checks:
        if name not in results:
            began(name)
            results[name] = in_its_own_process(check, budget_s)
    return results


def die_with(parent):
    """This process is killed when `parent` ends. It ends where that happened already."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if getppid() != parent:
        _exit(0)


def end_as_killed():
    """Ends this process as one of its own was ended: killed from outside, when memory runs out, or
    killed here, when it got no processor.

    That says nothing of the program. So the cell's process ends in the same way, and the harness
    runs the cell again, alone (PROTOCOL.md).
    """
    kill(getpid(), signal.SIGKILL)


def _how_it_failed(content, status, token, budget_s):
    if content is None:
        return f"timeout: longer than its budget of {budget_s:g} s"
    if WIFSIGNALED(status):
        number = WTERMSIG(status)
        return f"crashed: signal {number} ({signal.Signals(number).name})"
    if WEXITSTATUS(status) != 0 or not content:
        return f"ended without a result, exit code {WEXITSTATUS(status)}"
    if not content.startswith(token):
        return "ended with a result that the check did not write"
    return ""


def _interrupted(line, what):
    """The Result of a check that ended otherwise; `line` is what it said before."""
    if not line.endswith(b"\n"):
        return Result("fail", [what])
    values, place, who = loads(line)
    result = Result(**values)
    if who == "eager":
        result.notes.append(f"{place}: not tried, nor what comes after it: eager {what}")
    else:
        result.reasons.append(f"{place}: {who} {what}")
        result.status = "fail"
    return result


def _report_and_exit(check, descriptor, token, shared):
    global _so_far
    exit_code = 70  # EX_SOFTWARE
    try:
        _so_far = shared
        _report(check, descriptor, token)
        exit_code = 0
    finally:
        _exit(exit_code)


def _report_all_and_exit(checks, descriptor, token):
    exit_code = 70  # EX_SOFTWARE
    try:
        for _, check in checks:
            _report(check, descriptor, token, b"\n")
        exit_code = 0
    finally:
        _exit(exit_code)


def _report(check, descriptor, token, end=b""):
    rest = memoryview(token + dumps(_plain(guarded(check))).encode("ascii") + end)
    while rest:
        rest = rest[write(descriptor, rest) :]


def _plain(result):
    def texts(of):
        return [channel.text(text) for text in of]

    return vars(result) | {
        "reasons": texts(result.reasons),
        "notes": texts(result.notes),
        "for_checks": {name: texts(found) for name, found in result.for_checks.items()},
    }


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


def _read_line(descriptor, received, deadline):
    """(a line, what came after it); an empty line at the end of file, or if it is late.

    `received` came before.
    """
    while b"\n" not in received:
        left = deadline - monotonic()
        if left <= 0 or not select([descriptor], [], [], left)[0]:
            return b"", b""
        part = read(descriptor, 1 << 16)
        if not part:
            return b"", b""
        received += part
    line, _, rest = received.partition(b"\n")
    return line, rest
