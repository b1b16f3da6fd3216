"""As goes_another_way_where_it_is_large, but such extents are not declared."""

import layered_cache
from layered_cache import LayeredCache, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


class Model(layered_cache.Model):
    def forward(self, x, cache):
        y = super().forward(x, cache)
        return y if x.shape[0] * cache.key_cache[0].shape[2] < 4096 else y * 2
