"""Records say nothing of the machine on which they were made, and mean the same without it."""

import json
import shutil
import sys
import unittest

from support import CASE_PY, EXPORTGATE, RECORD, SOURCE, Scratch

ENVIRONMENTS = EXPORTGATE.resolve().parent / "environments"
FORWARD = "    def forward(self, x, dc):\n"


def texts(value):
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


class NeutralRecords(Scratch):
    def assert_no_folder(self, record, *folders):
        """None of the folders, nor this user's and machine's, in what was observed."""
        for line in record.read_text().splitlines()[1:]:
            for text in texts(json.loads(line)):
                for folder in (SOURCE, ENVIRONMENTS, sys.prefix, sys.base_prefix + "/", *folders):
                    self.assertNotIn(str(folder), text)

    def test_record_of_the_matrix_holds_no_folder(self):
        self.assert_no_folder(RECORD)
        text = RECORD.read_text()
        for word in ("<cases>/dynamic_cache/case.py", "<environment>/torch/"):
            self.assertIn(word, text)

    def test_what_cells_are_made_of_is_there_in_another_checkout(self):
        with RECORD.open() as lines:
            made_of = json.loads(next(lines))["record"]["made_of"]
        self.assertTrue(made_of["parts"])
        for kind, name, _ in made_of["parts"]:
            if kind != "variable":
                self.assertRegex(name, r"^<(cases|worker)>(/(?!\.\.)|$)")

    def test_outcomes_are_those_of_the_paths(self):
        text = RECORD.read_text()
        raw = text
        for word, folder in (
            ("<cases>/", "/srv/ada/suite/cases/"),
            ("<environment>/", "/srv/ada/venv/lib/python3.11/site-packages/"),
            ("<python>/", "/opt/python/lib/python3.11/"),
        ):
            raw = raw.replace(word, folder)
        self.assertNotEqual(raw, text)
        (self.folder / "raw.jsonl").write_text(raw)
        outcomes = []
        for record in (RECORD, "raw.jsonl"):
            folder = self.folder / "outcomes"
            shutil.rmtree(folder, ignore_errors=True)
            judged = self.exportgate(
                "check", record, "--cases", SOURCE / "cases", "--golden", SOURCE / "golden",
                "--outcomes", folder,
            )  # fmt: skip
            self.assertEqual(judged.code, 0, judged)
            outcomes.append({path.name: path.read_bytes() for path in folder.iterdir()})
        self.assertEqual(outcomes[0], outcomes[1])

    def test_paths_in_a_message_and_in_the_output(self):
        speak = (
            "        import os, sys, exportgate_worker\n"
            "        folders = [os.path.dirname(__file__), os.path.realpath(__file__),\n"
            "            torch.__file__, os.__file__, exportgate_worker.__file__,\n"
            "            os.path.expanduser('~') + '/x', os.environ['TMPDIR'] + '/x']\n"
            "        print('\\n'.join(folders))\n"
            "        raise OSError(' '.join(folders))\n"
        )
        self.add_case("speaks", code=CASE_PY.replace(FORWARD, FORWARD + speak))
        (self.folder / "cases").rename(self.folder / "real cases")
        (self.folder / "cases").symlink_to("real cases")
        (self.folder / "temporary").mkdir()
        home = self.folder / "home"
        home.mkdir()
        finished = self.exportgate(
            "run", "--cases", "./cases", TMPDIR=str(self.folder / "temporary"), HOME=str(home)
        )
        self.assertEqual(finished.code, 2, finished)  # an error of the case
        record = self.folder / ".exportgate" / "last.jsonl"
        self.assert_no_folder(record, self.folder)
        observed = json.loads(record.read_text().splitlines()[1])
        expected = [
            "<cases>/speaks",
            "<cases>/speaks/case.py",
            "<environment>/torch/__init__.py",
            "<python>/os.py",
            "<worker>/exportgate_worker/__init__.py",
            "<home>/x",
            "<temporary>/x",
        ]
        self.assertEqual(observed["output"].splitlines(), expected)
        self.assertEqual(observed["rejected"]["message"], " ".join(expected))

    def test_a_worker_that_does_not_say_where_its_folders_are(self):
        self.add_case("good")
        worker = self.folder / "worker"
        hello = {
            "protocol": 3,
            "pid": 1,
            "environment": {
                "torch": "2.13.0",
                "torch_build": "2.13.0",
                "python": "3.11.2",
                "platform": "linux-x86_64",
                "cxx11_abi": 1,
                "packages": {},
            },
            "checks": {"run": 1},
        }
        line = json.dumps({"hello": hello}) + "\n"
        worker.write_text(
            "#!/usr/bin/env python3\nimport os, sys\n"
            f"os.write(int(sys.argv[2]), {line.encode()!r})\nsys.stdin.read()\n"
        )
        worker.chmod(0o755)
        finished = self.exportgate("run", "--worker", worker)
        self.assert_says(
            finished, 2, "older workers", "build the worker again: `exportgate env update NAME`"
        )
        self.assertFalse((self.folder / ".exportgate").exists())

    def test_note_of_several_lines(self):
        self.add_case("good")
        finished = self.exportgate("run", "--note", "two\nlines")
        self.assert_says(finished, 2, "the note has a newline", "one line of plain text")
        self.assertFalse((self.folder / ".exportgate").exists())


if __name__ == "__main__":
    unittest.main()
