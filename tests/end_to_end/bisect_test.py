"""`exportgate bisect`: the release in which a cell turned, from the recordings of the checkout."""

import json
import shutil
import unittest

from support import SOURCE, Scratch

RECORDINGS = SOURCE / "tests" / "recordings"
RELEASES = sorted(
    (file.stem for file in RECORDINGS.glob("*.jsonl")),
    key=lambda release: [int(part) for part in release.split(".")],
)
RAISES = "dynamic_cache/plain/strict/named/b3c5"  # from 2.9.1 on; 2.10.0 mends it
MENDED = "kv_cache/module/strict/named/b3c5"  # rejected up to 2.9.1


def without_checks(record, names):
    lines = [json.loads(line) for line in record.splitlines()]
    header = lines[0]["record"]
    header["checks_left_out"] = names
    header["checks"] = {name: at for name, at in header["checks"].items() if name not in names}
    for line in lines:
        if "exported" in line:
            checks = line["exported"]["checks"]
            line["exported"]["checks"] = [one for one in checks if one["name"] not in names]
    return "".join(json.dumps(line) + "\n" for line in lines)


class Bisect(Scratch):
    def bisect(self, cells, good, bad, recordings=RECORDINGS):
        return self.exportgate(
            *("bisect", cells, "--good", good, "--bad", bad, "--recordings", recordings),
            *("--cases", SOURCE / "cases", "--environments", "environments"),
        )

    def test_the_release_that_broke_a_cell(self):
        found = self.bisect(RAISES, "2.6.0", "2.9.1")
        self.assert_says(found, 0, RAISES, "first bad: torch 2.9.1 (2.8.0 is good)")
        self.assert_says(found, 0, "- check run: pass -> fail", "NameError: name 'L' is not")
        self.assert_says(found, 0, f"exportgate upgrade 2.8.0 2.9.1 --only '{RAISES}'")
        self.assert_says(found, 0, "4 of 4 releases looked at")

    def test_a_release_that_left_the_check_out_is_neither_good_nor_bad(self):
        """The record of 2.8.0 as `run --checks` would have left it, in place of 2.8.0's."""
        recordings = self.folder / "recordings"
        recordings.mkdir()
        for release in ("2.6.0", "2.7.1", "2.8.0", "2.9.1"):
            shutil.copy(RECORDINGS / f"{release}.jsonl", recordings)
        left_out = ["run", "bounds", "traits", "decompose", "retrace"]
        record = recordings / "2.8.0.jsonl"
        record.write_text(without_checks(record.read_text(), left_out))
        found = self.bisect(RAISES, "2.6.0", "2.9.1", recordings)
        self.assert_says(found, 0, "2.8.0")
        self.assertNotIn("(2.8.0 is good)", found.out)
        self.assert_says(found, 0, "2.7.1 is good")
        same = self.bisect(RAISES, RECORDINGS / "2.8.0.jsonl", record, recordings)
        self.assert_says(same, 2, "came to the same in", "; not compared, since one of them left")
        self.assert_says(same, 2, "check bounds, decompose, retrace, run, traits")

    def test_a_release_that_was_bad_before_the_last_good_one(self):
        """A record of 2.9.1 as that of a 2.7.0 which nobody recorded."""
        recordings = self.folder / "recordings"
        recordings.mkdir()
        for release in ("2.6.0", "2.7.1", "2.8.0", "2.9.1"):
            shutil.copy(RECORDINGS / f"{release}.jsonl", recordings)
        header, rest = (RECORDINGS / "2.9.1.jsonl").read_text().split("\n", 1)
        header = json.loads(header)
        header["record"]["environment"] |= {"torch": "2.7.0", "torch_build": "2.7.0+cu126"}
        (recordings / "2.7.0.jsonl").write_text(f"{json.dumps(header)}\n{rest}")
        found = self.bisect(RAISES, "2.6.0", "2.9.1", recordings)
        self.assert_says(found, 0, "first bad: torch 2.9.1 (2.8.0 is good)")
        self.assert_says(found, 0, "bad before it: 2.7.0 too, and then mended again")

    def test_from_the_newer_to_the_older(self):
        found = self.bisect(MENDED, "2.15.0", "2.6.0")
        self.assert_says(found, 0, "first bad: torch 2.9.1 (2.10.0 is good)")

    def test_what_got_better(self):
        found = self.bisect(MENDED, "2.6.0", "2.15.0")
        self.assert_says(found, 0, "first better: torch 2.10.0 (2.9.1 is as before)")
        # Ten releases: the two ends, at most four between, and those before the turn.
        self.assertRegex(found.out, r"(?m)^[1-8] of 10 releases looked at$")

    def test_every_cell_turns_where_two_neighbours_differ(self):
        """What `upgrade` says of each release and the next one is what bisect finds."""
        for before, after in zip(RELEASES, RELEASES[1:], strict=False):
            report = self.folder / "upgrade.json"
            self.exportgate(
                *("upgrade", before, after, "--recordings", RECORDINGS, "--json", report),
                *("--cases", SOURCE / "cases", "--environments", "environments"),
            )
            cells = json.loads(report.read_text())["cells"]
            turned = [
                cell["name"]
                for cell in cells
                if cell["verdict"] in ("improved", "changed", "regressed")
            ]
            if not turned:
                continue
            with self.subTest(f"{before} -> {after}"):
                found = self.bisect(turned[0], before, after)
                self.assertIn(f"torch {after} ({before} is ", found.out)

    def test_a_release_that_cannot_be_judged(self):
        folder = self.folder / "recordings"
        folder.mkdir()
        for release in ("2.6.0", "2.7.1", "2.8.0", "2.9.1"):
            lines = (RECORDINGS / f"{release}.jsonl").read_text().splitlines(keepends=True)
            if release == "2.8.0":
                lines = lines[:9]
            (folder / f"{release}.jsonl").write_text("".join(lines))
        found = self.bisect(RAISES, "2.6.0", "2.9.1", folder)
        self.assert_says(
            found,
            0,
            "first bad: one of torch 2.8.0, 2.9.1 (2.7.1 is good, and 2.8.0 could not be judged)",
        )

    def test_nothing_differs(self):
        found = self.bisect(RAISES, "2.12.1", "2.13.0")
        self.assert_says(found, 2, "1 cell came to the same in 2.12.1 and 2.13.0")

    def test_ends_that_are_none(self):
        self.assert_says(self.bisect(RAISES, "2.6.0", "9.9"), 2, '"9.9" is no file')
        self.assert_says(self.bisect("nothing/*", "2.6.0", "2.9.1"), 2, "nothing/*")
        missing = self.exportgate("bisect", RAISES, "--good", "2.6.0", "--cases", SOURCE / "cases")
        self.assert_says(missing, 2, "--bad")
        self.assert_says(self.bisect(RAISES, "2.6.0", "2.6.0"), 2, "--good and --bad are both")


if __name__ == "__main__":
    unittest.main()
