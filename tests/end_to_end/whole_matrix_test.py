"""The whole matrix, observed under other conditions: the outcomes are the same bytes."""

import shutil
import unittest
from pathlib import Path

from support import CELLS, RECORD, SOURCE, Scratch

RECORDING = SOURCE / "tests" / "recordings" / "2.13.0.jsonl"


def bytes_below(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


class WholeMatrix(Scratch):
    def setUp(self):
        super().setUp()
        shutil.rmtree(self.folder / "cases")
        shutil.copytree(SOURCE / "cases", self.folder / "cases")
        shutil.copytree(SOURCE / "golden", self.folder / "golden")

    def outcomes(self, *arguments, **variables):
        folder = self.folder / "outcomes"
        shutil.rmtree(folder, ignore_errors=True)
        finished = self.exportgate(*arguments, "--outcomes", folder, timeout=600, **variables)
        self.assertEqual(finished.code, 0, finished)
        return bytes_below(folder)

    def test_outcomes_do_not_depend_on_how_they_are_observed(self):
        # RECORD was made in reversed order, the recording in order, with another hash seed.
        expected = self.outcomes("check", RECORDING)
        self.assertEqual(expected[Path("outcomes.tsv")].count(b"\n"), 1 + CELLS)
        self.assertEqual(self.outcomes("check", RECORD), expected)

    def test_nor_on_whether_anything_runs_beside_them(self):
        some = "layers_2/*"
        expected = self.outcomes("check", RECORD, "--only", some)
        one_at_a_time = self.outcomes("run", some, "--jobs", "1", PYTHONHASHSEED="2")
        self.assertEqual(one_at_a_time, expected)
        self.assertGreater(expected[Path("outcomes.tsv")].count(b"\n"), 4)


if __name__ == "__main__":
    unittest.main()
