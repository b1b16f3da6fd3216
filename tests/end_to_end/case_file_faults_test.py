"""Mistakes in case.toml: named with file, line and a suggestion, and nothing runs."""

import json
import shutil
import unittest

from support import CASE_TOML, Prepared, Scratch


class CaseFileFaults(Scratch):
    def assert_refused(self, toml, *texts):
        self.add_case("mine", toml=toml)
        finished = self.exportgate("run")
        self.assert_says(finished, 2, "cases/mine/case.toml:", *texts)
        self.assertFalse((self.folder / ".exportgate").exists(), "something ran")
        self.assertFalse((self.folder / "golden").exists())

    def line_of(self, toml, text):
        return f"case.toml:{toml[: toml.index(text)].count(chr(10)) + 1}:"

    def test_unknown_key(self):
        toml = CASE_TOML.replace("dims_styles =", "dim_styles =")
        self.assert_refused(toml, self.line_of(toml, "dim_styles"), '"dim_styles"', "dims_styles")

    def test_misspelt_dim(self):
        toml = CASE_TOML.replace('x = ["batch"', 'x = ["bacth"')
        self.assert_refused(toml, self.line_of(toml, "bacth"), '"bacth"', 'did you mean "batch"')

    def test_missing_pair_value(self):
        toml = CASE_TOML.replace("{ batch = 3, clength = 5 }", "{ batch = 3 }")
        self.assert_refused(toml, self.line_of(toml, "{ batch = 3 }"), "b3c5", "clength")

    def test_unknown_kind(self):
        toml = CASE_TOML.replace('kinds = ["plain"]', 'kinds = ["plian"]')
        self.assert_refused(toml, self.line_of(toml, "plian"), '"plian"', "plain")

    def test_not_toml(self):
        toml = CASE_TOML.replace("[dims]", "[dims")
        self.assert_refused(toml, "case.toml:")

    def test_all_mistakes_are_reported_at_once(self):
        toml = CASE_TOML.replace('x = ["batch"', 'x = ["bacth"').replace("plain", "plian")
        self.assert_refused(toml, "bacth", "plian")

    def test_duplicate_case(self):
        self.add_case("mine")
        (self.folder / "cases" / "again").symlink_to("mine")
        finished = self.exportgate("run")
        self.assert_says(finished, 2, "again", "mine")
        self.assertFalse((self.folder / ".exportgate").exists(), "something ran")

    def test_no_case_at_all(self):
        self.assert_says(self.exportgate("run"), 2, "cases")

    def test_missing_folder(self):
        self.assert_says(self.exportgate("run", "--cases", "nowhere"), 2, "nowhere")

    def test_a_broken_case_stops_only_patterns_that_can_name_it(self):
        """Without any torch: what `list` does, `run` does too."""
        self.add_case("good")
        toml = CASE_TOML.replace('x = ["batch"', 'x = ["bacth"')
        self.add_case("mine", toml=toml)
        with self.subTest("another one is named"):
            listed = self.exportgate("list", "good/*")
            self.assertEqual(listed.out, "good/plain/nonstrict/static/b3c5\n", listed)
            self.assert_says(listed, 0, "the case mine is left out", self.line_of(toml, "bacth"))
        for patterns in ((), ("mine/*",), ("good/*", "mine/plain/*"), ("*/plain/*",), ("[lm]*",)):
            with self.subTest(patterns=patterns):
                refused = self.exportgate("list", *patterns)
                self.assert_says(refused, 2, self.line_of(toml, "bacth"), 'did you mean "batch"')
                self.assertEqual(refused.out, "")
        with self.subTest("a name that is misspelt"):
            self.assert_says(self.exportgate("list", "god/*"), 2, 'did you mean "good/*"')


GOOD = "good/plain/nonstrict/static/b3c5"


