"""How two objects differ in what they hold."""

import datetime
import time

from exportgate_worker import held
from exportgate_worker.snapshot import Camera
from exportgate_worker.snapshot_differences import Comparison

_A_WHILE = 60.0  # seconds: no cache of a cell is older


def of(cache):
    """Name -> value, of whatever it holds, and of the properties of its class."""
    return {**held.of(cache), **held.properties(cache)}


def leaving_out(names):
    """`of`, without the attributes `names`."""
    return lambda cache: {name: value for name, value in of(cache).items() if name not in names}


def of_a_clock(cache, twin):
    """Names of times at which a cache was made: they differ in two that were made alike, and a
    clock says about the same. Of a property nobody can say that it is kept with the cache."""
    one, other = held.of(cache), held.of(twin)
    return {
        name
        for name, value in one.items()
        if type(value) is type(other.get(name)) and _is_now(value) and value != other[name]
    }


def _is_now(value):
    if type(value) is datetime.datetime:
        return True
    if type(value) not in (int, float):
        return False
    clocks = time.time(), time.monotonic(), time.perf_counter()
    units = 1.0, 1e3, 1e6, 1e9  # of a second
    return any(
        abs(value / unit - clock) < _A_WHILE and clock > _A_WHILE
        for clock in clocks
        for unit in units
    )


def copied(values):
    """Snapshots of `values`, name -> value, which hold the same tensors."""
    return Camera(copies_tensors=False).named(values)


def differences(before, after):
    """Reasons, one for each attribute (or part of a container) that is not what it was.

    Both are name -> value, or what `copied` made of that. Nobody changes their tensors meanwhile.
    """
    compared = Comparison(identity_counts=True)
    return compared.of_attributes(copied(before), copied(after))
