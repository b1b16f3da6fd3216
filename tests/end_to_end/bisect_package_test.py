"""`exportgate bisect --package`: the version of a package in which a cell turned.

The versions are wheels that the test makes; nothing is downloaded.
"""

import os
import unittest

from environment_support import ENVIRONMENTS, Environments, write_wheel
from support import CASE_PY, CASE_TOML, EXPORTGATE

# From 2.0 on, tiny reads a number of a tensor, which torch.export cannot.
USES_TINY = "import tiny\n" + CASE_PY.replace(
    "length = dc.get_seq_length()", "length = tiny.length_of(dc)"
)
BEFORE = "def length_of(cache):\n    return cache.get_seq_length()\n"
AFTER = (
    "def length_of(cache):\n    return int(cache.key_cache[0][0, 0, :, 0].mul(0).add(1).sum())\n"
)
CELL = "mine/plain/nonstrict/static/b3c5"


class BisectPackage(Environments):
    def setUp(self):
        super().setUp()
        self.add_case("mine", toml=CASE_TOML, code=USES_TINY)
        wheels = self.folder / "wheels"
        write_wheel(wheels, "tiny", "1.0", {"tiny.py": BEFORE})
        write_wheel(wheels, "tiny", "1.1", {"tiny.py": BEFORE}, ["nowhere_to_be_found"])
        write_wheel(wheels, "tiny", "1.10", {"tiny.py": AFTER})
        write_wheel(wheels, "tiny", "2.0", {"tiny.py": AFTER})
        self.pip = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PIP_CONFIG_FILE": os.devnull,  # it may have constraints of its own
        }
        self.root.mkdir()
        (self.root / "default").symlink_to(EXPORTGATE.resolve().parent / "environments" / "default")

    def bisect(self, good, bad, package="tiny"):
        return self.exportgate(
            *("bisect", CELL, "--package", package, "--good", good, "--bad", bad),
            *(*ENVIRONMENTS, "--env", "default"),
            timeout=800,
            **self.pip,
        )

    def test_the_version_that_broke_a_cell(self):
        found = self.bisect("1.0", "1.10")
        place = "first bad: one of tiny 1.1, 1.10 (1.0 is good, and 1.1 could not be judged)"
        self.assert_says(found, 0, CELL, place, "tiny==1.1", "could not be installed")
        sides = "default-tiny-1.0 default-tiny-1.10"
        self.assert_says(found, 0, f"exportgate upgrade {sides} --only '{CELL}'")
        kept = "`exportgate env remove NAME`: default-tiny-1.0, default-tiny-1.10"
        self.assert_says(found, 0, "3 of 3 releases looked at", kept)
        with self.subTest("what was observed is not observed again"):
            again = self.bisect("1.0", "1.10")
            self.assert_says(again, 0, place, "3 of 3 releases looked at")
            self.assertIn("taken from", again.err + again.out)
        with self.subTest("the command that it names"):
            shown = self.exportgate("upgrade", *sides.split(), "--only", CELL, *ENVIRONMENTS)
            self.assert_says(shown, 1, CELL)
        with self.subTest("versions that there are not"):
            self.assert_says(self.bisect("1.0", "3.0"), 2, "pip knows no version 3.0 of tiny")
            self.assert_says(self.bisect("1.0", "3.0"), 2, "it knows 1.0, 1.1, 1.10, 2.0")
            self.assert_says(self.bisect("1", "2", "tyni"), 2, "pip knows no version of tyni")
        with self.subTest("two ends that are one"):
            same = self.bisect("1.0", "1.0.0")
            self.assert_says(same, 2, "--good and --bad are both tiny 1.0")
        with self.subTest("no name of a package"):
            self.assert_says(self.bisect("1", "2", "../x"), 2, '--package "../x" is no name')
            self.assert_says(self.bisect("1", "2", "Torch"), 2, "leave --package out")
        with self.subTest("an environment that is not there"):
            missing = self.exportgate(
                *("bisect", CELL, "--package", "tiny", "--good", "1.0", "--bad", "2.0"),
                *(*ENVIRONMENTS, "--env", "gone"),
            )
            self.assert_says(missing, 2, 'there is no environment "gone"')


if __name__ == "__main__":
    unittest.main()
