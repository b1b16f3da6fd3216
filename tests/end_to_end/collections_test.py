"""What the case collections promise: recorded releases are as expected, every case is explained."""

import unittest

from remedies import tomllib
from support import SOURCE, Scratch

COLLECTIONS = SOURCE / "collections"


class Collections(Scratch):
    def test_every_case_can_be_listed_and_says_why_it_is_there(self):
        for readme in COLLECTIONS.glob("*/README.md"):
            cases = readme.parent / "cases"
            listed = self.assert_says(self.exportgate("list", "--cases", cases), 0)
            for case in cases.glob("*/case.toml"):
                with self.subTest(case=case.parent.name):
                    self.assertRegex(listed.out, rf"(?m)^{case.parent.name}[/\[]")
                    self.assertTrue(case.read_text().startswith('summary = "'))
                    self.assertIn(f"`{case.parent.name}`", readme.read_text())

    def test_each_has_an_environment_of_its_own(self):
        # They are all made in one folder, one after the other.
        named = [
            tomllib.loads(file.read_text()).get("environment", "default")
            for file in COLLECTIONS.glob("*/exportgate.toml")
        ]
        own = sorted(name for name in named if name != "default")
        self.assertEqual(own, sorted(set(own)))

    def test_every_recorded_release_is_as_expected(self):
        recorded = {record.parent for record in COLLECTIONS.glob("*/recordings/*.jsonl")}
        self.assertNotEqual(recorded, set())
        for recordings in recorded:
            collection = recordings.parent
            with self.subTest(collection=collection.name):
                options = ["--cases", collection / "cases", "--golden", collection / "golden"]
                self.assert_says(
                    self.exportgate("check", *sorted(recordings.glob("*.jsonl")), *options),
                    0,
                    "all as expected",
                )


if __name__ == "__main__":
    unittest.main()
