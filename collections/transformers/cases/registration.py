"""A registration of the library's cache classes that loses nothing.

- A cache flattens to one dict per layer, of the tensors that the layer holds, and `unflatten` puts
  these very tensors into new layers: no update(), no cat.
- What a layer holds besides tensors is the context: JSON, so that a saved program knows it. What
  follows from the tensors (dtype, device, batch_size) is read off them, so that the batch is no
  part of the context.
- Key paths name the layer and what it calls the tensor; `torch.fx` has its flatten spec.
- `unregister` takes the classes out of every registry that torch keeps.
"""

import contextlib
import sys

import torch
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree
from transformers import cache_utils
from transformers.cache_utils import (
    Cache,
    DynamicCache,
    DynamicLayer,
    DynamicSlidingWindowLayer,
    EncoderDecoderCache,
    LinearAttentionLayer,
    StaticLayer,
    StaticSlidingWindowLayer,
)

# What a layer holds besides the tensors, and what its class is made with.
FACTS = {
    DynamicLayer: (),
    DynamicSlidingWindowLayer: ("sliding_window", "cumulative_length", "record_past"),
    StaticLayer: ("max_cache_len",),
    StaticSlidingWindowLayer: ("max_cache_len", "cumulative_length_int"),
}


def tensors_of(layer):
    """Name -> tensor, of a layer that has been filled."""
    if isinstance(layer, LinearAttentionLayer):
        states = {"conv_states": layer.conv_states, "recurrent_states": layer.recurrent_states}
        return {name: held[0] for name, held in states.items() if held[0] is not None}
    tensors = {"keys": layer.keys, "values": layer.values}
    if isinstance(layer, StaticLayer):
        tensors["cumulative_length"] = layer.cumulative_length
    return tensors


def facts_of(layer):
    if isinstance(layer, LinearAttentionLayer):
        return {
            "class": "LinearAttentionLayer",
            "conv_kernel_size": layer.conv_kernel_size[0],
            "has_previous_state": layer.has_previous_state[0],
        }
    facts = {name: getattr(layer, name) for name in FACTS[type(layer)]}
    return {"class": type(layer).__name__, **facts}


def layer_of(facts, tensors):
    """A layer that holds these tensors, or whatever stands in their places."""
    made = getattr(cache_utils, facts["class"])
    if made is LinearAttentionLayer:
        return _linear_layer(facts, tensors)
    if made is DynamicLayer:
        layer = DynamicLayer()
    elif made is DynamicSlidingWindowLayer:
        layer = DynamicSlidingWindowLayer(facts["sliding_window"])
        layer.cumulative_length = facts["cumulative_length"]
        layer.record_past = facts["record_past"]
    elif made is StaticLayer:
        layer = StaticLayer(facts["max_cache_len"])
    else:
        layer = StaticSlidingWindowLayer(facts["max_cache_len"], facts["max_cache_len"])
        layer.cumulative_length_int = facts["cumulative_length_int"]
    layer.keys = tensors["keys"]
    layer.values = tensors["values"]
    if "cumulative_length" in tensors:
        layer.cumulative_length = tensors["cumulative_length"]
    layer.is_initialized = True
    if isinstance(layer.keys, torch.Tensor):
        layer.dtype, layer.device = layer.keys.dtype, layer.keys.device
        if isinstance(layer, StaticLayer):
            layer.batch_size, layer.num_heads = layer.keys.shape[:2]
            layer.k_head_dim, layer.v_head_dim = layer.keys.shape[-1], layer.values.shape[-1]
    return layer


def _linear_layer(facts, tensors):
    layer = LinearAttentionLayer()
    layer.conv_kernel_size[0] = facts["conv_kernel_size"]
    layer.has_previous_state[0] = facts["has_previous_state"]
    layer.conv_states[0] = tensors["conv_states"]
    layer.is_conv_states_initialized[0] = True
    if "recurrent_states" in tensors:
        layer.recurrent_states[0] = tensors["recurrent_states"]
        layer.is_recurrent_states_initialized[0] = True
    if isinstance(layer.conv_states[0], torch.Tensor):
        layer.dtype, layer.device = layer.conv_states[0].dtype, layer.conv_states[0].device
    return layer


