"""The declaration of a case as a request carries it (PROTOCOL.md)."""

import re
from dataclasses import dataclass

TENSOR = object()  # what the constant of a tensor is


@dataclass(frozen=True)
class Leaf:
    name: str  # "dc.key_cache[0]"
    shape: tuple  # extents: an int, the name of a dim, or "past + 1"
    dtype: str
    constant: object  # of a leaf that is no tensor: None, a number or {"dim": name}; else TENSOR
    values: object = None  # "ones", "zeros", or the lowest and the highest; None: any

    def shape_at(self, pair):
        return [
            _extent_at(extent, pair) if isinstance(extent, str) else extent for extent in self.shape
        ]

    @property
    def is_tensor(self):
        return self.constant is TENSOR

    def constant_at(self, pair):
        """What a leaf is that is no tensor."""
        is_extent = isinstance(self.constant, dict)
        return pair.extents[self.constant["dim"]] if is_extent else self.constant

    def values_at(self, pair):
        """The lowest and the highest value, where they are declared."""
        return self.values

    def words(self):
        """The steps to the leaf: "dc", "key_cache", "0"."""
        return words(self.name)


def dim_and_number(extent):
    """What an extent consists of that is not a number: ("past", 1) of "past + 1"."""
    name, _, added = extent.partition(" ")
    return name, int(added.replace(" ", "") or 0)


def _extent_at(extent, pair):
    name, added = dim_and_number(extent)
    return pair.extents[name] + added


def words(name):
    """The steps that a name consists of, however it puts them together: "key_cache[0]" has two."""
    return re.findall(r"[^.\[\]'\"]+", name)


@dataclass(frozen=True)
class Pair:
    name: str
    extents: dict


@dataclass(frozen=True)
class Case:
    name: str
    class_name: str
    inputs: tuple
    outputs: tuple
    mutates: frozenset  # names of inputs that the model changes in place by design
    dims: dict  # name -> (min, max)
    pairs: tuple
    tolerance: object = None  # (rtol, atol), or None: those of torch.testing
    seed: int = 0  # added to the record's
    model_name: str = "Model"

    def pair(self, name):
        return next(pair for pair in self.pairs if pair.name == name)


def _leaves(entries):
    return tuple(
        Leaf(
            entry["name"],
            tuple(entry.get("shape", ())),
            entry.get("dtype", "float32"),
            None if entry.get("none") else entry.get("value", TENSOR),
            entry.get("values"),
        )
        for entry in entries
    )


def _tolerance(entry):
    return None if entry is None else (entry["rtol"], entry["atol"])


def parse(declared):
    return Case(
        name=declared["name"],
        class_name=declared["class"],
        model_name=declared.get("model", "Model"),
        inputs=_leaves(declared["inputs"]),
        outputs=_leaves(declared["outputs"]),
        mutates=frozenset(declared.get("mutates", ())),
        dims={dim["name"]: (dim["min"], dim["max"]) for dim in declared["dims"]},
        pairs=tuple(Pair(pair["name"], pair["extents"]) for pair in declared["pairs"]),
        tolerance=_tolerance(declared.get("tolerance")),
        seed=declared.get("seed", 0),
    )
