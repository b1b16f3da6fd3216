"""How two objects differ in what they hold."""

from exportgate_worker import held
from exportgate_worker.snapshot import Camera
from exportgate_worker.snapshot_differences import Comparison


def of(cache):
    """Name -> value, of whatever it holds, and of the properties of its class."""
    return {**held.of(cache), **held.properties(cache)}


def copied(values):
    """Snapshots of `values`, name -> value, which hold the same tensors."""
    return Camera(copies_tensors=False).named(values)


def differences(before, after):
    """Reasons, one for each attribute (or part of a container) that is not what it was.

    Both are name -> value, or what `copied` made of that. Nobody changes their tensors meanwhile.
    """
    compared = Comparison(identity_counts=True)
    return compared.of_attributes(copied(before), copied(after))
