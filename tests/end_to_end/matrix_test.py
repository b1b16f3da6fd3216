"""`exportgate matrix`: cells x releases, from edited copies of one real record."""

import json
import re
import shutil
import unittest

from support import CELLS, SOURCE, Scratch, record_lines

RECORDINGS = SOURCE / "tests" / "recordings"
PAGE = SOURCE / "docs" / "releases.md"
CELL = "dynamic_cache/plain/strict/named/b3c5"


class Lines(Scratch):
    """What a written table says."""

    @staticmethod
    def case_of(table, name):
        return next(case for case in table["cases"] if case["name"] == name)

    def line_of(self, table, cell):
        """What the row of that cell says: {release: (symbol, note)}."""
        name, *parts = cell.split("/")
        case = self.case_of(table, name)
        for row in case["rows"]:
            if not any(
                all(set(kept) & {part, "*"} for kept, part in zip(cells.values(), parts))
                for cells in row["cells"]
            ):
                continue
            line = {}
            for column, entry in zip(case["columns"], row["entries"]):
                symbol = entry["letter"] + (str(entry["variant"]) if entry["variant"] > 1 else "")
                note = table["notes"][entry["note"] - 1] if entry["note"] else ""
                line.update({release: (symbol, note) for release in column})
            return line
        self.fail(f"no row holds {cell}")


class Matrix(Lines):
    def setUp(self):
        super().setUp()
        self.recordings = self.folder / "tests" / "recordings"
        self.recordings.mkdir(parents=True)
        header, *self.observations, self.footer = record_lines()
        self.header = json.loads(header)
        self.declared = next(
            case for case in self.header["record"]["cases"] if case["name"] == "dynamic_cache"
        )

    def record(self, torch, name=None, footer=True, observe=None, **environment):
        """A record of that release; `observe` returns what is kept of each observation."""
        header = json.loads(json.dumps(self.header))
        header["record"]["environment"].update(
            {"torch": torch, "torch_build": torch + "+cpu", **environment}
        )
        observations = [json.loads(line) for line in self.observations]
        if observe:
            observations = [kept for each in observations if (kept := observe(each))]
        lines = [json.dumps(each) for each in (header, *observations)]
        path = self.recordings / f"{name or torch}.jsonl"
        path.write_text("\n".join([*lines, *([self.footer] if footer else [])]) + "\n")
        return path

    def matrix(self, *arguments, cases=SOURCE / "cases"):
        """The finished command and the table that it wrote."""
        path = self.folder / "table.json"
        path.unlink(missing_ok=True)
        finished = self.exportgate("matrix", "--cases", cases, "--json", path, *arguments)
        return finished, json.loads(path.read_text()) if path.exists() else None

    @staticmethod
    def with_print(edit):
        """An edit of the print of CELL."""

        def observe(observation):
            if observation["cell"] == CELL:
                exported = observation["exported"]
                edited = edit(exported["print"])
                assert edited != exported["print"], "the edit changes nothing"
                exported["print"] = edited
            return observation

        return observe


