"""`diff` of two files of torch.export.save: each planted difference is named, and only that one."""

import json
import unittest
import zipfile

from schemas_test import validator
from support import SOURCE, Scratch

ARCHIVES = SOURCE / "tests" / "unit" / "archive" / "archives"
FOLDER = "2.13.0/"
MODEL = FOLDER + "models/model.json"
WEIGHT = FOLDER + "data/weights/weight_0"
WEIGHTS = FOLDER + "data/weights/model_weights_config.json"


def node_of(document, target):
    nodes = document["graph_module"]["graph"]["nodes"]
    return next(node for node in nodes if node["target"] == target)


def another_operator(document):
    node_of(document, "torch.ops.aten.masked_fill.Scalar")["target"] = (
        "torch.ops.aten.masked_fill_.Scalar"
    )


def another_operand(document):
    full = node_of(document, "torch.ops.aten.full.default")
    full["inputs"][1]["arg"] = {"as_float": 0.2}


def another_range(document):
    ranges = document["range_constraints"]
    symbol = next(name for name in ranges if ranges[name]["max_val"] == 4)
    ranges[symbol]["max_val"] = 8


def another_guard(document):
    document["guards_code"].append("L['x'].size()[1] < 7")


def renamed_input(document):
    text = json.dumps(document).replace('"x"', '"z"')
    document.clear()
    document.update(json.loads(text))


def another_opset(document):
    document["opset_version"]["aten"] += 1


def another_spec(document):
    signature = document["graph_module"]["module_call_graph"][0]["signature"]
    assert "keys" in signature["out_spec"]
    signature["out_spec"] = signature["out_spec"].replace("keys", "kept")


def number_in_a_spec(document):
    """JSON libraries say that 1 and 1.0 are equal; contexts of a pytree are not."""
    signature = document["graph_module"]["module_call_graph"][0]["signature"]
    assert signature["in_spec"].startswith("[1, ")
    signature["in_spec"] = signature["in_spec"].replace("[1, ", "[1.0, ", 1)


def another_value_into_a_module(document):
    signature = document["graph_module"]["module_call_graph"][0]["signature"]
    signature["inputs"] = [{"as_tensor": {"name": "x"}}]


def guard_that_forges_a_line(document):
    document["guards_code"].append("true\nSAME  everything")


def other_strides(document):
    values = document["graph_module"]["graph"]["tensor_values"]
    values["x"]["strides"][0] = {"as_int": 12}


def another_constant_input(document):
    for spec in document["graph_module"]["signature"]["input_specs"]:
        if "constant_input" in spec and "as_int" in spec["constant_input"]["value"]:
            spec["constant_input"]["value"]["as_int"] = 4


def another_named_tuple(document):
    fields = document["graph_module"]["treespec_namedtuple_fields"]
    fields["my.Pair"] = {"field_names": ["keys", "values"]}


def with_metadata(document):
    document["graph_module"]["metadata"] = {"note": "mine"}


def another_torch(document):
    document["torch_version"] = "9.9.9"


# The edit, the part that differs, what is said of it.
PLANTED = (
    (another_operator, "graph", "masked_fill_"),
    (another_operand, "graph", "0.2"),
    (another_range, "graph", "0..8"),
    (another_guard, "guards", "only in b: L['x'].size()[1] < 7"),
    (renamed_input, "inputs", "x: is called z in b"),
    (another_opset, "opset and dialect", "opset_version: "),
    (another_spec, "in_spec, out_spec and argument names", "out_spec at "),
    (number_in_a_spec, "in_spec, out_spec and argument names", "in_spec: [1, "),
    (another_value_into_a_module, "in_spec, out_spec and argument names", "inputs and outputs: "),
    (guard_that_forges_a_line, "guards", "only in b: true\\nSAME  everything"),
    (other_strides, "inputs", "x: strides [6, 6, 1]"),
    (another_constant_input, "inputs", '{"as_int":4} in b'),
    (
        another_named_tuple,
        "in_spec, out_spec and argument names",
        "fields of named tuples at /my.Pair: nothing in a",
    ),
)


