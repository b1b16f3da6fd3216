"""What `accept` refuses: outcomes of another case, where nobody has read them, by halves."""

import json
import shutil
import unittest

from support import CASE_PY, Scratch

WHY = ("--why", "for this test")
PENDING = ()
RECORD = ("--record", ".exportgate/last.jsonl")


class AcceptRefusals(Scratch):
    def setUp(self):
        super().setUp()
        self.add_case("mine")

    def goldens(self):
        """Without what is pending."""
        golden = self.folder / "golden"
        return sorted(str(file.relative_to(golden)) for file in golden.glob("*/*.tsv"))

    def test_a_case_that_was_edited_since_the_run(self):
        """What the run left pending and what its record holds are refused by one rule."""
        self.assert_says(self.exportgate("run"), 1, "NEW")
        case = self.folder / "cases" / "mine" / "case.py"
        case.write_text(CASE_PY + "\n# edited\n")
        for source in (PENDING, RECORD):
            for arguments in (("--review",), WHY):
                refused = self.exportgate("accept", *source, *arguments)
                self.assert_says(
                    refused, 2, "case mine was edited since its outcomes were observed", "mine/*"
                )
        self.assertEqual(self.goldens(), [])
        case.write_text(CASE_PY)
        for source in (RECORD, PENDING):
            self.assert_says(self.exportgate("accept", *source, *WHY), 0, "1 cell accepted")
            shutil.rmtree(self.folder / "golden")
            self.assert_says(self.exportgate("run"), 1, "NEW")

    def test_a_file_that_the_case_used_counts_and_a_waiver_does_not(self):
        helper = self.folder / "cases" / "helper.py"
        data = self.folder / "data.txt"
        case = self.folder / "cases" / "mine" / "case.py"
        case.write_text(f"{CASE_PY}\nimport helper\n\nDATA = open({str(data)!r}).read()\n")
        helper.write_text("VALUE = 1\n")
        data.write_text("one\n")
        self.assert_says(self.exportgate("run"), 1, "NEW")
        for file, name in ((helper, "<cases>/helper.py"), (data, "<cases>/../data.txt")):
            before = file.read_text()
            file.write_text("VALUE = 2\n")
            for source in (PENDING, RECORD):
                refused = self.exportgate("accept", *source, *WHY)
                self.assert_says(refused, 2, f"case mine used {name}, which was edited since")
            file.write_text(before)
        toml = self.folder / "cases" / "mine" / "case.toml"
        toml.write_text('expected_stage = "register"\n' + toml.read_text())
        self.assert_says(self.exportgate("accept", *WHY), 0, "1 cell accepted")

    def test_a_record_that_says_nothing_of_its_files_is_accepted_with_a_note(self):
        self.assert_says(self.exportgate("run"), 1, "NEW")
        record = self.folder / RECORD[1]
        header, *lines = map(json.loads, record.read_text().splitlines())
        del header["record"]["made_of"]
        for line in lines:
            line.pop("made_of", None)
        record.write_text("".join(json.dumps(line) + "\n" for line in (header, *lines)))
        accepted = self.exportgate("accept", *RECORD, *WHY)
        self.assert_says(
            accepted, 0, "1 cell accepted", "nobody knows whether a case was edited since"
        )

    def test_another_seed_of_the_case_is_said(self):
        toml = self.folder / "cases" / "mine" / "case.toml"
        self.assert_says(self.exportgate("run"), 1, "NEW")
        accepted = self.exportgate("accept", *WHY)
        self.assert_says(accepted, 0, "1 cell accepted")
        toml.write_text("seed = 7\n" + toml.read_text())
        said = "case mine has seed 7, and its goldens were accepted with seed 0"
        self.assert_says(self.exportgate("run"), 0, said, "PASSED")
        self.assert_says(self.exportgate("check", RECORD[1]), 0, said)
        self.assert_says(self.exportgate("accept", *RECORD, *WHY), 0, "mine: nothing to accept")
        table = (self.folder / "golden" / "mine" / "expected.tsv").read_text()
        self.assertRegex(table, r"\n# recorded: (\S+), seeds: \1=7\n")
        self.assertNotIn("has seed", self.exportgate("run").out)

    def test_where_ci_is_set(self):
        self.assert_says(self.exportgate("run", "--record", "mine.jsonl"), 1, "NEW")
        refused = self.exportgate("accept", *WHY, CI="true")
        self.assert_says(refused, 2, "CI is set", "on a machine of yours")
        refused = self.exportgate("accept", "--record", "mine.jsonl", *WHY, CI="true")
        self.assert_says(refused, 2, "CI is set")
        self.assertEqual(self.goldens(), [])
        self.assert_says(self.exportgate("accept", "--review", CI="true"), 0, "1 cell")
        under_ci = self.exportgate("run", "--record", "mine.jsonl", CI="true")
        self.assert_says(under_ci, 1, "Nothing is left pending where CI is set")
        self.assertNotIn("exportgate accept", under_ci.out)

    def test_stopped_half_way_it_says_what_is_done(self):
        self.add_case("second")
        ran = self.exportgate("run", "--record", "both.jsonl", "--no-pending")
        self.assert_says(ran, 1, "exportgate accept --record FILE")
        golden = self.folder / "golden"
        golden.mkdir(exist_ok=True)
        (golden / "second").symlink_to("/nonexistent/folder")
        arguments = ("accept", "--record", "both.jsonl", *WHY)
        self.assert_says(
            self.exportgate(*arguments), 2, "stopped half-way: mine is accepted, not second"
        )
        self.assertEqual(self.goldens(), ["mine/expected.tsv"])
        (golden / "second").unlink()
        self.assert_says(self.exportgate(*arguments), 0, "second: 1 cell accepted")
        self.assertEqual(self.goldens(), ["mine/expected.tsv", "second/expected.tsv"])
        self.assert_says(self.exportgate("check", "both.jsonl"), 0, "PASSED")

    def test_a_review_accepts_nothing_and_takes_no_reason(self):
        for option in (WHY, ("--group", "0123abcd"), ("--when", "python>=3.9")):
            refused = self.exportgate("accept", "--review", *option)
            self.assert_says(refused, 2, f"{option[0]} is for accepting")

    def test_part_of_the_checks_or_another_seed_is_nothing_to_accept(self):
        for option, says in (
            (("--checks", "run"), "it left checks out"),
            (("--seed", "5"), "goldens hold what seed 0 gives, and this is seed 5"),
        ):
            ran = self.exportgate("run", *option, "--record", "part.jsonl")
            self.assert_says(ran, 1, says)
            self.assertNotIn("exportgate accept", ran.out)
            self.assertFalse((self.folder / "golden" / "mine" / ".pending").exists())
            if option[0] == "--checks":
                refused = self.exportgate("accept", "--record", "part.jsonl", *WHY)
                self.assert_says(refused, 2, "made with --checks, which left bounds, constants, ")
        checked = self.exportgate("check", "part.jsonl")
        self.assert_says(checked, 1, "note: observed with --seed 5; goldens hold what seed 0 gives")
        refused = self.exportgate("accept", "--record", "part.jsonl", *WHY)
        self.assert_says(refused, 2, "made with --seed 5")
        self.assertEqual(self.goldens(), [])


if __name__ == "__main__":
    unittest.main()
