"""Cases as a user writes them: a class that was there before, keyword inputs in containers of all
kinds, and what case.toml and case.py can say besides.
"""

import shutil
import unittest

from support import CASE_TOML, Scratch

TOML = """\
class = "Cache"
kinds = ["as_is", "module", "rebased"]
modes = ["nonstrict"]
dims_styles = ["named"]
model = "Decode"
export_pairs = ["b3"]

[inputs]
x = ["batch", 2, 7, 1]
"caches.a.keys[0]" = ["batch", 2, "length", 6]
"caches.a.values[0]" = ["batch", 2, "length", 6]
"caches.b.keys[0]" = ["batch", 2, "length", 6]
"caches.b.values[0]" = ["batch", 2, "length", 6]
"routing.rows" = { shape = ["batch"], dtype = "int64", values = [0, 3] }
"routing.weights" = { shape = ["batch"], values = "ones" }

[outputs]
y = ["batch", 2, 7, 6]

[dims]
batch = [1, 1024]
length = [1, 1024]

[pairs]
b3 = { batch = 3, length = 5 }
b4 = { batch = 4, length = 11 }
"""

CODE = '''\
from collections import OrderedDict
from typing import NamedTuple

import torch
from exportgate_case import Inputs
from their_library import Cache, OtherCache
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


class Routing(NamedTuple):
    rows: torch.Tensor
    weights: torch.Tensor


pytree._register_namedtuple(Routing, serialized_type_name="own_cases_test.Routing")


class Decode(torch.nn.Module):
    """With random weights, as the networks of a library have them."""

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(6, 6)
        self.register_buffer("scale", torch.tensor(0.5))

    def forward(self, x, *, caches, routing):
        total = x
        for n, cache in enumerate(caches.values(), 1):
            total = total + n * (cache.keys[0] - 2 * cache.values[0]).sum(2, keepdim=True)
        weighted = (routing.rows * routing.weights)[:, None, None, None]
        return self.linear(total) * self.scale + weighted


def make_inputs(cache_class, leaves):
    def filled(which, name):
        cache = which()
        cache.keys.append(leaves[f"caches.{name}.keys[0]"])
        cache.values.append(leaves[f"caches.{name}.values[0]"])
        return cache

    caches = OrderedDict(a=filled(cache_class, "a"), b=filled(OtherCache, "b"))
    routing = Routing(leaves["routing.rows"], leaves["routing.weights"])
    return Inputs(leaves["x"], caches=caches, routing=routing)


def register_one(class_):
    def unflatten(children, _):
        cache = class_()
        cache.keys, cache.values = children
        return cache

    pytree.register_pytree_node(
        class_,
        lambda cache: ((cache.keys, cache.values), None),
        unflatten,
        serialized_type_name=f"{class_.__module__}.{class_.__qualname__}",
        flatten_with_keys_fn=lambda cache: (
            ((pytree.GetAttrKey("keys"), cache.keys), (pytree.GetAttrKey("values"), cache.values)),
            None,
        ),
    )
    fx_pytree.register_pytree_flatten_spec(class_, lambda cache, _: [cache.keys, cache.values])


def register(cache_class):
    register_one(cache_class)
    if cache_class.__name__ == "Cache" and OtherCache not in pytree.SUPPORTED_NODES:
        register_one(OtherCache)


def unregister(cache_class):
    for class_ in (cache_class, OtherCache):
        pytree._deregister_pytree_node(class_)
        fx_pytree.SUPPORTED_NODES.pop(class_)
        fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(class_)
'''

THEIR_LIBRARY = """\
class Cache:
    def __init__(self):
        self.keys = []
        self.values = []


class OtherCache(Cache):
    pass
"""


def toml(*changes):
    """TOML with the lines of `changes` above its first table."""
    return TOML.replace("\n[inputs]", "\n".join(["", *changes, "", "[inputs]"]), 1)


