"""How a worker ends, and what ends with it: worker_life_test.py WORKER."""

import json
import os
import signal
import sys
import tempfile
import unittest

from worker_cases import IN_FORWARD, TINY, tiny_case
from worker_client import Worker, request

WORKER = ""
QUICK = ("--only-nonstrict", "--check", "dims")  # which is sooner warm


class LifeTest(unittest.TestCase):
    SLEEPING = ("import ctypes, os, sys, time", "import time\nprint('asleep')\ntime.sleep(1000)")

    ENDING = ("import ctypes, os, sys, time", "import os\nos._exit(0)")

    # It computes, without the lock of Python, so that it is the first to be handed a signal.
    BUSY_THREAD = (
        "import hashlib, threading\n"
        "busy = ('sha256', b'', b'', 10**9)\n"
        "threading.Thread(target=hashlib.pbkdf2_hmac, args=busy, daemon=True).start()\n"
    )

    def start_sleeper(self, worker, folder):
        child = worker.start([request(folder, TINY, "plain", "nonstrict", "named", "b3")])
        forked = worker.wait_for("forked", id=child.id)
        return child, forked["pid"]

    def test_children_die_with_a_killed_worker(self):
        with Worker(WORKER, *QUICK) as worker, tiny_case(*self.SLEEPING) as folder:
            worker.wait_for("hello")
            child, _ = self.start_sleeper(worker, folder)
            worker.process.kill()
            child.read_to_end()  # ends only when the child has
            self.assertIsNone(self.rest_of(worker))

    def test_hanging_up_ends_worker_and_children(self):
        with Worker(WORKER, *QUICK) as worker, tiny_case(*self.SLEEPING) as folder:
            child, _ = self.start_sleeper(worker, folder)
            worker.control.close()
            child.read_to_end()
            self.assertEqual(worker.process.wait(), 0)

    def test_warm_up_exports_its_case(self):
        # Cells would be observed all the same, each of them cold.
        with tempfile.TemporaryFile("w+") as printed, Worker(WORKER, stderr=printed) as worker:
            worker.wait_for("ready", mode="nonstrict")
            worker.wait_for("ready", mode="strict")
            printed.seek(0)
            self.assertNotIn("warm-up of", printed.read())

    def test_strict_cells_are_served_where_only_nonstrict_is_warmed_up(self):
        with (
            Worker(WORKER, "--only-nonstrict") as worker,
            tiny_case(IN_FORWARD, IN_FORWARD) as folder,
        ):
            child = worker.start([request(folder, TINY, "plain", "strict", "named", "b3")])
            observed, _ = child.read_to_end()
            self.assertIn("exported", observed[-1]["observation"])
            said = [worker.read()]
            while "exited" not in said[-1]:
                said.append(worker.read())
            ready = [message["ready"]["mode"] for message in said if "ready" in message]
            self.assertEqual(ready, ["nonstrict"])

    def test_an_option_that_is_none(self):
        with tempfile.TemporaryFile("w+") as printed:
            with Worker(WORKER, "--only-strict", stderr=printed) as worker:
                self.assertEqual(worker.process.wait(), 2)
            printed.seek(0)
            self.assertIn("usage: exportgate-worker", printed.read())

    def test_quit(self):
        with Worker(WORKER, *QUICK) as worker:
            worker.wait_for("hello")
            worker.control.sendall(b'{"quit": {}}\n')
            self.assertEqual(worker.process.wait(), 0)

    def test_worker_ends_when_its_fork_server_is_killed(self):
        with Worker(WORKER, *QUICK) as worker, tiny_case(*self.SLEEPING) as folder:
            child, pid = self.start_sleeper(worker, folder)
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                server = next(int(line.split()[1]) for line in status if line.startswith("PPid:"))
            os.kill(server, signal.SIGKILL)
            child.read_to_end()
            self.assertEqual(worker.process.wait(), 3)

    def test_torch_that_does_not_import_is_fatal(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "torch.py"), "w", encoding="utf-8") as file:
                file.write("raise ImportError('libtorch is from another planet')\n")
            with Worker(WORKER, PYTHONPATH=folder) as worker:
                fatal = worker.read()["fatal"]
                self.assertIn("libtorch is from another planet", fatal["what"])
                self.assertIn("import torch", fatal["remedy"])
                self.assertIsNone(worker.read())
                self.assertEqual(worker.process.wait(), 2)

    def test_killed_child_is_reported(self):
        with Worker(WORKER, *QUICK) as worker, tiny_case(*self.SLEEPING) as folder:
            child, pid = self.start_sleeper(worker, folder)
            os.killpg(pid, signal.SIGKILL)
            child.read_to_end()
            exited = worker.wait_for("exited", id=child.id)
            self.assertEqual(exited["signal"], signal.SIGKILL)

    def test_the_end_of_every_child_is_noticed_also_beside_a_thread(self):
        # A thread that does not block SIGCHLD takes it from the server, now and then.
        with tempfile.TemporaryDirectory() as modules, tiny_case(*self.ENDING) as folder:
            with open(os.path.join(modules, "starts_a_thread.py"), "w", encoding="utf-8") as file:
                file.write(self.BUSY_THREAD)
            options = ("--only-nonstrict", "--preload", "starts_a_thread")
            with Worker(WORKER, *options, PYTHONPATH=modules) as worker:
                for mode in ("strict", "nonstrict") * 20:
                    _, _, exited = worker.run(request(folder, TINY, "plain", mode, "named", "b3"))
                    self.assertEqual(exited["signal"], 0)

    def test_what_is_not_in_the_protocol_ends_the_worker(self):
        for line in ({"jump": {}}, {"run": {"id": 1, "requests": []}}, {"run": {}}):
            with self.subTest(line=line), Worker(WORKER) as worker:
                worker.control.sendall((json.dumps(line) + "\n").encode())
                self.assertEqual(worker.process.wait(), 2)

    @staticmethod
    def rest_of(worker):
        while worker.read() is not None:
            pass


if __name__ == "__main__":
    WORKER = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
