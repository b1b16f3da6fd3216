"""Programs whose inputs are cache classes: what this project is about."""

import torch
import torch.fx._pytree as fx_pytree
import torch.utils._pytree as pytree
from torch.export import Dim, export


def cache_class(base):
    """The cache of the upstream recipe, on any base."""

    class DynamicCache(base):
        def __init__(self):
            super().__init__()
            self.key_cache = []
            self.value_cache = []

        def get_seq_length(self, layer_idx=0):
            missing = len(self.key_cache) <= layer_idx or len(self.key_cache[layer_idx]) == 0
            return 0 if missing else self.key_cache[layer_idx].shape[-2]

    return DynamicCache


class registered:
    """Registers a cache class with both pytrees, and takes it away again."""

    def __init__(self, cls):
        self.cls = cls

    def __enter__(self):
        cls = self.cls

        def flatten(cache):
            return [cache.key_cache, cache.value_cache], ["key_cache", "value_cache"]

        def flatten_with_keys(cache):
            children, context = flatten(cache)
            return list(zip(map(pytree.MappingKey, context), children, strict=True)), context

        def unflatten(children, context):
            cache = cls()
            cache.key_cache, cache.value_cache = children
            return cache

        pytree.register_pytree_node(
            cls,
            flatten,
            unflatten,
            serialized_type_name=f"programs_{cls.__name__}",
            flatten_with_keys_fn=flatten_with_keys,
        )
        fx_pytree.register_pytree_flatten_spec(
            cls, lambda cache, _: [cache.key_cache, cache.value_cache]
        )
        return cls

    def __exit__(self, *_):
        pytree.SUPPORTED_NODES.pop(self.cls)
        fx_pytree.SUPPORTED_NODES.pop(self.cls)
        fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(self.cls, None)
        pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE.pop(f"programs_{self.cls.__name__}", None)


class CacheModel(torch.nn.Module):
    def forward(self, x, dc):
        keys = torch.cat(dc.key_cache, dim=1)
        values = torch.cat(dc.value_cache, dim=1)
        length = dc.get_seq_length()
        zeros = torch.zeros((keys.shape[0], keys.shape[1], length, keys.shape[-1]))
        w = values + keys + zeros
        return x + w.sum(2, keepdim=True)


def export_cache(base, layers, strict, dims, model=None):
    with registered(cache_class(base)) as cls:
        cache = cls()
        cache.key_cache = [torch.rand(3, 8, 5, 6) for _ in range(layers)]
        cache.value_cache = [torch.rand(3, 8, 5, 6) for _ in range(layers)]
        x = torch.rand(3, 8 * layers, 7, 1)
        if dims == "named":
            batch, length = Dim("batch", min=1, max=1024), Dim("clength", min=1, max=1024)
            shapes = (
                {0: batch},
                [[{0: batch, 2: length}] * layers, [{0: batch, 2: length}] * layers],
            )
        elif dims == "auto":
            auto = Dim.AUTO
            shapes = ({0: auto}, [[{0: auto, 2: auto}] * layers, [{0: auto, 2: auto}] * layers])
        else:
            shapes = None
        return export(model or CacheModel(), (x, cache), dynamic_shapes=shapes, strict=strict)


class Append(torch.nn.Module):
    """Grows a cache and returns it, as a decoder does."""

    def forward(self, x, dc):
        dc.key_cache = [torch.cat([k, x], dim=2) for k in dc.key_cache]
        dc.value_cache = [torch.cat([v, -x], dim=2) for v in dc.value_cache]
        return dc.key_cache[0].sum(), dc


def cache_returned():
    with registered(cache_class(object)) as cls:
        cache = cls()
        cache.key_cache = [torch.rand(3, 8, 5, 6)]
        cache.value_cache = [torch.rand(3, 8, 5, 6)]
        batch, length, more = Dim("batch", max=64), Dim("clength", max=512), Dim("more", max=16)
        leaf = {0: batch, 2: length}
        return export(
            Append(),
            (torch.rand(3, 8, 3, 6), cache),
            dynamic_shapes=({0: batch, 2: more}, [[leaf], [leaf]]),
            strict=False,
        )


class InPlace(torch.nn.Module):
    """Writes into the cache's tensors: a static cache."""

    def forward(self, x, position, dc):
        dc.key_cache[0].index_copy_(2, position, x)
        dc.value_cache[0][:, :, 1:2].mul_(x)
        return dc.key_cache[0] * 2


def cache_in_place():
    with registered(cache_class(object)) as cls:
        cache = cls()
        cache.key_cache = [torch.rand(3, 8, 5, 6)]
        cache.value_cache = [torch.rand(3, 8, 5, 6)]
        batch = Dim("batch", max=64)
        return export(
            InPlace(),
            (torch.rand(3, 8, 1, 6), torch.tensor([2]), cache),
            dynamic_shapes=({0: batch}, None, [[{0: batch}], [{0: batch}]]),
            strict=False,
        ).run_decompositions({})


PROGRAMS = {
    "cache_named_strict": lambda: export_cache(object, 1, True, "named"),
    "cache_auto_strict": lambda: export_cache(object, 1, True, "auto"),
    "cache_static_strict": lambda: export_cache(object, 1, True, "static"),
    "cache_auto_nonstrict": lambda: export_cache(object, 1, False, "auto"),
    "cache_module_named_strict": lambda: export_cache(torch.nn.Module, 1, True, "named"),
    "cache_module_static_strict": lambda: export_cache(torch.nn.Module, 1, True, "static"),
    "cache_32_layers": lambda: export_cache(object, 32, True, "named"),
    "cache_32_layers_auto": lambda: export_cache(object, 32, True, "auto"),
    "cache_returned": cache_returned,
    "cache_in_place": cache_in_place,
}
