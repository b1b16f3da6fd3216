"""exportgate upgrade between the recorded releases of torch, without any torch."""

import itertools
import json
import os
import unittest

from support import SOURCE, Scratch

RECORDINGS = SOURCE / "tests" / "recordings"
CONSECUTIVE = {
    ("2.6.0", "2.7.1"): (
        "3 regressed, 20 changed, 12 improved, 3 cosmetic, 172 same",
        "NO-GO: 3 cells regressed",
    ),
    ("2.7.1", "2.8.0"): (
        "3 regressed, 149 changed, 1 improved, 45 cosmetic, 12 same",
        "NO-GO: 3 cells regressed",
    ),
    ("2.8.0", "2.9.1"): (
        "63 regressed, 72 changed, 2 cosmetic, 73 same",
        "NO-GO: 63 cells regressed",
    ),
    ("2.9.1", "2.10.0"): (
        "21 changed, 79 improved, 10 cosmetic, 100 same",
        "GO, 3 changes to review",
    ),
    ("2.10.0", "2.11.0"): ("all same", "GO"),
    ("2.11.0", "2.12.1"): ("10 changed, 200 same", "GO, 1 change to review"),
    ("2.12.1", "2.13.0"): ("all same", "GO"),
    ("2.13.0", "2.14.1"): ("8 changed, 202 same", "GO, 1 change to review"),
    ("2.14.1", "2.15.0"): ("124 cosmetic, 86 same", "GO"),
}
RELEASES = [*dict.fromkeys(itertools.chain(*CONSECUTIVE))]
FIRST_AND_LAST = RELEASES[0], RELEASES[-1]
EVERY_PAIR = "EXPORTGATE_TEST_ALL" in os.environ
ASSERTION = "aten._assert_scalar.default(s1 == s1"


