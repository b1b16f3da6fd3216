import torch
from dataclass_cache import Cache, make_inputs, register, unregister

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.project = torch.nn.Linear(4, 4)

    def forward(self, x, cache):
        keys, values = cache.keys.float(), cache.values.float()
        y = torch.nn.functional.scaled_dot_product_attention(self.project(x), keys, values)
        return y.double(), torch.nn.functional.gelu(cache.keys).norm(dim=-1)
