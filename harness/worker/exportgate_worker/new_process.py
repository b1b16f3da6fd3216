"""A process that never imported the case: what a program saved here means to anybody else.

It is forked before the case is imported, and waits. For every job it forks a process that imports
the case, so no job sees what another one left behind. That process knows nothing of the one that
saved the program but the names of the cell and the state of the model.
"""

import os
import select
import signal
import socket
import time
from json import dumps, loads  # a case may replace those of the module

from exportgate_worker import check_process, checks

# Of the time that is left for a job: what remains is for its answer.
SHARE_OF_TIME = 0.9


class NewProcess:
    """The waiting process, seen from the one that observes a cell and from its checks."""

    def __init__(self, job, also_close=()):
        """Forks it. `job`: (bytes, ..., seconds) -> Result, carried out with what ask() sends.

        `also_close`: descriptors that are of no use in it.
        """
        self._socket, other = socket.socketpair()
        owner = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                check_process.die_with(owner)
                self._socket.close()
                for descriptor in also_close:
                    os.close(descriptor)
                _be_quiet()
                _serve(other, job)
            finally:
                os._exit(0)
        other.close()

    def ask(self, parts, budget_s):
        """The Result of the job with `parts`, a list of bytes, within `budget_s` seconds.

        It runs no code of the case, so it ends early only where it, or its job, was killed.
        """
        deadline = time.monotonic() + budget_s
        job = os.urandom(8).hex()
        header = {"job": job, "sizes": [len(part) for part in parts], "budget_s": budget_s}
        try:
            self._socket.sendall(dumps(header).encode("ascii") + b"\n" + b"".join(parts))
            while answer := _line(self._socket, deadline):
                done = loads(answer)
                if done["job"] == job:  # not that of a check that was killed while it waited
                    return checks.Result(**done["result"])
        except (OSError, EOFError):
            check_process.end_as_killed()
        return checks.Result("fail", ["the new process does not answer"])

    def end(self):
        """Kills and reaps it. Only the process that made it can."""
        self._socket.close()
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _be_quiet():
    """What the case and torch print when they are imported and loaded again was printed already."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _serve(connection, job):
    while True:
        try:
            asked = loads(_line(connection, None))
        except EOFError:
            return
        parts = [_exactly(connection, size) for size in asked["sizes"]]
        budget_s = asked["budget_s"] * SHARE_OF_TIME
        result = check_process.in_its_own_process(
            lambda: job(*parts, budget_s),  # noqa: B023
            budget_s,
            asked["budget_s"],
        )
        answer = {"job": asked["job"], "result": vars(result)}
        connection.sendall(dumps(answer).encode("ascii") + b"\n")


def _line(connection, deadline):
    """Up to a newline; empty when the time is over. Raises EOFError at the end of file."""
    received = b""
    while not received.endswith(b"\n"):
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and (left <= 0 or not select.select([connection], [], [], left)[0]):
            return b""
        # Nothing follows a line but what was announced in it: a header is read byte by byte.
        part = connection.recv(1 if deadline is None else 1 << 16)
        if not part:
            raise EOFError
        received += part
    return received


def _exactly(connection, size):
    received = bytearray()
    while len(received) < size:
        part = connection.recv(min(size - len(received), 1 << 20))
        if not part:
            raise EOFError
        received += part
    return bytes(received)
