"""How two objects differ in what they hold."""

from exportgate_worker.held import of  # noqa: F401  what the callers compare
from exportgate_worker.snapshot import Camera
from exportgate_worker.snapshot_differences import Comparison


def copied(values):
    """Snapshots of `values`, name -> value, which hold the same tensors."""
    return Camera(copies_tensors=False).named(values)


def differences(before, after):
    """Reasons, one for each attribute (or part of a container) that is not what it was.

    Both are name -> value, or what `copied` made of that. Nobody changes their tensors meanwhile.
    """
    return Comparison().of_attributes(copied(before), copied(after))
