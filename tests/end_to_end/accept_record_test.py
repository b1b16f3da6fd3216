"""Goldens of several releases, accepted from their records: group by group, oldest first."""

import json
import shutil
import subprocess
import unittest

from support import CASE_TOML, CELLS, SOURCE, Scratch, record_lines

STRICT = "*/strict/*"
NONSTRICT = "*/nonstrict/*"
CELL = "dynamic_cache/plain/strict/named/b3c5"


class Releases(Scratch):
    """The project's cases, no goldens, and one record of the whole matrix."""

    def setUp(self):
        super().setUp()
        shutil.copytree(SOURCE / "cases", self.folder / "cases", dirs_exist_ok=True)
        self.lines = record_lines()

    def record(self, torch, change=None, lines=None):
        """The record as if it were of another release; `change` may edit each observation."""
        header, *observations, footer = lines or self.lines
        header = json.loads(header)
        environment = header["record"]["environment"]
        environment["torch"], environment["torch_build"] = torch, f"{torch}+cpu"
        edited = []
        for line in observations:
            observation = json.loads(line)
            if change:
                change(observation)
            edited.append(json.dumps(observation))
        path = self.folder / f"{torch}.jsonl"
        path.write_text("\n".join([json.dumps(header), *edited, footer]) + "\n")
        return path

    def accept(self, record, *arguments, code=0):
        finished = self.exportgate("accept", "--record", record, *arguments)
        self.assertEqual(finished.code, code, finished)
        return finished

    def releases(self):
        """The line of expected.tsv that names the releases, and the `since` of every row."""
        lines = (self.folder / "golden/dynamic_cache/expected.tsv").read_text().splitlines()
        return lines[1], [line.split("\t")[1] for line in lines[3:]]


