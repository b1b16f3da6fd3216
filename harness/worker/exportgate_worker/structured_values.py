"""Values that stand in an order or share something, as masks, positions, pages and keys do.

Random ones nearly never do: no mask of random bits is a padding mask, no random vector is short.
What takes such inputs another way is wrong nowhere else.
"""

import torch

IN_LEAF = " in "  # "NaN in cache.keys": that leaf alone, the others stay random
BESIDE = "beside "  # "beside 1024": 1023, 1024 and 1025
MOST_LEAVES = 3
SMALL, FAR, CLOSE = 1e-3, 100.0, 1e-3


def kinds_of(leaves, numbers):
    """Names of kinds. `leaves`: those that are tensors; `numbers`: that the code names."""
    floats = [leaf for leaf in leaves if getattr(torch, leaf.dtype).is_floating_point]
    rest = [leaf for leaf in leaves if leaf not in floats]
    kinds = [*_OF_FLOATS] if floats else []
    if len(floats) > 1:
        kinds += [
            f"{kind}{IN_LEAF}{leaf.name}"
            for kind in ("NaN", "rows of zeros")
            for leaf in floats[:MOST_LEAVES]
        ]
    kinds += [*_IN_ORDER, *_COUNTED] if any(map(_is_free, rest)) else []
    there = {float: bool(floats), int: bool(rest)}
    return kinds + [f"{BESIDE}{number!r}" for number in numbers if there[type(number)]]


def _is_free(leaf):
    return leaf.values not in ("ones", "zeros")


def beside(kind, dtype):
    """Of "beside 1024" the values, as far as `dtype` is of that sort; [] of any other kind."""
    if not kind.startswith(BESIDE):
        return []
    text = kind.removeprefix(BESIDE)
    if dtype.is_floating_point:
        number = float(text)
        return [number, number * (1 + CLOSE), number * (1 - CLOSE)]
    if not text.lstrip("-").isdigit() or dtype == torch.bool or dtype.is_complex:
        return []
    limits = torch.iinfo(dtype)
    around = (int(text) - 1, int(text), int(text) + 1)
    return [one for one in around if limits.min <= one <= limits.max]


def placed(tensor, leaf, pair, kind, generator):
    """`tensor`, of random values, put into the order of `kind`; as it is where it has no such."""
    if not _is_free(leaf) or tensor.numel() == 0 or tensor.dtype.is_complex:
        return tensor
    if tensor.dtype.is_floating_point:
        if tensor.dtype.itemsize == 1 or kind not in _OF_FLOATS:
            return tensor
        low, high = leaf.values_at(pair) if leaf.values is not None else (None, None)
        return _OF_FLOATS[kind](tensor, low, high, generator).to(tensor.dtype)
    if kind in _IN_ORDER:
        return _IN_ORDER[kind](tensor, generator)
    if kind in _COUNTED:
        return _COUNTED[kind](tensor, generator, *_range(tensor.dtype, leaf, pair))
    return tensor


def _range(dtype, leaf, pair):
    if leaf.values is not None:
        return tuple(int(value) for value in leaf.values_at(pair))
    return (0, 1) if dtype == torch.bool else (0, torch.iinfo(dtype).max)


def _scaled(tensor, low, high, _generator):
    return tensor * SMALL if low is None or low <= 0 <= high else tensor


def _far(tensor, low, high, _generator):
    """Close to each other, and far from zero."""
    if low is None:
        return tensor + FAR
    center = low + 0.75 * (high - low)
    return center + (tensor - center) * CLOSE


def _unit_rows(tensor, low, high, _generator):
    if tensor.dim() == 0 or not (low is None or low <= -1 <= 1 <= high):
        return tensor
    return torch.nn.functional.normalize(tensor.float(), dim=-1)


def _rows(value_of):
    def put(tensor, low, high, generator):
        value = value_of(tensor.dtype)
        if low is not None and not low <= value <= high:
            return tensor
        return _with_rows(tensor, value, generator)

    return put


def _with_rows(tensor, value, generator):
    """Half of the rows hold nothing but `value`."""
    rows = tensor.clone().reshape(-1, tensor.shape[-1] if tensor.dim() else 1)
    rows[torch.randperm(len(rows), generator=generator)[: (len(rows) + 1) // 2]] = value
    return rows.reshape(tensor.shape)


def _sorted(descending):
    def put(tensor, _generator):
        if tensor.dim() == 0:
            return tensor
        return tensor.to(torch.int64).sort(dim=-1, descending=descending)[0].to(tensor.dtype)

    return put


def _all_equal(tensor, generator):
    chosen = int(torch.randint(tensor.numel(), (), generator=generator))
    return torch.full_like(tensor, tensor.reshape(-1)[chosen].item())


def _counted(number_of):
    """`number_of(elements)`, from the lowest number that is allowed; random where too few are."""

    def put(tensor, generator, low, high):
        order = number_of(tensor.numel(), generator) + low
        if tensor.dtype == torch.bool or int(order.max()) > high:
            return tensor
        return order.reshape(tensor.shape).to(tensor.dtype)

    return put


def _each_once(count, generator):
    return torch.randperm(count, generator=generator)


def _one_twice(count, generator):
    order = torch.randperm(count, generator=generator)
    order[0] = order[-1]
    return order


def _each_twice(count, _generator):
    return torch.arange(count) // 2


def _some_alike(tensor, _generator, low, high):
    """Half of the elements are those that another input of this shape has there."""
    common = torch.Generator().manual_seed(1)
    values = torch.randint(low, min(high, low + 99) + 1, tensor.shape, generator=common)
    is_common = torch.rand(tensor.shape, generator=common) < 0.5
    return torch.where(is_common, values.to(tensor.dtype), tensor)


def _lower_triangle(tensor, _generator):
    is_mask = tensor.dtype == torch.bool or not bool(((tensor != 0) & (tensor != 1)).any())
    if tensor.dim() < 2 or not is_mask:
        return tensor
    offset = tensor.shape[-1] - tensor.shape[-2]  # the newest one sees all
    return torch.ones_like(tensor).tril(offset)


_OF_FLOATS = {
    "small": _scaled,
    "far from zero": _far,
    "rows of length one": _unit_rows,
    "rows of the lowest number": _rows(lambda dtype: torch.finfo(dtype).min),
    "rows of zeros": _rows(lambda dtype: 0.0),
}
_IN_ORDER = {
    "ascending order": _sorted(False),
    "descending order": _sorted(True),
    "all equal": _all_equal,
    "lower triangle": _lower_triangle,
    "rows of nothing": lambda tensor, generator: _with_rows(
        tensor, max(0, int(tensor.min())), generator
    ),
}
_COUNTED = {
    "each once": _counted(_each_once),
    "one twice": _counted(_one_twice),
    "each twice": _counted(_each_twice),
    "some alike": _some_alike,
}
