"""Extents that no pair has: inside the declared ranges, at their ends together, and all equal.

They depend on nothing but the declaration and the seed, and are drawn with integers alone, so that
they are the same on every machine.
"""

import dataclasses
import math
import zlib

import torch

DRAWS = 3
MOST_NUMBERS = 2
MOST_BYTES = 1 << 20  # of all inputs of a draw
MOST_BYTES_AT_MAX = 4 << 20


def tried(case, pair, seed, numbers=()):
    """(pairs that no case declares, like `pair` in all that is no dim, each of them once; how many
    more were wanted that the case does not allow or that are too large). `numbers`: that the code
    of the model names."""
    lows = {name: low for name, (low, _) in case.dims.items()}
    highs = {name: high for name, (_, high) in case.dims.items()}
    wanted = [*(_draw(case, number, seed) for number in range(DRAWS)), *_all_equal(case, seed)]
    wanted.append(_powers_of_two(case))
    wanted += _beside(case, numbers)
    found, left_out = [], 0
    for extents in [*wanted, lows, highs]:
        most = MOST_BYTES_AT_MAX if extents is highs else MOST_BYTES
        fitted = _within_memory(case, pair, extents, most)
        if fitted is None:
            left_out += 1
        elif fitted.extents not in [one.extents for one in found]:
            found.append(fitted)
    declared = [one.extents for one in case.pairs]
    return [one for one in found if one.extents not in declared], left_out


def with_extents(case, pair, extents):
    """`pair` with these `extents`; None where the case does not allow them."""
    name = " ".join(f"{dim}={extent}" for dim, extent in extents.items())
    if hasattr(case, "pair_with"):
        return case.pair_with(extents, like=pair, name=name)
    return dataclasses.replace(pair, name=name, extents={**pair.extents, **extents})


def bytes_of_inputs(case, pair):
    """Of all that are tensors, together."""
    return sum(
        math.prod(leaf.shape_at(pair)) * getattr(torch, leaf.dtype).itemsize
        for leaf in case.inputs
        if leaf.is_tensor
    )


def _draw(case, number, seed):
    """One extent for each dim: small for one, larger for the next, and the other way round in
    another draw."""
    return {
        name: _log_uniform(
            low,
            high,
            (number + position) % DRAWS,
            f"{case.folder}/{name}/{number}/{seed}",
            {pair.extents[name] for pair in case.pairs if name in pair.extents},
        )
        for position, (name, (low, high)) in enumerate(case.dims.items())
    }


def _log_uniform(low, high, part, key, avoided):
    """A number of the `part`-th third of the range on a logarithmic scale."""
    low = max(low, 1)
    if high <= low:
        return high
    exponents = range(low.bit_length() - 1, high.bit_length())
    third = exponents[len(exponents) * part // DRAWS : len(exponents) * (part + 1) // DRAWS]
    number = zlib.crc32(key.encode())
    exponent = (third or exponents)[number % len(third or exponents)]
    first, last = max(low, 1 << exponent), min(high, (2 << exponent) - 1)
    drawn = first + (number >> 8) % (last - first + 1)
    around = sorted(range(low, min(high, low + 4096) + 1), key=lambda n: (abs(n - drawn), n))
    return next((n for n in (drawn, *around) if n not in avoided), drawn)


def _all_equal(case, seed):
    """Every dim of the same extent, where there are several: torch may take them for one."""
    if len(case.dims) < 2:
        return []
    low = max(low for low, _ in case.dims.values())
    high = min(high for _, high in case.dims.values())
    if low > high:
        return []
    low, high = max(low, min(2, high)), min(high, max(low, 32))  # 1 is the ends' together
    extent = low + zlib.crc32(f"{case.folder}/equal/{seed}".encode()) % (high - low + 1)
    return [dict.fromkeys(case.dims, extent)]


def _powers_of_two(case):
    """32 and 16 in turn, or as much as is allowed: kernels are written for such extents."""
    return {
        name: max(low, min(32 >> position % 2, 1 << max(high, 1).bit_length() - 1))
        for position, (name, (low, high)) in enumerate(case.dims.items())
    }


def _beside(case, numbers):
    """Every dim as long as a number says, and one shorter and longer: windows and tables end
    there."""
    longest = max((high for _, high in case.dims.values()), default=0)
    chosen = [one for one in numbers if type(one) is int and 2 < one <= longest][-MOST_NUMBERS:]
    return [
        {name: min(max(low, number + more), high) for name, (low, high) in case.dims.items()}
        for number in chosen
        for more in (-1, 0, 1)
    ]


def _within_memory(case, pair, extents, most_bytes):
    """The largest dims are halved until the case allows them and the inputs fit; None where
    nothing does."""
    extents = dict(extents)
    while True:
        there = with_extents(case, pair, extents)
        if there is not None and bytes_of_inputs(case, there) <= most_bytes:
            return there
        lowest = {name: max(low, 1) for name, (low, _) in case.dims.items()}
        name = max(extents, key=lambda dim: extents[dim] / lowest[dim])
        if extents[name] <= lowest[name]:
            return None
        extents[name] = max(extents[name] // 2, lowest[name])
