"""The declaration of a case as a request carries it (PROTOCOL.md)."""

import re
from dataclasses import dataclass

from exportgate_worker import relations

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
    relations: tuple = ()  # of dims, which all extents obey that are tried

    def pair(self, name):
        return next(pair for pair in self.pairs if pair.name == name)

    def pair_with(self, extents, like=None, name=""):
        """A pair with these `extents` that the case allows; None where there is no such pair.

        `extents` may name some dims only. The others are as at `like` (the first pair, if None),
        except those that an equality ties to what was given: these follow from it, and stay within
        their ranges. What `extents` names may lie outside its range.
        """
        like = like or self.pairs[0]
        found = relations.fitted(
            self.relations, {**like.extents, **extents}, extents, ranges=self.dims
        )
        if found is None:
            return None
        pair = Pair(name or ",".join(f"{dim}={extent}" for dim, extent in found.items()), found)
        shapes = (leaf.shape_at(pair) for leaf in self.inputs if leaf.is_tensor)
        return None if any(extent < 0 for shape in shapes for extent in shape) else pair


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
        relations=tuple(relations.Relation(text) for text in declared.get("relations", ())),
    )
