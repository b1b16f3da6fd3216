"""Inputs beside x and a LayeredCache: masks, positions, ids."""

import layered_cache


def make_inputs(cache_class, leaves):
    """x, the cache, and the leaves that are neither, in their order."""
    others = [
        leaf
        for name, leaf in leaves.items()
        if name != "x" and not layered_cache.LAYER.fullmatch(name)
    ]
    return *layered_cache.make_inputs(cache_class, leaves), *others
