"""Errors of one's own case: no verdict about torch, and never accepted by mistake."""

import unittest
from xml.etree import ElementTree

from support import CASE_PY, CASE_TOML, Scratch

CELL = "mine/plain/nonstrict/static/b3c5"
UNKNOWN_LEAF = CASE_PY.replace('leaves["x"]', 'leaves["q"]', 1)
BROKEN_IMPORT = CASE_PY + "\nimport no_such_module\n"


def expecting(stage):
    return f'expected_stage = "{stage}"\n{CASE_TOML}'


class CaseErrors(Scratch):
    def change(self, code=None, toml=None):
        case = self.folder / "cases" / "mine"
        if code is not None:
            (case / "case.py").write_text(code)
        if toml is not None:
            (case / "case.toml").write_text(toml)

    def setUp(self):
        super().setUp()
        self.assertNotEqual(UNKNOWN_LEAF, CASE_PY)
        self.add_case("mine", code=UNKNOWN_LEAF)

    def test_it_is_said_with_its_line_and_cannot_be_accepted(self):
        finished, cells = self.judged("run", "--junit", "report.xml")
        line = 1 + UNKNOWN_LEAF[: UNKNOWN_LEAF.index('leaves["q"]')].count("\n")
        self.assert_says(
            finished,
            2,
            f"CASE ERROR  {CELL}",
            "fails before export: construct: KeyError: \"no leaf 'q': case.toml declares x, dc.",
            f"(mine/case.py:{line})",
            'a case that is about this error says expected_stage = "construct"',
            "1 cell on torch",
            "case error. COULD NOT BE JUDGED",
        )
        self.assertNotIn("exportgate accept", finished.out)
        self.assertEqual(cells[CELL]["verdict"], "case error")
        suites = ElementTree.parse(self.folder / "report.xml").getroot()
        self.assertEqual((suites.get("failures"), suites.get("errors")), ("0", "1"))
        self.assert_says(self.exportgate("accept", "--why", "fine"), 2, "nothing is pending")
        refused = self.exportgate(
            "accept", "--record", ".exportgate/last.jsonl", "--why", "fine by me"
        )
        self.assert_says(refused, 2, "case.py", f"{CELL} fails before export", "construct")
        self.assertFalse((self.folder / "golden" / "mine").exists())

    def test_a_case_that_is_about_it_says_so(self):
        self.change(toml=expecting("construct"))
        self.assert_says(self.exportgate("run"), 1, "NEW")
        self.assert_says(self.exportgate("accept", "--why", "torch refuses it"), 0)
        self.assert_says(self.exportgate("run"), 0, "as expected. PASSED")
        # The golden alone is not green: the record is judged by what the case says now.
        self.change(toml=CASE_TOML)
        self.assert_says(self.exportgate("check", ".exportgate/last.jsonl"), 2, "CASE ERROR")
        self.change(toml=expecting("register"))
        self.assert_says(self.exportgate("check", ".exportgate/last.jsonl"), 2, "CASE ERROR")
        # Nor is an error in another stage than the expected one.
        self.change(code=BROKEN_IMPORT, toml=expecting("construct"))
        self.assert_says(self.exportgate("run"), 2, "import: ModuleNotFoundError")

    def test_what_was_pending_is_gone_once_the_case_is_broken(self):
        self.change(code=CASE_PY)
        self.assert_says(self.exportgate("run"), 1, "NEW")
        self.change(code=BROKEN_IMPORT)
        self.assert_says(self.exportgate("run"), 2, "CASE ERROR")
        self.assert_says(self.exportgate("accept", "--why", "fine"), 2, "nothing is pending")


if __name__ == "__main__":
    unittest.main()
