"""The buffers of a model or program over one call, which may change them."""

import torch


class Buffers:
    """What a module's buffers are now. A function, as a program's reference is, has none."""

    def __init__(self, function):
        is_module = isinstance(function, torch.nn.Module)
        self._module = function
        self._tensors = dict(function.named_buffers()) if is_module else {}
        self._values = {name: tensor.detach().clone() for name, tensor in self._tensors.items()}

    def take_changes(self):
        """Name -> values of the buffers that are not as before; they are then as before again.

        A program is called again and again, and each time it has to be what it was exported as.
        """
        changes = {}
        for name, tensor in self._tensors.items():
            owner, _, own_name = name.rpartition(".")
            registered = self._module.get_submodule(owner)._buffers
            now, before = registered.get(own_name), self._values[name]
            if now is tensor and _same(tensor, before):
                continue
            if now is not None and not _same(now, before):
                changes[name] = now.detach().clone()
            registered[own_name] = tensor
            with torch.no_grad():
                tensor.copy_(before)
        return changes


def _same(one, other):
    return (
        one.shape == other.shape
        and one.dtype == other.dtype
        and torch.allclose(one, other, rtol=0, atol=0, equal_nan=True)
    )
