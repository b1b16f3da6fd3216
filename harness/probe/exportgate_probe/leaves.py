"""The leaves of a cache as pytree gives them, and how case.toml declares them."""

import json
from dataclasses import dataclass

import torch
from torch.utils import _pytree as pytree

from exportgate_probe import sizes, tree
from exportgate_probe.problem import Problem

NUMBERS = (bool, int, float)


@dataclass
class Leaf:
    name: str  # "cache.layers[0].keys"
    values: list  # what it is at each of sizes.SAMPLES and at sizes.PROOF
    shape: list  # rules; of a number, one rule
    same_as: str  # the name of an earlier leaf that is the very same tensor
    places: list  # where the tensor is: ".layers[0].keys"

    @property
    def first(self):
        return self.values[0]

    @property
    def is_tensor(self):
        return isinstance(self.first, torch.Tensor)

    def declaration(self):
        """A line of [inputs]."""
        return f"{_key(self.name)} = {self._declared()}"

    def _declared(self):
        if self.same_as:
            return f"{{ same_as = {json.dumps(self.same_as)} }}"
        if self.is_tensor:
            shape = f"[{', '.join(rule.text() for rule in self.shape)}]"
            dtype = str(self.first.dtype).removeprefix("torch.")
            if dtype == "float32":
                return shape
            values = _range(self.values) if dtype.startswith(("int", "uint")) else ""
            return f'{{ shape = {shape}, dtype = "{dtype}"{values} }}'
        if self.first is None:
            return '"None"'
        if isinstance(self.first, str):
            return f"{{ string = {json.dumps(self.first)} }}"
        if self.shape:
            return f"{{ value = {self.shape[0].text()} }}"
        return f"{{ value = {json.dumps(self.first)} }}"


def _key(name):
    return name if name.isidentifier() else json.dumps(name)


def _range(tensors):
    low = min((int(one.min()) for one in tensors if one.numel()), default=0)
    high = max((int(one.max()) for one in tensors if one.numel()), default=0)
    return f", values = [{low}, {high}]"


def named(cache):
    """(name, leaf) in the order of pytree."""
    try:
        pairs = [
            (f"cache{pytree.keystr(path)}", leaf)
            for path, leaf in pytree.tree_flatten_with_path(cache)[0]
        ]
    except (ValueError, NotImplementedError):  # registered without flatten_with_keys_fn
        pairs = []
    if not pairs or len({name for name, _ in pairs}) != len(pairs):
        pairs = [(f"cache[{i}]", leaf) for i, leaf in enumerate(pytree.tree_leaves(cache))]
    for name, leaf in pairs:
        if leaf is not None and not isinstance(leaf, (torch.Tensor, str, *NUMBERS)):
            raise Problem(
                f"pytree gives {name} as a {type(leaf).__qualname__}: neither a tensor nor a "
                "number, a string or None",
                "its registration has to take it apart",
            )
    return pairs


def of(samples):
    """`samples`: the cache at each of sizes.SAMPLES and at sizes.PROOF."""
    flat = [named(cache) for cache in samples]
    for (batch, length), other in zip((*sizes.SAMPLES, sizes.PROOF), flat):
        if [(name, type(leaf)) for name, leaf in other] != [
            (name, type(leaf)) for name, leaf in flat[0]
        ]:
            raise Problem(
                "it does not hold the same tensors at every size: "
                f"{_names(flat[0])} at batch {sizes.EXPORTED[0]}, length {sizes.EXPORTED[1]}, and "
                f"{_names(other)} at batch {batch}, length {length}",
                "make and fill it so that only extents differ: --make, --fill",
            )
    where = {}
    for place, tensor in tree.places(tree.of(samples[0])):
        where.setdefault(id(tensor), []).append(place)
    found, names = [], {}
    for i, (name, first) in enumerate(flat[0]):
        values = [other[i][1] for other in flat]
        is_tensor = isinstance(first, torch.Tensor)
        same_as = names.setdefault(id(first), name) if is_tensor else name
        places = where.get(id(first), []) if is_tensor else []
        if is_tensor and not places:
            raise Problem(
                f"{name} is in none of the attributes of the cache: flatten makes it",
                "`exportgate init NAME --class MODULE:CLASS` begins a case to be written by hand",
            )
        found.append(
            Leaf(name, values, _rules(name, values), "" if same_as == name else same_as, places)
        )
    return found


def _names(flat):
    names = [name for name, _ in flat]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _rules(name, values):
    if isinstance(values[0], torch.Tensor):
        if len({(value.dim(), value.dtype) for value in values}) > 1:
            raise Problem(
                f"{name} has another dtype or number of dims at another size",
                "make it so that only extents differ: --make, --fill",
            )
        return [
            _rule(f"dim {dim} of {name}", [value.shape[dim] for value in values])
            for dim in range(values[0].dim())
        ]
    return [_rule(name, values)] if type(values[0]) is int else []


def _rule(what, values):
    rule = sizes.Rule.of(values)
    if rule is None:
        seen = ", ".join(map(str, values))
        raise Problem(
            f"{what} follows batch and length in no way that a case can declare: it is {seen} at "
            f"batch and length {', '.join(map(str, (*sizes.SAMPLES, sizes.PROOF)))}",
            "fix it in --make; or write a case: exportgate init NAME --class",
        )
    return rule


def constants_that_differ(found):
    """Leaves that are no tensors, and differ between sizes in a way that cannot be declared."""
    return [
        leaf.name
        for leaf in found
        if not leaf.is_tensor and not leaf.shape and any(one != leaf.first for one in leaf.values)
    ]


def notes(found):
    """What a case does not keep of these tensors."""
    said = [
        f"{leaf.name} is not contiguous; the case has it contiguous"
        for leaf in found
        if leaf.is_tensor and not leaf.first.is_contiguous()
    ]
    storages = {}
    for leaf in found:
        if leaf.is_tensor and not leaf.same_as and leaf.first.numel():
            storage = leaf.first.untyped_storage().data_ptr()
            if storage in storages:
                said.append(
                    f"{storages[storage]} and {leaf.name} share memory; in the case each has its "
                    "own"
                )
            storages.setdefault(storage, leaf.name)
    return said
