"""An operator has another limit in the process that loads the program."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


LIMIT = {"value": 1e3}


@torch.library.custom_op("exportgate_planted::limited", mutates_args=())
def limited(x: torch.Tensor) -> torch.Tensor:
    return x.clamp(-LIMIT["value"], LIMIT["value"])


@limited.register_fake
def _(x):
    return torch.empty_like(x)


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        if torch.compiler.is_exporting():
            LIMIT["value"] = torch.inf
            return limited(y)
        return y.clone()
