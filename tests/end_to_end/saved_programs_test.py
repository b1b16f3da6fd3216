"""Programs that one run saves and another loads; what time and seed the checks have."""

import json
import os
import time
import unittest

from support import CASE_PY, CASE_TOML, Prepared, Scratch

ONE = "mine/plain/nonstrict/static/b3c5"
TWO_PAIRS = CASE_TOML + "b4c11 = { batch = 4, clength = 11 }\n"


class Runs(Scratch):
    def run_cells(self, *arguments, record="record.jsonl", code=1):
        """Nothing is accepted here, so what was observed is `new`: exit code 1."""
        finished = self.exportgate("run", "--no-pending", "--record", record, *arguments)
        self.assertEqual(finished.code, code, finished)
        return finished

    def lines(self, record="record.jsonl"):
        return [json.loads(line) for line in (self.folder / record).read_text().splitlines()]

    def observation(self, cell=ONE, record="record.jsonl"):
        return next(line for line in self.lines(record) if line.get("cell") == cell)


class SavedPrograms(Runs, Prepared):
    """Each test starts with a case, and its program saved below programs/."""

    def prepare(self):
        self.add_case("mine")
        saved = self.run_cells("--save-programs", "programs", record="a.jsonl")
        self.assertIn("1 program saved", saved.err)

    def test_saved_and_loaded(self):
        # In this folder: prints name it, and one that is equal to the letter is recorded as "=".
        self.run_cells("--save-programs", "programs", record="a.jsonl")
        self.assertTrue((self.folder / f"programs/{ONE}.pt2").stat().st_size)
        described = json.loads((self.folder / "programs/programs.json").read_text())
        header = self.lines("a.jsonl")[0]["record"]
        self.assertEqual(
            described,
            {
                "format": 1,
                "torch_build": header["environment"]["torch_build"],
                "inputs_digest": header["inputs_digest"],
            },
        )
        self.assertNotIn("earlier", self.observation(record="a.jsonl"))

        loaded = self.run_cells("--load-programs", "programs", "--trust", record="b.jsonl")
        self.assertIn("1 of 1 cells have a program that torch 2.", loaded.err)
        earlier = self.observation(record="b.jsonl")["earlier"]
        self.assertEqual(earlier["status"], "pass", earlier)
        self.assertEqual(earlier["torch_build"], described["torch_build"])
        self.assertEqual(earlier["print"], "=")
        self.assert_says(
            self.exportgate("upgrade", "a.jsonl", "b.jsonl"),
            0,
            "PROGRAMS  1 program that torch 2.",
            "\nGO\n",
        )

        with self.subTest("a program that does not load"):
            (self.folder / f"programs/{ONE}.pt2").write_bytes(b"no program")
            self.run_cells("--load-programs", "programs", "--trust", record="b.jsonl")
            self.assertEqual(self.observation(record="b.jsonl")["earlier"]["status"], "fail")
            self.assert_says(
                self.exportgate("upgrade", "a.jsonl", "b.jsonl"),
                1,
                "REGRESSED  1 cell",
                "a program saved by torch 2.",
                ": load raises ",
                "PROGRAMS  0 of 1 program",
                "NO-GO: 1 cell regressed",
            )

        with self.subTest("a program that is gone is not tried"):
            (self.folder / f"programs/{ONE}.pt2").unlink()
            none = self.run_cells("--load-programs", "programs", "--trust", record="b.jsonl")
            self.assertIn("0 of 1 cells have a program", none.err)
            self.assertNotIn("earlier", self.observation(record="b.jsonl"))

    def test_shards_save_into_one_folder(self):
        (self.folder / "cases/mine/case.toml").write_text(TWO_PAIRS)
        for shard in ("1/2", "2/2"):
            self.run_cells("--save-programs", "both", "--shard", shard)
        both = sorted(path.stem for path in (self.folder / "both").rglob("*.pt2"))
        self.assertEqual(both, ["b3c5", "b4c11"])
        loaded = self.run_cells("--load-programs", "both", "--trust", "*/b4c11")
        self.assertIn("1 of 1 cells have a program", loaded.err)

    def test_what_no_longer_exports_leaves_no_program(self):
        case = self.folder / "cases/mine"
        code = CASE_PY.replace(
            "def forward(self, x, dc):\n", "def forward(self, x, dc):\n        1 / 0\n"
        )
        (case / "case.py").write_text(code)
        refused = self.exportgate("run", "--save-programs", "programs")
        self.assert_says(refused, 2, "programs: holds programs that were saved with other cases")
        self.run_cells("--save-programs", "anew", code=2)  # an error of the case
        self.assertEqual(list((self.folder / "anew").rglob("*.pt2")), [])

    def test_folders_that_will_not_do(self):
        case = self.folder / "cases/mine"
        for arguments, text in (
            (("--load-programs", "programs"), "loading programs unpickles them"),
            (("--trust", "--load-programs", "none"), "none: is not there (name a folder that"),
            (("--trust", "--load-programs", "cases"), "cases: holds no saved programs"),
            (("--save-programs", "cases"), "cases: is no folder of saved programs and not empty"),
            (
                ("--save-programs", "p", "--trust", "--load-programs", "p"),
                "p: is read, and --save-programs",
            ),
            (("--env", "a", "--env", "b", "--save-programs", "p"), "write {env} where"),
            (
                ("--checks", "run,dims", "--save-programs", "p"),
                "--checks leaves it out (add it: --checks run,dims,save_load)",
            ),
        ):
            with self.subTest(text):
                refused = self.exportgate("run", *arguments)
                self.assert_says(refused, 2, text)
                self.assertFalse((self.folder / ".exportgate").exists())
        kept = sorted((self.folder / "programs").rglob("*"))
        (case / "case.py").write_text(CASE_PY + "# changed\n")
        for option, more in (("--save-programs", ()), ("--load-programs", ("--trust",))):
            with self.subTest(option):
                refused = self.exportgate("run", option, "programs", *more)
                self.assert_says(refused, 2, "saved with other cases or another worker")
        self.assertEqual(sorted((self.folder / "programs").rglob("*")), kept)

    def test_an_upgrade_between_environments_hands_the_programs_over(self):
        self.add_environments("default", "second")
        upgrade = ("upgrade", "default", "second", "--environments", "environments")
        temporary = self.folder / "temporary"
        temporary.mkdir()

        first = self.exportgate(*upgrade, TMPDIR=str(temporary))
        self.assert_says(first, 0, "PROGRAMS  1 program that torch 2.", "\nGO\n")
        self.assertIn("1 program saved", first.err)
        self.assertEqual(list(temporary.glob("exportgate-*")), [])
        second = self.exportgate(*upgrade)
        self.assertEqual(second.out, first.out)
        self.assertRegex(
            second.err,
            r"\A(exportgate: 1 cell taken from the record of \d\d:\d\d, none exported\n){2}\Z",
        )
        os.remove(self.folder / ".exportgate/default.jsonl")
        self.assertIn("1 program saved", self.exportgate(*upgrade).err)


