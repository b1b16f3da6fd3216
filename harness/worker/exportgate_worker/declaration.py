"""The declaration of a case as a request carries it (PROTOCOL.md)."""

import re
import zlib
from dataclasses import dataclass, field

from exportgate_worker import relations

TENSOR = object()  # what the constant of a tensor is


@dataclass(frozen=True)
class AnyOf:
    """Of an output: any number of this type."""

    type_name: str  # "int", "float", "bool"


@dataclass(frozen=True)
class Extent:
    """A number of Python that is an extent, or a polynomial of dims."""

    expression: str  # "length", "length - 1"


@dataclass(frozen=True)
class Leaf:
    name: str  # "dc.key_cache[0]"
    shape: tuple  # extents: an int, the name of a dim, or a polynomial of dims ("past + 1")
    dtype: str
    constant: object  # of a leaf that is no tensor: None, a number, a string, Extent, AnyOf
    values: object = None  # "ones", "zeros", or the lowest and the highest; None: any
    is_dynamic: bool = False  # of a number: asked to be dynamic where dims are
    layout: object = None  # "strided", {"transposed": [1, 2]}, ...; None: contiguous
    same_as: str = ""  # an earlier leaf, which is the same tensor

    def shape_at(self, pair):
        return [_at(extent, pair) for extent in self.shape]

    def values_at(self, pair):
        """As `values`, in numbers."""
        return [_at(end, pair) for end in self.values] if self.has_range else self.values

    @property
    def has_range(self):
        return isinstance(self.values, (list, tuple))

    @property
    def is_tensor(self):
        return self.constant is TENSOR

    def constant_at(self, pair):
        """What a leaf is that is no tensor."""
        is_extent = isinstance(self.constant, Extent)
        return _at(self.constant.expression, pair) if is_extent else self.constant

    def words(self):
        """The steps to the leaf: "dc", "key_cache", "0"."""
        return words(self.name)


def _at(extent, pair):
    return relations.value_of(extent, pair.extents) if isinstance(extent, str) else extent


def words(name):
    """The steps that a name consists of, however it puts them together: "key_cache[0]" has two."""
    return re.findall(r"[^.\[\]'\"]+", name)


@dataclass(frozen=True)
class Pair:
    name: str
    extents: dict


@dataclass(frozen=True)
class Steps:
    """How a case is called in a loop: what the next call gets of the one before."""

    returned: dict  # name of an input -> name of the output that it is in the next call
    in_place: tuple  # names of inputs that are the same objects in every call
    counts_up: dict  # name of an integer tensor -> how much more it is in the next call: extent
    calls: int


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
    export_options: dict = field(default_factory=dict)  # of torch.export.export()
    rounds: dict = field(default_factory=dict)  # name of a round that is left out -> reason
    steps: object = None  # Steps; None: it is not called in a loop
    consumers: tuple = ()  # names of the checks that give the program away
    parameters: dict = field(default_factory=dict)  # those of case.toml, in its order

    @property
    def folder(self):
        """The name without the values of the parameters. What the cases of a folder have in common
        derives from it: names of modules, and the extents that are tried."""
        return self.name.partition("[")[0]

    def file_name(self):
        """A name for files of this case alone, which compilers take in a path."""
        if not self.parameters:
            return self.name
        return f"{self.folder}-{zlib.crc32(self.name.encode()):08x}"

    def pair(self, name):
        return next(pair for pair in self.pairs if pair.name == name)

    def definition_of(self, dim):
        """What `dim` is in terms of other dims by a relation ("2*length"), or None."""
        return relations.definition_of(self.relations, dim)

    def pair_with(self, extents, like=None, name=""):
        """A pair with these `extents` that the case allows; None where there is no such pair.

        `extents` may name some dims only. The others are as at `like` (the first pair, if None),
        except those that an equality ties to what was given: these follow from it, and stay within
        their ranges. What `extents` names may lie outside its range.
        """
        like = like or self.pairs[0]
        fixed = set(extents)
        if fixed >= set(self.dims):  # all are given: those that others define follow from these
            fixed = {dim for dim in fixed if self.definition_of(dim) is None}
        found = relations.fitted(
            self.relations, {**like.extents, **extents}, fixed, ranges=self.dims
        )
        if found is None:
            return None
        pair = Pair(name or ",".join(f"{dim}={extent}" for dim, extent in found.items()), found)
        return pair if all(_is_possible(leaf, pair) for leaf in self.inputs) else None


def _is_possible(leaf, pair):
    """False where an extent is negative, or no value is allowed."""
    shape = leaf.shape_at(pair)
    if any(extent < 0 for extent in shape):
        return False
    if not leaf.has_range or 0 in shape:
        return True
    low, high = leaf.values_at(pair)
    return low <= high


def _leaves(entries):
    return tuple(
        Leaf(
            entry["name"],
            tuple(entry.get("shape", ())),
            entry.get("dtype", "float32"),
            _constant(entry),
            entry.get("values"),
            entry.get("dynamic", False),
            entry.get("layout"),
            entry.get("same_as", ""),
        )
        for entry in entries
    )


def _constant(entry):
    if entry.get("none"):
        return None
    if "string" in entry:
        return entry["string"]
    if "type" in entry:
        return AnyOf(entry["type"])
    value = entry.get("value", TENSOR)
    return Extent(value["dim"]) if isinstance(value, dict) else value


def _tolerance(entry):
    return None if entry is None else (entry["rtol"], entry["atol"])


def _steps(entry):
    return entry and Steps(
        returned=entry.get("returned", {}),
        in_place=tuple(entry.get("in_place", ())),
        counts_up=entry.get("counts_up", {}),
        calls=entry["calls"],
    )


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
        export_options=declared.get("export", {}),
        rounds=declared.get("rounds", {}),
        steps=_steps(declared.get("steps")),
        consumers=tuple(declared.get("consumers", ())),
        parameters={one["name"]: one["value"] for one in declared.get("parameters", ())},
        relations=tuple(relations.Relation(text) for text in declared.get("relations", ())),
    )
