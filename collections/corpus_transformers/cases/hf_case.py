"""What the cases of the corpus share: caches of the declared leaves, and models that take them.

A cache is made as the network makes its own, `DynamicCache(config=...)`, so that each layer is of
the class that the library chooses, and gets the declared tensors as if they had come through it.
"""

import inspect

import hf_registration
import torch
from exportgate_case import Inputs
from transformers import DynamicCache
from transformers.cache_utils import StaticLayer


def fill(layer, tensors, seen):
    """Puts the tensors, by the names of its attributes, into a layer that `seen` tokens came to."""
    for name, tensor in tensors.items():
        if name in hf_registration.STATES:
            getattr(layer, name)[0] = tensor
            getattr(layer, f"is_{name}_initialized")[0] = True
        else:
            setattr(layer, name, tensor)
        hf_registration.read_kind(layer, name, tensor)
    if "conv_states" in tensors:
        layer.conv_kernel_size[0] = tensors["conv_states"].shape[-1]
    if "conv_states" in tensors or "recurrent_states" in tensors:
        layer.has_previous_state[0] = True
    if "keys" in tensors:
        layer.is_initialized = True
        if isinstance(getattr(layer, "cumulative_length", None), int):  # a window
            layer.cumulative_length = seen
    if isinstance(layer, StaticLayer):
        hf_registration.read_sizes(layer)
    if "indexer_keys" in tensors:
        layer.is_indexer_initialized = True


def filled(config, layers, cache_class, seen=0, **how):
    """`layers`: for each layer, name -> tensor. `how`: what else the class is made with."""
    cache = cache_class(config=config, **how)
    for layer, tensors in zip(cache.layers, layers, strict=True):
        fill(layer, tensors, seen)
    return cache


def named(leaves):
    """The layers of leaves that are called `cache[0].keys`, `cache[0].conv_states[0]`, ..."""
    layers = {}
    for leaf, tensor in leaves.items():
        if leaf.startswith("cache["):
            index, name = leaf.removeprefix("cache[").split("].", 1)
            layers.setdefault(int(index), {})[name.removesuffix("[0]")] = tensor
    return [layers[index] for index in sorted(layers)]


def in_order(leaves, *layers):
    """The layers of leaves whose names say nothing, each with its attributes in their order."""
    tensors = [tensor for leaf, tensor in leaves.items() if leaf.startswith("cache")]
    taken = iter(tensors)
    return [{name: next(taken) for name in layer} for layer in layers]


def keys_then_values(leaves):
    """The layers of leaves of which all keys come before all values."""
    tensors = [tensor for leaf, tensor in leaves.items() if leaf.startswith("cache")]
    half = len(tensors) // 2
    return [{"keys": k, "values": v} for k, v in zip(tensors[:half], tensors[half:], strict=True)]


def step(cache, leaves):
    """By keyword, as a model of the library is called."""
    return Inputs(input_ids=leaves["input_ids"], cache=cache)


class Decode(torch.nn.Module):
    """One step of `network`: logits and a cache that has grown; the caller's cache stays as it is.

    An exported program cannot put another tensor into the caller's cache.
    """

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.argument = argument_of(network)
        self.eval()

    def forward(self, input_ids, cache):
        grown = hf_registration.twin(cache)
        output = self.network(input_ids=input_ids, use_cache=True, **{self.argument: grown})
        return output.logits, grown


class DecodeInPlace(torch.nn.Module):
    """One step of a network whose cache is written in place."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.argument = argument_of(network)
        self.eval()

    def forward(self, input_ids, cache):
        return self.network(input_ids=input_ids, use_cache=True, **{self.argument: cache}).logits


class Prefill(torch.nn.Module):
    """The first call of `network`: logits, and the cache that it made."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.argument = argument_of(network)
        self.eval()

    def forward(self, input_ids):
        made = DynamicCache(config=self.network.config)
        output = self.network(input_ids=input_ids, use_cache=True, **{self.argument: made})
        return output.logits, made


def argument_of(network):
    """What the release calls it: `cache` since 5.24, past_key_values or cache_params before."""
    parameters = inspect.signature(type(network).forward).parameters
    return next(name for name in ("cache", "past_key_values", "cache_params") if name in parameters)
