"""What an object of C holds, as a value that can be compared: arrays, counters, generators."""

import array
import functools
import itertools
import random
import sys

import torch

KINDS = (
    bytearray,
    array.array,
    itertools.count,
    random.Random,
    torch.Generator,
    functools._lru_cache_wrapper,
)


def of(thing):
    """A value; None of all else."""
    if isinstance(thing, KINDS):
        return _of_kind(thing)
    return _of_numpy(thing)


def _of_kind(thing):
    if isinstance(thing, bytearray):
        return bytes(thing)
    if isinstance(thing, array.array):
        return thing.typecode, thing.tobytes()
    if isinstance(thing, itertools.count):
        return repr(thing)
    if isinstance(thing, torch.Generator):
        return bytes(thing.get_state().untyped_storage())
    if isinstance(thing, functools._lru_cache_wrapper):
        return thing.cache_info().currsize  # how often it was asked is no state of the model
    try:
        return thing.getstate()
    except NotImplementedError:  # of the operating system: it has none
        return ()


def _of_numpy(thing):
    """dtype, shape and bytes of a scalar or an array of numpy: its properties are made anew each
    time, `thing.T.T.T`. None of arrays of objects."""
    numpy = sys.modules.get("numpy")
    if not isinstance(thing, (getattr(numpy, "generic", ()), getattr(numpy, "ndarray", ()))):
        return None
    return None if thing.dtype.hasobject else (str(thing.dtype), thing.shape, thing.tobytes())
