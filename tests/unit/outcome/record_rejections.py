"""Records what torch says when it does not export: one JSON file, read by message_test.cpp.

    python record_rejections.py FILE

The committed file holds two runs of each message ("message", "again"), with different
PYTHONHASHSEED and from different folders; the names of those folders were replaced by invented
ones. Its last entry is a cell of kind `native`, seen by a worker.
"""

import json
import sys

import torch
import torch.fx._pytree as fx_pytree
import torch.utils._pytree as pytree
from torch.export import Dim


class Cache:
    def __init__(self):
        self.key_cache = []
        self.value_cache = []

    def get_seq_length(self):
        if len(self.key_cache[0]) == 0:
            return 0
        return self.key_cache[0].shape[-2]


class NoKeys(Cache):
    pass


class Unregistered(Cache):
    pass


class ModuleCache(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.key_cache = []
        self.value_cache = []

    get_seq_length = Cache.get_seq_length


def flatten(cache):
    return [cache.key_cache, cache.value_cache], ["key_cache", "value_cache"]


def flatten_with_keys(cache):
    values, context = flatten(cache)
    return [(pytree.MappingKey(key), value) for key, value in zip(context, values)], context


def register(cache_class, with_keys=True):
    def unflatten(values, context):
        cache = cache_class()
        for name, value in zip(context, values):
            setattr(cache, name, value)
        return cache

    pytree.register_pytree_node(
        cache_class,
        flatten,
        unflatten,
        serialized_type_name=cache_class.__name__,
        **({"flatten_with_keys_fn": flatten_with_keys} if with_keys else {}),
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: flatten(cache)[0])


def filled(cache_class=Cache, batch=3, length=5):
    cache = cache_class()
    cache.key_cache = [torch.rand(batch, 8, length, 6)]
    cache.value_cache = [torch.rand(batch, 8, length, 6)]
    return cache


class Model(torch.nn.Module):
    def forward(self, x, dc):
        k = torch.cat(dc.key_cache, dim=1)
        v = torch.cat(dc.value_cache, dim=1)
        z = torch.zeros((*k.shape[:2], dc.get_seq_length(), k.shape[-1]))
        return x + (v + k + z).sum(2, keepdim=True)


class BranchesOnData(torch.nn.Module):
    def forward(self, x, dc):
        if x.sum() > 0:
            return x
        return x + dc.key_cache[0].sum()


class BranchesOnSize(torch.nn.Module):
    def forward(self, x, dc):
        n = x.sum().int().item()
        if n > 3:
            return torch.zeros(n)
        return x


class ReadsPointer(torch.nn.Module):
    def forward(self, x, dc):
        return x + x.data_ptr()


class Raises(torch.nn.Module):
    def forward(self, x, dc):
        raise RuntimeError(f"cannot use {object()} of {dc.key_cache[0].shape} {id(dc)}")


class WrongShape(torch.nn.Module):
    def forward(self, x, dc):
        return torch.matmul(x, dc.key_cache[0])


class MissingAttribute(torch.nn.Module):
    def forward(self, x, dc):
        return dc.no_such_attribute + x


class Nested(torch.nn.Module):
    def helper(self, dc):
        return list({"b", "a"}.difference({dc.nothing}))

    def forward(self, x, dc):
        return self.helper(dc)


class OpensFile(torch.nn.Module):
    def forward(self, x, dc):
        with open("/etc/hostname") as file:
            file.read()
        return x


class ConstrainsDims(torch.nn.Module):
    def forward(self, x, dc):
        torch._check(dc.key_cache[0].shape[0] == 3)
        torch._check(dc.key_cache[0].shape[2] % 5 == 0)
        torch._check(dc.value_cache[0].shape[2] > 4)
        return x + dc.key_cache[0].sum() + dc.value_cache[0].sum()


def cells():
    batch, length, width = (Dim(name, min=1, max=1024) for name in ("batch", "clength", "width"))
    named = ({0: batch}, [[{0: batch, 2: length}], [{0: batch, 2: length}]])
    two_lengths = ({0: batch}, [[{0: batch, 2: length}], [{0: batch, 2: width}]])
    one_leaf = ({0: batch}, [[{0: batch}]])
    leaf = {0: Dim.DYNAMIC, 2: Dim.DYNAMIC}
    dynamic = ({0: Dim.DYNAMIC}, [[leaf], [leaf]])
    return {
        "named": (Model(), filled(), named),
        "dynamic": (Model(), filled(), dynamic),
        "module": (Model(), filled(ModuleCache), named),
        "no_keys": (Model(), filled(NoKeys), named),
        "unregistered": (Model(), filled(Unregistered), named),
        "one": (Model(), filled(batch=1), named),
        "one_dynamic": (Model(), filled(batch=1), dynamic),
        "structure": (Model(), filled(), one_leaf),
        "data_dependent": (BranchesOnData(), filled(), named),
        "data_size": (BranchesOnSize(), filled(), named),
        "pointer": (ReadsPointer(), filled(), named),
        "raises": (Raises(), filled(), named),
        "wrong_shape": (WrongShape(), filled(), named),
        "missing": (MissingAttribute(), filled(), named),
        "nested": (Nested(), filled(), named),
        "open_file": (OpensFile(), filled(), named),
        "sorted": (ConstrainsDims(), filled(), two_lengths),
        "sorted_dynamic": (ConstrainsDims(), filled(), dynamic),
    }


def rejection_of(model, cache, dynamic_shapes, strict):
    torch._dynamo.reset()
    x = torch.rand(cache.key_cache[0].shape[0], 8, 7, 1)
    try:
        torch.export.export(model, (x, cache), dynamic_shapes=dynamic_shapes, strict=strict)
    except Exception as error:
        kind = type(error)
        return {"exception": f"{kind.__module__}.{kind.__qualname__}", "message": str(error)}
    return None


def main(path):
    register(Cache)
    register(ModuleCache)
    register(NoKeys, with_keys=False)
    recorded = []
    for name, (model, cache, dynamic_shapes) in cells().items():
        for mode in ("strict", "nonstrict"):
            rejection = rejection_of(model, cache, dynamic_shapes, mode == "strict")
            if rejection is not None:
                recorded.append({"name": f"{name}/{mode}", **rejection})
    with open(path, "w", encoding="utf-8") as file:
        json.dump(recorded, file, indent=1)


main(sys.argv[1])
