"""unflatten concatenates each tensor to an empty one, as a cache does whose `update` appends."""

import torch
from layered_cache import (
    LayeredCache,
    Model,
    make_inputs,
    register_for_fx,
    register_for_pytree,
    unflatten_into,
    unregister,
)

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


def register(cache_class):
    def unflatten(children, context):
        others = [
            [torch.cat([tensor[:, :, :0], tensor], dim=2) for tensor in layers]
            for layers in children
        ]
        return unflatten_into(cache_class, others, context)

    register_for_pytree(cache_class, unflatten_fn=unflatten)
    register_for_fx(cache_class)
