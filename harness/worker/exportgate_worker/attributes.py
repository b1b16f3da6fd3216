"""How two objects differ in what they hold."""

from exportgate_worker import held
from exportgate_worker.snapshot import Camera
from exportgate_worker.snapshot_differences import Comparison

_PLAIN = (int, float, str, bytes)


def of(cache):
    """Name -> value, of whatever it holds, and of the properties of its class."""
    return {**held.of(cache), **held.properties(cache)}


def leaving_out(names):
    """`of`, without the attributes `names`."""
    return lambda cache: {name: value for name, value in of(cache).items() if name not in names}


def another_each_time(cache, twin):
    """Names of plain values that differ in two caches that were made alike: when it was made, a
    number that counts them. Of a property nobody can say that it is kept with the cache."""
    one, other = held.of(cache), held.of(twin)
    return {
        name
        for name, value in one.items()
        if type(value) in _PLAIN and type(other.get(name)) is type(value)
        if value != other[name] and value == value  # not a number is another one each time
    }


def copied(values):
    """Snapshots of `values`, name -> value, which hold the same tensors."""
    return Camera(copies_tensors=False).named(values)


def differences(before, after):
    """Reasons, one for each attribute (or part of a container) that is not what it was.

    Both are name -> value, or what `copied` made of that. Nobody changes their tensors meanwhile.
    """
    compared = Comparison(identity_counts=True)
    return compared.of_attributes(copied(before), copied(after))
