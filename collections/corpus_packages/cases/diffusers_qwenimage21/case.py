"""The attention of one block with its processor that needs no flex attention."""

import torch
from diffusers.models.transformers import transformer_qwenimage21 as qwen
from registration import new_object, register_attributes
from registration import unregister as unregister_classes

QwenImage21KVCache = qwen.QwenImage21KVCache
Layer = qwen.QwenImage21KVLayerCache


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = qwen.QwenImage21Attention(dim=16, heads=2, dim_head=8)

    def forward(self, x, cache):
        return self.attention(x, layer_cache=cache.get_layer(0), kv_cache_mode="cached")


def make_inputs(cache_class, leaves):
    x, k, v = leaves.values()
    layer = new_object(Layer, {"k": k, "v": v})
    return x, new_object(cache_class, {"layer_caches": [layer]})


def register(cache_class):
    register_attributes(Layer, ["k", "v"])
    register_attributes(cache_class, ["layer_caches"])


def unregister(cache_class):
    unregister_classes(cache_class, Layer)
