"""A client of exportgate-bench's block mode (harness/worker/bench/PROTOCOL.md)."""

import json
import socket
import subprocess

from support import EXPORTGATE

EXECUTABLE = EXPORTGATE.parent / "environments" / "default" / "worker" / "exportgate-bench"
PATIENCE_S = 240  # only bounds how long a broken one can hang a test


class Bench:
    def __init__(self, plan):
        self.control, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [EXECUTABLE, "--plan", plan, "--control", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self.control.settimeout(PATIENCE_S)
        self._received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.control.close()
        try:
            self.process.wait(60)
        finally:
            self.process.kill()

    def send(self, message):
        self.control.sendall(json.dumps(message).encode() + b"\n")

    def read(self):
        """The next message; None at end of file."""
        while b"\n" not in self._received:
            received = self.control.recv(65536)
            if not received:
                return None
            self._received += received
        line, self._received = self._received.split(b"\n", 1)
        return json.loads(line)

    def ask(self, message):
        self.send(message)
        return self.read()
