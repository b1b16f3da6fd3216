"""Comparisons of the check `run` that could not fail: they are no pass."""

import shutil
import unittest

from support import SOURCE, Scratch

CASES = SOURCE / "tests" / "unit" / "catalogue" / "cases"


class PowerlessComparisons(Scratch):
    def take(self, name, called=None, **replaced):
        """A case of the catalogue's, with words of its case.toml replaced."""
        case = self.folder / "cases" / (called or name)
        shutil.copytree(CASES / name, case)
        toml = (case / "case.toml").read_text()
        for before, after in replaced.values():
            self.assertIn(before, toml)
            toml = toml.replace(before, after)
        (case / "case.toml").write_text(toml)

    def test_they_fail_the_check_run(self):
        shutil.copy(CASES / "layered_cache.py", self.folder / "cases")
        self.take("tolerates_zeros")
        self.take("tolerates_zeros", "narrow", tolerance=("atol = 1e6", "atol = 1e-4"))
        self.take("compares_nothing")
        self.take(
            "compares_nothing",
            "compares_something",
            other_pair=("b0c11 = { batch = 0, length = 11 }", "b4c11 = { batch = 4, length = 11 }"),
            style=('dims_styles = ["static"]', 'dims_styles = ["named"]'),
            exported_at=('export_pairs = ["b0c5"]', 'export_pairs = ["b4c11"]'),
        )
        finished, cells = self.judged("run", "--no-pending", "--checks", "run")
        self.assertEqual(finished.code, 1, finished)

        def run_of(name):
            checks = next(c for c in cells if c.startswith(name + "/"))
            checks = cells[checks]["observed"]["checks"]
            found = next(check for check in checks if check["name"] == "run")
            return found["status"], found["reasons"], found["notes"]

        status, reasons, _ = run_of("tolerates_zeros")
        self.assertEqual(status, "fail")
        self.assertEqual(
            reasons,
            ["the tolerance of the case is wider than output 0: zeros would be equal to it"],
        )
        self.assertEqual(run_of("narrow")[:2], ("pass", []))
        status, reasons, _ = run_of("compares_nothing")
        self.assertEqual(status, "fail")
        self.assertEqual(reasons, ["nothing was compared: no output of any pair has an element"])
        status, reasons, notes = run_of("compares_something")
        self.assertEqual((status, reasons), ("pass", []))
        self.assertIn("pair b0c5: nothing was compared, no output has an element", notes)


if __name__ == "__main__":
    unittest.main()
