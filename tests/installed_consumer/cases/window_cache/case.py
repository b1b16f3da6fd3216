"""The class is what a library would have: a dataclass, which knows nothing of exportgate."""

from dataclasses import dataclass

import torch
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree


@dataclass
class WindowCache:
    keys: torch.Tensor
    values: torch.Tensor


class Model(torch.nn.Module):
    def forward(self, x, cache):
        weights = torch.softmax(x @ cache.keys.transpose(2, 3), dim=-1)
        return weights @ cache.values


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.keys"], leaves["cache.values"])


def register(cache_class):
    pytree.register_pytree_node(
        cache_class,
        lambda cache: ([cache.keys, cache.values], None),
        lambda children, _: cache_class(*children),
        serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}",
        flatten_with_keys_fn=lambda cache: (
            [(pytree.GetAttrKey("keys"), cache.keys), (pytree.GetAttrKey("values"), cache.values)],
            None,
        ),
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: [cache.keys, cache.values])


def unregister(cache_class):
    pytree._deregister_pytree_node(cache_class)
    fx_pytree.SUPPORTED_NODES.pop(cache_class)
    fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class)
