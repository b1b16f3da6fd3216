"""How the tensor of a leaf lies in memory, as case.toml declares it.

The values are those of the contiguous tensor, except along dims that are expanded.
"""

import torch


def laid_out(tensor, layout):
    """`tensor` in `layout`: None (contiguous), "strided", {"transposed": [1, 2]}, ..."""
    name, dims = next(iter(layout.items())) if isinstance(layout, dict) else (layout, ())
    if name == "transposed":
        one, other = dims
        return tensor.transpose(one, other).contiguous().transpose(one, other)
    if name == "strided":
        wide = tensor.new_zeros([*tensor.shape[:-1], 2 * tensor.shape[-1]])
        every_second = wide[..., ::2]
        every_second.copy_(tensor)
        return every_second
    if name == "expanded":
        first = tensor
        for dim in dims:
            first = first.narrow(dim, 0, min(1, tensor.shape[dim]))
        return first.clone().expand(tensor.shape)
    if name in ("channels_last", "channels_last_3d"):
        return tensor.contiguous(memory_format=getattr(torch, name))
    return tensor