class Checks(Runs):
    def test_a_check_that_hangs_costs_itself_alone(self):
        hangs = CASE_PY.replace(
            "def unregister(cache_class):\n",
            "def unregister(cache_class):\n    import signal\n    signal.pause()\n",
        )
        self.assertNotEqual(hangs, CASE_PY)
        self.add_case("mine", code=hangs)
        began = time.monotonic()
        self.run_cells("--check-timeout", "1.5", "--timeout", "200")
        self.assertLess(time.monotonic() - began, 120)
        checks = {c["name"]: c for c in self.observation()["exported"]["checks"]}
        self.assertEqual(
            checks["registry"]["reasons"], ["timeout: longer than its budget of 1.5 s"]
        )
        self.assertEqual(checks["run"]["status"], "pass")
        self.assertIn("check:registry", self.observation()["timings_s"])

    def test_the_seed_is_recorded_and_its_records_are_no_others(self):
        self.add_case("mine")
        self.run_cells()
        self.assertNotIn("seed", self.lines()[0]["record"])
        other = self.run_cells("--seed", "7", "--reuse")
        self.assertIn("1 of 1 cell", other.err)
        self.assertEqual(self.lines()[0]["record"]["seed"], 7)
        self.assertIn("1 cell taken from the record", self.run_cells("--seed", "7", "--reuse").err)
        for wrong in ("-1", "one"):
            self.assert_says(self.exportgate("run", "--seed", wrong), 2, "--seed")


if __name__ == "__main__":
    unittest.main()