class SavedPrograms(Scratch):
    def write(self, name, edit=None, entries=None, drop=(), source="2.13.0"):
        """A copy of a real file, with another document and other entries."""
        entries = dict(entries or {})
        with zipfile.ZipFile(ARCHIVES / f"{source}.pt2") as real:
            content = {name: real.read(name) for name in real.namelist()}
        if edit:
            document = json.loads(content[MODEL])
            before = json.dumps(document)
            edit(document)
            self.assertNotEqual(json.dumps(document), before, "the edit changes nothing")
            content[MODEL] = json.dumps(document).encode()
        for entry, value in (content | entries).items():
            if entry not in drop:
                with zipfile.ZipFile(self.folder / name, "a") as file:
                    file.writestr(entry, value)
        return name

    def parts(self, a, b, code):
        finished = self.exportgate("diff", a, b, "--json")
        self.assertEqual(finished.code, code, finished)
        report = json.loads(finished.out)
        validator("diff").validate(report)
        self.assertEqual(report["exit_code"], code)
        return {part["name"]: part for part in report["parts"]}

    def different(self, parts):
        return [name for name, part in parts.items() if part["found"] == "different"]

    def test_a_copy_is_the_same_program(self):
        parts = self.parts(ARCHIVES / "2.13.0.pt2", self.write("copy.pt2"), 0)
        self.assertEqual({part["found"] for part in parts.values()}, {"same"}, parts)
        finished = self.exportgate("diff", ARCHIVES / "2.13.0.pt2", "copy.pt2")
        self.assert_says(finished, 0, "same program\n", "SAME  graph, inputs, ", "torch 2.13.0")

    def test_each_planted_difference_is_named_and_no_other(self):
        self.write("a.pt2")
        for edit, name, says in PLANTED:
            with self.subTest(edit.__name__):
                b = self.write(f"{edit.__name__}.pt2", edit)
                parts = self.parts("a.pt2", b, 1)
                # The name of an input is also an argument's.
                others = {"in_spec, out_spec and argument names", "guards"}
                also = others if edit is renamed_input else set()
                self.assertLessEqual(set(self.different(parts)) - {name}, also)
                self.assertIn(name, self.different(parts))
                finished = self.exportgate("diff", "a.pt2", b)
                self.assert_says(finished, 1, "different programs\n", f"DIFFERENT  {name}\n", says)

    def test_one_value_of_a_parameter(self):
        with zipfile.ZipFile(ARCHIVES / "2.13.0.pt2") as real:
            values = bytearray(real.read(WEIGHT))
        values[7] ^= 1  # stored by columns: element 1 of the storage is [1, 0]
        self.write("a.pt2")
        self.write("b.pt2", entries={WEIGHT: bytes(values)})
        parts = self.parts("a.pt2", "b.pt2", 1)
        self.assertEqual(self.different(parts), ["parameters, buffers and constants"])
        self.assertEqual(
            parts["parameters, buffers and constants"]["lines"],
            ["weight: 1 of 12 values differs, the first at [1, 0]"],
        )

    def test_what_is_only_of_the_file_is_no_difference_of_the_programs(self):
        self.write("a.pt2")
        self.write("b.pt2", another_torch, {FOLDER + "extra/notes": b"mine"})
        parts = self.parts("a.pt2", "b.pt2", 0)
        for name in ("torch and schema", "other files"):
            self.assertEqual(parts[name]["found"], "file_only")
        self.write("c.pt2", with_metadata, drop=[FOLDER + "archive_format"])
        parts = self.parts("a.pt2", "c.pt2", 0)
        self.assertEqual(parts["other files"]["lines"], ["archive_format: only in a"])
        self.assertEqual(parts["metadata of the module"]["found"], "file_only")
        finished = self.exportgate("diff", "a.pt2", "b.pt2")
        self.assert_says(finished, 0, "OF THE FILE ONLY  other files\n  extra/notes: only in b\n")

    def test_files_that_torch_saved_just_now(self):
        import torch

        class Model(torch.nn.Module):
            def __init__(self, last):
                super().__init__()
                self.weight = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))
                with torch.no_grad():
                    self.weight[1, 2] = last

            def forward(self, x):
                return x @ self.weight

        shapes = {"x": {0: torch.export.Dim("rows", max=9)}}
        for name, last in (("a.pt2", 5.0), ("same.pt2", 5.0), ("b.pt2", 6.0)):
            ep = torch.export.export(Model(last), (torch.ones(3, 2),), dynamic_shapes=shapes)
            torch.export.save(ep, self.folder / name)
        self.assertEqual(self.different(self.parts("a.pt2", "same.pt2", 0)), [])
        parts = self.parts("a.pt2", "b.pt2", 1)
        self.assertEqual(self.different(parts), ["parameters, buffers and constants"])
        self.assertIn("the first at [1, 2]", parts["parameters, buffers and constants"]["lines"][0])

    def test_which_buffers_lie_in_one_storage(self):
        """A read of one stays on its side of a write into the other."""
        import torch

        class Model(torch.nn.Module):
            def __init__(self, is_shared, reads_first):
                super().__init__()
                storage = torch.zeros(4)
                self.register_buffer("kept", storage.view(4))
                self.register_buffer("seen", storage.view(4) if is_shared else torch.zeros(4))
                self.reads_first = reads_first

            def forward(self, x):
                if self.reads_first:
                    y = self.seen + 1
                    self.kept.add_(x)
                    return y
                self.kept.add_(x)
                return self.seen + 1

        for name, is_shared, reads_first in (
            ("shared.pt2", True, False),
            ("own.pt2", False, False),
            ("shared_read_first.pt2", True, True),
            ("own_read_first.pt2", False, True),
        ):
            ep = torch.export.export(Model(is_shared, reads_first), (torch.ones(4),))
            torch.export.save(ep, self.folder / name)
        parts = self.parts("shared.pt2", "own.pt2", 1)
        self.assertIn("parameters, buffers and constants", self.different(parts))
        said = parts["parameters, buffers and constants"]["lines"]
        self.assertEqual(said, ["kept and seen share memory only in a"])
        self.assertEqual(
            self.different(self.parts("shared.pt2", "shared_read_first.pt2", 1)), ["graph"]
        )
        self.assertEqual(self.different(self.parts("own.pt2", "own_read_first.pt2", 0)), [])

    def test_where_in_one_storage_two_buffers_lie(self):
        """The graphs of 2.6 to 2.8 are the same then, and the programs return other numbers."""
        first, second = (ARCHIVES / f"2.6.0_{begins}.pt2" for begins in (0, 4))
        parts = self.parts(first, second, 1)
        self.assertEqual(self.different(parts), ["parameters, buffers and constants"])
        self.assertEqual(
            parts["parameters, buffers and constants"]["lines"],
            ["kept and seen share memory: from elements 0 and 0 on in a, 0 and 4 in b"],
        )
        self.assertEqual(self.different(self.parts(second, second, 0)), [])

    def test_members_of_the_lists_of_tensors(self):
        def listed(name, edit):
            with zipfile.ZipFile(ARCHIVES / "2.13.0.pt2") as real:
                lists = json.loads(real.read(WEIGHTS))
            edit(lists)
            return self.write(name, entries={WEIGHTS: json.dumps(lists).encode()})

        self.write("a.pt2")
        for place, edit in {
            "config.is_conj": lambda lists: lists["config"]["calls"].update(is_conj=True),
            "tensor_meta.quantizer": lambda lists: lists["config"]["weight"]["tensor_meta"].update(
                quantizer=1
            ),
            "list of tensors.order": lambda lists: lists.update(order=["weight"]),
        }.items():
            with self.subTest(place):
                b = listed(f"{place}.pt2", edit)
                finished = self.exportgate("diff", "a.pt2", b)
                self.assert_says(finished, 2, "cannot be judged", f"  {place}: only in b")
                self.assertEqual(self.different(self.parts(b, b, 0)), [])

    def test_paths_of_modules_are_of_the_file_only(self):
        import torch

        class Model(torch.nn.Module):
            def __init__(self, name):
                super().__init__()
                self.add_module(name, torch.nn.ReLU())

            def forward(self, x):
                return next(self.children())(x)

        for name in ("act", "gate"):
            ep = torch.export.export(Model(name), (torch.ones(4),), strict=False)
            torch.export.save(ep, self.folder / f"{name}.pt2")
        paths = self.parts("act.pt2", "gate.pt2", 0)["paths of modules"]
        self.assertEqual(paths["found"], "file_only")
        self.assertEqual(paths["lines"], ["act: only in a", "gate: only in b"])

    def test_files_of_other_releases(self):
        for release in ("2.6.0", "2.8.0", "2.15.0"):
            with self.subTest(release):
                finished = self.exportgate(
                    "diff", ARCHIVES / "2.13.0.pt2", ARCHIVES / f"{release}.pt2"
                )
                self.assertIn(finished.code, (0, 1), finished)
                self.assertIn(f"saved by torch {release}", finished.out)
                same = next(line for line in finished.out.splitlines() if line.startswith("SAME"))
                self.assertIn("parameters, buffers and constants", same)

    def test_what_is_no_saved_program_is_said_to_be_what_it_is(self):
        print_of = str(ARCHIVES / "2.13.0.txt")
        self.write("a.pt2")
        for name, entries, says in (
            ("aoti.pt2", {"m/data/aotinductor/model/a.so": b""}, "is an AOTInductor package"),
            ("state.pt", {"m/data.pkl": b"", "m/data/0": b""}, "is a file of torch.save"),
            ("script.pt", {"m/constants.pkl": b"", "m/code/a.py": b""}, "is a TorchScript file"),
            ("any.zip", {"m/a": b""}, "holds no program of torch.export.save"),
            ("out.pt2", {"../a": b""}, "leads out of the archive"),
        ):
            with self.subTest(name):
                with zipfile.ZipFile(self.folder / name, "w") as file:
                    for entry, content in entries.items():
                        file.writestr(entry, content)
                self.assert_says(self.exportgate("diff", "a.pt2", name), 2, f"{name}: ", says)
        whole = (self.folder / "a.pt2").read_bytes()
        (self.folder / "cut.pt2").write_bytes(whole[: len(whole) // 2])
        self.assert_says(self.exportgate("diff", "a.pt2", "cut.pt2"), 2, "cut.pt2", "truncated")
        self.assert_says(self.exportgate("diff", "a.pt2", print_of), 2, "and the other one is")
        self.assert_says(self.exportgate("diff", "a.pt2", "none.pt2"), 2, "none.pt2")
        (self.folder / "empty.pt2").touch()
        zipfile.ZipFile(self.folder / "no_entries.pt2", "w").close()
        for name, says in (
            (".", "is a folder"),
            ("empty.pt2", "is empty"),
            ("no_entries.pt2", "is a zip file without entries"),
            ("/dev/zero", "is neither a file nor a pipe"),
        ):
            self.assert_says(self.exportgate("diff", "a.pt2", name), 2, f"{name}: {says}")
        self.assert_says(self.exportgate("diff", print_of, print_of, "--json"), 2, "--json is for")

    def test_members_of_a_newer_torch_are_the_same_only_where_they_are_equal(self):
        def in_a_node(document):
            document["graph_module"]["graph"]["nodes"][1]["stream"] = {"index": 3}

        def in_a_tensor(document):
            values = document["graph_module"]["graph"]["tensor_values"]
            values[sorted(values)[0]]["memory"] = "pinned"

        def in_the_document(document):
            document["rules"] = ["mine"]

        self.write("a.pt2")
        for edit, place in (
            (in_a_node, "nodes.stream"),
            (in_a_tensor, "tensor_values.memory"),
            (in_the_document, "rules"),
        ):
            with self.subTest(place):
                b = self.write(f"{edit.__name__}.pt2", edit)
                finished = self.exportgate("diff", "a.pt2", b)
                self.assert_says(finished, 2, "cannot be judged", f"  {place}: only in b")
                parts = self.parts(b, b, 0)
                self.assertEqual(parts["members that are not known"]["found"], "same")
        self.write("c.pt2", lambda document: document.update(rules=["yours"]))
        finished = self.exportgate("diff", "in_the_document.pt2", "c.pt2")
        self.assert_says(finished, 2, "UNREADABLE  members that are not known", "rules: differs")

    def test_what_cannot_be_read_is_never_the_same(self):
        self.write("a.pt2")

        def major(document):
            document["schema_version"]["major"] = 9

        def unknown(document):
            node_of(document, "torch.ops.aten.full.default")["inputs"][1]["arg"] = {"as_dream": 1}

        for edit, says in (
            (major, "has version 9 of torch's schema"),
            (unknown, "the unknown kind of argument as_dream"),
        ):
            with self.subTest(says):
                b = self.write(f"{edit.__name__}.pt2", edit)
                self.assert_says(self.exportgate("diff", b, b), 2, b, says)
        with zipfile.ZipFile(ARCHIVES / "2.13.0.pt2") as real:
            document = real.read(MODEL)
        for name, content in (("bom", b"\xef\xbb\xbf" + document), ("nul", document + b"\0")):
            self.write(f"{name}.pt2", entries={MODEL: content}, drop=())
            finished = self.exportgate("diff", "a.pt2", f"{name}.pt2")
            self.assert_says(finished, 2, f"{name}.pt2", "is no JSON")
        self.write("no_weights.pt2", drop=(WEIGHT,))
        finished = self.exportgate("diff", "a.pt2", "no_weights.pt2")
        self.assert_says(finished, 2, "cannot be judged", "UNREADABLE  parameters", "is not there")
        self.write("short.pt2", entries={WEIGHT: b"\0" * 8})
        finished = self.exportgate("diff", "a.pt2", "short.pt2")
        self.assert_says(finished, 2, "UNREADABLE  parameters", "too short")


if __name__ == "__main__":
    unittest.main()
