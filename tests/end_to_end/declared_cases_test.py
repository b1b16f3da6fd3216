"""What case.toml can say besides shapes, on real torch: the cases of tests/declared_cases.

Strict mode is tried in one style, and nonstrict in two: what is declared comes before what differs
between the modes and the styles. `ci/test --all` tries all.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

from support import EXPORTGATE, SOURCE

CASES = SOURCE / "tests" / "declared_cases"
EVERY_CELL = "EXPORTGATE_TEST_ALL" in os.environ
# Unusual, and right in all that is looked at.
RIGHT = {
    "draws_in_order",
    "float64_of_float32",
    "noise_around_zero",
    "properties_of_a_cache",
    "string_and_flag",
}


def cells_of(case):
    """Globs of those that are run. Each style has its share of the cases."""
    if EVERY_CELL:
        return [f"{case}/*"]
    style = ("auto", "dynamic", "static")[zlib.crc32(case.encode()) % 3]
    declared = (CASES / case / "case.toml").read_text()
    there = re.search(rf'^dims_styles = .*"{style}"', declared, re.MULTILINE)
    styles = ("named", style) if there else ("named",)
    return [f"{case}/*/strict/named/*", *(f"{case}/*/nonstrict/{one}/*" for one in styles)]


def copied(case, cases, name):
    """A case under another name, with the modules that lie beside it."""
    shutil.copytree(case, cases / name)
    for shared in case.parent.glob("*.py"):
        shutil.copy(shared, cases)
    return cases / name


def observed(folder, cases, *patterns, checks="dims,run"):
    """Cell -> what was observed of it."""
    report = folder / "report.json"
    run = [EXPORTGATE, "run", "--no-pending", "--cases", cases, "--golden", folder / "golden"]
    run += ["--environments", EXPORTGATE.parent / "environments", "--json", report, *patterns]
    run += ["--checks", checks]
    finished = subprocess.run(
        [*map(str, run)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if not report.exists():
        raise AssertionError(finished.stdout + finished.stderr)
    return {cell["name"]: cell["observed"] for cell in json.loads(report.read_text())["cells"]}


class DeclaredCases(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="exportgate-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def checks(self, cell):
        return {check["name"]: check for check in cell["checks"]}

    def test_what_is_declared_is_what_torch_makes(self):
        names = {path.parent.name for path in CASES.glob("*/case.toml")} - RIGHT
        cells = observed(
            self.folder,
            CASES,
            *(cell for name in names for cell in cells_of(name)),
        )
        self.assertEqual({name.split("/")[0] for name in cells}, names)
        for name, cell in cells.items():
            self.assertEqual(cell["status"], "exported", (name, cell))
            for check in ("dims", "run"):
                self.assertEqual(self.checks(cell)[check]["status"], "pass", (name, cell))

    def test_what_is_unusual_and_right_passes(self):
        checks = "dims,run,traits,pytree,decompose"
        cells = observed(self.folder, CASES, *(f"{name}/*" for name in RIGHT), checks=checks)
        self.assertEqual({name.split("/")[0] for name in cells}, RIGHT)
        for name, cell in cells.items():
            statuses = {check["status"] for check in cell["checks"]}
            self.assertEqual(statuses, {"pass"}, (name, cell))

    def test_a_dynamic_number_that_is_a_constant_fails(self):
        cases = self.folder / "cases"
        code = copied(CASES / "int_position_dynamic", cases, "baked_number") / "case.py"
        code.write_text(
            code.read_text()
            + "\n\ndef dynamic_shapes(asked, dims, style):\n"
            + '    return asked | {"position": None}\n'
        )
        cells = observed(self.folder, cases, "*/nonstrict/named/*")
        reasons = [r for cell in cells.values() for r in self.checks(cell)["dims"]["reasons"]]
        self.assertEqual(reasons, ["position: asked dynamic length, got a constant"])

    def test_what_is_said_to_need_no_gradients_is_not_asked_for_them(self):
        planted, cases = SOURCE / "tests" / "cases", self.folder / "cases"
        for name in ("asks_for_the_grad_mode", "exports_without_a_gradient"):
            declared = copied(planted / name, cases, name) / "case.toml"
            declared.write_text('rounds = { grad = "for inference" }\n' + declared.read_text())
        cells = observed(self.folder, cases, "*/plain/nonstrict/*", checks="traits")
        self.assertEqual(len(cells), 2)
        for name, cell in cells.items():
            traits = self.checks(cell)["traits"]
            self.assertEqual(traits["status"], "pass", (name, cell))
            self.assertEqual(traits["notes"], ["grad: not tried: for inference"], (name, cell))

    def test_an_option_that_the_release_lacks_leaves_the_cell_unobserved(self):
        cases = self.folder / "cases"
        declared = copied(CASES / "deferred_assertions", cases, "other_option") / "case.toml"
        declared.write_text(
            re.sub(
                "prefer_[a-z_]*", "allow_complex_guards_as_runtime_asserts", declared.read_text()
            )
        )
        finished = subprocess.run(
            [str(EXPORTGATE), "run", "--no-pending", "--cases", str(cases)]
            + ["--golden", str(self.folder / "golden"), "*/nonstrict/static/*"]
            + ["--environments", str(EXPORTGATE.parent / "environments")],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        self.assertEqual(finished.returncode, 2, finished.stdout)
        self.assertIn("has no option allow_complex_guards_as_runtime_asserts", finished.stdout)


if __name__ == "__main__":
    unittest.main()
