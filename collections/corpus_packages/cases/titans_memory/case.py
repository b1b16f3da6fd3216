"""The second token of a chunk of two: the memory is trained on both, inside the call.

tensordict registers its class with pytree. The call is `vmap(grad(...))`, so a program of it holds
a backward pass.
"""

import torch
from registration import register_named_tuple, unregister
from tensordict import TensorDict
from titans_pytorch import NeuralMemory
from titans_pytorch.memory_models import MemoryMLP
from titans_pytorch.neural_memory import NeuralMemState

__all__ = ["Model", "NeuralMemState", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.memory = NeuralMemory(
            dim=8, chunk_size=2, heads=1, dim_head=8, model=MemoryMLP(8, depth=1)
        )

    def forward(self, x, state):
        return self.memory(x, state=state)


def make_inputs(cache_class, leaves):
    x, index, *tensors = leaves.values()
    names = ("norm.gamma", "model.weights.0")
    weights, last, momentum, updates = (
        TensorDict(dict(zip(names, pair)))
        for pair in (tensors[0:2], tensors[3:5], tensors[5:7], tensors[7:9])
    )
    return x, cache_class(index, weights, tensors[2], (last, momentum), updates)


def register(cache_class):
    register_named_tuple(cache_class)
