"""A client of the worker's protocol (harness/worker/PROTOCOL.md), which needs no harness."""

import array
import contextlib
import json
import os
import select
import socket
import subprocess
import tempfile
import time

# The tests wait for events, not for time; this only bounds how long a broken worker can hang them.
PATIENCE_S = 120


class Worker:
    def __init__(self, executable, *options, stderr=None, **environment):
        ours, theirs = socket.socketpair()
        self.control = ours
        self.process = subprocess.Popen(
            [executable, "--control", str(theirs.fileno()), *options],
            pass_fds=[theirs.fileno()],
            stderr=stderr,
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        )
        theirs.close()
        self._received = b""
        self._next_id = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.control.close()
        try:
            self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()

    def read(self):
        """The next message; None at end of file."""
        self.control.settimeout(PATIENCE_S)
        while b"\n" not in self._received:
            try:
                received = self.control.recv(65536)
            except ConnectionResetError:
                return None
            if not received:
                return None
            self._received += received
        line, self._received = self._received.split(b"\n", 1)
        return json.loads(line)

    def wait_for(self, what, **expected):
        """The content of the next message `what`; other messages before it are dropped."""
        while True:
            message = self.read()
            if message is None:
                raise EOFError(f"the worker hung up before {what}")
            if "fatal" in message:
                raise RuntimeError(message["fatal"])
            content = message.get(what)
            if content is not None and all(
                content[key] == value for key, value in expected.items()
            ):
                return content

    def start(self, requests, memory_limit_bytes=1 << 34):
        """Sends a run message; whether the child is forked yet is not known when this returns."""
        self._next_id += 1
        channel, channel_of_child = os.pipe()
        output, output_of_child = os.pipe()
        message = {
            "run": {
                "id": self._next_id,
                "requests": requests,
                "memory_limit_bytes": memory_limit_bytes,
            }
        }
        line = (json.dumps(message) + "\n").encode()
        rights = array.array("i", [channel_of_child, output_of_child])
        sent = self.control.sendmsg([line], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        self.control.sendall(line[sent:])
        os.close(channel_of_child)
        os.close(output_of_child)
        return Child(self._next_id, channel, output)

    def run(self, request, **options):
        """Runs one request to its end: the child's messages, its output, and how it exited."""
        child = self.start([request], **options)
        messages, output = child.read_to_end()
        return messages, output, self.wait_for("exited", id=child.id)


class Child:
    def __init__(self, id_, channel, output):
        self.id = id_
        self.channel = channel
        self.output = output

    def read_to_end(self):
        """Both descriptors until the child has closed them."""
        received = {self.channel: b"", self.output: b""}
        is_open = set(received)
        deadline = time.monotonic() + PATIENCE_S
        while is_open:
            ready, _, _ = select.select(list(is_open), [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError(f"the child is silent; so far: {received}")
            for descriptor in ready:
                part = os.read(descriptor, 1 << 20)
                received[descriptor] += part
                if not part:
                    is_open.discard(descriptor)
                    os.close(descriptor)
        messages = [json.loads(line) for line in received[self.channel].splitlines()]
        return messages, received[self.output].decode("utf-8", "replace")


def request(case_directory, declaration, kind, mode, dims, pair):
    return {
        "cell": f"{declaration['name']}/{kind}/{mode}/{dims}/{pair}",
        "kind": kind,
        "mode": mode,
        "dims": dims,
        "pair": pair,
        "case_directory": case_directory,
        "case": declaration,
    }


@contextlib.contextmanager
def case_folder(case_py):
    """A folder with `case_py` as its case.py, gone afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "case.py"), "w", encoding="utf-8") as file:
            file.write(case_py)
        yield directory
