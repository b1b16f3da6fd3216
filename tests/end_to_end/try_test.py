"""`exportgate try`: classes that were not written for it, from a module in the current folder.

Each class costs the start of a worker. Those whose kinds the others have too are tried by
`ci/test --all`.
"""

import json
import os
import subprocess
import sys
import unittest

from support import EXPORTGATE, SOURCE, Scratch

MODULE = '''\
import dataclasses
import os
from typing import NamedTuple

import torch
from torch.utils import _pytree as pytree


@dataclasses.dataclass(frozen=True)
class Pair:
    keys: torch.Tensor
    values: torch.Tensor
    name: str = "a pair"


class Fields(NamedTuple):
    keys: torch.Tensor
    values: torch.Tensor


class Counting:
    """Like the caches of transformers, and it counts."""

    def __init__(self):
        self.layers = []
        self.seen = 0

    def update(self, key_states, value_states, layer_idx, cache_kwargs=None):
        self.layers.append([key_states, value_states])
        self.seen = key_states.shape[-2]


class Row:
    def __init__(self, wide):
        self.wide = wide


class Slotted:
    """A row of keys in each slot, and what is one longer than twice the length."""

    __slots__ = ("dtype", "rows", "__own")

    def __init__(self, batch, heads, length, head_dim):
        self.rows = {"a": (Row(torch.zeros(batch * heads, 2 * length + 1)),)}
        self.dtype = torch.float32
        self.__own = torch.zeros(batch, dtype=torch.int64)


class Buffers(torch.nn.Module):
    def __init__(self, k_shape, dtype=None):
        super().__init__()
        self.register_buffer("k", torch.zeros(k_shape, dtype=dtype), persistent=False)
        self.heads = k_shape[1]


class Registered:
    def __init__(self, keys, values):
        self.keys = keys
        self.values = values


class Swapped(Registered):
    """Its library puts back the keys as values."""


@dataclasses.dataclass(frozen=True)
class FrozenLater:
    """One of its tensors is no argument."""

    keys: torch.Tensor
    values: torch.Tensor = dataclasses.field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "values", 2 * self.keys)


class Setting:
    """It does not say when two are equal."""

    def __init__(self, window):
        self.window = window


class Layers:
    """Only the second row counts, and only one of the settings follows the length."""

    def __init__(self, length: int):
        self.rows = [Row(torch.zeros(2, length)), Row(torch.zeros(2, length))]
        self.rows[0].count, self.rows[1].count = 0, length
        self.same, self.own = Setting(8), Setting(length)


class KeyedByClass:
    def __init__(self, length: int):
        self.rows = {Row: torch.zeros(length)}


class NeedsConfig:
    def __init__(self, config, layers: int):
        self.config = config


class Empty:
    pass


class Odd:
    """Its extent follows the length in a way of its own."""

    def __init__(self, length: int):
        self.keys = torch.zeros(length * length)


class Grown:
    def __init__(self, length: int):
        self.keys = [torch.zeros(3) for _ in range(length)]


class Model(Pair):
    pass


def nested():
    class Inner(Pair):
        pass

    return Inner(torch.zeros(3), torch.zeros(3))


def exits():
    os._exit(3)


def new_pair(batch: int, length: int):
    return Pair(torch.zeros(batch, length), torch.zeros(length, 6))


for class_, unflatten in ((Registered, Registered), (Swapped, lambda k, v: Swapped(v, k))):
    pytree.register_pytree_node(
        class_,
        lambda cache: ([cache.keys, cache.values], None),
        lambda children, _context, made=unflatten: made(*children),
        flatten_with_keys_fn=lambda cache: (
            [(pytree.GetAttrKey("keys"), cache.keys), (pytree.GetAttrKey("values"), cache.values)],
            None,
        ),
        serialized_type_name=f"my_caches.{class_.__name__}",
    )
'''
# Asks the probe as the command does, in a child for each request: torch is imported once.
PROBES = """
import json, os, sys
sys.path[:0] = [os.getcwd(), sys.argv[1]]
from exportgate_probe import main
for number, request in enumerate(json.load(sys.stdin)):
    with open("request.json", "w") as file:
        json.dump(request, file)
    child = os.fork()
    if child == 0:
        main.main(["request.json", f"answer-{number}.json", os.getcwd()])
        os._exit(0)
    os.waitpid(child, 0)
    print(open(f"answer-{number}.json").read())
"""
only_with_all = unittest.skipUnless("EXPORTGATE_TEST_ALL" in os.environ, "ci/test --all")
ALL_GOOD = "6 of 6 cells on torch "