class Tables(Matrix):
    def test_releases_are_in_the_order_of_their_versions(self):
        for torch, name in (("2.10.0", "a"), ("2.9.1", "b"), ("2.10.0rc1", "c"), ("2.6.0", "d")):
            self.record(torch, name)
        finished, table = self.matrix()
        self.assertEqual(finished.code, 0, finished)
        self.assertEqual(table["releases"], ["2.6.0", "2.9.1", "2.10.0rc1", "2.10.0"])
        case = self.case_of(table, "dynamic_cache")
        self.assertEqual(case["columns"], [table["releases"]], "one column")
        self.assertIn(f"{CELLS} cells, 4 releases (2.6.0 to 2.10.0): ", finished.out)
        self.assertIn("2.6.0 –", finished.out)
        self.assertEqual(sum(row["count"] for row in case["rows"]), 64)

    def test_a_rejection_in_one_release_is_a_row_and_a_column_of_its_own(self):
        def reject(observation):
            if observation["cell"] == CELL:
                del observation["exported"]
                observation["rejected"] = {
                    "stage": "export",
                    "exception": "a.b.UserError",
                    "message": "said | so",
                }
            return observation

        self.record("2.8.0")
        self.record("2.9.1", observe=reject)
        self.record("2.10.0")
        page = self.folder / "page.md"
        finished, table = self.matrix("--markdown", page)
        self.assertEqual(finished.code, 0, finished)
        columns = self.case_of(table, "dynamic_cache")["columns"]
        self.assertEqual(columns, [["2.8.0"], ["2.9.1"], ["2.10.0"]])
        line = self.line_of(table, CELL)
        self.assertEqual([line[torch][0] for torch in table["releases"]], ["e", "R", "e"])
        self.assertEqual(line["2.9.1"][1], "rejected in export: UserError: said | so")
        other = self.line_of(table, CELL.replace("b3c5", "b4c11"))
        self.assertEqual({symbol for symbol, _ in other.values()}, {"e"}, "the other pair is apart")
        self.assertIn("said \\| so", page.read_text())

    def test_another_program_shows(self):
        self.record("2.8.0")
        self.record(
            "2.9.1", observe=self.with_print(lambda text: text.replace(", [2], True)", ", [2])"))
        )
        finished, table = self.matrix()
        self.assertEqual(finished.code, 0, finished)
        symbol, note = self.line_of(table, CELL)["2.9.1"]
        self.assertEqual(symbol, "e2")
        self.assertIn("aten.sum.dim_IntList", note)
        self.assertIn("e² [", finished.out)

    def test_another_spelling_of_the_same_program_does_not(self):
        self.record("2.8.0")
        self.record("2.9.1", observe=self.with_print(lambda text: text.replace("add_1", "other")))
        _, table = self.matrix()
        line = self.line_of(table, CELL)
        self.assertEqual(line["2.9.1"], line["2.8.0"])
        self.assertEqual(line["2.9.1"][0], "e", "exported, and a check fails")
        self.assertEqual(len(self.case_of(table, "dynamic_cache")["columns"]), 1)

    def test_only_some_cells(self):
        self.record("2.8.0")
        finished, table = self.matrix("--only", CELL)
        self.assert_says(finished, 0, "1 cell, 1 release (2.8.0): 1 row tells them apart")
        self.assertEqual(table["cells"], 1)
        self.assert_says(self.matrix("--only", "nothing")[0], 2, "no cell matches")

    def test_named_records_instead_of_a_folder(self):
        first = self.record("2.8.0")
        self.record("2.9.1")
        self.assertEqual(self.matrix(first)[1]["releases"], ["2.8.0"])

    def test_two_builds_of_a_release_are_two_columns(self):
        self.record("2.8.0")
        self.record("2.8.0", "cuda", torch_build="2.8.0+cu128")
        self.record("2.8.0", "python", torch_build="2.8.0+cu128", python="3.13.1")
        self.record("2.9.1")
        finished, table = self.matrix()
        self.assertEqual(finished.code, 0, finished)
        python = self.header["record"]["environment"]["python"]
        self.assertEqual(
            table["releases"],
            [
                f"2.8.0+cpu Python {python}",
                f"2.8.0+cu128 Python {python}",
                "2.8.0+cu128 Python 3.13.1",
                "2.9.1",
            ],
        )

    def test_a_case_of_a_later_torch(self):
        def of_the_case(cell):
            return cell.startswith("dynamic_cache/")

        cases = self.folder / "later"
        shutil.copytree(SOURCE / "cases", cases)
        toml = cases / "dynamic_cache" / "case.toml"
        toml.write_text(toml.read_text().replace('first_torch = "2.6.0"', 'first_torch = "2.9.0"'))
        self.declared["first_torch"] = "2.9.0"
        self.record("2.9.1")
        cells = self.header["record"]["cells"]
        self.header["record"]["cells"] = [cell for cell in cells if not of_the_case(cell)]
        self.record("2.8.0", observe=lambda seen: None if of_the_case(seen["cell"]) else seen)
        finished, table = self.matrix(cases=cases)
        self.assert_says(finished, 0, "– not declared for that torch")
        line = self.line_of(table, CELL)
        self.assertEqual((line["2.8.0"][0], line["2.9.1"][0]), ("-", "e"))