class BesideABrokenCase(Prepared):
    """Goldens of two cases were accepted. Then the file of one of them was broken."""

    def prepare(self):
        for name in ("good", "mine"):
            self.add_case(name)
        self.run_and_accept()
        toml = self.folder / "cases" / "mine" / "case.toml"
        toml.write_text(toml.read_text().replace('x = ["batch"', 'x = ["bacth"'))

    def test_the_other_is_judged(self):
        """Its golden is no orphan, and what the record holds of the broken one is no mistake."""
        record = ".exportgate/last.jsonl"
        self.assert_says(self.exportgate("check", record), 2, "bacth")
        checked = self.exportgate("check", record, "--only", "good/*")
        self.assert_says(checked, 0, "the case mine is left out", "1 cell on torch")
        for command in ("show", "explain"):
            shown = self.exportgate(command, "good/plain/nonstrict/static/b3c5")
            self.assert_says(shown, 0, "the case mine is left out")
        accepted = self.exportgate("accept", "good/*", "--why", "x", "--record", record)
        self.assert_says(accepted, 0, "good: nothing to accept")
        self.assertIn("mine", {path.parts[0] for path in self.golden_files()})

    def test_the_other_is_run(self):
        finished = self.exportgate("run", "good/*")
        self.assert_says(finished, 0, "the case mine is left out", "1 cell on torch")
        self.assert_says(self.exportgate("run"), 2, "bacth")

    def test_where_it_was_asked_for_the_other_is_compared_all_the_same(self):
        """And nothing is green: the exit code says that something was not judged."""
        record = ".exportgate/last.jsonl"
        toml = (self.folder / "cases" / "mine" / "case.toml").read_text()
        line = f"case.toml:{1 + toml[: toml.index('bacth')].count(chr(10))}: "
        says = ("the case mine is left out", line, 'did you mean "batch"')
        with self.subTest("upgrade"):
            upgrade = ("upgrade", record, record, "--json", "u.json", "--junit", "u.xml")
            self.assert_says(
                self.exportgate(*upgrade), 2, *says, "1 cell: same", "cannot be judged: "
            )
            report = json.loads((self.folder / "u.json").read_text())
            self.assertEqual([cell["name"] for cell in report["cells"]], [GOOD])
            self.assertIn("the case mine is left out", report["problems"][0]["what"])
            both = self.exportgate(*upgrade, "--only", "good/*", "--only", "mine/*")
            self.assert_says(both, 2, *says, "1 cell: same")
            alone = self.exportgate(*upgrade, "--only", "mine/*")
            self.assert_says(alone, 2, line)
            self.assertEqual(alone.out, "")
            misspelt = self.exportgate(*upgrade, "--only", "god/*", "--only", "mine/*")
            self.assert_says(misspelt, 2, 'no cell matches "god/*"')
            only = self.exportgate(*upgrade, "--only", "good/*")
            self.assert_says(only, 0, "the case mine is left out", "GO")
            accepted = self.exportgate("upgrade", record, record, "--accept", "--why", "x")
            self.assert_says(accepted, 2, "nothing was accepted")
        with self.subTest("matrix"):
            table = self.exportgate("matrix", record, "--markdown", "page.md")
            self.assert_says(table, 2, *says, "good", "page.md: not written")
            self.assertFalse((self.folder / "page.md").exists())
            only = self.exportgate("matrix", record, "--markdown", "page.md", "--only", "good/*")
            self.assert_says(only, 0, "the case mine is left out")
            self.assertIn("good", (self.folder / "page.md").read_text())
        with self.subTest("report"):
            page = ("report", record, "-o", "page", "--no-charts")
            self.assert_says(self.exportgate(*page), 2, *says)
            text = (self.folder / "page" / "report.md").read_text()
            self.assertIn("the case mine is left out", text)
            self.assertIn("good", text)
            self.assert_says(self.exportgate(*page, "--only", "good/*"), 0)

    def test_where_no_other_is_there_nothing_is_compared(self):
        shutil.rmtree(self.folder / "cases" / "good")
        record = ".exportgate/last.jsonl"
        for command in (("upgrade", record, record), ("matrix", record)):
            refused = self.exportgate(*command)
            self.assert_says(refused, 2, "case.toml:", "bacth")
            self.assertEqual(refused.out, "")

    def test_the_other_is_timed(self):
        for name in ("good", "mine"):
            toml = self.folder / "cases" / name / "case.toml"
            toml.write_text(toml.read_text() + "\n[bench]\nlayers = [1]\n")
        quick = "--benchmark_min_time=0.001"
        timed = self.exportgate("bench", "good/floor/*", "mine/floor/*", quick)
        self.assert_says(timed, 2, "the case mine is left out", "bacth", "good\n")
        timed = self.exportgate("bench", quick, "--benchmark_filter=floor")
        self.assert_says(timed, 2, "the case mine is left out", "good\n")
        only = self.exportgate("bench", "good", quick, "--benchmark_filter=floor")
        self.assert_says(only, 0, "the case mine is left out", "good\n")


if __name__ == "__main__":
    unittest.main()
