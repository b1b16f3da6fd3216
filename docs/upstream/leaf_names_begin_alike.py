"""A program whose cache has the leaves `key` and `key_scale` raises SyntaxError when it is called.

Key paths of GetAttrKey name them `cache.key` and `cache.key_scale`. The guards of a program are
code, in which torch replaces the names of leaves as text: of `cache.key_scale` it leaves
`args[1]_scale`. With leaves named `keys` and `scales` the same program runs.

Needs torch and nothing else. Exit code 0: it runs, 1: it does not.
"""

import sys

import torch
from torch.utils import _pytree as pytree


class Cache:
    def __init__(self, key, key_scale):
        self.key, self.key_scale = key, key_scale


class Model(torch.nn.Module):
    def forward(self, x, cache):
        return x + cache.key * cache.key_scale


def with_keys(cache):
    names = ("key", "key_scale")
    return [(pytree.GetAttrKey(name), getattr(cache, name)) for name in names], None


pytree.register_pytree_node(
    Cache,
    lambda cache: ([cache.key, cache.key_scale], None),
    lambda leaves, _: Cache(*leaves),
    flatten_with_keys_fn=with_keys,
    serialized_type_name="Cache",
)


def inputs(batch):
    return torch.randn(batch, 4), Cache(torch.randn(batch, 4), torch.randn(batch, 4))


batch = torch.export.Dim("batch", min=2, max=64)
program = torch.export.export(
    Model(), inputs(3), dynamic_shapes=({0: batch}, [{0: batch}, {0: batch}])
)
for size in (3, 5):
    given = inputs(size)
    try:
        returned = program.module()(*given)
    except SyntaxError as error:
        print(f"torch {torch.__version__}: {type(error).__name__}: {error.text.strip()}")
        sys.exit(1)
    torch.testing.assert_close(returned, Model()(*given))
print(f"torch {torch.__version__}: runs")
