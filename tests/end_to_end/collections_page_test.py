"""ci/collections-page: one page for the collections from their records, and is it current?"""

import os
import re
import shutil
import subprocess
import unittest

from support import EXPORTGATE, SOURCE, Scratch

PAGE = SOURCE / "docs" / "collections.md"
RECORDINGS = SOURCE / "tests" / "recordings"


class CollectionsPage(Scratch):
    def setUp(self):
        super().setUp()
        self.collections = self.folder / "collections"
        self.page = self.folder / "page.md"

    def add(self, name, *releases):
        """A collection of the shipped cases, recorded with these releases."""
        folder = self.collections / name
        (folder / "recordings").mkdir(parents=True)
        (folder / "cases").symlink_to(SOURCE / "cases")
        for release in releases:
            shutil.copy(RECORDINGS / f"{release}.jsonl", folder / "recordings")
        return folder

    def make(self, collections=None):
        return subprocess.run(
            [SOURCE / "ci" / "collections-page", self.page],
            env={
                **os.environ,
                "EXPORTGATE": str(EXPORTGATE.resolve()),
                "EXPORTGATE_COLLECTIONS": str(collections or self.collections),
            },
            capture_output=True,
            text=True,
        )

    def test_a_section_for_each_collection(self):
        self.add("first", "2.9.1", "2.13.0")
        self.add("second", "2.14.1")
        self.add("third")
        made = self.make()
        self.assertEqual(made.returncode, 0, made.stderr)
        page = self.page.read_text()
        headings = re.findall(r"^##? .*$", page, re.MULTILINE)
        self.assertEqual(headings[1:], ["## first", "## second"])
        self.assertIn("\n- third: not recorded yet\n", page)
        first, second = page.split("\n## ")[1:]
        self.assertIn("210 cells, 2 releases (2.9.1 to 2.13.0)", first)
        self.assertIn("210 cells, 1 release", second)
        # What it says of a case is what docs/releases.md says of it, a heading lower.
        alone = self.exportgate(
            *("matrix", "--cases", SOURCE / "cases", "--markdown", "alone.md"),
            *(RECORDINGS / "2.9.1.jsonl", RECORDINGS / "2.13.0.jsonl"),
        )
        self.assertEqual(alone.code, 0, alone)
        tables = [
            line for line in (self.folder / "alone.md").read_text().split("\n") if line[:1] == "|"
        ]
        self.assertEqual([line for line in first.split("\n") if line[:1] == "|"], tables)

    def test_a_record_that_cannot_be_read_as_a_whole_makes_no_page(self):
        folder = self.add("first", "2.13.0")
        record = folder / "recordings" / "2.13.0.jsonl"
        record.write_text("\n".join(record.read_text().splitlines()[:-1]) + "\n")
        made = self.make()
        self.assertEqual(made.returncode, 2, made)
        self.assertIn("2.13.0.jsonl", made.stderr)
        self.assertFalse(self.page.exists())

    def test_without_any_record_nothing_is_written(self):
        self.add("first")
        made = self.make()
        self.assertEqual(made.returncode, 0, made)
        self.assertIn("no collection", made.stdout)
        self.assertFalse(self.page.exists())

    def test_the_page_of_the_docs_is_current(self):
        made = self.make(SOURCE / "collections")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(self.page.exists(), PAGE.exists(), "run ci/collections-page")
        if PAGE.exists():
            self.assertEqual(PAGE.read_text(), self.page.read_text(), "run ci/collections-page")


if __name__ == "__main__":
    unittest.main()
