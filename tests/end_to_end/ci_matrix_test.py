"""ci/matrix: interrupted and started again, with the torch that is there."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import SOURCE

ENVIRONMENTS = SOURCE / "build" / "matrix" / "environments"


class Matrix(unittest.TestCase):
    def setUp(self):
        self.recordings = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        self.addCleanup(shutil.rmtree, self.recordings, ignore_errors=True)
        self.assertFalse(ENVIRONMENTS.exists(), "another ci/matrix is running in this checkout")

    def start(self, *releases):
        return subprocess.Popen(
            [SOURCE / "ci" / "matrix", *releases],
            env={**os.environ, "EXPORTGATE_RECORDINGS": str(self.recordings)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def interrupt_at(self, text, *releases):
        process = self.start(*releases)
        output = ""
        while text not in output:
            line = process.stdout.readline()
            self.assertTrue(line, f"ended early:\n{output}")
            output += line
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
        output += process.communicate(timeout=120)[0]
        self.assertEqual(process.returncode, 130, output)
        self.assertFalse(ENVIRONMENTS.exists(), output)

    def test_interrupted_and_resumed(self):
        one, two = f"one={sys.executable}", f"two={sys.executable}"
        self.interrupt_at("building the worker", one, two)
        self.assertEqual(list(self.recordings.iterdir()), [])

        self.interrupt_at("two: configuring", one, two)
        self.assertEqual([path.name for path in self.recordings.iterdir()], ["one.jsonl"])
        first = (self.recordings / "one.jsonl").read_bytes()
        self.assertIn(b'{"end":{"complete":true', first)

        process = self.start(one, two)
        output = process.communicate(timeout=600)[0]
        self.assertEqual(process.returncode, 0, output)
        self.assertIn("one is recorded", output)
        self.assertIn("2 releases in", output)
        self.assertEqual((self.recordings / "one.jsonl").read_bytes(), first)
        self.assertTrue((self.recordings / "two.jsonl").exists())

        with self.subTest("a record that is cut is made anew"):
            cut = first[: len(first) // 2]
            (self.recordings / "one.jsonl").write_bytes(cut)
            self.interrupt_at("one: configuring", one)
            self.assertEqual((self.recordings / "one.jsonl").read_bytes(), cut)

    def test_a_release_that_does_not_exist_costs_only_itself(self):
        missing = "gone=/no/such/python"
        process = self.start(missing)
        output = process.communicate(timeout=120)[0]
        self.assertEqual(process.returncode, 2, output)
        self.assertIn("not recorded: gone", output)
        self.assertEqual(list(self.recordings.iterdir()), [])
        self.assertFalse(ENVIRONMENTS.exists())


if __name__ == "__main__":
    unittest.main()
