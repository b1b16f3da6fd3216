"""Warm workers for many tests: their runs need not wait until torch is imported and warmed up.

    shared_worker.py start FOLDER EXPORTGATE   FOLDER/exportgate, whose environment `default` has a
                                               stand-in for its worker; starts the server
    shared_worker.py stop FOLDER
    shared_worker.py stand-in FOLDER REAL ...  what FOLDER's exportgate-worker runs in place of REAL

The server starts the real worker, and speaks for it (harness/worker/PROTOCOL.md) with any number of
harnesses at a time. A stand-in hands it the control socket that its harness gave it and waits. The
cells are run by the real worker's real children.

What a worker's children inherit (variables, options, the worker itself) is what a worker is known
by: a harness with others gets a worker of its own, which the next one with the same finds warm. A
test that sets variables for others than its cells says so (EXPORTGATE_PLAIN_WORKER). FOLDER's
server.log names each worker that was started, and what for. A stand-in becomes the real worker
where its limits differ. Tests about a worker's life do not use it.
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
import time
from pathlib import Path

# No test of a whole ctest waits that long; a server that nobody stopped ends by itself.
IDLE_S = 1200
DESCRIPTORS = 2  # that come with a run message
# Besides the plain one, which is never given up. Each has some 600 MB.
KEPT_WORKERS = 3
# What only the harness, the compiler, ctest or the steps of a workflow read.
NOT_OF_THE_WORKER = (
    *("EXPORTGATE", "CCACHE_", "CI", "CMAKE_", "CTEST_", "DASHBOARD_", "PYTHONDONTWRITEBYTECODE"),
    *("PWD", "OLDPWD", "SHLVL", "_", "OMP_NUM_THREADS"),
    *("GITHUB_", "RUNNER_", "INPUT_", "SLURM_"),
)
# Set by a test whose cells do not look at the variables that it sets: the plain worker will do.
PLAIN = "EXPORTGATE_PLAIN_WORKER"
LIMITS = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")


def variables():
    """Those that a worker's children inherit."""
    return {n: value for n, value in os.environ.items() if not n.startswith(NOT_OF_THE_WORKER)}


def limits():
    found = {name: resource.getrlimit(getattr(resource, name)) for name in LIMITS}
    return json.dumps(found, sort_keys=True)


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
    """One harness: its control socket, the stand-in that it started, the worker that it has."""

    def __init__(self, stand_in, control, worker, only_nonstrict):
        self.stand_in = stand_in
        self.harness = Messages(control)
        self.worker = worker
        self.only_nonstrict = only_nonstrict
        self.children = {}  # the worker's id -> the process group, None where it is not forked yet

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


class Worker:
    """A real worker, and what it was asked for by whom."""

    def __init__(self, asked):
        self.key = key_of(asked, asked["only_nonstrict"])
        self.greetings = []  # hello and ready, for those who come later
        self.runs = {}  # the worker's id -> (session, the harness's id)
        self.last_id = 0
        self.used = time.monotonic()
        ours, theirs = socket.socketpair()
        self.messages = Messages(ours)
        self.process = subprocess.Popen(
            [asked["real"], "--control", str(theirs.fileno()), *asked["options"]]
            + asked["checks"]
            + ["--only-nonstrict"] * asked["only_nonstrict"],
            pass_fds=[theirs.fileno()],
            env={**asked["variables"], "OMP_NUM_THREADS": "1"},
        )
        theirs.close()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.messages.sock.close()


def key_of(asked, only_nonstrict):
    key = [asked["real"], asked["options"], asked["variables"], only_nonstrict]
    return json.dumps(key, sort_keys=True)


