"""Containers of the standard library that pytree knows, with a registered class in them."""

import collections

import torch
from pytree_styles import unregister
from states import States, register, states

__all__ = ["Model", "States", "make_inputs", "register", "unregister"]


class Model(torch.nn.Module):
    def forward(self, x, ordered, by_layer, recent):
        return (
            ordered["far"].mixed_with(x)
            - 2 * by_layer[0].mixed_with(x)
            + 4 * recent[0].mixed_with(x)
        )


def make_inputs(cache_class, leaves):
    by_layer = collections.defaultdict(list)
    by_layer[0] = states(cache_class, leaves, "by_layer[0]")
    return (
        leaves["x"],
        collections.OrderedDict(far=states(cache_class, leaves, "ordered['far']")),
        by_layer,
        collections.deque([states(cache_class, leaves, "recent[0]")], maxlen=1),
    )
