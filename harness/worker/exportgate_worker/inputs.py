"""Leaves with the declared shapes and values, and whether a model's inputs are made of them."""

import dataclasses
import inspect
import zlib

import torch
from torch.utils import _pytree as pytree

from exportgate_worker import declared_layout, edge_values, judge, layouts, rounds
from exportgate_worker.errors import CaseError, NotRegistered, key_of_toml

EXPORT_ROUND = rounds.EXPORT_ROUND
_MOST_PROPOSED = 16


class LeavesByName(dict):
    """What make_inputs gets. A name that case.toml does not declare is answered with those that it
    does."""

    def __missing__(self, name):
        raise KeyError(f"no leaf {name!r}: case.toml declares {', '.join(self)}")


def random_leaves(case, pair, round_, seed=0):
    """Declared name -> tensor of the shape at `pair`, or the None or number that is declared."""
    round_ = rounds.of(round_)
    leaves = {}
    for position, leaf in enumerate(case.inputs):
        if leaf.same_as:
            leaves[leaf.name] = leaves[leaf.same_as]
        elif leaf.is_tensor:
            leaves[leaf.name] = _tensor(leaf, pair, round_, seed, position)
        else:
            leaves[leaf.name] = leaf.constant_at(pair)
    return leaves


def like(leaves):
    """New tensors of the same values and layouts."""
    copies = {
        id(leaf): layouts.copy_of(leaf)
        for leaf in leaves.values()
        if isinstance(leaf, torch.Tensor)
    }
    return {name: copies.get(id(leaf), leaf) for name, leaf in leaves.items()}


def _tensor(leaf, pair, round_, seed, position):
    generator = torch.Generator()
    name = f"{leaf.name}/{pair.name}/{round_.number}"
    generator.manual_seed(zlib.crc32(f"{name}{round_.edges}".encode(), seed))
    if round_.number == rounds.DISTINCT_ROUND and leaf.values in ("ones", "zeros"):
        leaf = dataclasses.replace(leaf, values=None)  # such leaves would be equal to each other
    tensor = _random_tensor(leaf, pair, generator)
    if round_.edges:
        tensor = edge_values.placed(tensor, leaf, pair, round_.edges, generator)
    tensor = declared_layout.laid_out(tensor, leaf.layout)
    if round_.layout and layouts.can_be(tensor, round_.layout):
        tensor = layouts.laid_out(tensor, round_.layout, position)
    return tensor


def _random_tensor(leaf, pair, generator):
    shape = leaf.shape_at(pair)
    dtype = getattr(torch, leaf.dtype)
    if leaf.values in ("ones", "zeros"):
        return getattr(torch, leaf.values)(shape, dtype=dtype)
    if leaf.values is not None:
        return _in_range(*leaf.values_at(pair), shape, dtype, generator)
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=generator).to(dtype)
    if dtype.is_complex:
        return torch.randn(shape, generator=generator, dtype=torch.complex64).to(dtype)
    if dtype.is_floating_point:
        return torch.randn(shape, generator=generator).to(dtype)
    return torch.randint(0, 100, shape, generator=generator).to(dtype)


def _in_range(low, high, shape, dtype, generator):
    """Both ends can come; of floats, as far as rounding to `dtype` gives them.

    Where there are no elements, `high` may be less than `low`: "batch - 1" of an empty batch.
    """
    if 0 in shape:
        return torch.zeros(shape, dtype=dtype)
    if dtype.is_floating_point:
        return (torch.rand(shape, generator=generator) * (high - low) + low).to(dtype)
    return torch.randint(int(low), int(high) + 1, shape, generator=generator).to(dtype)


def check_leaves(case, pair, inputs, leaves, model=None):
    """Raises CaseError unless `inputs` flatten to exactly the declared leaves, in their order. It
    proposes names for the leaves that are there, by the parameters of `model`, if it has one.

    NotRegistered where a leaf is an object of a class that pytree does not know.
    """
    try:
        _check_leaves(case, pair, inputs, leaves)
    except NotRegistered:
        raise
    except CaseError as error:
        raise CaseError(f"{error}{_proposal(inputs, model)}", error.about) from None


def _proposal(inputs, model):
    """The leaves by their paths, as lines below a message; "" where pytree knows no paths."""
    if model is None:
        return ""
    try:
        parameters = inspect.signature(model.forward).parameters
        named = dict(zip(parameters, inputs.args)) | inputs.kwargs
        by_path, _ = pytree.tree_flatten_with_path(named)
        names = [f"{path[0].key}{pytree.keystr(path[1:])}" for path, _ in by_path]
    except Exception:
        return ""
    found = [f"{name} {_shown(leaf)}" for name, (_, leaf) in zip(names, by_path)]
    more = ["..."] if len(found) > _MOST_PROPOSED else []
    return f"\nthe leaves that are there: {', '.join(found[:_MOST_PROPOSED] + more)}"


def _shown(leaf):
    return list(leaf.shape) if isinstance(leaf, torch.Tensor) else type(leaf).__qualname__


def _check_leaves(case, pair, inputs, leaves):
    flat = inputs.leaves()
    for position, leaf in enumerate(case.inputs):
        about = key_of_toml(leaf.name, "inputs")
        declared = leaf.shape_at(pair) if leaf.is_tensor else leaf.constant_at(pair)
        declared_as = f"leaf {position} is declared as {leaf.name} {declared}"
        if position >= len(flat):
            raise CaseError(f"{declared_as}, but the inputs flatten to {len(flat)} leaves", about)
        wrong = _what_is_wrong(case, leaf, declared, flat[position], flat, leaves)
        if wrong:
            kind = NotRegistered if wrong.endswith("is the class registered?") else CaseError
            raise kind(f"{declared_as}, but {wrong}", about)
    if len(flat) > len(case.inputs):
        raise CaseError(
            f"the inputs flatten to {len(flat)} leaves, but {len(case.inputs)} are declared",
            ("case.toml", r"\[inputs\]"),
        )


def _what_is_wrong(case, leaf, declared, found, flat, leaves):
    """Of the leaf that was `found` in place of the declared one; "" for nothing."""
    if not leaf.is_tensor:
        if type(found) is not type(declared):
            return f"is a {type(found).__qualname__}"
        return "" if found == declared else f"is {found!r}"
    if isinstance(found, (bool, int, float)):
        return f"is the number {found}: declare it as {{ value = {str(found).lower()} }}"
    if isinstance(found, str):
        return f'is the string {found!r}: declare it as {{ string = "{found}" }}'
    if not isinstance(found, torch.Tensor):
        return f"is a {type(found).__qualname__}: is the class registered?"
    if list(found.shape) != declared:
        return f"has shape {list(found.shape)}"
    if leaf.same_as and found is not flat[_position(case, leaf.same_as)]:
        return f"is another tensor than {leaf.same_as}"
    expected = leaves[leaf.name]
    if found is expected or judge.are_same(found, expected):
        return ""
    holder = next((name for name, other in leaves.items() if found is other), "")
    whose = f", those of {holder}" if holder else ""
    return f"has other values{whose}: is this the order of the flatten function?"


def _position(case, name):
    return next(i for i, leaf in enumerate(case.inputs) if leaf.name == name)
