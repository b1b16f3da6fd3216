"""What the catalogue says under `fix` mends the case that met the reason: every check passes.

The rows are in tests/remedies. Those without `always` are run by `ci/test --all`.
"""

import dataclasses
import fnmatch
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import remedies
from support import EXPORTGATE, JOBS, SOURCE

OPTREE = SOURCE / "build" / "optree"  # where ci/test installs it
EVERY_ROW = "EXPORTGATE_TEST_ALL" in os.environ


def observed(rows, **environment):
    """Cell -> what was observed of it, of the changed cases of all rows."""
    folder = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
    cases, report = folder / "cases", folder / "report.json"
    cases.mkdir()
    for row in rows:
        remedies.write(row, cases)
    run = [EXPORTGATE, "run", "--no-pending", "--cases", cases, "--golden", folder / "golden"]
    run += ["--environments", EXPORTGATE.parent / "environments", "--json", report]
    run += ["--jobs", JOBS]
    run += ["--record", folder / "record.jsonl", *(row.pattern for row in rows)]
    finished = subprocess.run(
        [*map(str, run)],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    try:
        if not report.exists():
            raise AssertionError(finished.stdout + finished.stderr)
        return {one["name"]: one["observed"] for one in json.loads(report.read_text())["cells"]}
    finally:
        shutil.rmtree(folder)


def failures(cell):
    """What is not as it should be: "check: reason" of each failing check, or the whole outcome."""
    if cell.get("status") != "exported":
        return [json.dumps(cell)]
    failed = [check for check in cell["checks"] if check["status"] not in ("pass", "n/a")]
    return [
        f"{check['name']}: {reason}" for check in failed for reason in check["reasons"] or ["?"]
    ]


class Remedies(unittest.TestCase):
    def assert_mended(self, rows, **environment):
        self.assertTrue(rows)
        first = next(row for row in rows if not row.left and not row.module)
        unmended = dataclasses.replace(first, case_py=[], case_toml=[], run="", name="unmended")
        cells = observed([*rows, unmended], **environment)
        seen = [cells.pop(name) for name in list(cells) if fnmatch.fnmatch(name, unmended.pattern)]
        self.assertEqual([bool(failures(cell)) for cell in seen], [True], "it has no defect")
        for row in rows:
            mended = {
                name: cell for name, cell in cells.items() if fnmatch.fnmatch(name, row.pattern)
            }
            with self.subTest(entry=row.entry, how=row.how):
                self.assertTrue(mended, f"no cell is {row.pattern}")
                for name, cell in mended.items():
                    met = failures(cell)
                    left = [one for one in met if any(fnmatch.fnmatch(one, g) for g in row.left)]
                    self.assertEqual([one for one in met if one not in left], [], name)
                    unseen = [g for g in row.left if not fnmatch.filter(met, g)]
                    self.assertEqual(unseen, [], "is not left: take it out of the row")

    def test_each_remedy_mends_the_case_that_met_the_reason(self):
        rows = [row for row in remedies.read() if EVERY_ROW or row.always]
        self.assert_mended([row for row in rows if not row.needs])

    def test_a_change_is_to_be_found_once(self):
        for text in ("a", "b b"):
            with self.assertRaisesRegex(AssertionError, "times, not once"):
                remedies.changed(text, [["b", "c"]], "here")

    def test_every_row_changes_its_case(self):
        for row in remedies.read():
            with self.subTest(entry=row.entry, how=row.how), tempfile.TemporaryDirectory() as cases:
                remedies.write(row, Path(cases))
                told = row.case_py or row.case_toml or row.run or row.module
                self.assertTrue(told, "nothing is changed, and other cells are not run")

    @unittest.skipUnless(EVERY_ROW, "ci/test --all")
    def test_remedies_where_optree_is_importable(self):
        rows = [row for row in remedies.read() if row.needs == "optree"]
        path = os.pathsep.join(filter(None, [str(OPTREE), os.environ.get("PYTHONPATH", "")]))
        self.assertTrue(OPTREE.is_dir(), f"{OPTREE} is missing: ci/test installs it")
        self.assert_mended(rows, PYTHONPATH=path)


if __name__ == "__main__":
    unittest.main()
