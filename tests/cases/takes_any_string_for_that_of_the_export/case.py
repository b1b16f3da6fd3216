"""Nothing compares the string of a call with that of the export."""

import layered_cache
from layered_cache import LayeredCache, register, unregister
from torch.export import _unlift as unlift

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]


unlift.__dict__["_ok_to_generate_guards_fn"] = lambda: False  # from 2.9 on
unlift._check_input_constraints_pre_hook = lambda *_: None


class Model(layered_cache.Model):
    def forward(self, x, how, cache):
        y = super().forward(x, cache)
        return -y if how == "causal" else y


def make_inputs(cache_class, leaves):
    x, cache = layered_cache.make_inputs(cache_class, leaves)
    return x, leaves["how"], cache