class AcceptRecord(Releases):
    """`accept --record`."""

    def test_a_release_is_recorded_with_its_last_group(self):
        record = self.record("2.6.0")
        first = self.accept(record, STRICT, "--why", "strict")
        self.assertIn("recorded in part: 32 others are not as expected yet", first.out)
        self.assertEqual(self.releases()[0], "# recorded: none, in part: 2.6.0")
        finished, cells = self.judged("check", record)
        self.assertEqual(finished.code, 1)
        self.assertEqual({cell["verdict"] for cell in cells.values()}, {"as expected", "new"})
        last = self.accept(record, "--why", "the rest")
        self.assertIn("which is recorded now", last.out)
        self.assertEqual(self.releases()[0], "# recorded: 2.6.0")
        self.assert_says(self.exportgate("check", record), 0, "all as expected")

    def test_a_release_that_changes_nothing_adds_no_row_and_needs_no_reason(self):
        self.accept(self.record("2.6.0"), "--why", "first")
        second = self.accept(self.record("2.7.1"))
        self.assertIn("nothing to accept of torch 2.7.1, which is recorded now", second.out)
        line, since = self.releases()
        self.assertEqual(line, "# recorded: 2.6.0 2.7.1")
        self.assertEqual(set(since), {"2.6.0"})
        before = self.golden_files()
        self.assertIn("which is recorded: all", self.accept(self.record("2.7.1")).out)
        self.assertEqual(self.golden_files(), before)

    def test_rows_only_where_something_changed(self):
        def changed(observation):
            if observation["cell"].startswith("dynamic_cache/native/strict/"):
                observation["rejected"]["message"] += "\nand more"

        records = [
            self.record("2.6.0"),
            self.record("2.7.1", changed),
            self.record("2.8.0", changed),
        ]
        self.accept(records[0], "--why", "first")
        self.assert_says(self.exportgate("check", records[1]), 1, "8 changed")
        self.accept(records[1], "*/native/strict/named/*", "--why", "more words")
        self.assertEqual(self.releases()[0], "# recorded: 2.6.0, in part: 2.7.1")
        self.accept(records[1], "*/native/strict/*", "--why", "more words elsewhere")
        self.accept(records[2])
        line, since = self.releases()
        self.assertEqual(line, "# recorded: 2.6.0 2.7.1 2.8.0")
        self.assertEqual((since.count("2.6.0"), since.count("2.7.1"), len(since)), (64, 8, 72))
        self.assert_says(
            self.exportgate("check", *records), 0, f"{3 * CELLS} cells: all as expected"
        )

    def test_a_release_in_between_stays_new_but_for_the_accepted_cells(self):
        def changed(observation):
            if observation["cell"].startswith("dynamic_cache/native/strict/"):
                observation["rejected"]["message"] += "\nand more"

        self.accept(self.record("2.6.0"), "--why", "first")
        self.accept(self.record("2.13.0", changed), "--why", "second")
        between = self.record("2.9.1")
        self.assert_says(self.exportgate("check", between), 1, "8 new")
        self.accept(between, "*/native/strict/named/*", "--why", "as before")
        self.assert_says(self.exportgate("check", between), 1, "6 new")
        self.accept(between, "--why", "as before")
        self.assert_says(self.exportgate("check", between), 0, "all as expected")
        self.assertNotIn("2.9.1", self.releases()[1])

    def refused(self, record, *says):
        finished = self.accept(record, "--why", "x", code=2)
        for text in says:
            self.assertIn(text, finished.err)
        self.assertFalse((self.folder / "golden").exists())

    def test_refuses_an_incomplete_record(self):
        record = self.record("2.6.0")
        record.write_text("".join(record.read_text().splitlines(keepends=True)[:-1]))
        self.refused(record, "2.6.0.jsonl: the record is incomplete")

    def test_refuses_a_record_of_another_declaration(self):
        toml = self.folder / "cases/dynamic_cache/case.toml"
        toml.write_text(toml.read_text().replace("1024", "512"))
        self.refused(self.record("2.6.0"), "another declaration of case dynamic_cache")

    def test_refuses_cells_that_were_not_observed_and_those_that_cannot_be_read(self):
        cell = json.loads(self.lines[5])["cell"]
        self.refused(
            self.record("2.6.0", lines=self.lines[:5] + self.lines[6:]),
            f"{cell}: the record does not hold this cell",
        )

        def unreadable(observation):
            if "exported" in observation:
                observation["exported"]["print"] = "no program"

        self.refused(self.record("2.7.1", unreadable), "dynamic_cache/plain/strict/named/b3c5: ")

    def test_a_part_of_a_record_with_holes_can_be_accepted_and_does_not_record_the_release(self):
        record = self.record("2.6.0", lines=self.lines[:2] + self.lines[3:])
        self.accept(record, "*/native/*", "--why", "x")
        self.assertEqual(self.releases()[0], "# recorded: none, in part: 2.6.0")

    def test_refuses_a_missing_reason_and_a_condition_that_does_not_hold(self):
        record = self.record("2.6.0")
        self.assertIn("--why", self.accept(record, code=2).err)
        self.assertIn("--why", self.accept(record, "--why", " ", code=2).err)
        wrong = self.accept(record, "--why", "x", "--when", "python>=9.0", code=2)
        self.assertIn("does not hold in the environment", wrong.err)
        self.assertFalse((self.folder / "golden").exists())

    def test_another_build_of_the_release_does_not_lose_its_expectation_unsaid(self):
        def refused(observation):
            if observation["cell"] == CELL:
                observation.pop("exported")
                observation["rejected"] = {"stage": "export", "exception": "E", "message": "no"}

        kept = self.folder / "kept"
        kept.mkdir()
        cpu, gpu = kept / "cpu.jsonl", kept / "gpu.jsonl"
        shutil.move(self.record("2.6.0"), cpu)
        shutil.move(self.record("2.6.0", refused), gpu)
        gpu.write_text(gpu.read_text().replace("2.6.0+cpu", "2.6.0+cu124"))
        self.accept(cpu, "--why", "on a CPU", "--recordings", kept)
        finished = self.accept(gpu, "--why", "on a GPU", "--recordings", kept, code=1)
        self.assertIn(
            "cpu.jsonl: 1 cell of torch 2.6.0+cpu is no longer as expected, the first is " + CELL,
            finished.err,
        )
        self.assertIn("--when", finished.err)
        self.accept(cpu, "--why", "on a CPU", "--recordings", kept, code=1)
        self.accept(
            *(gpu, "--why", "on a GPU", "--when", "build==cu124", "--recordings", kept), code=0
        )
        self.assert_says(self.exportgate("check", cpu, gpu), 0, "all as expected")

    def test_several_at_once_lose_nothing(self):
        def changed_since(torch):
            def change(observation):
                if "rejected" in observation:
                    observation["rejected"]["message"] += f"\nin the words of {torch}"

            return change

        releases = ["2.6.0", "2.7.1", "2.8.0", "2.9.1", "2.10.0", "2.11.0"]
        records = [self.record(torch, changed_since(torch)) for torch in releases]
        running = [
            subprocess.Popen(
                self.command("accept", "--record", record, "--why", "at once"),
                cwd=self.folder,
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for record in records
        ]
        for process in running:
            out, _ = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, out)
        self.assert_says(
            self.exportgate("check", *records), 0, f"{6 * CELLS} cells: all as expected"
        )

    def test_a_condition_limits_the_rows(self):
        self.accept(self.record("2.6.0"), "--why", "x", "--when", "python>=3.9")
        table = (self.folder / "golden/dynamic_cache/expected.tsv").read_text()
        self.assertEqual(table.count("\tpython>=3.9\t"), 64)

    def test_the_records_are_judged_again_in_the_order_of_their_releases(self):
        folder = self.folder / "kept"
        folder.mkdir()
        for torch in ("2.10.0", "2.9.1"):
            shutil.copy(self.record(torch), folder)
        out = self.accept(self.record("2.6.0"), STRICT, "--why", "x", "--recordings", folder).out
        nonstrict = sum("/nonstrict/" in json.loads(line).get("cell", "") for line in self.lines)
        first = f"2.9.1.jsonl: torch 2.9.1+cpu: {CELLS} cells, {nonstrict} new"
        self.assertLess(out.index(first), out.index("2.10.0.jsonl"))


