"""One case.toml for several cases, [parameters]: from the list of cells to goldens, waivers,
shards, records of two releases and ctest."""

import json
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from support import EXPORTGATE, SOURCE, Prepared

TOML = """\
class = "Cache"
kinds = ["as_is"]
modes = ["nonstrict"]
dims_styles = ["static"]
export_pairs = ["b3c5"]

[parameters]
arch = ["add", "plus", "branch"]
layers = [1, 2]

[[excluded]]
parameters = { arch = "branch", layers = 2 }
reason = "one question is enough"

[inputs]
x = ["batch", 4]
"cache.keys" = ["batch", "length"]
"cache.values" = ["batch", "length"]

[outputs]
y = ["batch", 4]

[dims]
batch = [1, 64]
length = [1, 64]

[pairs]
b3c5 = { batch = 3, length = 5 }
b4c11 = { batch = 4, length = 11 }
"""

# "add" and "plus" are one model.
CODE = """\
from dataclasses import dataclass

import torch
from exportgate_case import parameters
from torch.utils import _pytree as pytree

ARCH = parameters["arch"]  # while it is imported
assert list(parameters) == ["arch", "layers"] and type(parameters["layers"]) is int
try:
    parameters["arch"] = "another"
except TypeError:
    pass
else:
    raise AssertionError("parameters can be written")


@dataclass
class Cache:
    keys: torch.Tensor
    values: torch.Tensor


class Model(torch.nn.Module):
    def forward(self, x, cache):
        for _ in range(parameters["layers"]):
            x = x + (cache.keys * cache.values).sum(1, keepdim=True)
        if ARCH == "branch" and x.sum() > 0:
            return x - 1
        return x


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.keys"], leaves["cache.values"])


def register(cache_class):
    torch.export.register_dataclass(
        cache_class, serialized_type_name=f"{cache_class.__module__}.Cache"
    )


def unregister(cache_class):
    pytree._deregister_pytree_node(cache_class)
"""

CASES = ["arch=add,layers=1", "arch=add,layers=2", "arch=plus,layers=1", "arch=plus,layers=2"]
CASES += ["arch=branch,layers=1"]
ALL = [f"hf[{case}]/as_is/nonstrict/static/b3c5" for case in CASES]


FEW = ("--checks", "dims")  # where a test is about other things than checks


def of(*words):
    """The names of the cells in which all `words` stand."""
    return [name for name in ALL if all(word in name for word in words)]


def without(value):
    """TOML without that architecture."""
    return TOML.replace(f'"{value}", ', "", 1)


