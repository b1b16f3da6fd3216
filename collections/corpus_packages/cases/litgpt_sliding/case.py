"""A window of the cache's own length: positions are taken modulo it, so the cache is a ring.

Until it is full, the library cuts keys and values at `position.max().item() + 1`.
"""

from litgpt.model import KVCache
from litgpt_attention import Attention, cache_of, register
from registration import unregister

__all__ = ["KVCache", "Model", "make_inputs", "register", "unregister"]


class Model(Attention):
    def __init__(self):
        super().__init__(sliding_window_size=12, sliding_window_indices=[1])

    def forward(self, x, position, cache):
        return self.attend(x, position, cache)


def make_inputs(_, leaves):
    cache = cache_of(
        leaves["cache.k"], leaves["cache.v"], is_sliding_window=True, sliding_window_size=12
    )
    return leaves["x"], leaves["position"], cache
