"""One warm worker for many tests: their runs need not wait until torch is imported and warmed up.

    shared_worker.py start FOLDER EXPORTGATE   FOLDER/exportgate, whose environment `default` has a
                                               stand-in for its worker; starts the server
    shared_worker.py stop FOLDER
    shared_worker.py stand-in FOLDER ...       what FOLDER's exportgate-worker runs

The server starts the real worker once, and speaks for it (harness/worker/PROTOCOL.md) with any
number of harnesses at a time. A stand-in hands it the control socket that its harness gave it and
waits. The cells are run by the real worker's real children.

A stand-in becomes the real worker where the server could make a difference: another environment
variable, another limit, modules to preload. Tests about a worker's life do not use it.
"""

import array
import contextlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

# No test of a whole ctest waits that long; a server that nobody stopped ends by itself.
IDLE_S = 1200
DESCRIPTORS = 2  # that come with a run message
# What only the harness, the compiler or ctest reads.
NOT_OF_THE_WORKER = (
    *("EXPORTGATE", "CCACHE_", "CI", "CMAKE_", "CTEST_", "DASHBOARD_", "PYTHONDONTWRITEBYTECODE"),
    *("PWD", "OLDPWD", "SHLVL", "_", "OMP_NUM_THREADS"),
)
LIMITS = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")


def surroundings():
    """What a worker's children inherit, as text to be compared."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(NOT_OF_THE_WORKER)
    }
    limits = {name: resource.getrlimit(getattr(resource, name)) for name in LIMITS}
    return json.dumps([variables, limits], sort_keys=True)


class Messages:
    """JSON lines with descriptors over a socket."""

    def __init__(self, sock):
        self.sock = sock
        self._received = b""
        self._descriptors = []

    def read(self):
        """The lines that are there, each with the descriptors of a run message. None at the end."""
        size = socket.CMSG_SPACE(DESCRIPTORS * array.array("i").itemsize)
        try:
            data, ancillary, _, _ = self.sock.recvmsg(1 << 16, size)
        except ConnectionResetError:
            return None
        if not data:
            return None
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._descriptors += array.array("i", content)
        *lines, self._received = (self._received + data).split(b"\n")
        return [self._with_descriptors(json.loads(line)) for line in lines]

    def send(self, message, descriptors=()):
        data = json.dumps(message).encode() + b"\n"
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        sent = self.sock.sendmsg([data], rights if descriptors else [])
        self.sock.sendall(data[sent:])

    def _with_descriptors(self, message):
        count = DESCRIPTORS if "run" in message else 0
        taken, self._descriptors = self._descriptors[:count], self._descriptors[count:]
        return message, taken


class Session:
    """One harness: its control socket, and the stand-in that it started."""

    def __init__(self, stand_in, control, only_nonstrict):
        self.stand_in = stand_in
        self.harness = Messages(control)
        self.only_nonstrict = only_nonstrict
        self.children = {}  # the server's id -> the process group, None where it is not forked yet

    def end(self):
        """As its worker's death would: what runs for this harness ends with it."""
        for group in filter(None, self.children.values()):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self.harness.sock.close()
        self.stand_in.close()

    def greet(self, message):
        is_strict = message.get("ready", {}).get("mode") == "strict"
        if not (is_strict and self.only_nonstrict):
            self.harness.send(message)


