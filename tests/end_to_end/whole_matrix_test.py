"""The whole matrix, run again under other conditions: the outcomes are the same bytes."""

import shutil
import unittest
from pathlib import Path

from support import CELLS, RECORD, SOURCE, Scratch


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
        # The record was made in order, with a job per processor and a random hash seed.
        expected = self.outcomes("check", RECORD)
        self.assertEqual(expected[Path("outcomes.tsv")].count(b"\n"), 1 + CELLS)
        reversed_order = self.outcomes(
            "run", "--jobs", "8", "--order", "reversed", PYTHONHASHSEED="1"
        )
        self.assertEqual(reversed_order, expected)

    def test_nor_on_whether_anything_runs_beside_them(self):
        some = "layers_2/*"
        expected = self.outcomes("check", RECORD, "--only", some)
        one_at_a_time = self.outcomes("run", some, "--jobs", "1", PYTHONHASHSEED="2")
        self.assertEqual(one_at_a_time, expected)
        self.assertGreater(expected[Path("outcomes.tsv")].count(b"\n"), 4)


if __name__ == "__main__":
    unittest.main()
