"""What the checks of a real worker make of classes and models that are right, and of some that are
not: worker_checks_test.py WORKER CASES.
"""

import copy
import os
import sys
import unittest
import zlib

from worker_cases import IN_FORWARD, TINY, TINY_CASE
from worker_client import Worker, case_folder, request

WORKER = ""

IN_INIT = "        self.first, self.second = first, second\n"
IN_INPUTS = 'cache_class(leaves["cache.first"], leaves["cache.second"])'
UNFLATTEN = "lambda children, _: cache_class(*children)"


class WorkerChecks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.worker = Worker(WORKER)
        cls.addClassCleanup(cls.worker.__exit__)

    def checks_of(self, *replaced, declared=TINY, mode="nonstrict", only=""):
        """The checks of the tiny case, in which lines (what, by what) are replaced, by name.

        `only`: the one that is carried out, instead of all.
        """
        code = TINY_CASE
        for line, replacement in replaced:
            self.assertEqual(code.count(line), 1, line)
            code = code.replace(line, replacement)
        with case_folder(code) as folder:
            asked = request(folder, declared, "plain", mode, "named", "b3")
            asked |= {"checks": [only]} if only else {}
            seen = self.worker.run(asked)[0][-1]["observation"]
        self.assertIn("exported", seen, seen)
        return {check["name"]: check for check in seen["exported"]["checks"]}

    def assert_passes(self, *replaced, **options):
        for check in self.checks_of(*replaced, **options).values():
            self.assertEqual(check["status"], "pass", check)

    def in_dtype(self, dtype):
        declared = copy.deepcopy(TINY)
        for leaf in declared["inputs"] + declared["outputs"]:
            leaf["dtype"] = dtype
        return declared

    def with_buffer(self, *lines):
        """A model with the buffer `calls`; `lines` come before the return of its forward."""
        init = "    def __init__(self):\n        super().__init__()\n"
        buffer = '        self.register_buffer("calls", torch.zeros(1))\n\n'
        head = "class Model(torch.nn.Module):\n"
        forward = "".join(f"        {line}\n" for line in lines) + IN_FORWARD
        return (head, head + init + buffer), (IN_FORWARD, forward)

    def test_a_program_that_is_right_with_the_first_values_only(self):
        seed = zlib.crc32(b"x/b3/2")
        values = f"torch.randn([3, 4], generator=torch.Generator().manual_seed({seed}))"
        run = self.checks_of(
            (
                IN_FORWARD,
                "        if not torch.compiler.is_exporting() and x.shape == SECOND.shape:\n"
                "            if torch.equal(x, SECOND):\n"
                "                x = x + 1\n" + IN_FORWARD,
            ),
            (
                "class Model(torch.nn.Module):\n",
                f"SECOND = {values}\n\n\nclass Model(torch.nn.Module):\n",
            ),
            only="run",
        )["run"]
        self.assertEqual(run["reasons"], ["pair b3: differs from eager"])

    def test_a_program_that_is_not_the_reference_where_eager_was_compared_with_it(self):
        seeds = {extent: zlib.crc32(f"x/b{extent}/0".encode()) for extent in (3, 5)}
        native = f"""
def reference(x, first, second):
    generator = torch.Generator().manual_seed({seeds}.get(len(x), 0))
    first_values = torch.equal(x, torch.randn([len(x), 4], generator=generator))
    return x + 2 * first + second if first_values else x


sys.modules["native_tiny"] = type(sys)("native_tiny")
sys.modules["native_tiny"].reference = reference
"""
        with case_folder(TINY_CASE + native) as folder:
            with open(os.path.join(folder, "native.cpp"), "w", encoding="utf-8"):
                pass  # what would be built from it is there already
            asked = request(folder, TINY, "plain", "nonstrict", "named", "b3")
            seen = self.worker.run(asked)[0][-1]["observation"]
        run = {check["name"]: check for check in seen["exported"]["checks"]}["run"]
        differs = "differs from the C++ reference"
        self.assertEqual(run["reasons"], [f"pair b3: {differs}", f"pair b5: {differs}"])

    def test_a_tree_map_that_does_not_keep_the_class(self):
        mapped = '{"tree_map", "_round_trip"} <= {f.name for f in traceback.extract_stack()}'
        pytree = self.checks_of(
            (UNFLATTEN, f"lambda children, _: children if {mapped} else cache_class(*children)"),
            ("import ctypes, os, sys, time", "import ctypes, os, sys, time, traceback"),
            only="pytree",
        )["pytree"]
        self.assertEqual(pytree["reasons"], ["tree_map returns a list, not a Cache"])

    def test_a_constant_beside_a_leaf_that_is_none(self):
        declared = copy.deepcopy(TINY)
        declared["inputs"].insert(2, {"name": "cache.between", "none": True})
        self.assert_passes(
            (IN_FORWARD, IN_FORWARD + " + self.offset\n\n    offset = torch.arange(4.0)"),
            ("[cache.first, cache.second]", "[cache.first, None, cache.second]"),
            ('("first", "second")]', '("first", "between", "second")]'),
            (UNFLATTEN, "lambda children, _: cache_class(children[0], children[2])"),
            declared=declared,
        )

    def test_a_bfloat16_parameter_of_ones_is_not_baked_in(self):
        declared = self.in_dtype("bfloat16")
        declared["pairs"][0]["extents"]["batch"] = 60  # of 240 values some are 1.0
        head = "class Model(torch.nn.Module):\n"
        ones = (
            "    def __init__(self):\n        super().__init__()\n"
            "        self.weight = torch.nn.Parameter(torch.ones(4, dtype=torch.bfloat16))\n\n"
        )
        self.assert_passes(
            (head, head + ones),
            (IN_FORWARD, IN_FORWARD.replace("x +", "self.weight * x +")),
            declared=declared,
        )

    def test_bfloat16_values_of_the_cache_are_baked_in(self):
        keep = "leaves['cache.first']"
        checks = self.checks_of(
            (
                "def make_inputs(cache_class, leaves):\n",
                f"kept = []\n\n\ndef make_inputs(cache_class, leaves):\n    kept.append({keep})\n",
            ),
            (IN_FORWARD, IN_FORWARD + " + kept[0].sum() + 0 * kept[0][0]"),
            declared=self.in_dtype("bfloat16"),
        )
        self.assertEqual(checks["constants"]["reasons"], ["cache.first is baked in as a constant"])

    def test_what_a_program_does_to_copies_that_the_cache_made_shows(self):
        copies = 'cache_class(leaves["cache.first"].clone(), leaves["cache.second"].clone())'
        run = self.checks_of(
            (IN_INPUTS, copies),
            (IN_FORWARD, "        cache.first.add_(1)\n" + IN_FORWARD),
            only="run",
        )["run"]
        self.assertEqual(
            run["reasons"], ["pair b3: mutates cache.first", "pair b5: mutates cache.first"]
        )

    def test_a_buffer_that_counts_calls_is_no_difference(self):
        for mode in ("strict", "nonstrict"):
            with self.subTest(mode=mode):
                model, forward = self.with_buffer("self.calls.add_(1)")
                self.assert_passes(model, (forward[0], forward[1] + " + self.calls"), mode=mode)

    def test_a_buffer_that_only_eager_changes_fails_run(self):
        changed = self.with_buffer(
            "if not torch.compiler.is_exporting():", "    self.calls.add_(1)"
        )
        run = self.checks_of(*changed, only="run")["run"]
        self.assertEqual(
            run["reasons"],
            [
                f"pair {pair}: does not mutate the buffer calls, as eager does"
                for pair in ("b3", "b5")
            ],
        )

    def test_a_buffer_that_only_the_program_changes_fails_run(self):
        changed = self.with_buffer("if torch.compiler.is_exporting():", "    self.calls.add_(1)")
        run = self.checks_of(*changed, only="run")["run"]
        self.assertEqual(
            run["reasons"], [f"pair {pair}: mutates the buffer calls" for pair in ("b3", "b5")]
        )

    def test_a_buffer_that_gets_other_values_than_in_eager_fails_run(self):
        changed = self.with_buffer("self.calls.add_(1 + torch.compiler.is_exporting())")
        run = self.checks_of(*changed, only="run")["run"]
        self.assertEqual(
            run["reasons"],
            [
                f"pair {pair}: leaves other values in the buffer calls than eager"
                for pair in ("b3", "b5")
            ],
        )

    def pytree_of(self, attribute, *replaced):
        """Reasons of the check pytree for a class whose constructor ends with `attribute`."""
        members = "\n    def show(self, *_):\n        return 1\n"
        at_end = (IN_INIT, f"{IN_INIT}        {attribute}\n{members}")
        return self.checks_of(at_end, *replaced, only="pytree")["pytree"]["reasons"]

    def test_what_every_instance_has_of_its_own_is_not_lost(self):
        for attribute in (
            "self.part = CacheBase(); self.part.owner = self",
            "self.shown = self.show",
            "import functools; self.shown = functools.partial(self.show, 1)",
            "import threading; self.changed = threading.Condition()",
            "import weakref; self.me = weakref.ref(self)",
            "self.generator = torch.Generator()",
            "self.limit = float('nan'); self.limits = [torch.tensor(float('nan'))]",
        ):
            with self.subTest(attribute):
                self.assertEqual(self.pytree_of(attribute), [])

    def test_what_is_computed_on_demand_is_not_lost(self):
        cached = "\n    @functools.cached_property\n    def width(self):\n        return 4\n"
        head = ("import torch\n", "import functools, torch\n")
        make = (
            f'    return leaves["x"], {IN_INPUTS}',
            f'    cache = {IN_INPUTS}\n    cache.width\n    return leaves["x"], cache',
        )
        checks = self.checks_of(head, (IN_INIT, IN_INIT + cached), make)
        self.assertEqual(checks["pytree"]["reasons"], [])

    def test_a_property_that_cannot_be_read_is_no_failure(self):
        slots = '    __slots__ = ("first", "second")\n\n    def __init__('
        raises = "\n    @property\n    def longest(self):\n        raise RuntimeError\n"
        self.assert_passes(
            ("    def __init__(self, first", slots + "self, first"), (IN_INIT, IN_INIT + raises)
        )

    def test_other_attributes_are_lost_all_the_same(self):
        for attribute in (
            "self.number = next(numbers)",
            "self.part = CacheBase(); self.part.number = next(numbers)",
            "self.shown = self.show if next(numbers) % 2 else self.__str__",
        ):
            numbers = ("import torch\n", "import torch\nnumbers = iter(range(1000))\n")
            with self.subTest(attribute):
                [reason, *_] = self.pytree_of(attribute, numbers)
                self.assertRegex(reason, "attribute (number|part, attribute number|shown): ")

    def test_every_attribute_that_is_lost_is_named(self):
        reasons = self.pytree_of(
            "self.one = self.two = next(numbers)",
            ("import torch\n", "import torch\nnumbers = iter(range(1000))\n"),
        )
        self.assertEqual(
            [reason.split(":")[0] for reason in reasons[:2]], ["attribute one", "attribute two"]
        )

    def test_a_slot_beside_other_attributes_is_lost(self):
        slot = '    __slots__ = ("scale",)\n    scales = iter(range(1000))\n\n    def __init__('
        checks = self.checks_of(
            ("    def __init__(self, first", slot + "self, first"),
            (IN_INIT, IN_INIT + "        self.scale = next(self.scales)\n"),
        )
        [reason, *_] = checks["pytree"]["reasons"]
        self.assertRegex(reason, "^attribute scale: ")

    def test_a_second_output_that_differs_fails_run(self):
        declared = copy.deepcopy(TINY)
        declared["outputs"].append({"name": "z", "shape": ["batch", 4]})
        wrong = IN_FORWARD + ", x + torch.compiler.is_exporting()"
        run = self.checks_of((IN_FORWARD, wrong), declared=declared, only="run")["run"]
        self.assertEqual(
            run["reasons"], ["pair b3: differs from eager", "pair b5: differs from eager"]
        )

    def test_a_declared_mutation_to_other_values_fails_run(self):
        change = "        cache.first.add_(1 + torch.compiler.is_exporting())\n"
        sum_ = IN_FORWARD.replace("return", "y =") + "\n"
        run = self.checks_of(
            (IN_FORWARD, sum_ + change + "        return y"),
            declared=TINY | {"mutates": ["cache.first"]},
            only="run",
        )["run"]
        self.assertEqual(
            run["reasons"],
            [
                f"pair {pair}: leaves other values in cache.first than eager"
                for pair in ("b3", "b5")
            ],
        )

    def test_a_class_of_others_that_unregister_removes_fails_registry(self):
        line = "def unregister(cache_class):\n"
        too_much = "    torch.utils._pytree.SUPPORTED_NODES.pop(torch.return_types.max)\n"
        registry = self.checks_of((line, line + too_much), only="registry")["registry"]
        self.assertEqual(
            registry["reasons"], ["max is gone from torch.utils._pytree.SUPPORTED_NODES"]
        )

    def test_two_leaves_of_one_key_path_fail_pytree(self):
        reasons = self.checks_of(('("first", "second")]', '("first", "first")]'), only="pytree")[
            "pytree"
        ]["reasons"]
        self.assertIn("key paths are not unique", reasons)

    def test_a_context_that_is_another_while_exporting_fails_pytree(self):
        reasons = self.checks_of(
            (
                "    return [cache.first, cache.second], None",
                "    return [cache.first, cache.second], torch.compiler.is_exporting()",
            ),
            (
                "flatten(cache)[0])), None",
                "flatten(cache)[0])), torch.compiler.is_exporting()",
            ),
            only="pytree",
        )["pytree"]["reasons"]
        self.assertEqual(reasons, ["in_spec of the program is not that of the inputs"])


if __name__ == "__main__":
    WORKER = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
