"""Processes of a run, found in /proc: which there are, what each is, and whether one is left."""

import contextlib
import os
import time
from pathlib import Path

# Every process that a run starts inherits it, also one whose parent is gone.
MARK = "EXPORTGATE_KILL_TEST"
ORPHANS_END_WITHIN_S = 10


def _stat(pid):
    """(parent, process group, state) of `pid`; None where it is gone."""
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return int(fields[1]), int(fields[2]), fields[0]


def all_with_mark(mark):
    """Living processes that carry `mark`: {pid: (parent, process group)}."""
    wanted = f"{MARK}={mark}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        stat = _stat(int(entry.name))
        if wanted in variables and stat and stat[2] not in "ZX":
            found[int(entry.name)] = stat[:2]
    return found


def by_role(cli, mark):
    """The living processes below `cli`: {"server": [...], "child": [...], "check": [...]}.

    The first server leads a process group, and the other servers are in it. A child leads one of
    its own. Its checks, and the process that waits to load its program, are in that.
    """
    processes = all_with_mark(mark)
    first = next((pid for pid, (parent, _) in processes.items() if parent == cli), None)
    roles = {"server": [], "child": [], "check": []}
    for pid, (_, group) in processes.items():
        if pid == cli or first is None:
            continue
        role = "server" if group == first else "child" if group == pid else "check"
        roles[role].append(pid)
    return roles


def kill(pid):
    """False where it is gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 9)
        return True
    return False


def orphans(mark):
    """Those that are still there when they have had time to end; they are killed then."""
    deadline = time.monotonic() + ORPHANS_END_WITHIN_S
    while (left := all_with_mark(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        kill(pid)
    return left
