"""The same values in memory that is laid out otherwise."""

import torch

FIRST = ("transposed", "strided", "expanded")
ALL = (
    *FIRST,
    "offset",
    "heads",
    "channels last",
    "beginning of a longer one",
    "the first of two transposed",
    "the second of two transposed",
)
# Only every other input is laid out otherwise: which of them.
_OF_TWO = {"the first of two transposed": 0, "the second of two transposed": 1}


def laid_out(tensor, layout, position=0):
    """A tensor of the same shape; of the same values too, unless it is expanded.

    `position`: that of the input among all.
    """
    if layout in _OF_TWO:
        return _transposed(tensor) if position % 2 == _OF_TWO[layout] else tensor
    make = {
        "transposed": _transposed,
        "strided": _strided,
        "expanded": _expanded,
        "offset": _offset,
        "heads": _heads,
        "channels last": _channels_last,
        "beginning of a longer one": _beginning,
    }[layout]
    return make(tensor)


def can_be(tensor, layout):
    """Whether there is such a layout of its shape: one that is not contiguous, or has an offset."""
    if layout in ("heads", "channels last"):
        return tensor.dim() == 4 and min(tensor.shape) > 1
    if layout == "transposed" or layout in _OF_TWO:
        return sum(extent > 1 for extent in tensor.shape) > 1
    if layout == "strided":
        return tensor.numel() > 1
    if layout == "beginning of a longer one":
        return tensor.dim() > 1 and tensor.numel() > 0
    if layout == "offset":
        return tensor.numel() > 0
    return any(extent > 1 for extent in tensor.shape)


def copy_of(tensor):
    """A tensor of the same values and strides, in memory of its own."""
    if tensor.is_contiguous() and tensor.storage_offset() == 0:
        return tensor.clone()
    memory = torch.as_strided(
        tensor, (tensor.untyped_storage().nbytes() // tensor.itemsize,), (1,), 0
    )
    return torch.as_strided(memory.clone(), tensor.shape, tensor.stride(), tensor.storage_offset())


def _transposed(tensor):
    """The last two dims that have more than one element are in memory in reverse order."""
    one, other = [i for i, extent in enumerate(tensor.shape) if extent > 1][-2:]
    return tensor.transpose(one, other).contiguous().transpose(one, other)


def _heads(tensor):
    """As `view(batch, length, heads, size).transpose(1, 2)` leaves keys and values."""
    return tensor.transpose(1, 2).contiguous().transpose(1, 2)


def _channels_last(tensor):
    return tensor.contiguous(memory_format=torch.channels_last)


def _strided(tensor):
    """Every other element of a memory twice as large; between them is what must not be read."""
    memory = torch.empty(*tensor.shape, 2, dtype=tensor.dtype)
    memory[..., 1] = _something_else(tensor.dtype)
    memory[..., 0] = tensor
    return memory[..., 0]


def _offset(tensor):
    """Contiguous, behind another element of the same memory: as a part of a larger cache is."""
    memory = torch.empty(tensor.numel() + 1, dtype=tensor.dtype)
    memory[0] = _something_else(tensor.dtype)
    memory[1:] = tensor.reshape(-1)
    return memory[1:].view(tensor.shape)


def _beginning(tensor):
    """As keys are that lie in memory for more of them, `static[:, :, :length]`."""
    shape = list(tensor.shape)
    shape[-2] *= 2
    memory = torch.empty(shape, dtype=tensor.dtype)
    memory[:] = _something_else(tensor.dtype)
    part = memory.narrow(-2, 0, tensor.shape[-2])
    part[:] = tensor
    return part


def _something_else(dtype):
    return dtype == torch.bool or 7


def _expanded(tensor):
    """The first element of the first dim that has more than one stands for all of that dim."""
    dim = next(i for i, extent in enumerate(tensor.shape) if extent > 1)
    return tensor.narrow(dim, 0, 1).clone().expand(tensor.shape)