class AcceptPending(Scratch):
    """`accept` of what `run` left pending knows whether the run saw the whole case."""

    def setUp(self):
        super().setUp()
        both = CASE_TOML.replace('"nonstrict"', '"strict", "nonstrict"')
        self.add_case("mine", toml=both)

    def releases(self):
        return (self.folder / "golden/mine/expected.tsv").read_text().splitlines()[1]

    def test_the_last_pending_cell_records_the_release(self):
        self.assertEqual(self.exportgate("run").code, 1)
        first = self.exportgate("accept", STRICT, "--why", "x")
        self.assert_says(first, 0, "recorded in part: 1 other cell is not as expected yet")
        self.assertRegex(self.releases(), "^# recorded: none, in part: ")
        self.assert_says(self.exportgate("accept", "--why", "x"), 0, "which is recorded now")
        self.assertRegex(self.releases(), "^# recorded: [0-9.]+$")

    def test_a_run_of_some_cells_records_nothing_until_the_others_were_seen(self):
        self.assertEqual(self.exportgate("run", STRICT).code, 1)
        first = self.exportgate("accept", "--why", "x")
        self.assert_says(first, 0, "recorded in part: not all its cells were observed")
        self.assertEqual(self.exportgate("run").code, 1)
        self.assert_says(self.exportgate("accept", "--why", "x"), 0, "which is recorded now")


class CheckSeveral(Releases):
    """`check` of several records: a line each, in full only what fails."""

    def setUp(self):
        super().setUp()
        self.records = [self.record("2.6.0"), self.record("2.7.1")]
        self.accept(self.records[0], "--why", "first")

    def test_short_where_all_is_good(self):
        out = self.assert_says(self.exportgate("check", *self.records), 0).out
        self.assertEqual(len(out.splitlines()), 3, out)
        self.assertIn(
            f"2.7.1.jsonl: torch 2.7.1+cpu: {CELLS} cells, all as expected (never rec", out
        )
        self.assertTrue(
            out.endswith(f"2 records, {2 * CELLS} cells: all as expected. PASSED\n"), out
        )

    def test_in_full_what_fails(self):
        (self.folder / "golden/dynamic_cache/expected.tsv").unlink()
        for path in (self.folder / "golden/dynamic_cache").iterdir():
            path.unlink()
        self.accept(self.records[0], STRICT, "--why", "first")
        out = self.assert_says(self.exportgate("check", *self.records), 1, "NEW").out
        self.assertTrue(out.endswith("2 records: 2 with failures. FAILED\n"), out)

    def test_what_cannot_be_read_outweighs(self):
        broken = self.folder / "broken.jsonl"
        broken.write_text("")
        finished = self.exportgate("check", self.records[0], broken, self.records[1])
        self.assert_says(
            finished, 2, "broken.jsonl: cannot be read", "1 could not be judged, 2 without"
        )


if __name__ == "__main__":
    unittest.main()
