"""Three shards, recorded one by one and merged, are the record of one run."""

import json
import shutil
import unittest

from support import CASE_PY, CASE_TOML, Prepared

# 9 cells: in one case two kinds and three pairs, in the other one kind.
PAIRS = "".join(f"b{i}c5 = {{ batch = {i}, clength = 5 }}\n" for i in range(4, 6))
TOML = CASE_TOML.replace('["plain"]', '["plain", "module"]') + PAIRS
SHARDS = ("one.jsonl", "two.jsonl", "three.jsonl")


def without_times(record):
    """The lines of a record except for what the clock said."""
    lines = []
    for line in record.read_text().splitlines():
        value = json.loads(line)
        value.pop("timings_s", None)
        value.get("record", {}).pop("observed_at", None)
        if "end" in value:
            value["end"]["wall_s"] = value["end"]["timings_s"] = 0
        lines.append(json.dumps(value))
    return lines


class Shards(Prepared):
    def prepare(self):
        """Goldens, the record of a whole run and its shards."""
        self.add_case("a_good", toml=TOML)
        # Prints, so that what a child printed is compared as well.
        self.add_case("b_speaks", code="print(__file__)\n" + CASE_PY, toml=CASE_TOML + PAIRS)
        self.record("whole.jsonl", 1)  # every cell is new
        accepted = self.exportgate("accept", "--why", "for this test")
        self.assertEqual(accepted.code, 0, accepted)
        for i, name in enumerate(SHARDS, 1):
            self.record(name, 0, "--shard", f"{i}/3")

    def record(self, name, code, *arguments):
        finished = self.exportgate("run", "--record", name, "--note", "by a test", *arguments)
        self.assertEqual(finished.code, code, finished)

    def merge(self, *records):
        return self.exportgate("merge", *records, "-o", "all.jsonl")

    def assert_refused(self, records, *texts):
        (self.folder / "all.jsonl").write_text("the record before\n")
        self.assert_says(self.merge(*records), 2, *texts)
        self.assertEqual((self.folder / "all.jsonl").read_text(), "the record before\n")

    def in_place_of_two(self, name, text):
        """The shards with another second one."""
        (self.folder / name).write_text(text)
        return ["one.jsonl", name, "three.jsonl"]

    def test_merged_they_are_the_record_of_the_whole_run(self):
        merged = self.merge(*SHARDS[::-1])
        self.assert_says(merged, 0, "all.jsonl: 3 shards, 9 cells on torch 2.")
        lines = without_times(self.folder / "all.jsonl")
        self.assertEqual(lines, without_times(self.folder / "whole.jsonl"))
        self.assertEqual(len(lines), 1 + 9 + 1)
        self.assertIn('"output": "<cases>/b_speaks/case.py\\n', lines[-2])
        self.assertNotIn('"shard"', lines[0])
        self.assert_says(self.exportgate("check", "all.jsonl"), 0, "9 cells", "PASSED")

    def test_cells_of_a_later_torch_are_not_dealt(self):
        """Else shards would have more and fewer cells than merge expects."""
        later = CASE_TOML.replace("class =", 'first_torch = "99.0"\nclass =', 1)
        for name in ("a_later", "c_later"):
            self.add_case(name, toml=later)
        for i in (1, 2):
            self.record(f"{i}.jsonl", 0, "--shard", f"{i}/2")
        merged = self.merge("1.jsonl", "2.jsonl")
        self.assert_says(merged, 0, "all.jsonl: 2 shards, 9 cells on torch 2.")

    def test_a_shard_alone_cannot_be_judged(self):
        self.assert_says(
            self.exportgate("check", "one.jsonl"),
            2,
            "the record is shard 1/3",
            "merge the shards first",
            "COULD NOT BE JUDGED",
        )

    def test_missing_twice_or_none(self):
        self.assert_refused(SHARDS[1:], "shard 1/3 is missing", "exportgate run --shard 1/3")
        shutil.copy(self.folder / "two.jsonl", self.folder / "again.jsonl")
        self.assert_refused(
            [*SHARDS, "again.jsonl"], "again.jsonl: is shard 2/3, and so is two.jsonl"
        )
        self.assert_refused([*SHARDS, "whole.jsonl"], "whole.jsonl: is the record of a whole run")
        (self.folder / "no.jsonl").write_text("no\n")
        self.assert_refused(["gone.jsonl", "no.jsonl"], "gone.jsonl", "no.jsonl:1: not a record")

    def test_damaged(self):
        text = (self.folder / "two.jsonl").read_text()
        self.assert_refused(
            self.in_place_of_two("cut.jsonl", text[: len(text) // 2]),
            "cut.jsonl: shard 2/3 is incomplete: the file is cut in line",
        )
        lines = text.splitlines(keepends=True)
        missing = json.loads(lines[3])["cell"]
        self.assert_refused(
            self.in_place_of_two("hole.jsonl", "".join(lines[:3] + lines[4:])),
            f"hole.jsonl: shard 2/3 was to observe {missing} and does not hold it",
        )
        self.assert_refused(
            self.in_place_of_two("new.jsonl", text.replace('"format":3', '"format":4')),
            "new.jsonl:1: recorded by a later exportgate (format 4), this one reads format 3",
        )

    def test_of_another_run(self):
        text = (self.folder / "two.jsonl").read_text()
        self.assert_refused(
            self.in_place_of_two("old.jsonl", text.replace('"python":"3.', '"python":"2.')),
            "old.jsonl: python of its environment is 2.",
            "in one.jsonl it is 3.",
        )
        case = self.folder / "cases" / "a_good" / "case.py"
        case.write_text(case.read_text() + "# edited\n")
        self.record("edited.jsonl", 0, "--shard", "2/3")
        self.assert_refused(
            ["one.jsonl", "edited.jsonl", "three.jsonl"],
            "edited.jsonl: the digest of its inputs",
            "in one.jsonl it is",
        )

    def test_a_shard_is_not_overwritten(self):
        before = (self.folder / "two.jsonl").read_bytes()
        finished = self.exportgate("merge", *SHARDS, "-o", "./two.jsonl")
        self.assert_says(finished, 2, "two.jsonl: is one of the shards", "-o")
        self.assertEqual((self.folder / "two.jsonl").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
