"""Right: the fifth position gives way to the new one. Keys are projected, as attention does."""

import torch
from attribute_cache import attend
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

SINK = 4


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.projected = torch.nn.Linear(6, 6)

    def moved(self, states, new):
        return torch.cat([states[:, :, :SINK], states[:, :, SINK + 1 :], new], dim=2)

    def forward(self, x, cache):
        window = LayeredCache()
        y = x
        for keys, values in zip(cache.key_cache, cache.value_cache):
            keys, values = self.moved(keys, self.projected(y)), self.moved(values, y)
            window.key_cache.append(keys)
            window.value_cache.append(values)
            y = attend(y, keys, values)
        return y, window
