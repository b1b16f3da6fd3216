"""One token is written at a position that a tensor holds, and all that came before is attended to.

Whoever exports a model of litgpt has the cache among its buffers (`litgpt_buffers`); here it is
what a caller keeps, one for each conversation.
"""

from litgpt.model import KVCache
from litgpt_attention import Attention, cache_of, register
from registration import unregister

__all__ = ["KVCache", "Model", "make_inputs", "register", "unregister"]


class Model(Attention):
    def forward(self, x, position, cache):
        return self.attend(x, position, cache)


def make_inputs(_, leaves):
    return leaves["x"], leaves["position"], cache_of(leaves["cache.k"], leaves["cache.v"])
