"""A registration of the library's cache classes that loses nothing, whatever their layers are.

- A cache flattens to one dict per layer, of the tensors that the layer holds, and `unflatten` puts
  these very tensors into new layers: no update(), no cat.
- What a layer holds besides tensors is the context: JSON, so that a saved program knows it. What
  follows from the tensors (dtype, device, batch) is read off them.
- Key paths name the layer and what it calls the tensor; `torch.fx` has its flatten spec.
- `unregister` takes the classes out of every registry that torch keeps.

The registration of collections/transformers names each class of layer. This one takes layers apart
by what they hold, so that layers of states, of an indexer, or of both need no lines of their own.
"""

import contextlib
import sys

import torch
from torch.fx import _pytree as fx_pytree
from torch.utils import _pytree as pytree
from transformers import cache_utils
from transformers.cache_utils import Cache, DynamicLayer, EncoderDecoderCache, StaticLayer

# What a layer of the library may hold. All names are written out: Dynamo of torch 2.10 cannot trace
# sorted(vars(layer)), and the order in which a layer was filled must not be that of the leaves.
STATES = ("conv_states", "recurrent_states")  # dicts: a layer may have several
HELD = sorted(
    [*STATES, "cumulative_length", "indexer_keys", "indexer_position_ids", "keys", "values"]
)
FACTS = [
    *("conv_kernel_size", "cumulative_length", "cumulative_length_int", "has_previous_state"),
    *(
        "indexer_position_ids",
        "is_conv_states_initialized",
        "is_indexer_initialized",
        "is_initialized",
    ),
    *("is_recurrent_states_initialized", "max_cache_len", "number_of_states", "record_past"),
    "sliding_window",
]


def keys_have_a_dtype():
    """Whether a layer of keys and values has an attribute dtype: up to transformers 5.23."""
    layer, tensor = DynamicLayer(), torch.zeros(1, 1, 1, 1)
    layer.lazy_initialization(tensor, tensor)
    return hasattr(layer, "dtype")


KEYS_HAVE_A_DTYPE = keys_have_a_dtype()


def tensors_of(layer):
    """Name -> tensor, or for states a list of tensors, of what the layer holds now."""
    held = {}
    for name in HELD:
        value = getattr(layer, name, None)
        if name in STATES and value is not None:
            states = [state for state in value.values() if state is not None]
            if states:
                held[name] = states
        elif isinstance(value, torch.Tensor):
            held[name] = value
    return held


def facts_of(layer):
    """What the layer holds besides, as JSON. What follows from the tensors is no part of it."""
    facts = {"class": type(layer).__name__}
    for name in FACTS:
        value = getattr(layer, name, None)
        if hasattr(layer, name) and not isinstance(value, torch.Tensor):
            facts[name] = list(value.values()) if isinstance(value, dict) else value
    return facts


def layer_of(facts, tensors):
    """A layer that holds these tensors, or whatever stands in their places."""
    made = getattr(cache_utils, facts["class"])
    layer = made.__new__(made)
    if "keys" in tensors:  # first, as the library does: its exporters flatten by that order
        layer.keys = layer.values = None
    for name, value in facts.items():
        if name != "class":
            setattr(layer, name, dict(enumerate(value)) if isinstance(value, list) else value)
    number = facts.get("number_of_states", 0)
    if number:
        layer.conv_states = dict.fromkeys(range(number))
        layer.recurrent_states = dict.fromkeys(range(number))
        layer.dtype = layer.device = None
    for name, value in tensors.items():
        setattr(layer, name, dict(enumerate(value)) if name in STATES else value)
        read_kind(layer, name, value[0] if name in STATES else value)
    if isinstance(layer, StaticLayer) and isinstance(layer.keys, torch.Tensor):
        read_sizes(layer)
    if "sliding_window" in facts:
        layer._sliding_window_tensor = torch.tensor(facts["sliding_window"], dtype=torch.long)
    return layer


def read_kind(layer, name, tensor):
    """What a layer knows of the kind of a tensor that it holds under that name."""
    if not isinstance(tensor, torch.Tensor):
        return
    if name == "indexer_keys":
        layer.indexer_dtype, layer.indexer_device = tensor.dtype, tensor.device
    elif name in STATES or (name == "keys" and KEYS_HAVE_A_DTYPE):
        layer.dtype, layer.device = tensor.dtype, tensor.device
    elif name == "keys":
        layer.device = tensor.device


def read_sizes(layer):
    """What a StaticLayer knows of its tensors besides."""
    layer.batch_size, layer.num_heads = layer.keys.shape[:2]
    layer.k_head_dim, layer.v_head_dim = layer.keys.shape[-1], layer.values.shape[-1]


def cache_of(cache_class, layers, may_grow):
    """`may_grow`: update() adds layers, as to a DynamicCache that was made without a config."""
    cache = cache_class.__new__(cache_class)
    Cache.__init__(cache, layers=layers)
    cache.layer_class_to_replicate = DynamicLayer if may_grow else None
    return cache


def flatten(cache):
    context = {
        "may_grow": cache.layer_class_to_replicate is not None,
        "layers": [facts_of(layer) for layer in cache.layers],
    }
    return [tensors_of(layer) for layer in cache.layers], context


def unflatten_as(cache_class, children, context):
    layers = [layer_of(facts, tensors) for facts, tensors in zip(context["layers"], children)]
    return cache_of(cache_class, layers, context["may_grow"])


def twin(cache):
    """Another cache that holds the same tensors: it grows, and this one stays as it is."""
    if isinstance(cache, EncoderDecoderCache):
        caches, filled = flatten_pair(cache)
        return unflatten_pair([twin(part) for part in caches], filled)
    return unflatten_as(type(cache), *flatten(cache))


def register(cache_class):
    def flatten_with_keys(cache):
        children, context = flatten(cache)
        return [(pytree.SequenceKey(i), child) for i, child in enumerate(children)], context

    def unflatten(children, context):
        return unflatten_as(cache_class, children, context)

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


def register_pair(pair_class):
    register(cache_utils.DynamicCache)
    pytree.register_pytree_node(
        pair_class,
        flatten_pair,
        unflatten_pair,
        serialized_type_name=f"{pair_class.__module__}.{pair_class.__qualname__}",
        flatten_with_keys_fn=flatten_pair_with_keys,
    )
    fx_pytree.register_pytree_flatten_spec(pair_class, lambda cache, _: flatten_pair(cache)[0])


def unregister_pair(pair_class):
    unregister(pair_class)
    unregister(cache_utils.DynamicCache)


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
