"""The statements that fail where a check of the program fails, as text."""

import re

from exportgate_repro import linear, shapes_text
from exportgate_repro.leaves_text import quoted
from exportgate_repro.problem import Problem

SAME = """\
def same(found, expected):
    \"\"\"Raises where what was returned or written in place differs.\"\"\"
    found, expected = pytree.tree_leaves(found), pytree.tree_leaves(expected)
    assert len(found) == len(expected), f"{len(found)} leaves, eager {len(expected)}"
    for one, other in zip(found, expected):
        if isinstance(other, torch.Tensor):
            torch.testing.assert_close(one, other@TOLERANCE@)
        else:
            assert one == other, f"{one}, eager {other}"
"""

CALL = """\
def call(function, **extents):
    \"\"\"What it returns, and its inputs afterwards.\"\"\"
    args, kwargs = inputs(**extents)
    outputs = function(*args, **kwargs)
    return outputs, args, kwargs
"""


def helpers(case):
    """Blocks of lines that the statements of every check may call."""
    tolerance = case.get("tolerance")
    said = f", rtol={tolerance['rtol']}, atol={tolerance['atol']}" if tolerance else ""
    return [SAME.replace("@TOLERANCE@", said).splitlines(), CALL.splitlines()]


class Statements:
    """Of the checks that a script can show, by name, in the order in which one is chosen."""

    def __init__(self, case, cell, export):
        self._case = case
        self._cell = cell
        self._export = export  # (text of a program or model) -> lines of an export of it
        self._by_name = {
            "dims": self._dims,
            "constants": self._constants,
            "run": self._run,
            "bounds": self._bounds,
            "save_load": self._save_load,
            "decompose": self._decompose,
            "retrace": self._retrace,
            "pytree": self._pytree,
        }

    def chosen(self, failing):
        """(name, reasons) of the first of the failing checks that a script can show."""
        for name in self._by_name:
            if name in failing:
                return name, failing[name]
        raise Problem(
            f"what fails is the check {', '.join(failing)}, which no script shows: it shows "
            f"{', '.join(self._by_name)}",
            "`exportgate show` has its reasons",
        )

    def of(self, name, reasons):
        return self._by_name[name](reasons)

    def _dims(self, _reasons):
        ranges = {dim["name"]: (dim["min"], dim["max"]) for dim in self._case["dims"]}
        is_named = self._cell["dims"] == "named"
        lines = ["asked = ["]
        per_leaf = shapes_text.asked(self._case, self._cell["dims"])
        for leaf, asked in zip(self._case["inputs"], per_leaf):
            axes = asked if isinstance(asked, dict) else {}
            shape = leaf.get("shape", ())
            said = {i: ranges.get(shape[i]) if is_named else None for i in axes}
            lines.append(f"    ({quoted(leaf['name'])}, {said}),")
        return [
            *lines,
            "]",
            'values = {node.name: node.meta.get("val") for node in program.graph.nodes}',
            "found = [values.get(name) for name in program.graph_signature.user_inputs]",
            "for (name, dims), value in zip(asked, found):",
            "    for dim, declared in dims.items():",
            "        extent = value.shape[dim]",
            "        is_constant = str(extent).isdigit()",
            '        assert not is_constant, f"{name} dim {dim} is the constant {extent}"',
            "        if declared and extent.node.expr in program.range_constraints:",
            "            range_ = program.range_constraints[extent.node.expr]",
            "            is_whole = range_.lower <= declared[0] and range_.upper >= declared[1]",
            '            assert is_whole, f"{name} dim {dim} is of {range_}, not {declared}"',
        ]

    def _constants(self, _reasons):
        own = self._keywords(self._pair())
        return [
            f"for name, leaf in leaves({own}).items():",
            "    for constant in program.constants.values():",
            "        if isinstance(leaf, torch.Tensor) and isinstance(constant, torch.Tensor):",
            "            is_baked_in = leaf.numel() and torch.equal(leaf, constant)",
            '            assert not is_baked_in, f"{name} is a constant of the program"',
        ]

    def _run(self, reasons):
        lines = ["module = program.module()"]
        others = [pair["extents"] for pair in self._case["pairs"]]
        others = [extents for extents in others if extents != self._pair()]
        if self._cell["dims"] != "static":
            tried = [self._pair(), *others, *self._extents_in(reasons)]
            return lines + self._compared("module", tried)
        lines += self._compared("module", [self._pair()])
        if not others:
            return lines
        return [
            *lines,
            f"for extents in {self._listed(others)}:",
            "    try:",
            "        call(module, **extents)",
            "    except Exception:",
            "        continue  # it refuses them, as it has to",
            '    raise AssertionError(f"a program without dynamic dims accepts {extents}")',
        ]

    def _bounds(self, reasons):
        ranges = {dim["name"]: (dim["min"], dim["max"]) for dim in self._case["dims"]}
        inside, outside = [], []
        for extents in self._extents_in(reasons):
            fits = all(ranges[d][0] <= e <= ranges[d][1] for d, e in extents.items() if d in ranges)
            (inside if fits else outside).append(extents)
        lines = ["module = program.module()", *self._compared("module", inside)]
        if not outside:
            return lines
        return [
            *lines,
            f"for extents in {self._listed(outside)}:",
            "    try:",
            "        found = call(module, **extents)",
            "    except Exception:",
            "        continue  # outside of the range it refuses, as it has to",
            "    same(found, call(new_model(), **extents))",
        ]

    def _pytree(self, _reasons):
        name = self._case["class"]
        return [
            f"tree = inputs({self._keywords(self._pair())})",
            "flat, spec = pytree.tree_flatten(tree)",
            "again = pytree.tree_unflatten(flat, spec)",
            "flat_again, spec_again = pytree.tree_flatten(again)",
            'assert spec == spec_again, f"{spec} became {spec_again}"',
            "for leaf, leaf_again in zip(flat, flat_again):",
            "    is_same = not isinstance(leaf, torch.Tensor) and leaf == leaf_again",
            '    assert leaf is leaf_again or is_same, "a leaf is another object"',
            f"is_cache = lambda node: isinstance(node, {name})",
            "caches = [n for n in pytree.tree_leaves(tree, is_leaf=is_cache) if is_cache(n)]",
            "others = [n for n in pytree.tree_leaves(again, is_leaf=is_cache) if is_cache(n)]",
            "for cache, other in zip(caches, others):",
            '    for attribute, value in getattr(cache, "__dict__", {}).items():',
            "        if value is None or isinstance(value, (bool, int, float, str)):",
            '            found = getattr(other, attribute, "nothing")',
            '            assert found == value, f"{attribute}: {value} before, {found} after"',
        ]

    def _save_load(self, _reasons):
        return [
            "file = io.BytesIO()",
            "torch.export.save(program, file)",
            "file.seek(0)",
            "loaded = torch.export.load(file).module()",
            *self._compared("loaded", [self._pair()]),
        ]

    def _decompose(self, _reasons):
        return [
            "decomposed = program.run_decompositions().module()",
            *self._compared("decomposed", [self._pair()]),
        ]

    def _retrace(self, _reasons):
        return [
            *self._export("program.module()", "retraced"),
            *self._compared("retraced.module()", [self._pair()]),
        ]

    def _compared(self, program, tried):
        if not tried:
            return []
        lines = ["found = call(@, **extents)", "same(found, call(new_model(), **extents))"]
        lines = [line.replace("@", program) for line in lines]
        return [f"for extents in {self._listed(tried)}:", *(f"    {line}" for line in lines)]

    def _pair(self):
        pairs = self._case["pairs"]
        return next(pair["extents"] for pair in pairs if pair["name"] == self._cell["pair"])

    def _extents_in(self, reasons):
        """Those that reasons name, "batch = 0: ..." and "batch=1,length=7", each once."""
        known = {dim["name"] for dim in self._case["dims"]}
        found = []
        for reason in reasons:
            named = re.findall(r"\b(\w+) ?= ?(-?\d+)\b", reason)
            named = {name: int(extent) for name, extent in named if name in known}
            extents = self._pair() | named
            for dim in known:
                if definition := linear.definition_of(self._case, dim):
                    extents[dim] = linear.value_of(definition, extents)
            if named and extents not in found:
                found.append(extents)
        return found

    @staticmethod
    def _keywords(extents):
        return ", ".join(f"{dim}={extent}" for dim, extent in extents.items())

    def _listed(self, all_extents):
        return "[" + ", ".join(f"dict({self._keywords(e)})" for e in all_extents) + "]"