class Parameters(Prepared):
    def prepare(self):
        self.add_case("hf", CODE, TOML)
        self.run_and_accept()

    def rewrite(self, toml=TOML, code=CODE):
        (self.folder / "cases/hf/case.toml").write_text(toml)
        (self.folder / "cases/hf/case.py").write_text(code)

    def listed(self, *patterns):
        return self.assert_says(self.exportgate("list", *patterns), 0).out.splitlines()

    def rows(self):
        """Cell -> the columns of its row."""
        lines = (self.folder / "golden/hf/expected.tsv").read_text().splitlines()
        return {line.split("\t")[0]: line.split("\t") for line in lines[3:]}

    def test_cells_are_listed_and_selected_by_values(self):
        self.assertEqual(self.listed(), ALL)
        self.assertEqual(self.listed("hf/*"), ALL)
        self.assertEqual(self.listed("hf[arch=add]/*"), of("arch=add"))
        self.assertEqual(self.listed("hf[layers=1]/as_is/*/static/*"), of("layers=1"))
        self.assertEqual(self.listed(ALL[3]), [ALL[3]])
        self.assert_says(self.exportgate("list", "hf"), 2, 'did you mean "hf/*"?')
        self.assert_says(
            self.exportgate("run", "hf[arch=plsu]/*"), 2, 'did you mean "hf[arch=plus]/*"?'
        )
        cells = json.loads(self.exportgate("list", "--json", "hf[arch=add,layers=2]/*").out)
        self.assertEqual(cells[0]["parameters"], {"arch": "add", "layers": 2})
        self.assertNotIn("package", cells[0])

    def test_goldens_are_of_the_folder_and_share_texts(self):
        rows = self.rows()
        self.assertEqual(sorted(rows), sorted(name.removeprefix("hf") for name in ALL))
        add = rows["[arch=add,layers=1]/as_is/nonstrict/static/b3c5"]
        plus = rows["[arch=plus,layers=1]/as_is/nonstrict/static/b3c5"]
        self.assertEqual(add[1:], plus[1:])  # the file of the graph, and what checks noted
        two = rows["[arch=add,layers=2]/as_is/nonstrict/static/b3c5"]
        self.assertNotEqual(add[4], two[4])
        self.assertEqual(rows["[arch=branch,layers=1]/as_is/nonstrict/static/b3c5"][3], "rejected")
        self.assertEqual(len(list(self.folder.glob("golden/*"))), 1)

    def test_what_is_accepted_is_green_and_taken_from_the_record(self):
        finished, cells = self.judged("run", "--reuse")
        self.assertEqual(finished.code, 0, finished)
        self.assertEqual({cell["verdict"] for cell in cells.values()}, {"as expected"})
        self.assertTrue(all(cell["taken_from"] for cell in cells.values()))
        self.assertIn("hf by arch, layers, as_is", finished.out)
        self.assertRegex(finished.out, r"(?m)^branch 1 +R")

    def test_a_change_of_one_value_is_of_its_cells_only(self):
        self.rewrite(
            code=CODE.replace(
                "return x\n\n\ndef make", 'return x * 2 if ARCH == "plus" else x\n\n\ndef make'
            )
        )
        finished, cells = self.judged("run")
        self.assertEqual(finished.code, 1, finished)
        changed = [name for name, cell in cells.items() if cell["verdict"] != "as expected"]
        self.assertEqual(changed, of("arch=plus"))
        # In few words.
        self.assertIn("hf[arch=plus]/as_is/nonstrict/static/b3c5", finished.out)
        accepted = self.exportgate("accept", "hf[arch=plus,layers=1]/*", "--why", "twice")
        self.assert_says(accepted, 0, "1 cell accepted")
        _, cells = self.judged("check", ".exportgate/last.jsonl")
        changed = [name for name, cell in cells.items() if cell["verdict"] != "as expected"]
        self.assertEqual(changed, of("arch=plus", "layers=2"))

    def test_a_waiver_names_values(self):
        waiver = (
            '\n[[waivers]]\ncells = "[arch=plus]/as_is/*"\ntorch = ">=2.5"\n'
            'differs = ["program", "decomposed program"]\nreason = "known"\nurl = "https://example.org/7"\n'
            "expires = 2027-03-01\n"
        )
        code = CODE.replace(
            "return x\n\n\ndef make", 'return x * 2 if ARCH == "plus" else x\n\n\ndef make'
        )
        self.rewrite(TOML + waiver, code)
        _, cells = self.judged("run", "--today", "2027-02-01", "hf[arch=plus]/*", "hf[arch=add]/*")
        self.assertEqual({cells[name]["verdict"] for name in of("arch=plus")}, {"waived"})
        self.assertEqual({cells[name]["verdict"] for name in of("arch=add")}, {"as expected"})

    def test_a_value_that_is_gone_leaves_an_orphan(self):
        self.rewrite(without("plus"))
        finished = self.assert_says(
            self.exportgate("run", *FEW),
            1,
            "cell hf[arch=plus,layers=1]/as_is/nonstrict/static/b3c5 is expected, but case.toml "
            "does not declare it",
        )
        self.assertNotIn("arch=add,layers=1]/as_is/nonstrict/static/b3c5 is expected", finished.out)

    def test_a_value_that_is_added_is_new_and_alone(self):
        self.rewrite(TOML.replace('"plus", ', '"plus", "more", ', 1))
        finished, cells = self.judged("run")
        self.assertEqual(finished.code, 1, finished)
        new = [name for name, cell in cells.items() if cell["verdict"] == "new"]
        self.assertEqual(len(new), 2)
        self.assertTrue(all("arch=more" in name for name in new), new)
        self.assert_says(self.exportgate("accept", "--why", "one more"), 0, "which is recorded")

    def test_a_value_may_require_what_is_not_there(self):
        needs = '{ value = "plus", requires = ["nowhere-to-be-found>=1"] }'
        self.rewrite(TOML.replace('"plus"', needs, 1))
        finished, cells = self.judged("run", *FEW)
        self.assertEqual(finished.code, 2, finished)
        unobserved = [name for name, cell in cells.items() if cell["verdict"] == "unobserved"]
        self.assertEqual(unobserved, of("arch=plus"))

    def test_shards_are_merged(self):
        for i in (1, 2):
            self.exportgate("run", *FEW, "--shard", f"{i}/2", "--record", f"{i}.jsonl")
        self.assert_says(self.exportgate("merge", "1.jsonl", "2.jsonl", "-o", "all.jsonl"), 0)
        finished, cells = self.judged("check", "all.jsonl")
        self.assertEqual((finished.code, list(cells)), (0, ALL), finished)

    def record_of(self, torch, lines):
        header = json.loads(lines[0])
        header["record"]["environment"].update(torch=torch, torch_build=f"{torch}+cpu", name=torch)
        file = self.folder / f"{torch}.jsonl"
        file.write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n")
        return file

    def test_records_of_two_releases_are_compared_by_value(self):
        lines = (self.folder / ".exportgate/last.jsonl").read_text().splitlines()
        header = json.loads(lines[0])["record"]
        self.assertEqual(
            header["cases"][1]["parameters"],
            [{"name": "arch", "value": "add"}, {"name": "layers", "value": 2}],
        )
        before = self.record_of("2.20.0", lines)
        worse = []
        for line in lines:
            seen = json.loads(line)
            if "arch=add" in seen.get("cell", "") and "exported" in seen:
                del seen["exported"]
                seen["rejected"] = {"stage": "export", "exception": "E", "message": "no"}
            worse.append(json.dumps(seen))
        after = self.record_of("2.21.0", worse)
        finished = self.exportgate("upgrade", before, after)
        self.assert_says(
            finished, 1, "NO-GO", "2 cells", "hf[arch=add]/as_is/nonstrict/static/b3c5"
        )
        table = self.exportgate("matrix", before, after, "--markdown", "matrix.md")
        self.assertEqual(table.code, 0, table)
        text = (self.folder / "matrix.md").read_text()
        self.assertIn("## hf\n", text)
        self.assertRegex(text, r"\| arch layers \|")
        self.assertRegex(text, r"add 1, add 2 +\|")

    def test_reports_say_the_values(self):
        self.exportgate("check", ".exportgate/last.jsonl", "--junit", "junit.xml")
        suites = ElementTree.parse(self.folder / "junit.xml").getroot()
        self.assertEqual([suite.get("name") for suite in suites], ["hf"])
        cases = [f"{each.get('classname')}/{each.get('name')}" for each in suites.iter("testcase")]
        self.assertEqual(cases, ALL)
        shown = self.exportgate("show", "hf[arch=add,layers=2]/as_is/nonstrict/static/b3c5")
        self.assertEqual(shown.code, 0, shown)
        page = self.exportgate("report", ".exportgate/last.jsonl", "-o", "page", "--no-charts")
        self.assertEqual(page.code, 0, page)

    def test_ctest_has_a_test_of_each_cell(self):
        (self.folder / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.20)\nproject(mine NONE)\nenable_testing()\n"
            "add_executable(exportgate::exportgate IMPORTED)\n"
            "set_target_properties(exportgate::exportgate PROPERTIES IMPORTED_LOCATION "
            f'"{EXPORTGATE.resolve()}")\n'
            f'include("{SOURCE}/cmake/package/ExportgateCases.cmake")\n'
            "exportgate_add_cases(NAME mine CASES cases GOLDEN golden)\n"
        )
        for command in (["cmake", "-S", ".", "-B", "build"], ["ctest", "-N"]):
            finished = subprocess.run(
                command,
                cwd=self.folder / "build" if command[0] == "ctest" else self.folder,
                capture_output=True,
                text=True,
                env=self.environment(),
            )
            self.assertEqual(finished.returncode, 0, finished.stdout + finished.stderr)
        for name in ALL:
            self.assertIn(f"mine/{name}\n", finished.stdout)
        tested = subprocess.run(
            ["ctest", "--output-on-failure", "-R", r"arch=add,layers=2\]/as_is/nonstrict/static"],
            cwd=self.folder / "build",
            capture_output=True,
            text=True,
            env=self.environment(),
        )
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)
        self.assertIn("100% tests passed", tested.stdout)


if __name__ == "__main__":
    unittest.main()
