"""Records and goldens that are damaged, and places that cannot be written: nothing is lost."""

import os
import resource
import subprocess
import unittest
from pathlib import Path

from support import Finished, Prepared

MOUNT_REFUSED = "this machine does not let the tests mount a file system"


class Stored(Prepared):
    """Each test starts with one case whose golden is accepted, and its record."""

    def prepare(self):
        self.add_case("mine")
        self.run_and_accept()
        self.assertEqual(self.exportgate("check", ".exportgate/last.jsonl").code, 0)

    def setUp(self):
        super().setUp()
        self.record = self.folder / ".exportgate" / "last.jsonl"
        self.expected = self.folder / "golden" / "mine" / "expected.tsv"
        (self.text,) = (self.folder / "golden" / "mine").glob("exported-*.txt")
        (self.decomposed,) = (self.folder / "golden" / "mine").glob("decomposed-*.txt")

    def mount(self, folder, *options):
        mounted = subprocess.run(
            ["mount", *options, str(folder)], capture_output=True, text=True, check=False
        )
        if mounted.returncode != 0:
            self.skipTest(f"{MOUNT_REFUSED}: {mounted.stderr.strip()}")
        self.addCleanup(
            subprocess.run, ["umount", "-l", str(folder)], check=False, stderr=subprocess.DEVNULL
        )

    def limited(self, blocks, *arguments):
        """As after `ulimit -f`, in blocks of 512 bytes."""
        size = blocks * 512
        process = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        )
        return Finished(process)

    def change_the_case(self):
        """So that the next run finds something to accept."""
        code = self.folder / "cases" / "mine" / "case.py"
        code.write_text(code.read_text().replace("w = values + keys", "w = values - keys"))


