"""exportgate upgrade: from one record to another, both made from the real one of this build."""

import json
import shutil
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree as ElementTree

from support import CASE_PY, CELLS, EXPORTGATE, SOURCE, Scratch, record_lines

ENVIRONMENTS = EXPORTGATE.parent / "environments"
PLAIN = "dynamic_cache/plain/strict/named/b3c5"
STATIC = "dynamic_cache/plain/strict/static/b3c5"


class Lines:
    """A record as the JSON values of its lines."""

    def __init__(self):
        self.lines = [json.loads(line) for line in record_lines()]

    @property
    def header(self):
        return self.lines[0]["record"]

    def case(self, name):
        return next(case for case in self.header["cases"] if case["name"] == name)

    def cell(self, name):
        return next(line for line in self.lines if line.get("cell") == name)

    def set_torch(self, torch):
        self.header["environment"].update(torch=torch, torch_build=f"{torch}+cpu")

    def set_result(self, name, **result):
        line = self.cell(name)
        for status in ("exported", "rejected", "crashed", "timeout", "unobserved"):
            line.pop(status, None)
        line.update(result)

    def remove(self, name):
        self.lines.remove(self.cell(name))

    def write(self, path):
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(line) + "\n" for line in self.lines))


class Upgrade(Scratch):
    """Two records of the whole matrix; each test damages one."""

    def setUp(self):
        super().setUp()
        self.before = Lines()
        self.before.set_torch("2.12.0")
        self.after = Lines()
        self.after.set_torch("2.13.0")

    def upgrade(self, *arguments, cases=SOURCE / "cases", sides=("2.12.0", "2.13.0")):
        self.before.write(self.folder / "records/2.12.0.jsonl")
        self.after.write(self.folder / "records/2.13.0.jsonl")
        return self.exportgate(
            *("upgrade", *sides, "--cases", cases, "--recordings", "records"),
            *("--environments", "none", *arguments),
        )

    def assert_ends(self, finished, code, sentence):
        self.assertEqual(finished.code, code, finished)
        self.assertEqual(finished.out.splitlines()[-1], sentence, finished)
        return finished

    def refuse(self, record, *names):
        for name in names:
            record.set_result(
                name, rejected={"stage": "export", "exception": "ValueError", "message": "no"}
            )

    def raise_in(self, record, name):
        checks = record.cell(name)["exported"]["checks"]
        run = next(check for check in checks if check["name"] == "run")
        self.assertEqual(run["status"], "pass")
        run["status"] = "fail"
        run["reasons"] = ["pair b3c5: raises NameError: name 'L' is not defined"]

    def change_program_of(self, record, name):
        exported = record.cell(name)["exported"]
        self.assertIn("aten.sum.dim_IntList", exported["print"])
        exported["print"] = exported["print"].replace("aten.sum.dim_IntList", "aten.mean.dim")

    def test_same(self):
        finished = self.assert_ends(self.upgrade(), 0, "GO")
        self.assertIn(f"{CELLS} cells: all same", finished.out)
        self.assertIn("records/2.12.0.jsonl", finished.out)
        self.assert_ends(self.upgrade(sides=("2.13.0", "2.13.0")), 0, "GO")
        self.assert_ends(self.upgrade(sides=("2.12", "v2.13")), 0, "GO")

    def test_regressed(self):
        self.raise_in(self.after, PLAIN)
        finished = self.assert_ends(self.upgrade(), 1, "NO-GO: 1 cell regressed")
        self.assertIn(f"REGRESSED  1 cell, {PLAIN}: check run pass -> fail", finished.out)
        self.assertIn("name 'L' is not defined", finished.out)
        back = self.upgrade(sides=("2.13.0", "2.12.0"))
        self.assert_ends(back, 0, "GO")
        self.assertIn(f"1 improved, {CELLS - 1} same", back.out)

    def test_improved(self):
        sound = ("layers_2/plain/strict/named/b3c5", "skipped_layers/plain/strict/named/b3c5")
        self.refuse(self.before, *sound)
        finished = self.assert_ends(self.upgrade("--strict"), 0, "GO")
        self.assertIn(
            "IMPROVED  2 cells, {layers_2,skipped_layers}/plain/strict/named/b3c5: "
            "rejected -> exported\n",
            finished.out,
        )
        self.assertIn('gained: a program with "batch" 1..1024', finished.out)

    def test_changed_passes_unless_strict(self):
        self.change_program_of(self.after, PLAIN)
        finished = self.assert_ends(self.upgrade(), 0, "GO, 1 change to review")
        self.assertIn("aten.mean.dim", finished.out)
        strict = self.upgrade("--strict")
        self.assertEqual(strict.code, 1, strict)
        self.assertIn("NO-GO: 1 cell to review", strict.out)

    def test_cosmetic(self):
        exported = self.after.cell(PLAIN)["exported"]
        symbol = exported["print"].split('x: "f32[')[1].split(",")[0]
        exported["print"] = exported["print"].replace(symbol, "s4321")
        finished = self.assert_ends(self.upgrade("--strict"), 0, "GO")
        self.assertIn(f"1 cosmetic, {CELLS - 1} same", finished.out)
        self.assertIn(f'x: "f32[{symbol},', finished.out)
        self.assertIn('x: "f32[s4321,', finished.out)

    def test_only(self):
        self.raise_in(self.after, PLAIN)
        self.assert_ends(self.upgrade("--only", "*/native/*"), 0, "GO")
        self.assert_ends(self.upgrade("--only", PLAIN), 1, "NO-GO: 1 cell regressed")
        self.assertEqual(self.upgrade("--only", "nothing/*").code, 2)

    def test_records_are_named_by_path(self):
        self.upgrade()
        finished = self.upgrade(sides=("records/2.12.0.jsonl", "records/2.13.0.jsonl"))
        self.assert_ends(finished, 0, "GO")

    def test_cell_that_one_record_lacks(self):
        for record in (self.before, self.after):
            kept = list(record.lines)
            record.remove(PLAIN)
            finished = self.upgrade()
            self.assert_ends(finished, 2, "cannot be judged: 1 cell unobserved")
            self.assertIn("the record does not hold this cell", finished.out)
            record.lines = kept
        self.assert_ends(self.upgrade(), 0, "GO")

    def test_print_that_cannot_be_read(self):
        for record in (self.before, self.after):
            record.cell(PLAIN)["exported"]["print"] = "ExportedProgram:\n  gibberish\n"
        self.assert_ends(self.upgrade(), 2, "cannot be judged: 1 cell unobserved")

    def test_truncated_record(self):
        self.upgrade()
        whole = (self.folder / "records/2.13.0.jsonl").read_bytes()
        (self.folder / "cut.jsonl").write_bytes(whole[: len(whole) // 2])
        finished = self.upgrade(sides=("2.12.0", "cut.jsonl"))
        self.assertEqual(finished.code, 2, finished)
        self.assertIn("cannot be judged: cut.jsonl: the record is incomplete", finished.out)

    def test_record_of_another_declaration(self):
        self.before.case("dynamic_cache")["dims"][0]["max"] = 512
        finished = self.upgrade()
        self.assertEqual(finished.code, 2, finished)
        self.assertIn("recorded with another declaration of case dynamic_cache", finished.out)

    def test_cells_that_no_case_declares(self):
        cases = self.folder / "fewer"
        shutil.copytree(SOURCE / "cases", cases)
        toml = cases / "dynamic_cache" / "case.toml"
        toml.write_text(
            toml.read_text().replace('"native"', '"plain"', 1).replace('"plain", ', "", 1)
        )
        finished = self.upgrade(cases=cases)
        self.assertEqual(finished.code, 2, finished)
        self.assertIn("cannot be judged", finished.out.splitlines()[-1])

    def test_case_of_a_later_torch(self):
        cases = self.folder / "later"
        shutil.copytree(SOURCE / "cases", cases)
        toml = cases / "dynamic_cache" / "case.toml"
        text = toml.read_text()
        self.assertIn('first_torch = "2.6.0"', text)
        toml.write_text(text.replace('first_torch = "2.6.0"', 'first_torch = "2.13.0"'))
        for record in (self.before, self.after):
            record.case("dynamic_cache")["first_torch"] = "2.13.0"
        self.before.lines = [
            line
            for line in self.before.lines
            if not line.get("cell", "").startswith("dynamic_cache/")
        ]
        finished = self.upgrade(cases=cases)
        self.assertEqual(finished.code, 0, finished)
        self.assertIn(f"{CELLS} cells: 64 new, {CELLS - 64} same", finished.out)
        self.assertRegex(finished.out.splitlines()[-1], "^GO, [0-9]+ changes to review$")
        back = self.upgrade(cases=cases, sides=("2.13.0", "2.12.0"))
        self.assertEqual(back.code, 1, back)
        self.assertIn("no longer there: case dynamic_cache starts at torch 2.13.0", back.out)

    def test_nothing_of_that_name(self):
        finished = self.upgrade(sides=("2.12.1", "2.13.0"))
        self.assert_says(
            finished,
            2,
            '"2.12.1" is no file, no environment (',
            ") and no release in records (2.12.0, 2.13.0)",
            "exportgate env add 2.12.1",
        )
        self.assertNotIn(
            "exportgate env add", self.upgrade(sides=("two.twelve", "2.13.0")).err, "no version"
        )
        self.assert_says(self.upgrade(sides=("2.12.0", "no.jsonl")), 2, "no.jsonl", "No such file")

    def test_record_filed_under_another_release(self):
        self.after.set_torch("2.14.0")
        finished = self.upgrade()
        self.assert_says(finished, 2, "is filed under torch 2.13.0 and holds torch 2.14.0")

    def test_a_release_with_its_build_is_no_other_build(self):
        finished = self.upgrade(sides=("2.12.0", "2.13.0+cu130"))
        self.assert_says(finished, 2, "2.13.0.jsonl: holds torch 2.13.0+cpu, another build than")
        self.assert_ends(self.upgrade(sides=("2.12.0", "2.13.0+cpu")), 0, "GO")
        self.raise_in(self.after, PLAIN)
        self.after.header["environment"]["torch_build"] = "2.13.0+cu130"
        self.after.write(self.folder / "records/2.13.0+cu130.jsonl")
        self.after = Lines()
        finished = self.upgrade(sides=("2.12.0", "2.13.0+cu130"))
        self.assert_ends(finished, 1, "NO-GO: 1 cell regressed")

    def test_a_torch_that_is_not_the_one_of_its_build(self):
        self.after.header["environment"]["torch_build"] = "2.9.1+cu128"
        self.assert_says(
            self.upgrade(), 2, "2.13.0.jsonl:1:", "torch 2.13.0 and of the build 2.9.1+cu128"
        )

    def test_a_case_that_is_broken_on_both_sides(self):
        broken = {"stage": "import", "exception": "ImportError", "message": "no transformers"}
        for record in (self.before, self.after):
            for line in record.lines[1:-1]:
                record.set_result(line["cell"], rejected=broken)
        self.assert_ends(self.upgrade(), 2, f"cannot be judged: {CELLS} case errors")

    def fail_before_export(self, record, name):
        error = {"stage": "register", "exception": "TypeError", "message": "no such keyword"}
        record.set_result(name, rejected=error)

    def test_failing_before_the_export_is_worse_where_only_torch_differs(self):
        self.fail_before_export(self.after, PLAIN)
        finished = self.assert_ends(
            self.upgrade("--junit", "report.xml"), 1, "NO-GO: 1 cell regressed"
        )
        self.assert_says(finished, 1, "fails before export: register: TypeError: no such keyword")
        suites = ElementTree.parse(self.folder / "report.xml").getroot()
        self.assertEqual((suites.get("failures"), suites.get("errors")), ("1", "0"))
        refused = self.exportgate(
            *("upgrade", "2.12.0", "2.13.0", "--recordings", "records", "--environments", "none"),
            *("--cases", SOURCE / "cases", "--only", PLAIN, "--accept", "--why", "fine"),
        )
        self.assert_says(refused, 2, f"{PLAIN} fails before export", "expected_stage")
        self.after.header["environment"]["packages"]["numpy"] = "99.1"
        finished = self.upgrade("--junit", "report.xml")
        self.assert_ends(finished, 2, "cannot be judged: 1 case error")
        self.assert_says(
            finished, 2, "CASE ERROR", "it may come from package numpy, not from torch"
        )
        suites = ElementTree.parse(self.folder / "report.xml").getroot()
        self.assertEqual((suites.get("failures"), suites.get("errors")), ("0", "1"))

    def test_failing_before_the_export_in_the_old_torch_only(self):
        self.fail_before_export(self.before, PLAIN)
        finished = self.assert_ends(self.upgrade(), 0, "GO")
        self.assert_says(finished, 0, "no longer fails before export: register")
        self.after.header["inputs_digest"] = "0123456789abcdef"
        self.assert_ends(self.upgrade(), 2, "cannot be judged: 1 case error")

    def test_other_inputs_are_said(self):
        self.after.header["inputs_digest"] = "0123456789abcdef"
        self.assert_says(self.upgrade(), 0, "differs too: the case code or the worker")

    def test_reports(self):
        self.raise_in(self.after, PLAIN)
        self.after.set_result(STATIC, crashed={"stage": "export", "signal": 11, "exit_code": 0})
        self.after.remove("dynamic_cache/plain/strict/auto/b3c5")
        finished = self.upgrade(
            *("--markdown", "comment.md", "--json", "report.json", "--junit", "report.xml")
        )
        sentence = "cannot be judged: 1 cell unobserved"
        self.assert_ends(finished, 2, sentence)
        comment = (self.folder / "comment.md").read_text()
        self.assertEqual(comment.splitlines()[0], f"**{sentence}**")
        self.assertIn("| 2 | regressed |", comment)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual((report["sentence"], report["exit_code"]), (sentence, 2))
        self.assertEqual(report["counts"], {"same": CELLS - 3, "regressed": 2, "unobserved": 1})
        blocking = [cell["name"] for cell in report["cells"] if cell["blocks"]]
        self.assertEqual(blocking, [PLAIN, STATIC])
        suites = ElementTree.parse(self.folder / "report.xml").getroot()
        self.assertEqual(
            [suites.get(count) for count in ("tests", "failures", "errors")], [str(CELLS), "2", "1"]
        )

    def test_reports_overwrite_neither_a_record_nor_each_other(self):
        self.upgrade()
        record = self.folder / "records/2.13.0.jsonl"
        before = record.read_bytes()
        (self.folder / "link.json").symlink_to(record)
        for name in ("records/2.13.0.jsonl", "records/../records/2.13.0.jsonl", "link.json"):
            finished = self.upgrade("--json", name)
            self.assert_says(finished, 2, f"{name}: is read, and --json would overwrite it")
            self.assertEqual(record.read_bytes(), before)
        finished = self.upgrade("--json", "one", "--markdown", "./one")
        self.assert_says(finished, 2, "--json would overwrite what --markdown wrote there")
        self.assertFalse((self.folder / "one").exists())
        self.assert_ends(self.upgrade("--json", "/dev/null", "--junit", "/dev/null"), 0, "GO")
        for command in ("check", "matrix"):
            finished = self.exportgate(
                *(command, record, "--cases", SOURCE / "cases", "--json", record)
            )
            self.assert_says(finished, 2, "is read, and --json would overwrite it")
            self.assertEqual(record.read_bytes(), before)
        finished = self.exportgate("run", "--junit", ".exportgate/last.jsonl")
        self.assert_says(finished, 2, "--junit would overwrite what --record wrote there")

    def goldens(self):
        return self.golden_files() if (self.folder / "golden").exists() else {}

    def test_accept(self):
        self.refuse(self.before, PLAIN)
        self.change_program_of(self.after, STATIC)
        shutil.copytree(SOURCE / "golden", self.folder / "golden")
        before = self.goldens()
        self.assert_says(self.upgrade("--accept"), 2, "--why")
        self.assert_says(self.upgrade("--accept", "--why", " "), 2, "--why")
        self.assert_says(self.upgrade("--why", "x"), 2, "--accept")
        self.assertEqual(self.goldens(), before)
        finished = self.upgrade("--accept", "--why", "the mean is meant")
        self.assert_says(finished, 0, "GO, 1 change to review", "1 cell accepted for torch 2.13.0")
        self.assertIn(
            "the mean is meant", (self.folder / "golden/dynamic_cache/expected.tsv").read_text()
        )
        checked = self.exportgate("check", "records/2.13.0.jsonl", "--cases", SOURCE / "cases")
        self.assertEqual(checked.code, 0, checked)

    def test_accept_takes_what_regressed_only_by_name(self):
        self.refuse(self.after, PLAIN)
        shutil.copytree(SOURCE / "golden", self.folder / "golden")
        before = self.goldens()
        finished = self.upgrade("--accept", "--why", "x")
        self.assert_says(
            finished, 1, "nothing was accepted: 1 cell regressed", "--only", f"'{PLAIN}'"
        )
        self.assertEqual(self.goldens(), before)
        finished = self.upgrade("--accept", "--why", "no longer promised", "--only", PLAIN)
        self.assert_says(finished, 0, "NO-GO: 1 cell regressed", "1 cell accepted")
        checked = self.exportgate("check", "records/2.13.0.jsonl", "--cases", SOURCE / "cases")
        self.assertEqual(checked.code, 0, checked)

    def test_accept_takes_nothing_that_could_not_be_judged(self):
        self.change_program_of(self.after, STATIC)
        self.before.remove(PLAIN)
        shutil.copytree(SOURCE / "golden", self.folder / "golden")
        before = self.goldens()
        self.assert_says(self.upgrade("--accept", "--why", "x"), 2, "nothing was accepted")
        self.assertEqual(self.goldens(), before)

    def test_report_that_cannot_be_written(self):
        finished = self.upgrade("--markdown", "/proc/comment.md")
        self.assert_says(finished, 2, "/proc/comment.md")


class Environments(Scratch):
    """Sides that are environments: the cells are observed there, with real torch."""

    def setUp(self):
        super().setUp()
        self.add_case("mine")

    def upgrade(self, *arguments, environments=ENVIRONMENTS):
        return self.exportgate("upgrade", *arguments, "--environments", environments)

    def test_an_environment_by_name_and_by_its_torch(self):
        torch = json.loads((ENVIRONMENTS / "default/environment.json").read_text())["environment"]
        finished = self.upgrade("default", torch["torch"])
        self.assert_says(finished, 0, "environment default, kept in .exportgate/default.jsonl")
        self.assertEqual(finished.out.splitlines()[-2:], ["1 cell: same", "GO"])
        record = self.folder / ".exportgate/default.jsonl"
        again = self.upgrade("default", "default")
        self.assert_says(again, 0, "1 cell taken from the record of ", "none exported")
        self.assertIn('"taken_from":', record.read_text())

    def test_nothing_runs_where_the_other_side_is_not_there(self):
        self.assert_says(self.upgrade("nothing", "default"), 2, '"nothing" is no file')
        self.assertFalse((self.folder / ".exportgate/default.jsonl").exists())

    def test_a_mistake_in_b_does_not_cost_a_run_of_a(self):
        self.assert_says(self.upgrade("default", "defalt"), 2, 'did you mean "default"?')
        self.assertFalse((self.folder / ".exportgate").exists())

    def test_a_change_of_the_case_is_seen(self):
        self.assertEqual(self.upgrade("default", "default").code, 0)
        (self.folder / ".exportgate/default.jsonl").rename(self.folder / "before.jsonl")
        code = self.folder / "cases" / "mine" / "case.py"
        code.write_text(code.read_text().replace("w = values + keys", "w = values - keys"))
        finished = self.upgrade("before.jsonl", "default")
        self.assert_says(finished, 0, "GO, 1 change to review", "aten.sub.Tensor")
        self.assert_says(finished, 0, "differs too: the case code or the worker")

    def test_several_environments_with_that_torch(self):
        for name in ("one", "two"):
            (self.folder / "environments" / name).mkdir(parents=True)
            description = json.loads((ENVIRONMENTS / "default/environment.json").read_text())
            description["environment"].update(name=name, torch="2.4.0", torch_build="2.4.0+cpu")
            (self.folder / "environments" / name / "environment.json").write_text(
                json.dumps(description)
            )
        finished = self.upgrade("2.4.0", "default", environments="environments")
        self.assert_says(finished, 2, "the environments one, two all have torch 2.4.0")
        finished = self.upgrade("2.4.0+cu121", "default", environments="environments")
        self.assert_says(finished, 2, '"2.4.0+cu121" is no file, no environment')

    def test_ctrl_c(self):
        forward = "    def forward(self, x, dc):\n"
        self.assertIn(forward, CASE_PY)
        started = self.folder / "started"
        endless = f"        open({str(started)!r}, 'w').close()\n        while True: pass\n"
        self.add_case("endless", code=CASE_PY.replace(forward, forward + endless))
        process = subprocess.Popen(
            self.command("upgrade", "default", "default", "--environments", ENVIRONMENTS),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not started.exists():
            self.assertIsNone(process.poll(), "it ended early")
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, out + err)
        self.assertIn("interrupted; nothing was compared", err)


if __name__ == "__main__":
    unittest.main()
