"""ci/programs: which programs are loaded where, and what it makes of wrong arguments.

What torch makes of the programs is in tests/recordings/loaded; it takes all releases.
"""

import importlib.util
import subprocess
import sys
import unittest
from importlib.machinery import SourceFileLoader

from support import SOURCE

SCRIPT = SOURCE / "ci" / "programs"


def module():
    loader = SourceFileLoader("ci_programs", str(SCRIPT))
    loaded = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(loaded)
    return loaded


class Programs(unittest.TestCase):
    def test_each_release_goes_one_back_and_into_the_default(self):
        programs = module()
        names = programs.releases()
        self.assertIn(programs.DEFAULT, names)
        moves = programs.wanted(names)
        self.assertEqual(len(moves), len(set(moves)))
        for before, after in zip(names, names[1:], strict=False):
            self.assertIn((after, before), moves)
        into_default = {saved for saved, loaded in moves if loaded == programs.DEFAULT}
        before_default = names[names.index(programs.DEFAULT) - 1]  # that one is in a record
        self.assertEqual(into_default, set(names) - {programs.DEFAULT, before_default})

    def test_no_release_is_needed_again_after_it_was_left_alone(self):
        """Each is installed once: what needs it comes one after the other."""
        programs = module()
        moves = programs.wanted(programs.releases())
        for release in programs.releases():
            if release == programs.DEFAULT:
                continue
            at = [i for i, move in enumerate(moves) if release in move]
            # Two moves ahead are looked at before an environment is removed.
            self.assertTrue(all(b - a <= 2 for a, b in zip(at, at[1:], strict=False)), release)

    def test_each_move_is_kept(self):
        programs = module()
        moves = programs.wanted(programs.releases())
        kept = {file.stem for file in programs.KEPT.glob("*.tsv")}
        self.assertEqual(kept, {f"{saved}-in-{loaded}" for saved, loaded in moves})

    def test_wrong_arguments(self):
        for argument, said in {
            "2.9.1": "2.9.1: write RELEASE=PYTHON, or nothing for all releases",
            "9.9.9=/nowhere/python": "ci/releases.txt does not name 9.9.9",
        }.items():
            with self.subTest(argument):
                ended = subprocess.run(
                    [sys.executable, SCRIPT, argument], capture_output=True, text=True
                )
                self.assertEqual((ended.returncode, ended.stdout), (1, ""))
                self.assertEqual(ended.stderr, f"ci/programs: {said}\n")


if __name__ == "__main__":
    unittest.main()
