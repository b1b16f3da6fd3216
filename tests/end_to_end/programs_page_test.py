"""ci/programs-page: what other releases make of saved programs; and is the page current?"""

import json
import re
import shutil
import subprocess
import sys
import unittest

from support import SOURCE, Scratch

RECORDINGS = SOURCE / "tests" / "recordings"
MOVE = "2.7.1-in-2.6.0.tsv"


class ProgramsPage(Scratch):
    def make(self, *arguments):
        return subprocess.run(
            [sys.executable, "-B", SOURCE / "ci" / "programs-page", *arguments],
            capture_output=True,
            text=True,
        )

    def recordings(self, edited):
        """Those of the checkout, and the rows of MOVE as `edited` returns them."""
        folder = self.folder / "recordings"
        folder.mkdir()
        for record in RECORDINGS.glob("*.jsonl"):
            (folder / record.name).symlink_to(record)
        shutil.copytree(RECORDINGS / "loaded", folder / "loaded")
        move = folder / "loaded" / MOVE
        head, *rows = move.read_text().splitlines()
        rows = edited([row.split("\t") for row in rows])
        move.write_text("\n".join([head, *("\t".join(row) for row in rows)]) + "\n")
        return folder

    def test_the_page_of_the_docs_is_current(self):
        made = self.make()
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual((SOURCE / "docs" / "programs.md").read_text(), made.stdout)

    def test_a_program_that_does_otherwise_elsewhere_is_named(self):
        reasons = {
            "compute something else": "pair b3c5: output[0]: differs from eager",
            "do not load": "load raises RuntimeError: no",
            "raise when they are called": "pair b3c5: raises NameError: no",
            "refuse inputs that they should take": "pair b3c5: refused: AssertionError: no",
        }
        planted = {}

        def plant(rows):
            for row in rows:
                row[1:] = "pass", "[]"
            for row, reason in zip(rows, reasons.values(), strict=False):
                row[1:] = "fail", json.dumps([reason])
                planted[reason.removeprefix("pair b3c5: ")] = row[0]
            return rows

        made = self.make(self.recordings(plant))
        self.assertEqual(made.returncode, 0, made.stderr)
        (summary,) = re.findall(r"\| 2.7.1 \| 2.6.0 \| (\d+: .*) \|\n", made.stdout)
        for what in reasons:
            self.assertIn(f"1 {what}", summary)
        for reason, cell in planted.items():
            self.assertIn(f"| 2.7.1 | 2.6.0 | `{reason}` | `{cell}` (1 of ", made.stdout)

    def test_what_is_not_recorded_or_has_no_reason_makes_no_page(self):
        folder = self.recordings(lambda rows: [[rows[0][0], "fail", "[]"], *rows[1:]])
        made = self.make(folder)
        self.assertEqual((made.returncode, made.stdout), (1, ""))
        self.assertIn("with status fail and no reason", made.stderr)
        (folder / "loaded" / MOVE).unlink()
        made = self.make(folder)
        self.assertEqual((made.returncode, made.stdout), (1, ""))
        self.assertIn("not recorded: 2.7.1 in 2.6.0", made.stderr)


if __name__ == "__main__":
    unittest.main()
