"""ci/corpus: pairs of a package and a torch, recorded one after the other, judged by package."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from corpus_support import CELLS, Corpus
from environment_support import write_wheel
from support import BUILD, EXPORTGATE, SOURCE

TORCH = f"here={sys.executable}"
TWO = ("--torch", TORCH, "--with", "tiny==1.0", "--with", "tiny==2.0")
ONE = ("--torch", TORCH, "--with", "tiny==1.0")
OLD, NEW = "tiny-1.0-torch-here", "tiny-2.0-torch-here"


class Pairs(Corpus):
    def setUp(self):
        super().setUp()
        self.use_the_warm_worker()

    def environments(self):
        return sorted(each.name for each in (self.state / "environments").glob("[!.]*"))

    def test_pass_to_fail_is_what_counts(self):
        said = self.corpus(1, *TWO, "--baseline", "tiny==1.0")
        self.assertIn("tiny==1.0, torch here -> tiny==2.0, torch here\n", said)
        self.assertIn("  tiny: 2 cells, 1 pass -> fail\n", said)
        self.assertIn(f"    pass -> fail: {CELLS[1]} (", said)
        self.assertEqual(self.environments(), [])
        self.assertIn('"made_of":', self.record(OLD).read_text())

        with self.subTest("what is done is not done again, and judged again"):
            self.forget_calls()
            self.assertEqual(
                self.corpus(1, *TWO, "--baseline", "tiny==1.0").split("\n", 2)[2],
                said[said.index("tiny==1.0, torch here ->") :],
            )
            self.assertEqual(self.calls("env add") + self.calls("run"), [])
        with self.subTest("the other way round it is an improvement"):
            said = self.corpus(0, *TWO, "--baseline", "tiny==2.0")
            self.assertIn("  tiny: 2 cells, no pass -> fail, 1 improved\n", said)
        with self.subTest("against a record"):
            said = self.corpus(1, *TWO, "--baseline", self.record(OLD))
            self.assertEqual(said.count("1 pass -> fail"), 1, said)
            self.assertEqual(said.count("no pass -> fail"), 1, said)
        with self.subTest("a new torch costs only itself"):
            self.forget_calls()
            there = f"{TORCH},there={sys.executable}"
            said = self.corpus(0, "--torch", there, *ONE[2:])
            self.assertEqual(len(self.calls("env add")), 1)
            self.assertIn(
                "tiny==1.0, torch here -> tiny==1.0, torch there\n  tiny: 2 cells, no", said
            )
        with self.subTest("an edited case costs only its cells"):
            case = self.collection / "cases" / "good" / "case.py"
            case.write_text(case.read_text() + "# edited\n")
            said = self.corpus(0, *ONE)
            self.assertIn("1 cell taken from the record", said)
            lines = self.cells_of(self.record(OLD))
            self.assertEqual([cell for cell in CELLS if "taken_from" in lines[cell]], [CELLS[1]])

    def test_recordings_say_nothing_of_this_machine(self):
        self.corpus(0, *TWO, "--recordings")
        folder = self.collection / "recordings"
        kept = ["here.jsonl", "versions/here-tiny-2.0.jsonl"]
        self.assertEqual(
            sorted(str(each.relative_to(folder)) for each in folder.rglob("*.jsonl")), kept
        )
        text = (folder / "here.jsonl").read_text()
        self.assertNotIn("made_of", text)
        self.assertEqual(sorted(self.cells_of(folder / "here.jsonl")), sorted(CELLS))
        with self.subTest("another version alone does not take its place"):
            self.corpus(0, "--torch", TORCH, "--with", "tiny==2.0", "--recordings")
            self.assertEqual((folder / "here.jsonl").read_text(), text)

    def test_a_pair_that_cannot_be_made_costs_only_itself(self):
        said = self.corpus(2, *ONE, "--with", "gone==1.0", "--with", "tiny==2.0")
        self.assertIn("gone could not be installed", said)
        self.assertIn("gone-1.0-tiny_corpus-torch-here cannot be made", said)
        self.assertIn("not recorded: gone-1.0-tiny_corpus-torch-here/tiny_corpus\n", said)
        self.assertTrue(self.record(OLD).exists() and self.record(NEW).exists())

    def test_a_budget_that_does_not_suffice(self):
        large = ("--torch", TORCH, "--with", "large==1.0", "--with", "tiny==1.0")
        said = self.corpus(2, *large, "--disk", "1GB")
        self.assertIn("pip fetches torch-9.9-cp311-manylinux_2_28_x86_64.whl of 2.5 GB", said)
        self.assertIn("--disk allows 1.0 GB", said)
        self.assertTrue(self.record(OLD).exists(), said)
        self.assertEqual(self.environments(), ["large-1.0-tiny_corpus-torch-here.log"])
        with self.subTest("it is known the next time"):
            (self.state / "sizes.json").write_text(json.dumps({NEW: 2 * 10**9}))
            self.forget_calls()
            said = self.corpus(2, "--torch", TORCH, "--with", "tiny==2.0", "--disk", "1GB")
            self.assertIn("took 2.0 GB when it was made last; --disk allows 1.0 GB", said)
            self.assertEqual(self.calls("env add"), [])

    def test_killed_and_started_again(self):
        one_by_one = (*TWO, "--portion", "1", "--", "--jobs", "1")
        with self.subTest("while an environment is made"):
            half = ("--torch", TORCH, "--with", "half==1.0")
            self.corpus(-signal.SIGKILL, *half)
            (left,) = self.environments()
            said = self.end_at(f"{OLD}/tiny_corpus, part 1 of 2: ", signal.SIGKILL, *one_by_one)
            self.assertIn(f"removing {left}, which is half-made", said)
        with self.subTest("while cells are observed"):
            self.assertEqual(self.environments(), [OLD])
            parts = sorted(each.name for each in self.record(OLD).parent.glob("*-of-2.jsonl"))
            self.assertIn("tiny_corpus-1-of-2.jsonl", parts)
            self.forget_calls()
            self.corpus(0, *one_by_one)
            self.assertNotIn("run --shard 1/2 --env " + OLD, "\n".join(self.calls("run")))
            self.assertEqual(len(self.calls(f"env add {NEW}")), 1)
            self.assertEqual(sorted(self.cells_of(self.record(OLD))), sorted(CELLS))
            self.assertEqual(self.environments(), [])
        with self.subTest("interrupted, it keeps what it has"):
            self.record(OLD).unlink()
            said = self.end_at(f"{OLD}/tiny_corpus, part 1 of 2: ", signal.SIGINT, *one_by_one)
            self.assertIn("interrupted; started again, it goes on from here", said)
            self.assertEqual(self.environments(), [OLD])

    def test_a_flaky_cell(self):
        """It looks whether a file is there, of which no record knows."""
        flip = self.folder / "flip"
        case = self.collection / "cases" / "turns" / "case.py"
        text = case.read_text()
        case.write_text(text.replace("not tiny.VERSION < 2", f"os.path.exists({str(flip)!r})"))
        case.write_text("import os\n" + case.read_text())
        there = ("--torch", f"{TORCH},there={sys.executable}", *ONE[2:])
        self.corpus(0, *there)
        flip.touch()
        with self.subTest("the third is as the second"):
            said = self.corpus(
                1, *ONE, "--baseline", self.record("tiny-1.0-torch-there"), "--fresh"
            )
            self.assertIn(
                f"a third time, since they differ from a record of the same: {CELLS[1]}", said
            )
            self.assertIn("2 cells, 1 pass -> fail, 1 flaky", said)
            self.assertIn(f"    flaky: {CELLS[1]}: exported, then rejected in export", said)
        with self.subTest("it stays known"):
            said = self.corpus(0, *there)
            self.assertNotIn("a third time", said)
            self.assertIn("1 improved, 1 flaky", said)
        with self.subTest("the third is not"):
            (self.folder / "toggles").touch()
            flip.unlink()
            self.corpus(0, *ONE, "--fresh")
            flip.touch()
            said = self.corpus(2, *there, "--baseline", "there", "--fresh")
            self.assertIn(f"    not judged: {CELLS[1]} (came to something else each time)", said)

    def test_shards_of_two_machines(self):
        other = self.folder / "other"
        for shard, state in (("1/2", self.state), ("2/2", other)):
            said = self.corpus(0, *TWO, "--state", state, "--shard", shard)
            self.assertIn(f"shard {shard}: 2 of 2 records\n", said)
        with self.subTest("one of them is missing"):
            self.assertFalse(self.record(OLD).exists())
            self.assertEqual(
                len(self.cells_of(self.record(OLD).with_name("tiny_corpus-1-of-2.jsonl"))), 1
            )
        shutil.copytree(other / "records", self.state / "records", dirs_exist_ok=True)
        self.forget_calls()
        said = self.corpus(1, *TWO, "--baseline", "tiny==1.0")
        self.assertIn("  tiny: 2 cells, 1 pass -> fail\n", said)
        self.assertEqual(self.calls("env add") + self.calls("run"), [])

    def test_shards_of_the_slurm_template(self):
        """Its merged record is a baseline as any other."""
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "exportgate").symlink_to(EXPORTGATE)
        shutil.copy(SOURCE / "ci" / "templates" / "slurm-array.sh", self.collection)
        (self.folder / "tiny.version").write_text("VERSION = 1.0\n")
        variables = {"RELEASES": "default", "SHARDS": "2", "FROM": "default", "TO": "default"}
        path = os.pathsep.join([str(bin_folder), os.environ["PATH"]])
        for what, task in (("observe", "0"), ("observe", "1"), ("judge", "")):
            subprocess.run(
                ["./slurm-array.sh", what],
                cwd=self.collection,
                env=self.environment(
                    PATH=path, RESULTS="results", SLURM_ARRAY_TASK_ID=task, **variables
                ),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=what == "observe",  # judged: new cells fail
            )
        merged = self.collection / "results" / "default.jsonl"
        said = self.corpus(1, "--torch", TORCH, "--with", "tiny==2.0", "--baseline", merged)
        self.assertIn(
            "default.jsonl -> tiny==2.0, torch here\n  tiny: 2 cells, 1 pass -> fail", said
        )

    def test_what_cannot_be_asked(self):
        for arguments, said in (
            (("--torch", "2.13"), "tiny is no collection: it has no exportgate.toml"),
            (("--torch", "nightly"), "write nightly=/path/to/python"),
            (("--torch", f"{TORCH},{TORCH}"), "--torch names here twice"),
            ((*ONE, "--disk", "much"), '--disk "much" is no size: write it like 30GB'),
            ((*ONE, "--shard", "3/2"), '--shard "3/2" is no part'),
            ((*ONE, "--baseline", "2.9.1"), '"2.9.1" is no record, and none of here, tiny==1.0'),
            ((*ONE, "--shard", "1/2", "--recordings"), "a shard is no whole record"),
        ):
            with self.subTest(said):
                wrong = ("--collection", "tiny") if "tiny is" in said else ()
                self.assertIn(said, self.corpus(2, *arguments, *wrong))
        self.assertFalse((self.state / "records").exists())

    def test_two_at_a_time_in_one_folder(self):
        self.state.mkdir()
        with open(self.state / "lock", "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self.assertIn("another ci/corpus works in", self.corpus(2, *ONE))


class MadeOfWheels(Corpus):
    """Environments that pip and the compiler make, of a wheel of the tests' own."""

    def test_an_environment_is_made_used_and_removed(self):
        wheels = self.folder / "wheels"
        write_wheel(wheels, "tiny", "1.0", {"tiny.py": "VERSION = 1.0\n"})
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}
        real = {"exportgate": BUILD / "exportgate", **pip}
        self.corpus(0, *ONE, **real)
        self.assertFalse((self.state / "environments" / OLD).exists())
        with self.subTest("a version that pip does not find"):
            said = self.corpus(2, "--torch", TORCH, "--with", "tiny==7.0", **real)
            self.assertIn("No matching distribution", said)
            self.assertIn("not recorded: tiny-7.0-torch-here/tiny_corpus", said)
        with self.subTest("a folder that may not become as large"):
            said = self.corpus(2, *ONE, "--fresh", "--disk", "5MB", **real)
            self.assertIn("--disk allows 5 MB", said)


if __name__ == "__main__":
    unittest.main()