class Faults(Matrix):
    """What could not be read is never shown as what came."""

    def assert_not_observed(self, reason, cells):
        finished, table = self.matrix()
        self.assert_says(finished, 2, "2.9.1.jsonl", reason, f"{cells} of {2 * CELLS} outcomes")
        symbol, note = self.line_of(table, CELL)["2.9.1"]
        self.assertEqual(symbol, "/", finished)
        self.assertIn(reason, note)
        self.assertEqual(self.line_of(table, CELL)["2.8.0"][0], "e", "the other record is shown")

    def setUp(self):
        super().setUp()
        self.record("2.8.0")

    def test_incomplete_record(self):
        self.record("2.9.1", footer=False)
        self.assert_not_observed("incomplete", CELLS)

    def test_record_of_another_declaration(self):
        self.declared["dims"][0]["max"] = 512
        self.record("2.9.1")
        self.assert_not_observed("another declaration", 64)

    def test_print_that_cannot_be_read(self):
        self.record("2.9.1", observe=self.with_print(lambda text: text.replace("def forward", "x")))
        self.assert_not_observed(CELL, 1)

    def test_cell_that_was_not_observed(self):
        self.record("2.9.1", observe=lambda seen: seen if seen["cell"] != CELL else None)
        self.assert_not_observed("does not hold this cell", 1)

    def test_the_same_release_twice(self):
        self.record("2.8.0", "again")
        finished, table = self.matrix()
        self.assert_says(finished, 2, "again.jsonl", "2.8.0.jsonl", "leave one of them away")
        self.assertIsNone(table)

    def test_a_file_that_is_no_record_keeps_the_page_as_it_is(self):
        page = self.folder / "page.md"
        page.write_text("before")
        (self.recordings / "2.9.1.jsonl").write_text("nothing\n")
        finished, table = self.matrix("--markdown", page)
        self.assert_says(finished, 2, "2.9.1.jsonl:1")
        self.assertIsNone(table)
        self.assertEqual(page.read_text(), "before")

    def test_a_version_that_is_none(self):
        self.record("nightly")
        self.assert_says(self.matrix()[0], 2, "nightly.jsonl", '"nightly"')

    def test_no_records(self):
        self.assert_says(self.matrix("--recordings", "nowhere")[0], 2, "nowhere", "--recordings")
        (self.folder / "empty").mkdir()
        self.assert_says(self.matrix("--recordings", "empty")[0], 2, "empty", "holds no record")

    def test_a_page_that_cannot_be_written(self):
        (self.folder / "file").write_text("")
        finished, _ = self.matrix("--markdown", "file/page.md")
        self.assert_says(finished, 2, "file/page.md")


CHECK = re.compile(r"(\w+)(\.\d+)?=([\w/]+)((?:\{(?:[^\\}]|\\.)*\})?)(?:\+\{(?:[^\\}]|\\.)*\})?")


def are_comparably_equal(one, other):
    """Of two lines of outcomes.tsv. Notes are no difference, and of a check that came in two
    revisions only whether it fails; one that came in one of them only is not compared."""
    *texts, checks = one
    *other_texts, other_checks = other
    if texts != other_texts:
        return False
    mine = {name: rest for name, *rest in CHECK.findall(checks)}
    others = {name: rest for name, *rest in CHECK.findall(other_checks)}
    for name in mine.keys() & others.keys():
        (revision, *result), (other_revision, *other_result) = mine[name], others[name]
        if revision == other_revision and result != other_result:
            return False
        if (result[0] == "fail") != (other_result[0] == "fail"):
            return False
    return True


class Committed(Lines):
    """docs/releases.md, the page that others link to, is of the records that are there."""

    def setUp(self):
        super().setUp()
        self.records = sorted(RECORDINGS.glob("*.jsonl"))
        self.assertTrue(self.records, "tests/recordings holds no records of releases")

    def test_the_page_is_up_to_date(self):
        page = self.folder / "page.md"
        arguments = ("--cases", SOURCE / "cases", "--recordings", RECORDINGS, "--markdown", page)
        finished = self.exportgate("matrix", *arguments)
        self.assertEqual(finished.code, 0, finished)
        self.assertTrue(PAGE.exists(), "run `exportgate matrix --markdown docs/releases.md`")
        self.assertEqual(
            PAGE.read_text(),
            page.read_text(),
            "out of date: run `exportgate matrix --markdown docs/releases.md`",
        )

    def test_entries_are_equal_where_outcomes_are(self):
        """Against `check`, which knows nothing of rows, columns and marks."""
        cases = ("--cases", SOURCE / "cases")
        written = self.folder / "table.json"
        finished = self.exportgate("matrix", *cases, *self.records, "--json", written)
        self.assertEqual(finished.code, 0, finished)
        table = json.loads(written.read_text())
        outcomes = {}
        for record in self.records:
            torch = json.loads(record.read_text().split("\n", 1)[0])["record"]["environment"]
            self.exportgate("check", *cases, record, "--outcomes", "outcomes")
            lines = (self.folder / "outcomes" / "outcomes.tsv").read_text().splitlines()[1:]
            for cell, *outcome in (line.split("\t") for line in lines):
                outcomes.setdefault(cell, {})[torch["torch"]] = tuple(outcome)
        self.assertEqual(len(outcomes), table["cells"])
        for cell, by_release in outcomes.items():
            line = {torch: symbol for torch, (symbol, _) in self.line_of(table, cell).items()}
            self.assertEqual(list(line), table["releases"])
            for one in line:
                for other in line:
                    self.assertEqual(
                        line[one] == line[other],
                        are_comparably_equal(by_release[one], by_release[other]),
                        f"{cell} in {one} and {other}",
                    )


if __name__ == "__main__":
    unittest.main()