class Releases(Scratch):
    reports = {}  # of pairs that a test has compared already

    def upgrade(self, before, after, *arguments):
        return self.exportgate(
            *("upgrade", before, after, "--cases", SOURCE / "cases", "--environments", "none"),
            *("--recordings", RECORDINGS, *arguments),
        )

    def report(self, before, after):
        """The groups by verdict, and the verdicts of the cells by name."""
        if (before, after) not in self.reports:
            self.upgrade(before, after, "--json", "report.json")
            self.reports[before, after] = (self.folder / "report.json").read_text()
        report = json.loads(self.reports[before, after])
        groups = {}
        for group in report["groups"]:
            groups.setdefault(group["verdict"], []).append(group)
        return groups, {cell["name"]: cell for cell in report["cells"]}

    def test_every_recorded_release_is_here(self):
        recorded = {path.stem for path in RECORDINGS.glob("*.jsonl")}
        self.assertEqual(recorded, set(RELEASES))

    def test_consecutive_releases(self):
        for (before, after), (counts, sentence) in CONSECUTIVE.items():
            with self.subTest(f"{before} -> {after}"):
                finished = self.upgrade(before, after)
                self.assertEqual(
                    finished.out.splitlines()[-2:], [f"210 cells: {counts}", sentence], finished
                )
                self.assertEqual(finished.code, 1 if sentence.startswith("NO-GO") else 0)

    def test_the_docs_say_the_same(self):
        docs = (SOURCE / "docs" / "upgrade.md").read_text()
        for (before, after), (counts, sentence) in CONSECUTIVE.items():
            self.assertIn(f"| {before} | {after} | {counts} | `{sentence}` |", docs)

    def test_the_example_of_the_docs_is_what_is_printed(self):
        (self.folder / "tests").mkdir()
        (self.folder / "tests" / "recordings").symlink_to(RECORDINGS)
        finished = self.exportgate(
            *("upgrade", "2.8.0", "2.9.1", "--only", "layers_*/plain/strict/*"),
            *("--cases", SOURCE / "cases", "--environments", "none"),
        )
        self.assertIn(finished.out, (SOURCE / "docs" / "upgrade.md").read_text())

    def test_a_release_and_itself(self):
        for release in RELEASES:
            finished = self.upgrade(release, release)
            self.assertEqual(finished.out.splitlines()[-2:], ["210 cells: all same", "GO"])

    def test_what_regresses_one_way_improves_the_other(self):
        """Of releases that follow each other, and of the first and the last; `ci/test --all` takes
        every two."""
        every_two = itertools.combinations(RELEASES, 2)
        for before, after in every_two if EVERY_PAIR else (*CONSECUTIVE, FIRST_AND_LAST):
            with self.subTest(f"{before} -> {after}"):
                _, forth = self.report(before, after)
                _, back = self.report(after, before)
                mirrored = {"improved": "regressed", "regressed": {"improved", "regressed"}}
                for name, cell in forth.items():
                    there, here = cell["verdict"], back[name]["verdict"]
                    self.assertIn(here, mirrored.get(there, there), name)

    def test_at_most_ten_groups(self):
        for before, after in (*CONSECUTIVE, FIRST_AND_LAST):
            with self.subTest(f"{before} -> {after}"):
                groups, _ = self.report(before, after)
                self.assertLessEqual(sum(map(len, groups.values())), 10)

    def test_assertions_that_always_hold_are_one_group(self):
        for before, after, cells in (("2.7.1", "2.8.0", 97), ("2.8.0", "2.9.1", 56)):
            with self.subTest(f"{before} -> {after}"):
                groups, _ = self.report(before, after)
                (group,) = [g for g in groups["changed"] if "assertions" in g["summary"]]
                self.assertEqual(len(group["cells"]), cells)

    def test_programs_that_raise_when_they_are_called(self):
        groups, _ = self.report("2.8.0", "2.9.1")
        raising = [
            group
            for group in groups["regressed"]
            if any("raises NameError: name 'L' is not defined" in one for one in group["reasons"])
            and any(one.startswith("check run: pass -> fail") for one in group["reasons"])
        ]
        for group in raising:
            self.assertTrue(group["summary"].startswith("checks run, decompose and retrace pass"))
        cells = [cell.split("/") for group in raising for cell in group["cells"]]
        self.assertEqual(len(cells), 35)
        self.assertEqual({kind for _, kind, *_ in cells}, {"plain", "rebased", "native"})
        self.assertEqual(
            {(mode, dims == "static") for *_, mode, dims, _ in cells}, {("strict", False)}
        )

    def test_a_program_for_what_is_better_rejected_regresses(self):
        groups, _ = self.report("2.6.0", "2.7.1")
        written, group = groups["regressed"]
        self.assertEqual(written["summary"], "check decompose pass -> fail")
        self.assertEqual(
            written["cells"],
            ["decode_in_place/module/strict/static/b3l16", "decode_ring/module/strict/static/b3"],
        )
        self.assertEqual(group["cells"], ["subclass_of_registered/module/nonstrict/static/b3c5"])
        self.assertEqual(
            group["summary"], "rejected -> exported, dims, constants, run and pytree fail"
        )

    def test_leaves_that_are_others_at_every_flatten_export_no_more(self):
        groups, _ = self.report("2.7.1", "2.8.0")
        (group,) = groups["regressed"]
        self.assertEqual(group["summary"], "exported, pytree fails -> rejected")
        self.assertEqual(
            [cell.split("/")[0] for cell in group["cells"]],
            ["leaf_identity_clones", "leaf_identity_concatenates", "leaf_identity_slices"],
        )

    def test_programs_of_the_release_before_load(self):
        numbers = (145, 146, 143, 143, 159, 159, 159, 159, 159)
        failing = (18, 19, 19, 54, 15, 15, 15, 15, 15)  # 35 of the 54 raise NameError
        for (before, after), *programs in zip(CONSECUTIVE, numbers, failing, strict=True):
            with self.subTest(f"{before} -> {after}"):
                load = "all {} programs that torch {} saved load in torch {}"
                fail = "{} of them fail the check run there, as in torch {}"
                loading, wrong = programs
                said = load.format(loading, before, after) + "; " + fail.format(wrong, before)
                self.assertIn("PROGRAMS  " + said, self.upgrade(before, after).out.splitlines())

    def test_modules_as_inputs_that_export_at_last(self):
        groups, _ = self.report("2.9.1", "2.10.0")
        gained = [g for g in groups["improved"] if g["summary"].startswith("rejected in export")]
        gains = [gain for group in gained for gain in group["gains"]]
        self.assertIn(
            'a program with "batch" 1..1024 and "clength" 1..1024 dynamic (3 cells)', gains
        )
        self.assertIn(
            'a program with "batch" 1..1024 and "length" 1..1024 dynamic (8 cells)', gains
        )
        cells = [cell for group in gained for cell in group["cells"]]
        self.assertEqual({cell.split("/")[1] for cell in cells}, {"module"})

    def test_native_classes_that_strict_mode_refuses_again(self):
        cells = [f"{case}/native/strict/named/b3c5" for case in ("kv_cache", "kv_cache_flat")]
        groups, _ = self.report("2.8.0", "2.10.0")
        regressed = [group for group in groups["regressed"] if "-> rejected" in group["summary"]]
        self.assertEqual([group["cells"] for group in regressed], [cells])
        # Nobody could call the programs of 2.9.1: their loss is to review, and no NO-GO.
        groups, verdicts = self.report("2.9.1", "2.10.0")
        self.assertNotIn("regressed", groups)
        self.assertEqual([verdicts[cell]["verdict"] for cell in cells], ["changed"] * 2)
        for cell in cells:
            self.assertTrue(verdicts[cell]["to_review"])
            self.assertTrue(
                any("raised whenever it was called" in one for one in verdicts[cell]["reasons"])
            )

    def test_assertions_that_2_8_alone_adds_are_changed_both_ways(self):
        for before, after, sign in (
            ("2.7.1", "2.8.0", "+"),
            ("2.8.0", "2.7.1", "-"),
            ("2.8.0", "2.9.1", "-"),
            ("2.9.1", "2.8.0", "+"),
        ):
            with self.subTest(f"{before} -> {after}"):
                groups, _ = self.report(before, after)
                cells = [
                    cell
                    for group in groups["changed"]
                    if any(ASSERTION in line and line[0] == sign for line in group["diff"])
                    for cell in group["cells"]
                ]
                native = [cell for cell in cells if "/native/nonstrict/" in cell]
                self.assertEqual(len(native), 8, groups["changed"])
        _, cells = self.report("2.7.1", "2.9.1")
        self.assertEqual(cells["dynamic_cache/native/nonstrict/named/b3c5"]["verdict"], "cosmetic")

    def test_counters_and_hashes_for_one_program_are_cosmetic(self):
        _, cells = self.report("2.6.0", "2.10.0")
        cell = cells["dynamic_cache/plain/strict/named/b3c5"]
        self.assertEqual(cell["verdict"], "cosmetic")
        self.assertRegex(cell["spelling"]["before"], r'x: "f32\[s0,')
        self.assertRegex(cell["spelling"]["after"], r'x: "f32\[s[1-9][0-9],')


if __name__ == "__main__":
    unittest.main()