class Server:
    def __init__(self, folder, worker):
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / "socket"))
        self._listening.listen()
        ours, theirs = socket.socketpair()
        self._worker = Messages(ours)
        self._process = subprocess.Popen(
            [worker, "--control", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        theirs.close()
        self._greetings = []  # hello and ready, for those who come later
        self._sessions = []
        self._runs = {}  # the server's id -> (session, the harness's id)
        self._last_id = 0

    def serve(self):
        while True:
            places = {self._listening: self._accept, self._worker.sock: self._from_worker}
            for session in self._sessions:
                places[session.harness.sock] = lambda s=session: self._from_harness(s)
                places[session.stand_in] = lambda s=session: self._end(s)
            ready, _, _ = select.select(list(places), [], [], IDLE_S)
            if not ready and not self._sessions:
                return
            for sock in ready:
                # A session that ended has taken its sockets along.
                if sock.fileno() >= 0 and places[sock]() == "stop":
                    return

    def _accept(self):
        stand_in, _ = self._listening.accept()
        data, descriptors, _, _ = socket.recv_fds(stand_in, 1 << 10, 1)
        asked = json.loads(data or b'"gone"')
        if asked == "stop":
            return "stop"
        if not descriptors:
            return stand_in.close()
        session = Session(stand_in, socket.socket(fileno=descriptors[0]), asked["only_nonstrict"])
        self._sessions.append(session)
        self._heard_by(session, lambda: [session.greet(each) for each in self._greetings])

    def _from_worker(self):
        messages = self._worker.read()
        if messages is None:
            return "stop"
        for message, _ in messages:
            ((what, content),) = message.items()
            if what in ("hello", "ready"):
                self._greetings.append(message)
                for session in list(self._sessions):
                    self._heard_by(session, lambda s=session, m=message: s.greet(m))
            elif what in ("forked", "exited"):
                self._of_a_child(what, content)
            else:
                return "stop"  # fatal: its children are gone, and the harnesses see that

    def _of_a_child(self, what, content):
        session, own_id = self._runs[content["id"]]
        session.children[content["id"]] = content.get("pid")
        if what == "exited":
            del self._runs[content["id"]], session.children[content["id"]]
        if session in self._sessions:
            message = {what: {**content, "id": own_id}}
            self._heard_by(session, lambda: session.harness.send(message))
        elif what == "forked":  # it was asked for by a harness that is gone
            with contextlib.suppress(ProcessLookupError):
                os.killpg(content["pid"], signal.SIGKILL)

    def _from_harness(self, session):
        messages = session.harness.read()
        if messages is None:
            return self._end(session)
        for message, descriptors in messages:
            if "run" not in message:
                return self._end(session)  # quit
            self._last_id += 1
            self._runs[self._last_id] = session, message["run"]["id"]
            session.children[self._last_id] = None
            message["run"]["id"] = self._last_id
            self._worker.send(message, descriptors)
            for descriptor in descriptors:
                os.close(descriptor)

    def _heard_by(self, session, send):
        try:
            send()
        except OSError:  # the harness is gone
            self._end(session)

    def _end(self, session):
        if session in self._sessions:
            self._sessions.remove(session)
            session.end()

    def close(self):
        for session in list(self._sessions):
            self._end(session)
        self._process.kill()


def start(folder, exportgate):
    stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
    real = exportgate.resolve().parent / "environments" / "default"
    environment = folder / "environments" / "default"
    worker = environment / "worker"
    worker.mkdir(parents=True)
    shutil.copy2(exportgate, folder / "exportgate")
    # Beside it, an exportgate knows that it is a build's, with environments of its own.
    (folder / "CMakeCache.txt").symlink_to(exportgate.resolve().parent / "CMakeCache.txt")
    shutil.copy2(real / "environment.json", environment)
    for entry in (real / "worker").iterdir():
        if entry.name != "exportgate-worker":
            (worker / entry.name).symlink_to(entry)
    stand_in = worker / "exportgate-worker"
    stand_in.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -S -E "{Path(__file__).resolve()}" stand-in'
        f' "{folder}" "$@"\n'
    )
    stand_in.chmod(0o755)
    (folder / "real_worker").write_text(str(real / "worker" / "exportgate-worker"))
    (folder / "surroundings").write_text(surroundings())
    log = os.open(folder / "server.log", os.O_WRONLY | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    if os.fork() == 0:
        os.setsid()
        for target, descriptor in enumerate((nothing, log, log)):
            os.dup2(descriptor, target)
        os.closerange(3, 64)
        server = Server(folder, (folder / "real_worker").read_text())
        (folder / "listening").touch()
        try:
            server.serve()
        finally:
            server.close()
        os._exit(0)


def stop(folder):
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as server:
        server.connect(str(folder / "socket"))
        server.sendall(b'"stop"')
        server.recv(1)  # the end of file


def stand_in(folder, arguments):
    real = (folder / "real_worker").read_text()
    control, *options = arguments[1:]
    plain = options in ([], ["--only-nonstrict"])
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as server:
        if plain and (folder / "surroundings").read_text() == surroundings():
            server.connect(str(folder / "socket"))
            asked = json.dumps({"only_nonstrict": bool(options)}).encode()
            socket.send_fds(server, [asked], [int(control)])
            os.close(int(control))
            server.recv(1)  # nothing comes but the end
            sys.exit(0)
    os.execv(real, [real, *arguments])


if __name__ == "__main__":
    what, folder, *rest = sys.argv[1:]
    folder = Path(folder)
    if what == "start":
        start(folder, Path(rest[0]))
    elif what == "stop":
        stop(folder)
    else:
        stand_in(folder, rest)
