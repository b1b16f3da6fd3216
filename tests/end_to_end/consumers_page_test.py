"""ci/consumers-page: which programs each consumer takes, from records; and is it current?"""

import os
import re
import subprocess
import sys
import unittest

from support import EXPORTGATE, SOURCE, Scratch

PAGE = SOURCE / "docs" / "where-programs-go.md"
RECORDS = sorted((SOURCE / "tests" / "recordings" / "consumers").glob("*.jsonl"))


class ConsumersPage(Scratch):
    def make(self, *records):
        self.page = self.folder / "page.md"
        return subprocess.run(
            [sys.executable, SOURCE / "ci" / "consumers-page", self.page, *records],
            env={**os.environ, "EXPORTGATE": str(EXPORTGATE.resolve())},
            capture_output=True,
            text=True,
        )

    def test_the_page_of_the_docs_is_current(self):
        made = self.make()
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(PAGE.read_text(), self.page.read_text(), "run ci/consumers-page")

    def test_a_consumer_that_fails_is_there_with_its_reason(self):
        text = RECORDS[0].read_text()
        consumer = RECORDS[0].stem.split("-")[-1]
        found = re.search(rf'"name":"{consumer}","status":"pass","reasons":\[\]', text)
        self.assertIsNotNone(found)
        planted = found[0].replace('pass","reasons":[]', 'fail","reasons":["pair x: is *away*"]')
        record = self.folder / "planted.jsonl"
        record.write_text(text.replace(found[0], planted, 1))
        made = self.make(record)
        self.assertEqual(made.returncode, 0, made.stderr)
        page = self.page.read_text()
        number = re.search(r"^(\d+)\. is \\\*away\\\*$", page, re.MULTILINE)
        self.assertIsNotNone(number, page)
        self.assertIn(rf"**fails** \[{number[1]}\]", page)

    def test_a_record_that_is_not_whole_makes_no_page(self):
        lines = RECORDS[0].read_text().splitlines(keepends=True)
        cut = self.folder / "cut.jsonl"
        for kept in (lines[:-1], [*lines[:1], *lines[2:]]):
            cut.write_text("".join(kept))
            made = self.make(cut)
            self.assertNotEqual(made.returncode, 0, made)
            self.assertIn("cut.jsonl", made.stderr)
            self.assertFalse(self.page.exists())


if __name__ == "__main__":
    unittest.main()