class StoredFileFaults(Stored):
    def assert_refused(self, *says):
        """`check` and `accept` both refuse, and no golden file changes."""
        before = self.golden_files()
        self.assert_says(self.exportgate("check", self.record), 2, *says)
        self.assert_says(self.exportgate("accept", "--why", "x"), 2)
        self.assertEqual(self.golden_files(), before)

    def test_truncated_record(self):
        lines = self.record.read_text().splitlines(keepends=True)
        self.record.write_text("".join(lines[:-1]))
        self.assert_says(self.exportgate("check", self.record), 2, "incomplete")
        self.record.write_text("".join(lines[:-1]) + lines[-1][:20])
        self.assert_says(self.exportgate("check", self.record), 2, "incomplete")
        self.record.write_text(lines[0] + lines[1][:300])
        self.assert_says(self.exportgate("check", self.record), 2, "unobserved")
        self.record.write_text(lines[0][:100])
        self.assert_says(self.exportgate("check", self.record), 2, "last.jsonl:1")
        self.record.write_text("")
        self.assert_says(self.exportgate("check", self.record), 2, "last.jsonl")

    def test_record_of_another_format(self):
        text = self.record.read_text()
        self.assertIn('"format":3', text)
        self.record.write_text(text.replace('"format":3', '"format":99', 1))
        self.assert_says(self.exportgate("check", self.record), 2, "a later exportgate (format 99)")
        self.record.write_text(text.replace('"format":3', '"format":1', 1))
        self.assert_says(
            self.exportgate("check", self.record),
            2,
            "recorded by an earlier exportgate (format 1)",
            "run again",
        )

    def test_record_of_another_declaration(self):
        toml = self.folder / "cases" / "mine" / "case.toml"
        toml.write_text(toml.read_text().replace("1024", "512"))
        self.assert_says(self.exportgate("check", self.record), 2, "another declaration")

    def test_golden_empty(self):
        self.expected.write_text("")
        self.assert_refused("expected.tsv", "empty")

    def test_golden_text_empty(self):
        self.text.write_text("")
        self.assert_refused(self.text.name)

    def test_golden_text_missing(self):
        self.text.unlink()
        self.assert_refused(self.text.name)

    def test_golden_not_utf8(self):
        self.expected.write_bytes(self.expected.read_bytes() + b"\xff\xfe\n")
        self.assert_refused("UTF-8")

    def test_golden_crlf(self):
        self.expected.write_bytes(self.expected.read_bytes().replace(b"\n", b"\r\n"))
        self.assert_refused("CRLF")

    def conflict(self, path):
        """As git leaves a file that two branches changed."""
        lines = path.read_text().splitlines(keepends=True)
        marked = ["<<<<<<< HEAD\n", lines[-1], "=======\n", lines[-1], ">>>>>>> theirs\n"]
        path.write_text("".join([*lines[:-1], *marked]))
        return f"{path.name}:{len(lines)}: git left conflict marks here"

    def test_golden_with_conflict_marks(self):
        says = self.conflict(self.expected)
        self.assert_refused(says, "keep one line for each cell", "git rm -rfq golden/mine")

    def test_golden_text_with_conflict_marks(self):
        self.assert_refused(self.conflict(self.text), "git checkout HEAD -- golden/mine")

    def test_golden_of_another_format(self):
        self.expected.write_text(self.expected.read_text().replace("format 3", "format 1", 1))
        self.assert_refused("format 1", "write it anew")

    def test_golden_edited_by_hand(self):
        self.text.write_text(self.text.read_text().replace("8", "9", 1))
        self.assert_refused(self.text.name, "by hand")

    def test_golden_decomposed_missing(self):
        self.decomposed.unlink()
        self.assert_refused(self.decomposed.name, "missing")

    def test_golden_decomposed_edited_by_hand(self):
        self.decomposed.write_text(self.decomposed.read_text().replace("8", "9", 1))
        self.assert_refused(self.decomposed.name, "by hand")

    def test_golden_decomposed_forgotten(self):
        """Without the text in the table another one is expected than is observed."""
        table = self.expected.read_text()
        self.expected.write_text(table.replace(self.decomposed.name, "-", 1))
        finished = self.exportgate("check", self.record)
        self.assert_says(finished, 1, "there is a decomposed program now", self.decomposed.name)

    def test_golden_status_edited_by_hand(self):
        self.expected.write_text(self.expected.read_text().replace("exported\t", "exproted\t", 1))
        self.assert_refused("exproted")

    def test_golden_row_removed(self):
        lines = self.expected.read_text().splitlines(keepends=True)
        self.expected.write_text("".join(lines[:-1]))
        finished = self.exportgate("check", self.record)
        self.assert_says(finished, 1, "new")

    def test_orphans(self):
        os.rename(self.folder / "cases" / "mine", self.folder / "cases" / "renamed")
        self.assertEqual(self.exportgate("list").out, "renamed/plain/nonstrict/static/b3c5\n")
        finished = self.exportgate("run", "--no-pending")
        self.assert_says(finished, 1, "mine")

    def test_record_on_a_full_disk(self):
        kept = self.folder / "kept"
        kept.mkdir()
        self.mount(kept, "-t", "tmpfs", "-o", "size=16k", "tmpfs")
        (kept / "record.jsonl").write_text("the record before\n")
        fill(kept / "filler")
        finished = self.exportgate("run", "--record", "kept/record.jsonl")
        self.assert_says(finished, 2, "No space left on device")
        self.assertEqual((kept / "record.jsonl").read_text(), "the record before\n")
        self.assertEqual(sorted(path.name for path in kept.iterdir()), ["filler", "record.jsonl"])

    def test_record_beyond_a_limit_on_files(self):
        before = self.record.read_bytes()
        finished = self.limited(1, "run")
        self.assert_says(finished, 2, "last.jsonl", "File too large", "`ulimit -f`")
        self.assert_says(finished, 2, "1 of 1 cells were observed, and nothing of them is kept")
        self.assertEqual(self.record.read_bytes(), before)
        self.assertEqual([path.name for path in self.record.parent.iterdir()], ["last.jsonl"])

    def test_standard_output_on_a_full_disk(self):
        with Path("/dev/full").open("w") as full:
            process = subprocess.run(
                self.command("check", self.record),
                cwd=self.folder,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        self.assertEqual(process.returncode, 2)
        self.assertIn("No space left on device", process.stderr)

    def test_report_that_cannot_be_written(self):
        finished = self.exportgate("check", self.record, "--junit", "/proc/report.xml")
        self.assert_says(finished, 2, "/proc/report.xml")

    def test_ci_writes_nothing(self):
        self.change_the_case()
        before = self.golden_files()
        self.assertEqual(self.exportgate("run", CI="true").code, 1)
        self.assertEqual(self.golden_files(), before)


class PendingOutcomes(Stored):
    """Each test starts after the case was changed and run again: what it does now is pending."""

    def prepare(self):
        super().prepare()
        self.change_the_case()
        self.assertEqual(self.exportgate("run").code, 1)

    def test_goldens_on_a_read_only_mount(self):
        before = self.golden_files()
        golden = self.folder / "golden"
        self.mount(golden, "--bind", str(golden))
        self.mount(golden, "-o", "remount,bind,ro")
        finished = self.exportgate("accept", "--why", "x")
        self.assert_says(finished, 2, "Read-only file system")
        self.assert_says(self.exportgate("run"), 2, "changed", "Read-only file system")
        self.assert_says(self.exportgate("run", "--no-pending"), 1, "changed")
        self.assertEqual(self.golden_files(), before)

    def test_goldens_on_a_full_disk(self):
        files = self.golden_files()
        golden = self.folder / "golden"
        self.mount(golden, "-t", "tmpfs", "-o", "size=64k", "tmpfs")
        for path, content in files.items():
            (golden / path).parent.mkdir(parents=True, exist_ok=True)
            (golden / path).write_bytes(content)
        fill(golden / "filler")
        before = self.golden_files()
        finished = self.exportgate("accept", "--why", "x")
        self.assert_says(finished, 2, "No space left on device")
        self.assertEqual(self.golden_files(), before)
        (golden / "filler").unlink()
        self.assertEqual(self.exportgate("accept", "--why", "x").code, 0)
        self.assertEqual(self.exportgate("check", self.record).code, 0)

    def test_goldens_beyond_a_limit_on_files(self):
        before = self.golden_files()
        finished = self.limited(1, "accept", "--why", "x")
        self.assert_says(finished, 2, "golden/mine/", "File too large", "`ulimit -f`")
        self.assertEqual(self.golden_files(), before)
        self.assertEqual(self.exportgate("accept", "--why", "x").code, 0)
        self.assertEqual(self.exportgate("check", self.record).code, 0)

    def test_what_a_killed_accept_left_is_removed(self):
        golden = self.folder / "golden" / "mine"
        left = [golden / ".exportgate-4711-1.tmp", golden / ".pending" / ".exportgate-4711-2.tmp"]
        unused = golden / "exported-0123456789.txt"
        for path in (*left, unused):
            path.write_text("half of it")
        ran = self.exportgate("run")
        self.assert_says(ran, 1, unused.name, "no row of expected.tsv uses", "accept")
        self.assertEqual(self.exportgate("accept", "--why", "x").code, 0)
        for path in (*left, unused):
            self.assertFalse(path.exists(), path)

    def test_pending_files_are_removed_when_all_is_as_expected(self):
        self.assertTrue(any((self.folder / "golden/mine/.pending").iterdir()))
        code = self.folder / "cases" / "mine" / "case.py"
        code.write_text(code.read_text().replace("w = values - keys", "w = values + keys"))
        self.assertEqual(self.exportgate("run").code, 0)
        self.assert_says(self.exportgate("accept", "--why", "x"), 2, "nothing is pending")

    def test_accept_needs_a_reason(self):
        before = self.golden_files()
        self.assert_says(self.exportgate("accept"), 2, "--why")
        self.assert_says(self.exportgate("accept", "--why", " "), 2)
        self.assertEqual(self.golden_files(), before)


def fill(path):
    """Takes all space that is left on the file system of `path`."""
    with path.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


if __name__ == "__main__":
    unittest.main()
