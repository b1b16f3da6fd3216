"""ci/matrix: interrupted and started again, with the torch that is there; what is handed on."""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from support import SOURCE, Scratch

ENVIRONMENTS = SOURCE / "build" / "matrix" / "environments"
PROGRAMS = SOURCE / "build" / "matrix" / "programs"


class Matrix(Scratch):
    """On a case of one cell: what is installed, saved and recorded when is the same for all."""

    def setUp(self):
        super().setUp()
        self.add_case("mine")
        self.recordings = self.folder / "recordings"
        self.recordings.mkdir()
        self.collections = self.folder / "collections"
        self.assertFalse(ENVIRONMENTS.exists(), "another ci/matrix is running in this checkout")
        self.forget_programs()
        self.addCleanup(self.forget_programs)

    def forget_programs(self):
        for name in ("one", "two"):
            for folder in (PROGRAMS / name, PROGRAMS / f"{name}.new"):
                shutil.rmtree(folder, ignore_errors=True)

    def tells(self, release):
        """What the record says of every program that it was given, and that there were some."""
        lines = (self.recordings / f"{release}.jsonl").read_text().splitlines()
        seen = [json.loads(line) for line in lines]
        earlier = [line["earlier"] for line in seen if "earlier" in line]
        exported = [line for line in seen if "exported" in line]
        self.assertLessEqual(len(earlier), len(exported))
        return bool(earlier)

    def start(self, *releases):
        return subprocess.Popen(
            [SOURCE / "ci" / "matrix", *releases],
            env={
                **os.environ,
                "EXPORTGATE_RECORDINGS": str(self.recordings),
                "EXPORTGATE_CASES": str(self.folder / "cases"),
                "EXPORTGATE_COLLECTIONS": str(self.collections),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def add_collection(self, name, line=""):
        """A copy of the case as a collection; `line` stands above all of its case.toml."""
        mine = self.folder / "cases" / "mine"
        case = self.collections / name / "cases" / "mine"
        shutil.copytree(mine, case)
        (case / "case.toml").write_text(line + "\n" + (mine / "case.toml").read_text())
        return self.collections / name / "recordings" / "one.jsonl"

    def finished(self, code, *arguments):
        process = self.start(*arguments)
        output = process.communicate(timeout=600)[0]
        self.assertEqual(process.returncode, code, output)
        return output

    def interrupt_at(self, text, *releases, says=""):
        process = self.start(*releases)
        output = ""
        while text not in output:
            line = process.stdout.readline()
            self.assertTrue(line, f"ended early:\n{output}")
            output += line
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
        output += process.communicate(timeout=120)[0]
        self.assertEqual(process.returncode, 130, output)
        self.assertIn(says, output)
        self.assertFalse(ENVIRONMENTS.exists(), output)

    def test_interrupted_and_resumed(self):
        one, two = f"one={sys.executable}", f"two={sys.executable}"
        self.interrupt_at("building the worker", one, two)
        self.assertEqual(list(self.recordings.iterdir()), [])

        self.interrupt_at("two: configuring", one, two)
        self.assertEqual([path.name for path in self.recordings.iterdir()], ["one.jsonl"])
        first = (self.recordings / "one.jsonl").read_bytes()
        self.assertNotIn(b'"made_of"', first)  # it has paths of this machine
        self.assertIn(b'{"end":{"complete":true', first)

        self.assertTrue((PROGRAMS / "one/programs.json").exists())
        self.assertFalse(self.tells("one"))

        process = self.start(one, two)
        output = process.communicate(timeout=600)[0]
        self.assertEqual(process.returncode, 0, output)
        self.assertIn("one is recorded", output)
        self.assertNotIn("one again", output)
        self.assertIn("2 releases in", output)
        self.assertEqual((self.recordings / "one.jsonl").read_bytes(), first)
        self.assertTrue(self.tells("two"))
        self.assertFalse((PROGRAMS / "one").exists(), "they were loaded")
        self.assertTrue((PROGRAMS / "two/programs.json").exists(), "for a release to come")

        with self.subTest("programs that are gone are saved again"):
            (self.recordings / "two.jsonl").unlink()
            self.interrupt_at(
                "two: configuring", one, two, says="one again, for the programs that two"
            )
            self.assertEqual((self.recordings / "one.jsonl").read_bytes(), first)
            self.assertTrue((PROGRAMS / "one/programs.json").exists())

        with self.subTest("a record that says nothing of the release before is made anew"):
            (self.recordings / "two.jsonl").write_bytes(first)
            self.interrupt_at("two: configuring", one, two, says="one is recorded")

        with self.subTest("a record that is cut is made anew"):
            cut = first[: len(first) // 2]
            (self.recordings / "one.jsonl").write_bytes(cut)
            self.interrupt_at("one: configuring", one)
            self.assertEqual((self.recordings / "one.jsonl").read_bytes(), cut)

    def test_collections_are_recorded_in_the_same_install_and_alone(self):
        spec = f"one={sys.executable}"
        record = self.add_collection("theirs")
        needy = self.add_collection("needy", 'requires = ["optree>=0.13"]')
        output = self.finished(0, spec)
        self.assertEqual(output.count("building the worker"), 1, output)
        self.assertIn(b'{"end":{"complete":true', record.read_bytes())
        self.assertIn(b'"cell":"mine/plain/nonstrict/static/b3c5"', record.read_bytes())
        self.assertFalse(needy.exists(), "its package is not there")
        mine = (self.recordings / "one.jsonl").read_bytes()

        self.assertIn("one is recorded", self.finished(0, spec))
        with self.subTest("a collection that has no record gets one, and nothing else is done"):
            record.unlink()
            self.assertIn("torch one (", self.finished(0, spec))
            self.assertTrue(record.exists())
            self.assertEqual((self.recordings / "one.jsonl").read_bytes(), mine)
        with self.subTest("them alone"):
            (self.recordings / "one.jsonl").unlink()
            self.assertIn("one is recorded", self.finished(0, "--collections", spec))
            self.assertFalse((self.recordings / "one.jsonl").exists())
        with self.subTest("one that cannot be recorded is said to be not"):
            case = self.collections / "theirs" / "cases" / "mine" / "case.toml"
            case.write_text(case.read_text() + "\nno_such_key = 1\n")
            output = self.finished(2, "--collections", spec)
            self.assertIn("not recorded: one (collections)", output)

    def test_a_release_that_does_not_exist_costs_only_itself(self):
        missing = "gone=/no/such/python"
        process = self.start(missing)
        output = process.communicate(timeout=120)[0]
        self.assertEqual(process.returncode, 2, output)
        self.assertIn("not recorded: gone", output)
        self.assertEqual(list(self.recordings.iterdir()), [])
        self.assertFalse(ENVIRONMENTS.exists())
        self.assertFalse((PROGRAMS / "gone").exists())


if __name__ == "__main__":
    unittest.main()
