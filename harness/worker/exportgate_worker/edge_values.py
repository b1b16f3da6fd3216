"""Values at the edge of what a dtype holds, a few of them among random ones.

One kind a call, and few elements of it: an infinity that is everywhere makes every output NaN, and
two programs that return nothing but NaN are equal.
"""

import math

import torch

from exportgate_worker import structured_values

LARGE = 1e4  # beyond what a clamp or a table was made for, and finite in float16
SHARE = 8  # one element in so many is changed

MODERATE = 100.0  # beyond what random values are, and nothing overflows
MOST_ASCENDING = 1000  # positions go on from the lowest one after that many
# As ids and positions are where nobody says how many there are: above what eight and sixteen bits
# hold, and the number that losses leave out.
BEYOND = [-100, 200, 70_000]
# As a mask has them that hides everything of a row, or of a whole input.
ROWS = "rows of minus infinity"

# Kind -> whether all elements are changed. Each is one call.
KINDS = {
    "zeros": False,
    "minus one": False,
    "tiny": False,
    "large": False,
    "largest": False,
    "infinities": False,
    "NaN": False,
    "all zeros": True,
    "all large": True,
    ROWS: False,
    "round": False,
    "moderate": False,
    "ascending": True,
    "beyond": True,
}


def kinds_of(case, pair, numbers=()):
    """Those that some leaf has a value of. `numbers`: that the code of the model names."""
    leaves = [leaf for leaf in case.inputs if leaf.is_tensor]
    return [
        kind
        for kind in KINDS
        if any(_values(getattr(torch, leaf.dtype), leaf, pair, kind) for leaf in leaves)
    ] + structured_values.kinds_of(leaves, numbers)


def placed(tensor, leaf, pair, kind, generator):
    """`tensor`, of random values, with those of `kind` put into it, within what `leaf` declares."""
    kind, _, only = kind.partition(structured_values.IN_LEAF)
    if only and only != leaf.name:
        return tensor
    tensor = structured_values.placed(tensor, leaf, pair, kind, generator)
    values = _values(tensor.dtype, leaf, pair, kind)
    if not values or tensor.numel() == 0:
        return tensor
    flat = tensor.reshape(-1)
    if tensor.dtype.itemsize == 1 and tensor.dtype.is_floating_point:
        flat = flat.to(torch.float32)  # floats of eight bits cannot be assigned by index
    if kind == "ascending":
        return (
            torch.tensor(values)[torch.arange(flat.numel()) % len(values)]
            .to(tensor.dtype)
            .reshape(tensor.shape)
        )
    if kind == ROWS:
        return _with_rows(flat, tensor, values[0], generator)
    is_of_all = KINDS.get(kind, kind.startswith(structured_values.BESIDE))
    count = flat.numel() if is_of_all else _count(flat.numel(), len(values))
    chosen = torch.randperm(flat.numel(), generator=generator)[:count]
    # Which of the values a small tensor gets depends on the generator too.
    first = int(torch.randint(len(values), (), generator=generator))
    turns = (torch.arange(count) + first) % len(values)
    flat[chosen] = torch.tensor(values, dtype=flat.dtype)[turns]
    return flat.reshape(tensor.shape).to(tensor.dtype)


def _with_rows(flat, tensor, value, generator):
    rows = flat.reshape(-1, tensor.shape[-1] if tensor.dim() else 1)
    chosen = torch.randperm(len(rows), generator=generator)[: _count(len(rows), 1)]
    rows[chosen] = value
    return rows.reshape(tensor.shape).to(tensor.dtype)


def _count(elements, values):
    return min(max(elements // SHARE, values), max(elements // 2, 1))


def _values(dtype, leaf, pair, kind):
    if beside := structured_values.beside(kind, dtype):
        if leaf.values is None:
            return beside
        if leaf.values in ("ones", "zeros"):
            return []
        low, high = leaf.values_at(pair)
        return [value for value in beside if low <= value <= high]
    if dtype == torch.bool:
        return _of_masks(leaf, kind)
    if dtype.is_floating_point or dtype.is_complex:
        found = _of_floats(dtype, kind)
        return _within(leaf, pair, found, kind)
    return _of_integers(dtype, leaf, pair, kind)


def _of_masks(leaf, kind):
    # What is neither all of one value nor random is of no interest.
    if leaf.values is not None:
        return []
    return {"all zeros": [False], "all large": [True]}.get(kind, [])


def _of_floats(dtype, kind):
    limits = torch.finfo(dtype)
    large = min(LARGE, limits.max)
    subnormal = limits.tiny * limits.eps
    return {
        "zeros": [-0.0, 0.0],
        "minus one": [],
        "tiny": [limits.tiny, -limits.tiny, subnormal, -subnormal],
        "large": [large, -large],
        "largest": [limits.max, -limits.max],
        "infinities": [math.inf, -math.inf],
        "NaN": [math.nan],
        "all zeros": [-0.0, 0.0],
        "all large": [large, -large],
        ROWS: [-math.inf],
        "round": [1.0, 0.5, -1.0, 2.5, 0.25, -0.75],
        "moderate": [MODERATE, -MODERATE],
    }.get(kind, [])


def _within(leaf, pair, found, kind):
    """Of floats: those in the declared range, and its ends."""
    if leaf.values is None:
        return found
    if leaf.values in ("ones", "zeros"):
        return []
    low, high = leaf.values_at(pair)
    found = [value for value in found if low <= value <= high]
    return found + ([low, high] if kind in ("large", "all large") else [])


def _of_integers(dtype, leaf, pair, kind):
    """The ends of a declared range; else what an index is likely to be wrong at."""
    if leaf.values in ("ones", "zeros"):
        return []
    if leaf.values is not None:
        low, high = (int(value) for value in leaf.values_at(pair))
        of_kind = {"zeros": [0], "all zeros": [low], "large": [low, high], "all large": [high]}
        if kind == "ascending":
            return list(range(low, min(high, low + MOST_ASCENDING) + 1))
        return [value for value in of_kind.get(kind, []) if low <= value <= high]
    extents = sorted(set(pair.extents.values()))
    of_kind = {
        "zeros": [0, 1],
        "minus one": [-1],
        "large": [extent - 1 for extent in extents],
        "largest": extents,
        "all zeros": [0],
        "ascending": range(MOST_ASCENDING),
        "beyond": BEYOND,
    }
    limits = torch.iinfo(dtype)
    if limits.bits == 8:  # quantized, and no index
        of_kind["beyond"] = []
        of_kind["largest"] = [*extents, limits.min, limits.max]
    return [value for value in of_kind.get(kind, []) if limits.min <= value <= limits.max]
