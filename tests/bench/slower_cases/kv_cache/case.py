"""kv_cache as it was and a tenth slower: the slowdown that the gate has to find (ci/calibrate).

How long the loops are follows from what torch.utils._pytree takes for the whole flatten and
unflatten of the two kinds on torch 2.13.0, a constant and a part for each layer. What the slowdown
really comes to is measured along with it.
"""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, unregister
from torch.fx import _pytree as fx_pytree
from torch.nn import Module

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

# Rounds of an empty loop: for any number of layers, and for each layer.
FLATTEN = {"plain": (56, 7.1), "module": (56, 7.1)}
UNFLATTEN = {"plain": (4.5, 7.5), "module": (180, 4.8)}
MOST_LAYERS = 80


def rounds_of(for_any, for_each):
    return [int(for_any + for_each * layers) for layers in range(MOST_LAYERS + 1)]


def register(cache_class):
    kind = "module" if issubclass(cache_class, Module) else "plain"
    flatten_rounds = rounds_of(*FLATTEN[kind])
    unflatten_rounds = rounds_of(*UNFLATTEN[kind])

    def flatten(cache):
        for _ in range(flatten_rounds[len(cache.key_cache)]):
            pass
        return layered_cache.flatten(cache)

    def unflatten(children, context):
        for _ in range(unflatten_rounds[len(children[0])]):
            pass
        return layered_cache.unflatten_into(cache_class, children, context)

    layered_cache.register_for_pytree(cache_class, flatten_fn=flatten, unflatten_fn=unflatten)
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _spec: flatten(cache)[0])
