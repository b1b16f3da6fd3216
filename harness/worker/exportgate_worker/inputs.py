"""Leaves with the declared shapes and values, and whether a model's inputs are made of them."""

import dataclasses
import zlib

import torch

from exportgate_worker import declared_layout, edge_values, judge, layouts, rounds
from exportgate_worker.errors import CaseError, NotRegistered

EXPORT_ROUND = rounds.EXPORT_ROUND


class LeavesByName(dict):
    """What make_inputs gets. A name that case.toml does not declare is answered with those that it
    does."""

    def __missing__(self, name):
        raise KeyError(f"no leaf {name!r}: case.toml declares {', '.join(self)}")


def random_leaves(case, pair, round_, seed=0):
    """Declared name -> tensor of the shape at `pair`, or the None or number that is declared."""
    round_ = rounds.of(round_)
    leaves = {}
    for leaf in case.inputs:
        if leaf.same_as:
            leaves[leaf.name] = leaves[leaf.same_as]
        elif leaf.is_tensor:
            leaves[leaf.name] = _tensor(leaf, pair, round_, seed)
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


def _tensor(leaf, pair, round_, seed):
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
        tensor = layouts.laid_out(tensor, round_.layout)
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
    if dtype.is_floating_point or dtype.is_complex:
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


def check_leaves(case, pair, inputs, leaves):
    """Raises CaseError unless `inputs` flatten to exactly the declared leaves, in their order.

    NotRegistered where a leaf is an object of a class that pytree does not know.
    """
    flat = inputs.leaves()
    for position, leaf in enumerate(case.inputs):
        declared = leaf.shape_at(pair) if leaf.is_tensor else leaf.constant_at(pair)
        declared_as = f"leaf {position} is declared as {leaf.name} {declared}"
        if position >= len(flat):
            raise CaseError(f"{declared_as}, but the inputs flatten to {len(flat)} leaves")
        found = flat[position]
        if not leaf.is_tensor:
            if type(found) is not type(declared):
                raise CaseError(f"{declared_as}, but is a {type(found).__qualname__}")
            if found != declared:
                raise CaseError(f"{declared_as}, but is {found!r}")
            continue
        if isinstance(found, (bool, int, float)):
            raise CaseError(
                f"{declared_as}, but is the number {found}: declare it as {{ value = "
                f"{str(found).lower()} }}"
            )
        if isinstance(found, str):
            raise CaseError(
                f"{declared_as}, but is the string {found!r}: declare it as {{ string = "
                f'"{found}" }}'
            )
        if not isinstance(found, torch.Tensor):
            raise NotRegistered(
                f"{declared_as}, but is a {type(found).__qualname__}: is the class registered?"
            )
        if list(found.shape) != declared:
            raise CaseError(f"{declared_as}, but has shape {list(found.shape)}")
        if leaf.same_as and found is not flat[_position(case, leaf.same_as)]:
            raise CaseError(f"{declared_as}, but is another tensor than {leaf.same_as}")
        expected = leaves[leaf.name]
        if found is not expected and not (judge.are_same(found, expected)):
            raise CaseError(
                f"{declared_as}, but has other values: is this the order of the flatten function?"
            )
    if len(flat) > len(case.inputs):
        raise CaseError(
            f"the inputs flatten to {len(flat)} leaves, but {len(case.inputs)} are declared"
        )


def _position(case, name):
    return next(i for i, leaf in enumerate(case.inputs) if leaf.name == name)