def cache_of(cache_class, layers, may_grow=False):
    """`may_grow`: update() adds layers, as to a DynamicCache that was made without a config."""
    if issubclass(cache_class, DynamicCache):
        cache = cache_class()
        cache.layers = layers
        cache.layer_class_to_replicate = DynamicLayer if may_grow else None
        return cache
    cache = cache_class.__new__(cache_class)  # StaticCache wants a config to make layers of
    Cache.__init__(cache, layers=layers)
    return cache


def may_grow(cache):
    return cache.layer_class_to_replicate is not None


def twin(cache):
    """Another cache that holds the same tensors: it grows, and this one stays as it is."""
    if isinstance(cache, EncoderDecoderCache):
        caches, filled = flatten_pair(cache)
        return unflatten_pair([twin(part) for part in caches], filled)
    layers = [layer_of(facts_of(layer), tensors_of(layer)) for layer in cache.layers]
    return cache_of(type(cache), layers, may_grow(cache))


def flatten(cache):
    context = {
        "may_grow": may_grow(cache),
        "layers": [facts_of(layer) for layer in cache.layers],
    }
    return [tensors_of(layer) for layer in cache.layers], context


def flatten_with_keys(cache):
    children, context = flatten(cache)
    return [(pytree.SequenceKey(i), child) for i, child in enumerate(children)], context


def register(cache_class):
    def unflatten(children, context):
        layers = [layer_of(facts, tensors) for facts, tensors in zip(context["layers"], children)]
        return cache_of(cache_class, layers, context["may_grow"])

    pytree.register_pytree_node(
        cache_class,
        flatten,
        unflatten,
        serialized_type_name=f"{cache_class.__module__}.{cache_class.__qualname__}",
        flatten_with_keys_fn=flatten_with_keys,
    )
    fx_pytree.register_pytree_flatten_spec(cache_class, lambda cache, _: flatten(cache)[0])


def flatten_pair(cache):
    """An EncoderDecoderCache: two caches, and which layers of the second are filled."""
    filled = [cache.is_updated[i] for i in range(len(cache.is_updated))]
    return [cache.self_attention_cache, cache.cross_attention_cache], filled


def flatten_pair_with_keys(cache):
    children, context = flatten_pair(cache)
    names = ("self_attention_cache", "cross_attention_cache")
    return [(pytree.GetAttrKey(name), child) for name, child in zip(names, children)], context


def unflatten_pair(children, context):
    cache = EncoderDecoderCache.__new__(EncoderDecoderCache)
    cache.self_attention_cache, cache.cross_attention_cache = children
    cache.is_updated = dict(enumerate(context))
    return cache


def register_encoder_decoder():
    register(DynamicCache)
    pytree.register_pytree_node(
        EncoderDecoderCache,
        flatten_pair,
        unflatten_pair,
        serialized_type_name="transformers.cache_utils.EncoderDecoderCache",
        flatten_with_keys_fn=flatten_pair_with_keys,
    )
    fx_pytree.register_pytree_flatten_spec(
        EncoderDecoderCache, lambda cache, _: flatten_pair(cache)[0]
    )


def unregister(cache_class):
    fx_pytree.SUPPORTED_NODES.pop(cache_class, None)
    fx_pytree.SUPPORTED_NODES_EXACT_MATCH.pop(cache_class, None)
    del pytree.SUPPORTED_NODES[cache_class]
    name = pytree.SUPPORTED_SERIALIZED_TYPES.pop(cache_class).serialized_type_name
    del pytree.SERIALIZED_TYPE_TO_PYTHON_TYPE[name]
    # Where optree is installed, torch registers classes there too, or will once it imports it.
    pending = getattr(pytree, "_cxx_pytree_pending_imports", [])
    pending[:] = [(args, keywords) for args, keywords in pending if args[0] is not cache_class]
    if optree := sys.modules.get("optree"):
        with contextlib.suppress(ValueError):  # it is not registered there
            optree.unregister_pytree_node(cache_class, namespace="torch")
