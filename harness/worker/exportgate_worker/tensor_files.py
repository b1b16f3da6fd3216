"""Tensors as files, for consumers: the bytes of the elements in row-major order.

Without numpy, which an environment need not have. What a consumer wrote is not believed: another
size than dtype and shape say is an error.
"""

import ctypes
import math
import os

import torch

from exportgate_worker import comparison, judge

DTYPES = {
    name: getattr(torch, name)
    for name in (
        "float64",
        "float32",
        "float16",
        "bfloat16",
        "int64",
        "int32",
        "int16",
        "int8",
        "uint8",
        "bool",
    )
}


class Unreadable(Exception):
    """A consumer's tensor is not what it says; the message says why, in words of a reason."""


def write(tensor, file):
    """What a message says of the tensor."""
    plain = judge.copied(tensor).contiguous()
    size = plain.numel() * plain.element_size()
    with open(file, "wb") as out:
        out.write(ctypes.string_at(plain.data_ptr(), size) if size else b"")
    return {
        "file": file,
        "dtype": comparison.dtype_name(plain),
        "shape": list(plain.shape),
    }


def read(described):
    if not isinstance(described, dict):
        raise Unreadable("is no description of a tensor")
    dtype, shape = DTYPES.get(described.get("dtype")), described.get("shape")
    if dtype is None:
        raise Unreadable(f"has the dtype {described.get('dtype')!r}")
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise Unreadable(f"has the shape {shape!r}")
    size = math.prod(shape) * dtype.itemsize
    try:
        if os.path.getsize(described["file"]) != size:
            raise Unreadable(f"is a file of another size than the {size} bytes of its tensor")
        with open(described["file"], "rb") as file:
            content = bytearray(file.read())
    except (OSError, KeyError, TypeError):
        raise Unreadable("is no file that can be read") from None
    if not content:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(content, dtype=dtype).reshape(shape)
