"""The upstream recipe's cache, its model and its registration, as a user's test suite has them."""

import contextlib

import torch
from torch.export import Dim

PAIRS = {"b3c5": (3, 5), "b4c11": (4, 11)}
OUTPUT_SHAPES = {"b3c5": (3, 8, 7, 6), "b4c11": (4, 8, 7, 6)}


class Base:
    pass


def define_cache(base):
    """A new class each time: a test must not see the registration of another one."""

    class DynamicCache(base):
        def __init__(self):
            super().__init__()
            self._seen_tokens = 0
            self.key_cache = []
            self.value_cache = []

        def update(self, key_states, value_states, layer_idx):
            if layer_idx == 0:
                self._seen_tokens += key_states.shape[-2]
            self.key_cache.append(key_states)
            self.value_cache.append(value_states)

        def get_seq_length(self, layer_idx=0):
            if len(self.key_cache) <= layer_idx or len(self.key_cache[layer_idx]) == 0:
                return 0
            return self.key_cache[layer_idx].shape[-2]

    return DynamicCache


class Model(torch.nn.Module):
    def forward(self, x, dc):
        keys = torch.cat(dc.key_cache, dim=1)
        values = torch.cat(dc.value_cache, dim=1)
        batch, heads, _, head_dim = dc.key_cache[0].shape
        w = values + keys + torch.zeros((batch, heads, dc.get_seq_length(), head_dim))
        return x + w.sum(2, keepdim=True)


@contextlib.contextmanager
def registered(cls):
    def flatten(cache):
        return [cache.key_cache, cache.value_cache], ["key_cache", "value_cache"]

    def flatten_with_keys(cache):
        children, context = flatten(cache)
        keys = [torch.utils._pytree.MappingKey(name) for name in context]
        return list(zip(keys, children)), context

    def unflatten(children, context):
        cache = cls()
        for name, child in zip(context, children):
            setattr(cache, name, child)
        return cache

    name = f"{cls.__module__}.{cls.__qualname__}"
    torch.utils._pytree.register_pytree_node(
        cls,
        flatten,
        unflatten,
        serialized_type_name=name,
        flatten_with_keys_fn=flatten_with_keys,
    )
    torch.fx._pytree.register_pytree_flatten_spec(
        cls, lambda cache, _: [cache.key_cache, cache.value_cache]
    )
    try:
        yield
    finally:
        torch.utils._pytree.SUPPORTED_NODES.pop(cls)
        torch.utils._pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE.pop(name)
        torch.fx._pytree.SUPPORTED_NODES.pop(cls)
        torch.fx._pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cls)


def make_inputs(cls, pair):
    batch, length = PAIRS[pair]
    cache = cls()
    cache.update(torch.rand(batch, 8, length, 6), torch.rand(batch, 8, length, 6), 0)
    return torch.rand(batch, 8, 7, 1), cache


def dynamic_shapes(dims):
    if dims == "static":
        return None
    if dims == "named":
        batch, length = Dim("batch", min=1, max=1024), Dim("clength", min=1, max=1024)
    else:
        batch = length = {"auto": Dim.AUTO, "dynamic": Dim.DYNAMIC}[dims]
    leaf = {0: batch, 2: length}
    return {0: batch}, [[leaf], [leaf]]