class OwnCases(Scratch):
    def add(self, code=CODE, declaration=TOML, library=THEIR_LIBRARY):
        case = self.add_case("theirs", code, declaration)
        (case / "their_library.py").write_text(library)
        return case

    def cells(self, *arguments):
        """The finished run, and kind -> what was observed."""
        finished, cells = self.judged("run", *arguments)
        return finished, {name.split("/")[1]: cell["observed"] for name, cell in cells.items()}

    def failures(self, observed):
        return {c["name"]: c["reasons"] for c in observed["checks"] if c["status"] == "fail"}

    def test_a_class_of_a_library_in_all_kinds_that_can_be_made_of_it(self):
        self.add()
        finished, kinds = self.cells()
        self.assertEqual(set(kinds), {"as_is", "module", "rebased"}, finished)
        for kind, observed in kinds.items():
            self.assertEqual(observed["status"], "exported", (kind, finished))
            self.assertEqual(self.failures(observed), {}, (kind, finished))

    def test_the_class_that_is_registered_besides_is_checked_too(self):
        self.add(THEIR_CODE_THAT_LOSES_AN_ATTRIBUTE, library=LIBRARY_WITH_AN_ATTRIBUTE)
        _, kinds = self.cells("*/as_is/*", "--checks", "pytree")
        self.assertEqual(
            self.failures(kinds["as_is"])["pytree"], ["attribute label: 'other' before, '' after"]
        )

    def test_a_number_among_the_leaves_is_a_constant_to_torch(self):
        with_number = CODE.replace(
            "((cache.keys, cache.values), None)", "((cache.keys, cache.values, cache.seen), None)"
        )
        with_number = with_number.replace(
            "cache.keys, cache.values = children", "cache.keys, cache.values, cache.seen = children"
        ).replace("[cache.keys, cache.values]", "[cache.keys, cache.values, cache.seen]")
        with_number = with_number.replace(
            '(pytree.GetAttrKey("values"), cache.values)',
            '(pytree.GetAttrKey("values"), cache.values), (pytree.GetAttrKey("seen"), cache.seen)',
        ).replace(
            "        return cache\n\n    caches",
            "        cache.seen = SEEN\n        return cache\n\n    caches",
        )
        library = THEIR_LIBRARY.replace(
            "        self.keys", "        self.seen = 0\n        self.keys"
        )
        leaf = '"caches.{0}.seen" = {{ value = {1} }}\n'
        for seen, value, failing in (
            ("3", "3", {}),
            (
                'leaves["x"].shape[0]',
                '"batch"',
                {"run": ["pair b4: refused: caches['a'].seen == 3"]},
            ),
        ):
            declaration = TOML
            for name, before in (("a", '"caches.b.keys[0]"'), ("b", '"routing.rows"')):
                declaration = declaration.replace(before, leaf.format(name, value) + before)
            if (case := self.folder / "cases" / "theirs").exists():
                shutil.rmtree(case)
            self.add(with_number.replace("SEEN", seen), declaration, library)
            finished, kinds = self.cells("*/as_is/*", "--checks", "dims,run,pytree")
            self.assertEqual(kinds["as_is"]["status"], "exported", finished)
            failures = self.failures(kinds["as_is"])
            for check, reasons in failing.items():
                self.assertLessEqual(set(reasons), set(failures.get(check, ())), finished)
            self.assertEqual(set(failures) == set(), failing == {}, failures)
        (case / "case.toml").write_text(declaration.replace('value = "batch"', "value = 4"))
        finished, _ = self.cells("*/as_is/*")
        self.assert_says(finished, 2, "leaf 3 is declared as caches.a.seen 4, but is 3")
        (case / "case.toml").write_text(
            declaration.replace(
                '"caches.a.seen" = { value = "batch" }', '"caches.a.seen" = ["batch"]'
            )
        )
        finished, _ = self.cells("*/as_is/*")
        self.assert_says(finished, 2, "but is the number 3: declare it as { value = 3 }")

    def test_what_a_part_of_the_cache_counts_and_a_program_does_not(self):
        self.add(CODE_THAT_COUNTS, library=LIBRARY_WITH_A_PART)
        _, kinds = self.cells("*/as_is/*", "--checks", "run")
        self.assertEqual(
            self.failures(kinds["as_is"])["run"],
            [
                f"pair {pair}: does not update the cache as eager does: "
                "attribute part, attribute calls: 0 before, 1 after"
                for pair in ("b3", "b4")
            ],
        )

    def test_a_class_that_is_there_already_is_not_plain(self):
        self.add(declaration=TOML.replace('"as_is", "module", "rebased"', '"plain"'))
        finished, kinds = self.cells()
        self.assertEqual(kinds["plain"]["status"], "rejected")
        self.assert_says(finished, 2, "Cache does not derive from CacheBase, so its kind is as_is")

    def test_a_class_that_cannot_be_derived_from(self):
        final = (
            "    def __init_subclass__(cls, **options):\n"
            "        raise TypeError('Cache is final')\n\n"
        )
        library = THEIR_LIBRARY.replace("    def __init__", final + "    def __init__", 1)
        self.add(
            library=library.replace("OtherCache(Cache):\n    pass", "OtherCache(list):\n    pass")
        )
        finished, kinds = self.cells("*/module/*")
        self.assertEqual(kinds["module"]["status"], "rejected")
        self.assert_says(finished, 2, "Cache cannot be an nn.Module as well: Cache is final")

    def test_a_class_that_takes_its_arguments_in_new_as_tuples_do(self):
        made = (
            "    def __new__(cls, label):\n"
            "        made = super().__new__(cls)\n"
            "        made.keys, made.values = [], []\n"
            "        return made\n"
        )
        before, after = THEIR_LIBRARY.split("    def __init__", 1)
        code = CODE.replace("which()", "which('made')").replace("class_()", "class_('made')")
        self.add(
            code,
            library=before + made + "\n\nclass OtherCache" + after.split("class OtherCache")[1],
        )
        _, kinds = self.cells("--checks", "run")
        self.assertEqual(set(kinds), {"as_is", "module", "rebased"})
        for kind, observed in kinds.items():
            self.assertEqual(observed["status"], "exported", (kind, observed))

    def test_what_the_case_requires_and_the_environment_lacks_is_not_observed(self):
        self.add(declaration=toml('requires = ["torch>=2.6", "no_such_distribution>=5"]'))
        finished = self.exportgate("run")
        self.assert_says(
            finished,
            2,
            "no_such_distribution>=5 is not installed",
            "exportgate env add NAME --with 'torch>=2.6' --with 'no_such_distribution>=5'",
            "all unobserved",
        )

    def test_a_case_of_a_later_torch_is_left_out(self):
        self.add_case("later", "raise SystemExit", 'first_torch = "99.0"\n' + CASE_TOML)
        alone = self.exportgate("run")
        self.assert_says(alone, 2, "none of the 1 cells is declared for torch 2.13.0")
        self.add_case("today")
        _, cells = self.judged("run", "--checks", "dims")
        self.assertEqual(list(cells), ["today/plain/nonstrict/static/b3c5"])
        record = (self.folder / ".exportgate" / "last.jsonl").read_text()
        self.assertNotIn('"cell":"later/', record)

    def test_what_is_preloaded_is_there_before_the_case(self):
        code = CODE + "\nimport sys\nassert 'wave' in WERE_THERE\n"
        code = "import sys\n\nWERE_THERE = set(sys.modules)\n" + code
        self.add(code, toml('preload = ["wave", "no_such_module"]'))
        _, kinds = self.cells("*/as_is/*", "--checks", "run")
        self.assertEqual(kinds["as_is"]["status"], "exported")
        self.add_case("another", code, TOML)  # which does not name it, so it is there for none
        (self.folder / "cases" / "another" / "their_library.py").write_text(THEIR_LIBRARY)
        finished = self.exportgate("run", "*/as_is/*", "--checks", "run")
        self.assertEqual(finished.out.count("rejected in import: AssertionError"), 1, finished)

    def test_what_is_preloaded_may_start_threads(self):
        # They would take the signal that a child has ended, and the run would wait for it.
        (self.folder / "starts_a_thread.py").write_text(
            "import threading\n\n"
            "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        )
        self.add(
            "import sys\n\nassert 'starts_a_thread' in sys.modules\n" + CODE,
            toml('preload = ["starts_a_thread"]'),
        )
        finished, cells = self.judged(
            "run", "--checks", "run", "--timeout", 20, PYTHONPATH=str(self.folder), timeout=100
        )
        self.assertEqual({c["observed"]["status"] for c in cells.values()}, {"exported"}, finished)
        self.assertNotIn("the worker died", finished.err + finished.out)

    def test_an_input_that_is_longer_than_a_dim(self):
        code = CODE.replace(
            "def forward(self, x, *, caches, routing):",
            "def forward(self, x, *, caches, routing, mask):",
        ).replace(
            "(cache.keys[0] - 2 * cache.values[0])",
            "((cache.keys[0] - 2 * cache.values[0]) * mask[:, None, 1:, None])",
        )
        code = code.replace("routing=routing)", 'routing=routing, mask=leaves["mask"])')
        declaration = TOML.replace("\n[outputs]", 'mask = ["batch", "length + 1"]\n\n[outputs]', 1)
        # A length of 1 would be broadcast along the mask: there torch refuses.
        declaration = declaration.replace("length = [1, 1024]", "length = [2, 1024]")
        self.add(code, declaration)
        finished, kinds = self.cells("*/as_is/*", "--checks", "dims,run,bounds")
        self.assertEqual(kinds["as_is"]["status"], "exported", finished)
        self.assertEqual(self.failures(kinds["as_is"]), {}, finished)
        # Another number is another extent: torch refuses it, in its own words.
        (self.folder / "cases/theirs/case.py").write_text(code.replace("1:, None]", "2:, None]"))
        finished, kinds = self.cells("*/as_is/*")
        self.assertEqual(kinds["as_is"]["status"], "rejected", finished)

    def test_a_hook_changes_what_is_asked(self):
        hook = (
            "\ndef dynamic_shapes(asked, dims, style):\n"
            "    assert style == 'named' and set(dims) == {'batch', 'length'}\n"
            "    for axes in asked.values():\n"
            "        axes.pop(2, None)\n"
            "    return asked\n"
        )
        self.add(CODE + hook)
        _, kinds = self.cells("*/as_is/*", "--checks", "dims")
        self.assertIn(
            'caches.a.keys[0] dim 2: asked "length" 1..1024, got constant 5',
            self.failures(kinds["as_is"])["dims"],
        )

    def test_a_hook_that_returns_something_else(self):
        self.add(CODE + "\ndef dynamic_shapes(asked, dims, style):\n    return None\n")
        finished, _ = self.cells("*/as_is/*")
        self.assert_says(finished, 2, "has to return the mapping that it was given")

    def test_a_tolerance_decides_what_is_equal(self):
        noisy = CODE.replace("self.linear(total) * self.scale", "self.noisy(total)") + (
            "\n    def noisy(self, total):\n"
            "        factor = 1.0 if torch.compiler.is_exporting() else 1.001\n"
            "        return self.linear(total) * self.scale * factor\n"
        )
        # The method belongs to the model.
        head, tail = noisy.split("\n    def noisy", 1)
        noisy = head.replace(
            "\n\ndef make_inputs", "\n    def noisy" + tail + "\n\ndef make_inputs", 1
        )
        self.add(noisy)
        _, kinds = self.cells("*/as_is/*", "--checks", "run")
        self.assertIn("pair b3: differs from eager", self.failures(kinds["as_is"])["run"])
        (self.folder / "cases/theirs/case.toml").write_text(
            toml("tolerance = { rtol = 1e-2, atol = 1e-2 }")
        )
        _, kinds = self.cells("*/as_is/*", "--checks", "run")
        self.assertEqual(self.failures(kinds["as_is"]), {})

    def test_a_seed_changes_values_and_weights(self):
        code = CODE.replace(
            "        self.register_buffer",
            "        print('first weight', self.linear.weight[0, 0].item())\n"
            "        self.register_buffer",
        ).replace(
            "    caches = OrderedDict",
            "    print('first value', leaves['x'][0, 0, 0, 0].item())\n    caches = OrderedDict",
        )
        case = self.add(code)
        printed = []
        for declaration in (TOML, TOML, toml("seed = 7")):
            (case / "case.toml").write_text(declaration)
            self.exportgate("run", "*/as_is/*", "--checks", "run")
            shown = self.exportgate("show", "theirs/as_is/nonstrict/named/b3").out
            printed.append({line for line in shown.splitlines() if is_random(line)})
        self.assertEqual(printed[0], printed[1])
        self.assertGreater(len(printed[0]), 1, printed)
        self.assertTrue(printed[0].isdisjoint(printed[2]), printed)

    def test_a_model_that_is_not_there(self):
        self.add(declaration=TOML.replace('"Decode"', '"Decoder"'))
        finished, _ = self.cells("*/as_is/*")
        self.assert_says(finished, 2, "case.py does not define Decoder")


def is_random(line):
    """Whether it says a first value or weight, and none that is at the edge whatever the seed."""
    return "  first " in line and 1e-6 < abs(float(line.split()[-1])) < 1e3


LIBRARY_WITH_AN_ATTRIBUTE = THEIR_LIBRARY.replace(
    "    pass", "    def __init__(self):\n        super().__init__()\n        self.label = ''"
)
THEIR_CODE_THAT_LOSES_AN_ATTRIBUTE = CODE.replace(
    "        cache = which()\n",
    "        cache = which()\n        if which is OtherCache:\n            cache.label = 'other'\n",
)

LIBRARY_WITH_A_PART = "class Part:\n    calls = 0\n\n\n" + THEIR_LIBRARY.replace(
    "        self.values = []", "        self.values = []\n        self.part = Part()"
)
CODE_THAT_COUNTS = (
    CODE.replace(
        "            total = total + n",
        "            cache.part.calls += 1\n            total = total + n",
    )
    .replace("def unflatten(children, _):", "def unflatten(children, calls):")
    .replace(
        "        cache.keys, cache.values = children",
        "        cache.keys, cache.values = children\n        cache.part.calls = calls",
    )
    .replace("(cache.keys, cache.values), None)", "(cache.keys, cache.values), cache.part.calls)")
    .replace("            None,\n        ),", "            cache.part.calls,\n        ),")
)

if __name__ == "__main__":
    unittest.main()