class Try(Scratch):
    one_path = True

    def setUp(self):
        super().setUp()
        (self.folder / "cases").rmdir()
        (self.folder / "my_caches.py").write_text(MODULE)
        self.environments = ("--environments", EXPORTGATE.resolve().parent / "environments")

    def tried(self, name, *arguments, code):
        path = name if ":" in name else f"my_caches:{name}"
        finished = self.exportgate("try", path, *arguments, *self.environments, timeout=600)
        self.assertEqual(finished.code, code, finished)
        self.assertNotIn("passed", (finished.out + finished.err).lower(), finished)
        return finished

    def assertRow(self, letters, finished):
        rows = [line.split()[1:] for line in finished.out.splitlines() if line.startswith("as_is ")]
        self.assertEqual(rows, [letters.split()], finished)

    def assertSays(self, text, *words):
        for word in words:
            self.assertIn(word, text)

    def test_a_dataclass_needs_nothing(self):
        finished = self.tried("Pair", code=0)
        self.assertRow("E E E E E E", finished)
        self.assertSays(
            finished.out,
            'register_attributes(cache_class, ["keys", "values"], ["name"])',
            "made by Pair(keys, values) of float tensors [batch, heads, length, head_dim]",
            "pytree does not know Pair: registered from the attributes",
            "length is dynamic, from 1 to 4096",
            ALL_GOOD,
            "--write my_cache",
        )
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["my_caches.py"])

    @only_with_all
    def test_a_named_tuple_that_cannot_be_saved_is_explained(self):
        finished = self.tried("Fields", code=1)
        self.assertRow("e e e e e e", finished)
        self.assertSays(
            finished.out, "serialized-type-name-missing", "there is nothing to register"
        )
        self.assertNotIn("def register_attributes", finished.out)

    def test_a_counter_that_follows_the_length_is_told(self):
        finished = self.tried("Counting", code=1)
        self.assertRow("F F E F F E", finished)  # a static program is for one length anyway
        self.assertSays(
            finished.out,
            "size-in-the-context",
            "update(key_states, value_states, layer_idx), layers 0 to 1",
            "Counting.seen is no tensor and follows the size (5, 11, 7)",
        )

    def test_what_is_kept_is_a_case_that_runs(self):
        """Slots, one of them private, a dict, a tuple and an object that pytree does not know."""
        finished = self.tried("Slotted", "--write", "slotted", code=0)
        self.assertSays(finished.out, "wrote cases/slotted/case.py", "exportgate run 'slotted/*'")
        toml = (self.folder / "cases/slotted/case.toml").read_text()
        self.assertSays(
            toml,
            '"cache.rows[\'a\'][0].wide" = ["2*batch", "2*length + 1"]',
            "length = [2, 4096]",
            '"cache._Slotted__own" = { shape = ["batch"], dtype = "int64", values = [0, 0] }',
        )
        ran = self.exportgate(
            "run", "slotted/*", "--json", "r.json", *self.environments, timeout=600
        )
        self.assertEqual(ran.code, 1, ran)  # it is new
        self.assertIn("6 cells", ran.out)
        self.assertRow("E? E? E? E? E? E?", ran)
        again = self.tried("Slotted", "--write", "slotted", code=2)
        self.assertSays(again.err, "cases/slotted: is there already")

    @only_with_all
    def test_a_container_and_a_module_are_made_as_one_says(self):
        listed = self.tried("builtins:list", "--make", "[(k, v), (k.clone(), v.clone())]", code=0)
        self.assertSays(listed.out, ALL_GOOD, "there is nothing to register")
        shape = "(batch, heads, length, head_dim)"
        module = self.tried("Buffers", "--make", f"Buffers({shape})", code=0)
        self.assertSays(module.out, ALL_GOOD, 'NOT_SAVED = {Buffers: ["k"]}')

    def test_the_registration_of_the_library_is_what_is_tried(self):
        right = self.tried("Registered", code=0)
        self.assertSays(right.out, "pytree knows Registered: importing the library registered it")
        self.assertNotIn("def register_attributes", right.out)
        wrong = self.tried("Swapped", code=1)
        self.assertNotIn("E", "".join(wrong.out.split("as_is")[1].split("\n")[0]), wrong)

    @only_with_all
    def test_a_function_may_make_it(self):
        finished = self.tried("new_pair", "--write", "made", code=0)
        self.assertIn("made by new_pair(batch, length)", finished.out)
        toml = (self.folder / "cases/made/case.toml").read_text()
        self.assertSays(toml, '"cache.keys" = ["batch", "length"]', 'class = "Pair"')

    def test_what_cannot_be_tried_says_what_to_type(self):
        for path, words in (
            ("my_caches:Missing", ["my_caches has no Missing", "Pair"]),
            ("my_caches:exits", ["ended with exit code 3"]),
            ("no class", ['"no class" does not name a class in a module']),
        ):
            with self.subTest(path):
                finished = self.exportgate("try", path, *self.environments)
                self.assertEqual(finished.code, 2, finished)
                self.assertEqual(finished.out, "", finished)
                self.assertSays(finished.err, *words)
                self.assertNotIn("Traceback", finished.err)

    def test_what_the_probe_does_not_understand_it_explains(self):
        asked = [
            ("nowhere:Cache", "", [], ["No module named 'nowhere'", "--python"]),
            ("NeedsConfig", "", [], ["it takes config and layers (int)", "--make", "--fill"]),
            ("Empty", "", [], ["holds no tensor", "--fill 'update(k, v, 0)'"]),
            ("Pair", "Pair(k", [], ["--make is no expression of Python"]),
            ("Pair", "Pair(k, w)", [], ['"w" is not known', "my_caches"]),
            ("Pair", "Pair(k)", [], ["Pair(k) raises TypeError", "values"]),
            ("Empty", "", ["update(k, v)"], ["cache.update(k, v) raises AttributeError"]),
            ("Odd", "", [], ["dim 0 of cache.keys follows", "25, 25, 121, 121, 49"]),
            ("Grown", "", [], ["not hold the same tensors at every size", "--make"]),
            ("Model", "", [], ['case.py has a "Model" of its own']),
            ("KeyedByClass", "", [], ["tensors under the key <class 'my_caches.Row'>"]),
            ("nested", "", [], ["nested.<locals>.Inner is written inside"]),
        ]
        answers = self.probed([(one, make, fill) for one, make, fill, _ in asked])
        for answer, (one, make, fill, words) in zip(answers, asked):
            with self.subTest(one, make=make, fill=fill):
                error = answer["error"]
                self.assertSays(error["what"] + error["remedy"], *words)

    def test_what_the_probe_tells_of_contexts(self):
        (layers,) = self.probed([("Layers", "", [])])
        told = [line.partition(" is no tensor")[0] for line in layers["assumed"]]
        told = [line for line in told if line.startswith(("Row.", "Layers."))]
        self.assertEqual(sorted(told), ["Layers.own", "Row.count"])
        self.assertSays("".join(layers["assumed"]), "Row.count is no tensor", "(5, 11, 7)")

    def test_a_frozen_object_gets_what_its_constructor_does_not_take(self):
        (frozen,) = self.probed([("FrozenLater", "", [])])
        self.assertIn("length is dynamic, from 1 to 4096", "".join(frozen["assumed"]))
        made = (
            "import torch, case\n"
            "leaves = {'x': torch.ones(2, 4), 'cache.keys': torch.zeros(2, 4, 3, 8),"
            " 'cache.values': torch.full((2, 4, 3, 8), 7.0)}\n"
            "cache = case.make_inputs(None, leaves)[1]\n"
            "print(cache.keys.sum().item(), cache.values.mean().item(), cache.values.shape[2])\n"
        )
        said = subprocess.run(
            [sys.executable, "-c", made],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(said.stdout.split(), ["0.0", "7.0", "3"], said)

    def probed(self, asked):
        """The probe's answers to (class, make, fill), which the command prints."""
        requests = [
            {"class": one if ":" in one else f"my_caches:{one}", "make": make, "fill": fill}
            for one, make, fill in asked
        ]
        probed = subprocess.run(
            [sys.executable, "-c", PROBES, str(SOURCE / "harness" / "probe")],
            cwd=self.folder,
            input=json.dumps(requests),
            capture_output=True,
            text=True,
        )
        self.assertEqual(probed.returncode, 0, probed)
        answers = [json.loads(line) for line in probed.stdout.splitlines()]
        self.assertEqual(len(answers), len(asked), probed)
        return answers

    def test_an_interpreter_that_is_not_known_is_refused_without_leftovers(self):
        root = self.folder / "environments"
        finished = self.exportgate(
            "try", "my_caches:Pair", "--python", self.folder / "none", "--environments", root
        )
        self.assertEqual(finished.code, 2, finished)
        self.assertIn(str(self.folder / "none"), finished.err)
        self.assertEqual([path for path in root.glob("*") if path.is_dir()], [])

    def test_the_environment_of_an_interpreter_is_found(self):
        finished = self.tried("Pair", "--python", sys.executable, "--make", "Pair(k, v", code=2)
        self.assertNotIn("building", finished.err)
        self.assertIn("--make is no expression of Python", finished.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
