"""The library's layers are Triton kernels. This is their arithmetic, one step, with their cache.

What is no tensor is the context, the number of tokens among it: each length needs its own program
where a cache is given back to the next call.
"""

import bare
import torch
from registration import new_object, register_attributes
from registration import unregister as forget
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree

bare.without_init("fla", "fla.models")

from fla.models.cache_utils import Cache, FLALayer  # noqa: E402

__all__ = ["Cache", "Model", "make_inputs", "register", "unregister"]

NAMES = ("recurrent_state", "attn_state", "conv_state", "ffn_state")


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(16, 48, bias=False)
        self.attention = torch.nn.Linear(16, 48, bias=False)

    def forward(self, x, cache):
        cache = pytree.tree_map(lambda tensor: tensor, cache)  # the caller's is not written
        q, k, v = (t.unflatten(-1, (2, 8)).squeeze(1) for t in self.linear(x).chunk(3, -1))
        state = cache[0]["recurrent_state"] + k[..., None] * v[..., None, :]
        cache.update(recurrent_state=state, layer_idx=0)
        x = (q[..., None, :] @ state).flatten(1)[:, None]
        q, k, v = self.attention(x).chunk(3, -1)
        keys, values = cache.update(attn_state=(k, v), layer_idx=1)["attn_state"]
        return torch.nn.functional.scaled_dot_product_attention(q, keys, values), cache


def first_tensor(layer):
    return next(leaf for leaf in pytree.tree_leaves(layer.state) if leaf is not None)


DERIVED = {
    "is_sliding": lambda layer: layer.window_size is not None,
    "device": lambda layer: first_tensor(layer).device,
}


def layer_of(state, seen):
    facts = {"_seen_tokens": seen, "window_size": None, "is_initialized": True}
    return new_object(FLALayer, {"state": {**dict.fromkeys(NAMES), **state}, **facts}, DERIVED)


def make_inputs(cache_class, leaves):
    x, recurrent, keys, values = leaves.values()
    cache = cache_class()
    cache.layers = [
        layer_of({"recurrent_state": recurrent}, 7),
        layer_of({"attn_state": (keys, values)}, 7),
    ]
    return x, cache


def filled(layer):
    return {name: state for name, state in layer.state.items() if state is not None}


def register(cache_class):
    facts = ("_seen_tokens", "window_size", "is_initialized")

    def flatten(layer):
        return [filled(layer)], [getattr(layer, name) for name in facts]

    def unflatten(children, context):
        layer = layer_of(children[0], 0)
        for name, value in zip(facts, context):
            setattr(layer, name, value)
        return layer

    def flatten_with_keys(layer):
        children, context = flatten(layer)
        return [(pytree.GetAttrKey("state"), children[0])], context

    pytree.register_pytree_node(
        FLALayer,
        flatten,
        unflatten,
        flatten_with_keys_fn=flatten_with_keys,
        serialized_type_name="fla.FLALayer",
    )
    fx_pytree.register_pytree_flatten_spec(FLALayer, lambda layer, _spec: flatten(layer)[0])
    register_attributes(
        cache_class,
        ["layers"],
        ["_seen_tokens", "offloading"],
        {"layer_class_to_replicate": lambda _: FLALayer},
    )


def unregister(cache_class):
    forget(cache_class, FLALayer)
