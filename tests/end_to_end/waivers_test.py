"""Waivers: a known difference is shown as waived, never as green, and no longer than it said."""

import datetime
import json
import shutil
import unittest

from support import CELLS, SOURCE, Scratch, record_lines

WAIVER = """
[[waivers]]
cells = "{cells}"
torch = "{torch}"
differs = {differs}
reason = "a known difference"
url = "https://example.org/issues/7"
expires = {expires}
"""
LAST_DAY, NEXT_DAY = "2027-03-01", "2027-03-02"


class Waivers(Scratch):
    """The project's cases, their outcomes accepted, then two cells that the record sees fail."""

    def setUp(self):
        super().setUp()
        shutil.copytree(SOURCE / "cases", self.folder / "cases", dirs_exist_ok=True)
        (self.folder / "good.jsonl").write_text("\n".join(record_lines()) + "\n")
        accepted = self.exportgate("accept", "--record", "good.jsonl", "--why", "for this test")
        self.assertEqual(accepted.code, 0, accepted)
        lines = []
        for line in record_lines():
            entry = json.loads(line)
            if entry.get("cell", "").startswith("dynamic_cache/plain/strict/named/"):
                entry["rejected"] = {"stage": "export", "exception": "ValueError", "message": "no"}
                del entry["exported"]
            lines.append(json.dumps(entry))
        (self.folder / "bad.jsonl").write_text("\n".join(lines) + "\n")
        self.toml = self.folder / "cases/dynamic_cache/case.toml"
        self.declared = self.toml.read_text()

    def waive(
        self,
        cells="plain/strict/named/*",
        torch=">=2.6",
        expires=LAST_DAY,
        differs='["rejected in export"]',
    ):
        waiver = WAIVER.format(cells=cells, torch=torch, expires=expires, differs=differs)
        self.toml.write_text(self.declared + waiver)
        return f'case.toml:{self.declared.count(chr(10)) + 2}: the waiver of "{cells}" '

    def check(self, record, *arguments, today=LAST_DAY):
        return self.exportgate("check", record, "--today", today, *arguments)

    def test_a_planted_difference_is_waived_and_not_green(self):
        self.assert_says(
            self.check("bad.jsonl"), 1, f"2 regressed, {CELLS - 2} as expected. FAILED"
        )
        self.waive()
        finished, cells = self.judged("check", "bad.jsonl", "--today", LAST_DAY)
        self.assert_says(
            finished,
            0,
            "WAIVED  2 cells: dynamic_cache/plain/strict/named/*",
            "waived until 2027-03-01: a known difference (https://example.org/issues/7)",
            f"2 waived, {CELLS - 2} as expected. PASSED",
        )
        self.assertNotIn("all as expected", finished.out)
        cell = cells["dynamic_cache/plain/strict/named/b3c5"]
        self.assertEqual(cell["verdict"], "waived")
        self.assertEqual(cell["waiver"]["instead_of"], "regressed")

    def test_other_releases_are_not_waived(self):
        self.waive(torch="<2.6")
        self.assert_says(self.check("bad.jsonl"), 1, "2 regressed")

    def test_fails_on_the_day_after_its_last(self):
        where = self.waive()
        self.assert_says(
            self.check("bad.jsonl", today=NEXT_DAY), 1, where, "expired", "2 regressed"
        )
        self.assert_says(
            self.check("good.jsonl", today=NEXT_DAY), 1, where + "expired on 2027-03-01"
        )

    def test_one_that_matches_nothing_fails_everywhere(self):
        where = self.waive(cells="plain/strikt/named/b3c5")
        one = self.check("good.jsonl", "--only", "dynamic_cache/native/strict/named/b3c5")
        for finished in (one, self.check("good.jsonl")):
            self.assert_says(finished, 1, where + "matches no declared cell", "did you mean")

    def test_one_that_waives_nothing_fails_the_whole_and_its_own_cell_only(self):
        where = self.waive(cells="plain/strict/named/b3c5")
        self.assert_says(self.check("good.jsonl"), 1, where + "waives nothing", "1 other failure")
        other = self.check("good.jsonl", "--only", "dynamic_cache/plain/strict/named/b4c11")
        self.assert_says(other, 0, "as expected. PASSED")
        own = self.check("good.jsonl", "--only", "dynamic_cache/plain/strict/named/b3c5")
        self.assert_says(own, 1, where + "waives nothing")

    def test_a_cell_checked_alone_is_waived_too(self):
        self.waive()
        only = ("--only", "dynamic_cache/plain/strict/named/b3c5")
        self.assert_says(self.check("bad.jsonl", *only), 0, "waived. PASSED")

    def test_new_cells_are_not_waived(self):
        shutil.rmtree(self.folder / "golden")
        self.waive(cells="*/strict/*")
        self.assert_says(self.check("good.jsonl"), 1, "all new")

    def test_waived_differences_are_not_accepted(self):
        self.waive()
        before = self.golden_files()
        finished = self.exportgate("accept", "--record", "bad.jsonl", "--today", LAST_DAY)
        self.assert_says(finished, 0, "2 of them are waived and left alone")
        self.assertEqual(self.golden_files(), before)

    def test_an_upgrade_of_waived_cells_only_has_nothing_to_accept(self):
        self.waive()
        before = self.golden_files()
        finished = self.exportgate(
            *("upgrade", "good.jsonl", "bad.jsonl", "--today", LAST_DAY, "--accept", "--why", "x"),
            *("--only", "dynamic_cache/plain/strict/named/*"),
        )
        self.assert_says(finished, 0, "GO, 2 cells waived", "nothing to accept: all cells are")
        self.assertEqual(self.golden_files(), before)

    def test_show_says_so(self):
        self.waive()
        cell = "dynamic_cache/plain/strict/named/b3c5"
        show = self.exportgate("show", cell, "--record", "bad.jsonl", "--today", LAST_DAY)
        self.assert_says(show, 0, f"{cell}: waived", "https://example.org/issues/7")
        late = self.exportgate("show", cell, "--record", "bad.jsonl", "--today", NEXT_DAY)
        self.assert_says(late, 1, f"{cell}: regressed", "expired on 2027-03-01")

    def test_an_upgrade_is_waived_until_the_same_day(self):
        self.waive()
        upgrade = ("upgrade", "good.jsonl", "bad.jsonl", "--today")
        self.assert_says(self.exportgate(*upgrade, LAST_DAY), 0, "GO, 2 cells waived")
        self.assert_says(
            self.exportgate(*upgrade, NEXT_DAY), 1, "NO-GO: 2 cells regressed", "expired"
        )
        same = self.exportgate("upgrade", "good.jsonl", "good.jsonl", "--today", LAST_DAY)
        self.assert_says(same, 0, "GO")

    def test_mistakes_in_a_waiver_are_all_reported(self):
        self.waive(torch="2.14", expires='"soon"')
        finished = self.check("good.jsonl")
        self.assert_says(finished, 2, "is not a range of torch releases", "expires is a string")

    def test_a_date_that_is_none(self):
        for command in ("check", "show", "run", "accept", "upgrade"):
            finished = self.exportgate(command, "x", "y", "--today", "2027-02-30")
            self.assert_says(finished, 2, '--today: "2027-02-30" is not a date')

    def test_the_last_of_two_days_counts(self):
        self.waive()
        twice = self.check("bad.jsonl", "--today", LAST_DAY, today=NEXT_DAY)
        self.assert_says(twice, 0, "2 waived")

    def test_the_clock_is_the_default(self):
        self.waive(expires="2020-01-01")
        self.assert_says(self.exportgate("check", "good.jsonl"), 1, "expired on 2020-01-01")
        in_time = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=200)
        self.waive(expires=in_time.isoformat())
        self.assert_says(self.exportgate("check", "bad.jsonl"), 0, "2 waived")

    def test_for_ever_and_for_everything_is_refused(self):
        where = self.waive(expires="2999-01-01")
        self.assert_says(
            self.check("bad.jsonl"),
            1,
            where + "expires on 2999-01-01, more than a year from today",
            "2 regressed",
        )
        self.waive(cells="*")
        self.assert_says(
            self.check("bad.jsonl"), 2, "case.toml:", 'a waiver of "*" is one of every'
        )

    def test_a_crash_that_comes_later_is_not_covered(self):
        self.waive()
        later = (self.folder / "bad.jsonl").read_text()
        crashed = '"crashed": {"stage": "export", "signal": 11, "exit_code": 0}'
        rejected = '"rejected": {"stage": "export", "exception": "ValueError", "message": "no"}'
        self.assertEqual(later.count(rejected), 2)
        (self.folder / "later.jsonl").write_text(later.replace(rejected, crashed, 1))
        self.assert_says(
            self.check("later.jsonl"),
            1,
            "1 waived",
            "1 regressed",
            'is not written for "crashed in export"',
        )
        other_words = later.replace('"message": "no"', '"message": "other words"')
        (self.folder / "words.jsonl").write_text(other_words)
        self.assert_says(self.check("words.jsonl"), 0, "2 waived")

    def test_an_old_waiver_is_told_how_to_name_its_differences(self):
        self.waive(differs="[]")
        told = self.check("bad.jsonl")
        self.assert_says(told, 1, 'is not written for "rejected in export"', "2 regressed")
        cell = "dynamic_cache/plain/strict/named/b3c5"
        show = self.exportgate("show", cell, "--record", "bad.jsonl", "--today", LAST_DAY)
        self.assert_says(show, 1, 'a waiver of it: differs = ["rejected in export"]')
        self.toml.write_text(self.toml.read_text().replace("differs = []\n", ""))
        self.assert_says(self.check("bad.jsonl"), 2, 'a waiver has no "differs"', "differs = []")


if __name__ == "__main__":
    unittest.main()