class Server:
    def __init__(self, folder, plain):
        """`plain`: the worker that is started at once."""
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / "socket"))
        self._listening.listen()
        self._asked_of_plain = plain
        self._plain = Worker(plain)
        self._workers = {self._plain.key: self._plain}
        self._sessions = []

    def serve(self):
        while True:
            places = {self._listening: self._accept}
            for worker in self._workers.values():
                places[worker.messages.sock] = lambda w=worker: self._from_worker(w)
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
        data, descriptors, _, _ = socket.recv_fds(stand_in, 1 << 18, 1)
        while data and not data.endswith(b"\n"):
            more = stand_in.recv(1 << 18)
            data = data + more if more else b""
        asked = json.loads(data or b'"gone"')
        if asked == "stop":
            return "stop"
        if not descriptors:
            return stand_in.close()
        worker = self._worker_for(asked)
        control = socket.socket(fileno=descriptors[0])
        session = Session(stand_in, control, worker, asked["only_nonstrict"])
        self._sessions.append(session)
        self._heard_by(session, lambda: [session.greet(each) for each in worker.greetings])

    def _worker_for(self, asked):
        if asked["plain"]:
            asked |= {"variables": self._asked_of_plain["variables"]}
        worker = self._workers.get(key_of(asked, False))
        if worker is None and asked["only_nonstrict"]:
            worker = self._workers.get(key_of(asked, True))
        if worker is None:
            self._tell_why(asked)
            in_use = {session.worker for session in self._sessions} | {self._plain}
            idle = [one for one in self._workers.values() if one not in in_use]
            idle.sort(key=lambda one: one.used)
            for one in idle[: max(0, len(self._workers) - KEPT_WORKERS)]:
                del self._workers[one.key]
                one.end()
            worker = Worker(asked)
            self._workers[worker.key] = worker
        worker.used = time.monotonic()
        return worker

    def _tell_why(self, asked):
        """What is started costs seconds: server.log says what for."""
        there = self._asked_of_plain["variables"].items()
        variables = [f"{k}={v}" for k, v in asked["variables"].items() if (k, v) not in there]
        variables += [f"without {k}" for k, _ in there if k not in asked["variables"]]
        print("a worker for", asked["real"], *asked["options"], *variables, flush=True)

    def _from_worker(self, worker):
        for message, _ in worker.messages.read() or [({"gone": None}, [])]:
            ((what, content),) = message.items()
            if what in ("hello", "ready"):
                worker.greetings.append(message)
                for session in self._sessions_of(worker):
                    self._heard_by(session, lambda s=session, m=message: s.greet(m))
            elif what in ("forked", "exited"):
                self._of_a_child(worker, what, content)
            else:  # its children are gone or will be: the harnesses hear of it, and see its end
                for session in self._sessions_of(worker):
                    if what == "fatal":
                        self._heard_by(session, lambda s=session, m=message: s.harness.send(m))
                    self._end(session)
                self._workers.pop(worker.key, None)
                worker.end()
                return "stop" if worker is self._plain else None

    def _sessions_of(self, worker):
        return [session for session in self._sessions if session.worker is worker]

    def _of_a_child(self, worker, what, content):
        session, own_id = worker.runs[content["id"]]
        session.children[content["id"]] = content.get("pid")
        if what == "exited":
            del worker.runs[content["id"]], session.children[content["id"]]
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
        worker = session.worker
        for message, descriptors in messages:
            if "run" not in message:
                return self._end(session)  # quit
            worker.last_id += 1
            worker.runs[worker.last_id] = session, message["run"]["id"]
            session.children[worker.last_id] = None
            message["run"]["id"] = worker.last_id
            with contextlib.suppress(OSError):  # it is gone, which is seen when it is read
                worker.messages.send(message, descriptors)
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
        for worker in self._workers.values():
            worker.end()


def write_stand_in(path, folder, real):
    """`path` runs as the worker `real` does, by way of the server of `folder`."""
    path.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -S -E "{Path(__file__).resolve()}" stand-in'
        f' "{folder}" "{real}" "$@"\n'
    )
    path.chmod(0o755)


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
    real_worker = real / "worker" / "exportgate-worker"
    write_stand_in(worker / "exportgate-worker", folder, real_worker)
    (folder / "limits").write_text(limits())
    log = os.open(folder / "server.log", os.O_WRONLY | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    if os.fork() == 0:
        os.setsid()
        for target, descriptor in enumerate((nothing, log, log)):
            os.dup2(descriptor, target)
        os.closerange(3, 64)
        server = Server(folder, asked_for(str(real_worker), []))
        (folder / "listening").touch()
        try:
            server.serve()
        finally:
            server.close()
        os._exit(0)


def stop(folder):
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as server:
        server.connect(str(folder / "socket"))
        server.sendall(b'"stop"\n')
        server.recv(1)  # the end of file


def asked_for(real, options):
    only_nonstrict = "--only-nonstrict" in options  # a worker that has strict as well will do
    # So will one that is warm for other checks.
    checks = [i for i, option in enumerate(options) if "--check" in (option, options[i - 1])]
    others = [o for i, o in enumerate(options) if o != "--only-nonstrict" and i not in checks]
    return {
        "real": real,
        "options": others,
        "checks": [options[i] for i in checks],
        "variables": variables(),
        "only_nonstrict": only_nonstrict,
        "plain": PLAIN in os.environ,
    }


def stand_in(folder, arguments):
    real, _, control, *options = arguments
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as server:
        if (folder / "limits").read_text() == limits():
            server.connect(str(folder / "socket"))
            asked = json.dumps(asked_for(real, options)).encode() + b"\n"
            sent = socket.send_fds(server, [asked], [int(control)])
            server.sendall(asked[sent:])
            os.close(int(control))
            server.recv(1)  # nothing comes but the end
            sys.exit(0)
    os.execv(real, [real, *arguments[1:]])


if __name__ == "__main__":
    what, folder, *rest = sys.argv[1:]
    folder = Path(folder).resolve()
    if what == "start":
        start(folder, Path(rest[0]))
    elif what == "stop":
        stop(folder)
    else:
        stand_in(folder, rest)
