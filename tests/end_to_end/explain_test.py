"""`exportgate explain`: why a cell is rejected, from the recorded releases, without any torch."""

import json
import re
import unittest

from support import SOURCE, Scratch

RECORDINGS = SOURCE / "tests" / "recordings"
LEN = "dynamic_cache/plain/nonstrict/named/b3c5"
FOLDERS = ("--cases", SOURCE / "cases", "--golden", SOURCE / "golden")


class Explain(Scratch):
    def explain(self, *words):
        return self.exportgate("explain", *words, *FOLDERS)

    def recorded(self, release, *words):
        return self.explain(*words, "--record", RECORDINGS / f"{release}.jsonl")

    def test_a_rejected_cell(self):
        finished = self.recorded("2.13.0", LEN)
        self.assert_says(
            finished,
            0,
            f"{LEN}: rejected in export: torch._dynamo.exc.UserError\n",
            "\nlen-of-tensor\n  A size is read as a number: ",
            "\n  seen      - You marked batch as dynamic but your code specialized it",
            "\n  cause     Python asks a symbolic size for its number",
            "\n  releases  ",
            "\n  fix       Ask `tensor.numel() == 0`",
            "\n  links     https://github.com/pytorch/pytorch/pull/185804\n",
            f"\nWhat torch says would have to change\n  exportgate explain {LEN} --draft\n",
            "\nobserved on torch 2.13.0+",
        )
        self.assertLessEqual(max(map(len, finished.out.splitlines())), 100 + len(str(RECORDINGS)))

    def test_each_failing_check_of_a_program(self):
        finished = self.recorded("2.9.1", "dynamic_cache/plain/strict/named/b3c5")
        ids = re.findall(r"^([a-z0-9-]+)$", finished.out, re.MULTILINE)
        self.assertEqual(
            ids, ["name-error-l", "attribute-lost", "retrace-zip", "registries-left-behind"]
        )
        self.assertIn("  seen      check run: pair b3c5: raises NameError: name 'L'", finished.out)

    def test_cells_that_met_the_same_share_a_block(self):
        finished = self.recorded("2.9.1", "*/module/strict/*")
        self.assertEqual(finished.code, 0, finished)
        self.assertIn("\n  dynamic_cache/module/strict/static/*\n", finished.out)
        self.assertEqual(finished.out.count("cause     Dynamo takes an `nn.Module`"), 1, finished)
        self.assertIn("(as above)", finished.out)

    def test_the_same_for_programs(self):
        finished = self.recorded("2.9.1", "--json", "dynamic_cache/plain/strict/*", "layers_2/*")
        self.assertEqual(finished.code, 0, finished)
        cells = {cell["cell"]: cell for cell in json.loads(finished.out)["cells"]}
        named = cells["dynamic_cache/plain/strict/named/b3c5"]
        self.assertEqual(
            [met["id"] for met in named["met"]],
            ["name-error-l", "attribute-lost", "retrace-zip", "registries-left-behind"],
        )
        self.assertIn(
            "check run: pair b3c5: raises NameError: name 'L'", named["met"][0]["lines"][0]
        )
        self.assertEqual(named["unknown"], [])
        self.assertTrue(all(name.split("/")[0] in ("dynamic_cache", "layers_2") for name in cells))

    def test_cells_that_pass_every_check(self):
        finished = self.recorded("2.13.0", "layers_2/*")
        self.assert_says(finished, 0, "4 cells: exported, all checks pass. Nothing to explain.\n")

    def test_what_nothing_explains_is_said_to_be_so(self):
        record = (RECORDINGS / "2.13.0.jsonl").read_text()
        unknown = self.folder / "unknown.jsonl"
        edited = record.replace("You marked batch", "Nobody ever saw batch")
        self.assertNotEqual(edited, record)
        unknown.write_text(edited)
        finished = self.explain(LEN, "--record", unknown)
        self.assert_says(
            finished, 0, "unknown  No reason that was met before explains this", "exportgate show "
        )
        self.assertNotIn("len-of-tensor", finished.out)

    def test_without_a_record_the_goldens_are_asked(self):
        finished = self.explain(LEN)
        self.assert_says(finished, 0, "len-of-tensor", "\nexpected on torch 2.15.0 (")
        finished = self.explain("dynamic_cache/module/strict/named/b3c5", "--torch", "2.9.1")
        self.assert_says(finished, 0, "module-input\n", "\nexpected on torch 2.9.1 (")
        finished = self.explain("dynamic_cache/module/strict/named/b3c5", "--torch", "2.10.0")
        self.assertNotIn("module-input", finished.out)

    def test_the_last_record_comes_before_the_goldens(self):
        (self.folder / ".exportgate").mkdir()
        (self.folder / ".exportgate" / "last.jsonl").symlink_to(RECORDINGS / "2.6.0.jsonl")
        self.assert_says(self.explain(LEN), 0, "observed on torch 2.6.0")

    def test_one_reason_and_all_of_them(self):
        one = self.explain("name-error-l")
        self.assert_says(one, 0, "name-error-l\n  Calling the program", "\n  fix ")
        self.assertNotIn("](", one.out)
        listed = self.explain("--list")
        ids = re.findall(r"^  ([a-z0-9-]+)  ", listed.out, re.MULTILINE)
        self.assertGreater(len(ids), 40, listed)
        for id_ in ids:
            self.assertEqual(self.explain(id_).code, 0, id_)

    def test_cells_that_the_record_does_not_hold(self):
        """It is of other cells, as after `run PATTERN`."""
        lines = (RECORDINGS / "2.13.0.jsonl").read_text().splitlines()
        header = json.loads(lines[0])
        header["record"]["cells"].remove(LEN)
        kept = [line for line in lines[1:] if json.loads(line).get("cell") != LEN]
        record = self.folder / "part.jsonl"
        record.write_text("\n".join([json.dumps(header), *kept]) + "\n")
        finished = self.explain(LEN, "--record", record)
        self.assert_says(
            finished,
            2,
            f"part.jsonl: the record does not hold {LEN}",
            f"`exportgate run {LEN}` observes it",
        )
        both = self.explain("dynamic_cache/plain/nonstrict/named/*", "--record", record)
        self.assert_says(both, 0, f"{LEN}: not observed", "the record does not hold this cell")
        shown = self.exportgate("show", LEN, *FOLDERS, "--record", record)
        self.assert_says(shown, 2, "does not hold this cell", f"`exportgate run {LEN}` observes it")

    def test_bad_input(self):
        for words, said in (
            (["len-of-tensr"], 'did you mean "len-of-tensor"?'),
            (["dynamic_cach/plain/*"], 'did you mean "dynamic_cache/plain/*"?'),
            ([LEN, "--record", "nowhere.jsonl"], "nowhere.jsonl"),
            ([LEN, "--torch", "later"], "later"),
            ([LEN, "--torch", "2.9.1", "--record", "a.jsonl"], "excludes"),
            ([], "explain takes a cell, or the id of a reason"),
        ):
            with self.subTest(words):
                self.assert_says(self.explain(*words), 2, said)

    def test_the_page_of_the_docs_is_current(self):
        page = (SOURCE / "docs" / "rejected.md").read_text()
        remedy = "exportgate explain --markdown > docs/rejected.md"
        self.assertEqual(self.explain("--markdown").out, page, remedy)

    def test_links_to_reasons_from_other_docs_lead_somewhere(self):
        ids = set(re.findall(r"^### (.+)$", (SOURCE / "docs/rejected.md").read_text(), re.M))
        linked = 0
        for doc in (*SOURCE.glob("docs/*.md"), SOURCE / "README.md", SOURCE / "cases/README.md"):
            for anchor in re.findall(r"rejected\.md#([a-z0-9-]+)", doc.read_text()):
                self.assertIn(anchor, ids, doc)
                linked += 1
        self.assertGreater(linked, 10)


if __name__ == "__main__":
    unittest.main()
