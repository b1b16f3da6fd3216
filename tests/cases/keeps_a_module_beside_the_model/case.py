"""An activation lies beside the model, as in modules of transformers: its class has a TypeVar."""

import layered_cache
import torch
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Activation(torch.nn.Module):
    def forward(self, x):
        return x.relu()


ACTIVATION = Activation()


class Model(layered_cache.Model):
    def forward(self, x, cache):
        return ACTIVATION(super().forward(x, cache))
