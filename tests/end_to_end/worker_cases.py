"""What the tests of the worker ask it to export."""

from worker_client import case_folder

DYNAMIC_CACHE = {
    "name": "dynamic_cache",
    "class": "DynamicCache",
    "kinds": ["plain", "module", "rebased", "native"],
    "inputs": [
        {"name": "x", "shape": ["batch", 8, 7, 1], "dtype": "float32"},
        {"name": "dc.key_cache[0]", "shape": ["batch", 8, "clength", 6], "dtype": "float32"},
        {"name": "dc.value_cache[0]", "shape": ["batch", 8, "clength", 6], "dtype": "float32"},
    ],
    "outputs": [{"name": "y", "shape": ["batch", 8, 7, 6], "dtype": "float32"}],
    "dims": [{"name": "batch", "min": 1, "max": 1024}, {"name": "clength", "min": 1, "max": 1024}],
    "pairs": [
        {"name": "b3c5", "extents": {"batch": 3, "clength": 5}},
        {"name": "b4c11", "extents": {"batch": 4, "clength": 11}},
    ],
}

# A whole case in which one line at a time goes wrong.
TINY = {
    "name": "tiny",
    "class": "Cache",
    "kinds": ["plain"],
    "inputs": [
        {"name": "x", "shape": ["batch", 4]},
        {"name": "cache.first", "shape": ["batch", 4]},
        {"name": "cache.second", "shape": ["batch", 4]},
    ],
    "outputs": [{"name": "y", "shape": ["batch", 4]}],
    "dims": [{"name": "batch", "min": 1, "max": 64}],
    "pairs": [{"name": "b3", "extents": {"batch": 3}}, {"name": "b5", "extents": {"batch": 5}}],
}
TINY_CASE = """
import ctypes, os, sys, time
import torch
from exportgate_case import CacheBase


class Cache(CacheBase):
    def __init__(self, first=None, second=None):
        super().__init__()
        self.first, self.second = first, second


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return x + 2 * cache.first + cache.second


def make_inputs(cache_class, leaves):
    return leaves["x"], cache_class(leaves["cache.first"], leaves["cache.second"])


def flatten(cache):
    return [cache.first, cache.second], None


def flatten_with_keys(cache):
    keys = [torch.utils._pytree.GetAttrKey(name) for name in ("first", "second")]
    return list(zip(keys, flatten(cache)[0])), None


def register(cache_class):
    torch.utils._pytree.register_pytree_node(
        cache_class,
        flatten,
        lambda children, _: cache_class(*children),
        serialized_type_name="case_tiny.Cache",
        flatten_with_keys_fn=flatten_with_keys,
    )
    torch.fx._pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: flatten(cache)[0])


def unregister(cache_class):
    torch.utils._pytree.SUPPORTED_NODES.pop(cache_class)
    torch.fx._pytree.SUPPORTED_NODES.pop(cache_class)
    torch.fx._pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class)
    torch.utils._pytree.SUPPORTED_SERIALIZED_TYPES.pop(cache_class)
    torch.utils._pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE.pop("case_tiny.Cache")
"""
IN_FORWARD = "        return x + 2 * cache.first + cache.second"


def tiny_case(line, replacement):
    """The tiny case with one of its lines replaced."""
    assert TINY_CASE.count(line) == 1, line
    return case_folder(TINY_CASE.replace(line, replacement))
