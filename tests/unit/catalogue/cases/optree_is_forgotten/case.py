"""`unregister` takes the class out of torch's own registries only, where optree is installed."""

import layered_cache
from layered_cache import LayeredCache, Model, make_inputs, register, unregister

__all__ = ["LayeredCache", "Model", "make_inputs", "register", "unregister"]

layered_cache.unregister_from_optree = lambda _: None
